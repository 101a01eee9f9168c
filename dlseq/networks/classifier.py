"""Recurrent classifier with attention over the tokens."""

import keras
import numpy as np
from keras import ops

from dlseq.layers import AttentionLayer
from dlseq.networks.token_network import TokenNetwork

__all__ = ["Classifier"]


@keras.saving.register_keras_serializable(package="dlseq")
class Classifier(TokenNetwork):
    """A network from sequences to classes: a `RecurrentEncoder`, attention over its memory, logits.

    1. `memory = encoder(ids)`, shape `(B, T, D)`.
    2. `query = mean of the memory over the tokens`, shape `(B, D)`.
    3. `context, weights = attention(query, memory, keys of the embeddings)`: one weight for each token, zero for
       padding.
    4. `logits = Dense(context)`, shape `(B, K)`.

    Since the keys are those of the embeddings, a weight depends on its own word and on the mean of the whole; since the
    logits follow from the context alone, a word without weight has no part in them but through its neighbors.

    Args:
        features: Dict of `Vocabulary.to_config()` for each feature of a token.
        classes: List of the names of the classes.
        attention_units: Integer, the width of keys and query. Defaults to `32`.
        unattended: Symbols of the first feature that get no attention unless there are no others, such as punctuation;
            `"<unk>"` for unknown ones. Defaults to `()`.
        metadata: Plain data about the model. Defaults to `None`, which is `{}`.
        **sizes: The arguments of `RecurrentEncoder`, and those of a Keras model.

    Call arguments:
        inputs: Dict of integers `(B, T)`, one for each feature, padded with 0 at the end.
        return_attention_scores: Boolean, returns the weights `(B, T)` too. Defaults to `False`.

    Returns:
        Logits `(B, K)`.

    Raises:
        ValueError: fewer than two classes, or see `RecurrentEncoder`.

    Reference:
        Yang et al., 2016, "Hierarchical attention networks for document classification".

    Example:
        >>> from dlseq.text.vocabulary import Vocabulary
        >>> words = Vocabulary(["good", "bad"], level="word")
        >>> network = Classifier({"word": words.to_config()}, ["1", "2"], units=4)
        >>> ids = words.encode_batch(["good good bad", "bad"])
        >>> logits, weights = network({"word": ids}, return_attention_scores=True)
        >>> tuple(logits.shape), tuple(weights.shape)
        ((2, 2), (2, 3))
    """

    def __init__(
        self,
        features,
        classes,
        attention_units=32,
        unattended=(),
        metadata=None,
        name=None,
        dtype=None,
        trainable=True,
        **sizes,
    ):
        super().__init__(features, sizes, metadata, name=name, dtype=dtype, trainable=trainable)
        if len(classes) < 2:
            raise ValueError(f"Classifier expected at least two `classes`. Received: classes={classes}")
        self.classes = list(classes)
        self.attention_units = attention_units
        self.unattended = tuple(unattended)
        symbols = ("<pad>", "<unk>", "<eos>", *next(iter(self.vocabularies.values())).symbols)
        excluded = set(unattended)
        self._attended = np.array([symbol not in excluded for symbol in symbols])  # (V,)
        width = self.encoder.units_out
        self.attention = AttentionLayer(attention_units, name="attention", dtype=self.dtype_policy)
        self.attention.build([(None, width), (None, None, width), (None, None, self.encoder.embedding_width)])
        self.logits = self.logits_layer(len(self.classes), width)
        self.built = True

    def call(self, inputs, training=False, return_attention_scores=False):
        mask = self.encoder.compute_mask(inputs)  # (B, T)
        embedded = self.encoder.embed(inputs, training=training)  # (B, T, E)
        memory = self.encoder.read(embedded, mask, training=training)  # (B, T, D), zero in padding
        counts = ops.maximum(ops.sum(ops.cast(mask, memory.dtype), axis=1, keepdims=True), 1)
        query = ops.sum(memory, axis=1) / counts  # (B, D)
        attended = self._attended_tokens(inputs, mask)
        context, weights = self.attention(
            [query, memory, embedded], mask=[None, attended], return_attention_scores=True
        )
        logits = self.logits(ops.squeeze(context, axis=1))  # (B, K)
        return (logits, ops.squeeze(weights, axis=1)) if return_attention_scores else logits

    def _attended_tokens(self, inputs, mask):
        """Return the tokens `(B, T)` that may get attention."""
        if not self.unattended:
            return mask
        attended = ops.logical_and(mask, ops.take(self._attended, inputs[next(iter(self.vocabularies))], axis=0))
        return ops.where(ops.any(attended, axis=1, keepdims=True), attended, mask)

    def get_config(self):
        return {
            **super().get_config(),
            "classes": list(self.classes),
            "attention_units": self.attention_units,
            "unattended": list(self.unattended),
        }
