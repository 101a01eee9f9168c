"""Uniqueness proof: no written date of a preset has two ISO dates.

Two texts are equal if they differ only in case, commas, kind or number of spaces, or invisible direction marks. Forms
are compared by shape, not date by date: names of months and weekdays and ordinals are spelled out, every other number
is a slot, and two shapes with equal text must have the same field in the same slot. This covers all years at once and
takes milliseconds.
"""

import functools
import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dlseq.data.dates.cldr import DatePattern, Part

__all__ = ["COMMAS", "ShapeIndex", "canonical", "day_month_ambiguity"]

COMMAS = ",،，"
_IGNORED = str.maketrans("", "", COMMAS + "\u200e\u200f\u061c")
SLOTS = {"year": "\ue000", "month": "\ue001", "day": "\ue002", "weekday": "\ue003"}
UNAMBIGUOUS_ORDERS = (
    (["month", "day", "year"], "/"),
    (["day", "month", "year"], "."),
    (["day", "month", "year"], ""),
)
RUN = re.compile("[0-9\ue000-\ue003]+")


def canonical(text: str) -> str:
    """Return a text without case, commas, kinds of space and direction marks.

    Example:
        >>> canonical("JULY 20th,\\u202f1969 ")
        'july 20th 1969'
    """
    return " ".join(unicodedata.normalize("NFC", text.casefold()).translate(_IGNORED).split())


def day_month_ambiguity(pattern: DatePattern) -> str | None:
    """Return the reason why day and month of a pattern could be exchanged, or None if the convention excludes it.

    The convention for forms of numbers alone: year, month, day if the year comes first; otherwise month first with a
    slash (M/d/y) and day first with a dot or a space (d.M.y, d M y). All other forms of numbers alone are ambiguous.

    Example:
        >>> from dlseq.data.dates.cldr import compile_pattern
        >>> day_month_ambiguity(compile_pattern("d/M/y", "en_GB"))
        "numbers in the order day month year with '/' between them"
        >>> [day_month_ambiguity(compile_pattern(pattern, "fi")) for pattern in ("d.M.y", "d MMM y")]
        [None, None]
    """
    order, between = [], ""
    for part in pattern.parts:
        if part.field in ("year", "month", "day"):
            if part.field == "month" and not is_number(part):
                return None
            order.append(part.field)
        elif len(order) == 1 and not part.field:
            between += part.texts[0]
    mark = between.translate(_IGNORED).strip()
    if any(letter.isalpha() for letter in mark) or order == ["year", "month", "day"]:
        return None
    if (order, mark) in UNAMBIGUOUS_ORDERS:
        return None
    return f"numbers in the order {' '.join(order)} with {mark!r} between them"


@functools.lru_cache(maxsize=512)
def _field_texts(texts: tuple[str, ...]) -> frozenset[str]:
    """Return the texts of a field."""
    return frozenset(texts) - {""}


@functools.lru_cache(maxsize=4096)
def is_number(part: Part) -> bool:
    """Return True if all texts of a field consist of ASCII digits."""
    return all(text.isascii() and text.isdigit() for text in part.texts if text)


@dataclass(frozen=True)
class Shape:
    """A written form with its names spelled out.

    Args:
        known: the fields given by a name or an ordinal, with their values.
        runs: for each run of digits, its possible texts.
        places: for each field in a slot, the index of its run.
    """

    known: tuple[tuple[str, int], ...]
    runs: tuple[frozenset[str], ...]
    places: tuple[tuple[str, int], ...]

    def conflicts(self, other: "Shape") -> bool:
        """Return True if two shapes with equal text between the digits can write one string for two dates."""
        if any(mine.isdisjoint(theirs) for mine, theirs in zip(self.runs, other.runs, strict=True)):
            return False
        return any(self._differs_in(field, other) for field in ("year", "month", "day"))

    def _differs_in(self, field: str, other: "Shape") -> bool:
        mine, theirs = dict(self.known).get(field), dict(other.known).get(field)
        my_run, their_run = dict(self.places).get(field), dict(other.places).get(field)
        if mine is not None and theirs is not None:
            return mine != theirs
        if mine is None and theirs is None:
            return my_run != their_run
        value, settled, run = (mine, self, their_run) if mine is not None else (theirs, other, my_run)
        return {int(text) for text in settled.runs[run]} != {value}


class ShapeIndex:
    """An index of accepted forms; a form that could contradict one of them, or itself, is rejected.

    Example:
        >>> from dlseq.data.dates.cldr import compile_pattern
        >>> index = ShapeIndex()
        >>> index.add("US", compile_pattern("M/d/yy", "en_US"))
        >>> index.add("UK", compile_pattern("d/M/yy", "en_GB"))
        'US has the same text for another date'
    """

    def __init__(self):
        self._owners: dict[str, dict[Shape, str]] = defaultdict(dict)

    def add(self, name: str, pattern: DatePattern) -> str | None:
        """Add a form to the index, unless it contradicts one.

        Args:
            name: name of the form in later reasons.
            pattern: the form.

        Returns:
            None if it was added; otherwise the reason, and the index is unchanged.
        """
        new: dict[str, dict[Shape, str]] = defaultdict(dict)
        for text, shape in shapes(pattern):
            if shape is None:
                return "two of its numbers touch, or a field is missing"
            if shape in self._owners.get(text, ()):
                continue
            for known in (self._owners.get(text, {}), new[text]):
                for earlier, owner in known.items():
                    if shape.conflicts(earlier):
                        return f"{owner} has the same text for another date"
            new[text][shape] = name
        for text, owned in new.items():
            for shape in owned:
                self._owners[text].setdefault(shape, name)
        return None


def shapes(pattern: DatePattern) -> Iterator[tuple[str, Shape | None]]:
    """Yield every combination of names in a form.

    Yields:
        The canonical text with each run of digits as "#", and its `Shape`: None if two numbers touch.
    """
    choices = [
        [(None, SLOTS[part.field])] if part.field and is_number(part) else list(enumerate(part.texts))
        for part in pattern.parts
    ]
    slots = {SLOTS[part.field]: part for part in pattern.parts if part.field}
    for combination in itertools.product(*choices):
        named = [
            (part.field, value)
            for part, (value, _) in zip(pattern.parts, combination, strict=True)
            if part.field and value is not None
        ]
        if any(not text for _, text in combination):
            continue
        text = canonical("".join(text for _, text in combination))
        runs, places = [], []
        for run in RUN.findall(text):
            if run in slots:
                places.append((slots[run].field, len(runs)))
                runs.append(_field_texts(slots[run].texts))
            elif run.isdigit():
                runs.append(frozenset([run]))
            else:
                yield text, None
        known = tuple((field, value) for field, value in named if field != "weekday")
        settled = sorted(field for field, _ in (*known, *places))
        is_complete = settled == ["day", "month", "year"]
        yield RUN.sub("#", text), Shape(known, tuple(runs), tuple(places)) if is_complete else None
