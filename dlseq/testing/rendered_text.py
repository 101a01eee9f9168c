"""Readable text in pixels: each text is rendered again at its place on a blank figure, and the shapes are compared."""

import itertools
import warnings
from functools import cache
from pathlib import Path

import numpy as np

__all__ = ["box_slice", "readable_boxes"]

MIN_CONTRAST = 40.0  # of 255, between text and background
MIN_CORRELATION = 0.95  # of the pixels with those of the same text, rendered by us
BORDER_PIXELS = 24  # added around the pixels, for boxes that extend beyond the figure
MARGINS_PIXELS = (  # above, right of, below and left of a text; other ink may touch it on one side
    (3, 3, 3, 3),
    (0, 3, 3, 3),
    (3, 0, 3, 3),
    (3, 3, 0, 3),
    (3, 3, 3, 0),
)
SHIFTS_PIXELS = sorted(itertools.product(range(-2, 3), repeat=2), key=lambda shift: sum(map(abs, shift)))  # down, right
FONT_SIZE_POINTS = (5.0, 40.0)  # smallest, largest


def readable_boxes(pixels: np.ndarray, texts: list[dict], dpi: float) -> list[tuple | None]:
    """Find the texts that are readable in the pixels, at their reported places.

    Other ink, such as the tick of a label, may touch a text on one side.

    Args:
        pixels: The rendered figure, uint8, (height, width, 3).
        texts: Texts as in `dlseq.grading.worker.figures.render_figure`; see
            `dlseq.testing.rendered_schema.is_text`.
        dpi: Dots per inch.

    Returns:
        For each text its box as we render it, (left, top, right, bottom), or None if it is not readable. Letters that
        the font does not have are boxes in both.
    """
    border = (BORDER_PIXELS, BORDER_PIXELS)
    padded = np.pad(pixels, (border, border, (0, 0)), mode="edge")
    ink, boxes = _render(texts, padded.shape, dpi)
    readable = [box is not None and _has_same_shape(padded, ink, box) for box in boxes]
    return [
        tuple(edge - BORDER_PIXELS for edge in box) if found else None
        for box, found in zip(boxes, readable, strict=True)
    ]


def box_slice(first: float, last: float, size: int) -> slice:
    """Return the slice of the pixels between two places: at least one pixel, inside of an axis of `size` pixels."""
    first = int(min(max(first, 0), size - 1))
    return slice(first, int(min(max(round(last), first + 1), size)))


def _render(texts, shape, dpi):
    """Render texts on a blank figure.

    Returns:
        The ink, 0 to 255, (height, width), and the box of each text; None for one that cannot be rendered.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height, width = shape[:2]
    figure = Figure((width / dpi, height / dpi), dpi=dpi)
    canvas = FigureCanvasAgg(figure)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that a font does not have
        artists = [_add_text(figure, canvas, text, height, width) for text in texts]
        canvas.draw()
    extents = [artist and artist.get_window_extent(canvas.get_renderer()).extents for artist in artists]
    boxes = [None if box is None else (box[0], height - box[3], box[2], height - box[1]) for box in extents]
    return 255.0 - np.asarray(canvas.buffer_rgba())[..., 0], boxes


def _add_text(figure, canvas, text, height, width):
    """Add a text to a figure at its reported place; return the artist, or None if that is not possible."""
    from matplotlib.font_manager import FontProperties

    fonts = _installed_fonts()
    left, top, right, bottom = (edge + BORDER_PIXELS for edge in text["box"])
    inside = 0 <= left < right <= width and 0 <= top < bottom <= height
    known_font = text["font"] in fonts and FONT_SIZE_POINTS[0] <= text["size"] <= FONT_SIZE_POINTS[1]
    if not (inside and known_font and text["text"].isprintable()):
        return None
    font = FontProperties(fname=fonts[text["font"]], size=text["size"])
    artist = figure.text(0, 0, text["text"], font=font, rotation=text["rotation"], transform=None)
    try:
        extent = artist.get_window_extent(canvas.get_renderer())
    except (ValueError, RuntimeError, RecursionError):  # a formula that Matplotlib cannot parse
        artist.remove()
        return None
    artist.set_position(((left + right - extent.width) / 2 - extent.x0, height - bottom - extent.y0))
    return artist


@cache
def _installed_fonts():
    """Return the paths of the fonts that Matplotlib uses in this process, by file name."""
    from matplotlib.font_manager import fontManager

    return {Path(entry.fname).name: entry.fname for entry in fontManager.ttflist}


def _has_same_shape(pixels, ink, box):
    for above, right, below, left in MARGINS_PIXELS:
        rows = box_slice(box[1] - above, box[3] + below, pixels.shape[0])
        columns = box_slice(box[0] - left, box[2] + right, pixels.shape[1])
        expected = ink[rows, columns]
        for down, along in SHIFTS_PIXELS:
            if rows.start + down < 0 or columns.start + along < 0:
                continue
            piece = pixels[rows.start + down : rows.stop + down, columns.start + along : columns.stop + along]
            same_size = piece.shape[:2] == expected.shape
            if same_size and _correlation(_ink(piece, expected == 0), expected) >= MIN_CORRELATION:
                return True
    return False


def _ink(piece, background):
    """Return the distance of pixels from the median color of the background; zeros if the contrast is too low."""
    if not background.any():
        return np.zeros(piece.shape[:2])
    ink = np.abs(piece - np.median(piece[background], axis=0)).max(axis=-1)
    return ink if ink.max() >= MIN_CONTRAST else np.zeros_like(ink)


def _correlation(first, second):
    first, second = first - first.mean(), second - second.mean()
    norm = np.sqrt((first**2).sum() * (second**2).sum())
    return float((first * second).sum() / norm) if norm else 0.0
