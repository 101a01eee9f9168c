"""F1 score of entities."""

from collections.abc import Collection, Sequence

from dlseq.errors import DlseqError

__all__ = ["entity_f1"]


def entity_f1(predicted: Sequence[Collection[tuple]], expected: Sequence[Collection[tuple]]) -> float:
    """Return the micro-averaged F1 score of entities, as the CoNLL scorer and `seqeval` define it.

    An entity counts as found only if first position, end and label are right.

        precision = right / predicted, recall = right / expected, F1 = 2 right / (predicted + expected)

    Args:
        predicted: for each of `B` texts, its entities as tuples `(start, end, label)`.
        expected: the true entities of the same texts.

    Returns:
        A fraction between 0 and 1; 1 if there are none on either side.

    Raises:
        DlseqError: the two differ in length, or are empty.

    Reference:
        Tjong Kim Sang and De Meulder, 2003, "Introduction to the CoNLL-2003 shared task".

    Example:
        >>> entity_f1([[(0, 2, "person"), (5, 6, "place")]], [[(0, 2, "person"), (4, 6, "place")]])
        0.5
    """
    if len(predicted) != len(expected) or not len(expected):
        raise DlseqError(
            "Arguments `predicted` and `expected` do not match. Expected the entities of the same texts, at least one. "
            f"Received: {len(predicted)} and {len(expected)} texts"
        )
    pairs = [(set(found), set(true)) for found, true in zip(predicted, expected, strict=True)]
    total = sum(len(found) + len(true) for found, true in pairs)
    return 2 * sum(len(found & true) for found, true in pairs) / total if total else 1.0
