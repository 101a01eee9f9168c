"""Recurrent tagger: a tag for each token."""

import keras
from keras import ops

from dlseq.networks.token_network import TokenNetwork
from dlseq.text.vocabulary import Vocabulary

__all__ = ["Tagger"]

NEVER = -1e9  # added to logits of special tokens; finite, so that a masked loss of them is a number


@keras.saving.register_keras_serializable(package="dlseq")
class Tagger(TokenNetwork):
    """A network from sequences to sequences of equal length: a `RecurrentEncoder` and logits of the tags.

    It computes with ids; a task adds the preprocessing. Its configuration contains vocabularies, sizes and metadata, so
    one `.keras` file is enough. Padding, unknown and end tokens are never predicted.

    Args:
        features: Dict of `Vocabulary.to_config()` for each feature of a token, such as `{"word": …, "suffix": …}`.
        tags: `Vocabulary.to_config()` of the tags.
        metadata: Plain data about the model. Defaults to `None`, which is `{}`.
        **sizes: The arguments of `RecurrentEncoder`: `embedding_units`, `units`, `depth`, `cell`, `bidirectional`,
            `unknown_rate`, `dropout`; and those of a Keras model.

    Call arguments:
        inputs: Dict of integers `(B, T)`, one for each feature, padded with 0 at the end.

    Returns:
        Logits `(B, T, K)` of the tags.

    Raises:
        ValueError: See `RecurrentEncoder`.

    Reference:
        Huang, Xu and Yu, 2015, "Bidirectional LSTM-CRF models for sequence tagging".

    Example:
        >>> letters, tags = Vocabulary("abc"), Vocabulary(["even", "odd"], level="word")
        >>> network = Tagger({"letter": letters.to_config()}, tags.to_config(), units=4)
        >>> tuple(network({"letter": letters.encode_batch(["abc", "b"])}).shape)
        (2, 3, 5)
    """

    def __init__(self, features, tags, metadata=None, name=None, dtype=None, trainable=True, **sizes):
        super().__init__(features, sizes, metadata, name=name, dtype=dtype, trainable=trainable)
        self.tags = Vocabulary.from_config(tags)
        self.logits = self.logits_layer(len(self.tags), self.encoder.units_out)
        self.built = True

    def call(self, inputs, training=False):
        logits = self.logits(self.encoder(inputs, training=training))  # (B, T, K)
        special = ops.arange(len(self.tags), dtype="int32") <= Vocabulary.eos_id
        return logits + NEVER * ops.cast(special, logits.dtype)

    def get_config(self):
        return {**super().get_config(), "tags": self.tags.to_config()}
