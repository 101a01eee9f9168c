"""A sheet to draw on, the same on every machine, and its way into a file.

Figures are made by Matplotlib's objects alone, never by pyplot: no window, no current figure, and nothing that the
user has set for figures of their own is changed, or changes ours.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from dlseq.errors import DlseqError
from dlseq.files import atomic_write, check_writable
from dlseq.plots.fonts import families

__all__ = [
    "INK",
    "PALE",
    "SHADES",
    "SOFT",
    "check_figure_path",
    "fit",
    "house_style",
    "save_figure",
    "sheet",
    "strip",
    "write",
]

INK, SOFT, PALE = "#1c2130", "#687083", "#d5dae3"
FORMATS = {".png": {"Software": None}, ".svg": {"Date": None, "Creator": None}, ".pdf": {"CreationDate": None}}
# From paper white to night blue in equal steps of lightness, CIE L* 96 to 15: the order can be read without seeing hue.
STOPS = "#f2f4f6 #c5dfe3 #94c9d9 #64b2d3 #4498cb #3b7dbd #3c62a7 #3a498c #31336e #231f50"
SHADES: Colormap = LinearSegmentedColormap.from_list("dlseq", STOPS.split())


@contextlib.contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib as it comes, whatever the user has set, until the block ends.

    Example:
        >>> import matplotlib
        >>> with house_style():
        ...     matplotlib.rcParams["svg.fonttype"], matplotlib.rcParams["pdf.fonttype"]
        ('path', 3)
    """
    ours = {"svg.fonttype": "path", "svg.hashsalt": "dlseq", "pdf.fonttype": 3, "text.usetex": False}
    with matplotlib.style.context(["default", ours]):
        yield


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure with one bare pair of axes; `fit` gives it its margins.

    Args:
        width: of the axes, in inches.
        height: of the axes, in inches.

    Returns:
        The figure and its axes.

    Example:
        >>> figure, axes = sheet(3, 2)
        >>> figure.get_size_inches().tolist(), axes.get_position().extents.tolist()
        ([3.0, 2.0], [0.0, 0.0, 1.0, 1.0])
    """
    figure = Figure(figsize=(width, height), dpi=160, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    strip(axes)
    return figure, axes


def strip(axes: Axes) -> None:
    """Takes frame and ticks off a pair of axes; the numbers stay.

    Args:
        axes: to change.

    Example:
        >>> figure, axes = sheet(3, 2)
        >>> any(spine.get_visible() for spine in axes.spines.values())
        False
    """
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def write(
    axes: Axes, text: str, at: tuple, *, size: float, offset=(0, 0), colour: str = INK, **properties
) -> Annotation:
    """Writes a text of any script, `$` and all, at a place of the axes plus an offset in points.

    Args:
        axes: where to write.
        text: one line.
        at: the place `(x, y)`, in data coordinates unless `xycoords` says otherwise.
        size: in points.
        offset: `(right, up)` in points.
        colour: of the letters.
        **properties: as for Matplotlib's `annotate`.

    Returns:
        The text.

    Example:
        >>> figure, axes = sheet(3, 2)
        >>> write(axes, "토요일", (0.5, 0.5), size=12).get_fontfamily()
        ['Dlseq Hangul']
    """
    return axes.annotate(
        text,
        at,
        xytext=offset,
        textcoords="offset points",
        annotation_clip=False,
        parse_math=False,
        fontsize=size,
        family=families(text),
        color=colour,
        **properties,
    )


def fit(figure: Figure, margin: float = 0.22) -> None:
    """Grows or shrinks the paper until everything drawn is on it; the drawing keeps its size.

    Args:
        figure: all of whose contents hang on axes.
        margin: around it, in inches.

    Example:
        >>> figure, axes = sheet(1, 1)
        >>> _ = write(axes, "a long line that leaves the axes", (0, 0), size=20)
        >>> fit(figure)
        >>> bool(figure.get_size_inches()[0] > 4)
        True
    """
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox(figure.canvas.get_renderer())  # in inches
    new_width, new_height = box.width + 2 * margin, box.height + 2 * margin
    for axes in figure.axes:
        left, bottom, across, up = axes.get_position(original=True).bounds
        left, bottom = left * width - box.x0 + margin, bottom * height - box.y0 + margin
        axes.set_position(
            (left / new_width, bottom / new_height, across * width / new_width, up * height / new_height), which="both"
        )
    figure.set_size_inches(new_width, new_height)


def check_figure_path(path: str | os.PathLike) -> str:
    """Makes sure, before anything is drawn, that a picture can be written there.

    Args:
        path: the file to make or replace.

    Returns:
        The format, as the file's ending in small letters: `.png`, `.svg` or `.pdf`.

    Raises:
        DlseqError: another ending, or a place that cannot be written to.

    Example:
        >>> check_figure_path("map.jpg")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: cannot write the picture map.jpg: expected .png, .svg or .pdf at the end, got '.jpg'
    """
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        raise DlseqError(f"cannot write the picture {path}: expected .png, .svg or .pdf at the end, got {suffix!r}")
    check_writable(path)
    return suffix


def save_figure(figure: Figure, path: str | os.PathLike) -> None:
    """Writes a figure as PNG, SVG or PDF, whole or not at all; the same figure gives the same bytes.

    Letters are outlines in the file itself (paths in SVG, Type 3 fonts in PDF), so that they look the same on a machine
    that has no such font.

    Args:
        figure: what to write.
        path: a file name that ends in `.png`, `.svg` or `.pdf`.

    Raises:
        DlseqError: another ending, or a place that cannot be written to.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "empty.png"
        >>> save_figure(sheet(1, 1)[0], path)
        >>> path.read_bytes()[1:4]
        b'PNG'
    """
    suffix = check_figure_path(path)
    with atomic_write(path) as partial, house_style():
        figure.savefig(partial, format=suffix[1:], metadata=FORMATS[suffix])
