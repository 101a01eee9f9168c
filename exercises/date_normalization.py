# %% [markdown]
# # Dates as people write them, read with attention
#
# "3 May 1979", "5.30.12" and "wednesday august 19 1998" are dates to you and heaps of characters to a program. Here
# you build a network that reads such a text and writes the date as `1998-08-19`.
#
# The order of things differs between the two sides: the year may stand last in the text and has to be written first.
# So the part that writes should be free to look anywhere in the text. **Attention** gives it that freedom: before
# each character that it writes, it decides how much to look at each character that was read.
#
# ```
#   written          1          9          9          8        …           one character a step, Ty = 10 steps
#                    ▲          ▲          ▲          ▲
#   writer     s0 ─► LSTM ─ s ─► LSTM ─ s ─► LSTM ─ s ─► LSTM ─► …         n_s units
#                    ▲          ▲          ▲          ▲
#   context      looks anew before each step: a weighted mean of everything below
#                 ╱  ╱  │  ╲  ╲  ╲  …
#   reader     a ◄─► a ◄─► a ◄─► a ◄─► a ◄─► …                             n_a units in each direction
#              ▲     ▲     ▲     ▲     ▲
#   text       w     e     d     n     e     …                             Tx = 30 characters
# ```
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `m` | examples in the batch |
# | `Tx`, `Ty` | characters read (30, shorter texts are padded), characters written (10) |
# | `n_a`, `n_s` | units of the reader in each direction (32), units of the writer (64) |
# | `a` | what the reader has to say about each character, `(m, Tx, 2 * n_a)` |
# | `s`, `c` | state and memory of the writer, `(m, n_s)` each |
# | `alphas` | how much it looks at each character, `(m, Tx, 1)`, for one step of writing |

# %%
import keras
import numpy as np
from keras import Input, Model
from keras.layers import LSTM, Bidirectional, Concatenate, Dense, Dot, RepeatVector, Softmax

Tx, Ty, n_a, n_s = 30, 10, 32, 64
WRITTEN = "-0123456789"  # all that occurs in 1998-08-19

# %% [markdown]
# ## 1. Layers that are made once
#
# The step of attention is done ten times for each date, and each time it must be done *with the same weights*: how to
# look is learned once and used ten times, just as a recurrent cell is. In Keras a layer is an object that owns its
# weights, and calling the same object twice uses the same weights twice. So the layers are made here, once, at the
# top of the file, and the functions below only call them. A `Dense(…)` written inside a function would be a new layer
# with new weights at every call.
#
# | layer | takes | gives |
# |---|---|---|
# | `repeator` | `(m, n_s)` | `(m, Tx, n_s)`: a copy for each character of the text |
# | `concatenator` | a list of two tensors | both side by side, along the last axis |
# | `densor1` | `(m, Tx, anything)` | `(m, Tx, 10)`: small hidden features |
# | `densor2` | `(m, Tx, 10)` | `(m, Tx, 1)`: an *energy* for each character |
# | `activator` | `(m, Tx, 1)` | `(m, Tx, 1)`: weights that sum to one over the `Tx` characters |
# | `dotor` | `[weights, a]` | `(m, 1, 2 * n_a)`: the weighted sum over the characters |
# | `post_activation_LSTM_cell` | one step `(m, 1, …)`, `initial_state=[s, c]` | a list: output, state, memory |
# | `output_layer` | `(m, n_s)` | probabilities of the 11 characters, `(m, 11)` |
#
# One thing has a new name: an answer from the days of Keras 2 may say `post_activation_LSTM_cell(inputs=context, …)`.
# Keras 3 calls that argument `sequences`. Pass the context without a name, and it works in both.
#
# Look at the axis of `activator`. A softmax runs along the last axis unless told otherwise, and the last axis of the
# energies has length one: each weight would be 1 and nothing would be chosen.
#
# A layer takes its sizes from the first thing that it is called on, and keeps them. The tests bring other sizes than
# yours. So keep what you try out under `if __name__ == "__main__":`, as the cells below do: it runs in a notebook, and
# stays out of the way when your file is marked.

# %%
repeator = RepeatVector(Tx)
concatenator = Concatenate(axis=-1)
densor1 = Dense(10, activation="tanh")
densor2 = Dense(1, activation="relu")
activator = Softmax(axis=1, name="attention_weights")
dotor = Dot(axes=1)
post_activation_LSTM_cell = LSTM(n_s, return_state=True, unroll=True)  # one step at a time needs no loop
output_layer = Dense(len(WRITTEN), activation="softmax")

# %% [markdown]
# ## 2. One look
#
# Where to look next depends on two things: what stands at a place (`a`), and what has been written so far (the state
# `s_prev` of the writer). A tiny network gets both, for each place $t'$ of the text, and answers with one number, the
# energy. The softmax over places turns energies into shares of attention:
#
# $$e^{\langle t' \rangle} = \mathrm{densor}_2(\mathrm{densor}_1([a^{\langle t' \rangle};\, s_{prev}])) \qquad
#   \alpha^{\langle t' \rangle} = \frac{\exp(e^{\langle t' \rangle})}{\sum_{u=1}^{T_x} \exp(e^{\langle u \rangle})}$$
# $$\mathrm{context} = \sum_{t'=1}^{T_x} \alpha^{\langle t' \rangle}\, a^{\langle t' \rangle}$$
#
# `s_prev` is one vector for each date, `a` is `Tx` of them: something has to be copied before the two fit side by
# side. `a` comes first. The context keeps an axis of length one, because an LSTM reads sequences and this is a
# sequence of one step.


# %%
def one_step_attention(a, s_prev):
    """Looks at the text once.

    Args:
        a: what the reader says of each character, (m, Tx, 2 * n_a).
        s_prev: state of the writer before this step, (m, n_s).

    Returns:
        context: mean of a, weighted by attention, (m, 1, 2 * n_a).
    """
    raise NotImplementedError("one_step_attention")  # your code goes here, in place of this line


# %% [markdown]
# ## 3. The model
#
# Read once, then write `Ty` times:
#
# 1. a bidirectional LSTM of `n_a` units reads the text. It is made here, since it is used only once. A place without
#    its `a` cannot be looked at, so the reader has to return all of its steps (`return_sequences`), not the last alone;
# 2. for each character to write: look (`one_step_attention`), let the writer take one step from its last state *and*
#    its last memory, and let `output_layer` turn the new state into probabilities, which you collect in a list.
#
# Two threads run from step to step, `s` and `c`. It is easy to pass `s0` and `c0` at each step instead, and such a
# model even learns something: it guesses each character as if it were the first. What the writer writes is *not* fed
# back to it; where it is in the date, it knows from `s` and `c` alone.


# %%
def modelf(Tx, Ty, n_a, n_s, human_vocab_size, machine_vocab_size=None):
    """Builds the model that reads a date and writes it.

    Args:
        Tx: characters that are read.
        Ty: characters that are written.
        n_a: units of the reader in each direction.
        n_s: units of the writer.
        human_vocab_size: width of a one-hot character of the text.
        machine_vocab_size: width of an output. `output_layer` has it already, so that you need not use it.

    Returns:
        Keras model from [X (m, Tx, human_vocab_size), s0 (m, n_s), c0 (m, n_s)] to a list of Ty outputs
        (m, machine_vocab_size).
    """
    X = Input((Tx, human_vocab_size), name="X")
    s0 = Input((n_s,), name="s0")
    c0 = Input((n_s,), name="c0")
    raise NotImplementedError("modelf")  # your code goes here, in place of this line


# %% [markdown]
# ## 4. Where did it look?
#
# A model that looks can be asked where. `attention_map` goes through the steps of the model once more, for one date,
# on numbers: layers can be called on arrays just as they can on symbols. The reading is done for you, and what is
# left is the loop of section 3 with the weights of each step kept instead of the outputs.
#
# Row `t` of the map is where it looked *before* it wrote character `t`. Each row is a set of shares: nothing negative,
# and together one. A picture of attention that shows the energies instead, before the softmax, looks alike and is
# another thing: energies of 7 and 9 look almost the same and mean shares of 12 % and 88 %. The course in which this
# exercise became known draws just that, and calls it weights.


# %%
def attention_map(model, x):
    """Says where a model looks while it writes one date.

    Args:
        model: what `modelf` built from the layers above.
        x: one text, one-hot, (Tx, human_vocab_size).

    Returns:
        Attention weights, (Ty, Tx). Each row sums to one.
    """
    reader = next(layer for layer in model.layers if isinstance(layer, Bidirectional))
    a = reader(x[np.newaxis])  # (1, Tx, 2 * n_a)
    steps = len(model.outputs)  # Ty
    s = c = keras.ops.zeros((1, model.inputs[1].shape[-1]))  # (1, n_s)
    raise NotImplementedError("attention_map")  # your code goes here, in place of this line


# %% [markdown]
# ## 5. Dates to learn from
#
# `date_pairs` writes as many dates as one likes, and knows what each of them means. A `Vocabulary` gives every
# character an id, and a row of an identity matrix is the one-hot vector of that id. Padding has an id of its own.

# %%
if __name__ == "__main__":
    from dlseq.data.dates import date_pairs
    from dlseq.text.vocabulary import Vocabulary

    train = date_pairs(4000, "course", split="train", seed=0)
    held_out = date_pairs(300, "course", split="test", seed=0)
    vocabulary = Vocabulary.from_texts(pair.text for pair in train)

    def one_hot_texts(texts):
        """Texts as the model reads them, (m, Tx, human_vocab_size)."""
        return np.eye(len(vocabulary), dtype="float32")[vocabulary.encode_batch(texts, length=Tx)]

    def inputs_of(texts):
        """Texts, and a state and a memory of zeros for each."""
        nothing = np.zeros((len(texts), n_s), "float32")
        return [one_hot_texts(texts), nothing, nothing]

    def targets_of(pairs):
        """A list of Ty arrays (m, 11), as the model writes."""
        ids = np.array([[WRITTEN.index(letter) for letter in pair.iso] for pair in pairs])  # (m, Ty)
        return list(np.eye(len(WRITTEN), dtype="float32")[ids].swapaxes(0, 1))

    for pair in train[:6]:
        print(f"{pair.text:>30} -> {pair.iso}")

# %% [markdown]
# ## 6. Training
#
# Few passes over few dates, so that it takes seconds; it goes on getting better for a good while. The loss is the sum
# of ten, one for each character. Most of the first pass goes into turning ten copies of the step into one graph.

# %%
if __name__ == "__main__":
    model = modelf(Tx, Ty, n_a, n_s, len(vocabulary), len(WRITTEN))
    model.compile(keras.optimizers.Adam(0.015), loss="categorical_crossentropy", jit_compile=False)
    texts, targets = inputs_of([pair.text for pair in train]), targets_of(train)
    history = model.fit(texts, targets, batch_size=50, epochs=4, verbose=0).history
    print("loss after each epoch:", *(f"{loss:.2f}" for loss in history["loss"]))

    def write(texts):
        """What the model makes of texts."""
        likeliest = np.argmax(np.stack(model(inputs_of(texts))), axis=-1)  # (Ty, m)
        return ["".join(WRITTEN[index] for index in column) for column in likeliest.T]

    answers = write([pair.text for pair in held_out])
    right = np.mean([answer == pair.iso for answer, pair in zip(answers, held_out, strict=True)])
    print(f"days it has never seen: {right:.0%} right in every character")

# %% [markdown]
# ## 7. The picture
#
# Rows are written from top to bottom, columns are the text. Look for the rows of the month: they should point at its
# name, or at its number, wherever that stands. Some rows look at nothing in particular, and need not look: every date
# begins with 19 or 20, and the hyphens stand where they always stand. After so short a training a row may point at the
# neighbour of what it needs: the reader is recurrent, so that each `a` knows of the characters around it.
#
# The rows go on over the padding behind the text. Nothing in this model forbids to look there, and where it does,
# the map says so: a column `·` of its own stands for each character of padding.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    from dlseq.plots import attention_heatmap

    text = "wednesday august 19 1998"
    weights = attention_map(model, one_hot_texts([text])[0])  # (Ty, Tx)
    padded, answer = text + "·" * (Tx - len(text)), write([text])[0]
    plt.figure(attention_heatmap(weights, padded, answer, title=f"{text} → {answer}"))
    plt.show()

# %% [markdown]
# ## 8. What else can be done
#
# `dlseq.DateNormalizer` answers the same question with the same idea, and differs in three things:
#
# - it **masks** the padding, which so never gets any attention, however long the longest text of a batch is;
# - it feeds **what it wrote** back to the writer, so that a second digit knows of the first;
# - its attention is a layer that can be used for anything, which is the next exercise.
#
# Here it gets the same dates and about the same time to learn.

# %%
if __name__ == "__main__":
    import dlseq

    normalizer = dlseq.DateNormalizer.build(train, seed=0)
    normalizer.train(train, held_out, epochs=4)
    reading = normalizer.read([text])[0]
    print(f"days it has never seen: {normalizer.evaluate(held_out):.0%} right; here it was {right:.0%}")
    print(f"attention that fell on padding: {weights[:, len(text) :].sum(axis=1).mean():.1%}; there it cannot")
    plt.figure(attention_heatmap(reading.attention, text, reading.iso, probability=reading.probability))
    plt.show()

# %% [markdown]
# ## 9. Check

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("date_normalization")
