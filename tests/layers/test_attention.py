"""Tests of AttentionLayer against NumPy, finite differences and the attention layers of Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.layers import AttentionLayer

ALL_SCORES = ["additive", "concat", "dot", "general"]


def weights_of(layer):
    return {name_of(weight): np.asarray(weight, "float64") for weight in layer.weights}


def name_of(weight):
    """Return the name of a weight in the formulas of this file, such as "key_kernel" for key_dense/kernel."""
    dense, name = weight.path.split("/")[-2:]
    dense = dense.removesuffix("_dense")
    return "bias" if (dense, name) == ("key", "bias") else f"{dense}_{name}"


def with_random_weights(layer, shapes, seed=0):
    """Build a layer and set all weights, including biases, to random numbers."""
    layer.build(shapes)
    random = np.random.default_rng(seed)
    layer.set_weights([random.normal(size=weight.shape) for weight in layer.weights])
    return layer


def energy(score, weights, query, key):
    """Return the energy of a query and a key by the formula of the docstring."""
    if score == "general":
        return query @ (key @ weights["key_kernel"])
    if score == "dot":
        scale = np.sqrt(weights["query_kernel"].shape[1])
        return (query @ weights["query_kernel"]) @ (key @ weights["key_kernel"]) / scale
    if score == "concat":
        both = np.concatenate([weights["query_kernel"], weights["key_kernel"]])
        met = np.tanh(np.concatenate([query, key]) @ both + weights["bias"])
        return (met @ weights["energy_kernel"])[0] + weights["energy_bias"][0]
    met = np.tanh(query @ weights["query_kernel"] + key @ weights["key_kernel"])
    return (met @ weights["energy_kernel"])[0]


def by_hand(score, weights, query, value, key=None, mask=None, activation=lambda x: x, causal=False):
    """Return context and weights, computed by loops over rows, queries and keys."""
    key = value if key is None else key
    rows, queries, steps = len(query), query.shape[1], value.shape[1]
    probabilities = np.zeros((rows, queries, steps))
    for b, i in np.ndindex(rows, queries):
        unmasked = [j for j in range(steps) if (mask is None or mask[b, j]) and not (causal and j > i)]
        if unmasked:
            energies = np.array([activation(energy(score, weights, query[b, i], key[b, j])) for j in unmasked])
            exponentials = np.exp(energies - energies.max())
            probabilities[b, i, unmasked] = exponentials / exponentials.sum()
    return np.einsum("bij,bjd->bid", probabilities, value), probabilities


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("queries", "steps"), [(3, 5), (5, 3)])
@pytest.mark.parametrize("score", ALL_SCORES)
def test_context_and_weights_are_those_of_numpy(floats, score, queries, steps, causal):
    layer = with_random_weights(AttentionLayer(8, score=score), [(2, queries, 4), (2, steps, 6)])
    query, value = floats(2, queries, 4), floats(2, steps, 6)
    mask = np.array([[True] * steps, [False, True] + [False] * (steps - 2)])
    found = layer([query, value], mask=[None, mask], return_attention_scores=True, use_causal_mask=causal)
    expected = by_hand(score, weights_of(layer), query, value, mask=mask, causal=causal)
    for actual, right in zip(found, expected, strict=True):
        np.testing.assert_allclose(actual, right, atol=2e-5)


@pytest.mark.parametrize("score", ALL_SCORES)
def test_separate_keys_are_scored_and_values_are_averaged(floats, score):
    layer = with_random_weights(AttentionLayer(8, score=score), [(2, 3, 4), (2, 5, 6), (2, 5, 7)])
    query, value, key = floats(2, 3, 4), floats(2, 5, 6), floats(2, 5, 7)
    found = layer([query, value, key], return_attention_scores=True)
    expected = by_hand(score, weights_of(layer), query, value, key=key)
    for actual, right in zip(found, expected, strict=True):
        np.testing.assert_allclose(actual, right, atol=2e-5)


@pytest.mark.parametrize(("name", "activation"), [("relu", lambda x: max(x, 0.0)), ("tanh", np.tanh)])
@pytest.mark.parametrize("score", ALL_SCORES)
def test_energy_activation_precedes_the_softmax(floats, score, name, activation):
    layer = with_random_weights(AttentionLayer(8, score=score, energy_activation=name), [(2, 3, 4), (2, 5, 6)])
    query, value = floats(2, 3, 4), floats(2, 5, 6)
    _, found = layer([query, value], return_attention_scores=True)
    _, expected = by_hand(score, weights_of(layer), query, value, activation=activation)
    np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("score", ALL_SCORES)
def test_a_query_without_time_axis_has_one_step(floats, score):
    layer = with_random_weights(AttentionLayer(8, score=score), [(2, 4), (2, 5, 6)])
    query, value = floats(2, 4), floats(2, 5, 6)
    context, weights = layer([query, value], return_attention_scores=True)
    expected = layer([query[:, None], value], return_attention_scores=True)
    assert tuple(context.shape) == (2, 1, 6) == layer.compute_output_shape([(2, 4), (2, 5, 6)])
    np.testing.assert_array_equal(context, expected[0])
    np.testing.assert_array_equal(weights, expected[1])
    for mask in ([True, False], [[True], [False]]):
        masked = np.asarray(layer([query, value], mask=[np.array(mask), None]))
        np.testing.assert_array_equal(masked[0], context[0])
        assert not masked[1].any()


@pytest.mark.parametrize("score", ALL_SCORES)
def test_gradients_equal_finite_differences(floats, score):
    layer = with_random_weights(
        AttentionLayer(3, score=score, energy_activation="tanh", dtype="float64"), [(2, 2, 3), (2, 3, 4)]
    )
    inputs = [tf.Variable(floats(2, 2, 3), dtype="float64"), tf.Variable(floats(2, 3, 4), dtype="float64")]
    mask, direction = np.array([[True, True, False], [False, True, True]]), floats(2, 2, 4).astype("float64")

    def loss():
        context, weights = layer(inputs, mask=[None, mask], use_causal_mask=True, return_attention_scores=True)
        return tf.reduce_sum(context * direction) + tf.reduce_sum(tf.cast(weights, "float64") ** 2)

    variables = [*inputs, *(weight.value for weight in layer.trainable_weights)]
    with tf.GradientTape() as tape:
        value = loss()
    for variable, gradient in zip(variables, tape.gradient(value, variables), strict=True):
        start, found = variable.numpy(), np.zeros(variable.shape)
        for index in np.ndindex(*variable.shape):
            ends = []
            for step in (1e-5, -1e-5):
                moved = start.copy()
                moved[index] += step
                variable.assign(moved)
                ends.append(float(loss()))
            found[index] = (ends[0] - ends[1]) / 2e-5
        variable.assign(start)
        np.testing.assert_allclose(gradient, found, atol=1e-8)


def equal_layers(score, dropout=0.0):
    """Return an AttentionLayer with identity kernels and the equivalent layer of Keras."""
    dlseq_layer = AttentionLayer(4, score=score, dropout=dropout, seed=3)
    dlseq_layer.build([(2, 3, 4), (2, 5, 4)])
    scale = np.linspace(-1, 2, 4, dtype="float32")
    given = {"query_kernel": np.eye(4), "key_kernel": np.eye(4), "bias": np.zeros(4), "energy_bias": np.zeros(1)}
    given["energy_kernel"] = scale[:, None] if score == "additive" else np.ones((4, 1))
    for weight in dlseq_layer.trainable_weights:
        weight.assign(given[name_of(weight)])
    if score == "additive":
        keras_layer = keras.layers.AdditiveAttention(dropout=dropout, seed=3)
        fill = [scale]
    elif score == "concat":
        keras_layer, fill = keras.layers.Attention(score_mode="concat", dropout=dropout, seed=3), [1.0]
    else:
        keras_layer = keras.layers.Attention(use_scale=score == "dot", dropout=dropout, seed=3)
        fill = [0.5] if score == "dot" else []
    keras_layer.build([(2, 3, 4), (2, 5, 4)])
    for weight, array in zip(keras_layer.trainable_weights, fill, strict=True):
        weight.assign(array)
    return dlseq_layer, keras_layer


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("queries", "steps"), [(3, 5), (5, 3)])
@pytest.mark.parametrize("score", ALL_SCORES)
def test_where_keras_has_the_same_layer_both_agree(floats, score, queries, steps, causal):
    dlseq_layer, keras_layer = equal_layers(score)
    inputs = [floats(2, queries, 4), floats(2, steps, 4), floats(2, steps, 4)]
    masks = [np.arange(queries) < np.array([[2], [1]]), np.arange(steps) < np.array([[2], [3]])]
    call = {"mask": masks, "return_attention_scores": True, "use_causal_mask": causal}
    for left, right in zip(dlseq_layer(inputs, **call), keras_layer(inputs, **call), strict=True):
        np.testing.assert_allclose(left, right, atol=1e-6)


@pytest.mark.parametrize("score", ["additive", "general"])
def test_dropout_equals_that_of_keras(floats, score):
    dlseq_layer, keras_layer = equal_layers(score, dropout=0.4)
    inputs = [floats(2, 3, 4), floats(2, 5, 4)]
    first, second = (
        [layer(inputs, training=True, return_attention_scores=True) for _ in range(2)]
        for layer in (dlseq_layer, keras_layer)
    )
    for left, right in zip(keras.tree.flatten(first), keras.tree.flatten(second), strict=True):
        np.testing.assert_allclose(left, right, atol=1e-6)
    assert not np.allclose(first[0][1], first[1][1])  # a new mask in every call


def test_dropout_rescales_weights_and_keeps_the_mean_context(floats):
    layer = AttentionLayer(4, dropout=0.5, seed=5)
    query, value = np.zeros((1, 4000, 3), "float32"), floats(1, 5, 2)
    expected, before = layer([query, value], return_attention_scores=True)
    context, weights = layer([query, value], training=True, return_attention_scores=True)
    context, weights, before = np.asarray(context), np.asarray(weights), np.asarray(before)
    np.testing.assert_allclose(before.sum(-1), 1, atol=1e-6)  # no dropout in inference, the default
    dropped = weights == 0
    assert 0.47 < dropped.mean() < 0.53
    np.testing.assert_allclose(weights[~dropped], 2 * before[~dropped], rtol=1e-5)
    np.testing.assert_allclose(context, weights @ value, atol=1e-5)
    np.testing.assert_allclose(context.mean(axis=1), np.asarray(expected).mean(axis=1), atol=0.05)


def test_dropout_depends_only_on_the_seed(floats):
    inputs = [floats(2, 3, 4), floats(2, 5, 4)]

    def weights(seed):
        layer = with_random_weights(AttentionLayer(4, dropout=0.5, seed=seed), [(2, 3, 4), (2, 5, 4)])
        return np.asarray(layer(inputs, training=True, return_attention_scores=True)[1])

    np.testing.assert_array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


@pytest.mark.parametrize("score", ["additive", "concat", "dot"])
def test_query_and_key_kernels_have_different_initial_values(score):
    """An initializer instance returns the same numbers for equal shapes.

    With equal widths of query and value, both kernels were initialized to the same matrix.
    """
    layer = AttentionLayer(8, score=score)
    layer.build([(2, 3, 6), (2, 5, 6)])
    weights = weights_of(layer)
    assert np.abs(weights["query_kernel"] - weights["key_kernel"]).max() > 0.01
