"""Sounds that are no speech: their kinds, their waves, and which of them the training has."""

import numpy as np
import pytest

from dlseq.data.speech import BANDS, NONSPEECH, band_centers, draw_nonspeech, draw_utterances
from dlseq.data.speech import utterances as utterances_module
from dlseq.errors import DataError

KINDS = [kind for kinds in NONSPEECH.values() for kind in kinds]


@pytest.mark.parametrize("kind", KINDS)
def test_sounds_of_a_kind_are_levels_that_differ_and_follow_the_seed(kind):
    drawn = draw_nonspeech(3, 1, (kind,))
    for levels in drawn:
        assert levels.dtype == np.uint8 and levels.shape[1] == BANDS and 38 <= len(levels) <= 301
        assert levels.max() == 80 and np.ptp(levels) > 20
    assert len({levels.tobytes() for levels in drawn}) == 3
    for ours, again in zip(drawn, draw_nonspeech(3, 1, (kind,)), strict=True):
        np.testing.assert_array_equal(ours, again)


def test_glide_moves_and_tone_does_not():
    """The loudest band of a frame is the pitch: measured in mel bands, from the first to the last tenth."""

    def way(levels):
        pitch = levels.argmax(axis=1)
        part = max(len(pitch) // 10, 1)
        return abs(np.median(pitch[:part]) - np.median(pitch[-part:]))

    glides, tones = ([way(levels) for levels in draw_nonspeech(30, 0, (kind,))] for kind in ("glide", "tone"))
    assert np.median(glides) > 4 and np.median(tones) <= 1


def test_siren_swings_around_its_pitch():
    for levels in draw_nonspeech(10, 0, ("siren",)):
        pitch = band_centers()[levels.argmax(axis=1)]
        assert pitch.max() / pitch.min() > 1.15


def test_kinds_of_the_test_are_in_no_other_part(monkeypatch):
    asked = {}

    def recorded(kind, random):
        asked[split].add(kind)
        return np.zeros((50, BANDS), np.uint8)

    monkeypatch.setattr(utterances_module, "nonspeech_levels", recorded)
    for split in ("train", "validation", "test"):
        asked[split] = set()
        assert all(utterance.text == "" for utterance in draw_utterances(120, 0, split, noise_share=1.0))
    assert asked == {"train": set(NONSPEECH["train"]), "validation": asked["train"], "test": set(NONSPEECH["test"])}
    assert not asked["train"] & asked["test"]


def test_unknown_kind_is_refused():
    with pytest.raises(DataError, match=r"Expected one of: tone, glide, .* Received: whale"):
        draw_nonspeech(1, 0, ("whale",))
