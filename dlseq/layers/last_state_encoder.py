"""Encoder whose memory is its last state alone, for a decoder without attention."""

import keras
from keras import ops

from dlseq.layers._validation import check_integer
from dlseq.layers.lstm import LSTM

__all__ = ["LastStateEncoder"]


@keras.saving.register_keras_serializable(package="dlseq")
class LastStateEncoder(keras.layers.Layer):
    """An encoder from symbol ids `(B, Tx)` to a memory of one vector `(B, 1, D)`, with id 0 as padding.

    An LSTM reads the embeddings from the last symbol to the first, so that the beginning of the source is nearest to
    the beginning of the target (Sutskever, Vinyals and Le, 2014, arXiv:1409.3215). A decoder with attention over one
    vector has no choice of where to look: it is the encoder-decoder without attention, which sees the vector at each
    step (Cho et al., 2014, arXiv:1406.1078).

    Args:
        vocabulary_size: Positive integer, the number of input symbols; id 0 is padding.
        units: Positive integer, the width of the embedding.
        recurrent_units: Positive integer, the width `D` of the LSTM's state.
        reverse: Boolean, reads the source from its end. Defaults to `True`.

    Call arguments:
        inputs: Integers of shape `(B, Tx)`.

    Returns:
        The last state, shape `(B, 1, recurrent_units)`. Padding has no effect on it.

    Example:
        >>> encoder = LastStateEncoder(vocabulary_size=11, units=8, recurrent_units=3)
        >>> tuple(encoder(ops.convert_to_tensor([[3, 4, 5, 0], [6, 0, 0, 0]])).shape)
        (2, 1, 3)
    """

    def __init__(self, vocabulary_size, units, recurrent_units, reverse=True, **kwargs):
        super().__init__(**kwargs)
        self.vocabulary_size = check_integer("vocabulary_size", vocabulary_size)
        self.units = check_integer("units", units)
        self.recurrent_units = check_integer("recurrent_units", recurrent_units)
        self.reverse = bool(reverse)
        self.supports_masking = True
        self.autocast = False  # ids given as floats would lose digits in float16

        options = {"dtype": self.dtype_policy}
        self.embedding = keras.layers.Embedding(vocabulary_size, units, name="embedding", **options)
        self.lstm = LSTM(recurrent_units, go_backwards=self.reverse, name="lstm", **options)

    def build(self, input_shape):
        self.embedding.build(input_shape)
        self.lstm.build((*input_shape, self.units))

    def call(self, inputs):
        state = self.lstm(self.embedding(inputs), mask=ops.not_equal(inputs, 0))  # (B, recurrent_units)
        return ops.expand_dims(state, 1)

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 1, self.recurrent_units)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "units": self.units,
            "recurrent_units": self.recurrent_units,
            "reverse": self.reverse,
        }
