"""What a Matplotlib figure shows, as plain data, so that a test can look at it without receiving it.

A description tells what is wrong; what is right is seen in the picture, see `dlseq.testing.rendered_figures`.
"""

from pathlib import Path

import numpy as np

__all__ = ["SIDE", "describe_figure", "draw_figure"]

DPI = 200.0  # of the picture, or less where it would have more than so many
SIDE = 3000  # pixels
LARGEST = 50.0  # inches of either side


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
    return {"size": _numbers(figure.get_size_inches()), "panels": [_panel(axes) for axes in _panels(figure)]}


def draw_figure(figure) -> dict:
    """Draws a figure, and tells where in the picture to look for what.

    Args:
        figure: a `matplotlib.figure.Figure`.

    Returns:
        "pixels", uint8, (height, width, 3), at so many "dpi", and "panels", the same as in `describe_figure`. All
        places are pixels from the left and from the top. A panel has "maps" and lists of texts: "xticks", "yticks",
        "xlabel", "ylabel".

        A map has "columns" and "rows", the edges of its cells; its "colours", where they are one of Matplotlib's own
        as it stands, with their "name", how many "levels" there are, and the "limits" that they run between; and the
        "scale" beside it, if there is one: the "strip", (left, top, right, bottom), whether it stands "upright", the
        "limits" between which it runs, the "places" along it of 101 values from one to the other, and its "texts".

        A text has its "text", the "position" of a tick, the "box", the "font" (name of a file), the "size" (points)
        and the "rotation" (degrees).

    Raises:
        ValueError: the figure is too large.

    Example:
        >>> from matplotlib.figure import Figure
        >>> figure = Figure(figsize=(3, 2))
        >>> _ = figure.subplots().imshow([[1, 2], [3, 4]])
        >>> drawn = draw_figure(figure)
        >>> drawn["pixels"].shape, [tick["text"] for tick in drawn["panels"][0]["xticks"]]
        ((400, 600, 3), ['0', '1'])
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    longest = max(figure.get_size_inches())
    if longest > LARGEST:
        raise ValueError(f"expected a figure of at most {LARGEST:g} inches, received {figure.get_size_inches()}")
    before = figure.canvas, figure.dpi
    try:
        canvas = FigureCanvasAgg(figure)
        figure.dpi = min(DPI, SIDE / longest)
        canvas.draw()
        pixels = _on_paper(np.asarray(canvas.buffer_rgba()))
        dpi, panels = float(figure.dpi), [_places(one, canvas.get_renderer(), len(pixels)) for one in _panels(figure)]
    finally:
        figure.set_canvas(before[0])
        figure.dpi = before[1]
    return {"pixels": pixels, "dpi": dpi, "panels": panels}


def _on_paper(seen):
    """Red, green and blue of what may be transparent, on white."""
    colours, opaque = seen[..., :3], seen[..., 3:]
    if (opaque == 255).all():
        return colours.copy()
    share = opaque.astype(np.float32) / 255
    return np.rint(colours * share + 255 * (1 - share)).astype(np.uint8)


def _panels(figure):
    strips = {id(one.colorbar.ax) for axes in figure.axes for one in _coloured(axes) if one.colorbar is not None}
    return [axes for axes in figure.axes if id(axes) not in strips]


def _places(axes, renderer, height):
    names = {"xlabel": axes.xaxis.label, "ylabel": axes.yaxis.label}
    named = {of: [(None, one)] if one.get_visible() and one.get_text() else [] for of, one in names.items()}
    named |= {"xticks": _tick_labels(axes.xaxis), "yticks": _tick_labels(axes.yaxis)}
    return {
        **{of: [_written(*one, renderer, height) for one in labels] for of, labels in named.items()},
        "maps": [_grid(axes, one, renderer, height) for one in _coloured(axes)],
    }


def _grid(axes, drawn, renderer, height):
    across, down = _edges(drawn)[1:]
    place = axes.transData.transform
    return {
        "columns": place([(one, down[0]) for one in across])[:, 0],
        "rows": height - place([(across[0], one) for one in down])[:, 1],
        "colours": _colours(drawn),
        "scale": None if drawn.colorbar is None else _scale(drawn.colorbar, renderer, height),
    }


def _colours(drawn):
    import matplotlib
    from matplotlib.colors import Normalize

    name, levels, limits = drawn.cmap.name, drawn.cmap.N, drawn.get_clim()
    plain = name in matplotlib.colormaps and type(drawn.norm) is Normalize and drawn.get_alpha() is None
    if not plain or None in limits or matplotlib.colormaps[name].resampled(levels) != drawn.cmap:
        return None
    return {"name": name, "levels": levels, "limits": _numbers(limits)}


def _scale(bar, renderer, height):
    upright, values = bar.orientation == "vertical", np.linspace(bar.vmin, bar.vmax, 101)
    left, low, right, high = bar.ax.bbox.extents
    places = bar.ax.transData.transform([(0.5, one) if upright else (one, 0.5) for one in values])
    ticks = _tick_labels(bar.ax.yaxis if upright else bar.ax.xaxis)
    return {
        "strip": _numbers((left, height - high, right, height - low)),
        "upright": upright,
        "limits": _numbers((bar.vmin, bar.vmax)),
        "places": height - places[:, 1] if upright else places[:, 0].copy(),
        "texts": [_written(*one, renderer, height) for one in ticks],
    }


def _written(position, label, renderer, height):
    from matplotlib.font_manager import findfont

    left, low, right, high = label.get_window_extent(renderer).extents
    return {
        "text": label.get_text(),
        "position": position,
        "box": _numbers((left, height - high, right, height - low)),
        "font": Path(findfont(label.get_fontproperties())).name,
        "size": float(label.get_fontsize()),
        "rotation": float(label.get_rotation()),
    }


def _coloured(axes):
    return [*axes.images, *(one for one in axes.collections if hasattr(one, "get_coordinates"))]


def _panel(axes):
    return {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "xticks": [(position, label.get_text()) for position, label in _tick_labels(axes.xaxis)],
        "yticks": [(position, label.get_text()) for position, label in _tick_labels(axes.yaxis)],
        "xlim": _numbers(axes.get_xlim()),
        "ylim": _numbers(axes.get_ylim()),
        "maps": [_map(one) for one in _coloured(axes)],
    }


def _tick_labels(axis):
    axis.get_ticklabels()  # brings the labels up to date
    low, high = sorted(axis.get_view_interval())
    shown = []
    for position, tick in zip(axis.get_majorticklocs(), axis.get_major_ticks(), strict=False):
        label = next((one for one in (tick.label1, tick.label2) if one.get_visible()), None)
        if label is not None and label.get_text() and low <= position <= high:
            shown.append((float(position), label))
    return shown


def _map(drawn):
    values, across, down = _edges(drawn)
    limits = tuple(None if one is None else float(one) for one in drawn.get_clim())
    return {
        "values": values,
        "xedges": across.copy(),
        "yedges": down.copy(),
        "limits": limits,
        "colourbar": drawn.colorbar is not None,
    }


def _edges(drawn):
    """The values, and the edges of their cells across and down, in the numbers of the axes."""
    values = np.ma.filled(np.ma.asarray(drawn.get_array(), dtype=np.float64), np.nan)
    if hasattr(drawn, "get_coordinates"):
        corners = np.asarray(drawn.get_coordinates(), dtype=np.float64)  # (rows + 1, columns + 1, 2)
        values = values.reshape(corners.shape[0] - 1, -1) if values.ndim == 1 else values
        across, down = corners[0, :, 0], corners[:, 0, 1]
    else:
        left, right, bottom, top = drawn.get_extent()
        first, last = (top, bottom) if drawn.origin == "upper" else (bottom, top)
        across, down = np.linspace(left, right, values.shape[1] + 1), np.linspace(first, last, values.shape[0] + 1)
    return values, across, down


def _numbers(values):
    return tuple(float(one) for one in values)
