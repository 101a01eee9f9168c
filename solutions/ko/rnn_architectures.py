# %% [markdown] source="98736c8e"
# # 순환 신경망의 다섯 가지 유형
#
# 리뷰를 넣으면 별점이 나옵니다. 장르를 넣으면 멜로디가 나옵니다. 프랑스어 문장을 넣으면 길이가 다른 영어 문장이
# 나옵니다. 이 모든 일에 필요한 것은 **셀** 하나뿐입니다. 셀은 입력과 상태를 받아 다음 상태를 내놓는 함수입니다.
# 유형은 셀이 *언제* 읽고 *언제* 쓰는지에 따라 나뉠 뿐입니다.
#
# ```
#   one-to-one      one-to-many           many-to-one       many-to-many, equal    many-to-many, different
#
#       ŷ           ŷ1   ŷ2   ŷ3                    ŷ        ŷ1   ŷ2   ŷ3                     ŷ1   ŷ2   ŷ3
#       ▲           ▲    ▲    ▲                     ▲        ▲    ▲    ▲                      ▲    ▲    ▲
#      cell        cell►cell►cell      cell►cell►cell       cell►cell►cell        cell►cell►cell►cell►cell
#       ▲           ▲    ▲    ▲         ▲    ▲    ▲          ▲    ▲    ▲           ▲    ▲     ▲    ▲    ▲
#       x           x    ŷ1   ŷ2        x1   x2   x3         x1   x2   x3          x1   x2  start  ŷ1   ŷ2
# ```
#
# 왼쪽부터 일대일(그림과 그 이름), 일대다(장르와 멜로디), 다대일(리뷰와 별점), 길이가 같은 다대다(문장과 단어마다의
# 레이블), 길이가 다른 다대다(프랑스어 문장과 영어 문장)입니다.
#
# 이 연습 문제에서는 다섯 가지 유형을 세 번 다룹니다. NumPy로 만들고, 어떤 문제에 어떤 유형이 필요한지 종이 위에서
# 따져 보고, Keras로 만듭니다. 그다음 유형마다 한 가지 응용으로 학습시키고, 학습한 가중치로 NumPy 함수들을 실행합니다.
#
# ## 기호
#
# | 기호 | 의미 |
# |---|---|
# | `m` | 배치에 들어 있는 예제의 개수. Keras에서와 같이 첫 번째 축입니다. |
# | `Tx`, `Ty` | 읽는 스텝의 수, 쓰는 스텝의 수 |
# | `n_x`, `n_a`, `n_y` | 입력, 상태, 출력의 크기 |
# | `x` | 입력, `(m, n_x)` 또는 `(m, Tx, n_x)` |
# | `a` | 한 스텝 이후의 상태, `(m, n_a)`. 따로 말하지 않으면 첫 스텝 이전에는 0입니다. |
# | `y` | 확률, `(m, n_y)` 또는 `(m, Ty, n_y)` |
# | `mask` | 불리언 `(m, T)`. 진짜 스텝에서 True, 오른쪽에 있는 **패딩**에서 False입니다. |

# %% source="559f9f60"

# %% [markdown] source="78cff991"
# 셀은 주어져 있습니다. 이미 연습 문제 `recurrent_network`에서 작성해 보았기 때문입니다. 여기에서는 예제가 행이므로
# 가중치를 오른쪽에 곱합니다.
#
# - `rnn_step(xt, a_prev, parameters)`는 $a^{\langle t\rangle} = \tanh(x^{\langle t\rangle} W_x + a^{\langle
#   t-1\rangle} W_a + b)$, `(m, n_a)`를 반환합니다.
# - `rnn_output(a, parameters)`는 $\hat y = \mathrm{softmax}(a W_y + b_y)$, `(m, n_y)`를 반환합니다.
#
# `parameters`는 `Wx (n_x, n_a)`, `Wa (n_a, n_a)`, `b (n_a,)`, `Wy (n_a, n_y)`, `by (n_y,)`의 딕셔너리입니다. 두
# 함수를 호출하기만 하면 됩니다. 행렬을 직접 곱할 일은 이제 없습니다.
#
# # 1부: 셀 하나로 만드는 다섯 가지 유형
#
# ## 1. 일대일(one-to-one)
#
# 입력 하나, 스텝 하나, 출력 하나입니다. 스텝 이전의 상태가 0이므로 $W_a$는 아무 역할도 하지 않습니다. 은닉층이 하나
# 있는 보통의 신경망인 셈입니다. 그래도 나머지 유형이 모두 이것으로 만들어지므로 한 식구입니다.


# %% source="4cbcc96f"
def one_to_one(x, parameters):
    """입력 하나에서 출력 하나를 계산합니다.

    Args:
        x: 입력 (m, n_x).
        parameters: 가중치의 딕셔너리.

    Returns:
        확률 (m, n_y).
    """
    raise NotImplementedError("one_to_one")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="f9c0dc6c"
if __name__ == "__main__":

    def draw_parameters(n_x, n_a, n_y, seed=0):
        """함수를 시험해 볼 파라미터를 뽑습니다."""
        rng = np.random.default_rng(seed)
        shapes = {"Wx": (n_x, n_a), "Wa": (n_a, n_a), "b": n_a, "Wy": (n_a, n_y), "by": n_y}
        return {name: rng.normal(size=shape) for name, shape in shapes.items()}

    parameters = draw_parameters(n_x=3, n_a=4, n_y=3)
    steps = np.random.default_rng(1).normal(size=(2, 5, 3))  # 스텝이 다섯 개인 시퀀스 두 개
    print(one_to_one(steps[:, 0], parameters).round(3).tolist())
    # 기대 출력: [[0.376, 0.11, 0.513], [0.145, 0.034, 0.821]]

# %% [markdown] source="2accbbcc"
# ## 2. 길이가 같은 다대다(many-to-many, equal)
#
# 스텝마다 출력이 하나씩 나옵니다. 상태를 계속 전달하면서 출력을 모아, 새로운 축인 두 번째 축을 따라 쌓으세요:
# `np.stack(outputs, axis=1)`. 여기에서는 첫 스텝 이전의 상태가 인수 `a0`입니다.
#
# 출력 $t$는 스텝 $t$까지의 입력을 모두 알고, 그 뒤의 입력은 하나도 모릅니다.


# %% source="c867e538"
def many_to_many(x, a0, parameters):
    """스텝마다 출력을 계산합니다.

    Args:
        x: 입력 (m, T, n_x).
        a0: 첫 스텝 이전의 상태 (m, n_a).
        parameters: 가중치의 딕셔너리.

    Returns:
        확률 (m, T, n_y).
    """
    raise NotImplementedError("many_to_many")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="1dce8df3"
if __name__ == "__main__":
    y = many_to_many(steps, np.zeros((2, 4)), parameters)
    print(y.shape, y[0, :2].round(3).tolist())
    # 기대 출력: (2, 5, 3) [[0.376, 0.11, 0.513], [0.161, 0.067, 0.772]], 첫 스텝은 one_to_one의 반환값과 같습니다

# %% [markdown] source="3bc4ba5b"
# ## 3. 다대일(many-to-one)과 패딩
#
# 신경망은 시퀀스를 모두 읽고 끝에서 한 번 씁니다. 그런데 끝은 어디일까요? 한 배치의 시퀀스들은 길이가 서로 다르고,
# 배열의 나머지는 패딩으로 채웁니다. 패딩을 단어인 것처럼 읽는 신경망은, 아무것도 아닌 것을 백 번 읽는 동안 리뷰를
# 잊어버립니다.
#
# 그러므로 패딩인 스텝은 상태를 그대로 두어야 합니다.
#
# $$a^{\langle t\rangle} = \begin{cases}\text{the new state} & \text{where } \mathrm{mask}_t \\
# a^{\langle t-1\rangle} & \text{elsewhere}\end{cases}$$
#
# `np.where(mask[:, t, None], …, …)`는 배치의 예제마다 둘 중 하나를 고릅니다. (`None`은 축을 하나 더합니다. 그래서
# 상태의 한 행을 통째로 고르게 됩니다.) 마지막 스텝이 지나면, 각 예제에는 자기의 마지막 진짜 스텝 이후의 상태가
# 남습니다.


# %% source="c49e6148"
def many_to_one(x, mask, parameters):
    """시퀀스에서 출력 하나를 계산합니다.

    Args:
        x: 입력 (m, Tx, n_x).
        mask: 불리언 (m, Tx), 진짜 스텝에서 True. 각 시퀀스에 적어도 하나 있습니다.
        parameters: 가중치의 딕셔너리.

    Returns:
        각 시퀀스의 마지막 진짜 스텝 이후의 확률, (m, n_y).
    """
    raise NotImplementedError("many_to_one")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="65276017"
if __name__ == "__main__":
    mask = np.array([[True, True, True, True, True], [True, True, False, False, False]])
    print(many_to_one(steps, mask, parameters).round(3).tolist())
    print(many_to_many(steps, np.zeros((2, 4)), parameters)[[0, 1], [4, 1]].round(3).tolist())
    # 기대 출력: 같은 것 두 번, [[0.043, 0.003, 0.955], [0.055, 0.021, 0.924]]

# %% [markdown] source="8645a5d5"
# ## 4. 일대다(one-to-many)
#
# 입력은 첫 스텝에서 읽습니다. 나머지 스텝은 무엇을 읽을까요? 바로 앞 스텝의 출력입니다. 신경망은 자기가 쓴 것을
# 읽습니다. 출력은 확률의 벡터인데, 다음 스텝은 무엇이 *선택되었는지* 알아야 합니다. 그래서 확률이 가장 높은 인덱스를
# 원-핫 벡터 `np.eye(n_y)[y.argmax(axis=1)]`, `(m, n_y)`로 만들어 넘깁니다. 여기에서는 입력과 출력의 크기가 같습니다.
# 즉 `n_x = n_y`입니다.


# %% source="2d5be5ae"
def one_to_many(x, Ty, parameters):
    """입력 하나로 시작하는 시퀀스를 씁니다.

    Args:
        x: 첫 스텝의 입력 (m, n_x). n_x = n_y입니다.
        Ty: 쓸 스텝의 수.
        parameters: 가중치의 딕셔너리.

    Returns:
        각 스텝의 확률 (m, Ty, n_y). 첫 스텝이 아닌 스텝은, 바로 앞 출력에서 확률이 가장 높은 것의 원-핫 벡터를 읽은
        결과입니다.
    """
    raise NotImplementedError("one_to_many")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="ddabfb19"
if __name__ == "__main__":
    y = one_to_many(np.eye(3)[:2], 6, parameters)
    print(y.shape, y.argmax(axis=-1).tolist())
    # 기대 출력: (2, 6, 3) [[2, 2, 2, 2, 1, 2], [0, 2, 2, 2, 2, 1]]

# %% [markdown] source="2d5fdaa3"
# ## 5. 길이가 다른 다대다(many-to-many, different)
#
# 영어 문장의 단어 수가 프랑스어 문장과 같은 경우는 드물고, 영어의 첫 단어를 쓰는 데 프랑스어의 마지막 단어가 필요할
# 수도 있습니다. 그래서 저마다 자기 가중치를 가진 두 셀이 일을 나누어 맡습니다. **인코더**는 읽기만 하고 쓰지
# 않습니다. 출력이 없는 다대일 신경망입니다. **디코더**는 씁니다. 첫 스텝 이전의 상태가 *인코더의 마지막 상태*이므로,
# **초기 상태**가 있는 일대다 신경망입니다. 디코더가 소스에 대해 아는 것은 모두 이 상태에 들어 있습니다.
#
# 첫 스텝에서 디코더는 *시작*을 뜻하는 벡터를 읽습니다.


# %% source="c1fc65fa"
def encoder_decoder(x, mask, start, Ty, encoder, decoder):
    """한 시퀀스를 읽고 다른 시퀀스를 씁니다.

    Args:
        x: 인코더의 입력 (m, Tx, n_x).
        mask: 불리언 (m, Tx), 진짜 스텝에서 True.
        start: 디코더의 첫 스텝의 입력 (m, n_y).
        Ty: 쓸 스텝의 수.
        encoder: 인코더의 가중치 `Wx`, `Wa`, `b`의 딕셔너리.
        decoder: `Wy`와 `by`도 있는, 디코더의 가중치의 딕셔너리.

    Returns:
        쓴 스텝마다의 확률 (m, Ty, n_y). 첫 스텝이 아닌 스텝은, 바로 앞 출력에서 확률이 가장 높은 것의 원-핫 벡터를
        읽은 결과입니다.
    """
    raise NotImplementedError("encoder_decoder")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="7abd1947"
if __name__ == "__main__":
    decoder = draw_parameters(n_x=3, n_a=4, n_y=3, seed=11)
    y = encoder_decoder(steps, mask, np.eye(3)[[0, 0]], 4, parameters, decoder)
    print(y.shape, y.argmax(axis=-1).tolist())
    # 기대 출력: (2, 4, 3) [[1, 0, 2, 0], [2, 0, 0, 2]]

# %% [markdown] source="b0ee0128"
# # 2부: 문제에 필요한 유형은 무엇일까요?
#
# ## 6. 길이를 살펴보기
#
# 예제를 충분히 보면 입력과 출력의 길이에서 유형을 알 수 있습니다. 스텝이 하나인 시퀀스는 *일*(하나)로 봅니다. 길이가
# **같다**는 것은 *모든* 예제에서 같다는 뜻입니다. 하나라도 다르면, 신경망은 읽은 스텝 수와 다른 수의 스텝을 쓸 수
# 있어야 합니다.


# %% source="47f09b0c"
def type_from_lengths(source_lengths, target_lengths):
    """예제들의 길이에서 신경망의 유형을 찾습니다.

    Args:
        source_lengths: 예제마다 하나씩인 입력 스텝 수의 리스트.
        target_lengths: 출력 스텝 수의 리스트.

    Returns:
        `TYPES` 중 하나. 모든 길이가 1이면 "one-to-one", 모든 입력의 스텝이 하나이면 "one-to-many", 모든 출력의 스텝이
        하나이면 "many-to-one", 아니면 "many-to-many, equal" 또는 "many-to-many, different"입니다.
    """
    raise NotImplementedError("type_from_lengths")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="7a228847"
if __name__ == "__main__":
    print(type_from_lengths([1, 1], [7, 12]), "|", type_from_lengths([4, 6, 3], [4, 6, 5]))
    # 기대 출력: one-to-many | many-to-many, different

# %% [markdown] source="0459dfce"
# ## 7. 고르기
#
# 문제는 보통 말로 주어집니다. 세 가지를 물어보세요.
#
# 1. 입력이 *시퀀스*인가요? 순서가 있는 스텝이 있고, 다음 예제에서는 스텝이 더 많을 수도 있나요? (집 한 채를 나타내는
#    숫자 세 개는 시퀀스가 아닙니다. 시간 순서가 없고, 언제나 세 개입니다.)
# 2. 출력이 시퀀스인가요?
# 3. 둘 다 시퀀스라면, 각 출력이 제자리에 있는 *입력 스텝 하나*에 속하나요? 그렇다면 길이가 같습니다. 읽은 것보다
#    많거나 적은 스텝을 써야 할 수도 있거나, 첫 출력을 쓰기 전에 모두 읽어야 한다면 길이가 다릅니다.
#
# 다음은 문제 열네 개입니다. 각각의 유형을 적으세요. 첫 강의에 나온 응용들도 들어 있습니다. 다음 셀은 문제를 영어로
# 출력합니다. 우리말로는 이렇습니다.
#
# - `digit`: 사진에 손으로 쓴 숫자가 하나 있습니다. 열 가지 숫자 중 어느 것인지 말합니다.
# - `caption`: 그림이 주어집니다. 그림에 대한 문장을 하나 씁니다.
# - `stars`: 리뷰를 읽고, 쓴 사람이 별을 하나에서 다섯까지 몇 개 주었는지 말합니다.
# - `entities`: 문장에서 이름을 찾습니다. 단어마다 사람의 것인지, 장소의 것인지, 둘 다 아닌지 말합니다.
# - `translation`: 프랑스어 문장이 주어집니다. 영어로 씁니다.
# - `tune`: 왈츠 같은 장르가 주어집니다. 멜로디를 씁니다.
# - `price`: 집의 크기, 지은 햇수, 도심까지의 거리, 이렇게 숫자 세 개가 주어집니다. 가격을 예측합니다.
# - `speech`: 녹음에 1초마다 소리 프레임이 100개 있습니다. 녹음에서 말한 단어들을 받아씁니다.
# - `genes`: DNA 조각이 A, C, G, T로 이루어진 텍스트로 주어집니다. 글자마다 유전자에 속하는지 말합니다.
# - `activity`: 프레임 열두 개짜리 영상에 동물이 나옵니다. 걷는지, 뛰어오르는지, 도는지 말합니다.
# - `next word`: 누군가 글을 입력하는 동안, 단어마다 그다음에 올 단어를 예측합니다.
# - `summary`: 기사를 읽고, 그 내용을 세 문장으로 씁니다.
# - `alarm`: 기계가 1초에 한 번씩 온도를 알려 줍니다. 알릴 때마다 기계를 멈춰야 하는지 말합니다.
# - `date`: 3 May 1979처럼 사람이 쓰는 방식의 날짜가 주어집니다. 언제나 열 문자인 ISO 형식으로 씁니다.

# %% source="505ebedd"


# %% source="6e6b8229"
def choose_type(problem):
    """문제에 맞는 신경망의 유형을 고릅니다.

    Args:
        problem: `PROBLEMS`에 있는 이름.

    Returns:
        `TYPES` 중 하나.
    """
    raise NotImplementedError("choose_type")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="51b2d691"

# %% [markdown] source="d7824365"
# # 3부: 손실, 그리고 어느 스텝을 셀 것인가
#
# ## 8. 길이에서 마스크로
#
# 스텝이 다섯 개인 배치에서 길이가 3인 시퀀스의 마스크는 True, True, True, False, False입니다. 스텝의 수는 가장 긴
# 시퀀스가 정합니다.


# %% source="172d5727"
def padding_mask(lengths):
    """패딩이 있는 시퀀스들의 마스크를 만듭니다.

    Args:
        lengths: 1 이상인 길이 m개의 리스트나 배열.

    Returns:
        불리언 (m, T), 진짜 스텝에서 True. T는 가장 큰 길이입니다.
    """
    raise NotImplementedError("padding_mask")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="000af357"
if __name__ == "__main__":
    print(padding_mask([3, 1, 4]).astype(int).tolist())
    # 기대 출력: [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]]

# %% [markdown] source="7b9c84ce"
# ## 9. 모든 유형에 쓰는 손실
#
# 출력 하나의 손실은 **교차 엔트로피** $-\log p$입니다. 여기에서 $p$는 타깃의 확률입니다. 배치의 손실은 모든 *진짜*
# 출력에 대한 평균입니다. 어느 것이 진짜일까요?
#
# | 유형 | 출력 | 입력의 마스크 | 손실의 마스크 |
# |---|---|---|---|
# | 일대일 | 1 | 없음 | 없음 |
# | 일대다 | `Ty` | 없음 | 끝을 포함한 타깃의 길이 |
# | 다대일 | 1 | 소스의 길이 | 없음 |
# | 다대다, 같은 길이 | `Tx` | 소스의 길이 | 왼쪽과 같음 |
# | 다대다, 다른 길이 | `Ty` | 소스의 길이 | 끝을 포함한 타깃의 길이 |
#
# 예제 $b$의 스텝 $t$에서 타깃의 확률을 $p_{bt}$라고 하면 다음과 같습니다.
#
# $$\mathrm{loss} = -\frac{\sum_{b, t} \mathrm{mask}_{bt} \log p_{bt}}{\sum_{b, t} \mathrm{mask}_{bt}}$$
#
# 전체 스텝이 아니라 *배치*에 있는 진짜 출력의 개수로 나누세요. 패딩을 세면, 짧은 시퀀스가 많을 때 모델이 좋아
# 보입니다. 그리고 로그를 구하기 *전에* 진짜 스텝을 고르세요. 패딩에서는 $p$가 0일 수 있고, 그 로그는 음의 무한대이며,
# $0 \cdot \infty$는 숫자가 아닙니다.


# %% source="2eeb2a45"
def masked_cross_entropy(y, targets, mask):
    """진짜 출력에 대한 교차 엔트로피의 평균을 계산합니다.

    Args:
        y: 확률 (m, T, n_y).
        targets: 인덱스 (m, T). 패딩에서 0입니다.
        mask: 불리언 (m, T), 세어야 하는 출력에서 True. 적어도 하나 있습니다.

    Returns:
        손실, 숫자 하나.
    """
    raise NotImplementedError("masked_cross_entropy")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="76122ae9"
if __name__ == "__main__":
    y = np.array([[[0.5, 0.5], [0.25, 0.75]], [[1.0, 0.0], [0.0, 1.0]]])
    print(f"{masked_cross_entropy(y, np.array([[0, 1], [0, 0]]), padding_mask([2, 1])):.4f}")
    # 기대 출력: 0.3269, 즉 (log 2 + log 4/3 + 0) / 3

# %% [markdown] source="7d9f7f4d"
# # 4부: Keras로 만드는 다섯 가지 유형
#
# Keras의 셀은 `SimpleRNN(n_a)`이며 수식은 같습니다. 반복문은 층 안에 들어 있습니다. 유형은 층의 앞뒤에 무엇을
# 놓는지에 따라 정해집니다.
#
# | 코드 | 결과 |
# |---|---|
# | `SimpleRNN(n_a)` | 마지막 상태, `(m, n_a)` |
# | `SimpleRNN(n_a, return_sequences=True)` | 모든 스텝 이후의 상태, `(m, T, n_a)` |
# | `SimpleRNN(n_a, return_state=True)` | 텐서 두 개: 출력과 마지막 상태 |
# | `SimpleRNN(…)(x, initial_state=a)` | 첫 스텝이 0이 아니라 `a`에서 시작함 |
# | `RepeatVector(Ty)` | `(m, n)`이 `(m, Ty, n)`으로: 스텝마다 같은 벡터 |
# | `TimeDistributed(layer)` | `(m, T, n)`의 스텝마다 같은 층을 같은 가중치로 |
# | `Masking()` | 벡터가 모두 0인 스텝은 그다음에 오는 모든 층과 손실에서 패딩 |
#
# `Masking`에는 인수가 필요 없습니다. 이 연습 문제의 데이터는 시퀀스 뒤가 0으로 채워져 있고, 진짜 스텝은 모두 0인
# 경우가 없습니다. 마스크로 가린 스텝은 여러분이 작성한 함수에서와 같이 상태를 그대로 둡니다. 출력도 바로 앞 스텝의
# 것을 되풀이하는데, 손실이 건너뛰므로 상관없습니다.
#
# ## 10. 일대일
#
# 이전 상태가 없으면 셀은 tanh가 있는 유닛 `n_a`개의 Dense 층입니다. 출력층은 여기에서도 나머지 유형에서도
# 소프트맥스가 있는 유닛 `n_y`개의 Dense 층입니다.


# %% source="e5ce701c"
def one_to_one_model(n_x, n_a, n_y):
    """일대일 신경망을 만듭니다.

    Args:
        n_x, n_a, n_y: 입력, 상태, 출력의 크기.

    Returns:
        (m, n_x)를 받아 확률 (m, n_y)를 내놓는 Keras 모델.
    """
    raise NotImplementedError("one_to_one_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="2d8e5c89"
if __name__ == "__main__":
    print(one_to_one_model(3, 4, 2).output_shape, one_to_one_model(3, 4, 2).count_params(), "개의 가중치")
    # 기대 출력: (None, 2) 26 개의 가중치

# %% [markdown] source="b4342d24"
# ## 11. 일대다
#
# 입력마다 올바른 시퀀스가 하나뿐이라면, 신경망에 지금까지 쓴 것을 알려 줄 필요가 없습니다. (영어로 42는 *forty
# two*이며 다른 것은 없습니다.) 이때에는 스텝마다 입력을 다시 읽게 하면 충분합니다. 그것이 `RepeatVector(Ty)`입니다.
# 멜로디처럼 올바른 시퀀스가 많다면, NumPy 함수에서와 같이 자기 출력을 읽어야 합니다. 그런 신경망은 연습 문제
# `music_generation`에서 Keras로 만듭니다.
#
# `RepeatVector`, 모든 상태를 반환하는 `SimpleRNN`, 그리고 `TimeDistributed`로 각 상태에 적용하는 Dense 층입니다.


# %% source="9bef1ab7"
def one_to_many_model(n_x, n_a, n_y, Ty):
    """스텝마다 입력을 읽는 일대다 신경망을 만듭니다.

    Args:
        n_x, n_a, n_y: 입력, 상태, 출력의 크기.
        Ty: 쓸 스텝의 수.

    Returns:
        (m, n_x)를 받아 확률 (m, Ty, n_y)를 내놓는 Keras 모델.
    """
    raise NotImplementedError("one_to_many_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="9fcb45e6"
if __name__ == "__main__":
    print(one_to_many_model(3, 4, 2, Ty=6).output_shape, one_to_many_model(3, 4, 2, Ty=6).count_params(), "개의 가중치")
    # 기대 출력: (None, 6, 2) 42 개의 가중치

# %% [markdown] source="3e0066c8"
# ## 12. 다대일
#
# 입력의 스텝 수는 얼마든지 될 수 있습니다: `Input((None, n_x))`. 패딩을 마스크로 가리고, 마지막 상태만 남기세요.


# %% source="be8f209a"
def many_to_one_model(n_x, n_a, n_y):
    """다대일 신경망을 만듭니다.

    Args:
        n_x, n_a, n_y: 입력, 상태, 출력의 크기.

    Returns:
        패딩이 0인 (m, Tx, n_x)를 받아 확률 (m, n_y)를 내놓는 Keras 모델.
    """
    raise NotImplementedError("many_to_one_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="67856cea"
if __name__ == "__main__":
    print(many_to_one_model(3, 4, 2).output_shape, many_to_one_model(3, 4, 2).count_params(), "개의 가중치")
    # 기대 출력: (None, 2) 42 개의 가중치

# %% [markdown] source="97e3b402"
# ## 13. 길이가 같은 다대다
#
# 모든 상태를 남기고, 각각에 같은 Dense 층을 적용합니다.


# %% source="30e98d5b"
def many_to_many_model(n_x, n_a, n_y):
    """길이가 같은 다대다 신경망을 만듭니다.

    Args:
        n_x, n_a, n_y: 입력, 상태, 출력의 크기.

    Returns:
        패딩이 0인 (m, T, n_x)를 받아 확률 (m, T, n_y)를 내놓는 Keras 모델.
    """
    raise NotImplementedError("many_to_many_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="7553069c"
if __name__ == "__main__":
    print(many_to_many_model(3, 4, 2).output_shape, many_to_many_model(3, 4, 2).count_params(), "개의 가중치")
    # 기대 출력: (None, None, 2) 42 개의 가중치

# %% [markdown] source="124fa986"
# ## 14. 길이가 다른 다대다
#
# 층은 두 개이고, 상태가 한 층에서 다른 층으로 전달됩니다.
#
# 1. 인코더는 패딩을 가린 소스를 읽으며, `return_state=True`를 씁니다. 반환하는 두 텐서 중 두 번째인 상태를 남깁니다.
# 2. 디코더는 자기 입력을 읽으며, 그 상태를 `initial_state=`로 받아 모든 상태를 반환합니다.
# 3. 스텝마다 Dense 층을 적용합니다.
#
# 학습할 때 디코더는 한 스텝 앞의 *올바른* 단어를 읽습니다(**교사 강요**). 그래서 모델의 입력은 소스와, 맨 앞에 시작을
# 붙인 타깃, 이렇게 두 개입니다. 타깃에는 마스크가 필요 없습니다. 패딩은 끝 다음에 있으므로 디코더가 거기에서 무엇을
# 읽든 세어야 하는 스텝에는 영향을 주지 않고, 나머지는 손실이 건너뜁니다.


# %% source="e9752353"
def encoder_decoder_model(n_x, n_a, n_y):
    """학습용 인코더-디코더 신경망을 만듭니다.

    Args:
        n_x, n_a, n_y: 소스의 한 스텝, 두 상태, 타깃의 한 스텝의 크기.

    Returns:
        [패딩이 0인 소스 (m, Tx, n_x), 디코더의 입력 (m, Ty, n_y)]를 받아 확률 (m, Ty, n_y)를 내놓는 Keras 모델.
    """
    raise NotImplementedError("encoder_decoder_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="916a3ac9"
if __name__ == "__main__":
    model = encoder_decoder_model(3, 4, 2)
    print(model.output_shape, model.count_params(), "개의 가중치")
    # 기대 출력: (None, None, 2) 70 개의 가중치. 인코더에 32개, 디코더에 28개, Dense 층에 10개

# %% [markdown] source="d6879a53"
# # 5부: 유형마다 응용 하나씩
#
# 함수 하나로 다섯 가지를 모두 학습시킵니다. 각 출력이 마스크가 있는 입력에 속하면 Keras가 마스크를 손실까지
# 전달합니다. 출력의 길이가 따로 있는 두 신경망, 일대다와 인코더-디코더는 손실의 마스크를 출력마다 숫자가 하나씩인
# `sample_weight`로 받습니다.

# %% source="abb50ebb"
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    def train(model, x, y, epochs, learning_rate=0.01, batch_size=32, mask=None):
        """진짜 출력의 교차 엔트로피로, 점점 작은 걸음으로 모델을 학습시킵니다."""
        schedule = keras.optimizers.schedules.CosineDecay(learning_rate, epochs * -(-len(y) // batch_size))
        optimizer = keras.optimizers.Adam(schedule, clipnorm=1.0)
        model.compile(optimizer, loss="sparse_categorical_crossentropy", jit_compile=False)
        weights = None if mask is None else mask.astype("float32")
        model.fit(x, y, sample_weight=weights, batch_size=batch_size, epochs=epochs, verbose=0)
        return model

    keras.utils.set_random_seed(0)

# %% [markdown] source="1349a967"
# ## 15. 일대일: 다음 음표
#
# 바흐의 코랄에서 음표를 하나 넣으면 그다음 음표가 나옵니다. 각 음표가 얼마나 자주 나오는지만 아는 신경망의 손실은
# 3.4쯤입니다. 바로 앞의 음표 하나만으로도 많은 것을 알 수 있습니다.

# %% source="5de93956"
if __name__ == "__main__":
    x, y, values = note_data("train")
    next_note = train(one_to_one_model(90, 32, 90), x, y, epochs=8, batch_size=256)
    x, y, values = note_data("validation")
    probabilities = next_note.predict(x, verbose=0)
    loss = masked_cross_entropy(probabilities[:, None], y[:, None], np.ones((len(y), 1), bool))  # 스텝 하나, 모두 진짜
    print(f"따로 남겨 둔 쌍의 손실: {loss:.2f}")
    for note in ("C5:1", "B4:1"):
        p = next_note.predict(np.eye(90)[[values.index(note)]], verbose=0)[0]
        print("음표", note, "다음:", ", ".join(f"{values[i]} ({p[i]:.0%})" for i in p.argsort()[::-1][:4]))

# %% [markdown] source="463f0d3f"
# ## 16. 일대다: 숫자를 말로
#
# 글을 소리 내어 읽는 프로그램은 숫자를 말로 바꾸어야 합니다. 342는 *three hundred forty two*입니다. 숫자 세 자리가
# 벡터 하나로 들어가면 단어들과 끝이 나옵니다. 수 다섯 개 중 하나는 학습할 때 보여 주지 않았습니다.

# %% source="9e9c5e86"
if __name__ == "__main__":
    x, y, lengths, words = number_data("train")
    speller = one_to_many_model(30, 48, len(words), Ty=y.shape[1])
    train(speller, x, y, epochs=20, learning_rate=0.02, mask=np.arange(y.shape[1]) < lengths[:, None])
    x, y, lengths, words = number_data("test")
    spelled = speller.predict(x, verbose=0).argmax(axis=-1)  # (m, Ty)
    right_numbers = ((spelled == y) | (np.arange(y.shape[1]) >= lengths[:, None])).all(axis=1)
    print(f"모든 단어가 맞은 따로 남겨 둔 수: {right_numbers.mean():.0%}")
    for digits, ids in zip(x[::40], spelled[::40], strict=True):
        print(
            *digits.reshape(3, 10).argmax(axis=1), "->", " ".join(words[index] for index in ids).partition(" <end>")[0]
        )

# %% [markdown] source="8e9f55c0"
# ## 17. 다대일: 이름의 언어
#
# 이름을 한 글자씩 읽고, 핀란드어인지 이탈리아어인지 터키어인지 알아맞힙니다. 아무렇게나 찍으면 셋 중 하나를 맞힙니다.

# %% source="9131c124"
if __name__ == "__main__":
    x, y, names, languages = name_data("train")
    name_reader = train(many_to_one_model(26, 32, 3), x, y, epochs=10)
    x, y, names, languages = name_data("test")
    probabilities = name_reader.predict(x, verbose=0)
    right_names = probabilities.argmax(axis=-1) == y
    print(f"따로 남겨 둔 이름: {right_names.mean():.0%} 정답")
    parameters = parameters_of(name_reader)[0]
    mask = x.any(axis=-1)  # (m, 10)
    same = np.allclose(many_to_one(x, mask, parameters), probabilities, atol=1e-4)
    print("여러분의 many_to_one이 Keras의 가중치로 같은 값을 계산:", same)

# %% [markdown] source="8affb8e3"
# 마지막 줄은 놀라운 일이 아닙니다. 같은 신경망이기 때문입니다. 같은 가중치로 글자마다 출력을 물어볼 수도 있습니다.
# 이것은 다른 유형, `many_to_many`입니다. 그러면 신경망이 읽으면서 생각을 바꾸는 것을 볼 수 있습니다. 다른 이름도 넣어
# 보세요.

# %% source="6585d57c"

# %% [markdown] source="43b0b7db"
# ## 18. 길이가 같은 다대다: 문장 속의 이름
#
# 문장의 단어마다 레이블을 붙입니다. 레이블은 *person*(사람), *company*(회사), *place*(장소), *date*(날짜),
# *amount*(금액), *email*(전자 우편), *outside*(해당 없음)입니다. 이를 **개체명 인식**이라고 합니다. 시험하는 문장에
# 나오는 이름은 학습에 쓴 문장에 한 번도 나오지 않습니다.

# %% source="48d8e65a"
if __name__ == "__main__":
    x, y, words, labels = entity_data(800, "train")
    tagger = train(many_to_many_model(x.shape[-1], 32, len(labels)), x, y, epochs=6)
    x, y, words, labels = entity_data(200, "names")
    probabilities, mask = tagger.predict(x, verbose=0), x.any(axis=-1)
    right_labels, outside = (probabilities.argmax(axis=-1) == y)[mask], (y == 0)[mask]
    print(f"맞은 레이블: {right_labels.mean():.0%}, 언제나 'outside'라고 하는 태거: {outside.mean():.0%}")
    print(f"여러분의 함수로 계산한 손실: {masked_cross_entropy(probabilities, y, mask):.3f}", end=", ")
    print(f"Keras: {tagger.evaluate(x, y, batch_size=len(x), verbose=0):.3f}")
    for row in range(2):
        found = probabilities[row].argmax(axis=-1)
        for word, label in zip(words[row], found, strict=False):
            print(f"[{word}: {labels[label]}]" if label else word, end=" ")
        print()

# %% [markdown] source="80992975"
# 두 손실은 같습니다. Keras가 `Masking` 층에서 마스크를 받아, 진짜 단어의 개수로 나누기 때문입니다.
#
# 이 신경망은 왼쪽에서 오른쪽으로 읽습니다. 이름의 첫 단어에서는 그다음에 무엇이 오는지 모릅니다. 양쪽 방향으로 읽는
# 층은 압니다: `Bidirectional(SimpleRNN(n_a, return_sequences=True))`.
#
# ## 19. 길이가 다른 다대다: 번역
#
# 이 모델은 디코더의 입력으로 올바른 단어를 넣으면서 Keras로 학습시킵니다. 번역하려면 디코더가 자기가 쓴 단어를 읽어야
# 합니다. 그 일은 여러분이 작성한 함수 `encoder_decoder`가 두 셀의 학습한 가중치로 합니다.

# %% source="4b4dac02"
if __name__ == "__main__":
    x, decoder_x, y, pairs, words = sentence_data(2000, "train")
    translator = encoder_decoder_model(x.shape[-1], 96, len(words))
    train(translator, [x, decoder_x], y, epochs=10, batch_size=64, mask=decoder_x.any(axis=-1))
    x, decoder_x, y, pairs, words = sentence_data(200, "test")
    encoder, decoder = parameters_of(translator)
    start = np.eye(len(words))[np.zeros(len(x), int)]  # <start>의 인덱스는 0
    written = encoder_decoder(x, x.any(axis=-1), start, y.shape[1], encoder, decoder).argmax(axis=-1)
    right_sentences = ((written == y) | ~decoder_x.any(axis=-1)).all(axis=1)
    print(f"모든 단어가 맞은 따로 남겨 둔 문장: {right_sentences.mean():.0%}")
    for (source, _), ids in zip(pairs[:3], written, strict=False):
        print(source, "->", " ".join(words[index] for index in ids).partition(" <end>")[0])

# %% [markdown] source="6f3b9e2e"
# ## 20. 다른 셀, 더 큰 응용
#
# `SimpleRNN` 자리에 `LSTM`이나 `GRU`를 넣어도 다섯 신경망은 모두 그대로 작동하며, 더 긴 시퀀스도 다룰 수 있습니다.
# GRU는 단순한 셀과 같이 상태가 하나입니다. LSTM은 상태가 두 개여서, `return_state=True`이면 텐서 세 개를 반환하고
# `initial_state`는 리스트 `[h, c]`입니다.
#
# 크기를 제대로 갖춘 응용은 이 패키지의 명령으로 실행할 수 있습니다.
#
# | 유형 | 명령 | 연습 문제 |
# |---|---|---|
# | 일대다 | `dlseq music`, `dlseq caption` | `music_generation`, `image_captioning` |
# | 다대일 | `dlseq sentiment`, `dlseq watch` | `sentiment` |
# | 다대다, 같은 길이 | `dlseq entities`, `dlseq genes` | `language_model` |
# | 다대다, 다른 길이 | `dlseq translate`, `dlseq dates` | `encoder_decoder`, `date_normalization` |
#
# ## 21. 확인

# %% source="3a959943"
