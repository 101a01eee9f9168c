"""Tests of drawn clips, and of clips as files."""

import random
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from dlseq.data.clips import ACTIVITIES, draw_clips, read_activity_csv, read_clip, write_clips
from dlseq.data.clips.generator import FRAMES, PIXELS, _draw_poses
from dlseq.errors import DataError, DlseqError


@pytest.fixture(scope="module")
def drawn():
    return draw_clips(60, seed=3)


def test_a_seed_gives_the_same_clips_and_another_gives_others(drawn):
    again, others = draw_clips(60, seed=3), draw_clips(60, seed=4)
    assert all((clip.frames == same.frames).all() for clip, same in zip(drawn, again, strict=True))
    assert not any((clip.frames == other.frames).all() for clip, other in zip(drawn, others, strict=True))


def test_all_activities_are_equally_frequent(drawn):
    assert Counter(clip.activity for clip in drawn) == dict.fromkeys(ACTIVITIES, 6)


def test_things_of_the_test_are_in_no_other_clip(drawn):
    held_out = {clip.thing for clip in draw_clips(60, seed=3, split="test")}
    others = {clip.thing for split in ("train", "validation") for clip in draw_clips(60, seed=5, split=split)}
    assert len(held_out) > 8 and len(others) > 30 and not held_out & others


def motion_of(activity, seed, size=9):
    """Return the places given, and pose of the thing and place of the other, `(FRAMES, 6)`, of one drawn motion.

    `size` is that of both, in pixels.
    """
    rng, poses = random.Random(seed), None
    while poses is None:
        places = [(rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8)) for _ in range(2)]
        if 0.42 <= abs(places[0][0] - places[1][0]) <= 0.6:
            poses = _draw_poses(activity, rng, places, [size, size])
    return places, np.array([[*thing, other.x, other.y] for thing, other in poses])


@pytest.mark.parametrize("seed", range(5))
def test_each_activity_does_what_its_name_says(seed):
    moved = {activity: motion_of(activity, seed)[1] for activity in ACTIVITIES}
    steps = {activity: np.diff(rows, axis=0) for activity, rows in moved.items()}
    assert (steps["stands still"] == 0).all()
    assert (steps["walks left"][:, 0] < 0).all() and (steps["walks right"][:, 0] > 0).all()
    assert (steps["grows"][:, 2] > 0).all() and (steps["shrinks"][:, 2] < 0).all()
    heights = moved["jumps"][:, 1].max() - moved["jumps"][:, 1]
    assert heights[0] == pytest.approx(0) and heights[-1] == pytest.approx(0) and heights.max() > 0.15
    turns = np.sign(steps["rocks"][:, 3])
    assert np.ptp(moved["rocks"][:, 3]) > 25 and {-1, 1} <= set(turns)
    assert np.ptp(moved["bounces"][:, 1]) > 0.12
    for activity, sign in (("meets another", -1), ("leaves another", 1)):
        gaps = abs(moved[activity][:, 0] - moved[activity][:, 4])
        assert sign * (gaps[-1] - gaps[0]) >= 0.2 - 1e-9
        assert gaps.min() == pytest.approx(9 / PIXELS)  # they touch
    for activity in set(ACTIVITIES) - {"meets another", "leaves another"}:
        assert (steps[activity][:, 4:] == 0).all()  # the other stands still


@pytest.mark.parametrize(("activity", "size"), [("shrinks", 9), ("grows", 14)])
def test_a_thing_keeps_a_size_at_which_it_can_be_told(activity, size):
    """Between 5 and 20 pixels of 32; without the bounds, one in three would leave them."""
    for seed in range(20):
        _, poses = motion_of(activity, seed, size)
        pixels = size * np.exp(poses[:, 2])
        assert pixels.min() >= 5 and pixels.max() <= 20


def test_each_of_both_things_is_in_front_in_half_of_the_clips(monkeypatch):
    """The one that is drawn last; clips of both are drawn twelve frames long, and the thing that moves is known."""
    pasted = []
    monkeypatch.setattr("dlseq.data.clips.generator._paste", lambda image, sprite, *_: pasted.append(sprite["name"]))
    clips = draw_clips(60, seed=3)
    in_front = [name == clip.thing for clip, name in zip(clips, pasted[1 :: 2 * FRAMES], strict=True)]
    assert 15 < sum(in_front) < 45


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_one_frame_has_a_pose_that_was_drawn_before_the_activity(activity):
    """So a single frame, if it is a random one, does not tell the activity."""
    common = set()
    for seed in range(12):
        places, poses = motion_of(activity, seed)
        expected = [*places[0], 0, 0, *places[1]]
        frames = np.flatnonzero(np.abs(poses - expected).max(axis=1) < 1e-9)
        assert len(frames)
        common.update(frames)
    assert len(common) > 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"split": "dev"}, "Expected one of: train, validation, test. Received: dev"),
        ({"n": -1}, "Expected 0 or more. Received: -1"),
        ({"style": "oil"}, "Received: oil"),
    ],
)
def test_invalid_arguments_are_refused(arguments, message):
    with pytest.raises(DataError, match=message):
        draw_clips(**{"n": 2, "seed": 0, **arguments})


def test_written_clips_are_read_again(drawn, tmp_path):
    path = write_clips(tmp_path / "clips", drawn[:7])
    read = read_activity_csv(path)
    assert [clip.activity for clip in read] == [clip.activity for clip in drawn[:7]]
    for clip, written in zip(read, drawn, strict=False):
        assert abs(clip.frames.astype(int) - written.frames).mean() < 12  # a GIF has 256 colors
    with pytest.raises(DlseqError, match="empty"):
        write_clips(tmp_path / "clips", drawn[:1])


def animation(path, count, duration=50, size=(40, 20)):
    """Write frames of rising lightness."""
    first, *others = (Image.new("RGB", size, (9 * (number % 28), 0, 0)) for number in range(count))
    first.save(path, save_all=True, append_images=others, duration=duration)
    return path


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_frames_are_taken_at_equal_distances_of_time(tmp_path, suffix):
    path = animation(tmp_path / f"clip.{suffix}", 4, duration=[300, 100, 100, 100])
    red = read_clip(path, frames=6, size=8)[:, 4, 4, 0].astype(int)
    np.testing.assert_allclose(red, [0, 0, 0, 9, 18, 27], atol=2)  # at 0, 100, 200, 300, 400 and 500 ms


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: Image.new("RGB", (4, 4)).save(path, "GIF"), "Received: a picture that does not move"),
        (lambda path: path.write_text("no picture"), "Expected a GIF, WebP or animated PNG file"),
        (lambda path: None, "no such file"),
        (lambda path: path.write_bytes(animation(path, 9).read_bytes()[:200]), "Cannot read"),
        (lambda path: animation(path, 5001, size=(2, 2)), "at most 5,000 frames"),
    ],
    ids=["one frame", "text", "missing", "cut", "endless"],
)
def test_files_that_are_no_clip_are_refused(tmp_path, make, message):
    make(tmp_path / "clip.gif")
    with pytest.raises(DataError, match=message):
        read_clip(tmp_path / "clip.gif")


def test_rows_of_a_csv_file_are_refused_by_line(tmp_path):
    animation(tmp_path / "a.gif", 3)
    (tmp_path / "mine.csv").write_text("file,activity\na.gif,runs\nb.gif,runs\n")
    with pytest.raises(DataError, match=r"line 3: Expected a clip in the folder .* Received: 'b.gif'"):
        read_activity_csv(tmp_path / "mine.csv")
