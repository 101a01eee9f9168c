"""Reading rendered figures: honest variety is accepted, and reported places count only if the pixels agree."""

import copy
import itertools
import warnings

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from dlseq.grading.worker.figures import render_figure
from dlseq.testing.assertions import Mismatch
from dlseq.testing.rendered_figures import parse_rendered_figure

SOURCE, TARGET = ["five", "may", "of", "98"], ["05", "-", "1998"]
WEIGHTS = np.random.default_rng(0).dirichlet(np.full(4, 0.5), 3)
OWN_COLORMAP = matplotlib.colors.LinearSegmentedColormap.from_list("own", ["navy", "white", "orange"])


def draw(
    weights=WEIGHTS, source=SOURCE, target=TARGET, mesh=False, bar=(), label=(), ticks=(), name="read", **settings
):
    """Draw a map as a student may draw it."""
    figure, axes = plt.subplots(figsize=(3.7, 2.1), layout="constrained")
    settings = {"vmin": 0, "vmax": 1, **settings}
    drawn = axes.pcolormesh(weights, **settings) if mesh else axes.imshow(weights, **settings)
    if mesh:
        axes.invert_yaxis()
    axes.set_xticks(np.arange(len(source)) + mesh / 2, source, **dict(label))
    axes.set_yticks(np.arange(len(target)) + mesh / 2, target)
    axes.set(xlabel=name, ylabel="written")
    axes.tick_params(**dict(ticks))
    if bar is not None:
        figure.colorbar(drawn, **dict(bar))
    plt.close(figure)
    return figure


def read(figure):
    return parse_rendered_figure(render_figure(figure))


STYLES = {
    **{name: {"cmap": name} for name in ("Blues", "viridis", "gray", "jet", "hot", "RdBu", "Blues_r")},
    "eight colors": {"cmap": matplotlib.colormaps["Blues"].resampled(8)},
    "own colors": {"cmap": OWN_COLORMAP},
    "mesh": {"mesh": True},
    "mesh with lines": {"mesh": True, "edgecolors": "black"},
    "half transparent": {"alpha": 0.5},
    "smooth": {"interpolation": "bilinear"},
    "bar below": {"bar": {"orientation": "horizontal"}},
    "short bar": {"bar": {"shrink": 0.4}},
    "bar in words": {"bar": {"format": "{x:.1f} of all"}},
    "labels close to the map": {"ticks": {"length": 0, "pad": 1}},
    "labels at the marks": {"ticks": {"pad": 0}},
    "percent": {"bar": {"format": "{x:.0%}"}},
    "labels aslant": {"label": {"rotation": 45, "ha": "right"}},
    "labels upright": {"label": {"rotation": 90, "fontsize": 7}},
    "labels in bold serif": {"label": {"fontweight": "bold", "fontfamily": "serif"}},
    "a long name": {"name": "what is read, from the first character to the last"},
    "a formula": {"name": "read, $t'$"},
    "another script": {"name": "gelesen für …"},
}


@pytest.mark.parametrize("settings", STYLES.values(), ids=STYLES)
def test_maps_of_many_styles_are_readable(settings):
    picture = read(draw(**settings))
    assert picture.cells_match(WEIGHTS).all() and picture.cells_match_colorbar(WEIGHTS).all()
    assert all(picture.readable_labels("x", SOURCE)) and all(picture.readable_labels("y", TARGET))
    assert picture.has_axis_label("x", settings.get("name", "read")) and picture.has_axis_label("y", "written")
    assert len(picture.readable_numbers()) > 1 and all(picture.readable_numbers())


def test_a_map_is_readable_on_a_dark_background():
    with plt.style.context("dark_background"):
        picture = read(draw())
    assert (
        picture.cells_match(WEIGHTS).all()
        and all(picture.readable_labels("x", SOURCE))
        and all(picture.readable_numbers())
    )


def test_annotations_and_grid_lines_hide_no_map():
    figure = draw()
    axes = figure.axes[0]
    axes.grid(True)
    for (row, column), weight in np.ndenumerate(WEIGHTS):
        axes.text(column, row, f"{weight:.2f}", ha="center", va="center", fontsize=7)
    assert read(figure).cells_match(WEIGHTS).all()


@pytest.mark.parametrize(
    "settings",
    [{"bar": None}, {"bar": None, "vmin": None, "vmax": None}, {"vmin": None, "vmax": None}, {"vmax": 2}],
    ids=str,
)
def test_a_known_colormap_needs_no_colorbar_from_0_to_1(settings):
    picture = read(draw(**settings))
    assert picture.cells_match(WEIGHTS).all()
    with pytest.raises(Mismatch):
        picture.cells_match_colorbar(WEIGHTS)


def test_an_own_colormap_needs_a_colorbar():
    with pytest.raises(Mismatch, match="without a colorbar"):
        read(draw(bar=None, cmap=OWN_COLORMAP)).cells_match(WEIGHTS)


@pytest.mark.parametrize("cmap", ["Blues", OWN_COLORMAP], ids=["Blues", "own"])
@pytest.mark.parametrize(
    "other",
    [WEIGHTS[::-1], np.roll(WEIGHTS, 1, axis=1), WEIGHTS**2, np.full_like(WEIGHTS, 0.25)],
    ids=["upside down", "moved", "squared", "even"],
)
def test_a_map_of_other_weights_does_not_match(other, cmap):
    assert not read(draw(cmap=cmap)).cells_match(other).all()
    assert not read(draw(other, cmap=cmap)).cells_match(WEIGHTS).all()


def test_rows_are_read_from_the_top_for_both_origins():
    picture = read(draw(WEIGHTS[::-1], target=TARGET[::-1], origin="lower"))
    assert picture.cells_match(WEIGHTS).all() and all(picture.readable_labels("y", TARGET))


def read_repainted(figure, pixels):
    """Read a figure with its reported places and other pixels."""
    reply = render_figure(figure)
    return parse_rendered_figure({**reply, "pixels": pixels(reply["pixels"])})


def white(pixels):
    return np.full_like(pixels, 255)


def noise(pixels):
    return np.random.default_rng(1).integers(0, 255, pixels.shape, np.uint8)


@pytest.mark.parametrize("pixels", [white, noise])
def test_reported_places_do_not_count_without_the_pixels(pixels):
    assert not read_repainted(draw(bar=None), pixels).cells_match(WEIGHTS).all()
    picture = read_repainted(draw(), pixels)
    assert not any(picture.readable_labels("x", SOURCE)) and not any(picture.readable_labels("y", TARGET))


def test_a_blank_figure_has_no_axis_labels_and_no_colorbar():
    picture = read_repainted(draw(), white)
    assert not picture.has_axis_label("x", "read")
    with pytest.raises(Mismatch, match="all alike"):
        picture.readable_numbers()


def test_each_label_must_be_at_its_own_place():
    picture = read(draw())
    assert picture.readable_labels("x", ["five", "of", "may", "98"]) == [True, False, False, True]
    reply = render_figure(draw())
    for text, token in zip(reply["panels"][0]["xticks"], ["five", "of", "may", "98"], strict=True):
        text["text"] = token
    assert parse_rendered_figure(reply).readable_labels("x", ["five", "of", "may", "98"]) == [
        True,
        False,
        False,
        True,
    ]


def test_letters_are_distinguished():
    letters = "abcdefgh0123456789-/.xyz"
    picture = read(draw(np.full((1, 24), 1 / 24), list(letters), ["a"], label={"fontsize": 8}))
    assert all(picture.readable_labels("x", list(letters)))
    reply = copy.deepcopy(picture.panel)
    for text, letter in zip(reply["xticks"], letters[1:] + letters[0], strict=True):
        text["text"] = letter
    assert not any(type(picture)(picture.pixels, picture.dpi, reply).readable_labels("x", [*letters[1:], letters[0]]))


def test_white_text_on_white_is_not_readable():
    assert not any(read(draw(label={"color": "white"})).readable_labels("x", SOURCE))
    assert not read(draw(name="")).has_axis_label("x", "")


def test_numbers_at_wrong_places_of_the_colorbar_are_refused():
    figure = draw()
    bar = figure.axes[0].images[0].colorbar
    bar.set_ticks([0, 0.5, 1], labels=["0", "0.25", "0.5"])
    assert read(figure).readable_numbers() == [True, False, False]


def read_forged(figure, change):
    """Read a figure whose reported panel and map a function has changed."""
    reply = render_figure(figure)
    change(reply["panels"][0], reply["panels"][0]["maps"][0])
    return parse_rendered_figure(reply)


def matches(picture):
    try:
        return picture.cells_match(WEIGHTS).all()
    except Mismatch:
        return False


def floats(*numbers):
    return tuple(map(float, numbers))


def two_colors(panel, drawn):
    """Report one dark pixel as the largest weight, and white places outside of the figure as all others."""
    dark, most = drawn["rows"][0], np.unravel_index(WEIGHTS.argmax(), WEIGHTS.shape)
    drawn["colors"] = {"name": "binary", "levels": 256, "limits": floats(WEIGHTS.max() - 1e-9, WEIGHTS.max())}
    drawn["colorbar"] = None
    for name, place, at in (("rows", most[0], dark), ("columns", most[1], drawn["columns"][1])):
        count = len(drawn[name])
        drawn[name] = np.array([-1e6 + 1e3 * n if n < place else 1e6 + 1e3 * n for n in range(count)])
        drawn[name][place : place + 2] = at - 1.6, at + 1.6


def cut_off(panel, drawn):
    """Report limits so narrow that all weights but the largest have one color."""
    drawn["colors"]["limits"], drawn["colorbar"] = floats(WEIGHTS.max() - 1e-9, WEIGHTS.max()), None


def stretched(panel, drawn):
    drawn["colors"]["limits"] = (0.0, float(WEIGHTS.max()))


def stretched_with_its_bar(panel, drawn):
    drawn["colors"]["limits"] = drawn["colorbar"]["limits"] = (0.0, float(WEIGHTS.max()))


def stretched_with_numbers_in_letters(panel, drawn):
    """Report numbers that are not there, with a letter that was once taken for unreadable, and so for right."""
    stretched_with_its_bar(panel, drawn)
    for text in drawn["colorbar"]["texts"]:
        text["text"] = f"{drawn['colorbar']['limits'][1] * float(text['text']):.2f} é"


def a_bar_without_numbers(panel, drawn):
    drawn["colors"], drawn["colorbar"]["texts"] = None, []


def one_number_twice(panel, drawn):
    """Report the number at the middle of a bar from 0 to 2 as that of a bar from 0 to 1."""
    drawn["colors"], drawn["colorbar"]["texts"] = None, 2 * drawn["colorbar"]["texts"][2:3]


@pytest.mark.parametrize(
    "weights, change",
    [
        (WEIGHTS / WEIGHTS.max(), stretched_with_numbers_in_letters),
        (WEIGHTS, a_bar_without_numbers),
        (WEIGHTS, one_number_twice),
        (np.zeros_like(WEIGHTS), two_colors),
        ((WEIGHTS.max() <= WEIGHTS).astype(float), cut_off),
        (WEIGHTS / WEIGHTS.max(), stretched),
        (WEIGHTS / WEIGHTS.max(), stretched_with_its_bar),
    ],
)
def test_forged_places_and_limits_make_no_map(weights, change):
    assert not matches(read_forged(draw(weights), change))


@pytest.mark.parametrize("text", ["né", "$x$", "入力", "x\u200b", "$\\frac{$"])
def test_a_name_in_any_script_has_to_be_drawn(text):
    """The ink of another text, or a line of the frame, once stood for a name beyond ASCII."""

    def rename(panel, drawn):
        panel["xlabel"][0]["text"] = text

    assert not read_forged(draw(name="read"), rename).has_axis_label("x", text)


@pytest.mark.parametrize("text", ["né", "$x$", "入力", "Вход"])
def test_a_name_in_any_script_is_readable(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the default font has not all of the letters, and shows boxes for them
        assert read(draw(name=text)).has_axis_label("x", text)


def test_values_along_a_colorbar_are_evenly_spaced():
    """Places that crowd at one end once let a number stand anywhere."""

    def crowd(panel, drawn):
        places = drawn["colorbar"]["places"]
        share = np.linspace(0, 1, len(places)) ** 2
        drawn["colorbar"]["places"] = places[0] + (places[-1] - places[0]) * (share + np.linspace(0, 1, 101)) / 2

    with pytest.raises(Mismatch, match="evenly spaced"):
        read_forged(draw(), crowd).readable_numbers()


def test_a_label_is_located_by_its_ink_not_by_its_reported_box():
    def widen(panel, drawn):
        for text, place in zip(panel["xticks"][::-1], drawn["columns"], strict=False):
            left, top, right, bottom = text["box"]
            half = abs((left + right) / 2 - place - 5)
            text["box"] = floats((left + right) / 2 - half, top, (left + right) / 2 + half, bottom)
        for text, place in zip(panel["yticks"][::-1], drawn["rows"], strict=False):
            left, top, right, bottom = text["box"]
            text["box"] = floats(left, min(top, place + 5), right, bottom)

    picture = read_forged(draw(source=SOURCE[::-1], target=TARGET[::-1]), widen)
    assert not any(picture.readable_labels("x", SOURCE)) and picture.readable_labels("y", TARGET) == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_places_must_be_float64(dtype):
    """Differences of unsigned numbers wrap around, so that falling places seemed to rise."""

    def wrap(panel, drawn):
        drawn["columns"] = np.array([100, 200, 44, 144, 244], dtype)

    with pytest.raises(Mismatch, match="another size"):
        read_forged(draw(), wrap).cells_match(WEIGHTS)


def test_a_map_is_not_its_own_colorbar():
    steps = np.tile(np.linspace(0, 1, 12), (3, 1))

    def on_the_map(panel, drawn):
        left, right, top = drawn["columns"][0], drawn["columns"][-1], min(drawn["rows"])
        strip = floats(left, top + 2, right, top + 12)
        drawn["colorbar"] |= {"strip": strip, "upright": False, "places": np.linspace(left, right, 101)}

    with pytest.raises(Mismatch, match="lies on the map"):
        read_forged(draw(steps, "abcdefghijkl"), on_the_map).cells_match_colorbar(steps)


def test_a_colorbar_has_more_than_two_colors():
    reply = render_figure(draw())
    left, top, right, bottom = map(round, reply["panels"][0]["maps"][0]["colorbar"]["strip"])
    reply["pixels"][top:bottom, left:right] = 255
    reply["pixels"][(top + bottom) // 2 : bottom, left:right] = 0
    with pytest.raises(Mismatch, match="all alike"):
        parse_rendered_figure(reply).cells_match_colorbar(WEIGHTS)


def test_tick_labels_and_numbers_are_no_axis_labels():
    def borrow(panel, drawn):
        panel["xlabel"], panel["ylabel"] = panel["xticks"][:1], drawn["colorbar"]["texts"][:1]

    picture = read_forged(draw(name=""), borrow)
    assert not picture.has_axis_label("x", "five") and not picture.has_axis_label(
        "y", picture.panel["ylabel"][0]["text"]
    )


def test_a_figure_without_exactly_one_map_is_refused():
    with pytest.raises(Mismatch, match="exactly one map"):
        read(Figure())
    figure = draw()
    figure.axes[0].imshow(WEIGHTS)
    with pytest.raises(Mismatch, match="exactly one map"):
        read(figure)


def test_malformed_replies_raise_nothing_but_mismatch():
    """Replace each part of a reply by strange values. One pair in 19 is tried, to save time."""
    reply, turns = render_figure(draw()), itertools.count()
    strange = [None, -1, 1e9, float("nan"), "", "x" * 10_000, [], {}, (), np.zeros(3), np.full(5, np.nan), [[]], True]
    for path in list(paths(reply))[1:]:
        for value in strange:
            if next(turns) % 19:
                continue
            forged = copy.deepcopy(reply)
            put(forged, path, value)
            try:
                picture = parse_rendered_figure(forged)
                (
                    picture.cells_match(WEIGHTS),
                    picture.readable_labels("x", SOURCE),
                    picture.has_axis_label("x", "read"),
                    picture.readable_numbers(),
                )
            except Mismatch:
                pass


def paths(value, before=()):
    yield before
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    for key, item in list(inside)[:2] if isinstance(value, (list, tuple)) else inside:
        yield from paths(item, (*before, key))


def put(value, path, new):
    for key in path[:-1]:
        if isinstance(value[key], tuple):
            value[key] = list(value[key])
        value = value[key]
    value[path[-1]] = new


def test_rendering_leaves_the_figure_unchanged():
    figure = draw()
    canvas, dpi = figure.canvas, figure.dpi
    render_figure(figure)
    assert figure.canvas is canvas and figure.dpi == dpi


def test_a_too_large_figure_is_not_rendered():
    with pytest.raises(ValueError, match="at most 50 inches"):
        render_figure(Figure(figsize=(2, 51)))


def test_a_transparent_background_is_white():
    figure = Figure(figsize=(1, 1), facecolor="none")
    assert (render_figure(figure)["pixels"] == 255).all()
