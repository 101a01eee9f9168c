# %% [markdown]
# # An RNN and an LSTM, step by step
#
# A sentence, a melody, a date: each is a row of things that come one after the other, and what an element means
# depends on those before it. A *recurrent* network reads such a row from left to right and keeps a summary of what it
# has seen so far, the **hidden state** `a`. At every step the same small function turns (old state, new input) into
# (new state).
#
# Here you write that function, and the loop around it, in plain NumPy: first the simple cell, then the LSTM cell,
# whose gates let it remember for longer. The last part, for those who want to see how training sends blame back
# through time, is the backward pass.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `n_x`, `n_a`, `n_y` | width of the input, of the hidden state, of the prediction |
# | `m` | examples in the batch. **They stand in columns.** |
# | `T_x` | steps |
# | `x` | inputs, `(n_x, m, T_x)`; one step of it is `xt = x[:, :, t]`, `(n_x, m)` |
# | `a` | hidden states, `(n_a, m, T_x)`; the one to begin with is `a0`, `(n_a, m)` |
#
# A product `W @ xt` with `W (n_a, n_x)` and `xt (n_x, m)` treats all `m` columns at once, and a bias of shape `(n_a,
# 1)` is added to each of them. If your shapes disagree, write them beside the line: it nearly always shows what is
# wrong.

# %%
import numpy as np


def softmax(x):
    """Turns each column of scores into probabilities."""
    shifted = np.exp(x - np.max(x, axis=0))
    return shifted / shifted.sum(axis=0)


def sigmoid(x):
    """Squeezes numbers into (0, 1): closed to open, for a gate."""
    return 1 / (1 + np.exp(-x))


# %% [markdown]
# ## 1. One step of the simple cell
#
# $$a^{\langle t \rangle} = \tanh(W_{aa}\, a^{\langle t-1 \rangle} + W_{ax}\, x^{\langle t \rangle} + b_a)$$
# $$\hat y^{\langle t \rangle} = \mathrm{softmax}(W_{ya}\, a^{\langle t \rangle} + b_y)$$
#
# The indices of a matrix tell where it leads: `Wax` makes something of the size of `a` out of an `x`. The tanh keeps
# the state between -1 and 1 however long the row is.
#
# The **cache** keeps what the backward pass will want to look up: `(a_next, a_prev, xt, parameters)`.


# %%
def rnn_cell_forward(xt, a_prev, parameters):
    """One step of a simple recurrent cell.

    Args:
        xt: input at this step, (n_x, m).
        a_prev: hidden state before it, (n_a, m).
        parameters: dict of Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1).

    Returns:
        a_next: hidden state after it, (n_a, m).
        yt_pred: probabilities, (n_y, m); each column sums to one.
        cache: (a_next, a_prev, xt, parameters).
    """
    ### BEGIN SOLUTION
    a_next = np.tanh(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"])
    yt_pred = softmax(parameters["Wya"] @ a_next + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)
    ### END SOLUTION


# %% [markdown]
# ## 2. The loop
#
# The same cell, with the same weights, for every step. What comes out as the state of one step goes in at the next;
# that thread is the whole difference between a recurrent network and `T_x` separate ones.


# %%
def rnn_forward(x, a0, parameters):
    """Runs the simple cell over a row of inputs.

    Args:
        x: inputs, (n_x, m, T_x).
        a0: hidden state to begin with, (n_a, m).
        parameters: see `rnn_cell_forward`.

    Returns:
        a: hidden state after each step, (n_a, m, T_x).
        y_pred: probabilities at each step, (n_y, m, T_x).
        caches: (list of the T_x caches of the cell, x).
    """
    ### BEGIN SOLUTION
    a_next, states, predictions, caches = a0, [], [], []
    for t in range(x.shape[2]):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        states.append(a_next)
        predictions.append(yt_pred)
        caches.append(cache)
    return np.stack(states, axis=2), np.stack(predictions, axis=2), (caches, x)
    ### END SOLUTION


# %% [markdown]
# ## 3. One step of an LSTM
#
# The simple cell rewrites its whole state at each step, and after twenty rewrites little is left of the first word.
# The LSTM keeps a second state, the **memory** `c`, which changes only as far as three gates allow. A gate is a
# vector of numbers between 0 and 1 that is multiplied with another, value by value.
#
# With the old state on top of the new input, $z = [a^{\langle t-1 \rangle};\, x^{\langle t \rangle}]$, of shape `(n_a
# + n_x, m)`:
#
# | | formula | what it decides |
# |---|---|---|
# | forget gate | $f = \sigma(W_f z + b_f)$ | how much of the old memory stays |
# | update gate | $i = \sigma(W_i z + b_i)$ | how much of the candidate goes in |
# | candidate | $\tilde c = \tanh(W_c z + b_c)$ | what could be written |
# | output gate | $o = \sigma(W_o z + b_o)$ | how much of the memory is shown |
#
# $$c^{\langle t \rangle} = f * c^{\langle t-1 \rangle} + i * \tilde c \qquad
#   a^{\langle t \rangle} = o * \tanh(c^{\langle t \rangle}) \qquad
#   \hat y^{\langle t \rangle} = \mathrm{softmax}(W_y\, a^{\langle t \rangle} + b_y)$$
#
# With f = 1 and i = 0 the memory passes through untouched, over any number of steps.


# %%
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """One step of an LSTM.

    Args:
        xt: input at this step, (n_x, m).
        a_prev: hidden state before it, (n_a, m).
        c_prev: memory before it, (n_a, m).
        parameters: dict of Wf, Wi, Wc, Wo (n_a, n_a + n_x), bf, bi, bc, bo (n_a, 1), Wy (n_y, n_a), by (n_y, 1).

    Returns:
        a_next: hidden state after it, (n_a, m).
        c_next: memory after it, (n_a, m).
        yt_pred: probabilities, (n_y, m).
        cache: (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters).
    """
    ### BEGIN SOLUTION
    stacked = np.concatenate([a_prev, xt], axis=0)  # (n_a + n_x, m)
    ft = sigmoid(parameters["Wf"] @ stacked + parameters["bf"])
    it = sigmoid(parameters["Wi"] @ stacked + parameters["bi"])
    cct = np.tanh(parameters["Wc"] @ stacked + parameters["bc"])
    ot = sigmoid(parameters["Wo"] @ stacked + parameters["bo"])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    ### END SOLUTION


# %% [markdown]
# ## 4. The loop again
#
# Two threads now run from step to step, the state and the memory. The memory begins as zeros. Mind the order of what
# comes back: `y` stands before `c`.


# %%
def lstm_forward(x, a0, parameters):
    """Runs the LSTM over a row of inputs.

    Args:
        x: inputs, (n_x, m, T_x).
        a0: hidden state to begin with, (n_a, m). The memory begins as zeros.
        parameters: see `lstm_cell_forward`.

    Returns:
        a: hidden state after each step, (n_a, m, T_x).
        y: probabilities at each step, (n_y, m, T_x).
        c: memory after each step, (n_a, m, T_x).
        caches: (list of the T_x caches of the cell, x).
    """
    ### BEGIN SOLUTION
    a_next, c_next = a0, np.zeros_like(a0)
    states, memories, predictions, caches = [], [], [], []
    for t in range(x.shape[2]):
        a_next, c_next, yt_pred, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        states.append(a_next)
        memories.append(c_next)
        predictions.append(yt_pred)
        caches.append(cache)
    return np.stack(states, axis=2), np.stack(predictions, axis=2), np.stack(memories, axis=2), (caches, x)
    ### END SOLUTION


# %% [markdown]
# ### How long does each of them remember?
#
# We change the very first input a little and watch, step by step, how much the state differs from what it would have
# been. Both networks have random weights; the LSTM's forget gate is held rather open by a bias of 3. After ten steps
# the simple cell has about a hundredth of the difference left, the LSTM all of it. This is why the LSTM exists.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    rng = np.random.default_rng(0)
    n_x, n_a, n_y, m, T_x = 4, 32, 3, 1, 40
    simple = {name: rng.normal(0, 0.8 / np.sqrt(n_a), (n_a, n)) for name, n in {"Wax": n_x, "Waa": n_a}.items()}
    simple |= {"Wya": np.zeros((n_y, n_a)), "ba": np.zeros((n_a, 1)), "by": np.zeros((n_y, 1))}
    gated = {f"W{gate}": rng.normal(0, 0.8 / np.sqrt(n_a), (n_a, n_a + n_x)) for gate in "fico"}
    gated |= {f"b{gate}": np.full((n_a, 1), 3.0 if gate == "f" else 0.0) for gate in "fico"}
    gated |= {"Wy": np.zeros((n_y, n_a)), "by": np.zeros((n_y, 1))}
    x, a0 = rng.normal(size=(n_x, m, T_x)), np.zeros((n_a, m))
    other = x.copy()
    other[:, :, 0] += 0.1

    figure, axis = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for label, forward, weights in (("simple cell", rnn_forward, simple), ("LSTM", lstm_forward, gated)):
        difference = np.linalg.norm(forward(x, a0, weights)[0] - forward(other, a0, weights)[0], axis=(0, 1))
        axis.semilogy(range(1, T_x + 1), difference / difference[0], label=label)
    axis.set(xlabel="steps since the change", ylabel="what is left of it", title="The memory of two untrained networks")
    axis.legend(frameon=False)
    plt.show()

# %% [markdown]
# ## 5. Backward, for the simple cell
#
# Training asks, for each number that went in: if it were a little larger, how much would the loss change? The answer
# for the output, `da_next`, is given; the chain rule carries it through the cell. For $y = \tanh(u)$ the derivative
# is $1 - y^2$, so with
#
# $$u = W_{ax} x + W_{aa} a_{prev} + b_a, \qquad du = (1 - a_{next}^2) * da_{next}$$
#
# each term of the sum takes its share of $du$. Two rules of thumb do the rest: the gradient of something has the
# shape of that something, and for a product $u = W x$ one has $dW = du\, x^T$ and $dx = W^T du$. A bias was added to
# every column, so its gradient sums over the columns.
#
# How do you know that it is right? Move one input by a hair, run forward again, and see how far the result moves. The
# tests do just that.


# %%
def rnn_cell_backward(da_next, cache):
    """Sends the gradient back through one step of the simple cell.

    Args:
        da_next: gradient of the loss with respect to the state after the step, (n_a, m).
        cache: what `rnn_cell_forward` kept.

    Returns:
        dict of dxt (n_x, m), da_prev (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).
    """
    ### BEGIN SOLUTION
    a_next, a_prev, xt, parameters = cache
    du = (1 - a_next**2) * da_next
    return {
        "dxt": parameters["Wax"].T @ du,
        "da_prev": parameters["Waa"].T @ du,
        "dWax": du @ xt.T,
        "dWaa": du @ a_prev.T,
        "dba": du.sum(axis=1, keepdims=True),
    }
    ### END SOLUTION


# %% [markdown]
# ## 6. Back through time
#
# The state of step t reaches the loss by two ways: through what was made of it at step t (that is `da[:, :, t]`), and
# through all later steps (the `da_prev` that the step after it sent back). The two add up. The weights were used at
# every step, so their gradients add up as well.
#
# `da` may cover fewer steps than the forward pass did: the loss then looks at the first steps only, and its own
# length counts.


# %%
def rnn_backward(da, caches):
    """Sends gradients back through all steps of the simple cell.

    Args:
        da: gradient of the loss with respect to the state after each of the first T steps, (n_a, m, T).
        caches: what `rnn_forward` kept, of at least T steps.

    Returns:
        dict of dx (n_x, m, T), da0 (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).
    """
    ### BEGIN SOLUTION
    steps, x = caches
    gradients = {"dx": np.zeros((*x.shape[:2], da.shape[2]))}
    da_prev = np.zeros(da.shape[:2])
    for t in reversed(range(da.shape[2])):
        step = rnn_cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = step["da_prev"]
        gradients["dx"][:, :, t] = step["dxt"]
        for name in ("dWax", "dWaa", "dba"):
            gradients[name] = gradients.get(name, 0) + step[name]
    return {**gradients, "da0": da_prev}
    ### END SOLUTION


# %% [markdown]
# ## 7. Backward, for the LSTM
#
# Two gradients arrive now, one for the state and one for the memory. The memory after the step was used twice: it
# went on to the next step, and it was shown through the output gate. So first collect all that arrives at it:
#
# $$dc = dc_{next} + da_{next} * o * (1 - \tanh^2(c_{next}))$$
#
# From there each factor of $c_{next} = f * c_{prev} + i * \tilde c$ gets $dc$ times its partner, and passes through
# the derivative of its own squeeze: $s(1-s)$ for a sigmoid that gave $s$, $1 - t^2$ for a tanh that gave $t$. What is
# left are four products $W z + b$, for which section 5 has the rules. Take $dz$ apart as $z$ was put together: the
# first `n_a` rows belong to `a_prev`.


# %%
def lstm_cell_backward(da_next, dc_next, cache):
    """Sends gradients back through one step of the LSTM.

    Args:
        da_next: gradient of the loss with respect to the state after the step, (n_a, m).
        dc_next: the same for the memory, as far as it comes from later steps, (n_a, m).
        cache: what `lstm_cell_forward` kept.

    Returns:
        dict of dxt (n_x, m), da_prev, dc_prev (n_a, m), dWf, dWi, dWc, dWo (n_a, n_a + n_x), and
            dbf, dbi, dbc, dbo (n_a, 1).
    """
    ### BEGIN SOLUTION
    _, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_prev.shape[0]
    stacked = np.concatenate([a_prev, xt], axis=0)
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    before_squeeze = {
        "f": dc * c_prev * ft * (1 - ft),
        "i": dc * cct * it * (1 - it),
        "c": dc * it * (1 - cct**2),
        "o": da_next * np.tanh(c_next) * ot * (1 - ot),
    }
    dz = sum(parameters[f"W{gate}"].T @ du for gate, du in before_squeeze.items())
    gradients = {"dxt": dz[n_a:], "da_prev": dz[:n_a], "dc_prev": dc * ft}
    for gate, du in before_squeeze.items():
        gradients[f"dW{gate}"] = du @ stacked.T
        gradients[f"db{gate}"] = du.sum(axis=1, keepdims=True)
    return gradients
    ### END SOLUTION


# %% [markdown]
# ## 8. Back through time, for the LSTM
#
# As in section 6, with two threads. At the last step nothing arrives from later, in neither of them. (Some published
# answers to this task pass only `da[:, :, t]` on and drop what the later steps send to the state. The numerical
# gradient shows that both are needed.)


# %%
def lstm_backward(da, caches):
    """Sends gradients back through all steps of the LSTM.

    Args:
        da: gradient of the loss with respect to the state after each of the first T steps, (n_a, m, T).
        caches: what `lstm_forward` kept, of at least T steps.

    Returns:
        dict of dx (n_x, m, T), da0 (n_a, m), dWf, dWi, dWc, dWo (n_a, n_a + n_x), dbf, dbi, dbc, dbo (n_a, 1).
    """
    ### BEGIN SOLUTION
    steps, x = caches
    gradients = {"dx": np.zeros((*x.shape[:2], da.shape[2]))}
    da_prev, dc_prev = np.zeros(da.shape[:2]), np.zeros(da.shape[:2])
    for t in reversed(range(da.shape[2])):
        step = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])
        da_prev, dc_prev = step["da_prev"], step["dc_prev"]
        gradients["dx"][:, :, t] = step["dxt"]
        for name in (f"d{kind}{gate}" for kind in "Wb" for gate in "fico"):
            gradients[name] = gradients.get(name, 0) + step[name]
    return {**gradients, "da0": da_prev}
    ### END SOLUTION


# %% [markdown]
# ### Watch it learn
#
# The task: ten steps of noise, and the state must end with the sign of the *first* number in its first value.
# Everything between is distraction. Forward, backward, a step against the gradient; nothing else is needed.

# %%
if __name__ == "__main__":
    rng = np.random.default_rng(1)
    n_a, m, T_x = 8, 64, 10
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
            weights[name] = weights[name] - 1.0 * gradients[f"d{name}"]

    figure, axis = plt.subplots(figsize=(7, 3), layout="constrained")
    axis.plot(losses)
    axis.set(xlabel="steps of training", ylabel="squared error", title="Remembering the first of ten numbers")
    plt.show()

# %% [markdown]
# ## How far are you?

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("recurrent_network")
