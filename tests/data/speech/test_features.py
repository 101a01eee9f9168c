"""Log-mel features against the formula, one number at a time."""

import math

import numpy as np
import pytest

from dlseq.data.speech import BANDS, log_mel, loudness_levels, mel_filters


def mel_center(number):
    """Return the frequency of point `number` of 42 that are equally far apart in mel, from 60 to 7600 hertz."""
    low, high = (2595 * math.log10(1 + hertz / 700) for hertz in (60, 7600))
    return 700 * (10 ** ((low + (high - low) * number / 41) / 2595) - 1)


@pytest.mark.parametrize("band", [0, 17, 39])
def test_filters_are_triangles_between_three_centers(band):
    before, center, after = (mel_center(band + number) for number in range(3))
    expected = []
    for index in range(257):
        hertz = index * 16_000 / 512
        if before < hertz <= center:
            expected.append((hertz - before) / (center - before))
        elif center < hertz < after:
            expected.append((after - hertz) / (after - center))
        else:
            expected.append(0)
    np.testing.assert_allclose(mel_filters()[band], expected, atol=1e-9)


def test_one_frame_by_the_formula():
    samples = np.random.default_rng(0).normal(size=720) * 0.1
    windowed = [samples[320 + n] * (0.5 - 0.5 * math.cos(2 * math.pi * n / 400)) for n in range(400)]
    angles = -2j * np.pi * np.outer(np.arange(257), np.arange(400)) / 512
    power = np.abs(np.exp(angles) @ windowed) ** 2 / 400
    expected = [10 * math.log10(sum(weight * p for weight, p in zip(row, power, strict=True))) for row in mel_filters()]
    found = log_mel(samples)
    assert found.shape == (3, BANDS)
    np.testing.assert_allclose(found[2], expected, atol=0.01)


@pytest.mark.parametrize(("count", "frames"), [(1, 1), (400, 1), (401, 2), (560, 2), (561, 3)])
def test_each_sample_is_in_a_frame(count, frames):
    assert log_mel(np.ones(count)).shape == (frames, BANDS)


def test_levels_do_not_depend_on_the_volume():
    samples = np.random.default_rng(1).normal(size=4_000) * 0.1
    levels, quieter = loudness_levels(log_mel(samples)), loudness_levels(log_mel(samples * 0.1))
    assert levels.max() == quieter.max() == 80
    assert np.abs(levels.astype(int) - quieter).max() <= 1


def test_silence_has_no_levels():
    assert not loudness_levels(log_mel(np.zeros(1_000))).any()
