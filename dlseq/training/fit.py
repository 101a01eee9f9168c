"""The parts of a training run that every model here shares: what it measures, when it ends, what it keeps."""

import dataclasses
import time

import keras

from dlseq.training.saving import save_network

__all__ = ["Checkpoint", "KeepBest", "StopWhen", "TrainingRun", "adam", "run"]


class KeepBest(keras.callbacks.Callback):
    """Remembers the weights of the best epoch; `restore` puts them back, after an interruption too.

    Args:
        monitor: The name of the logged figure that decides. Defaults to `"val_loss"`.
        mode: `"min"` or `"max"`: which way is better. Defaults to `"min"`.
        on_best: Called with the epoch's logs when an epoch is the best so far. Defaults to `None`.
    """

    def __init__(self, monitor="val_loss", mode="min", on_best=None):
        super().__init__()
        self.monitor = monitor
        self.sign = 1 if mode == "max" else -1
        self.on_best = on_best
        self.value, self.epoch, self.weights = None, None, None

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is None or (self.value is not None and self.sign * value <= self.sign * self.value):
            return
        self.value, self.epoch, self.weights = value, epoch, self.model.get_weights()
        if self.on_best is not None:
            self.on_best(dict(logs))

    def restore(self):
        """Puts the best weights back; without a finished epoch the model stays as it is."""
        if self.weights is not None:
            self.model.set_weights(self.weights)


class StopWhen(keras.callbacks.Callback):
    """Ends training when the time is up, when a figure is good enough, or when it has stopped getting better.

    Args:
        monitor: The logged figure. Defaults to `"val_loss"`.
        mode: `"min"` or `"max"`: which way is better. Defaults to `"min"`.
        reached: Ends when the figure is at least (at most, for `"min"`) this. Defaults to `None`, never.
        patience: Ends after so many epochs without a new best. Defaults to `None`, never.
        seconds: Ends after so many seconds, within an epoch too. Defaults to `None`, never.

    `reason` says which it was: `"time"`, `"reached"`, `"patience"` or `None`.
    """

    def __init__(self, monitor="val_loss", mode="min", reached=None, patience=None, seconds=None):
        super().__init__()
        self.monitor = monitor
        self.sign = 1 if mode == "max" else -1
        self.reached = reached
        self.patience = patience
        self.seconds = seconds
        self.reason = None

    def on_train_begin(self, logs=None):
        self.started, self.best, self.waited, self.reason = time.monotonic(), None, 0, None

    def on_train_batch_end(self, batch, logs=None):
        if self.seconds is not None and time.monotonic() - self.started >= self.seconds:
            self._stop("time")

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get(self.monitor)
        if value is None:
            return
        value *= self.sign
        if self.reached is not None and value >= self.sign * self.reached:
            self._stop("reached")
        self.waited = 0 if self.best is None or value > self.best else self.waited + 1
        self.best = value if self.best is None else max(self.best, value)
        if self.patience is not None and self.waited >= self.patience:
            self._stop("patience")

    def _stop(self, reason):
        self.reason = self.reason or reason
        self.model.stop_training = True


class Checkpoint(keras.callbacks.Callback):
    """Writes the model with its optimizer after each epoch, whole or not at all, so that a run can be resumed.

    Args:
        path: The `.keras` file.
    """

    def __init__(self, path):
        super().__init__()
        self.path = path

    def on_epoch_end(self, epoch, logs=None):
        save_network(self.model, self.path, optimizer=True)


@dataclasses.dataclass(frozen=True)
class TrainingRun:
    """What a training run did.

    Args:
        history: The figures of each epoch, by name.
        seconds: How long it took.
        stopped: Why it ended: `"finished"`, `"time"`, `"reached"`, `"patience"` or `"interrupted"`.
        best_epoch: The epoch whose weights the model has now, counted from 1, or `None` if none was finished.
    """

    history: dict[str, list[float]]
    seconds: float
    stopped: str
    best_epoch: int | None


def adam(learning_rate, steps, warmup=50):
    """Adam with clipped gradients, whose rate rises for `warmup` steps and falls along a cosine to zero at `steps`."""
    schedule = keras.optimizers.schedules.CosineDecay(
        learning_rate / max(warmup, 1), max(steps - warmup, 1), warmup_target=learning_rate, warmup_steps=warmup
    )
    return keras.optimizers.Adam(schedule, beta_2=0.99, global_clipnorm=1.0)


def run(model, batches, steps, validation, *, epochs, first_epoch, keep_best, stop_when, callbacks=()):
    """Runs `fit`, keeps the best epoch's weights, and survives Ctrl-C.

    Args:
        model: A compiled Keras model.
        batches: An endless dataset of `(inputs, targets)`.
        steps: Batches an epoch.
        validation: `(inputs, targets)`.
        epochs: The epoch to end before.
        first_epoch: The epoch to begin with; not 0 when a run is resumed.
        keep_best: A `KeepBest`.
        stop_when: A `StopWhen`.
        callbacks: Keras callbacks besides, a progress display for one.

    Returns:
        A `TrainingRun`.
    """
    started = time.monotonic()
    model.optimizer.build(model.trainable_variables)  # within `fit` it would make the train step be traced twice
    history = keras.callbacks.History()
    history.set_model(model)
    interrupted = False
    try:
        model.fit(
            batches,
            epochs=epochs,
            initial_epoch=first_epoch,
            steps_per_epoch=steps,
            validation_data=validation,
            validation_batch_size=1000,
            shuffle=False,
            verbose=0,
            callbacks=[history, keep_best, stop_when, *callbacks],
        )
    except KeyboardInterrupt:
        interrupted = True
        for callback in callbacks:
            callback.on_train_end()
    keep_best.restore()
    return TrainingRun(
        history={name: [float(value) for value in values] for name, values in history.history.items()},
        seconds=time.monotonic() - started,
        stopped="interrupted" if interrupted else stop_when.reason or "finished",
        best_epoch=None if keep_best.epoch is None else keep_best.epoch + 1,
    )
