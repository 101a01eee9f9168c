"""Stabilization of clips: small motions of the camera are found by block matching, and undone."""

import numpy as np

__all__ = ["stabilize"]

MAX_SHIFT_PIXELS = 2  # pixels of a motion of the camera, in each direction
CLIPS_AT_ONCE = 200  # limits the memory
MAX_CHANGE_LEVELS = 10  # of gray: a larger change of a pixel counts as this one, so that moving things decide nothing
CLEAR_FRACTION = 0.9  # of the change without a shift; things alone seldom reach it


def stabilize(clips: np.ndarray) -> np.ndarray:
    """Undo small motions of the camera: shift each frame by whole pixels so that it fits on the first one.

    1. For each shift of up to two pixels, the change of a frame is the mean over the pixels of
       `min(|gray of the shifted frame - gray of the first frame|, MAX_CHANGE_LEVELS)`, without the border.
    2. The frame is shifted to where its change is least, if that is clearly less than without a shift.

    What leaves the picture on one side comes in on the other.

    Args:
        clips: Pixels, uint8 `(N, T, H, W, C)`. Frames of a height or width below 5 stay as they are.

    Returns:
        The shifted pixels, an array of its own.

    Example:
        >>> frames = np.random.default_rng(0).integers(0, 256, (1, 1, 12, 12, 3)).repeat(2, axis=1).astype("uint8")
        >>> frames[0, 1] = np.roll(frames[0, 1], (1, -2), axis=(0, 1))  # down by one, left by two
        >>> bool((stabilize(frames)[0, 1] == frames[0, 0]).all())
        True
    """
    clips = np.array(clips)
    if min(clips.shape[2:4]) <= 2 * MAX_SHIFT_PIXELS:
        return clips
    for first in range(0, len(clips), CLIPS_AT_ONCE):
        part = clips[first : first + CLIPS_AT_ONCE]
        shifts = _shifts(part)
        for clip, time in np.argwhere(shifts.any(axis=-1)):
            part[clip, time] = np.roll(part[clip, time], tuple(shifts[clip, time]), axis=(0, 1))
    return clips


def _shifts(clips):
    """Return the shift of each frame, rows and columns, `(N, T, 2)`."""
    count, steps, height, width, channels = clips.shape
    gray = (clips.sum(axis=-1, dtype=np.uint16) // channels).astype(np.uint8).reshape(count * steps, height, width)
    gray = np.ascontiguousarray(gray.transpose(1, 2, 0))  # (H, W, N T), so that inner loops are long
    rows, columns = height - 2 * MAX_SHIFT_PIXELS, width - 2 * MAX_SHIFT_PIXELS
    reference = gray[
        MAX_SHIFT_PIXELS : MAX_SHIFT_PIXELS + rows, MAX_SHIFT_PIXELS : MAX_SHIFT_PIXELS + columns, ::steps
    ].repeat(steps, axis=-1)
    moves = range(-MAX_SHIFT_PIXELS, MAX_SHIFT_PIXELS + 1)
    shifts = np.array([(down, right) for down in moves for right in moves])
    changes = np.empty((len(shifts), count * steps), np.uint32)
    for change, (down, right) in zip(changes, shifts.tolist(), strict=True):
        top, left = MAX_SHIFT_PIXELS - down, MAX_SHIFT_PIXELS - right
        moved = gray[top : top + rows, left : left + columns]
        difference = np.maximum(moved, reference) - np.minimum(moved, reference)
        np.minimum(difference, MAX_CHANGE_LEVELS).sum(axis=(0, 1), dtype=np.uint32, out=change)
    best, still = changes.argmin(axis=0), len(shifts) // 2
    is_clear = changes.min(axis=0) < CLEAR_FRACTION * changes[still]
    return shifts[np.where(is_clear, best, still)].reshape(count, steps, 2)
