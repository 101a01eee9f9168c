"""What a run that was cut short had reached: where it stood, and the best epoch before."""

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from dlseq.training.fit import Checkpoint, KeepBest
from dlseq.training.saving import load_network, save_network

__all__ = ["Resumable", "SeedEachEpoch", "best_path", "resumable"]


@dataclasses.dataclass(frozen=True)
class Resumable:
    """Where a run begins.

    Args:
        network: The network to train: the one given, or the checkpoint's, compiled, with its optimizer.
        keep_best: A `KeepBest` that knows the best epoch so far and keeps a file of it.
        callbacks: What writes the checkpoint, after `keep_best`.
    """

    network: keras.Model
    keep_best: KeepBest
    callbacks: Sequence


class SeedEachEpoch(keras.callbacks.Callback):
    """Gives dropout random numbers that depend on the run's seed and the epoch, and not on what ran before.

    Keras does not save how many numbers a layer has drawn, so without this a resumed run drops other features than an
    undisturbed one.

    Args:
        seed: Integer, of the run.
    """

    def __init__(self, seed):
        super().__init__()
        self.seed = seed

    def on_epoch_begin(self, epoch, logs=None):
        states = [variable for variable in self.model.variables if variable.name == "seed_generator_state"]
        for place, state in enumerate(states):
            words = np.random.SeedSequence([self.seed, epoch, place]).generate_state(2)
            state.assign(words.astype(keras.backend.standardize_dtype(state.dtype)))


def best_path(checkpoint: str | os.PathLike) -> Path:
    """Gives the file of the best epoch that stands beside a checkpoint.

    Example:
        >>> best_path("names.checkpoint.keras").name
        'names.checkpoint.best.keras'
    """
    return Path(checkpoint).with_suffix(".best.keras")


def resumable(
    network: keras.Model, checkpoint: str | os.PathLike | None, resume: bool, *, monitor: str, mode: str
) -> Resumable:
    """Takes up a run where its checkpoint left it, or begins one that can be taken up.

    A checkpoint is the state after the last epoch, and the best epoch may be an earlier one; so the best weights are
    kept in a file of their own, and a resumed run chooses among all epochs, as an undisturbed one does.

    Args:
        network: The network as built, with `metadata`.
        checkpoint: The `.keras` file of the run, or None if it cannot be resumed.
        resume: Whether to take up what `checkpoint` holds, if it is there.
        monitor: The logged figure that decides which epoch is best.
        mode: "min" or "max": which way is better.

    Returns:
        A `Resumable`. Its `network` is another object than the one given if the checkpoint was taken up.

    Raises:
        ModelFileError: the checkpoint is something else.

    Example:
        >>> resumable(None, None, True, monitor="val_nats", mode="min").callbacks
        ()
    """
    keep_best = KeepBest(monitor, mode)
    if checkpoint is None:
        return Resumable(network, keep_best, ())
    best = best_path(checkpoint)
    if resume and Path(checkpoint).exists():
        network = load_network(checkpoint, type(network), optimizer=True)
        if best.exists():
            kept = load_network(best, type(network))
            keep_best.value, keep_best.epoch = kept.metadata["best"][monitor], kept.metadata["best"]["epoch"] - 1
            keep_best.weights = kept.get_weights()

    def write_best(logs):
        network.metadata["best"] = {"epoch": keep_best.epoch + 1, monitor: float(keep_best.value)}
        save_network(network, best)

    keep_best.on_best = write_best
    return Resumable(network, keep_best, (Checkpoint(checkpoint),))
