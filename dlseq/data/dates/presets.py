"""Date presets `course` and `world`: a range of days and the forms in which they are written."""

import datetime
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dlseq.data.dates.cldr import compile_pattern, locale_name
from dlseq.data.dates.forms import DateForm, course_patterns, typed_patterns
from dlseq.data.dates.uniqueness_proof import ShapeIndex, day_month_ambiguity
from dlseq.errors import DataError

__all__ = ["PRESETS", "WORLD_LOCALES", "DatePreset", "DroppedForm", "patterns_of", "preset_for"]

# The 24 draws of the original course data with their weights; YYYY and YY, the week-year, are corrected to y and yy.
COURSE_FORMS = {
    "short": 1,
    "medium": 1,
    "long": 1,
    "full": 10,
    "d MMM y": 1,
    "d MMMM y": 2,
    "dd MMM y": 1,
    "d MMM, y": 1,
    "d MMMM, y": 1,
    "dd, MMM y": 1,
    "d MM yy": 1,
    "MMMM d y": 1,
    "MMMM d, y": 1,
    "dd.MM.yy": 1,
}

# The course forms, weighted more evenly, and other English forms; `ddd` is 21st and `dddd` 21th.
ENGLISH_FORMS = {
    "short": 2,
    "medium": 3,
    "long": 3,
    "full": 3,
    "d MMM y": 3,
    "d MMMM y": 4,
    "dd MMM y": 2,
    "d MMM, y": 1,
    "d MMMM, y": 2,
    "dd, MMM y": 1,
    "d MM yy": 2,
    "MMMM d y": 1,
    "MMMM d, y": 1,
    "dd.MM.yy": 2,
    "dd MM y": 1,
    "d.M.yy": 1,
    "d MMM yy": 1,
    "MMM d, yy": 1,
    "MMMM d yy": 1,
    "MMM. d, y": 1,
    "MMM d y": 1,
    "y MMMM d": 1,
    "y MMM d": 1,
    "MMMM ddd, y": 3,
    "MMMM ddd y": 1,
    "MMM ddd, y": 1,
    "ddd MMMM y": 2,
    "ddd MMMM, y": 1,
    "ddd MMM y": 1,
    "ddd 'of' MMMM y": 2,
    "ddd 'of' MMMM, y": 1,
    "'the' ddd 'of' MMMM y": 1,
    "'the' ddd 'of' MMMM, y": 1,
    "MMMM dddd, y": 1,
    "dddd MMMM y": 1,
    "dddd 'of' MMMM y": 1,
    "dddd 'of' MMMM, y": 1,
    "EEE, MMM d, y": 1,
    "EEEE, d MMMM y": 1,
    "EEE, d MMM y": 1,
    "EEE d MMMM y": 1,
    "EEEE, MMMM ddd, y": 1,
    "EEEE ddd 'of' MMMM y": 1,
    "EEEE 'the' ddd 'of' MMMM, y": 1,
}
ISO_WEIGHT = 3
LOCALE_FORMS = ("long", "medium", "full")
ENGLISH_SHARE = 0.38
_WORLD_LOCALE_NAMES = """
en_GB ko_KR ja_JP zh_CN zh_TW ar hi_IN fr_FR de_DE es_ES ru_RU pt_BR it nl sv da nb fi is et lv lt pl cs sk
sl hr sr hu ro bg uk el tr ka hy he fa ur bn mr gu pa ta te kn ml th vi id ms sw ca
"""
WORLD_LOCALES = tuple(_WORLD_LOCALE_NAMES.split())
TWO_DIGIT_YEARS = (datetime.date(1969, 1, 1), datetime.date(2068, 12, 31))


@dataclass(frozen=True)
class DroppedForm:
    """A form that is excluded from a preset, with the reason."""

    name: str
    locale: str
    reason: str


@dataclass(frozen=True)
class DatePreset:
    """A range of days and the forms in which they are written.

    Args:
        name: such as "world".
        start: the first day.
        end: the last day.
        forms: the forms, with their weights. No text in any of them has two dates.
        dropped: forms that would violate this, with the reasons.
    """

    name: str
    start: datetime.date
    end: datetime.date
    forms: tuple[DateForm, ...]
    dropped: tuple[DroppedForm, ...] = ()

    @functools.cached_property
    def max_length(self) -> int:
        """Number of characters of the longest text.

        Example:
            >>> PRESETS["course"].max_length  # "wednesday september 10 2025"
            27
        """
        return max(pattern.max_length for form in self.forms for pattern, _ in form.patterns)

    @functools.cached_property
    def alphabet(self) -> str:
        """All characters of the texts, in the order of code points.

        Example:
            >>> PRESETS["course"].alphabet
            ' ./0123456789abcdefghijlmnoprstuvwy'
        """
        parts = {part for form in self.forms for pattern, _ in form.patterns for part in pattern.parts}
        return "".join(sorted({letter for part in parts for text in part.texts for letter in text}))

    @property
    def locales(self) -> tuple[str, ...]:
        """Locales of the forms, in order; ISO dates belong to none."""
        return tuple(dict.fromkeys(form.locale for form in self.forms if form.locale))

    def describe(self) -> str:
        """Return a summary in one line.

        Example:
            >>> PRESETS["course"].describe()
            'course: 14 forms in 1 locale, 1970-01-01 to 2025-12-31, up to 27 of 35 different characters'
        """
        locales = f"{len(self.locales)} locale{'s' * (len(self.locales) != 1)}"
        return (
            f"{self.name}: {len(self.forms)} forms in {locales}, {self.start} to {self.end}, "
            f"up to {self.max_length} of {len(self.alphabet)} different characters"
        )


def preset_for(name: str, locales: tuple[str, ...] | None = None) -> DatePreset:
    """Return a preset, optionally for other locales than its own.

    Args:
        name: "course" or "world".
        locales: locales to write in. `world` then has only the forms of those locales (the English ones for "en_US"),
            `course` has its forms in each of them. None keeps the locales of the preset.

    Returns:
        The preset. A form that could contradict an earlier one is excluded, and listed in `dropped`.

    Raises:
        DataError: an unknown preset or locale, an empty list of locales, or no form is left.

    Example:
        >>> preset_for("world", ("fi", "el")).describe()
        'world: 6 forms in 2 locales, 1500-01-01 to 2100-12-31, up to 32 of 84 different characters'
        >>> preset_for("mars")
        Traceback (most recent call last):
        dlseq.errors.DataError: Invalid value for argument `preset`. Expected course or world. Received: 'mars'
    """
    if name not in BUILDERS:
        raise DataError(f"Invalid value for argument `preset`. Expected {' or '.join(BUILDERS)}. Received: {name!r}")
    if locales is None:
        return build(name, None)
    names = tuple(dict.fromkeys(map(locale_name, [locales] if isinstance(locales, str) else locales)))
    if not names:
        raise DataError(
            "Invalid value for argument `locales`. Expected at least one locale, such as fr_FR, or None. Received: none"
        )
    return build(name, names)


def patterns_of(name: str, locale: str) -> Iterator:
    """Yield all patterns of a form in any preset."""
    for patterns in (course_patterns, typed_patterns):
        yield from (pattern for pattern, _ in patterns(name, locale))


@functools.lru_cache(maxsize=64)
def build(name: str, locales: tuple[str, ...] | None) -> DatePreset:
    """Build a preset for valid locales."""
    return BUILDERS[name](locales)


def course(locales: tuple[str, ...] | None) -> DatePreset:
    """Build `course`: the course forms in lower case, without commas."""
    candidates = [(form, locale, weight) for locale in locales or ("en_US",) for form, weight in COURSE_FORMS.items()]
    forms, dropped = unambiguous(candidates, course_patterns, lambda pattern: None)
    return DatePreset("course", datetime.date(1970, 1, 1), datetime.date(2025, 12, 31), forms, dropped)


def world(locales: tuple[str, ...] | None) -> DatePreset:
    """Build `world`: English as it is typed, ISO dates, and the CLDR forms of many locales."""
    english = [(form, "en_US", weight) for form, weight in ENGLISH_FORMS.items()]
    if locales is None:
        groups = [(ENGLISH_SHARE, [*english, ("iso", "", ISO_WEIGHT)])]
        share = (1 - ENGLISH_SHARE) / len(WORLD_LOCALES)
        groups += [(share, locale_forms(locale)) for locale in WORLD_LOCALES]
    else:
        groups = [(1.0, english if locale == "en_US" else locale_forms(locale)) for locale in locales]
    forms, dropped = unambiguous([form for _, group in groups for form in group], typed_patterns, day_month_ambiguity)
    kept = {(form.name, form.locale): form for form in forms}
    weighted = []
    for share, group in groups:
        members = [kept[form, locale] for form, locale, _ in group if (form, locale) in kept]
        total = sum(form.weight for form in members)
        weighted += [DateForm(form.name, form.locale, share * form.weight / total, form.patterns) for form in members]
    return DatePreset("world", datetime.date(1500, 1, 1), datetime.date(2100, 12, 31), tuple(weighted), dropped)


def locale_forms(locale: str) -> list[tuple[str, str, float]]:
    """Return the forms of a locale in `world`."""
    return [(form, locale, 1.0) for form in LOCALE_FORMS]


def unambiguous(
    candidates: list[tuple[str, str, float]], patterns_for: Callable, find_risk: Callable
) -> tuple[tuple[DateForm, ...], tuple[DroppedForm, ...]]:
    """Split candidate forms into a set without contradictions and the rest."""
    index, forms, dropped = ShapeIndex(), [], []
    for name, locale, weight in candidates:
        try:
            pattern = compile_pattern("y-MM-dd" if name == "iso" else name, locale or "en_US")
            reason = find_risk(pattern) or index.add(f"{name} in {locale}", pattern)
        except DataError as error:
            reason = str(error)
        if reason:
            dropped.append(DroppedForm(name, locale, reason))
        else:
            forms.append(DateForm(name, locale, weight, patterns_for(name, locale)))
    if not forms:
        reasons = "; ".join(f"{form.name} in {form.locale}: {form.reason}" for form in dropped)
        raise DataError(f"Expected locales with a form that has no ambiguity. Received: {reasons}. Name other locales.")
    return tuple(forms), tuple(dropped)


BUILDERS = {"course": course, "world": world}


class Presets(Mapping):
    """A mapping of preset names to presets, each built on first use, because it loads many locales."""

    def __getitem__(self, name: str) -> DatePreset:
        if name not in BUILDERS:
            raise KeyError(name)
        return build(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(BUILDERS)

    def __len__(self) -> int:
        return len(BUILDERS)


PRESETS: Mapping[str, DatePreset] = Presets()
