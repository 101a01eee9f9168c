"""Tests of AttentionDecoder: parallel and single steps, and decoding."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.decoding import beam_search
from dlseq.layers import AttentionDecoder

ALL_SCORES = ["additive", "concat", "dot", "general"]
TARGETS = np.array([[3, 4, 5, 6], [6, 5, 1, 2], [2, 2, 2, 2]], "int32")
MASK = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]], "bool")


def with_random_weights(weight_seed=0, **arguments):
    """Return a decoder with random weights, large enough for distinct logits."""
    decoder = AttentionDecoder(**{"vocabulary_size": 9, "units": 4, "start_id": 1, **arguments})
    decoder.build([(None, None), (None, None, 6)])
    random = np.random.default_rng(weight_seed)
    for weight in decoder.trainable_weights:
        weight.assign(0.8 * random.normal(size=weight.shape))
    return decoder


def _float(tensor):
    return np.asarray(keras.ops.cast(tensor, "float32"))


def test_logits_and_weights_equal_those_of_numpy(floats):
    """The reference is a NumPy loop over rows and steps."""
    decoder, memory = with_random_weights(), floats(3, 5, 6)
    logits, weights = decoder([TARGETS, memory], mask=[None, MASK], return_attention_scores=True)

    def dense(layer, x):
        kernel, bias = layer.get_weights()
        return x @ kernel + bias

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    kernel, recurrent, bias = decoder.lstm.get_weights()
    (key_kernel,) = decoder.attention.get_weights()
    for row in range(3):
        unmasked = memory[row, MASK[row]]
        hidden = np.tanh(dense(decoder.bridge, unmasked.mean(axis=0) if len(unmasked) else np.zeros(6)))
        cell, symbol = np.zeros(4), 1
        for time, following in enumerate(TARGETS[row]):
            embedded = decoder.embedding.embeddings.numpy()[symbol]
            input_, forget, candidate, output = np.split(embedded @ kernel + hidden @ recurrent + bias, 4)
            cell = sigmoid(forget) * cell + sigmoid(input_) * np.tanh(candidate)
            hidden = sigmoid(output) * np.tanh(cell)
            exponentials = np.exp(unmasked @ key_kernel @ hidden)
            probabilities = exponentials / exponentials.sum()
            combined = np.tanh(dense(decoder.combine, np.concatenate([hidden, probabilities @ unmasked])))
            np.testing.assert_allclose(logits[row, time], dense(decoder.logits, combined), atol=1e-5)
            np.testing.assert_allclose(np.asarray(weights)[row, time, MASK[row]], probabilities, atol=1e-5)
            symbol = following


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("score", ALL_SCORES)
def test_call_equals_successive_steps(floats, score, masked, policy):
    decoder, memory = with_random_weights(score=score, embedding_units=3, dtype=policy), floats(3, 5, 6)
    mask = MASK if masked else None
    logits, weights = decoder([TARGETS, memory], mask=[None, mask], return_attention_scores=True)
    state = decoder.initial_state(memory, mask)
    assert set(state) == {"memory", "keys", "mask", "hidden", "cell"}
    atol = {"float32": 1e-5, "mixed_float16": 0.02, "mixed_bfloat16": 0.15}[policy]
    for time, tokens in enumerate(np.column_stack([np.full(3, 1), TARGETS[:, :-1]]).T):
        found, state, outputs = decoder.step(tokens, state)
        np.testing.assert_allclose(_float(found), _float(logits)[:, time], atol=atol)
        assert found.dtype == logits.dtype
        assert outputs["attention"].dtype == "float32"
        np.testing.assert_allclose(outputs["attention"], weights[:, time], atol=atol)


def test_logits_do_not_depend_on_their_own_or_later_targets(floats):
    decoder, memory = with_random_weights(), floats(3, 5, 6)
    logits = np.asarray(decoder([TARGETS, memory]))
    for time in range(4):
        changed = TARGETS.copy()
        changed[:, time:] = 7
        found = np.asarray(decoder([changed, memory]))
        np.testing.assert_array_equal(found[:, : time + 1], logits[:, : time + 1])
        if time < 3:
            assert np.abs(found[:, time + 1] - logits[:, time + 1]).max() > 1e-3


@pytest.mark.parametrize("score", ALL_SCORES)
def test_memory_padding_does_not_change_the_results(floats, score):
    decoder, memory = with_random_weights(score=score), floats(3, 5, 6)
    garbage = np.where(MASK[..., None], memory, 1e3 * floats(3, 5, 6))
    wider = np.concatenate([garbage, 1e3 * floats(3, 2, 6)], axis=1)
    wider_mask = np.pad(MASK, [(0, 0), (0, 2)])
    expected = decoder([TARGETS, memory], mask=[None, MASK], return_attention_scores=True)
    found = decoder([TARGETS, wider], mask=[None, wider_mask], return_attention_scores=True)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(found[1][:, :, :5], expected[1], atol=1e-6)
    np.testing.assert_array_equal(np.asarray(found[1])[np.broadcast_to(~wider_mask[:, None], (3, 4, 7))], 0)
    states = decoder.initial_state(memory, MASK), decoder.initial_state(wider, wider_mask)
    np.testing.assert_allclose(states[0]["hidden"], states[1]["hidden"], atol=1e-5)


def test_the_mean_of_a_long_memory_is_exact_in_bfloat16(floats):
    """bfloat16 cannot count past 256, so the length of the memory is counted in float32."""
    decoder = with_random_weights(dtype="mixed_bfloat16")
    memory = np.repeat(floats(2, 1, 6), 1000, axis=1)
    mask = np.arange(1000) < np.array([[1000], [301]])
    hidden = decoder.initial_state(memory, mask)["hidden"]
    expected = decoder.initial_state(memory[:, :1])["hidden"]
    np.testing.assert_allclose(_float(hidden), _float(expected), atol=0.02)


def test_gradients_of_fully_masked_rows_are_finite(floats):
    decoder, memory = with_random_weights(score="additive"), tf.Variable(floats(3, 5, 6))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(decoder([TARGETS, memory], mask=[None, MASK]) ** 2)
    gradients = tape.gradient(loss, [memory, *(weight.value for weight in decoder.trainable_weights)])
    assert all(np.isfinite(tf.convert_to_tensor(gradient)).all() for gradient in gradients)
    assert not np.asarray(gradients[0])[~MASK].any()
    assert np.abs(gradients[0][0]).max() > 0


@pytest.mark.parametrize("search", ["greedy", "beam"])
@pytest.mark.parametrize("seed", range(3))
def test_search_results_equal_a_call_on_the_decoded_ids(check_search, floats, seed, search):
    decoder, memory = with_random_weights(weight_seed=seed), floats(3, 5, 6)
    check_search(decoder, search, decoder.step, decoder.initial_state(memory, MASK), memory, MASK, np.full(3, 1))


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("score", ALL_SCORES)
def test_prepared_step_equals_step_on_a_repeated_memory(floats, score, masked, policy):
    paths, tolerance = 4, 1e-5 if policy == "float32" else 2e-2
    decoder, memory = with_random_weights(score=score, dtype=policy), floats(3, 5, 6)
    mask = MASK if masked else None
    copies = (np.repeat(memory, paths, axis=0), None if mask is None else np.repeat(mask, paths, axis=0))
    state = decoder.initial_state(*copies)
    step, shared = decoder.prepared_step(memory, mask)
    assert set(shared) == {"hidden", "cell"}
    shared = {name: keras.ops.repeat(leaf, paths, axis=0) for name, leaf in shared.items()}
    for tokens in np.random.default_rng(1).integers(0, 9, (3, 3 * paths)).astype("int32"):
        expected, state, expected_outputs = decoder.step(tokens, state)
        logits, shared, outputs = step(tokens, shared)
        np.testing.assert_allclose(outputs["attention"], expected_outputs["attention"], atol=tolerance)
        np.testing.assert_allclose(_float(logits), _float(expected), atol=tolerance)
        for name, leaf in shared.items():
            np.testing.assert_allclose(_float(leaf), _float(state[name]), atol=tolerance)


@pytest.mark.parametrize("ends", [True, False])
def test_beam_search_is_equal_with_step_and_prepared_step(floats, ends):
    decoder, memory = with_random_weights(), floats(3, 5, 6)
    call = {"start_tokens": np.full(3, 1), "max_length": 6, "end_id": 2 if ends else None, "beam_width": 4}
    expected = beam_search(decoder.step, decoder.initial_state(memory, MASK), **call)
    found = beam_search(*decoder.prepared_step(memory, MASK), **call)
    np.testing.assert_array_equal(found.ids, expected.ids)
    np.testing.assert_allclose(found.log_probs, expected.log_probs, atol=1e-5)
    np.testing.assert_allclose(found.attention, expected.attention, atol=1e-5)


def test_dropout_applies_in_training_and_depends_on_the_seed(floats):
    memory = floats(3, 5, 6)

    def logits(seed, training):
        return np.asarray(with_random_weights(dropout=0.5, seed=seed)([TARGETS, memory], training=training))

    np.testing.assert_array_equal(logits(1, False), with_random_weights()([TARGETS, memory]))
    np.testing.assert_array_equal(logits(1, True), logits(1, True))
    assert not np.allclose(logits(1, True), logits(2, True))
    assert not np.allclose(logits(1, True), logits(1, False))


def test_embedding_masks_are_propagated():
    targets, source = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    memory = keras.layers.Embedding(9, 6, mask_zero=True)
    decoder = with_random_weights()
    model = keras.Model([targets, source], decoder([targets, memory(source)], return_attention_scores=True))
    ids = np.array([[5, 3, 0, 0], [1, 2, 3, 4], [7, 0, 0, 0]])
    logits, weights = model([TARGETS, ids])
    expected = decoder([TARGETS, memory.embeddings.numpy()[ids]], mask=[None, ids != 0], return_attention_scores=True)
    np.testing.assert_allclose(logits, expected[0], atol=1e-5)
    np.testing.assert_array_equal(np.asarray(weights)[np.broadcast_to((ids == 0)[:, None], (3, 4, 4))], 0)


def test_the_targets_mask_is_passed_on_to_the_loss(floats):
    decoder, memory = with_random_weights(), floats(3, 5, 6)
    targets_mask = np.array([[1, 1, 0, 0], [1, 1, 1, 1], [1, 0, 0, 0]], "bool")
    np.testing.assert_array_equal(decoder.compute_mask([TARGETS, memory], [targets_mask, MASK]), targets_mask)
    assert decoder.compute_mask([TARGETS, memory]) is None

    logits = decoder([TARGETS, memory], mask=[targets_mask, MASK])
    found = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(TARGETS, logits)
    log_probs = np.asarray(keras.ops.log_softmax(logits))
    chosen = np.take_along_axis(log_probs, TARGETS[..., None], axis=2)[..., 0]
    np.testing.assert_allclose(found, -chosen[targets_mask].mean(), rtol=1e-5)


@pytest.mark.parametrize("score", ["additive", "general"])
def test_layer_passes_the_keras_layer_checks(check_layer, floats, score):
    def make(**kwargs):
        options = {"embedding_units": 3, "score": score, "dropout": 0.2, "start_id": 2, "seed": 3}
        return AttentionDecoder(9, 4, **options, **kwargs)

    check_layer(make, [TARGETS, floats(3, 5, 6)], {"return_attention_scores": True}, outputs=2)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_ids_given_as_floats_keep_their_precision(floats, policy):
    decoder, memory = AttentionDecoder(5000, 4, dtype=policy), floats(1, 5, 6)
    ids = np.array([[4001, 4003, 1]])
    from_integers, from_floats = (_float(decoder([ids.astype(kind), memory])) for kind in ("int32", "float32"))
    np.testing.assert_array_equal(from_integers, from_floats)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vocabulary_size": 0}, "`vocabulary_size`. Expected an integer of at least 1. Received: vocabulary_size=0"),
        ({"units": -1}, "Received: units=-1"),
        ({"embedding_units": 0}, "Received: embedding_units=0"),
        ({"score": "cosine"}, "Received: score='cosine'"),
        ({"dropout": 1}, "Received: dropout=1"),
        ({"start_id": 9}, "an id of the vocabulary, less than vocabulary_size=9. Received: start_id=9"),
        ({"start_id": -1}, "Received: start_id=-1"),
    ],
)
def test_invalid_arguments_raise_value_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        AttentionDecoder(**{"vocabulary_size": 9, "units": 4, **arguments})


@pytest.mark.parametrize(
    ("inputs", "mask", "message"),
    [
        ([TARGETS], None, r"list \[targets, memory\]"),
        (TARGETS, None, r"list \[targets, memory\]"),
        ([TARGETS, np.zeros((3, 5, 6))], MASK, r"takes mask=\[targets_mask, memory_mask\]"),
        ([TARGETS, np.zeros((3, 5, 6))], [None, MASK[:, :4]], r"mask of the memory of shape \(3, 5\).*\(3, 4\)"),
        ([TARGETS, np.zeros((3, 5, 6))], [None, MASK[..., None]], r"Received a mask of shape: \(3, 5, 1\)"),
    ],
)
def test_invalid_calls_raise_value_error(inputs, mask, message):
    with pytest.raises(ValueError, match=message):
        AttentionDecoder(9, 4)(inputs, mask=mask)


def test_initial_state_rejects_a_mask_of_another_shape(floats):
    with pytest.raises(ValueError, match="mask of the memory"):
        with_random_weights().initial_state(floats(3, 5, 6), MASK[:, :4])
