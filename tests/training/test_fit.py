"""What every training run shares: its measure, its end, and what is left when it is cut short."""

import keras
import numpy as np
import pytest

from dlseq.training.fit import KeepBest, StopWhen, adam
from dlseq.training.losses_metrics import ExactMatch


class Model:
    """As much of a Keras model as a callback sees."""

    def __init__(self):
        self.weights, self.stop_training = [0], False

    def get_weights(self):
        return list(self.weights)

    def set_weights(self, weights):
        self.weights = list(weights)


def play(callback, values, name="val_loss"):
    """Feeds a callback one figure an epoch, until it stops the training; returns the epochs that were run."""
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.weights = [epoch]
        callback.on_epoch_end(epoch, {name: value})
        if model.stop_training:
            return epoch + 1
    return len(values)


def test_exact_match_counts_rows_of_which_every_symbol_is_right():
    draw = np.random.default_rng(0)
    true, logits = draw.integers(0, 3, (50, 4)), draw.normal(size=(50, 4, 3))
    logits[:20] = np.eye(3)[true[:20]] * 9
    metric = ExactMatch()
    for rows in (slice(0, 30), slice(30, 50)):
        metric.update_state(true[rows], logits[rows])
    assert float(metric.result()) == pytest.approx(np.mean((logits.argmax(-1) == true).all(axis=1)))


def test_exact_match_under_teacher_forcing_is_that_of_a_greedy_search(normalizer, course_pairs):
    _, held_out = course_pairs
    network = normalizer.network
    source = network.source_vocabulary.encode_batch([pair.text for pair in held_out])
    target = network.target_vocabulary.encode_batch([pair.iso for pair in held_out])
    metric = ExactMatch()
    metric.update_state(target, network({"source": source, "target": target}))
    assert 0.02 < float(metric.result()) < 0.999, "the model must get some right and some wrong for this to say much"
    assert float(metric.result()) == pytest.approx(normalizer.evaluate(held_out), abs=1e-6)


@pytest.mark.parametrize(("mode", "best"), [("min", 2), ("max", 1)])
def test_the_weights_of_the_best_epoch_come_back(mode, best):
    keep = KeepBest("val_loss", mode)
    play(keep, [0.5, 0.9, 0.1, 0.3])
    keep.restore()
    assert keep.model.weights == [best]
    assert keep.epoch == best


def test_without_a_finished_epoch_the_weights_stay():
    keep = KeepBest()
    keep.set_model(Model())
    keep.restore()
    assert keep.model.weights == [0]


@pytest.mark.parametrize(
    ("settings", "values", "epochs", "reason"),
    [
        ({"mode": "max", "reached": 0.99}, [0.5, 0.99, 0.999], 2, "reached"),
        ({"mode": "min", "reached": 0.1}, [0.5, 0.2, 0.1, 0.0], 3, "reached"),
        ({"mode": "max", "patience": 2}, [0.5, 0.6, 0.6, 0.55, 0.9], 4, "patience"),
        ({"mode": "max"}, [0.5, 0.4, 0.3], 3, None),
    ],
)
def test_training_ends_when_it_should(settings, values, epochs, reason):
    stop = StopWhen(**settings)
    assert play(stop, values) == epochs
    assert stop.reason == reason


def test_time_ends_training_within_an_epoch():
    stop = StopWhen(seconds=0)
    stop.set_model(Model())
    stop.on_train_begin()
    stop.on_train_batch_end(0)
    assert stop.model.stop_training
    assert stop.reason == "time"


def test_the_learning_rate_rises_then_falls_to_zero():
    rate = adam(0.01, steps=200, warmup=50).learning_rate
    schedule = adam(0.01, steps=200, warmup=50)._learning_rate
    assert float(schedule(50)) == pytest.approx(0.01)
    assert float(rate) < 0.001
    assert float(schedule(200)) == pytest.approx(0, abs=1e-6)
    assert all(float(schedule(step)) >= float(schedule(step + 10)) for step in range(50, 190, 10))


def test_keras_knows_the_metric_by_its_registered_name():
    assert keras.saving.get_registered_object("dlseq>ExactMatch") is ExactMatch
