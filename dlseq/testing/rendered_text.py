"""Readable text in pixels: each text is rendered again at its place on a blank figure, and the shapes are compared."""

import itertools
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
        For each text its box as we render it, (left, top, right, bottom), or None if it is not readable. For non-ASCII
        text and mathtext, only the presence of ink in the reported box is checked.
    """
    border = (BORDER_PIXELS, BORDER_PIXELS)
    padded = np.pad(pixels, (border, border, (0, 0)), mode="edge")
    comparable = [_is_plain_ascii(text["text"]) for text in texts]
    ink, rendered_boxes = _render(texts, comparable, padded.shape, dpi)
    found = []
    for text, rendered_box, compares in zip(texts, rendered_boxes, comparable, strict=True):
        box = rendered_box if compares else tuple(edge + BORDER_PIXELS for edge in text["box"])
        readable = box is not None and (_has_same_shape(padded, ink, box) if compares else _has_ink(padded, box))
        found.append(tuple(edge - BORDER_PIXELS for edge in box) if readable else None)
    return found


def box_slice(first: float, last: float, size: int) -> slice:
    """Return the slice of the pixels between two places: at least one pixel, inside of an axis of `size` pixels."""
    first = int(min(max(first, 0), size - 1))
    return slice(first, int(min(max(round(last), first + 1), size)))


def _is_plain_ascii(text):
    """Return True for text whose letters are in every font and that is no formula."""
    return text.isascii() and text.isprintable() and "$" not in text


def _render(texts, comparable, shape, dpi):
    """Render the comparable texts on a blank figure.

    Returns:
        The ink, 0 to 255, (height, width), and the box of each text; None for one that cannot be rendered.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    (height, width), fonts, rendered = shape[:2], _installed_fonts(), []
    figure = Figure((width / dpi, height / dpi), dpi=dpi)
    canvas = FigureCanvasAgg(figure)
    for text, compares in zip(texts, comparable, strict=True):
        left, top, right, bottom = (edge + BORDER_PIXELS for edge in text["box"])
        inside = 0 <= left < right <= width and 0 <= top < bottom <= height
        known_font = text["font"] in fonts and FONT_SIZE_POINTS[0] <= text["size"] <= FONT_SIZE_POINTS[1]
        if not (compares and inside and known_font):
            rendered.append(None)
            continue
        font = FontProperties(fname=fonts[text["font"]], size=text["size"])
        artist = figure.text(0, 0, text["text"], font=font, rotation=text["rotation"], transform=None)
        artist.set_parse_math(False)
        extent = artist.get_window_extent(canvas.get_renderer())
        artist.set_position(((left + right - extent.width) / 2 - extent.x0, height - bottom - extent.y0))
        rendered.append(artist)
    canvas.draw()
    extents = [artist and artist.get_window_extent(canvas.get_renderer()).extents for artist in rendered]
    boxes = [None if box is None else (box[0], height - box[3], box[2], height - box[1]) for box in extents]
    return 255.0 - np.asarray(canvas.buffer_rgba())[..., 0], boxes


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


def _has_ink(pixels, box):
    piece = pixels[box_slice(box[1], box[3], pixels.shape[0]), box_slice(box[0], box[2], pixels.shape[1])]
    return bool(_ink(piece, np.ones(piece.shape[:2], bool)).any())


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
