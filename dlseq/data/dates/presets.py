"""Which dates are drawn and how they are written: the presets `course` and `world`."""

import datetime
import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dlseq.data.dates.cldr import compile_pattern, locale_name
from dlseq.data.dates.forms import DateForm, as_in_the_course, as_people_type
from dlseq.data.dates.uniqueness_proof import ShapeIndex, day_month_ambiguity
from dlseq.errors import DataError

__all__ = ["PRESETS", "WORLD_LOCALES", "DatePreset", "DroppedForm", "patterns_of", "preset_for"]

# The 24 draws of the original course data with their weights, corrected: YYYY and YY, the week-year, are y and yy.
COURSE_FORMS = {
    **{"short": 1, "medium": 1, "long": 1, "full": 10, "d MMM y": 1, "d MMMM y": 2, "dd MMM y": 1, "d MMM, y": 1},
    **{"d MMMM, y": 1, "dd, MMM y": 1, "d MM yy": 1, "MMMM d y": 1, "MMMM d, y": 1, "dd.MM.yy": 1},
}

# The course forms, weighted more evenly, and what else is typed in English; `ddd` is 21st and `dddd` 21th.
ENGLISH_FORMS = {
    **{"short": 2, "medium": 3, "long": 3, "full": 3, "d MMM y": 3, "d MMMM y": 4, "dd MMM y": 2, "d MMM, y": 1},
    **{"d MMMM, y": 2, "dd, MMM y": 1, "d MM yy": 2, "MMMM d y": 1, "MMMM d, y": 1, "dd.MM.yy": 2},
    **{"dd MM y": 1, "d.M.yy": 1, "d MMM yy": 1, "MMM d, yy": 1, "MMMM d yy": 1},
    **{"MMM. d, y": 1, "MMM d y": 1, "y MMMM d": 1, "y MMM d": 1},
    **{"MMMM ddd, y": 3, "MMMM ddd y": 1, "MMM ddd, y": 1, "ddd MMMM y": 2, "ddd MMMM, y": 1, "ddd MMM y": 1},
    **{"ddd 'of' MMMM y": 2, "ddd 'of' MMMM, y": 1, "'the' ddd 'of' MMMM y": 1, "'the' ddd 'of' MMMM, y": 1},
    **{"MMMM dddd, y": 1, "dddd MMMM y": 1, "dddd 'of' MMMM y": 1, "dddd 'of' MMMM, y": 1},
    **{"EEE, MMM d, y": 1, "EEEE, d MMMM y": 1, "EEE, d MMM y": 1, "EEE d MMMM y": 1},
    **{"EEEE, MMMM ddd, y": 1, "EEEE ddd 'of' MMMM y": 1, "EEEE 'the' ddd 'of' MMMM, y": 1},
}
ISO_WEIGHT = 3
LOCALE_FORMS = ("long", "medium", "full")
ENGLISH_SHARE = 0.38
WORLD_LOCALES = (
    *("en_GB", "ko_KR", "ja_JP", "zh_CN", "zh_TW", "ar", "hi_IN", "fr_FR", "de_DE", "es_ES", "ru_RU", "pt_BR"),
    *("it", "nl", "sv", "da", "nb", "fi", "is", "et", "lv", "lt", "pl", "cs"),
    *("sk", "sl", "hr", "sr", "hu", "ro", "bg", "uk", "el", "tr", "ka", "hy"),
    *("he", "fa", "ur", "bn", "mr", "gu", "pa", "ta", "te", "kn", "ml", "th"),
    *("vi", "id", "ms", "sw", "ca"),
)
TWO_DIGIT_YEARS = (datetime.date(1969, 1, 1), datetime.date(2068, 12, 31))


@dataclass(frozen=True)
class DroppedForm:
    """A form that a preset leaves out, and why."""

    name: str
    locale: str
    reason: str


@dataclass(frozen=True)
class DatePreset:
    """What to draw: a range of days and the forms in which they are written.

    Args:
        name: such as "world".
        start: the first day.
        end: the last day.
        forms: the forms, with their weights. No text that they write has two answers.
        dropped: the forms that would have broken that, with the reason for each.
    """

    name: str
    start: datetime.date
    end: datetime.date
    forms: tuple[DateForm, ...]
    dropped: tuple[DroppedForm, ...] = ()

    @functools.cached_property
    def max_length(self) -> int:
        """The number of characters of the longest text that can be drawn.

        Example:
            >>> PRESETS["course"].max_length  # "wednesday september 10 2025"
            27
        """
        return max(pattern.max_length for form in self.forms for pattern, _ in form.writings)

    @functools.cached_property
    def alphabet(self) -> str:
        """Every character that can be drawn, in the order of code points.

        Example:
            >>> PRESETS["course"].alphabet
            ' ./0123456789abcdefghijlmnoprstuvwy'
        """
        parts = {part for form in self.forms for pattern, _ in form.writings for part in pattern.parts}
        return "".join(sorted({letter for part in parts for text in part.texts for letter in text}))

    @property
    def locales(self) -> tuple[str, ...]:
        """The locales of the forms, in order; ISO dates belong to none."""
        return tuple(dict.fromkeys(form.locale for form in self.forms if form.locale))

    def describe(self) -> str:
        """Says in a line what the preset holds.

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
    """Gives a preset, also for other locales than its own.

    Args:
        name: "course" or "world".
        locales: the locales to write in. `world` then draws those locales' forms and nothing else (the English ones
            for "en_US"), `course` writes its forms in each of them. None leaves the preset as it is.

    Returns:
        The preset. A form that could contradict an earlier one is left out, and named in `dropped`.

    Raises:
        DataError: no such preset or locale, no locale at all, or none of the forms can be kept.

    Example:
        >>> preset_for("world", ("fi", "el")).describe()
        'world: 6 forms in 2 locales, 1500-01-01 to 2100-12-31, up to 32 of 84 different characters'
        >>> preset_for("mars")
        Traceback (most recent call last):
        dlseq.errors.DataError: unknown preset 'mars': expected course or world
    """
    if name not in BUILDERS:
        raise DataError(f"unknown preset {name!r}: expected {' or '.join(BUILDERS)}")
    if locales is None:
        return build(name, None)
    names = tuple(dict.fromkeys(map(locale_name, [locales] if isinstance(locales, str) else locales)))
    if not names:
        raise DataError("no locale was named: expected at least one, such as fr_FR, or none of the argument")
    return build(name, names)


def patterns_of(name: str, locale: str) -> Iterator:
    """Goes through every pattern that any preset writes a form with."""
    for way in (as_in_the_course, as_people_type):
        yield from (pattern for pattern, _ in way(name, locale))


@functools.lru_cache(maxsize=64)
def build(name: str, locales: tuple[str, ...] | None) -> DatePreset:
    """Makes a preset; the locales are known to exist."""
    return BUILDERS[name](locales)


def course(locales: tuple[str, ...] | None) -> DatePreset:
    """The course forms, in small letters, without commas."""
    asked = [(form, locale, weight) for locale in locales or ("en_US",) for form, weight in COURSE_FORMS.items()]
    forms, dropped = unambiguous(asked, as_in_the_course, lambda pattern: None)
    return DatePreset("course", datetime.date(1970, 1, 1), datetime.date(2025, 12, 31), forms, dropped)


def world(locales: tuple[str, ...] | None) -> DatePreset:
    """English as it is typed, ISO dates, and the CLDR forms of many locales."""
    english = [(form, "en_US", weight) for form, weight in ENGLISH_FORMS.items()]
    if locales is None:
        groups = [(ENGLISH_SHARE, [*english, ("iso", "", ISO_WEIGHT)])]
        share = (1 - ENGLISH_SHARE) / len(WORLD_LOCALES)
        groups += [(share, locale_forms(locale)) for locale in WORLD_LOCALES]
    else:
        groups = [(1.0, english if locale == "en_US" else locale_forms(locale)) for locale in locales]
    forms, dropped = unambiguous([form for _, group in groups for form in group], as_people_type, day_month_ambiguity)
    kept = {(form.name, form.locale): form for form in forms}
    weighted = []
    for share, group in groups:
        members = [kept[form, locale] for form, locale, _ in group if (form, locale) in kept]
        total = sum(form.weight for form in members)
        weighted += [DateForm(form.name, form.locale, share * form.weight / total, form.writings) for form in members]
    return DatePreset("world", datetime.date(1500, 1, 1), datetime.date(2100, 12, 31), tuple(weighted), dropped)


def locale_forms(locale: str) -> list[tuple[str, str, float]]:
    """The forms of a locale in `world`."""
    return [(form, locale, 1.0) for form in LOCALE_FORMS]


def unambiguous(
    asked: list[tuple[str, str, float]], way: Callable, risk: Callable
) -> tuple[tuple[DateForm, ...], tuple[DroppedForm, ...]]:
    """Sorts the forms into those that go together and those that would contradict an earlier one."""
    index, forms, dropped = ShapeIndex(), [], []
    for name, locale, weight in asked:
        try:
            pattern = compile_pattern("y-MM-dd" if name == "iso" else name, locale or "en_US")
            reason = risk(pattern) or index.add(f"{name} in {locale}", pattern)
        except DataError as error:
            reason = str(error)
        if reason:
            dropped.append(DroppedForm(name, locale, reason))
        else:
            forms.append(DateForm(name, locale, weight, way(name, locale)))
    if not forms:
        reasons = "; ".join(f"{form.name} in {form.locale}: {form.reason}" for form in dropped)
        raise DataError(f"no form of these locales can be used ({reasons}); name other locales")
    return tuple(forms), tuple(dropped)


BUILDERS = {"course": course, "world": world}


class Presets(Mapping):
    """The presets by name, each built when it is first asked for, because reading many locales takes a moment."""

    def __getitem__(self, name: str) -> DatePreset:
        if name not in BUILDERS:
            raise KeyError(name)
        return build(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(BUILDERS)

    def __len__(self) -> int:
        return len(BUILDERS)


PRESETS: Mapping[str, DatePreset] = Presets()
