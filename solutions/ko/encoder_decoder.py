# %% [markdown] source="0efe4393"
# # 인코더와 디코더로 하는 번역
#
# *Jane visite l'Afrique en septembre* → *Jane is visiting Africa in September*. 두 문장은 길이도 다르고 순서도
# 다르므로, 단어를 하나씩 차례로 옮기는 신경망으로는 번역할 수 없습니다. **인코더-디코더**는 먼저 문장 전체를 읽고,
# 그다음에 번역문을 씁니다.
#
# ```
#   LSTM ─► LSTM ─► LSTM ─► LSTM ──┐ h, c                                      인코더
#    ▲       ▲       ▲       ▲     │                                           h, c: 문장에서 남은 것은 이것뿐
#   Jane   visite    l'   Afrique  │
#                                  │     Jane     is    visiting  Africa   <end>      타깃
#                                  │      ▲       ▲       ▲       ▲       ▲
#                                  └──► LSTM ─► LSTM ─► LSTM ─► LSTM ─► LSTM          디코더
#                                         ▲       ▲       ▲       ▲       ▲
#                                      <start>   Jane     is    visiting  Africa      입력
# ```
#
# 약점은 가운데의 화살표입니다. 문장이 아무리 길어도 벡터 두 개에 모두 담아야 합니다. 이 연습 문제에서는 이런 모델을
# 만들어 몇 초 동안 학습시키고, 단어가 늘어날수록 번역이 나빠지는 것을 확인합니다. 그다음 **어텐션**을 더하면 번역이
# 나빠지지 않는 것을 볼 수 있습니다.
#
# ## 기호
#
# | 기호 | 의미 |
# |---|---|
# | `B` | 배치에 들어 있는 문장의 개수 |
# | `Tx`, `Ty` | 소스 문장의 단어 수, `<end>`를 포함한 타깃 문장의 단어 수. 둘 다 패딩을 포함합니다. |
# | `V` | 어휘의 크기, `vocab_size`. id 0은 패딩입니다. |
# | `D` | 임베딩한 단어의 크기, `width` |
# | `n` | LSTM의 유닛 수, `units` |
# | `h`, `c` | 은닉 상태와 셀 상태, 각각 `(B, n)` |
# | 메모리 | 각 단어 이후의 인코더 은닉 상태, `(B, Tx, n)` |

# %% source="2403ef5b"
import keras
import numpy as np
from keras import Input, Model, ops
from keras.layers import LSTM, Dense, Embedding

from dlseq.course.given.encoder_decoder import lesson_pairs, toy_models, words_of

PAD, START, END = 0, 1, 2  # 두 어휘 모두 처음 세 id는 이렇습니다

# %% [markdown] source="a4abe4c6"
# `toy_models`는 아무 언어도 모르지만 입력과 출력의 형태는 올바른 인코더와 디코더를 만듭니다. 자기 모델을 만들기 전에
# 이것으로 코드를 시험해 볼 수 있으며, 채점 테스트도 이것을 씁니다. 임포트를 지우지 마세요.
#
# ## 1. 디코더의 입력과 타깃
#
# 번역할 때 디코더는 방금 자기가 쓴 단어를 읽습니다. 학습할 때도 그렇게 하면 처음에는 자기가 쓴 엉터리를 읽게 됩니다.
# 그래서 한 스텝 앞의 *올바른* 단어를 읽게 하는데, 이를 **교사 강요**라고 합니다. 즉 입력은 타깃을 한 스텝 늦춘
# 것입니다. 문장이 7 5 9이고 `start_id`가 1, `end_id`가 2이며, 가장 긴 문장의 단어가 네 개이면 다음과 같습니다.
#
# | 스텝 | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | 입력 | 1 | 7 | 5 | 9 | 0 |
# | 타깃 | 7 | 5 | 9 | 2 | 0 |
#
# 문장의 끝도 다른 단어와 마찬가지로 배워야 하는 단어입니다. 끝을 한 번도 보지 못한 모델은 멈추지 않습니다. 끝
# 다음에는, 배치에서 가장 긴 문장과 그 끝에 맞추어 패딩이 옵니다.


# %% source="691ec691"
def training_targets(sentences, start_id, end_id):
    """디코더를 학습시킬 입력과 타깃을 만듭니다.

    Args:
        sentences: 타깃 문장 B개의 리스트. 각 문장은 시작과 끝이 없는 단어 id의 리스트입니다.
        start_id: 첫 입력의 id.
        end_id: 마지막 타깃의 id.

    Returns:
        decoder_inputs: 정수 (B, Ty). Ty는 가장 긴 문장의 길이에 1을 더한 값입니다.
        targets: 정수 (B, Ty). 둘 다 패딩은 0이며 오른쪽에 있습니다.
    """
    raise NotImplementedError("training_targets")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="db70e8c8"
if __name__ == "__main__":
    for array in training_targets([[7, 5, 9], [4, 4, 8, 6]], start_id=1, end_id=2):
        print(array.tolist())
    # 기대 출력:
    # [[1, 7, 5, 9, 0], [1, 4, 4, 8, 6]]
    # [[7, 5, 9, 2, 0], [4, 4, 8, 6, 2]]

# %% [markdown] source="a1da884f"
# ## 2. 손실
#
# 디코더는 **로짓**을 반환합니다. 로짓은 어휘의 단어마다 하나씩인 숫자이며, 소프트맥스가 이를 확률로 바꿉니다. 한
# 스텝의 손실은 타깃의 로그 확률에 음의 부호를 붙인 값입니다(**교차 엔트로피**). 패딩은 단어가 아니므로 패딩 스텝은
# 세지 않습니다. 문장 $b$의 스텝 $t$에서 타깃의 확률을 $p_{bt}$라고 하면 다음과 같습니다.
#
# $$\mathrm{loss} = \frac{-\sum_{b, t\ \mathrm{real}} \log p_{bt}}{\text{number of real steps}}$$
#
# 배치 전체에 있는 진짜 스텝의 개수로 나누세요. (패딩을 세면 짧은 문장들로 이루어진 배치는 손실이 아주 작아집니다.
# 패딩만큼 예측하기 쉬운 것은 없으니까요.) 소프트맥스와 로그는 `ops.log_softmax`나, `from_logits=True`를 설정한 Keras
# 손실 함수로 한꺼번에 계산하세요. 0으로 반올림된 소프트맥스의 로그는 음의 무한대입니다. Keras가 이 함수를 그래프
# 안에서 호출하므로 처음부터 끝까지 `ops`를 쓰세요.


# %% source="d68850f8"
def masked_loss(targets, logits):
    """패딩을 뺀, 단어당 교차 엔트로피를 계산합니다.

    Args:
        targets: 단어 id (B, Ty). 패딩은 0이고, 적어도 하나는 진짜입니다.
        logits: 소프트맥스 이전의 숫자 (B, Ty, V).

    Returns:
        배치의 모든 진짜 스텝에 대한 평균. 축이 없는 텐서입니다.
    """
    raise NotImplementedError("masked_loss")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="a2aef569"
if __name__ == "__main__":
    print(f"{float(masked_loss(np.array([[3, 1, 2], [2, 0, 0]]), np.zeros((2, 3, 4), 'float32'))):.4f}")
    # 기대 출력: 1.3863, 즉 log 4. 단어마다 확률이 1/4이고 패딩은 영향을 주지 않습니다.

# %% [markdown] source="cd5f981b"
# ## 3. 인코더
#
# `Embedding`이 단어 id를 벡터로 바꾸고, `LSTM`이 그 벡터를 하나씩 읽습니다. 디코더에 넘기는 것은 마지막 상태 두
# 개뿐입니다. `return_state=True`로 요청하세요. 그러면 LSTM은 출력과 두 상태, 모두 세 텐서를 반환합니다. (마지막
# 스텝의 출력이 *곧* 은닉 상태입니다. `h`와 `c`를 이 순서대로 쓰세요.)
#
# 배치의 문장에는 패딩이 있는데, 마지막 단어 뒤에 0을 15개 읽은 LSTM은 문장을 잊어버립니다. `mask_zero=True`를
# 설정하면 임베딩이 마스크를 붙이고, LSTM은 마스크가 False인 곳에서 상태를 그대로 유지합니다.
#
# Keras에서 출력이 여러 개인 모델은 `Model(input, [first, second])`입니다. 문장의 길이는 얼마든지 될 수 있으므로
# 입력은 `Input((None,), dtype="int32")`입니다.


# %% source="58a8733e"
def encoder_model(vocab_size, width, units):
    """임베딩 하나와 LSTM 하나로 인코더를 만듭니다.

    Args:
        vocab_size: 소스 어휘의 크기.
        width: 임베딩한 단어의 크기.
        units: LSTM의 유닛 수.

    Returns:
        단어 id (B, Tx)를 받아 마지막 진짜 단어 이후의 상태 [h (B, n), c (B, n)]을 내놓는 Keras 모델.
    """
    raise NotImplementedError("encoder_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="cda21555"
if __name__ == "__main__":
    encoder = encoder_model(vocab_size=10, width=4, units=6)
    h, c = encoder(np.array([[5, 3, 8], [7, 0, 0]]))
    print("h", h.shape, "c", c.shape)
    print("패딩으로 생긴 h의 차이:", np.abs(h[1] - encoder(np.array([[7]]))[0][0]).max())
    # 기대 출력: h (2, 6) c (2, 6), 그리고 0 또는 1e-6보다 작은 수

# %% [markdown] source="b08021e7"
# ## 4. 디코더
#
# 디코더는 0이 아니라 인코더의 상태에서 시작하는 언어 모델입니다. 인코더의 상태를 `initial_state=[h, c]`로 LSTM에
# 넘기세요. *모든* 스텝의 출력이 필요하며(`return_sequences=True`), 활성화 함수가 없는 `Dense` 층이 각 출력을 로짓으로
# 바꿉니다.
#
# 디코더는 자기의 마지막 상태도 반환합니다. 학습할 때에는 필요하지 않습니다. 그러나 번역할 때에는 한 번에 한 단어씩
# 디코더를 호출하므로, 멈춘 곳에서 이어 갈 수 있어야 합니다.


# %% source="e9f32903"
def decoder_model(vocab_size, width, units):
    """임베딩 하나, LSTM 하나, Dense 층 하나로 디코더를 만듭니다.

    Args:
        vocab_size: 타깃 어휘의 크기.
        width: 임베딩한 단어의 크기.
        units: LSTM의 유닛 수.

    Returns:
        [단어 id (B, Ty), 첫 단어 이전의 상태 h (B, n), c (B, n)]을 받아 [로짓 (B, Ty, V), 마지막 단어 이후의 상태 h
        (B, n), c (B, n)]을 내놓는 Keras 모델.
    """
    ids, h0, c0 = Input((None,), dtype="int32"), Input((units,)), Input((units,))
    raise NotImplementedError("decoder_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="44af8bf6"
if __name__ == "__main__":
    decoder = decoder_model(vocab_size=9, width=4, units=6)
    logits, h, c = decoder([np.array([[1, 5, 8, 3], [1, 7, 7, 4]]), np.zeros((2, 6)), np.zeros((2, 6))])
    print("logits", logits.shape, "h", h.shape, "c", c.shape)
    # 기대 출력: logits (2, 4, 9) h (2, 6) c (2, 6)

# %% [markdown] source="4dfab849"
# ## 5. 학습용 모델
#
# 모델도 층처럼 호출할 수 있습니다. 소스를 인코딩하고, 디코더의 입력과 *인코더가 반환한 것 전부*로 디코더를 호출하고,
# 로짓만 남깁니다. 출력의 개수를 코드에 적지 마세요. 8절의 인코더는 네 개를 반환하는데, 이 함수는 그대로 작동해야
# 합니다. 파이썬에서 `[first, *rest]`는 `first`와 `rest`의 모든 항목으로 이루어진 리스트입니다.


# %% source="1b0ff05a"
def training_model(encoder, decoder):
    """인코더와 디코더를 연결합니다.

    Args:
        encoder: 단어 id (B, Tx)를 받아 [h, c] 또는 [h, c, …]를 내놓는 Keras 모델.
        decoder: [단어 id (B, Ty), h, c] 또는 [단어 id, h, c, …]를 받아 [로짓 (B, Ty, V), …]를 내놓는 Keras 모델.

    Returns:
        [소스의 단어 id (B, Tx), 디코더의 입력 (B, Ty)]를 받아 로짓 (B, Ty, V)를 내놓는 Keras 모델. 두 모델의 가중치를
        그대로 가집니다.
    """
    raise NotImplementedError("training_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="ebbf0735"
if __name__ == "__main__":
    for with_memory in (False, True):
        model = training_model(*toy_models(seed=0, with_memory=with_memory))
        print("logits", model([np.array([[3, 4, 5]]), np.array([[1, 6]])]).shape)
    # 기대 출력: logits (1, 2, 8), 두 번

# %% [markdown] source="45efd313"
# ## 6. 번역
#
# 이제는 타깃이 없습니다. 디코더는 인코더의 상태와 `start_id`에서 시작해 한 번에 한 단어씩 씁니다. 스텝마다 마지막
# 단어로 디코더를 호출하고, 로짓이 가장 큰 단어를 고르고, 새 상태를 받아 두고, 다음으로 넘어갑니다. 이것이 **탐욕
# 탐색**입니다. 연습 문제 `beam_search`에 더 나은 방법이 나옵니다.
#
# 배치의 문장은 모두 함께 번역하며, 끝나는 스텝은 서로 다릅니다. 모든 문장에 `end_id`가 나오거나 단어가
# `max_length`개가 되면 멈추고, 각 문장을 첫 `end_id` 앞에서 자르세요.
#
# - 5절에서와 같이, 인코더가 `h`와 `c` 다음에 무엇을 반환하든 스텝마다 그대로 디코더에 넘깁니다. 이 값은 바뀌지
#   않습니다. `h, c, *rest = …`로 나누어 받을 수 있습니다.
# - Keras 모델에는 배열만 넘기거나 텐서만 넘겨야 하며, 섞을 수 없습니다. `ops.convert_to_tensor`는 단어 id를 텐서로
#   바꿉니다.
# - 디코더가 반환하는 것은 스텝 하나짜리 시퀀스의 로짓 `(B, 1, V)`입니다.


# %% source="cee227c5"
def translate(encoder, decoder, source_ids, start_id, end_id, max_length):
    """탐욕 탐색으로 문장들을 번역합니다.

    Args:
        encoder: `training_model`과 같습니다.
        decoder: `training_model`과 같습니다. [로짓, h, c] 또는 [로짓, h, c, …]를 반환합니다.
        source_ids: 단어 id (B, Tx). 패딩은 0입니다.
        start_id: 디코더의 첫 입력.
        end_id: 문장을 끝내는 단어.
        max_length: 번역문의 최대 단어 수.

    Returns:
        번역문 B개의 리스트. 각 번역문은 start_id와 end_id가 없는 단어 id의 리스트입니다.
    """
    raise NotImplementedError("translate")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="921192ac"
if __name__ == "__main__":
    toys = toy_models(seed=5)
    print(translate(*toys, np.array([[3, 4, 5], [6, 0, 0], [4, 7, 0]]), start_id=1, end_id=2, max_length=6))
    # 기대 출력: [[3, 5, 5], [5, 6, 3], [7, 5, 4, 5, 1, 5]]

# %% [markdown] source="47097954"
# ## 7. 거꾸로 읽기?
#
# Sutskever, Vinyals, Le(2014)는 비용이 전혀 들지 않는 요령을 찾아냈습니다. 소스를 **거꾸로** 읽는 것입니다.
# *septembre en Afrique l' visite Jane* → *Jane is visiting Africa in September*.
#
# **질문.** 더 읽기 전에 생각해 보세요. 문장 전체를 벡터 두 개에 담는 모델에 이것이 도움이 될까요? 각 단어와 그 번역
# 사이의 거리를 모두 더한 값은 달라지지 않습니다. 예상을 적어 두세요. 10절에서 직접 만든 모델이 답을 알려 줍니다.
#
# 단어만 뒤집고, 패딩은 원래 자리인 오른쪽에 그대로 두세요.


# %% source="6d109f91"
def reverse_source(source_ids):
    """각 문장의 단어를 거꾸로 놓습니다.

    Args:
        source_ids: 단어 id (B, Tx). 오른쪽에 0으로 패딩이 있습니다. 원본은 바꾸지 않습니다.

    Returns:
        새 배열 (B, Tx).
    """
    raise NotImplementedError("reverse_source")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="a068f4b8"
if __name__ == "__main__":
    print(reverse_source(np.array([[3, 4, 5, 6], [7, 8, 0, 0]])).tolist())
    # 기대 출력: [[6, 5, 4, 3], [8, 7, 0, 0]]

# %% [markdown] source="ef284150"
# ## 8. 어텐션
#
# 긴 문장을 번역하는 사람은 원문을 다시 들여다봅니다. **어텐션**이 있으면 디코더도 그렇게 합니다. 디코더는 *각* 단어
# 이후의 인코더 은닉 상태, 즉 **메모리**를 받아, 스텝마다 소스의 각 단어가 얼마나 중요한지 계산합니다. 여기에서 스텝과
# 단어의 점수는 두 벡터의 내적입니다(Luong, Pham, Manning, 2015). 디코더의 출력을 **쿼리** $q_t$, 메모리를 $m_j$라고
# 하면 다음과 같습니다.
#
# $$e_{tj} = q_t \cdot m_j \qquad w_{tj} = \frac{\exp e_{tj}}{\sum_{k\ \mathrm{real}} \exp e_{tk}} \qquad
#   \mathrm{context}_t = \sum_j w_{tj}\, m_j$$
#
# 패딩은 가중치를 받지 않습니다. 소프트맥스 이전에 패딩의 에너지를 -1e9 같은 값으로 바꾸세요. `ops.matmul`은 마지막 두
# 축으로 행렬 곱을 계산하고, `ops.transpose(x, (0, 2, 1))`은 그 두 축을 서로 바꿉니다.


# %% source="ec2b1f13"
def attend(queries, memory, mask):
    """메모리에 주목합니다.

    Args:
        queries: 디코더의 출력 (B, Ty, n).
        memory: 각 단어 이후의 인코더 은닉 상태 (B, Tx, n).
        mask: 불리언 (B, Tx), 패딩에서 False. 각 행에 True가 적어도 하나 있습니다.

    Returns:
        context: 어텐션을 가중치로 하는 메모리의 합 (B, Ty, n).
        weights: 어텐션 가중치 (B, Ty, Tx). Tx에 대한 합은 1입니다.
    """
    raise NotImplementedError("attend")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="e577357f"
if __name__ == "__main__":
    memory = np.array([[[2.0, 0.0], [0.0, 2.0], [9.0, 9.0]]])
    context, weights = attend(np.array([[[0.0, 0.0], [0.0, 3.0]]]), memory, np.array([[True, True, False]]))
    print(np.round(weights, 3).tolist(), np.round(context, 3).tolist())
    # 기대 출력: [[[0.5, 0.5, 0.0], [0.002, 0.998, 0.0]]] [[[1.0, 1.0], [0.005, 1.995]]]

# %% [markdown] source="7f7e72b0"
# ### 어텐션이 있는 인코더와 디코더
#
# 인코더는 3절의 인코더와 같지만 텐서 두 개를 더 반환합니다. 하나는 메모리로, 이를 위해 LSTM이 모든 스텝의 출력을
# 반환해야 합니다. 다른 하나는 진짜 단어에서 True인 마스크입니다(`ops.not_equal`).


# %% source="91daebc1"
def attention_encoder_model(vocab_size, width, units):
    """임베딩 하나와 LSTM 하나로, 어텐션이 있는 모델의 인코더를 만듭니다.

    Args:
        vocab_size: 소스 어휘의 크기.
        width: 임베딩한 단어의 크기.
        units: LSTM의 유닛 수.

    Returns:
        단어 id (B, Tx)를 받아 [h (B, n), c (B, n), 메모리 (B, Tx, n), 마스크 (B, Tx)]를 내놓는 Keras 모델.
    """
    raise NotImplementedError("attention_encoder_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="de2b3733"
# 디코더는 4절의 디코더와 한 곳, LSTM과 로짓 사이만 다릅니다. LSTM의 모든 출력이 쿼리가 됩니다. LSTM은 컨텍스트에
# 의존하지 않으므로 모든 스텝을 한꺼번에 계산합니다. 컨텍스트와 출력을 합쳐 **어텐션 벡터**(attentional vector)를
# 만들고, 이 벡터에서 로짓을 계산합니다.
#
# $$a_t = \tanh(W\,[\mathrm{context}_t;\, \mathrm{output}_t] + b) \qquad \mathrm{logits}_t = U a_t + d$$
#
# 그러므로 `Dense` 층은 두 개이고, 첫 번째는 유닛이 `n`개이며 tanh가 있습니다. 이어 붙일 때에는 컨텍스트가 먼저
# 옵니다. 가중치도 마지막 출력으로 반환하세요. 이것이 어텐션 맵입니다.


# %% source="fc6fa52e"
def attention_decoder_model(vocab_size, width, units):
    """임베딩 하나, LSTM 하나, Dense 층 두 개로, 어텐션이 있는 디코더를 만듭니다.

    Args:
        vocab_size: 타깃 어휘의 크기.
        width: 임베딩한 단어의 크기.
        units: LSTM의 유닛 수이자 첫 번째 Dense 층의 유닛 수.

    Returns:
        [단어 id (B, Ty), h (B, n), c (B, n), 메모리 (B, Tx, n), 마스크 (B, Tx)]를 받아 [로짓 (B, Ty, V), h (B, n), c
        (B, n), 가중치 (B, Ty, Tx)]를 내놓는 Keras 모델.
    """
    ids, h0, c0 = Input((None,), dtype="int32"), Input((units,)), Input((units,))
    memory, mask = Input((None, units)), Input((None,), dtype="bool")
    raise NotImplementedError("attention_decoder_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="9401c99c"
# Keras는 모델이 입력의 "마스크를 없앤다"(destroys the mask)고 경고합니다. 이 디코더는 마스크를 별도의 입력으로
# 받으므로 잃는 것이 없고, 그래서 경고를 꺼 두었습니다.

# %% source="7625b3d2"
if __name__ == "__main__":
    import warnings

    warnings.filterwarnings("ignore", message=".*destroy the mask", category=UserWarning)
    encoder, decoder = attention_encoder_model(10, 4, 6), attention_decoder_model(9, 4, 6)
    outputs = decoder([ops.convert_to_tensor([[1, 5, 8, 3], [1, 7, 7, 4]]), *encoder(np.array([[5, 3, 8], [7, 0, 0]]))])
    print([tuple(output.shape) for output in outputs], "패딩의 가중치:", np.max(outputs[3][1, :, 1:]))
    # 기대 출력: [(2, 4, 9), (2, 6), (2, 6), (2, 4, 3)] 패딩의 가중치: 0.0

# %% [markdown] source="128c4046"
# ## 9. 데이터와 학습
#
# `lesson_pairs`는 작은 문법에서 문장을 뽑습니다. 문장은 *and*와 *but*으로 이어진 절로 이루어집니다. 모델은 단어가
# 20개까지인 문장으로 학습하고, 26개까지인 다른 문장으로 시험합니다.
#
# `words_of`는 텍스트를 단어와 문장 부호로 나눕니다. 두 언어는 저마다 자기 어휘를 가집니다.

# %% source="628f27ea"
if __name__ == "__main__":

    def number_words(texts):
        """특수 단어 세 개 다음부터 모든 단어에 id를 매겨 반환합니다."""
        words = sorted({word for text in texts for word in words_of(text)})
        return {word: index for index, word in enumerate(words, start=END + 1)}

    def encode(texts, word_to_id):
        """단어 id의 리스트들을 반환합니다."""
        return [[word_to_id[word] for word in words_of(text)] for text in texts]

    def pad(sentences):
        """오른쪽을 패딩으로 채운 단어 id의 배열 (B, T)를 반환합니다."""
        rows = np.zeros((len(sentences), max(map(len, sentences))), "int32")
        for row, sentence in zip(rows, sentences, strict=True):
            row[: len(sentence)] = sentence
        return rows

    train, test = lesson_pairs(4000, max_words=20), lesson_pairs(1000, "test", max_words=26)
    source_words = number_words(pair.source for pair in train)
    target_words = number_words(pair.target for pair in train)
    source_ids = pad(encode([pair.source for pair in train], source_words))
    inputs, targets = training_targets(encode([pair.target for pair in train], target_words), START, END)
    for pair in train[:5]:
        print(f"{pair.source} -> {pair.target}")
    print(f"단어 {len(source_words)}개와 {len(target_words)}개, 배열 {source_ids.shape}, {inputs.shape}")

# %% [markdown] source="e78ae6c2"
# 같은 데이터, 같은 크기, 같은 에포크 수로 세 모델을 학습시킵니다. 어텐션이 없는 모델, 어텐션 없이 소스를 거꾸로 읽는
# 모델, 어텐션이 있는 모델입니다. 코어 하나에서 셋을 모두 합쳐 1분도 걸리지 않습니다.
#
# - `patch_keras_lstm`은 Keras의 LSTM이 `dlseq.layers.LSTM`의 커널을 쓰게 합니다. 결과는 같고 몇 배 빠릅니다.
# - `jit_compile=False`는 XLA를 끕니다. 여기에서는 XLA가 절약하는 시간보다 컴파일하는 시간이 더 깁니다.

# %% source="2e257a4f"
if __name__ == "__main__":
    import time

    from dlseq.kernels.patch_keras_lstm import patch_keras_lstm

    patch_keras_lstm()
    WIDTH, UNITS, EPOCHS, BATCH_SIZE = 32, 64, 7, 32

    def train_models(make_encoder, make_decoder, sources):
        """인코더와 디코더를 함께 학습시키고 둘 다 반환합니다."""
        keras.utils.set_random_seed(0)
        encoder = make_encoder(len(source_words) + END + 1, WIDTH, UNITS)
        decoder = make_decoder(len(target_words) + END + 1, WIDTH, UNITS)
        model = training_model(encoder, decoder)
        schedule = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * -(-len(sources) // BATCH_SIZE))
        optimizer = keras.optimizers.Adam(schedule, clipnorm=1.0)
        model.compile(optimizer, loss=masked_loss, jit_compile=False)
        start = time.perf_counter()
        losses = model.fit([sources, inputs], targets, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0).history["loss"]
        print(f"파라미터 {model.count_params():,}개, {time.perf_counter() - start:.0f}초, 에포크별 손실:", end="")
        print(*(f" {loss:.2f}" for loss in losses))
        return encoder, decoder

    models = {
        "without attention": train_models(encoder_model, decoder_model, source_ids),
        "without attention, source reversed": train_models(encoder_model, decoder_model, reverse_source(source_ids)),
        "with attention": train_models(attention_encoder_model, attention_decoder_model, source_ids),
    }

# %% [markdown] source="a720a135"
# ## 10. 번역과 길이별 BLEU
#
# `dlseq.metrics.bleu_by_length`는 문장을 길이에 따라 묶고, *sacrebleu*로 묶음마다 BLEU를 계산합니다. 문장이 이미
# 단어로 나뉘어 있으므로 `tokenize="none"`입니다.

# %% source="9572d3fe"
if __name__ == "__main__":
    from dlseq.metrics import bleu_by_length

    id_to_word = {index: word for word, index in target_words.items()}
    test_ids = pad(encode([pair.source for pair in test], source_words))
    references = [" ".join(words_of(pair.target)) for pair in test]
    lengths = [len(words_of(pair.target)) for pair in test]

    translations, scores = {}, {}
    for name, pair_of_models in models.items():
        ids = reverse_source(test_ids) if "reversed" in name else test_ids
        found = translate(*pair_of_models, ids, START, END, max_length=40)
        translations[name] = [" ".join(id_to_word.get(index, "?") for index in row) for row in found]
        scores[name] = bleu_by_length(
            translations[name], references, lengths, upper_bounds=range(5, 27, 3), tokenize="none"
        )
        print(f"{name}:", *(f"{score.max_length} words {score.score.value:.0f}," for score in scores[name]))

    longest = lengths.index(20)
    print(f"\n{test[longest].source}\n{references[longest]}  (정답)")
    for name, texts in translations.items():
        print(f"{texts[longest]}  ({name})")

# %% source="2e03360e"

# %% [markdown] source="603cc86b"
# 그림을 보세요.
#
# - **어텐션이 없으면** 길이가 늘어날수록 BLEU가 떨어지며, 학습에 쓴 가장 긴 문장에 이르기 훨씬 전부터 그렇습니다.
#   그래도 번역문은 유창한 영어입니다. 모델은 시작은 잘하지만 그 뒤로는 그럴듯한 문장을 지어냅니다.
# - **거꾸로** 읽으면 같은 모델이 훨씬 나아집니다. 거리를 모두 더한 *합*은 그대로이지만, 두 문장의 *첫* 단어들이 이제
#   서로 가까이 있습니다. 모델은 이 단어들을 금방 배우고, 거기에서부터 뒤의 단어들을 배워 나갑니다.
# - **어텐션이 있으면** 거의 떨어지지 않습니다. 학습에 쓴 가장 긴 문장을 넘어서면 이 모델도 단어를 빠뜨리기
#   시작합니다. 그렇게 길게 써 본 적이 없기 때문입니다.

# %% [markdown] source="78629ee4"
# ## 11. 어텐션 맵
#
# 번역에 쓴 가중치는 디코더의 출력 중 하나입니다. 번역문 전체로 디코더를 한 번 호출하세요. 맵의 행 `t`는 단어 `t`를 쓴
# 스텝의 것입니다. 문장 쌍은 어느 단어와 어느 단어가 대응하는지 알고 있으므로, 맵을 이 정답 정렬과 비교할 수 있습니다.
# **정렬 오류율**은 각 행의 가장 큰 가중치를 연결로 보고 계산합니다. 첫 번째 행은 다른 곳을 가리킬 수도 있습니다. 뒤에
# 나오는 단어의 메모리도, `h`도 이름을 알고 있기 때문입니다.

# %% source="460daf2a"
if __name__ == "__main__":
    from dlseq.metrics import alignment_error_rate, attention_links
    from dlseq.plots import attention_heatmap

    def attention_weights(pair):
        """문장 쌍 하나의 어텐션 가중치 (Ty, Tx)를 반환합니다."""
        encoder, decoder = models["with attention"]
        ids, _ = training_targets(encode([pair.target], target_words), START, END)
        source = np.array(encode([pair.source], source_words))
        return np.asarray(decoder([ops.convert_to_tensor(ids), *encoder(source)])[3][0])

    rows, gold = [attention_weights(pair) for pair in test[:100]], [pair.alignment for pair in test[:100]]
    links = [attention_links(weights, len(words_of(pair.target))) for weights, pair in zip(rows, test, strict=False)]
    print(f"정렬 오류율: {alignment_error_rate(links, gold):.2f}")

    pair = test[longest]
    plt.figure(attention_heatmap(attention_weights(pair), words_of(pair.source), [*words_of(pair.target), "<end>"]))
    plt.show()

# %% [markdown] source="b25f7670"
# ## 12. 확인

# %% source="c5c0c66e"
