"""Tests of the Keras LSTM patch: equal results, and a version test of the patched function."""

import itertools

import keras
import numpy as np
import pytest
from keras.src import backend

import dlseq.kernels.lstm as kernel
from dlseq.kernels.patch_keras_lstm import patch_keras_lstm

RNG = np.random.default_rng(0)
X, MASK = RNG.normal(size=(3, 5, 5)).astype("float32"), RNG.random((3, 5)) > 0.4
FLAGS = ("return_sequences", "return_state", "go_backwards", "use_bias", "unroll")
ALL_FLAGS = [dict(zip(FLAGS, values, strict=True)) for values in itertools.product((False, True), repeat=len(FLAGS))]
SINGLE_FLAGS = [{name: name == chosen for name in FLAGS} for chosen in (None, *FLAGS)]


@pytest.fixture
def run_both(monkeypatch):
    """A function that returns results without and with the patch, and the number of kernel calls."""
    calls, fused_lstm = [], kernel.fused_lstm
    monkeypatch.setattr(kernel, "fused_lstm", lambda *args, **kwargs: calls.append(1) or fused_lstm(*args, **kwargs))
    monkeypatch.setattr(backend, "lstm", getattr(backend.lstm, "__wrapped__", backend.lstm))  # restored at the end

    def run(make):
        expected = _flat(make)
        assert patch_keras_lstm() and patch_keras_lstm() and not calls
        return expected, _flat(make), len(calls)

    return run


def _flat(make):
    keras.utils.set_random_seed(3)
    return [np.asarray(array) for array in keras.tree.flatten(make())]


def test_keras_still_calls_the_patched_function(monkeypatch):
    """A failure means that Keras has renamed its LSTM loop; see keras/src/layers/rnn/lstm.py for the new name."""
    import inspect

    from keras.src.layers.rnn import lstm

    message = f"Keras {keras.__version__} no longer calls keras.src.backend.lstm: update or delete the patch"
    assert callable(getattr(backend, "lstm", None)), message
    assert "backend.lstm(" in inspect.getsource(lstm), message
    original = getattr(backend.lstm, "__wrapped__", backend.lstm)
    expected = ["kernel", "recurrent_kernel", "bias", "activation", "recurrent_activation"]
    names = list(inspect.signature(original).parameters)
    assert names[3] == "mask" and set(expected) <= set(names), message


def test_patch_does_nothing_if_the_function_is_missing(monkeypatch):
    monkeypatch.delattr(backend, "lstm")
    assert patch_keras_lstm() is False
    assert not hasattr(backend, "lstm")


@pytest.mark.parametrize("masked", [pytest.param(False, marks=pytest.mark.slow), True], ids=["unmasked", "masked"])
@pytest.mark.parametrize(
    ("activation", "flags"), [("tanh", ALL_FLAGS), ("relu", SINGLE_FLAGS)], ids=["default", "other activation"]
)
def test_results_equal_those_of_keras(run_both, activation, flags, masked):
    def results():
        return [
            keras.layers.LSTM(4, activation=activation, **chosen)(X, mask=MASK if masked else None) for chosen in flags
        ]

    expected, patched, calls = run_both(results)
    for keras_result, patched_result in zip(expected, patched, strict=True):
        np.testing.assert_allclose(patched_result, keras_result, atol=1e-5)
    assert calls == sum(activation == "tanh" and chosen["use_bias"] and not chosen["unroll"] for chosen in flags)


def test_bidirectional_results_equal_those_of_keras(run_both):
    layer = lambda: keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True))(X)  # noqa: E731
    expected, patched, calls = run_both(layer)
    np.testing.assert_allclose(patched, expected, atol=1e-5)
    assert calls == 2


def test_training_losses_equal_those_of_keras(run_both):
    def losses():
        model = keras.Sequential([keras.Input((5, 5)), keras.layers.LSTM(4)])
        model.compile("sgd", "mse")
        return np.asarray(model.fit(X, np.ones((3, 4)), epochs=3, verbose=0).history["loss"])

    expected, patched, calls = run_both(losses)
    np.testing.assert_allclose(patched, expected, atol=1e-5)
    assert calls > 0 and patched[0][0] > patched[0][2]
