"""Nested decoding state: a nest of tensors with the batch as their first axis.

A decoder flattens the nest once and carries the leaves. A leaf that `step` returns as the very object it received (a
translator's memory and its keys) has not changed; decoders detect this and neither copy nor reorder it.
"""

import keras
from keras import ops

from dlseq.errors import DlseqError

__all__ = ["flatten", "freeze", "gather_rows", "keep_static_shape", "pack", "tile", "write_step", "zero_buffers"]


def flatten(nest, name: str = "state") -> tuple:
    """Flatten a nest into its tensors. `None` has no tensors, as a leaf or as the whole nest.

    Args:
        nest: Dicts, lists and tuples of tensors or arrays `(B, ...)`, or `None`.
        name: The name of the nest, for the message.

    Returns:
        The tensors, in the order of `keras.tree`.

    Raises:
        DlseqError: a leaf is a scalar, so it has no batch axis.

    Example:
        >>> import numpy as np
        >>> [leaf.shape[1] for leaf in flatten({"b": [np.zeros((2, 5)), None], "a": np.zeros((2, 3))})]
        [3, 5]
    """
    leaves = tuple(ops.convert_to_tensor(leaf) for leaf in keras.tree.flatten(nest) if leaf is not None)
    if any(len(leaf.shape) == 0 for leaf in leaves):
        raise DlseqError(
            f"Invalid shape of a tensor in `{name}`. Expected the batch as the first axis, (B, ...). "
            "Received: a scalar. Repeat it for each row, shape (B,)."
        )
    return leaves


def pack(nest, leaves):
    """Pack tensors into the structure of a nest: the inverse of `flatten`.

    Args:
        nest: The nest that gives the structure.
        leaves: As many tensors as `flatten(nest)` returns.

    Returns:
        A nest of the same structure.

    Example:
        >>> pack({"b": [1, None], "a": 2}, (30, 40))
        {'b': [40, None], 'a': 30}
    """
    remaining = iter(leaves)
    return keras.tree.pack_sequence_as(
        nest, [None if leaf is None else next(remaining) for leaf in keras.tree.flatten(nest)]
    )


def freeze(finished, old_leaves, new_leaves) -> tuple:
    """Keep the old state of finished rows.

    Args:
        finished: Booleans `(B,)`.
        old_leaves, new_leaves: Tensors `(B, ...)` before and after a step.

    Returns:
        For each leaf, rows of `old_leaves` where finished and of `new_leaves` elsewhere.

    Example:
        >>> import numpy as np
        >>> leaf, = freeze(np.array([True, False]), [np.array([1, 2])], [np.array([3, 4])])
        >>> np.asarray(leaf).tolist()
        [1, 4]
    """

    def frozen(old, new):
        return old if old is new else ops.where(_expand_like(finished, new), old, new)

    return tuple(frozen(old, new) for old, new in zip(old_leaves, new_leaves, strict=True))


def zero_buffers(outputs, max_length: int) -> tuple:
    """Return buffers of zeros for the outputs of all steps.

    Args:
        outputs: Tensors `(B, ...)`, the outputs of one step.
        max_length: The number of steps, `T`.

    Returns:
        Tensors `(B, T, ...)`.

    Example:
        >>> import numpy as np
        >>> zero_buffers([np.ones((2, 3))], 4)[0].shape == (2, 4, 3)
        True
    """
    return tuple(ops.repeat(ops.zeros_like(x)[:, None], max_length, axis=1) for x in outputs)


def write_step(buffers, outputs, time, finished=None) -> tuple:
    """Write the outputs of one step into buffers.

    Args:
        buffers: Tensors `(B, T, ...)`.
        outputs: Tensors `(B, ...)`.
        time: The number of the step, an int32 scalar.
        finished: Booleans `(B,)`, rows that are left as they are, or `None`.

    Returns:
        Tensors `(B, T, ...)`.

    Example:
        >>> import numpy as np
        >>> buffer, = write_step([np.zeros((2, 3))], [np.array([5.0, 6.0])], 1, np.array([False, True]))
        >>> np.asarray(buffer).tolist()
        [[0.0, 5.0, 0.0], [0.0, 0.0, 0.0]]
    """

    def written(buffer, output):
        here = (ops.arange(buffer.shape[1], dtype="int32") == time)[None]  # (1, T)
        if finished is not None:
            here = ops.logical_and(here, ops.logical_not(finished)[:, None])  # (B, T)
        here = ops.reshape(here, (-1, buffer.shape[1], *(1,) * (len(buffer.shape) - 2)))
        return keep_static_shape(ops.where(here, output[:, None], buffer), buffer)

    return tuple(written(buffer, output) for buffer, output in zip(buffers, outputs, strict=True))


def tile(leaves, times: int) -> tuple:
    """Repeat each row: `(B, ...)` becomes `(B * times, ...)`, with adjacent copies.

    Args:
        leaves: Tensors `(B, ...)`.
        times: The number of copies.

    Returns:
        The tiled tensors.

    Example:
        >>> import numpy as np
        >>> np.asarray(tile([np.array([7, 8])], 2)[0]).tolist()
        [7, 7, 8, 8]
    """
    return tuple(ops.repeat(leaf, times, axis=0) for leaf in leaves)


def gather_rows(values, indices):
    """Gather `values[b, indices[b, n]]` for each row, in one operation.

    Args:
        values: Tensor `(B, M, ...)`.
        indices: int32 `(B, n)`, each in `0 … M - 1`.

    Returns:
        Tensor `(B, n, ...)`.

    Example:
        >>> import numpy as np
        >>> np.asarray(gather_rows(np.array([[1, 2, 3], [4, 5, 6]]), np.array([[2, 0], [1, 1]], "int32"))).tolist()
        [[3, 1], [5, 5]]
    """
    width = values.shape[1]
    offsets = ops.arange(ops.shape(values)[0], dtype="int32")[:, None] * width  # (B, 1)
    return ops.take(ops.reshape(values, (-1, *values.shape[2:])), offsets + indices, axis=0)


def keep_static_shape(new, old):
    """Restore the static shape of a loop variable where the graph of a step has lost it.

    Args:
        new: Tensor of the shape of `old`, though its static shape may be less specific.
        old: Tensor whose static shape has at most one unknown size for this to have an effect.

    Returns:
        `new`, with the static shape of `old`.

    Example:
        >>> import numpy as np
        >>> keep_static_shape(np.zeros((2, 3)), np.ones((2, 3))).shape
        (2, 3)
    """
    unknown = sum(size is None for size in old.shape)
    if unknown > 1 or tuple(old.shape) == tuple(new.shape):
        return new
    return ops.reshape(new, tuple(-1 if size is None else size for size in old.shape))


def _expand_like(flags, leaf):
    return ops.reshape(flags, (-1, *(1,) * (len(leaf.shape) - 1)))  # (B, 1, ...)
