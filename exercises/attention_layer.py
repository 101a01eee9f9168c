# %% [markdown]
# # Attention as a layer of your own
#
# Somebody asks you what a long letter says about the dog. You do not squeeze the letter into one thought and answer
# from that; you go back to it and look at the lines that matter for *this* question. **Attention** does the same with
# numbers. There is a **query** (the question), a sequence of **values** (the lines of the letter), and for each value a
# **weight**, its share in the answer, the **context**.
#
# In the exercise on dates, attention was wired up from shared layers that belong to one model. Here you build it as a
# Keras layer that can be put into any model: with its own weights, with masks, with a file that it can be loaded from.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `B` | examples in the batch, the first axis |
# | `Tq`, `Dq` | steps and width of the query: `query (B, Tq, Dq)` |
# | `Tv`, `Dv` | steps and width of the value: `value (B, Tv, Dv)` |
# | `units` | width of the space in which a query and a key are compared |
#
# Any number of queries is processed at once. A decoder that writes one letter after the other has one query a step,
# `Tq = 1`.
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
# ## 1. Masked softmax
#
# Sequences of different length are padded to one length, and a **mask** tells which positions are real. Padding must
# get no weight at all, and its share must go to the real positions. With the scores of the positions, the
# **energies**, before the softmax:
#
# $$w_{j} = \frac{e^{\mathrm{energy}_{j}}}{\sum_{k\ \mathrm{real}} e^{\mathrm{energy}_{k}}} \quad (j\ \mathrm{real}),
# \qquad w_j = 0 \quad (j\ \mathrm{padding})$$
#
# So the padding has to be masked *before* the softmax, with an energy so low that its exponential is zero. How low?
#
# - Minus infinity works as long as one position of the example is real.
# - In an example that is nothing but padding it fails: `softmax([-inf, -inf])` is 0 / 0, so `[nan, nan]`, and one NaN
#   in a batch turns the loss and all weights of the model into NaN.
# - A very low finite number, `-1e30`, is safe: `softmax([-1e30, -1e30])` is `[0.5, 0.5]`. There is nothing to attend to
#   in such an example: set the weights of padding to zero after the softmax.
#
# The mask has shape `(B, Tv)`, the energies have `(B, Tq, Tv)`: the same mask holds for every query.


# %%
def masked_softmax(energies, mask=None):
    """Apply a softmax that gives no weight to padding.

    Args:
        energies: any numbers, (B, Tq, Tv).
        mask: booleans, (B, Tv), True where a position is real; None where all are.

    Returns:
        Weights, (B, Tq, Tv). Over Tv they sum to one, and padding has zero. Where all of an example is padding, all
        of its weights are zero.
    """
    raise NotImplementedError("masked_softmax")  # your code goes here, in place of this line


# %% [markdown]
# The next cell should print `[0.5 0.5 0. ]` for the first example, and zeros for the second, which is all padding.

# %%
if __name__ == "__main__":
    for row in masked_softmax(np.zeros((2, 1, 3)), np.array([[True, True, False], [False, False, False]])):
        print("weights", np.asarray(row)[0])

# %% [markdown]
# ## 2. The layer
#
# A Keras layer is a class with a few methods that Keras calls at fixed moments:
#
# | method | called | purpose here |
# |---|---|---|
# | `__init__` | when the layer is made | store the settings; the shapes of the data are not known yet |
# | `build` | before the first call | make the weights, now that the widths are known |
# | `call` | each time | compute the output |
# | `compute_mask` | after each call | return the mask for the next layer |
# | `get_config` | when the model is saved | return the settings, so that an equal layer can be made |
#
# and one of our own, `project`.
#
# **`__init__`** takes `units`. All other keyword arguments of Keras layers (`name`, `dtype`, `trainable`, …) go to the
# parent class.
#
# **`build`** gets the shapes of the inputs of `call`: a list of two. It makes three weights with
# `self.add_weight(name=…, shape=…)`, in this order, and no biases:
#
# | weight | shape |
# |---|---|
# | `query_kernel` | `(Dq, units)` |
# | `key_kernel` | `(Dv, units)` |
# | `energy_kernel` | `(units, 1)` |
#
# **`project`** turns values into **keys**: $\mathrm{keys} = \mathrm{value} \cdot W_{key}$. It is a method of its own
# because a decoder has a new query at each step, while the values stay the same. Such a loop calls
# `layer.project(value)` once, before the first step, and passes the result as `keys=`.
#
# **`call`** compares every query $q_i$ with every key $k_j$ (the **additive score** of Bahdanau, Cho and Bengio, 2015):
#
# $$\mathrm{energy}_{ij} = v \cdot \tanh(q_i W_{query} + k_j) \qquad \mathrm{context}_i = \sum_j w_{ij}\,
# \mathrm{value}_j$$
#
# Here $v$ is the `energy_kernel`. The sum inside the tanh pairs each query with each key: give both an axis of length
# one in the right place and let them broadcast to `(B, Tq, Tv, units)`. Keys decide *where* to attend; the context is
# a sum of the values themselves. Fill in `call` in two steps, first the energies, then weights and context.
#
# The weights are returned on request, and not stored. A layer that stores them on `self` returns those of the last
# batch to a later caller, and in a compiled graph not even those.
#
# **`compute_mask`**: the context has one row for each query, so its mask is the mask of the query.
#
# **`get_config`** extends the dict of the parent class by all arguments of `__init__`. The decorator above the class
# registers the name under which Keras finds the class when it loads a file.


# %%
@keras.saving.register_keras_serializable(package="exercises")
class AttentionLayer(keras.layers.Layer):
    """Additive attention of a sequence of queries over a sequence of values.

    Args:
        units: width of the space in which queries and keys are compared.
        kwargs: keyword arguments of every Keras layer, such as `name`.
    """

    def __init__(self, units, **kwargs):
        raise NotImplementedError("AttentionLayer.__init__")  # your code goes here, in place of this line

    def build(self, input_shape):
        """Make query_kernel, key_kernel and energy_kernel, in this order.

        Args:
            input_shape: [(B, Tq, Dq), (B, Tv, Dv)].
        """
        raise NotImplementedError("AttentionLayer.build")  # your code goes here, in place of this line

    def project(self, value):
        """Project values (B, Tv, Dv) to keys (B, Tv, units)."""
        raise NotImplementedError("AttentionLayer.project")  # your code goes here, in place of this line

    def call(self, inputs, mask=None, keys=None, return_attention_scores=False):
        """Compute the context of each query.

        Args:
            inputs: [query (B, Tq, Dq), value (B, Tv, Dv)].
            mask: [mask of the query (B, Tq), mask of the value (B, Tv)], either of them None; or None.
            keys: the result of `project(value)`, (B, Tv, units); None to project now.
            return_attention_scores: whether to return the weights as well.

        Returns:
            context, (B, Tq, Dv); on request the pair of context and weights, (B, Tq, Tv).
        """
        query, value = inputs
        # Step 1: the energies of all pairs of a query and a key, (B, Tq, Tv).
        raise NotImplementedError("AttentionLayer.call")  # your code goes here, in place of this line
        # Step 2: the weights without padding, the context, and the output that the caller requests.
        raise NotImplementedError("AttentionLayer.call")  # your code goes here, in place of this line

    def compute_mask(self, inputs, mask=None):
        """Return the mask of the context, (B, Tq) or None. `mask` is a list as in `call`, or None."""
        raise NotImplementedError("AttentionLayer.compute_mask")  # your code goes here, in place of this line

    def get_config(self):
        """Return the settings of the layer as a dict: those of every layer, and `units`."""
        raise NotImplementedError("AttentionLayer.get_config")  # your code goes here, in place of this line


# %% [markdown]
# The next cell should print `context (2, 3, 6) weights (2, 3, 5)`.

# %%
if __name__ == "__main__":
    context, weights = AttentionLayer(8)([np.ones((2, 3, 4)), np.ones((2, 5, 6))], return_attention_scores=True)
    print("context", context.shape, "weights", weights.shape)

# %% [markdown]
# ### Automatic masks
#
# An `Embedding` with `mask_zero=True` attaches a mask to its output: False where the number was 0. Keras passes the
# masks of both inputs to your `call` as `mask`, and calls `compute_mask` for the mask of the context. The average at
# the end counts only the positions marked as real. So two more zeros at the end of a row must change nothing. (Keras
# does this as long as the inputs are all that you pass. If you pass `keys`, pass `mask` as well.)


# %%
def tiny_model(layer, words=20, widths=(4, 6)):
    """Build a small model around an attention layer: two embeddings, attention, and an average over the queries.

    Args:
        layer: an attention layer, from the first row to the second.
        words: size of the vocabulary; 0 is padding.
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
    model = tiny_model(AttentionLayer(8))
    short = model.predict([np.array([[3, 1, 4]]), np.array([[5, 9, 2, 6]])], verbose=0)
    padded = model.predict([np.array([[3, 1, 4, 0, 0]]), np.array([[5, 9, 2, 6, 0, 0, 0]])], verbose=0)
    print("padding changes the output by", np.abs(short - padded).max(), "- expected: less than 1e-6")

# %% [markdown]
# ## 3. An attention map that can be published
#
# Attention is one of the few places where one can *see* what a network does. The plot is a map: a row for each output
# step, the first on top; a column for each input step. Five rules make it honest:
#
# - It shows the softmaxed weights, not rescaled. Energies, or weights stretched so that the largest is dark, look more
#   impressive and mean something else.
# - The colors run from 0 to 1 in each map, with a color bar. The same color is then the same weight.
# - Each row and each column is labeled with its own token, and both axes have a name.
# - Rows and columns of padding are cut off.
# - An array that cannot be attention weights is refused.


# %%
def new_figure(columns, rows):
    """Make an empty figure that grows with the map to be drawn in it.

    Returns:
        The Matplotlib figure and its axes.
    """
    return plt.subplots(figsize=(2.5 + 0.3 * columns, 1.2 + 0.3 * rows), layout="constrained")


def attention_heatmap(weights, source, target):
    """Plot attention weights as a map, in a figure of `new_figure`.

    Graded are: one map drawn with `imshow`, first row on top; colors from `vmin=0` to `vmax=1`; a color bar with
    numbers; a tick label for each token, in the middle of its cell; a name for both axes, two different ones; a figure
    that grows with the number of tokens; and the errors below.

    Args:
        weights: softmaxed weights of one example, (Ty, Tx): a row for each output step, a column for each input step.
        source: input tokens, at most Tx: a string, or a list of strings. Columns beyond them are padding.
        target: output tokens, at most Ty. Rows beyond them are padding.

    Returns:
        A Matplotlib figure with one map, of len(target) rows and len(source) columns.

    Raises:
        ValueError: weights do not have two axes, there are more tokens than rows or columns, or a row of the map has a
            negative weight or does not sum to one (to within a thousandth).
    """
    raise NotImplementedError("attention_heatmap")  # your code goes here, in place of this line


# %% [markdown]
# ### Does the layer learn where to attend?
#
# A task with a known answer: reverse a row of 3 to 8 digits. Each value holds a digit and its position; each query
# holds the length of the row and the number of the output step. The model is trained on the digits alone, never on
# positions. The map should show a staircase from the top right to the bottom left, and the mask keeps all weight off
# the padding. Eight epochs take about 5 seconds.


# %%
def reversal_data(examples, longest, rng):
    """Draw rows of digits, and the same rows reversed.

    Args:
        examples: B.
        longest: T, the length to which rows of 3 to T digits are padded.
        rng: NumPy generator.

    Returns:
        A dict of arrays: `digits` (B, T); `real` (B, T), True where a digit is no padding; `reversed` (B, T), the
        targets; `queries` (B, T, 2 * T + 1), one-hot length and one-hot output step; `values` (B, T, 10 + T), one-hot
        digit and one-hot position.
    """
    steps = np.arange(longest)  # (T,)
    lengths = rng.integers(3, longest + 1, examples)  # (B,)
    real = steps < lengths[:, None]  # (B, T)
    digits = rng.integers(0, 10, (examples, longest)) * real  # (B, T)
    sources = np.maximum(lengths[:, None] - 1 - steps, 0)  # (B, T): the position that each output step copies
    positions = np.broadcast_to(np.eye(longest), (examples, longest, longest))  # (B, T, T)
    one_hot_lengths = np.repeat(np.eye(longest + 1)[lengths][:, None], longest, axis=1)  # (B, T, T + 1)
    return {
        "digits": digits,
        "real": real,
        "reversed": np.take_along_axis(digits, sources, axis=1),
        "queries": np.concatenate([one_hot_lengths, positions], axis=-1),
        "values": np.concatenate([np.eye(10)[digits], positions], axis=-1),
    }


# %%
if __name__ == "__main__":
    LONGEST, EXAMPLES = 8, 4096
    keras.utils.set_random_seed(0)
    data = reversal_data(EXAMPLES, LONGEST, np.random.default_rng(0))
    inputs = [data["queries"], data["values"], data["real"]]

    query, value, mask = keras.Input((LONGEST, 17)), keras.Input((LONGEST, 18)), keras.Input((LONGEST,), dtype="bool")
    context, weights = AttentionLayer(32, name="attention")(
        [query, value], mask=[None, mask], return_attention_scores=True
    )
    model = keras.Model([query, value, mask], keras.layers.Dense(10, activation="softmax")(context))
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    history = model.fit(
        inputs, data["reversed"], sample_weight=data["real"].astype(float), batch_size=128, epochs=8, verbose=0
    )
    print(f"accuracy over digits: {history.history['accuracy'][-1]:.1%}")

    attention = keras.Model(model.inputs, weights)  # the same layers, with the weights as its output
    example = int(np.argmax(data["real"].sum(axis=1) == 6))
    map_of_example = attention.predict([array[[example]] for array in inputs], verbose=0)[0]  # (T, T)
    text = "".join(map(str, data["digits"][example][:6]))
    attention_heatmap(map_of_example, text, text[::-1])
    plt.show()

# %% [markdown]
# ### Saved, loaded, and used step by step
#
# A model with your layer in it is saved and loaded, and must give the same output. Then the layer is used as in a
# decoder: the keys once, then one query at a time. Both cells should print differences below 1e-5.

# %%
if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/reversal.keras")
        loaded = keras.saving.load_model(f"{folder}/reversal.keras")
    queries, values, real = (array[:100] for array in inputs)
    difference = loaded.predict([queries, values, real], verbose=0) - model.predict([queries, values, real], verbose=0)
    print("saved and loaded, the outputs differ by", np.abs(difference).max())

# %%
if __name__ == "__main__":
    layer = loaded.get_layer("attention")
    keys = layer.project(values)  # once
    steps = [layer([queries[:, t : t + 1], values], mask=[None, real], keys=keys) for t in range(LONGEST)]
    at_once = layer([queries, values], mask=[None, real])
    print("step by step, the contexts differ by", np.abs(np.concatenate(steps, axis=1) - at_once).max())

# %% [markdown]
# ## 4. Check

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("attention_layer")
