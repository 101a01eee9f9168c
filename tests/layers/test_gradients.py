"""Second derivatives and Jacobians: right with `fused=False`, an error with the kernel, never nothing in silence."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.kernels import lstm as fused_module
from dlseq.layers import LSTM, AttentionDecoder, TextEncoder

X = np.random.default_rng(2).normal(size=(2, 3, 4)).astype("float32")


def layers(**options):
    """An LSTM with the kernel, and one with the given options and the same weights."""
    made = LSTM(3), LSTM(3, **options)
    for layer in made:
        layer.build(X.shape)
        layer.set_weights([np.sin(np.arange(w.size)).reshape(w.shape) for w in layer.get_weights()])
    return made


def gradient(layer, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(layer(x) ** 2)
    return tape.gradient(loss, x)


def penalty_gradient(layer, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        penalty = tf.reduce_sum(gradient(layer, x) ** 2)
    return tape.gradient(penalty, x)


@pytest.mark.parametrize("unroll", [False, True])
def test_second_derivatives_of_the_loop_equal_finite_differences(unroll):
    _, layer = layers(fused=False, unroll=unroll, dtype="float64")
    x, step = tf.constant(X, "float64"), 1e-5
    found = penalty_gradient(layer, x).numpy()

    def penalty(values):
        return float(tf.reduce_sum(gradient(layer, tf.constant(values)) ** 2))

    for place in np.ndindex(2, 3, 4):
        shift = np.zeros(X.shape)
        shift[place] = step
        expected = (penalty(X + shift) - penalty(X - shift)) / (2 * step)
        assert found[place] == pytest.approx(expected, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("limit", "pfor"),
    [(2**16, True), *(pytest.param(*case, marks=pytest.mark.slow) for case in ((2**16, False), (0, True), (0, False)))],
)
def test_jacobians_of_the_kernel_equal_those_of_the_loop(monkeypatch, limit, pfor):
    """With TensorFlow's gradient of the kernel, and above the limit with that of wide layers."""
    monkeypatch.setattr(fused_module, "MAX_KERNEL_GRADIENT_WEIGHTS", limit)
    found = []
    for layer in layers(fused=False):
        with tf.GradientTape(persistent=True) as tape:
            x = tf.constant(X)
            tape.watch(x)
            y = layer(x)
        found.append((tape.jacobian(y, x, experimental_use_pfor=pfor), tape.batch_jacobian(y, x)))
    for left, right in zip(*found, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)


def forward_mode(layer, x):
    with tf.autodiff.ForwardAccumulator(x, tf.ones_like(x)) as accumulator:
        y = layer(x)
    return accumulator.jvp(y)


@pytest.mark.usefixtures("both_gradients")
@pytest.mark.parametrize("compute", [penalty_gradient, tf.function(penalty_gradient), forward_mode])
def test_derivatives_that_the_kernel_lacks_name_the_way_out(compute):
    """TensorFlow's own error was a LookupError for "BlockLSTMGrad"."""
    layer, other = layers(fused=False, unroll=True)
    with pytest.raises(NotImplementedError, match=r"LSTM\(\.\.\., fused=False\)"):
        compute(layer, tf.constant(X))
    assert np.abs(compute(other, tf.constant(X))).max() > 1e-3


@pytest.mark.parametrize("make", [TextEncoder, AttentionDecoder])
def test_a_penalty_through_a_layer_with_an_lstm_is_refused(make):
    """The gradient of the weights is what a gradient penalty needs; it is an error, never None or zero."""
    if make is TextEncoder:
        layer, inputs = TextEncoder(7, 4, recurrent_units=3), np.array([[1, 2, 3]])
    else:
        layer, inputs = AttentionDecoder(7, 4), [np.array([[1, 2]] * 2), X]
    layer(inputs)
    weights = [weight.value for weight in layer.trainable_weights]
    with pytest.raises(NotImplementedError, match="fused=False"), tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            loss = keras.ops.sum(layer(inputs) ** 2)
        gradients = inner.gradient(loss, weights)
        outer.gradient(sum(tf.reduce_sum(tf.convert_to_tensor(gradient) ** 2) for gradient in gradients), weights)
