"""Training of a task from a preset to a saved and tested model."""

import dataclasses
import os
from collections.abc import Sequence

import keras

from dlseq.files import check_writable
from dlseq.tasks.base import Task
from dlseq.tasks.preset import Preset, Splits
from dlseq.training.checkpoint import checkpoint_path, save_artifacts
from dlseq.training.config import TrainingRun

__all__ = ["Trained", "train"]

SCORE_DIGITS = 6


@dataclasses.dataclass(frozen=True)
class Trained:
    """Trained model with its score on the test split.

    Args:
        model: Model with the weights of its best epoch.
        splits: Examples that it was trained, validated and tested on.
        score: Scores on the test examples, by name.
        run: Result of the training.
    """

    model: Task
    splits: Splits
    score: dict[str, float]
    run: TrainingRun


def train(
    task: type[Task],
    preset: Preset,
    *,
    out: str | os.PathLike | None = None,
    resume: bool = False,
    command: str | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> Trained:
    """Load the data of a preset, build and train a model, test it, and save it with its score.

    Args:
        task: Class of the task, see `dlseq.tasks.registry.load_task`.
        preset: Data, sizes and training settings, see `dlseq.tasks.registry.find_preset`.
        out: `.keras` file to write, with a `.json` file of its score and settings beside it. During the run, its
            checkpoint is beside it too. Defaults to `None`, no files.
        resume: Whether to continue from the checkpoint of an interrupted run. Defaults to `False`.
        command: Command line that made the model, for its metadata. Defaults to `None`.
        callbacks: Further Keras callbacks, such as a progress bar.

    Returns:
        A `Trained`. Score, settings and command are in the metadata of its network too.

    Raises:
        DataError: The data cannot be used.
        DlseqError: `out` cannot be written.
    """
    if out is not None:
        check_writable(out, ".keras")
    seed = preset.training.seed
    splits = task.load_data(preset.data, seed=seed)
    model = task.build(splits.train, seed=seed, **preset.sizes, **task.build_arguments(preset.data))
    run = model.fit(
        splits.train,
        splits.validation,
        preset.training,
        checkpoint=None if out is None else checkpoint_path(out),
        resume=resume,
        callbacks=callbacks,
    )
    score = {name: round(value, SCORE_DIGITS) for name, value in model.score(splits.test).items()}
    report = {**score, "tested": len(splits.test), "command": command, **preset.to_dict()}
    model.network.metadata |= {**report, **model.metadata(splits)}
    if out is not None:
        save_artifacts(model.network, out, report, run)
    return Trained(model, splits, score, run)
