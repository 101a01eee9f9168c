"""History of the paths of a beam search: each step records the path that each new one extends.

Nothing recorded is reordered later. The sequences and their outputs are read backwards once, at the end.
"""

from typing import Any, NamedTuple

import keras
from keras import ops

from dlseq.decoding.nested_state import gather_rows, keep_static_shape

__all__ = ["Endings", "History", "read_paths", "write", "write_output"]


class History(NamedTuple):
    """The steps so far; later ones are zero."""

    beams: Any  # (T, B, K) int32, the path before step t that path k after it extends
    tokens: Any  # (T, B, K) int32, the token of that step
    outputs: tuple  # the records of the model's outputs, (T, B * K, ...), of the paths before step t

    @classmethod
    def empty(cls, paths, outputs, max_length: int) -> "History":
        """Return a history without steps.

        Args:
            paths: int32 `(B, K)`, for its shape.
            outputs: Tensors `(B * K, ...)`, the outputs of one step, for their shape.
            max_length: The number of steps, `T`.
        """
        zeros = _zeros(paths, max_length)
        return cls(zeros, zeros, tuple(_empty_record(output, max_length) for output in outputs))


class Endings(NamedTuple):
    """The last step of `N` sequences of each row."""

    lengths: Any  # (B, N) int32, 0 for no sequence
    beams: Any  # (B, N) int32, the path before the last step
    tokens: Any  # (B, N) int32, the token of the last step


def write(history, values, time):
    """Write the values of one step.

    Args:
        history: Tensor `(T, ...)`.
        values: Tensor of the shape of one step.
        time: The number of the step, an int32 scalar.

    Returns:
        A tensor `(T, ...)`, the only one to use from now on: a backend may write in place.

    Example:
        >>> import numpy as np
        >>> np.asarray(write(ops.zeros((3, 2), "int32"), ops.convert_to_tensor([7, 8]), 1)).tolist()
        [[0, 0], [7, 8], [0, 0]]
    """
    start = ops.pad(ops.reshape(ops.cast(time, "int32"), (1,)), ((0, len(history.shape) - 1),))  # (time, 0, ...)
    return keep_static_shape(ops.slice_update(history, start, values[None]), history)


def write_output(record, values, time):
    """Write a model's output of one step, which can be large: no step copies the others.

    Args:
        record: One of the `outputs` of a `History`: with TensorFlow, whose updates of a slice copy the whole tensor, a
            `TensorArray`; a tensor `(T, ...)` otherwise.
        values: Tensor of the shape of one step.
        time: The number of the step, an int32 scalar.

    Returns:
        The record, the only one to use from now on.
    """
    return record.write(time, values) if _has_tensor_arrays() else write(record, values, time)


def _has_tensor_arrays():
    return keras.config.backend() == "tensorflow"


def _empty_record(output, max_length):
    if not _has_tensor_arrays():
        return _zeros(output, max_length)
    import tensorflow as tf

    output = tf.convert_to_tensor(output)
    return tf.TensorArray(output.dtype, size=max_length, element_shape=output.shape)


def read_paths(history: History, endings: Endings, time, pad_id: int) -> tuple:
    """Read sequences, and the outputs of the first one of each row.

    Args:
        history: The history after `time` steps.
        endings: The last steps of the sequences.
        time: The number of steps, an int32 scalar, at least the largest length.
        pad_id: The padding after the end.

    Returns:
        Ids, int32 `(B, N, T)`, and a tuple of outputs `(B, T, ...)`, zero after the end.

    Example:
        >>> import numpy as np
        >>> one = lambda *steps: ops.convert_to_tensor([[list(paths)] for paths in steps], "int32")
        >>> history = History(one((0, 0), (1, 0)), one((5, 6), (7, 8)), ())  # 5, 6; then 6 7 and 5 8
        >>> ids, _ = read_paths(history, Endings(*(ops.convert_to_tensor([[n]], "int32") for n in (2, 1, 9))), 2, 0)
        >>> np.asarray(ids).tolist()
        [[[6, 9]]]
    """
    max_length, width = history.beams.shape[0], history.beams.shape[2]
    last = endings.lengths - 1  # (B, N)

    def should_continue(step, *_):
        return step >= 0

    def before(step, beams, paths):
        """Follow the paths from after a step to before it; `paths` has those before each step."""
        earlier = gather_rows(ops.take(history.beams, step, axis=0), beams)  # (B, N)
        beams = ops.where(last > step, earlier, endings.beams)
        return step - 1, beams, write(paths, beams, step)

    start = ops.cast(ops.convert_to_tensor(time), "int32") - 1
    variables = (start, endings.beams, _zeros(endings.beams, max_length))
    _, _, paths = ops.while_loop(should_continue, before, variables)  # (T, B, N)

    steps = ops.arange(max_length, dtype="int32")[:, None, None]  # (T, 1, 1)
    rows = ops.arange(ops.shape(last)[0], dtype="int32")[:, None]  # (B, 1)
    firsts = (steps * ops.shape(last)[0] + rows) * width  # (T, B, 1), of the flat axis of T * B * K
    after = ops.concatenate([paths[1:], paths[:1]], axis=0)  # the path after step t is that before step t + 1
    tokens = ops.take(ops.reshape(history.tokens, (-1,)), firsts + after, axis=0)  # (T, B, N)
    ids = ops.where(last > steps, tokens, ops.where(last == steps, endings.tokens, pad_id))
    best = ops.swapaxes((firsts + paths)[..., 0], 0, 1)  # (B, T)
    is_read = ops.arange(max_length, dtype="int32") <= last[:, :1]  # (B, T)

    def of_best(output):
        output = output.stack() if _has_tensor_arrays() else output  # (T, B * K, ...)
        found = ops.take(ops.reshape(output, (-1, *ops.shape(output)[2:])), best, axis=0)  # (B, T, ...)
        kept = ops.reshape(is_read, (*ops.shape(is_read), *(1,) * (len(output.shape) - 2)))
        return ops.where(kept, found, ops.zeros_like(found))

    return ops.transpose(ids, (1, 2, 0)), tuple(of_best(output) for output in history.outputs)


def _zeros(values, max_length):
    return ops.repeat(ops.zeros_like(values)[None], max_length, axis=0)
