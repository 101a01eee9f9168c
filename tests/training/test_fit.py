"""Training loop: callbacks, learning rate, and resumption after the best epoch."""

import keras
import pytest

from dlseq.tasks.names.generation import NameGenerator
from dlseq.training.callbacks import BestWeights, StopTraining
from dlseq.training.checkpoint import best_path
from dlseq.training.config import TrainingConfig
from dlseq.training.fit import build_optimizer

NAMES = ["anna", "hanna", "nana", "johanna", "ann", "hans", "johann", "jan", "jana", "hannah", "joan", "nan"]


class Model:
    """The part of a Keras model that a callback uses."""

    def __init__(self):
        self.weights, self.stop_training = [0], False

    def get_weights(self):
        return list(self.weights)

    def set_weights(self, weights):
        self.weights = list(weights)


def run_epochs(callback, values, name="val_loss"):
    """Call a callback with one value per epoch until it stops training; return the number of epochs."""
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.weights = [epoch]
        callback.on_epoch_end(epoch, {name: value})
        if model.stop_training:
            return epoch + 1
    return len(values)


@pytest.mark.parametrize(("mode", "best"), [("min", 2), ("max", 1)])
def test_the_weights_of_the_best_epoch_are_restored(mode, best):
    callback = BestWeights("val_loss", mode)
    run_epochs(callback, [0.5, 0.9, 0.1, 0.3])
    callback.on_train_end()
    assert callback.model.weights == [best]
    assert callback.best_epoch == best


def test_without_a_completed_epoch_the_weights_stay():
    callback = BestWeights("val_loss", "min")
    callback.set_model(Model())
    callback.on_train_end()
    assert callback.model.weights == [0]
    assert callback.best_epoch is None


def test_patience_counts_epochs_without_improvement():
    callback = BestWeights("val_loss", "max", patience=2)
    assert run_epochs(callback, [0.5, 0.6, 0.6, 0.55, 0.9]) == 4
    assert callback.stopped_epoch


@pytest.mark.parametrize(
    ("settings", "values", "epochs", "reason"),
    [
        ({"mode": "max", "target": 0.99}, [0.5, 0.99, 0.999], 2, "target"),
        ({"mode": "min", "target": 0.1}, [0.5, 0.2, 0.1, 0.0], 3, "target"),
        ({"mode": "max"}, [0.5, 0.4, 0.3], 3, None),
    ],
)
def test_a_target_ends_training(settings, values, epochs, reason):
    callback = StopTraining("val_loss", **settings)
    assert run_epochs(callback, values) == epochs
    assert callback.reason == reason


def test_a_time_limit_ends_training_within_an_epoch():
    callback = StopTraining("val_loss", "min", seconds=0)
    callback.set_model(Model())
    callback.on_train_begin()
    callback.on_train_batch_end(0)
    assert callback.model.stop_training
    assert callback.reason == "time"


def test_the_learning_rate_rises_then_falls_to_zero():
    schedule = build_optimizer(0.01, steps=200, warmup=50)._learning_rate
    assert float(schedule(0)) < 0.001
    assert float(schedule(50)) == pytest.approx(0.01)
    assert float(schedule(200)) == pytest.approx(0, abs=1e-6)
    assert all(float(schedule(step)) >= float(schedule(step + 10)) for step in range(50, 190, 10))


def test_a_run_resumed_after_its_best_epoch_keeps_that_epoch(tmp_path):
    """The checkpoint holds the last epoch only; without the file beside it, a resumed run returned a worse one."""
    path, unlike = tmp_path / "run.keras", ["oooo", "hhh", "sss"]  # training on names makes these less probable

    def fit(epochs, seed, resume=False):
        generator = NameGenerator.build(NAMES, seed=seed, embedding_units=6, units=12)
        config = TrainingConfig(epochs=epochs, batch_size=3, learning_rate=0.05)
        return generator, generator.fit(NAMES, unlike, config, checkpoint=path, resume=resume)

    generator, first = fit(5, seed=5)
    assert first.best_epoch < 5
    resumed, second = fit(7, seed=6, resume=True)
    assert second.best_epoch == first.best_epoch
    (score,), (expected,) = resumed.score(unlike).values(), generator.score(unlike).values()
    assert score == pytest.approx(expected, abs=1e-5)
    assert score < min(second.history["val_nats"])
    assert keras.models.load_model(best_path(path), compile=False).metadata["best"]["epoch"] == first.best_epoch
