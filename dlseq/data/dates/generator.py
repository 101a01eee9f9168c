"""Date pair generator: written dates with their ISO dates, drawn with Faker, rendered with Babel, reproducible by seed.

The only source of randomness is `random.Random.random()` of the Faker generator, whose stream Python guarantees, and
days come from an explicit range. So neither today's date nor the release of Faker changes a pair.
"""

import bisect
import datetime
import functools
import itertools
from collections.abc import Callable, Iterable, Sequence

import faker
import numpy as np
from faker.providers import BaseProvider

from dlseq.data.dates.pairs import SPLITS, DatePair, hash32
from dlseq.data.dates.presets import TWO_DIGIT_YEARS, patterns_of, preset_for
from dlseq.errors import DataError

__all__ = ["HumanDateProvider", "date_pairs", "field_spans"]

FIRST_DAY = datetime.date(1000, 1, 1)  # years are written with four digits


class HumanDateProvider(BaseProvider):
    """A Faker provider of dates as people write them.

    Example:
        >>> fake = faker.Faker()
        >>> fake.add_provider(HumanDateProvider)
        >>> fake.seed_instance(4)
        >>> fake.human_date().iso
        '1975-10-12'
    """

    def human_date(
        self,
        preset: str = "course",
        *,
        split: str | None = None,
        locales: Iterable[str] | None = None,
        start: datetime.date | None = None,
        end: datetime.date | None = None,
    ) -> DatePair:
        """Draw one pair; the arguments are those of `date_pairs`."""
        return sampler(preset, split, _locale_key(locales), start, end)(self.generator.random.random)


def date_pairs(
    n: int,
    preset: str = "course",
    *,
    split: str | None = None,
    seed: int = 0,
    locales: Iterable[str] | None = None,
    start: datetime.date | None = None,
    end: datetime.date | None = None,
) -> list[DatePair]:
    """Draw random pairs of a written date and its ISO date.

    Args:
        n: number of pairs, drawn with replacement.
        preset: "course" (24 English forms in small letters, 1970 to 2025) or "world" (1500 to 2100, many languages).
        split: "train", "validation" or "test", for days of that split alone (see `split_for_date`); None for all.
        seed: the same seed gives the same pairs, on any day and with any release of Faker.
        locales: Babel's names of the locales to write in, instead of the preset's own (see `preset_for`).
        start: the first day, instead of the preset's.
        end: the last day, instead of the preset's.

    Returns:
        A list of n `DatePair`.

    Raises:
        DataError: an invalid argument.

    Example:
        >>> for pair in date_pairs(3, "course", seed=0):
        ...     print(pair.text, "->", pair.iso)
        12 06 12 -> 2012-06-12
        wednesday august 19 1998 -> 1998-08-19
        26 december 1986 -> 1986-12-26
    """
    if n < 0:
        raise DataError(f"Invalid value for argument `n`. Expected an integer of at least 0. Received: n={n}")
    fake = faker.Faker()
    fake.add_provider(HumanDateProvider)
    fake.seed_instance(seed)
    key, draw = _locale_key(locales), fake.human_date
    return [draw(preset, split=split, locales=key, start=start, end=end) for _ in range(n)]


def field_spans(pair: DatePair) -> dict[str, tuple[int, int]] | None:
    """Return the spans of the year, the month and the day in the text of a pair.

    Args:
        pair: a pair that `date_pairs` or the provider drew.

    Returns:
        For "year", "month" and "day" the half-open span in `pair.text`, with the suffix of an ordinal; None if the form
        is unknown, as for a row of a CSV file.

    Example:
        >>> pair = DatePair("JULY 20TH 1969", "1969-07-20", "MMMM ddd, y", "en_US")
        >>> {field: pair.text[slice(*span)] for field, span in field_spans(pair).items()}
        {'month': 'JULY', 'day': '20TH', 'year': '1969'}
    """
    if not pair.locale and pair.form != "iso":
        return None
    day = datetime.date.fromisoformat(pair.iso)
    for pattern in patterns_of(pair.form, pair.locale):
        if pattern.render(day) == pair.text:
            return pattern.spans(day)
    return None


def _locale_key(locales: Iterable[str] | None) -> tuple[str, ...] | None:
    """Return a hashable argument from a list of locales."""
    return (locales,) if isinstance(locales, str) else None if locales is None else tuple(locales)


@functools.lru_cache(maxsize=64)
def sampler(
    preset: str,
    split: str | None,
    locales: tuple[str, ...] | None,
    start: datetime.date | None,
    end: datetime.date | None,
) -> Callable[[Callable[[], float]], DatePair]:
    """Return a function that draws pairs from three random numbers in [0, 1): form, day and pattern."""
    chosen = preset_for(preset, locales)
    start, end = start or chosen.start, end or chosen.end
    days = days_of(split, start, end)

    # Two-digit years are unique only within a century: those forms draw from a slice of the days.
    century = [day.toordinal() for day in TWO_DIGIT_YEARS]
    window = (bisect.bisect_left(days, century[0]), bisect.bisect_right(days, century[1]))
    forms = [
        (form, window if form.two_digit_year else (0, len(days)))
        for form in chosen.forms
        if not form.two_digit_year or window[0] < window[1]
    ]
    if not forms or not days:
        raise DataError(
            f"Expected a range with days of the split {split!r}. Received: {start} to {end}, which has none. "
            "Choose a wider range."
        )

    shares = cumulative([form.weight for form, _ in forms])
    table = [
        (form.name, form.locale, first, last - first, [pattern for pattern, _ in form.patterns], pattern_shares)
        for form, (first, last) in forms
        for pattern_shares in [cumulative([share for _, share in form.patterns])]
    ]

    def draw(random: Callable[[], float]) -> DatePair:
        name, locale, first, count, patterns, pattern_shares = table[bisect.bisect(shares, random())]
        day = datetime.date.fromordinal(days[first + int(random() * count)])
        pattern = patterns[bisect.bisect(pattern_shares, random())]
        return DatePair(pattern.render(day), day.isoformat(), name, locale)

    return draw


@functools.lru_cache(maxsize=16)
def days_of(split: str | None, start: datetime.date, end: datetime.date) -> Sequence[int]:
    """Return the ordinals of the days from `start` to `end` that belong to a split, in order."""
    if split is not None and split not in SPLITS:
        raise DataError(
            f"Invalid value for argument `split`. Expected {', '.join(SPLITS)} or None. Received: {split!r}"
        )
    if not FIRST_DAY <= start <= end:
        raise DataError(
            f"Invalid range of days. Expected {FIRST_DAY} <= start <= end. Received: start={start}, end={end}"
        )
    days = range(start.toordinal(), end.toordinal() + 1)
    if split is None:
        return days
    ordinals = np.arange(days.start, days.stop, dtype=np.uint64)
    splits = np.maximum(hash32(ordinals) % 10, 7) - 7  # as in split_for_date
    return ordinals[splits == SPLITS.index(split)].tolist()


def cumulative(weights: Sequence[float]) -> list[float]:
    """Return the inner bounds of the cumulative distribution of some weights, for `bisect`.

    Example:
        >>> cumulative([1, 1, 2])
        [0.25, 0.5]
    """
    total = sum(weights)
    return [bound / total for bound in itertools.accumulate(weights)][:-1]
