"""Spectrograms: each band and frame at its place, words at theirs."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from dlseq.data.speech import BANDS
from dlseq.errors import DlseqError
from dlseq.plots import spectrogram, spectrogram_svg


def test_loud_places_are_where_time_and_frequency_say():
    levels = np.zeros((200, BANDS), np.uint8)
    levels[150, 30] = 80
    axes = spectrogram(levels, [("둘", 1.4, 1.6)]).axes[0]
    (image,) = axes.images
    assert image.get_extent() == [0, 2.0, -0.5, BANDS - 0.5] and image.origin == "lower"
    assert np.unravel_index(image.get_array().argmax(), (BANDS, 200)) == (30, 150)
    word = axes.texts[0]
    assert word.get_text() == "둘" and word.xy[0] == pytest.approx(1.5)
    assert [line.get_segments()[0][0][0] for line in axes.collections[:1]] == [1.4]


def test_seconds_are_labeled_at_distances_that_leave_them_apart():
    for seconds, expected in ((2, [0, 0.5, 1, 1.5, 2]), (30, [0, 5, 10, 15, 20, 25, 30])):
        axes = spectrogram(np.zeros((100 * seconds, BANDS), np.uint8)).axes[0]
        np.testing.assert_allclose(axes.get_xticks(), expected)


def test_drawing_of_a_page_is_dark_where_it_is_loud():
    levels = np.zeros((100, BANDS), np.uint8)
    levels[70, 30] = 80
    data = re.search(r'href="data:image/png;base64,([^"]+)"', spectrogram_svg(levels, []))[1]
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))).astype(int).sum(axis=2)
    assert np.unravel_index(pixels.argmin(), pixels.shape) == (BANDS - 1 - 30, 70)  # high frequencies at the top


def test_drawing_of_a_page_has_a_place_for_each_word():
    drawing = spectrogram_svg(np.zeros((200, BANDS), np.uint8), [(0.2, 0.5), (1.0, 2.0)])
    places = [
        (float(x), float(width)) for x, width in re.findall(r'<rect [^>]*x="([\d.]+)"[^>]*width="([\d.]+)"', drawing)
    ]
    assert places == [(4, 6), (20, 20)]
    assert re.findall(r'data-step="(\d)"', drawing) == ["0", "1"]


def test_alignment_has_a_row_of_cells_for_each_word_on_the_same_seconds():
    weights = np.array([[0.2, 0.8, 0.0], [0.0, 0.25, 0.75]])
    words = [("하나", 0.0, 0.16), ("둘", 0.08, 0.2)]
    figure = spectrogram(np.zeros((20, BANDS), np.uint8), words, attention=weights)
    sound, rows = figure.axes
    assert rows.get_xlim() == sound.get_xlim() == (0, 0.2) and rows.get_ylim() == (2, 0)
    (cells,) = rows.collections
    np.testing.assert_allclose(np.asarray(cells.get_array()).reshape(2, 3), weights)
    edges = cells.get_coordinates()[0, :, 0]
    np.testing.assert_allclose(edges, [0, 0.08, 0.16, 0.2])  # the last step is cut where the sound ends
    assert [text.get_text() for text in rows.texts][:4] == ["하나", "80%", "둘", "75%"]
    assert len(spectrogram(np.zeros((20, BANDS), np.uint8), [], attention=np.zeros((0, 3))).axes) == 1


def test_drawing_of_a_page_has_a_cell_for_each_weight_that_can_be_seen():
    weights = np.array([[0.2, 0.8, 0.0], [0.0, 0.25, 0.75]])
    drawing = spectrogram_svg(np.zeros((20, BANDS), np.uint8), [(0.0, 0.1), (0.1, 0.2)], attention=weights)
    cells = re.findall(
        r'data-step="(\d)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" [^>]*fill-opacity="([\d.]+)"', drawing
    )
    assert [(step, x, opacity) for step, x, y, _, opacity in cells if float(y) > 1] == [
        ("0", "0", "0.2"),
        ("0", "1.6", "0.8"),
        ("1", "1.6", "0.25"),
        ("1", "3.2", "0.75"),
    ]
    assert float(cells[-1][3]) == pytest.approx(0.8)  # to where the sound ends
    faint = np.array([[0.97, 0.024, 0.006]])
    drawing = spectrogram_svg(np.zeros((20, BANDS), np.uint8), [(0.0, 0.1)], attention=faint)
    assert re.findall(r'fill-opacity="([\d.]+)" stroke', drawing) == ["0.97", "0.024"]


def test_weights_that_do_not_fit_are_refused():
    levels, words = np.zeros((20, BANDS), np.uint8), [("one", 0.0, 0.1)]
    for weights, message in (([[0.5, 0.4, 0.0]], "sum to 1"), ([0.5, 0.5], "Expected"), ([[np.nan, 1, 0]], "NaN")):
        for draw in (
            lambda weights: spectrogram(levels, words, attention=weights),
            lambda weights: spectrogram_svg(levels, [(0.0, 0.1)], attention=weights),
        ):
            with pytest.raises(DlseqError, match=message):
                draw(np.array(weights))


def test_features_of_another_shape_are_refused():
    for draw in (spectrogram, lambda levels: spectrogram_svg(levels, [])):
        with pytest.raises(DlseqError, match=r"shape \(T, 40\). Received: \(4, 3\)"):
            draw(np.zeros((4, 3)))
