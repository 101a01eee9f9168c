# %% [markdown] source="6e02cd98"
# # 직접 만드는 어텐션 층
#
# 긴 편지에 강아지 이야기가 뭐라고 쓰여 있는지 질문을 받았다고 합시다. 편지 전체를 한 가지 생각으로 압축한 다음
# 거기에서 답하지는 않을 것입니다. 편지로 돌아가서 *이* 질문에 중요한 줄들을 살펴보겠지요. **어텐션**은 숫자로 같은
# 일을 합니다. **쿼리**(질문)가 하나 있고, **값**(편지의 줄)의 시퀀스가 있습니다. 값마다 **가중치**가 있으며, 이는 답인
# **컨텍스트**에서 그 값이 차지하는 몫입니다.
#
# 날짜 연습 문제에서는 한 모델에 속한 공유 층들을 엮어 어텐션을 만들었습니다. 여기에서는 어느 모델에나 넣을 수 있는
# Keras 층으로 만듭니다. 이 층은 자기 가중치를 가지고, 마스크를 처리하며, 파일에서 다시 불러올 수 있습니다.
#
# ## 기호
#
# | 기호 | 의미 |
# |---|---|
# | `B` | 배치에 들어 있는 예제의 개수, 첫 번째 축 |
# | `Tq`, `Dq` | 쿼리의 스텝 수와 크기: `query (B, Tq, Dq)` |
# | `Tv`, `Dv` | 값의 스텝 수와 크기: `value (B, Tv, Dv)` |
# | `units` | 쿼리와 키를 비교하는 공간의 크기 |
#
# 쿼리는 몇 개든 한꺼번에 처리합니다. 문자를 하나씩 쓰는 디코더에서는 스텝마다 쿼리가 하나이므로 `Tq = 1`입니다.
#
# ## 층의 내부
#
# ```
#   query (B, Tq, Dq) ── query_kernel ──► (B, Tq, units) ─┐
#                                                         ├─ + ─ tanh ─ energy_kernel ─► (B, Tq, Tv)  에너지
#   value (B, Tv, Dv) ── key_kernel ────► (B, Tv, units) ─┘                                  │  Tv에 대한 소프트맥스
#        │                                                                                   ▼
#        └──────────────────────────────────────────────────────────── * ◄────────────── (B, Tq, Tv)  가중치
#                                                                      ▼
#                                                                  (B, Tq, Dv)  가중합, 즉 컨텍스트
#                                         키는 key_kernel이 만드는 (B, Tv, units)입니다.
# ```
#
# 층 안에서 텐서를 다룰 때에는 언제나 `keras.ops`(여기에서는 `ops`)를 쓰세요. 그러면 같은 줄이 숫자에 대해서도, 그래프
# 안에서도, 기울기를 구할 때에도 작동합니다.

# %% source="e639839f"

# %% [markdown] source="923c3482"
# ## 1. 마스크를 적용한 소프트맥스
#
# 길이가 다른 시퀀스는 패딩으로 길이를 맞추며, **마스크**는 어느 위치가 진짜인지를 알려 줍니다. 패딩은 가중치를 전혀
# 받으면 안 되고, 패딩의 몫은 진짜 위치에 돌아가야 합니다. 소프트맥스 이전의 위치별 점수인 **에너지**로 쓰면 다음과
# 같습니다.
#
# $$w_{j} = \frac{e^{\mathrm{energy}_{j}}}{\sum_{k\ \mathrm{real}} e^{\mathrm{energy}_{k}}} \quad (j\ \mathrm{real}),
# \qquad w_j = 0 \quad (j\ \mathrm{padding})$$
#
# 그러므로 패딩은 소프트맥스 *이전에*, 지수 함수의 값이 0이 될 만큼 낮은 에너지를 주어 가려야 합니다. 얼마나 낮아야
# 할까요?
#
# - 예제에 진짜 위치가 하나라도 있으면 음의 무한대로도 됩니다.
# - 패딩뿐인 예제에서는 실패합니다. `softmax([-inf, -inf])`는 0 / 0이므로 `[nan, nan]`이고, 배치에 NaN이 하나라도 있으면
#   손실과 모델의 모든 가중치가 NaN이 됩니다.
# - 아주 낮은 유한한 수인 `-1e30`은 안전합니다. `softmax([-1e30, -1e30])`는 `[0.5, 0.5]`입니다. 이런 예제에는 주목할
#   것이 없으므로, 소프트맥스 다음에 패딩의 가중치를 0으로 만드세요.
#
# 마스크의 형상은 `(B, Tv)`이고 에너지의 형상은 `(B, Tq, Tv)`입니다. 모든 쿼리에 같은 마스크를 적용합니다.


# %% source="7cb4632f"
def masked_softmax(energies, mask=None):
    """패딩에 가중치를 주지 않는 소프트맥스를 적용합니다.

    Args:
        energies: 임의의 숫자, (B, Tq, Tv).
        mask: 불리언, (B, Tv), 진짜 위치에서 True. 모든 위치가 진짜이면 None.

    Returns:
        가중치, (B, Tq, Tv). Tv에 대한 합은 1이고 패딩에서는 0입니다. 예제 전체가 패딩이면 그 예제의 가중치는 모두
        0입니다.
    """
    raise NotImplementedError("masked_softmax")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="f803382b"
# 다음 셀은 첫 번째 예제에 대해 `[0.5 0.5 0. ]`을, 전부 패딩인 두 번째 예제에 대해서는 0만 출력해야 합니다.

# %% source="c46516e0"

# %% [markdown] source="981dd710"
# ## 2. 층
#
# Keras의 층은 클래스이며, Keras는 정해진 때에 이 클래스의 몇 가지 메서드를 호출합니다.
#
# | 메서드 | 호출되는 때 | 여기에서 하는 일 |
# |---|---|---|
# | `__init__` | 층을 만들 때 | 설정을 저장합니다. 데이터의 형상은 아직 모릅니다. |
# | `build` | 첫 호출 직전 | 크기를 알게 되었으므로 가중치를 만듭니다. |
# | `call` | 호출할 때마다 | 출력을 계산합니다. |
# | `compute_mask` | 호출이 끝날 때마다 | 다음 층에 넘길 마스크를 반환합니다. |
# | `get_config` | 모델을 저장할 때 | 같은 층을 만들 수 있도록 설정을 반환합니다. |
#
# 그리고 우리가 추가하는 메서드 `project`가 있습니다.
#
# **`__init__`** 메서드는 `units`를 받습니다. Keras 층의 다른 키워드 인수(`name`, `dtype`, `trainable`, …)는 모두 부모
# 클래스에 넘깁니다.
#
# **`build`** 메서드는 `call`의 입력 형상을 원소가 두 개인 리스트로 받습니다. `self.add_weight(name=…, shape=…)`로
# 가중치 세 개를 다음 순서대로 만들며, 편향은 만들지 않습니다.
#
# | 가중치 | 형상 |
# |---|---|
# | `query_kernel` | `(Dq, units)` |
# | `key_kernel` | `(Dv, units)` |
# | `energy_kernel` | `(units, 1)` |
#
# **`project`** 메서드는 값을 **키**로 바꿉니다: $\mathrm{keys} = \mathrm{value} \cdot W_{key}$. 메서드를 따로 두는
# 까닭은, 디코더에서 쿼리는 스텝마다 새로 생기지만 값은 그대로이기 때문입니다. 이런 반복문은 첫 스텝 전에
# `layer.project(value)`를 한 번만 호출하고, 그 결과를 `keys=`로 넘깁니다.
#
# **`call`** 메서드는 모든 쿼리 $q_i$를 모든 키 $k_j$와 비교합니다(Bahdanau, Cho, Bengio, 2015의
# **가산 점수**).
#
# $$\mathrm{energy}_{ij} = v \cdot \tanh(q_i W_{query} + k_j) \qquad \mathrm{context}_i = \sum_j w_{ij}\,
# \mathrm{value}_j$$
#
# 여기에서 $v$는 `energy_kernel`입니다. tanh 안의 합은 쿼리와 키의 모든 쌍을 만듭니다. 양쪽의 알맞은 자리에 길이가 1인
# 축을 넣어 `(B, Tq, Tv, units)`로 브로드캐스트되게 하세요. 키는 *어디에* 주목할지를 정하고, 컨텍스트는 값 자체의
# 합입니다. `call`은 두 단계로 채우세요. 먼저 에너지를, 그다음에 가중치와 컨텍스트를 계산합니다.
#
# 가중치는 요청을 받았을 때 반환하며, 저장하지 않습니다. 가중치를 `self`에 저장하는 층은 나중에 묻는 쪽에 마지막
# 배치의 가중치를 돌려주며, 컴파일된 그래프에서는 그마저도 돌려주지 못합니다.
#
# **`compute_mask`**: 컨텍스트에는 쿼리마다 행이 하나씩 있으므로, 컨텍스트의 마스크는 쿼리의 마스크입니다.
#
# **`get_config`** 메서드는 부모 클래스의 딕셔너리에 `__init__`의 모든 인수를 추가합니다. 클래스 위의 데코레이터는,
# Keras가 파일을 불러올 때 이 클래스를 찾는 데 쓸 이름을 등록합니다.


# %% source="eec24639"
@keras.saving.register_keras_serializable(package="exercises")
class AttentionLayer(keras.layers.Layer):
    """쿼리 시퀀스가 값 시퀀스에 주목하는 가산 어텐션.

    Args:
        units: 쿼리와 키를 비교하는 공간의 크기.
        kwargs: `name`처럼 모든 Keras 층에 있는 키워드 인수.
    """

    def __init__(self, units, **kwargs):
        raise NotImplementedError("AttentionLayer.__init__")  # 이 줄을 지우고 여기에 코드를 작성하세요

    def build(self, input_shape):
        """query_kernel, key_kernel, energy_kernel을 이 순서대로 만듭니다.

        Args:
            input_shape: [(B, Tq, Dq), (B, Tv, Dv)].
        """
        raise NotImplementedError("AttentionLayer.build")  # 이 줄을 지우고 여기에 코드를 작성하세요

    def project(self, value):
        """값 (B, Tv, Dv)를 키 (B, Tv, units)로 투영합니다."""
        raise NotImplementedError("AttentionLayer.project")  # 이 줄을 지우고 여기에 코드를 작성하세요

    def call(self, inputs, mask=None, keys=None, return_attention_scores=False):
        """쿼리마다 컨텍스트를 계산합니다.

        Args:
            inputs: [쿼리 (B, Tq, Dq), 값 (B, Tv, Dv)].
            mask: [쿼리의 마스크 (B, Tq), 값의 마스크 (B, Tv)]. 각각 None일 수 있으며, 전체가 None일 수도 있습니다.
            keys: `project(value)`의 결과, (B, Tv, units). None이면 지금 투영합니다.
            return_attention_scores: 가중치도 반환할지 여부.

        Returns:
            컨텍스트, (B, Tq, Dv). 요청하면 컨텍스트와 가중치 (B, Tq, Tv)의 쌍.
        """
        query, value = inputs
        # 1단계: 쿼리와 키의 모든 쌍에 대한 에너지, (B, Tq, Tv).
        raise NotImplementedError("AttentionLayer.call")  # 이 줄을 지우고 여기에 코드를 작성하세요
        # 2단계: 패딩을 뺀 가중치, 컨텍스트, 그리고 호출한 쪽이 요청한 출력.
        raise NotImplementedError("AttentionLayer.call")  # 이 줄을 지우고 여기에 코드를 작성하세요

    def compute_mask(self, inputs, mask=None):
        """컨텍스트의 마스크를 반환합니다, (B, Tq) 또는 None. `mask`는 `call`과 같이 리스트이거나 None입니다."""
        raise NotImplementedError("AttentionLayer.compute_mask")  # 이 줄을 지우고 여기에 코드를 작성하세요

    def get_config(self):
        """모든 층에 있는 설정과 `units`를 담은 딕셔너리로 층의 설정을 반환합니다."""
        raise NotImplementedError("AttentionLayer.get_config")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="e60c29e4"
# 다음 셀은 `context (2, 3, 6) weights (2, 3, 5)`를 출력해야 합니다.

# %% source="1125341b"

# %% [markdown] source="52260b87"
# ### 자동 마스크
#
# `mask_zero=True`를 설정한 `Embedding`은 출력에 마스크를 붙입니다. 숫자가 0이었던 위치는 False입니다. Keras는 두 입력의
# 마스크를 `mask`로 `call`에 넘기고, 컨텍스트의 마스크를 얻기 위해 `compute_mask`를 호출합니다. 마지막의 평균은 진짜로
# 표시된 위치만 셉니다. 그러므로 행 끝에 0을 두 개 덧붙여도 결과가 바뀌면 안 됩니다. (Keras는 입력만 넘길 때 이렇게
# 합니다. `keys`를 넘길 때는 `mask`도 함께 넘기세요.)


# %% source="bde0380a"
def tiny_model(layer, words=20, widths=(4, 6)):
    """어텐션 층을 둘러싼 작은 모델을 만듭니다. 임베딩 두 개, 어텐션, 쿼리에 대한 평균으로 이루어집니다.

    Args:
        layer: 첫 번째 행에서 두 번째 행에 주목하는 어텐션 층.
        words: 어휘의 크기. 0은 패딩입니다.
        widths: 쿼리의 크기와 값의 크기.

    Returns:
        정수 [first (B, any), second (B, any)]를 받아 (B, widths[1])을 내놓는 Keras 모델.
    """
    first, second = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    query = keras.layers.Embedding(words, widths[0], mask_zero=True)(first)
    value = keras.layers.Embedding(words, widths[1], mask_zero=True)(second)
    return keras.Model([first, second], keras.layers.GlobalAveragePooling1D()(layer([query, value])))


# %% source="fa2fa437"
if __name__ == "__main__":
    model = tiny_model(AttentionLayer(8))
    short = model.predict([np.array([[3, 1, 4]]), np.array([[5, 9, 2, 6]])], verbose=0)
    padded = model.predict([np.array([[3, 1, 4, 0, 0]]), np.array([[5, 9, 2, 6, 0, 0, 0]])], verbose=0)
    print("패딩으로 생긴 출력의 차이:", np.abs(short - padded).max(), "- 기대한 값: 1e-6보다 작음")

# %% [markdown] source="5123b1d3"
# ## 3. 발표할 수 있는 어텐션 맵
#
# 어텐션은 신경망이 하는 일을 *눈으로 볼* 수 있는 몇 안 되는 곳입니다. 그림은 맵으로, 행은 출력 스텝마다 하나씩 첫
# 스텝이 맨 위에 오고, 열은 입력 스텝마다 하나씩입니다. 다음 다섯 가지 규칙을 지켜야 정직한 그림이 됩니다.
#
# - 소프트맥스를 거친 가중치를, 크기를 조정하지 않고 보여 줍니다. 에너지나, 가장 큰 값이 진하게 보이도록 늘린 가중치는
#   더 인상적으로 보이지만 뜻이 다릅니다.
# - 색의 범위는 모든 맵에서 0부터 1까지이며, 컬러 바를 둡니다. 그래야 같은 색이 같은 가중치를 뜻합니다.
# - 각 행과 각 열에는 해당하는 토큰을 적고, 두 축에는 이름을 붙입니다.
# - 패딩의 행과 열은 잘라 냅니다.
# - 어텐션 가중치일 수 없는 배열은 거부합니다.


# %% source="0458ebfc"
def new_figure(columns, rows):
    """그릴 맵에 맞추어 커지는 빈 그림을 만듭니다.

    Returns:
        Matplotlib의 그림과 축.
    """
    return plt.subplots(figsize=(2.5 + 0.3 * columns, 1.2 + 0.3 * rows), layout="constrained")


def attention_heatmap(weights, source, target):
    """`new_figure`의 그림에 어텐션 가중치를 맵으로 그립니다.

    채점 대상은 다음과 같습니다. `imshow`로 그린, 첫 행이 위에 오는 맵 하나, `vmin=0`부터 `vmax=1`까지의 색, 숫자가 있는
    컬러 바, 토큰마다 칸의 가운데에 놓인 눈금 레이블, 서로 다른 두 축의 이름, 토큰 수에 따라 커지는 그림, 그리고 아래의
    오류입니다.

    Args:
        weights: 예제 하나의 소프트맥스를 거친 가중치, (Ty, Tx). 행은 출력 스텝마다, 열은 입력 스텝마다 하나입니다.
        source: 입력 토큰, 최대 Tx개. 문자열, 또는 문자열의 리스트입니다. 그 뒤의 열은 패딩입니다.
        target: 출력 토큰, 최대 Ty개. 그 뒤의 행은 패딩입니다.

    Returns:
        행이 len(target)개, 열이 len(source)개인 맵 하나가 있는 Matplotlib 그림.

    Raises:
        ValueError: 가중치의 축이 두 개가 아닐 때, 토큰이 행이나 열보다 많을 때, 맵의 행에 음수 가중치가 있거나 합이
            1이 아닐 때(오차 1000분의 1 이내).
    """
    raise NotImplementedError("attention_heatmap")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% [markdown] source="8bf4eeea"
# ### 층은 어디에 주목할지 배울까요?
#
# 답을 아는 과제를 써 봅니다. 숫자 3개에서 8개로 이루어진 행을 뒤집는 것입니다. 각 값에는 숫자와 그 위치가, 각 쿼리에는
# 행의 길이와 출력 스텝의 번호가 들어 있습니다. 모델은 숫자만으로 학습하며 위치는 배우지 않습니다. 맵에는 오른쪽 위에서
# 왼쪽 아래로 내려가는 계단이 나타나야 하고, 마스크 덕분에 패딩에는 가중치가 전혀 없어야 합니다. 8에포크에 5초쯤
# 걸립니다.


# %% source="5e06277a"
def reversal_data(examples, longest, rng):
    """숫자로 이루어진 행과, 같은 행을 뒤집은 것을 무작위로 뽑습니다.

    Args:
        examples: B.
        longest: T. 숫자 3개에서 T개로 이루어진 행을 패딩으로 채워 맞추는 길이.
        rng: NumPy 난수 생성기.

    Returns:
        배열의 딕셔너리. `digits` (B, T), `real` (B, T)는 숫자가 패딩이 아닌 곳에서 True, `reversed` (B, T)는 타깃,
        `queries` (B, T, 2 * T + 1)은 길이와 출력 스텝의 원-핫, `values` (B, T, 10 + T)는 숫자와 위치의 원-핫.
    """
    steps = np.arange(longest)  # (T,)
    lengths = rng.integers(3, longest + 1, examples)  # (B,)
    real = steps < lengths[:, None]  # (B, T)
    digits = rng.integers(0, 10, (examples, longest)) * real  # (B, T)
    sources = np.maximum(lengths[:, None] - 1 - steps, 0)  # (B, T): 각 출력 스텝이 복사하는 위치
    positions = np.broadcast_to(np.eye(longest), (examples, longest, longest))  # (B, T, T)
    one_hot_lengths = np.repeat(np.eye(longest + 1)[lengths][:, None], longest, axis=1)  # (B, T, T + 1)
    return {
        "digits": digits,
        "real": real,
        "reversed": np.take_along_axis(digits, sources, axis=1),
        "queries": np.concatenate([one_hot_lengths, positions], axis=-1),
        "values": np.concatenate([np.eye(10)[digits], positions], axis=-1),
    }


# %% source="de568bea"
if __name__ == "__main__":
    LONGEST, EXAMPLES = 8, 4096
    keras.utils.set_random_seed(0)
    data = reversal_data(EXAMPLES, LONGEST, np.random.default_rng(0))
    inputs = [data["queries"], data["values"], data["real"]]

    query, value, mask = keras.Input((LONGEST, 17)), keras.Input((LONGEST, 18)), keras.Input((LONGEST,), dtype="bool")
    context, weights = AttentionLayer(32, name="attention")(
        [query, value], mask=[None, mask], return_attention_scores=True
    )
    model = keras.Model([query, value, mask], keras.layers.Dense(10, activation="softmax")(context))
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    history = model.fit(
        inputs, data["reversed"], sample_weight=data["real"].astype(float), batch_size=128, epochs=8, verbose=0
    )
    print(f"숫자별 정확도: {history.history['accuracy'][-1]:.1%}")

    attention = keras.Model(model.inputs, weights)  # 같은 층들을 쓰며, 출력이 가중치인 모델
    example = int(np.argmax(data["real"].sum(axis=1) == 6))
    map_of_example = attention.predict([array[[example]] for array in inputs], verbose=0)[0]  # (T, T)
    text = "".join(map(str, data["digits"][example][:6]))
    attention_heatmap(map_of_example, text, text[::-1])
    plt.show()

# %% [markdown] source="1779be0a"
# ### 저장하고, 불러오고, 한 스텝씩 쓰기
#
# 이 층이 들어 있는 모델을 저장하고 불러오면 같은 출력이 나와야 합니다. 그다음에는 층을 디코더에서처럼 사용합니다. 키는
# 한 번만 계산하고, 쿼리는 한 번에 하나씩 넘깁니다. 두 셀 모두 1e-5보다 작은 차이를 출력해야 합니다.

# %% source="1653fb40"
if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/reversal.keras")
        loaded = keras.saving.load_model(f"{folder}/reversal.keras")
    queries, values, real = (array[:100] for array in inputs)
    difference = loaded.predict([queries, values, real], verbose=0) - model.predict([queries, values, real], verbose=0)
    print("저장하고 불러온 출력의 차이:", np.abs(difference).max())

# %% source="73b5d1c9"
if __name__ == "__main__":
    layer = loaded.get_layer("attention")
    keys = layer.project(values)  # 한 번만
    steps = [layer([queries[:, t : t + 1], values], mask=[None, real], keys=keys) for t in range(LONGEST)]
    at_once = layer([queries, values], mask=[None, real])
    print("스텝별로 계산한 컨텍스트의 차이:", np.abs(np.concatenate(steps, axis=1) - at_once).max())

# %% [markdown] source="926d2c1e"
# ## 4. 확인

# %% source="3fe41458"
