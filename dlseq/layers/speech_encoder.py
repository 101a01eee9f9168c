"""Encoder of sound: a memory of fewer steps than frames, by convolutions with strides and bidirectional LSTMs."""

import math

import keras
from keras import ops

from dlseq.layers._validation import check_fraction, check_integer
from dlseq.layers.lstm import LSTM

__all__ = ["SpeechEncoder"]

KERNEL = 5  # frames
BAND_KERNEL, BAND_STRIDE = 3, 2
MIDDLE, UNIT = 40.0, 20.0  # decibels
MASKED_SHARE = 0.2  # of the bands, at most, by each mask


@keras.saving.register_keras_serializable(package="dlseq")
class SpeechEncoder(keras.layers.Layer):
    """An encoder from the features of sound `(B, T, D)` to a memory `(B, S, 2 units)`, `S = ceil(T / stride)`.

    1. With `mean_normalization`, the mean of each band over the sound is subtracted: a microphone or a room adds the
       same decibels to all frames of a band.
    2. In training, `frequency_masks` runs of neighboring bands are replaced by 0 in each recording (SpecAugment), so
       that no sound is known by a few bands alone.
    3. Convolutions with strides over time: `stride` frames, the product of all, are one step. The first ones, one for
       each number of `channels`, are over time and bands, and halve the bands: a formant is found at the place that it
       has in each voice by the same weights. The others are over time, each followed by batch normalization.
    4. `depth` LSTMs that read in both directions.

    Padding has no effect on the memory.

    Args:
        bands: Positive integer, features of a frame. Defaults to `40`.
        strides: Stride of each convolution. Defaults to `(2, 2, 2)`.
        filters: Features after each convolution over time alone. Defaults to `96`.
        units: Units of each LSTM in each direction. Defaults to `96`.
        depth: Number of layers of LSTMs. Defaults to `1`.
        dropout: Fraction of the features dropped in training. Defaults to `0.1`.
        mean_normalization: Boolean, subtracts the mean of each band. Defaults to `False`.
        frequency_masks: Integer, masks of each recording in training, each of at most a fifth of the bands. Defaults to
            `0`.
        channels: Channels of each of the first convolutions, those over time and bands, fewer than strides. Defaults to
            `()`.

    Call arguments:
        inputs: Dict of `"levels"`, loudness in decibels `(B, T', D)`, and `"frames"`, integers `(B, T)` with 1 for
            sound and 0 for padding at the end, `T` at most `T'`.
        training: Boolean, applies dropout and the batch's own statistics.

    Returns:
        The memory, `(B, ceil(T / stride), 2 units)`.

    Raises:
        ValueError: an argument is invalid.

    Reference:
        Park et al., 2019, "SpecAugment: a simple data augmentation method for automatic speech recognition".

    Example:
        >>> encoder = SpeechEncoder(bands=3, filters=4, units=4)
        >>> inputs = {"levels": ops.ones((2, 10, 3)), "frames": ops.ones((2, 10), "int32")}
        >>> tuple(encoder(inputs).shape), encoder.stride
        ((2, 2, 8), 8)
    """

    def __init__(
        self,
        bands=40,
        strides=(2, 2, 2),
        filters=96,
        units=96,
        depth=1,
        dropout=0.1,
        mean_normalization=False,
        frequency_masks=0,
        channels=(),
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.bands = check_integer("bands", bands)
        self.strides = [check_integer("strides", stride) for stride in strides]
        self.filters = check_integer("filters", filters)
        self.units = check_integer("units", units)
        self.depth = check_integer("depth", depth)
        self.dropout = check_fraction("dropout", dropout)
        self.mean_normalization = bool(mean_normalization)
        self.frequency_masks = check_integer("frequency_masks", frequency_masks, at_least=0)
        if self.frequency_masks:
            self.seed_generator = keras.random.SeedGenerator()
        self.channels = [check_integer("channels", size) for size in channels]
        if self.channels and len(self.channels) >= len(self.strides):
            raise ValueError(
                "Invalid value for argument `channels`. Expected fewer than `strides`, of which each convolution has "
                f"one. Received: channels={self.channels}, strides={self.strides}"
            )
        options = {"dtype": self.dtype_policy}
        self.image_convolutions = [
            keras.layers.Conv2D(
                size,
                (KERNEL, BAND_KERNEL),
                strides=(stride, BAND_STRIDE),
                activation="relu",
                name=f"image_convolution_{index}",
                **options,
            )
            for index, (size, stride) in enumerate(zip(self.channels, self.strides, strict=False))
        ]
        time_strides = self.strides[len(self.channels) :]
        self.convolutions = [
            keras.layers.Conv1D(filters, KERNEL, strides=stride, use_bias=False, name=f"convolution_{index}", **options)
            for index, stride in enumerate(time_strides)
        ]
        self.normalizations = [
            keras.layers.BatchNormalization(name=f"normalization_{index}", **options)
            for index in range(len(time_strides))
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
        bands, size = self.bands, 1
        for layer in self.image_convolutions:
            layer.build((None, None, bands + 2 * (BAND_KERNEL // 2), size))
            bands, size = -(-bands // BAND_STRIDE), layer.filters
        widths = [bands * size, *[self.filters] * (len(self.convolutions) - 1)]
        for layer, width in zip(self.convolutions, widths, strict=True):
            layer.build((None, None, width))
        for layer in self.normalizations:
            layer.build((None, None, self.filters))
        for layer, width in zip(self.recurrent, (self.filters, *[2 * self.units] * (self.depth - 1)), strict=True):
            layer.build((None, None, width))

    def call(self, inputs, training=False):
        frames = inputs["frames"]
        found = ops.cast(inputs["levels"][:, : ops.shape(frames)[1]], self.compute_dtype)
        found, mask = (found - MIDDLE) / UNIT, ops.not_equal(frames, 0)  # (B, T, D), (B, T)
        if self.mean_normalization:
            found = found - self._mean(found, mask)
        if training and self.frequency_masks:
            found = found * self._kept_bands(ops.shape(found)[0], found.dtype)
        found, mask = self._convolved_bands(found, mask)
        for convolution, normalization in zip(self.convolutions, self.normalizations, strict=True):
            found = found * ops.expand_dims(ops.cast(mask, found.dtype), 2)  # padding is as the space beyond it
            mask = mask[:, :: convolution.strides[0]]
            found = convolution(ops.pad(found, [[0, 0], [KERNEL // 2, KERNEL // 2], [0, 0]]))
            found = ops.relu(normalization(found, training=training, mask=mask))
        found = self.dropouts[0](found, training=training)
        for layer, dropout in zip(self.recurrent, self.dropouts[1:], strict=True):
            found = dropout(layer(found, mask=mask, training=training), training=training)
        return found

    def _convolved_bands(self, found, mask):
        """Return features `(B, S, D)` after the convolutions over time and bands, and their mask."""
        found = ops.expand_dims(found, 3)  # (B, T, D, 1)
        for layer in self.image_convolutions:
            found = found * ops.cast(mask, found.dtype)[:, :, None, None]
            mask = mask[:, :: layer.strides[0]]
            found = layer(
                ops.pad(found, [[0, 0], [KERNEL // 2, KERNEL // 2], [BAND_KERNEL // 2, BAND_KERNEL // 2], [0, 0]])
            )
        batch, steps = ops.shape(found)[:2]
        return ops.reshape(found, (batch, steps, found.shape[2] * found.shape[3])), mask

    @staticmethod
    def _mean(found, mask):
        """Return the mean of each band over the sound, `(B, 1, D)`."""
        weights = ops.expand_dims(ops.cast(mask, found.dtype), 2)
        return ops.sum(found * weights, axis=1, keepdims=True) / ops.maximum(ops.sum(weights, 1, keepdims=True), 1)

    def _kept_bands(self, batch, dtype):
        """Return 0 for the bands that are masked in a recording and 1 for all others, `(B, 1, D)`."""
        shape = (batch, 1, 1, self.frequency_masks)
        width = keras.random.uniform(shape, 0, MASKED_SHARE * self.bands, dtype, self.seed_generator)
        center = keras.random.uniform(shape, 0, self.bands, dtype, self.seed_generator)
        bands = ops.cast(ops.arange(self.bands), dtype)[:, None] + 0.5  # (D, 1)
        masked = ops.abs(bands - center) < width / 2  # (B, 1, D, masks)
        return 1 - ops.cast(ops.any(masked, axis=3), dtype)

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
            "mean_normalization": self.mean_normalization,
            "frequency_masks": self.frequency_masks,
            "channels": list(self.channels),
        }
