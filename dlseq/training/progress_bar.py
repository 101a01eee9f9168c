"""Progress display of a training run."""

from collections.abc import Sequence

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

__all__ = ["TrainingProgress", "stage_bars"]


class TrainingProgress(keras.callbacks.Callback):
    """Progress bar with epochs, loss and metrics; one line per epoch where the output is no terminal.

    Args:
        name: Label of the bar.
        metrics: Labels of the logged values to show, by name: `{"val_exact_match": "exact match"}`. A value whose
            name contains "match" is a share and is shown in percent.
        console: Rich console. Defaults to `None`, standard output.

    As a context manager around a whole training, it also shows the preparation of the data before the first epoch, and
    the test after the last one.
    """

    def __init__(self, name, metrics, console=None):
        super().__init__()
        self.name = name
        self.metrics = dict(metrics)
        self.console = console or Console(highlight=False)
        self.bar = self.status = None

    def __enter__(self):
        self._show_status("Preparing the data …")
        return self

    def __exit__(self, *exception):
        self._stop_status()

    def stage(self, name, metrics):
        """Return a progress bar of an earlier stage of the same training, on the same console."""
        self._stop_status()
        return TrainingProgress(name, metrics, self.console)

    def _show_status(self, text):
        self.status = self.console.status(text)
        self.status.start()

    def _stop_status(self):
        if self.status is not None:
            self.status.stop()

    def on_train_begin(self, logs=None):
        self._stop_status()
        self.epoch, self.metrics_text = 0, ""
        self.steps = self.params["steps"] or 0
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("epochs"),
            TextColumn("{task.fields[metrics]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self.task = self.bar.add_task(self.name, total=self.params["epochs"], metrics="")
        self.bar.start()

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        text = f"loss {loss:.4f}{self.metrics_text}" if loss is not None else self.metrics_text
        self.bar.update(self.task, completed=self.epoch + (batch + 1) / max(self.steps, 1), metrics=text)

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        self.metrics_text = "".join(
            f"  {label} {logs[name]:.2%}" if "match" in name else f"  {label} {logs[name]:.4f}"
            for name, label in self.metrics.items()
            if name in logs
        )
        text = f"loss {logs.get('loss', float('nan')):.4f}{self.metrics_text}"
        self.bar.update(self.task, completed=epoch + 1, metrics=text)
        if not self.console.is_terminal:
            self.console.print(f"epoch {epoch + 1}: {text}")

    def on_train_end(self, logs=None):
        """Stop the bar; `dlseq.training.fit.fit` calls this after Ctrl-C too."""
        if self.bar is not None:
            self.bar.stop()
        if self.status is not None:
            self._show_status("Testing …")


def stage_bars(callbacks: Sequence[keras.callbacks.Callback], name: str, metrics: dict[str, str]) -> list:
    """Return progress bars of an earlier stage, one for each progress bar among the callbacks of the whole training."""
    return [callback.stage(name, metrics) for callback in callbacks if isinstance(callback, TrainingProgress)]
