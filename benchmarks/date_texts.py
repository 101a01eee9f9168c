"""Texts for `date_trust.py`: held-out dates and doubts of each kind, with the dates that they may be read as.

All days belong to the split "test", and the separators of ranges, words and other calendars are not those of the
training data. What makes a text right or wrong is decided here, by the calendar and the convention of the README alone.
"""

import calendar
import datetime
import random as python_random
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from dlseq.data.dates import date_pairs, split_for_date
from dlseq.data.dates.cldr import compile_pattern
from dlseq.data.dates.presets import WORLD_LOCALES
from dlseq.data.dates.typed.writing import Fields, write

__all__ = ["KINDS", "Case", "cases"]

LANGUAGES = ("en_US", "fr_FR", "de_DE", "es_ES", "ru_RU", "pt_BR", "it", "pl", "ja_JP", "zh_CN")
ENGLISH = ("MMM d, y", "MMMM ddd, y", "ddd 'of' MMMM y", "MMMM ddd, y", "M/d/y", "y-MM-dd", "d.M.y", "dd.MM.y")
NUMBERS = ("M/d/y", "y-MM-dd", "d.M.y", "dd.MM.y", "y/MM/dd", "y年M月d日")
DISTANT = ((1, 99), (100, 999), (1000, 1499), (2101, 2199), (2200, 2999), (3000, 9999))
SHORT_YEARS = (
    "d MMM yy",
    "d MMMM yy",
    "MMM d, yy",
    "MMMM d, yy",
    "d MMM ’yy",
    "d MMM ''yy",
    "ddd MMMM yy",
    "dd-MMM-yy",
    "ddMMMyy",
    "M/d/yy",
)
SETTLED = (
    *("y/MM/dd", "y/M/d", "y. M. d.", "y.M.d", "y.MM.dd", "y MM dd", "y-M-d", "yMMdd", "d.M.y", "d. M. y", "d M y"),
    *("y年MM月dd日", "y년M월d일", "MMMM d,y", "d.MMMM.y", "'the' ddd 'day' 'of' MMMM, y", "d MMMM y 'AD'", "d-MMM-y"),
    *("ddMMMy", "MMMMd,y", "MMMM-d-y", "MMM. d.y"),
)
OPEN = ("d/M/y", "M/d/y", "MM/dd/y", "d-M-y", "M-d-y", "M,d,y")
SWAPPED = ("M d y", "M.d.y")
TIMED = {
    "RFC 2822": ("EEE, dd MMM y", "{} 10:30:00 +0000"),
    "ISO with T": ("y-MM-dd", "{}T10:30:00Z"),
    "ISO with a time": ("y-MM-dd", "{} 10:30:00"),
    "ctime": ("EEE MMM d {} y", "10:30:00"),
}
MISSING = ("MMMM y", "y MMMM", "MMM, y", "d MMMM", "MMMM d", "EEEE d MMMM", "EEEE", "MM/y", "M.y", "y-MM", "MMMM", "y")
RANGES = (" till ", " through ", " until ", "—", " / ", " y ", " und ", " et ", "->")
WORDS = ("when the cows come home", "as soon as possible", "see above", "not given", "to be announced", "3 weeks ago")


class Case(NamedTuple):
    """A text, and the dates that it may be read as."""

    kind: str
    """The kind of text, a row of the table of bars."""
    group: str
    """The form or noise within the kind."""
    text: str
    """The text."""
    isos: tuple[str, ...]
    """One date; two where the order of day and month is open; none for a text that is no date."""


def cases(size: float = 1.0, *, seed: int = 71) -> list[Case]:
    """Return the texts of all kinds; `size` scales their number."""
    found: list[Case] = []
    for index, (kind, (make, count)) in enumerate(KINDS.items()):
        random = python_random.Random(seed + index).random
        found += [Case(kind, *case) for case in make(max(round(count * size), 4), random)]
    return found


def _day(random: Callable, first_year: int = 1500, last_year: int = 2100) -> datetime.date:
    """Draw a day of the test split."""
    first = datetime.date(first_year, 1, 1).toordinal()
    last = datetime.date(last_year, 12, 31).toordinal()
    while True:
        day = datetime.date.fromordinal(first + int(random() * (last - first + 1)))
        if split_for_date(day) == "test":
            return day


def _of(items, random: Callable):
    return items[int(random() * len(items))]


def clean(n, random) -> Iterator:
    """Held-out texts of `world`."""
    for pair in date_pairs(n, "world", split="test", seed=int(random() * 1e6)):
        yield pair.locale or "iso", pair.text, (pair.iso,)


def impossible(n, random) -> Iterator:
    """Days and months that do not exist, in ten languages."""
    for kind in ("31 of a short month", "29 February", "30 or 31 February", "day 32 to 39", "month 13 to 19"):
        for _ in range(n // 5):
            day = _day(random)
            locale = _of(LANGUAGES, random)
            forms = (*ENGLISH, "long", "medium", "full") if locale == "en_US" else ("long", "medium", "full")
            form = _of(NUMBERS if kind.startswith("month") else forms, random)
            fields = Fields.of(day)
            if kind.startswith("31"):
                fields = fields._replace(month=_of((4, 6, 9, 11), random), day=31)
            elif kind.startswith("29"):
                while calendar.isleap(day.year):
                    day = _day(random)
                fields = Fields(day.year, 2, 29, day.weekday())
            elif kind.startswith("30"):
                fields = fields._replace(month=2, day=_of((30, 31), random))
            elif kind.startswith("day"):
                fields = fields._replace(day=32 + int(random() * 8))
            else:
                fields = fields._replace(month=13 + int(random() * 7), day=13 + int(random() * 16))
            yield kind, write(compile_pattern(form, locale), fields), ()


def distant_years(n, random) -> Iterator:
    """Years outside of 1500 to 2100."""
    for first, last in DISTANT:
        for form in ("y-MM-dd", "d MMMM y", "MMMM d, y"):
            if form != "y-MM-dd" and last < 100:
                continue
            for _ in range(n // 16):
                day = _day(random, first, last)
                year = f"{day.year:04d}" if form == "y-MM-dd" else str(day.year)
                text = write(compile_pattern(form, "en_US"), Fields.of(day), year)
                yield f"{first} to {last}", text, (day.isoformat(),)


def short_years(n, random) -> Iterator:
    """Years of two digits, by the rule of POSIX."""
    for form in SHORT_YEARS:
        for index in range(n // len(SHORT_YEARS)):
            year = 1969 + index % 100
            day = _day(random, year, year)
            text = compile_pattern(form, "en_US").render(day)
            yield form.replace("''", "'"), text, (day.isoformat(),)


def common_forms(n, random) -> Iterator:
    """Forms that people type."""
    each = max(n // (len(SETTLED) + len(OPEN) + len(SWAPPED) + len(TIMED) + 1), 1)
    for form in (*SETTLED, *OPEN, *SWAPPED):
        for _ in range(each):
            day = _day(random)
            while form in SWAPPED and day.day <= 12:
                day = _day(random)
            is_open = form in OPEN and day.day <= 12 and day.day != day.month
            isos = (day.isoformat(), day.replace(month=day.day, day=day.month).isoformat()) if is_open else ()
            text = compile_pattern(form, "en_US").render(day)
            yield f"{form}, order open" if is_open else form, text, isos or (day.isoformat(),)
    for name, (form, time) in TIMED.items():
        for _ in range(each):
            day = _day(random)
            text = compile_pattern(form.replace("{}", "'{}'"), "en_US").render(day)
            yield name, text.format(time) if "{}" in text else time.format(text), (day.isoformat(),)
    for _ in range(each):
        day = _day(random).replace(day=1)
        yield "1er MMMM y", f"1er {compile_pattern('MMMM y', 'fr_FR').render(day)}", (day.isoformat(),)


def doubtful(n, random) -> Iterator:
    """Texts without a field, ranges, and words, in all locales."""
    for _ in range(n):
        day, number, locale = _day(random), random(), _of(("en_US", *WORLD_LOCALES), random)
        if number < 0.5:
            yield "field missing", compile_pattern(_of(MISSING, random), locale).render(day), ()
        elif number < 0.95:
            pattern = compile_pattern(_of(("medium", "long"), random), locale)
            later = day + datetime.timedelta(days=1 + int(random() * 40))
            yield "range", pattern.render(day) + _of(RANGES, random) + pattern.render(later), ()
        else:
            yield "words", _of(WORDS, random), ()


# Kinds of noise; each is a function of text and random source.
def _without(places: Callable, change: Callable) -> Callable:
    def noise(text, random):
        found = [index for index in range(len(text)) if places(text, index)]
        return change(text, _of(found, random)) if found else None

    return noise


def _no_digit(text, index):
    return not text[index].isdigit()


def _no_digits(text, index):
    return index + 1 < len(text) and _no_digit(text, index) and _no_digit(text, index + 1)


def _inside(text, index):
    return index and _no_digit(text, index - 1) and _no_digit(text, index)


def _inserted(character: str) -> Callable:
    def noise(text, random):
        index = 1 + int(random() * (len(text) - 1))
        return text[:index] + character + text[index:]

    return noise


def _accents_off(text, random):
    marks = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    is_latin = all(unicodedata.name(c, "").startswith("LATIN") for c in marks if c.isalpha())
    return marks if is_latin and marks != text else None


NOISES = {
    "letter or mark dropped": _without(_no_digit, lambda text, index: text[:index] + text[index + 1 :]),
    "letter or mark doubled": _without(_no_digit, lambda text, index: text[:index] + text[index] + text[index:]),
    "two letters exchanged": _without(
        _no_digits, lambda text, index: text[:index] + text[index + 1] + text[index] + text[index + 2 :]
    ),
    "space within": _without(_inside, lambda text, index: f"{text[:index]} {text[index:]}"),
    "accents off": _accents_off,
    "capitals": lambda text, random: text.upper(),
    "full stop": lambda text, random: f"{text}.",
    "comma": lambda text, random: f"{text},",
    "on": lambda text, random: f"on {text}",
    "Date:": lambda text, random: f"Date: {text}",
    "time": lambda text, random: f"{text} 10:30",
    "quotes": lambda text, random: f'"{text}"',
    "curly quotes": lambda text, random: f"“{text}”",
    "parentheses": lambda text, random: f"({text})",
    "brackets": lambda text, random: f"[{text}]",
    "no-break spaces": lambda text, random: text.replace(" ", "\u00a0"),
    "U+200B": _inserted("\u200b"),
    "U+200E": _inserted("\u200e"),
    "soft hyphen": _inserted("\u00ad"),
}


def noisy(n, random) -> Iterator:
    """Held-out texts of `world` with one noise each."""
    pairs = date_pairs(n // len(NOISES) + 1, "world", split="test", seed=int(random() * 1e6))
    for name, noise in NOISES.items():
        for pair in pairs:
            text = noise(pair.text, random)
            if text is not None and re.search(r"\w", text):
                yield name, text, (pair.iso,)


def other_calendars(n, random) -> Iterator:
    """Dates of other calendars: eras with a known first year have a date, the others are doubtful here."""
    for _ in range(n):
        day = _day(random, 1927, 2025)
        plain = f"{day.month}月{day.day}日"
        thai = compile_pattern("d MMMM", "th").render(day)
        name, text, isos = _of(
            (
                ("Japanese era", f"{_japanese_year(day)}年{plain}", (day.isoformat(),)),
                ("Minguo", f"民國{day.year - 1911}年{plain}", (day.isoformat(),)),
                ("Buddhist", f"{thai} {day.year + 543}", (day.isoformat(),)),
                ("Buddhist", f"{thai} พ.ศ. {day.year + 543}", (day.isoformat(),)),
                ("Islamic", f"{1 + day.day % 29} {_of(ISLAMIC, random)} {day.year - 579}", None),
                ("Persian", f"{1 + day.day % 29} {_of(PERSIAN, random)} {day.year - 621}", None),
                ("Hebrew", f"{1 + day.day % 29} {_of(HEBREW, random)} {day.year + 3760}", ()),
                ("Saka", f"{1 + day.day % 29} {_of(SAKA, random)} {day.year - 78} Saka", ()),
                ("Republican", f"{1 + day.day % 29} {_of(REPUBLICAN, random)} an {1 + day.year % 14}", ()),
            ),
            random,
        )
        if isos is None:
            isos = _converted(name, text)
        yield name, text, isos


def _japanese_year(day: datetime.date) -> str:
    for era, start in (("令和", (2019, 5, 1)), ("平成", (1989, 1, 8)), ("昭和", (1926, 12, 25))):
        if day >= datetime.date(*start):
            return f"{era}{day.year - start[0] + 1}"
    raise ValueError(day)


def _converted(name: str, text: str) -> tuple[str, ...]:
    """Return the days on which an Islamic or Persian date can fall; sightings of the moon differ by a day."""
    day, *month, year = text.split()
    if name == "Islamic":
        start = _islamic(int(year), ISLAMIC.index(" ".join(month)) + 1, int(day))
        return tuple(datetime.date.fromordinal(start + shift).isoformat() for shift in (0, -1, 1))
    month_number = PERSIAN.index(month[0]) + 1
    return (_persian(int(year), month_number, int(day)).isoformat(),)


def _islamic(year: int, month: int, day: int) -> int:
    """Return the ordinal of a date of the tabular Islamic calendar, whose epoch is 622-07-19 (Gregorian)."""
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day
    return datetime.date(622, 7, 18).toordinal() + days


def _persian(year: int, month: int, day: int) -> datetime.date:
    """Return a date of the years 1304 to 1469, from the new year of 1304 and leap years in cycles of 33 years."""
    leaps = sum((25 * earlier + 11) % 33 < 8 for earlier in range(1304, year))
    new_year = datetime.date(1925, 3, 21) + datetime.timedelta(days=365 * (year - 1304) + leaps)
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return new_year + datetime.timedelta(days=before + day - 1)


ISLAMIC = ("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان", "رمضان", "شوال")
PERSIAN = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن")
HEBREW = ("Tishrei", "Cheshvan", "Kislev", "Tevet", "Shevat", "Nisan", "Iyar", "Sivan", "Tammuz", "Av", "Elul")
SAKA = ("Chaitra", "Vaisakha", "Jyaistha", "Asadha", "Sravana", "Bhadra", "Asvina", "Kartika", "Pausa", "Magha")
REPUBLICAN = ("vendémiaire", "brumaire", "frimaire", "nivôse", "pluviôse", "ventôse", "germinal", "floréal")

KINDS = {
    "held-out texts of world": (clean, 4_000),
    "impossible days": (impossible, 3_000),
    "years outside 1500 to 2100": (distant_years, 6_400),
    "two-digit years": (short_years, 5_000),
    "other calendars": (other_calendars, 1_000),
    "common forms": (common_forms, 8_500),
    "doubtful texts": (doubtful, 3_000),
    "noise": (noisy, 9_500),
}
"""The functions that make the texts of each kind, with their numbers."""
