"""Recurrent language model."""

import keras
import numpy as np
from keras import ops

from dlseq.decoding import compiled
from dlseq.layers import LSTM
from dlseq.networks.network import Network
from dlseq.text.vocabulary import Vocabulary

__all__ = ["LanguageModel"]

NEVER = -1e9  # added to the logit of padding; finite, so that a masked loss of it is a number


@keras.saving.register_keras_serializable(package="dlseq")
class LanguageModel(Network):
    """A recurrent language model of characters or words: embedding, LSTMs, logits.

    The end token also serves as the start token, so the vocabulary needs no symbol that is never predicted. Padding is
    never predicted.

    The network operates on ids; `NameGenerator` adds the preprocessing of texts. Its configuration contains the
    vocabulary, the sizes and the metadata of the training, so a single `.keras` file is sufficient.

    Args:
        vocabulary: `Vocabulary.to_config()`.
        embedding_units: Integer, the width of the embedding. Defaults to `32`.
        units: Integer, the width of each LSTM. Defaults to `160`.
        depth: Integer, the number of stacked LSTMs. Defaults to `1`.
        embedding_dropout: Float, the fraction of the embedding's features dropped in training. Defaults to `0.1`.
        dropout: Float, the fraction of each LSTM's output features dropped in training. Defaults to `0.4`.
        metadata: Dict of JSON values, such as the training settings and scores. Defaults to `None`, which is `{}`.

    Call arguments:
        inputs: Integers `(B, T)`: padded sequences, each with its end token.

    Returns:
        Logits `(B, T, V)`; `logits[:, t]` depends on `inputs[:, :t]` only.

    Raises:
        ValueError: a size is not positive.

    Reference:
        Gal and Ghahramani, 2016, "A theoretically grounded application of dropout in recurrent neural networks":
        the dropout mask is the same at all steps of a sequence.

    Example:
        >>> vocabulary = Vocabulary("abc")
        >>> network = LanguageModel(vocabulary.to_config(), embedding_units=4, units=8)
        >>> tuple(network(vocabulary.encode_batch(["cab", "b"], eos=True)).shape)
        (2, 4, 6)
        >>> logits, state = network.step(ops.convert_to_tensor([network.start_id]), network.initial_state(1))
        >>> tuple(logits.shape)
        (1, 6)
    """

    def __init__(
        self,
        vocabulary,
        embedding_units=32,
        units=160,
        depth=1,
        embedding_dropout=0.1,
        dropout=0.4,
        metadata=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, size in {"embedding_units": embedding_units, "units": units, "depth": depth}.items():
            if size < 1:
                raise ValueError(f"LanguageModel expected a positive `{name}`. Received: {name}={size}")
        self.sizes = {
            "embedding_units": embedding_units,
            "units": units,
            "depth": depth,
            "embedding_dropout": embedding_dropout,
            "dropout": dropout,
        }
        self.vocabulary = Vocabulary.from_config(vocabulary)
        self.metadata = dict(metadata or {})
        self.start_id = Vocabulary.eos_id
        options = {"dtype": self.dtype_policy}
        self.embedding = keras.layers.Embedding(
            len(self.vocabulary),
            embedding_units,
            embeddings_initializer=keras.initializers.RandomNormal(stddev=0.3),  # 0.05, the default, learns slower
            name="embedding",
            **options,
        )
        self.embedding_dropout = keras.layers.SpatialDropout1D(embedding_dropout, name="embedding_dropout", **options)
        self.lstms = [LSTM(units, return_sequences=True, name=f"lstm_{i}", **options) for i in range(depth)]
        self.dropouts = [keras.layers.SpatialDropout1D(dropout, name=f"dropout_{i}", **options) for i in range(depth)]
        wide = "float64" if self.compute_dtype == "float64" else "float32"
        self.logits = keras.layers.Dense(len(self.vocabulary), dtype=wide, name="logits")
        self.embedding.build((None, None))
        for lstm, width in zip(self.lstms, [embedding_units, *[units] * (depth - 1)], strict=True):
            lstm.build((None, None, width))
        self.logits.build((None, None, units))
        self.built = True

    def call(self, inputs, training=False):
        inputs = ops.convert_to_tensor(inputs)
        start = ops.full_like(inputs[:, :1], self.start_id)
        read = ops.concatenate([start, inputs[:, :-1]], axis=1)  # (B, T)
        features = self.embedding_dropout(self.embedding(read), training=training)  # (B, T, D)
        for lstm, dropout in zip(self.lstms, self.dropouts, strict=True):
            features = dropout(lstm(features, training=training), training=training)
        return self._without_padding(self.logits(features))

    def initial_state(self, batch_size):
        """Return the initial state.

        Args:
            batch_size: Integer, `B`.

        Returns:
            A list with a pair of zeros `(B, units)` for each LSTM: the hidden and the cell state.
        """
        zeros = [ops.zeros((batch_size, self.sizes["units"]), dtype=self.compute_dtype) for _ in self.lstms]
        return [(zero, zero) for zero in zeros]

    def prefill(self, ids):
        """Process a prefix of a sequence.

        Args:
            ids: Integers `(P,)`, without the start token; may be empty.

        Returns:
            The next input token, an integer; the state before it, of batch size 1; and the log-probability of the
            prefix, a float.
        """
        token, state, log_prob = self.start_id, self.initial_state(1), 0.0
        for following in map(int, ids):
            logits, state = self.step(np.array([token], "int32"), state)
            log_prob += float(ops.convert_to_numpy(ops.log_softmax(logits))[0, following])
            token = following
        return token, state, log_prob

    def step(self, tokens, state):
        """Compute one step, following the step protocol of `dlseq.decoding`.

        Args:
            tokens: Integers `(B,)`: the previous symbols, or `start_id` in the first step.
            state: The state returned by `initial_state` or by the previous step.

        Returns:
            The logits `(B, V)` of the next symbol, and the new state.
        """
        return self._upper_layers(self.embedding(tokens), [], state)

    def prepared_step(self):
        """Return a `step` for long searches, with precomputed input projections.

        Returns:
            A function equivalent to `step` with the current weights. Call this method inside the graph that runs the
            search; see `LSTM.step_over`.
        """
        # The layer is asked for its table: the variable of a quantized one holds integers.
        first = self.lstms[0].step_over(self.embedding(ops.arange(len(self.vocabulary), dtype="int32")))

        def step(tokens, state):
            hidden, cell = first(tokens, *state[0])
            return self._upper_layers(hidden, [(hidden, cell)], state[1:])

        return step

    def compiled_step(self):
        """Return a `step` compiled once for all batch sizes, for `sample` with `num_samples`."""

        def step(tokens, state):
            return self.prepared_step()(tokens, state)

        return compiled(step, any_batch_size=True)

    def _upper_layers(self, features, new_state, state):
        """Apply the LSTMs above those in `new_state`, and the logits."""
        for lstm, (hidden, cell) in zip(self.lstms[len(new_state) :], state, strict=True):
            features, cell = lstm.step(features, hidden, cell)
            new_state.append((features, cell))
        return self._without_padding(self.logits(features)), new_state

    def _without_padding(self, logits):
        ids = ops.arange(len(self.vocabulary), dtype="int32")
        return logits + NEVER * ops.cast(ids == Vocabulary.pad_id, logits.dtype)

    def input_signature(self, batch_size=None, length=None):
        """Return the specification of the ids, for `export`; a size of `None` stays open."""
        return [keras.InputSpec(shape=(batch_size, length), dtype="int32", name="ids")]

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary": self.vocabulary.to_config(),
            **self.sizes,
            "metadata": dict(self.metadata),
        }
