# %% [markdown]
# # A model that invents names
#
# Show a network a thousand names, one character at a time, and let it guess the next character each time. It never
# learns a rule, and yet it soon knows that *q* is followed by *u* and that dinosaurs like to end in *saurus*. Then
# turn the game round: let it guess, take its guess for the truth, and let it guess again. Out comes a name that
# nobody has borne yet.
#
# You do this twice. First in NumPy, where you see every number; then in Keras, where training is faster and where you
# decide how daring the guesses may be.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `V` | size of the vocabulary: the different characters, with the newline `"\n"`, which **ends a name** |
# | `n_a` | width of the hidden state |
# | `char_to_ix`, `ix_to_char` | dicts from a character to its index, and back |
# | `parameters` | dict of `Wax (n_a, V)`, `Waa (n_a, n_a)`, `Wya (V, n_a)`, `b (n_a, 1)`, `by (V, 1)` |
# | `m`, `T` | names in a batch and steps of the longest, in the Keras half |
#
# The network itself was the subject of an earlier exercise, so its forward and backward pass are given, with a few
# small tools. Read their docstrings: `help(rnn_forward)`.
#
# If you bring answers from the well-known assignment along, the cell below takes the place of its
# `from utils import *`; add `import copy` to it if your `clip` copies the gradients.

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
# ## 1. Clipping gradients
#
# A gradient that travels back through many steps is multiplied by the same matrix again and again. Now and then it
# comes out enormous, and a single step along it ruins what a thousand steps have learned. The simplest protection
# cuts off every number that lies outside `[-maxValue, maxValue]`:
#
# $$g \leftarrow \min(\max(g, -M), M)$$
#
# element by element, in each of the five gradients. What the caller passed in stays as it was: return a **new** dict.


# %%
def clip(gradients, maxValue):
    """Limits every number in the gradients.

    Args:
        gradients: dict with dWaa, dWax, dWya, db, dby. It is left as it was.
        maxValue: the largest absolute value that may remain.

    Returns:
        A new dict of the five, clipped element by element.
    """
    ### BEGIN SOLUTION
    return {name: np.clip(gradients[name], -maxValue, maxValue) for name in ("dWaa", "dWax", "dWya", "db", "dby")}
    ### END SOLUTION


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
# Begin with zeros for input and state. At each step
#
# $$a = \tanh(W_{ax}\, x + W_{aa}\, a_{prev} + b), \qquad y = \mathrm{softmax}(W_{ya}\, a + b_y)$$
#
# **draw** an index from the distribution `y` (always taking the likeliest would give the same name for ever), and
# hand it back as a one-hot `x` of shape `(V, 1)` for the next step. Stop after a newline. A model that has learned
# little may never say it, so stop after 50 characters too, and then append a newline.
#
# So that everybody draws the same, use the global generator exactly like this: a `counter` begins at 0; before each
# draw call `np.random.seed(counter + seed)`; the draw is `np.random.choice(range(V), p=y.ravel())`; after it both
# `counter` and `seed` grow by one. (This is how the well-known assignment does it. In code of your own pass a
# generator instead, as section 8 does.)


# %%
def sample(parameters, char_to_ix, seed):
    """Invents a name.

    Args:
        parameters: see above.
        char_to_ix: dict from characters to indices; char_to_ix["\\n"] is the index that ends a name.
        seed: an integer that decides which name.

    Returns:
        List of indices: the characters in order, then the newline.
    """
    ### BEGIN SOLUTION
    x, a = np.zeros_like(parameters["by"]), np.zeros_like(parameters["b"])
    indices, newline = [], char_to_ix["\n"]
    for counter in range(50):
        a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a + parameters["b"])
        y = softmax(parameters["Wya"] @ a + parameters["by"])
        np.random.seed(counter + seed)  # noqa: NPY002
        indices.append(int(np.random.choice(len(y), p=y.ravel())))  # noqa: NPY002
        seed += 1
        if indices[-1] == newline:
            break
        x = np.zeros_like(x)
        x[indices[-1]] = 1
    return indices if len(indices) < 50 else [*indices, newline]
    ### END SOLUTION


# %% [markdown]
# ## 3. One step of training
#
# Forward, backward, clip, update: four calls. `rnn_forward` gives the loss and a cache, `rnn_backward` the gradients
# and the states `a` (a dict from the step to the state after it), `update_parameters` changes the parameters **in
# place**. Clip at 5, and before the update, or the clipping protects nothing.


# %%
def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    """Learns from one name.

    Args:
        X: list of indices that go in; None stands for a zero vector.
        Y: list of indices that should come out, as many.
        a_prev: hidden state to begin with, (n_a, 1).
        parameters: see above. They change in place.
        learning_rate: how far the step goes.

    Returns:
        loss: of this name, before the step.
        gradients: the clipped gradients.
        a[len(X) - 1]: hidden state after the last step, (n_a, 1).
    """
    ### BEGIN SOLUTION
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]
    ### END SOLUTION


# %% [markdown]
# ## 4. Training
#
# What goes in is what came out one step before:
#
# | | | | | |
# |---|---|---|---|---|
# | `X` | nothing | r | e | x |
# | `Y` | r | e | x | newline |
#
# With indices, `X = [None] + ids` and `Y = X[1:] + [newline]`. Two pieces of code are yours:
#
# 1. **The list of examples**: strip the white space around each name, then `np.random.seed(0)` and
#    `np.random.shuffle(examples)`.
# 2. **The step**: iteration `j` learns example `j % len(examples)`, with a learning rate of 0.01. The state that
#    `optimize` gives back goes in with the next name.
#
# The rest, the running mean of the loss and the names that are sampled on the way, is given.


# %%
def model(data_x, ix_to_char, char_to_ix, num_iterations=35000, n_a=50, dino_names=7, vocab_size=27, verbose=False):
    """Trains on names and samples some on the way.

    Args:
        data_x: list of names, perhaps with white space around them.
        ix_to_char: dict from indices to characters.
        char_to_ix: dict from characters to indices.
        num_iterations: names to learn from, one each time.
        n_a: width of the hidden state.
        dino_names: names to sample every 2,000 iterations.
        vocab_size: number of different characters, the newline included.
        verbose: whether to print losses and names.

    Returns:
        parameters: what was learned.
        last_name: the last name that was sampled.
    """
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss, last_name = get_initial_loss(vocab_size, dino_names), ""
    a_prev = np.zeros((n_a, 1))
    examples = []
    ### BEGIN SOLUTION
    examples = [name.strip() for name in data_x]
    np.random.seed(0)  # noqa: NPY002
    np.random.shuffle(examples)  # noqa: NPY002
    ### END SOLUTION
    for j in range(num_iterations):
        curr_loss = 0.0
        ### BEGIN SOLUTION
        X = [None] + [char_to_ix[character] for character in examples[j % len(examples)]]
        Y = [*X[1:], char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        ### END SOLUTION
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
# A few thousand names later, many endings are right already. The loss climbs before it falls: its running mean begins
# at what seven characters cost somebody who knows nothing, and most names are longer than that.
#
# (The well-known assignment asks for one exact name after 22,001 iterations. By then the last digit of a rounding,
# which differs between processors, has grown into other letters; we look at what was learned instead.)

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
# Now in Keras. It learns from many names at a time, and these differ in length, so the short ones are filled up. With
# *bo* and *ann*:
#
# | `y` | | | | | `weights` | | | | |
# |---|---|---|---|---|---|---|---|---|---|
# | | b | o | ⏎ | ⏎ | | 1 | 1 | 1 | 0 |
# | | a | n | n | ⏎ | | 1 | 1 | 1 | 1 |
#
# The first newline of a row belongs to the name and has to be learned: it is how the model comes to an end. Those
# after it only fill, and their weight is 0. The inputs are one-hot, one step behind `y`, with zeros at the first
# step.


# %%
def name_batch(names, char_to_ix):
    """Turns names into arrays to train on.

    Args:
        names: list of m names.
        char_to_ix: dict from the V characters to their indices, with "\\n".

    Returns:
        x: one-hot inputs, (m, T, V) with T = length of the longest name + 1; x[:, 0] is zero, x[:, t] is y[:, t - 1].
        y: indices that should come out, (m, T); each name is followed by newlines.
        weights: 1 for the characters of a name and its first newline, 0 after them, (m, T).
    """
    ### BEGIN SOLUTION
    steps = max(len(name) for name in names) + 1
    y = np.full((len(names), steps), char_to_ix["\n"])
    weights = np.zeros((len(names), steps), "float32")
    for row, name in enumerate(names):
        y[row, : len(name)] = [char_to_ix[character] for character in name]
        weights[row, : len(name) + 1] = 1
    x = np.zeros((len(names), steps, len(char_to_ix)), "float32")
    x[:, 1:] = np.eye(len(char_to_ix))[y[:, :-1]]
    return x, y, weights
    ### END SOLUTION


# %% [markdown]
# ## 6. The model
#
# Three lines: an input `(None, V)`, an `LSTM` of `n_a` units that returns its state at every step, a `Dense` layer
# with `V` outputs. These are scores (**logits**), without a softmax, because section 7 wants to work on them. The
# loss has to be told so: `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`. Compile with `Adam` and a
# learning rate of 0.01.


# %%
def name_model(vocab_size, n_a=64):
    """Makes a compiled model that guesses the next character.

    Args:
        vocab_size: V.
        n_a: units of the LSTM.

    Returns:
        Keras model from one-hot inputs (m, T, V) to logits (m, T, V).
    """
    ### BEGIN SOLUTION
    inputs = keras.Input((None, vocab_size))
    states = keras.layers.LSTM(n_a, return_sequences=True)(inputs)
    network = keras.Model(inputs, keras.layers.Dense(vocab_size)(states))
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(0.01), cross_entropy)
    return network
    ### END SOLUTION


# %% [markdown]
# ## 7. How daring?
#
# Two knobs turn logits $z$ into the distribution to draw from.
#
# **Temperature**: $p = \mathrm{softmax}(z / \tau)$. A small $\tau$ makes the likely likelier, and the names timid; a
# large one makes all characters alike, and the names wild. It divides the logits; dividing the probabilities would do
# nothing at all, once they are made to sum to one again.
#
# **Top-k**: only the `k` largest logits stay in the race; all others get the probability 0, and those that are left
# sum to one. This cuts off the long tail of characters that are each unlikely and together are not.


# %%
def next_probabilities(logits, temperature=1.0, top_k=None):
    """The distribution that the next character is drawn from.

    Args:
        logits: scores, (V,); float32 where a model made them.
        temperature: above 0; divides the logits.
        top_k: how many characters stay; None for all. More than V counts as V.

    Returns:
        Probabilities, float64 (V,), that sum to one.
    """
    ### BEGIN SOLUTION
    scores = np.asarray(logits, "float64") / temperature
    if top_k is not None:
        smallest = np.sort(scores)[-min(top_k, len(scores))]
        scores = np.where(scores >= smallest, scores, -np.inf)
    powers = np.exp(scores - np.max(scores))
    return powers / powers.sum()
    ### END SOLUTION


# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    logits = np.array([2.6, 2.0, 1.2, 0.7, 0.1, -0.6, -1.5, -2.5])
    settings = [(0.5, None), (1.0, None), (2.0, None), (1.0, 3)]
    figure, axes = plt.subplots(1, 4, figsize=(9, 2.7), sharey=True, layout="constrained")
    for axis, (temperature, top_k) in zip(axes, settings, strict=True):
        axis.bar(list("saurtonk"), next_probabilities(logits, temperature, top_k))
        axis.set_title(f"temperature {temperature:g}" + (f", top {top_k}" if top_k else ""), fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("probability")
    figure.supxlabel("next character, from the likeliest to the unlikeliest", fontsize=10)
    plt.show()

# %% [markdown]
# ## 8. Sampling from the Keras model
#
# As in section 2: begin with a step of zeros, ask the model, draw, feed back. The model keeps no state between calls,
# so give it the whole row so far, `(1, t + 1, V)`, each time; what it says at the **last** step counts. For the draws
# make one generator at the beginning, `rng = np.random.default_rng(seed)`, and draw each character with
# `rng.choice(V, p=…)`. Stop after a newline. A name that reaches `max_length` characters is cut there, and no newline
# is appended: whoever reads the list sees that the model had not finished.
#
# Call the model as `model(x, training=False)`. `predict` is made for large batches and takes much longer for one
# step.


# %%
def sample_name(model, char_to_ix, seed, temperature=1.0, top_k=None, max_length=50):
    """Invents a name with the Keras model.

    Args:
        model: from (1, t, V) to logits (1, t, V).
        char_to_ix: dict from the V characters to their indices.
        seed: of the draws.
        temperature: see `next_probabilities`.
        top_k: see `next_probabilities`.
        max_length: the most indices to return.

    Returns:
        List of indices; a newline is the last one, if the model drew it.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    vocab_size, newline, indices = len(char_to_ix), char_to_ix["\n"], []
    x = np.zeros((1, 1, vocab_size), "float32")
    for _ in range(max_length):
        logits = ops.convert_to_numpy(model(x, training=False))[0, -1]  # (V,)
        index = int(rng.choice(vocab_size, p=next_probabilities(logits, temperature, top_k)))
        indices.append(index)
        if index == newline:
            break
        x = np.concatenate([x, np.eye(vocab_size, dtype="float32")[None, [index]]], axis=1)
    return indices
    ### END SOLUTION


# %% [markdown]
# ### Three moods
#
# The same model and the same seeds, at three temperatures. Which names would you believe?

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
# ## How far are you?

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("name_generation")
