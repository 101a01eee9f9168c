"""Stabilization: motions of the camera are undone, those of things are not."""

import numpy as np
import pytest

from dlseq.data.clips import draw_clips, stabilize

FRAMES, SIDE = 8, 24


@pytest.fixture
def scene():
    """A clip of a textured scene in which a square moves by two pixels a frame, `(T, H, W, 3)`."""
    background = np.random.default_rng(5).integers(0, 200, (SIDE, SIDE, 3)).astype("uint8")
    frames = np.stack([background] * FRAMES)
    for time, frame in enumerate(frames):
        frame[8:13, 2 * time + 2 : 2 * time + 7] = (250, 20, 20)
    return frames


def shaken(frames, seed, farthest):
    shifts = np.random.default_rng(seed).integers(-farthest, farthest + 1, (len(frames), 2))
    shifts[0] = 0
    return np.stack([np.roll(frame, tuple(shift), axis=(0, 1)) for frame, shift in zip(frames, shifts, strict=True)])


@pytest.mark.parametrize("farthest", [1, 2])
def test_motions_of_the_camera_are_undone(scene, farthest):
    clips = np.stack([shaken(scene, seed, farthest) for seed in range(3)])
    before = clips.copy()
    np.testing.assert_array_equal(stabilize(clips), np.stack([scene] * 3))
    np.testing.assert_array_equal(clips, before)
    assert not (clips == scene).all()


def test_a_thing_that_moves_moves_no_frame(scene):
    plain = scene.copy()
    plain[scene[..., 0] < 250] = 90  # the square alone, before a wall of one color
    for frames in (scene, plain[:1].repeat(FRAMES, axis=0)):
        np.testing.assert_array_equal(stabilize(frames[None])[0], frames)


def test_later_frames_and_other_clips_do_not_matter(scene):
    first, second = shaken(scene, 1, 2), shaken(scene[:, ::-1], 2, 2)
    both = stabilize(np.stack([first, second]))
    np.testing.assert_array_equal(stabilize(first[None, :4])[0], both[0, :4])
    np.testing.assert_array_equal(stabilize(second[None])[0], both[1])


def test_most_drawn_clips_get_steady():
    """Oracle: the change of the border, where things seldom are, from frame to frame."""
    clips = np.stack([clip.frames for clip in draw_clips(60, seed=8)])
    assert border_change(stabilize(clips)) < 0.8 * border_change(clips)


def border_change(clips):
    """Return the mean change of rows and columns 2 and 3 from each side, in gray levels."""
    gray = clips.astype(float).mean(axis=-1)
    change = np.abs(np.diff(gray, axis=1))
    return np.mean([change[:, :, [2, 3, -4, -3]].mean(), change[:, :, :, [2, 3, -4, -3]].mean()])


@pytest.mark.parametrize("size", [(1, 9), (3, 9), (9, 3), (4, 4)])
def test_frames_too_small_to_be_moved_stay(size):
    clips = np.random.default_rng(0).integers(0, 256, (2, 3, *size, 3)).astype("uint8")
    np.testing.assert_array_equal(stabilize(clips), clips)
