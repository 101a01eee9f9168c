"""What a training run leaves behind: the model, its score beside it, and nothing else."""

import json
import os
from pathlib import Path

from dlseq.files import atomic_write
from dlseq.training.checkpoint import best_path
from dlseq.training.fit import TrainingRun

__all__ = ["checkpoint_path", "deliver"]


def checkpoint_path(out: str | os.PathLike) -> Path:
    """Gives the file beside `out` in which a run that makes `out` keeps its state.

    Example:
        >>> checkpoint_path("dates.keras").name
        'dates.checkpoint.keras'
    """
    return Path(out).with_suffix(".checkpoint.keras")


def deliver(model, out: str | os.PathLike, made: dict, training: TrainingRun) -> None:
    """Saves a trained model, writes how it was made and what it scored beside it, and clears the run's state away.

    Args:
        model: What has a `network` with `metadata`, and `save`.
        out: The `.keras` file; the same name ending in `.json` gets the score.
        made: Plain data: the score, the recipe, the command. It goes into the network's metadata too.
        training: What was done. The state of a run that was interrupted stays, so that it can be resumed.
    """
    model.network.metadata |= made
    model.save(out)
    with atomic_write(Path(out).with_suffix(".json")) as partial:
        partial.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    if training.stopped != "interrupted":
        for left_over in (checkpoint_path(out), best_path(checkpoint_path(out))):
            left_over.unlink(missing_ok=True)
