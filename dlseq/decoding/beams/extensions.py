"""Choice of the best one-token extensions of the live paths of a beam search."""

from typing import Any, NamedTuple

import numpy as np
from keras import ops

from dlseq.decoding.nested_state import gather_rows

__all__ = ["IMPOSSIBLE", "Candidates", "best_candidates", "best_extensions", "leading", "log_normalizers"]

IMPOSSIBLE = -float("inf")  # the log-probability of an unused path
GROUP = 16  # neighboring logits that are compared by their maximum first
MIN_GROUPS = 4  # for each candidate; with fewer, all extensions are compared at once


class Candidates(NamedTuple):
    """The best one-token extensions of the live paths, best first."""

    log_probs: Any  # (B, C) float32
    beams: Any  # (B, C) int32, the live path that each extends
    tokens: Any  # (B, C) int32


def log_normalizers(logits):
    """Return `log(sum(exp(logits)))` of each row; 0 for a row of -inf.

    The largest probability gives it, so that one softmax, which backends have a fast kernel for, is the only pass over
    the exponentials.

    Args:
        logits: float32 `(B, V)`.

    Returns:
        float32 `(B,)`.

    Example:
        >>> [round(float(x), 4) for x in log_normalizers(ops.convert_to_tensor([[0.0, 0.0], [-np.inf, -np.inf]]))]
        [0.6931, 0.0]
    """
    largest = normalizers = _max(logits)  # (B,)
    if logits.shape[-1] > 1:  # Keras warns of a softmax over one position
        normalizers = largest - ops.log(_max(ops.softmax(logits, axis=-1)))
    return ops.where(largest == IMPOSSIBLE, 0.0, normalizers)


def best_extensions(log_probs, logits, normalizers, count: int) -> Candidates:
    """Return the `count` best extensions of the live paths of each row. Unused paths have none.

    Equal extensions are ordered by path, then by token.

    In a large vocabulary, most logits are compared only within a group of neighbors. The best `count` extensions are in
    the `count` groups with the largest maxima, since each of these has one that is as good as its maximum; only those
    groups are ranked.

    Args:
        log_probs: float32 `(B, K)`, those of the live paths; -inf marks an unused one, whose logits are ignored.
        logits: float32 `(B * K, V)`, -inf for tokens that are not allowed.
        normalizers: float32 `(B * K,)`, from `log_normalizers`.
        count: Positive integer `C`.

    Returns:
        `Candidates`, `(B, C)`.

    Example:
        >>> logits = ops.log([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])
        >>> found = best_extensions(ops.log([[0.5, 0.5]]), logits, ops.zeros((2,)), 2)
        >>> np.asarray(found.beams).tolist(), np.asarray(found.tokens).tolist()
        ([[1, 0]], [[1, 0]])
    """
    width, vocabulary_size = log_probs.shape[1], logits.shape[1]
    shifts = log_probs - ops.reshape(normalizers, (-1, width))  # (B, K)
    logits = ops.reshape(logits, (-1, width, vocabulary_size))  # (B, K, V)
    groups = -(-vocabulary_size // GROUP)
    if width * groups >= MIN_GROUPS * count:
        return _best_of_groups(log_probs, shifts, logits, groups, count)
    totals = _totals(log_probs, shifts, logits)
    while width * vocabulary_size < count:  # for a vocabulary of one or two tokens add impossible ones
        totals = ops.concatenate([totals, ops.full_like(totals, IMPOSSIBLE)], axis=-1)
        vocabulary_size *= 2
    best, indices = ops.top_k(ops.reshape(totals, (-1, width * vocabulary_size)), count)  # (B, C)
    indices = ops.cast(indices, "int32")
    return Candidates(best, indices // vocabulary_size, indices % vocabulary_size)


def _best_of_groups(log_probs, shifts, logits, groups, count):
    width, vocabulary_size = logits.shape[1:]
    whole = vocabulary_size // GROUP
    maxima = _max(ops.reshape(logits[..., : whole * GROUP], (-1, width, whole, GROUP)))  # (B, K, groups)
    if whole < groups:
        maxima = ops.concatenate([maxima, _max(logits[..., whole * GROUP :])[..., None]], axis=-1)
    maxima = _totals(log_probs, shifts, maxima)
    _, chosen = ops.top_k(ops.reshape(maxima, (-1, width * groups)), count)  # (B, C)
    chosen = _ascending(ops.cast(chosen, "int32"))[..., None]  # (B, C, 1)
    beams = chosen // groups
    tokens = chosen % groups * GROUP + np.arange(GROUP, dtype="int32")  # (B, C, GROUP)
    beams, tokens = (ops.reshape(x + ops.zeros_like(tokens), (-1, count * GROUP)) for x in (beams, tokens))
    is_token = tokens < vocabulary_size  # the last group can be smaller
    flat = ops.reshape(logits, (-1, width * vocabulary_size))
    found = gather_rows(flat, beams * vocabulary_size + ops.where(is_token, tokens, 0))  # (B, C * GROUP)
    before, shift = gather_rows(log_probs, beams), gather_rows(shifts, beams)
    totals = ops.where(ops.logical_and(is_token, before > IMPOSSIBLE), shift + found, IMPOSSIBLE)
    return best_candidates(Candidates(totals, beams, tokens), count)


def _ascending(numbers):
    """Sort different numbers `(B, C)` by comparing all pairs: few are quicker so than by a sort of XLA's."""
    ranks = ops.sum(ops.cast(numbers[:, :, None] > numbers[:, None, :], "int32"), axis=2)  # (B, C)
    places = np.arange(numbers.shape[1], dtype="int32")
    return ops.sum(ops.where(ranks[:, :, None] == places, numbers[:, :, None], 0), axis=1)


def _max(values):
    """Return the maximum over the last axis, also of no rows."""
    return ops.max(values, axis=-1, initial=IMPOSSIBLE)


def _totals(log_probs, shifts, values):
    """Return the log-probabilities `(B, K, n)` of extensions of paths `(B, K)` by values `(B, K, n)`."""
    return ops.where(log_probs[..., None] > IMPOSSIBLE, shifts[..., None] + values, IMPOSSIBLE)


def best_candidates(candidates: Candidates, count: int) -> Candidates:
    """Return the best `count` of some candidates; of equal ones, the first."""
    best, indices = ops.top_k(candidates.log_probs, count)  # (B, count)
    indices = ops.cast(indices, "int32")
    return Candidates(best, gather_rows(candidates.beams, indices), gather_rows(candidates.tokens, indices))


def leading(candidates: Candidates, count: int) -> Candidates:
    """Return the first candidates of each row. They are gathered: XLA sorts all values where a `top_k` is sliced."""
    return Candidates(*(ops.take(field, np.arange(count, dtype="int32"), axis=1) for field in candidates))
