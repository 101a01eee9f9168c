"""Alternatives of a beam search as texts."""

from collections.abc import Iterable

__all__ = ["distinct_alternatives"]


def distinct_alternatives(best: str, others: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return each text once, with the probability of its most probable hypothesis.

    Two hypotheses can be the same text, where several sequences of words are written alike.

    Args:
        best: Text of the best hypothesis, which is no alternative.
        others: Text and probability of the other hypotheses, the most probable first.

    Example:
        >>> distinct_alternatives("a", [("b", 0.3), ("a", 0.2), ("b", 0.1), ("c", 0.05)])
        (('b', 0.3), ('c', 0.05))
    """
    found: dict[str, float] = {}
    for text, probability in others:
        if text != best:
            found.setdefault(text, float(probability))
    return tuple(found.items())
