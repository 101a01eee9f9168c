"""Attention weights as paths of an SVG image: a square for each weight, one path for each of a few shades."""

import math
from dataclasses import dataclass

from dlseq.grading.reports.words import clean

__all__ = ["CELL", "AttentionMap", "attention_map"]

CELL = 10  # units of the image that a square is wide
SHADES = 9  # beside that of zero
FULL_SCALES = (0.1, 0.2, 0.5, 1.0)
ROWS, COLUMNS = 40, 120  # of a map, at most


@dataclass(frozen=True)
class AttentionMap:
    """A map of a submission and that of the reference, on one scale.

    Attributes:
        title: above them.
        source: a label for each column.
        target: a label for each row.
        full: the weight that the darkest shade stands for.
        submission: (shade, path) of the submission's weights; None where there are none.
        reference: (shade, path) of the reference's.
    """

    title: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    full: float
    submission: tuple[tuple[int, str], ...] | None
    reference: tuple[tuple[int, str], ...] | None


def attention_map(exhibit: dict) -> AttentionMap | None:
    """What there is to draw of an exhibit.

    Columns beyond the source are padding and have no label; they are left out where neither map has weight on them.
    What is no number between 0 and 1 is drawn as the nearest one, and not at all where there is none.

    Args:
        exhibit: of a `dlseq.grading.results.ExerciseResult`.

    Returns:
        The map; None where the exhibit has none.

    Example:
        >>> rows = [[0.9, 0.1, 0.0], [0.0, 1.0, 0.0]]
        >>> drawn = attention_map({"title": "", "source": "5월", "target": "05", "submission": rows, "reference": rows})
        >>> drawn.source, drawn.submission
        (('5', '월'), ((1, 'M10 0h10v10h-10z'), (8, 'M0 0h10v10h-10z'), (9, 'M10 10h10v10h-10z')))
    """
    maps = [_weights(exhibit.get(name)) for name in ("submission", "reference")]
    drawn = [one for one in maps if one]
    if not drawn:
        return None
    source = tuple(map(_label, exhibit.get("source", "")))
    target = tuple(map(_label, exhibit.get("target", "")))
    largest = max(max(row, default=0.0) for one in drawn for row in one)
    full = next(scale for scale in FULL_SCALES if largest <= scale)
    columns = max(len(row) for one in drawn for row in one)
    while columns > len(source) and not any(_shade(row[columns - 1 : columns], full) for one in drawn for row in one):
        columns -= 1
    rows = max(map(len, drawn))
    return AttentionMap(
        *(str(exhibit.get("title", "")), _padded(source, columns), _padded(target, rows), full),
        *(one and _paths(one, columns, full) for one in maps),
    )


def _weights(rows):
    """Numbers between 0 and 1, or None."""
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        return None
    return [[_number(cell) for cell in row[:COLUMNS]] for row in rows[:ROWS]]


def _number(cell):
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
        return 0.0
    return min(1.0, max(0.0, cell))


def _label(character):
    """What fits above a square."""
    label = "␣" if character.isspace() else clean(character)
    return label if len(label) <= 2 else "\N{REPLACEMENT CHARACTER}"


def _padded(labels, length):
    return (*labels, *[""] * (length - len(labels)))[:length]


def _shade(weights, full):
    return max((round(SHADES * weight / full) for weight in weights), default=0)


def _paths(weights, columns, full):
    shades = {}
    for y, row in enumerate(weights):
        for x, weight in enumerate(row[:columns]):
            if shade := _shade([weight], full):
                shades.setdefault(shade, []).append(f"M{x * CELL} {y * CELL}h{CELL}v{CELL}h-{CELL}z")
    return tuple((shade, "".join(squares)) for shade, squares in sorted(shades.items()))
