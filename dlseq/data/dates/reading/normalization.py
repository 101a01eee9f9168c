"""Normalization of typed dates: one text for all ways of typing that mean the same."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from dlseq.data.dates.reading.calendars import settle_calendar
from dlseq.data.dates.reading.characters import plain_character, visible_text
from dlseq.data.dates.reading.numerals import CHINESE_NUMERAL, chinese_number
from dlseq.data.dates.reading.time_of_day import BASIC_TIME, TIME_OF_DAY
from dlseq.data.dates.reading.tracing import TracedText

__all__ = ["NormalizedDate", "normalize_date", "trace_date"]

_LETTER = "[a-z\u0370-\u058f\u05d0-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u10a0-\u10ff]"  # of scripts with alphabets
_NAME = f"{_LETTER}{{3}}"
_UNIT = "(?:[年月日号號년월]|일(?!요))"
_YEAR_OR_MONTH = "[年月년월]"

_LABEL = re.compile(r"^([^\W\d_][^\d:,]{0,24}: *)(?=(?:\D*\d){6}|(?:[^\w]*(?:\d+|[^\W\d]+)){3})")
_WORDS = "(?:on|dated?|am|den|le|el|il|em|op|dne|dnia|dia)"
_LEADING_WORD = re.compile(rf"^((?:on|dated?) +)(?=\S)|^({_WORDS} +)(?=\d)|^(- +)(?=\S)")
_ERA_WORD = re.compile(r"(?<![a-z])(a\. ?d\.?|b\. ?c\. ?e\.?|b\. ?c\.?|c\. ?e\.?)(?![a-z])")
_SPACES = re.compile("( {2,})")
_EDGES = ' ,;:.!*|•"'  # without meaning at either end of a date
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_SHORT_YEAR = re.compile(r"'\d{2}(?!\d)")

# Names, numbers, ordinals and numeric dates with single spaces between them: nothing to rewrite, which is found fast.
_TOKEN = (
    rf"(?:{_LETTER}+(?:[-'.]{_LETTER}+)*(?:'(?= )|\.(?=,? ))?|\d{{1,4}}(?:st|nd|rd|th|\.(?=,? ))?|"
    r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2})"
)
_REGULAR = re.compile(
    rf"(?!{_WORDS} )(?!.*(?:\d (?:[ap]\.?m|uhr|h)\b|\d\. \d|\b[abc]\. ?[cde]\b))"
    rf"{_TOKEN}(?:,? {_TOKEN})*|"
    r"\d{4}[年년]\d{1,2}[月월]\d{1,2}[日일](?: ?[일월화수목금토요星期一二三四五六曜日月火水木金土]+)?"
)

# Each rule replaces its group; the condition is a character without which it cannot apply, or None.
_RULES = (
    (None, re.compile(rf"\d()(?={_NAME})|{_NAME}\.?()(?=\d)"), " "),  # 13nov2017, may15, jan.5
    (".", re.compile(rf"\d\.()(?={_NAME})"), " "),  # 21.august
    (None, re.compile(rf"\d( ?[/-] ?)(?={_NAME})|{_NAME}\.?( ?[/-] ?)(?=\d)"), " "),  # 21-apr-16
    (None, re.compile(r"(?<=\d)( +[./-] *|[./-] +)(?=\d)"), str.strip),  # 5. 4. 2009, 5 / 4 / 2009
    (None, re.compile(rf"{_NAME}\.? \d{{1,2}}([./-])(?=\d{{4}}(?!\d))"), " "),  # january 5-2017
    (None, re.compile(rf"(?<=\d)( +)(?={_UNIT})|(?<={_YEAR_OR_MONTH})( +)(?=\d)"), ""),  # 2016年 8月 21日
    (None, re.compile(r"\d([号號])"), "日"),
    ("-", re.compile("-(-+)"), ""),
    (",", re.compile(r"( *,[ ,]*)(?=[^ ,])"), ", "),
    ("'", re.compile(r"(?<![^ ])'( +)(?=\d)"), ""),
)


class NormalizedDate(NamedTuple):
    """Normalized date with its origin."""

    text: str
    """The text that a model reads."""
    shown: str
    """The text as typed, without invisible characters and with single spaces."""
    positions: Sequence[int]
    """For each character of `text` its position in `shown`."""
    doubt: str = ""
    """Reason why no Gregorian date can be read with certainty, such as "another calendar"; "" for none."""


def normalize_date(text: str) -> str:
    """Normalize a date as typed for a model.

    1. Invisible characters are dropped; spaces, dashes, quotes, dots, commas are one kind each; digits are ASCII,
       letters in lower case and without accents (`plain_character`).
    2. Quotes, brackets and punctuation around the date are dropped, also the full stop with which dates of some
       locales end; so are a label ("Date:"), a leading "on" and a time of day with its zone.
    3. Chinese numerals become digits; spaces around numbers follow one rule; `13nov2017` and `13-nov-2017` become
       `13 nov 2017`. `a.d.` becomes `ad`.
    4. Dates of some other calendars become Gregorian ones, see `dlseq.data.dates.reading.calendars`.

    Nothing else that tells dates apart is changed: numbers, their order and the separators between them stay.

    Args:
        text: One date, as typed.

    Returns:
        The normalized text; empty if nothing in the text is visible.

    Example:
        >>> normalize_date("Date: «21-AOÛT-2016», 10:30 Uhr"), normalize_date("二〇一七年三月二十四日")
        ('21 aout 2016', '2017年3月24日')
    """
    return _normalize(visible_text(text))[0].text


def trace_date(text: str) -> NormalizedDate:
    """Normalize a date as `normalize_date` does, with the position from which each character comes.

    Example:
        >>> trace_date("(13NOV2017)")
        NormalizedDate(text='13 nov 2017', shown='(13NOV2017)', positions=[1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 9], doubt='')
    """
    shown = visible_text(text)
    traced, doubt = _normalize(shown)
    return NormalizedDate(traced.text, shown, traced.positions(), doubt)


def _normalize(shown: str) -> tuple[TracedText, str]:
    """Return the normal form of a visible text, and the doubt about its calendar."""
    is_plain = shown.isascii() and "_" not in shown and "`" not in shown
    pieces = shown.lower() if is_plain else list(map(plain_character, shown))
    traced = TracedText(pieces)
    if not _REGULAR.fullmatch(traced.text):
        _rewrite(traced)
        traced = traced if traced.text else TracedText(pieces)
    return traced, settle_calendar(traced, shown)


def _rewrite(traced):
    """Apply all rules but those of calendars."""
    _trim(traced)
    traced.rewrite(_LABEL, "")
    _drop_time(traced)
    while traced.rewrite(_LEADING_WORD, ""):
        _trim(traced)
    if "." in traced.text:
        traced.rewrite(_ERA_WORD, lambda word: re.sub("[. ]", "", word))
    if not traced.text.isascii():
        traced.rewrite(CHINESE_NUMERAL, chinese_number)
    for needed, rule, replacement in _RULES:
        if needed is None or needed in traced.text:
            traced.rewrite(rule, replacement)
    if "  " in traced.text:
        traced.rewrite(_SPACES, " ")


def _drop_time(traced):
    """Drop times of day, unless no digit would be left."""
    for rule in (TIME_OF_DAY, BASIC_TIME):
        rest = TracedText(traced.text)
        if rule.search(traced.text) and rest.rewrite(rule, " ") and any(map(str.isdigit, rest.text)):
            traced.rewrite(rule, " ")
            _trim(traced)


def _trim(traced):
    """Drop quotes, brackets and punctuation at both ends. A bracket with its partner inside is kept."""
    before = None
    while traced.text != before:
        before = text = traced.text
        start, end = len(text) - len(text.lstrip(_EDGES)), len(text.rstrip(_EDGES))
        inner = text[start:end]
        if inner[:1] in _CLOSING:
            partner = _partner(inner)
            start += partner in (None, len(inner) - 1)
            end -= partner == len(inner) - 1
        elif inner[-1:] in _CLOSING.values():
            end -= _OPENING[inner[-1]] not in inner
        elif inner[:1] == inner[-1:] == "'":
            start, end = start + 1, end - 1
        elif inner[:1] == "'" and not _SHORT_YEAR.match(inner):
            start += 1
        elif inner[-1:] == "'":
            end -= 1
        traced.keep(start, max(start, end))


def _partner(text):
    """Return the position of the bracket that closes the first one, or None."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == text[0]) - (character == _CLOSING[text[0]])
        if depth == 0:
            return position
    return None
