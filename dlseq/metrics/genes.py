"""Scores of genes that a model has found: coding bases, and whole genes."""

from collections.abc import Collection, Sequence

import numpy as np

from dlseq.errors import DlseqError

__all__ = ["coding_f1", "exact_genes"]


def coding_f1(predicted: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> float:
    """Return the F1 score of coding bases: those in an exon, on the right strand.

        F1 = 2 right / (predicted + expected)

    Args:
        predicted: for each sequence, the strand of its bases, integers `(T,)`: 0 for a base that is not coding, 1 or 2
            for one that is coding on the forward or on the reverse strand.
        expected: the true strands.

    Returns:
        A fraction between 0 and 1; 1 if there are no coding bases on either side.

    Raises:
        DlseqError: the two differ in length, as does a sequence, or are empty.

    Example:
        >>> coding_f1([np.array([1, 1])], [np.array([1, 0])])  # 2 * 1 / (2 + 1)
        0.6666666666666666
    """
    for found, annotated in zip(*_checked(predicted, expected), strict=True):
        if len(found) != len(annotated):
            raise DlseqError(
                "Arguments `predicted` and `expected` do not match. Expected as many bases in each sequence. "
                f"Received: {len(found)} and {len(annotated)} bases"
            )
    found, true = (np.concatenate(list(side)) for side in (predicted, expected))
    total = np.count_nonzero(found) + np.count_nonzero(true)
    return 2 * int(np.count_nonzero((found == true) & (true != 0))) / int(total) if total else 1.0


def exact_genes(predicted: Sequence[Collection[tuple]], expected: Sequence[Collection[tuple]]) -> tuple[float, float]:
    """Return the shares of true genes that are found, and of found genes that are true, with all of their bounds.

    Args:
        predicted: for each sequence, its genes as tuples, such as `(exons, strand)`.
        expected: the true genes.

    Returns:
        Recall and precision; 1 where there are no genes.

    Raises:
        DlseqError: the two differ in length, or are empty.

    Example:
        >>> exact_genes([[((0, 9), "+")]], [[((0, 9), "+"), ((20, 29), "-")]])
        (0.5, 1.0)
    """
    pairs = [(set(found), set(true)) for found, true in zip(*_checked(predicted, expected), strict=True)]
    right = sum(len(found & true) for found, true in pairs)
    counts = [sum(len(pair[side]) for pair in pairs) for side in (1, 0)]
    return tuple(right / count if count else 1.0 for count in counts)


def _checked(predicted, expected):
    if len(predicted) != len(expected) or not len(expected):
        raise DlseqError(
            "Arguments `predicted` and `expected` do not match. Expected the same sequences, at least one. "
            f"Received: {len(predicted)} and {len(expected)} sequences"
        )
    return predicted, expected
