"""The state of a model while it decodes: a nest whose leaves have the batch as their first axis.

A decoder flattens the nest once and carries the leaves. A leaf that `step` gives back as the very object that it
received (the memory of a translator, its keys) has not changed; the decoders see that and neither copy nor reorder it.
"""

import keras
from keras import ops

from dlseq.errors import DlseqError

__all__ = ["freeze", "gather_rows", "leaves_of", "nest_of", "tile"]


def leaves_of(state) -> tuple:
    """Flattens a state into its tensors. `None` holds no tensor, neither as a leaf nor as the whole state.

    Args:
        state: dicts, lists and tuples of tensors or arrays `(B, ...)`, or None.

    Returns:
        The tensors, in the order of `keras.tree`.

    Raises:
        DlseqError: a leaf is a scalar, so it has no batch axis.

    Example:
        >>> import numpy as np
        >>> [leaf.shape[1] for leaf in leaves_of({"b": [np.zeros((2, 5)), None], "a": np.zeros((2, 3))})]
        [3, 5]
    """
    leaves = tuple(ops.convert_to_tensor(leaf) for leaf in keras.tree.flatten(state) if leaf is not None)
    for leaf in leaves:
        if len(leaf.shape) == 0:
            raise DlseqError(
                "Every tensor of `state` must have the batch as its first axis, but a scalar was received. "
                "Give it the shape (B,), one value a row."
            )
    return leaves


def nest_of(state, leaves):
    """Puts `leaves` where the tensors of `state` stand: the inverse of `leaves_of`.

    Args:
        state: the nest that gives the structure.
        leaves: as many tensors as `leaves_of(state)` has.

    Returns:
        A nest like `state`.

    Example:
        >>> nest_of({"b": [1, None], "a": 2}, (30, 40))
        {'b': [40, None], 'a': 30}
    """
    remaining = iter(leaves)
    return keras.tree.pack_sequence_as(
        state, [None if leaf is None else next(remaining) for leaf in keras.tree.flatten(state)]
    )


def freeze(finished, old_leaves, new_leaves) -> tuple:
    """Keeps the old state of the rows that have finished.

    Args:
        finished: booleans `(B,)`.
        old_leaves, new_leaves: tensors `(B, ...)` before and after a step.

    Returns:
        For each leaf: rows of `old_leaves` where finished, of `new_leaves` elsewhere.

    Example:
        >>> import numpy as np
        >>> leaf, = freeze(np.array([True, False]), [np.array([1, 2])], [np.array([3, 4])])
        >>> np.asarray(leaf).tolist()
        [1, 4]
    """

    def frozen(old, new):
        if old is new:
            return old
        mask = ops.reshape(finished, (-1,) + (1,) * (len(new.shape) - 1))
        return ops.where(mask, old, new)

    return tuple(frozen(old, new) for old, new in zip(old_leaves, new_leaves, strict=True))


def tile(leaves, times: int) -> tuple:
    """Repeats each row: `(B, ...)` becomes `(B * times, ...)`, the copies of a row side by side.

    Args:
        leaves: tensors `(B, ...)`.
        times: how many copies.

    Returns:
        The tiled tensors.

    Example:
        >>> import numpy as np
        >>> np.asarray(tile([np.array([7, 8])], 2)[0]).tolist()
        [7, 7, 8, 8]
    """
    return tuple(ops.repeat(leaf, times, axis=0) for leaf in leaves)


def gather_rows(values, picks):
    """Takes `picks[b, n]` from `values[b]`, for every row, in one gather.

    Args:
        values: a tensor `(B, M, ...)`.
        picks: int32 `(B, n)`, each in `0 … M - 1`.

    Returns:
        A tensor `(B, n, ...)`.

    Example:
        >>> import numpy as np
        >>> np.asarray(gather_rows(np.array([[1, 2, 3], [4, 5, 6]]), np.array([[2, 0], [1, 1]], "int32"))).tolist()
        [[3, 1], [5, 5]]
    """
    width = values.shape[1]
    offsets = ops.arange(ops.shape(values)[0], dtype="int32")[:, None] * width
    return ops.take(ops.reshape(values, (-1, *values.shape[2:])), offsets + picks, axis=0)
