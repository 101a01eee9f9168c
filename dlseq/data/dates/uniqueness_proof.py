"""The proof that no written date has two answers.

Two texts count as the same when they differ in case, in commas, in the kind or number of spaces or in invisible
direction marks alone. Written forms are compared by their shape and not date by date: every name of a month or
weekday and every ordinal is spelled out, every other number stays a slot, and two shapes of equal text must then
read the same field in the same slot. That covers all years at once and takes milliseconds.
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
DROPPED = str.maketrans("", "", COMMAS + "\u200e\u200f\u061c")
SLOTS = {"year": "\ue000", "month": "\ue001", "day": "\ue002", "weekday": "\ue003"}
MARKS_THAT_SETTLE = (
    (["month", "day", "year"], "/"),
    (["day", "month", "year"], "."),
    (["day", "month", "year"], ""),
)
RUN = re.compile("[0-9\ue000-\ue003]+")


def canonical(text: str) -> str:
    """Gives what is left of a text when case, commas, kinds of space and direction marks are put aside.

    Example:
        >>> canonical("JULY 20th,\\u202f1969 ")
        'july 20th 1969'
    """
    return " ".join(unicodedata.normalize("NFC", text.casefold()).translate(DROPPED).split())


def day_month_ambiguity(pattern: DatePattern) -> str | None:
    """Says why a reader could take the day for the month, or gives None when the house rule settles it.

    The rule for forms that are all numbers: year, month, day when the year comes first; otherwise a slash puts the
    month first (M/d/y) and a dot or a space puts the day first (d.M.y, d M y). Other all-number forms are refused.

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
    mark = between.translate(DROPPED).strip()
    if any(letter.isalpha() for letter in mark) or order == ["year", "month", "day"]:
        return None
    if (order, mark) in MARKS_THAT_SETTLE:
        return None
    return f"numbers in the order {' '.join(order)} with {mark!r} between them"


@functools.lru_cache(maxsize=512)
def possible(texts: tuple[str, ...]) -> frozenset[str]:
    """The texts that a field can be written as."""
    return frozenset(texts) - {""}


@functools.lru_cache(maxsize=4096)
def is_number(part: Part) -> bool:
    """Whether every text of a field is made of the digits 0 to 9 alone."""
    return all(text.isascii() and text.isdigit() for text in part.texts if text)


@dataclass(frozen=True)
class Shape:
    """A written form with its names spelled out.

    Args:
        known: the fields that a name or an ordinal settles, with their values.
        runs: for each run of digits, the texts that it can hold.
        places: for each field that is a slot, the index of its run.
    """

    known: tuple[tuple[str, int], ...]
    runs: tuple[frozenset[str], ...]
    places: tuple[tuple[str, int], ...]

    def conflicts(self, other: "Shape") -> bool:
        """Whether the two, of the same text between the digits, can write one string for two dates."""
        if any(mine.isdisjoint(theirs) for mine, theirs in zip(self.runs, other.runs, strict=True)):
            return False
        return any(self._reads(field, other) for field in ("year", "month", "day"))

    def _reads(self, field: str, other: "Shape") -> bool:
        mine, theirs = dict(self.known).get(field), dict(other.known).get(field)
        my_run, their_run = dict(self.places).get(field), dict(other.places).get(field)
        if mine is not None and theirs is not None:
            return mine != theirs
        if mine is None and theirs is None:
            return my_run != their_run
        value, settled, run = (mine, self, their_run) if mine is not None else (theirs, other, my_run)
        return {int(text) for text in settled.runs[run]} != {value}


class ShapeIndex:
    """The forms that have been taken in so far; a form that could contradict one of them, or itself, is refused.

    Example:
        >>> from dlseq.data.dates.cldr import compile_pattern
        >>> index = ShapeIndex()
        >>> index.add("US", compile_pattern("M/d/yy", "en_US"))
        >>> index.add("UK", compile_pattern("d/M/yy", "en_GB"))
        'US reads the same text as another date'
    """

    def __init__(self):
        self._owners: dict[str, dict[Shape, str]] = defaultdict(dict)

    def add(self, name: str, pattern: DatePattern) -> str | None:
        """Takes a form in.

        Args:
            name: how to call the form in the reasons given later.
            pattern: the form.

        Returns:
            None when it was taken in; else the reason why it was not, and nothing has changed.
        """
        new: dict[str, dict[Shape, str]] = defaultdict(dict)
        for text, shape in shapes(pattern):
            if shape is None:
                return "two of its numbers touch, or a field is missing"
            for known in (self._owners.get(text, {}), new[text]):
                for earlier, owner in known.items():
                    if shape.conflicts(earlier):
                        return f"{owner} reads the same text as another date"
            new[text][shape] = name
        for text, owned in new.items():
            for shape in owned:
                self._owners[text].setdefault(shape, name)
        return None


def shapes(pattern: DatePattern) -> Iterator[tuple[str, Shape | None]]:
    """Spells out every combination of names in a form.

    Yields:
        The canonical text with each run of digits as "#", and its `Shape`: None when runs cannot be told apart.
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
                runs.append(possible(slots[run].texts))
            elif run.isdigit():
                runs.append(frozenset([run]))
            else:
                yield text, None
        known = tuple((field, value) for field, value in named if field != "weekday")
        settled = sorted(field for field, _ in (*known, *places))
        whole = settled == ["day", "month", "year"]
        yield RUN.sub("#", text), Shape(known, tuple(runs), tuple(places)) if whole else None
