"""Alignment error rate of links between the words of a translation and its source."""

from collections.abc import Iterable, Sequence

import numpy as np

from dlseq.errors import DlseqError

__all__ = ["alignment_error_rate", "attention_links"]

Links = Iterable[tuple[int, int]]


def attention_links(weights: np.ndarray, target_length: int | None = None) -> set[tuple[int, int]]:
    """Return the links of attention weights: each target word with the source word of its largest weight.

    Args:
        weights: attention weights `(Ty, Tx)`.
        target_length: number of target words; rows after them, such as that of the end token, are left out. Defaults
            to `Ty`.

    Returns:
        Pairs (position of a target word, position of a source word). A row without any weight has no link.

    Raises:
        DlseqError: weights that are no matrix, negative or NaN.

    Example:
        >>> sorted(attention_links(np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), target_length=2))
        [(0, 0), (1, 1)]
    """
    weights = np.asarray(weights, dtype=np.float64)
    if weights.ndim != 2 or weights.shape[1] == 0 or not np.all(weights >= 0):
        raise DlseqError(
            "Invalid value for argument `weights`. Expected attention weights (Ty, Tx) of at least 0. "
            f"Received: an array of shape {weights.shape}{' with other values' if weights.ndim == 2 else ''}"
        )
    rows = weights[:target_length]
    return {(row, int(values.argmax())) for row, values in enumerate(rows) if values.any()}


def alignment_error_rate(
    predicted: Sequence[Links], sure: Sequence[Links], possible: Sequence[Links] | None = None
) -> float:
    """Return the alignment error rate `1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|)` (Och and Ney, 2003, J03-1002).

    The counts are sums over all sentences. With sure links alone it is 1 minus the F-score of the links.

    Args:
        predicted: links `A` of each sentence, pairs (target position, source position).
        sure: links `S` that a right alignment has.
        possible: further links `P` that are no errors either; `S` is part of `P` in any case. Such as all links of a
            target word without a counterpart: attention has to look somewhere. Defaults to none.

    Returns:
        A number between 0, for exactly the sure links, and 1, for none of the sure or possible ones.

    Raises:
        DlseqError: unequal numbers of sentences, or no links at all.

    Example:
        >>> gold = [{(0, 0), (1, 2), (2, 1)}]
        >>> round(alignment_error_rate([{(0, 0), (1, 1), (2, 1)}], gold), 4)  # two of three right
        0.3333
        >>> alignment_error_rate([{(0, 0), (1, 2), (2, 1), (3, 1)}], gold, possible=[{(3, 0), (3, 1), (3, 2)}])
        0.0
    """
    possible = [()] * len(sure) if possible is None else possible
    if not len(predicted) == len(sure) == len(possible):
        raise DlseqError(
            "Arguments `predicted`, `sure` and `possible` do not match. Expected links of the same sentences. "
            f"Received: {len(predicted)}, {len(sure)} and {len(possible)} sentences"
        )
    hits, links = 0, 0
    for predicted_links, sure_links, possible_links in zip(predicted, sure, possible, strict=True):
        predicted_set, sure_set = set(predicted_links), set(sure_links)
        hits += len(predicted_set & sure_set) + len(predicted_set & (sure_set | set(possible_links)))
        links += len(predicted_set) + len(sure_set)
    if links == 0:
        raise DlseqError("Cannot compute the alignment error rate. Expected at least one link. Received: none.")
    return 1 - hits / links
