"""Tests of AlignedDecoder: a NumPy loop, places that are told, steps and searches."""

import numpy as np
import pytest
import tensorflow as tf

from dlseq.layers import AlignedDecoder

TARGETS = np.array([[3, 4, 5, 6], [6, 5, 1, 2], [2, 2, 2, 2]], "int32")
MASK = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]], "bool")
POSITIONS = np.array([[3, 1, 2, 2], [5, 1, 0, 4], [0, 0, 0, 0]], "int32")
START = np.full(3, 1)


def with_random_weights(weight_seed=0, **arguments):
    """Return a decoder with random weights, large enough for distinct logits and places."""
    decoder = AlignedDecoder(**{"vocabulary_size": 9, "units": 4, "start_id": 1, "reach": 2, **arguments})
    decoder.build([(None, None), (None, None, 6)])
    random = np.random.default_rng(weight_seed)
    for weight in decoder.trainable_weights:
        weight.assign(0.8 * random.normal(size=weight.shape))
    return decoder


def _dense(layer, x):
    kernel, *bias = layer.get_weights()
    return x @ kernel + (bias[0] if bias else 0)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def numpy_loop(decoder, memory, targets, told=None):
    """Return logits and weights of one sentence by loops, with its own places or with those that are told."""
    kernel, recurrent, bias = decoder.lstm.get_weights()
    values, keys = _dense(decoder.value_dense, memory), _dense(decoder.attention.key_dense, memory)
    hidden = np.tanh(_dense(decoder.bridge, memory.mean(axis=0)))
    cell, symbol, place = np.zeros(4), 1, -1
    logits, weights = [], []
    for step, following in enumerate(targets):
        fed = values[place] if place >= 0 else np.zeros(4)
        gates = np.concatenate([decoder.embedding.embeddings.numpy()[symbol], fed]) @ kernel + hidden @ recurrent + bias
        input_, forget, candidate, output = np.split(gates, 4)
        cell = _sigmoid(forget) * cell + _sigmoid(input_) * np.tanh(candidate)
        hidden = _sigmoid(output) * np.tanh(cell)
        offsets = _dense(decoder.offset_dense, hidden)
        energies = [
            hidden @ keys[position] + offsets[min(max(position - place, -2), 2) + 2] for position in range(len(memory))
        ]
        weights.append(np.exp(energies) / np.exp(energies).sum())
        logits.append(
            _dense(decoder.logits, np.tanh(_dense(decoder.combine, np.concatenate([hidden, weights[-1] @ values]))))
        )
        symbol, place = following, weights[-1].argmax() if told is None else told[step] - 1
    return np.array(logits), np.array(weights)


@pytest.mark.parametrize("is_told", [False, True])
def test_logits_and_weights_equal_those_of_a_numpy_loop(floats, is_told):
    decoder, memory = with_random_weights(), floats(3, 5, 6)
    positions = POSITIONS if is_told else None
    call = {"mask": [None, MASK], "positions": positions, "return_attention_scores": True}
    logits, weights = map(np.asarray, decoder([TARGETS, memory], **call))
    for row in (0, 1):
        told = positions if positions is None else positions[row]
        expected = numpy_loop(decoder, memory[row, MASK[row]], TARGETS[row], told)
        np.testing.assert_allclose(logits[row], expected[0], atol=1e-5)
        np.testing.assert_allclose(weights[row][:, MASK[row]], expected[1], atol=1e-5)
    assert not weights[2].any()


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_a_decoder_that_is_told_its_own_places_computes_the_same(floats, policy):
    decoder, memory = with_random_weights(dtype=policy), floats(3, 5, 6)
    call = {"mask": [None, MASK], "return_attention_scores": True}
    logits, weights = map(np.asarray, decoder([TARGETS, memory], **call))
    places = np.where(weights.any(axis=-1), 1 + weights.argmax(axis=-1), 0)
    told = decoder([TARGETS, memory], positions=places, **call)
    for expected, found in zip((logits, weights), told, strict=True):
        np.testing.assert_allclose(np.asarray(found), expected, atol=1e-5 if policy == "float32" else 0.03)
    assert np.unique(places[:2]).size > 2


def test_call_equals_successive_steps(floats):
    decoder, memory = with_random_weights(embedding_units=3), floats(3, 5, 6)
    logits, weights = decoder([TARGETS, memory], mask=[None, MASK], return_attention_scores=True)
    state = decoder.initial_state(memory, MASK)
    for time, tokens in enumerate(np.column_stack([START, TARGETS[:, :-1]]).T):
        found, state, outputs = decoder.step(tokens, state)
        np.testing.assert_allclose(found, logits[:, time], atol=1e-5)
        np.testing.assert_allclose(outputs["attention"], weights[:, time], atol=1e-5)


@pytest.mark.parametrize("search", ["greedy", "beam"])
def test_search_results_equal_a_call_on_the_decoded_ids(check_search, floats, search):
    decoder, memory = with_random_weights(), floats(3, 5, 6)
    check_search(decoder, search, *decoder.prepared_step(memory, MASK), memory, MASK, START)


def test_no_result_depends_on_padding_or_on_later_symbols_and_places(floats):
    decoder, memory = with_random_weights(), floats(3, 5, 6)
    garbage = np.where(MASK[..., None], memory, 1e3 * floats(3, 5, 6))
    expected = np.asarray(decoder([TARGETS, memory], mask=[None, MASK], positions=POSITIONS))
    found = decoder([TARGETS, garbage], mask=[None, MASK], positions=POSITIONS)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    targets, positions = TARGETS.copy(), POSITIONS.copy()
    targets[:2, 1:], positions[:2, 1:] = 7, 3
    found = np.asarray(decoder([targets, memory], mask=[None, MASK], positions=positions))
    np.testing.assert_array_equal(found[:, :2], expected[:, :2])
    assert np.abs(found[:2, 2] - expected[:2, 2]).max() > 1e-3


def test_weights_move_with_the_source_where_only_offsets_count(floats):
    """Two words further, the weights are the same two words further: no position is absolute."""
    decoder = with_random_weights()
    memory = np.repeat(floats(1, 1, 6), 9, axis=1)
    state = decoder.initial_state(memory)
    shifted = []
    for place in (3, 5):
        moved = {**state, "previous": tf.one_hot([place], 9)}
        _, _, outputs = decoder.step(np.array([4]), moved)
        shifted.append(np.asarray(outputs["attention"])[0])
    windows = shifted[0][1:6], shifted[1][3:8]
    np.testing.assert_allclose(windows[1] / windows[1].sum(), windows[0] / windows[0].sum(), atol=1e-6)
    assert np.ptp(windows[0]) > 0.01


def test_gradients_of_told_places_reach_all_weights(floats):
    decoder, memory = with_random_weights(), tf.Variable(floats(3, 5, 6))
    with tf.GradientTape() as tape:
        logits = decoder([TARGETS, memory], mask=[None, MASK], positions=POSITIONS)
        loss = tf.reduce_sum(logits**2)
    variables = [memory, *(weight.value for weight in decoder.trainable_weights)]
    gradients = [tf.convert_to_tensor(x).numpy() for x in tape.gradient(loss, variables)]
    assert all(np.isfinite(x).all() and np.abs(x).max() > 0 for x in gradients)
    assert not gradients[0][~MASK].any()


def test_dropout_acts_in_training_alone_also_where_places_are_told(floats):
    decoder, memory = with_random_weights(dropout=0.5, seed=1), floats(3, 5, 6)
    call = {"mask": [None, MASK], "positions": POSITIONS}
    logits = np.asarray(decoder([TARGETS, memory], **call))
    np.testing.assert_array_equal(decoder([TARGETS, memory], **call), logits)
    assert np.abs(np.asarray(decoder([TARGETS, memory], training=True, **call)) - logits).max() > 0.01


def test_a_configuration_keeps_the_reach():
    assert AlignedDecoder.from_config(AlignedDecoder(9, 4, reach=3).get_config()).reach == 3


def test_a_reach_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="Received: reach=0"):
        AlignedDecoder(9, 4, reach=0)


@pytest.mark.slow
def test_layer_passes_the_keras_layer_checks(check_layer, floats):
    def make(**kwargs):
        return AlignedDecoder(9, 4, embedding_units=3, dropout=0.2, start_id=2, seed=3, reach=2, **kwargs)

    check_layer(make, [TARGETS, floats(3, 5, 6)], {"return_attention_scores": True}, outputs=2)
