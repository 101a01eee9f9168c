"""Doubtful texts: texts that determine no date, as training data for calibrated probabilities.

A model that is trained on dates alone is certain of every output. Three kinds of target teach it doubt:

- An impossible day is copied: "31 April 2019" has the target 2019-04-31. Which days exist is not for the model to know:
  the search allows only dates that exist, and what the model gives to others counts as doubt.
- A text whose day and month may be exchanged has either reading as its target, each in 45 of 100 cases.
- Every other text, with a field missing, a range, or none of a date, has the target `REFUSAL`, which is no date.
"""

import random as python_random
from collections.abc import Callable, Iterable

from dlseq.data.dates.cldr import DatePattern, Part
from dlseq.data.dates.pairs import DatePair
from dlseq.data.dates.typed.forms import TypedForm, chooser, typed_forms
from dlseq.data.dates.typed.generator import LONGEST, MODERN_DAYS, SHORT_DAYS, WORLD_DAYS, draw_day, vary
from dlseq.data.dates.typed.writing import Fields, write, write_parts

__all__ = ["DOUBT_KINDS", "REFUSAL", "doubtful_pairs"]

REFUSAL = "-" * len("YYYY-MM-DD")
"""Target of a text that is no date."""
READING_SHARE = 0.45  # of each reading of an open order; with one half, chance would put one of them above it
OPEN_SEPARATORS = ("/", "-", "/", "-", ", ", ",")
RANGE_SEPARATORS = (
    "-",
    " - ",
    "–",
    " – ",
    "/",
    " to ",
    " and ",
    " or ",
    " bis ",
    " al ",
    " a ",
    "~",
    " ~ ",
    "...",
    " & ",
)
WRITTEN_IN_FORMS = ("impossible day", "field missing", "range", "field unreadable")
CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789 .,-/:"
LETTERS = CHARACTERS[:26]
# Alphabets of words that are no month, as ranges of code points: of the locales of `world`, and of other languages.
SCRIPTS = (
    *((0x61, 0x7A),) * 10,
    *((0x430, 0x44F), (0x3B1, 0x3C9), (0x561, 0x586), (0x5D0, 0x5EA), (0x627, 0x64A), (0x905, 0x939), (0x985, 0x9B9)),
    *((0xE01, 0xE2E), (0x10D0, 0x10F0), (0xA85, 0xAB9), (0xB85, 0xBB9), (0xC85, 0xCB9), (0xD05, 0xD39)),
    *((0x4E00, 0x9FA5), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0x3041, 0x3096), (0x30A1, 0x30FA)),
    *((0x1200, 0x1350), (0x1000, 0x102A), (0x1780, 0x17B3), (0xE81, 0xEB0), (0xD85, 0xDC6), (0x13A0, 0x13F4)),
    (0x1F300, 0x1F5FF),
)
_PHRASES = """
today tomorrow yesterday tonight now never unknown n/a tbd none null soon someday later early mid late circa
about before after since until next last this week month year day monday friday sunday weekend morning evening
noon midnight spring summer autumn fall winter christmas easter new eve century decade quarter q1 q2 q3 q4
first second half beginning end middle of the in on at around between and hello world order invoice number
room page version
"""
PHRASES = tuple(_PHRASES.split())


def doubtful_pairs(
    n: int, *, seed: int = 0, split: str | None = "train", locales: Iterable[str] | None = None
) -> list[DatePair]:
    """Draw texts that determine no date, in all forms of `typed_forms`.

    Args:
        n: number of pairs.
        seed: the same seed gives the same pairs.
        split: "train", "validation" or "test", the split of the days they are made of; `None` for all.
        locales: locales of `world` to write in; `None` for all.

    Returns:
        A list of n `DatePair`; `form` is the kind of doubt, one of `DOUBT_KINDS`, and `iso` is a date, a day that does
        not exist, or `REFUSAL`.

    Example:
        >>> for pair in doubtful_pairs(6, seed=3, locales=["en_US"]):
        ...     print(pair.form, "|", pair.text, "|", pair.iso)
        impossible month | 1862년13월16일 | ----------
        impossible day | Wednesday the thirty-first of September 2002 | 2002-09-31
        field missing | FEB. 22 | ----------
        field unreadable | 20248-03-02 | ----------
        field missing | 1851 | ----------
        field unreadable | JANUARY 13, 81842 C.E. | ----------
    """
    if n == 0:
        return []
    random = python_random.Random(seed).random
    forms = typed_forms(None if locales is None else tuple(locales))
    choose = chooser(forms, [form.weight for form in forms])
    kinds = chooser(tuple(DOUBT_KINDS), [weight for _, weight in DOUBT_KINDS.values()])
    pairs: list[DatePair] = []
    while len(pairs) < n:
        kind, form = kinds(random()), choose(random())
        days = SHORT_DAYS if form.two_digit_year else MODERN_DAYS if random() < 0.15 else WORLD_DAYS
        fields = Fields.of(draw_day(random, days, split))
        drawn = DOUBT_KINDS[kind][0](form, fields, random)
        if drawn is None:
            continue
        text, iso = drawn
        text = vary(text, form, random).strip() if kind in WRITTEN_IN_FORMS else text
        if len(text) <= LONGEST and any(map(str.isalnum, text)):
            pairs.append(DatePair(text, iso, kind, form.locale))
    return pairs


def _impossible_day(form: TypedForm, fields: Fields, random: Callable) -> tuple[str, str] | None:
    """Write a day that its month does not have."""
    number = random()
    if number < 0.3:
        impossible = fields._replace(month=2, day=29 + int(random() * 3))
        if impossible.day == 29 and is_leap(impossible.year):
            return None
    elif number < 0.5:
        impossible = fields._replace(month=(4, 6, 9, 11)[int(random() * 4)], day=31)
    elif number < 0.9:
        impossible = fields._replace(day=32 + int(random() * (8 if random() < 0.6 else 68)))
    else:
        impossible = fields._replace(day=0)
    text = write(form.pattern, impossible)
    return None if text is None else (text, impossible.iso)


def _impossible_month(form: TypedForm, fields: Fields, random: Callable) -> tuple[str, str] | None:
    """Write a month above twelve, or none, as a number, beside a day that is no month."""
    month = 13 + int(random() * (7 if random() < 0.7 else 87)) if random() < 0.85 else 0
    day = 13 + int(random() * 16)
    if form.named_month:
        numbers = ([month, day], [day, month])[int(random() * 2)]
        year_first = random() < 0.4
        separator = "/-. "[int(random() * 4)]
        ordered = [fields.year, *numbers] if year_first else [*numbers, fields.year]
        return separator.join(f"{number:02d}" for number in ordered), REFUSAL
    is_year_first = form.pattern.parts[0].field == "year"
    if is_year_first and random() < 0.5:
        day = fields.day  # the order is settled: the second number is the month
    text = write(form.pattern, fields._replace(month=month, day=day))
    return None if text is None else (text, REFUSAL)


def is_leap(year: int) -> bool:
    """Return True for a leap year of the Gregorian calendar."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _missing_field(form: TypedForm, fields: Fields, random: Callable) -> tuple[str, str]:
    """Leave one or two of year, month and day out, each with the mark or word beside it."""
    number = random()
    if number < 0.3:
        missing = {"year"}
    elif number < 0.6:
        missing = {"day"}
    elif number < 0.72:
        missing = {"month"}
    else:
        missing = set(({"year", "month"}, {"year", "day"}, {"month", "day"})[int(random() * 3)])
    parts = list(form.pattern.parts)
    for field in missing:
        index = next(index for index, part in enumerate(parts) if part.field == field)
        before = index > 0 and not parts[index - 1].field
        after = index + 1 < len(parts) and not parts[index + 1].field
        if after and (not before or random() < 0.5):
            del parts[index : index + 2]
        elif before:
            del parts[index - 1 : index + 1]
        else:
            del parts[index]
    text = (write(DatePattern(tuple(parts)), fields) if parts else "") or ""
    words = text.split()
    if form.named_month and random() < 0.3:  # in another order
        shift = int(random() * len(words)) if words else 0
        text = " ".join(words[shift:] + words[:shift])
    return text.strip(" ,."), REFUSAL


def _open_order(form: TypedForm, fields: Fields, random: Callable) -> tuple[str, str] | None:
    """Write day and month as numbers whose order nothing shows."""
    if fields.day == fields.month:
        return None
    fields = fields._replace(day=1 + fields.day % 12) if fields.day > 12 else fields
    if fields.day == fields.month:
        return None
    separator = OPEN_SEPARATORS[int(random() * len(OPEN_SEPARATORS))]
    padded = random() < 0.5
    year = str(fields.year)
    if form.two_digit_year and separator == "-":
        year = year[2:]
    numbers = [fields.day, fields.month] if random() < 0.5 else [fields.month, fields.day]
    text = separator.join([*(f"{number:02d}" if padded else str(number) for number in numbers), year])
    return text, fields.iso if random() < 2 * READING_SHARE else REFUSAL


def _range(form: TypedForm, fields: Fields, random: Callable) -> tuple[str, str] | None:
    """Write two days, months, years, or dates."""
    separator = RANGE_SEPARATORS[int(random() * len(RANGE_SEPARATORS))]
    if random() < 0.3:
        separator = f" {''.join(LETTERS[int(random() * 26)] for _ in range(1 + int(random() * 6)))} "
    later = Fields(fields.year + 1, 1 + fields.month % 12, 1 + fields.day % 28)
    number = random()
    if number < 0.3:
        first, second = write(form.pattern, fields), write(form.pattern, later._replace(year=fields.year))
        return None if None in (first, second) else (f"{first}{separator}{second}", REFUSAL)
    field = "day" if number < 0.75 else "month" if number < 0.9 else "year"
    first, second = write_parts(form.pattern, fields), write_parts(form.pattern, later)
    texts = [
        f"{text}{separator}{other}" if part.field == field else text
        for part, text, other in zip(form.pattern.parts, first, second, strict=True)
    ]
    return None if None in first or None in second else ("".join(texts), REFUSAL)


def _unreadable_field(form: TypedForm, fields: Fields, random: Callable) -> tuple[str, str] | None:
    """Write a word that is no month, or a number with too many digits."""
    parts, number = form.pattern.parts, random()
    if number < 0.5:
        if not form.named_month:
            return None
        names = tuple(_word(random, 3, 9) for _ in range(13))
        parts = tuple(Part("month", names) if part.field == "month" else part for part in parts)
        return write(DatePattern(parts), fields), REFUSAL
    field = "day" if number < 0.7 else "year"
    texts = [
        _with_digit(text, random) if part.field == field else text
        for part, text in zip(parts, write_parts(form.pattern, fields), strict=True)
    ]
    text = "".join(texts)
    if text == write(form.pattern, fields) or (field == "day" and fields.day < 10):
        return None
    return None if field == "year" and form.two_digit_year else (text, REFUSAL)


def _with_digit(text: str, random: Callable) -> str:
    """Insert a digit into a number."""
    places = [index for index, character in enumerate(text) if character.isdigit()]
    if not places:
        return text
    index = places[int(random() * len(places))]
    return text[:index] + str(1 + int(random() * 9)) + text[index:]


def _not_a_date(form: TypedForm, fields: Fields, random: Callable) -> tuple[str, str]:
    """Write random characters, words, phrases or numbers."""
    number = random()
    if number < 0.3:
        text = "".join(CHARACTERS[int(random() * len(CHARACTERS))] for _ in range(1 + int(random() * 30)))
    elif number < 0.5:
        text = " ".join(_word(random, 1, 9) for _ in range(1 + int(random() * 5)))
    elif number < 0.75:
        words = [PHRASES[int(random() * len(PHRASES))] for _ in range(1 + int(random() * 4))]
        text = " ".join([*words, str(fields.year)] if random() < 0.3 else words)
    elif number < 0.8:
        text = _digits_day_first(fields)
    elif number < 0.9:
        sizes = [1 + int(random() * 4) for _ in range(1 + int(random() * 6))]
        groups = [str(int(random() * 10**size)) for size in sizes if size]
        text = "-/. :,"[int(random() * 6)].join(groups)
        if len(groups) == 3:
            text += ".7.1"
    else:
        digits = [4, 5, 6, 7, 9, 10, 11, 12, 14][int(random() * 9)]
        text = "".join(str(int(random() * 10)) for _ in range(digits))
    return text.strip(), REFUSAL


def _digits_day_first(fields: Fields) -> str:
    """Write eight digits with the year at the end, unless they are a date with the year in front."""
    text = f"{fields.day:02d}{fields.month:02d}{fields.year:04d}"
    return text if int(text[4:6]) > 12 or int(text[6:]) > 31 else text[:6]


def _word(random: Callable, shortest: int, longest: int) -> str:
    size = shortest + int(random() * (longest - shortest + 1))
    first, last = SCRIPTS[int(random() * len(SCRIPTS))]
    return "".join(chr(first + int(random() * (last - first + 1))) for _ in range(size))


DOUBT_KINDS = {
    "impossible day": (_impossible_day, 0.24),
    "impossible month": (_impossible_month, 0.1),
    "field missing": (_missing_field, 0.2),
    "order open": (_open_order, 0.14),
    "range": (_range, 0.12),
    "field unreadable": (_unreadable_field, 0.1),
    "not a date": (_not_a_date, 0.12),
}
