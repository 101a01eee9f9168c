"""Texts that do not say one date, so that a model can learn to doubt.

A model that has only ever seen dates is sure of everything. Each text here comes with a date that is drawn among
those the text leaves open: a reader that has learned them gives "5/4/2009" two answers of one half each, "3 May" one
answer in six hundred, and a text that is no date next to nothing.
"""

import datetime
from collections.abc import Callable

import faker

from dlseq.data.dates.cldr import compile_pattern
from dlseq.data.dates.generator import HumanDateProvider
from dlseq.data.dates.pairs import DatePair
from dlseq.data.dates.presets import PRESETS

__all__ = ["AMBIGUITY_KINDS", "ambiguous_pairs"]

ALL_BUT_YEAR = ("d MMMM", "MMMM d", "MMMM ddd", "ddd 'of' MMMM", "EEEE d MMMM", "d MMM")
ALL_BUT_DAY = ("MMMM y", "MMM y", "MMMM, y")
YEAR_ALONE = ("y", "'in' y", "'anno' y")
DAY_OR_MONTH_ALONE = ("EEEE", "MMMM", "ddd", "d")
SEPARATORS = "/-"
SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789 .,-/:"
KEEPS_LOCALE = 0.5  # share of the partial dates that are written in another locale than English


def ambiguous_pairs(n: int, *, seed: int = 0, split: str | None = "train") -> list[DatePair]:
    """Draws texts that leave a date open, each with one of the dates that it leaves open.

    Args:
        n: how many.
        seed: the same seed gives the same pairs.
        split: "train", "validation" or "test", of the days that are drawn; None for all.

    Returns:
        A list of n `DatePair`; `form` is the kind of doubt, one of `AMBIGUITY_KINDS`.

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


def order_open(day: datetime.date, random: Callable[[], float]) -> tuple[str, datetime.date]:
    """Day and month as numbers in either order: sure only where one of them is above twelve."""
    separator = SEPARATORS[int(random() * len(SEPARATORS))]
    numbers = [day.day, day.month] if random() < 0.5 else [day.month, day.day]
    width = 2 if random() < 0.5 else 1
    return separator.join([*(f"{number:0{width}d}" for number in numbers), f"{day.year}"]), day


def partial(names: tuple[str, ...]) -> Callable:
    """Makes the writer of dates of which something is missing."""

    def write(day, random):
        locales = PRESETS["world"].locales
        locale = locales[int(random() * len(locales))] if random() < KEEPS_LOCALE else "en_US"
        name = names[int(random() * len(names))]
        text = compile_pattern(name, locale).render(day)
        return text.lower() if random() < 0.5 else text, day

    return write


def impossible(day: datetime.date, random: Callable[[], float]) -> tuple[str, datetime.date]:
    """A day that its month does not have."""
    days = 32 + int(random() * 68) if random() < 0.5 else 30 + int(random() * 2)
    name = compile_pattern("MMMM", "en_US").render(day if days > 31 else day.replace(month=2, day=1))
    text = f"{days} {name} {day.year}" if random() < 0.5 else f"{name} {days}, {day.year}"
    return text, day


def not_a_date(day: datetime.date, random: Callable[[], float]) -> tuple[str, datetime.date]:
    """Words that mean nothing, or signs in any order."""
    if random() < 0.5:
        letters, lengths = SIGNS, (1, 30)
        words = 1
    else:
        letters, lengths = SIGNS[:26], (1, 9)
        words = 1 + int(random() * 5)
    text = " ".join(
        "".join(letters[int(random() * len(letters))] for _ in range(lengths[0] + int(random() * lengths[1])))
        for _ in range(words)
    )
    return text.strip() or "?", day


AMBIGUITY_KINDS = {
    "order open": order_open,
    "year missing": partial(ALL_BUT_YEAR),
    "day missing": partial(ALL_BUT_DAY),
    "only a year": partial(YEAR_ALONE),
    "only a day or a month": partial(DAY_OR_MONTH_ALONE),
    "impossible": impossible,
    "not a date": not_a_date,
}
