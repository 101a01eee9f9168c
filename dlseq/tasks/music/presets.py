"""Presets of the task of music generation."""

import dataclasses
import os

from dlseq.data.music import Melody, load_chorales, read_melodies
from dlseq.tasks.preset import Preset
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "MelodyData", "default_preset"]


@dataclasses.dataclass(frozen=True)
class MelodyData:
    """Source of melodies.

    Args:
        file: Table with the columns key and notes that replaces the chorales. Defaults to `None`.
    """

    file: str | os.PathLike | None = None

    def load(self) -> list[Melody]:
        """Load the chorales, or the melodies of the file.

        Raises:
            DataError: The file cannot be read, or a line is wrong.

        Example:
            >>> len(MelodyData().load())
            356
        """
        return load_chorales() if self.file is None else read_melodies(self.file)


PRESETS = {
    "chorales": Preset(
        "chorales",
        "soprano melodies of Bach's chorales",
        MelodyData(),
        sizes={"embedding_units": 64, "units": 192, "embedding_dropout": 0.35, "dropout": 0.65},
        training=TrainingConfig(epochs=24, batch_size=16),
    )
}


def default_preset(**options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset()
        'chorales'
    """
    return "chorales"
