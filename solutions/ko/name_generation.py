# %% [markdown] source="5f42fc5e"
# # 이름을 지어내는 모델
#
# 신경망에 이름 천 개를 한 문자씩 보여 주고, 다음 문자를 예측하도록 학습시킵니다. 규칙은 아무도 알려 주지 않습니다.
# 그런데도 신경망은 곧 *q* 다음에는 *u*가 오고 공룡의 이름은 *saurus*로 끝날 때가 많다는 것을 알게 됩니다. 그다음에는
# 이름을 생성합니다. 예측한 분포에서 문자를 하나 뽑고, 그 문자를 다음 입력으로 다시 넣고, 이를 되풀이합니다. 그러면
# 아직 아무도 쓴 적이 없는 이름이 나옵니다. 이런 신경망을 **문자 단위 언어 모델**이라고 하고, 여기에서 이름을 생성하는
# 것을 **샘플링**이라고 합니다.
#
# 이 일을 두 번 합니다. 먼저 모든 숫자를 볼 수 있는 NumPy로, 그다음에는 학습이 더 빠르고 샘플링을 조절할 수 있는
# Keras로 작성합니다.
#
# ## 표기
#
# | 기호 | 의미 |
# |---|---|
# | `V` | **어휘 크기**: 서로 다른 문자의 개수. 이름의 **종료 토큰**인 줄바꿈 문자 `"\n"`도 포함합니다. |
# | `n_a` | 은닉 상태의 크기 |
# | `char_to_ix`, `ix_to_char` | **어휘**: 문자를 인덱스로, 인덱스를 문자로 바꾸는 딕셔너리 |
# | `parameters` | `Wax (n_a, V)`, `Waa (n_a, n_a)`, `Wya (V, n_a)`, `b (n_a, 1)`, `by (V, 1)`의 딕셔너리 |
# | `m`, `T` | 배치 크기와 시점의 개수. Keras를 쓰는 후반부에만 나옵니다. |
#
# 신경망 자체는 앞의 연습 문제에서 다루었으므로, 순전파와 역전파는 작은 함수 몇 개와 함께 주어져 있습니다.
# `help(rnn_forward)`로 독스트링을 읽어 보세요.
#
# 잘 알려진 과제의 풀이가 있다면 그 노트북을 그대로 제출해도 됩니다. 그 함수들을 이 파일에 붙여 넣는다면, 과제의
# `from utils import *`는 아래 셀이 대신합니다. `clip`에서 기울기를 복사한다면 `import copy`를 추가하세요.
#
# 대부분의 함수 다음에는 결과를 비교할 수 있도록 한 줄을 출력하는 셀이 있습니다.

# %% source="cee27dd9"

# %% [markdown] source="f3b614bf"
# ## 1. 기울기 클리핑
#
# 시간 역전파에서는 시점마다 기울기에 같은 행렬을 곱합니다. 그래서 기울기가 이따금 엄청나게 커지고(**기울기 폭주**),
# 이런 기울기로 한 번만 갱신해도 그때까지 천 번 학습한 것이 망가집니다. 가장 간단한 해결책은 **기울기 클리핑**입니다.
# 다섯 개의 기울기 각각에서 모든 원소를 `[-maxValue, maxValue]` 구간으로 제한합니다.
#
# $$g \leftarrow \min(\max(g, -M), M)$$
#
# 인수의 원본은 바꾸지 말고 **새** 딕셔너리를 반환하세요.


# %% source="9d0d61b2"
def clip(gradients, maxValue):
    """기울기의 모든 원소를 [-maxValue, maxValue]로 제한합니다.

    Args:
        gradients: dWaa, dWax, dWya, db, dby의 딕셔너리. 바꾸지 않습니다.
        maxValue: 절댓값의 한계.

    Returns:
        제한한 기울기 다섯 개의 새 딕셔너리.
    """
    raise NotImplementedError("clip")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="3ee42d58"
if __name__ == "__main__":
    print(clip({name: np.array([-7.0, 0.5, 7.0]) for name in ("dWaa", "dWax", "dWya", "db", "dby")}, 5)["dby"])
    # 기대 출력: [-5. 0.5 5. ]

# %% [markdown] source="4da9a205"
# ## 2. 샘플링
#
# ```
#   0 ──► cell ──► cell ──► cell ──► …      셀
#          │ y₁  ▲  │ y₂  ▲  │ y₃
#          ▼     │  ▼     │  ▼              다음 문자를 뽑기
#         "r" ───┘ "e" ───┘ "x"
# ```
#
# 첫 입력과 초기 은닉 상태는 영벡터입니다. 각 시점에서 다음을 계산합니다.
#
# $$a = \tanh(W_{ax}\, x + W_{aa}\, a_{prev} + b), \qquad y = \mathrm{softmax}(W_{ya}\, a + b_y)$$
#
# 분포 `y`에서 인덱스를 하나 **뽑고**(늘 확률이 가장 높은 것을 고르면 매번 같은 이름이 나옵니다), 형상이 `(V, 1)`인
# **원-핫** 벡터 `x`로 만들어 다음 입력으로 다시 넣습니다. 줄바꿈이 나오면 멈춥니다. 학습이 모자란 모델은 줄바꿈을
# 영영 뽑지 않을 수도 있으므로, 50문자가 되어도 멈추고 이때에는 줄바꿈을 덧붙입니다.
#
# 뽑은 결과를 재현할 수 있도록, 전역 난수 생성기를 정확히 다음과 같이 쓰세요. `counter`는 0에서 시작합니다. 뽑을
# 때마다 먼저 `np.random.seed(counter + seed)`를 호출하고, `np.random.choice(range(V), p=y.ravel())`로 뽑은 다음,
# `counter`와 `seed`를 둘 다 1씩 늘립니다. (잘 알려진 과제가 이렇게 합니다. 직접 쓰는 코드에서는 8절처럼 난수 생성기를
# 인수로 넘기세요.)


# %% source="09cf8ca2"
def sample(parameters, char_to_ix, seed):
    """NumPy 신경망에서 이름을 하나 샘플링합니다.

    Args:
        parameters: 파라미터의 딕셔너리. 위의 표를 보세요.
        char_to_ix: 문자를 인덱스로 바꾸는 딕셔너리. char_to_ix["\\n"]은 종료 토큰의 인덱스입니다.
        seed: 뽑을 때 쓰는 정수 시드.

    Returns:
        인덱스의 리스트. 문자가 순서대로 있고 마지막이 줄바꿈입니다.
    """
    raise NotImplementedError("sample")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="05e5a56b"
if __name__ == "__main__":
    indices = sample(initialize_parameters(8, 4, 4), {"\n": 0, "a": 1, "b": 2, "c": 3}, seed=0)
    print(type(indices).__name__, indices)
    # 기대 출력: 4보다 작은 인덱스의 리스트. 0은 마지막에 한 번만 나옵니다.

# %% [markdown] source="2da06db9"
# ## 3. 학습의 한 스텝
#
# 순전파, 역전파, 클리핑, 갱신, 이렇게 함수를 네 번 호출합니다. `rnn_forward`는 손실과 캐시를 반환하고,
# `rnn_backward`는 기울기와 은닉 상태 `a`(시점 t에 대해 그 시점 이후의 은닉 상태를 담은 딕셔너리)를 반환하고,
# `update_parameters`는 파라미터의 **원본을** 바꿉니다. 5를 한계로 클리핑하되 갱신하기 전에 하세요. 그렇지 않으면
# 클리핑은 아무 효과가 없습니다.


# %% source="e6907cc0"
def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    """이름 하나로 학습합니다. 확률적 경사 하강법의 한 스텝입니다.

    Args:
        X: 입력 인덱스의 리스트. None은 영벡터입니다.
        Y: 타깃 인덱스의 리스트. X와 길이가 같습니다.
        a_prev: 초기 은닉 상태, (n_a, 1).
        parameters: 파라미터의 딕셔너리. 원본이 바뀝니다.
        learning_rate: 학습률.

    Returns:
        loss: 갱신하기 전, 이 이름의 교차 엔트로피.
        gradients: 제한한 기울기.
        a[len(X) - 1]: 마지막 시점 이후의 은닉 상태, (n_a, 1).
    """
    raise NotImplementedError("optimize")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="e80c8fe8"
if __name__ == "__main__":
    parameters = initialize_parameters(8, 4, 4)
    losses = [optimize([None, 1, 2], [1, 2, 0], np.zeros((8, 1)), parameters, 0.5)[0] for _ in range(20)]
    print(f"손실: {losses[0]:.2f}에서 {losses[-1]:.2f}")
    # 기대 출력: 손실이 4.16(문자 세 개, 각각 확률 1/4)에서 0.55로 줄어듭니다.

# %% [markdown] source="f015715d"
# ## 4. 학습
#
# 입력은 타깃을 한 시점 늦춘 것입니다. 이를 **교사 강요**라고 합니다. 학습할 때의 입력은 모델이 뽑았을 문자가 아니라
# 실제로 바로 앞에 있는 문자입니다.
#
# | | | | | |
# |---|---|---|---|---|
# | `X` | 0 | r | e | x |
# | `Y` | r | e | x | 줄바꿈 |
#
# 인덱스로 쓰면 `X = [None] + ids`이고 `Y = X[1:] + [newline]`입니다. 작성할 코드는 두 부분입니다.
#
# 1. **학습 예제**: 각 이름의 앞뒤 공백을 없앤 다음 `np.random.seed(0)`과 `np.random.shuffle(examples)`를 호출합니다.
# 2. **학습 스텝**: `j`번째 반복에서는 예제 `j % len(examples)`로, 학습률 0.01로 학습합니다. `optimize`가 반환한 은닉
#    상태는 다음 이름의 초기 은닉 상태가 됩니다.
#
# 나머지, 즉 손실의 이동 평균과 도중에 이름을 샘플링하는 부분은 주어져 있습니다.


# %% source="9631a566"
def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    """이름으로 NumPy 신경망을 학습시키고, 도중에 이름 몇 개를 샘플링합니다.

    Args:
        data_x: 이름의 리스트. 앞뒤에 공백이 있을 수 있습니다.
        ix_to_char: 인덱스를 문자로 바꾸는 딕셔너리.
        char_to_ix: 문자를 인덱스로 바꾸는 딕셔너리.
        num_iterations: 학습 스텝의 수. 스텝마다 이름 하나를 씁니다.
        n_a: 은닉 상태의 크기.
        dino_names: 2,000번 반복할 때마다 샘플링할 이름의 개수.
        vocab_size: 줄바꿈을 포함해 서로 다른 문자의 개수.
        verbose: True이면 손실과 이름을 출력합니다.

    Returns:
        parameters: 학습한 파라미터의 딕셔너리.
        last_name: 마지막으로 샘플링한 이름.
    """
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss, last_name = get_initial_loss(vocab_size, dino_names), ""
    a_prev = np.zeros((n_a, 1))
    examples = []
    raise NotImplementedError("model")  # 이 줄을 지우고 여기에 코드를 작성하세요
    for j in range(num_iterations):
        curr_loss = 0.0
        raise NotImplementedError("model")  # 이 줄을 지우고 여기에 코드를 작성하세요
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            names = [get_sample(sample(parameters, char_to_ix, seed), ix_to_char) for seed in range(dino_names)]
            last_name = names[-1] if names else ""
            if verbose:
                print(f"반복 {j:6,}   손실 {loss:6.2f}   {' '.join(name.strip() for name in names)}")
    return parameters, last_name


# %% [markdown] source="fe65ecf5"
# ### 공룡
#
# 이름을 몇천 개 학습하면 끝부분은 이미 그럴듯합니다. 손실은 줄어들기 전에 먼저 늘어납니다. 이동 평균이 균등 분포에서
# 문자 일곱 개의 교차 엔트로피로 시작하는데, 이름은 대부분 그보다 길기 때문입니다. (학습 6,001스텝에 5초에서 10초가
# 걸립니다.)
#
# (잘 알려진 과제는 22,001번 반복한 뒤에 나오는 이름 하나를 그대로 요구합니다. 그때쯤에는 프로세서마다 다른 반올림
# 오차 때문에 글자가 달라집니다. 그래서 여기의 테스트는 몇 스텝 뒤의 파라미터를 검사합니다.)

# %% source="54aa25e1"

# %% [markdown] source="ded3ac65"
# ## 5. 이름의 배치
#
# 이제 Keras를 씁니다. Keras는 이름의 배치로 학습하는데, 이름마다 길이가 다르므로 짧은 이름은 **패딩**으로 채웁니다.
# *bo*와 *ann*은 다음과 같습니다.
#
# | `y` | | | | | `weights` | | | | |
# |---|---|---|---|---|---|---|---|---|---|
# | | b | o | ⏎ | ⏎ | | 1 | 1 | 1 | 0 |
# | | a | n | n | ⏎ | | 1 | 1 | 1 | 1 |
#
# 각 행의 첫 줄바꿈은 이름의 종료 토큰이며, 모델은 이것을 예측하는 법을 배워야 합니다. 그 뒤의 줄바꿈은 패딩입니다.
# 패딩의 **샘플 가중치**는 0이므로 손실에 반영되지 않습니다. 입력은 `y`보다 한 시점 늦은 원-핫 벡터이고(교사 강요), 첫
# 시점에서는 0입니다.


# %% source="b745de9e"
def name_batch(names, char_to_ix):
    """이름을 학습용 배열로 인코딩합니다.

    Args:
        names: 이름 m개의 리스트.
        char_to_ix: "\\n"을 포함한 문자 V개를 인덱스로 바꾸는 딕셔너리.

    Returns:
        x: 원-핫 입력, (m, T, V). T는 가장 긴 이름의 길이 + 1입니다. x[:, 0]은 0이고, x[:, t]는 y[:, t - 1]입니다.
        y: 타깃 인덱스, (m, T). 이름 뒤는 줄바꿈으로 채웁니다.
        weights: 샘플 가중치, (m, T). 이름의 문자와 첫 줄바꿈에서 1, 패딩에서 0입니다.
    """
    raise NotImplementedError("name_batch")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="947220aa"
if __name__ == "__main__":
    x, y, weights = name_batch(["bo", "ann"], {"\n": 0, "a": 1, "b": 2, "n": 3, "o": 4})
    print(x.shape, y.tolist(), weights.tolist())
    # 기대 출력: (2, 4, 5) [[2, 4, 0, 0], [1, 3, 3, 0]] [[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]]

# %% [markdown] source="16eb903c"
# ## 6. 모델
#
# 세 줄이면 됩니다. 입력 `(None, V)`, 모든 시점의 은닉 상태를 반환하는 유닛 `n_a`개의 `LSTM`, 출력이 `V`개인 `Dense`
# 층입니다. 7절에서 로짓을 다루므로 출력은 소프트맥스를 적용하지 않은 **로짓**입니다. 따라서 손실은
# `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`입니다. 학습률이 0.01인 `Adam`으로 컴파일하세요.


# %% source="a0f5618e"
def name_model(vocab_size, n_a=64):
    """다음 문자를 예측하는 모델을 만들고 컴파일합니다.

    Args:
        vocab_size: 어휘 크기 V.
        n_a: LSTM의 유닛 수.

    Returns:
        원-핫 입력 (m, T, V)를 받아 로짓 (m, T, V)를 내놓는 Keras 모델.
    """
    raise NotImplementedError("name_model")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="5f180eec"
if __name__ == "__main__":
    print(name_model(5, 16)(np.zeros((2, 4, 5), "float32")).shape)
    # 기대 출력: (2, 4, 5)

# %% [markdown] source="0deaa82a"
# ## 7. 온도와 top-k
#
# 로짓 $z$가 주어졌을 때, 문자를 뽑을 분포는 두 가지 설정으로 조절합니다.
#
# **온도**: $p = \mathrm{softmax}(z / \tau)$입니다. $\tau$가 낮으면 분포가 뾰족해져서 이름이 무난해지고, 높으면 분포가
# 평평해져서 이름이 엉뚱해집니다. 온도는 로짓을 나눕니다. 확률을 나누면 정규화하고 난 뒤에 아무 효과도 남지 않습니다.
#
# **Top-k 샘플링**: 가장 큰 로짓 `k`개만 남깁니다. 나머지 문자의 확률은 모두 0이 되고, 남은 문자의 확률은 합이
# 1입니다. 하나하나는 드물지만 모두 합치면 드물지 않은 문자들의 긴 꼬리가 이렇게 잘려 나갑니다.


# %% source="571d8865"
def next_probabilities(logits, temperature=1.0, top_k=None):
    """다음 문자의 분포를 계산합니다.

    Args:
        logits: 로짓, (V,). 모델이 내놓은 로짓은 float32입니다.
        temperature: 로짓을 나누는, 0보다 큰 수.
        top_k: 남길 문자의 개수. None이면 모두 남깁니다. V보다 크면 V로 봅니다.

    Returns:
        합이 1인 확률, float64 (V,).
    """
    raise NotImplementedError("next_probabilities")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="8bd23e08"
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    print(next_probabilities([2.0, 1.0, 0.0], temperature=0.5, top_k=2).round(3))
    # 기대 출력: [0.881 0.119 0. ]

    logits = np.array([2.6, 2.0, 1.2, 0.7, 0.1, -0.6, -1.5, -2.5])
    settings = [(0.5, None), (1.0, None), (2.0, None), (1.0, 3)]
    figure, axes = plt.subplots(1, 4, figsize=(9, 2.7), sharey=True, layout="constrained")
    for ax, (temperature, top_k) in zip(axes, settings, strict=True):
        ax.bar(list("saurtonk"), next_probabilities(logits, temperature, top_k))
        ax.set_title(f"temperature {temperature:g}" + (f", top {top_k}" if top_k else ""), fontsize=10)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("probability")
    figure.supxlabel("next character, from the most to the least likely", fontsize=10)
    plt.show()

# %% [markdown] source="c858ec12"
# ## 8. Keras 모델에서 샘플링하기
#
# 2절과 같습니다. 0인 시점 하나로 시작해서 모델을 호출하고, 뽑고, 다시 넣습니다. 모델은 호출과 호출 사이에 은닉 상태를
# 유지하지 않으므로, 매번 지금까지의 **접두사** 전체 `(1, t + 1, V)`를 넘기고 **마지막** 시점의 로짓을 씁니다. 뽑을
# 때에는 처음에 난수 생성기 `rng = np.random.default_rng(seed)`를 하나 만들고, 각 문자를 `rng.choice(V, p=…)`로
# 뽑습니다. 줄바꿈이 나오면 멈춥니다. `max_length`문자에 이른 이름은 거기에서 자르고 줄바꿈을 덧붙이지 않습니다.
# 그래야 모델이 이름을 끝맺지 못했다는 것을 리스트에서 알 수 있습니다.
#
# 모델은 `model(x, training=False)`로 호출하세요. `predict`는 큰 배치를 위한 것이라 한 스텝만 계산할 때에는 훨씬
# 느립니다.


# %% source="d2de2657"
def sample_name(model, char_to_ix, seed, temperature=1.0, top_k=None, max_length=50):
    """Keras 모델에서 이름을 하나 샘플링합니다.

    Args:
        model: 원-핫 입력 (1, t, V)를 받아 로짓 (1, t, V)를 내놓는 Keras 모델.
        char_to_ix: 문자 V개를 인덱스로 바꾸는 딕셔너리.
        seed: 뽑을 때 쓰는 정수 시드.
        temperature: `next_probabilities` 참고.
        top_k: `next_probabilities` 참고.
        max_length: 인덱스의 최대 개수.

    Returns:
        인덱스의 리스트. 모델이 줄바꿈을 뽑았다면 마지막이 줄바꿈입니다.
    """
    raise NotImplementedError("sample_name")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="579d0b41"
# ### 세 가지 온도
#
# 같은 모델과 같은 시드로, 온도만 세 가지로 바꾸어 봅니다. 어느 이름이 진짜처럼 보이나요? (학습에 10초쯤 걸립니다.)

# %% source="52b0d687"
if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    network = name_model(len(characters))
    x, y, weights = name_batch(dinosaurs, char_to_ix)
    history = network.fit(x, y, sample_weight=weights, batch_size=64, epochs=12, verbose=0).history
    print(f"손실: {history['loss'][0]:.2f}에서 {history['loss'][-1]:.2f}")
    for temperature in (0.4, 0.8, 1.3):
        drawn = [sample_name(network, char_to_ix, seed, temperature, top_k=12, max_length=20) for seed in range(4)]
        names = [get_sample(indices, ix_to_char).strip() for indices in drawn]
        print(f"온도 {temperature}: {', '.join(names)}")

# %% [markdown] source="94d39f44"
# ## 진행 상황 확인

# %% source="1cbbf62e"
