"""Network from sound to symbols by connectionist temporal classification (CTC)."""

import math

import keras
from keras import ops

from dlseq.layers import LSTM
from dlseq.networks.network import Network
from dlseq.text.vocabulary import Vocabulary

__all__ = ["CTCNetwork"]

KERNEL = 5
NEVER = -1e9  # logit of a symbol that cannot be; finite, so that sums of it are numbers
MIDDLE, UNIT = 40.0, 20.0  # decibels
BLANK_LOGIT = 7.0


def _blank_first(shape, dtype=None):
    """Return biases with which an untrained network writes hardly anything.

    With equal probabilities, the first hundred steps of training would teach nothing but to write less, and leave
    features that are the same for all sounds.
    """
    return ops.cast(ops.arange(shape[0]) == 0, dtype or "float32") * BLANK_LOGIT


@keras.saving.register_keras_serializable(package="dlseq")
class CTCNetwork(Network):
    """A network from frames of sound to fewer symbols, whose places nobody has marked.

    1. Convolutions over time with strides, each followed by batch normalization: `stride` frames, the product of all,
       become one step, `S = ceil(T / stride)`.
    2. `depth` LSTMs that read in both directions.
    3. Logits of all symbols at each step, `(B, S, V)`; id 0 is the blank, for steps that write nothing.

    The text of a path through the steps is what remains after repeated symbols are joined and blanks removed;
    `keras.losses.CTC` sums over all paths of the target, and `dlseq.decoding.ctc` finds texts. That loss takes all
    steps of a batch as sound. So a step of padding has the blank with probability 1, which leaves the probability of
    each text as it is without padding.

    Args:
        vocabulary: `Vocabulary.to_config()` of the symbols.
        bands: Features of a frame. Defaults to `40`.
        strides: Stride of each convolution. Defaults to `(2, 2, 2)`.
        filters: Features after each convolution. Defaults to `96`.
        units: Units of each LSTM in each direction. Defaults to `96`.
        depth: Number of layers of LSTMs. Defaults to `1`.
        dropout: Fraction of the features dropped in training. Defaults to `0.1`.
        metadata: Plain data about the model. Defaults to `None`, which is `{}`.

    Call arguments:
        inputs: Dict of `"levels"`, loudness in decibels `(B, T', D)`, and `"frames"`, integers `(B, T)` with 1 for
            sound and 0 for padding at the end, `T` at most `T'`.

    Returns:
        Logits `(B, ceil(T / stride), V)`.

    Reference:
        Graves et al., 2006, "Connectionist temporal classification: labelling unsegmented sequence data with recurrent
        neural networks".

    Example:
        >>> words = Vocabulary(["one", "two"], level="word")
        >>> network = CTCNetwork(words.to_config(), bands=3, filters=4, units=4)
        >>> inputs = {"levels": ops.ones((2, 10, 3)), "frames": ops.ones((2, 10), "int32")}
        >>> tuple(network(inputs).shape)
        (2, 2, 5)
    """

    def __init__(
        self,
        vocabulary,
        bands=40,
        strides=(2, 2, 2),
        filters=96,
        units=96,
        depth=1,
        dropout=0.1,
        metadata=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.vocabulary = Vocabulary.from_config(vocabulary)
        self.metadata = dict(metadata or {})
        self.sizes = {
            "bands": bands,
            "strides": list(strides),
            "filters": filters,
            "units": units,
            "depth": depth,
            "dropout": dropout,
        }
        options = {"dtype": self.dtype_policy}
        self.convolutions = [
            keras.layers.Conv1D(filters, KERNEL, strides=stride, use_bias=False, name=f"convolution_{index}", **options)
            for index, stride in enumerate(strides)
        ]
        self.normalizations = [
            keras.layers.BatchNormalization(name=f"normalization_{index}", **options) for index in range(len(strides))
        ]
        self.recurrent = [
            keras.layers.Bidirectional(
                LSTM(units, return_sequences=True, name=f"lstm_{index}", **options),
                name=f"bidirectional_{index}",
                **options,
            )
            for index in range(depth)
        ]
        self.dropouts = [
            keras.layers.SpatialDropout1D(dropout, name=f"dropout_{index}", **options) for index in range(depth + 1)
        ]
        wide = "float64" if self.compute_dtype == "float64" else "float32"
        self.logits = keras.layers.Dense(len(self.vocabulary), dtype=wide, bias_initializer=_blank_first, name="logits")
        for layer, width in zip(self.convolutions, [bands, *[filters] * (len(strides) - 1)], strict=True):
            layer.build((None, None, width))
        for layer in self.normalizations:
            layer.build((None, None, filters))
        for layer, width in zip(self.recurrent, (filters, *[2 * units] * (depth - 1)), strict=True):
            layer.build((None, None, width))
        self.logits.build((None, None, 2 * units))
        self.built = True

    def call(self, inputs, training=False):
        frames = inputs["frames"]
        found = ops.cast(inputs["levels"][:, : ops.shape(frames)[1]], self.compute_dtype)
        found, mask = (found - MIDDLE) / UNIT, ops.not_equal(frames, 0)  # (B, T, D), (B, T)
        layers = zip(self.convolutions, self.normalizations, self.sizes["strides"], strict=True)
        for convolution, normalization, stride in layers:
            found = found * ops.expand_dims(ops.cast(mask, found.dtype), 2)  # padding is as the space beyond it
            mask = mask[:, ::stride]
            found = convolution(ops.pad(found, [[0, 0], [KERNEL // 2, KERNEL // 2], [0, 0]]))
            found = ops.relu(normalization(found, training=training, mask=mask))
        found = self.dropouts[0](found, training=training)
        for layer, dropout in zip(self.recurrent, self.dropouts[1:], strict=True):
            found = dropout(layer(found, mask=mask, training=training), training=training)
        logits = self.logits(found)  # (B, S, V)
        ids = ops.arange(len(self.vocabulary), dtype="int32")
        never = ops.logical_or(ids == Vocabulary.unk_id, ids == Vocabulary.eos_id)
        never = ops.logical_or(never, ops.logical_and(ops.logical_not(ops.expand_dims(mask, 2)), ids != 0))
        return ops.where(never, ops.cast(NEVER, logits.dtype), logits)

    @property
    def stride(self):
        """Return the number of frames of a step."""
        return math.prod(self.sizes["strides"])

    def input_signature(self, batch_size=None, length=None):
        """Return the specification of the input, for `export`; a size of `None` stays open."""
        shape = (batch_size, length)
        return [
            {
                "levels": keras.InputSpec(shape=(*shape, self.sizes["bands"]), dtype="float32", name="levels"),
                "frames": keras.InputSpec(shape=shape, dtype="int32", name="frames"),
            }
        ]

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary": self.vocabulary.to_config(),
            "metadata": dict(self.metadata),
            **self.sizes,
        }
