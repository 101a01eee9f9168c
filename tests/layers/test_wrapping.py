"""Layers in the hands of Keras: wrappers, copies, configurations, sharing, subclassed and functional models."""

import copy
import json
import pickle

import keras
import numpy as np
import pytest

from dlseq.layers import LSTM, AttentionDecoder, AttentionLayer, InputFeedingDecoder, TextEncoder, one_step_attention

RANDOM = np.random.default_rng(5)
IDS, TARGETS = RANDOM.integers(0, 7, (2, 5)).astype("int32"), RANDOM.integers(1, 7, (2, 3)).astype("int32")
SEQUENCES, QUERY, VALUE = (RANDOM.normal(size=(2, length, 6)).astype("float32") for length in (5, 3, 5))

CASES = {
    "LSTM": (lambda: LSTM(4, return_sequences=True), SEQUENCES),
    "LSTM loop": (lambda: LSTM(4, fused=False), SEQUENCES),
    "bidirectional": (lambda: keras.layers.Bidirectional(LSTM(4, return_sequences=True)), SEQUENCES),
    "encoder": (lambda: TextEncoder(9, 4, recurrent_units=3), IDS),
    "additive": (lambda: AttentionLayer(4), [QUERY, VALUE]),
    "concat": (lambda: AttentionLayer(4, score="concat", energy_activation="tanh"), [QUERY, VALUE]),
    "general": (lambda: AttentionLayer(4, score="general"), [QUERY, VALUE]),
    "decoder": (lambda: AttentionDecoder(9, 4, score="dot", start_id=2), [TARGETS, VALUE]),
    "input feeding": (lambda: InputFeedingDecoder(9, 4, location_size=3), [TARGETS, VALUE]),
}


@pytest.fixture(params=CASES)
def case(request):
    """A layer with random weights, biases too, its inputs, and its output."""
    make, inputs = CASES[request.param]
    layer = make()
    layer(inputs)
    for weight in layer.trainable_weights:
        weight.assign(0.5 * RANDOM.normal(size=weight.shape))
    return layer, inputs, np.asarray(layer(inputs))


def placeholders(inputs):
    return keras.tree.map_structure(lambda x: keras.Input((None, *x.shape[2:]), dtype=x.dtype.name), inputs)


def functional(layer, inputs):
    symbolic = placeholders(inputs)
    return keras.Model(symbolic, layer(symbolic))


def through_json(layer):
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
    return keras.saving.deserialize_keras_object(config)


COPIES = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda layer: pickle.loads(pickle.dumps(layer)),  # noqa: S301
    "from_config": lambda layer: type(layer).from_config(layer.get_config()),
    "JSON": through_json,
}


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_computes_the_same_and_shares_nothing(case, way):
    layer, inputs, expected = case
    made = COPIES[way](layer)
    made(inputs)
    if way in ("from_config", "JSON"):
        made.set_weights(layer.get_weights())
    np.testing.assert_allclose(made(inputs), expected, atol=1e-6)
    assert not {id(weight) for weight in made.weights} & {id(weight) for weight in layer.weights}
    made.set_weights([2 * weight + 1 for weight in made.get_weights()])
    np.testing.assert_allclose(layer(inputs), expected, atol=1e-6)
    assert not np.allclose(made(inputs), expected, atol=1e-3)


def test_a_cloned_model_computes_the_same_and_shares_nothing(case):
    layer, inputs, expected = case
    model = functional(layer, inputs)
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    np.testing.assert_allclose(clone(inputs), expected, atol=1e-6)
    assert not {id(weight) for weight in clone.weights} & {id(weight) for weight in model.weights}


def test_a_shared_layer_has_one_set_of_weights(case):
    layer, inputs, expected = case
    first, second = placeholders(inputs), placeholders(inputs)
    model = keras.Model([first, second], [layer(first), layer(second)])
    assert len(model.weights) == len(layer.weights)
    other = keras.tree.map_structure(lambda x: x[::-1].copy(), inputs)
    found = model([inputs, other])
    np.testing.assert_allclose(found[0], expected, atol=1e-6)
    np.testing.assert_allclose(found[1], np.asarray(expected)[::-1], atol=1e-6)


def test_subclassed_and_functional_models_compute_the_same(case):
    layer, inputs, expected = case

    class Subclassed(keras.Model):
        def __init__(self):
            super().__init__()
            self.inner = layer

        def call(self, inputs):
            return self.inner(inputs)

    for model in (functional(layer, inputs), Subclassed()):
        np.testing.assert_allclose(model(inputs), expected, atol=1e-6)
        np.testing.assert_allclose(model.predict(inputs, batch_size=1, verbose=0), expected, atol=1e-6)


@pytest.mark.parametrize("name", ["LSTM", "LSTM loop", "bidirectional", "encoder"])
def test_time_distributed_layers_give_what_each_part_gives(name):
    make, inputs = CASES[name]
    layer = make()
    parts = np.stack([inputs, inputs[::-1], inputs], axis=1)  # (B, 3, T, ...)
    wrapped = keras.layers.TimeDistributed(layer)
    found = wrapped(parts)
    for part in range(3):
        np.testing.assert_allclose(found[:, part], layer(parts[:, part]), atol=1e-6)


WRONG = np.ones((2, 4), "bool")  # for sequences of 5 and 3 steps
MASKED_CALLS = {
    "LSTM": lambda: LSTM(4)(SEQUENCES, mask=WRONG),
    "LSTM loop": lambda: LSTM(4, fused=False)(SEQUENCES, mask=WRONG),
    "bidirectional": lambda: keras.layers.Bidirectional(LSTM(4))(SEQUENCES, mask=WRONG),
    "value": lambda: AttentionLayer(4)([QUERY, VALUE], mask=[None, WRONG]),
    "query": lambda: AttentionLayer(4)([QUERY, VALUE], mask=[WRONG, None]),
    "one step": lambda: one_step_attention(AttentionLayer(4), VALUE, QUERY[:, 0], mask=WRONG),
    "decoder": lambda: AttentionDecoder(9, 4)([TARGETS, VALUE], mask=[None, WRONG]),
    "initial state": lambda: built_decoder().initial_state(VALUE, WRONG),
    "prepared step": lambda: built_decoder().prepared_step(VALUE, WRONG),
    "rows": lambda: LSTM(4)(SEQUENCES, mask=np.ones((3, 5), "bool")),
}


def built_decoder():
    decoder = AttentionDecoder(9, 4)
    decoder.build([(None, None), (None, None, 6)])
    return decoder


@pytest.mark.parametrize("call", MASKED_CALLS)
def test_a_mask_of_a_wrong_length_is_refused(call):
    with pytest.raises(ValueError, match=r"expected a mask of the (\w+) of shape .* Received a mask of shape"):
        MASKED_CALLS[call]()


@pytest.mark.parametrize("fused", ["auto", False])
def test_a_mask_of_one_row_serves_all_rows(fused):
    layer, mask = LSTM(4, fused=fused, return_sequences=True), np.array([[True, False, True, True, False]])
    np.testing.assert_allclose(
        layer(SEQUENCES, mask=mask), layer(SEQUENCES, mask=np.repeat(mask, 2, axis=0)), atol=1e-6
    )


@pytest.mark.parametrize("fused", ["auto", False])
def test_initial_states_of_another_batch_size_are_refused(fused):
    """The loop of Keras broadcast a state of one row in silence."""
    with pytest.raises(ValueError, match=r"LSTM expected initial states of shape \(2, 4\)"):
        LSTM(4, fused=fused)(SEQUENCES, initial_state=[np.zeros((1, 4), "float32")] * 2)
