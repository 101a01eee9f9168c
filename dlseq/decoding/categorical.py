"""Drawing tokens by inversion: the first token at which the cumulative weight passes a share of the total."""

from typing import Any, NamedTuple

from keras import ops

from dlseq.decoding.nested_state import gather_rows
from dlseq.decoding.top_k_top_p import truncate

__all__ = ["Cumulated", "cumulate", "draw"]

SMALL_VOCABULARY = 512  # symbols, up to which a product with a triangle of ones adds up faster than a scan
NOWHERE = 2**31 - 1


class Cumulated(NamedTuple):
    """Distributions to draw from, one a row. Of `k` candidates, any number can have no weight."""

    reached: Any  # (B, k) float32, the sum of the weights up to each candidate, and 0 for one without weight
    ids: Any  # (B, k) int32, their tokens, or None where these are 0, 1, 2, …


def cumulate(log_probs, temperature=None, top_k: int | None = None, top_p=None) -> Cumulated:
    """Sharpens, truncates and adds up distributions, so that many tokens can be drawn from each.

    Args:
        log_probs: float32 `(B, V)`, also unnormalised if there is a temperature.
        temperature: above 0, a number or a scalar tensor; or None, which draws from the distributions as they are, in
            less time than a temperature of 1 takes.
        top_k, top_p: see `truncate`.

    Returns:
        A `Cumulated`.

    Example:
        >>> import numpy as np
        >>> cumulated = cumulate(np.log(np.array([[0.25, 0.75, 0.5]], "float32")), temperature=1.0, top_k=2)
        >>> np.asarray(cumulated.ids).tolist(), np.asarray(cumulated.reached).round(2).tolist()
        ([[1, 2]], [[1.0, 1.66...]])
    """
    if temperature is not None:
        best = ops.max(log_probs, axis=-1, keepdims=True)  # its weight will be 1, so that none can overflow
        log_probs = (log_probs - best) / ops.cast(temperature, "float32")
    weights = ops.exp(log_probs)  # (B, V)
    ids = None
    if top_k is not None or top_p is not None:
        weights, ids = truncate(weights, top_k, top_p)
    size = weights.shape[-1]
    if size <= SMALL_VOCABULARY:
        reached = ops.matmul(weights, ops.triu(ops.ones((size, size), weights.dtype)))
    else:
        reached = ops.cumsum(weights, axis=-1)
    return Cumulated(reached * ops.sign(weights), ids)


def draw(cumulated: Cumulated, numbers, rows=None):
    """Draws one token for each number.

    A candidate without weight is never taken, not even where a parallel sum is not quite monotonic. Where none has any
    (every logit -inf makes the weights NaN), it is the first.

    Args:
        cumulated: what `cumulate` gave, `B` distributions.
        numbers: float32 `(N,)` in `[0, 1)`, multiples of 2⁻²⁴.
        rows: int32 `(N,)`, the distribution that each number draws from; None for one each, `N = B`.

    Returns:
        The tokens, int32 `(N,)`.

    Example:
        >>> import numpy as np
        >>> cumulated = Cumulated(np.array([[1.0, 3.0, 4.0], [0.0, 0.0, 1.0]], "float32"), None)
        >>> numbers = np.array([0.0, 0.25, 0.75, 0.0], "float32")
        >>> np.asarray(draw(cumulated, numbers, np.array([0, 0, 0, 1], "int32"))).tolist()
        [0, 1, 2, 2]
    """
    reached = cumulated.reached if rows is None else ops.take(cumulated.reached, rows, axis=0)  # (N, k)
    passed = reached > numbers[:, None] * ops.max(reached, axis=-1, keepdims=True)
    candidates = ops.expand_dims(ops.arange(ops.shape(reached)[-1], dtype="int32"), 0)
    first = ops.min(ops.where(passed, candidates, NOWHERE), axis=-1)
    place = ops.where(first == NOWHERE, 0, first)
    if cumulated.ids is None:
        return place
    ids = cumulated.ids if rows is None else ops.take(cumulated.ids, rows, axis=0)
    return gather_rows(ids, place[:, None])[:, 0]
