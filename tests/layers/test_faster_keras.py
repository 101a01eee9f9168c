"""Keras's own LSTM gives the same on the fused kernel, whatever it is asked for."""

import subprocess
import sys

CODE = """
import itertools
import keras
import numpy as np
from dlseq.kernels.faster_keras import speed_up_keras_lstm

draw = np.random.default_rng(0)
x, mask = draw.normal(size=(3, 7, 5)).astype("float32"), draw.random((3, 7)) > 0.4
flags = ("return_sequences", "return_state", "go_backwards", "use_bias", "unroll")

def all_results():
    found = []
    for values in itertools.product((False, True), repeat=len(flags)):
        for activation, masked in itertools.product(("tanh", "relu"), (False, True)):
            keras.utils.set_random_seed(3)
            layer = keras.layers.LSTM(4, activation=activation, **dict(zip(flags, values)))
            found.append(layer(x, mask=mask if masked else None))
    keras.utils.set_random_seed(3)
    found.append(keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True))(x))
    model = keras.Sequential([keras.Input((7, 5)), keras.layers.LSTM(4)])
    model.compile("sgd", "mse")
    found.append(np.asarray(model.fit(x, np.ones((3, 4)), epochs=3, verbose=0).history["loss"]))
    return found

before = all_results()
assert speed_up_keras_lstm() and speed_up_keras_lstm()
calls, kernel = [], __import__("dlseq.kernels.lstm").kernels.lstm
fused = kernel.fused_lstm
kernel.fused_lstm = lambda *given, **more: calls.append(1) or fused(*given, **more)
for one, other in zip(before, all_results(), strict=True):
    one, other = (list(map(np.asarray, r)) if isinstance(r, (list, tuple)) else [np.asarray(r)] for r in (one, other))
    for old, new in zip(one, other, strict=True):
        np.testing.assert_allclose(new, old, atol=1e-5)
assert len(calls) >= 16 + 2, len(calls)
"""


def test_results_gradients_and_fallbacks_are_kerass_own():
    child = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr[-2000:]
