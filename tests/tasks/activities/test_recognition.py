"""Tests of the recognizer of activities; what all tasks have in common is tested in `test_all_tasks`."""

import numpy as np
import pytest

from dlseq.data.clips import ACTIVITIES, Clip, draw_clips, write_clips
from dlseq.errors import DataError
from dlseq.tasks.activities.presets import ClipData
from dlseq.tasks.activities.recognition import ActivityRecognizer
from dlseq.tasks.pretrained import pretrained


@pytest.fixture(scope="module")
def recognizer():
    return ActivityRecognizer.build(draw_clips(20, seed=1), filters=(4, 4), units=8, seed=1)


def test_probabilities_after_a_frame_do_not_depend_on_later_ones(recognizer):
    frames = draw_clips(1, seed=2)[0].frames
    whole = recognizer.recognize([frames])[0].probabilities
    np.testing.assert_allclose(whole.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(recognizer.recognize([frames[:5]])[0].probabilities, whole[:5], atol=1e-5)


def test_a_clip_is_read_alike_alone_and_among_others(recognizer):
    clips = [clip.frames for clip in draw_clips(4, seed=2)]
    together = recognizer.recognize(clips)
    for clip, among_others in zip(clips, together, strict=True):
        (alone,) = recognizer.recognize([clip])
        assert (
            alone.activity == among_others.activity == among_others.activities[among_others.probabilities[-1].argmax()]
        )
        np.testing.assert_allclose(alone.probabilities, among_others.probabilities, atol=1e-5)
    assert recognizer.recognize([]) == []


def test_clips_of_other_shapes_and_activities_are_refused(recognizer):
    clip = draw_clips(1, seed=2)[0]
    with pytest.raises(DataError, match=r"Expected clips of the shape \(12, 32, 32, 3\). Received: \(12, 16, 16, 3\)"):
        recognizer.recognize([clip.frames, clip.frames[:, :16, :16]])
    with pytest.raises(DataError, match=r"Unknown activity. Expected one of: bounces, .* Received: sings"):
        recognizer.encode([Clip(clip.frames, "sings")])
    with pytest.raises(DataError, match=r"at least 2 activities. Received: sings alone"):
        ActivityRecognizer.build([Clip(clip.frames, "sings")])


def test_a_file_of_too_few_clips_is_refused(tmp_path):
    path = write_clips(tmp_path / "clips", draw_clips(4, seed=1))
    with pytest.raises(DataError, match=r"at least 6 clips, .* Received: 4 clips of"):
        ClipData(file=path).load(0)


def test_each_activity_of_a_file_is_learned(tmp_path):
    path = write_clips(tmp_path / "clips", draw_clips(13, seed=1))
    for seed in range(4):
        splits = ClipData(file=path).load(seed)
        assert {clip.activity for clip in splits.train} == set(ACTIVITIES)
        assert len(splits.validation) == len(splits.test) == 1 and sum(map(len, splits)) == 13


def test_the_shipped_model_knows_things_that_it_has_never_seen():
    clips = draw_clips(60, seed=77, split="test")
    assert ActivityRecognizer.load(pretrained("activities-drawn")).score(clips)["exact_match"] >= 0.85
