"""Presets of the task of named entity recognition."""

import dataclasses
import os

from dlseq.tasks.preset import Preset, Splits
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "EntityData", "default_preset"]

HELD_OUT_TEXTS = 2_000  # for validation, and for the test


@dataclasses.dataclass(frozen=True)
class EntityData:
    """Source of texts with entities.

    Args:
        examples: Number of texts to draw for training. Defaults to `40_000`.
        locales: Locales to draw from. Defaults to `()`, all.
        file: CoNLL file that replaces the drawn texts. Defaults to `None`.
    """

    examples: int = 40_000
    locales: tuple[str, ...] = ()
    file: str | os.PathLike | None = None

    def load(self, seed: int) -> Splits:
        """Return texts for training, and for validation and test such with names that are not in training.

        Raises:
            DataError: An unknown locale, or a file that cannot be used.

        Example:
            >>> splits = EntityData(examples=20, locales=("fr_FR",)).load(seed=0)
            >>> len(splits.train), splits.train[0].locale
            (20, 'fr_FR')
        """
        from dlseq.data.entities import read_conll, split_sentences, tagged_texts  # loads Faker and Babel

        if self.file is not None:
            return Splits(*split_sentences(read_conll(self.file)))
        held_out = min(HELD_OUT_TEXTS, self.examples)
        locales = self.locales or None
        sizes = {"train": self.examples, "validation": held_out, "names": held_out}
        return Splits(*(tagged_texts(size, split, seed=seed, locales=locales) for split, size in sizes.items()))


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "world",
            "persons, companies, places, dates, amounts and e-mail addresses in 16 locales",
            EntityData(),
            sizes={"units": 64, "dropout": 0.2, "unknown_rate": 0.15},
            training=TrainingConfig(epochs=5, batch_size=64, learning_rate=0.01),
        ),
        Preset(
            "file",
            "a CoNLL file of your own",
            EntityData(),
            sizes={"units": 64, "dropout": 0.3, "unknown_rate": 0.15},
            training=TrainingConfig(epochs=20, batch_size=32, learning_rate=0.01),
        ),
    )
}


def default_preset(**options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset(), default_preset(file="mine.conll")
        ('world', 'file')
    """
    return "file" if "file" in options else "world"
