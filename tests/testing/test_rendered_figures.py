"""What can be seen in the picture of a figure, whatever is said of it."""

import copy
import itertools

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
OWN = matplotlib.colors.LinearSegmentedColormap.from_list("own", ["navy", "white", "orange"])


def draw(
    weights=WEIGHTS, source=SOURCE, target=TARGET, mesh=False, bar=(), label=(), ticks=(), name="read", **settings
):
    """A map as a student may draw it."""
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


def seen(figure):
    return parse_rendered_figure(render_figure(figure))


HOWEVER = {
    **{name: {"cmap": name} for name in ("Blues", "viridis", "gray", "jet", "hot", "RdBu", "Blues_r")},
    "eight colours": {"cmap": matplotlib.colormaps["Blues"].resampled(8)},
    "own colours": {"cmap": OWN},
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


@pytest.mark.parametrize("settings", HOWEVER.values(), ids=HOWEVER)
def test_a_map_is_seen_however_it_is_drawn(settings):
    picture = seen(draw(**settings))
    assert picture.cells_match(WEIGHTS).all() and picture.cells_match_colorbar(WEIGHTS).all()
    assert all(picture.readable_labels("x", SOURCE)) and all(picture.readable_labels("y", TARGET))
    assert picture.has_axis_label("x", settings.get("name", "read")) and picture.has_axis_label("y", "written")
    assert len(picture.readable_numbers()) > 1 and all(picture.readable_numbers())


def test_a_map_is_seen_on_dark_paper():
    with plt.style.context("dark_background"):
        picture = seen(draw())
    assert (
        picture.cells_match(WEIGHTS).all()
        and all(picture.readable_labels("x", SOURCE))
        and all(picture.readable_numbers())
    )


def test_what_is_written_into_the_cells_or_drawn_between_them_hides_no_map():
    figure = draw()
    axes = figure.axes[0]
    axes.grid(True)
    for (row, column), weight in np.ndenumerate(WEIGHTS):
        axes.text(column, row, f"{weight:.2f}", ha="center", va="center", fontsize=7)
    assert seen(figure).cells_match(WEIGHTS).all()


@pytest.mark.parametrize(
    "settings",
    [{"bar": None}, {"bar": None, "vmin": None, "vmax": None}, {"vmin": None, "vmax": None}, {"vmax": 2}],
    ids=str,
)
def test_a_map_of_known_colours_is_seen_without_a_scale_from_0_to_1(settings):
    picture = seen(draw(**settings))
    assert picture.cells_match(WEIGHTS).all()
    with pytest.raises(Mismatch):
        picture.cells_match_colorbar(WEIGHTS)


def test_colours_of_ones_own_are_not_to_be_read_without_a_scale():
    with pytest.raises(Mismatch, match="without a colorbar"):
        seen(draw(bar=None, cmap=OWN)).cells_match(WEIGHTS)


@pytest.mark.parametrize("cmap", ["Blues", OWN], ids=["Blues", "own"])
@pytest.mark.parametrize(
    "other",
    [WEIGHTS[::-1], np.roll(WEIGHTS, 1, axis=1), WEIGHTS**2, np.full_like(WEIGHTS, 0.25)],
    ids=["upside down", "moved", "squared", "even"],
)
def test_another_map_is_not_seen(other, cmap):
    assert not seen(draw(cmap=cmap)).cells_match(other).all()
    assert not seen(draw(other, cmap=cmap)).cells_match(WEIGHTS).all()


def test_a_map_is_read_from_the_top_whichever_way_its_rows_run():
    picture = seen(draw(WEIGHTS[::-1], target=TARGET[::-1], origin="lower"))
    assert picture.cells_match(WEIGHTS).all() and all(picture.readable_labels("y", TARGET))


def painted(figure, pixels):
    """What is told of a figure, with other pixels."""
    told = render_figure(figure)
    return parse_rendered_figure({**told, "pixels": pixels(told["pixels"])})


def white(pixels):
    return np.full_like(pixels, 255)


def noise(pixels):
    return np.random.default_rng(1).integers(0, 255, pixels.shape, np.uint8)


@pytest.mark.parametrize("pixels", [white, noise])
def test_nothing_is_believed_without_the_pixels(pixels):
    assert not painted(draw(bar=None), pixels).cells_match(WEIGHTS).all()
    picture = painted(draw(), pixels)
    assert not any(picture.readable_labels("x", SOURCE)) and not any(picture.readable_labels("y", TARGET))


def test_on_an_empty_sheet_there_are_no_names_and_no_scale():
    picture = painted(draw(), white)
    assert not picture.has_axis_label("x", "read")
    with pytest.raises(Mismatch, match="all alike"):
        picture.readable_numbers()


def test_each_label_has_to_be_its_own_and_at_its_own_place():
    picture = seen(draw())
    assert picture.readable_labels("x", ["five", "of", "may", "98"]) == [True, False, False, True]
    told = render_figure(draw())
    for one, token in zip(told["panels"][0]["xticks"], ["five", "of", "may", "98"], strict=True):
        one["text"] = token
    assert parse_rendered_figure(told).readable_labels("x", ["five", "of", "may", "98"]) == [
        True,
        False,
        False,
        True,
    ]


def test_letters_are_told_from_each_other():
    letters = "abcdefgh0123456789-/.xyz"
    picture = seen(draw(np.full((1, 24), 1 / 24), list(letters), ["a"], label={"fontsize": 8}))
    assert all(picture.readable_labels("x", list(letters)))
    told = copy.deepcopy(picture.panel)
    for one, letter in zip(told["xticks"], letters[1:] + letters[0], strict=True):
        one["text"] = letter
    assert not any(type(picture)(picture.pixels, picture.dpi, told).readable_labels("x", [*letters[1:], letters[0]]))


def test_white_on_white_is_not_to_be_read():
    assert not any(seen(draw(label={"color": "white"})).readable_labels("x", SOURCE))
    assert not seen(draw(name="")).has_axis_label("x", "")


def test_numbers_of_another_scale_are_not_taken():
    figure = draw()
    bar = figure.axes[0].images[0].colorbar
    bar.set_ticks([0, 0.5, 1], labels=["0", "0.25", "0.5"])
    assert seen(figure).readable_numbers() == [True, False, False]


def forged(figure, change):
    """What is told of a figure, changed by a function of its panel and its map."""
    told = render_figure(figure)
    change(told["panels"][0], told["panels"][0]["maps"][0])
    return parse_rendered_figure(told)


def believed(picture):
    try:
        return picture.cells_match(WEIGHTS).all()
    except Mismatch:
        return False


def floats(*numbers):
    return tuple(map(float, numbers))


def two_colours(panel, drawn):
    """One dark pixel for the most of all weights, white paper outside the picture for all others."""
    dark, most = drawn["rows"][0], np.unravel_index(WEIGHTS.argmax(), WEIGHTS.shape)
    drawn["colors"] = {"name": "binary", "levels": 256, "limits": floats(WEIGHTS.max() - 1e-9, WEIGHTS.max())}
    drawn["colorbar"] = None
    for name, place, at in (("rows", most[0], dark), ("columns", most[1], drawn["columns"][1])):
        count = len(drawn[name])
        drawn[name] = np.array([-1e6 + 1e3 * n if n < place else 1e6 + 1e3 * n for n in range(count)])
        drawn[name][place : place + 2] = at - 1.6, at + 1.6


def cut_off(panel, drawn):
    """Limits so narrow that all weights but the most have one colour."""
    drawn["colors"]["limits"], drawn["colorbar"] = floats(WEIGHTS.max() - 1e-9, WEIGHTS.max()), None


def stretched(panel, drawn):
    drawn["colors"]["limits"] = (0.0, float(WEIGHTS.max()))


def stretched_with_its_bar(panel, drawn):
    drawn["colors"]["limits"] = drawn["colorbar"]["limits"] = (0.0, float(WEIGHTS.max()))


@pytest.mark.parametrize(
    "weights, change",
    [
        (np.zeros_like(WEIGHTS), two_colours),
        ((WEIGHTS.max() <= WEIGHTS).astype(float), cut_off),
        (WEIGHTS / WEIGHTS.max(), stretched),
        (WEIGHTS / WEIGHTS.max(), stretched_with_its_bar),
    ],
)
def test_no_places_and_limits_make_a_map_of_what_is_none(weights, change):
    assert not believed(forged(draw(weights), change))


def test_a_label_is_where_its_ink_is_whatever_box_is_told():
    def widen(panel, drawn):
        for one, place in zip(panel["xticks"][::-1], drawn["columns"], strict=False):
            left, top, right, bottom = one["box"]
            half = abs((left + right) / 2 - place - 5)
            one["box"] = floats((left + right) / 2 - half, top, (left + right) / 2 + half, bottom)
        for one, place in zip(panel["yticks"][::-1], drawn["rows"], strict=False):
            left, top, right, bottom = one["box"]
            one["box"] = floats(left, min(top, place + 5), right, bottom)

    picture = forged(draw(source=SOURCE[::-1], target=TARGET[::-1]), widen)
    assert not any(picture.readable_labels("x", SOURCE)) and picture.readable_labels("y", TARGET) == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_places_are_of_one_kind(dtype):
    """Unsigned numbers wrap, and those that fall seem to rise."""

    def wrap(panel, drawn):
        drawn["columns"] = np.array([100, 200, 44, 144, 244], dtype)

    with pytest.raises(Mismatch, match="another size"):
        forged(draw(), wrap).cells_match(WEIGHTS)


def test_a_map_is_not_its_own_bar():
    steps = np.tile(np.linspace(0, 1, 12), (3, 1))

    def on_the_map(panel, drawn):
        left, right, top = drawn["columns"][0], drawn["columns"][-1], min(drawn["rows"])
        strip = floats(left, top + 2, right, top + 12)
        drawn["colorbar"] |= {"strip": strip, "upright": False, "places": np.linspace(left, right, 101)}

    with pytest.raises(Mismatch, match="lies on the map"):
        forged(draw(steps, "abcdefghijkl"), on_the_map).cells_match_colorbar(steps)


def test_a_bar_has_more_than_two_colours():
    told = render_figure(draw())
    left, top, right, bottom = map(round, told["panels"][0]["maps"][0]["colorbar"]["strip"])
    told["pixels"][top:bottom, left:right] = 255
    told["pixels"][(top + bottom) // 2 : bottom, left:right] = 0
    with pytest.raises(Mismatch, match="all alike"):
        parse_rendered_figure(told).cells_match_colorbar(WEIGHTS)


def test_neither_a_label_nor_a_number_is_the_name_of_an_axis():
    def borrow(panel, drawn):
        panel["xlabel"], panel["ylabel"] = panel["xticks"][:1], drawn["colorbar"]["texts"][:1]

    picture = forged(draw(name=""), borrow)
    assert not picture.has_axis_label("x", "five") and not picture.has_axis_label(
        "y", picture.panel["ylabel"][0]["text"]
    )


def test_a_picture_of_no_map_or_of_two_is_refused():
    with pytest.raises(Mismatch, match="exactly one map"):
        seen(Figure())
    figure = draw()
    figure.axes[0].imshow(WEIGHTS)
    with pytest.raises(Mismatch, match="exactly one map"):
        seen(figure)


def test_what_is_told_of_places_may_be_anything_and_is_no_error():
    """Whatever a part is replaced by, there is an answer or a mismatch. Not all pairs are tried: it takes a while."""
    told, turns = render_figure(draw()), itertools.count()
    strange = [None, -1, 1e9, float("nan"), "", "x" * 10_000, [], {}, (), np.zeros(3), np.full(5, np.nan), [[]], True]
    for path in list(paths(told))[1:]:
        for value in strange:
            if next(turns) % 19:
                continue
            forged = copy.deepcopy(told)
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
    for key, one in list(inside)[:2] if isinstance(value, (list, tuple)) else inside:
        yield from paths(one, (*before, key))


def put(value, path, new):
    for key in path[:-1]:
        if isinstance(value[key], tuple):
            value[key] = list(value[key])
        value = value[key]
    value[path[-1]] = new


def test_drawing_leaves_the_figure_as_it_was():
    figure = draw()
    canvas, dpi = figure.canvas, figure.dpi
    render_figure(figure)
    assert figure.canvas is canvas and figure.dpi == dpi


def test_a_figure_that_is_too_large_is_not_drawn():
    with pytest.raises(ValueError, match="at most 50 inches"):
        render_figure(Figure(figsize=(2, 51)))


def test_transparent_paper_is_white():
    figure = Figure(figsize=(1, 1), facecolor="none")
    assert (render_figure(figure)["pixels"] == 255).all()
