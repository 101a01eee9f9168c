"""What is to be seen in a picture: the colours of a map against the scale beside it, and words against their shapes.

A picture comes from where the submission is, and so does the description of where to look in it. The description is
not believed: a place counts for nothing unless the pixels there show what should stand there.
"""

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlseq.grading.compare import check
from dlseq.grading.figures import DPI

__all__ = ["Picture", "read_picture"]

SIDE = 6000  # pixels of the longest side
NARROWEST = 3.0  # pixels of a cell
PARTS = (0.6, 0.2)  # of a cell: most of it, whatever is written there, or its middle, where colours run together
LINE = 3.0  # pixels at either end of a scale, which has a line around it
SLACK = 0.02  # of a weight, whose colour the scale gives to a few pixels
ALIKE = 14.0  # of 255, between two colours that count as one
LEVELS = 1024  # of a map of colours
RANGE = 60.0  # between the colours of a scale that lie furthest apart
VISIBLE = 40.0  # between ink and paper
SAME_SHAPE = 0.95  # correlation of words with the same words, written by ourselves
MARGIN = 3  # pixels around words
SHIFTS = sorted(itertools.product(range(-2, 3), repeat=2), key=lambda shift: sum(map(abs, shift)))  # down, along
SIZES = (3.0, 60.0)  # points
LONGEST = 200  # letters
MOST = 200  # words in one picture
STRANGE = "the picture is not one of a Matplotlib figure"


@dataclass(frozen=True)
class Picture:
    """A picture with one map in it, and where to look.

    Attributes:
        pixels: uint8, (height, width, 3), at `dlseq.grading.figures.DPI`.
        panel: around the map, as `dlseq.grading.figures.draw_figure` tells it.

    Example:
        >>> from matplotlib.figure import Figure
        >>> from dlseq.grading.figures import draw_figure
        >>> figure, weights = Figure(), np.array([[0.2, 0.8], [1, 0]])
        >>> axes = figure.subplots()
        >>> _ = figure.colorbar(axes.imshow(weights, vmin=0, vmax=1))
        >>> _ = axes.set_xticks([0, 1], ["may", "98"])
        >>> picture = read_picture(draw_figure(figure))
        >>> picture.shown(weights).tolist(), picture.labelled("x", ["may", "98"]), picture.labelled("x", ["98", "98"])
        ([[True, True], [True, True]], [True, True], [False, True])
    """

    pixels: np.ndarray
    panel: dict

    @property
    def map(self) -> dict:
        return self.panel["maps"][0]

    def shown(self, weights: np.ndarray) -> np.ndarray:
        """Whether the cells of the map have the colours that Matplotlib's own map, or the scale, gives to weights.

        Args:
            weights: between 0 and 1, (rows, columns), from the top and from the left.

        Returns:
            A boolean for each cell.

        Raises:
            Mismatch: the places are not those of a map with so many cells; there are neither known colours nor a scale.
        """
        wanted = self._named_colours(weights)
        if wanted is None:
            return self.scaled(weights)
        apart = [np.abs(self._cells(weights.shape, part) - wanted).max(axis=-1) for part in PARTS]
        seen = np.min(apart, axis=0) <= ALIKE
        return seen if seen.all() or self.map["scale"] is None else seen | self.scaled(weights)

    def scaled(self, weights: np.ndarray) -> np.ndarray:
        """The same, where the scale beside the map alone says which colours weights have.

        Raises:
            Mismatch: the places are not those of a map with so many cells, or there is no scale from 0 to 1.
        """
        scale, slack = self._scale()
        near = np.abs(np.linspace(0, 1, len(scale)) - weights[..., None]) <= SLACK + slack  # (rows, columns, 101)
        seen = np.zeros(weights.shape, bool)
        for part in PARTS:
            apart = np.abs(self._cells(weights.shape, part)[..., None, :] - scale).max(axis=-1)
            seen |= np.where(near, apart, np.inf).min(axis=-1) <= ALIKE
        return seen

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
        cells = _edges(self.map["columns" if axis == "x" else "rows"], len(tokens), 1.0)
        read = [one for one, seen in zip(texts, self._written(texts), strict=True) if seen]
        return [
            any(one["text"] == token and _touches(one["box"][side::2], *cell) for one in read)
            for token, cell in zip(tokens, cells, strict=True)
        ]

    def named(self, axis: str) -> bool:
        """Whether the name of an axis is to be read; of one that is not plain ASCII, whether something is there."""
        texts = [one for one in self._texts(self.panel[f"{axis}label"]) if one["text"].strip()]
        return any(self._written([one])[0] if _is_simple(one["text"]) else self._inked(one["box"]) for one in texts)

    def numbers(self) -> list[bool]:
        """Whether each number at the scale is to be read, and stands where the scale has it.

        Raises:
            Mismatch: there is no scale.
        """
        self._scale()
        scale, found = self.map["scale"], []
        side = 1 if scale["upright"] else 0
        texts = [one for one in self._texts(scale["texts"]) if _value(one["text"]) is not None]
        for one, seen in zip(texts, self._written(texts), strict=True):
            nearest = np.abs(scale["places"] - np.mean(one["box"][side::2])).argmin() / (len(scale["places"]) - 1)
            found.append(seen and abs(nearest - _value(one["text"])) <= 2 * SLACK)
        return found

    def _texts(self, texts):
        right = type(texts) is list and len(texts) <= MOST and all(map(_is_text, texts))
        check(right, STRANGE)
        return texts

    def _cells(self, shape, part):
        """The colour around the middle of each cell: the one that most of this part has."""
        named = zip(("rows", "columns"), shape, strict=True)
        rows, columns = (_edges(self.map[name], count, part) for name, count in named)
        return np.array([[self._colour(*row, *column) for column in columns] for row in rows])

    def _colour(self, top, bottom, left, right):
        height, width = self.pixels.shape[:2]
        (top, bottom), (left, right) = _whole(top, bottom, height), _whole(left, right, width)
        return np.median(self.pixels[top:bottom, left:right].reshape(-1, 3), axis=0)

    def _named_colours(self, weights):
        """The colours of weights in one of Matplotlib's own maps, (rows, columns, 3); None where it cannot be known."""
        import matplotlib

        told = self.map["colours"]
        if told is None or told["name"] not in matplotlib.colormaps:
            return None
        (low, high), map_of = told["limits"], matplotlib.colormaps[told["name"]].resampled(told["levels"])
        colours = map_of((weights - low) / (high - low or 1.0), bytes=True)[..., :3].astype(np.float64)
        ends = [colours[weights == end][0] for end in (weights.min(), weights.max())]
        alike = np.abs(np.subtract(*ends)).max() < RANGE
        return None if alike and np.ptp(weights) > SLACK else colours

    def _scale(self):
        """The colours of weights from 0 to 1 in steps of a hundredth, (101, 3), and the weight of a few pixels."""
        scale = self.map["scale"]
        check(scale is not None, "without a bar nobody can tell what the colours of the map mean")
        places, (left, top, right, bottom) = scale["places"], scale["strip"]
        check(type(places) is np.ndarray and places.shape == (101,) and np.isfinite(places).all(), STRANGE)
        first, last = (top, bottom) if scale["upright"] else (left, right)
        steps = np.diff(places)
        whole = np.abs(np.sort(places[[0, -1]]) - (first, last)).max() <= 2
        check(bool(whole and ((steps > 0.1).all() or (steps < -0.1).all())), "the bar does not run from 0 to 1")
        places = np.clip(places, first + LINE, last - LINE)
        ends = (left, right) if scale["upright"] else (top, bottom)
        across = ends[0] + 0.25 * (ends[1] - ends[0]), ends[1] - 0.25 * (ends[1] - ends[0])
        boxes = [(one, one, *across) if scale["upright"] else (*across, one, one) for one in places]
        colours = np.array([self._colour(*box) for box in boxes], np.float64)
        check(bool(np.abs(colours - colours[0]).max() >= RANGE), "the colours of the bar are all alike")
        return colours, LINE / (last - first)

    def _written(self, texts):
        """Whether texts are to be read where they are told to be: they are written once more and compared."""
        ink, boxes = self._write(texts)
        return [box is not None and self._same_shape(ink, box) for box in boxes]

    def _write(self, texts):
        """The ink of texts on an empty sheet, written at the same places, and the boxes that they fill there."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.font_manager import FontProperties

        height, width = self.pixels.shape[:2]
        figure, fonts, written = Figure((width / DPI, height / DPI), dpi=DPI), _fonts(), []
        canvas = FigureCanvasAgg(figure)
        for one in texts:
            left, top, right, bottom = one["box"]
            inside = 0 <= left < right <= width and 0 <= top < bottom <= height
            if one["font"] not in fonts or not SIZES[0] <= one["size"] <= SIZES[1] or not inside:
                written.append(None)
                continue
            font = FontProperties(fname=fonts[one["font"]], size=one["size"])
            words = figure.text(0, 0, one["text"], font=font, rotation=one["rotation"], transform=None)
            words.set_parse_math(False)
            extent = words.get_window_extent(canvas.get_renderer())
            words.set_position(((left + right - extent.width) / 2 - extent.x0, height - bottom - extent.y0))
            written.append(words)
        canvas.draw()
        boxes = [one and one.get_window_extent(canvas.get_renderer()).extents for one in written]
        boxes = [box if box is None else (box[0], height - box[3], box[2], height - box[1]) for box in boxes]
        return 255.0 - np.asarray(canvas.buffer_rgba())[..., 0], boxes

    def _inked(self, box):
        height, width = self.pixels.shape[:2]
        (left, right), (top, bottom) = _whole(box[0], box[2], width), _whole(box[1], box[3], height)
        piece = self.pixels[top:bottom, left:right].reshape(-1, 3).astype(np.float64)
        return bool(np.abs(piece - np.median(piece, axis=0)).max() >= VISIBLE)

    def _same_shape(self, ink, box):
        height, width = self.pixels.shape[:2]
        left, right = _whole(box[0] - MARGIN, box[2] + MARGIN, width)
        top, bottom = _whole(box[1] - MARGIN, box[3] + MARGIN, height)
        wanted = ink[top:bottom, left:right]
        for down, along in SHIFTS:
            if top + down < 0 or left + along < 0:
                continue
            piece = self.pixels[top + down : bottom + down, left + along : right + along].astype(np.float64)
            if piece.shape[:2] == wanted.shape and _correlation(_ink(piece, wanted == 0), wanted) >= SAME_SHAPE:
                return True
        return False


def read_picture(value) -> Picture:
    """What came back from `Remote.picture`.

    Raises:
        Mismatch: it is of another form, or has not exactly one map.
    """
    check(type(value) is dict and set(value) == {"pixels", "panels"}, STRANGE)
    pixels, panels = value["pixels"], value["panels"]
    right = type(pixels) is np.ndarray and pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3
    check(bool(right and min(pixels.shape) > 0 and max(pixels.shape) <= SIDE), STRANGE)
    check(type(panels) is list and all(map(_is_panel, panels)), STRANGE)
    panels = [one for one in panels if one["maps"]]
    check(len(panels) == 1 and len(panels[0]["maps"]) == 1, "the picture has not exactly one map")
    return Picture(pixels, panels[0])


def _edges(places, count, part):
    """From where to where such a part of rows or columns goes, (start, end) each, from the top or the left."""
    right = type(places) is np.ndarray and places.shape == (count + 1,) and np.isfinite(places).all()
    check(bool(right), "the picture shows a map of another size")
    places = places if places[0] < places[-1] else places[::-1]
    steps = np.diff(places)
    check(bool((steps > NARROWEST).all()), "the cells of the map are too small to see")
    beside = (1 - part) / 2 * steps
    return list(zip(places[:-1] + beside, places[1:] - beside, strict=True))


def _is_simple(text):
    """Whether each letter of a text is in every font, and none is a sign of a formula."""
    return text.isascii() and text.isprintable() and "$" not in text


def _touches(ends, first, last):
    return any(first <= place <= last for place in (*ends, sum(ends) / 2))


def _value(text):
    """The number that a text says, as a share of one; None if it says none."""
    try:
        return float(text.rstrip("% ")) / (100 if "%" in text else 1)
    except ValueError:
        return None


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
    right = right and type(colours["levels"]) is int and 2 <= colours["levels"] <= LEVELS
    return (
        right
        and type(colours["limits"]) is tuple
        and len(colours["limits"]) == 2
        and all(map(_is_number, colours["limits"]))
    )


def _is_scale(scale):
    if scale is None:
        return True
    right = type(scale) is dict and set(scale) == {"strip", "upright", "places", "texts"}
    return right and _is_box(scale["strip"]) and type(scale["upright"]) is bool


def _is_text(one):
    right = type(one) is dict and set(one) == {"text", "position", "box", "font", "size", "rotation"}
    right = right and type(one["text"]) is str and type(one["font"]) is str and len(one["text"]) <= LONGEST
    return right and _is_box(one["box"]) and all(_is_number(one[name]) for name in ("size", "rotation"))


def _is_box(box):
    return type(box) is tuple and len(box) == 4 and all(map(_is_number, box)) and box[0] < box[2] and box[1] < box[3]


def _is_number(one):
    return type(one) is float and abs(one) < 1e6


def _whole(first, last, most):
    """The pixels from one place to another: at least one, within the picture."""
    first = int(min(max(first, 0), most - 1))
    return first, int(min(max(round(last), first + 1), most))


def _fonts():
    """The fonts that this process would itself use, by the names of their files."""
    from matplotlib.font_manager import fontManager

    return {Path(one.fname).name: one.fname for one in fontManager.ttflist}


def _ink(piece, empty):
    """How far pixels are from the paper, which is where nothing should be; none at all where hardly to be seen."""
    ink = np.abs(piece - np.median(piece[empty], axis=0)).max(axis=-1) if empty.any() else np.zeros(piece.shape[:2])
    return ink if ink.max() >= VISIBLE else np.zeros_like(ink)


def _correlation(one, other):
    one, other = one - one.mean(), other - other.mean()
    length = np.sqrt((one**2).sum() * (other**2).sum())
    return float((one * other).sum() / length) if length else 0.0
