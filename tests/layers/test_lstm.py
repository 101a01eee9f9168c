"""Tests of the fused LSTM against that of Keras: outputs, gradients and fallbacks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.layers import LSTM

MASKS = {
    "none": None,
    "all": np.ones((4, 6), "bool"),
    "right_padded": np.arange(6) < np.array([[6], [4], [1], [0]]),
    "left_padded": np.arange(6) >= np.array([[0], [2], [5], [6]]),
    "holes": np.array([[0, 1, 0, 0, 1, 0], [1, 0, 1, 0, 1, 0], [0, 0, 0, 0, 0, 0], [1, 1, 0, 1, 1, 1]], "bool"),
}


def equal_layers(width=5, units=3, **kwargs):
    """Return a dlseq LSTM and a Keras LSTM with equal random weights, including biases."""
    dlseq_layer, keras_layer = LSTM(units, **kwargs), keras.layers.LSTM(units, **kwargs)
    for layer in (dlseq_layer, keras_layer):
        layer.build((4, 6, width))
    random = np.random.default_rng(3)
    for left, right in zip(dlseq_layer.trainable_weights, keras_layer.trainable_weights, strict=True):
        right.assign(random.normal(size=right.shape))
        left.assign(right)
    return dlseq_layer, keras_layer


def outputs_and_gradients(layer, x, states, mask, **call):
    """Return all outputs and the gradients of a weighted sum of them."""
    inputs = [tf.Variable(array) for array in (x, *(states or ()))]
    with tf.GradientTape() as tape:
        outputs = keras.tree.flatten(layer(inputs[0], initial_state=inputs[1:] or None, mask=mask, **call))
        everything = tf.concat([tf.reshape(y, [-1]) for y in outputs], axis=0)
        loss = tf.reduce_sum(everything * np.cos(np.arange(len(everything)), dtype="float32"))
    gradients = tape.gradient(loss, [*inputs, *(weight.value for weight in layer.trainable_weights)])
    return outputs, gradients


def assert_same(actual, expected, atol=1e-5):
    for left, right in zip(keras.tree.flatten(actual), keras.tree.flatten(expected), strict=True):
        np.testing.assert_allclose(left, right, atol=atol)


@pytest.mark.usefixtures("both_gradients")
@pytest.mark.parametrize(
    ("backwards", "with_states"), [(False, True), (True, True), pytest.param(True, False, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("mask", MASKS)
def test_outputs_and_gradients_equal_those_of_keras(floats, kernel_calls, mask, backwards, with_states):
    """With an initial state, fully masked rows still output zeros and keep that state."""
    dlseq_layer, keras_layer = equal_layers(return_sequences=True, return_state=True, go_backwards=backwards)
    x, states = floats(4, 6, 5), [floats(4, 3), floats(4, 3)] if with_states else None
    assert_same(*(outputs_and_gradients(layer, x, states, MASKS[mask]) for layer in (dlseq_layer, keras_layer)))
    assert kernel_calls == [1]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("mask", ["none", "right_padded", "holes"])
@pytest.mark.parametrize("zeroed", [False, True])
@pytest.mark.parametrize("kinds", [{}, {"return_state": True}, {"return_sequences": True}])
def test_all_output_options_equal_those_of_keras(floats, kernel_calls, kinds, mask, backwards, zeroed):
    """Fully masked rows must output zeros, not their initial state, without `return_sequences`.

    The layer returned the initial state, and repeated outputs although `zero_output_for_mask` (set by
    `Bidirectional`) requires zeros.
    """
    dlseq_layer, keras_layer = equal_layers(go_backwards=backwards, zero_output_for_mask=zeroed, **kinds)
    x, states = floats(4, 6, 5), [floats(4, 3), floats(4, 3)]
    assert_same(*(outputs_and_gradients(layer, x, states, MASKS[mask]) for layer in (dlseq_layer, keras_layer)))
    assert kernel_calls == [1]


@pytest.mark.usefixtures("both_gradients")
def test_gradients_of_all_gates_equal_plain_tensorflow(floats):
    """BlockLSTMV2 is registered with the gradient of version 1, which swaps the forget and candidate gates.

    Its outputs are correct and its loss decreases, so only a comparison of gradients detects the error. The gradient
    of each gate is compared with plain TensorFlow; the gates must differ enough to detect a swap.
    """
    dlseq_layer, _ = equal_layers(return_sequences=True)
    x = floats(4, 6, 5)
    kernel, recurrent, bias = (tf.Variable(weight) for weight in dlseq_layer.get_weights())

    def by_hand():
        hidden = cell = tf.zeros((4, 3))
        steps = []
        for t in range(6):
            input_, forget, candidate, output = tf.split(x[:, t] @ kernel + hidden @ recurrent + bias, 4, axis=1)
            cell = tf.sigmoid(forget) * cell + tf.sigmoid(input_) * tf.tanh(candidate)
            hidden = tf.sigmoid(output) * tf.tanh(cell)
            steps.append(hidden)
        return tf.stack(steps, axis=1)

    with tf.GradientTape() as tape:
        plain = by_hand()
        loss = tf.reduce_sum(plain**2)
    expected = tape.gradient(loss, [kernel, recurrent, bias])
    with tf.GradientTape() as tape:
        outputs = dlseq_layer(x)
        loss = tf.reduce_sum(outputs**2)
    found = tape.gradient(loss, [weight.value for weight in dlseq_layer.trainable_weights])

    np.testing.assert_allclose(outputs, plain, atol=1e-6)
    for left, right in zip(found, expected, strict=True):
        gates = zip(np.split(np.asarray(left), 4, axis=-1), np.split(np.asarray(right), 4, axis=-1), strict=True)
        for gate, (gate_left, gate_right) in enumerate(gates):
            np.testing.assert_allclose(gate_left, gate_right, atol=1e-5, err_msg=f"gate {gate}")
        _, forget, candidate, _ = np.split(np.asarray(right), 4, axis=-1)
        assert np.abs(forget - candidate).max() > 0.01


@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
def test_gradients_of_a_wide_layer_equal_those_of_keras(floats, monkeypatch, dtype):
    """In one graph for all batches and lengths, where TensorFlow's gradient is not used."""
    monkeypatch.setattr(tf.raw_ops, "BlockLSTMGrad", None)
    layers = [kind(128, return_sequences=True, dtype=dtype) for kind in (LSTM, keras.layers.LSTM)]
    x = floats(4, 6, 5)
    for layer in layers:
        layer.build((None, None, 5))
        layer.set_weights(layers[0].get_weights())

    @tf.function(input_signature=[tf.TensorSpec((None, None, 5))])
    def compute(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(tf.cast(layers[0](x), "float32") ** 2)
        return tape.gradient(loss, [x, *(weight.value for weight in layers[0].trainable_weights)])

    for batch in (x, x[:1, :3]):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.cast(layers[1](batch), "float32") ** 2)
        expected = tape.gradient(loss, [weight.value for weight in layers[1].trainable_weights])
        for found, right in zip(compute(batch)[1:], expected, strict=True):
            np.testing.assert_allclose(found, right, rtol=0, atol={"float32": 1e-5}.get(dtype, 2e-2))


def test_stateful_layers_keep_their_state_between_batches(floats, kernel_calls):
    batches, mask = [floats(4, 6, 5), floats(4, 6, 5)], MASKS["holes"]
    dlseq_layer, keras_layer = equal_layers(return_sequences=True, stateful=True)
    found = [np.asarray(dlseq_layer(x, mask=mask)) for x in batches]
    assert_same(found, [keras_layer(x, mask=mask) for x in batches])
    assert not np.allclose(found[1], equal_layers(return_sequences=True)[0](batches[1], mask=mask))
    for layer in (dlseq_layer, keras_layer):
        layer.reset_state()
    assert_same(dlseq_layer(batches[1]), keras_layer(batches[1]))
    assert len(kernel_calls) == 4


@pytest.mark.parametrize("mask", ["none", "holes"])
def test_dropout_equals_that_of_keras(floats, kernel_calls, mask):
    dlseq_layer, keras_layer = equal_layers(return_sequences=True, dropout=0.4, seed=9)
    x = floats(4, 6, 5)
    for _ in range(2):
        results = [
            outputs_and_gradients(layer, x, None, MASKS[mask], training=True) for layer in (dlseq_layer, keras_layer)
        ]
        assert_same(*results)
        inference = [layer(x, mask=MASKS[mask]) for layer in (dlseq_layer, keras_layer)]
        assert_same(*inference)
        assert not np.allclose(results[0][0][0], inference[0], atol=1e-3)
    assert len(kernel_calls) == 4


@pytest.mark.parametrize("mask", MASKS)
def test_bidirectional_results_equal_those_of_keras(floats, kernel_calls, mask):
    dlseq_layer, keras_layer = (keras.layers.Bidirectional(layer) for layer in equal_layers(return_sequences=True))
    x = floats(4, 6, 5)
    dlseq_layer.build(x.shape)
    keras_layer.build(x.shape)
    keras_layer.set_weights(dlseq_layer.get_weights())
    assert_same(*(outputs_and_gradients(layer, x, None, MASKS[mask]) for layer in (dlseq_layer, keras_layer)))
    assert kernel_calls == [1, 1]


def test_embedding_masks_are_propagated():
    ids = np.array([[1, 2, 0, 0], [3, 4, 5, 0]])
    embed = keras.layers.Embedding(9, 5, mask_zero=True)
    dlseq_layer, keras_layer = equal_layers()
    assert_same(dlseq_layer(embed(ids)), keras_layer(embed(ids)))
    np.testing.assert_array_equal(dlseq_layer(embed(ids[:, :3]))[0], dlseq_layer(embed(ids))[0])


@pytest.mark.parametrize("batch", [None, 4])
@pytest.mark.parametrize("mask", ["none", "holes"])
def test_graphs_support_an_unknown_length(floats, batch, mask):
    dlseq_layer, keras_layer = equal_layers(return_sequences=True, return_state=True)
    x = floats(4, 6, 5)

    @tf.function(input_signature=[tf.TensorSpec((batch, None, 5)), tf.TensorSpec((batch, None), "bool")])
    def run(x, given):
        outputs = dlseq_layer(x, mask=None if mask == "none" else given)
        assert [y.shape.as_list() for y in outputs] == [[batch, None, 3], [batch, 3], [batch, 3]]
        return outputs

    given = np.ones((4, 6), "bool") if mask == "none" else MASKS[mask]
    assert_same(run(x, given), keras_layer(x, mask=MASKS[mask]))


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
def test_unsupported_arguments_use_the_loop_of_keras(floats, kernel_calls, arguments):
    dlseq_layer, keras_layer = equal_layers(return_sequences=True, **arguments)
    x = floats(4, 6, 5).astype("float64" if arguments.get("dtype") == "float64" else "float32")
    found = [
        np.asarray(keras.ops.cast(layer(x, mask=MASKS["holes"], training=True), "float32"))
        for layer in (dlseq_layer, keras_layer)
    ]
    np.testing.assert_allclose(*found, atol=1e-6)
    assert kernel_calls == []


def test_fused_false_uses_the_loop_with_equal_results(floats, kernel_calls):
    x, dlseq_layer = floats(4, 6, 5), equal_layers(return_sequences=True)[0]
    loop = equal_layers(return_sequences=True)[0].__class__.from_config({**dlseq_layer.get_config(), "fused": False})
    loop.build(x.shape)
    loop.set_weights(dlseq_layer.get_weights())
    expected = loop(x, mask=MASKS["holes"])
    assert kernel_calls == []
    np.testing.assert_allclose(dlseq_layer(x, mask=MASKS["holes"]), expected, atol=1e-6)
    assert kernel_calls == [1]
    assert loop.supports_jit
    assert not dlseq_layer.supports_jit


def test_masks_of_rank_3_give_the_results_of_keras(floats):
    dlseq_layer, keras_layer = equal_layers(return_sequences=True)
    x, mask = floats(4, 6, 5), MASKS["holes"][..., None]
    assert_same(dlseq_layer(x, mask=mask), keras_layer(x, mask=mask))


def test_use_cudnn_without_gpu_raises_value_error(floats):
    if tf.config.list_physical_devices("GPU"):
        pytest.skip("cuDNN is available")
    with pytest.raises(ValueError, match="use_cudnn=True was specified"):
        LSTM(3, use_cudnn=True)(floats(4, 6, 5))


def test_mixed_float16_uses_the_kernel(floats, kernel_calls):
    dlseq_layer, keras_layer = equal_layers(return_sequences=True, dtype="mixed_float16")
    x = floats(4, 6, 5)
    found = dlseq_layer(x, mask=MASKS["holes"])
    assert found.dtype == "float16"
    assert kernel_calls == [1]
    np.testing.assert_allclose(found, keras_layer(x, mask=MASKS["holes"]), atol=5e-3)


@pytest.mark.parametrize("dlseq_first", [True, False])
def test_weights_are_interchangeable_with_keras(floats, tmp_path, dlseq_first):
    def model(layer):
        return keras.Sequential([keras.Input((6, 5)), layer, keras.layers.Dense(2, name="head")])

    saved, loaded = model(LSTM(3, name="lstm")), model(keras.layers.LSTM(3, name="lstm"))
    if not dlseq_first:
        saved, loaded = loaded, saved
    x = floats(4, 6, 5)
    assert not np.allclose(saved(x), loaded(x), atol=1e-3)
    saved.save_weights(tmp_path / "lstm.weights.h5")
    loaded.load_weights(tmp_path / "lstm.weights.h5")
    np.testing.assert_allclose(saved(x), loaded(x), atol=1e-6)


@pytest.mark.parametrize("arguments", [{}, {"return_sequences": True, "go_backwards": True, "fused": False}])
def test_layer_passes_the_keras_layer_checks(check_layer, floats, arguments):
    check_layer(lambda **kwargs: LSTM(3, **arguments, **kwargs), floats(2, 4, 5))


@pytest.mark.parametrize("fused", [True, "yes", None])
def test_invalid_arguments_raise_value_error(fused):
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
def test_step_over_equals_the_cell_of_keras(arguments, atol):
    dlseq_layer, keras_layer = equal_layers(**arguments)
    random = np.random.default_rng(5)
    table = random.normal(size=(7, 5)).astype("float32")
    found = expected = [random.normal(size=(4, 3)).astype(dlseq_layer.compute_dtype) for _ in range(2)]
    step = dlseq_layer.step_over(table)
    for symbols in random.integers(0, 7, (3, 4)).astype("int32"):
        found = step(symbols, *found)
        _, expected = keras_layer.cell(table[symbols].astype(dlseq_layer.compute_dtype), expected)
        for left, right in zip(found, expected, strict=True):
            assert left.dtype == right.dtype
            np.testing.assert_allclose(np.asarray(left, "float32"), np.asarray(right, "float32"), atol=atol)
