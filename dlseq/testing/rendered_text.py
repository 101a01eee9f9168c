"""Words in a picture: the judge writes them once more, at the same place of an empty sheet, and compares the shapes."""

import itertools
from pathlib import Path

import numpy as np

__all__ = ["between", "is_box", "is_number", "is_text", "read"]

VISIBLE = 40.0  # of 255, between ink and paper
SAME_SHAPE = 0.95  # correlation of words with the same words, written by ourselves
PAPER = 24  # pixels that are put around a picture, for boxes that reach over its edge and have no ink there
MARGINS = ((3, 3, 3, 3), (0, 3, 3, 3), (3, 0, 3, 3), (3, 3, 0, 3), (3, 3, 3, 0))  # above, right, below, left of words
SHIFTS = sorted(itertools.product(range(-2, 3), repeat=2), key=lambda shift: sum(map(abs, shift)))  # down, along
SIZES = (5.0, 40.0)  # points
LONGEST = 120  # letters


def read(pixels: np.ndarray, texts: list[dict], dpi: float) -> list[tuple | None]:
    """Where texts are to be read, of those that are where they are told to be.

    On one side of a word there may be other ink, such as the mark of its tick.

    Args:
        pixels: of the picture, uint8, (height, width, 3).
        texts: as `dlseq.grading.worker.figures.draw_figure` tells them; see `is_text`.
        dpi: dots to an inch.

    Returns:
        For each its box as we write it, (left, top, right, bottom), or None where it is not to be read. Of a text with
        letters beyond ASCII, and of a formula, no more is asked than that there is something in the told box.
    """
    around = np.pad(pixels, ((PAPER, PAPER), (PAPER, PAPER), (0, 0)), mode="edge")
    simple = [_is_simple(one["text"]) for one in texts]
    ink, boxes = _write(texts, simple, around.shape, dpi)
    found = []
    for one, ours, alike in zip(texts, boxes, simple, strict=True):
        box = ours if alike else tuple(place + PAPER for place in one["box"])
        seen = box is not None and (_same_shape(around, ink, box) if alike else _is_inked(around, box))
        found.append(tuple(place - PAPER for place in box) if seen else None)
    return found


def between(first: float, last: float, most: int) -> slice:
    """The pixels from one place to another: at least one, within the picture."""
    first = int(min(max(first, 0), most - 1))
    return slice(first, int(min(max(round(last), first + 1), most)))


def is_text(one) -> bool:
    """Whether something has the form of a text that is told of."""
    right = type(one) is dict and set(one) == {"text", "position", "box", "font", "size", "rotation"}
    right = right and type(one["text"]) is str and type(one["font"]) is str and len(one["text"]) <= LONGEST
    return right and is_box(one["box"]) and all(is_number(one[name]) for name in ("size", "rotation"))


def is_box(box) -> bool:
    """Whether something is (left, top, right, bottom), with something in it."""
    return type(box) is tuple and len(box) == 4 and all(map(is_number, box)) and box[0] < box[2] and box[1] < box[3]


def is_number(one) -> bool:
    """Whether something is a float of a size that pixels and points have."""
    return type(one) is float and abs(one) < 1e6


def _is_simple(text):
    """Whether each letter is in every font, and none is a sign of a formula."""
    return text.isascii() and text.isprintable() and "$" not in text


def _write(texts, simple, shape, dpi):
    """The ink of texts on an empty sheet, and the boxes that they fill there; None for one that cannot be written."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    (height, width), fonts, written = shape[:2], _fonts(), []
    figure = Figure((width / dpi, height / dpi), dpi=dpi)
    canvas = FigureCanvasAgg(figure)
    for one, right in zip(texts, simple, strict=True):
        left, top, right_end, bottom = (place + PAPER for place in one["box"])
        inside = 0 <= left < right_end <= width and 0 <= top < bottom <= height
        if not (right and inside and one["font"] in fonts and SIZES[0] <= one["size"] <= SIZES[1]):
            written.append(None)
            continue
        font = FontProperties(fname=fonts[one["font"]], size=one["size"])
        words = figure.text(0, 0, one["text"], font=font, rotation=one["rotation"], transform=None)
        words.set_parse_math(False)
        extent = words.get_window_extent(canvas.get_renderer())
        words.set_position(((left + right_end - extent.width) / 2 - extent.x0, height - bottom - extent.y0))
        written.append(words)
    canvas.draw()
    boxes = [one and one.get_window_extent(canvas.get_renderer()).extents for one in written]
    boxes = [box if box is None else (box[0], height - box[3], box[2], height - box[1]) for box in boxes]
    return 255.0 - np.asarray(canvas.buffer_rgba())[..., 0], boxes


def _fonts():
    """The fonts that this process would itself use, by the names of their files."""
    from matplotlib.font_manager import fontManager

    return {Path(one.fname).name: one.fname for one in fontManager.ttflist}


def _same_shape(pixels, ink, box):
    for above, right, below, left in MARGINS:
        rows = between(box[1] - above, box[3] + below, pixels.shape[0])
        columns = between(box[0] - left, box[2] + right, pixels.shape[1])
        wanted = ink[rows, columns]
        for down, along in SHIFTS:
            if rows.start + down < 0 or columns.start + along < 0:
                continue
            piece = pixels[rows.start + down : rows.stop + down, columns.start + along : columns.stop + along]
            if piece.shape[:2] == wanted.shape and _correlation(_ink(piece, wanted == 0), wanted) >= SAME_SHAPE:
                return True
    return False


def _is_inked(pixels, box):
    piece = pixels[between(box[1], box[3], pixels.shape[0]), between(box[0], box[2], pixels.shape[1])]
    return bool(_ink(piece, np.ones(piece.shape[:2], bool)).any())


def _ink(piece, empty):
    """How far pixels are from the paper, which is where nothing should be; none at all where hardly to be seen."""
    if not empty.any():
        return np.zeros(piece.shape[:2])
    ink = np.abs(piece - np.median(piece[empty], axis=0)).max(axis=-1)
    return ink if ink.max() >= VISIBLE else np.zeros_like(ink)


def _correlation(one, other):
    one, other = one - one.mean(), other - other.mean()
    length = np.sqrt((one**2).sum() * (other**2).sum())
    return float((one * other).sum() / length) if length else 0.0
