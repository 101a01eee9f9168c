# %% [markdown]
# # Music, note by note
#
# A network that reads a melody and predicts the next note can also write one: it plays the note that it has predicted,
# reads it, and predicts the next. Little goes in, and a sequence comes out. This is the **one-to-many** type of
# recurrent network.
#
# ```
#    training:     ŷ1       ŷ2       ŷ3             composing:     ŷ1 ───┐   ŷ2 ───┐   ŷ3
#                  ▲        ▲        ▲                             ▲    │    ▲    │    ▲
#        a0, c0 ─► LSTM ──► LSTM ──► LSTM                a0, c0 ─► LSTM ─┼──► LSTM ─┼──► LSTM
#                  ▲        ▲        ▲                             ▲    │    ▲    │    ▲
#                  0        y1       y2                            x0   └────┘    └────┘
# ```
#
# Both pictures have the same LSTM with the same weights. In this exercise you build both networks out of *one* LSTM
# and *one* dense layer, train the first on melodies of Johann Sebastian Bach, and let the second compose. At the end
# you listen to it.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `m` | melodies in the batch |
# | `Tx`, `Ty` | notes of a piece that is read, notes of a piece that is written |
# | `n_values` | different notes, 90; a note is a pitch and a duration together |
# | `n_a` | units of the LSTM, 64 |
# | `a`, `c` | hidden state and cell state, `(m, n_a)` each |

# %%
import keras
import numpy as np
from keras import Input, Model, ops
from keras.layers import LSTM, Dense, RepeatVector, Reshape

from dlseq.course.given.music_generation import chorale_data, to_melody, toy_composer, toy_layers

n_values = 90
n_a = 64

# %% [markdown]
# `toy_layers` makes layers of other sizes, `toy_composer` a model that knows no music. The graded tests use them; keep
# the import.
#
# ## 1. Melodies as numbers
#
# The corpus is the soprano voice of Bach's chorales in major keys, all moved to C, in pieces of 30 notes. A **value**
# is a note with its duration: `G4:1` is the G above middle C for one beat, `G4:2` for two. The 90 most frequent values
# are kept, and a note is a one-hot vector of 90 numbers.
#
# `chorale_data` returns `X (m, Tx, n_values)`, the notes that the network reads, and `Y (Tx, m, n_values)`, the notes
# that it has to predict. Step `t` predicts the note that step `t + 1` reads. The first step reads zeros: nothing has
# been played yet. In `Y` the steps come first, because the network will have a list of `Tx` outputs.

# %%
if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    X, Y, values = chorale_data("train")
    print("X", X.shape, "Y", Y.shape)
    print("read:    ", "(nothing)", *(values[note.argmax()] for note in X[0, 1:8]))
    print("predict: ", *(values[note.argmax()] for note in Y[:8, 0]))
    # expected: X (271, 30, 90) Y (30, 271, 90), and the same melody twice, one step apart

# %% [markdown]
# ## 2. Shared layers
#
# A layer keeps its weights from one call to the next. The three layers below are made once, at the top, and every step
# of both networks calls *them*. A layer that is made inside a loop would have new weights in each step, and what one
# step learns the others would not know.
#
# - `reshaper` has no weights. It turns a note `(m, n_values)` into a sequence of one step, `(m, 1, n_values)`, because
#   an LSTM reads sequences.
# - `LSTM_cell` reads such a sequence of one step. (`unroll=True` tells Keras to build no loop for it.)
# - `densor` turns a hidden state into the probabilities of the next note.

# %%
reshaper = Reshape((1, n_values))
LSTM_cell = LSTM(n_a, return_state=True, unroll=True)
densor = Dense(n_values, activation="softmax")

# %% [markdown]
# ## 3. The network for training
#
# In training all notes are known, so step `t` reads the right note `X[:, t]`, whatever the network predicted before
# (**teacher forcing**). For each of the `Tx` steps:
#
# 1. take the notes of step `t` out of `X`, and make a sequence of one step of them with `reshaper`;
# 2. call the LSTM on it, with the states of the step before as `initial_state=[a, c]`. With `return_state=True` it
#    returns three tensors: its output, the hidden state and the cell state. The first two are the same here;
# 3. turn the hidden state into probabilities with `densor`, and append them to the list of outputs.
#
# The states have to be handed on. A loop that starts each step from `a0, c0` sees one note at a time.


# %%
def djmodel(Tx, LSTM_cell, densor, reshaper):
    """Build the network for training.

    Args:
        Tx: notes of a piece.
        LSTM_cell: the shared LSTM, which returns its states.
        densor: the shared dense layer, with a softmax.
        reshaper: layer from (m, n_values) to (m, 1, n_values).

    Returns:
        Keras model from [X (m, Tx, n_values), a0 (m, n_a), c0 (m, n_a)] to a list of Tx outputs (m, n_values), the
        probabilities of the note that follows each step.
    """
    n_values, n_a = densor.units, LSTM_cell.units
    X = Input((Tx, n_values), name="X")
    a0 = Input((n_a,), name="a0")
    c0 = Input((n_a,), name="c0")
    raise NotImplementedError("djmodel")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    model = djmodel(30, LSTM_cell, densor, reshaper)
    print(len(model.outputs), "outputs of shape", model.outputs[0].shape, "and", model.count_params(), "weights")
    toy = djmodel(4, *toy_layers(n_values=5, n_a=3))
    print(len(toy.outputs), "outputs of shape", toy.outputs[0].shape, "and", toy.count_params(), "weights")
    # expected:
    # 30 outputs of shape (None, 90) and 45530 weights
    # 4 outputs of shape (None, 5) and 128 weights

# %% [markdown]
# The number of weights is that of one LSTM and one dense layer. With new layers in each step it would be 30 times as
# large.
#
# ## 4. Training
#
# The loss of a step is the cross-entropy of its note. Keras adds up the losses of the 30 outputs; divided by 30 it is
# in **nats per note**. A network that knows nothing and takes all values for equally likely has log 90 = 4.50. One that
# knows how frequent each value is, and nothing else, has 3.36.
#
# The second number of each pair is the loss of melodies that were held out. The cell takes about 20 seconds, half of
# them before the first step, while TensorFlow builds a graph of 30 LSTM calls.

# %%
if __name__ == "__main__":

    def zero_states(m):
        """Return a hidden state and a cell state of zeros."""
        return list(np.zeros((2, m, n_a), "float32"))

    X_held_out, Y_held_out, _ = chorale_data("validation")
    held_out = ([X_held_out, *zero_states(len(X_held_out))], list(Y_held_out))
    model.compile(keras.optimizers.Adam(0.01), loss="categorical_crossentropy", jit_compile=False)
    history = model.fit(
        [X, *zero_states(len(X))], list(Y), batch_size=32, epochs=20, validation_data=held_out, verbose=0
    ).history
    print("nats per note after each epoch, in training and held out:")
    print(*(f"{a / 30:.2f}/{b / 30:.2f}" for a, b in zip(history["loss"], history["val_loss"], strict=True)))

# %% [markdown]
# Look at the pairs. At first both numbers fall together: the network learns what chorales have in common, such as
# small steps up and down. In the last epochs only the first number falls. From then on the network learns its own 271
# pieces by heart.
#
# ## 5. The network that composes
#
# The same layers, and the same loop, but from the second step on the LSTM reads what the step before has predicted.
# An output is 90 probabilities, and a note is one value. So between two steps a note is chosen, the most probable one:
#
# 1. `ops.argmax(out, axis=-1)` finds its index, `(m,)`;
# 2. `ops.one_hot(index, n_values)` makes the vector, `(m, n_values)`;
# 3. `RepeatVector(1)` makes a sequence of one step of it, `(m, 1, n_values)`.
#
# There is no `X` any more. The input `x0` is the note that the first step reads, and it has its axis for the step
# already.


# %%
def music_inference_model(LSTM_cell, densor, Ty=100):
    """Build the network that composes, from trained layers.

    Args:
        LSTM_cell: the trained LSTM.
        densor: the trained dense layer.
        Ty: notes to write.

    Returns:
        Keras model from [x0 (m, 1, n_values), a0 (m, n_a), c0 (m, n_a)] to a list of Ty outputs (m, n_values), the
        probabilities of each note after the notes that were chosen before.
    """
    n_values, n_a = densor.units, LSTM_cell.units
    x0 = Input((1, n_values), name="x0")
    a0 = Input((n_a,), name="a0")
    c0 = Input((n_a,), name="c0")
    raise NotImplementedError("music_inference_model")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    inference_model = music_inference_model(LSTM_cell, densor, Ty=100)
    print(len(inference_model.outputs), "outputs of shape", inference_model.outputs[0].shape)
    print("weights shared with the first network:", inference_model.count_params() == model.count_params())
    # expected: 100 outputs of shape (None, 90), and True

# %% [markdown]
# ## 6. Read the notes off
#
# Run the network on one beginning. `predict` returns a list of `Ty` arrays `(1, n_values)`, and `np.argmax` takes it as
# one array `(Ty, 1, n_values)`. Return the notes twice: as one-hot vectors, and as indices. (The network chose these
# notes inside, but its outputs are the probabilities, so they are chosen once more here.)


# %%
def predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer):
    """Compose one melody.

    Args:
        inference_model: model that `music_inference_model` built, with at least two outputs.
        x_initializer: note that the first step reads, (1, 1, n_values).
        a_initializer: hidden state before it, (1, n_a).
        c_initializer: cell state before it, (1, n_a).

    Returns:
        results: one-hot notes, (Ty, n_values).
        indices: their indices, integers (Ty, 1).
    """
    raise NotImplementedError("predict_and_sample")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    toy = toy_composer(seed=0, Ty=3, n_values=5, n_a=2)
    results, indices = predict_and_sample(toy, np.eye(5)[None, 3:4], np.ones((1, 2)), np.zeros((1, 2)))
    print(indices.tolist(), results.argmax(axis=1).tolist())
    # expected: [[4], [0], [4]] [4, 0, 4]

# %% [markdown]
# Now the trained network. It starts from zeros, with nothing played yet.

# %%
if __name__ == "__main__":
    inference_model.compile(run_eagerly=True)  # one melody is ready before a graph of 100 steps is built
    nothing = np.zeros((1, 1, n_values), "float32")
    results, indices = predict_and_sample(inference_model, nothing, *zero_states(1))
    print("results", results.shape, "indices", indices.shape)
    print(*(values[index] for index in indices[:, 0]))
    # expected: results (100, 90) indices (100, 1), and 100 notes

# %% [markdown]
# ## 7. Going round in circles
#
# A **piano roll** has time from left to right and pitch from bottom to top; the length of a bar is the duration of a
# note. Look at the picture: after a few notes the same figure comes again and again. Nothing is left to chance here, so
# once the network is in a state where it was before, it does what it did before, for ever.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    from dlseq.plots import piano_roll

    melody = to_melody(indices, values)
    plt.figure(piano_roll(melody, title="The most probable note in each step"))
    plt.show()

# %% [markdown]
# A composer does not always play the most probable note. The next cell **draws** each note from the probabilities of
# the network, with the same two layers, called one step at a time. Probabilities are raised to the power
# 1 / **temperature** first: below 1 the frequent notes become more frequent. Try 0.3, which is nearly the melody above,
# and 1.5, which forgets the key.
#
# Compare the two pictures: this melody does not come back to the same figure, its range is wider, and long and short
# notes stand between those of one beat.

# %%
if __name__ == "__main__":

    def draw_melody(steps, temperature, rng):
        """Return indices of notes, each drawn from the probabilities after the notes before."""
        x, (a, c), drawn = nothing, zero_states(1), []
        for _ in range(steps):
            _, a, c = LSTM_cell(x, initial_state=[a, c])
            p = np.asarray(densor(a), dtype=float)[0] ** (1 / temperature)
            drawn.append(rng.choice(n_values, p=p / p.sum()))
            x = np.eye(n_values, dtype="float32")[None, drawn[-1:]]  # (1, 1, n_values)
        return drawn

    drawn_melody = to_melody(draw_melody(100, temperature=0.8, rng=np.random.default_rng(1)), values)
    plt.figure(piano_roll(drawn_melody, title="Notes drawn from the probabilities, temperature 0.8"))
    plt.show()

# %% [markdown]
# ## 8. Listen
#
# The next cell writes both melodies to MIDI files, which any music program opens, and plays them here: first the most
# probable notes, then the drawn ones. The larger model behind the command `dlseq music` draws its notes as well; it
# also learned where phrases end.

# %%
if __name__ == "__main__":
    from pathlib import Path

    from IPython.display import Audio, display

    from dlseq.data.music import midi_bytes, wave_bytes

    for name, tune in {"most_probable.mid": melody, "drawn.mid": drawn_melody}.items():
        Path(name).write_bytes(midi_bytes(tune))
        print(name)
        display(Audio(data=wave_bytes(tune)))

# %% [markdown]
# ## 9. Check

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("music_generation")
