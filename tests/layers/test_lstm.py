"""The fused LSTM against the one of Keras: what it gives, what it learns, and when it steps aside."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.kernels import lstm as fused_module
from dlseq.layers import LSTM

MASKS = {
    "none": None,
    "all": np.ones((4, 6), "bool"),
    "right_padded": np.arange(6) < np.array([[6], [4], [1], [0]]),
    "left_padded": np.arange(6) >= np.array([[0], [2], [5], [6]]),
    "holes": np.array([[0, 1, 0, 0, 1, 0], [1, 0, 1, 0, 1, 0], [0, 0, 0, 0, 0, 0], [1, 1, 0, 1, 1, 1]], "bool"),
}


@pytest.fixture
def runs(monkeypatch):
    """Counts how often the fused kernel ran."""
    count = []
    real = fused_module.fused_lstm

    def counting(*args, **kwargs):
        count.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(fused_module, "fused_lstm", counting)
    return count


def twins(width=5, units=3, **kwargs):
    """Our layer and the one of Keras, with the same random weights, biases too."""
    ours, theirs = LSTM(units, **kwargs), keras.layers.LSTM(units, **kwargs)
    for layer in (ours, theirs):
        layer.build((4, 6, width))
    random = np.random.default_rng(3)
    for left, right in zip(ours.trainable_weights, theirs.trainable_weights, strict=True):
        right.assign(random.normal(size=right.shape))
        left.assign(right)
    return ours, theirs


def outputs_and_gradients(layer, x, states, mask, **call):
    """All outputs, and the gradients of a fixed weighted sum of them."""
    inputs = [tf.Variable(array) for array in (x, *(states or ()))]
    with tf.GradientTape() as tape:
        outputs = keras.tree.flatten(layer(inputs[0], initial_state=inputs[1:] or None, mask=mask, **call))
        everything = tf.concat([tf.reshape(y, [-1]) for y in outputs], axis=0)
        loss = tf.reduce_sum(everything * np.cos(np.arange(len(everything)), dtype="float32"))
    gradients = tape.gradient(loss, [*inputs, *(weight.value for weight in layer.trainable_weights)])
    return outputs, gradients


def assert_same(ours, theirs, atol=1e-5):
    for left, right in zip(keras.tree.flatten(ours), keras.tree.flatten(theirs), strict=True):
        np.testing.assert_allclose(left, right, atol=atol)


@pytest.mark.parametrize("with_states", [False, True])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("mask", MASKS)
def test_outputs_and_gradients_are_those_of_keras(floats, runs, mask, backwards, with_states):
    """With a state to start from, a row in which nothing counts still outputs zeros, and hands that state on."""
    ours, theirs = twins(return_sequences=True, return_state=True, go_backwards=backwards)
    x, states = floats(4, 6, 5), [floats(4, 3), floats(4, 3)] if with_states else None
    assert_same(*(outputs_and_gradients(layer, x, states, MASKS[mask]) for layer in (ours, theirs)))
    assert runs == [1]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("mask", ["none", "right_padded", "holes"])
@pytest.mark.parametrize("zeroed", [False, True])
@pytest.mark.parametrize("kinds", [{}, {"return_state": True}, {"return_sequences": True}])
def test_every_kind_of_output_is_that_of_keras(floats, runs, kinds, mask, backwards, zeroed):
    """Without sequences, a row in which nothing counts outputs zeros though its state is the initial one.

    The layer once returned that initial state as the output, and repeated outputs where `zero_output_for_mask`,
    which `Bidirectional` sets by itself, asks for zeros.
    """
    ours, theirs = twins(go_backwards=backwards, zero_output_for_mask=zeroed, **kinds)
    x, states = floats(4, 6, 5), [floats(4, 3), floats(4, 3)]
    assert_same(*(outputs_and_gradients(layer, x, states, MASKS[mask]) for layer in (ours, theirs)))
    assert runs == [1]


def test_the_kernel_trains_in_the_order_of_its_gates(floats):
    """BlockLSTMV2 is registered with the gradient of version 1, which has forget and candidate gates the other way.

    Its values are right and its loss falls, but it trains wrongly: nothing but a comparison of gradients shows it. So
    the gradient of every gate is compared by itself with plain TensorFlow, and the gates must differ enough for a
    mix-up to show.
    """
    ours, _ = twins(return_sequences=True)
    x = floats(4, 6, 5)
    kernel, recurrent, bias = (tf.Variable(weight) for weight in ours.get_weights())

    def by_hand():
        hidden = cell = tf.zeros((4, 3))
        steps = []
        for t in range(6):
            entry, forget, candidate, output = tf.split(x[:, t] @ kernel + hidden @ recurrent + bias, 4, axis=1)
            cell = tf.sigmoid(forget) * cell + tf.sigmoid(entry) * tf.tanh(candidate)
            hidden = tf.sigmoid(output) * tf.tanh(cell)
            steps.append(hidden)
        return tf.stack(steps, axis=1)

    with tf.GradientTape() as tape:
        plain = by_hand()
        loss = tf.reduce_sum(plain**2)
    expected = tape.gradient(loss, [kernel, recurrent, bias])
    with tf.GradientTape() as tape:
        outputs = ours(x)
        loss = tf.reduce_sum(outputs**2)
    found = tape.gradient(loss, [weight.value for weight in ours.trainable_weights])

    np.testing.assert_allclose(outputs, plain, atol=1e-6)
    for left, right in zip(found, expected, strict=True):
        gates = zip(np.split(np.asarray(left), 4, axis=-1), np.split(np.asarray(right), 4, axis=-1), strict=True)
        for gate, (mine, plain_one) in enumerate(gates):
            np.testing.assert_allclose(mine, plain_one, atol=1e-5, err_msg=f"gate {gate}")
        _, forget, candidate, _ = np.split(np.asarray(right), 4, axis=-1)
        assert np.abs(forget - candidate).max() > 0.01


def test_a_stateful_layer_goes_on_where_it_stopped(floats, runs):
    batches, mask = [floats(4, 6, 5), floats(4, 6, 5)], MASKS["holes"]
    ours, theirs = twins(return_sequences=True, stateful=True)
    found = [np.asarray(ours(x, mask=mask)) for x in batches]
    assert_same(found, [theirs(x, mask=mask) for x in batches])
    assert not np.allclose(found[1], twins(return_sequences=True)[0](batches[1], mask=mask))
    for layer in (ours, theirs):
        layer.reset_state()
    assert_same(ours(batches[1]), theirs(batches[1]))
    assert len(runs) == 4


@pytest.mark.parametrize("mask", ["none", "holes"])
def test_dropout_drops_what_keras_drops(floats, runs, mask):
    ours, theirs = twins(return_sequences=True, dropout=0.4, seed=9)
    x = floats(4, 6, 5)
    for _ in range(2):
        results = [outputs_and_gradients(layer, x, None, MASKS[mask], training=True) for layer in (ours, theirs)]
        assert_same(*results)
        quiet = [layer(x, mask=MASKS[mask]) for layer in (ours, theirs)]
        assert_same(*quiet)
        assert not np.allclose(results[0][0][0], quiet[0], atol=1e-3)
    assert len(runs) == 4


@pytest.mark.parametrize("mask", MASKS)
def test_both_directions_at_once(floats, runs, mask):
    ours, theirs = (keras.layers.Bidirectional(layer) for layer in twins(return_sequences=True))
    x = floats(4, 6, 5)
    ours.build(x.shape)
    theirs.build(x.shape)
    theirs.set_weights(ours.get_weights())
    assert_same(*(outputs_and_gradients(layer, x, None, MASKS[mask]) for layer in (ours, theirs)))
    assert runs == [1, 1]


def test_an_embedding_hands_its_mask_on():
    ids = np.array([[1, 2, 0, 0], [3, 4, 5, 0]])
    embed = keras.layers.Embedding(9, 5, mask_zero=True)
    ours, theirs = twins()
    assert_same(ours(embed(ids)), theirs(embed(ids)))
    np.testing.assert_array_equal(ours(embed(ids[:, :3]))[0], ours(embed(ids))[0])


@pytest.mark.parametrize("batch", [None, 4])
@pytest.mark.parametrize("mask", ["none", "holes"])
def test_in_a_graph_of_unknown_length(floats, batch, mask):
    ours, theirs = twins(return_sequences=True, return_state=True)
    x = floats(4, 6, 5)

    @tf.function(input_signature=[tf.TensorSpec((batch, None, 5)), tf.TensorSpec((batch, None), "bool")])
    def run(x, given):
        outputs = ours(x, mask=None if mask == "none" else given)
        assert [y.shape.as_list() for y in outputs] == [[batch, None, 3], [batch, 3], [batch, 3]]
        return outputs

    given = np.ones((4, 6), "bool") if mask == "none" else MASKS[mask]
    assert_same(run(x, given), theirs(x, mask=MASKS[mask]))


@pytest.mark.parametrize(
    "arguments",
    [
        {"activation": "relu"},
        {"recurrent_activation": "hard_sigmoid"},
        {"use_bias": False},
        {"recurrent_dropout": 0.3, "seed": 2},
        {"unroll": True},
        {"dtype": "mixed_bfloat16"},
        {"dtype": "float64"},
    ],
    ids=str,
)
def test_where_the_kernel_is_another_function_the_loop_runs(floats, runs, arguments):
    ours, theirs = twins(return_sequences=True, **arguments)
    x = floats(4, 6, 5).astype("float64" if arguments.get("dtype") == "float64" else "float32")
    found = [
        np.asarray(keras.ops.cast(layer(x, mask=MASKS["holes"], training=True), "float32")) for layer in (ours, theirs)
    ]
    np.testing.assert_allclose(*found, atol=1e-6)
    assert runs == []


def test_the_loop_runs_when_asked_for_and_is_the_same(floats, runs):
    x, ours = floats(4, 6, 5), twins(return_sequences=True)[0]
    loop = twins(return_sequences=True)[0].__class__.from_config({**ours.get_config(), "fused": False})
    loop.build(x.shape)
    loop.set_weights(ours.get_weights())
    slow = loop(x, mask=MASKS["holes"])
    assert runs == []
    np.testing.assert_allclose(ours(x, mask=MASKS["holes"]), slow, atol=1e-6)
    assert runs == [1]
    assert loop.supports_jit
    assert not ours.supports_jit


def test_a_mask_with_an_axis_for_the_width_is_read_as_keras_reads_it(floats):
    ours, theirs = twins(return_sequences=True)
    x, mask = floats(4, 6, 5), MASKS["holes"][..., None]
    assert_same(ours(x, mask=mask), theirs(x, mask=mask))


def test_cudnn_or_an_error_is_an_error_here_as_in_keras(floats):
    if tf.config.list_physical_devices("GPU"):
        pytest.skip("has cuDNN")
    with pytest.raises(ValueError, match="use_cudnn=True was specified"):
        LSTM(3, use_cudnn=True)(floats(4, 6, 5))


def test_mixed_float16_runs_in_the_kernel(floats, runs):
    ours, theirs = twins(return_sequences=True, dtype="mixed_float16")
    x = floats(4, 6, 5)
    found = ours(x, mask=MASKS["holes"])
    assert found.dtype == "float16"
    assert runs == [1]
    np.testing.assert_allclose(found, theirs(x, mask=MASKS["holes"]), atol=5e-3)


@pytest.mark.parametrize("ours_first", [True, False])
def test_either_layer_loads_what_the_other_saved(floats, tmp_path, ours_first):
    def model(layer):
        return keras.Sequential([keras.Input((6, 5)), layer, keras.layers.Dense(2, name="head")])

    written, read = model(LSTM(3, name="lstm")), model(keras.layers.LSTM(3, name="lstm"))
    if not ours_first:
        written, read = read, written
    x = floats(4, 6, 5)
    assert not np.allclose(written(x), read(x), atol=1e-3)
    written.save_weights(tmp_path / "lstm.weights.h5")
    read.load_weights(tmp_path / "lstm.weights.h5")
    np.testing.assert_allclose(written(x), read(x), atol=1e-6)


@pytest.mark.parametrize("arguments", [{}, {"return_sequences": True, "go_backwards": True, "fused": False}])
def test_it_bears_what_every_layer_must(put_through, floats, arguments):
    put_through(lambda **kwargs: LSTM(3, **arguments, **kwargs), floats(2, 4, 5))


def test_it_reads_the_same_from_a_file_in_a_fresh_process(read_back):
    (before,), (after,) = read_back["recurrent"]
    np.testing.assert_allclose(before, after, atol=1e-6)


@pytest.mark.parametrize("fused", [True, "yes", None])
def test_an_argument_that_will_not_do_is_named(fused):
    with pytest.raises(ValueError, match=r"Expected 'auto' or False\. Received: fused="):
        LSTM(3, fused=fused)


@pytest.mark.parametrize(
    ("arguments", "atol"),
    [
        ({}, 1e-5),
        ({"use_bias": False}, 1e-5),
        ({"activation": "relu", "recurrent_activation": "hard_sigmoid"}, 1e-5),
        ({"dropout": 0.5, "recurrent_dropout": 0.5}, 1e-5),
        ({"dtype": "mixed_float16"}, 2e-2),
    ],
    ids=str,
)
def test_steps_over_a_table_are_those_of_the_cell_of_keras(arguments, atol):
    ours, theirs = twins(**arguments)
    random = np.random.default_rng(5)
    table = random.normal(size=(7, 5)).astype("float32")
    found = expected = [random.normal(size=(4, 3)).astype(ours.compute_dtype) for _ in range(2)]
    step = ours.step_over(table)
    for symbols in random.integers(0, 7, (3, 4)).astype("int32"):
        found = step(symbols, *found)
        _, expected = theirs.cell(table[symbols].astype(ours.compute_dtype), expected)
        for left, right in zip(found, expected, strict=True):
            assert left.dtype == right.dtype
            np.testing.assert_allclose(np.asarray(left, "float32"), np.asarray(right, "float32"), atol=atol)
