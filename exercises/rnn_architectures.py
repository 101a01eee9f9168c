# %% [markdown]
# # The five types of recurrent networks
#
# A review comes in, and a number of stars goes out. A genre comes in, and a melody goes out. A French sentence comes
# in, and an English one of another length goes out. For all of these you need nothing but one **cell**: a function from
# an input and a state to the next state. The types differ only in *when* the cell reads and *when* it writes.
#
# ```
#   one-to-one      one-to-many           many-to-one       many-to-many, equal    many-to-many, different
#
#       ŷ           ŷ1   ŷ2   ŷ3                    ŷ        ŷ1   ŷ2   ŷ3                     ŷ1   ŷ2   ŷ3
#       ▲           ▲    ▲    ▲                     ▲        ▲    ▲    ▲                      ▲    ▲    ▲
#      cell        cell►cell►cell      cell►cell►cell       cell►cell►cell        cell►cell►cell►cell►cell
#       ▲           ▲    ▲    ▲         ▲    ▲    ▲          ▲    ▲    ▲           ▲    ▲     ▲    ▲    ▲
#       x           x    ŷ1   ŷ2        x1   x2   x3         x1   x2   x3          x1   x2  start  ŷ1   ŷ2
#
#    a picture,    a genre,            a review,            a sentence,           a French sentence,
#    its name      a melody            its stars            a label per word      the English one
# ```
#
# In this exercise you build the five types three times: in NumPy, on paper (which type does a problem need?), and in
# Keras. Then each one is trained on an application, and your NumPy functions compute with the trained weights.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `m` | examples in the batch, the first axis, as Keras has it |
# | `Tx`, `Ty` | steps that are read, steps that are written |
# | `n_x`, `n_a`, `n_y` | width of an input, of the state, of an output |
# | `x` | inputs, `(m, n_x)` or `(m, Tx, n_x)` |
# | `a` | state after a step, `(m, n_a)`; before the first step it is zero, unless something else is said |
# | `y` | probabilities, `(m, n_y)` or `(m, Ty, n_y)` |
# | `mask` | booleans `(m, T)`, True for a real step, False for **padding**, which stands on the right |

# %%
import keras
import numpy as np
from keras import Input, Model
from keras.layers import Dense, Masking, RepeatVector, SimpleRNN, TimeDistributed

from dlseq.course.given.rnn_architectures import (
    PROBLEMS,
    TYPES,
    entity_data,
    name_data,
    note_data,
    number_data,
    parameters_of,
    rnn_output,
    rnn_step,
    sentence_data,
)

ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE, EQUAL, DIFFERENT = TYPES

# %% [markdown]
# The cell is given, you have written it in the exercise `recurrent_network`. Here examples are rows, so the weights
# stand on the right:
#
# - `rnn_step(xt, a_prev, parameters)` returns $a^{\langle t\rangle} = \tanh(x^{\langle t\rangle} W_x + a^{\langle
#   t-1\rangle} W_a + b)$, `(m, n_a)`;
# - `rnn_output(a, parameters)` returns $\hat y = \mathrm{softmax}(a W_y + b_y)$, `(m, n_y)`.
#
# `parameters` is a dict of `Wx (n_x, n_a)`, `Wa (n_a, n_a)`, `b (n_a,)`, `Wy (n_a, n_y)` and `by (n_y,)`. Call the two
# functions; there is no matrix to be multiplied by hand any more.
#
# # Part 1: five types from one cell
#
# ## 1. One-to-one
#
# One input, one step, one output. The state before the step is zero, so that $W_a$ plays no role: this is a plain
# network with one hidden layer. It is in the family because the others are made of it.


# %%
def one_to_one(x, parameters):
    """Compute one output from one input.

    Args:
        x: inputs (m, n_x).
        parameters: dict of the weights.

    Returns:
        Probabilities (m, n_y).
    """
    raise NotImplementedError("one_to_one")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":

    def draw_parameters(n_x, n_a, n_y, seed=0):
        """Draw parameters to try the functions with."""
        rng = np.random.default_rng(seed)
        shapes = {"Wx": (n_x, n_a), "Wa": (n_a, n_a), "b": n_a, "Wy": (n_a, n_y), "by": n_y}
        return {name: rng.normal(size=shape) for name, shape in shapes.items()}

    parameters = draw_parameters(n_x=3, n_a=4, n_y=3)
    steps = np.random.default_rng(1).normal(size=(2, 5, 3))  # two sequences of five steps
    print(one_to_one(steps[:, 0], parameters).round(3).tolist())
    # expected: [[0.376, 0.11, 0.513], [0.145, 0.034, 0.821]]

# %% [markdown]
# ## 2. Many-to-many of equal lengths
#
# There is an output after each step. Keep the state, and collect the outputs along a new axis, the second one:
# `np.stack(outputs, axis=1)`. Here the state before the first step is an argument, `a0`.
#
# Output $t$ knows the inputs up to step $t$ and none of the later ones.


# %%
def many_to_many(x, a0, parameters):
    """Compute an output after each step.

    Args:
        x: inputs (m, T, n_x).
        a0: state before the first step (m, n_a).
        parameters: dict of the weights.

    Returns:
        Probabilities (m, T, n_y).
    """
    raise NotImplementedError("many_to_many")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    y = many_to_many(steps, np.zeros((2, 4)), parameters)
    print(y.shape, y[0, :2].round(3).tolist())
    # expected: (2, 5, 3) [[0.376, 0.11, 0.513], [0.161, 0.067, 0.772]]; the first step is what one_to_one returned

# %% [markdown]
# ## 3. Many-to-one, and padding
#
# The network reads the whole sequence and writes once, at the end. But where is the end? The sequences of a batch have
# different lengths, and the array is filled up by padding. A network that reads padding as if it were words forgets
# the review while it reads nothing, a hundred times.
#
# So a step of padding has to leave the state as it was:
#
# $$a^{\langle t\rangle} = \begin{cases}\text{the new state} & \text{where } \mathrm{mask}_t \\
# a^{\langle t-1\rangle} & \text{elsewhere}\end{cases}$$
#
# `np.where(mask[:, t, None], …, …)` chooses for each example of the batch. (The `None` adds an axis, so that the choice
# is made for a whole row of the state.) After the last step each example has the state after its own last real step.


# %%
def many_to_one(x, mask, parameters):
    """Compute one output from a sequence.

    Args:
        x: inputs (m, Tx, n_x).
        mask: booleans (m, Tx), True for real steps; each sequence has at least one.
        parameters: dict of the weights.

    Returns:
        Probabilities after the last real step of each sequence, (m, n_y).
    """
    raise NotImplementedError("many_to_one")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    mask = np.array([[True, True, True, True, True], [True, True, False, False, False]])
    print(many_to_one(steps, mask, parameters).round(3).tolist())
    print(many_to_many(steps, np.zeros((2, 4)), parameters)[[0, 1], [4, 1]].round(3).tolist())
    # expected: twice the same, [[0.043, 0.003, 0.955], [0.055, 0.021, 0.924]]

# %% [markdown]
# ## 4. One-to-many
#
# The input is read in the first step. What do the others read? The output of the step before: the network reads what it
# has written. An output is a vector of probabilities, and the next step has to know what was *chosen*. So the most
# probable index is taken, as a one-hot vector: `np.eye(n_y)[y.argmax(axis=1)]`, `(m, n_y)`. Inputs and outputs have the
# same width here, `n_x = n_y`.


# %%
def one_to_many(x, Ty, parameters):
    """Write a sequence that begins with one input.

    Args:
        x: inputs of the first step (m, n_x), and n_x = n_y.
        Ty: steps to write.
        parameters: dict of the weights.

    Returns:
        Probabilities of each step (m, Ty, n_y); each step but the first has read the one-hot argmax of the one before.
    """
    raise NotImplementedError("one_to_many")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    y = one_to_many(np.eye(3)[:2], 6, parameters)
    print(y.shape, y.argmax(axis=-1).tolist())
    # expected: (2, 6, 3) [[2, 2, 2, 2, 1, 2], [0, 2, 2, 2, 2, 1]]

# %% [markdown]
# ## 5. Many-to-many of different lengths
#
# An English sentence has seldom as many words as the French one, and the first English word may need the last French
# one. So two cells with weights of their own share the work. The **encoder** reads, and writes nothing: it is the
# many-to-one network without its output. The **decoder** writes, and its state before the first step is *the last state
# of the encoder*: it is the one-to-many network with an **initial state**. All that the decoder knows of the source is
# in that state.
#
# In its first step the decoder reads a vector that means *start*.


# %%
def encoder_decoder(x, mask, start, Ty, encoder, decoder):
    """Write a sequence about another one.

    Args:
        x: inputs of the encoder (m, Tx, n_x).
        mask: booleans (m, Tx), True for real steps.
        start: inputs of the decoder's first step (m, n_y).
        Ty: steps to write.
        encoder: dict of the encoder's weights `Wx`, `Wa` and `b`.
        decoder: dict of the decoder's weights, with `Wy` and `by`.

    Returns:
        Probabilities of each written step (m, Ty, n_y); each step but the first has read the one-hot argmax of the one
        before.
    """
    raise NotImplementedError("encoder_decoder")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    decoder = draw_parameters(n_x=3, n_a=4, n_y=3, seed=11)
    y = encoder_decoder(steps, mask, np.eye(3)[[0, 0]], 4, parameters, decoder)
    print(y.shape, y.argmax(axis=-1).tolist())
    # expected: (2, 4, 3) [[1, 0, 2, 0], [2, 0, 0, 2]]

# %% [markdown]
# # Part 2: which type does a problem need?
#
# ## 6. Ask for the lengths
#
# The type follows from the lengths of inputs and outputs, if you look at enough examples. A sequence of one step counts
# as *one*. Lengths are **equal** if they are equal in *every* example: one that differs is enough, and the network has
# to be able to write another number of steps than it reads.


# %%
def type_from_lengths(source_lengths, target_lengths):
    """Find the type of network from the lengths in a set of examples.

    Args:
        source_lengths: list of the numbers of input steps, one for each example.
        target_lengths: list of the numbers of output steps.

    Returns:
        One of `TYPES`: "one-to-one" if all lengths are 1, "one-to-many" if all inputs have one step, "many-to-one" if
        all outputs have one step, otherwise "many-to-many, equal" or "many-to-many, different".
    """
    raise NotImplementedError("type_from_lengths")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(type_from_lengths([1, 1], [7, 12]), "|", type_from_lengths([4, 6, 3], [4, 6, 5]))
    # expected: one-to-many | many-to-many, different

# %% [markdown]
# ## 7. Choose
#
# Usually a problem comes in words. Ask three questions:
#
# 1. Is the input a *sequence*: are there steps, in an order, and may there be more of them in the next example? (Three
#    numbers that describe a flat are no sequence. They have no order in time, and there are always three.)
# 2. Is the output a sequence?
# 3. If both are: does each output belong to *one input step*, at its place? Then the lengths are equal. If the network
#    may have to write more or fewer steps, or has to read all before it writes the first, they are different.
#
# Here are fourteen problems. Write down the type of each. The applications of the first lecture are among them.

# %%
if __name__ == "__main__":
    for problem, text in PROBLEMS.items():
        print(f"{problem:12} {text}")


# %%
def choose_type(problem):
    """Choose the type of network for a problem.

    Args:
        problem: a name in `PROBLEMS`.

    Returns:
        One of `TYPES`.
    """
    raise NotImplementedError("choose_type")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    for problem in PROBLEMS:
        print(f"{problem:12} {choose_type(problem)}")

# %% [markdown]
# # Part 3: the loss, and which steps count
#
# ## 8. A mask from lengths
#
# A sequence of length 3 in a batch of five steps has the mask True, True, True, False, False. The longest sequence
# sets the number of steps.


# %%
def padding_mask(lengths):
    """Make the mask of padded sequences.

    Args:
        lengths: list or array of m lengths, at least 1.

    Returns:
        Booleans (m, T), True for real steps; T is the largest length.
    """
    raise NotImplementedError("padding_mask")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(padding_mask([3, 1, 4]).astype(int).tolist())
    # expected: [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]]

# %% [markdown]
# ## 9. One loss for all types
#
# The loss of one output is the **cross-entropy** $-\log p$, where $p$ is the probability of its target. The loss of a
# batch is the mean over all *real* outputs. Which ones are real?
#
# | type | outputs | mask of the inputs | mask of the loss |
# |---|---|---|---|
# | one-to-one | 1 | none | none |
# | one-to-many | `Ty` | none | lengths of the targets, with their end |
# | many-to-one | 1 | lengths of the sources | none |
# | many-to-many, equal | `Tx` | lengths of the sources | the same |
# | many-to-many, different | `Ty` | lengths of the sources | lengths of the targets, with their end |
#
# With $p_{bt}$, the probability of the target of step $t$ in example $b$:
#
# $$\mathrm{loss} = -\frac{\sum_{b, t} \mathrm{mask}_{bt} \log p_{bt}}{\sum_{b, t} \mathrm{mask}_{bt}}$$
#
# Divide by the number of real outputs of the *batch*, not by all steps: if padding counted, many short sequences would
# look like a good model. And select the real steps *before* the logarithm. At padding $p$ may be 0, its logarithm is
# minus infinity, and $0 \cdot \infty$ is no number.


# %%
def masked_cross_entropy(y, targets, mask):
    """Compute the mean cross-entropy of the real outputs.

    Args:
        y: probabilities (m, T, n_y).
        targets: indices (m, T), 0 at padding.
        mask: booleans (m, T), True for outputs that count; at least one is.

    Returns:
        The loss, a number.
    """
    raise NotImplementedError("masked_cross_entropy")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    y = np.array([[[0.5, 0.5], [0.25, 0.75]], [[1.0, 0.0], [0.0, 1.0]]])
    print(f"{masked_cross_entropy(y, np.array([[0, 1], [0, 0]]), padding_mask([2, 1])):.4f}")
    # expected: 0.3269, (log 2 + log 4/3 + 0) / 3

# %% [markdown]
# # Part 4: the five types in Keras
#
# The cell of Keras is `SimpleRNN(n_a)`, with the same formula. The layer has the loop inside. You choose the type by
# what surrounds it:
#
# | you write | you get |
# |---|---|
# | `SimpleRNN(n_a)` | the last state, `(m, n_a)` |
# | `SimpleRNN(n_a, return_sequences=True)` | the states after all steps, `(m, T, n_a)` |
# | `SimpleRNN(n_a, return_state=True)` | two tensors: the output, and the last state |
# | `SimpleRNN(…)(x, initial_state=a)` | a first step that starts from `a` instead of zeros |
# | `RepeatVector(Ty)` | `(m, n)` becomes `(m, Ty, n)`: the same vector in each step |
# | `TimeDistributed(layer)` | the same layer, with the same weights, on each step of `(m, T, n)` |
# | `Masking()` | steps whose vector is all zeros are padding, for all layers that follow and for the loss |
#
# `Masking` needs no argument: the data of this exercise have zeros behind each sequence, and no real step is all zeros.
# A masked step leaves the state as it was, as in your function. It also repeats the output of the step before, which
# does not matter, because the loss skips it.
#
# ## 10. One-to-one
#
# Without a state before it, the cell is a dense layer of `n_a` units with tanh. The output layer is a dense layer of
# `n_y` units with a softmax, here and in all that follow.


# %%
def one_to_one_model(n_x, n_a, n_y):
    """Build the one-to-one network.

    Args:
        n_x, n_a, n_y: widths of input, state and output.

    Returns:
        Keras model from (m, n_x) to probabilities (m, n_y).
    """
    raise NotImplementedError("one_to_one_model")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(one_to_one_model(3, 4, 2).output_shape, one_to_one_model(3, 4, 2).count_params(), "weights")
    # expected: (None, 2) 26 weights

# %% [markdown]
# ## 11. One-to-many
#
# If there is one right sequence for an input, the network does not need to be told what it has written. (In words, 42
# is *forty two* and nothing else.) Then it is enough that each step reads the input again, `RepeatVector(Ty)`.
# If there are many right ones, as with melodies, it has to read its own output, as in your NumPy function; the exercise
# `music_generation` builds that network in Keras.
#
# `RepeatVector`, `SimpleRNN` with all its states, and a dense layer on each of them by `TimeDistributed`.


# %%
def one_to_many_model(n_x, n_a, n_y, Ty):
    """Build the one-to-many network that reads its input in each step.

    Args:
        n_x, n_a, n_y: widths of input, state and output.
        Ty: steps to write.

    Returns:
        Keras model from (m, n_x) to probabilities (m, Ty, n_y).
    """
    raise NotImplementedError("one_to_many_model")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(one_to_many_model(3, 4, 2, Ty=6).output_shape, one_to_many_model(3, 4, 2, Ty=6).count_params(), "weights")
    # expected: (None, 6, 2) 42 weights

# %% [markdown]
# ## 12. Many-to-one
#
# The input has any number of steps, `Input((None, n_x))`. Mask the padding, and keep the last state alone.


# %%
def many_to_one_model(n_x, n_a, n_y):
    """Build the many-to-one network.

    Args:
        n_x, n_a, n_y: widths of input, state and output.

    Returns:
        Keras model from (m, Tx, n_x), with zeros at padding, to probabilities (m, n_y).
    """
    raise NotImplementedError("many_to_one_model")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(many_to_one_model(3, 4, 2).output_shape, many_to_one_model(3, 4, 2).count_params(), "weights")
    # expected: (None, 2) 42 weights

# %% [markdown]
# ## 13. Many-to-many of equal lengths
#
# All states, and the same dense layer on each.


# %%
def many_to_many_model(n_x, n_a, n_y):
    """Build the many-to-many network of equal lengths.

    Args:
        n_x, n_a, n_y: widths of input, state and output.

    Returns:
        Keras model from (m, T, n_x), with zeros at padding, to probabilities (m, T, n_y).
    """
    raise NotImplementedError("many_to_many_model")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(many_to_many_model(3, 4, 2).output_shape, many_to_many_model(3, 4, 2).count_params(), "weights")
    # expected: (None, None, 2) 42 weights

# %% [markdown]
# ## 14. Many-to-many of different lengths
#
# Two layers, and the state goes from one to the other:
#
# 1. the encoder reads the masked source, with `return_state=True`; of its two tensors the second, the state, is kept;
# 2. the decoder reads its own inputs, with `initial_state=` that state, and returns all its states;
# 3. a dense layer on each step.
#
# In training the decoder reads the *right* word of the step before (**teacher forcing**), so the model has two inputs:
# the source, and the target with the start before it. These need no mask. Padding stands behind the end, so what the
# decoder reads there has no influence on the steps that count, and the loss skips the others.


# %%
def encoder_decoder_model(n_x, n_a, n_y):
    """Build the encoder-decoder network for training.

    Args:
        n_x, n_a, n_y: widths of a source step, of both states, and of a target step.

    Returns:
        Keras model from [source (m, Tx, n_x), with zeros at padding, decoder inputs (m, Ty, n_y)] to probabilities
        (m, Ty, n_y).
    """
    raise NotImplementedError("encoder_decoder_model")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    model = encoder_decoder_model(3, 4, 2)
    print(model.output_shape, model.count_params(), "weights")
    # expected: (None, None, 2) 70 weights: 32 of the encoder, 28 of the decoder, 10 of the dense layer

# %% [markdown]
# # Part 5: each type on an application
#
# One function trains all five. If each output belongs to a masked input, Keras hands the mask on to the loss. The
# networks whose outputs have lengths of their own, one-to-many and encoder-decoder, get the mask of the loss as
# `sample_weight`, a number for each output.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    def train(model, x, y, epochs, learning_rate=0.01, batch_size=32, mask=None):
        """Train a model with the cross-entropy of the real outputs, in smaller and smaller steps."""
        schedule = keras.optimizers.schedules.CosineDecay(learning_rate, epochs * -(-len(y) // batch_size))
        optimizer = keras.optimizers.Adam(schedule, clipnorm=1.0)
        model.compile(optimizer, loss="sparse_categorical_crossentropy", jit_compile=False)
        weights = None if mask is None else mask.astype("float32")
        model.fit(x, y, sample_weight=weights, batch_size=batch_size, epochs=epochs, verbose=0)
        return model

    keras.utils.set_random_seed(0)

# %% [markdown]
# ## 15. One-to-one: the next note
#
# A note of a chorale by Bach goes in, the note that follows goes out. A network that knows how frequent each note is,
# and nothing else, has a loss of about 3.4; one note before it says a good deal.

# %%
if __name__ == "__main__":
    x, y, values = note_data("train")
    next_note = train(one_to_one_model(90, 32, 90), x, y, epochs=8, batch_size=256)
    x, y, values = note_data("validation")
    probabilities = next_note.predict(x, verbose=0)
    loss = masked_cross_entropy(probabilities[:, None], y[:, None], np.ones((len(y), 1), bool))  # one step, all real
    print(f"loss on held-out pairs: {loss:.2f}")
    for note in ("C5:1", "B4:1"):
        p = next_note.predict(np.eye(90)[[values.index(note)]], verbose=0)[0]
        print("after", note, "come", ", ".join(f"{values[i]} ({p[i]:.0%})" for i in p.argsort()[::-1][:4]))

# %% [markdown]
# ## 16. One-to-many: numbers as words
#
# A program that reads a text aloud has to put its numbers into words: 342 is *three hundred forty two*. Three digits go
# in as one vector, words come out, and an end. One number in five was never shown in training.

# %%
if __name__ == "__main__":
    x, y, lengths, words = number_data("train")
    speller = one_to_many_model(30, 48, len(words), Ty=y.shape[1])
    train(speller, x, y, epochs=20, learning_rate=0.02, mask=np.arange(y.shape[1]) < lengths[:, None])
    x, y, lengths, words = number_data("test")
    spelled = speller.predict(x, verbose=0).argmax(axis=-1)  # (m, Ty)
    right_numbers = ((spelled == y) | (np.arange(y.shape[1]) >= lengths[:, None])).all(axis=1)
    print(f"held-out numbers that are right in every word: {right_numbers.mean():.0%}")
    for digits, ids in zip(x[::40], spelled[::40], strict=True):
        print(
            *digits.reshape(3, 10).argmax(axis=1), "->", " ".join(words[index] for index in ids).partition(" <end>")[0]
        )

# %% [markdown]
# ## 17. Many-to-one: the language of a name
#
# First names, letter by letter: Finnish, Italian or Turkish? Guessing would be right for one name in three.

# %%
if __name__ == "__main__":
    x, y, names, languages = name_data("train")
    name_reader = train(many_to_one_model(26, 32, 3), x, y, epochs=10)
    x, y, names, languages = name_data("test")
    probabilities = name_reader.predict(x, verbose=0)
    right_names = probabilities.argmax(axis=-1) == y
    print(f"held-out names: {right_names.mean():.0%} right")
    parameters = parameters_of(name_reader)[0]
    mask = x.any(axis=-1)  # (m, 10)
    same = np.allclose(many_to_one(x, mask, parameters), probabilities, atol=1e-4)
    print("your many_to_one, with the weights of Keras, computes the same:", same)

# %% [markdown]
# The last line is no surprise: it is the same network. With the same weights you can also ask for an output after each
# letter, which is another type, `many_to_many`. So you see the network change its mind while it reads. Try other names.

# %%
if __name__ == "__main__":
    figure, axes = plt.subplots(1, 3, figsize=(10, 2.6), sharey=True, layout="constrained")
    for ax, name in zip(axes, ("giovanna", "kaarina", "mehmet"), strict=True):
        letters_of_name = np.eye(26)[[[ord(letter) - ord("a") for letter in name]]]  # (1, Tx, 26)
        after_each_letter = many_to_many(letters_of_name, np.zeros((1, 32)), parameters)[0]  # (Tx, 3)
        ax.plot(after_each_letter, marker="o", markersize=4, label=languages)
        ax.set_xticks(range(len(name)), list(name))
        ax.set_ylim(0, 1.03)
    axes[0].set_ylabel("probability")
    axes[-1].legend(loc="center right")
    plt.show()

# %% [markdown]
# ## 18. Many-to-many of equal lengths: names in sentences
#
# Each word of a sentence gets a label: *person*, *company*, *place*, *date*, *amount*, *email*, or *outside*. This is
# **named entity recognition**. The names of the held-out sentences are in no training sentence.

# %%
if __name__ == "__main__":
    x, y, words, labels = entity_data(800, "train")
    tagger = train(many_to_many_model(x.shape[-1], 32, len(labels)), x, y, epochs=6)
    x, y, words, labels = entity_data(200, "names")
    probabilities, mask = tagger.predict(x, verbose=0), x.any(axis=-1)
    right_labels, outside = (probabilities.argmax(axis=-1) == y)[mask], (y == 0)[mask]
    print(f"labels right: {right_labels.mean():.0%}, of a tagger that says 'outside' always: {outside.mean():.0%}")
    print(f"loss by your function: {masked_cross_entropy(probabilities, y, mask):.3f}", end=", ")
    print(f"by Keras: {tagger.evaluate(x, y, batch_size=len(x), verbose=0):.3f}")
    for row in range(2):
        found = probabilities[row].argmax(axis=-1)
        for word, label in zip(words[row], found, strict=False):
            print(f"[{word}: {labels[label]}]" if label else word, end=" ")
        print()

# %% [markdown]
# Both losses agree: Keras has taken the mask from the `Masking` layer, and divides by the number of real words.
#
# This network reads from left to right. At the first word of a name it does not know what follows. A layer that reads
# in both directions does: `Bidirectional(SimpleRNN(n_a, return_sequences=True))`.
#
# ## 19. Many-to-many of different lengths: translation
#
# The model is trained in Keras with the right words as decoder inputs. To translate, the decoder has to read its own
# words, and that is your function `encoder_decoder`, with the trained weights of both cells.

# %%
if __name__ == "__main__":
    x, decoder_x, y, pairs, words = sentence_data(2000, "train")
    translator = encoder_decoder_model(x.shape[-1], 96, len(words))
    train(translator, [x, decoder_x], y, epochs=10, batch_size=64, mask=decoder_x.any(axis=-1))
    x, decoder_x, y, pairs, words = sentence_data(200, "test")
    encoder, decoder = parameters_of(translator)
    start = np.eye(len(words))[np.zeros(len(x), int)]  # <start> has index 0
    written = encoder_decoder(x, x.any(axis=-1), start, y.shape[1], encoder, decoder).argmax(axis=-1)
    right_sentences = ((written == y) | ~decoder_x.any(axis=-1)).all(axis=1)
    print(f"held-out sentences that are right in every word: {right_sentences.mean():.0%}")
    for (source, _), ids in zip(pairs[:3], written, strict=False):
        print(source, "->", " ".join(words[index] for index in ids).partition(" <end>")[0])

# %% [markdown]
# ## 20. Other cells, larger applications
#
# Put `LSTM` or `GRU` in the place of `SimpleRNN`, and all five networks work as before, on longer sequences. A GRU has
# one state, like the simple cell. An LSTM has two: with `return_state=True` it returns three tensors, and
# `initial_state` is a list `[h, c]`.
#
# The applications in their full size are commands of this package:
#
# | type | command | exercise |
# |---|---|---|
# | one-to-many | `dlseq music`, `dlseq caption` | `music_generation`, `image_captioning` |
# | many-to-one | `dlseq sentiment`, `dlseq watch` | `sentiment` |
# | many-to-many, equal | `dlseq entities`, `dlseq genes` | `language_model` |
# | many-to-many, different | `dlseq translate`, `dlseq dates` | `encoder_decoder`, `date_normalization` |
#
# ## 21. Check

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("rnn_architectures")
