"""Weekdays in written dates, in the words of CLDR, compared with the weekday of a date."""

import datetime
import functools
import re
from collections import defaultdict

from babel import Locale

from dlseq.data.dates.reading.characters import plain_character

__all__ = ["contradicts_weekday", "weekdays_in"]

_WORD = re.compile(
    "[a-z\u0370-\u058f\u05d0-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u10a0-\u10ff]+"
    "(?:['-][a-z\u0370-\u058f\u05d0-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u10a0-\u10ff]+)*"
)
_EAST_ASIAN = re.compile(
    r"(?:星期|[周週]|[禮礼]拜)([一二三四五六日天])|([月火水木金土日])曜|([월화수목금토일])요일|\(([月火水木金土日])\)|\(([월화수목금토일])\)"
)
_EAST_ASIAN_ORDER = ("一二三四五六日", "月火水木金土日", "월화수목금토일")  # from Monday
_ALSO = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3, "sonnabend": 5}
MIN_LETTERS = 3  # of an abbreviation; shorter ones are also other words


def contradicts_weekday(text: str, iso: str, locales: tuple[str, ...]) -> bool:
    """Return True if a text names a weekday, and the date has another one.

    Args:
        text: The date as typed.
        iso: The date, YYYY-MM-DD.
        locales: Babel's names of the locales whose weekdays are known.

    Example:
        >>> contradicts_weekday("Monday, 21 August 2016", "2016-08-21", ("en_US",))
        True
        >>> contradicts_weekday("Sunday, 21 August 2016", "2016-08-21", ("en_US",))
        False
    """
    try:
        weekday = datetime.date.fromisoformat(iso).weekday()
    except ValueError:
        return False
    return any(weekday not in named for named in weekdays_in(text, locales))


def weekdays_in(text: str, locales: tuple[str, ...]) -> list[frozenset[int]]:
    """Return for each name of a weekday in a text the days that it may mean, with Monday as 0.

    Names that are also those of a month in one of the locales, such as "mar.", are left out.

    Example:
        >>> weekdays_in("Dimanche 21 août 2016 (日)", ("fr_FR",))
        [frozenset({6}), frozenset({6})]
    """
    plain = "".join(map(plain_character, text))
    names = _names(locales)
    words, found = _WORD.findall(plain), []
    while words:
        for size in (2, 1):
            days = names.get(" ".join(words[:size])) if len(words) >= size else None
            if days is not None:
                break
        found += [days] if days else []
        words = words[size if days else 1 :]
    for match in _EAST_ASIAN.finditer(plain):
        sign = match.group(match.lastindex).replace("天", "日")
        found.append(frozenset(order.index(sign) for order in _EAST_ASIAN_ORDER if sign in order))
    return found


@functools.lru_cache(maxsize=4)
def _names(locales: tuple[str, ...]) -> dict[str, frozenset[int]]:
    """Return the weekdays of each name in any of the locales."""
    weekdays, months = defaultdict(set, {name: {day} for name, day in _ALSO.items()}), set()
    for locale in map(Locale.parse, locales):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                months |= {_plain(name) for name in locale.months[context][width].values()}
                for day, name in locale.days[context][width].items():
                    weekdays[_plain(name)].add(day)
                    if locale.language == "th":
                        weekdays[_plain(name) + "ที่"].add(day)  # its full form has no space between
    return {name: frozenset(days) for name, days in weekdays.items() if name not in months and len(name) >= MIN_LETTERS}


def _plain(name):
    return "".join(map(plain_character, name)).strip(". ")
