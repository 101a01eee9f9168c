"""Attention over images: brightness follows the weights, labels are the words, invalid examples are refused."""

import numpy as np
import pytest

from dlseq.errors import DlseqError
from dlseq.plots import ImageAttentionExample, image_attention, save_figure
from dlseq.plots.image_attention import brightened

IMAGE = np.random.default_rng(2).integers(40, 200, (32, 48, 3), np.uint8)
WEIGHTS = np.random.default_rng(3).dirichlet(np.full(24, 0.2), 3).reshape(3, 4, 6)
WORDS = ["a", "고양이", "$x$"]


def example(**changes):
    return ImageAttentionExample(**({"image": IMAGE, "weights": WEIGHTS, "words": WORDS} | changes))


def test_the_centers_of_places_have_the_lightness_of_their_weights():
    """Odd places have a pixel in their center, where nothing is interpolated."""
    gray = np.full((12, 18, 3), 100, np.uint8)
    found = brightened(gray, WEIGHTS[0])[1::3, 1::3, 0].astype(float)  # (4, 6)
    share = WEIGHTS[0] / WEIGHTS[0].max()
    dark = 100 * (0.28 + 0.72 * share)
    np.testing.assert_allclose(found, dark + (255 - dark) * 0.22 * share, atol=0.51)


def test_between_two_places_lightness_is_interpolated():
    gray = np.full((2, 40, 3), 100, np.uint8)
    row = brightened(gray, np.array([[0.25, 0.75]]))[0, :, 0].astype(float)
    assert (np.diff(row) >= 0).all()
    assert (row[:10] == row[0]).all() and (row[30:] == row[-1]).all()
    np.testing.assert_allclose(row[19:21].mean(), np.interp(0.5, [0, 1], [row[0], row[-1]]), atol=4)


def test_the_figure_has_the_picture_and_one_panel_for_each_word():
    figure = image_attention(example(probability=0.25))
    panels = [panel.get_array() for panel in figure.axes[0].images]
    assert len(panels) == 4
    np.testing.assert_array_equal(panels[0], IMAGE)
    for panel, grid in zip(panels[1:], WEIGHTS, strict=True):
        np.testing.assert_array_equal(panel, brightened(IMAGE, grid))
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert [text for text in texts if text in WORDS] == WORDS
    assert [f"{grid.max():.0%}" for grid in WEIGHTS] == [text for text in texts if text.endswith("%")]
    assert any("probability 0.25" in text for text in texts) and " ".join(WORDS) in texts


def test_panels_do_not_overlap_and_the_largest_weight_is_the_brightest():
    weights = np.full((11, 2, 2), 0.25)
    axes = image_attention(example(weights=weights, words=list("abcdefghijk"))).axes[0]
    boxes = [panel.get_extent() for panel in axes.images]
    for place, (left, right, bottom, top) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert right <= other[0] or other[1] <= left or top <= other[2] or other[3] <= bottom


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_equal_figures_give_equal_files(tmp_path, suffix):
    for name in ("a", "b"):
        save_figure(image_attention(example()), tmp_path / f"{name}{suffix}")
    first, second = ((tmp_path / f"{name}{suffix}").read_bytes() for name in ("a", "b"))
    assert first == second and len(first) > 3_000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"image": IMAGE / 255}, "pixels .* of uint8. Received: float64"),
        ({"image": IMAGE[..., 0]}, "Received: uint8 of shape"),
        ({"weights": WEIGHTS[0]}, "Received: shape="),
        ({"words": ["a"]}, "each of 1 words"),
        ({"words": []}, "each of 0 words"),
        ({"weights": 2 * WEIGHTS}, "sum to 1"),
        ({"weights": -WEIGHTS}, "zero or more"),
        ({"probability": 1.5}, "from 0 to 1"),
    ],
)
def test_an_example_that_cannot_be_shown_is_refused(changes, message):
    with pytest.raises(DlseqError, match=message):
        image_attention(example(**changes))
