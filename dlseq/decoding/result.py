"""What a decoder returns: ids that are ready to become text, and what the model thinks of them."""

from typing import Any, NamedTuple

__all__ = ["Decoded", "Hypotheses"]


class Hypotheses(NamedTuple):
    """The `N` best sequences of every row, best first. A score of `-inf` marks a place that no sequence took."""

    ids: Any  # (B, N, T) int32, the end token included, padded after it
    log_probs: Any  # (B, N) float32
    scores: Any  # (B, N) float32, the log-probability divided by the length penalty
    lengths: Any  # (B, N) int32, tokens up to and with the end token


class Decoded(NamedTuple):
    """One sequence for every row of the batch. A named tuple, so that it passes through compiled functions.

    `log_probs` are the model's own, `sum_t log p(ids_t | ids_<t)`: no temperature, no truncation and no length
    penalty enters them. `state` is the state of each row at the moment when its sequence ended: the one that the last
    counted call of `step` gave back. It has read the start token and every id but the last.

    Example:
        >>> decoded = Decoded(ids=[[7, 2, 0]], log_probs=[-0.5], lengths=[2], state=None)
        >>> decoded.ids[0][: decoded.lengths[0]]
        [7, 2]
    """

    ids: Any  # (B, T) int32, the end token included, padded after it
    log_probs: Any  # (B,) float32
    lengths: Any  # (B,) int32, tokens up to and with the end token
    state: Any  # the nest that `step` works on, leaves (B, ...)
    hypotheses: Hypotheses | None = None  # every sequence that a beam search kept
