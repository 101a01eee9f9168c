"""Presets of the task of recognizing activities in clips."""

import dataclasses
import os
import random

from dlseq.errors import DataError
from dlseq.tasks.preset import Preset, Splits
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "ClipData", "default_preset"]

HELD_OUT_CLIPS = 1_000  # for validation, and for the test
MIN_FILES = 6


@dataclasses.dataclass(frozen=True)
class ClipData:
    """Source of clips.

    Args:
        examples: Number of clips to draw for training. Defaults to `20_000`.
        file: CSV file with the columns `file,activity` that replaces the drawn clips: animated GIF, WebP or PNG files
            relative to its folder. Defaults to `None`.
    """

    examples: int = 20_000
    file: str | os.PathLike | None = None

    def load(self, seed: int) -> Splits:
        """Return clips for training, for validation, and for the test, whose things are in no other clip.

        A file is split at random: two thirds, one sixth, one sixth. Each activity is in the first part.

        Raises:
            DataError: A file that cannot be used, or too few clips.

        Example:
            >>> [len(part) for part in ClipData(examples=20).load(seed=0)]
            [20, 20, 20]
        """
        from dlseq.data.clips import draw_clips, read_activity_csv  # loads Pillow

        if self.file is None:
            held_out = min(HELD_OUT_CLIPS, self.examples)
            validation = draw_clips(held_out, seed, "validation")
            return Splits(draw_clips(self.examples, seed, "train"), validation, draw_clips(held_out, seed, "test"))
        clips = read_activity_csv(self.file)
        activities = {clip.activity for clip in clips}
        if len(activities) < 2 or len(clips) < max(MIN_FILES, len(activities) + 2):
            raise DataError(
                f"{self.file}: Expected at least 2 activities, and at least {MIN_FILES} clips, 2 more than activities. "
                f"Received: {len(clips)} clips of {len(activities)} activities."
            )
        random.Random(seed).shuffle(clips)
        first = {clip.activity: clip for clip in reversed(clips)}  # so that training has all activities
        others = [clip for clip in clips if clip is not first[clip.activity]]
        held_out = max(1, min(len(clips) // 6, len(others) // 2))
        train = [*first.values(), *others[2 * held_out :]]
        return Splits(train, others[:held_out], others[held_out : 2 * held_out])


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "drawn",
            "drawn clips of ten activities, by things that the test alone has",
            ClipData(),
            training=TrainingConfig(epochs=7, batch_size=32, learning_rate=0.01),
        ),
        Preset(
            "file",
            "a CSV file of your own with the columns file,activity",
            ClipData(),
            training=TrainingConfig(epochs=40, batch_size=16, learning_rate=0.003),
        ),
    )
}


def default_preset(**options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset(), default_preset(file="mine.csv")
        ('drawn', 'file')
    """
    return "file" if "file" in options else "drawn"
