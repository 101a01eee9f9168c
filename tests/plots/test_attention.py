"""Attention maps: cells, colors and labels are those of the weights and tokens, and invalid weights are refused."""

import io

import numpy as np
import pytest
from PIL import Image

from dlseq.errors import DlseqError
from dlseq.plots import attention_heatmap
from dlseq.plots.fonts import visible
from dlseq.plots.style import WEIGHT_COLORMAP

GOOD = [[0.5, 0.5], [0.25, 0.75]]


def softmaxed(rows: int, columns: int, *, real: int | None = None, seed: int = 0) -> np.ndarray:
    logits = 3 * np.random.default_rng(seed).normal(size=(rows, columns))
    logits[:, columns if real is None else real :] = -np.inf
    weights = np.exp(logits)
    return weights / weights.sum(axis=1, keepdims=True)


def render_pixels(figure) -> np.ndarray:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return np.asarray(Image.open(buffer).convert("RGBA"))


def test_cells_are_the_weights_without_padding():
    weights = softmaxed(12, 30, real=16)
    drawn = attention_heatmap(weights, "July 20th 1969 a", "1969-07-20").axes[0].collections[0].get_array()
    np.testing.assert_array_equal(drawn, weights[:10, :16])


def test_each_cell_has_the_color_of_its_weight():
    """First row on top, first column on the left, colors from 0 to 1, read back from the PNG."""
    weights = softmaxed(3, 5, seed=4)
    assert weights.max() > 0.5
    figure = attention_heatmap(weights, "abcde", "123")
    image = render_pixels(figure)  # (height, width, 4)
    box = figure.axes[0].get_position()
    for row in range(3):
        for column in range(5):
            right = box.x0 + (column + 0.5) / 5 * box.width
            up = box.y1 - (row + 0.5) / 3 * box.height
            pixel = image[int((1 - up) * image.shape[0]), int(right * image.shape[1])]
            np.testing.assert_allclose(pixel / 255, WEIGHT_COLORMAP(weights[row, column]), atol=1.5 / 255)


def test_tokens_label_their_rows_and_columns():
    source, target = "2016년 8월\u200f", "2016-08"
    axes = attention_heatmap(softmaxed(7, 9), source, target).axes[0]
    texts = [(text.get_text(), text.xy) for text in axes.texts]
    for column, token in enumerate(source):
        assert (visible(token), (column + 0.5, 0)) in texts
    for row, token in enumerate(target):
        assert (visible(token), (0, row + 0.5)) in texts


def test_tokens_may_be_words():
    axes = attention_heatmap(softmaxed(2, 3), ["the", "black", "cat"], ["chat", "noir"]).axes[0]
    shown = [text.get_text() for text in axes.texts]
    assert {"the", "black", "cat", "chat", "noir", "the black cat", "→ chat noir"} <= set(shown)


@pytest.mark.parametrize(("largest", "color_max"), [(0.09, 0.1), (0.15, 0.2), (0.4, 0.5), (0.51, 1.0), (1.0, 1.0)])
def test_the_color_bar_shows_the_color_limits(largest, color_max):
    rest = 1 - largest
    weights = np.array([[largest] + [rest / 20] * 20])
    figure = attention_heatmap(weights, "x" * 21, "y")
    assert figure.axes[0].collections[0].get_clim() == (0, color_max)
    heights = {text.get_text(): text.xy[1] for text in figure.axes[1].texts}
    assert (heights["0"], heights[f"{color_max / 2:g}"], heights[f"{color_max:g}"]) == (0, 0.5, 1)


def test_lightness_falls_in_equal_steps():
    """CIE L* by its definition: the order of the colors is visible without hue."""
    colors = WEIGHT_COLORMAP(np.linspace(0, 1, 21))[:, :3]
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    lightness = 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16
    np.testing.assert_allclose(np.diff(lightness), (15 - 96) / 20, rtol=0.15)


@pytest.mark.parametrize(
    ("weights", "source", "target", "message"),
    [
        ([0.5, 0.5], "ab", "cd", r"Expected \(Ty, Tx\)\. Received: shape=\(2,\)"),
        ([GOOD], "ab", "cd", r"Received: shape=\(1, 2, 2\)\. Pass the softmaxed weights \(Ty, Tx\) of one example"),
        (GOOD, "abc", "cd", r"1 to 2 source tokens\. Received: 2 and 3"),
        (GOOD, "ab", "cde", r"1 to 2 target tokens .* Received: 3 and 2"),
        (GOOD, "", "cd", "Received: 2 and 0"),
        (GOOD, "ab", [], "Received: 0 and 2"),
        ([[1.5, -0.5], [0.5, 0.5]], "ab", "cd", r"zero or more\. Received: -0\.5"),
        ([[np.nan, 0.5], [0.5, 0.5]], "ab", "cd", r"zero or more\. Received: NaN or infinity"),
        ([[0.5, 0.4], [0.5, 0.5]], "ab", "cd", r"sum to 1\. Received: 0\.9 in row 0"),
        ([[0.5, 0.5], [0.5, 0.502]], "ab", "cd", r"Received: 1\.002 in row 1"),
        (GOOD, "a", "cd", r"no weight beyond the 1 source tokens\. Received: 0\.75 in row 1"),
        ([["a", "b"]], "ab", "c", "an array of numbers"),
    ],
)
def test_invalid_weights_are_refused(weights, source, target, message):
    with pytest.raises(DlseqError, match=message):
        attention_heatmap(weights, source, target)


def test_float16_rounding_and_padding_rows_are_accepted():
    weights = np.vstack([softmaxed(2, 4), np.zeros((3, 4))]).astype("float16")
    assert attention_heatmap(weights, "abcd", "12").axes[0].collections[0].get_array().shape == (2, 4)


@pytest.mark.parametrize("probability", [-0.1, 1.5, float("nan")])
def test_an_invalid_probability_is_refused(probability):
    with pytest.raises(DlseqError, match="from 0 to 1"):
        attention_heatmap(GOOD, "ab", "cd", probability=probability)


def test_title_and_probability_are_drawn_without_markup():
    axes = attention_heatmap(GOOD, "ab", "cd", title="costs $5$ or $x_2$", probability=0.98765).axes[0]
    title = next(text for text in axes.texts if text.get_text() == "costs $5$ or $x_2$")
    assert not title.get_parse_math()
    assert "probability 0.988" in {text.get_text() for text in axes.texts}


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (10, 20), (40, 60)])
def test_texts_are_inside_the_figure_and_cells_keep_their_size(rows, columns):
    figure = attention_heatmap(np.full((rows, columns), 1 / columns), "ก" * columns, "g" * rows)
    renderer = figure.canvas.get_renderer()
    frame = figure.bbox
    for axes in figure.axes:
        for text in axes.texts:
            box = text.get_window_extent(renderer)
            assert frame.x0 <= box.x0 <= box.x1 <= frame.x1
            assert frame.y0 <= box.y0 <= box.y1 <= frame.y1
    cells = figure.axes[0].get_window_extent(renderer)
    assert cells.width / columns / figure.dpi == pytest.approx(cells.height / rows / figure.dpi)
    assert cells.width / columns / figure.dpi > 0.28  # inches


def test_wide_labels_shrink_to_their_column():
    wide = "ொോೋൈെை﷽"
    figure = attention_heatmap(softmaxed(1, 7), wide, "1")
    renderer = figure.canvas.get_renderer()
    labels = {text.xy[0]: text for text in figure.axes[0].texts if text.get_text() in map(visible, wide)}
    assert len(labels) == 7
    column = figure.axes[0].get_window_extent(renderer).width / 7
    assert max(label.get_window_extent(renderer).width for label in labels.values()) <= column
