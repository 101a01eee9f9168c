"""CLDR date patterns, compiled into lookup tables that also give the span of each field."""

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
    """A part of a pattern: a field with its text for every value, or a literal.

    A literal has the field "" and one text. Texts of other fields are indexed by value: `texts[7]` of a month is July;
    weekdays count from Monday = 0, as in `datetime.date.weekday`. Values that do not exist have the text "".
    """

    field: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class DatePattern:
    """A date pattern compiled for one locale.

    Args:
        parts: the parts in writing order.

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
        """Return the text of a day, whose year must have four digits."""
        values = (day.year, day.month, day.day, day.weekday(), 0)
        return "".join([texts[values[slot]] for slot, texts in self._slots])

    def spans(self, day: datetime.date) -> dict[str, tuple[int, int]]:
        """Return the half-open character spans of year, month and day in `render(day)`."""
        values = (day.year, day.month, day.day, day.weekday(), 0)
        found, end = {}, 0
        for slot, texts in self._slots:
            start, end = end, end + len(texts[values[slot]])
            if FIELDS[slot] in ("year", "month", "day"):
                found[FIELDS[slot]] = (start, end)
        return found

    def map(self, change: Callable[[Part], tuple[str, ...]]) -> "DatePattern":
        """Return the pattern with part texts `change(part)`, without parts that become empty.

        Years do not change, since they are digits.

        Example:
            >>> upper = compile_pattern("d MMM", "en_US").map(lambda part: tuple(map(str.upper, part.texts)))
            >>> upper.render(datetime.date(1969, 7, 20))
            '20 JUL'
        """
        changed = (part if part.field == "year" else Part(part.field, change(part)) for part in self.parts)
        return DatePattern(tuple(part for part in changed if any(part.texts)))

    @functools.cached_property
    def two_digit_year(self) -> bool:
        """True if the year has two digits."""
        return any(part.field == "year" and len(part.texts[1969]) == 2 for part in self.parts)

    @functools.cached_property
    def max_length(self) -> int:
        """Length of the longest text of this pattern."""
        return sum(len(part.texts[1969]) if part.field == "year" else max(map(len, part.texts)) for part in self.parts)


def locale_name(name: str) -> str:
    """Validate the name of a locale, and return it in the usual spelling.

    Args:
        name: such as "fr_FR", "fr-fr" or "ar".

    Returns:
        The language in lower case, the script capitalized, the territory in capitals.

    Raises:
        DataError: Babel has no such locale; the message suggests similar ones.

    Example:
        >>> locale_name("ko-kr")
        'ko_KR'
        >>> locale_name("en_UX")
        Traceback (most recent call last):
        dlseq.errors.DataError: Unknown locale 'en_UX'. Expected one of Babel's, such as en_...
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
        raise DataError(f"Unknown locale {name!r}. Expected one of Babel's, such as {examples}.") from error
    return spelled


def locale_pattern(form: str, locale: str) -> str:
    """Return the CLDR pattern of a form: that of the locale for "short" to "full", or the form itself.

    Example:
        >>> locale_pattern("long", "es_ES"), locale_pattern("d MMM y", "es_ES")
        ("d 'de' MMMM 'de' y", 'd MMM y')
    """
    return get_date_format(form, locale=locale).pattern if form in NAMED_FORMS else form


@functools.lru_cache(maxsize=4096)
def compile_pattern(pattern: str, locale: str) -> DatePattern:
    """Compile a CLDR date pattern into lookup tables.

    The letters are CLDR's (`y`, `M`, `L`, `d`, `E`, `c`, `G`), and their texts are Babel's, so that `render` equals
    `babel.dates.format_date`. Two widths that CLDR leaves undefined are English ordinals: `ddd` as they should be
    (21st) and `dddd` as they are often typed (21th).

    Args:
        pattern: a pattern, or "short", "medium", "long" or "full" for the locale's own.
        locale: a locale that Babel knows.

    Returns:
        The compiled `DatePattern`.

    Raises:
        DataError: the pattern has a field that is not part of a calendar date (such as the week-year `Y`, which differs
            from the year in the last days of December).

    Example:
        >>> compile_pattern("EEEE ddd MMMM y", "en_US").render(datetime.date(2016, 8, 21))
        'Sunday 21st August 2016'
        >>> compile_pattern("d MMM Y", "en_US")
        Traceback (most recent call last):
        dlseq.errors.DataError: Invalid field 'Y' in date pattern 'd MMM Y'. Expected only calendar fields: y, M, ...
    """
    parts = []
    for kind, token in tokenize_pattern(locale_pattern(pattern, locale)):
        part = Part("", (token,)) if kind == "chars" else field_part(*token, pattern, locale)
        parts.append(part)
    return DatePattern(tuple(parts))


@functools.lru_cache(maxsize=8192)
def field_part(letter: str, width: int, pattern: str, locale: str) -> Part:
    """Build the table of one field of a pattern, such as the months of a locale."""
    if letter == "y":
        return Part("year", TWO_DIGIT_YEARS if width == 2 else FOUR_DIGIT_YEARS)
    if letter in "ML" and width <= 5:
        return Part("month", ("", *(format_field(letter * width, 1970, month, 1, locale) for month in range(1, 13))))
    if letter == "d" and width <= 4:
        return Part("day", DAYS[width])
    if letter == "E" or (letter == "c" and 3 <= width <= 6):
        # 5 January 1970 was a Monday.
        return Part("weekday", tuple(format_field(letter * width, 1970, 1, 5 + index, locale) for index in range(7)))
    if letter == "G":
        return Part("", (format_field("G" * width, 1970, 1, 1, locale),))
    raise DataError(
        f"Invalid field {letter * width!r} in date pattern {pattern!r}. "
        "Expected only calendar fields: y, M, L, d, E, c and G."
    )


def format_field(field: str, year: int, month: int, day: int, locale: str) -> str:
    """Return the text of one field of one date, by Babel."""
    return format_date(datetime.date(year, month, day), field, locale=locale)


def ordinal(day: int) -> str:
    """Return an English ordinal.

    Example:
        >>> [ordinal(day) for day in (1, 2, 3, 4, 11, 12, 13, 22, 31)]
        ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '22nd', '31st']
    """
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


class YearTable(tuple):
    """The texts of all years. The two tables are compared by identity, since comparing 10,000 texts is slow."""

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
