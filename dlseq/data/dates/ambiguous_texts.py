"""Ambiguous texts: texts that do not determine one date, as training data for calibrated probabilities.

A model that is trained on dates alone is certain of every output. Each text here is paired with a date drawn from
those that the text leaves open, so that a model trained on them gives each reading of "5/4/2009" a probability of one
half, any date for "3 May" one in six hundred, and any date for a text that is no date almost zero.
"""

import datetime
from collections.abc import Callable

import faker

from dlseq.data.dates.cldr import compile_pattern
from dlseq.data.dates.generator import HumanDateProvider
from dlseq.data.dates.pairs import DatePair
from dlseq.data.dates.presets import PRESETS

__all__ = ["AMBIGUITY_KINDS", "ambiguous_pairs"]

WITHOUT_YEAR = ("d MMMM", "MMMM d", "MMMM ddd", "ddd 'of' MMMM", "EEEE d MMMM", "d MMM")
WITHOUT_DAY = ("MMMM y", "MMM y", "MMMM, y")
YEAR_ONLY = ("y", "'in' y", "'anno' y")
DAY_OR_MONTH_ONLY = ("EEEE", "MMMM", "ddd", "d")
SEPARATORS = "/-"
CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789 .,-/:"
OTHER_LOCALE_SHARE = 0.5  # of the partial dates, in a random locale of `world` instead of en_US


def ambiguous_pairs(n: int, *, seed: int = 0, split: str | None = "train") -> list[DatePair]:
    """Draw texts that do not determine one date, each with one of the dates that it leaves open.

    Args:
        n: number of pairs.
        seed: the same seed gives the same pairs.
        split: "train", "validation" or "test", the split of the days; None for all.

    Returns:
        A list of n `DatePair`; `form` is the kind of ambiguity, one of `AMBIGUITY_KINDS`.

    Example:
        >>> for pair in ambiguous_pairs(4, seed=3):
        ...     print(pair.form, "|", pair.text)
        year missing | 5 january
        impossible | 88 September 1640
        only a day or a month | 13th
        order open | 12/11/1854
    """
    fake = faker.Faker()
    fake.add_provider(HumanDateProvider)
    fake.seed_instance(seed)
    random = fake.random.random
    kinds = tuple(AMBIGUITY_KINDS)

    def draw():
        kind = kinds[int(random() * len(kinds))]
        day = datetime.date.fromisoformat(fake.human_date("world", split=split).iso)
        text, day = AMBIGUITY_KINDS[kind](day, random)
        return DatePair(text, day.isoformat(), kind, "")

    return [draw() for _ in range(n)]


def _open_order(day: datetime.date, random: Callable[[], float]) -> tuple[str, datetime.date]:
    """Write day and month as numbers in random order: ambiguous unless one of them is above twelve."""
    separator = SEPARATORS[int(random() * len(SEPARATORS))]
    numbers = [day.day, day.month] if random() < 0.5 else [day.month, day.day]
    width = 2 if random() < 0.5 else 1
    return separator.join([*(f"{number:0{width}d}" for number in numbers), f"{day.year}"]), day


def _partial_date(patterns: tuple[str, ...]) -> Callable:
    """Return a function that writes dates with a missing field, in one of some CLDR patterns."""

    def write(day, random):
        locales = PRESETS["world"].locales
        locale = locales[int(random() * len(locales))] if random() < OTHER_LOCALE_SHARE else "en_US"
        pattern = patterns[int(random() * len(patterns))]
        text = compile_pattern(pattern, locale).render(day)
        return text.lower() if random() < 0.5 else text, day

    return write


def _impossible_date(day: datetime.date, random: Callable[[], float]) -> tuple[str, datetime.date]:
    """Write a day that its month does not have."""
    days = 32 + int(random() * 68) if random() < 0.5 else 30 + int(random() * 2)
    name = compile_pattern("MMMM", "en_US").render(day if days > 31 else day.replace(month=2, day=1))
    text = f"{days} {name} {day.year}" if random() < 0.5 else f"{name} {days}, {day.year}"
    return text, day


def _not_a_date(day: datetime.date, random: Callable[[], float]) -> tuple[str, datetime.date]:
    """Write random words, or random characters."""
    if random() < 0.5:
        letters, lengths = CHARACTERS, (1, 30)
        words = 1
    else:
        letters, lengths = CHARACTERS[:26], (1, 9)
        words = 1 + int(random() * 5)
    text = " ".join(
        "".join(letters[int(random() * len(letters))] for _ in range(lengths[0] + int(random() * lengths[1])))
        for _ in range(words)
    )
    return text.strip() or "?", day


AMBIGUITY_KINDS = {
    "order open": _open_order,
    "year missing": _partial_date(WITHOUT_YEAR),
    "day missing": _partial_date(WITHOUT_DAY),
    "only a year": _partial_date(YEAR_ONLY),
    "only a day or a month": _partial_date(DAY_OR_MONTH_ONLY),
    "impossible": _impossible_date,
    "not a date": _not_a_date,
}
