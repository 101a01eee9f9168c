"""Presets of the task of name generation."""

import dataclasses
import os

from dlseq.data.names import load_names
from dlseq.errors import DataError
from dlseq.tasks.preset import Preset
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "NameData", "default_preset"]

SMALL_CORPUS = 2_000  # names; a smaller corpus gets a smaller network and smaller batches


@dataclasses.dataclass(frozen=True)
class NameData:
    """Source of names.

    Args:
        corpus: Name that `dlseq.data.names.load_names` knows. Defaults to `"dinosaurs"`.
        locales: Faker locale that replaces the corpus, a tuple of at most one. Defaults to `()`.
        file: Text file with one name per line that replaces the corpus. Defaults to `None`.
        lower: Whether names are converted to lower case. Defaults to `False`.
    """

    corpus: str = "dinosaurs"
    locales: tuple[str, ...] = ()
    file: str | os.PathLike | None = None
    lower: bool = False

    def load(self) -> list[str]:
        """Load the distinct names of the corpus, the locale or the file.

        Raises:
            DataError: More than one locale, or a corpus, locale or file without names.

        Example:
            >>> len(NameData().load())
            952
        """
        if len(self.locales) > 1:
            raise DataError(f"Expected one locale of names. Received: {', '.join(self.locales)}.")
        return load_names(self.file or next(iter(self.locales), self.corpus), lower=self.lower)


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "dinosaurs",
            "genera of dinosaurs; sizes for a small corpus",
            NameData("dinosaurs"),
            sizes={"embedding_units": 64, "units": 96, "dropout": 0.6},
            training=TrainingConfig(epochs=50, batch_size=32),
        ),
        Preset(
            "english",
            "English first names; sizes for a large corpus",
            NameData("english"),
            sizes={"units": 128, "dropout": 0.4},
            training=TrainingConfig(epochs=40, batch_size=128),
        ),
    )
}


def default_preset(**options) -> str:
    """Return the name of the preset for data options that are given without one, by the size of their corpus.

    Example:
        >>> default_preset(), default_preset(locales=("en",))
        ('dinosaurs', 'english')
    """
    return "dinosaurs" if len(NameData(**options).load()) < SMALL_CORPUS else "english"
