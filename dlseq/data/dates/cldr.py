"""CLDR date patterns, compiled once into tables that are looked up, and that know where each field was written."""

import datetime
import difflib
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_date, get_date_format, tokenize_pattern

from dlseq.errors import DataError

__all__ = ["DatePattern", "Part", "compile_pattern", "locale_name", "locale_pattern"]

FIELDS = ("year", "month", "day", "weekday", "")
NAMED_FORMS = ("short", "medium", "long", "full")


class Part(NamedTuple):
    """One stretch of a pattern: a field with its text for every value, or a literal.

    A literal has the field "" and one text. The others are indexed by their own number: `texts[7]` of a month is
    July; weekdays count from Monday = 0, as `datetime.date.weekday` does. Values that do not exist hold "".
    """

    field: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class DatePattern:
    """A date pattern that has been compiled for one locale.

    Args:
        parts: the stretches of text in the order in which they are written.

    Example:
        >>> pattern = compile_pattern("MMMM d, y", "en_US")
        >>> pattern.render(datetime.date(1969, 7, 20))
        'July 20, 1969'
        >>> pattern.spans(datetime.date(1969, 7, 20))
        {'month': (0, 4), 'day': (5, 7), 'year': (9, 13)}
    """

    parts: tuple[Part, ...]

    @functools.cached_property
    def _slots(self) -> list[tuple[int, tuple[str, ...]]]:
        return [(FIELDS.index(part.field), part.texts) for part in self.parts]

    def render(self, day: datetime.date) -> str:
        """Writes `day`, whose year must have four digits."""
        values = (day.year, day.month, day.day, day.weekday(), 0)
        return "".join([texts[values[slot]] for slot, texts in self._slots])

    def spans(self, day: datetime.date) -> dict[str, tuple[int, int]]:
        """Says where `render(day)` writes each of year, month and day, as half-open spans of characters."""
        values = (day.year, day.month, day.day, day.weekday(), 0)
        found, end = {}, 0
        for slot, texts in self._slots:
            start, end = end, end + len(texts[values[slot]])
            if FIELDS[slot] in ("year", "month", "day"):
                found[FIELDS[slot]] = (start, end)
        return found

    def map(self, change: Callable[[Part], tuple[str, ...]]) -> "DatePattern":
        """Gives the pattern whose part texts are `change(part)`, with parts that became empty left out.

        Years stay as they are: they are all digits.

        Example:
            >>> loud = compile_pattern("d MMM", "en_US").map(lambda part: tuple(map(str.upper, part.texts)))
            >>> loud.render(datetime.date(1969, 7, 20))
            '20 JUL'
        """
        changed = (part if part.field == "year" else Part(part.field, change(part)) for part in self.parts)
        return DatePattern(tuple(part for part in changed if any(part.texts)))

    @functools.cached_property
    def two_digit_year(self) -> bool:
        """Whether the century is left to the reader."""
        return any(part.field == "year" and len(part.texts[1969]) == 2 for part in self.parts)

    @functools.cached_property
    def max_length(self) -> int:
        """The length of the longest text that this pattern can write."""
        return sum(len(part.texts[1969]) if part.field == "year" else max(map(len, part.texts)) for part in self.parts)


def locale_name(name: str) -> str:
    """Checks that Babel knows a locale, and gives its name in the usual spelling.

    Args:
        name: such as "fr_FR", "fr-fr" or "ar".

    Returns:
        The language in small letters, the script with one capital, the territory in capitals.

    Raises:
        DataError: Babel knows no such locale; the message names the nearest ones.

    Example:
        >>> locale_name("ko-kr")
        'ko_KR'
        >>> locale_name("en_UX")
        Traceback (most recent call last):
        dlseq.errors.DataError: unknown locale 'en_UX': expected one that Babel has, such as en_...
    """
    known = localedata.locale_identifiers()
    try:
        language, *rest = str(name).strip().replace("-", "_").split("_")
        spelled = "_".join([language.lower(), *(tag.title() if len(tag) == 4 else tag.upper() for tag in rest)])
        if spelled.lower() == "root":
            raise ValueError("the root locale is no language")
        Locale.parse(spelled)
    except (ValueError, TypeError, UnknownLocaleError) as error:
        close = difflib.get_close_matches(str(name).replace("-", "_"), sorted(known), n=3, cutoff=0.5)
        examples = ", ".join(close) or "en_US, ko_KR, fr_FR"
        raise DataError(f"unknown locale {name!r}: expected one that Babel has, such as {examples}") from error
    return spelled


def locale_pattern(form: str, locale: str) -> str:
    """Gives the CLDR pattern of a form: what the locale has for "short" to "full", or the form itself.

    Example:
        >>> locale_pattern("long", "es_ES"), locale_pattern("d MMM y", "es_ES")
        ("d 'de' MMMM 'de' y", 'd MMM y')
    """
    return get_date_format(form, locale=locale).pattern if form in NAMED_FORMS else form


@functools.lru_cache(maxsize=4096)
def compile_pattern(pattern: str, locale: str) -> DatePattern:
    """Compiles a CLDR date pattern, after which a date costs a few table look-ups.

    The letters are CLDR's (`y`, `M`, `L`, `d`, `E`, `c`, `G`), and the text of each is asked of Babel, so that
    `render` writes what `babel.dates.format_date` writes. Two widths that CLDR leaves undefined stand for English
    ordinals: `ddd` as they should be (21st) and `dddd` as they are often typed (21th).

    Args:
        pattern: a pattern, or "short", "medium", "long" or "full" for the locale's own.
        locale: a locale that Babel knows.

    Returns:
        The compiled `DatePattern`.

    Raises:
        DataError: the pattern has a letter that is no part of a calendar date of the Gregorian year (such as the
            week-year `Y`, which is another year in the last days of December).

    Example:
        >>> compile_pattern("EEEE ddd MMMM y", "en_US").render(datetime.date(2016, 8, 21))
        'Sunday 21st August 2016'
        >>> compile_pattern("d MMM Y", "en_US")
        Traceback (most recent call last):
        dlseq.errors.DataError: the date pattern 'd MMM Y' has the field 'Y': expected only calendar fields, ...
    """
    parts = []
    for kind, token in tokenize_pattern(locale_pattern(pattern, locale)):
        part = Part("", (token,)) if kind == "chars" else field_part(*token, pattern, locale)
        parts.append(part)
    return DatePattern(tuple(parts))


@functools.lru_cache(maxsize=8192)
def field_part(letter: str, width: int, pattern: str, locale: str) -> Part:
    """Makes the table of one field of a pattern, such as the months of a locale."""
    if letter == "y":
        return Part("year", TWO_DIGIT_YEARS if width == 2 else FOUR_DIGIT_YEARS)
    if letter in "ML" and width <= 5:
        return Part("month", ("", *(ask_babel(letter * width, 1970, month, 1, locale) for month in range(1, 13))))
    if letter == "d" and width <= 4:
        return Part("day", DAYS[width])
    if letter == "E" or (letter == "c" and 3 <= width <= 6):
        # The fifth of January 1970 was a Monday.
        return Part("weekday", tuple(ask_babel(letter * width, 1970, 1, 5 + index, locale) for index in range(7)))
    if letter == "G":
        return Part("", (ask_babel("G" * width, 1970, 1, 1, locale),))
    raise DataError(
        f"the date pattern {pattern!r} has the field {letter * width!r}: expected only calendar fields, "
        "which are y, M, L, d, E, c and G"
    )


def ask_babel(field: str, year: int, month: int, day: int, locale: str) -> str:
    """Has Babel write one field of one date."""
    return format_date(datetime.date(year, month, day), field, locale=locale)


def ordinal(day: int) -> str:
    """Writes an English ordinal.

    Example:
        >>> [ordinal(day) for day in (1, 2, 3, 4, 11, 12, 13, 22, 31)]
        ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '22nd', '31st']
    """
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


class YearTable(tuple):
    """The texts of all years. There are two such tables, told apart by identity: comparing 10,000 texts is slow."""

    __slots__ = ()

    def __eq__(self, other):
        return self is other

    def __ne__(self, other):
        return self is not other

    def __hash__(self):
        return id(self)


FOUR_DIGIT_YEARS = YearTable([""] * 1000 + [str(year) for year in range(1000, 10000)])
TWO_DIGIT_YEARS = YearTable([""] * 1000 + [f"{year % 100:02d}" for year in range(1000, 10000)])
DAYS = {
    1: ("", *map(str, range(1, 32))),
    2: ("", *(f"{day:02d}" for day in range(1, 32))),
    3: ("", *map(ordinal, range(1, 32))),
    4: ("", *(f"{day}th" for day in range(1, 32))),
}
