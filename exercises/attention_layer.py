# %% [markdown]
# # Attention as a layer of your own
#
# Somebody asks you what a long letter says about the dog. You do not squeeze the letter into one thought and answer
# from that; you go back to it and look at the lines that matter for *this* question. Attention does the same with
# numbers. There is a **query** (the question), a row of **values** (the lines of the letter), and for each value a
# weight that says how much of it goes into the answer, the **context**.
#
# In the exercise on dates this was wired up from shared layers that belong to one model. Here you build it as a Keras
# layer: a class that can be put into any model, that knows about padding, and that survives being saved.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `B` | examples in the batch; they come first |
# | `Tq`, `Dq` | steps of the query, and how wide each is: `query (B, Tq, Dq)` |
# | `Tv`, `Dv` | steps of the value, and how wide each is: `value (B, Tv, Dv)` |
# | `units` | width of the space in which a query and a value are compared |
#
# Any number of queries can be asked at once. A decoder that writes one letter after the other asks one at a time, `Tq
# = 1`.
#
# ## What goes on inside
#
# ```
#   query (B, Tq, Dq) ── query_kernel ──► (B, Tq, units) ─┐
#                                                         ├─ + ─ tanh ─ energy_kernel ─► energies (B, Tq, Tv)
#   value (B, Tv, Dv) ── key_kernel ────► keys            ┘                                  │ softmax over Tv
#        │                                (B, Tv, units)                                     ▼
#        └──────────────────────────────────────────────────────── weighted sum ◄── weights (B, Tq, Tv)
#                                                                        ▼
#                                                                 context (B, Tq, Dv)
# ```
#
# Inside a layer use `keras.ops` (here `ops`) for all that is done to tensors: the same line then works on numbers, in
# a graph, and under a gradient.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops

# %% [markdown]
# ## 1. A softmax that leaves padding out
#
# Rows of different length are padded to one length, and a mask tells which positions are real. Padding must receive
# no weight at all, and what it would have received must go to the others:
#
# $$w_{j} = \frac{e^{\mathrm{energy}_{j}}}{\sum_{k\ \mathrm{real}} e^{\mathrm{energy}_{k}}} \quad (j\ \mathrm{real}),
# \qquad w_j = 0 \quad (j\ \mathrm{padding})$$
#
# So the padding has to be out of the way *before* the softmax: an energy so low that nothing is left of it. (With
# minus infinity you would get 0 / 0 in an example that is nothing but padding. There is nothing to look at in it:
# give zeros.)
#
# The mask has shape `(B, Tv)`, the energies have `(B, Tq, Tv)`: the same mask holds for every query.


# %%
def masked_softmax(energies, mask=None):
    """Turns energies into weights, leaving padding out.

    Args:
        energies: any numbers, (B, Tq, Tv).
        mask: booleans, (B, Tv), True where a position is real; None where all are.

    Returns:
        Weights, (B, Tq, Tv). Over Tv they sum to one, and padding has zero. Where all of an example is padding, all
        of its weights are zero.
    """
    raise NotImplementedError("masked_softmax")  # your code goes here, in place of this line


# %% [markdown]
# ## 2. The layer
#
# A Keras layer is a class with a few methods that Keras calls at fixed moments:
#
# | method | when | what it is for here |
# |---|---|---|
# | `__init__` | the layer is made | keep the settings; nothing is known of the data yet |
# | `build` | before the first call | make the weights, now that the widths are known |
# | `call` | each time | the calculation |
# | `compute_mask` | after each call | what of the mask goes on to the next layer |
# | `get_config` | the model is saved | the settings, so that an equal layer can be made |
#
# and one of our own, `project`.
#
# **`__init__`** takes `units`. Everything else that Keras may pass (`name`, `dtype`, `trainable`, …) goes on to the
# parent class.
#
# **`build`** is given the shapes of what `call` will be given: a list of two. It makes three weights with
# `self.add_weight(name=…, shape=…)`, in this order, and no biases:
#
# | weight | shape |
# |---|---|
# | `query_kernel` | `(Dq, units)` |
# | `key_kernel` | `(Dv, units)` |
# | `energy_kernel` | `(units, 1)` |
#
# **`project`** turns values into keys: $\mathrm{keys} = \mathrm{value} \cdot W_{key}$. It is a method of its own
# because the values stay the same while a decoder asks query after query. Whoever writes such a loop calls
# `layer.project(value)` once, before it, and passes the result as `keys=`.
#
# **`call`** compares every query $q_i$ with every key $k_j$ (the additive score of Bahdanau, Cho and Bengio, 2015):
#
# $$\mathrm{energy}_{ij} = v \cdot \tanh(q_i W_{query} + k_j) \qquad \mathrm{context}_i = \sum_j w_{ij}\,
# \mathrm{value}_j$$
#
# Here $v$ is the `energy_kernel`. The sum inside the tanh is one of each with each: give both an axis of length one in
# the right place and let them broadcast to `(B, Tq, Tv, units)`. Keys say *where* to look; what is then carried away
# is the value itself.
#
# The weights are returned on request, and kept nowhere. A layer that leaves them on `self` shows those of the last
# batch to anybody who asks later, and in a compiled graph not even those.
#
# **`compute_mask`**: the context has one row for each query, so the query's mask is the one that goes on.
#
# **`get_config`** extends what the parent class gives by all that `__init__` needs. The line above the class tells
# Keras under which name to look for it when a file is read.


# %%
@keras.saving.register_keras_serializable(package="exercises")
class AttentionLayer(keras.layers.Layer):
    """Looks up a row of values with a row of queries, through a score that is learned.

    Args:
        units: width of the space in which queries and keys are compared.
        kwargs: what every Keras layer takes, such as `name`.
    """

    def __init__(self, units, **kwargs):
        raise NotImplementedError("AttentionLayer.__init__")  # your code goes here, in place of this line

    def build(self, input_shape):
        """Makes query_kernel, key_kernel and energy_kernel, in this order.

        Args:
            input_shape: [(B, Tq, Dq), (B, Tv, Dv)].
        """
        raise NotImplementedError("AttentionLayer.build")  # your code goes here, in place of this line

    def project(self, value):
        """Turns values (B, Tv, Dv) into keys (B, Tv, units)."""
        raise NotImplementedError("AttentionLayer.project")  # your code goes here, in place of this line

    def call(self, inputs, mask=None, keys=None, return_attention_scores=False):
        """Looks.

        Args:
            inputs: [query (B, Tq, Dq), value (B, Tv, Dv)].
            mask: [mask of the query (B, Tq), mask of the value (B, Tv)], either of them None; or None.
            keys: what `project(value)` gave, (B, Tv, units); None to project now.
            return_attention_scores: whether the weights are asked for as well.

        Returns:
            context, (B, Tq, Dv); on request the pair of context and weights, (B, Tq, Tv).
        """
        raise NotImplementedError("AttentionLayer.call")  # your code goes here, in place of this line

    def compute_mask(self, inputs, mask=None):
        """Gives the mask of the context, (B, Tq) or None, from the masks of the inputs, a list as in `call` or None."""
        raise NotImplementedError("AttentionLayer.compute_mask")  # your code goes here, in place of this line

    def get_config(self):
        """Gives the settings of the layer as a dict: those of every layer, and `units`."""
        raise NotImplementedError("AttentionLayer.get_config")  # your code goes here, in place of this line


# %% [markdown]
# ### Padding that travels by itself
#
# An `Embedding` with `mask_zero=True` hangs a mask on what it returns: False where the number was 0. Keras hands the
# masks of both inputs to your `call` as `mask`, and asks `compute_mask` what to hang on the context. The average at
# the end counts only what is marked as real. So two zeros more at the end of a row must change nothing. (Keras does
# this as long as the inputs are all that you pass. If you pass `keys`, pass `mask` as well.)


# %%
def reader(layer, words=20, widths=(4, 6)):
    """A small model around an attention layer: it reads two rows of words, and averages what the first one finds.

    Args:
        layer: that attends from the first row to the second.
        words: how many there are; 0 is padding.
        widths: of the query and of the value.

    Returns:
        Keras model from [first (B, any), second (B, any)], integers, to (B, widths[1]).
    """
    first, second = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    query = keras.layers.Embedding(words, widths[0], mask_zero=True)(first)
    value = keras.layers.Embedding(words, widths[1], mask_zero=True)(second)
    return keras.Model([first, second], keras.layers.GlobalAveragePooling1D()(layer([query, value])))


# %%
if __name__ == "__main__":
    model = reader(AttentionLayer(8))
    short = model.predict([np.array([[3, 1, 4]]), np.array([[5, 9, 2, 6]])], verbose=0)
    padded = model.predict([np.array([[3, 1, 4, 0, 0]]), np.array([[5, 9, 2, 6, 0, 0, 0]])], verbose=0)
    print("padding changes the answer by", np.abs(short - padded).max())

# %% [markdown]
# ## 3. A picture that can be shown
#
# Attention is one of the few places where one can *see* what a network does. The picture is a map: a row for each
# step that was written, first on top, as one reads; a column for each step that was read. What makes it honest:
#
# - It shows the softmaxed weights as they are. Energies, or weights stretched so that the largest is dark, look more
#   impressive and mean something else.
# - The colours run from 0 to 1 in each picture, with a bar that says so. The same colour is then the same weight.
# - Each row and each column is labelled with its own token, and the axes say which is which.
# - Rows and columns of padding are cut off.
# - What cannot be attention weights is refused.


# %%
def sheet(columns, rows):
    """An empty figure that grows with the map to be drawn in it.

    Returns:
        The Matplotlib figure and its axes.
    """
    return plt.subplots(figsize=(2.5 + 0.3 * columns, 1.2 + 0.3 * rows), layout="constrained")


def attention_heatmap(weights, source, target):
    """Draws attention weights as a map.

    Args:
        weights: softmaxed weights of one example, (Ty, Tx): a row for each step written, a column for each step read.
        source: tokens read, at most Tx: a string, or a list of strings. Columns beyond them are padding.
        target: tokens written, at most Ty. Rows beyond them are padding.

    Returns:
        A Matplotlib figure with one map, of len(target) rows and len(source) columns.

    Raises:
        ValueError: weights are not of two axes, there are more tokens than rows or columns, or a row of what would be
            shown has a negative weight or does not sum to one (to within a thousandth).
    """
    raise NotImplementedError("attention_heatmap")  # your code goes here, in place of this line


# %% [markdown]
# ### Does it learn where to look?
#
# A task of which we know the answer: read a row of digits, of any length from 3 to 8, and write it backwards. Each
# value holds a digit and its position; each query holds the length of the row and which step is being written. Where
# to look is told to nobody: the only lesson is whether the digit was right. The map should show a staircase from the
# top right to the bottom left, and the mask keeps all weight off the padding.
#
# Then the layer is saved with its model, loaded, and asked the same again; and it is used as a decoder would, keys
# first, then query by query.

# %%
if __name__ == "__main__":
    import tempfile

    LONGEST, EXAMPLES = 8, 4096
    rng = np.random.default_rng(0)
    keras.utils.set_random_seed(0)
    steps = np.arange(LONGEST)
    lengths = rng.integers(3, LONGEST + 1, EXAMPLES)
    real = steps < lengths[:, None]  # (B, T)
    digits = rng.integers(0, 10, (EXAMPLES, LONGEST)) * real
    backwards = np.take_along_axis(digits, np.maximum(lengths[:, None] - 1 - steps, 0), axis=1)
    positions = np.broadcast_to(np.eye(LONGEST), (EXAMPLES, LONGEST, LONGEST))
    values = np.concatenate([np.eye(10)[digits], positions], axis=-1)  # (B, T, 18)
    which = np.repeat(np.eye(LONGEST + 1)[lengths][:, None], LONGEST, axis=1)
    queries = np.concatenate([which, positions], axis=-1)  # (B, T, 17)

    query, value = keras.Input((LONGEST, 17)), keras.Input((LONGEST, 18))
    mask = keras.Input((LONGEST,), dtype="bool")
    context, weights = AttentionLayer(32, name="attention")(
        [query, value], mask=[None, mask], return_attention_scores=True
    )
    answers = keras.layers.Dense(10, activation="softmax")(context)
    model = keras.Model([query, value, mask], answers)
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    history = model.fit(
        [queries, values, real], backwards, sample_weight=real.astype(float), batch_size=128, epochs=8, verbose=0
    )
    print(f"digits that are right: {history.history['accuracy'][-1]:.1%}")

    looking = keras.Model(model.inputs, weights)
    example = int(np.argmax(lengths == 6))
    seen = looking.predict([queries[[example]], values[[example]], real[[example]]], verbose=0)[0]
    text = "".join(map(str, digits[example][:6]))
    attention_heatmap(seen, text, text[::-1])
    plt.show()

# %%
if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/backwards.keras")
        loaded = keras.saving.load_model(f"{folder}/backwards.keras")
    ask = [queries[:100], values[:100], real[:100]]
    difference = loaded.predict(ask, verbose=0) - model.predict(ask, verbose=0)
    print("saved and loaded, the answers differ by", np.abs(difference).max())

    layer = loaded.get_layer("attention")
    keys = layer.project(ask[1])  # once
    one_by_one = [layer([ask[0][:, t : t + 1], ask[1]], mask=[None, ask[2]], keys=keys) for t in range(LONGEST)]
    at_once = layer(ask[:2], mask=[None, ask[2]])
    print("asked one by one, the contexts differ by", np.abs(np.concatenate(one_by_one, axis=1) - at_once).max())

# %% [markdown]
# ## How far are you?

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("attention_layer")
