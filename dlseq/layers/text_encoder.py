"""Text encoder with convolutions and a bidirectional LSTM."""

import keras
from keras import ops

from dlseq.layers._validation import check_integer
from dlseq.layers.lstm import LSTM

__all__ = ["TextEncoder"]


@keras.saving.register_keras_serializable(package="dlseq")
class TextEncoder(keras.layers.Layer):
    """A text encoder from symbol ids `(B, Tx)` to a memory `(B, Tx, D)`, with id 0 as padding.

    An embedding is followed by `depth` residual convolutions over `kernel_size` symbols with ReLU and, if
    `recurrent_units` is positive, by a bidirectional LSTM. Padding has no effect on the memory: padded positions are
    set to zero before every convolution, and the LSTM is masked.

    Args:
        vocabulary_size: Positive integer, the number of input symbols; id 0 is padding.
        units: Positive integer, the width of the embedding and of the convolutions.
        depth: The number of convolutions. Defaults to `2`.
        kernel_size: The width of a convolution in symbols. Defaults to `5`.
        recurrent_units: The width of the LSTM of each direction, or `0` for none. Defaults to `0`.
        keep_embedding: Boolean, appends the embedding of each symbol to its memory, so that a decoder that attends to
            the symbol reads it directly. Defaults to `False`.

    Call arguments:
        inputs: Integers of shape `(B, Tx)`.

    Returns:
        The memory, shape `(B, Tx, units)`, or `(B, Tx, 2 * recurrent_units)`; wider by `units` with `keep_embedding`.

    Raises:
        ValueError: an argument is invalid, or `depth` and `recurrent_units` are both 0.

    Example:
        >>> encoder = TextEncoder(vocabulary_size=11, units=8, recurrent_units=3)
        >>> tuple(encoder(ops.convert_to_tensor([[3, 4, 5, 0], [6, 0, 0, 0]])).shape)
        (2, 4, 6)
    """

    def __init__(
        self, vocabulary_size, units, depth=2, kernel_size=5, recurrent_units=0, keep_embedding=False, **kwargs
    ):
        super().__init__(**kwargs)
        self.vocabulary_size = check_integer("vocabulary_size", vocabulary_size)
        self.units = check_integer("units", units)
        self.depth = check_integer("depth", depth, at_least=0)
        self.kernel_size = check_integer("kernel_size", kernel_size)
        self.recurrent_units = check_integer("recurrent_units", recurrent_units, at_least=0)
        self.keep_embedding = bool(keep_embedding)
        if depth == 0 and recurrent_units == 0:
            raise ValueError(
                "TextEncoder expected at least one convolution or recurrent units. "
                f"Received: depth={depth}, recurrent_units={recurrent_units}"
            )
        self.supports_masking = True
        self.autocast = False  # ids given as floats would lose digits in float16

        options = {"dtype": self.dtype_policy}
        self.embedding = keras.layers.Embedding(vocabulary_size, units, name="embedding", **options)
        self.convolutions = [
            keras.layers.Conv1D(
                units,
                kernel_size,
                padding="same",
                activation="relu",
                data_format="channels_last",  # whatever keras.json says
                name=f"convolution_{i}",
                **options,
            )
            for i in range(depth)
        ]
        self.recurrent = None
        if recurrent_units:
            self.recurrent = keras.layers.Bidirectional(
                LSTM(recurrent_units, return_sequences=True, **options), name="recurrent", **options
            )

    def build(self, input_shape):
        memory_shape = (*input_shape, self.units)
        self.embedding.build(input_shape)
        for convolution in self.convolutions:
            convolution.build(memory_shape)
        if self.recurrent is not None:
            self.recurrent.build(memory_shape)

    def call(self, inputs):
        mask = self.compute_mask(inputs)  # (B, Tx)
        present = ops.expand_dims(ops.cast(mask, self.compute_dtype), 2)  # (B, Tx, 1)
        embedded = memory = self.embedding(inputs) * present  # (B, Tx, units)
        extra = int(not inputs.shape[1])  # unknown or 0: TensorFlow leaves a kernel's gradient over no steps undefined
        if extra:
            memory, present = (ops.pad(x, ((0, 0), (0, extra), (0, 0))) for x in (memory, present))
        for convolution in self.convolutions:
            memory = (memory + convolution(memory)) * present
        if extra:
            memory = memory[:, :-extra]
        if self.recurrent is not None:
            memory = self.recurrent(memory, mask=mask)  # (B, Tx, 2 * recurrent_units)
        return ops.concatenate([memory, embedded], axis=-1) if self.keep_embedding else memory

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs, 0)

    def compute_output_shape(self, input_shape):
        return (*input_shape, (2 * self.recurrent_units or self.units) + self.units * self.keep_embedding)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "units": self.units,
            "depth": self.depth,
            "kernel_size": self.kernel_size,
            "recurrent_units": self.recurrent_units,
            "keep_embedding": self.keep_embedding,
        }
