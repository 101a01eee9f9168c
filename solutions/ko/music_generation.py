# %% [markdown] source="cb6a2b93"
# # 음표 하나씩 만드는 음악
#
# 멜로디를 읽고 다음 음표를 예측하는 신경망은 멜로디를 쓸 수도 있습니다. 예측한 음표를 연주하고, 그 음표를 읽고,
# 그다음 음표를 예측하면 됩니다. 조금만 넣어도 시퀀스가 나옵니다. 순환 신경망의 유형 중 **일대다**입니다.
#
# ```
#             ŷ1       ŷ2       ŷ3                 ŷ1 ───┐   ŷ2 ───┐   ŷ3
#             ▲        ▲        ▲                  ▲     │   ▲     │   ▲
#   a0, c0 ─► LSTM ──► LSTM ──► LSTM     a0, c0 ─► LSTM ─┼─► LSTM ─┼─► LSTM
#             ▲        ▲        ▲                  ▲     │   ▲     │   ▲
#             0        y1       y2                 x0    └───┘     └───┘
#
#   왼쪽은 학습, 오른쪽은 작곡입니다.
# ```
#
# 두 그림의 LSTM은 같은 LSTM이며 가중치도 같습니다. 이 연습 문제에서는 LSTM *하나*와 Dense 층 *하나*로 두 신경망을
# 모두 만들고, 첫 번째 신경망을 요한 제바스티안 바흐의 멜로디로 학습시키고, 두 번째 신경망에 작곡을 맡깁니다.
# 마지막에는 그 곡을 들어 봅니다.
#
# ## 기호
#
# | 기호 | 의미 |
# |---|---|
# | `m` | 배치에 들어 있는 멜로디의 개수 |
# | `Tx`, `Ty` | 읽는 곡의 음표 수, 쓰는 곡의 음표 수 |
# | `n_values` | 서로 다른 음표의 수, 90. 음표 하나는 음높이와 길이를 함께 나타냅니다. |
# | `n_a` | LSTM의 유닛 수, 64 |
# | `a`, `c` | 은닉 상태와 셀 상태, 각각 `(m, n_a)` |

# %% source="68782e7b"

# %% [markdown] source="b55fd3e7"
# `toy_layers`는 크기가 다른 층을, `toy_composer`는 음악을 모르는 모델을 만듭니다. 채점 테스트가 이것을 쓰므로
# 임포트를 지우지 마세요.
#
# ## 1. 숫자로 나타낸 멜로디
#
# 말뭉치는 바흐의 장조 코랄에서 소프라노 성부를 모두 C로 조옮김해 음표 30개씩 나눈 것입니다. **값** 하나는 음표와 그
# 길이를 나타냅니다. `G4:1`은 가운데 다(C) 위의 사(G)를 한 박 동안, `G4:2`는 두 박 동안 내는 음입니다. 가장 자주
# 나오는 값 90개만 남겼으며, 음표 하나는 숫자 90개로 이루어진 원-핫 벡터입니다.
#
# `chorale_data`는 신경망이 읽을 음표 `X (m, Tx, n_values)`와 예측할 음표 `Y (Tx, m, n_values)`를 반환합니다. 스텝
# `t`는 스텝 `t + 1`이 읽을 음표를 예측합니다. 첫 스텝에서는 아직 아무것도 연주하지 않았으므로 0을 읽습니다. 신경망의
# 출력이 `Tx`개의 리스트이므로 `Y`에서는 스텝이 첫 번째 축입니다.

# %% source="1f01b1f4"
if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    X, Y, values = chorale_data("train")
    print("X", X.shape, "Y", Y.shape)
    print("입력: ", "(없음)", *(values[note.argmax()] for note in X[0, 1:8]))
    print("예측: ", *(values[note.argmax()] for note in Y[:8, 0]))
    # 기대 출력: X (271, 30, 90) Y (30, 271, 90), 그리고 한 스텝 어긋난 같은 멜로디 두 번

# %% [markdown] source="a576cf94"
# ## 2. 공유 층
#
# 층은 한 번 호출된 다음에도 가중치를 유지합니다. 아래의 세 층은 여기, 파일의 위쪽에서 한 번만 만들고, 두 신경망의
# 모든 스텝이 *이 층을* 호출합니다. 반복문 안에서 만든 층은 스텝마다 가중치가 새로 생기므로, 한 스텝이 배운 것을 다른
# 스텝은 알지 못합니다.
#
# - `reshaper`에는 가중치가 없습니다. LSTM은 시퀀스를 읽으므로, 음표 `(m, n_values)`를 스텝 하나짜리 시퀀스
#   `(m, 1, n_values)`로 바꿉니다.
# - `LSTM_cell`은 이런 스텝 하나짜리 시퀀스를 읽습니다. (`unroll=True`는 Keras에 반복문을 만들지 말라는 뜻입니다.)
# - `densor`는 은닉 상태를 다음 음표의 확률로 바꿉니다.

# %% source="f59846f8"

# %% [markdown] source="b7c515d6"
# ## 3. 학습용 신경망
#
# 학습할 때에는 모든 음표를 알고 있으므로, 신경망이 앞에서 무엇을 예측했든 스텝 `t`는 올바른 음표 `X[:, t]`를
# 읽습니다(**교사 강요**). 스텝 `Tx`개 각각에 대해 다음을 합니다.
#
# 1. `X`에서 스텝 `t`의 음표를 꺼내 `reshaper`로 스텝 하나짜리 시퀀스를 만듭니다.
# 2. 바로 앞 스텝의 상태를 `initial_state=[a, c]`로 넘기면서 LSTM을 호출합니다. `return_state=True`이므로 출력, 은닉
#    상태, 셀 상태, 이렇게 세 텐서를 반환합니다. 여기에서 앞의 둘은 같습니다.
# 3. 은닉 상태를 `densor`로 확률로 바꾸고 출력의 리스트에 추가합니다.
#
# 상태는 다음 스텝에 전달해야 합니다. 스텝마다 `a0, c0`에서 시작하는 반복문은 한 번에 음표 하나만 봅니다.


# %% source="311042f3"
def djmodel(Tx, LSTM_cell, densor, reshaper):
    """학습용 신경망을 만듭니다.

    Args:
        Tx: 곡 하나의 음표 수.
        LSTM_cell: 상태를 반환하는 공유 LSTM.
        densor: 소프트맥스가 있는 공유 Dense 층.
        reshaper: (m, n_values)를 (m, 1, n_values)로 바꾸는 층.

    Returns:
        [X (m, Tx, n_values), a0 (m, n_a), c0 (m, n_a)]를 받아 출력 (m, n_values) Tx개의 리스트를 내놓는 Keras 모델.
        각 출력은 그 스텝 다음에 올 음표의 확률입니다.
    """
    n_values, n_a = densor.units, LSTM_cell.units
    X = Input((Tx, n_values), name="X")
    a0 = Input((n_a,), name="a0")
    c0 = Input((n_a,), name="c0")
    raise NotImplementedError("djmodel")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="e0e25147"
if __name__ == "__main__":
    model = djmodel(30, LSTM_cell, densor, reshaper)
    print(len(model.outputs), "개의 출력, 각각의 형상", model.outputs[0].shape, "가중치", model.count_params(), "개")
    toy = djmodel(4, *toy_layers(n_values=5, n_a=3))
    print(len(toy.outputs), "개의 출력, 각각의 형상", toy.outputs[0].shape, "가중치", toy.count_params(), "개")
    # 기대 출력:
    # 30 개의 출력, 각각의 형상 (None, 90) 가중치 45530 개
    # 4 개의 출력, 각각의 형상 (None, 5) 가중치 128 개

# %% [markdown] source="4fd72ab3"
# 가중치의 개수는 LSTM 하나와 Dense 층 하나의 것입니다. 스텝마다 새 층을 만들었다면 30배가 되었을 것입니다.
#
# ## 4. 학습
#
# 한 스텝의 손실은 그 스텝의 음표에 대한 교차 엔트로피입니다. Keras는 출력 30개의 손실을 더합니다. 이를 30으로 나누면
# 단위가 **음표당 내트**(nat)가 됩니다. 아무것도 모르고 모든 값이 똑같이 나온다고 여기는 신경망의 손실은 log 90 =
# 4.50입니다. 각 값이 얼마나 자주 나오는지만 아는 신경망의 손실은 3.36입니다.
#
# 각 쌍의 두 번째 숫자는 학습에 쓰지 않은 멜로디의 손실입니다. 이 셀은 20초쯤 걸립니다. 그중 절반은 TensorFlow가 LSTM
# 호출 30번의 그래프를 만드는 시간으로, 첫 스텝 전에 지나갑니다.

# %% source="9518843a"
if __name__ == "__main__":

    def zero_states(m):
        """0으로 채운 은닉 상태와 셀 상태를 반환합니다."""
        return list(np.zeros((2, m, n_a), "float32"))

    X_held_out, Y_held_out, _ = chorale_data("validation")
    held_out = ([X_held_out, *zero_states(len(X_held_out))], list(Y_held_out))
    model.compile(keras.optimizers.Adam(0.01), loss="categorical_crossentropy", jit_compile=False)
    history = model.fit(
        [X, *zero_states(len(X))], list(Y), batch_size=32, epochs=20, validation_data=held_out, verbose=0
    ).history
    print("에포크별 음표당 냇, 학습 데이터와 따로 남겨 둔 데이터:")
    print(*(f"{a / 30:.2f}/{b / 30:.2f}" for a, b in zip(history["loss"], history["val_loss"], strict=True)))

# %% [markdown] source="557a5f9c"
# 숫자 쌍을 보세요. 처음에는 두 숫자가 함께 작아집니다. 신경망이 음을 조금씩 오르내리는 것처럼 코랄에 공통된 점을
# 배우는 동안입니다. 마지막 몇 에포크에서는 첫 번째 숫자만 작아집니다. 이때부터 신경망은 자기가 본 곡 271개를
# 외웁니다.
#
# ## 5. 작곡하는 신경망
#
# 층도 반복문도 같지만, 두 번째 스텝부터 LSTM은 바로 앞 스텝이 예측한 것을 읽습니다. 출력은 확률 90개이고 음표는 값
# 하나입니다. 그래서 두 스텝 사이에서 음표를 하나, 확률이 가장 높은 것으로 고릅니다.
#
# 1. `ops.argmax(out, axis=-1)`이 그 인덱스 `(m,)`을 찾습니다.
# 2. `ops.one_hot(index, n_values)`가 벡터 `(m, n_values)`를 만듭니다.
# 3. `RepeatVector(1)`이 스텝 하나짜리 시퀀스 `(m, 1, n_values)`를 만듭니다.
#
# 이제 `X`는 없습니다. 입력 `x0`은 첫 스텝이 읽는 음표이며, 스텝을 나타내는 축을 이미 가지고 있습니다.


# %% source="06ba5dc8"
def music_inference_model(LSTM_cell, densor, Ty=100):
    """학습한 층으로, 작곡하는 신경망을 만듭니다.

    Args:
        LSTM_cell: 학습한 LSTM.
        densor: 학습한 Dense 층.
        Ty: 쓸 음표의 개수.

    Returns:
        [x0 (m, 1, n_values), a0 (m, n_a), c0 (m, n_a)]를 받아 출력 (m, n_values) Ty개의 리스트를 내놓는 Keras 모델.
        각 출력은 앞에서 고른 음표들 다음에 올 음표의 확률입니다.
    """
    n_values, n_a = densor.units, LSTM_cell.units
    x0 = Input((1, n_values), name="x0")
    a0 = Input((n_a,), name="a0")
    c0 = Input((n_a,), name="c0")
    raise NotImplementedError("music_inference_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="2005ead9"
if __name__ == "__main__":
    inference_model = music_inference_model(LSTM_cell, densor, Ty=100)
    print(len(inference_model.outputs), "개의 출력, 각각의 형상", inference_model.outputs[0].shape)
    print("첫 신경망과 가중치를 공유:", inference_model.count_params() == model.count_params())
    # 기대 출력: 100 개의 출력, 각각의 형상 (None, 90), 그리고 True

# %% [markdown] source="b243a0ec"
# ## 6. 음표 읽어 내기
#
# 신경망을 시작값 하나로 실행합니다. `predict`는 배열 `(1, n_values)` `Ty`개의 리스트를 반환하며, `np.argmax`는 이를
# 배열 하나 `(Ty, 1, n_values)`로 받아들입니다. 음표를 두 가지로, 즉 원-핫 벡터와 인덱스로 반환하세요. (음표는 신경망
# 안에서 이미 골랐지만 출력은 확률이므로, 여기에서 한 번 더 고릅니다.)


# %% source="0b50e1cf"
def predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer):
    """멜로디 하나를 작곡합니다.

    Args:
        inference_model: `music_inference_model`이 만든 모델. 출력이 두 개 이상입니다.
        x_initializer: 첫 스텝이 읽는 음표, (1, 1, n_values).
        a_initializer: 그 이전의 은닉 상태, (1, n_a).
        c_initializer: 그 이전의 셀 상태, (1, n_a).

    Returns:
        results: 원-핫 음표, (Ty, n_values).
        indices: 음표의 인덱스, 정수 (Ty, 1).
    """
    raise NotImplementedError("predict_and_sample")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="5e3cfdc9"
if __name__ == "__main__":
    toy = toy_composer(seed=0, Ty=3, n_values=5, n_a=2)
    results, indices = predict_and_sample(toy, np.eye(5)[None, 3:4], np.ones((1, 2)), np.zeros((1, 2)))
    print(indices.tolist(), results.argmax(axis=1).tolist())
    # 기대 출력: [[4], [0], [4]] [4, 0, 4]

# %% [markdown] source="c739a289"
# 이제 학습한 신경망을 씁니다. 아직 아무것도 연주하지 않은 상태, 즉 0에서 시작합니다.

# %% source="1c753b1a"
if __name__ == "__main__":
    inference_model.compile(run_eagerly=True)  # 스텝 100개의 그래프를 만드는 것보다 멜로디 하나를 만드는 것이 빠릅니다
    nothing = np.zeros((1, 1, n_values), "float32")
    results, indices = predict_and_sample(inference_model, nothing, *zero_states(1))
    print("results", results.shape, "indices", indices.shape)
    print(*(values[index] for index in indices[:, 0]))
    # 기대 출력: results (100, 90) indices (100, 1), 그리고 음표 100개

# %% [markdown] source="bfe39303"
# ## 7. 제자리를 맴도는 멜로디
#
# **피아노 롤**은 왼쪽에서 오른쪽으로 시간을, 아래에서 위로 음높이를 나타냅니다. 막대의 길이가 음표의 길이입니다.
# 그림을 보세요. 음표 몇 개가 지나면 같은 음형이 자꾸 되풀이됩니다. 여기에는 우연이 전혀 없습니다. 그래서 한 번 지나간
# 상태로 돌아오면 그때 했던 일을 그대로 다시 하고, 이것이 끝없이 이어집니다.

# %% source="1ec75a64"

# %% [markdown] source="f8b73f7d"
# 작곡가가 늘 확률이 가장 높은 음표를 연주하는 것은 아닙니다. 다음 셀은 같은 두 층을 한 스텝씩 호출하면서, 각 음표를
# 신경망의 확률에 따라 **뽑습니다**. 이때 먼저 확률을 (1 / **온도**)제곱합니다. 온도가 1보다 낮으면 자주 나오는 음표가
# 더 자주 나옵니다. 위의 멜로디와 거의 같은 0.3과, 조성을 잊어버리는 1.5를 시험해 보세요.
#
# 두 그림을 비교해 보세요. 이번 멜로디는 같은 음형으로 돌아오지 않고, 음역이 더 넓으며, 한 박짜리 음표 사이에 길고
# 짧은 음표가 섞여 있습니다.

# %% source="f0ea9010"
if __name__ == "__main__":

    def draw_melody(steps, temperature, rng):
        """앞의 음표들 다음에 올 확률에 따라 음표를 하나씩 뽑아 그 인덱스를 반환합니다."""
        x, (a, c), drawn = nothing, zero_states(1), []
        for _ in range(steps):
            _, a, c = LSTM_cell(x, initial_state=[a, c])
            p = np.asarray(densor(a), dtype=float)[0] ** (1 / temperature)
            drawn.append(rng.choice(n_values, p=p / p.sum()))
            x = np.eye(n_values, dtype="float32")[None, drawn[-1:]]  # (1, 1, n_values)
        return drawn

    drawn_melody = to_melody(draw_melody(100, temperature=0.8, rng=np.random.default_rng(1)), values)
    plt.figure(piano_roll(drawn_melody, title="Notes drawn from the probabilities, temperature 0.8"))
    plt.show()

# %% [markdown] source="05aea772"
# ## 8. 듣기
#
# 다음 셀은 두 멜로디를 음악 프로그램이면 무엇으로든 열 수 있는 MIDI 파일로 저장하고, 여기에서 연주합니다. 확률이 가장
# 높은 음표로 만든 것이 먼저, 뽑은 것이 그다음입니다. `dlseq music` 명령이 쓰는 더 큰 모델도 음표를 뽑으며, 악구가
# 어디에서 끝나는지도 배웠습니다.

# %% source="0c31234d"

# %% [markdown] source="05994be2"
# ## 9. 확인

# %% source="179ff800"
