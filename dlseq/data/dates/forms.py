"""The ways to write one form of date down: with its commas or without, in small letters or capitals."""

import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from dlseq.data.dates.cldr import DatePattern, Part, compile_pattern
from dlseq.data.dates.uniqueness_proof import COMMAS

__all__ = ["DateForm", "as_in_the_course", "as_people_type"]

WITHOUT_COMMAS = str.maketrans("", "", COMMAS)
DOTTED_I = {"az", "crh", "gag", "tr", "tt"}  # I and i are not a pair there
NAMES = ("month", "weekday")


@dataclass(frozen=True)
class DateForm:
    """A form as a preset draws it.

    Args:
        name: a CLDR pattern, one of "short" to "full", or "iso".
        locale: such as "fr_FR"; "" for "iso".
        weight: how often it is drawn, in relation to the other forms of the preset.
        writings: the patterns that write it down, each with its share; the shares add up to 1.
    """

    name: str
    locale: str
    weight: float
    writings: tuple[tuple[DatePattern, float], ...]

    @property
    def two_digit_year(self) -> bool:
        """Whether the century is left to the reader."""
        return self.writings[0][0].two_digit_year


def base_pattern(name: str, locale: str) -> DatePattern:
    """Compiles the form as CLDR writes it."""
    return compile_pattern("y-MM-dd", "en_US") if name == "iso" else compile_pattern(name, locale)


@functools.lru_cache(maxsize=4096)
def as_in_the_course(name: str, locale: str) -> tuple[tuple[DatePattern, float], ...]:
    """Writes a form as the course's data does: in small letters and without commas.

    Example:
        >>> import datetime
        >>> [(pattern, share)] = as_in_the_course("full", "en_US")
        >>> pattern.render(datetime.date(1969, 7, 20)), share
        ('sunday july 20 1969', 1.0)
    """
    return ((no_commas(lower(base_pattern(name, locale))), 1.0),)


@functools.lru_cache(maxsize=4096)
def as_people_type(name: str, locale: str) -> tuple[tuple[DatePattern, float], ...]:
    """Gives the ways in which people type a form.

    Case varies only where that is safe: where no letter is lost and lower and upper are a pair. So Turkish keeps its
    two kinds of i, and Greek (whose capitals drop their accents), Armenian and Georgian get no capitals.

    Example:
        >>> import datetime
        >>> for pattern, share in as_people_type("d MMM, y", "en_US"):
        ...     print(f"{share:.3f}", pattern.render(datetime.date(1969, 7, 20)))
        0.420 20 Jul, 1969
        0.180 20 Jul 1969
        0.196 20 jul, 1969
        0.084 20 jul 1969
        0.084 20 JUL, 1969
        0.036 20 JUL 1969
    """
    pattern = base_pattern(name, locale)
    shares: dict[DatePattern, float] = {}
    for case, case_share in ((as_is, 0.55), (lower, 0.28), (upper, 0.12), (capitalized, 0.05)):
        for commas, comma_share in ((as_is, 0.7), (no_commas, 0.3)):
            for spaces, space_share in ((as_is, 0.5), (plain_spaces, 0.5)):
                cased = case(pattern)
                cased = cased if is_safe(pattern, cased, case, locale) else pattern
                written = spaces(commas(cased))
                shares[written] = shares.get(written, 0.0) + case_share * comma_share * space_share
    return tuple(shares.items())


def is_safe(pattern: DatePattern, cased: DatePattern, case: Callable, locale: str) -> bool:
    """Whether a change of case leaves the same letters in the same places, as readers of the locale see them."""
    if case is as_is:
        return True
    before, after = (
        [text for part in written.parts if part.field != "year" for text in part.texts] for written in (pattern, cased)
    )
    if [(len(text), text.casefold()) for text in before] != [(len(text), text.casefold()) for text in after]:
        return False
    letters = {letter for text in before for letter in text if letter.isalpha() and letter.lower() != letter.upper()}
    if locale.split("_")[0] in DOTTED_I:
        return case is lower and not letters & {"I", "İ"}
    return case is lower or all(unicodedata.name(letter).startswith(("LATIN", "CYRILLIC")) for letter in letters)


def as_is(pattern: DatePattern) -> DatePattern:
    """Changes nothing."""
    return pattern


def lower(pattern: DatePattern) -> DatePattern:
    """Writes all in small letters."""
    return pattern.map(lambda part: tuple(map(str.lower, part.texts)))


def upper(pattern: DatePattern) -> DatePattern:
    """Writes all in capitals."""
    return pattern.map(lambda part: tuple(map(str.upper, part.texts)))


def capitalized(pattern: DatePattern) -> DatePattern:
    """Begins the names of months and weekdays with a capital."""

    def change(part: Part) -> tuple[str, ...]:
        return tuple(text[:1].upper() + text[1:] for text in part.texts) if part.field in NAMES else part.texts

    return pattern.map(change)


def no_commas(pattern: DatePattern) -> DatePattern:
    """Leaves the commas out."""
    return pattern.map(lambda part: tuple(text.translate(WITHOUT_COMMAS) for text in part.texts))


def plain_spaces(pattern: DatePattern) -> DatePattern:
    """Puts the space of a keyboard for CLDR's narrow and no-break ones."""
    return pattern.map(lambda part: tuple(re.sub(r"\s", " ", text) for text in part.texts))
