"""Keras callbacks of a training run: best weights, stopping, reproducible dropout, checkpoints.

Early stopping is Keras's own. Three things are not in Keras. `EarlyStopping` forgets the best epoch when a run is
resumed, so `BestWeights` also keeps it in a file. `BackupAndRestore` and `ModelCheckpoint` overwrite their file in
place, so a process that is killed meanwhile leaves a damaged one; `WriteCheckpoint` replaces it atomically. And no
callback of Keras stops at a time limit within an epoch.
"""

import sys
import time
from pathlib import Path

import keras
import numpy as np

from dlseq.training.saving import load_network, save_network

__all__ = ["BestWeights", "SeedEachEpoch", "StopTraining", "WriteCheckpoint"]


class BestWeights(keras.callbacks.EarlyStopping):
    """Early stopping that restores the weights of the best epoch, in a resumed run too.

    `on_train_end` restores the weights. Keras does not call it after Ctrl-C; `dlseq.training.fit.fit` does.

    Args:
        monitor: Name of the logged value that decides.
        mode: `"min"` or `"max"`, the direction of improvement.
        patience: Epochs without improvement after which training stops. Defaults to `None`, never.
        path: `.keras` file of the best epoch so far. Defaults to `None`, no file.
        first_epoch: Number of completed epochs, of which `path` holds the best; 0 for a new run. Defaults to `0`.
    """

    def __init__(self, monitor, mode, patience=None, path=None, first_epoch=0):
        super().__init__(monitor, mode=mode, patience=patience or sys.maxsize, restore_best_weights=True)
        self.path = path
        self.first_epoch = first_epoch
        self.best_epoch = None

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.best_epoch = None
        if self.first_epoch and self.path is not None and Path(self.path).exists():
            network = load_network(self.path, type(self.model))
            best = network.metadata["best"]
            self.best, self.best_epoch = best[self.monitor], best["epoch"] - 1
            self.best_weights = network.get_weights()
            self.wait = self.first_epoch - 1 - self.best_epoch

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        if self.path is not None and self.best_epoch == epoch:
            self.model.metadata["best"] = {"epoch": epoch + 1, self.monitor: float(self.best)}
            save_network(self.model, self.path)


class StopTraining(keras.callbacks.Callback):
    """End of training at a time limit or at a target value.

    Args:
        monitor: Name of the logged value.
        mode: `"min"` or `"max"`, the direction of improvement.
        target: Value to reach. Defaults to `None`, never.
        seconds: Time limit, checked after every batch. Defaults to `None`, never.

    `reason` is `"time"`, `"target"` or `None`.
    """

    def __init__(self, monitor, mode, target=None, seconds=None):
        super().__init__()
        self.monitor = monitor
        self.sign = 1 if mode == "max" else -1
        self.target = target
        self.seconds = seconds
        self.reason = None

    def on_train_begin(self, logs=None):
        self.started, self.reason = time.monotonic(), None

    def on_train_batch_end(self, batch, logs=None):
        if self.seconds is not None and time.monotonic() - self.started >= self.seconds:
            self._stop("time")

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if self.target is not None and value is not None and self.sign * value >= self.sign * self.target:
            self._stop("target")

    def _stop(self, reason):
        self.reason = self.reason or reason
        self.model.stop_training = True


class SeedEachEpoch(keras.callbacks.Callback):
    """Dropout seeds that depend on the run's seed and the epoch only, so that a resumed run repeats them.

    Keras does not save the state of the seed generators.

    Args:
        seed: Integer, the seed of the run.
    """

    def __init__(self, seed):
        super().__init__()
        self.seed = seed

    def on_epoch_begin(self, epoch, logs=None):
        states = [variable for variable in self.model.variables if variable.name == "seed_generator_state"]
        for index, state in enumerate(states):
            words = np.random.SeedSequence([self.seed, epoch, index]).generate_state(2)
            state.assign(words.astype(keras.backend.standardize_dtype(state.dtype)))


class WriteCheckpoint(keras.callbacks.Callback):
    """Checkpoint of network and optimizer after each epoch, written atomically.

    Args:
        path: `.keras` file.
    """

    def __init__(self, path):
        super().__init__()
        self.path = path

    def on_epoch_end(self, epoch, logs=None):
        save_network(self.model, self.path, optimizer=True)
