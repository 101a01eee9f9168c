"""Typed pairs: dates in the forms that people type, in all years, with typing noise, each with its ISO date."""

import datetime
import random as python_random
import re
from collections.abc import Callable, Iterable

from dlseq.data.dates.generator import TWO_DIGIT_YEARS
from dlseq.data.dates.pairs import DatePair, split_for_date
from dlseq.data.dates.typed.forms import TypedForm, chooser, typed_forms
from dlseq.data.dates.typed.noise import typing_noise
from dlseq.data.dates.typed.writing import Fields, write
from dlseq.errors import DataError

__all__ = ["draw_day", "typed_pairs"]

ALL_DAYS = (1, datetime.date.max.toordinal())
WORLD_DAYS = (datetime.date(1500, 1, 1).toordinal(), datetime.date(2100, 12, 31).toordinal())
MODERN_DAYS = (datetime.date(1900, 1, 1).toordinal(), datetime.date(2040, 12, 31).toordinal())
SHORT_DAYS = tuple(day.toordinal() for day in TWO_DIGIT_YEARS)
EARLY_DAYS = (1, datetime.date(999, 12, 31).toordinal())
DAYS = chooser((WORLD_DAYS, MODERN_DAYS, ALL_DAYS, EARLY_DAYS), (0.65, 0.08, 0.17, 0.1))
ERA_DAYS = chooser((WORLD_DAYS, ALL_DAYS, EARLY_DAYS), (0.2, 0.3, 0.5))
NOISE_SHARE = 0.25
FIRST_SHARE = 0.4  # of the first of the month where only that is an ordinal, as in "1er mai"
LONGEST = 76  # characters, below what the task reads
COMMA = re.compile("[,،，]")
SPACED_SCRIPTS = ("ja_JP", "zh_CN", "zh_TW", "ko_KR")


def typed_pairs(
    n: int,
    *,
    seed: int = 0,
    split: str | None = None,
    locales: Iterable[str] | None = None,
    noise_share: float = NOISE_SHARE,
) -> list[DatePair]:
    """Draw dates in the forms that people type.

    Two digits of a year are those of 1969 to 2068 (the rule of POSIX). Years outside of 1500 to 2100 are drawn at a low
    weight, years below 1000 with or without zeros in front.

    Args:
        n: number of pairs.
        seed: the same seed gives the same pairs.
        split: "train", "validation" or "test", the split of the days; `None` for all.
        locales: locales of `world` to write in; `None` for all.
        noise_share: share of the texts with a typing error.

    Returns:
        A list of n `DatePair`.

    Example:
        >>> for pair in typed_pairs(4, seed=8, locales=["en_US"]):
        ...     print(pair.text, "->", pair.iso)
        25 .3.65 -> 2065-03-25
        30/11/14 -> 2014-11-30
        7 jan1512 -> 1512-01-07
        Friday, September 13, 1726 -> 1726-09-13
    """
    if n == 0:
        return []
    random = python_random.Random(seed).random
    forms = typed_forms(None if locales is None else tuple(locales))
    choose = chooser(forms, [form.weight for form in forms])
    pairs: list[DatePair] = []
    while len(pairs) < n:
        pair = draw_pair(choose(random()), random, split)
        if random() < noise_share:
            pair = pair._replace(text=typing_noise(pair.text, random).strip() or pair.text)
        if len(pair.text) <= LONGEST:
            pairs.append(pair)
    return pairs


def draw_pair(form: TypedForm, random: Callable[[], float], split: str | None) -> DatePair:
    """Draw a date and write it in a form."""
    day = draw_day(random, _days(form, random), split)
    while (form.open_order and day.day <= 12 and day.day != day.month) or (form.day_above_twelve and day.day <= 12):
        day = draw_day(random, _days(form, random), split)
    if form.ordinal_days and random() < FIRST_SHARE and split in (None, split_for_date(day.replace(day=1))):
        day = day.replace(day=1)
    text = write(form.pattern, Fields.of(day), year_text(form, day.year, random))
    return DatePair(vary(text, form, random), day.isoformat(), form.name, form.locale)


def _days(form: TypedForm, random: Callable[[], float]) -> tuple[int, int]:
    if form.two_digit_year:
        return SHORT_DAYS
    if not form.all_years:
        return WORLD_DAYS
    return (ERA_DAYS if form.any_year else DAYS)(random())


def draw_day(random: Callable[[], float], days: tuple[int, int], split: str | None) -> datetime.date:
    """Draw a day of a split from a range of ordinals."""
    first, last = days
    for _ in range(10_000):
        day = datetime.date.fromordinal(first + int(random() * (last - first + 1)))
        if split is None or split_for_date(day) == split:
            return day
    raise DataError(f"Expected a split with days, such as 'train'. Received: {split!r}")


def year_text(form: TypedForm, year: int, random: Callable[[], float]) -> str:
    """Write a year with four digits, or an early one with its own where the text shows that it is a year."""
    plain = form.any_year or (form.named_month and year >= 100 and random() < 0.6)
    return str(year) if plain else f"{year:04d}"


def vary(text: str, form: TypedForm, random: Callable[[], float]) -> str:
    """Change case; leave out commas, dots after letters, or the spaces of scripts that need none."""
    if random() < 0.25 and form.named_month:
        text = COMMA.sub("", text)
    if random() < 0.15 and "." in text:
        text = re.sub(r"(?<=[^\W\d_])\.", "", text)
    if form.locale in SPACED_SCRIPTS and random() < 0.3:
        text = re.sub(r"\s", "", text)
    number = random()
    return text.upper() if number < 0.1 else text.lower() if number < 0.4 else text
