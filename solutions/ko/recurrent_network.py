# %% [markdown] source="969b12bd"
# # RNN과 LSTM, 한 단계씩
#
# 문장, 멜로디, 날짜는 모두 **시퀀스**이며, 각 원소의 의미는 앞에 나온 원소에 따라 달라집니다.
# **순환 신경망**(RNN)은 시퀀스를 왼쪽에서 오른쪽으로 한 **시점**씩 처리하면서, 지금까지 본 내용을 요약한
# **은닉 상태** `a`를 유지합니다. 모든 시점에서 같은 가중치를 가진 같은 **셀**이
# (이전 은닉 상태, 입력)을 (다음 은닉 상태)로 변환합니다.
#
# 이 연습 문제에서는 이 셀과 시점 반복문을 NumPy만으로 작성합니다. 먼저 단순한 RNN 셀을, 그다음으로
# **LSTM**(long short-term memory, 장단기 메모리) 셀을 만듭니다. LSTM은 게이트 덕분에 여러 시점에 걸쳐 정보를
# 전달할 수 있습니다. 마지막 부분은 역방향 계산인 **시간 역전파**(backpropagation through time)입니다.
#
# ## 표기
#
# | 기호 | 의미 |
# |---|---|
# | `n_x`, `n_a`, `n_y` | 입력, 은닉 상태, 출력의 크기 |
# | `m` | **배치 크기**. 각 예제는 하나의 **열**입니다. |
# | `T_x` | 시점의 개수 |
# | `x` | 입력, `(n_x, m, T_x)`. 시점 `t`의 입력은 `xt = x[:, :, t]`, `(n_x, m)`입니다. |
# | `a` | 은닉 상태, `(n_a, m, T_x)`. 초기 은닉 상태는 `a0`, `(n_a, m)`입니다. |
#
# `W (n_a, n_x)`와 `xt (n_x, m)`의 곱 `W @ xt`는 `m`개의 열을 한꺼번에 계산합니다. 형상이 `(n_a, 1)`인 편향은 각
# 열에 **브로드캐스트**됩니다. 형상이 맞지 않으면 그 줄 옆에 형상을 적어 보세요. 거의 언제나 오류가 드러납니다.
#
# 각 함수 다음에 있는 셀은 결과를 비교할 수 있도록 한 줄을 출력합니다. 입력은 모두 1, 가중치는 모두 0.1이므로
# 숫자를 손으로 따라가며 계산할 수 있습니다.

# %% source="2d54f0ab"
import numpy as np


def softmax(x):
    """각 열에 소프트맥스를 적용해 로짓을 확률로 바꿉니다."""
    exponentials = np.exp(x - np.max(x, axis=0))
    return exponentials / exponentials.sum(axis=0)


def sigmoid(x):
    """원소별 로지스틱 시그모이드. 값은 0(닫힌 게이트)과 1(열린 게이트) 사이입니다."""
    return 1 / (1 + np.exp(-x))


# %% [markdown] source="cb2852c6"
# ## 1. RNN 셀의 한 시점
#
# $$a^{\langle t \rangle} = \tanh(W_{aa}\, a^{\langle t-1 \rangle} + W_{ax}\, x^{\langle t \rangle} + b_a)$$
# $$\hat y^{\langle t \rangle} = \mathrm{softmax}(W_{ya}\, a^{\langle t \rangle} + b_y)$$
#
# 행렬의 아래 첨자는 출력과 입력을 순서대로 나타냅니다. `Wax`는 `x`를 `a`와 같은 크기로 변환합니다.
# **활성화 함수** tanh는 시점이 아무리 많아도 은닉 상태를 -1과 1 사이로 유지합니다. 소프트맥스의 인수를
# **로짓**이라고 합니다.
#
# **캐시**에는 역전파에 필요한 값인 `(a_next, a_prev, xt, parameters)`를 담습니다.


# %% source="4d04333f"
def rnn_cell_forward(xt, a_prev, parameters):
    """RNN 셀의 순전파, 한 시점.

    Args:
        xt: 이 시점의 입력, (n_x, m).
        a_prev: 이전 은닉 상태, (n_a, m).
        parameters: Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1)의 딕셔너리.

    Returns:
        a_next: 다음 은닉 상태, (n_a, m).
        yt_pred: 확률, (n_y, m). 각 열의 합은 1입니다.
        cache: (a_next, a_prev, xt, parameters).
    """
    raise NotImplementedError("rnn_cell_forward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="6dc238cf"
if __name__ == "__main__":
    n_x, n_a, n_y, m, T_x = 2, 3, 4, 5, 6
    rnn_shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1), "by": (n_y, 1)}
    rnn_parameters = {name: np.full(shape, 0.1) for name, shape in rnn_shapes.items()}
    a_next, yt_pred, _ = rnn_cell_forward(np.ones((n_x, m)), np.zeros((n_a, m)), rnn_parameters)
    print(f"a_next {a_next.shape}, 모두 {a_next[0, 0]:.4f}; yt_pred {yt_pred.shape}, 모두 {yt_pred[0, 0]:.4f}")
    # 기대 출력: a_next (3, 5), 모두 0.2913; yt_pred (4, 5), 모두 0.2500

# %% [markdown] source="03cb60f1"
# ## 2. 시점 반복문
#
# 모든 시점에서 같은 가중치를 가진 같은 셀을 사용합니다. 한 시점이 반환한 은닉 상태는 다음 시점의 인수가 됩니다.
# 순환 신경망이 서로 독립인 신경망 `T_x`개와 다른 점은 이것뿐입니다.


# %% source="13c32ea0"
def rnn_forward(x, a0, parameters):
    """시퀀스 전체에 대한 RNN의 순전파.

    Args:
        x: 입력, (n_x, m, T_x).
        a0: 초기 은닉 상태, (n_a, m).
        parameters: `rnn_cell_forward` 참고.

    Returns:
        a: 각 시점 이후의 은닉 상태, (n_a, m, T_x).
        y_pred: 각 시점의 확률, (n_y, m, T_x).
        caches: (셀의 캐시 T_x개로 이루어진 리스트, x).
    """
    raise NotImplementedError("rnn_forward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="035d25ab"
if __name__ == "__main__":
    a, y_pred, _ = rnn_forward(np.ones((n_x, m, T_x)), np.zeros((n_a, m)), rnn_parameters)
    print(f"a {a.shape}, {a[0, 0, 0]:.4f}에서 {a[0, 0, -1]:.4f}까지; y_pred {y_pred.shape}")
    # 기대 출력: a (3, 5, 6), 0.2913에서 0.3958까지; y_pred (4, 5, 6)

# %% [markdown] source="bf0697da"
# ## 3. LSTM 셀의 한 시점
#
# RNN 셀은 매 시점마다 은닉 상태 전체를 덮어쓰므로, 시점이 20번쯤 지나면 첫 입력의 흔적이 거의 남지 않습니다.
# LSTM에는 두 번째 상태인 **셀 상태** `c`가 있으며, 이 상태는 세 개의 **게이트**가 허용하는 만큼만 바뀝니다.
# 게이트는 0과 1 사이의 숫자로 이루어진 벡터로, 다른 벡터와 원소별로 곱해집니다.
#
# 게이트의 입력은 이전 은닉 상태와 입력을 이어 붙인
# $z = [a^{\langle t-1 \rangle};\, x^{\langle t \rangle}]$이며, 형상은 `(n_a + n_x, m)`입니다.
#
# | | 수식 | 역할 |
# |---|---|---|
# | **망각 게이트** | $f = \sigma(W_f z + b_f)$ | 이전 셀 상태를 남길 비율 |
# | **갱신 게이트**(입력 게이트) | $i = \sigma(W_i z + b_i)$ | 후보값을 더할 비율 |
# | **후보값** | $\tilde c = \tanh(W_c z + b_c)$ | 셀 상태에 들어갈 새로운 값 |
# | **출력 게이트** | $o = \sigma(W_o z + b_o)$ | 셀 상태를 은닉 상태로 내보낼 비율 |
#
# $$c^{\langle t \rangle} = f * c^{\langle t-1 \rangle} + i * \tilde c \qquad
#   a^{\langle t \rangle} = o * \tanh(c^{\langle t \rangle}) \qquad
#   \hat y^{\langle t \rangle} = \mathrm{softmax}(W_y\, a^{\langle t \rangle} + b_y)$$
#
# f = 1이고 i = 0이면 셀 상태는 몇 시점이 지나도 변하지 않습니다.


# %% source="5a6e5002"
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """LSTM 셀의 순전파, 한 시점.

    Args:
        xt: 이 시점의 입력, (n_x, m).
        a_prev: 이전 은닉 상태, (n_a, m).
        c_prev: 이전 셀 상태, (n_a, m).
        parameters: Wf, Wi, Wc, Wo (n_a, n_a + n_x), bf, bi, bc, bo (n_a, 1), Wy (n_y, n_a), by (n_y, 1)의 딕셔너리.

    Returns:
        a_next: 다음 은닉 상태, (n_a, m).
        c_next: 다음 셀 상태, (n_a, m).
        yt_pred: 확률, (n_y, m).
        cache: (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters).
    """
    raise NotImplementedError("lstm_cell_forward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="c8e4abdd"
if __name__ == "__main__":
    lstm_shapes = {f"W{gate}": (n_a, n_a + n_x) for gate in "fico"} | {f"b{gate}": (n_a, 1) for gate in "fico"}
    lstm_shapes |= {"Wy": (n_y, n_a), "by": (n_y, 1)}
    lstm_parameters = {name: np.full(shape, 0.1) for name, shape in lstm_shapes.items()}
    a_next, c_next, yt_pred, _ = lstm_cell_forward(
        np.ones((n_x, m)), np.zeros((n_a, m)), np.ones((n_a, m)), lstm_parameters
    )
    print(f"a_next {a_next.shape}, 모두 {a_next[0, 0]:.4f}; c_next {c_next.shape}, 모두 {c_next[0, 0]:.4f}")
    # 기대 출력: a_next (3, 5), 모두 0.3620; c_next (3, 5), 모두 0.7418

# %% [markdown] source="899ebf9d"
# ## 4. 시퀀스 전체에 대한 LSTM
#
# 이제 은닉 상태와 셀 상태, 두 가지 상태가 시점에서 시점으로 전달됩니다. 초기 셀 상태는 0입니다.
# 반환값의 순서에 주의하세요. `y`가 `c`보다 먼저 옵니다.


# %% source="ef82af8b"
def lstm_forward(x, a0, parameters):
    """시퀀스 전체에 대한 LSTM의 순전파.

    Args:
        x: 입력, (n_x, m, T_x).
        a0: 초기 은닉 상태, (n_a, m). 초기 셀 상태는 0입니다.
        parameters: `lstm_cell_forward` 참고.

    Returns:
        a: 각 시점 이후의 은닉 상태, (n_a, m, T_x).
        y: 각 시점의 확률, (n_y, m, T_x).
        c: 각 시점 이후의 셀 상태, (n_a, m, T_x).
        caches: (셀의 캐시 T_x개로 이루어진 리스트, x).
    """
    raise NotImplementedError("lstm_forward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="f0c06e3c"
if __name__ == "__main__":
    a, y, c, _ = lstm_forward(np.ones((n_x, m, T_x)), np.zeros((n_a, m)), lstm_parameters)
    print(f"a {a.shape}, y {y.shape}, c {c.shape}, c {c[0, 0, 0]:.4f}에서 {c[0, 0, -1]:.4f}까지")
    # 기대 출력: a (3, 5, 6), y (4, 5, 6), c (3, 5, 6), c 0.1673에서 0.4829까지

# %% [markdown] source="cc50a217"
# ### 두 신경망은 얼마나 오래 기억할까요?
#
# 맨 첫 입력을 조금 바꾼 뒤, 은닉 상태가 바꾸기 전과 얼마나 다른지를 시점별로 그려 봅니다. 두 신경망의 가중치는
# 모두 무작위이고, LSTM의 망각 게이트는 편향을 3으로 두어 꽤 열려 있습니다. 시점이 10번 지나면 RNN에는 차이의
# 100분의 1쯤만 남지만 LSTM에는 전부 남아 있습니다. 마지막 상태까지 도달하지 못한 것은 마지막 상태로부터 학습할
# 수도 없으므로, RNN에서는 **기울기 소실**이 일어납니다. LSTM이 만들어진 이유가 바로 이것입니다. (1초도 걸리지
# 않습니다.)

# %% source="7fd6b6e6"

# %% [markdown] source="de49d359"
# ## 5. RNN 셀의 역전파
#
# **역전파**는 모든 입력과 모든 가중치에 대한 손실의 기울기를 계산합니다. 출력에 대한 기울기 `da_next`는
# 주어져 있으며, **연쇄 법칙**이 이 기울기를 셀 안쪽으로 전달합니다. $y = \tanh(u)$의 도함수는
# $1 - y^2$이므로, 다음과 같이 둡니다.
#
# $$u = W_{ax} x + W_{aa} a_{prev} + b_a, \qquad du = (1 - a_{next}^2) * da_{next}$$
#
# 합을 이루는 각 항의 기울기는 $du$에서 얻습니다. 규칙 두 가지면 충분합니다. 기울기의 형상은 해당 변수의 형상과
# 같습니다. 그리고 곱 $u = W x$에 대해서는 $dW = du\, x^T$, $dx = W^T du$입니다. 편향은 모든 열에
# 브로드캐스트되므로, 그 기울기는 열에 대한 합입니다.
#
# 결과가 맞는지 어떻게 알 수 있을까요? **기울기 검사**를 하면 됩니다. 입력 하나를 아주 조금 바꾸고 순전파를 다시
# 계산한 다음, 결과의 변화를 기울기와 비교합니다. 테스트가 하는 일이 바로 이것입니다.


# %% source="d16b4c45"
def rnn_cell_backward(da_next, cache):
    """RNN 셀의 역전파, 한 시점.

    Args:
        da_next: 다음 은닉 상태에 대한 기울기, (n_a, m).
        cache: `rnn_cell_forward`의 캐시.

    Returns:
        dxt (n_x, m), da_prev (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1)의 딕셔너리.
    """
    raise NotImplementedError("rnn_cell_backward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="deb64cce"
if __name__ == "__main__":
    _, _, cache = rnn_cell_forward(np.ones((2, 5)), np.zeros((3, 5)), rnn_parameters)
    gradients = rnn_cell_backward(np.ones((3, 5)), cache)
    print({name: gradient.shape for name, gradient in gradients.items()}, f"dba 모두 {gradients['dba'][0, 0]:.4f}")
    # 기대 출력: {'dxt': (2, 5), 'da_prev': (3, 5), 'dWax': (3, 2), 'dWaa': (3, 3), 'dba': (3, 1)} dba 모두 4.5757

# %% [markdown] source="65fd7504"
# ## 6. 시간 역전파
#
# 시점 t의 은닉 상태는 두 경로로 손실에 영향을 줍니다. 하나는 시점 t의 출력을 거치는 직접 경로(기울기
# `da[:, :, t]`)이고, 다른 하나는 이후의 모든 시점을 거치는 경로(시점 t + 1의 역전파가 반환한 `da_prev`)입니다.
# 두 기울기는 더해집니다. 가중치는 모든 시점이 공유하므로 가중치의 기울기도 시점마다 더해집니다.
#
# `da`의 시점 수는 순전파보다 적을 수 있습니다. 이때 손실은 앞쪽 시점에만 의존하며, `da`의 길이를 기준으로
# 계산합니다.


# %% source="e80bbb30"
def rnn_backward(da, caches):
    """시퀀스 전체에 대한 RNN의 역전파(시간 역전파).

    Args:
        da: 처음 T개 시점 각각의 은닉 상태에 대한 기울기, (n_a, m, T).
        caches: `rnn_forward`의 캐시. 시점이 T개 이상입니다.

    Returns:
        dx (n_x, m, T), da0 (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1)의 딕셔너리.
    """
    raise NotImplementedError("rnn_backward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="8a3628c8"
if __name__ == "__main__":
    a, _, caches = rnn_forward(np.ones((2, 5, 6)), np.zeros((3, 5)), rnn_parameters)
    gradients = rnn_backward(np.ones((3, 5, 6)), caches)
    print(f"dx {gradients['dx'].shape}, da0 {gradients['da0'].shape}, dba 모두 {gradients['dba'][0, 0]:.4f}")
    # 기대 출력: dx (2, 5, 6), da0 (3, 5), dba 모두 32.6727

# %% [markdown] source="d56eb419"
# ## 7. LSTM 셀의 역전파
#
# 이번에는 은닉 상태와 셀 상태에 대한 기울기가 하나씩, 모두 두 개 주어집니다. 다음 셀 상태는 두 곳에 쓰입니다.
# 다음 시점으로 전달되고, 또 tanh와 출력 게이트를 거쳐 은닉 상태가 됩니다. 따라서 먼저 두 경로의 기울기를 더합니다.
#
# $$dc = dc_{next} + da_{next} * o * (1 - \tanh^2(c_{next}))$$
#
# 그러면 $c_{next} = f * c_{prev} + i * \tilde c$의 각 인수는 $dc$에 곱의 상대 인수와 자기 활성화 함수의 도함수를
# 곱한 값을 기울기로 받습니다. 도함수는 값이 $s$인 시그모이드에서 $s(1-s)$, 값이 $t$인 tanh에서 $1 - t^2$입니다.
# 이제 $W z + b$ 꼴의 식 네 개가 남는데, 여기에는 5절의 규칙을 적용합니다. $dz$는 $z$를 이어 붙인 순서대로
# 나눕니다. 앞의 `n_a`개 행이 `a_prev`의 몫입니다.


# %% source="b1fd497b"
def lstm_cell_backward(da_next, dc_next, cache):
    """LSTM 셀의 역전파, 한 시점.

    Args:
        da_next: 다음 은닉 상태에 대한 기울기, (n_a, m).
        dc_next: 이후 시점에서 전달된, 다음 셀 상태에 대한 기울기, (n_a, m).
        cache: `lstm_cell_forward`의 캐시.

    Returns:
        dxt (n_x, m), da_prev, dc_prev (n_a, m), dWf, dWi, dWc, dWo (n_a, n_a + n_x),
            dbf, dbi, dbc, dbo (n_a, 1)의 딕셔너리.
    """
    raise NotImplementedError("lstm_cell_backward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="068dfea5"
if __name__ == "__main__":
    *_, cache = lstm_cell_forward(np.ones((2, 5)), np.zeros((3, 5)), np.ones((3, 5)), lstm_parameters)
    gradients = lstm_cell_backward(np.ones((3, 5)), np.ones((3, 5)), cache)
    print(f"dxt {gradients['dxt'].shape}, dWf {gradients['dWf'].shape}, dbf 모두 {gradients['dbf'][0, 0]:.4f}")
    # 기대 출력: dxt (2, 5), dWf (3, 5), dbf 모두 1.6456

# %% [markdown] source="66e26d08"
# ## 8. LSTM의 시간 역전파
#
# 6절과 같지만 상태가 두 개입니다. 마지막 시점보다 뒤에는 시점이 없으므로, 마지막 시점이 이후 시점에서 받는 두
# 기울기는 모두 0입니다. (공개된 풀이 중에는 셀에 `da[:, :, t]`만 넘기고, 이후 시점이 은닉 상태로 보내는 기울기를
# 빠뜨린 것도 있습니다. 기울기 검사를 해 보면 두 기울기가 모두 필요하다는 것을 알 수 있습니다.)


# %% source="9652423f"
def lstm_backward(da, caches):
    """시퀀스 전체에 대한 LSTM의 역전파(시간 역전파).

    Args:
        da: 처음 T개 시점 각각의 은닉 상태에 대한 기울기, (n_a, m, T).
        caches: `lstm_forward`의 캐시. 시점이 T개 이상입니다.

    Returns:
        dx (n_x, m, T), da0 (n_a, m), dWf, dWi, dWc, dWo (n_a, n_a + n_x), dbf, dbi, dbc, dbo (n_a, 1)의
            딕셔너리.
    """
    raise NotImplementedError("lstm_backward")  # 이 줄을 지우고 여기에 코드를 작성하세요


# %% source="0c83fb36"
if __name__ == "__main__":
    *_, caches = lstm_forward(np.ones((2, 5, 6)), np.zeros((3, 5)), lstm_parameters)
    gradients = lstm_backward(np.ones((3, 5, 6)), caches)
    print(f"dx {gradients['dx'].shape}, da0 {gradients['da0'].shape}, dbf 모두 {gradients['dbf'][0, 0]:.4f}")
    # 기대 출력: dx (2, 5, 6), da0 (3, 5), dbf 모두 1.8937

# %% [markdown] source="add67855"
# ### LSTM 학습
#
# 과제는 다음과 같습니다. 시점 10개 동안 잡음이 입력되고, 마지막 시점이 지나면 은닉 상태의 첫 번째 유닛은 *첫* 입력과
# 부호가 같아야 합니다. 나머지 입력은 모두 방해 요소입니다. 필요한 것은 순전파, 역전파, 경사 하강법뿐입니다.
# (학습 300스텝에 1초쯤 걸립니다.)

# %% source="965fac15"

# %% [markdown] source="94d39f44"
# ## 진행 상황 확인

# %% source="a8aefc37"
