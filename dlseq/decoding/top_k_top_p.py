"""Leaving out the improbable: the `k` best tokens, and the fewest whose mass reaches `p`."""

from keras import ops

__all__ = ["truncate"]

ROUNDING = 1e-6  # a set whose mass is p but for float32 rounding has reached p


def truncate(weights, top_k: int | None = None, top_p=None) -> tuple:
    """Sorts the tokens of every row and takes the weight from those that do not make the cut.

    1. `top_k` keeps the k heaviest tokens, of equals those with the lowest ids.
    2. `top_p` then keeps the fewest of these, heaviest first, whose share of what is left reaches p; always one.

    Args:
        weights: float32 `(B, V)`, at least 0. They need not sum to 1.
        top_k: how many tokens to keep, or None for all. More than `V` counts as `V`.
        top_p: the share to reach, in `(0, 1]`, a number or a scalar tensor, or None for no cut.

    Returns:
        The weights that remain, heaviest first, `(B, k)`, and the ids of their tokens, int32 `(B, k)`.

    Example:
        >>> import numpy as np
        >>> kept, ids = truncate(np.array([[0.1, 0.5, 0.3, 0.1]], "float32"), top_k=3, top_p=0.8)
        >>> np.asarray(kept).round(2).tolist(), np.asarray(ids).tolist()
        ([[0.5, 0.3..., 0.0]], [[1, 2, 0]])
    """
    size = weights.shape[1]
    weights, ids = ops.top_k(weights, size if top_k is None else min(top_k, size))  # (B, k)
    if top_p is not None:
        reached = ops.cumsum(weights, axis=-1)
        before = reached - weights  # the mass of the heavier tokens; 0 for the first
        share = ops.cast(top_p, "float32")
        needed = ops.where(share < 1, share * (1 - ROUNDING) * reached[:, -1:], float("inf"))
        weights = ops.where(before < needed, weights, 0.0)
    return weights, ops.cast(ids, "int32")
