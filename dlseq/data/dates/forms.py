"""Date forms and their patterns: with or without commas, in lower case or capitals."""

import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from dlseq.data.dates.cldr import DatePattern, Part, compile_pattern
from dlseq.data.dates.uniqueness_proof import COMMAS

__all__ = ["DateForm", "course_patterns", "typed_patterns"]

WITHOUT_COMMAS = str.maketrans("", "", COMMAS)
DOTTED_I = {"az", "crh", "gag", "tr", "tt"}  # I and i are not a pair there
NAMES = ("month", "weekday")


@dataclass(frozen=True)
class DateForm:
    """A date form of a preset.

    Args:
        name: a CLDR pattern, one of "short" to "full", or "iso".
        locale: such as "fr_FR"; "" for "iso".
        weight: relative frequency among the forms of the preset.
        patterns: the patterns of the form, each with its share; the shares sum to 1.
    """

    name: str
    locale: str
    weight: float
    patterns: tuple[tuple[DatePattern, float], ...]

    @property
    def two_digit_year(self) -> bool:
        """True if the year has two digits."""
        return self.patterns[0][0].two_digit_year


def base_pattern(name: str, locale: str) -> DatePattern:
    """Compile the CLDR pattern of a form."""
    return compile_pattern("y-MM-dd", "en_US") if name == "iso" else compile_pattern(name, locale)


@functools.lru_cache(maxsize=4096)
def course_patterns(name: str, locale: str) -> tuple[tuple[DatePattern, float], ...]:
    """Return the pattern of a form in the course's data: in lower case and without commas.

    Example:
        >>> import datetime
        >>> [(pattern, share)] = course_patterns("full", "en_US")
        >>> pattern.render(datetime.date(1969, 7, 20)), share
        ('sunday july 20 1969', 1.0)
    """
    return ((without_commas(lower(base_pattern(name, locale))), 1.0),)


@functools.lru_cache(maxsize=4096)
def typed_patterns(name: str, locale: str) -> tuple[tuple[DatePattern, float], ...]:
    """Return the patterns in which people type a form, with their shares.

    Case changes only where it is reversible: no letter is lost, and lower and upper case are pairs. So Turkish keeps
    its two kinds of i, and Greek (whose capitals drop their accents), Armenian and Georgian get no capitals.

    Example:
        >>> import datetime
        >>> for pattern, share in typed_patterns("d MMM, y", "en_US"):
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
    for case, case_share in ((unchanged, 0.55), (lower, 0.28), (upper, 0.12), (capitalized, 0.05)):
        for commas, comma_share in ((unchanged, 0.7), (without_commas, 0.3)):
            for spaces, space_share in ((unchanged, 0.5), (plain_spaces, 0.5)):
                cased = case(pattern)
                cased = cased if is_reversible(pattern, cased, case, locale) else pattern
                written = spaces(commas(cased))
                shares[written] = shares.get(written, 0.0) + case_share * comma_share * space_share
    return tuple(shares.items())


def is_reversible(pattern: DatePattern, cased: DatePattern, case: Callable, locale: str) -> bool:
    """Return True if a change of case keeps the same letters at the same positions in this locale."""
    if case is unchanged:
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


def unchanged(pattern: DatePattern) -> DatePattern:
    """Return the pattern."""
    return pattern


def lower(pattern: DatePattern) -> DatePattern:
    """Return the pattern in lower case."""
    return pattern.map(lambda part: tuple(map(str.lower, part.texts)))


def upper(pattern: DatePattern) -> DatePattern:
    """Return the pattern in capitals."""
    return pattern.map(lambda part: tuple(map(str.upper, part.texts)))


def capitalized(pattern: DatePattern) -> DatePattern:
    """Return the pattern with capitalized names of months and weekdays."""

    def change(part: Part) -> tuple[str, ...]:
        return tuple(text[:1].upper() + text[1:] for text in part.texts) if part.field in NAMES else part.texts

    return pattern.map(change)


def without_commas(pattern: DatePattern) -> DatePattern:
    """Return the pattern without commas."""
    return pattern.map(lambda part: tuple(text.translate(WITHOUT_COMMAS) for text in part.texts))


def plain_spaces(pattern: DatePattern) -> DatePattern:
    """Return the pattern with ASCII spaces instead of narrow and no-break ones."""
    return pattern.map(lambda part: tuple(re.sub(r"\s", " ", text) for text in part.texts))
