"""Reading a rendered attention map: colors of its cells against its colorbar, and texts against their shapes.

The pixels and the places of the parts come from the submission's process. A reported place is not trusted: it counts
only if the pixels there show the expected color or text.
"""

import re
from dataclasses import dataclass

import numpy as np

from dlseq.grading.worker.figures import COLORBAR_PLACES, MAX_SIDE_PIXELS
from dlseq.testing.assertions import check
from dlseq.testing.rendered_schema import are_places, is_panel, is_text
from dlseq.testing.rendered_text import box_slice, readable_boxes

__all__ = ["SAVEFIG_HINT", "RenderedFigure", "parse_rendered_figure"]

DPI_RANGE = (20.0, 300.0)
MAX_TEXTS = 100
MIN_CELL_PIXELS = 8.0
MAX_CELL_RATIO = 1.2  # widest to narrowest cell
CELL_PARTS = (0.6, 0.2)  # fraction of a cell: most of it in spite of an annotation, or the middle of a smooth gradient
MIN_COLORBAR_PIXELS = 40.0
COLORBAR_BORDER_PIXELS = 3.0  # at either end of a colorbar
MAX_UNEVEN_PIXELS = 2.0  # of values along a colorbar
COLORBAR_TOLERANCE = 0.02  # as a fraction of the colorbar
NUMBER_TOLERANCE_PIXELS = 7.0  # between a number and its place at the colorbar
COLOR_TOLERANCE = 14.0  # of 255, per channel
MIN_COLORBAR_CONTRAST = 100.0  # of 255, between two colors of a colorbar
MIN_MAP_CONTRAST = 60.0  # of 255, between two colors of a map with a known colormap
MIN_LEVELS = 8  # of a colormap
MIN_COLORBAR_COLORS = 6
UNIT_INTERVAL = (0.0, 1.0)
MALFORMED = "the picture is not one of a Matplotlib figure"
SAVEFIG_HINT = "Save the figure with savefig and look at it: something covers, cuts off or changes what was drawn."


@dataclass(frozen=True)
class RenderedFigure:
    """A rendered figure with one map.

    Attributes:
        pixels: uint8, (height, width, 3).
        dpi: Dots per inch.
        panel: Reported places of the panel with the map, see `dlseq.grading.worker.figures.render_figure`.

    Example:
        >>> from matplotlib.figure import Figure
        >>> from dlseq.grading.worker.figures import render_figure
        >>> figure, weights = Figure(), np.array([[0.2, 0.8], [1, 0]])
        >>> axes = figure.subplots()
        >>> _ = figure.colorbar(axes.imshow(weights, vmin=0, vmax=1))
        >>> _ = axes.set_xticks([0, 1], ["may", "98"])
        >>> rendered = parse_rendered_figure(render_figure(figure))
        >>> rendered.cells_match(weights).tolist()
        [[True, True], [True, True]]
        >>> rendered.readable_labels("x", ["may", "98"]), rendered.readable_labels("x", ["98", "98"])
        ([True, True], [False, True])
    """

    pixels: np.ndarray
    dpi: float
    panel: dict

    @property
    def map(self) -> dict:
        return self.panel["maps"][0]

    def cells_match(self, weights: np.ndarray) -> np.ndarray:
        """Compare the colors of the cells with those of weights.

        The colors are defined by the colorbar, which must have readable numbers, or else by the name of a colormap of
        Matplotlib.

        Args:
            weights: Values between 0 and 1, (rows, columns), from the top and from the left.

        Returns:
            A boolean per cell, (rows, columns).

        Raises:
            Mismatch: The map has another number of cells, or nothing defines the meaning of its colors.
        """
        named, colorbar = self._named_colors(weights), self.map["colorbar"]
        if colorbar is None:
            _check(named is not None, "without a colorbar nobody can tell what the colors of the map mean")
            return self._cells_have_colors(named)
        _check(self._has_readable_numbers(), "no numbers at the colorbar say what the colors mean")
        if named is not None and self.map["colors"]["limits"] == colorbar["limits"]:
            matches = self._cells_have_colors(named)
            if matches.all():
                return matches
        return self._cells_match_colorbar(weights)

    def cells_match_colorbar(self, weights: np.ndarray) -> np.ndarray:
        """Compare the colors of the cells with those of weights on a colorbar from 0 to 1.

        Raises:
            Mismatch: The map has another number of cells, or there is no such colorbar.
        """
        colorbar = self.map["colorbar"]
        unit = colorbar is not None and colorbar["limits"] == UNIT_INTERVAL
        _check(unit, "there is no colorbar that runs from 0 to 1")
        _check(self._has_readable_numbers(), "no numbers at the colorbar say what the colors mean")
        return self._cells_match_colorbar(weights)

    def readable_labels(self, axis: str, tokens: list[str]) -> list[bool]:
        """Find the tick label of each row or column, readable and beside its own cells.

        A rotated label may begin or end there.

        Args:
            axis: "x" for the columns, "y" for the rows.
            tokens: Expected labels, from the left or from the top.

        Returns:
            A boolean per token.

        Raises:
            Mismatch: The map has another number of cells.
        """
        texts, side = self._valid_texts(self.panel[f"{axis}ticks"]), 0 if axis == "x" else 1
        cells = self._cell_ranges("columns" if axis == "x" else "rows", len(tokens), 1.0)
        found = zip(texts, readable_boxes(self.pixels, texts, self.dpi), strict=True)
        labels = [(text["text"], box[side::2]) for text, box in found if box is not None]
        return [
            any(label == token and _touches(ends, *cell) for label, ends in labels)
            for token, cell in zip(tokens, cells, strict=True)
        ]

    def has_axis_label(self, axis: str, name: str) -> bool:
        """Find the label of an axis, readable, above or below the map ("x") or beside it ("y").

        A tick label or a number is no axis label.
        """
        ticks = [text["text"] for axis in "xy" for text in self._valid_texts(self.panel[f"{axis}ticks"])]
        if _leading_number(name) is not None or name in ticks:
            return False
        texts = [text for text in self._valid_texts(self.panel[f"{axis}label"]) if text["text"] == name]
        along, across = ("columns", "rows") if axis == "x" else ("rows", "columns")
        (first, last), (near, far) = self._extent(along), self._extent(across)
        side = 0 if axis == "x" else 1
        for box in readable_boxes(self.pixels, texts, self.dpi):
            if box is not None and first <= sum(box[side::2]) / 2 <= last:
                return not near <= sum(box[1 - side :: 2]) / 2 <= far
        return False

    def readable_numbers(self) -> list[bool]:
        """Find each number at the colorbar, readable and at its place.

        Raises:
            Mismatch: There is no colorbar.
        """
        self._colorbar_colors()
        colorbar, found = self.map["colorbar"], []
        side = 1 if colorbar["upright"] else 0
        places, values = colorbar["places"], np.linspace(*colorbar["limits"], len(colorbar["places"]))
        tolerance = max(NUMBER_TOLERANCE_PIXELS, COLORBAR_TOLERANCE * np.ptp(places))
        texts = [text for text in self._valid_texts(colorbar["texts"]) if _leading_number(text["text"]) is not None]
        for text, box in zip(texts, readable_boxes(self.pixels, texts, self.dpi), strict=True):
            value = _leading_number(text["text"])
            inside = values[0] - 1e-6 <= value <= values[-1] + 1e-6
            found.append(
                bool(box is not None and inside)
                and abs(sum(box[side::2]) / 2 - np.interp(value, values, places)) <= tolerance
            )
        return found

    def _has_readable_numbers(self):
        """Return True if all numbers at the colorbar are readable, and at least two of them differ."""
        texts = {_leading_number(text["text"]) for text in self._valid_texts(self.map["colorbar"]["texts"])} - {None}
        return len(texts) > 1 and all(self.readable_numbers())

    def _valid_texts(self, texts):
        _check(type(texts) is list and len(texts) <= MAX_TEXTS and all(map(is_text, texts)), MALFORMED)
        return texts

    def _cells_have_colors(self, expected):
        """Compare the cells with expected colors, (rows, columns, 3)."""
        matches = np.zeros(expected.shape[:2], bool)
        for part in CELL_PARTS:
            distance = np.abs(self._cell_colors(matches.shape, part) - expected).max(axis=-1)  # (rows, columns)
            matches |= distance <= COLOR_TOLERANCE
        return matches

    def _cells_match_colorbar(self, weights):
        colors, tolerance = self._colorbar_colors()
        low, high = self.map["colorbar"]["limits"]
        fractions = (weights[..., None] - low) / (high - low)  # (rows, columns, 1)
        near = np.abs(np.linspace(0, 1, len(colors)) - fractions) <= tolerance  # (rows, columns, colors)
        matches = np.zeros(weights.shape, bool)
        for part in CELL_PARTS:
            cells = self._cell_colors(weights.shape, part)
            distance = np.abs(cells[..., None, :] - colors).max(axis=-1)  # (rows, columns, colors)
            matches |= np.where(near, distance, np.inf).min(axis=-1) <= COLOR_TOLERANCE
        return matches

    def _cell_colors(self, shape, part):
        """Return the median color of the central part of each cell, (rows, columns, 3)."""
        rows, columns = (
            self._cell_ranges(name, count, part) for name, count in zip(("rows", "columns"), shape, strict=True)
        )
        return np.array([[self._median_color(*row, *column) for column in columns] for row in rows])

    def _cell_ranges(self, name, count, part):
        """Return the (start, end) of the central part of each row or column, from the top or the left."""
        edges, size = self.map[name], self.pixels.shape[0 if name == "rows" else 1]
        _check(are_places(edges, count + 1), "the picture shows a map of another size")
        edges = edges if edges[0] < edges[-1] else edges[::-1]
        widths = np.diff(edges)
        _check(bool(widths.min() > MIN_CELL_PIXELS), "the cells of the map are too small to see")
        even = widths.max() <= MAX_CELL_RATIO * widths.min() and edges[0] >= -1 and edges[-1] <= size + 1
        _check(bool(even), "the cells of the map are not of one size, or not all in the picture")
        margins = (1 - part) / 2 * widths
        return list(zip(edges[:-1] + margins, edges[1:] - margins, strict=True))

    def _extent(self, name):
        """Return the start and end of all rows or columns."""
        ranges = self._cell_ranges(name, max(1, np.size(self.map[name]) - 1), 1.0)
        return ranges[0][0], ranges[-1][1]

    def _median_color(self, top, bottom, left, right):
        height, width = self.pixels.shape[:2]
        rows, columns = box_slice(top, bottom, height), box_slice(left, right, width)
        return np.median(self.pixels[rows, columns].reshape(-1, 3), axis=0)

    def _named_colors(self, weights):
        """Return the colors of weights in a colormap of Matplotlib, (rows, columns, 3); None if they are unknown."""
        import matplotlib

        reported = self.map["colors"]
        if reported is None or reported["name"] not in matplotlib.colormaps or reported["levels"] < MIN_LEVELS:
            return None
        (low, high), colormap = reported["limits"], matplotlib.colormaps[reported["name"]]
        if low > weights.min() + 1e-3 or high < weights.max() - 1e-3:
            return None
        fractions = (weights - low) / (high - low or 1.0)
        colors = colormap.resampled(reported["levels"])(fractions, bytes=True)[..., :3].astype(np.float64)
        contrast = np.ptp(colors.reshape(-1, 3), axis=0).max()
        return colors if contrast >= MIN_MAP_CONTRAST or np.ptp(weights) <= COLORBAR_TOLERANCE else None

    def _colorbar_colors(self):
        """Return the colors of the colorbar from end to end, (101, 3), and the tolerance as a fraction of it."""
        colorbar = self.map["colorbar"]
        _check(colorbar is not None, "there is no colorbar that tells what the colors mean")
        places, (left, top, right, bottom) = colorbar["places"], colorbar["strip"]
        valid = are_places(places, COLORBAR_PLACES) and colorbar["limits"][0] < colorbar["limits"][1]
        _check(valid, "the colorbar cannot be read")
        first, last = (top, bottom) if colorbar["upright"] else (left, right)
        steps = np.diff(places)
        even = np.abs(places - np.linspace(places[0], places[-1], len(places))).max() <= MAX_UNEVEN_PIXELS
        _check(bool(even), "the values along the colorbar are not evenly spaced")
        whole = np.abs(np.sort(places[[0, -1]]) - (first, last)).max() <= 2 and last - first >= MIN_COLORBAR_PIXELS
        _check(bool(whole and ((steps > 0.1).all() or (steps < -0.1).all())), "the colorbar cannot be read")
        (map_top, map_bottom), (map_left, map_right) = self._extent("rows"), self._extent("columns")
        outside = right <= map_left or left >= map_right or bottom <= map_top or top >= map_bottom
        _check(bool(outside), "the colorbar lies on the map")
        places = np.clip(places, first + COLORBAR_BORDER_PIXELS, last - COLORBAR_BORDER_PIXELS)
        sides = (left, right) if colorbar["upright"] else (top, bottom)
        across = sides[0] + 0.25 * (sides[1] - sides[0]), sides[1] - 0.25 * (sides[1] - sides[0])
        boxes = [(place, place, *across) if colorbar["upright"] else (*across, place, place) for place in places]
        colors = np.array([self._median_color(*box) for box in boxes], np.float64)  # (101, 3)
        contrast = np.abs(colors - colors[0]).max()
        distinct = len(np.unique(colors, axis=0)) >= MIN_COLORBAR_COLORS and contrast >= MIN_COLORBAR_CONTRAST
        _check(bool(distinct), "the colors of the colorbar are all alike")
        return colors, COLORBAR_TOLERANCE + COLORBAR_BORDER_PIXELS / (last - first)


def parse_rendered_figure(value) -> RenderedFigure:
    """Validate the reply of `Remote.render`.

    Raises:
        Mismatch: The reply is malformed, or the figure has not exactly one map.
    """
    _check(type(value) is dict and set(value) == {"pixels", "dpi", "panels"}, MALFORMED)
    pixels, dpi, panels = value["pixels"], value["dpi"], value["panels"]
    _check(type(dpi) is float and DPI_RANGE[0] <= dpi <= DPI_RANGE[1], MALFORMED)
    valid = type(pixels) is np.ndarray and pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3
    _check(bool(valid and min(pixels.shape) > 0 and max(pixels.shape) <= MAX_SIDE_PIXELS + 1), MALFORMED)
    _check(type(panels) is list and all(map(is_panel, panels)), MALFORMED)
    panels = [panel for panel in panels if panel["maps"]]
    _check(len(panels) == 1 and len(panels[0]["maps"]) == 1, "the picture has not exactly one map")
    return RenderedFigure(pixels, dpi, panels[0])


def _check(condition, message):
    check(condition, message, SAVEFIG_HINT)


def _touches(ends, first, last):
    return any(first <= place <= last for place in (*ends, sum(ends) / 2))


def _leading_number(text):
    """Return the number at the start of a text, percents as a fraction; None if there is none."""
    match = re.match(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*(%?)", text, re.ASCII)
    return None if match is None else float(match[1]) / (100 if match[2] else 1)
