"""Training curves: every epoch is drawn and labeled, and invalid histories are refused."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from dlseq.errors import DlseqError
from dlseq.plots import training_curves


def test_each_panel_pairs_training_and_validation():
    history = {"loss": [3.0, 2.0, 1.5], "val_loss": [3.5, 2.5, 2.0], "val_exact_match": [0.0, 0.5, 0.75]}
    figure = training_curves(history, title="Dates")
    loss, match = figure.axes
    assert [line.get_ydata().tolist() for line in loss.lines] == [history["loss"], history["val_loss"]]
    assert loss.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert match.lines[0].get_ydata().tolist() == history["val_exact_match"]
    assert {"training 1.5", "validation 2", "loss", "Dates"} <= {text.get_text() for text in loss.texts}
    assert {"validation 0.75", "exact match"} <= {text.get_text() for text in match.texts}
    assert to_rgba(loss.lines[1].get_color()) == to_rgba(match.lines[0].get_color())


def test_labels_of_equal_ends_do_not_overlap():
    figure = training_curves({"loss": [3.0, 1.0], "val_loss": [3.0, 1.0]})
    renderer = figure.canvas.get_renderer()
    first, second = (t.get_window_extent(renderer) for t in figure.axes[0].texts if t.get_text().endswith(" 1"))
    assert not first.overlaps(second)


def test_one_epoch_is_a_dot_and_nan_is_a_gap():
    assert training_curves({"loss": [1.0]}).axes[0].lines[0].get_marker() == "o"
    assert np.isnan(training_curves({"loss": [1.0, np.nan, 2.0]}).axes[0].lines[0].get_ydata()[1])


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ({}, "at least one metric"),
        ({"loss": []}, "one number an epoch for 'loss'"),
        ({"loss": [1, float("inf")]}, "'loss'. Received: "),
        ({"loss": [[1, 2]]}, "one number an epoch"),
        ({"loss": ["a"]}, "one number an epoch"),
    ],
)
def test_invalid_histories_are_refused(history, message):
    with pytest.raises(DlseqError, match=message):
        training_curves(history)


def test_the_label_is_at_the_last_finite_value():
    texts = training_curves({"loss": [3.0, 2.0, np.nan]}).axes[0].texts
    assert next(text for text in texts if text.get_text() == "2").xy == (2, 2.0)
