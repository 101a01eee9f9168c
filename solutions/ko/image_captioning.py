# %% [markdown] source="f0a0d90d"
# # 그림 설명문
#
# *A cat sitting on a chair left of a dog.* 이런 문장을 쓸 때 사람은 *cat*을 쓰면서 고양이를 보고, *chair*를 쓰면서
# 의자를 보고, 그 사이에는 다음에 쓸 것을 찾습니다. 이 연습 문제의 디코더도 똑같이 합니다. 단어마다 그림의 한 부분에
# **어텐션**을 줍니다.
#
# ```
#   picture ──► network ──► 8 x 8 places ──► memory ──┬────────────┬────────────┐
#                                                     ▼            ▼            ▼
#                                                   attend       attend       attend
#                                                     ▼            ▼            ▼
#                                           h0 ──► LSTM ── h1 ─► LSTM ── h2 ─► LSTM ──► …
#                                                   ▲ │          ▲ │          ▲ │
#                                             <start> ▼          a ▼        cat ▼
#                                                     a           cat           sitting
# ```
#
# 사물의 이름을 맞히도록 학습한 신경망(network)은 그림(picture)의 위치(places) 64곳마다 벡터를 하나씩 내놓습니다.
# 이것이 **메모리**(memory)입니다. 번역기의 인코더가 단어마다 벡터를 하나씩 내놓는 것과 같습니다. 여기에서는 메모리,
# 디코더의 한 스텝, 그리고 탐욕 탐색과 빔 탐색, 두 가지 탐색을 작성합니다. 그다음 두 모델을 각각 1분도 안 되는 시간에
# 학습시킵니다. 하나는 그림을 들여다보는 모델이고, 다른 하나는 **그림 전체를 벡터 하나로** 받는 모델입니다. 어느 쪽이
# 더 나은 설명문을 쓸까요? 그리고 첫 번째 모델이 보는 곳은 여러분이 볼 곳과 같을까요?
#
# ## 기호
#
# | 기호 | 의미 |
# |---|---|
# | `B` | 배치에 들어 있는 그림의 개수. 그림마다 설명문이 하나씩 있습니다. |
# | `T` | 끝과 패딩을 포함한 설명문의 단어 수. id 0은 패딩입니다. |
# | `H`, `W` | 그림을 나눈 격자의 행과 열의 수. 위치는 `P = H W`개이고, 한 행씩 차례로 번호를 매깁니다. |
# | `C` | 한 위치의 특징 수 |
# | `n` | 메모리, 임베딩한 단어, LSTM의 크기, `units` |
# | `V` | 어휘의 크기, `vocab_size` |
# | `h`, `c` | LSTM의 은닉 상태와 셀 상태, 각각 `(B, n)` |

# %% source="d694de5a"
import keras
import numpy as np
from keras import Input, Model, ops
from keras.layers import Dense, Embedding, LSTMCell

from dlseq.course.given.image_captioning import captioned_scenes, picture_network, toy_step

PAD, START, END = 0, 1, 2  # 어휘의 처음 세 id

# %% [markdown] source="5c2391d5"
# `toy_step`은 아무 언어도 모르는 디코더의 한 스텝을 만듭니다. 이것으로 코드를 시험해 볼 수 있으며, 채점 테스트도
# 이것을 씁니다. 임포트를 지우지 마세요.
#
# ## 1. 특징에서 메모리로
#
# 한 위치의 특징은 거기에 *무엇이* 있는지 알려 줍니다. 디코더는 그것이 *어디에* 있는지도 알아야 합니다. 그렇지 않으면
# 왼쪽과 오른쪽을 구별할 수 없습니다. 그래서 위치마다 중심의 좌표인 숫자 두 개를 덧붙입니다. 그림은 두 방향 모두
# -1부터 1까지입니다. 0부터 세어 행 $i$, 열 $j$에 있는 위치의 좌표는 다음과 같습니다.
#
# $$y_i = \frac{2 i + 1}{H} - 1 \qquad x_j = \frac{2 j + 1}{W} - 1$$
#
# 한 위치의 벡터는 특징 `C`개, $y$, $x$를 이 순서대로 놓은 것이고, tanh가 있는 Dense 층이 이 벡터로 메모리를 만듭니다.
# 층의 이름은 `"memory"`입니다.
#
# **그림 전체**를 쓰는 모델에는 그 대신 벡터가 하나 있습니다. 모든 특징을 한 위치씩, 한 행씩 차례로 이어 적고, 활성화
# 함수가 없는 Dense 층 `"memory"`가 숫자 `H W C`개를 읽습니다. (입력이 이렇게 많으면 그 합이 tanh를 양 끝으로 밀어
# 버립니다.) 위치마다 가중치가 따로 있으므로 좌표는 필요 없습니다. 메모리에는 위치가 하나 있으며, 형상은
# `(B, 1, n)`입니다. 그래서 같은 디코더가 읽을 수 있습니다.


# %% source="ddba20e5"
def memory_model(grid_shape, units, whole_image=False):
    """그림의 특징을 메모리로 바꾸는 모델을 만듭니다.

    Args:
        grid_shape: (H, W, C), 그림 하나의 특징의 형상.
        units: n.
        whole_image: 그림 전체를 벡터 하나로 만들려면 True.

    Returns:
        특징 (B, H, W, C)를 받아 메모리 (B, P, n)을, 그림 전체를 쓸 때에는 (B, 1, n)을 내놓는 Keras 모델.
    """
    H, W, C = grid_shape
    features = Input((H, W, C))
    raise NotImplementedError("memory_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="61d02e80"
if __name__ == "__main__":
    for whole_image in (False, True):
        model = memory_model((2, 3, 4), 5, whole_image)
        print(model(np.ones((1, 2, 3, 4))).shape, "가중치", model.count_params(), "개")
    # 기대 출력:
    # (1, 6, 5) 가중치 35 개
    # (1, 1, 5) 가중치 125 개

# %% [markdown] source="db74315e"
# ## 2. 어텐션의 한 스텝
#
# 디코더는 모든 위치에 한꺼번에 묻습니다. **쿼리**를 각 위치 $p$의 메모리 $m_p$와 비교합니다.
#
# $$e_p = \frac{m_p \cdot \mathrm{query}}{\sqrt{n}} \qquad w = \mathrm{softmax}(e) \qquad
#   \mathrm{context} = \sum_p w_p\, m_p$$
#
# 가중치를 그림의 모든 위치에 대해 더하면 1이 됩니다. 컨텍스트는 메모리의 가중 평균, 즉 디코더가 거기에서 본 것입니다.
# Keras가 이 함수를 그래프 안에서 호출하므로 `ops`를 쓰세요.


# %% source="31d32174"
def attend(query, memory):
    """그림마다 쿼리 하나로 그림의 위치들에 주목합니다.

    Args:
        query: (B, n).
        memory: (B, P, n).

    Returns:
        context: 어텐션으로 가중한 메모리의 평균 (B, n).
        weights: 어텐션 가중치 (B, P).
    """
    raise NotImplementedError("attend")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="09619659"
if __name__ == "__main__":
    context, weights = attend(np.array([[2.0]]), np.array([[[1.0], [0.0], [0.0], [0.0]]]))
    print(np.round(weights, 3).tolist(), np.round(context, 3).tolist())
    # 기대 출력: [[0.711, 0.096, 0.096, 0.096]] [[0.711]]

# %% [markdown] source="309cfd5d"
# ## 3. 디코더의 한 스텝
#
# 한 스텝은 앞 단어를 읽고, 그림을 보고, 다음 단어를 예측합니다.
#
# 1. 은닉 상태가 묻습니다: $\mathrm{context}, w = \mathrm{attend}(\mathrm{query}(h),\ \mathrm{memory})$.
# 2. **게이트**가 그중 얼마나 필요한지 정합니다. *cat*은 그림을 보아야 정할 수 있지만, *left* 다음에는 그림에 무엇이
#    있든 *of*가 옵니다: $\mathrm{seen} = \mathrm{gate}(h) \circ \mathrm{context}$
# 3. LSTM이 임베딩한 단어와 본 것을 읽습니다: $h', c' = \mathrm{LSTM}([\mathrm{embedding}(\mathrm{word});\
#    \mathrm{seen}],\ h,\ c)$.
# 4. $\mathrm{logits} = \mathrm{logits}([h';\ \mathrm{seen}])$
#
# 이것은 *Show, attend and tell*(Xu et al., 2015)의 디코더를 조금 간단하게 만든 것입니다. 층의 이름은 다음과 같습니다.
#
# | 층 | 입력 | 출력 |
# |---|---|---|
# | `Dense`, `name="query"` | `h` | `n` |
# | `Dense`, `name="gate"`, 시그모이드 | `h` | `n` |
# | `Embedding`, `name="embedding"` | 단어 id | `n` |
# | `LSTMCell`, `name="cell"` | 임베딩한 단어와 본 것(seen)을 이 순서대로, 상태 `[h, c]` | 출력, `[h, c]` |
# | `Dense`, `name="logits"` | 새 `h`와 본 것(seen)을 이 순서대로 | `V` |
#
# `LSTMCell`은 `LSTM`의 한 스텝입니다: `output, [h, c] = cell(x, [h, c])`. 여기에서 `output`은 새 `h`와 같습니다.


# %% source="203b58a1"
def step_model(vocab_size, units):
    """디코더의 한 스텝을 만듭니다.

    Args:
        vocab_size: V.
        units: n.

    Returns:
        [단어 id (B,), 메모리 (B, P, n), h (B, n), c (B, n)]을 받아 [로짓 (B, V), 가중치 (B, P), 이 스텝 이후의 상태 h
        (B, n), c (B, n)]을 내놓는 Keras 모델.
    """
    ids, memory = Input((), dtype="int32"), Input((None, units))
    h, c = Input((units,)), Input((units,))
    raise NotImplementedError("step_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="8524c8c3"
if __name__ == "__main__":
    step = step_model(vocab_size=9, units=5)
    outputs = step([np.array([1, 1]), np.ones((2, 6, 5)), np.zeros((2, 5)), np.zeros((2, 5))])
    print(*(output.shape for output in outputs))
    # 기대 출력: (2, 9) (2, 6) (2, 5) (2, 5)

# %% [markdown] source="79b84c90"
# ## 4. 학습에 쓰는 모든 스텝
#
# 학습할 때에는 단어를 알고 있으므로, 스텝 $t$는 올바른 앞 단어를 읽습니다(**교사 강요**). 모델은 *같은* 스텝을 `T`번
# 호출하면서 상태를 전달합니다. 처음 상태는 0입니다. 스텝의 수는 모델을 만들 때 정해지며, 더 짧은 설명문은 패딩으로
# 채웁니다.


# %% source="f1b5e602"
def training_model(step, length):
    """디코더의 스텝들을 연결합니다.

    Args:
        step: `step_model`이나 `toy_step`이 만드는, 한 스텝의 Keras 모델.
        length: T.

    Returns:
        [메모리 (B, P, n), 단어 id (B, T)]를 받아 [로짓 (B, T, V), 가중치 (B, T, P)]를 내놓는 Keras 모델. 스텝 t는 열
        t의 단어를 읽습니다.
    """
    memory = Input((None, step.inputs[1].shape[-1]))
    ids = Input((length,), dtype="int32")
    raise NotImplementedError("training_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="8188c03d"
if __name__ == "__main__":
    model = training_model(toy_step(seed=0), length=4)
    logits, weights = model([np.ones((2, 6, 3)), np.array([[1, 5, 6, 7], [1, 4, 0, 0]])])
    print(logits.shape, weights.shape)
    # 기대 출력: (2, 4, 8) (2, 4, 6)

# %% [markdown] source="ce29666a"
# ## 5. 탐욕 탐색
#
# 이제는 아무도 단어를 모릅니다. 각 스텝은 바로 앞 스텝이 쓴 단어, 즉 로짓이 가장 큰 단어를 읽습니다. 배치의 설명문은
# 모두 함께 씁니다. 각 설명문은 첫 `end_id` 앞에서 자르고, 맵도 똑같이 자릅니다.
#
# `step`은 NumPy 배열을 받으며, 반환한 것은 `np.array(…)`로 다시 배열로 바꿀 수 있습니다.


# %% source="f8a444db"
def greedy_captions(step, memory, start_id, end_id, max_length):
    """탐욕 탐색으로 설명문을 씁니다.

    Args:
        step: 한 스텝의 Keras 모델.
        memory: NumPy 배열 (B, P, n).
        start_id: 첫 스텝이 읽는 id.
        end_id: 설명문을 끝내는 id.
        max_length: 최대 단어 수.

    Returns:
        captions: 시작과 끝이 없는 단어 id의 리스트 B개로 이루어진 리스트.
        maps: NumPy 배열 (설명문의 단어 수, P) B개로 이루어진 리스트. 각 단어를 쓴 스텝의 어텐션 가중치입니다.
    """
    raise NotImplementedError("greedy_captions")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="a4566e14"
if __name__ == "__main__":
    pictures = np.random.default_rng(0).normal(size=(2, 6, 3)).astype("float32")
    captions, maps = greedy_captions(toy_step(seed=5), pictures, start_id=1, end_id=2, max_length=5)
    print(captions, [each.shape for each in maps])
    # 기대 출력: [[3, 5, 1, 3, 5], [1, 1, 1, 1]] [(5, 6), (4, 6)]

# %% [markdown] source="086f0ea4"
# ## 6. 빔 탐색
#
# 가장 좋은 첫 단어로 시작해야 가장 좋은 설명문이 되는 것은 아닙니다. **빔 탐색**은 그림 *하나*에 대해 확률이 가장
# 높은 앞부분 `beam_width`개를 따라갑니다. $\log p$를 로짓의 로그 소프트맥스라고 하면, 각 스텝에서 다음을 합니다.
#
# 1. 살아 있는 앞부분 모두에 대해 `step`을 한 번만 호출합니다. 그림은 하나이므로 그 메모리를 앞부분마다 반복합니다.
# 2. 살아 있는 앞부분마다 모든 단어를 하나씩 이어 붙인 것이 후보입니다. 후보의 로그 확률은 단어들의 로그 확률을 더한
#    것입니다.
# 3. *모든* 후보를 통틀어 합이 가장 큰 `beam_width`개를 남깁니다.
# 4. `end_id`로 끝나는 것은 완성된 설명문이며 빔에서 빠집니다. 나머지가 다음 스텝의 살아 있는 앞부분이고, 각각 자기가
#    확장한 앞부분의 상태를 이어받습니다.
#
# 살아 있는 것이 없거나 단어가 `max_length`개가 되면 탐색이 끝납니다. 이때 살아 있는 앞부분도 완성된 것으로 봅니다.
# 길이 정규화는 하지 않습니다.


# %% source="b1d77f9b"
def beam_captions(step, memory, start_id, end_id, beam_width, max_length):
    """빔 탐색으로 그림 하나의 설명문들을 씁니다.

    Args:
        step: 한 스텝의 Keras 모델.
        memory: 그림 하나의 NumPy 배열 (P, n).
        start_id: 첫 스텝이 읽는 id.
        end_id: 설명문을 끝내는 id.
        beam_width: 한 스텝에서 남길 후보의 최대 개수.
        max_length: 끝을 포함한 최대 단어 수.

    Returns:
        완성된 모든 설명문의 리스트, 확률이 높은 것부터. 각각은 (시작과 끝이 없는 단어 id의 리스트, 끝의 것을 포함한
        로그 확률)입니다.
    """
    raise NotImplementedError("beam_captions")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="d154c63e"
if __name__ == "__main__":
    for words, log_probability in beam_captions(toy_step(seed=5), pictures[1], 1, 2, beam_width=3, max_length=5)[:2]:
        print(words, round(log_probability, 3))
    # 기대 출력:
    # [1] -1.815
    # [1, 1] -2.5

# %% [markdown] source="17de6020"
# ## 7. 그림과 설명문
#
# `captioned_scenes`는 색깔 있는 배경에 열두 가지 사물을 그립니다. 그림마다 설명문이 하나씩 있고, 사물을 가리키는
# 단어에는 그 사물의 상자가 딸려 있습니다.

# %% source="a3ee30d1"

# %% [markdown] source="a93d8b1f"
# `picture_network`는 작은 합성곱 신경망이 사물의 이름을 맞히도록 몇 초 동안 학습시킵니다. 그다음부터 이 신경망은
# 바뀌지 않습니다. 모든 그림의 특징을 한 번만 계산해 두고, 여러분이 만든 층만 학습시킵니다.

# %% source="641c9828"
if __name__ == "__main__":
    network = picture_network(train)
    words = ["<pad>", "<start>", "<end>", *sorted({word for scene in train for word in scene.caption})]
    length = 1 + max(len(scene.caption) for scene in train)

    def features_of(scenes):
        """장면들의 특징 (B, H, W, C)를 반환합니다."""
        return network.predict(np.stack([scene.image for scene in scenes]), batch_size=100, verbose=0)

    ids, targets = np.zeros((2, len(train), length), "int32")
    for row, scene in enumerate(train):
        caption = [words.index(word) for word in scene.caption]
        ids[row, : len(caption) + 1] = [START, *caption]
        targets[row, : len(caption) + 1] = [*caption, END]
    train_features, test_features = features_of(train), features_of(test)
    print("특징", train_features.shape, "단어", len(words), "스텝", length)

# %% [markdown] source="03dac2ec"
# ## 8. 두 모델
#
# 두 모델 모두 여러분이 만든 디코더를 쓰고, 설명문과 에포크 수도 같습니다. 하나는 위치 64곳을 보고, 다른 하나는 그림
# 전체를 벡터 하나로 받으며 가중치가 더 많습니다. 어디를 보아야 하는지 첫 번째 모델에 알려 주지는 않습니다. 모델이
# 받는 것은 설명문뿐입니다. `ignore_class=0`은 손실에서 패딩을 뺍니다.
#
# 설명문은 사실이고 빠진 것이 없으면 **맞은** 것입니다. *a dog right of a cat*은 *a cat left of a dog*만큼 옳습니다.

# %% source="b91aeecb"
if __name__ == "__main__":
    from dlseq.data.scenes import is_right

    UNITS, BATCH_SIZE, EPOCHS = 64, 64, 20

    def train_model(whole_image):
        """모델을 학습시키고, 메모리 모델과 스텝을 반환합니다."""
        keras.utils.set_random_seed(0)
        memory, step = memory_model(train_features.shape[1:], UNITS, whole_image), step_model(len(words), UNITS)
        pixels, given = Input(train_features.shape[1:]), Input((length,), dtype="int32")
        logits, _ = training_model(step, length)([memory(pixels), given])
        model = Model([pixels, given], logits)
        schedule = keras.optimizers.schedules.CosineDecay(0.005, EPOCHS * -(-len(train) // BATCH_SIZE))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=PAD)
        model.compile(keras.optimizers.Adam(schedule, clipnorm=1.0), loss=loss, jit_compile=False)
        model.fit([train_features, ids], targets, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
        print(f"가중치 {model.count_params()}개")
        return memory, step

    def write(memory, step):
        """시험용 그림의 설명문을 단어의 리스트로 쓰고, 맵과 함께 반환합니다."""
        found, maps = greedy_captions(step, memory.predict(test_features, verbose=0), START, END, length)
        return [[words[word] for word in caption] for caption in found], maps

    models, written, right = {}, {}, {}
    for name, whole_image in (("looks at places", False), ("whole picture", True)):
        models[name] = train_model(whole_image)
        written[name] = write(*models[name])
        right[name] = np.array([is_right(*pair) for pair in zip(test, written[name][0], strict=True)])
        print(f"{name:16}{right[name].mean():5.0%} 정답")

# %% [markdown] source="b2a53508"
# 벡터 하나에는 그림에 있는 모든 것을, 그것이 있을 수 있는 모든 위치에 대해 담아야 합니다. 두 모델의 설명문을 사물의
# 개수별로 보세요.

# %% source="0fedfcbb"

# %% [markdown] source="9acb80f5"
# 빔 탐색은 더 나은 설명문을 찾을까요? 빔 탐색은 문장 전체를 비교하는데, 확률이 가장 높은 문장이 늘 맞는 것은
# 아닙니다.

# %% source="f8acebb0"
if __name__ == "__main__":
    memory, step = models["looks at places"]
    some = memory.predict(test_features[:100], verbose=0)
    best = [beam_captions(step, picture, START, END, beam_width=3, max_length=length)[0][0] for picture in some]
    by_beam = [is_right(scene, [words[w] for w in caption]) for scene, caption in zip(test, best, strict=False)]
    print(f"설명문 100개 중 탐욕 탐색은 {right['looks at places'][:100].sum()}개, 빔 탐색은 {sum(by_beam)}개 정답")

# %% [markdown] source="f4aea153"
# ## 9. 단어마다 어디를 볼까요?
#
# 가중치가 큰 곳이 밝습니다.

# %% source="ca49664b"
if __name__ == "__main__":
    from dlseq.plots import ImageAttentionExample, image_attention

    def show(row):
        """시험용 그림 하나의 설명문에 대한 맵들을 그립니다."""
        caption, weights = written["looks at places"][0][row], written["looks at places"][1][row]
        maps = weights.reshape(-1, *train_features.shape[1:3])
        plt.figure(image_attention(ImageAttentionExample(test[row].image, maps, caption, text=" ".join(caption))))
        plt.show()

    for row in np.flatnonzero(right["looks at places"] & (number > 1))[:2]:
        show(row)

# %% [markdown] source="37530ef9"
# **포인팅 게임**에서는 맵의 가장 큰 가중치가 손가락이 되어 그 위치의 중심을 가리킵니다. 그 점이 단어가 가리키는
# 사물의 상자 안에 있으면 맞힌 것입니다. 상자는 `size` x `size` 크기의 그림에서 픽셀로 나타낸
# `(left, top, right, bottom)`이고, 행 $i$, 열 $j$에 있는 위치의 중심은 다음과 같습니다.
#
# $$x = \left(j + \tfrac12\right)\frac{\mathrm{size}}{W} \qquad y = \left(i + \tfrac12\right)\frac{\mathrm{size}}{H}$$
#
# `left <= x < right`이고 `top <= y < bottom`이면 상자 안에 있습니다. *on*처럼 상자가 없는 단어는 게임에서 빠집니다.


# %% source="081d9799"
def pointing_game(maps, boxes, size):
    """단어가 가리키는 사물을 맵이 가리키는 단어의 수를 셉니다.

    Args:
        maps: 어텐션 가중치 (T, H, W), NumPy 배열.
        boxes: 픽셀로 나타낸 상자 (left, top, right, bottom) T개의 리스트. 사물을 가리키지 않는 단어는 None입니다.
        size: 픽셀로 나타낸 그림의 너비와 높이.

    Returns:
        hits: 가장 큰 가중치가 자기 상자 안에 있는 단어의 수.
        tries: 상자가 있는 단어의 수.
    """
    raise NotImplementedError("pointing_game")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="db8b11df"
if __name__ == "__main__":
    finger = np.array([[[0.1, 0.7], [0.1, 0.1]], [[0.1, 0.1], [0.7, 0.1]], [[0.4, 0.2], [0.2, 0.2]]])
    print(pointing_game(finger, [(30, 0, 64, 30), (30, 0, 64, 30), None], size=64))
    # 기대 출력: (1, 2)

    H, W = train_features.shape[1:3]
    games, chances = [], []
    for scene, caption, weights in zip(test, *written["looks at places"], strict=True):
        if tuple(caption) == scene.caption:  # 이때에만 상자가 단어와 맞습니다
            games.append(pointing_game(weights.reshape(-1, H, W), scene.regions, size=64))
            every_place = np.eye(H * W).reshape(-1, H, W)
            chances += [pointing_game(every_place, [box] * H * W, 64)[0] / (H * W) for box in scene.regions if box]
    hits, tries = np.sum(games, axis=0)
    print(f"단어 {tries}개 중 {hits / tries:.0%}가 자기 사물을 가리킵니다. 무작위로 고른 자리는 {np.mean(chances):.0%}")

# %% [markdown] source="58cf1102"
# 무엇이 어디에 있는지 디코더에 알려 준 적은 없습니다. 보는 것이 쓰는 데 도움이 되므로, 디코더는 거기를 보는 법을
# 배웠습니다.
#
# 이제 틀린 설명문을 하나 살펴보세요. 잘못된 곳을 보았을까요, 아니면 올바른 곳을 보고 이름을 잘못 불렀을까요?

# %% source="e0cf9078"
if __name__ == "__main__":
    for row in np.flatnonzero(~right["looks at places"] & (number > 1))[:2]:
        print("그림의 내용:", test[row].text)
        show(row)

# %% [markdown] source="82a5bfbf"
# ## 10. 확인

# %% source="9bd04303"
