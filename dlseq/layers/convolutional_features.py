"""Convolutional network from an image to a grid of features."""

import keras
from keras import ops

from dlseq.layers._validation import check_fraction, check_integer

__all__ = ["ConvolutionalFeatures"]

MAX_PIXEL = 255.0


@keras.saving.register_keras_serializable(package="dlseq")
class ConvolutionalFeatures(keras.layers.Layer):
    """A convolutional network from pixels `(B, H, W, 3)` to a grid of features `(B, H', W', D)`.

    Each step is a convolution over 3 x 3 pixels, batch normalization and ReLU. A step with stride 2 halves the grid.

    In training, each channel of an image is multiplied by a random gain and gets a random offset (`jitter`): lightness
    and tint change, places do not, so that left, right and counts stay as they are.

    Args:
        filters: Sequence of the number of features after each step. Defaults to `(32, 64, 96, 128, 128)`.
        strides: Sequence of the stride of each step. Defaults to `(2, 2, 2, 1, 1)`: the grid has an eighth of the
            pixels in each direction.
        jitter: Float, the largest relative change of a channel in training. Defaults to `0.0`, none.
        seed: Integer seed of the jitter. Defaults to `None`.

    Call arguments:
        inputs: Pixels `(B, H, W, 3)` from 0 to 255, integers or floats.
        training: Boolean, applies jitter and the statistics of the batch.

    Returns:
        Features `(B, H', W', D)`, zero or more; `H'` is `H` divided by the product of the strides, rounded up.

    Raises:
        ValueError: no filters, not as many strides, or a value that is out of range.

    Example:
        >>> features = ConvolutionalFeatures(filters=(4, 8), strides=(2, 2))
        >>> tuple(features(ops.ones((1, 16, 12, 3))).shape)
        (1, 4, 3, 8)
    """

    def __init__(self, filters=(32, 64, 96, 128, 128), strides=(2, 2, 2, 1, 1), jitter=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.strides = list(filters), list(strides)
        if not self.filters or len(self.filters) != len(self.strides):
            raise ValueError(
                "ConvolutionalFeatures expected as many `strides` as `filters`, at least one. "
                f"Received: filters={self.filters}, strides={self.strides}"
            )
        for name, values in (("filters", self.filters), ("strides", self.strides)):
            for value in values:
                check_integer(name, value)
        self.jitter = check_fraction("jitter", jitter)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        options = {"dtype": self.dtype_policy}
        self.convolutions = [
            keras.layers.Conv2D(
                units,
                3,
                strides=stride,
                padding="same",
                use_bias=False,
                data_format="channels_last",  # whatever keras.json says
                kernel_initializer="he_normal",
                name=f"convolution_{index}",
                **options,
            )
            for index, (units, stride) in enumerate(zip(self.filters, self.strides, strict=True))
        ]
        self.normalizations = [
            keras.layers.BatchNormalization(momentum=0.9, name=f"normalization_{index}", **options)
            for index in range(len(self.filters))
        ]

    def build(self, input_shape):
        shape = tuple(input_shape)
        for convolution, normalization in zip(self.convolutions, self.normalizations, strict=True):
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
            normalization.build(shape)

    def call(self, inputs, training=False):
        grid = ops.cast(inputs, self.compute_dtype) / MAX_PIXEL - 0.5
        if training and self.jitter:
            grid = self._jittered(grid)
        for convolution, normalization in zip(self.convolutions, self.normalizations, strict=True):
            grid = ops.relu(normalization(convolution(grid), training=training))
        return grid

    def _jittered(self, pixels):
        """Return pixels whose channels have a random gain and offset each."""
        shape = (ops.shape(pixels)[0], 1, 1, pixels.shape[-1])
        gain, offset = (
            keras.random.uniform(shape, -self.jitter, self.jitter, dtype=pixels.dtype, seed=self.seed_generator)
            for _ in range(2)
        )
        return pixels * (1 + gain) + offset / 2

    def compute_output_shape(self, input_shape):
        shape = tuple(input_shape)
        for convolution in self.convolutions:
            shape = convolution.compute_output_shape(shape)
        return shape

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "strides": self.strides,
            "jitter": self.jitter,
            "seed": self.seed,
        }
