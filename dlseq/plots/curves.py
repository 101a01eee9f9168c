"""Training curves: the metrics of a training run over its epochs."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlseq.errors import DlseqError
from dlseq.plots.fonts import printable
from dlseq.plots.style import (
    GRID_COLOR,
    MUTED_COLOR,
    draw_text,
    figure_style,
    fit_figure,
    new_figure,
    remove_frame,
)

__all__ = ["training_curves"]

PANEL_INCHES = (3.1, 2.1)  # width, height
TRAINING_COLOR, VALIDATION_COLOR = "#9aa3b5", "#0b6aa2"


def training_curves(history: Mapping[str, Sequence[float]], *, title: str | None = None) -> Figure:
    """Plot training curves: a panel for each metric, training and validation values together.

    Args:
        history: metric name -> one value an epoch, as in `fit(...).history`. `val_loss` is drawn with `loss`.
        title: a line above the panels.

    Returns:
        A figure for `save_figure`. Each curve ends with its last value.

    Raises:
        DlseqError: `history` is empty, or an entry is not one number an epoch (NaN leaves a gap).

    Example:
        >>> figure = training_curves({"loss": [2.1, 0.4], "val_loss": [1.9, 0.5], "exact_match": [0.1, 0.9]})
        >>> len(figure.axes)
        2
    """
    series = {name: _as_series(name, values) for name, values in history.items()}
    if not series:
        raise DlseqError(
            "Invalid value for argument `history`. Expected at least one metric. Received: none. "
            "Pass the history of a training run."
        )
    panels = list(dict.fromkeys(name.removeprefix("val_") for name in series))
    with figure_style():
        figure, first = new_figure(*PANEL_INCHES)
        for index, name in enumerate(panels):
            axes = first if not index else figure.add_axes((1.52 * index, 0, 1, 1))
            _draw_curves(axes, name, series)
        if title is not None:
            style = {"xycoords": "axes fraction", "va": "baseline"}
            draw_text(first, printable(title), (0, 1), size=15, offset=(0, 36), **style)
        fit_figure(figure)
    return figure


def _as_series(name: str, values) -> np.ndarray:
    try:
        series = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        series = np.array([])
    if series.ndim != 1 or np.isinf(series).any() or not np.isfinite(series).any():
        raise DlseqError(
            f"Invalid value for argument `history`. Expected one number an epoch for {name!r}. Received: {values!r}. "
            "Remove this entry."
        )
    return series


def _draw_curves(axes: Axes, name: str, series: Mapping[str, np.ndarray]) -> None:
    """Draw the curves of one metric, training and validation, each with its last value at its end."""
    remove_frame(axes)
    candidates = ((name, TRAINING_COLOR), (f"val_{name}", VALIDATION_COLOR))
    curves = [(key, color) for key, color in candidates if key in series]
    ends = []  # (last value, its epoch, label, color)
    for key, color in curves:
        epochs = np.arange(1, len(series[key]) + 1)
        color = color if len(curves) == 2 else VALIDATION_COLOR
        marker = "o" if len(epochs) == 1 else ""
        axes.plot(epochs, series[key], color=color, linewidth=2.2, solid_capstyle="round", marker=marker)
        last = np.flatnonzero(np.isfinite(series[key]))[-1]
        prefix = "validation " if key.startswith("val_") else "training " * (len(curves) == 2)
        ends.append((float(series[key][last]), int(epochs[last]), f"{prefix}{series[key][last]:.4g}", color))
    for spine in ("left", "bottom"):
        axes.spines[spine].set(visible=True, color=GRID_COLOR)
    axes.grid(axis="y", color=GRID_COLOR, linewidth=0.6)
    axes.tick_params(labelsize=9, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
    axes.margins(x=0.02)
    axes.xaxis.get_major_locator().set_params(integer=True, nbins=6)
    axes.yaxis.get_major_locator().set_params(nbins=5)
    low, high = axes.get_ylim()
    ends.sort()
    gap = (ends[-1][0] - ends[0][0]) / (high - low) * PANEL_INCHES[1] * 72  # points between the two ends
    shift = max(0.0, (14 - gap) / 2) if len(ends) == 2 else 0.0  # keeps the two labels apart
    for direction, (value, epoch, label, color) in zip((-1, 1), ends, strict=False):
        draw_text(axes, label, (epoch, value), size=9, offset=(7, direction * shift), color=color, va="center")
    draw_text(axes, printable(name.replace("_", " ")), (0, 1), size=12, offset=(0, 10), xycoords="axes fraction")
    draw_text(axes, "epoch", (1, 0), size=9, offset=(0, -26), color=MUTED_COLOR, xycoords="axes fraction", ha="right")
