"""Figure style: Matplotlib figures that look the same on every machine, and reproducible PNG, SVG and PDF files.

Figures are made from Matplotlib's classes, never with pyplot: no window, no current figure, and no effect of or on the
user's own Matplotlib settings.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
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
    "GRID_COLOR",
    "MUTED_COLOR",
    "TEXT_COLOR",
    "WEIGHT_COLORMAP",
    "check_figure_path",
    "draw_text",
    "figure_style",
    "fit_figure",
    "new_figure",
    "remove_frame",
    "save_figure",
]

TEXT_COLOR, MUTED_COLOR, GRID_COLOR = "#1c2130", "#687083", "#d5dae3"
FILE_METADATA = {".png": {"Software": None}, ".svg": {"Date": None, "Creator": None}, ".pdf": {"CreationDate": None}}
# Ten colors in equal steps of lightness, CIE L* 96 to 15, so that their order is visible without hue.
COLOR_STOPS = "#f2f4f6 #c5dfe3 #94c9d9 #64b2d3 #4498cb #3b7dbd #3c62a7 #3a498c #31336e #231f50"
WEIGHT_COLORMAP: Colormap = LinearSegmentedColormap.from_list("dlseq", COLOR_STOPS.split())


@contextlib.contextmanager
def figure_style() -> Iterator[None]:
    """Apply Matplotlib's default settings, and ours for files, until the block ends.

    Example:
        >>> import matplotlib
        >>> with figure_style():
        ...     matplotlib.rcParams["svg.fonttype"], matplotlib.rcParams["pdf.fonttype"]
        ('path', 3)
    """
    settings = {"svg.fonttype": "path", "svg.hashsalt": "dlseq", "pdf.fonttype": 3, "text.usetex": False}
    with matplotlib.style.context(["default", settings]):
        yield


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """Make a figure with one pair of axes without a frame. `fit_figure` adds the margins.

    Args:
        width: of the axes, in inches.
        height: of the axes, in inches.

    Returns:
        The figure and its axes.

    Example:
        >>> figure, axes = new_figure(3, 2)
        >>> figure.get_size_inches().tolist(), axes.get_position().extents.tolist()
        ([3.0, 2.0], [0.0, 0.0, 1.0, 1.0])
    """
    figure = Figure(figsize=(width, height), dpi=160, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    remove_frame(axes)
    return figure, axes


def remove_frame(axes: Axes) -> None:
    """Remove spines and tick marks of a pair of axes; tick labels stay.

    Args:
        axes: the axes to change.

    Example:
        >>> figure, axes = new_figure(3, 2)
        >>> any(spine.get_visible() for spine in axes.spines.values())
        False
    """
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def draw_text(
    axes: Axes, text: str, xy: tuple, *, size: float, offset=(0, 0), color: str = TEXT_COLOR, **properties
) -> Annotation:
    """Draw a text of any script at a point of the axes plus an offset in points. `$` is no markup.

    Args:
        axes: the axes to draw in.
        text: one line.
        xy: the point, in data coordinates unless `xycoords` is given.
        size: font size in points.
        offset: `(right, up)` in points.
        color: text color.
        **properties: as for Matplotlib's `annotate`.

    Returns:
        The text artist.

    Example:
        >>> figure, axes = new_figure(3, 2)
        >>> draw_text(axes, "토요일", (0.5, 0.5), size=12).get_fontfamily()
        ['Dlseq Hangul']
    """
    return axes.annotate(
        text,
        xy,
        xytext=offset,
        textcoords="offset points",
        annotation_clip=False,
        parse_math=False,
        fontsize=size,
        family=families(text),
        color=color,
        **properties,
    )


def fit_figure(figure: Figure, margin: float = 0.22) -> None:
    """Resize a figure to its contents plus a margin; the axes keep their size in inches.

    Args:
        figure: a figure whose artists all belong to axes.
        margin: in inches.

    Example:
        >>> figure, axes = new_figure(1, 1)
        >>> _ = draw_text(axes, "a long line that leaves the axes", (0, 0), size=20)
        >>> fit_figure(figure)
        >>> bool(figure.get_size_inches()[0] > 4)
        True
    """
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox(figure.canvas.get_renderer())  # in inches
    new_width, new_height = box.width + 2 * margin, box.height + 2 * margin
    for axes in figure.axes:
        left, bottom, axes_width, axes_height = axes.get_position(original=True).bounds  # fractions of the figure
        left, bottom = left * width - box.x0 + margin, bottom * height - box.y0 + margin  # inches
        bounds = (
            left / new_width,
            bottom / new_height,
            axes_width * width / new_width,
            axes_height * height / new_height,
        )
        axes.set_position(bounds, which="both")
    figure.set_size_inches(new_width, new_height)


def check_figure_path(path: str | os.PathLike, others: Sequence[str] = ()) -> str:
    """Check, before anything is drawn, that a figure can be saved under a path.

    Args:
        path: the file to create or replace.
        others: suffixes besides that the caller accepts, for the message. Defaults to none.

    Returns:
        The suffix in lower case: `.png`, `.svg` or `.pdf`.

    Raises:
        DlseqError: another suffix, or a folder that cannot be written to.

    Example:
        >>> check_figure_path("map.jpg")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: Cannot write figure map.jpg: expected a name that ends in .png, .svg or .pdf. ...
    """
    suffix = Path(path).suffix.lower()
    if suffix not in FILE_METADATA:
        *names, last = *FILE_METADATA, *others
        raise DlseqError(
            f"Cannot write figure {path}: expected a name that ends in {', '.join(names)} or {last}. "
            f"Received: suffix {Path(path).suffix!r}"
        )
    check_writable(path)
    return suffix


def save_figure(figure: Figure, path: str | os.PathLike) -> None:
    """Save a figure as PNG, SVG or PDF, atomically; equal figures give equal bytes.

    Glyphs are embedded as outlines (paths in SVG, Type 3 fonts in PDF), so that a file looks the same on a machine
    without the fonts.

    Args:
        figure: the figure.
        path: a file name that ends in `.png`, `.svg` or `.pdf`.

    Raises:
        DlseqError: another suffix, or a folder that cannot be written to.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "empty.png"
        >>> save_figure(new_figure(1, 1)[0], path)
        >>> path.read_bytes()[1:4]
        b'PNG'
    """
    suffix = check_figure_path(path)
    with atomic_write(path) as partial, figure_style():
        figure.savefig(partial, format=suffix[1:], metadata=FILE_METADATA[suffix])
