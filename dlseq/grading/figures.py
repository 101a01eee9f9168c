"""What a Matplotlib figure shows, as plain data, so that a test can look at it without receiving it."""

import numpy as np

__all__ = ["describe_figure"]


def describe_figure(figure) -> dict:
    """Describes the panels of a figure; the strips of colour bars are not counted among them.

    Args:
        figure: a `matplotlib.figure.Figure`. It is read, not drawn.

    Returns:
        "size", (width, height) in inches, and "panels", for each: "title", "xlabel", "ylabel"; "xticks" and "yticks",
        lists of (position, label) of the ticks in view that have a label; "xlim" and "ylim", left to right and bottom
        to top; "maps", one for each image or mesh: its "values" as they were passed, (rows, columns) with NaN where
        masked, the "xedges" (columns + 1) and "yedges" (rows + 1) of its cells, the values at the ends of its colours
        as "limits", and whether it has a "colourbar".

    Example:
        >>> from matplotlib.figure import Figure
        >>> figure = Figure()
        >>> _ = figure.subplots().imshow([[1, 2], [3, 4]], vmin=0, vmax=5)
        >>> (panel,) = describe_figure(figure)["panels"]
        >>> panel["maps"][0]["values"].tolist(), panel["maps"][0]["yedges"].tolist(), panel["ylim"]
        ([[1.0, 2.0], [3.0, 4.0]], [-0.5, 0.5, 1.5], (1.5, -0.5))
    """
    strips = {id(one.colorbar.ax) for axes in figure.axes for one in _coloured(axes) if one.colorbar is not None}
    panels = [_panel(axes) for axes in figure.axes if id(axes) not in strips]
    return {"size": _numbers(figure.get_size_inches()), "panels": panels}


def _coloured(axes):
    return [*axes.images, *(one for one in axes.collections if hasattr(one, "get_coordinates"))]


def _panel(axes):
    return {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "xticks": _ticks(axes.xaxis),
        "yticks": _ticks(axes.yaxis),
        "xlim": _numbers(axes.get_xlim()),
        "ylim": _numbers(axes.get_ylim()),
        "maps": [_map(one) for one in _coloured(axes)],
    }


def _ticks(axis):
    axis.get_ticklabels()  # brings the labels up to date
    low, high = sorted(axis.get_view_interval())
    shown = []
    for position, tick in zip(axis.get_majorticklocs(), axis.get_major_ticks(), strict=False):
        label = next((one for one in (tick.label1, tick.label2) if one.get_visible()), None)
        if label is not None and label.get_text() and low <= position <= high:
            shown.append((float(position), label.get_text()))
    return shown


def _map(drawn):
    values = np.ma.filled(np.ma.asarray(drawn.get_array(), dtype=np.float64), np.nan)
    if hasattr(drawn, "get_coordinates"):
        corners = np.asarray(drawn.get_coordinates(), dtype=np.float64)  # (rows + 1, columns + 1, 2)
        values = values.reshape(corners.shape[0] - 1, -1) if values.ndim == 1 else values
        across, down = corners[0, :, 0], corners[:, 0, 1]
    else:
        left, right, bottom, top = drawn.get_extent()
        first, last = (top, bottom) if drawn.origin == "upper" else (bottom, top)
        across, down = np.linspace(left, right, values.shape[1] + 1), np.linspace(first, last, values.shape[0] + 1)
    limits = tuple(None if one is None else float(one) for one in drawn.get_clim())
    return {
        "values": values,
        "xedges": across.copy(),
        "yedges": down.copy(),
        "limits": limits,
        "colourbar": drawn.colorbar is not None,
    }


def _numbers(values):
    return tuple(float(one) for one in values)
