# %% [markdown]
# # Date normalization with attention
#
# "3 May 1979", "5.30.12" and "wednesday august 19 1998" are dates to you and strings of characters to a program. Here
# you build a network that reads such a text and writes the date as `1998-08-19`.
#
# The parts of a date come in another order on each side: the year may stand last in the text and has to be written
# first. The network for this is an **encoder-decoder**. The **encoder**, a bidirectional LSTM, turns the text into one
# vector for each character; together these vectors are the **memory**, `a`. The **decoder**, a second LSTM, writes the
# date, one character a step. **Attention** connects the two: before each step the decoder decides how much weight each
# vector of the memory gets, and receives their weighted mean, the **context**.
#
# ```
#   output           1          9          9          8        …           one character a step, Ty = 10 steps
#                    ▲          ▲          ▲          ▲
#   decoder    s0 ─► LSTM ─ s ─► LSTM ─ s ─► LSTM ─ s ─► LSTM ─► …         n_s units
#                    ▲          ▲          ▲          ▲
#   context      computed anew before each step: a weighted mean of the memory
#                 ╱  ╱  │  ╲  ╲  ╲  …
#   encoder    a ◄─► a ◄─► a ◄─► a ◄─► a ◄─► …                             n_a units in each direction
#              ▲     ▲     ▲     ▲     ▲
#   text       w     e     d     n     e     …                             Tx = 30 characters
# ```
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `m` | examples in the batch |
# | `Tx`, `Ty` | characters of the text (30, shorter texts are padded), characters of the output (10) |
# | `n_a`, `n_s` | units of the encoder in each direction (32), units of the decoder (64) |
# | `a` | the memory: the output of the encoder for each character, `(m, Tx, 2 * n_a)` |
# | `s`, `c` | **hidden state** and **cell state** of the decoder, `(m, n_s)` each |
# | `alphas` | the **attention weights** of one step, one for each character of the text, `(m, Tx, 1)` |

# %%
import keras
import numpy as np
from keras import Input, Model
from keras.layers import LSTM, Bidirectional, Concatenate, Dense, Dot, RepeatVector, Softmax

Tx, Ty, n_a, n_s = 30, 10, 32, 64
WRITTEN = "-0123456789"  # the output vocabulary: all characters of an ISO date

# %% [markdown]
# ## 1. Shared layers
#
# A step of attention is computed ten times for each date, each time *with the same weights*, as a recurrent cell uses
# the same weights at each step. In Keras a layer is an object that owns its weights, and two calls of the same object
# use the same weights. So the layers are made here, once, at the top of the file, and the functions below only call
# them. A `Dense(…)` inside a function would be a new layer with new weights at every call.
#
# | layer | input | output |
# |---|---|---|
# | `repeator` | `(m, n_s)` | `(m, Tx, n_s)`: a copy for each character of the text |
# | `concatenator` | a list of two tensors | both side by side, along the last axis |
# | `densor1` | `(m, Tx, anything)` | `(m, Tx, 10)`: hidden features |
# | `densor2` | `(m, Tx, 10)` | `(m, Tx, 1)`: an **energy**, the score before the softmax, for each character |
# | `activator` | `(m, Tx, 1)` | `(m, Tx, 1)`: attention weights, which sum to one over the `Tx` characters |
# | `dotor` | `[weights, a]` | `(m, 1, 2 * n_a)`: the weighted sum over the characters |
# | `post_activation_LSTM_cell` | one step `(m, 1, …)`, `initial_state=[s, c]` | output, hidden state, cell state |
# | `output_layer` | `(m, n_s)` | probabilities of the 11 characters, `(m, 11)` |
#
# Three remarks:
#
# - The axis of `activator` matters. A softmax runs along the last axis by default, and the last axis of the energies
#   has length one: each weight would be 1, whatever the energy.
# - `densor2` has a **ReLU**, as in the well-known course assignment. A ReLU turns each negative energy into zero and
#   lets no gradient through there. Where all energies of a text are negative, all its weights are equal, and the layer
#   may never recover. For this reason `dlseq.AttentionLayer` and the next exercise have no activation on the energies.
# - Code written for Keras 2 may say `post_activation_LSTM_cell(inputs=context, …)`. Keras 3 calls that argument
#   `sequences`. Pass the context without a name, and it works in both. (Graded files may use the older name.)
#
# A layer takes its sizes from the first input that it is called on, and keeps them. The graded tests use other sizes
# than yours. So keep your experiments under `if __name__ == "__main__":`, as the cells below do: such a cell runs in a
# notebook, and not when your file is graded.

# %%
repeator = RepeatVector(Tx)
concatenator = Concatenate(axis=-1)
densor1 = Dense(10, activation="tanh")
densor2 = Dense(1, activation="relu")
activator = Softmax(axis=1, name="attention_weights")
dotor = Dot(axes=1)
post_activation_LSTM_cell = LSTM(n_s, return_state=True, unroll=True)  # one step a call: no loop in the graph
output_layer = Dense(len(WRITTEN), activation="softmax")

# %% [markdown]
# ## 2. One step of attention
#
# The energy of a character depends on two things: the memory at its place (`a`) and what has been written so far (the
# hidden state `s_prev` of the decoder). A small network gets both, for each place $t'$ of the text, and returns one
# number. The softmax over all places turns energies into attention weights:
#
# $$e^{\langle t' \rangle} = \mathrm{densor}_2(\mathrm{densor}_1([a^{\langle t' \rangle};\, s_{prev}])) \qquad
#   \alpha^{\langle t' \rangle} = \frac{\exp(e^{\langle t' \rangle})}{\sum_{u=1}^{T_x} \exp(e^{\langle u \rangle})}$$
# $$\mathrm{context} = \sum_{t'=1}^{T_x} \alpha^{\langle t' \rangle}\, a^{\langle t' \rangle}$$
#
# `s_prev` is one vector for each date, `a` is `Tx` of them: repeat `s_prev` before you concatenate the two. `a` comes
# first. The context keeps an axis of length one, because an LSTM takes sequences and this is a sequence of one step.


# %%
def one_step_attention(a, s_prev):
    """Compute the context of one decoder step.

    Args:
        a: memory, the output of the encoder, (m, Tx, 2 * n_a).
        s_prev: hidden state of the decoder before this step, (m, n_s).

    Returns:
        context: mean of a, weighted by attention, (m, 1, 2 * n_a).
    """
    raise NotImplementedError("one_step_attention")  # your code goes here, in place of this line


# %% [markdown]
# The next cell should print `context (2, 1, 64)`.

# %%
if __name__ == "__main__":
    context = one_step_attention(np.zeros((2, Tx, 2 * n_a), "float32"), np.zeros((2, n_s), "float32"))
    print("context", context.shape)

# %% [markdown]
# ## 3. The model
#
# Encode once, then decode `Ty` steps:
#
# 1. the encoder, a bidirectional LSTM of `n_a` units, turns the text into the memory. It is made inside the function,
#    since it is called only once. Attention needs a vector for each character, so the encoder has to return the outputs
#    of all steps (`return_sequences`), not of the last one alone;
# 2. for each output character: compute the context (`one_step_attention`), let the decoder take one step from its last
#    hidden state *and* its last cell state, and let `output_layer` turn the new hidden state into probabilities, which
#    you append to a list.
#
# Both `s` and `c` go from step to step. A common mistake passes `s0` and `c0` at each step, and such a model even
# learns something: it predicts each character as if it were the first. The output of a step is *not* fed back to the
# decoder, which knows its position in the date from `s` and `c` alone.


# %%
def modelf(Tx, Ty, n_a, n_s, human_vocab_size, machine_vocab_size=None):
    """Build the encoder-decoder model.

    Args:
        Tx: characters of a text.
        Ty: characters of an output.
        n_a: units of the encoder in each direction.
        n_s: units of the decoder.
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
# The next cell should print a number of outputs, 10, and their shape, `(None, 11)`, after a few seconds.

# %%
if __name__ == "__main__":
    untrained = modelf(Tx, Ty, n_a, n_s, human_vocab_size=37)
    print(len(untrained.outputs), "outputs of shape", untrained.outputs[0].shape)

# %% [markdown]
# ## 4. The attention map
#
# The weights of all steps are a matrix, the **attention map**. `attention_map` repeats the loop of section 3 for one
# date, on numbers instead of symbols: Keras layers can be called on both. The encoder is done for you; what is left is
# the loop, with the weights of each step collected instead of the outputs.
#
# Row `t` of the map holds the weights with which the context of output character `t` was computed. In each row nothing
# is negative and the sum is one. Plots of attention sometimes show the energies instead, before the softmax. They look
# alike and are not the same: energies of 7 and 9 look almost equal and mean weights of 12 % and 88 %. The plot of the
# well-known course assignment shows energies and calls them weights.


# %%
def attention_map(model, x):
    """Compute the attention weights of all decoder steps for one date.

    Args:
        model: a model that `modelf` built from the layers above.
        x: one text, one-hot, (Tx, human_vocab_size).

    Returns:
        Attention weights, (Ty, Tx). Each row sums to one.
    """
    encoder = next(layer for layer in model.layers if isinstance(layer, Bidirectional))
    a = encoder(x[np.newaxis])  # (1, Tx, 2 * n_a)
    steps = len(model.outputs)  # Ty
    s = c = keras.ops.zeros((1, model.inputs[1].shape[-1]))  # (1, n_s)
    raise NotImplementedError("attention_map")  # your code goes here, in place of this line


# %% [markdown]
# The next cell should print `map (10, 30)`, and row sums of one.

# %%
if __name__ == "__main__":
    weights = attention_map(untrained, np.eye(37, dtype="float32")[np.arange(Tx)])  # (Ty, Tx)
    print("map", weights.shape, "row sums", weights.sum(axis=1).round(3))

# %% [markdown]
# ## 5. Data
#
# `date_pairs` draws as many dates as you ask for, each as a text and as an ISO date. A `Vocabulary` gives every
# character an id, and a row of an identity matrix is the one-hot vector of that id. Padding has an id of its own.

# %%
if __name__ == "__main__":
    from dlseq.data.dates import date_pairs
    from dlseq.text.vocabulary import Vocabulary

    train = date_pairs(4000, "course", split="train", seed=0)
    test = date_pairs(300, "course", split="test", seed=0)
    vocabulary = Vocabulary.from_texts(pair.text for pair in train)

    def encode_texts(texts):
        """Encode texts as one-hot arrays, (m, Tx, human_vocab_size)."""
        return np.eye(len(vocabulary), dtype="float32")[vocabulary.encode_batch(texts, length=Tx)]

    def model_inputs(texts):
        """Return the inputs of the model: one-hot texts, and zeros for hidden state and cell state."""
        zeros = np.zeros((len(texts), n_s), "float32")
        return [encode_texts(texts), zeros, zeros]

    def model_targets(pairs):
        """Return the targets of the model: a list of Ty one-hot arrays (m, 11)."""
        ids = np.array([[WRITTEN.index(letter) for letter in pair.iso] for pair in pairs])  # (m, Ty)
        return list(np.eye(len(WRITTEN), dtype="float32")[ids].swapaxes(0, 1))  # Ty x (m, 11)

    for pair in train[:6]:
        print(f"{pair.text:>30} -> {pair.iso}")

# %% [markdown]
# ## 6. Training
#
# Four epochs over 4,000 dates take about 15 seconds on a laptop. Most of the first epoch goes into tracing ten copies
# of the step into one graph. `jit_compile=False` turns off XLA: to compile that graph takes longer than XLA saves in
# four epochs. The loss is the sum of ten, one for each character; with more epochs it goes on falling.

# %%
if __name__ == "__main__":
    model = modelf(Tx, Ty, n_a, n_s, len(vocabulary), len(WRITTEN))
    model.compile(keras.optimizers.Adam(0.015), loss="categorical_crossentropy", jit_compile=False)
    inputs, targets = model_inputs([pair.text for pair in train]), model_targets(train)
    history = model.fit(inputs, targets, batch_size=50, epochs=4, verbose=0).history
    print("loss after each epoch:", *(f"{loss:.2f}" for loss in history["loss"]))

    def predict_dates(texts):
        """Return the likeliest output for each text."""
        likeliest = np.argmax(np.stack(model(model_inputs(texts))), axis=-1)  # (Ty, m)
        return ["".join(WRITTEN[index] for index in column) for column in likeliest.T]

    predictions = predict_dates([pair.text for pair in test])
    accuracy = np.mean([iso == pair.iso for iso, pair in zip(predictions, test, strict=True)])
    print(f"exact match on unseen dates: {accuracy:.0%}")

# %% [markdown]
# ## 7. The attention map of a trained model
#
# Rows are output characters from top to bottom, columns are the text. Look for the rows of the month: they should
# point at its name, or at its number, wherever that stands. Some rows are spread out, and may be: every date begins
# with 19 or 20, and the hyphens always stand in the same places. After so short a training a row may point at the
# neighbor of the character it needs: the encoder is recurrent, so that each vector of the memory also carries
# information about the characters around its own.
#
# The columns go on over the padding behind the text. This model has no mask, so padding may get attention, and where
# it does, the map shows it: each character of padding is a column `·`.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    from dlseq.plots import attention_heatmap, training_curves

    text = "wednesday august 19 1998"
    weights = attention_map(model, encode_texts([text])[0])  # (Ty, Tx)
    padded, iso = text + "·" * (Tx - len(text)), predict_dates([text])[0]
    plt.figure(attention_heatmap(weights, padded, iso, title=f"{text} → {iso}"))
    plt.figure(training_curves({"loss": history["loss"]}, title="training loss"))
    plt.show()

# %% [markdown]
# ## 8. The same task in the library
#
# `dlseq.DateNormalizer` solves the same task with the same idea. It differs in three points:
#
# - it **masks** the padding, which never gets any attention, however long the longest text of a batch is;
# - it feeds its **last output** back to the decoder, so that the second digit of a day depends on the first;
# - its attention is a layer for any model, without the ReLU: the next exercise.
#
# Here it gets the same dates and the same number of epochs, and needs about half the time.

# %%
if __name__ == "__main__":
    import dlseq

    normalizer = dlseq.DateNormalizer.build(train, seed=0)
    normalizer.fit(train, test, dlseq.TrainingConfig(epochs=4))
    reading = normalizer.read([text])[0]
    score = normalizer.score(test)["exact_match"]
    print(f"exact match on unseen dates: {score:.0%}; your model: {accuracy:.0%}")
    print(f"attention on padding: none; your model: {weights[:, len(text) :].sum(axis=1).mean():.1%}")
    plt.figure(attention_heatmap(reading.attention, text, reading.iso, probability=reading.probability))
    plt.show()

# %% [markdown]
# ## 9. Check

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("date_normalization")
