"""Attention weights as SVG paths: a square for each weight, one path for each of a few shades."""

import math
from dataclasses import dataclass

import numpy as np

from dlseq.grading.sanitize import for_line
from dlseq.metrics import jensen_shannon_distance

__all__ = ["CELL", "AttentionMap", "attention_map"]

CELL = 10  # side of a square in units of the image
SHADES = 9  # besides that of zero
FULL_SCALES = (0.1, 0.2, 0.5, 1.0)
MAX_ROWS, MAX_COLUMNS = 40, 120  # of a map


@dataclass(frozen=True)
class AttentionMap:
    """The attention maps of a submission and of the reference, on one scale.

    Attributes:
        title: title of both maps.
        source: labels of the columns.
        target: labels of the rows.
        full: weight of the darkest shade.
        submission: (shade, path) of the submission's weights; None without weights.
        reference: (shade, path) of the reference's weights.
        distance: mean Jensen-Shannon distance of their rows, from 0 for equal maps to 1; None unless both have weights.
    """

    title: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    full: float
    submission: tuple[tuple[int, str], ...] | None
    reference: tuple[tuple[int, str], ...] | None
    distance: float | None = None


def attention_map(exhibit: dict) -> AttentionMap | None:
    """Convert an exhibit into attention maps.

    Columns beyond the source are padding and have no label; they are left out if neither map has weight on them.
    Weights are clipped to [0, 1]; anything but a finite number counts as 0.

    Args:
        exhibit: of a `dlseq.grading.results.ExerciseResult`.

    Returns:
        The maps; None if the exhibit has none.

    Example:
        >>> rows = [[0.9, 0.1, 0.0], [0.0, 1.0, 0.0]]
        >>> drawn = attention_map({"title": "", "source": "5월", "target": "05", "submission": rows, "reference": rows})
        >>> drawn.source, drawn.submission
        (('5', '월'), ((1, 'M10 0h10v10h-10z'), (8, 'M0 0h10v10h-10z'), (9, 'M10 10h10v10h-10z')))
    """
    submission, reference = _weights(exhibit.get("submission")), _weights(exhibit.get("reference"))
    maps = [weights for weights in (submission, reference) if weights]
    if not maps:
        return None
    source = tuple(map(_label, exhibit.get("source", "")))
    target = tuple(map(_label, exhibit.get("target", "")))
    all_rows = [row for weights in maps for row in weights]
    largest = max(max(row, default=0.0) for row in all_rows)
    full = next(scale for scale in FULL_SCALES if largest <= scale)
    columns = max(map(len, all_rows))
    while columns > len(source) and not any(_shade(row[columns - 1 : columns], full) for row in all_rows):
        columns -= 1
    rows = max(map(len, maps))
    return AttentionMap(
        title=str(exhibit.get("title", "")),
        source=_pad(source, columns),
        target=_pad(target, rows),
        full=full,
        submission=submission and _paths(submission, columns, full),
        reference=reference and _paths(reference, columns, full),
        distance=_distance(submission, reference) if submission and reference else None,
    )


def _weights(rows):
    """Return weights in [0, 1], or None if there are none."""
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        return None
    return [[_number(cell) for cell in row[:MAX_COLUMNS]] for row in rows[:MAX_ROWS]]


def _distance(submission, reference):
    """Return the mean distance of the rows. What a row lacks of a sum of 1 counts as one more column."""
    rows, columns = max(len(submission), len(reference)), max(map(len, submission + reference))
    maps = np.zeros((2, rows, columns + 1))
    for weights, map_rows in zip(maps, (submission, reference), strict=True):
        for row, cells in zip(weights, map_rows, strict=False):
            row[: len(cells)] = cells
    maps[..., -1] = np.maximum(0, 1 - maps.sum(axis=-1)) * maps.any(axis=-1)
    return float(jensen_shannon_distance(*maps).mean())


def _number(cell):
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not abs(cell) < math.inf:
        return 0.0
    return min(1.0, max(0.0, cell))


def _label(character):
    """Return a label that fits above a square."""
    label = "␣" if character.isspace() else for_line(character)
    return label if len(label) <= 2 else "\N{REPLACEMENT CHARACTER}"


def _pad(labels, length):
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
