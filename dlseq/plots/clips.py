"""Filmstrip of a clip with the probabilities after each frame."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlseq.errors import DlseqError
from dlseq.plots.fonts import printable
from dlseq.plots.style import GRID_COLOR, MUTED_COLOR, draw_text, figure_style, fit_figure, new_figure, remove_frame

__all__ = ["clip_probabilities"]

FRAME_INCHES, CURVE_INCHES = 0.62, 1.7
SHOWN = 3  # curves; the most probable classes at the end, and those that were most probable on the way
COLORS = ("#0b6aa2", "#b4541a", "#5b7f2b", "#7a4a9e", "#9aa3b5")


def clip_probabilities(frames: np.ndarray, probabilities: np.ndarray, classes: Sequence[str]) -> Figure:
    """Plot the frames of a clip, and below each the probabilities of the classes after it.

    Args:
        frames: `(T, H, W, 3)` uint8.
        probabilities: `(T, K)`.
        classes: K names. The curves of the three that are most probable at the end are drawn, and of those that were
            the most probable one on the way.

    Returns:
        A figure for `save_figure`.

    Raises:
        DlseqError: The shapes do not fit.

    Example:
        >>> figure = clip_probabilities(np.zeros((4, 8, 8, 3), "uint8"), np.full((4, 2), 0.5), ["left", "right"])
        >>> len(figure.axes)
        5
    """
    frames, probabilities = np.asarray(frames), np.asarray(probabilities)
    if frames.ndim != 4 or not len(frames) or probabilities.shape != (len(frames), len(classes)):
        raise DlseqError(
            "Expected frames (T, H, W, 3) and probabilities (T, K) of K classes. "
            f"Received: {frames.shape}, {probabilities.shape} and {len(classes)} classes."
        )
    count = len(frames)
    shown = list(dict.fromkeys([*np.argsort(-probabilities[-1], kind="stable")[:SHOWN], *probabilities.argmax(axis=1)]))
    with figure_style():
        figure, axes = new_figure(FRAME_INCHES * count, CURVE_INCHES)
        remove_frame(axes)
        ends = []
        for index, color in zip(shown, COLORS, strict=False):
            axes.plot(np.arange(count) + 0.5, probabilities[:, index], color=color, linewidth=2.2)
            ends.append([float(probabilities[-1, index]), classes[index], color])
        axes.set(xlim=(0, count), ylim=(-0.02, 1.02), xticks=[])
        axes.grid(axis="y", color=GRID_COLOR, linewidth=0.6)
        axes.tick_params(labelsize=9, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
        place = 2.0
        for value, name, color in sorted(ends, reverse=True):
            place = min(place - 0.11, value)  # keeps the labels apart
            text = f"{name} {value:.0%}"
            draw_text(axes, printable(text), (count, place), size=9, offset=(7, 0), color=color, va="center")
        for number, frame in enumerate(frames):
            picture = figure.add_axes((number / count + 0.04 / count, 1.06, 0.92 / count, FRAME_INCHES / CURVE_INCHES))
            picture.imshow(frame, interpolation="nearest")
            picture.set_axis_off()
        fit_figure(figure)
    return figure
