"""Table of all typed forms with their weights: those of `world`, English, numbers alone, and of each locale."""

import bisect
import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dlseq.data.dates.cldr import TWO_DIGIT_YEARS, DatePattern, Part
from dlseq.data.dates.forms import base_pattern
from dlseq.data.dates.presets import PRESETS
from dlseq.data.dates.typed.english import english_patterns
from dlseq.data.dates.typed.locales import has_name, locale_variants
from dlseq.data.dates.typed.numbers import DAY_ABOVE_TWELVE, OPEN_FORMS, SETTLED_FORMS, number_patterns
from dlseq.data.dates.uniqueness_proof import ShapeIndex
from dlseq.errors import DataError

__all__ = ["TypedForm", "chooser", "typed_forms"]

SHARES = {"world": 0.4, "english": 0.29, "numbers": 0.13, "locales": 0.18}
ENGLISH = "en_US"


@dataclass(frozen=True)
class TypedForm:
    """A form with its pattern.

    Args:
        name: a CLDR pattern, or one with words that say what differs from it.
        locale: such as "fr_FR"; "" for numbers alone.
        weight: relative frequency.
        pattern: the pattern.
        open_order: True if day and month could be exchanged, unless the day is above twelve or equal to the month.
        day_above_twelve: True if only days above twelve are written in this form.
        any_year: True if an era allows years of one or two digits.
    """

    name: str
    locale: str
    weight: float
    pattern: DatePattern
    open_order: bool = False
    day_above_twelve: bool = False
    any_year: bool = False

    @functools.cached_property
    def two_digit_year(self) -> bool:
        """True if the year has two digits."""
        return any(part.texts is TWO_DIGIT_YEARS for part in self.pattern.parts)

    @property
    def ordinal_days(self) -> bool:
        """True if the first day of the month is written in a way of its own."""
        return self.name.endswith(", first")

    @functools.cached_property
    def named_month(self) -> bool:
        """True if the month has a name."""
        return has_name(self.pattern)

    @functools.cached_property
    def all_years(self) -> bool:
        """True if years outside of 1500 to 2100 can be meant: in Thai only with the era, since others are Buddhist."""
        literals = "".join(part.texts[0] for part in self.pattern.parts if not part.field)
        return not self.two_digit_year and (self.locale != "th" or "ค.ศ." in literals)


@functools.lru_cache(maxsize=8)
def typed_forms(locales: tuple[str, ...] | None) -> tuple[TypedForm, ...]:
    """Return the typed forms of some locales.

    Numbers alone belong to every locale. A form of a locale that has a text in common with another one for another
    date is left out, as in the presets.

    Args:
        locales: names of locales of `world`, or `None` for all of them and American English.

    Returns:
        The forms; their weights sum to one.

    Example:
        >>> forms = typed_forms(("en_US",))
        >>> {"dd-MMM-yy", "y. M. d.", "'the' d 'of' MMMM y, in words"} <= {form.name for form in forms}
        True
    """
    preset = PRESETS["world"]
    chosen = (ENGLISH, *preset.locales) if locales is None else locales
    index = ShapeIndex()
    for form in preset.forms:
        index.add(f"{form.name} in {form.locale}", _on_mondays(base_pattern(form.name, form.locale or ENGLISH)))
    groups: dict[str, list[TypedForm]] = {
        "world": [
            TypedForm(form.name, form.locale, form.weight, base_pattern(form.name, form.locale or ENGLISH))
            for form in preset.forms
            if not form.locale or form.locale in chosen
        ],
        "numbers": [
            *(TypedForm(name, "", weight, pattern) for name, pattern, weight in number_patterns(SETTLED_FORMS)),
            *(TypedForm(*form[:1], "", form[2], form[1], open_order=True) for form in number_patterns(OPEN_FORMS)),
            *(
                TypedForm(name, "", weight, pattern, day_above_twelve=True)
                for name, pattern, weight in number_patterns(DAY_ABOVE_TWELVE)
            ),
        ],
        "english": [
            TypedForm(name, ENGLISH, weight, pattern, any_year=any_year)
            for name, pattern, weight, any_year in english_patterns()
            if ENGLISH in chosen
        ],
        "locales": [form for locale in chosen if locale != ENGLISH for form in _of_locale(locale, index)],
    }
    weighted = []
    for group, forms in groups.items():
        total = sum(form.weight for form in forms)
        weighted += [_with_weight(form, SHARES[group] * form.weight / total) for form in forms]
    total = sum(form.weight for form in weighted)
    return tuple(_with_weight(form, form.weight / total) for form in weighted)


def _of_locale(locale: str, index: ShapeIndex) -> list[TypedForm]:
    """Return the forms of a locale that contradict no other one; together they weigh one."""
    kept = []
    for name, pattern in locale_variants(locale):
        if index.add(f"{name} in {locale}", _on_mondays(pattern)) is None:
            kept.append((name, pattern))
    return [TypedForm(name, locale, 1 / len(kept), pattern) for name, pattern in kept]


def _on_mondays(pattern: DatePattern) -> DatePattern:
    """Return a pattern with one weekday, which is enough to compare forms, in a seventh of the time."""
    parts = (Part(part.field, part.texts[:1]) if part.field == "weekday" else part for part in pattern.parts)
    return DatePattern(tuple(parts))


def _with_weight(form: TypedForm, weight: float) -> TypedForm:
    return TypedForm(
        form.name,
        form.locale,
        weight,
        form.pattern,
        open_order=form.open_order,
        day_above_twelve=form.day_above_twelve,
        any_year=form.any_year,
    )


def chooser(items: Sequence, weights: Sequence[float]) -> Callable[[float], object]:
    """Return a function from a number in [0, 1) to an item, with probabilities in proportion to the weights.

    Example:
        >>> choose = chooser("ab", [3, 1])
        >>> choose(0.74), choose(0.76)
        ('a', 'b')
    """
    if not items:
        raise DataError("Expected at least one item to choose from. Received: none")
    total = sum(weights)
    bounds = [bound / total for bound in itertools.accumulate(weights)][:-1]

    def choose(number: float):
        return items[bisect.bisect(bounds, number)]

    return choose
