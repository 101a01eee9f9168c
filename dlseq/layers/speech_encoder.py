"""Encoder of sound: a memory of fewer steps than frames, by convolutions with strides and bidirectional LSTMs."""

import math

import keras
from keras import ops

from dlseq.layers._validation import check_fraction, check_integer
from dlseq.layers.lstm import LSTM

__all__ = ["SpeechEncoder"]

KERNEL = 5
MIDDLE, UNIT = 40.0, 20.0  # decibels


@keras.saving.register_keras_serializable(package="dlseq")
class SpeechEncoder(keras.layers.Layer):
    """An encoder from the features of sound `(B, T, D)` to a memory `(B, S, 2 units)`, `S = ceil(T / stride)`.

    1. Convolutions over time with strides, each followed by batch normalization: `stride` frames, the product of all,
       become one step.
    2. `depth` LSTMs that read in both directions.

    Padding has no effect on the memory.

    Args:
        bands: Positive integer, features of a frame. Defaults to `40`.
        strides: Stride of each convolution. Defaults to `(2, 2, 2)`.
        filters: Features after each convolution. Defaults to `96`.
        units: Units of each LSTM in each direction. Defaults to `96`.
        depth: Number of layers of LSTMs. Defaults to `1`.
        dropout: Fraction of the features dropped in training. Defaults to `0.1`.

    Call arguments:
        inputs: Dict of `"levels"`, loudness in decibels `(B, T', D)`, and `"frames"`, integers `(B, T)` with 1 for
            sound and 0 for padding at the end, `T` at most `T'`.
        training: Boolean, applies dropout and the batch's own statistics.

    Returns:
        The memory, `(B, ceil(T / stride), 2 units)`.

    Raises:
        ValueError: an argument is invalid.

    Example:
        >>> encoder = SpeechEncoder(bands=3, filters=4, units=4)
        >>> inputs = {"levels": ops.ones((2, 10, 3)), "frames": ops.ones((2, 10), "int32")}
        >>> tuple(encoder(inputs).shape), encoder.stride
        ((2, 2, 8), 8)
    """

    def __init__(self, bands=40, strides=(2, 2, 2), filters=96, units=96, depth=1, dropout=0.1, **kwargs):
        super().__init__(**kwargs)
        self.bands = check_integer("bands", bands)
        self.strides = [check_integer("strides", stride) for stride in strides]
        self.filters = check_integer("filters", filters)
        self.units = check_integer("units", units)
        self.depth = check_integer("depth", depth)
        self.dropout = check_fraction("dropout", dropout)
        options = {"dtype": self.dtype_policy}
        self.convolutions = [
            keras.layers.Conv1D(filters, KERNEL, strides=stride, use_bias=False, name=f"convolution_{index}", **options)
            for index, stride in enumerate(self.strides)
        ]
        self.normalizations = [
            keras.layers.BatchNormalization(name=f"normalization_{index}", **options)
            for index in range(len(self.strides))
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

    def build(self, input_shape):
        for layer, width in zip(
            self.convolutions, [self.bands, *[self.filters] * (len(self.strides) - 1)], strict=True
        ):
            layer.build((None, None, width))
        for layer in self.normalizations:
            layer.build((None, None, self.filters))
        for layer, width in zip(self.recurrent, (self.filters, *[2 * self.units] * (self.depth - 1)), strict=True):
            layer.build((None, None, width))

    def call(self, inputs, training=False):
        frames = inputs["frames"]
        found = ops.cast(inputs["levels"][:, : ops.shape(frames)[1]], self.compute_dtype)
        found, mask = (found - MIDDLE) / UNIT, ops.not_equal(frames, 0)  # (B, T, D), (B, T)
        for convolution, normalization, stride in zip(
            self.convolutions, self.normalizations, self.strides, strict=True
        ):
            found = found * ops.expand_dims(ops.cast(mask, found.dtype), 2)  # padding is as the space beyond it
            mask = mask[:, ::stride]
            found = convolution(ops.pad(found, [[0, 0], [KERNEL // 2, KERNEL // 2], [0, 0]]))
            found = ops.relu(normalization(found, training=training, mask=mask))
        found = self.dropouts[0](found, training=training)
        for layer, dropout in zip(self.recurrent, self.dropouts[1:], strict=True):
            found = dropout(layer(found, mask=mask, training=training), training=training)
        return found

    def compute_mask(self, inputs, mask=None):
        mask = ops.not_equal(inputs["frames"], 0)
        for stride in self.strides:
            mask = mask[:, ::stride]
        return mask  # (B, S)

    def compute_output_shape(self, input_shape):
        batch, frames = input_shape["frames"]
        return (batch, None if frames is None else -(-frames // self.stride), 2 * self.units)

    @property
    def stride(self):
        """Return the number of frames of a step."""
        return math.prod(self.strides)

    def input_signature(self, batch_size=None, length=None):
        """Return the specifications of the inputs, for `export`; a size of `None` stays open."""
        return {
            "levels": keras.InputSpec(shape=(batch_size, length, self.bands), dtype="float32", name="levels"),
            "frames": keras.InputSpec(shape=(batch_size, length), dtype="int32", name="frames"),
        }

    def get_config(self):
        return {
            **super().get_config(),
            "bands": self.bands,
            "strides": list(self.strides),
            "filters": self.filters,
            "units": self.units,
            "depth": self.depth,
            "dropout": self.dropout,
        }
