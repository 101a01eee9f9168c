"""Tests of attention masks: padding, fully masked rows and causal masks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.layers import AttentionLayer

ALL_SCORES = ["additive", "concat", "dot", "general"]
MASK = np.array([[1, 1, 1, 0, 0], [0, 1, 0, 1, 1], [0, 0, 0, 0, 0]], "bool")


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("score", ALL_SCORES)
def test_padding_has_no_weight_and_no_effect(floats, score, policy):
    layer = AttentionLayer(8, score=score, dtype=policy)
    query, value = floats(3, 2, 4), floats(3, 5, 6)
    garbage = np.where(MASK[..., None], value, 1e4 * floats(3, 5, 6))
    for training in (False, True):
        call = {"mask": [None, MASK], "return_attention_scores": True, "training": training}
        context, weights = layer([query, value], **call)
        np.testing.assert_array_equal(np.asarray(weights)[np.broadcast_to(~MASK[:, None], (3, 2, 5))], 0.0)
        found, found_weights = layer([query, garbage], **call)
        np.testing.assert_array_equal(np.asarray(weights), np.asarray(found_weights))
        np.testing.assert_array_equal(_float(context), _float(found))


@pytest.mark.parametrize("score", ALL_SCORES)
def test_padding_has_no_weight_in_training_with_dropout(floats, score):
    layer = AttentionLayer(8, score=score, dropout=0.5, seed=1)
    _, weights = layer([floats(3, 2, 4), floats(3, 5, 6)], [None, MASK], training=True, return_attention_scores=True)
    np.testing.assert_array_equal(np.asarray(weights)[np.broadcast_to(~MASK[:, None], (3, 2, 5))], 0.0)
    assert np.asarray(weights).any()


@pytest.mark.parametrize("score", ALL_SCORES)
def test_masking_equals_removing_the_masked_steps(floats, score):
    layer = AttentionLayer(8, score=score)
    query, value = floats(3, 2, 4), floats(3, 5, 6)
    context, weights = layer([query, value], mask=[None, MASK], return_attention_scores=True)
    for row in (0, 1):
        alone = layer([query[row : row + 1], value[row : row + 1, MASK[row]]], return_attention_scores=True)
        np.testing.assert_allclose(context[row], alone[0][0], atol=1e-6)
        np.testing.assert_allclose(np.asarray(weights)[row][:, MASK[row]], alone[1][0], atol=1e-6)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@pytest.mark.parametrize("score", ALL_SCORES)
def test_fully_masked_rows_have_zero_contexts_and_gradients(floats, score, policy, causal):
    layer = AttentionLayer(8, score=score, dtype=policy)
    query, value = tf.Variable(floats(3, 2, 4)), tf.Variable(floats(3, 5, 6))
    with tf.GradientTape() as tape:
        context, weights = layer(
            [query, value], mask=[None, MASK], return_attention_scores=True, use_causal_mask=causal
        )
        loss = tf.reduce_sum(tf.cast(context, "float32") ** 2)
    assert not _float(context)[2].any()
    assert not np.asarray(weights)[2].any()
    gradients = tape.gradient(loss, [query, value, *(w.value for w in layer.trainable_weights)])
    for gradient in gradients:
        assert np.isfinite(gradient).all()
    assert np.abs(gradients[1][0]).max() > 0
    assert not np.asarray(gradients[0])[2].any()
    assert not np.asarray(gradients[1])[~MASK].any()


def test_query_mask_zeroes_contexts_and_keeps_weights(floats):
    layer, inputs = AttentionLayer(8), [floats(2, 3, 4), floats(2, 5, 6)]
    query_mask = np.array([[True, False, True], [False, False, True]])
    context, weights = layer(inputs, mask=[query_mask, None], return_attention_scores=True)
    plain, plain_weights = layer(inputs, return_attention_scores=True)
    np.testing.assert_array_equal(context, np.where(query_mask[..., None], plain, 0))
    np.testing.assert_array_equal(weights, plain_weights)
    np.testing.assert_array_equal(layer.compute_mask(inputs, [query_mask, None]), query_mask)
    assert layer.compute_mask(inputs, [None, None]) is None


@pytest.mark.parametrize("form", ["list", "int", "one_row"])
def test_masks_can_be_lists_integers_or_broadcast_rows(floats, form):
    layer, inputs = AttentionLayer(8), [floats(2, 3, 4), floats(2, 5, 6)]
    rows = np.array([[True, True, False, True, False]] * 2)
    given = {"list": rows.tolist(), "int": rows.astype("int32"), "one_row": rows[:1]}[form]
    np.testing.assert_array_equal(layer(inputs, mask=[None, given]), layer(inputs, mask=[None, rows]))


@pytest.mark.parametrize("with_keys", [False, True])
def test_embedding_masks_are_propagated(floats, with_keys):
    """Keras does not fill in `mask` for a layer with a second tensor argument such as `keys`.

    A functional model that passed keys gave weight to padding.
    """
    source, target = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    embed = keras.layers.Embedding(9, 6, mask_zero=True)
    layer = AttentionLayer(8)
    query, value = embed(target), embed(source)
    layer.build([query.shape, value.shape])
    call = {"keys": layer.project(value)} if with_keys else {}
    model = keras.Model([target, source], layer([query, value], return_attention_scores=True, **call))

    targets, sources = np.array([[1, 2, 0], [3, 0, 0]]), np.array([[5, 0, 6, 0], [7, 8, 1, 2]])
    context, weights = model([targets, sources])
    np.testing.assert_array_equal(np.asarray(weights)[0, :, [1, 3]], 0.0)
    assert not np.asarray(context)[targets == 0].any()
    expected = layer(
        [embed.embeddings.numpy()[targets], embed.embeddings.numpy()[sources]],
        mask=[targets != 0, sources != 0],
        return_attention_scores=True,
    )
    np.testing.assert_allclose(context, expected[0], atol=1e-6)
    np.testing.assert_allclose(weights, expected[1], atol=1e-6)

    eager = layer([embed(targets), embed(sources)], return_attention_scores=True)
    np.testing.assert_allclose(eager[1], expected[1], atol=1e-6)


def test_masks_can_be_inputs_of_a_functional_model(floats):
    query, value = keras.Input((None, 4)), keras.Input((None, 6))
    mask = keras.Input((None,), dtype="bool")
    layer = AttentionLayer(8)
    model = keras.Model([query, value, mask], layer([query, value], mask=[None, mask]))
    inputs = [floats(3, 2, 4), floats(3, 5, 6)]
    np.testing.assert_allclose(model([*inputs, MASK]), layer(inputs, mask=[None, MASK]), atol=1e-6)


@pytest.mark.parametrize(("queries", "steps"), [(4, 4), (2, 5), (5, 2)])
def test_causal_contexts_do_not_depend_on_later_values(floats, queries, steps):
    layer = AttentionLayer(8)
    query, value = floats(2, queries, 4), floats(2, steps, 6)
    context, weights = layer([query, value], use_causal_mask=True, return_attention_scores=True)
    np.testing.assert_array_equal(np.asarray(weights) > 0, np.broadcast_to(np.tri(queries, steps) > 0, weights.shape))
    for time in range(1, steps):
        changed = value.copy()
        changed[:, time:] += 5
        found = layer([query, changed], use_causal_mask=True)
        np.testing.assert_array_equal(context[:, :time], found[:, :time])


def _float(tensor):
    return np.asarray(keras.ops.cast(tensor, "float32"))
