"""Distance between probability distributions, such as rows of attention weights."""

import numpy as np

from dlseq.errors import DlseqError

__all__ = ["jensen_shannon_distance"]


def jensen_shannon_distance(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return the Jensen-Shannon distance of distributions, `sqrt((KL(p, m) + KL(q, m)) / 2)` with `m = (p + q) / 2`.

    The Kullback-Leibler divergences are in bits, so that the distance is between 0, for equal distributions, and 1, for
    those without an outcome in common. It is a metric (Endres and Schindelin, 2003, 10.1109/TIT.2003.813506).

    Args:
        p: weights `(..., K)` of at least 0. Each row is divided by its sum.
        q: weights `(..., K)`. A row without any weight is at distance 1 from one with some, and 0 from another without.

    Returns:
        Distances `(...)`.

    Raises:
        DlseqError: other shapes, or a weight that is negative, infinite or NaN.

    Example:
        >>> jensen_shannon_distance([[1, 0], [0.5, 0.5], [0.5, 0.5]], [[0, 1], [0.5, 0.5], [1, 0]]).round(3)
        array([1.   , 0.   , 0.558])
    """
    p, q = _weights(p, "p"), _weights(q, "q")
    if p.shape != q.shape:
        raise DlseqError(
            f"Arguments `p` and `q` do not match. Expected one shape (..., K). Received: {p.shape} and {q.shape}"
        )
    empty_p, empty_q = ~p.any(axis=-1), ~q.any(axis=-1)
    p, q = _normalized(p), _normalized(q)
    middle = (p + q) / 2
    divergence = np.clip((_bits(p, middle) + _bits(q, middle)) / 2, 0.0, 1.0)
    return np.where(empty_p | empty_q, (empty_p != empty_q) * 1.0, np.sqrt(divergence))


def _weights(values, name):
    weights = np.asarray(values, dtype=np.float64)
    if weights.ndim == 0 or not np.all(np.isfinite(weights) & (weights >= 0)):
        raise DlseqError(
            f"Invalid value for argument `{name}`. Expected finite weights (..., K) of at least 0. Received: an array "
            f"of shape {weights.shape}{' with other values' if weights.ndim else ''}"
        )
    return weights


def _normalized(weights):
    """Divide rows by their sum; by the largest weight first, so that no sum overflows."""
    largest = weights.max(axis=-1, keepdims=True, initial=0.0)
    scaled = weights / np.where(largest, largest, 1.0)
    return scaled / np.maximum(scaled.sum(axis=-1, keepdims=True), 1.0)  # the sum of a row with weight is at least 1


def _bits(p, q):
    """Kullback-Leibler divergence; an outcome without probability adds nothing, nor one whose half rounds to 0."""
    ratio = np.divide(p, q, out=np.ones_like(p), where=(p > 0) & (q > 0))
    return np.sum(p * np.log2(ratio), axis=-1)
