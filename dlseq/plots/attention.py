"""Attention maps: the weights of one example as a labeled heatmap."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlseq.errors import DlseqError
from dlseq.plots.fonts import is_one_letter, printable, visible
from dlseq.plots.style import (
    MUTED_COLOR,
    TEXT_COLOR,
    WEIGHT_COLORMAP,
    draw_text,
    figure_style,
    fit_figure,
    new_figure,
)

__all__ = ["attention_heatmap", "check_probability", "check_weights"]

TOLERANCE = 1e-3  # of the sum of a row
COLOR_LIMITS = (0.1, 0.2, 0.5, 1.0)  # candidates for the upper end of the colors


def attention_heatmap(
    weights,
    source: str | Sequence[str],
    target: str | Sequence[str],
    *,
    title: str | None = None,
    probability: float | None = None,
) -> Figure:
    """Plot attention weights: a row for each output step, a column for each input step.

    Weights are not rescaled. The colors run from 0 to the smallest of 0.1, 0.2, 0.5 and 1 that no weight exceeds; the
    color bar shows which. All scripts are drawn with fonts of the package; spaces, combining marks and invisible
    characters have visible labels.

    Args:
        weights: softmaxed weights, array-like of shape `(Ty, Tx)`. Each row of the target sums to one.
        source: the input text, or its tokens, at most `Tx`. Columns beyond it are padding, without weight, and are cut.
        target: the output text, or its tokens, at most `Ty`. Rows beyond it are cut.
        title: a line above the map. By default the source, with the target below it.
        probability: probability of the whole output, between 0 and 1, added to the second line.

    Returns:
        A figure for `save_figure`. Its size grows with the number of steps.

    Raises:
        DlseqError: the weights have another rank, do not fit the source and target, are negative or not finite, do
            not sum to one in a row, or are above zero in a column beyond the source.

    Example:
        >>> figure = attention_heatmap([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]], "5월", "05")
        >>> figure.axes[0].collections[0].get_array().tolist()
        [[0.9, 0.1], [0.2, 0.8]]
    """
    cells = check_weights(weights, source, target)  # (Ty, Tx) without padding
    if probability is not None:
        check_probability(probability)
    subtitle = []
    if probability is not None:
        subtitle = ["probability > 0.999" if probability > 0.9995 else f"probability {probability:.3g}"]
    if title is None:
        title = _line(source)
        subtitle.insert(0, f"→ {_line(target)}")
    rows, columns = cells.shape
    cell_inches = 0.34 if columns <= 32 else 0.29
    with figure_style():
        figure, axes = new_figure(columns * cell_inches, rows * cell_inches)
        color_max = next((limit for limit in COLOR_LIMITS if cells.max() <= limit), 1.0)
        mesh = axes.pcolormesh(cells, cmap=WEIGHT_COLORMAP, vmin=0, vmax=color_max, edgecolors="white", linewidth=0.8)
        axes.invert_yaxis()
        axes.set(xticks=[], yticks=[])
        label_points = _label_steps(axes, source, target, cell_inches)
        _draw_header(axes, printable(title), printable("     ".join(subtitle)), label_points)
        draw_text(
            axes,
            "input, in reading order",
            (0, 0),
            size=9,
            offset=(1, -14),
            color=MUTED_COLOR,
            xycoords="axes fraction",
        )
        _draw_color_bar(figure, mesh, columns * cell_inches, rows * cell_inches, color_max)
        fit_figure(figure)
    return figure


def check_probability(probability: float) -> None:
    """Raise a `DlseqError` for a probability outside 0 to 1."""
    if not 0 <= probability <= 1 + TOLERANCE:
        raise DlseqError(
            f"Invalid value for argument `probability`. Expected a number from 0 to 1. Received: {probability}"
        )


def check_weights(weights, source, target) -> np.ndarray:
    """Check attention weights and return them without rows and columns of padding, `(len(target), len(source))`."""
    advice = "Pass the softmaxed weights (Ty, Tx) of one example, as the model returned them."
    try:
        weights = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DlseqError(
            f"Invalid value for argument `weights`. Expected an array of numbers. Received: {type(weights).__name__}. "
            + advice
        ) from error
    if weights.ndim != 2:
        raise DlseqError(
            f"Invalid shape of argument `weights`. Expected (Ty, Tx). Received: shape={weights.shape}. {advice}"
        )
    rows, columns = len(target), len(source)
    if not (0 < rows <= weights.shape[0] and 0 < columns <= weights.shape[1]):
        raise DlseqError(
            f"Tokens do not fit attention weights of shape {weights.shape}. Expected 1 to {weights.shape[0]} target "
            f"tokens and 1 to {weights.shape[1]} source tokens. Received: {rows} and {columns}. "
            "Pass input and output tokens in the order (weights, source, target)."
        )
    weights = weights[:rows]
    if not np.isfinite(weights).all() or weights.min() < 0:
        worst = f"{weights.min():.4g}" if np.isfinite(weights).all() else "NaN or infinity"
        raise DlseqError(
            f"Invalid value for argument `weights`. Expected numbers of zero or more. Received: {worst}. {advice}"
        )
    errors = np.abs(weights.sum(axis=1) - 1)  # (Ty,)
    if errors.max() > TOLERANCE:
        row = int(errors.argmax())
        raise DlseqError(
            "Invalid value for argument `weights`. Expected every row to sum to 1. "
            f"Received: {weights[row].sum():.4g} in row {row}. {advice}"
        )
    on_padding = weights[:, columns:].sum(axis=1)  # (Ty,)
    if on_padding.max() > TOLERANCE:
        raise DlseqError(
            f"Invalid value for argument `weights`. Expected no weight beyond the {columns} source tokens. "
            f"Received: {on_padding.max():.4g} in row {int(on_padding.argmax())}. "
            "Add the missing tokens to the source (an end token, say), or mask the padding."
        )
    return weights[:, :columns]


def _line(tokens: str | Sequence[str]) -> str:
    if isinstance(tokens, str):
        return tokens
    return ("" if all(len(token) == 1 for token in tokens) else " ").join(tokens)


def _label_steps(axes: Axes, source: Sequence[str], target: Sequence[str], cell_inches: float) -> float:
    """Label columns and rows, and return the height of the column labels above the axes in points."""
    size = cell_inches * 72 * 0.6
    labels = []
    renderer = axes.figure.canvas.get_renderer()
    for column, token in enumerate(source):
        label, xy = visible(token), (column + 0.5, 0)
        if is_one_letter(label):
            labels.append(draw_text(axes, label, xy, size=size, offset=(0, 7), ha="center", va="baseline"))
            width_inches = labels[-1].get_window_extent(renderer).width / axes.figure.dpi
            labels[-1].set_fontsize(size * min(1.0, 0.95 * cell_inches / max(width_inches, 1e-6)))
        else:
            label_size, color = (size * 0.6, MUTED_COLOR) if len(token) == 1 else (size * 0.85, TEXT_COLOR)
            style = {"color": color, "rotation": 90, "ha": "center", "va": "bottom"}
            labels.append(draw_text(axes, label, xy, size=label_size, offset=(0, 5), **style))
    for row, token in enumerate(target):
        offset = (-8, -0.35 * size)
        draw_text(axes, visible(token), (0, row + 0.5), size=size, offset=offset, ha="right", va="baseline")
    top = max(label.get_window_extent(renderer).y1 for label in labels)
    return (top - axes.get_window_extent(renderer).y1) * 72 / axes.figure.dpi


def _draw_header(axes: Axes, title: str, subtitle: str, label_points: float) -> None:
    style = {"xycoords": "axes fraction", "va": "baseline"}
    if subtitle:
        draw_text(axes, subtitle, (0, 1), size=11, offset=(1, label_points + 12), color=MUTED_COLOR, **style)
    title_offset = label_points + (34 if subtitle else 14)
    draw_text(axes, title, (0, 1), size=15, offset=(1, title_offset), **style)


def _draw_color_bar(figure: Figure, mesh, width: float, height: float, color_max: float) -> None:
    """Draw a color bar beside a map of `width` x `height` inches."""
    length = min(max(height, 1.2), 3.4)  # inches
    bar = figure.add_axes((1 + 0.28 / width, 1 - length / height, 0.13 / width, length / height))
    figure.colorbar(mesh, cax=bar, ticks=[]).outline.set_visible(False)
    style = {"size": 9, "color": MUTED_COLOR, "xycoords": "axes fraction", "va": "center"}
    for fraction in (0, 0.5, 1):
        draw_text(bar, f"{fraction * color_max:g}", (1, fraction), offset=(5, 0), **style)
    draw_text(bar, "attention weight", (1, 0.5), offset=(27, 0), rotation=270, **style)
