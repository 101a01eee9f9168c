"""Progress of a training run on a terminal and in a log, without a training."""

import io

import keras
from rich.console import Console

from dlseq.training.progress_bar import TrainingProgress, stage_bars

METRICS = {"val_match": "right"}


def shown_text(terminal):
    """Output of a run of one epoch with an earlier stage."""
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, highlight=False)
    with TrainingProgress("dates", METRICS, console) as progress:
        for bar in (*stage_bars([keras.callbacks.History(), progress], "drawings", METRICS), progress):
            bar.set_params({"epochs": 1, "steps": 2})
            bar.on_train_begin()
            bar.on_epoch_begin(0)
            bar.on_train_batch_end(1, {"loss": 0.5})
            bar.on_epoch_end(0, {"loss": 0.5, "val_match": 0.25})
            bar.on_train_end()
    return console.file.getvalue()


def test_terminal_shows_every_phase_of_a_training(monkeypatch):
    """The data of large presets takes seconds to draw, and the test after training as well."""
    monkeypatch.setenv("TERM", "xterm")
    text = shown_text(True)
    phases = ["Preparing the data", "drawings", "dates", "right 25.00%", "Testing"]
    places = [text.rindex(phase) if phase == "Testing" else text.index(phase) for phase in phases]
    assert places[:3] == sorted(places[:3]) and max(places) == places[-1]


def test_log_has_a_line_for_each_epoch():
    assert shown_text(False).splitlines() == ["epoch 1: loss 0.5000  right 25.00%"] * 2
