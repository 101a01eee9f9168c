"""Splits of name corpora, and the split that a sampled name is found in."""

import operator
import random
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dlseq.errors import DataError, DlseqError

__all__ = ["NameSplit", "Novelty", "novelty", "repeat_by_counts", "split_names"]

REPETITIONS = 4
"""Average number of repetitions of a name in `repeat_by_counts`."""


class NameSplit(NamedTuple):
    """Three disjoint lists of names."""

    train: list[str]
    validation: list[str]
    test: list[str]


class Novelty(NamedTuple):
    """Counts of sampled names by the split that contains them; `new` are in none. They sum to the number of samples."""

    train: int
    validation: int
    test: int
    new: int


def split_names(names: Iterable[str], *, seed: int, validation: float = 0.1, test: float = 0.1) -> NameSplit:
    """Split distinct names at random into three lists, each in random order.

    The split depends on the set of names and the seed alone: not on order or repetitions in `names`. A split with a
    share above zero has at least one name.

    Args:
        names: the corpus.
        seed: an integer.
        validation: share of the validation names, in [0, 1).
        test: share of the test names, in [0, 1).

    Returns:
        `NameSplit(train, validation, test)`.

    Raises:
        DlseqError: the shares are negative, or leave no training names.
        DataError: there are fewer names than splits.

    Example:
        >>> from dlseq.data.names import load_names
        >>> split = split_names(load_names("dinosaurs"), seed=0)
        >>> [len(part) for part in split]
        [762, 95, 95]
    """
    if not (validation >= 0 and test >= 0 and validation + test < 1):
        raise DlseqError(
            "Invalid values for arguments `validation` and `test`. Expected shares of zero or more, together below 1. "
            f"Received: {validation} and {test}"
        )
    distinct = sorted(set(names))
    n_validation, n_test = (max(1, round(share * len(distinct))) if share else 0 for share in (validation, test))
    if n_validation + n_test >= len(distinct):
        raise DataError(
            f"Too few distinct names. Expected more than {n_validation} for validation and {n_test} for test together. "
            f"Received: {len(distinct)}. Add names or choose smaller shares."
        )
    generator = random.Random(operator.index(seed))
    keyed = [(generator.random(), name) for name in distinct]
    shuffled = [name for _, name in sorted(keyed)]
    n_train = len(shuffled) - n_validation - n_test
    return NameSplit(shuffled[:n_train], shuffled[n_train : n_train + n_validation], shuffled[n_train + n_validation :])


def repeat_by_counts(names: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """Repeat names in proportion to their counts, each at least once, about four times on average.

    A model that trains on the result learns the frequencies of names, with those of rare names rounded up.

    Args:
        names: distinct names.
        counts: a positive count for each.

    Returns:
        The names in their order, repetitions next to each other; as they were if all counts are equal.

    Example:
        >>> repeat_by_counts(["Ada", "Mary"], {"Ada": 1, "Mary": 7})
        ['Ada', 'Mary', 'Mary', 'Mary', 'Mary', 'Mary', 'Mary', 'Mary']
    """
    names = list(names)
    if len({counts[name] for name in names}) <= 1:
        return names
    share = REPETITIONS * len(names) / sum(counts[name] for name in names)
    return [name for name in names for _ in range(max(1, round(share * counts[name])))]


def novelty(samples: Iterable[str], split: NameSplit) -> Novelty:
    """Count the sampled names in each split of a corpus, and those in none.

    A name that was sampled twice counts twice. The comparison is case-sensitive.

    Args:
        samples: names from a model.
        split: the corpus, from `split_names`.

    Returns:
        `Novelty(train, validation, test, new)`.

    Example:
        >>> split = NameSplit(train=["Anna", "Berta"], validation=["Carla"], test=["Dora"])
        >>> novelty(["Anna", "Dora", "Emma", "Anna"], split)
        Novelty(train=2, validation=0, test=1, new=1)
    """
    parts = [frozenset(part) for part in split]
    counts = [0] * len(parts)
    new = 0
    for name in samples:
        found = [index for index, part in enumerate(parts) if name in part]
        if found:
            counts[found[0]] += 1
        else:
            new += 1
    return Novelty(*counts, new)
