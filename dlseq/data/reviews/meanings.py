"""Meanings of reviews, and the rules by which their parts give a number of stars."""

import dataclasses
import math
from collections.abc import Sequence

__all__ = ["Opinion", "combine_contrast", "negate", "stars_of"]

MAX_VALUE = 2
NEUTRAL_STARS = 3


@dataclasses.dataclass(frozen=True)
class Opinion:
    """Opinion word with the words that act on it.

    Args:
        word: adjective or verb.
        value: of the word, from -2 to 2.
        intensifier: adverb before a mild adjective, or "".
        negation: negation with the word in its scope, or "".
        kind: "not" for a negation that moves the value, "nothing" for one that turns it around, or "".
    """

    word: str
    value: int
    intensifier: str = ""
    negation: str = ""
    kind: str = ""

    @property
    def total(self) -> int:
        """Return the value of the whole opinion."""
        value = int(math.copysign(MAX_VALUE, self.value)) if self.intensifier else self.value
        return negate(value, self.kind)


def negate(value: int, kind: str) -> int:
    """Return the value of a negated opinion.

    `not` moves a value by two towards the other side, so that *not great* is neutral (Taboada et al., 2011,
    "Lexicon-based methods for sentiment analysis"). `nothing` turns praise into the worst and blame into mild praise:
    *nothing to like*, *nothing to regret*.

    Example:
        >>> [negate(value, "not") for value in (2, 1, -1, -2)], [negate(value, "nothing") for value in (2, 1, -1, -2)]
        ([0, -1, 1, 0], [-2, -2, 1, 1])
    """
    if kind == "not":
        return value - 2 if value > 0 else value + 2
    if kind == "nothing":
        return -2 if value > 0 else 1
    return value


def combine_contrast(first: int, second: int) -> int:
    """Return the value of *first, but second*: the second counts twice as much, halves go to its side.

    Example:
        >>> [combine_contrast(*pair) for pair in ((-2, 2), (-1, 2), (2, -1), (1, -1))]
        [1, 2, 0, -1]
    """
    value = second + first / 2
    return math.ceil(value) if second > 0 else math.floor(value)


def stars_of(values: Sequence[int]) -> int:
    """Return the stars, 1 to 5, of a review whose statements have these values: three plus their mean.

    Halves are rounded away from three.

    Example:
        >>> stars_of([2]), stars_of([2, -1]), stars_of([0]), stars_of([-2, -1])
        (5, 4, 3, 1)
    """
    mean = sum(values) / len(values)
    return NEUTRAL_STARS + int(math.copysign(math.floor(abs(mean) + 0.5), mean))
