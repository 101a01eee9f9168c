"""Plain data of a Matplotlib figure: its properties, and its rendered pixels with the places of its parts.

Graded tests get these instead of the figure. The properties explain what is wrong; whether the figure is right is read
from the pixels, see `dlseq.testing.rendered_figures`.
"""

from pathlib import Path

import numpy as np

__all__ = ["MAX_SIDE_PIXELS", "describe_figure", "render_figure"]

DPI = 200.0  # of the rendered figure; less if it would have more than `MAX_SIDE_PIXELS`
MAX_SIDE_PIXELS = 3000
MAX_SIDE_INCHES = 50.0
COLORBAR_PLACES = 101  # values along a colorbar whose places are reported


def describe_figure(figure) -> dict:
    """Describe the panels of a figure. The axes of colorbars do not count as panels.

    Args:
        figure: A `matplotlib.figure.Figure`. It is not drawn.

    Returns:
        "size": (width, height) in inches, and "panels", for each: "title", "xlabel", "ylabel"; "xticks" and "yticks":
        lists of (position, label) of the ticks in view that have a label; "xlim" and "ylim": left to right and bottom
        to top; "maps", one per image or mesh: its "values" as they were passed, (rows, columns) with NaN where masked,
        the "xedges" (columns + 1) and "yedges" (rows + 1) of its cells, the "limits" of its color scale, and whether
        it has a "colorbar".

    Example:
        >>> from matplotlib.figure import Figure
        >>> figure = Figure()
        >>> _ = figure.subplots().imshow([[1, 2], [3, 4]], vmin=0, vmax=5)
        >>> (panel,) = describe_figure(figure)["panels"]
        >>> panel["maps"][0]["values"].tolist(), panel["maps"][0]["yedges"].tolist(), panel["ylim"]
        ([[1.0, 2.0], [3.0, 4.0]], [-0.5, 0.5, 1.5], (1.5, -0.5))
    """
    return {"size": _floats(figure.get_size_inches()), "panels": [_describe_panel(axes) for axes in _panels(figure)]}


def render_figure(figure) -> dict:
    """Render a figure, and report the places of its parts in the pixels.

    Args:
        figure: A `matplotlib.figure.Figure`.

    Returns:
        "pixels", uint8, (height, width, 3), rendered at "dpi", and "panels", the same as in `describe_figure`. All
        places are in pixels from the left and from the top. A panel has "maps" and lists of texts: "xticks", "yticks",
        "xlabel", "ylabel".

        A map has "columns" and "rows", the edges of its cells; "colors", if its colormap is an unchanged one of
        Matplotlib's: its "name", the number of "levels", and the "limits" of its values; and "colorbar", if it has one:
        the "strip" (left, top, right, bottom), whether it is "upright", the "limits" of its values, the "places" of 101
        evenly spaced values from one to the other, and its "texts".

        A text has its "text", the "position" of its tick, the "box" (left, top, right, bottom), the "font" (name of a
        file), the "size" (points) and the "rotation" (degrees).

    Raises:
        ValueError: The figure is too large.

    Example:
        >>> from matplotlib.figure import Figure
        >>> figure = Figure(figsize=(3, 2))
        >>> _ = figure.subplots().imshow([[1, 2], [3, 4]])
        >>> rendered = render_figure(figure)
        >>> rendered["pixels"].shape, [tick["text"] for tick in rendered["panels"][0]["xticks"]]
        ((400, 600, 3), ['0', '1'])
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    longest_side = max(figure.get_size_inches())
    if longest_side > MAX_SIDE_INCHES:
        raise ValueError(
            f"The figure is too large. Expected sides of at most {MAX_SIDE_INCHES:g} inches. "
            f"Received: {_floats(figure.get_size_inches())}"
        )
    canvas_before, dpi_before = figure.canvas, figure.dpi
    try:
        canvas = FigureCanvasAgg(figure)
        figure.dpi = min(DPI, MAX_SIDE_PIXELS / longest_side)
        canvas.draw()
        pixels = _blend_with_white(np.asarray(canvas.buffer_rgba()))
        renderer, height = canvas.get_renderer(), len(pixels)
        panels = [_locate_panel(axes, renderer, height) for axes in _panels(figure)]
        return {"pixels": pixels, "dpi": float(figure.dpi), "panels": panels}
    finally:
        figure.set_canvas(canvas_before)
        figure.dpi = dpi_before


def _blend_with_white(rgba):
    colors, alpha = rgba[..., :3], rgba[..., 3:]
    if (alpha == 255).all():
        return colors.copy()
    opacity = alpha.astype(np.float32) / 255
    return np.rint(colors * opacity + 255 * (1 - opacity)).astype(np.uint8)


def _panels(figure):
    maps = [drawn for axes in figure.axes for drawn in _maps(axes)]
    colorbar_axes = {id(drawn.colorbar.ax) for drawn in maps if drawn.colorbar is not None}
    return [axes for axes in figure.axes if id(axes) not in colorbar_axes]


def _maps(axes):
    """Return the images and quadrilateral meshes of axes."""
    return [*axes.images, *(collection for collection in axes.collections if hasattr(collection, "get_coordinates"))]


def _locate_panel(axes, renderer, height):
    names = {"xlabel": axes.xaxis.label, "ylabel": axes.yaxis.label}
    labels = {key: [(None, text)] if text.get_visible() and text.get_text() else [] for key, text in names.items()}
    labels |= {"xticks": _tick_labels(axes.xaxis), "yticks": _tick_labels(axes.yaxis)}
    return {
        **{key: [_locate_text(*label, renderer, height) for label in found] for key, found in labels.items()},
        "maps": [_locate_map(axes, drawn, renderer, height) for drawn in _maps(axes)],
    }


def _locate_map(axes, drawn, renderer, height):
    _, xedges, yedges = _values_and_edges(drawn)
    to_pixels = axes.transData.transform
    return {
        "columns": to_pixels([(edge, yedges[0]) for edge in xedges])[:, 0],
        "rows": height - to_pixels([(xedges[0], edge) for edge in yedges])[:, 1],
        "colors": _named_colors(drawn),
        "colorbar": None if drawn.colorbar is None else _locate_colorbar(drawn.colorbar, renderer, height),
    }


def _named_colors(drawn):
    import matplotlib
    from matplotlib.colors import Normalize

    name, levels, limits = drawn.cmap.name, drawn.cmap.N, drawn.get_clim()
    plain = name in matplotlib.colormaps and type(drawn.norm) is Normalize and drawn.get_alpha() is None
    if not plain or None in limits or matplotlib.colormaps[name].resampled(levels) != drawn.cmap:
        return None
    return {"name": name, "levels": levels, "limits": _floats(limits)}


def _locate_colorbar(colorbar, renderer, height):
    upright = colorbar.orientation == "vertical"
    values = np.linspace(colorbar.vmin, colorbar.vmax, COLORBAR_PLACES)
    left, low, right, high = colorbar.ax.bbox.extents
    places = colorbar.ax.transData.transform([(0.5, value) if upright else (value, 0.5) for value in values])
    ticks = _tick_labels(colorbar.ax.yaxis if upright else colorbar.ax.xaxis)
    return {
        "strip": _floats((left, height - high, right, height - low)),
        "upright": upright,
        "limits": _floats((colorbar.vmin, colorbar.vmax)),
        "places": height - places[:, 1] if upright else places[:, 0].copy(),
        "texts": [_locate_text(*tick, renderer, height) for tick in ticks],
    }


def _locate_text(position, text, renderer, height):
    from matplotlib.font_manager import findfont

    left, low, right, high = text.get_window_extent(renderer).extents
    return {
        "text": text.get_text(),
        "position": position,
        "box": _floats((left, height - high, right, height - low)),
        "font": Path(findfont(text.get_fontproperties())).name,
        "size": float(text.get_fontsize()),
        "rotation": float(text.get_rotation()),
    }


def _describe_panel(axes):
    return {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "xticks": [(position, label.get_text()) for position, label in _tick_labels(axes.xaxis)],
        "yticks": [(position, label.get_text()) for position, label in _tick_labels(axes.yaxis)],
        "xlim": _floats(axes.get_xlim()),
        "ylim": _floats(axes.get_ylim()),
        "maps": [_describe_map(drawn) for drawn in _maps(axes)],
    }


def _tick_labels(axis):
    """Return (position, text) of the visible labels in view."""
    axis.get_ticklabels()  # updates the labels
    low, high = sorted(axis.get_view_interval())
    labels = []
    for position, tick in zip(axis.get_majorticklocs(), axis.get_major_ticks(), strict=False):
        label = next((text for text in (tick.label1, tick.label2) if text.get_visible()), None)
        if label is not None and label.get_text() and low <= position <= high:
            labels.append((float(position), label))
    return labels


def _describe_map(drawn):
    values, xedges, yedges = _values_and_edges(drawn)
    return {
        "values": values,
        "xedges": xedges.copy(),
        "yedges": yedges.copy(),
        "limits": tuple(None if limit is None else float(limit) for limit in drawn.get_clim()),
        "colorbar": drawn.colorbar is not None,
    }


def _values_and_edges(drawn):
    """Return the values of a map, and the edges of its columns and rows in data coordinates."""
    values = np.ma.filled(np.ma.asarray(drawn.get_array(), dtype=np.float64), np.nan)
    if hasattr(drawn, "get_coordinates"):
        corners = np.asarray(drawn.get_coordinates(), dtype=np.float64)  # (rows + 1, columns + 1, 2)
        values = values.reshape(corners.shape[0] - 1, -1) if values.ndim == 1 else values
        return values, corners[0, :, 0], corners[:, 0, 1]
    left, right, bottom, top = drawn.get_extent()
    first, last = (top, bottom) if drawn.origin == "upper" else (bottom, top)
    rows, columns = values.shape[:2]
    return values, np.linspace(left, right, columns + 1), np.linspace(first, last, rows + 1)


def _floats(values):
    return tuple(float(value) for value in values)
