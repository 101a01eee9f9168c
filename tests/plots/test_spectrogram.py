"""Spectrograms: each band and frame at its place, words at theirs."""

import re

import numpy as np
import pytest

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


def test_drawing_of_a_page_has_a_place_for_each_word():
    drawing = spectrogram_svg(np.zeros((200, BANDS), np.uint8), [(0.2, 0.5), (1.0, 2.0)])
    places = [
        (float(x), float(width)) for x, width in re.findall(r'<rect [^>]*x="([\d.]+)"[^>]*width="([\d.]+)"', drawing)
    ]
    assert places == [(4, 6), (20, 20)]
    assert re.findall(r'data-step="(\d)"', drawing) == ["0", "1"]


def test_features_of_another_shape_are_refused():
    for draw in (spectrogram, lambda levels: spectrogram_svg(levels, [])):
        with pytest.raises(DlseqError, match=r"shape \(T, 40\). Received: \(4, 3\)"):
            draw(np.zeros((4, 3)))
