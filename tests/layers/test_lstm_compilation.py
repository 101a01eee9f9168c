"""Tests of the LSTM under XLA, in `fit` and `predict` with each `jit_compile`, without the kernel, and with a GPU."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.layers import LSTM, AttentionDecoder, TextEncoder, lstm, unfused

MASK = np.array([[1, 1, 1, 1], [1, 0, 1, 0], [0, 0, 0, 0]], "bool")


def outputs_and_gradients(layer, x, mask):
    with tf.GradientTape() as tape:
        outputs = layer(x, mask=mask)
        loss = tf.reduce_sum(tf.square(outputs))
    return [outputs, *tape.gradient(loss, [weight.value for weight in layer.trainable_weights])]


@pytest.mark.parametrize("mask", [pytest.param(None, marks=pytest.mark.slow), MASK], ids=["no mask", "mask"])
def test_xla_uses_the_loop_with_equal_outputs_and_gradients(floats, kernel_calls, mask):
    """XLA refused the kernel with three pages of text that named neither it nor a way out."""
    layer, x = LSTM(3, return_sequences=True), floats(3, 4, 5)
    expected = outputs_and_gradients(layer, x, mask)
    assert kernel_calls == [1]
    jitted = tf.function(lambda x: outputs_and_gradients(layer, x, mask), jit_compile=True)
    for found, right in zip(jitted(x), expected, strict=True):
        np.testing.assert_allclose(found, right, atol=1e-5)
    assert kernel_calls == [1]
    np.testing.assert_allclose(tf.function(layer)(x), layer(x), atol=1e-6)
    assert kernel_calls == [1, 1, 1]


def test_xla_compiles_encoder_and_decoder(kernel_calls):
    ids, targets = np.array([[1, 2, 3], [4, 0, 0]]), np.array([[1, 2], [3, 1]])
    encoder, decoder = TextEncoder(5, 4, recurrent_units=3), AttentionDecoder(6, 4)

    def network(ids, targets):
        return decoder([targets, encoder(ids)], mask=[None, encoder.compute_mask(ids)])

    expected = network(ids, targets)
    kernel_calls.clear()
    np.testing.assert_allclose(tf.function(network, jit_compile=True)(ids, targets), expected, atol=1e-5)
    assert kernel_calls == []


@pytest.mark.parametrize(
    ("fused", "jit_compile"),
    [
        ("auto", "auto"),
        ("auto", True),
        *(
            pytest.param(fused, jit_compile, marks=pytest.mark.slow)
            for fused, jit_compile in (("auto", False), (False, "auto"), (False, True), (False, False))
        ),
    ],
)
def test_training_is_the_same_for_each_jit_compile(floats, fused, jit_compile):
    x, y = floats(8, 4, 5), floats(8, 3)
    states = []
    for layer in (LSTM(3, fused=fused), keras.layers.LSTM(3)):
        model = keras.Sequential([keras.Input((None, 5)), layer])
        model.set_weights([np.full(weight.shape, 0.1, "float32") for weight in model.weights])
        options = {"jit_compile": jit_compile if isinstance(layer, LSTM) else False}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras names a model that does not support XLA
            model.compile(keras.optimizers.SGD(0.1), "mse", **options)
        model.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0)
        states.append([*model.get_weights(), model.predict(x, verbose=0)])
    for found, expected in zip(*states, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_keras_is_told_that_the_kernel_does_not_support_xla(floats):
    model = keras.Sequential([keras.Input((4, 5)), LSTM(3)])
    model.compile(loss="mse")
    assert model.jit_compile is False
    with pytest.warns(UserWarning, match="Model doesn't support `jit_compile=True`"):
        model.compile(loss="mse", jit_compile=True)
    looped = keras.Sequential([keras.Input((4, 5)), LSTM(3, fused=False)])
    looped.compile(loss="mse", jit_compile=True)
    assert looped.jit_compile is True


def test_unfused_uses_the_loop_and_is_restored(floats, kernel_calls):
    layer, x = LSTM(3), floats(3, 4, 5)
    with unfused():
        by_loop = layer(x)
        graph = tf.function(layer).get_concrete_function(tf.TensorSpec((None, None, 5)))
    assert kernel_calls == []
    assert "BlockLSTM" not in {node.op for node in graph.graph.as_graph_def().node}
    np.testing.assert_allclose(layer(x), by_loop, atol=1e-6)
    assert kernel_calls == [1]
    with pytest.raises(ZeroDivisionError), unfused():
        raise ZeroDivisionError
    layer(x)
    assert kernel_calls == [1, 1]


@pytest.fixture
def gpu(monkeypatch):
    """A machine on which TensorFlow lists a GPU; a list of the arguments of the calls of cuDNN."""
    calls = []
    real = tf.config.list_logical_devices
    device = tf.config.LogicalDevice("/device:GPU:0", "GPU")

    def devices(device_type=None):
        return [*real(device_type), *([device] if device_type in (None, "GPU") else [])]

    def cudnn(**arguments):
        calls.append(arguments)
        raise tf.errors.NotFoundError(None, None, "this machine has no cuDNN")

    monkeypatch.setattr(tf.config, "list_logical_devices", devices)
    monkeypatch.setattr(tf.raw_ops, "CudnnRNNV3", cudnn)
    lstm._has_accelerator.cache_clear()
    yield calls
    lstm._has_accelerator.cache_clear()


@pytest.mark.parametrize("mask", [None, np.arange(4) < np.array([[4], [2], [1]])], ids=["no mask", "right padding"])
def test_with_a_gpu_cudnn_runs_through_the_lstm_of_keras(gpu, floats, kernel_calls, mask):
    layer, x = LSTM(3, return_sequences=True, go_backwards=mask is None), floats(3, 4, 5)
    found = layer(x, mask=mask)  # as Keras finds no cuDNN in the end, it runs its loop
    [arguments] = gpu
    assert arguments["rnn_mode"] == "lstm" and arguments["input"].shape == (3, 4, 5)
    np.testing.assert_array_equal(arguments["sequence_lengths"], [4, 4, 4] if mask is None else [4, 2, 1])
    assert kernel_calls == []
    assert layer.supports_jit is False
    looped = LSTM.from_config({**layer.get_config(), "fused": False, "use_cudnn": False})
    looped.build(x.shape)
    looped.set_weights(layer.get_weights())
    np.testing.assert_allclose(found, looped(x, mask=mask), atol=1e-6)


def test_with_a_gpu_unsupported_arguments_use_the_loop(gpu, floats, kernel_calls):
    LSTM(3, recurrent_dropout=0.1)(floats(3, 4, 5), training=True)
    LSTM(3, activation="relu")(floats(3, 4, 5))
    assert gpu == [] and kernel_calls == []
