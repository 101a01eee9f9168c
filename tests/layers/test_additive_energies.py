"""Additive energies in blocks of units: the numbers of one block, in bounded memory."""

import contextlib
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.layers import AttentionLayer, additive_energies

B, TQ, TV, UNITS = 2, 3, 5, 7
LIMITS = {"one block": 10**6, "blocks of 3": 3 * B * TQ * TV, "blocks of 1": 1}


def inputs():
    random = np.random.default_rng(1)
    return [tf.constant(random.normal(size=shape)) for shape in ((B, TQ, UNITS), (B, TV, UNITS), (UNITS,))]


def by_hand(query, keys, vector):
    return tf.einsum("bqvu,u->bqv", tf.tanh(query[:, :, None] + keys[:, None]), vector)


def derivatives(function, tensors, second=True):
    """The energies, and first and second derivatives of functions of them."""
    with tf.GradientTape() if second else contextlib.nullcontext() as outer:
        if second:
            outer.watch(tensors)
        with tf.GradientTape() as inner:
            inner.watch(tensors)
            energies = function(*tensors)
            loss = tf.reduce_sum(tf.sin(energies))
        first = inner.gradient(loss, tensors)
        penalty = sum(tf.reduce_sum(gradient**2) for gradient in first)
    return [energies, *first, *(outer.gradient(penalty, tensors) if second else ())]


@pytest.mark.parametrize(
    "sizes", ["eager", *(pytest.param(name, marks=pytest.mark.slow) for name in ("known", "unknown", "compiled"))]
)
@pytest.mark.parametrize("limit", LIMITS)
def test_blocks_give_the_numbers_and_derivatives_of_the_whole(monkeypatch, limit, sizes):
    monkeypatch.setattr(additive_energies, "MAX_ELEMENTS", LIMITS[limit])
    monkeypatch.setattr(additive_energies, "UNKNOWN_SIZE_UNITS", 2)
    tensors, second = inputs(), sizes != "compiled"  # XLA has no second derivative of a `cond` of unknown sizes
    run = derivatives
    if sizes != "eager":
        open_shapes = [(None, None, UNITS), (None, None, UNITS), (UNITS,)]
        open_shapes = [x.shape for x in tensors] if sizes == "known" else open_shapes
        signature = [tf.TensorSpec(shape, "float64") for shape in open_shapes]
        function = tf.function(
            lambda *tensors: derivatives(additive_energies.additive_energies, list(tensors), second),
            signature,
            jit_compile=sizes == "compiled",
        )
        run = lambda _, tensors: function(*tensors)  # noqa: E731
    found, expected = run(additive_energies.additive_energies, tensors), derivatives(by_hand, tensors, second)
    for left, right in zip(found, expected, strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("policy", ["float32", "float64", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("score", ["additive", "concat"])
def test_layers_above_the_limit_give_equal_weights(monkeypatch, floats, score, policy):
    layer, call = AttentionLayer(8, score=score, dtype=policy), {"return_attention_scores": True}
    tensors = [floats(2, 3, 4), floats(2, 5, 6)]
    layer(tensors)
    for weight in layer.trainable_weights:  # biases too
        weight.assign(np.cos(np.arange(np.prod(weight.shape))).reshape(weight.shape))
    context, weights = layer(tensors, **call)
    monkeypatch.setattr(additive_energies, "MAX_ELEMENTS", 100)
    found_context, found_weights = layer(tensors, **call)
    assert (found_context.dtype, found_weights.dtype) == (context.dtype, weights.dtype)
    atol = {"float64": 1e-6, "float32": 1e-6, "mixed_float16": 5e-3, "mixed_bfloat16": 5e-2}[policy]
    np.testing.assert_allclose(found_weights, weights, atol=atol)


@pytest.mark.parametrize("sizes", ["known", "unknown"])
def test_training_is_compiled_by_xla_with_any_sizes(floats, sizes):
    """A loop over blocks of a number known at run time only has no gradient in XLA."""
    length = (3, 5) if sizes == "known" else (None, None)
    query, value = keras.Input((length[0], 4)), keras.Input((length[1], 6))
    model = keras.Model([query, value], AttentionLayer(16)([query, value]))
    model.compile("sgd", "mse", jit_compile=True)
    inputs, target = [floats(4, 3, 4), floats(4, 5, 6)], floats(4, 3, 6)
    before = model.evaluate(inputs, target, verbose=0)
    model.fit(inputs, target, batch_size=4, epochs=5, verbose=0)
    assert model.evaluate(inputs, target, verbose=0) < before


MEMORY = """
import resource, sys
import tensorflow as tf
from dlseq.layers import AttentionLayer
length, unknown = int(sys.argv[1]), sys.argv[2] == "unknown"
layer = AttentionLayer(64)
layer.build([(None, None, 8), (None, None, 8)])
def step(x):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer([x, x]) ** 2)
    return tape.gradient(loss, [weight.value for weight in layer.trainable_weights])
step = tf.function(step, [tf.TensorSpec((None, None, 8) if unknown else (1, length, 8))])
if not unknown:
    step.get_concrete_function()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
step(tf.random.stateless_normal((1, length, 8), (1, 2)))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("sizes", ["known", "unknown"])
def test_the_gradient_of_a_long_sequence_stays_within_the_limit(sizes):
    """Sums of 4096 by 4096 by 64 units are 4 GiB, and their gradient was out of memory."""
    child = subprocess.run(
        [sys.executable, "-c", MEMORY, "4096", sizes], capture_output=True, text=True, check=False, timeout=200
    )
    assert child.returncode == 0, child.stderr[-2000:]
    assert int(child.stdout) < 3500  # MiB: a handful of blocks, and of weights of 64 MiB
