"""Arrays in, figures out: attention maps and learning curves; `next_token_tree` stands in `dlseq.plots.token_tree`."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlseq.errors import DlseqError
from dlseq.plots.fonts import is_one_letter, printable, visible
from dlseq.plots.style import (
    INK,
    PALE,
    SHADES,
    SOFT,
    check_figure_path,
    fit,
    house_style,
    save_figure,
    sheet,
    strip,
    write,
)
from dlseq.plots.token_tree import next_token_tree

__all__ = ["attention_heatmap", "check_figure_path", "next_token_tree", "save_figure", "training_curves"]

TOLERANCE = 1e-3
FULL_SCALES = (0.1, 0.2, 0.5, 1.0)
PANEL = (3.1, 2.1)  # inches
TRAINING, VALIDATION = "#9aa3b5", "#0b6aa2"


def attention_heatmap(
    weights,
    source: str | Sequence[str],
    target: str | Sequence[str],
    *,
    title: str | None = None,
    probability: float | None = None,
) -> Figure:
    """Draws attention weights as they are: a row for each output step, a column for each input step.

    Nothing is rescaled. The colours run from 0 to the first of 0.1, 0.2, 0.5 and 1 that holds the largest weight, and
    the bar beside the map says which. Letters of any script can be read; spaces, combining marks and invisible
    characters have a sign of their own.

    Args:
        weights: softmaxed weights, `(Ty, Tx)`, as anything that NumPy reads. A row of the target sums to one.
        source: the text, or its tokens, at most `Tx`. Columns beyond it are padding, without weight, and are cut off.
        target: the text written, or its tokens, at most `Ty`. Rows beyond it are cut off.
        title: a line above the map. By default the source, with the target below it.
        probability: of the whole output, between 0 and 1, added to the second line.

    Returns:
        A figure for `save_figure`. It grows with the number of steps.

    Raises:
        DlseqError: the weights have another rank, do not fit the source and target, are negative or not numbers, do
            not sum to one in a row, or lie on columns beyond the source.

    Example:
        >>> figure = attention_heatmap([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]], "5월", "05")
        >>> figure.axes[0].collections[0].get_array().tolist()
        [[0.9, 0.1], [0.2, 0.8]]
    """
    drawn = _checked(weights, source, target)  # (Ty, Tx)
    if probability is not None and not 0 <= probability <= 1 + TOLERANCE:
        raise DlseqError(f"expected a probability between 0 and 1, got {probability}")
    below = []
    if probability is not None:
        below = ["probability > 0.999" if probability > 0.9995 else f"probability {probability:.3g}"]
    if title is None:
        title = _line(source)
        below.insert(0, f"→ {_line(target)}")
    rows, columns = drawn.shape
    cell = 0.34 if columns <= 32 else 0.29  # inches
    with house_style():
        figure, axes = sheet(columns * cell, rows * cell)
        full = next((scale for scale in FULL_SCALES if drawn.max() <= scale), 1.0)
        mesh = axes.pcolormesh(drawn, cmap=SHADES, vmin=0, vmax=full, edgecolors="white", linewidth=0.8)
        axes.invert_yaxis()
        axes.set(xticks=[], yticks=[])
        top = _label_steps(axes, source, target, cell)
        _header(axes, printable(title), printable("     ".join(below)), top)
        write(axes, "input, in reading order", (0, 0), size=9, offset=(1, -14), colour=SOFT, xycoords="axes fraction")
        _scale_bar(figure, mesh, columns * cell, rows * cell, full)
        fit(figure)
    return figure


def _checked(weights, source, target) -> np.ndarray:
    """The rows and columns of `weights` that have a token, `(Ty, Tx)`, if they are attention weights."""
    advice = "pass the softmaxed weights of one example, (Ty, Tx), as the model returned them"
    try:
        weights = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DlseqError(f"expected attention weights (Ty, Tx) as numbers, got something else; {advice}") from error
    if weights.ndim != 2:
        raise DlseqError(f"expected attention weights of shape (Ty, Tx), got shape {weights.shape}; {advice}")
    rows, columns = len(target), len(source)
    if not (0 < rows <= weights.shape[0] and 0 < columns <= weights.shape[1]):
        raise DlseqError(
            f"expected 1 to {weights.shape[0]} target tokens and 1 to {weights.shape[1]} source tokens "
            f"for attention weights of shape {weights.shape}, got {rows} and {columns}; "
            "pass the tokens that the model read and wrote, in the order (weights, source, target)"
        )
    weights = weights[:rows]
    if not np.isfinite(weights).all() or weights.min() < 0:
        raise DlseqError(f"expected weights of zero or more, got one that is {_worst(weights)}; {advice}")
    off = np.abs(weights.sum(axis=1) - 1)
    if off.max() > TOLERANCE:
        row = int(off.argmax())
        raise DlseqError(f"expected every row to sum to 1, got {weights[row].sum():.4g} in row {row}; {advice}")
    hidden = weights[:, columns:].sum(axis=1)
    if hidden.max() > TOLERANCE:
        raise DlseqError(
            f"expected no weight beyond the {columns} source tokens, "
            f"got {hidden.max():.4g} in row {int(hidden.argmax())}; "
            "add the missing tokens to the source (an end token, say), or mask the padding"
        )
    return weights[:, :columns]


def _worst(weights: np.ndarray) -> str:
    return f"{weights.min():.4g}" if np.isfinite(weights).all() else "not finite (NaN or infinite)"


def _line(tokens: str | Sequence[str]) -> str:
    if isinstance(tokens, str):
        return tokens
    return ("" if all(len(token) == 1 for token in tokens) else " ").join(tokens)


def _label_steps(axes: Axes, source: Sequence[str], target: Sequence[str], cell: float) -> float:
    """Labels columns and rows; returns how far the labels reach above the axes, in points."""
    size = cell * 72 * 0.6
    labels = []
    renderer = axes.figure.canvas.get_renderer()
    for column, token in enumerate(source):
        label, at = visible(token), (column + 0.5, 0)
        if is_one_letter(label):
            labels.append(write(axes, label, at, size=size, offset=(0, 7), ha="center", va="baseline"))
            across = labels[-1].get_window_extent(renderer).width / axes.figure.dpi  # inches
            labels[-1].set_fontsize(size * min(1.0, 0.95 * cell / max(across, 1e-6)))
        else:
            small, colour = (size * 0.6, SOFT) if len(token) == 1 else (size * 0.85, INK)
            labels.append(
                write(axes, label, at, size=small, offset=(0, 5), colour=colour, rotation=90, ha="center", va="bottom")
            )
    for row, token in enumerate(target):
        write(axes, visible(token), (0, row + 0.5), size=size, offset=(-8, -0.35 * size), ha="right", va="baseline")
    highest = max(label.get_window_extent(renderer).y1 for label in labels)
    return (highest - axes.get_window_extent(renderer).y1) * 72 / axes.figure.dpi


def _header(axes: Axes, title: str, below: str, top: float) -> None:
    if below:
        write(axes, below, (0, 1), size=11, offset=(1, top + 12), colour=SOFT, xycoords="axes fraction", va="baseline")
    above = top + (34 if below else 14)
    write(axes, title, (0, 1), size=15, offset=(1, above), xycoords="axes fraction", va="baseline")


def _scale_bar(figure: Figure, mesh, width: float, height: float, full: float) -> None:
    length = min(max(height, 1.2), 3.4)  # inches
    bar = figure.add_axes((1 + 0.28 / width, 1 - length / height, 0.13 / width, length / height))
    figure.colorbar(mesh, cax=bar, ticks=[]).outline.set_visible(False)
    style = {"size": 9, "colour": SOFT, "xycoords": "axes fraction", "va": "center"}
    for share in (0, 0.5, 1):
        write(bar, f"{share * full:g}", (1, share), offset=(5, 0), **style)
    write(bar, "attention weight", (1, 0.5), offset=(27, 0), rotation=270, **style)


def training_curves(history: Mapping[str, Sequence[float]], *, title: str | None = None) -> Figure:
    """Draws how training went: a panel for each quantity, with its validation values beside those of training.

    Args:
        history: name -> one value an epoch, as `fit(...).history` has them. `val_loss` goes with `loss`.
        title: a line above the panels.

    Returns:
        A figure for `save_figure`. Each line ends with its last value.

    Raises:
        DlseqError: there is nothing to draw, or something that is not one number an epoch (NaN leaves a gap).

    Example:
        >>> figure = training_curves({"loss": [2.1, 0.4], "val_loss": [1.9, 0.5], "exact_match": [0.1, 0.9]})
        >>> len(figure.axes)
        2
    """
    series = {}
    for name, values in history.items():
        series[name] = _series(name, values)
    if not series:
        raise DlseqError("expected at least one series of numbers, got none; pass the history of a training run")
    panels = list(dict.fromkeys(name.removeprefix("val_") for name in series))
    with house_style():
        figure, first = sheet(*PANEL)
        for index, name in enumerate(panels):
            axes = first if not index else figure.add_axes((1.52 * index, 0, 1, 1))
            _draw_curves(axes, name, series)
        if title is not None:
            write(first, printable(title), (0, 1), size=15, offset=(0, 36), xycoords="axes fraction", va="baseline")
        fit(figure)
    return figure


def _series(name: str, values) -> np.ndarray:
    try:
        series = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        series = np.array([])
    if series.ndim != 1 or np.isinf(series).any() or not np.isfinite(series).any():
        raise DlseqError(f"expected one number an epoch for {name!r}, got {values!r}; leave this name out")
    return series


def _draw_curves(axes: Axes, name: str, series: Mapping[str, np.ndarray]) -> None:
    strip(axes)
    pair = [(key, colour) for key, colour in ((name, TRAINING), (f"val_{name}", VALIDATION)) if key in series]
    ends = []  # (last value, its epoch, what to write, in which colour)
    for key, colour in pair:
        epochs = np.arange(1, len(series[key]) + 1)
        colour = colour if len(pair) == 2 else VALIDATION
        dot = "o" * (len(epochs) == 1)
        axes.plot(epochs, series[key], color=colour, linewidth=2.2, solid_capstyle="round", marker=dot)
        last = np.flatnonzero(np.isfinite(series[key]))[-1]
        which = "validation " if key.startswith("val_") else "training " * (len(pair) == 2)
        ends.append((float(series[key][last]), int(epochs[last]), f"{which}{series[key][last]:.4g}", colour))
    for spine in ("left", "bottom"):
        axes.spines[spine].set(visible=True, color=PALE)
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.tick_params(labelsize=9, labelcolor=SOFT, labelfontfamily=["Dlseq Latin"], length=0)
    axes.margins(x=0.02)
    axes.xaxis.get_major_locator().set_params(integer=True, nbins=6)
    axes.yaxis.get_major_locator().set_params(nbins=5)
    low, high = axes.get_ylim()
    ends.sort()
    gap = (ends[-1][0] - ends[0][0]) / (high - low) * PANEL[1] * 72  # points between the two ends
    shift = max(0.0, (14 - gap) / 2) if len(ends) == 2 else 0.0  # labels never lie on each other
    for direction, (value, epoch, label, colour) in zip((-1, 1), ends, strict=False):
        write(axes, label, (epoch, value), size=9, offset=(7, direction * shift), colour=colour, va="center")
    write(axes, printable(name.replace("_", " ")), (0, 1), size=12, offset=(0, 10), xycoords="axes fraction")
    write(axes, "epoch", (1, 0), size=9, offset=(0, -26), colour=SOFT, xycoords="axes fraction", ha="right")
