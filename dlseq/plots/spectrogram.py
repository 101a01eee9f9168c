"""Spectrogram: loudness of frequency bands over time, with the words at their places."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlseq.data.speech.features import BANDS, FRAMES_PER_SECOND, RANGE_DECIBELS, band_centers
from dlseq.errors import DlseqError
from dlseq.plots.fonts import printable
from dlseq.plots.pages.html_page import data_address
from dlseq.plots.style import MUTED_COLOR, WEIGHT_COLORMAP, draw_text, figure_style, fit_figure, new_figure

__all__ = ["spectrogram", "spectrogram_svg"]

INCHES_PER_SECOND, LEAST_INCHES, MOST_INCHES, HEIGHT_INCHES = 2.6, 3.0, 60.0, 1.7
LABELED_HERTZ = (250, 500, 1000, 2000, 4000)
LINE_COLOR = "#b4541a"
SVG_SECOND, SVG_HEIGHT = 20, 12  # units


def spectrogram(
    levels: np.ndarray, words: Sequence[tuple[str, float, float]] = (), *, title: str | None = None
) -> Figure:
    """Draw features of sound: time to the right, frequency upward on the mel scale, dark where it is loud.

    Args:
        levels: Decibels above the floor, `(T, BANDS)`, 100 frames a second.
        words: Word, first and last second of each. Defaults to none.
        title: A line above. Defaults to `None`.

    Returns:
        A figure for `save_figure`.

    Raises:
        DlseqError: Features of another shape.

    Example:
        >>> figure = spectrogram(np.zeros((100, 40), "uint8"), [("eins", 0.2, 0.5)])
        >>> [text.get_text() for text in figure.axes[0].texts][0]
        'eins'
    """
    levels = _checked(levels)
    seconds = len(levels) / FRAMES_PER_SECOND
    with figure_style():
        width = min(MOST_INCHES, max(LEAST_INCHES, INCHES_PER_SECOND * seconds))
        figure, axes = new_figure(width, HEIGHT_INCHES)
        axes.imshow(
            levels.T,
            origin="lower",
            aspect="auto",
            extent=(0, seconds, -0.5, BANDS - 0.5),
            cmap=WEIGHT_COLORMAP,
            vmin=0,
            vmax=RANGE_DECIBELS,
            interpolation="nearest",
        )
        for word, start, end in words:
            axes.vlines([start, end], -0.5, BANDS - 0.5, color=LINE_COLOR, linewidth=0.9)
            axes.hlines(BANDS + 1, start, end, color=LINE_COLOR, linewidth=3, clip_on=False)
            draw_text(axes, printable(word), ((start + end) / 2, BANDS + 1), size=11, offset=(0, 5), ha="center")
        axes.set(xlim=(0, seconds), ylim=(-0.5, BANDS - 0.5))
        places = np.interp(LABELED_HERTZ, band_centers(), np.arange(BANDS))
        axes.set_yticks(places, [f"{hertz:,} Hz" for hertz in LABELED_HERTZ])
        axes.set_xticks(np.arange(0, seconds + 1e-6, 0.5 if seconds < 20 else 5))
        axes.tick_params(labelsize=8, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
        draw_text(
            axes, "seconds", (1, 0), size=8, offset=(0, -26), color=MUTED_COLOR, xycoords="axes fraction", ha="right"
        )
        if title is not None:
            draw_text(axes, printable(title), (0, 1), size=13, offset=(0, 30), xycoords="axes fraction")
        fit_figure(figure)
    return figure


def spectrogram_svg(levels: np.ndarray, spans: Sequence[tuple[float, float]]) -> str:
    """Draw features of sound as an SVG element for the pages of `dlseq.plots.step_page`: span i has `data-step="i"`.

    Args:
        levels: Decibels above the floor, `(T, BANDS)`, 100 frames a second.
        spans: First and last second of each step.

    Raises:
        DlseqError: Features of another shape.

    Example:
        >>> spectrogram_svg(np.zeros((100, 40), "uint8"), [(0.2, 0.5), (0.5, 0.9)]).count("<rect")
        2
    """
    levels = _checked(levels)
    width = len(levels) / FRAMES_PER_SECOND * SVG_SECOND
    colors = WEIGHT_COLORMAP(levels.T[::-1] / RANGE_DECIBELS, bytes=True)[:, :, :3]
    image = (
        f'<image href="{data_address(colors)}" width="{width:g}" height="{SVG_HEIGHT}" preserveAspectRatio="none" '
        'style="image-rendering: pixelated"/>'
    )
    rects = [
        f'<rect data-step="{place}" x="{start * SVG_SECOND:g}" y="0.1" width="{(end - start) * SVG_SECOND:g}" '
        f'height="{SVG_HEIGHT - 0.2:g}" fill-opacity="0.25"/>'
        for place, (start, end) in enumerate(spans)
    ]
    return f'<svg viewBox="-0.2 0 {width + 0.4:g} {SVG_HEIGHT}" aria-hidden="true">{image}{"".join(rects)}</svg>'


def _checked(levels):
    """Return features `(T, BANDS)`."""
    levels = np.asarray(levels)
    if levels.ndim != 2 or levels.shape[1] != BANDS or not len(levels):
        raise DlseqError(f"Expected features of the shape (T, {BANDS}). Received: {levels.shape}.")
    return levels
