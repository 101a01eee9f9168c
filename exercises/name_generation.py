# %% [markdown]
# # A model that invents names
#
# Show a network a thousand names, one character at a time, and train it to predict the next character. Nobody tells it
# a rule, and yet it soon knows that *q* is followed by *u* and that dinosaurs like to end in *saurus*. Then let it
# generate: draw a character from its prediction, feed it back as the next input, and so on. Out comes a name that
# nobody has borne yet. Such a network is a **character-level language model**; to generate from it is to **sample**.
#
# You do this twice. First in NumPy, where you see every number; then in Keras, where training is faster and where you
# control the sampling.
#
# ## Notation
#
# | symbol | meaning |
# |---|---|
# | `V` | **vocabulary size**: number of different characters, with the newline `"\n"`, the **end token** of a name |
# | `n_a` | size of the hidden state |
# | `char_to_ix`, `ix_to_char` | the **vocabulary**: dicts from a character to its index, and back |
# | `parameters` | dict of `Wax (n_a, V)`, `Waa (n_a, n_a)`, `Wya (V, n_a)`, `b (n_a, 1)`, `by (V, 1)` |
# | `m`, `T` | batch size and number of time steps, in the Keras half |
#
# The network itself was the subject of an earlier exercise, so its forward and backward pass are given, with a few
# small functions. Read their docstrings: `help(rnn_forward)`.
#
# If you bring a solution of the well-known assignment, hand in its notebook as it is. If you paste its functions into
# this file, the cell below replaces its `from utils import *`; add `import copy` if your `clip` copies the gradients.
#
# After most functions a cell prints one line to compare with.

# %%
import keras
import numpy as np
from keras import ops

from dlseq.course.given.name_generation import (
    get_initial_loss,
    get_sample,
    initialize_parameters,
    rnn_backward,
    rnn_forward,
    smooth,
    softmax,
    update_parameters,
)

# %% [markdown]
# ## 1. Gradient clipping
#
# In backpropagation through time a gradient is multiplied by the same matrix at every time step. Now and then it
# becomes enormous (**exploding gradients**), and a single update with it ruins the work of a thousand. The simplest
# remedy is **gradient clipping**: limit every element to the interval `[-maxValue, maxValue]`,
#
# $$g \leftarrow \min(\max(g, -M), M)$$
#
# in each of the five gradients. Do not change the argument in place: return a **new** dict.


# %%
def clip(gradients, maxValue):
    """Clip every element of the gradients to [-maxValue, maxValue].

    Args:
        gradients: dict with dWaa, dWax, dWya, db, dby; unchanged.
        maxValue: limit of the absolute value.

    Returns:
        A new dict of the five clipped gradients.
    """
    raise NotImplementedError("clip")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(clip({name: np.array([-7.0, 0.5, 7.0]) for name in ("dWaa", "dWax", "dWya", "db", "dby")}, 5)["dby"])
    # expected: [-5.   0.5  5. ]

# %% [markdown]
# ## 2. Sampling
#
# ```
#  zeros ──▶ cell ──▶ cell ──▶ cell ──▶ …
#              │ y₁  ▲  │ y₂  ▲  │ y₃
#            draw ───┘ draw ──┘ draw
#             "r"       "e"      "x"
# ```
#
# The first input and the initial hidden state are zero vectors. At each time step
#
# $$a = \tanh(W_{ax}\, x + W_{aa}\, a_{prev} + b), \qquad y = \mathrm{softmax}(W_{ya}\, a + b_y)$$
#
# **draw** an index from the distribution `y` (always the most likely one would give the same name every time), and
# feed it back as the next input, a **one-hot** vector `x` of shape `(V, 1)`. Stop after a newline. A model that has
# learned little may never draw it, so stop after 50 characters too, and then append a newline.
#
# For reproducible draws use the global generator exactly like this: a `counter` starts at 0; before each draw call
# `np.random.seed(counter + seed)`; the draw is `np.random.choice(range(V), p=y.ravel())`; after it increment both
# `counter` and `seed` by one. (This is how the well-known assignment does it. In code of your own pass a generator
# instead, as section 8 does.)


# %%
def sample(parameters, char_to_ix, seed):
    """Sample a name from the NumPy network.

    Args:
        parameters: dict of parameters, see above.
        char_to_ix: dict from characters to indices; char_to_ix["\\n"] is the index of the end token.
        seed: integer seed of the draws.

    Returns:
        List of indices: the characters in order, then the newline.
    """
    raise NotImplementedError("sample")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    indices = sample(initialize_parameters(8, 4, 4), {"\n": 0, "a": 1, "b": 2, "c": 3}, seed=0)
    print(type(indices).__name__, indices)
    # expected: a list of indices below 4 that ends with its only 0

# %% [markdown]
# ## 3. One training step
#
# Forward, backward, clip, update: four calls. `rnn_forward` returns the loss and a cache, `rnn_backward` the gradients
# and the hidden states `a` (a dict from time step t to the state after it), `update_parameters` changes the parameters
# **in place**. Clip at 5, and before the update, or the clipping has no effect.


# %%
def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    """Train on one name: a step of stochastic gradient descent.

    Args:
        X: list of input indices; None is a zero vector.
        Y: list of target indices, of the same length.
        a_prev: initial hidden state, (n_a, 1).
        parameters: dict of parameters; they change in place.
        learning_rate: learning rate.

    Returns:
        loss: cross-entropy of this name before the update.
        gradients: the clipped gradients.
        a[len(X) - 1]: hidden state after the last time step, (n_a, 1).
    """
    raise NotImplementedError("optimize")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    parameters = initialize_parameters(8, 4, 4)
    losses = [optimize([None, 1, 2], [1, 2, 0], np.zeros((8, 1)), parameters, 0.5)[0] for _ in range(20)]
    print(f"loss from {losses[0]:.2f} to {losses[-1]:.2f}")
    # expected: loss from 4.16 (three characters, each with probability 1/4) to 0.55

# %% [markdown]
# ## 4. Training
#
# The inputs are the targets, one time step later. This is **teacher forcing**: in training the input is the true
# previous character, not the one that the model would have drawn.
#
# | | | | | |
# |---|---|---|---|---|
# | `X` | zeros | r | e | x |
# | `Y` | r | e | x | newline |
#
# With indices, `X = [None] + ids` and `Y = X[1:] + [newline]`. Two pieces of code are yours:
#
# 1. **The training examples**: strip the white space around each name, then `np.random.seed(0)` and
#    `np.random.shuffle(examples)`.
# 2. **The training step**: iteration `j` trains on example `j % len(examples)`, with a learning rate of 0.01. The
#    hidden state that `optimize` returns is the initial hidden state of the next name.
#
# The rest, the moving average of the loss and the names that are sampled on the way, is given.


# %%
def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    """Train the NumPy network on names and sample some on the way.

    Args:
        data_x: list of names, possibly with white space around them.
        ix_to_char: dict from indices to characters.
        char_to_ix: dict from characters to indices.
        num_iterations: number of training steps, one name each.
        n_a: size of the hidden state.
        dino_names: number of names to sample every 2,000 iterations.
        vocab_size: number of different characters, the newline included.
        verbose: True to print losses and names.

    Returns:
        parameters: dict of the trained parameters.
        last_name: the last sampled name.
    """
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss, last_name = get_initial_loss(vocab_size, dino_names), ""
    a_prev = np.zeros((n_a, 1))
    examples = []
    raise NotImplementedError("model")  # your code goes here, in place of this line
    for j in range(num_iterations):
        curr_loss = 0.0
        raise NotImplementedError("model")  # your code goes here, in place of this line
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            names = [get_sample(sample(parameters, char_to_ix, seed), ix_to_char) for seed in range(dino_names)]
            last_name = names[-1] if names else ""
            if verbose:
                print(f"iteration {j:6,}   loss {loss:6.2f}   {' '.join(name.strip() for name in names)}")
    return parameters, last_name


# %% [markdown]
# ### Dinosaurs
#
# A few thousand names later, many endings are right already. The loss rises before it falls: its moving average starts
# at the cross-entropy of seven characters under a uniform distribution, and most names are longer than that. (6,001
# training steps take 5 to 10 seconds.)
#
# (The well-known assignment asks for one exact name after 22,001 iterations. By then rounding errors, which differ
# between processors, have changed the letters; the tests here check the parameters after a few steps instead.)

# %%
if __name__ == "__main__":
    from dlseq.data.names import load_names

    dinosaurs = load_names("dinosaurs", lower=True)
    characters = sorted({"\n", *"".join(dinosaurs)})
    char_to_ix = {character: index for index, character in enumerate(characters)}
    ix_to_char = dict(enumerate(characters))
    model(dinosaurs, ix_to_char, char_to_ix, num_iterations=6001, vocab_size=len(characters), verbose=True)

# %% [markdown]
# ## 5. A batch of names
#
# Now in Keras. It trains on a batch of names, and these differ in length, so the short ones are **padded**. With *bo*
# and *ann*:
#
# | `y` | | | | | `weights` | | | | |
# |---|---|---|---|---|---|---|---|---|---|
# | | b | o | ⏎ | ⏎ | | 1 | 1 | 1 | 0 |
# | | a | n | n | ⏎ | | 1 | 1 | 1 | 1 |
#
# The first newline of a row is the end token of the name, and the model has to learn to predict it. The newlines after
# it are padding: their **sample weight** is 0, so the loss ignores them. The inputs are one-hot, one time step behind
# `y` (teacher forcing), with zeros at the first time step.


# %%
def name_batch(names, char_to_ix):
    """Encode names as arrays for training.

    Args:
        names: list of m names.
        char_to_ix: dict from the V characters to their indices, with "\\n".

    Returns:
        x: one-hot inputs, (m, T, V) with T = length of the longest name + 1; x[:, 0] is zero, x[:, t] is y[:, t - 1].
        y: target indices, (m, T); each name is followed by newlines.
        weights: sample weights, (m, T); 1 for the characters of a name and its first newline, 0 for padding.
    """
    raise NotImplementedError("name_batch")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    x, y, weights = name_batch(["bo", "ann"], {"\n": 0, "a": 1, "b": 2, "n": 3, "o": 4})
    print(x.shape, y.tolist(), weights.tolist())
    # expected: (2, 4, 5) [[2, 4, 0, 0], [1, 3, 3, 0]] [[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]]

# %% [markdown]
# ## 6. The model
#
# Three lines: an input `(None, V)`, an `LSTM` of `n_a` units that returns its hidden state at every time step, a
# `Dense` layer with `V` outputs. The outputs are **logits**, without a softmax, because section 7 works on them. So
# the loss is `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`. Compile with `Adam` and a learning rate
# of 0.01.


# %%
def name_model(vocab_size, n_a=64):
    """Build and compile a model that predicts the next character.

    Args:
        vocab_size: vocabulary size V.
        n_a: number of units of the LSTM.

    Returns:
        Keras model from one-hot inputs (m, T, V) to logits (m, T, V).
    """
    raise NotImplementedError("name_model")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(name_model(5, 16)(np.zeros((2, 4, 5), "float32")).shape)
    # expected: (2, 4, 5)

# %% [markdown]
# ## 7. Temperature and top-k
#
# Two settings control the distribution that characters are drawn from, given the logits $z$.
#
# **Temperature**: $p = \mathrm{softmax}(z / \tau)$. A low $\tau$ sharpens the distribution, and the names become timid;
# a high one flattens it, and they become wild. It divides the logits; dividing the probabilities would have no effect
# after normalization.
#
# **Top-k sampling**: only the `k` largest logits are kept; all other characters get the probability 0, and the kept
# ones sum to one. This removes the long tail of characters that are each unlikely but together are not.


# %%
def next_probabilities(logits, temperature=1.0, top_k=None):
    """Compute the distribution of the next character.

    Args:
        logits: logits, (V,); float32 from a model.
        temperature: a number above 0 that divides the logits.
        top_k: number of characters to keep; None for all. More than V counts as V.

    Returns:
        Probabilities, float64 (V,), that sum to one.
    """
    raise NotImplementedError("next_probabilities")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    print(next_probabilities([2.0, 1.0, 0.0], temperature=0.5, top_k=2).round(3))
    # expected: [0.881 0.119 0.   ]

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

# %% [markdown]
# ## 8. Sampling from the Keras model
#
# As in section 2: start with a time step of zeros, call the model, draw, feed back. The model keeps no hidden state
# between calls, so pass the whole **prefix**, `(1, t + 1, V)`, each time; the logits of the **last** time step count.
# For the draws make one generator at the beginning, `rng = np.random.default_rng(seed)`, and draw each character with
# `rng.choice(V, p=…)`. Stop after a newline. A name that reaches `max_length` characters is truncated, and no newline
# is appended, so that the list shows that the model had not finished.
#
# Call the model as `model(x, training=False)`. `predict` is made for large batches and is much slower for one step.


# %%
def sample_name(model, char_to_ix, seed, temperature=1.0, top_k=None, max_length=50):
    """Sample a name from the Keras model.

    Args:
        model: Keras model from one-hot inputs (1, t, V) to logits (1, t, V).
        char_to_ix: dict from the V characters to their indices.
        seed: integer seed of the draws.
        temperature: see `next_probabilities`.
        top_k: see `next_probabilities`.
        max_length: maximum number of indices.

    Returns:
        List of indices; the last one is the newline if the model drew it.
    """
    raise NotImplementedError("sample_name")  # your code goes here, in place of this line


# %% [markdown]
# ### Three temperatures
#
# The same model and the same seeds, at three temperatures. Which names would you believe? (Training takes about
# ten seconds.)

# %%
if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    network = name_model(len(characters))
    x, y, weights = name_batch(dinosaurs, char_to_ix)
    history = network.fit(x, y, sample_weight=weights, batch_size=64, epochs=12, verbose=0).history
    print(f"loss from {history['loss'][0]:.2f} to {history['loss'][-1]:.2f}")
    for temperature in (0.4, 0.8, 1.3):
        drawn = [sample_name(network, char_to_ix, seed, temperature, top_k=12, max_length=20) for seed in range(4)]
        names = [get_sample(indices, ix_to_char).strip() for indices in drawn]
        print(f"temperature {temperature}: {', '.join(names)}")

# %% [markdown]
# ## Check your progress

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("name_generation")
