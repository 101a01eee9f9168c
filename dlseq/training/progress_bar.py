"""How far a training run is, as it runs."""

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

__all__ = ["TrainingProgress"]


class TrainingProgress(keras.callbacks.Callback):
    """Shows the epochs, the loss and the figures that matter; a bar in a terminal, a line an epoch elsewhere.

    Args:
        name: What is being trained.
        figures: Which logged figures of an epoch to show, and under what names: `{"val_exact_match": "exact match"}`.
            A share (between 0 and 1 and called a match) is shown in per cent.
        console: Where to. Defaults to `None`, standard output.
    """

    def __init__(self, name, figures, console=None):
        super().__init__()
        self.name = name
        self.figures = dict(figures)
        self.console = console or Console(highlight=False)

    def on_train_begin(self, logs=None):
        self.epoch, self.shown = 0, ""
        self.steps = self.params["steps"] or 0
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("epochs"),
            TextColumn("{task.fields[figures]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self.task = self.bar.add_task(self.name, total=self.params["epochs"], figures="")
        self.bar.start()

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        figures = f"loss {loss:.4f}{self.shown}" if loss is not None else self.shown
        self.bar.update(self.task, completed=self.epoch + (batch + 1) / max(self.steps, 1), figures=figures)

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        self.shown = "".join(
            f"  {label} {logs[name]:.2%}" if "match" in name else f"  {label} {logs[name]:.4f}"
            for name, label in self.figures.items()
            if name in logs
        )
        figures = f"loss {logs.get('loss', float('nan')):.4f}{self.shown}"
        self.bar.update(self.task, completed=epoch + 1, figures=figures)
        if not self.console.is_terminal:
            self.console.print(f"epoch {epoch + 1}: {figures}")

    def on_train_end(self, logs=None):
        self.close()

    def close(self):
        """Takes the bar down; called at the end, and by whoever catches an interruption."""
        self.bar.stop()
