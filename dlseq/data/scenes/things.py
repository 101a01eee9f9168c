"""Things in a scene, with the boxes around them."""

import dataclasses
from collections.abc import Iterable

__all__ = ["Box", "Thing", "union"]

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are outside."""


@dataclasses.dataclass(frozen=True)
class Thing:
    """Thing in a scene.

    Args:
        name: English name, see `dlseq.data.scenes.words.THINGS`.
        kind: "animal", "vehicle", …
        box: `(left, top, right, bottom)` in pixels, within the picture.
        size: "small", "medium" or "big".
        color: one of `COLORS`, or `None` for things that come in one coloring only.
    """

    name: str
    kind: str
    box: Box
    size: str
    color: str | None = None


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around boxes.

    Example:
        >>> union([(1, 2, 3, 4), (0, 3, 2, 9)])
        (0, 2, 3, 9)
    """
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)
