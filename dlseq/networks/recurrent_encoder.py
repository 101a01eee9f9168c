"""Recurrent encoder of tokens that have one or several features."""

import keras
from keras import ops

from dlseq.layers import LSTM
from dlseq.text.vocabulary import Vocabulary

__all__ = ["CELLS", "RecurrentEncoder"]

CELLS = {"lstm": LSTM, "gru": keras.layers.GRU, "simple_rnn": keras.layers.SimpleRNN}


@keras.saving.register_keras_serializable(package="dlseq")
class RecurrentEncoder(keras.layers.Layer):
    """An encoder from ids of tokens to a memory: embeddings, then recurrent layers.

    A token has one id for each feature, such as its word and its suffix; their embeddings are concatenated. Id 0 is
    padding, at the end of a row: it changes neither memory nor mask of the other tokens, and its own memory is zero.

    Args:
        sizes: Dict of the number of ids of each feature.
        embedding_units: Integer, the width of each embedding, or a dict with one for each feature. Defaults to `32`.
        units: Integer, the width of a recurrent layer in each direction. Defaults to `64`.
        depth: Integer, the number of recurrent layers. Defaults to `1`.
        cell: `"lstm"`, `"gru"` or `"simple_rnn"`. Defaults to `"lstm"`.
        bidirectional: Boolean, whether each layer reads in both directions. Defaults to `True`.
        unknown_rate: Float, the fraction of the ids replaced by the unknown one in training, so that the embedding of
            unknown tokens is learned. Defaults to `0.0`.
        dropout: Float, the fraction of the features of embeddings and layers dropped in training. Defaults to `0.0`.

    Call arguments:
        inputs: Dict of integers `(B, T)`, one for each feature.

    Returns:
        The memory `(B, T, D)`, where `D` is `units`, or `2 * units` if bidirectional.

    Raises:
        ValueError: no features, a size that is not positive, or an unknown cell.

    Example:
        >>> import numpy as np
        >>> encoder = RecurrentEncoder({"word": 9}, units=4, cell="gru")
        >>> tuple(encoder({"word": np.array([[3, 8, 4], [5, 0, 0]])}).shape)
        (2, 3, 8)
    """

    def __init__(
        self,
        sizes,
        embedding_units=32,
        units=64,
        depth=1,
        cell="lstm",
        bidirectional=True,
        unknown_rate=0.0,
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not sizes:
            raise ValueError("RecurrentEncoder expected at least one feature. Received: sizes={}")
        if cell not in CELLS:
            raise ValueError(
                f"RecurrentEncoder expected `cell` to be one of {', '.join(CELLS)}. Received: cell={cell!r}"
            )
        widths = dict.fromkeys(sizes, embedding_units) if isinstance(embedding_units, int) else dict(embedding_units)
        if widths.keys() != sizes.keys():
            raise ValueError(
                f"RecurrentEncoder expected `embedding_units` for the features {', '.join(sizes)}. "
                f"Received: embedding_units={embedding_units}"
            )
        for name, size in {**widths, "units": units, "depth": depth}.items():
            if size < 1:
                raise ValueError(f"RecurrentEncoder expected a positive size of `{name}`. Received: {size}")
        self.arguments = {
            "sizes": dict(sizes),
            "embedding_units": widths,
            "units": units,
            "depth": depth,
            "cell": cell,
            "bidirectional": bidirectional,
            "unknown_rate": unknown_rate,
            "dropout": dropout,
        }
        self.embedding_width = sum(widths.values())
        self.units_out = 2 * units if bidirectional else units
        self.unknown_rate = unknown_rate
        self.supports_masking = True
        self.autocast = False  # ids given as floats would lose digits in float16
        self.seed_generator = keras.random.SeedGenerator()
        options = {"dtype": self.dtype_policy}
        self.embeddings = {
            name: keras.layers.Embedding(
                size,
                widths[name],
                embeddings_initializer=keras.initializers.RandomNormal(stddev=0.3),  # as in LanguageModel
                name=f"embedding_{name}",
                **options,
            )
            for name, size in sizes.items()
        }
        self.layers_, self.dropouts = [], []
        for index in range(depth):
            layer = CELLS[cell](units, return_sequences=True, name=f"{cell}_{index}", **options)
            if bidirectional:
                layer = keras.layers.Bidirectional(layer, name=f"bidirectional_{index}", **options)
            self.layers_.append(layer)
        for index in range(depth + 1):
            self.dropouts.append(keras.layers.SpatialDropout1D(dropout, name=f"dropout_{index}", **options))
        for embedding in self.embeddings.values():
            embedding.build((None, None))
        for layer, width in zip(self.layers_, [self.embedding_width, *[self.units_out] * (depth - 1)], strict=True):
            layer.build((None, None, width))
        self.built = True

    def call(self, inputs, training=False):
        return self.read(self.embed(inputs, training=training), self.compute_mask(inputs), training=training)

    def embed(self, inputs, training=False):
        """Return the concatenated embeddings `(B, T, E)`, before the recurrent layers."""
        embedded = [
            self.embeddings[name](self._with_unknown(inputs[name], training)) for name in self.arguments["sizes"]
        ]
        return self.dropouts[0](ops.concatenate(embedded, axis=-1), training=training)

    def read(self, embedded, mask, training=False):
        """Return the memory `(B, T, D)` of embeddings `(B, T, E)` with the mask `(B, T)` of their tokens."""
        memory = embedded
        for layer, dropout in zip(self.layers_, self.dropouts[1:], strict=True):
            memory = dropout(layer(memory, mask=mask, training=training), training=training)
        return memory * ops.expand_dims(ops.cast(mask, memory.dtype), 2)

    def _with_unknown(self, ids, training):
        """Replace a fraction of the ids by the unknown one in training; padding stays."""
        if not training or not self.unknown_rate:
            return ids
        ids = ops.convert_to_tensor(ids)
        drawn = keras.random.uniform(ops.shape(ids), seed=self.seed_generator)
        replaced = ops.logical_and(drawn < self.unknown_rate, ids != Vocabulary.pad_id)
        return ops.where(replaced, ops.full_like(ids, Vocabulary.unk_id), ids)

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs[next(iter(self.arguments["sizes"]))], Vocabulary.pad_id)

    def compute_output_shape(self, input_shape):
        return (*next(iter(input_shape.values())), self.units_out)

    def get_config(self):
        return {**super().get_config(), **self.arguments}
