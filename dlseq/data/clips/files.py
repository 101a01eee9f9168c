"""Clips as animated files: read, written, and listed with their activities in a CSV file."""

import os
from collections.abc import Collection
from pathlib import Path

import numpy as np
from PIL import Image, ImageSequence

from dlseq.data.clips.generator import FRAMES, PIXELS, Clip
from dlseq.data.images import MAX_PIXELS, opened_image, square_pixels
from dlseq.data.labeled_files import read_labeled_files, write_labeled_files
from dlseq.errors import DataError
from dlseq.files import atomic_folder

__all__ = ["read_activity_csv", "read_clip", "write_clips"]

FORMATS = ("GIF", "WEBP", "PNG")
DEFAULT_DURATION = 100  # milliseconds of a frame that names none
MAX_FRAMES = 5_000


def read_clip(path: str | os.PathLike, frames: int = FRAMES, size: int = PIXELS) -> np.ndarray:
    """Read frames of an animated GIF, WebP or PNG file at equal distances of time, from the first to the last.

    Args:
        path: the file. Each frame is fitted into a square as `dlseq.data.images.read_image` does.
        frames: number of frames of the result.
        size: width and height of the result, in pixels.

    Returns:
        Pixels, uint8 `(frames, size, size, 3)`.

    Raises:
        DataError: the file is missing, of another kind, damaged, too large, or a picture that does not move.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "clip.gif"
        >>> first, *others = (Image.new("RGB", (40, 20), color) for color in ("red", "green", "blue"))
        >>> first.save(path, save_all=True, append_images=others, duration=50)
        >>> read_clip(path, frames=5, size=8)[:, 4, 4].argmax(axis=1).tolist()
        [0, 0, 1, 1, 2]
    """
    with opened_image(path, FORMATS, "GIF, WebP or animated PNG") as image:
        count = getattr(image, "n_frames", 1)
        if count < 2:
            raise DataError(
                f"Cannot read clip {path}. Expected at least 2 frames. Received: a picture that does not move."
            )
        if count > MAX_FRAMES or count * image.width * image.height > 10 * MAX_PIXELS:
            raise DataError(
                f"Cannot read clip {path}. Expected at most {MAX_FRAMES:,} frames and {10 * MAX_PIXELS:,} pixels. "
                f"Received: {count:,} frames of {image.width} x {image.height}. Make it shorter or smaller first."
            )
        pixels, durations = [], []
        for frame in ImageSequence.Iterator(image):
            pixels.append(square_pixels(frame.copy(), size))
            durations.append(frame.info.get("duration") or DEFAULT_DURATION)
    starts = np.cumsum([0, *durations[:-1]])
    shown = np.searchsorted(starts, np.linspace(0, starts[-1], frames), side="right") - 1
    return np.stack(pixels)[shown]


def read_activity_csv(path: str | os.PathLike) -> list[Clip]:
    """Read clips that a CSV file lists: UTF-8, header `file,activity`, files relative to its folder.

    Raises:
        DataError: the file cannot be read, has another header or no rows, or a row is wrong; the message names the
            line. Or a clip cannot be read.
    """
    return [Clip(read_clip(file), activity) for file, activity in read_labeled_files(path, "activity", "a clip")]


def write_clips(folder: str | os.PathLike, clips: Collection[Clip]) -> Path:
    """Write clips as GIF files and their activities as `activities.csv` into a folder, completely or not at all.

    Args:
        folder: a new or empty folder.
        clips: at least one.

    Returns:
        The path of the CSV file, which `read_activity_csv` reads.

    Raises:
        DlseqError: the folder has other contents or cannot be created.
    """
    digits, rows = len(str(len(clips))), []
    with atomic_folder(folder) as new:
        for number, clip in enumerate(clips, 1):
            rows.append((f"clip-{number:0{digits}}.gif", clip.activity))
            # The octree takes a tenth of the time of Pillow's median cut; a clip is recognized as often.
            first, *others = (Image.fromarray(row).quantize(method=Image.Quantize.FASTOCTREE) for row in clip.frames)
            first.save(new / rows[-1][0], save_all=True, append_images=others, duration=DEFAULT_DURATION, loop=0)
        name = write_labeled_files(new / "activities.csv", "activity", rows).name
    return Path(folder) / name
