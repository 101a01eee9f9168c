# %% [markdown] source="be353028"
# # 어텐션을 이용한 날짜 정규화
#
# "3 May 1979", "5.30.12", "wednesday august 19 1998"은 사람에게는 날짜이지만 프로그램에는 문자열일 뿐입니다.
# 여기에서는 이런 텍스트를 읽고 날짜를 `1998-08-19` 형식으로 쓰는 신경망을 만듭니다.
#
# 날짜를 이루는 부분의 순서는 양쪽이 서로 다릅니다. 텍스트에서는 연도가 맨 뒤에 나오더라도 출력에서는 맨 앞에
# 써야 합니다. 이런 일에 쓰는 신경망이 **인코더-디코더**입니다. 양방향 LSTM인 **인코더**는 텍스트의 문자마다 벡터를
# 하나씩 만듭니다. 이 벡터들을 모두 합쳐 **메모리** `a`라고 합니다. 두 번째 LSTM인 **디코더**는 한 스텝에 한 문자씩
# 날짜를 씁니다. 이 둘을 잇는 것이 **어텐션**입니다. 디코더는 스텝마다 메모리의 각 벡터에 가중치를 얼마나 줄지
# 정하고, 그 벡터들의 가중 평균인 **컨텍스트**를 받습니다.
#
# ```
#         1          9          9          8        …        출력: 한 스텝에 한 문자, Ty = 10스텝
#         ▲          ▲          ▲          ▲
#   s0 ─► LSTM ─ s ─► LSTM ─ s ─► LSTM ─ s ─► LSTM ─► …      디코더: 유닛 n_s개
#         ▲          ▲          ▲          ▲
#         │          │          │          │                 컨텍스트: 스텝마다 새로 계산하는, 메모리의 가중 평균
#       ╱  ╱  │  ╲  ╲  ╲  …
#   a ◄─► a ◄─► a ◄─► a ◄─► a ◄─► …                          인코더: 방향마다 유닛 n_a개
#   ▲     ▲     ▲     ▲     ▲
#   w     e     d     n     e     …                          텍스트: 문자 Tx = 30개
# ```
#
# ## 기호
#
# | 기호 | 의미 |
# |---|---|
# | `m` | 배치에 들어 있는 예제의 개수 |
# | `Tx`, `Ty` | 텍스트의 문자 수(30, 더 짧은 텍스트는 패딩으로 채움), 출력의 문자 수(10) |
# | `n_a`, `n_s` | 인코더의 방향별 유닛 수(32), 디코더의 유닛 수(64) |
# | `a` | 메모리, 즉 각 문자에 대한 인코더의 출력, `(m, Tx, 2 * n_a)` |
# | `s`, `c` | 디코더의 **은닉 상태**와 **셀 상태**, 각각 `(m, n_s)` |
# | `alphas` | 한 스텝의 **어텐션 가중치**, 텍스트의 문자마다 하나, `(m, Tx, 1)` |

# %% source="97f646ff"
import keras
import numpy as np
from keras import Input, Model
from keras.layers import LSTM, Bidirectional, Concatenate, Dense, Dot, RepeatVector, Softmax

Tx, Ty, n_a, n_s = 30, 10, 32, 64
WRITTEN = "-0123456789"  # 출력 어휘: ISO 날짜에 나오는 모든 문자

# %% [markdown] source="ec7f8956"
# ## 1. 공유 층
#
# 날짜 하나에 어텐션 스텝을 열 번 계산하며, 순환 신경망의 셀이 매 스텝 같은 가중치를 쓰듯이 어텐션도 매번 *같은
# 가중치로* 계산합니다. Keras에서 층은 자기 가중치를 가진 객체이므로, 같은 객체를 두 번 호출하면 같은 가중치를
# 씁니다. 그래서 층은 여기, 파일의 위쪽에서 한 번만 만들고, 아래 함수들은 이 층을 호출하기만 합니다. 함수 안에
# `Dense(…)`를 쓰면 호출할 때마다 새로운 가중치를 가진 새 층이 만들어집니다.
#
# | 층 | 입력 | 출력 |
# |---|---|---|
# | `repeator` | `(m, n_s)` | `(m, Tx, n_s)`: 텍스트의 문자마다 복사본 하나 |
# | `concatenator` | 텐서 두 개의 리스트 | 마지막 축을 따라 나란히 이어 붙인 텐서 |
# | `densor1` | `(m, Tx, anything)` | `(m, Tx, 10)`: 은닉 특징 |
# | `densor2` | `(m, Tx, 10)` | `(m, Tx, 1)`: 문자별 **에너지**, 즉 소프트맥스 이전의 점수 |
# | `activator` | `(m, Tx, 1)` | `(m, Tx, 1)`: 어텐션 가중치, `Tx`개 문자에 대한 합이 1 |
# | `dotor` | `[weights, a]` | `(m, 1, 2 * n_a)`: 문자에 대한 가중합 |
# | `post_activation_LSTM_cell` | 한 스텝 `(m, 1, …)`, `initial_state=[s, c]` | 출력, 은닉 상태, 셀 상태 |
# | `output_layer` | `(m, n_s)` | 11개 문자의 확률, `(m, 11)` |
#
# 참고할 점이 세 가지 있습니다.
#
# - `activator`의 축이 중요합니다. 소프트맥스는 기본적으로 마지막 축을 따라 계산하는데, 에너지의 마지막 축은 길이가
#   1입니다. 그러면 에너지가 얼마이든 가중치가 모두 1이 됩니다.
# - `densor2`에는 잘 알려진 강의의 과제와 같이 **ReLU**가 있습니다. ReLU는 음수인 에너지를 모두 0으로 만들고, 그쪽으로는
#   기울기를 통과시키지 않습니다. 한 텍스트의 에너지가 모두 음수이면 가중치가 전부 같아지고, 이 층이 영영 회복하지
#   못할 수도 있습니다. 그래서 `dlseq.AttentionLayer`와 다음 연습 문제에서는 에너지에 활성화 함수를 쓰지 않습니다.
# - Keras 2용 코드에는 `post_activation_LSTM_cell(inputs=context, …)`라고 쓰여 있을 수 있습니다. Keras 3에서는 이 인수의
#   이름이 `sequences`입니다. 컨텍스트를 이름 없이 넘기면 양쪽에서 모두 작동합니다. (채점할 파일에는 옛 이름을 써도
#   됩니다.)
#
# 층은 처음 호출될 때 입력을 보고 크기를 정하며, 그 크기를 계속 유지합니다. 채점 테스트는 여기와 다른 크기를
# 사용합니다. 그러므로 직접 해 보는 실험은 아래 셀들처럼 `if __name__ == "__main__":` 아래에 두세요. 이런 셀은
# 노트북에서는 실행되지만 파일을 채점할 때는 실행되지 않습니다.

# %% source="2caadd60"
repeator = RepeatVector(Tx)
concatenator = Concatenate(axis=-1)
densor1 = Dense(10, activation="tanh")
densor2 = Dense(1, activation="relu")
activator = Softmax(axis=1, name="attention_weights")
dotor = Dot(axes=1)
post_activation_LSTM_cell = LSTM(n_s, return_state=True, unroll=True)  # 호출마다 한 스텝이므로 그래프에 반복문이 없음
output_layer = Dense(len(WRITTEN), activation="softmax")

# %% [markdown] source="e59dffb3"
# ## 2. 어텐션의 한 스텝
#
# 한 문자의 에너지는 두 가지에 따라 정해집니다. 하나는 그 위치의 메모리(`a`)이고, 다른 하나는 지금까지 쓴
# 내용(디코더의 은닉 상태 `s_prev`)입니다. 작은 신경망이 텍스트의 위치 $t'$마다 이 둘을 받아 숫자 하나를 내놓습니다.
# 모든 위치에 대한 소프트맥스가 에너지를 어텐션 가중치로 바꿉니다.
#
# $$e^{\langle t' \rangle} = \mathrm{densor}_2(\mathrm{densor}_1([a^{\langle t' \rangle};\, s_{prev}])) \qquad
#   \alpha^{\langle t' \rangle} = \frac{\exp(e^{\langle t' \rangle})}{\sum_{u=1}^{T_x} \exp(e^{\langle u \rangle})}$$
# $$\mathrm{context} = \sum_{t'=1}^{T_x} \alpha^{\langle t' \rangle}\, a^{\langle t' \rangle}$$
#
# 날짜 하나에 `s_prev`는 벡터 하나이고 `a`는 벡터 `Tx`개입니다. 그러므로 둘을 이어 붙이기 전에 `s_prev`를 반복해야
# 합니다. `a`가 먼저 옵니다. 컨텍스트에는 길이가 1인 축을 남겨 둡니다. LSTM은 시퀀스를 받는데, 이것이 스텝 하나짜리
# 시퀀스이기 때문입니다.


# %% source="17b46822"
def one_step_attention(a, s_prev):
    """디코더 한 스텝의 컨텍스트를 계산합니다.

    Args:
        a: 메모리, 즉 인코더의 출력, (m, Tx, 2 * n_a).
        s_prev: 이 스텝 직전의 디코더 은닉 상태, (m, n_s).

    Returns:
        context: 어텐션으로 가중한 a의 평균, (m, 1, 2 * n_a).
    """
    raise NotImplementedError("one_step_attention")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="47e905ef"
# 다음 셀은 `context (2, 1, 64)`를 출력해야 합니다.

# %% source="36bf3421"

# %% [markdown] source="b5040e63"
# ## 3. 모델
#
# 인코딩을 한 번 한 다음 `Ty`스텝 동안 디코딩합니다.
#
# 1. 인코더는 방향마다 유닛이 `n_a`개인 양방향 LSTM이며, 텍스트를 메모리로 바꿉니다. 한 번만 호출하므로 함수 안에서
#    만듭니다. 어텐션에는 문자마다 벡터가 하나씩 필요하므로, 인코더는 마지막 스텝의 출력만이 아니라 모든 스텝의
#    출력(`return_sequences`)을 반환해야 합니다.
# 2. 출력 문자마다 다음을 반복합니다. 컨텍스트를 계산하고(`one_step_attention`), 디코더가 직전의 은닉 상태*와* 직전의
#    셀 상태에서 한 스텝 나아가게 하고, `output_layer`로 새 은닉 상태를 확률로 바꾸어 리스트에 추가합니다.
#
# `s`와 `c`는 둘 다 스텝에서 스텝으로 전달됩니다. 스텝마다 `s0`과 `c0`을 넘기는 실수가 흔한데, 그런 모델도 무언가를
# 배우기는 합니다. 모든 문자를 첫 번째 문자인 것처럼 예측할 뿐입니다. 한 스텝의 출력은 디코더에 다시 입력되지
# *않습니다*. 디코더는 날짜의 어디를 쓰고 있는지를 `s`와 `c`만으로 알아냅니다.


# %% source="3831c624"
def modelf(Tx, Ty, n_a, n_s, human_vocab_size, machine_vocab_size=None):
    """인코더-디코더 모델을 만듭니다.

    Args:
        Tx: 텍스트의 문자 수.
        Ty: 출력의 문자 수.
        n_a: 인코더의 방향별 유닛 수.
        n_s: 디코더의 유닛 수.
        human_vocab_size: 텍스트의 원-핫 문자 하나의 길이.
        machine_vocab_size: 출력 하나의 길이. `output_layer`에 이미 들어 있으므로 쓰지 않아도 됩니다.

    Returns:
        [X (m, Tx, human_vocab_size), s0 (m, n_s), c0 (m, n_s)]를 입력으로 받아, 출력 (m, machine_vocab_size) Ty개의
        리스트를 내놓는 Keras 모델.
    """
    X = Input((Tx, human_vocab_size), name="X")
    s0 = Input((n_s,), name="s0")
    c0 = Input((n_s,), name="c0")
    raise NotImplementedError("modelf")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="7c3f2655"
# 다음 셀은 몇 초 뒤에 출력의 개수 10과 그 형상 `(None, 11)`을 출력해야 합니다.

# %% source="507f7ec1"
if __name__ == "__main__":
    untrained = modelf(Tx, Ty, n_a, n_s, human_vocab_size=37)
    print(len(untrained.outputs), "개의 출력, 각각의 형상", untrained.outputs[0].shape)

# %% [markdown] source="71d2c358"
# ## 4. 어텐션 맵
#
# 모든 스텝의 가중치를 모은 행렬이 **어텐션 맵**입니다. `attention_map`은 날짜 하나에 대해 3절의 반복문을 다시
# 실행하되, 기호가 아니라 숫자로 계산합니다. Keras의 층은 어느 쪽으로도 호출할 수 있습니다. 인코더 부분은 이미
# 작성되어 있습니다. 남은 일은 반복문이며, 출력 대신 스텝마다 가중치를 모읍니다.
#
# 맵의 행 `t`에는 출력 문자 `t`의 컨텍스트를 계산할 때 쓴 가중치가 있습니다. 각 행에는 음수가 없고 합은 1입니다.
# 어텐션을 그린 그림 중에는 소프트맥스 이전의 에너지를 보여 주는 것도 있습니다. 비슷해 보이지만 같은 것이 아닙니다.
# 에너지 7과 9는 거의 같아 보이지만, 가중치로는 12 %와 88 %를 뜻합니다. 잘 알려진 강의의 과제에 나오는 그림은
# 에너지를 그려 놓고 가중치라고 부릅니다.


# %% source="4492b777"
def attention_map(model, x):
    """날짜 하나에 대해 디코더의 모든 스텝의 어텐션 가중치를 계산합니다.

    Args:
        model: 위의 층들로 `modelf`가 만든 모델.
        x: 텍스트 하나, 원-핫, (Tx, human_vocab_size).

    Returns:
        어텐션 가중치, (Ty, Tx). 각 행의 합은 1입니다.
    """
    encoder = next(layer for layer in model.layers if isinstance(layer, Bidirectional))
    a = encoder(x[np.newaxis])  # (1, Tx, 2 * n_a)
    steps = len(model.outputs)  # Ty
    s = c = keras.ops.zeros((1, model.inputs[1].shape[-1]))  # (1, n_s)
    raise NotImplementedError("attention_map")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="30f37dac"
# 다음 셀은 `map (10, 30)`과, 모두 1인 행의 합을 출력해야 합니다.

# %% source="95ff2ddc"
if __name__ == "__main__":
    weights = attention_map(untrained, np.eye(37, dtype="float32")[np.arange(Tx)])  # (Ty, Tx)
    print("map", weights.shape, "행의 합", weights.sum(axis=1).round(3))

# %% [markdown] source="3d876f2a"
# ## 5. 데이터
#
# `date_pairs`는 날짜를 원하는 개수만큼 뽑아, 각각을 텍스트와 ISO 날짜의 쌍으로 돌려줍니다. `Vocabulary`는 문자마다
# id를 부여하며, 단위 행렬의 한 행이 그 id의 원-핫 벡터입니다. 패딩에도 고유한 id가 있습니다.

# %% source="df80f42f"
if __name__ == "__main__":
    from dlseq.data.dates import date_pairs
    from dlseq.text.vocabulary import Vocabulary

    train = date_pairs(4000, "course", split="train", seed=0)
    test = date_pairs(300, "course", split="test", seed=0)
    vocabulary = Vocabulary.from_texts(pair.text for pair in train)

    def encode_texts(texts):
        """텍스트를 원-핫 배열로 인코딩합니다, (m, Tx, human_vocab_size)."""
        return np.eye(len(vocabulary), dtype="float32")[vocabulary.encode_batch(texts, length=Tx)]

    def model_inputs(texts):
        """모델의 입력, 즉 원-핫 텍스트와 0으로 채운 은닉 상태 및 셀 상태를 반환합니다."""
        zeros = np.zeros((len(texts), n_s), "float32")
        return [encode_texts(texts), zeros, zeros]

    def model_targets(pairs):
        """모델의 타깃, 즉 원-핫 배열 (m, 11) Ty개의 리스트를 반환합니다."""
        ids = np.array([[WRITTEN.index(letter) for letter in pair.iso] for pair in pairs])  # (m, Ty)
        return list(np.eye(len(WRITTEN), dtype="float32")[ids].swapaxes(0, 1))  # Ty x (m, 11)

    for pair in train[:6]:
        print(f"{pair.text:>30} -> {pair.iso}")

# %% [markdown] source="973cb07c"
# ## 6. 학습
#
# 날짜 4,000개로 4에포크를 학습하는 데 노트북 컴퓨터에서 15초쯤 걸립니다. 첫 에포크의 시간은 대부분 스텝 열 개를
# 그래프 하나로 추적(tracing)하는 데 쓰입니다. `jit_compile=False`는 XLA를 끕니다. 이 그래프를 컴파일하는 시간이 4에포크
# 동안 XLA가 절약하는 시간보다 길기 때문입니다. 손실은 문자마다 하나씩, 열 개를 더한 값입니다. 에포크를 늘리면 계속
# 줄어듭니다.

# %% source="1c51b041"
if __name__ == "__main__":
    model = modelf(Tx, Ty, n_a, n_s, len(vocabulary), len(WRITTEN))
    model.compile(keras.optimizers.Adam(0.015), loss="categorical_crossentropy", jit_compile=False)
    inputs, targets = model_inputs([pair.text for pair in train]), model_targets(train)
    history = model.fit(inputs, targets, batch_size=50, epochs=4, verbose=0).history
    print("에포크별 손실:", *(f"{loss:.2f}" for loss in history["loss"]))

    def predict_dates(texts):
        """텍스트마다 가장 가능성이 높은 출력을 반환합니다."""
        likeliest = np.argmax(np.stack(model(model_inputs(texts))), axis=-1)  # (Ty, m)
        return ["".join(WRITTEN[index] for index in column) for column in likeliest.T]

    predictions = predict_dates([pair.text for pair in test])
    accuracy = np.mean([iso == pair.iso for iso, pair in zip(predictions, test, strict=True)])
    print(f"처음 보는 날짜에서 완전히 일치한 비율: {accuracy:.0%}")

# %% [markdown] source="1b4532e2"
# ## 7. 학습한 모델의 어텐션 맵
#
# 행은 위에서 아래로 출력 문자이고, 열은 텍스트입니다. 월에 해당하는 행들을 찾아보세요. 월의 이름이나 숫자가
# 텍스트의 어디에 있든 그곳을 가리켜야 합니다. 넓게 퍼진 행도 있는데, 그래도 괜찮습니다. 모든 날짜는 19나 20으로
# 시작하고, 하이픈은 늘 같은 자리에 있기 때문입니다. 이렇게 짧게 학습하면 어떤 행은 필요한 문자의 바로 옆 문자를
# 가리킬 수도 있습니다. 인코더가 순환 신경망이어서, 메모리의 각 벡터가 주변 문자의 정보도 함께 담고 있기 때문입니다.
#
# 열은 텍스트 뒤의 패딩까지 이어집니다. 이 모델에는 마스크가 없으므로 패딩이 어텐션을 받을 수 있고, 받으면 맵에
# 나타납니다. 패딩 문자 하나가 열 `·` 하나입니다.

# %% source="9e93ac0f"

# %% [markdown] source="4eedd745"
# ## 8. 라이브러리로 푸는 같은 과제
#
# `dlseq.DateNormalizer`는 같은 과제를 같은 아이디어로 풉니다. 다른 점은 세 가지입니다.
#
# - 패딩을 **마스크**로 가립니다. 배치에서 가장 긴 텍스트가 아무리 길어도 패딩은 어텐션을 전혀 받지 않습니다.
# - **직전 출력**을 디코더에 다시 입력합니다. 그래서 일의 둘째 자리가 첫째 자리에 따라 달라집니다.
# - 어텐션이 어느 모델에나 쓸 수 있는 층이고, ReLU가 없습니다. 이 층이 다음 연습 문제입니다.
#
# 여기에서는 같은 날짜로 같은 에포크만큼 학습하며, 시간은 절반쯤 걸립니다.

# %% source="a96acac2"
if __name__ == "__main__":
    import dlseq

    normalizer = dlseq.DateNormalizer.build(train, seed=0)
    normalizer.fit(train, test, dlseq.TrainingConfig(epochs=4))
    reading = normalizer.read([text])[0]
    score = normalizer.score(test)["exact_match"]
    print(f"처음 보는 날짜에서 완전히 일치한 비율: {score:.0%}, 여러분의 모델: {accuracy:.0%}")
    print(f"패딩에 대한 어텐션: 없음, 여러분의 모델: {weights[:, len(text) :].sum(axis=1).mean():.1%}")
    plt.figure(attention_heatmap(reading.attention, text, reading.iso, probability=reading.probability))
    plt.show()

# %% [markdown] source="05994be2"
# ## 9. 확인

# %% source="98083dac"
