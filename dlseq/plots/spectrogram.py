"""Spectrogram: loudness of frequency bands over time, with the words at their places."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlseq.data.speech.features import BANDS, FRAMES_PER_SECOND, RANGE_DECIBELS, band_centers
from dlseq.errors import DlseqError
from dlseq.plots.attention import check_weights
from dlseq.plots.fonts import printable
from dlseq.plots.pages.html_page import data_address
from dlseq.plots.style import (
    MUTED_COLOR,
    WEIGHT_COLORMAP,
    draw_text,
    figure_style,
    fit_figure,
    new_figure,
    remove_frame,
)

__all__ = ["spectrogram", "spectrogram_svg"]

INCHES_PER_SECOND, MIN_INCHES, MAX_INCHES, HEIGHT_INCHES = 2.6, 3.0, 60.0, 1.7
LABELED_HERTZ = (250, 500, 1000, 2000, 4000)
ROW_INCHES, ROW_GAP_INCHES = 0.3, 0.12
LINE_COLOR = "#b4541a"
SVG_SECOND, SVG_HEIGHT, SVG_ROW, SVG_GAP = 20, 12, 1.6, 0.5  # units
MIN_WEIGHT = 0.01  # that a page draws


def spectrogram(
    levels: np.ndarray,
    words: Sequence[tuple[str, float, float]] = (),
    *,
    attention: np.ndarray | None = None,
    step_seconds: float = 0.08,
    title: str | None = None,
) -> Figure:
    """Draw features of sound: time to the right, frequency upward on the mel scale, dark where it is loud.

    With attention, the alignment is below it on the same seconds: a row for each word, dark at the steps that it looks
    at, with its largest weight at the end.

    Args:
        levels: Decibels above the floor, `(T, BANDS)`, 100 frames a second.
        words: Word, first and last second of each. Defaults to none.
        attention: Weights of each word over steps of the sound, `(words, S)`, each row of sum 1. Defaults to `None`.
        step_seconds: Seconds of a step. Defaults to `0.08`.
        title: A line above. Defaults to `None`.

    Returns:
        A figure for `save_figure`.

    Raises:
        DlseqError: Features of another shape, or weights that do not fit the words or do not sum to one.

    Example:
        >>> figure = spectrogram(np.zeros((100, 40), "uint8"), [("eins", 0.2, 0.5)])
        >>> [text.get_text() for text in figure.axes[0].texts][0]
        'eins'
    """
    levels = _checked(levels)
    seconds = len(levels) / FRAMES_PER_SECOND
    with figure_style():
        width = min(MAX_INCHES, max(MIN_INCHES, INCHES_PER_SECOND * seconds))
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
        axes.tick_params(labelsize=8, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
        lowest = axes
        if words and attention is not None:
            lowest = _alignment(figure, width, [word for word, *_ in words], attention, step_seconds, seconds)
            axes.set_xticks([])
        lowest.set_xticks(np.arange(0, seconds + 1e-6, 0.5 if seconds < 20 else 5))
        draw_text(
            lowest, "seconds", (1, 0), size=8, offset=(0, -26), color=MUTED_COLOR, xycoords="axes fraction", ha="right"
        )
        if title is not None:
            draw_text(axes, printable(title), (0, 1), size=13, offset=(0, 30), xycoords="axes fraction")
        fit_figure(figure)
    return figure


def _alignment(figure, width, words, attention, step_seconds, seconds):
    """Draw the weights of words below a spectrogram of `width` inches and return the axes."""
    height = ROW_INCHES * len(words)
    axes = figure.add_axes((0, -(height + ROW_GAP_INCHES) / HEIGHT_INCHES, 1, height / HEIGHT_INCHES))
    remove_frame(axes)
    weights, edges = _cells(attention, words, step_seconds, seconds)
    axes.pcolormesh(
        edges,
        np.arange(len(words) + 1),
        weights,
        cmap=WEIGHT_COLORMAP,
        vmin=0,
        vmax=1,
        edgecolors="white",
        linewidth=0.5,
    )
    axes.set(xlim=(0, seconds), ylim=(len(words), 0), yticks=[])
    for row, word in enumerate(words):
        draw_text(axes, printable(word), (0, row + 0.5), size=10, offset=(-6, 0), ha="right", va="center")
        draw_text(
            axes,
            f"{weights[row].max():.0%}",
            (seconds, row + 0.5),
            size=8,
            offset=(6, 0),
            color=MUTED_COLOR,
            va="center",
        )
    axes.tick_params(labelsize=8, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
    return axes


def _cells(attention, words, step_seconds, seconds):
    """Return weights `(words, S)` and the seconds of the edges of the steps `(S + 1,)`."""
    weights = np.asarray(attention)
    weights = check_weights(weights, range(weights.shape[-1]), words)
    return weights, np.minimum(np.arange(weights.shape[1] + 1) * step_seconds, seconds)


def spectrogram_svg(
    levels: np.ndarray,
    spans: Sequence[tuple[float, float]],
    *,
    attention: np.ndarray | None = None,
    step_seconds: float = 0.08,
) -> str:
    """Draw features of sound as an SVG element for the pages of `dlseq.plots.step_page`: span i has `data-step="i"`.

    With attention, each span has a row below, whose cells have the opacity of its weights.

    Args:
        levels: Decibels above the floor, `(T, BANDS)`, 100 frames a second.
        spans: First and last second of each step.
        attention: Weights of each span over steps of the sound, `(spans, S)`, each row of sum 1. Defaults to `None`.
        step_seconds: Seconds of a step of the sound. Defaults to `0.08`.

    Raises:
        DlseqError: Features of another shape, or weights that do not fit the spans or do not sum to one.

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
    height = SVG_HEIGHT
    if spans and attention is not None:
        weights, edges = _cells(attention, spans, step_seconds, len(levels) / FRAMES_PER_SECOND)
        for row, step in zip(*np.nonzero(weights >= MIN_WEIGHT), strict=True):
            start, end = (edges[step] * SVG_SECOND, edges[step + 1] * SVG_SECOND)
            rects.append(
                f'<rect data-step="{row}" x="{start:g}" y="{SVG_HEIGHT + SVG_GAP + SVG_ROW * row:g}" '
                f'width="{end - start:g}" height="{SVG_ROW - 0.1:g}" fill-opacity="{weights[row, step]:.2g}" '
                'stroke-opacity="0"/>'
            )
        height = SVG_HEIGHT + SVG_GAP + SVG_ROW * len(spans)
    return f'<svg viewBox="-0.2 0 {width + 0.4:g} {height:g}" aria-hidden="true">{image}{"".join(rects)}</svg>'


def _checked(levels):
    """Return features `(T, BANDS)`."""
    levels = np.asarray(levels)
    if levels.ndim != 2 or levels.shape[1] != BANDS or not len(levels):
        raise DlseqError(f"Expected features of the shape (T, {BANDS}). Received: {levels.shape}.")
    return levels
