"""Words whose presence says something about the class of a text."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

import numpy as np

__all__ = ["informative_words"]

MIN_TEXTS = 30  # that have the word
MIN_NATS = 0.01
MIN_STATISTIC = 13.28  # exceeded by one of a hundred words without information, for five classes
MIN_WORDS = 10


def informative_words(rows: Sequence[Sequence[str]], classes: Sequence[Hashable]) -> set[str]:
    """Return the words in whose texts the classes are distributed otherwise than in all texts.

    With the shares `q` of the classes among the `n` texts that have a word, and `p` among all,

        nats = sum(q log(q / p)), statistic = 2 n nats (likelihood-ratio test; Dunning, 1993)

    A word is informative if it is in at least 30 texts, and has at least 0.01 nats and a statistic of 13.28.

    Args:
        rows: words of each text.
        classes: class of each text.

    Returns:
        The words; none if there are fewer than 10 of them, as in a small corpus.

    Example:
        >>> words = [[f"good{i}", "the"] for i in range(9)] * 40 + [["bad", "the"]] * 360
        >>> sorted(informative_words(words, ["+"] * 360 + ["-"] * 360))[:2], len(informative_words(words[:9], "+" * 9))
        (['bad', 'good0'], 0)
    """
    counts = defaultdict(Counter)
    for words, name in zip(rows, classes, strict=True):
        for word in set(words):
            counts[word][name] += 1
    totals = Counter(classes)
    shares = np.array([total / len(rows) for total in totals.values()])
    found = set()
    for word, by_class in counts.items():
        texts = by_class.total()
        own = np.array([by_class[name] for name in totals]) / texts
        nats = float(np.sum(own * np.log(np.maximum(own, 1e-12) / shares)))
        if texts >= MIN_TEXTS and nats >= MIN_NATS and 2 * texts * nats >= MIN_STATISTIC:
            found.add(word)
    return found if len(found) >= MIN_WORDS else set()
