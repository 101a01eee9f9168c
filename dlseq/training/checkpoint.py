"""Checkpoint files of a training run, and the files that a finished run leaves."""

import json
import os
from pathlib import Path

import keras

from dlseq.errors import ModelFileError
from dlseq.files import atomic_write
from dlseq.training.config import TrainingRun
from dlseq.training.saving import load_network, save_network

__all__ = ["best_path", "checkpoint_path", "restore_checkpoint", "save_artifacts"]


def checkpoint_path(out: str | os.PathLike) -> Path:
    """Return the path of the checkpoint beside the output file of a run.

    Example:
        >>> checkpoint_path("dates.keras").name
        'dates.checkpoint.keras'
    """
    return Path(out).with_suffix(".checkpoint.keras")


def best_path(checkpoint: str | os.PathLike) -> Path:
    """Return the path of the best epoch's weights beside a checkpoint.

    A checkpoint holds the state after the last epoch. The best epoch may be an earlier one, so it has a file of its
    own, and a resumed run chooses among all epochs, as an uninterrupted one does.

    Example:
        >>> best_path("names.checkpoint.keras").name
        'names.checkpoint.best.keras'
    """
    return Path(checkpoint).with_suffix(".best.keras")


def restore_checkpoint(network: keras.Model, checkpoint: str | os.PathLike) -> None:
    """Load weights, metadata and optimizer state of a checkpoint into a compiled network.

    Args:
        network: Network with the class, sizes and vocabularies of the one that was checkpointed; its optimizer is
            built.
        checkpoint: `.keras` file that `WriteCheckpoint` has written.

    Raises:
        ModelFileError: The file is damaged, or of a network with another class, other sizes or another vocabulary.
    """
    saved = load_network(checkpoint, type(network), optimizer=True)
    if _architecture(saved) != _architecture(network):
        raise ModelFileError(
            f"Cannot resume from {checkpoint}: expected the checkpoint of a network with the same sizes and "
            "vocabularies. Received: another one. Train with the same preset, data and seed, or without --resume."
        )
    network.metadata |= saved.metadata
    network.set_weights(saved.get_weights())
    for variable, value in zip(network.optimizer.variables, saved.optimizer.variables, strict=True):
        variable.assign(value)


def _architecture(network):
    """Return the configuration without name and metadata, as JSON: a saved tuple is loaded as a list."""
    config = {key: value for key, value in network.get_config().items() if key not in ("name", "metadata")}
    return json.dumps(config, sort_keys=True)


def save_artifacts(network: keras.Model, out: str | os.PathLike, report: dict, run: TrainingRun) -> None:
    """Save a trained network with a JSON report beside it, and delete the checkpoint files of the run.

    Args:
        network: Trained network.
        out: `.keras` file; the report goes to the same name with the suffix `.json`.
        report: Score, settings and command, as plain data.
        run: Result of the training. The checkpoint of an interrupted run stays, so that it can be resumed.
    """
    save_network(network, out)
    with atomic_write(Path(out).with_suffix(".json")) as partial:
        partial.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if run.stopped != "interrupted":
        for path in (checkpoint_path(out), best_path(checkpoint_path(out))):
            path.unlink(missing_ok=True)
