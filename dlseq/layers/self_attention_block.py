"""Self-attention among the places of a memory."""

import keras
from keras import ops

from dlseq.layers._validation import check_integer

__all__ = ["SelfAttentionBlock"]


@keras.saving.register_keras_serializable(package="dlseq")
class SelfAttentionBlock(keras.layers.Layer):
    """A transformer block over a memory `(B, Tx, D)`: each position reads all others.

    1. `x = memory + MultiHeadAttention(LayerNorm(memory))`
    2. `output = x + Dense(relu(Dense(LayerNorm(x))))`

    Args:
        heads: Positive integer, which divides the width `D`. Defaults to `4`.
        hidden_units: Positive integer, the width between the two dense layers. Defaults to `None`, which is `2 D`.

    Call arguments:
        inputs: Memory `(B, Tx, D)`.

    Returns:
        Memory `(B, Tx, D)`.

    Raises:
        ValueError: an argument is invalid, or `heads` does not divide `D`.

    Reference:
        Vaswani et al., 2017, "Attention is all you need"; the normalization stands before each part as in Xiong et
        al., 2020, "On layer normalization in the transformer architecture", arXiv:2002.04745.

    Example:
        >>> block = SelfAttentionBlock(heads=2)
        >>> tuple(block(ops.ones((1, 5, 8))).shape)
        (1, 5, 8)
    """

    def __init__(self, heads=4, hidden_units=None, **kwargs):
        super().__init__(**kwargs)
        self.heads = check_integer("heads", heads)
        self.hidden_units = None if hidden_units is None else check_integer("hidden_units", hidden_units)

    def build(self, input_shape):
        units = input_shape[-1]
        if units % self.heads:
            raise ValueError(
                f"SelfAttentionBlock expected a width that `heads` divides. Received: heads={self.heads}, a memory of "
                f"shape {tuple(input_shape)}"
            )
        options = {"dtype": self.dtype_policy}
        self.norms = [keras.layers.LayerNormalization(name=f"norm_{part}", **options) for part in (1, 2)]
        self.projections = keras.layers.Dense(3 * units, name="projections", **options)
        self.output_dense = keras.layers.Dense(units, name="output_dense", **options)
        self.hidden_dense = keras.layers.Dense(
            self.hidden_units or 2 * units, activation="relu", name="hidden_dense", **options
        )
        self.final_dense = keras.layers.Dense(units, name="final_dense", **options)
        for layer in (*self.norms, self.projections, self.output_dense, self.hidden_dense):
            layer.build(input_shape)
        self.final_dense.build((*input_shape[:-1], self.hidden_dense.units))

    def call(self, inputs):
        places, units = inputs.shape[1:]
        heads = ops.reshape(self.projections(self.norms[0](inputs)), (-1, places, 3, self.heads, units // self.heads))
        query, key, value = ops.unstack(ops.transpose(heads, (2, 0, 3, 1, 4)), 3)  # (B, heads, Tx, D / heads)
        energies = ops.matmul(query, ops.swapaxes(key, -2, -1)) * (units // self.heads) ** -0.5
        context = ops.matmul(ops.softmax(energies), value)  # (B, heads, Tx, D / heads)
        context = ops.reshape(ops.transpose(context, (0, 2, 1, 3)), (-1, places, units))
        memory = inputs + self.output_dense(context)
        return memory + self.final_dense(self.hidden_dense(self.norms[1](memory)))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "heads": self.heads, "hidden_units": self.hidden_units}
