"""Presets of the task of date normalization."""

import dataclasses
import os

from dlseq.tasks.preset import Preset
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "DateData", "default_preset"]


@dataclasses.dataclass(frozen=True)
class DateData:
    """Source of date pairs.

    Args:
        source: Preset of `dlseq.data.dates.generator` from which pairs are drawn, or `None` for pairs of `file` only.
        locales: Locales to draw instead of the source's own, such as `("fr_FR",)`. Defaults to `()`.
        examples: Number of pairs of `source` to train on. Defaults to `10_000`.
        typed_share: Dates in further forms that people type, see `dlseq.data.dates.typed.generator`, to train on
            besides, as a share of `examples`. Defaults to `0.0`.
        doubtful_share: Texts that determine no date, see `dlseq.data.dates.typed.doubt`, likewise. Defaults to `0.0`.
        file: CSV file with the columns `text,iso` that replaces what is drawn. Defaults to `None`.
    """

    source: str | None
    locales: tuple[str, ...] = ()
    examples: int = 10_000
    typed_share: float = 0.0
    doubtful_share: float = 0.0
    file: str | os.PathLike | None = None


PRESETS = {
    preset.name: preset
    for preset in (
        Preset("course", "24 English forms", DateData("course"), training=TrainingConfig(epochs=10)),
        Preset(
            "world",
            "54 locales, as the model that is shipped",
            DateData("world", examples=200_000, typed_share=1.2, doubtful_share=0.4),
            sizes={"units": 96, "depth": 3, "recurrent_units": 64, "decoder_units": 128},
            training=TrainingConfig(epochs=3, batch_size=150, learning_rate=0.005),
        ),
        Preset(
            "file",
            "sizes for a file of your own, given with --data",
            DateData(None),
            training=TrainingConfig(epochs=40, batch_size=32, learning_rate=0.005, patience=8),
        ),
        Preset(
            "demo",
            "English as it is typed, in half a minute",
            DateData("world", ("en_US",), examples=24_000, doubtful_share=0.0625),
            sizes={"units": 64, "decoder_units": 64},
            training=TrainingConfig(epochs=5),
        ),
    )
}


def default_preset(file=None, **options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset(), default_preset(file="mine.csv")
        ('course', 'file')
    """
    return "course" if file is None else "file"
