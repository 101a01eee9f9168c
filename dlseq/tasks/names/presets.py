"""Presets of the task of name generation."""

import dataclasses
import os

from dlseq.data.names import load_name_counts, load_names
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
        file: Text file that replaces the corpus, with one name per line or with columns such as `Mary,F,7065`.
            Defaults to `None`.
        lower: Whether names are converted to lower case. Defaults to `False`.
        unweighted: Whether the counts of a file are ignored, so that a model learns each name alike. Defaults to
            `False`: it learns names in proportion to their counts.
    """

    corpus: str = "dinosaurs"
    locales: tuple[str, ...] = ()
    file: str | os.PathLike | None = None
    lower: bool = False
    unweighted: bool = False

    def load(self) -> list[str]:
        """Load the distinct names of the corpus, the locale or the file.

        Raises:
            DataError: More than one locale, or a corpus, locale or file without names.

        Example:
            >>> len(NameData().load())
            952
        """
        return load_names(self._source(), lower=self.lower)

    def load_counts(self) -> dict[str, int]:
        """Load the distinct names with their counts, all 1 if `unweighted`.

        Raises:
            DataError: See `load`.
        """
        counts = load_name_counts(self._source(), lower=self.lower)
        return dict.fromkeys(counts, 1) if self.unweighted else counts

    def _source(self):
        if len(self.locales) > 1:
            raise DataError(f"Expected one locale of names. Received: {', '.join(self.locales)}.")
        return self.file or next(iter(self.locales), self.corpus)


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
