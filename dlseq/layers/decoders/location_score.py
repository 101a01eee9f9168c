"""Score of source positions by their place beside earlier attention."""

import keras
import numpy as np
from keras import ops

from dlseq.layers._validation import check_integer

__all__ = ["LocationScore"]


@keras.saving.register_keras_serializable(package="dlseq")
class LocationScore(keras.layers.Layer):
    """Energies of source positions by the attention of earlier steps, for a decoder that must not skip or repeat.

    The layer computes, for every query `q` and source position `j`:

    1. A kernel over `2 r + 1` offsets for each of two maps: `kernel = q W + b`, where `kernel_size = 2 r + 1`.
    2. Its convolution with the maps: `energy[j] = sum_s kernel[0, s] previous[j + s] + kernel[1, s] covered[j + s]`,
       where `previous` has the weights of the step before, `covered` the sum over all steps before, and `s` runs from
       `-r` to `r`. Positions outside of the source count as 0.

    The energies are added to those of the content (`energy_bias` of `AttentionLayer`). With a score that is a product,
    that is the location-aware attention of Chorowski et al. with linear filters: `q . (k + U f) = q . k + (q U) . f`.
    With `kernel_size=1` it is a coverage term. Nothing in it depends on the absolute position or on the length.

    Args:
        kernel_size: Odd integer, the number of offsets. Defaults to `15`.

    Call arguments:
        inputs: List of these tensors:
            - `query`, shape `(B, Tq, D)`,
            - `previous`, shape `(B, Tq, Tx)`,
            - `covered`, shape `(B, Tq, Tx)`.

    Returns:
        Energies of shape `(B, Tq, Tx)`.

    Raises:
        ValueError: `kernel_size` is not an odd positive integer.

    Reference:
        Chorowski et al., 2015, "Attention-based models for speech recognition", arXiv:1506.07503. Tu et al., 2016,
        "Modeling coverage for neural machine translation", arXiv:1601.04811.

    Example:
        >>> layer, query = LocationScore(3), keras.random.normal((2, 1, 4), seed=1)
        >>> previous = ops.convert_to_tensor([[[0.0, 1.0, 0.0, 0.0, 0.0]]] * 2)
        >>> energies = layer([query, previous, previous])
        >>> tuple(energies.shape), [bool(energy) for energy in energies[0, 0]]
        ((2, 1, 5), [True, True, True, False, False])
    """

    def __init__(self, kernel_size=15, **kwargs):
        super().__init__(**kwargs)
        self.kernel_size = check_integer("kernel_size", kernel_size)
        if kernel_size % 2 == 0:
            raise ValueError(
                "Invalid value for argument `kernel_size`. Expected an odd integer, as a window has a middle. "
                f"Received: kernel_size={kernel_size}"
            )
        # Small at first: a decoder finds the content before it trusts the order.
        self.kernel_dense = keras.layers.Dense(
            2 * kernel_size, kernel_initializer="random_normal", name="kernel_dense", dtype=self.dtype_policy
        )

    def build(self, input_shape):
        self.kernel_dense.build(input_shape[0])

    def call(self, inputs):
        query, previous, covered = inputs
        kernels = self.kernel_dense(query)  # (B, Tq, 2 * kernel_size)
        rows, queries, steps = (ops.shape(previous)[axis] for axis in range(3))
        maps = ops.stack([previous, covered], axis=-1)  # (B, Tq, Tx, 2)
        maps = ops.reshape(ops.cast(maps, kernels.dtype), (rows * queries, steps, 2))
        filters = ops.cast(_window_filters(self.kernel_size), kernels.dtype)
        windows = ops.conv(maps, filters, padding="same", data_format="channels_last")
        # TensorFlow gives an empty batch the wrong number of channels on some processors.
        windows = ops.reshape(windows, (rows * queries, steps, 2 * self.kernel_size))
        kernels = ops.reshape(kernels, (rows * queries, 2 * self.kernel_size, 1))
        return ops.reshape(ops.matmul(windows, kernels), (rows, queries, steps))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[1])

    def get_config(self):
        return {**super().get_config(), "kernel_size": self.kernel_size}


def _window_filters(kernel_size):
    """Return filters `(kernel_size, 2, 2 * kernel_size)` that copy each position of a window to its own channel."""
    return np.eye(2 * kernel_size, dtype="float32").reshape(2, kernel_size, -1).swapaxes(0, 1)
