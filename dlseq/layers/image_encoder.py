"""Encoder of images: a memory of the places of a picture, or one vector for the whole."""

import keras
from keras import ops

from dlseq.layers._validation import check_integer
from dlseq.layers.self_attention_block import SelfAttentionBlock

__all__ = ["ImageEncoder"]


@keras.saving.register_keras_serializable(package="dlseq")
class ImageEncoder(keras.layers.Layer):
    """An encoder from images `(B, H, W, 3)` to a memory `(B, H' W', D)` of the places of a grid, row by row.

    1. Features of each place: `grid = features(image)`, `(B, H', W', C)`.
    2. Memory: `Dense(grid)`, plus a learned vector for each position, so that a decoder can tell left from right.
    3. Context: `context_layers` blocks of self-attention, in which each place reads all others, so that it can know how
       many things there are like its own, and what stands beside it.

    With `whole_image=True`, there is one memory for all places, `(B, 1, D)`: the features are reduced to
    `reduced_units` at each place, the grid is flattened, and one dense layer reads it. So the vector knows positions,
    and a decoder has no choice of where to look: it is the baseline without attention, as in "Show and tell" (Vinyals
    et al., 2015, arXiv:1411.4555).

    Args:
        features: A Keras layer from images to a grid of features, such as `ConvolutionalFeatures` or
            `ApplicationFeatures`.
        units: Positive integer, the width `D` of the memory. Defaults to `128`.
        whole_image: Boolean, one vector instead of a grid. Defaults to `False`.
        reduced_units: Positive integer, features of each place before the grid is flattened. Defaults to `16`.
        context_layers: Number of `SelfAttentionBlock`s over the grid, 0 for none. Defaults to `0`.
        heads: Positive integer, the heads of each block. Defaults to `4`.

    Call arguments:
        inputs: Images `(B, H, W, 3)`, whose size is the same in all calls.
        training: Boolean, passed on to `features`.

    Returns:
        The memory, `(B, H' W', units)` or `(B, 1, units)`.

    Raises:
        ValueError: an argument is invalid, or the size of the images is open.

    Reference:
        Xu et al., 2015, "Show, attend and tell", arXiv:1502.03044.

    Example:
        >>> from dlseq.layers import ConvolutionalFeatures
        >>> encoder = ImageEncoder(ConvolutionalFeatures(filters=(4, 8), strides=(2, 2)), units=6)
        >>> tuple(encoder(ops.ones((1, 16, 12, 3))).shape), encoder.grid_shape
        ((1, 12, 6), (4, 3))
    """

    def __init__(self, features, units=128, whole_image=False, reduced_units=16, context_layers=0, heads=4, **kwargs):
        super().__init__(**kwargs)
        self.features = features
        self.units = check_integer("units", units)
        self.whole_image = bool(whole_image)
        self.reduced_units = check_integer("reduced_units", reduced_units)
        self.context_layers = check_integer("context_layers", context_layers, at_least=0)
        self.heads = check_integer("heads", heads)
        self.grid_shape = None
        """Rows and columns of the grid, once the layer is built."""
        options = {"dtype": self.dtype_policy}
        self.projection = keras.layers.Dense(units, name="projection", **options)
        self.reduction = (
            keras.layers.Dense(reduced_units, activation="relu", name="reduction", **options) if whole_image else None
        )

        self.blocks = [
            SelfAttentionBlock(heads, name=f"block_{index}", **options)
            for index in range(0 if whole_image else context_layers)
        ]

    def build(self, input_shape):
        if len(input_shape) != 4 or None in tuple(input_shape)[1:]:
            raise ValueError(
                f"ImageEncoder expected images of one size, (B, H, W, 3). Received: input_shape={tuple(input_shape)}"
            )
        if not self.features.built:
            self.features.build(input_shape)
        grid_shape = tuple(self.features.compute_output_shape(input_shape))  # (B, H', W', C)
        self.grid_shape = grid_shape[1:3]
        places = grid_shape[1] * grid_shape[2]
        if self.whole_image:
            self.reduction.build(grid_shape)
            self.projection.build((grid_shape[0], 1, places * self.reduced_units))
        else:
            self.projection.build((grid_shape[0], places, grid_shape[-1]))
            self.positions = self.add_weight(
                name="positions", shape=(places, self.units), initializer=keras.initializers.RandomNormal(stddev=0.3)
            )
        for block in self.blocks:
            block.build((grid_shape[0], places, self.units))

    def call(self, inputs, training=False):
        grid = self.features(inputs, training=training)  # (B, H', W', C)
        if self.whole_image:
            grid = self.reduction(grid)
            return self.projection(ops.reshape(grid, (-1, 1, self.projection.kernel.shape[0])))  # (B, 1, units)
        places = self.grid_shape[0] * self.grid_shape[1]
        memory = self.projection(ops.reshape(grid, (-1, places, grid.shape[-1]))) + self.positions
        for block in self.blocks:
            memory = block(memory)
        return memory

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        if self.whole_image:
            return (input_shape[0], 1, self.units)
        _, rows, columns, _ = self.features.compute_output_shape(input_shape)
        return (input_shape[0], rows * columns, self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "features": keras.saving.serialize_keras_object(self.features),
            "units": self.units,
            "whole_image": self.whole_image,
            "reduced_units": self.reduced_units,
            "context_layers": self.context_layers,
            "heads": self.heads,
        }

    @classmethod
    def from_config(cls, config):
        """Return an encoder of its configuration, as `get_config` has it."""
        return cls(**{**config, "features": keras.saving.deserialize_keras_object(config["features"])})
