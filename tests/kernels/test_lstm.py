"""Tests of the fused LSTM on batches that run as two halves."""

import numpy as np
import pytest
import tensorflow as tf

from dlseq.kernels import lstm
from dlseq.layers import LSTM

SEQUENCES = np.random.default_rng(0).normal(size=(9, 6, 3)).astype("float32")
LENGTHS = np.array([6, 0, 3, 5, 1, 6, 2, 4, 6])


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    """On a single core, such as that of a test run under `taskset`, no batch is split."""
    monkeypatch.setattr(lstm, "_has_single_core", lambda: False)


@pytest.mark.parametrize("rows", [0, 1, 2, 9])
@pytest.mark.parametrize("weights_of_kernel_gradient", [0, 10**6], ids=["wide", "narrow"])
def test_graphs_of_unknown_batches_have_the_outputs_and_gradients_of_the_loop(
    monkeypatch, rows, weights_of_kernel_gradient
):
    """A half without rows left the gradients of TensorFlow's kernel uninitialized."""
    monkeypatch.setattr(lstm, "MAX_KERNEL_GRADIENT_WEIGHTS", weights_of_kernel_gradient)
    layer, loop = (LSTM(4, return_sequences=True, return_state=True, fused=fused) for fused in ("auto", False))
    for each in (layer, loop):
        each.build((None, 6, 3))
    loop.set_weights(layer.get_weights())

    def compute(layer, sequences, mask):
        variables = [weight.value for weight in layer.trainable_weights]
        with tf.GradientTape() as tape:
            outputs = layer(sequences, mask=mask)
            loss = tf.add_n([tf.reduce_sum(tf.sin(output)) for output in outputs])
        return outputs, tape.gradient(loss, variables)

    signature = [tf.TensorSpec((None, 6, 3)), tf.TensorSpec((None, 6), tf.bool)]
    graph = tf.function(lambda *inputs: compute(layer, *inputs), input_signature=signature)
    sequences, mask = SEQUENCES[:rows], (np.arange(6) < LENGTHS[:, None])[:rows]
    found, expected = graph(sequences, mask), compute(loop, sequences, mask)
    for left, right in zip(tf.nest.flatten(found), tf.nest.flatten(expected), strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)


def test_only_batches_of_enough_rows_are_split(monkeypatch):
    calls = []
    one = lstm._fused_lstm
    monkeypatch.setattr(lstm, "_fused_lstm", lambda *args: calls.append(len(args[0])) or one(*args))
    for rows in (1, 7, 8, 9):
        LSTM(4)(SEQUENCES[:rows])
    assert calls == [1, 7, 4, 4, 4, 5]


def test_a_single_core_runs_the_batch_as_a_whole(monkeypatch):
    calls = []
    one = lstm._fused_lstm
    monkeypatch.setattr(lstm, "_fused_lstm", lambda *args: calls.append(len(args[0])) or one(*args))
    monkeypatch.setattr(lstm, "_has_single_core", lambda: True)
    LSTM(4)(SEQUENCES)
    assert calls == [9]
