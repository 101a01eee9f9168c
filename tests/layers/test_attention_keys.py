"""Tests of projected keys and of one_step_attention."""

import keras
import numpy as np
import pytest

from dlseq.layers import AttentionLayer, one_step_attention

ALL_SCORES = ["additive", "concat", "dot", "general"]


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16", "float64"])
@pytest.mark.parametrize("score", ALL_SCORES)
def test_given_keys_equal_keys_projected_in_the_call(floats, score, policy):
    layer = AttentionLayer(8, score=score, dtype=policy)
    query, value = floats(2, 3, 4), floats(2, 5, 6)
    layer.build([query.shape, value.shape])
    layer.set_weights([floats(*weight.shape) for weight in layer.weights])
    mask = np.arange(5) < np.array([[3], [5]])
    call = {"mask": [None, mask], "return_attention_scores": True}
    keys = layer.project(value)
    assert tuple(keys.shape) == (2, 5, 4 if score == "general" else 8)
    for fresh, given in zip(layer([query, value], **call), layer([query, value], keys=keys, **call), strict=True):
        np.testing.assert_array_equal(_float(fresh), _float(given))


@pytest.mark.parametrize("score", ALL_SCORES)
def test_the_call_uses_the_given_keys(floats, score):
    layer = AttentionLayer(8, score=score)
    query, value, other = floats(2, 3, 4), floats(2, 5, 6), floats(2, 5, 6)
    expected = layer([query, value, other])
    np.testing.assert_allclose(layer([query, value], keys=layer.project(other)), expected, atol=1e-6)


@pytest.mark.parametrize("score", ALL_SCORES)
def test_functional_models_track_the_key_projection(floats, score):
    """`project` copied the kernel into the graph of a functional model as a constant.

    Training or loading weights then did not change the keys.
    """
    query, value = keras.Input((None, 4)), keras.Input((None, 6))
    layer = AttentionLayer(8, score=score)
    layer.build([query.shape, value.shape])
    keys = layer.project(value)
    assert keys.shape == (None, None, 4 if score == "general" else 8)
    model = keras.Model([query, value], layer([query, value], keys=keys))
    assert len(model.trainable_weights) == len(layer.trainable_weights)

    layer.set_weights([floats(*weight.shape) for weight in layer.weights])
    inputs = [floats(2, 3, 4), floats(2, 5, 6)]
    np.testing.assert_allclose(model(inputs), layer(inputs), atol=1e-6)

    kernel = layer.key_dense.kernel
    before = kernel.numpy()
    model.compile(keras.optimizers.SGD(1.0), "mse")
    model.fit(inputs, np.ones((2, 3, 6)), verbose=0)
    assert not np.array_equal(before, kernel.numpy())
    np.testing.assert_allclose(model(inputs), layer(inputs), atol=1e-6)


def test_keys_can_be_an_input_of_a_functional_model(floats):
    query, value, keys = keras.Input((None, 4)), keras.Input((None, 6)), keras.Input((None, 8))
    layer = AttentionLayer(8)
    model = keras.Model([query, value, keys], layer([query, value], keys=keys))
    inputs = [floats(2, 3, 4), floats(2, 5, 6)]
    np.testing.assert_allclose(model([*inputs, np.asarray(layer.project(inputs[1]))]), layer(inputs), atol=1e-6)


def test_project_before_build_raises_value_error(floats):
    with pytest.raises(ValueError, match="Call the layer once, or call layer"):
        AttentionLayer(8).project(floats(2, 5, 6))


@pytest.mark.parametrize("score", ALL_SCORES)
def test_one_step_equals_a_call_with_a_single_query(floats, score):
    attention = AttentionLayer(8, score=score)
    memory, state, mask = floats(2, 5, 6), floats(2, 4), np.arange(5) < np.array([[3], [0]])
    context, weights = one_step_attention(attention, memory, state, mask=mask)
    assert tuple(context.shape) == (2, 1, 6)
    assert tuple(weights.shape) == (2, 5)
    expected = attention([state[:, None], memory], mask=[None, mask], return_attention_scores=True)
    np.testing.assert_array_equal(context, expected[0])
    np.testing.assert_array_equal(weights, expected[1][:, 0])
    np.testing.assert_allclose(np.asarray(weights).sum(-1), [1, 0], atol=1e-6)
    np.testing.assert_allclose(context[:, 0], np.einsum("bt,btd->bd", weights, memory), atol=1e-6)

    with_keys = one_step_attention(attention, memory, state, keys=attention.project(memory), mask=mask)
    np.testing.assert_array_equal(context, with_keys[0])
    np.testing.assert_array_equal(weights, with_keys[1])


def test_one_step_works_in_a_functional_model(floats):
    attention = AttentionLayer(8)
    memory, state = keras.Input((None, 6)), keras.Input((4,))
    context, weights = one_step_attention(attention, memory, state)
    assert (context.shape, weights.shape) == ((None, 1, 6), (None, None))
    inputs = [floats(2, 5, 6), floats(2, 4)]
    found = keras.Model([memory, state], [context, weights])(inputs)
    for left, right in zip(found, one_step_attention(attention, *inputs), strict=True):
        np.testing.assert_allclose(left, right, atol=1e-6)


def _float(tensor):
    return np.asarray(keras.ops.cast(tensor, "float32"))
