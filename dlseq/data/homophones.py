"""Homophones: sentences of a toy grammar with words that sound alike (pear and pair, sun and son, flower and flour).

Only the context tells which word is meant, so that a language model can be tested on the likelier spelling.
"""

import itertools

import numpy as np

from dlseq.errors import DataError

__all__ = ["HOMOPHONES", "homophone_sentences"]

HOMOPHONES = (
    ("the apple and pair salad", "the apple and pear salad"),
    ("the son rose over the sea", "the sun rose over the sea"),
    ("a white flour grew in the garden", "a white flower grew in the garden"),
)
"""Pairs of a wrong and a right spelling. `homophone_sentences` returns none of these sentences."""

FRUIT = ("apple", "pear", "plum", "cherry")
TEMPLATES = (
    (("the",), FRUIT, ("and",), FRUIT, ("salad", "cake", "pie", "juice")),
    (("she", "he", "we"), ("bought", "lost"), ("a pair of",), ("shoes", "gloves", "socks", "boots")),
    (("the sun",), ("rose", "set", "shone"), ("over the",), ("hill", "sea", "town")),
    (("her", "his", "our"), ("son went to",), ("school", "work", "bed")),
    (("a",), ("red", "blue", "white"), ("flower grew in the",), ("garden", "field", "park")),
    (("bread", "cake"), ("is made of flour and",), ("water", "salt", "milk")),
)


def homophone_sentences(count: int, rng: np.random.Generator) -> list[str]:
    """Draw random sentences; all templates are equally likely.

    Args:
        count: number of sentences, drawn with replacement.
        rng: random number generator.

    Returns:
        Sentences in lower case without punctuation. Those in `HOMOPHONES` are held out: a model that prefers the right
        spelling has generalized.

    Raises:
        DataError: `count` is negative.

    Example:
        >>> sentences = homophone_sentences(100, np.random.default_rng(0))
        >>> any("a pair of" in sentence for sentence in sentences)
        True
        >>> "the apple and pear salad" in sentences
        False
    """
    if count < 0:
        raise DataError(f"Invalid value for argument `count`. Expected an integer of at least 0. Received: {count}")
    held_out = {sentence for pair in HOMOPHONES for sentence in pair}
    choices = [[sentence for sentence in _sentences(template) if sentence not in held_out] for template in TEMPLATES]
    templates = (choices[index] for index in rng.integers(len(choices), size=count))
    return [sentences[rng.integers(len(sentences))] for sentences in templates]


def _sentences(template):
    """Return all sentences of a template with different parts: no apple and apple salad."""
    return [" ".join(parts) for parts in itertools.product(*template) if len(set(parts)) == len(parts)]
