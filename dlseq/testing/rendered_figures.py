"""What is to be seen in a picture: the colours of a map against the scale beside it, and words against their shapes.

A picture comes from where the submission is, and so does the description of where to look in it. The description is
not believed: a place counts for nothing unless the pixels there show what should stand there.
"""

import re
from dataclasses import dataclass

import numpy as np

from dlseq.grading.worker.figures import SIDE
from dlseq.testing import rendered_text as lettering
from dlseq.testing.assertions import check

__all__ = ["LOOK", "Picture", "read_picture"]

DPI = (20.0, 300.0)
MOST = 100  # words in one picture
NARROWEST = 8.0  # pixels of a cell
EVEN = 1.2  # times the narrowest cell that the widest has
PARTS = (0.6, 0.2)  # of a cell: most of it, whatever is written there, or its middle, where colours run together
SHORTEST = 40.0  # pixels of a scale
LINE = 3.0  # pixels at either end of a scale, which has a line around it
SLACK = 0.02  # of all that a scale shows, whose colours lie a few pixels apart
BESIDE = 7.0  # pixels between a number and its place at the scale
ALIKE = 14.0  # of 255, between two colours that count as one
RANGE = 100.0  # between colours of a scale
SPREAD = 60.0  # between colours of a map, where they are known
LEVELS = (8, 1024)  # of a map of colours
COLOURS = 6  # of a scale at least
UNIT = (0.0, 1.0)
LOOK = "Save the figure with savefig and look at it: something covers, cuts off or changes what was drawn."
STRANGE = "the picture is not one of a Matplotlib figure"


@dataclass(frozen=True)
class Picture:
    """A picture with one map in it, and where to look.

    Attributes:
        pixels: uint8, (height, width, 3).
        dpi: dots to an inch.
        panel: around the map, as `dlseq.grading.worker.figures.draw_figure` tells it.

    Example:
        >>> from matplotlib.figure import Figure
        >>> from dlseq.grading.worker.figures import draw_figure
        >>> figure, weights = Figure(), np.array([[0.2, 0.8], [1, 0]])
        >>> axes = figure.subplots()
        >>> _ = figure.colorbar(axes.imshow(weights, vmin=0, vmax=1))
        >>> _ = axes.set_xticks([0, 1], ["may", "98"])
        >>> picture = read_picture(draw_figure(figure))
        >>> picture.shown(weights).tolist(), picture.labelled("x", ["may", "98"]), picture.labelled("x", ["98", "98"])
        ([[True, True], [True, True]], [True, True], [False, True])
    """

    pixels: np.ndarray
    dpi: float
    panel: dict

    @property
    def map(self) -> dict:
        return self.panel["maps"][0]

    def shown(self, weights: np.ndarray) -> np.ndarray:
        """Whether the cells of the map have the colours of weights.

        Which colours these are says the bar, or the map of Matplotlib's that is named. A bar that does not run from 0
        to 1 has to have numbers that say so.

        Args:
            weights: between 0 and 1, (rows, columns), from the top and from the left.

        Returns:
            A boolean for each cell.

        Raises:
            Mismatch: the places are not those of a map with so many cells, or nothing says what the colours mean.
        """
        named, scale = self._named_colours(weights), self.map["scale"]
        if scale is None:
            _see(named is not None, "without a bar nobody can tell what the colours of the map mean")
            return self._cells_are(named)
        _see(scale["limits"] == UNIT or self._has_numbers(), "no numbers at the bar say what the colours mean")
        if named is not None and self.map["colours"]["limits"] == scale["limits"]:
            seen = self._cells_are(named)
            if seen.all():
                return seen
        return self._cells_are_of_scale(weights)

    def scaled(self, weights: np.ndarray) -> np.ndarray:
        """Whether the cells of the map have the colours that a bar from 0 to 1 gives to weights.

        Raises:
            Mismatch: the places are not those of a map with so many cells, or there is no such bar.
        """
        scale = self.map["scale"]
        _see(scale is not None and scale["limits"] == UNIT, "there is no bar that runs from 0 to 1")
        return self._cells_are_of_scale(weights)

    def labelled(self, axis: str, tokens: list[str]) -> list[bool]:
        """Whether each row or column has its token at the edge, to be read and beside its own cells.

        A label that is turned may end there, or begin.

        Args:
            axis: "x" for the columns, "y" for the rows.
            tokens: from the left or from the top.

        Raises:
            Mismatch: the places are not those of a map with so many cells.
        """
        texts, side = self._texts(self.panel[f"{axis}ticks"]), 0 if axis == "x" else 1
        cells = self._edges("columns" if axis == "x" else "rows", len(tokens), 1.0)
        found = zip(texts, lettering.read(self.pixels, texts, self.dpi), strict=True)
        boxes = [(one["text"], box[side::2]) for one, box in found if box is not None]
        return [
            any(text == token and _touches(ends, *cell) for text, ends in boxes)
            for token, cell in zip(tokens, cells, strict=True)
        ]

    def named(self, axis: str, name: str) -> bool:
        """Whether the name of an axis is to be read, above or below the map ("x") or beside it ("y").

        What stands at a tick is no name, nor is a number.
        """
        ticks = [one["text"] for axis in "xy" for one in self._texts(self.panel[f"{axis}ticks"])]
        if _value(name) is not None or name in ticks:
            return False
        texts = [one for one in self._texts(self.panel[f"{axis}label"]) if one["text"] == name]
        along, across = ("columns", "rows") if axis == "x" else ("rows", "columns")
        (first, last), (near, far) = (self._ends(one) for one in (along, across))
        side = 0 if axis == "x" else 1
        for box in lettering.read(self.pixels, texts, self.dpi):
            if box is not None and first <= sum(box[side::2]) / 2 <= last:
                return not near <= sum(box[1 - side :: 2]) / 2 <= far
        return False

    def numbers(self) -> list[bool]:
        """Whether each number at the scale is to be read, and stands where the scale has it.

        Raises:
            Mismatch: there is no scale.
        """
        self._scale()
        scale, found = self.map["scale"], []
        side = 1 if scale["upright"] else 0
        places, values = scale["places"], np.linspace(*scale["limits"], len(scale["places"]))
        texts = [one for one in self._texts(scale["texts"]) if _value(one["text"]) is not None]
        for one, box in zip(texts, lettering.read(self.pixels, texts, self.dpi), strict=True):
            value = _value(one["text"])
            inside = values[0] - 1e-6 <= value <= values[-1] + 1e-6
            found.append(
                bool(box is not None and inside)
                and abs(sum(box[side::2]) / 2 - np.interp(value, values, places)) <= max(BESIDE, SLACK * np.ptp(places))
            )
        return found

    def _has_numbers(self):
        numbers = self.numbers()
        return len(numbers) > 1 and all(numbers)

    def _texts(self, texts):
        right = type(texts) is list and len(texts) <= MOST and all(map(lettering.is_text, texts))
        _see(right, STRANGE)
        return texts

    def _cells_are(self, wanted, near=None):
        """Whether the cells have the colours wanted, (rows, columns, 3), or one that is near, (rows, columns, n)."""
        seen = np.zeros(wanted.shape[:2] if near is None else near.shape[:2], bool)
        for part in PARTS:
            cells = self._cells(seen.shape, part)
            if near is None:
                seen |= np.abs(cells - wanted).max(axis=-1) <= ALIKE
            else:
                apart = np.abs(cells[..., None, :] - wanted).max(axis=-1)
                seen |= np.where(near, apart, np.inf).min(axis=-1) <= ALIKE
        return seen

    def _cells_are_of_scale(self, weights):
        scale, slack = self._scale()
        low, high = self.map["scale"]["limits"]
        places = (weights[..., None] - low) / (high - low)
        return self._cells_are(scale, np.abs(np.linspace(0, 1, len(scale)) - places) <= slack)

    def _cells(self, shape, part):
        """The colour around the middle of each cell: the one that most of this part has."""
        rows, columns = (self._edges(name, count, part) for name, count in zip(("rows", "columns"), shape, strict=True))
        return np.array([[self._colour(*row, *column) for column in columns] for row in rows])

    def _edges(self, name, count, part):
        """From where to where such a part of rows or columns goes, (start, end) each, from the top or the left."""
        places, most = self.map[name], self.pixels.shape[0 if name == "rows" else 1]
        _see(_are_places(places, count + 1), "the picture shows a map of another size")
        places = places if places[0] < places[-1] else places[::-1]
        steps = np.diff(places)
        _see(bool(steps.min() > NARROWEST), "the cells of the map are too small to see")
        even = steps.max() <= EVEN * steps.min() and places[0] >= -1 and places[-1] <= most + 1
        _see(bool(even), "the cells of the map are not of one size, or not all in the picture")
        beside = (1 - part) / 2 * steps
        return list(zip(places[:-1] + beside, places[1:] - beside, strict=True))

    def _ends(self, name):
        """Where the rows or columns begin and end."""
        edges = self._edges(name, max(1, np.size(self.map[name]) - 1), 1.0)
        return edges[0][0], edges[-1][1]

    def _colour(self, top, bottom, left, right):
        height, width = self.pixels.shape[:2]
        rows, columns = lettering.between(top, bottom, height), lettering.between(left, right, width)
        return np.median(self.pixels[rows, columns].reshape(-1, 3), axis=0)

    def _named_colours(self, weights):
        """The colours of weights in one of Matplotlib's own maps, (rows, columns, 3); None where it cannot be known."""
        import matplotlib

        told = self.map["colours"]
        if told is None or told["name"] not in matplotlib.colormaps or told["levels"] < LEVELS[0]:
            return None
        (low, high), map_of = told["limits"], matplotlib.colormaps[told["name"]].resampled(told["levels"])
        if low > weights.min() + 1e-3 or high < weights.max() - 1e-3:
            return None
        colours = map_of((weights - low) / (high - low or 1.0), bytes=True)[..., :3].astype(np.float64)
        apart = np.ptp(colours.reshape(-1, 3), axis=0).max() >= SPREAD or np.ptp(weights) <= SLACK
        return colours if apart else None

    def _scale(self):
        """The colours of the scale from end to end, (101, 3), and how far off a colour may be found, as a share."""
        scale = self.map["scale"]
        _see(scale is not None, "there is no bar that tells what the colours mean")
        places, (left, top, right, bottom) = scale["places"], scale["strip"]
        _see(_are_places(places, 101) and scale["limits"][0] < scale["limits"][1], "the bar cannot be read")
        first, last = (top, bottom) if scale["upright"] else (left, right)
        steps = np.diff(places)
        whole = np.abs(np.sort(places[[0, -1]]) - (first, last)).max() <= 2 and last - first >= SHORTEST
        _see(bool(whole and ((steps > 0.1).all() or (steps < -0.1).all())), "the bar cannot be read")
        (up, down), (west, east) = self._ends("rows"), self._ends("columns")
        _see(bool(right <= west or left >= east or bottom <= up or top >= down), "the bar lies on the map")
        places = np.clip(places, first + LINE, last - LINE)
        ends = (left, right) if scale["upright"] else (top, bottom)
        across = ends[0] + 0.25 * (ends[1] - ends[0]), ends[1] - 0.25 * (ends[1] - ends[0])
        boxes = [(one, one, *across) if scale["upright"] else (*across, one, one) for one in places]
        colours = np.array([self._colour(*box) for box in boxes], np.float64)
        several = len(np.unique(colours, axis=0)) >= COLOURS and np.abs(colours - colours[0]).max() >= RANGE
        _see(bool(several), "the colours of the bar are all alike")
        return colours, SLACK + LINE / (last - first)


def read_picture(value) -> Picture:
    """What came back from `Remote.picture`.

    Raises:
        Mismatch: it is of another form, or has not exactly one map.
    """
    _see(type(value) is dict and set(value) == {"pixels", "dpi", "panels"}, STRANGE)
    pixels, dpi, panels = value["pixels"], value["dpi"], value["panels"]
    _see(type(dpi) is float and DPI[0] <= dpi <= DPI[1], STRANGE)
    right = type(pixels) is np.ndarray and pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3
    _see(bool(right and min(pixels.shape) > 0 and max(pixels.shape) <= SIDE + 1), STRANGE)
    _see(type(panels) is list and all(map(_is_panel, panels)), STRANGE)
    panels = [one for one in panels if one["maps"]]
    _see(len(panels) == 1 and len(panels[0]["maps"]) == 1, "the picture has not exactly one map")
    return Picture(pixels, dpi, panels[0])


def _see(condition, message):
    check(condition, message, LOOK)


def _are_places(places, count):
    right = type(places) is np.ndarray and places.dtype == np.float64 and places.shape == (count,)
    return bool(right and np.isfinite(places).all())


def _touches(ends, first, last):
    return any(first <= place <= last for place in (*ends, sum(ends) / 2))


def _value(text):
    """The number that a text begins with, as a share of one; None if there is none."""
    found = re.match(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*(%?)", text)
    return None if found is None else float(found[1]) / (100 if found[2] else 1)


def _is_panel(panel):
    parts = {"maps", "xticks", "yticks", "xlabel", "ylabel"}
    right = type(panel) is dict and set(panel) == parts and type(panel["maps"]) is list
    return right and all(map(_is_map, panel["maps"]))


def _is_map(drawn):
    right = type(drawn) is dict and set(drawn) == {"columns", "rows", "colours", "scale"}
    return right and _are_colours(drawn["colours"]) and _is_scale(drawn["scale"])


def _are_colours(colours):
    if colours is None:
        return True
    right = type(colours) is dict and set(colours) == {"name", "levels", "limits"} and type(colours["name"]) is str
    right = right and type(colours["levels"]) is int and 1 <= colours["levels"] <= LEVELS[1]
    return right and _are_limits(colours["limits"])


def _is_scale(scale):
    if scale is None:
        return True
    right = type(scale) is dict and set(scale) == {"strip", "upright", "limits", "places", "texts"}
    right = right and lettering.is_box(scale["strip"]) and type(scale["upright"]) is bool
    return right and _are_limits(scale["limits"])


def _are_limits(limits):
    right = type(limits) is tuple and len(limits) == 2 and all(map(lettering.is_number, limits))
    return right and limits[0] <= limits[1]
