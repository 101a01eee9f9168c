"""Losses and metrics of sequence models, registered with Keras."""

import keras
from keras import ops

from dlseq.text.vocabulary import Vocabulary

__all__ = ["ExactMatch", "MaskedCrossEntropy", "NatsPerSymbol", "sequence_nats"]


@keras.saving.register_keras_serializable(package="dlseq")
class ExactMatch(keras.metrics.Metric):
    """The exact-match rate under teacher forcing: sequences whose every symbol is the most probable one.

    Padding is left out. Of equally probable symbols none is the most probable one.

    It equals the exact-match rate of greedy search: greedy search that produces the true sequence has read the true
    symbols at every step, as teacher forcing does, and where each symbol is the most probable one after the true ones,
    greedy search chooses exactly these. So one parallel pass over all steps replaces decoding step by step.

    Call arguments:
        y_true: Integers `(B, T)`, 0 for padding.
        y_pred: Logits `(B, T, V)`.

    Example:
        >>> metric = ExactMatch()
        >>> metric.update_state([[1, 2], [1, 0]], [[[0, 9, 1], [0, 9, 1]], [[0, 9, 1], [0, 9, 1]]])
        >>> float(metric.result())
        0.5
    """

    def __init__(self, name="exact_match", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.correct = self.add_variable(shape=(), initializer="zeros", name="correct")
        self.count = self.add_variable(shape=(), initializer="zeros", name="count")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true = ops.convert_to_tensor(y_true)
        y_true = ops.cast(y_true, "int32")
        found = ops.take_along_axis(y_pred, y_true[:, :, None], axis=-1)  # (B, T, 1)
        # Keras's `argmax` takes four times as long.
        matches = ops.equal(ops.sum(ops.cast(y_pred >= found, "int32"), axis=-1), 1)
        matches = ops.logical_or(matches, ops.equal(y_true, Vocabulary.pad_id))
        self.correct.assign_add(ops.sum(ops.cast(ops.all(matches, axis=1), self.dtype)))
        self.count.assign_add(ops.cast(ops.shape(y_true)[0], self.dtype))

    def result(self):
        return self.correct / ops.maximum(self.count, 1.0)


@keras.saving.register_keras_serializable(package="dlseq")
class MaskedCrossEntropy(keras.losses.Loss):
    """Mean cross-entropy in nats over the symbols of a batch, padding left out.

    Call arguments:
        y_true: Integers `(B, T)`, 0 for padding.
        y_pred: Logits `(B, T, V)`.

    Example:
        >>> loss = MaskedCrossEntropy()
        >>> round(float(loss([[1, 2, 0]], [[[0.0, 0.0, 0.0]] * 3])), 4)  # ln 3
        1.0986
    """

    def __init__(self, name="masked_cross_entropy", **kwargs):
        super().__init__(name=name, reduction=None, **{k: v for k, v in kwargs.items() if k != "reduction"})

    def call(self, y_true, y_pred):
        nats, counts = sequence_nats(y_true, y_pred)
        return ops.sum(nats) / ops.maximum(ops.sum(counts), 1.0)


@keras.saving.register_keras_serializable(package="dlseq")
class NatsPerSymbol(keras.metrics.Metric):
    """Cross-entropy in nats per symbol over all batches, with end tokens and without padding.

    Sums and counts are accumulated separately: a mean of batch means would weight symbols by the batch they are in.

    Example:
        >>> metric = NatsPerSymbol()
        >>> metric.update_state([[1, 0]], [[[0.0, 0.0]] * 2])
        >>> metric.update_state([[1, 1]], [[[0.0, 100.0]] * 2])
        >>> round(float(metric.result()), 4)  # ln 2 over three symbols
        0.231
    """

    def __init__(self, name="nats", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.nats = self.add_variable(shape=(), initializer="zeros", name="nats")
        self.count = self.add_variable(shape=(), initializer="zeros", name="count")

    def update_state(self, y_true, y_pred, sample_weight=None):
        nats, counts = sequence_nats(y_true, y_pred)
        self.nats.assign_add(ops.sum(nats))
        self.count.assign_add(ops.sum(counts))

    def result(self):
        return self.nats / ops.maximum(self.count, 1.0)


def sequence_nats(ids, logits):
    """Return the cross-entropy and the number of symbols of each sequence.

    Args:
        ids: Integers `(B, T)`, 0 for padding.
        logits: `(B, T, V)`.

    Returns:
        The sum of the negative log-probabilities, `(B,)`, and the number of symbols without padding, `(B,)`, float32.

    Example:
        >>> nats, counts = sequence_nats([[1, 2, 0]], [[[0.0, 0.0, 0.0]] * 3])
        >>> round(float(nats[0]), 4), float(counts[0])
        (2.1972, 2.0)
    """
    ids, logits = ops.convert_to_tensor(ids), ops.convert_to_tensor(logits)
    counts = ids != Vocabulary.pad_id  # (B, T)
    losses = keras.losses.sparse_categorical_crossentropy(ids, logits, from_logits=True)  # (B, T)
    return ops.sum(ops.where(counts, losses, 0.0), axis=1), ops.sum(ops.cast(counts, "float32"), axis=1)
