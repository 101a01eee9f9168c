"""Keras's own LSTM gives the same on the fused kernel, whatever it is asked for."""

import itertools

import keras
import numpy as np
import pytest
from keras.src import backend

import dlseq.kernels.lstm as kernel
from dlseq.kernels.patch_keras_lstm import speed_up_keras_lstm

DRAW = np.random.default_rng(0)
X, MASK = DRAW.normal(size=(3, 5, 5)).astype("float32"), DRAW.random((3, 5)) > 0.4
FLAGS = ("return_sequences", "return_state", "go_backwards", "use_bias", "unroll")
ALL_FLAGS = [dict(zip(FLAGS, values, strict=True)) for values in itertools.product((False, True), repeat=len(FLAGS))]
ONE_FLAG = [{name: name == chosen for name in FLAGS} for chosen in (None, *FLAGS)]


@pytest.fixture
def both_ways(monkeypatch):
    """Runs something on Keras's own loop and on the fused kernel; gives both results, flat, and the kernel's calls."""
    calls, fused = [], kernel.fused_lstm
    monkeypatch.setattr(kernel, "fused_lstm", lambda *given, **more: calls.append(1) or fused(*given, **more))
    monkeypatch.setattr(backend, "lstm", getattr(backend.lstm, "__wrapped__", backend.lstm))  # set back in the end

    def run(make):
        theirs = _flat(make)
        assert speed_up_keras_lstm() and speed_up_keras_lstm() and not calls
        return theirs, _flat(make), len(calls)

    return run


def _flat(make):
    keras.utils.set_random_seed(3)
    return [np.asarray(one) for one in keras.tree.flatten(make())]


@pytest.mark.parametrize("masked", [False, True], ids=["whole", "masked"])
@pytest.mark.parametrize(("activation", "flags"), [("tanh", ALL_FLAGS), ("relu", ONE_FLAG)], ids=["usual", "unusual"])
def test_results_are_kerass_own_on_the_kernel_and_where_it_cannot_be_used(both_ways, activation, flags, masked):
    def results():
        return [
            keras.layers.LSTM(4, activation=activation, **chosen)(X, mask=MASK if masked else None) for chosen in flags
        ]

    theirs, ours, calls = both_ways(results)
    for one, other in zip(theirs, ours, strict=True):
        np.testing.assert_allclose(other, one, atol=1e-5)
    assert calls == sum(activation == "tanh" and chosen["use_bias"] and not chosen["unroll"] for chosen in flags)


def test_both_directions_are_kerass_own(both_ways):
    layer = lambda: keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True))(X)  # noqa: E731
    theirs, ours, calls = both_ways(layer)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert calls == 2


def test_gradients_are_kerass_own(both_ways):
    def losses():
        model = keras.Sequential([keras.Input((5, 5)), keras.layers.LSTM(4)])
        model.compile("sgd", "mse")
        return np.asarray(model.fit(X, np.ones((3, 4)), epochs=3, verbose=0).history["loss"])

    theirs, ours, calls = both_ways(losses)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert calls > 0 and ours[0][0] > ours[0][2]
