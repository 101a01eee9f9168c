"""Categorical distributions with temperature, top-k and top-p truncation, and draws from them by inversion."""

from numbers import Real
from typing import Any, NamedTuple

from keras import ops

from dlseq.decoding.nested_state import gather_rows

__all__ = ["Categorical", "categorical", "clipped_temperature", "draw", "top_k_top_p"]

MAX_TRIANGLE, BLOCK = 512, 64  # sizes of the products that compute a cumulative sum faster than `ops.cumsum`
ROUNDING = 1e-6  # relative; a set reaches p if its mass equals p up to rounding
MIN_TEMPERATURE, MAX_TEMPERATURE = 1e-30, 1e30  # so that neither one nor its reciprocal is 0 or infinite in float32
NO_TOKEN = 2**31 - 1


class Categorical(NamedTuple):
    """Categorical distributions, one per row, as cumulative weights of `k` candidates.

    Of many candidates only the blocks are summed up: a draw finds its block first, and sums up that block alone.
    """

    cumulative: Any  # (B, k) float32, the sum of weights up to each candidate, or each block; 0 if its weight is 0
    ids: Any  # (B, k) int32, the tokens of the candidates, or None for 0, 1, 2, …
    blocks: Any = None  # (B, k / 64, 64) float32, the weights of many candidates by block, or None


def categorical(log_probs, temperature=None, top_k: int | None = None, top_p=None) -> Categorical:
    """Return the distributions after temperature and truncation.

    Args:
        log_probs: float32 `(B, V)`; with a temperature they need not be normalized.
        temperature: A number above 0 or a scalar tensor, clipped to 1e-30 … 1e30. `None` is 1, with less computation.
        top_k, top_p: See `top_k_top_p`.

    Returns:
        A `Categorical`.

    Example:
        >>> import numpy as np
        >>> found = categorical(np.log(np.array([[0.25, 0.75, 0.5]], "float32")), temperature=1.0, top_k=2)
        >>> np.asarray(found.ids).tolist(), np.asarray(found.cumulative).round(2).tolist()
        ([[1, 2]], [[1.0, 1.66...]])
    """
    log_probs = ops.convert_to_tensor(log_probs)
    if temperature is not None:
        best = ops.max(
            log_probs, axis=-1, keepdims=True, initial=-float("inf")
        )  # its weight is 1, so no weight overflows
        log_probs = (log_probs - best) / clipped_temperature(temperature)
    weights = ops.exp(log_probs)  # (B, V)
    ids = None
    if top_k is not None or top_p is not None:
        weights, ids = top_k_top_p(weights, top_k, top_p)  # (B, k)
    if weights.shape[-1] <= MAX_TRIANGLE:
        return Categorical(_positive_cumulative_sum(weights), ids)
    blocks = _blocks(weights)
    return Categorical(_positive_cumulative_sum(ops.sum(blocks, axis=-1)), ids, blocks)


def draw(distribution: Categorical, numbers, rows=None):
    """Draw a token per number by inversion: the first with a cumulative weight above that share of the total.

    Candidates of weight 0 are never drawn, even if a parallel cumulative sum is not monotonic. If all weights are 0
    (all logits -inf), the first candidate is drawn.

    Args:
        distribution: A `Categorical` of `B` rows.
        numbers: float32 `(N,)` in `[0, 1)`, multiples of 2⁻²⁴.
        rows: int32 `(N,)`, the distribution of each number. Defaults to `None`: one number per row, `N = B`.

    Returns:
        The tokens, int32 `(N,)`.

    Example:
        >>> import numpy as np
        >>> distribution = Categorical(np.array([[1.0, 3.0, 4.0], [0.0, 0.0, 1.0]], "float32"), None)
        >>> numbers = np.array([0.0, 0.25, 0.75, 0.0], "float32")
        >>> np.asarray(draw(distribution, numbers, np.array([0, 0, 0, 1], "int32"))).tolist()
        [0, 1, 2, 2]
    """
    cumulative, ids, blocks = (None if part is None else ops.convert_to_tensor(part) for part in distribution)
    numbers = ops.convert_to_tensor(numbers)
    if rows is None:
        rows = ops.arange(ops.shape(numbers)[0], dtype="int32")
    else:
        cumulative = ops.take(cumulative, rows, axis=0)  # (N, k)
    goals = numbers * ops.max(cumulative, axis=-1, initial=0.0)  # (N,)
    index = _first_above(cumulative, goals)
    if blocks is not None:
        passed = gather_rows(cumulative, index[:, None])[:, 0]
        block = ops.take(ops.reshape(blocks, (-1, BLOCK)), rows * blocks.shape[1] + index, axis=0)  # (N, 64)
        cumulative = _positive_cumulative_sum(block)
        largest = ops.max(cumulative, axis=-1)
        goals = ops.clip(goals - (passed - largest), 0.0, largest * (1 - ROUNDING))
        index = index * BLOCK + _first_above(cumulative, goals)
    if ids is None:
        return index
    return ops.take(ops.reshape(ids, (-1,)), rows * ids.shape[1] + index)


def _first_above(cumulative, goals):
    """Return the first column of each row, `(N,)`, above a goal; 0 if there is none."""
    columns = ops.expand_dims(ops.arange(ops.shape(cumulative)[-1], dtype="int32"), 0)
    first = ops.min(ops.where(cumulative > goals[:, None], columns, NO_TOKEN), axis=-1, initial=NO_TOKEN)
    return ops.where(first == NO_TOKEN, 0, first)


def top_k_top_p(weights, top_k: int | None = None, top_p=None) -> tuple:
    """Sort the tokens of each row by weight and truncate them.

    1. `top_k` keeps the k tokens of largest weight; ties keep the lowest ids.
    2. `top_p` keeps the smallest set of these, in order, whose share of their total reaches p; at least one token.

    Args:
        weights: float32 `(B, V)`, at least 0. They need not sum to 1.
        top_k: The number of tokens to keep, or `None` for all. More than `V` counts as `V`.
        top_p: The share to reach, in `(0, 1]`, a number or a scalar tensor, or `None` for all.

    Returns:
        The remaining weights in descending order, `(B, k)`, and the ids of their tokens, int32 `(B, k)`.

    Example:
        >>> import numpy as np
        >>> kept, ids = top_k_top_p(np.array([[0.1, 0.5, 0.3, 0.1]], "float32"), top_k=3, top_p=0.8)
        >>> np.asarray(kept).round(2).tolist(), np.asarray(ids).tolist()
        ([[0.5, 0.3..., 0.0]], [[1, 2, 0]])
    """
    weights = ops.convert_to_tensor(weights)
    size = weights.shape[1]
    weights, ids = ops.top_k(weights, size if top_k is None else min(top_k, size))  # (B, k)
    if top_p is not None:
        reached = ops.cumsum(weights, axis=-1)
        before = reached - weights  # the mass of the preceding tokens; 0 for the first
        share = ops.cast(top_p, "float32")
        needed = ops.where(share < 1, share * (1 - ROUNDING) * reached[:, -1:], float("inf"))
        is_first = ops.arange(weights.shape[1]) == 0  # kept even if `needed` underflows to 0
        weights = ops.where(ops.logical_or(before < needed, is_first), weights, 0.0)
    return weights, ops.cast(ids, "int32")


def _positive_cumulative_sum(weights):
    """Return the cumulative sum of each row, `(B, k)`, with 0 in the place of weights of 0."""
    return _cumulative_sum(weights) * ops.sign(weights)


def _cumulative_sum(weights):
    """Return the cumulative sum of each row, `(B, k)`: products with a triangle of ones, of blocks if `k` is large."""
    size = weights.shape[-1]
    if size <= MAX_TRIANGLE:
        return ops.matmul(weights, ops.triu(ops.ones((size, size), weights.dtype)))
    within = ops.matmul(_blocks(weights), ops.triu(ops.ones((BLOCK, BLOCK), weights.dtype)))
    before = _cumulative_sum(ops.pad(within[:, :-1, -1], ((0, 0), (1, 0))))  # (B, blocks)
    return ops.reshape(within + before[:, :, None], (-1, within.shape[1] * BLOCK))[:, :size]


def _blocks(weights):
    """Split the columns into blocks, padded with zeros, `(B, k / 64, 64)`."""
    size = weights.shape[-1]
    blocks = -(-size // BLOCK)
    return ops.reshape(ops.pad(weights, ((0, 0), (0, blocks * BLOCK - size))), (-1, blocks, BLOCK))


def clipped_temperature(temperature):
    """Return the temperature as a float32 tensor by which any float32 can be divided.

    A smaller one would be flushed to 0 and a larger one would be infinite: `0 / 0` and `-inf / inf` are no weights.
    """
    if isinstance(temperature, Real):
        temperature = min(max(float(temperature), MIN_TEMPERATURE), MAX_TEMPERATURE)
    return ops.clip(ops.cast(temperature, "float32"), MIN_TEMPERATURE, MAX_TEMPERATURE)
