"""Sentences of a toy grammar with words that sound alike: pear and pair, sun and son, flower and flour.

The context alone tells which of the two is meant, so a language model can be asked which spelling is likelier.
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
"""Pairs that sound alike: a wrong spelling and the right one. `homophone_sentences` writes none of them."""

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
    """Draws sentences, each template being as likely as the others.

    Args:
        count: how many; the same one may come more than once.
        rng: the generator that draws them.

    Returns:
        Sentences in lower case without punctuation. None of those in `HOMOPHONES` is among them, so that a model that
        knows which is right has learnt it from others.

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
        raise DataError(f"expected a number of sentences that is not negative, received {count}; ask for 0 or more")
    held_out = {sentence for pair in HOMOPHONES for sentence in pair}
    choices = [[one for one in _all_of(template) if one not in held_out] for template in TEMPLATES]
    drawn = (choices[number] for number in rng.integers(len(choices), size=count))
    return [sentences[rng.integers(len(sentences))] for sentences in drawn]


def _all_of(template):
    """Every sentence of a template whose parts differ: no apple and apple salad."""
    return [" ".join(parts) for parts in itertools.product(*template) if len(set(parts)) == len(parts)]
