# %% [markdown] source="c6c5ad36"
# # 문장의 확률
#
# 음성 인식기가 단어 다섯 개를 들었고 그 소리는 확실합니다. *the apple and pair salad*였을까요, *the apple and pear
# salad*였을까요? 둘은 소리가 똑같습니다. 하지만 사람들이 어떤 말을 하는지 아는 여러분은 어느 쪽인지 압니다. **언어
# 모델**은 이 지식을 숫자로 나타냅니다. 즉 모든 문장에 확률을 하나씩 매깁니다.
#
# 모든 문장을 담을 수 있는 표는 없으므로, 모델은 확률의 **연쇄 법칙**에 따라 확률을 곱으로 나타냅니다.
#
# $$P(y^{\langle 1 \rangle}, \dots, y^{\langle T \rangle}) =
#   \prod_{t=1}^{T} P(y^{\langle t \rangle} \mid y^{\langle 1 \rangle}, \dots, y^{\langle t-1 \rangle})$$
#
# 곱하는 확률 하나하나는 지금까지 나온 단어들이 주어졌을 때 다음 단어를 예측한 것이고, 지금까지 나온 단어들은 순환
# 신경망의 은닉 상태가 요약합니다. 여기에서는 텍스트에서 시작해 샐러드에 대한 판정까지, 필요한 것을 모두 만듭니다.
#
# ## 표기
#
# | 기호 | 의미 |
# |---|---|
# | `V`, `n_a` | 어휘 크기, 은닉 상태의 크기 |
# | `T` | `<eos>`를 포함한 문장의 길이 |
# | `y` | 인덱스 `T`개의 리스트로 나타낸 문장, 즉 **타깃** |
# | `x` | 입력, `(V, T)`. **시점은 열**입니다. |
# | `a`, `log_y` | 은닉 상태 `(n_a, T)`, 예측의 **로그 확률** `(V, T)` |
# | `word_to_ix` | **어휘**, 단어를 인덱스로 바꾸는 딕셔너리 |
# | `parameters` | `Wax (n_a, V)`, `Waa (n_a, n_a)`, `Wya (V, n_a)`, `ba (n_a, 1)`, `by (V, 1)`의 딕셔너리 |
#
# 대부분의 함수 다음에는 결과를 비교할 수 있도록 한 줄을 출력하는 셀이 있습니다. 이 셀은 문장 *cats sleep a lot*과
# 모두 0인 파라미터를 씁니다. 이때에는 모든 단어의 확률이 같습니다.

# %% source="b8935eb1"

# %% [markdown] source="c628909a"
# ## 1. 토큰화
#
# **토큰화**는 텍스트를 단어, 즉 **토큰**으로 나누는 일입니다. *Cut!*과 *cut*은 같은 단어여야 하므로 먼저 텍스트를
# 소문자로 바꿉니다. **단어**는 글자와 숫자가 이어진 것입니다. *don't*에서처럼 양쪽에 글자가 있는 아포스트로피 `'`도
# 단어에 속합니다. 그 밖의 것은 공백을 빼고 모두 **문장 부호**입니다. 문장 부호는 버립니다. 다만 요청하면 남기는데,
# 그때에는 문장 부호 하나하나가 단어가 됩니다.
#
# `re.findall`을 한 번 호출하면 됩니다. 정규 표현식에서 `\w`는 글자나 숫자 하나와, `\s`는 공백 문자 하나와 일치하고,
# `(?:…)*`는 그룹이 몇 번이든 되풀이된 것과 일치합니다.


# %% source="e7ca2bb0"
def tokenize(text, keep_punctuation=False):
    """텍스트를 단어로 나눕니다.

    Args:
        text: "Don't panic!" 같은 텍스트.
        keep_punctuation: 문장 부호를 단어로 남기려면 True, 버리려면 False.

    Returns:
        소문자 단어의 리스트: ["don't", "panic"]. 문장 부호를 남기면 ["don't", "panic", "!"]입니다.
    """
    raise NotImplementedError("tokenize")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="0d29de02"
if __name__ == "__main__":
    print(tokenize("Cats sleep a lot; don't they?", keep_punctuation=True))
    # 기대 출력: ['cats', 'sleep', 'a', 'lot', ';', "don't", 'they', '?']


# %% [markdown] source="9924e246"
# ## 2. 어휘
#
# 언어의 단어는 대부분 드물게 쓰이는데, 단어 하나마다 `Wya`의 행 하나와 `Wax`의 열 하나가 듭니다. 그래서 가장 자주
# 나오는 단어 `max_size`개에만 인덱스를 줍니다. 똑같이 자주 나오는 단어들은 알파벳 순서로 정렬합니다. 어휘는 파일에
# 있는 문장의 순서에 따라 달라지면 안 됩니다. 그러면 저장해 둔 모델이 내일은 다른 인덱스를 받게 됩니다.
#
# 단어보다 앞에 **특수 토큰** 두 개가 있으며, `max_size`에서 세지 않습니다.
#
# | 인덱스 | 토큰 | 의미 |
# |---|---|---|
# | 0 | `<eos>` | **시퀀스의 끝**(end of sequence): 문장이 여기에서 끝납니다 |
# | 1 | `<unk>` | **모르는 단어**(unknown): 어휘에 없는 단어 |
# | 2, 3, … | | 가장 자주 나오는 것부터 단어들 |


# %% source="0eac8394"
def build_vocabulary(sentences, max_size):
    """가장 자주 나오는 단어로 어휘를 만듭니다.

    Args:
        sentences: 단어의 리스트로 이루어진 리스트.
        max_size: `<eos>`와 `<unk>`를 세지 않은 최대 단어 수.

    Returns:
        단어를 인덱스로 바꾸는 딕셔너리. 표를 보세요.
    """
    raise NotImplementedError("build_vocabulary")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="28674366"
if __name__ == "__main__":
    vocabulary = build_vocabulary([["cats", "sleep", "a", "lot"], ["cats", "eat", "a", "lot"]], 3)
    print(vocabulary)
    # 기대 출력: {'<eos>': 0, '<unk>': 1, 'a': 2, 'cats': 3, 'lot': 4}


# %% [markdown] source="e716cc06"
# ## 3. 단어에서 인덱스로
#
# 어휘에 없는 단어는 `<unk>`가 됩니다. 그리고 끝에 `<eos>`를 덧붙입니다. `<eos>`가 없으면 모델은 문장이 어디에서
# 끝나는지 배우지 못하고, 길이가 저마다 다른 모든 문장의 확률을 더해도 1이 되지 않습니다.


# %% source="9f61fcc8"
def encode(words, word_to_ix):
    """문장의 단어들을 인덱스로 인코딩합니다.

    Args:
        words: 단어의 리스트.
        word_to_ix: `<eos>`와 `<unk>`가 있는 어휘.

    Returns:
        인덱스의 리스트. 단어마다 하나씩 있고 `<eos>`의 것이 하나 있습니다.
    """
    raise NotImplementedError("encode")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="674c5d8e"
if __name__ == "__main__":
    targets = encode(["cats", "sleep", "a", "lot"], vocabulary)
    print(targets)
    # 기대 출력: [3, 1, 2, 4, 0]


# %% [markdown] source="053051dd"
# ## 4. 입력: 한 시점 늦춘 문장
#
# 시점 t에서 신경망은 앞의 단어들로부터 단어 t를 예측합니다. 그러므로 입력은 타깃을 오른쪽으로 한 시점 민 것입니다.
# 이를 **교사 강요**라고 합니다. 입력은 예측한 단어가 아니라 실제로 바로 앞에 있는 단어입니다.
#
# $$x^{\langle 1 \rangle} = 0, \qquad x^{\langle t \rangle} = y^{\langle t-1 \rangle}$$
#
# | 시점 | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|
# | 입력 `x` | *0* | cats | sleep | a |
# | 타깃 `y` | cats | sleep | a | … |
#
# 단어의 입력은 **원-핫** 열입니다. 그 단어의 인덱스에 해당하는 행이 1이고 나머지는 0입니다. 첫 번째 열은 모두
# 0입니다. (밀지 않으면 어떻게 될까요? 신경망은 입력을 베끼는 법을 배웁니다. 손실은 아주 좋아 보입니다.)


# %% source="4cf37397"
def shift_right(y, vocab_size):
    """문장의 입력, 즉 오른쪽으로 한 시점 민 원-핫 벡터들을 계산합니다.

    Args:
        y: 인덱스 T개의 리스트.
        vocab_size: 어휘 크기 V.

    Returns:
        x: 입력, (V, T). 첫 번째 열은 0이고, 나머지 열은 각각 바로 앞 단어의 원-핫 벡터입니다.
    """
    raise NotImplementedError("shift_right")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="0e36396f"
if __name__ == "__main__":
    print(shift_right(targets, 5).shape, shift_right(targets, 5).argmax(axis=0)[1:])
    # 기대 출력: (5, 5) [3 1 2 4]


# %% [markdown] source="c7b6809e"
# ## 5. 로그 소프트맥스
#
# 문장의 확률은 작은 수를 많이 곱한 것입니다. 0.1을 천 번 곱하면 **언더플로**가 일어납니다. 결과가 float64로 나타낼 수
# 있는 가장 작은 수보다 작아서 0이 됩니다. 로그를 더하면 그런 일이 없으므로, 이 연습 문제에서는 처음부터 끝까지 **로그
# 확률**(자연로그, `np.log`)을 씁니다. 그러면 **로짓** $z$의 소프트맥스는 **로그 소프트맥스**가 됩니다.
#
# $$\log \mathrm{softmax}(z)_i = z_i - \log \sum_j e^{z_j}$$
#
# 수치 계산에서 조심할 것이 두 가지 있습니다. 큰 로짓의 지수 함수는 **오버플로**를 일으킵니다. 먼저 각 열에서 그 열의
# 최댓값을 빼세요. 결과는 달라지지 않습니다. 그리고 `np.log(softmax(z))`로는 해결되지 않습니다. 언더플로로 0이 된
# 확률의 로그는 음의 무한대입니다. 수식에서와 같이 *합*의 로그만 구하세요(**log-sum-exp**).
#
# 각 **열**이 단어 `V`개에 대한 분포 하나입니다.


# %% source="f2a63cbe"
def log_softmax(z):
    """각 열에 로그 소프트맥스를 적용해 로짓을 로그 확률로 바꿉니다.

    Args:
        z: 로짓, (V, T).

    Returns:
        로그 확률, (V, T). 각 열의 지수 함수 값을 더하면 1입니다.
    """
    raise NotImplementedError("log_softmax")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="4a1bcdc4"
if __name__ == "__main__":
    print(log_softmax(np.array([[0.0, 5000.0], [0.0, -5000.0]])).round(4).tolist())
    # 기대 출력: [[-0.6931, 0.0], [-0.6931, -10000.0]]


# %% [markdown] source="f24c928b"
# ## 6. 신경망의 한 시점
#
# $$a^{\langle t \rangle} = \tanh(W_{ax}\, x^{\langle t \rangle} + W_{aa}\, a^{\langle t-1 \rangle} + b_a)
#   \qquad
#   \log \hat y^{\langle t \rangle} = \log \mathrm{softmax}(W_{ya}\, a^{\langle t \rangle} + b_y)$$


# %% source="e8b9476f"
def lm_step(xt, a_prev, parameters):
    """신경망의 순전파, 한 시점.

    Args:
        xt: 단어의 원-핫 벡터 또는 0, (V, 1).
        a_prev: 이전 은닉 상태, (n_a, 1).
        parameters: 표기를 보세요.

    Returns:
        a_next: 다음 은닉 상태, (n_a, 1).
        log_yt: 다음 단어의 로그 확률, (V, 1).
    """
    raise NotImplementedError("lm_step")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="91b1f9bc"
# ## 7. 문장 전체
#
# 초기 은닉 상태는 0이고, 은닉 상태는 한 시점에서 다음 시점으로 전달됩니다. 한 시점의 예측은 다음 시점의 입력이
# *아닙니다*. 주어진 문장의 확률을 구하는 것이므로 다음 입력은 `x`의 다음 열입니다.


# %% source="d7a3ba28"
def lm_forward(x, parameters):
    """문장 전체에 대한 신경망의 순전파.

    Args:
        x: 입력, (V, T). `shift_right`의 결과입니다.
        parameters: 표기를 보세요.

    Returns:
        a: 각 시점 이후의 은닉 상태, (n_a, T).
        log_y: 예측의 로그 확률, (V, T).
    """
    raise NotImplementedError("lm_forward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="423ac43e"
if __name__ == "__main__":
    zero_shapes = {"Wax": (3, 5), "Waa": (3, 3), "Wya": (5, 3), "ba": (3, 1), "by": (5, 1)}
    zero_parameters = {name: np.zeros(shape) for name, shape in zero_shapes.items()}
    a, log_y = lm_forward(shift_right(targets, 5), zero_parameters)
    print(a.shape, log_y.shape, f"모두 {log_y[0, 0]:.4f}")
    # 기대 출력: (3, 5) (5, 5) 모두 -1.6094


# %% [markdown] source="2c5f959f"
# ## 8. 문장의 손실
#
# $$L = \sum_{t=1}^{T} -\log \hat y^{\langle t \rangle}_{y^{\langle t \rangle}}$$
#
# 이것이 **교차 엔트로피**입니다. 각 열에서 값 하나, 즉 타깃의 로그 확률만 셉니다. 손실은 시점에 대한 **합**입니다.
# 평균을 쓰면 긴 문장의 단어는 짧은 문장의 단어보다 덜 반영되고, 손실에 음의 부호를 붙여도 문장의 로그 확률이 되지
# 않습니다.


# %% source="37cf068a"
def sequence_loss(log_y, y):
    """문장의 교차 엔트로피 손실, 시점에 대한 합.

    Args:
        log_y: 예측의 로그 확률, (V, T).
        y: 인덱스 T개의 리스트, 타깃.

    Returns:
        손실, 단위가 내트(nat)인 숫자 하나.
    """
    raise NotImplementedError("sequence_loss")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="a2ec8c4b"
if __name__ == "__main__":
    print(f"{sequence_loss(log_y, targets):.4f}")
    # 기대 출력: 8.0472, 즉 log 5의 다섯 배


# %% [markdown] source="faa391ec"
# ## 9. 문장의 확률
#
# 전체 과정은 텍스트, (문장 부호를 버린) 단어, 인덱스, 입력, 예측, 연쇄 법칙입니다. `<eos>`도 셉니다. 문장이
# *여기에서* 끝난다는 것도 문장의 일부이기 때문입니다.


# %% source="c1ccb8d4"
def log_probability(sentence, word_to_ix, parameters):
    """문장의 로그 확률을 구합니다.

    Args:
        sentence: 텍스트.
        word_to_ix: `<eos>`와 `<unk>`가 있는 어휘.
        parameters: 표기를 보세요.

    Returns:
        0 이하의 숫자.
    """
    raise NotImplementedError("log_probability")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="294b39aa"
if __name__ == "__main__":
    print(f"{log_probability('Cats sleep a lot.', vocabulary, zero_parameters):.4f}")
    # 기대 출력: -8.0472


# %% [markdown] source="aa17a1a5"
# ## 10. 퍼플렉서티
#
# 긴 문장일수록 확률이 낮으므로, 서로 다른 텍스트의 확률은 비교할 수 없습니다. **퍼플렉서티**는 *단어당* 척도입니다.
#
# $$\mathrm{perplexity} = \exp\Big(-\frac{1}{N} \sum_{\mathrm{sentences}} \log P(\mathrm{sentence})\Big)$$
#
# 여기에서 `N`은 모든 문장에서 예측한 단어의 개수이며, 문장마다 `<eos>`도 셉니다. 퍼플렉서티는, 확률이 모두 똑같은
# 단어가 몇 개 있을 때 평균 교차 엔트로피가 이와 같아지는지를 나타냅니다. 균등한 모델에서는 `V`이고, 늘 확신하며 늘
# 맞히는 모델에서는 1입니다.


# %% source="46b5e4b5"
def perplexity(sentences, word_to_ix, parameters):
    """문장들의 퍼플렉서티를 구합니다.

    Args:
        sentences: 텍스트의 리스트.
        word_to_ix: `<eos>`와 `<unk>`가 있는 어휘.
        parameters: 표기를 보세요.

    Returns:
        모든 문장을 통틀어 구한 단어당 퍼플렉서티.
    """
    raise NotImplementedError("perplexity")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="074dbf03"
if __name__ == "__main__":
    print(f"{perplexity(['Cats sleep a lot.', 'Cats eat.'], vocabulary, zero_parameters):.4f}")
    # 기대 출력: 5.0000, 어휘 크기


# %% [markdown] source="5dffcbaf"
# ## 11. 단어 뽑기
#
# 언어 모델로 문장을 생성할 수도 있습니다. 균등한 난수 `0 <= u < 1`로 분포에서 단어를 **뽑으려면**(**샘플링**) **누적
# 분포의 역함수**를 씁니다. 0부터 1까지의 선 위에 확률을 인덱스 순서대로 나란히 놓으면, `u`가 들어 있는 구간의 단어가
# 뽑힙니다. 다시 말해 확률의 누적 합이 처음으로 `u`보다 *커지는* 인덱스입니다. 반올림 때문에 마지막 누적 합이 1보다
# 조금 작을 수 있는데, `u`가 그보다 크면 마지막 단어로 봅니다.
#
# (스텝마다 확률이 가장 높은 단어를 고르는 것은 **탐욕 디코딩**이며 샘플링이 아닙니다. 그러면 늘 같은 문장이
# 나옵니다.)


# %% source="7db860a5"
def draw_word(log_yt, u):
    """분포에서 인덱스를 하나 뽑습니다.

    Args:
        log_yt: 로그 확률, (V, 1).
        u: 균등한 난수, 0 <= u < 1.

    Returns:
        단어의 인덱스, int.
    """
    raise NotImplementedError("draw_word")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="fdfe7d05"
if __name__ == "__main__":
    print([draw_word(np.log([[0.25], [0.5], [0.25]]), u) for u in (0.0, 0.3, 0.74, 0.9)])
    # 기대 출력: [0, 1, 1, 2]


# %% [markdown] source="63203ad0"
# ## 12. 문장 샘플링
#
# 첫 입력과 초기 은닉 상태는 0입니다. 한 시점을 계산하고, 단어를 뽑고, **뽑은 단어**를 다음 입력으로 다시 넣습니다.
# 단어가 `<eos>`이면 바로 멈춥니다. `uniforms`는 단어마다 하나씩 쓰는 난수이고, 그 개수가 길이의 한계입니다. 어휘에
# `<eos>`가 없을 수도 있는데, 그때에는 난수를 모두 씁니다.


# %% source="26d8ad7d"
def sample_sentence(uniforms, word_to_ix, parameters):
    """문장을 하나 샘플링합니다.

    Args:
        uniforms: 단어마다 하나씩 쓰는 균등한 난수의 리스트, 0 <= u < 1. 그 개수가 최대 길이입니다.
        word_to_ix: 어휘. `<eos>`가 없을 수도 있습니다.
        parameters: 표기를 보세요.

    Returns:
        인덱스의 리스트. `<eos>`를 뽑았으면 마지막이 `<eos>`입니다.
    """
    raise NotImplementedError("sample_sentence")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="ec23b399"
if __name__ == "__main__":
    print(sample_sentence([0.5, 0.9, 0.1, 0.7], vocabulary, zero_parameters))
    # 기대 출력: [2, 4, 0]


# %% [markdown] source="d78366bd"
# ## 13. 학습
#
# 손실의 기울기는 주어져 있습니다. 소프트맥스와 교차 엔트로피를 합친 함수의, 로짓에 대한 기울기는 *예측한 확률에서
# 타깃을 뺀 것*입니다. 거기에서부터는 순환 신경망 연습 문제의 시간 역전파와 같습니다.


# %% source="ecdd7402"
def lm_gradients(x, y, a, log_y, parameters):
    """파라미터에 대한 `sequence_loss`의 기울기를 계산합니다. 주어진 함수입니다.

    Args:
        x: 입력, (V, T).
        y: 인덱스 T개의 리스트, 타깃.
        a: 은닉 상태, (n_a, T).
        log_y: 예측의 로그 확률, (V, T).
        parameters: 표기를 보세요.

    Returns:
        이름과 형상이 `parameters`와 같은 딕셔너리.
    """
    d_logits = np.exp(log_y)
    d_logits[y, np.arange(len(y))] -= 1  # (V, T)
    d_hidden = parameters["Wya"].T @ d_logits  # (n_a, T)
    d_pre_activation = np.zeros_like(a)
    for t in range(len(y) - 1, -1, -1):
        from_later = parameters["Waa"].T @ d_pre_activation[:, t + 1] if t + 1 < len(y) else 0
        d_pre_activation[:, t] = (d_hidden[:, t] + from_later) * (1 - a[:, t] ** 2)
    return {
        "Wax": d_pre_activation @ x.T,
        "Waa": d_pre_activation[:, 1:] @ a[:, :-1].T,
        "Wya": d_logits @ a.T,
        "ba": d_pre_activation.sum(axis=1, keepdims=True),
        "by": d_logits.sum(axis=1, keepdims=True),
    }


# %% [markdown] source="1c7bc881"
# 남은 것은 학습 반복문, 즉 스텝마다 문장 하나를 쓰는 **확률적 경사 하강법**입니다. 주어진 순서대로 문장마다 입력,
# 순전파, 손실을 계산한 다음, 각 파라미터를 기울기의 **반대 방향**으로 갱신합니다: `W - learning_rate * gradient`.
# 다음 문장은 새 파라미터를 씁니다. 모든 문장을 한 번씩 쓰는 것이 한 **에포크**입니다.
#
# 호출한 쪽의 파라미터 원본이 바뀌지 않도록 새 배열을 만드세요.


# %% source="0796e2e7"
def train(sequences, parameters, learning_rate, epochs):
    """한 번에 문장 하나를 쓰는 확률적 경사 하강법으로 모델을 학습시킵니다.

    Args:
        sequences: 문장의 리스트. 각 문장은 `<eos>`로 끝나는 인덱스의 리스트입니다.
        parameters: 초기 파라미터, 표기를 보세요. 원본은 바꾸지 않습니다.
        learning_rate: 학습률.
        epochs: 모든 문장을 쓰는 횟수.

    Returns:
        parameters: 학습한 파라미터의 딕셔너리.
        losses: 에포크마다 숫자가 하나씩 있는 리스트. 각각은 모든 문장의 손실의 합입니다.
    """
    raise NotImplementedError("train")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="221fde9f"
# ## 14. pair일까요, pear일까요?
#
# 음성 인식기에는 소리가 같은 후보, 즉 **동음이의어**가 몇 개 있고, 그중 무엇을 말한 것인지 묻습니다. **베이즈
# 정리**에 따라, 그리고 어느 후보나 소리에는 똑같이 잘 맞으므로, 후보의 **사후 확률**은 그 확률을 모든 후보의 확률의
# 합으로 나눈 것입니다.
#
# $$P(\mathrm{candidate}_i \mid \mathrm{sound}) = \frac{P(\mathrm{candidate}_i)}{\sum_j P(\mathrm{candidate}_j)}$$
#
# 5절을 잊지 마세요. 긴 문장의 확률은 언더플로로 0이 되고, 0 / 0은 숫자가 아닙니다. 이미 작성한 함수 가운데 하나가,
# 로그를 벗어나지 않고 로그 확률을 정규화합니다.


# %% source="a530f444"
def likeliest_reading(candidates, word_to_ix, parameters):
    """여러 후보 문장 가운데 확률이 가장 높은 것을 찾습니다.

    Args:
        candidates: 텍스트의 리스트.
        word_to_ix: `<eos>`와 `<unk>`가 있는 어휘.
        parameters: 표기를 보세요.

    Returns:
        best: 확률이 가장 높은 후보, 텍스트.
        posteriors: 각 후보의 사후 확률, 배열 (number of candidates,).
    """
    raise NotImplementedError("likeliest_reading")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="dd249120"
# ### 학습시키기
#
# 문장은 틀이 여섯 개인 장난감 문법으로 만든 것입니다. *The apple and pear salad*는 그중에 없습니다. 모델은 *the plum
# and pear cake*와 *a pair of boots*에서 **일반화**해야 합니다. (5에포크에 2초에서 3초가 걸립니다.)

# %% source="b568cbf9"

# %% [markdown] source="f4d2ab4d"
# ### 동음이의어
#
# 각 쌍의 첫 번째 문장은 철자가 틀렸습니다. 두 번째 문장의 확률이 몇 배나 높은지, 그리고 그 차이가 문장의 어디에서
# 생기는지 보세요. 단어마다 교차 엔트로피, 즉 로그 확률에 음의 부호를 붙인 값이 더해집니다. 동음이의어 앞에 있는
# 단어들의 교차 엔트로피는 두 문장에서 같습니다.

# %% source="53dc9aa1"
if __name__ == "__main__":
    for candidates in HOMOPHONES:
        best, _ = likeliest_reading(list(candidates), word_to_ix, parameters)
        wrong, right = (log_probability(candidate, word_to_ix, parameters) for candidate in candidates)
        print(f"{best!r}의 확률이 다른 것의 {np.exp(right - wrong):,.0f}배")

    figure, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for number, sentence in enumerate(HOMOPHONES[0]):
        y = encode(tokenize(sentence), word_to_ix)
        log_y = lm_forward(shift_right(y, V), parameters)[1]
        ax.bar(np.arange(len(y)) + 0.4 * number - 0.2, -log_y[y, np.arange(len(y))], width=0.38, label=sentence)
    labels = ["the", "apple", "and", "pair / pear", "salad", "<eos>"]
    ax.set(xticks=range(6), xticklabels=labels, ylabel="nats", title="Cross-entropy of each word")
    ax.legend(frameon=False)
    plt.show()

# %% [markdown] source="f0fb37b7"
# ### 샘플링한 문장

# %% source="1994c56c"

# %% [markdown] source="94d39f44"
# ## 진행 상황 확인

# %% source="c52273a5"
