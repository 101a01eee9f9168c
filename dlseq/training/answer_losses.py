"""Loss and metric of answers, and the loss of looks."""

import keras
from keras import ops

__all__ = ["AnswerLoss", "AnswerMatch", "LookLoss"]


@keras.saving.register_keras_serializable(package="dlseq")
class AnswerLoss(keras.losses.Loss):
    """Mean cross-entropy of the word and of the relation of answers, in nats.

    Call arguments:
        y_true: Integers `(B, Q, 2)`: the word, -1 for no question, and the relation, 0 for none.
        y_pred: Logits `(B, Q, words + relations)`.

    Example:
        >>> loss = AnswerLoss(words=2)
        >>> round(float(loss([[[1, 0], [-1, 0]]], [[[0.0] * 5] * 2])), 4)  # ln 2 + ln 3
        1.7918
    """

    def __init__(self, words, name="answer_loss", **kwargs):
        super().__init__(name=name, reduction=None)
        self.words = words

    def call(self, y_true, y_pred):
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        asked = ops.cast(y_true[..., 0] >= 0, y_pred.dtype)  # (B, Q)
        word, relation = ops.maximum(y_true[..., 0], 0), y_true[..., 1]
        nats = ops.sparse_categorical_crossentropy(word, y_pred[..., : self.words], from_logits=True)
        nats += ops.sparse_categorical_crossentropy(relation, y_pred[..., self.words :], from_logits=True)
        return ops.sum(nats * asked) / ops.maximum(ops.sum(asked), 1)

    def get_config(self):
        return {"name": self.name, "words": self.words}


@keras.saving.register_keras_serializable(package="dlseq")
class AnswerMatch(keras.metrics.Metric):
    """Share of questions whose word and relation are right.

    Call arguments: as those of `AnswerLoss`.

    Example:
        >>> metric = AnswerMatch(words=2)
        >>> metric.update_state([[[1, 0], [0, 1]]], [[[0.0, 9.0, 9.0, 0.0], [9.0, 0.0, 9.0, 0.0]]])
        >>> float(metric.result())
        0.5
    """

    def __init__(self, words, name="exact_match", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.words = words
        self.right = self.add_variable(shape=(), initializer="zeros", name="right")
        self.count = self.add_variable(shape=(), initializer="zeros", name="count")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = ops.cast(y_true, "int32"), ops.convert_to_tensor(y_pred)
        found = ops.stack([ops.argmax(y_pred[..., part], axis=-1) for part in self._parts()], axis=-1)  # (B, Q, 2)
        right = ops.all(ops.equal(ops.cast(found, "int32"), y_true), axis=-1)
        self.right.assign_add(ops.sum(ops.cast(right, self.dtype)))
        self.count.assign_add(ops.sum(ops.cast(y_true[..., 0] >= 0, self.dtype)))

    def _parts(self):
        return slice(None, self.words), slice(self.words, None)

    def result(self):
        return self.right / ops.maximum(self.count, 1.0)

    def get_config(self):
        return {"name": self.name, "words": self.words}


@keras.saving.register_keras_serializable(package="dlseq")
class LookLoss(keras.losses.Loss):
    """Mean of `-log` of the weight that looks have within the boxes of what they should see.

    Call arguments:
        y_true: Zeros and ones `(B, Q, 2, P)`: the places of the boxes; all zero for a look that is free.
        y_pred: Weights `(B, Q, 2, P)`.

    Example:
        >>> round(float(LookLoss()([[[[1, 0], [0, 0]]]], [[[[0.5, 0.5], [1.0, 0.0]]]])), 4)  # ln 2
        0.6931
    """

    def __init__(self, name="look_loss", **kwargs):
        super().__init__(name=name, reduction=None)

    def call(self, y_true, y_pred):
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        within = ops.cast(y_true, y_pred.dtype)
        told = ops.cast(ops.any(within > 0, axis=-1), y_pred.dtype)  # (B, Q, 2)
        nats = -ops.log(ops.sum(within * y_pred, axis=-1) + 1e-6)
        return ops.sum(nats * told) / ops.maximum(ops.sum(told), 1)

    def get_config(self):
        return {"name": self.name}
