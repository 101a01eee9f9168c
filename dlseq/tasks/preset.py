"""Preset of a task: data, network sizes and training settings under one name."""

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dlseq.training.config import TrainingConfig

__all__ = ["Preset", "Splits"]


class Splits(NamedTuple):
    """Examples of a task in three parts; no example is in two of them."""

    train: list
    validation: list
    test: list


@dataclasses.dataclass(frozen=True)
class Preset:
    """Named settings with which a task is trained.

    Args:
        name: Name on the command line.
        description: Half a sentence for the command line's help.
        data: Arguments of the task's `load_data`, a frozen dataclass of the task.
        sizes: Network sizes, arguments of the task's `build`.
        training: Settings of the training run; its seed serves the data and the initial weights too.
    """

    name: str
    description: str
    data: Any
    sizes: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    training: TrainingConfig = dataclasses.field(default_factory=TrainingConfig)

    def to_dict(self) -> dict:
        """Return the settings as plain data for JSON; of a path only the file name.

        Example:
            >>> from dlseq.tasks.dates.presets import PRESETS
            >>> PRESETS["course"].to_dict()["data"]["examples"]
            10000
        """
        settings = dataclasses.asdict(self)
        del settings["description"]
        settings["data"] = {
            name: Path(value).name if isinstance(value, os.PathLike) else value
            for name, value in settings["data"].items()
        }
        return {"preset": settings.pop("name"), **settings}
