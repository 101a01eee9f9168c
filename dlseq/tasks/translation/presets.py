"""Presets of the task of translation."""

import dataclasses
import os

from dlseq.tasks.preset import Preset
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "TranslationData", "default_preset"]


@dataclasses.dataclass(frozen=True)
class TranslationData:
    """Source of translation pairs.

    Args:
        language: Source language of `dlseq.data.translations`, "fr" or "ko", or `None` for pairs of `file` only.
        examples: Number of pairs to train on. Defaults to `90_000`.
        max_words: Largest number of words of a target. Defaults to `40`.
        file: Tab-separated file of English sentences and their translations that replaces what is drawn, see
            `dlseq.data.translations.tsv_file`. Defaults to `None`.
        plain_share: Share kept of drawn training sentences without words that only their context decides, see
            `dlseq.data.translations.translation_pairs`. Defaults to `1.0`.
    """

    language: str | None
    examples: int = 90_000
    max_words: int = 40
    file: str | os.PathLike | None = None
    plain_share: float = 1.0


SIZES = {
    "units": 96,
    "depth": 1,
    "kernel_size": 3,
    "recurrent_units": 64,
    "keep_embedding": True,
    "decoder_units": 112,
}
REACH_TO_VERB = 24  # words from a Korean subject to the verb at the end of its clause
ALIGNED = {**SIZES, "feeding": "aligned", "guidance": 0.5}
TRAINING = TrainingConfig(epochs=2, batch_size=40, learning_rate=0.005)

PRESETS = {
    preset.name: preset
    for preset in (
        Preset("fr-en", "French to English, as the model that is shipped", TranslationData("fr"), ALIGNED, TRAINING),
        Preset(
            "ko-en",
            "Korean to English, as the model that is shipped",
            TranslationData("ko", examples=80_000, plain_share=0.3),
            {**ALIGNED, "reach": REACH_TO_VERB},
            dataclasses.replace(TRAINING, epochs=3),
        ),
        Preset(
            "file",
            "sizes for a parallel corpus of your own, given with --data",
            TranslationData(None),
            {**SIZES, "decoder_units": 128, "dropout": 0.2},
            TrainingConfig(epochs=30, batch_size=32, learning_rate=0.005, patience=6, short_first=2),
        ),
    )
}


def default_preset(file=None, **options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset(), default_preset(file="pairs.tsv")
        ('fr-en', 'file')
    """
    return "fr-en" if file is None else "file"
