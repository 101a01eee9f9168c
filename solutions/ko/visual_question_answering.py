# %% [markdown] source="b6e2654c"
# # 그림에 대한 질문
#
# 그림에 파란 의자 위의 바나나와 그 옆의 고양이가 있습니다. *What is on the chair?* 답하려면 의자를 찾은 다음 그 위를
# 보아야 합니다. 이 연습 문제의 모델도 똑같이 합니다. 그림을 향하는 **시선**이 두 번 있으며, 이는 어텐션의 두
# 스텝입니다.
#
# ```
#   "what is on the chair" ──► LSTM ──► q ──┬──────────────────┬──────────────────┐
#                                           │ (1)              │ (2)              │
#                                           ▼                  ▼                  ▼
#   image ──► CNN ──► 8 x 8 ──────────────► look 1 ──────────► look 2 ──────────► "banana"
#                                           chair              on the chair
#
#   (1) 묻기: 첫 시선은 의자. (2) 옮기고 묻기: 둘째 시선은 의자 위, 그리고 답.
# ```
#
# 첫 번째 시선은 질문에 나오는 사물을 찾습니다. 두 번째 시선은 거기에서 출발해, *on*, *under*, *left of* 같은 말이
# 알려 주는 쪽으로 옮겨 갑니다. 이런 모델을 만들어 몇 초 동안 학습시키고, **그림을 보지 않는** 모델과 비교합니다.
# 그다음 실패한 경우를 읽어 봅니다. 시선 하나하나가 맵이므로 *어느* 단계가 틀렸는지 말할 수 있습니다.
#
# ## 기호
#
# | 기호 | 의미 |
# |---|---|
# | `B` | 배치에 들어 있는 질문의 개수. 질문마다 그림이 하나씩 있습니다. |
# | `T` | 패딩을 포함한 질문의 단어 수. id 0은 패딩입니다. |
# | `H`, `W` | 그림을 나눈 격자의 행과 열의 수. 위치는 `P = H W`개이고, 한 행씩 차례로 번호를 매깁니다. |
# | `C` | 한 위치의 특징 수 |
# | `n` | LSTM의 유닛 수. `q`는 질문의 벡터, `(B, n)`입니다. |
# | `K`, `D` | 키와 쿼리의 크기, 값의 크기 |
# | `A` | 가능한 답의 개수 |

# %% source="bcf588d8"
import collections

import keras
import numpy as np
from keras import Input, Model, ops
from keras.layers import LSTM, Dense, Embedding

from dlseq.course.given.visual_question_answering import lesson_questions, picture_network, toy_question_encoder

SMALLEST = 1e-5  # 로그가 유한하도록, 옮긴 시선에 더하는 수

# %% [markdown] source="0c698fca"
# `toy_question_encoder`는 가중치가 무작위인 인코더를 만듭니다. 채점 테스트는 이 인코더로 답 모델을 시험합니다.
# 임포트를 지우지 마세요.
#
# ## 1. 질문
#
# `Embedding`과 `LSTM`이 단어들을 읽습니다. 마지막 은닉 상태가 질문의 벡터 $q$입니다. 질문은 길이가 서로 다르므로
# 오른쪽을 패딩으로 채웁니다. `mask_zero=True`를 설정하면 LSTM은 마지막 진짜 단어에서 멈춥니다.


# %% source="8b397104"
def question_encoder(vocab_size, width, units):
    """임베딩 하나와 LSTM 하나로 질문의 인코더를 만듭니다.

    Args:
        vocab_size: 패딩을 포함한 단어의 개수.
        width: 임베딩한 단어의 크기.
        units: LSTM의 유닛 수.

    Returns:
        단어 id (B, T)를 받아 q (B, n)을 내놓는 Keras 모델. q는 마지막 진짜 단어 이후의 은닉 상태입니다.
    """
    raise NotImplementedError("question_encoder")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="5170d398"
if __name__ == "__main__":
    encoder = question_encoder(vocab_size=10, width=4, units=6)
    q = np.array(encoder(np.array([[5, 3, 8], [7, 0, 0]])))
    print("q", q.shape, "패딩으로 생긴 q의 차이:", np.abs(q[1] - encoder(np.array([[7]]))[0]).max())
    # 기대 출력: q (2, 6), 그리고 0 또는 1e-6보다 작은 수

# %% [markdown] source="47b3ebcd"
# ## 2. 시선 한 번
#
# 합성곱 신경망이 그림을 특징의 격자로 바꾸어 두었습니다. 위치는 `P`개이고, 위치마다 벡터가 하나씩 있습니다. 시선은
# 모든 위치에 한꺼번에 묻습니다. 각 위치에는 거기에 무엇이 있는지 알려 주는 **키**와 다음으로 넘겨줄 **값**이 있고,
# 질문이 **쿼리**가 됩니다. 위치 $p$의 키와 값을 $k_p$, $v_p$라고 하면 다음과 같습니다.
#
# $$e_p = \frac{k_p \cdot \mathrm{query}}{\sqrt{K}} \qquad w = \mathrm{softmax}(e) \qquad
#   \mathrm{context} = \sum_p w_p\, v_p$$
#
# 두 번째 시선은 더 많은 것을 압니다. 답이 어디쯤 있을지 알려 주는 가중치인 **사전 가중치**(prior)가 있기 때문입니다.
# 사전 가중치는 다음과 같이 곱해집니다.
#
# $$w_p = \frac{(\mathrm{prior}_p + \varepsilon)\, \exp e_p}{\sum_r (\mathrm{prior}_r + \varepsilon)\, \exp e_r}$$
#
# 여기에서 $\varepsilon$ = `SMALLEST`이며, 덕분에 완전히 제외되는 위치는 없습니다. 지수 함수에 어떤 수를 곱하는 것은
# 에너지에 그 수의 *로그*를 더하는 것과 같습니다. 그러므로 $e_p + \log(\mathrm{prior}_p + \varepsilon)$을 구한 다음
# 소프트맥스를 적용하세요.


# %% source="20b61fe3"
def look(keys, values, query, prior=None):
    """그림마다 쿼리 하나로 그림의 위치들에 주목합니다.

    Args:
        keys: (B, P, K).
        values: (B, P, D).
        query: (B, K).
        prior: 0 이상의 가중치 (B, P). 사전 가중치 없이 보려면 None.

    Returns:
        context: 어텐션을 가중치로 하는 값의 합 (B, D).
        weights: 어텐션 가중치 (B, P). 모든 위치에 대한 합은 1입니다.
    """
    raise NotImplementedError("look")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="e273d6ba"
if __name__ == "__main__":
    keys, values = np.array([[[2.0], [0.0], [0.0], [0.0]]]), np.array([[[1.0], [2.0], [3.0], [4.0]]])
    for prior in (None, np.array([[0.0, 0.0, 0.5, 0.5]])):
        context, weights = look(keys, values, np.array([[1.0]]), prior)
        print(np.round(weights, 3).tolist(), np.round(context, 3).tolist())
    # 기대 출력: [[0.711, 0.096, 0.096, 0.096]] [[1.579]]
    #           [[0.0, 0.0, 0.5, 0.5]] [[3.5]]

# %% [markdown] source="a886e53f"
# ## 3. 한 시선에서 다음 시선으로
#
# *on the chair*는 의자가 어디에 있든 의자보다 조금 위쪽입니다. 그래서 질문을 *오프셋*의 **커널**로 바꿉니다. "두 행
# 위로"의 가중치, "한 열 오른쪽으로"의 가중치 같은 것들입니다. 커널은 첫 번째 시선 $w$의 맵 전체를 옮깁니다.
#
# $$\mathrm{moved}[y, x] = \sum_{y', x'} w[y', x']\; \mathrm{kernel}[\,y - y' + H - 1,\; x - x' + W - 1\,]$$
#
# 한 위치에서 다른 위치까지는 $-(H-1)$행에서 $H-1$행까지 떨어져 있으므로, 커널에는 행이 $2H-1$개, 열이 $2W-1$개
# 있습니다. 한가운데인 `[H - 1, W - 1]`은 "그대로"를 뜻합니다. 그림 밖으로 나가는 것은 사라집니다.
#
# 위치 세 개가 한 행에 있는 예를 봅시다. 커널에는 열이 다섯 개 있습니다. 왼쪽으로 두 개, 그대로, 오른쪽으로 두
# 개입니다.
#
# | | | |
# |---|---|---|
# | 시선 | `0  1  0` | 가중치가 모두 가운데에 있음 |
# | 커널 | `0  0  0  1  0` | 한 칸 오른쪽으로 |
# | 옮긴 시선 | `0  0  1` | |
#
# 그림마다 커널이 다르므로 보통의 합성곱 층은 쓸 수 없습니다. 오프셋에 대한 반복문을 쓰거나, 위치의 쌍마다 커널의
# 인덱스를 NumPy로 한 번만 계산해 두고 `ops.take`로 가중치를 가져오세요. Keras가 이 함수를 그래프 안에서 호출하므로
# `weights`와 `kernel`에는 `ops`를 쓰세요.


# %% source="4467d2df"
def move_look(weights, kernel):
    """오프셋의 커널로 시선을 옮깁니다.

    Args:
        weights: 첫 번째 시선의 가중치 (B, H, W).
        kernel: 오프셋의 가중치 (B, 2 H - 1, 2 W - 1).

    Returns:
        옮긴 시선 (B, H, W).
    """
    raise NotImplementedError("move_look")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="acb347aa"
if __name__ == "__main__":
    first = np.zeros((1, 3, 4))
    first[0, 2, 1] = 1  # 맨 아래 행, 두 번째 열
    kernel = np.zeros((1, 5, 7))
    kernel[0, 1, 3] = 1  # 한 행 위로, 한가운데는 [2, 3]
    print(np.array(move_look(first, kernel))[0].astype(int).tolist())
    # 기대 출력: [[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]

# %% [markdown] source="575ba578"
# ## 4. 답
#
# 이제 전체 모델입니다. `Dense` 층이 격자에서 키와 값을 만들고, $q$에서 쿼리와 커널을 만듭니다. 답은 질문과 두
# 컨텍스트 $c_1$, $c_2$에서 얻습니다. 컨텍스트에는 *blue*와 *chair*처럼 한 위치에 대한 모든 것이 들어 있습니다.
# $q$에서 만든 **게이트**가 그 숫자 하나하나에 곱해져, 질문한 것을 골라냅니다.
#
# $$s_i = \mathrm{gate}_i(q) \circ c_i \qquad h = \mathrm{relu}(\mathrm{hidden}([q;\ s_1;\ s_2])) \qquad
#   \mathrm{logits} = \mathrm{logits}(h)$$
#
# 이름으로 가중치를 넣을 수 있도록 층에 다음 이름을 붙이세요.
#
# | `name=` | 입력 | 유닛 | 활성화 함수 |
# |---|---|---|---|
# | `"keys"` | 위치 `(B, P, C)` | `K` | 없음 |
# | `"values"` | 위치 `(B, P, C)` | `D` | 없음 |
# | `"first_query"` | `q` | `K` | 없음 |
# | `"kernel"` | `q` | `(2 H - 1)(2 W - 1)` | 소프트맥스 |
# | `"second_query"` | `q` | `K` | 없음 |
# | `"first_gate"`, `"second_gate"` | `q` | 각각 `D` | tanh |
# | `"hidden"` | $q$, $s_1$, $s_2$를 이 순서대로 | `hidden_units` | relu |
# | `"logits"` | `hidden` | `A` | 없음 |
#
# `ops.reshape`는 격자 `(B, H, W, C)`를 위치 `(B, P, C)`로, 가중치를 맵으로, 또 그 반대로 바꿉니다. `B` 자리에는 -1을
# 쓰세요.


# %% source="76027132"
def answer_model(encoder, grid_shape, key_units, value_units, hidden_units, answers):
    """시선 두 번으로, 그림에 대한 질문에 답하는 모델을 만듭니다.

    Args:
        encoder: 단어 id (B, T)를 받아 q (B, n)을 내놓는 Keras 모델.
        grid_shape: (H, W, C), 그림 하나의 특징의 형상.
        key_units: K.
        value_units: D.
        hidden_units: 은닉층의 유닛 수.
        answers: A.

    Returns:
        [특징 (B, H, W, C), 단어 id (B, T)]를 받아 [로짓 (B, A), 시선 (B, 2, H, W)]를 내놓는 Keras 모델.
    """
    H, W, C = grid_shape
    features, ids = Input((H, W, C)), Input((None,), dtype="int32")
    raise NotImplementedError("answer_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="d3626c71"
if __name__ == "__main__":
    model = answer_model(toy_question_encoder(seed=0), (3, 4, 5), 6, 7, 8, 9)
    logits, looks = model([np.ones((2, 3, 4, 5)), np.array([[3, 1, 2], [4, 0, 0]])])
    print("logits", logits.shape, "looks", looks.shape)
    # 기대 출력: logits (2, 9) looks (2, 2, 3, 4)

# %% [markdown] source="a9f20347"
# ## 5. 어디를 보아야 하는지 알려 주기
#
# 답의 손실에는 시선이 어디에 있어야 하는지가 전혀 나오지 않습니다. 하지만 우리는 사물이 어디에 있는지 압니다.
# 질문마다 질문에 *나오는* 사물(의자)의 상자와, 답이 *가리키는* 사물(바나나)의 상자가 딸려 있습니다. 그래서 시선에
# 손실을 따로 둡니다. 시선 가운데 자기 상자 안에 있는 몫을 쓰면 다음과 같습니다.
#
# $$\mathrm{share} = \sum_{p\ \mathrm{inside}} w_p \qquad
#   \mathrm{loss} = \text{mean of} -\log(\mathrm{share} + \varepsilon)$$
#
# 가중치가 상자 안의 *어디에* 있는지는 중요하지 않고, 모두 합쳐 얼마인지만 중요합니다. 상자가 없는 시선도 있습니다.
# *Is there a cat?*의 답이 *no*이면 볼 것이 없습니다. 이런 시선의 맵은 모두 0이며, 세지 않습니다. 배치에 상자가 있는
# 시선이 하나도 없으면 손실은 0입니다. 그러므로 1 이상인 수로 나누세요.


# %% source="59a6ea04"
def look_loss(boxes, looks):
    """상자를 알려 준 시선의 손실을 계산합니다.

    Args:
        boxes: 0과 1의 맵 (B, 2, H, W). 상자 안이 1이고, 상자가 없는 시선에서는 모두 0입니다.
        looks: 시선의 가중치 (B, 2, H, W).

    Returns:
        상자가 있는 모든 시선에 대한 -log(share + SMALLEST)의 평균. 축이 없는 텐서입니다.
    """
    raise NotImplementedError("look_loss")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="a1ee2ba6"
if __name__ == "__main__":
    boxes, looks = np.zeros((1, 2, 2, 2), "float32"), np.full((1, 2, 2, 2), 0.25, "float32")
    boxes[0, 0, 0] = 1  # 첫 번째 시선은 윗행이고, 두 번째 시선에는 상자가 없음
    print(f"{float(look_loss(boxes, looks)):.3f}")
    # 기대 출력: 0.693, 즉 log 2. 첫 번째 시선의 절반이 안에 있습니다.

# %% [markdown] source="2da0074f"
# ### 상자에서 위치로
#
# 상자는 픽셀로 나타낸 `(left, top, right, bottom)`이고, 그림의 크기는 `size` x `size`픽셀입니다. 격자는 그림을 행
# `H`개와 열 `W`개로 나누므로, 위치 $(y, x)$의 중심은
# $\left((x + \tfrac12)\tfrac{\mathrm{size}}{W},\ (y + \tfrac12)\tfrac{\mathrm{size}}{H}\right)$에 있습니다.
# 상자에서와 같이 가로가 먼저입니다. 위치의 중심이 안에 있으면 그 위치도 안에 있습니다: `left <= … < right`,
# `top <= … < bottom`.
#
# 작은 사물의 상자에는 중심이 하나도 없을 수 있습니다. 그때에는 중심이 상자의 한가운데에 가장 가까운 위치 하나를
# 씁니다.


# %% source="40695a72"
def places_in_box(box, grid_shape, size):
    """상자 안에 있는 격자의 위치를 찾습니다.

    Args:
        box: 픽셀로 나타낸 (left, top, right, bottom).
        grid_shape: (H, W).
        size: 픽셀로 나타낸 그림의 너비와 높이.

    Returns:
        불리언 (H, W), NumPy 배열. 적어도 한 위치에서 True입니다.
    """
    raise NotImplementedError("places_in_box")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="39efaf59"
if __name__ == "__main__":
    print(places_in_box((10, 30, 40, 64), (4, 4), 64).astype(int).tolist())
    # 기대 출력: [[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]]

# %% [markdown] source="92e89303"
# ## 6. 그림과 질문
#
# `lesson_questions`는 열두 가지 사물이 있는 장면을 그리고 그에 대해 질문합니다. 질문은 세 종류입니다. *is there a
# …*(…이 있나요?), *what is on (under, next to, …) the …*(… 위에, 아래에, 옆에 무엇이 있나요?), *what color is the
# …*(…은 무슨 색인가요?).

# %% source="e8afbe7c"

# %% [markdown] source="e807ea27"
# ## 7. 보지 않는 모델
#
# 사진에 대한 질문을 처음으로 모은 데이터에서는, 사진을 한 번도 보지 않고도 질문의 절반에 답할 수 있었습니다. *What
# color is the banana?* 노란색입니다. *Is there a clock?* 사람들은 시계가 있는 사진에서 이런 질문을 합니다(Goyal et
# al., 2017). 그러므로 이런 모델은 모두 **질문만 보는 기준 모델**과 비교해야 합니다. 그중 가장 강한 것은 학습용 질문을
# 통째로 외운 모델입니다. 각 질문에, 똑같은 질문에 가장 자주 나온 답을 내놓습니다.


# %% source="ec1db7c2"
def question_only_baseline(train_questions, train_answers, questions):
    """그림 없이 질문에 답합니다.

    Args:
        train_questions: 학습용 질문의 텍스트, 리스트.
        train_answers: 그 답, 길이가 같은 리스트.
        questions: 답할 질문의 텍스트.

    Returns:
        답의 리스트. 질문마다, 학습할 때 같은 텍스트에 가장 자주 나온 답을 줍니다. 한 번도 나오지 않은 질문에는 모든
        학습용 질문에 가장 자주 나온 답을 줍니다. 똑같이 자주 나온 답이 여럿이면 알파벳 순서로 첫 번째를 씁니다.
    """

    raise NotImplementedError("question_only_baseline")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="7a61194d"
if __name__ == "__main__":
    print(question_only_baseline(["a", "a", "b", "a"], ["no", "yes", "red", "yes"], ["a", "b", "c"]))
    # 기대 출력: ['yes', 'red', 'yes']

    kinds = np.array([question.kind for question in test])
    expected = np.array([question.answer for question in test])

    def print_accuracy(name, answers):
        """전체 질문과 종류별 질문에서 맞은 답의 비율을 출력합니다."""
        is_right = np.array(answers) == expected
        of_kinds = "   ".join(f"{kind} {is_right[kinds == kind].mean():.0%}" for kind in ("presence", "what", "color"))
        print(f"{name:24}{is_right.mean():4.0%}   {of_kinds}")

    asked, answered = [question.text for question in train], [question.answer for question in train]
    print_accuracy("question only", question_only_baseline(asked, answered, [question.text for question in test]))

# %% [markdown] source="e1698d24"
# 여기에서는 질문만으로 알 수 있는 것이 별로 없습니다. *yes*와 *no*는 똑같이 자주 나오고, 네 가지 색도 그렇습니다. 이
# 줄의 숫자가 보지 않고 찍어서 얻는 정확도입니다. 그보다 높은 부분은 모두 그림에서 얻은 것입니다.
#
# ## 8. 학습
#
# 그림은 먼저 작은 합성곱 신경망을 지납니다. `picture_network`가 사물이 하나씩 있는 조각 그림으로 이 신경망을 몇 초
# 동안 학습시킵니다. 이 신경망은 사물과 그 색의 이름을 맞힙니다. 그다음부터는 바뀌지 않습니다. 모든 그림의 특징을 한
# 번만 계산해 두고, 여러분이 만든 층만 학습시킵니다. (사진을 다루는 모델도 대부분, 사진 백만 장으로 학습한 신경망을
# 써서 똑같이 합니다.)

# %% source="16fdb0c2"
if __name__ == "__main__":

    def scenes_of(questions):
        """질문들이 묻는 장면을 한 번씩만, 그리고 질문마다 그 장면의 번호를 반환합니다."""
        scenes = {id(question.scene): question.scene for question in questions}
        numbers = {key: number for number, key in enumerate(scenes)}
        return list(scenes.values()), [numbers[id(question.scene)] for question in questions]

    network = picture_network(scenes_of(train)[0])
    word_to_id = {word: index for index, word in enumerate(sorted({w for q in train for w in q.words}), start=1)}
    answers = sorted(set(answered))

    def encode(questions):
        """특징과 단어 id, 그리고 타깃인 답의 번호와 두 시선의 상자를 반환합니다."""
        scenes, numbers = scenes_of(questions)
        features = network.predict(np.stack([scene.image for scene in scenes]), batch_size=100, verbose=0)
        grid_shape = features.shape[1:3]
        ids = np.zeros((len(questions), max(len(question.words) for question in questions)), "int32")
        boxes = np.zeros((len(questions), 2, *grid_shape), "float32")
        for row, question in enumerate(questions):
            ids[row, : len(question.words)] = [word_to_id.get(word, 0) for word in question.words]
            for which, box in enumerate((question.named_region, question.answer_region)):
                if box is not None:
                    boxes[row, which] = places_in_box(box, grid_shape, size=64)
        return [features[numbers], ids], [np.array([answers.index(q.answer) for q in questions]), boxes]

    train_inputs, train_targets = encode(train)
    test_inputs, test_targets = encode(test)
    print("특징", train_inputs[0].shape, "단어 ID", train_inputs[1].shape, "답", len(answers))

# %% [markdown] source="6a3c8fe5"
# 두 손실을 더하되, 시선의 손실에는 계수를 곱합니다. 같은 함수로 계수가 0인 두 번째 모델도 학습시킵니다. 이 모델의
# 시선에는 아무것도 알려 주지 않습니다. 각각 15초쯤 걸립니다.

# %% source="8814d0ea"
if __name__ == "__main__":
    BATCH_SIZE, EPOCHS = 128, 8

    def train_model(factor):
        """답 모델을 학습시킵니다. `factor`는 시선의 손실에 곱하는 계수입니다."""
        keras.utils.set_random_seed(0)
        encoder = question_encoder(len(word_to_id) + 1, 32, 48)
        shape = train_inputs[0].shape[1:]
        model = answer_model(encoder, shape, key_units=48, value_units=64, hidden_units=128, answers=len(answers))
        schedule = keras.optimizers.schedules.CosineDecay(0.006, EPOCHS * -(-len(train) // BATCH_SIZE))
        cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        optimizer = keras.optimizers.Adam(schedule, clipnorm=1.0)
        model.compile(optimizer, loss=[cross_entropy, look_loss], loss_weights=[1.0, factor], jit_compile=False)
        model.fit(train_inputs, train_targets, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
        return model

    found, looks = {}, {}
    for name, factor in (("looks are told", 0.3), ("looks are not told", 0.0)):
        logits, looks[name] = train_model(factor).predict(test_inputs, verbose=0)
        found[name] = [answers[number] for number in logits.argmax(axis=-1)]
        print_accuracy(name, found[name])

# %% [markdown] source="62d3961b"
# 두 모델 모두 아무것도 보지 않는 모델보다 훨씬 낫고, 세 종류의 질문 모두에서 시선을 알려 준 모델이 앞섭니다.
#
# 다음 그림 세 장에는 저마다 그림 하나와 그 모델의 두 시선이 있습니다. 모델이 본 곳이 밝습니다. *What is under the
# dog?* 같은 질문에서는 첫 번째 시선이 개에, 두 번째 시선이 그 아래에 있습니다. 색을 물으면 두 시선이 같은 사물에
# 있습니다. 질문이 시선을 옮기지 않기 때문입니다.

# %% source="030a3825"
if __name__ == "__main__":
    from dlseq.plots import ImageAttentionExample, image_attention

    def show_looks(row, name="looks are told"):
        """시험용 질문 하나의 두 시선을 그립니다."""
        question, answer = test[row], found[name][row]
        text = f"{question.text} {answer}" + ("" if answer == question.answer else f" (it is: {question.answer})")
        words = ["first look", "second look"]
        plt.figure(image_attention(ImageAttentionExample(question.scene.image, looks[name][row], words, text=text)))
        plt.show()

    right = [row for row, question in enumerate(test) if found["looks are told"][row] == question.answer]
    for kind in ("what", "color", "presence"):
        show_looks(next(row for row in right if test[row].kind == kind))

# %% [markdown] source="914146aa"
# ## 9. 실패를 읽기
#
# 틀린 답이 있습니다. 왜 틀렸을까요? 모델의 단계를 하나씩 들여다볼 수 있으며, 처음으로 틀린 단계가 **원인**입니다.
#
# 1. *첫 번째 시선*이 질문에 나오는 사물을 놓쳤습니다. 그 뒤의 모든 것이 잘못된 위치에서 출발했습니다.
# 2. 첫 번째 시선은 맞았지만, *두 번째 시선*이 답이 가리키는 사물을 놓쳤습니다.
# 3. 두 시선이 모두 맞았는데도 *답*이 틀렸습니다. 모델이 바나나를 보고 *cat*이라고 말한 것입니다.
#
# 시선은 **가장 큰 가중치**의 위치가 상자 안에 있으면 상자를 맞힌 것입니다. 상자가 없는 시선은 상자를 놓칠 수
# 없습니다. 맞은 답에는, 운이 좋았을 뿐이더라도 원인이 없습니다.


# %% source="f69b5df1"
def find_fault(answer, expected, looks, named, about):
    """시선이 두 번 있는 모델에서 틀린 단계를 찾습니다.

    Args:
        answer: 모델의 답, 텍스트.
        expected: 올바른 답.
        looks: 두 시선의 가중치, NumPy 배열 (2, H, W).
        named: 불리언 (H, W). 질문에 나오는 사물의 상자 안에서 True. 그런 상자가 없으면 None.
        about: 답이 가리키는 사물의 상자에 대해 같은 것.

    Returns:
        맞은 답이면 "none", 아니면 처음으로 틀린 단계인 "first look", "second look", "answer" 중 하나.
    """
    raise NotImplementedError("find_fault")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="205be020"
if __name__ == "__main__":
    two = np.array([[[0.6, 0.1], [0.2, 0.1]], [[0.1, 0.1], [0.7, 0.1]]])
    left, top = np.array([[True, False], [True, False]]), np.array([[True, True], [False, False]])
    print([find_fault("cat", expected, two, top, about) for expected in ("cat", "dog") for about in (left, top)])
    # 기대 출력: ['none', 'none', 'answer', 'second look']

# %% [markdown] source="d06dbd52"
# 두 모델에서 틀린 답의 원인을 모두 셉니다. 셀을 실행하기 전에 예상해 보세요. 어느 단계가 가장 자주 실패할까요?

# %% source="99252820"
if __name__ == "__main__":

    def box_of(row, which):
        """시험용 질문의 상자 맵을 반환합니다. 없으면 None을 반환합니다."""
        box = test_targets[1][row, which] > 0
        return box if box.any() else None

    faults = {
        name: [
            find_fault(of_model[row], question.answer, looks[name][row], box_of(row, 0), box_of(row, 1))
            for row, question in enumerate(test)
        ]
        for name, of_model in found.items()
    }
    for name, of_model in faults.items():
        counts = collections.Counter(of_model)
        print(f"{name:20}", {step: counts[step] for step in ("none", "first look", "second look", "answer")})

# %% [markdown] source="723c06d1"
# 이제 시선을 알려 준 모델이 실패한 경우를 종류별로 하나씩 봅니다. 제목을 두 맵과 비교하고, 무슨 일이 일어났는지 자기
# 말로 한 문장으로 적어 보세요. 무엇을 무엇으로 잘못 보았나요? 두 번째 시선이 엉뚱한 쪽으로 끌려갔나요? 그다음
# `show_looks(row)`에 다른 행을 넣어 더 살펴보세요.

# %% source="439326c0"
if __name__ == "__main__":
    for step in ("first look", "second look", "answer"):
        rows = [row for row, fault in enumerate(faults["looks are told"]) if fault == step]
        if rows:
            print(f"{len(rows)}번: {step}, 행 {rows[:8]}")
            show_looks(rows[0])

# %% [markdown] source="f024fee4"
# 다른 모델은 시선이 상자를 놓쳐도 맞는 답을 내놓습니다. 답은 맞지만 그 맵은 아무것도 설명하지 못합니다. 어텐션 맵은
# 모델이 반드시 그것을 거쳐야 하는 만큼만 *설명*이 됩니다. 다음 셀은 **맞은** 답에서 두 번째 시선이 자기 상자 안에
# 있는 경우가 얼마나 되는지 셉니다.

# %% source="702537d7"
if __name__ == "__main__":
    for name, of_model in found.items():
        hits = [
            box_of(row, 1).ravel()[looks[name][row, 1].argmax()]
            for row, question in enumerate(test)
            if of_model[row] == question.answer and box_of(row, 1) is not None
        ]
        print(f"{name:20} 두 번째 시선이 상자 안: 정답 {len(hits)}개 중 {np.mean(hits):.0%}")

# %% [markdown] source="82a5bfbf"
# ## 10. 확인

# %% source="d8ddff08"
