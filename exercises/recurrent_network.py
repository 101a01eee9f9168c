# %% [markdown]
# # An RNN and an LSTM, step by step
#
# A sentence, a melody, a date: each is a **sequence**, and the meaning of an element depends on those before it. A
# **recurrent neural network** (RNN) processes a sequence from left to right, one **time step** after the other, and
# keeps a summary of the steps so far, its **hidden state** `a`. At every time step the same **cell**, with the same
# weights, maps (previous hidden state, input) to (next hidden state).
#
# Here you write that cell and the loop over time in plain NumPy: first the simple RNN cell, then the **LSTM** cell
# (long short-term memory), whose gates let it carry information over many steps. The last part is the backward pass:
# **backpropagation through time**.
#
# ## Notation
#
# | symbol | meaning |
# |---|---|
# | `n_x`, `n_a`, `n_y` | sizes of the input, of the hidden state, of the output |
# | `m` | **batch size**. Examples are **columns.** |
# | `T_x` | number of time steps |
# | `x` | inputs, `(n_x, m, T_x)`; the input at time step `t` is `xt = x[:, :, t]`, `(n_x, m)` |
# | `a` | hidden states, `(n_a, m, T_x)`; the initial one is `a0`, `(n_a, m)` |
#
# A product `W @ xt` with `W (n_a, n_x)` and `xt (n_x, m)` computes all `m` columns at once, and a bias of shape
# `(n_a, 1)` is **broadcast** to each of them. If shapes disagree, write them beside the line: it nearly always shows
# the error.
#
# After each function a cell prints one line to compare with. It uses inputs of ones and weights of 0.1, so that you
# can follow the numbers by hand.

# %%
import numpy as np


def softmax(x):
    """Softmax over each column: logits to probabilities."""
    exponentials = np.exp(x - np.max(x, axis=0))
    return exponentials / exponentials.sum(axis=0)


def sigmoid(x):
    """Logistic sigmoid, element by element: values between 0 (a closed gate) and 1 (an open gate)."""
    return 1 / (1 + np.exp(-x))


# %% [markdown]
# ## 1. One time step of the RNN cell
#
# $$a^{\langle t \rangle} = \tanh(W_{aa}\, a^{\langle t-1 \rangle} + W_{ax}\, x^{\langle t \rangle} + b_a)$$
# $$\hat y^{\langle t \rangle} = \mathrm{softmax}(W_{ya}\, a^{\langle t \rangle} + b_y)$$
#
# The subscripts of a matrix name its output and its input: `Wax` maps an `x` to something of the size of `a`. The
# **activation function** tanh keeps the hidden state between -1 and 1 over any number of steps. The arguments of the
# softmax are the **logits**.
#
# The **cache** holds the values that the backward pass needs: `(a_next, a_prev, xt, parameters)`.


# %%
def rnn_cell_forward(xt, a_prev, parameters):
    """Forward pass of the RNN cell, one time step.

    Args:
        xt: input at this time step, (n_x, m).
        a_prev: previous hidden state, (n_a, m).
        parameters: dict of Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1).

    Returns:
        a_next: next hidden state, (n_a, m).
        yt_pred: probabilities, (n_y, m); each column sums to one.
        cache: (a_next, a_prev, xt, parameters).
    """
    raise NotImplementedError("rnn_cell_forward")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    n_x, n_a, n_y, m, T_x = 2, 3, 4, 5, 6
    rnn_shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1), "by": (n_y, 1)}
    rnn_parameters = {name: np.full(shape, 0.1) for name, shape in rnn_shapes.items()}
    a_next, yt_pred, _ = rnn_cell_forward(np.ones((n_x, m)), np.zeros((n_a, m)), rnn_parameters)
    print(f"a_next {a_next.shape}, all {a_next[0, 0]:.4f}; yt_pred {yt_pred.shape}, all {yt_pred[0, 0]:.4f}")
    # expected: a_next (3, 5), all 0.2913; yt_pred (4, 5), all 0.2500

# %% [markdown]
# ## 2. The loop over time
#
# The same cell, with the same weights, at every time step. The hidden state that one step returns is an argument of
# the next: this is the whole difference between a recurrent network and `T_x` separate ones.


# %%
def rnn_forward(x, a0, parameters):
    """Forward pass of the RNN over a sequence.

    Args:
        x: inputs, (n_x, m, T_x).
        a0: initial hidden state, (n_a, m).
        parameters: see `rnn_cell_forward`.

    Returns:
        a: hidden state after each time step, (n_a, m, T_x).
        y_pred: probabilities at each time step, (n_y, m, T_x).
        caches: (list of the T_x caches of the cell, x).
    """
    raise NotImplementedError("rnn_forward")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    a, y_pred, _ = rnn_forward(np.ones((n_x, m, T_x)), np.zeros((n_a, m)), rnn_parameters)
    print(f"a {a.shape}, from {a[0, 0, 0]:.4f} to {a[0, 0, -1]:.4f}; y_pred {y_pred.shape}")
    # expected: a (3, 5, 6), from 0.2913 to 0.3958; y_pred (4, 5, 6)

# %% [markdown]
# ## 3. One time step of the LSTM cell
#
# The RNN cell overwrites its whole hidden state at each time step, and after twenty steps little is left of the first
# input. The LSTM has a second state, the **cell state** `c`, which changes only as far as three **gates** allow. A
# gate is a vector of numbers between 0 and 1, multiplied element by element with another vector.
#
# The input of the gates is the previous hidden state concatenated with the input,
# $z = [a^{\langle t-1 \rangle};\, x^{\langle t \rangle}]$, of shape `(n_a + n_x, m)`:
#
# | | formula | role |
# |---|---|---|
# | **forget gate** | $f = \sigma(W_f z + b_f)$ | fraction of the previous cell state to keep |
# | **update gate** (input gate) | $i = \sigma(W_i z + b_i)$ | fraction of the candidate to add |
# | **candidate** | $\tilde c = \tanh(W_c z + b_c)$ | new values for the cell state |
# | **output gate** | $o = \sigma(W_o z + b_o)$ | fraction of the cell state to expose in the hidden state |
#
# $$c^{\langle t \rangle} = f * c^{\langle t-1 \rangle} + i * \tilde c \qquad
#   a^{\langle t \rangle} = o * \tanh(c^{\langle t \rangle}) \qquad
#   \hat y^{\langle t \rangle} = \mathrm{softmax}(W_y\, a^{\langle t \rangle} + b_y)$$
#
# With f = 1 and i = 0 the cell state stays unchanged over any number of time steps.


# %%
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """Forward pass of the LSTM cell, one time step.

    Args:
        xt: input at this time step, (n_x, m).
        a_prev: previous hidden state, (n_a, m).
        c_prev: previous cell state, (n_a, m).
        parameters: dict of Wf, Wi, Wc, Wo (n_a, n_a + n_x), bf, bi, bc, bo (n_a, 1), Wy (n_y, n_a), by (n_y, 1).

    Returns:
        a_next: next hidden state, (n_a, m).
        c_next: next cell state, (n_a, m).
        yt_pred: probabilities, (n_y, m).
        cache: (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters).
    """
    raise NotImplementedError("lstm_cell_forward")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    lstm_shapes = {f"W{gate}": (n_a, n_a + n_x) for gate in "fico"} | {f"b{gate}": (n_a, 1) for gate in "fico"}
    lstm_shapes |= {"Wy": (n_y, n_a), "by": (n_y, 1)}
    lstm_parameters = {name: np.full(shape, 0.1) for name, shape in lstm_shapes.items()}
    a_next, c_next, yt_pred, _ = lstm_cell_forward(
        np.ones((n_x, m)), np.zeros((n_a, m)), np.ones((n_a, m)), lstm_parameters
    )
    print(f"a_next {a_next.shape}, all {a_next[0, 0]:.4f}; c_next {c_next.shape}, all {c_next[0, 0]:.4f}")
    # expected: a_next (3, 5), all 0.3620; c_next (3, 5), all 0.7418

# %% [markdown]
# ## 4. The LSTM over a sequence
#
# Two states are now passed from step to step, the hidden state and the cell state. The initial cell state is zero.
# Mind the order of the return values: `y` comes before `c`.


# %%
def lstm_forward(x, a0, parameters):
    """Forward pass of the LSTM over a sequence.

    Args:
        x: inputs, (n_x, m, T_x).
        a0: initial hidden state, (n_a, m). The initial cell state is zero.
        parameters: see `lstm_cell_forward`.

    Returns:
        a: hidden state after each time step, (n_a, m, T_x).
        y: probabilities at each time step, (n_y, m, T_x).
        c: cell state after each time step, (n_a, m, T_x).
        caches: (list of the T_x caches of the cell, x).
    """
    raise NotImplementedError("lstm_forward")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    a, y, c, _ = lstm_forward(np.ones((n_x, m, T_x)), np.zeros((n_a, m)), lstm_parameters)
    print(f"a {a.shape}, y {y.shape}, c {c.shape}, c from {c[0, 0, 0]:.4f} to {c[0, 0, -1]:.4f}")
    # expected: a (3, 5, 6), y (4, 5, 6), c (3, 5, 6), c from 0.1673 to 0.4829

# %% [markdown]
# ### How long does each network remember?
#
# We change the very first input a little and plot, time step by time step, how much the hidden state differs from the
# unperturbed one. Both networks have random weights; the LSTM's forget gate is kept rather open by a bias of 3. After
# ten steps the RNN has about a hundredth of the difference left, the LSTM all of it: the RNN's **gradients vanish**,
# since what does not reach the last state cannot be learned from it. This is why the LSTM exists. (Under a second.)

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rng = np.random.default_rng(0)
    n_x, n_a, n_y, m, T_x = 4, 32, 3, 1, 40
    rnn = {name: rng.normal(0, 0.8 / np.sqrt(n_a), (n_a, n)) for name, n in {"Wax": n_x, "Waa": n_a}.items()}
    rnn |= {"Wya": np.zeros((n_y, n_a)), "ba": np.zeros((n_a, 1)), "by": np.zeros((n_y, 1))}
    lstm = {f"W{gate}": rng.normal(0, 0.8 / np.sqrt(n_a), (n_a, n_a + n_x)) for gate in "fico"}
    lstm |= {f"b{gate}": np.full((n_a, 1), 3.0 if gate == "f" else 0.0) for gate in "fico"}
    lstm |= {"Wy": np.zeros((n_y, n_a)), "by": np.zeros((n_y, 1))}
    x, a0 = rng.normal(size=(n_x, m, T_x)), np.zeros((n_a, m))
    perturbed_x = x.copy()
    perturbed_x[:, :, 0] += 0.1

    figure, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for label, forward, weights in (("RNN", rnn_forward, rnn), ("LSTM", lstm_forward, lstm)):
        difference = np.linalg.norm(forward(x, a0, weights)[0] - forward(perturbed_x, a0, weights)[0], axis=(0, 1))
        ax.semilogy(range(1, T_x + 1), difference / difference[0], label=label)
    ax.set(xlabel="time steps since the change", ylabel="fraction of it left", title="Memory of two untrained networks")
    ax.legend(frameon=False)
    plt.show()

# %% [markdown]
# ## 5. Backward pass of the RNN cell
#
# **Backpropagation** computes the gradient of the loss with respect to every input and every weight. The gradient with
# respect to the output, `da_next`, is given; the **chain rule** takes it through the cell. For $y = \tanh(u)$ the
# derivative is $1 - y^2$, so with
#
# $$u = W_{ax} x + W_{aa} a_{prev} + b_a, \qquad du = (1 - a_{next}^2) * da_{next}$$
#
# each term of the sum gets its gradient from $du$. Two rules are enough: a gradient has the shape of the variable
# that it belongs to, and for a product $u = W x$ we have $dW = du\, x^T$ and $dx = W^T du$. The bias is broadcast to
# every column, so its gradient is the sum over the columns.
#
# How do you know that it is right? By a **gradient check**: change one input by a tiny amount, run the forward pass
# again, and compare the change of the result with the gradient. The tests do just that.


# %%
def rnn_cell_backward(da_next, cache):
    """Backward pass of the RNN cell, one time step.

    Args:
        da_next: gradient with respect to the next hidden state, (n_a, m).
        cache: the cache of `rnn_cell_forward`.

    Returns:
        dict of dxt (n_x, m), da_prev (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).
    """
    raise NotImplementedError("rnn_cell_backward")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    _, _, cache = rnn_cell_forward(np.ones((2, 5)), np.zeros((3, 5)), rnn_parameters)
    gradients = rnn_cell_backward(np.ones((3, 5)), cache)
    print({name: gradient.shape for name, gradient in gradients.items()}, f"dba all {gradients['dba'][0, 0]:.4f}")
    # expected: {'dxt': (2, 5), 'da_prev': (3, 5), 'dWax': (3, 2), 'dWaa': (3, 3), 'dba': (3, 1)} dba all 4.5757

# %% [markdown]
# ## 6. Backpropagation through time
#
# The hidden state of time step t reaches the loss by two paths: directly, through the output at step t (the gradient
# `da[:, :, t]`), and through all later steps (the `da_prev` that the backward pass of step t + 1 returned). The two
# gradients add up. The weights are shared by all time steps, so their gradients add up as well.
#
# `da` may have fewer time steps than the forward pass: the loss then depends on the first steps only, and the length
# of `da` counts.


# %%
def rnn_backward(da, caches):
    """Backward pass of the RNN over a sequence: backpropagation through time.

    Args:
        da: gradient with respect to the hidden state after each of the first T time steps, (n_a, m, T).
        caches: the caches of `rnn_forward`, of at least T time steps.

    Returns:
        dict of dx (n_x, m, T), da0 (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).
    """
    raise NotImplementedError("rnn_backward")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    a, _, caches = rnn_forward(np.ones((2, 5, 6)), np.zeros((3, 5)), rnn_parameters)
    gradients = rnn_backward(np.ones((3, 5, 6)), caches)
    print(f"dx {gradients['dx'].shape}, da0 {gradients['da0'].shape}, dba all {gradients['dba'][0, 0]:.4f}")
    # expected: dx (2, 5, 6), da0 (3, 5), dba all 32.6727

# %% [markdown]
# ## 7. Backward pass of the LSTM cell
#
# Two gradients are given now, one for the hidden state and one for the cell state. The next cell state is used twice:
# it is passed to the next time step, and it goes through the tanh and the output gate into the hidden state. So first
# add up its gradient over both paths:
#
# $$dc = dc_{next} + da_{next} * o * (1 - \tanh^2(c_{next}))$$
#
# Each factor of $c_{next} = f * c_{prev} + i * \tilde c$ then gets $dc$ times the other factor, and the derivative of
# its own activation function: $s(1-s)$ for a sigmoid with the value $s$, $1 - t^2$ for a tanh with the value $t$. What
# remains are four products $W z + b$, for which section 5 has the rules. Split $dz$ as $z$ was concatenated: the first
# `n_a` rows belong to `a_prev`.


# %%
def lstm_cell_backward(da_next, dc_next, cache):
    """Backward pass of the LSTM cell, one time step.

    Args:
        da_next: gradient with respect to the next hidden state, (n_a, m).
        dc_next: gradient with respect to the next cell state that comes from the later time steps, (n_a, m).
        cache: the cache of `lstm_cell_forward`.

    Returns:
        dict of dxt (n_x, m), da_prev, dc_prev (n_a, m), dWf, dWi, dWc, dWo (n_a, n_a + n_x), and
            dbf, dbi, dbc, dbo (n_a, 1).
    """
    raise NotImplementedError("lstm_cell_backward")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    *_, cache = lstm_cell_forward(np.ones((2, 5)), np.zeros((3, 5)), np.ones((3, 5)), lstm_parameters)
    gradients = lstm_cell_backward(np.ones((3, 5)), np.ones((3, 5)), cache)
    print(f"dxt {gradients['dxt'].shape}, dWf {gradients['dWf'].shape}, dbf all {gradients['dbf'][0, 0]:.4f}")
    # expected: dxt (2, 5), dWf (3, 5), dbf all 1.6456

# %% [markdown]
# ## 8. Backpropagation through time, for the LSTM
#
# As in section 6, with two states. After the last time step both gradients from later steps are zero. (Some published
# solutions to this task pass only `da[:, :, t]` to the cell and drop the gradient that later steps send to the hidden
# state. The gradient check shows that both are needed.)


# %%
def lstm_backward(da, caches):
    """Backward pass of the LSTM over a sequence: backpropagation through time.

    Args:
        da: gradient with respect to the hidden state after each of the first T time steps, (n_a, m, T).
        caches: the caches of `lstm_forward`, of at least T time steps.

    Returns:
        dict of dx (n_x, m, T), da0 (n_a, m), dWf, dWi, dWc, dWo (n_a, n_a + n_x), dbf, dbi, dbc, dbo (n_a, 1).
    """
    raise NotImplementedError("lstm_backward")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    *_, caches = lstm_forward(np.ones((2, 5, 6)), np.zeros((3, 5)), lstm_parameters)
    gradients = lstm_backward(np.ones((3, 5, 6)), caches)
    print(f"dx {gradients['dx'].shape}, da0 {gradients['da0'].shape}, dbf all {gradients['dbf'][0, 0]:.4f}")
    # expected: dx (2, 5, 6), da0 (3, 5), dbf all 1.8937

# %% [markdown]
# ### Train the LSTM
#
# The task: ten time steps of noise, and after the last one the first unit of the hidden state must have the sign of
# the *first* input. All other inputs are distractors. Forward pass, backward pass, gradient descent; nothing else is
# needed. (300 training steps take about a second.)

# %%
if __name__ == "__main__":
    rng = np.random.default_rng(1)
    n_a, m, T_x, learning_rate = 8, 64, 10, 1.0
    weights = {f"W{gate}": rng.normal(0, 0.3, (n_a, n_a + 1)) for gate in "fico"}
    weights |= {f"b{gate}": np.full((n_a, 1), 1.0 if gate == "f" else 0.0) for gate in "fico"}
    weights |= {"Wy": np.zeros((2, n_a)), "by": np.zeros((2, 1))}
    losses = []
    for _ in range(300):
        x = rng.normal(size=(1, m, T_x))
        target = 0.7 * np.sign(x[0, :, 0])
        a, _, _, caches = lstm_forward(x, np.zeros((n_a, m)), weights)
        error = a[0, :, -1] - target
        losses.append(np.mean(error**2))
        da = np.zeros_like(a)
        da[0, :, -1] = 2 * error / m
        gradients = lstm_backward(da, caches)
        for name in (f"{kind}{gate}" for kind in "Wb" for gate in "fico"):
            weights[name] = weights[name] - learning_rate * gradients[f"d{name}"]

    figure, ax = plt.subplots(figsize=(7, 3), layout="constrained")
    ax.plot(losses)
    ax.set(xlabel="training step", ylabel="mean squared error", title="Remembering the first of ten numbers")
    plt.show()

# %% [markdown]
# ## Check your progress

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("recurrent_network")
