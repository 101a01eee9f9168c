"""Tests of InputFeedingDecoder: a NumPy loop, steps, searches and gradients."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.layers import InputFeedingDecoder

TARGETS = np.array([[3, 4, 5, 6], [6, 5, 1, 2], [2, 2, 2, 2]], "int32")
MASK = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]], "bool")
START = np.full(3, 1)
KINDS = [
    {"feeding": feeding, "location_size": size, "score": score}
    for feeding, size, score in (
        ("luong", 0, "general"),
        ("luong", 3, "general"),
        ("luong", 1, "additive"),
        ("bahdanau", 0, "additive"),
        ("bahdanau", 3, "dot"),
        ("bahdanau", 7, "concat"),  # wider than the memory
    )
]
each_feeding = pytest.mark.parametrize("kind", [KINDS[1], KINDS[4]], ids=["luong", "bahdanau"])
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))


def with_random_weights(weight_seed=0, **arguments):
    """Return a decoder with random weights, large enough for distinct logits."""
    decoder = InputFeedingDecoder(**{"vocabulary_size": 9, "units": 4, "start_id": 1, **arguments})
    decoder.build([(None, None), (None, None, 6)])
    random = np.random.default_rng(weight_seed)
    for weight in decoder.trainable_weights:
        weight.assign(0.8 * random.normal(size=weight.shape))
    return decoder


def _float(tensor):
    return np.asarray(keras.ops.cast(tensor, "float32"))


def _dense(layer, x):
    kernel, *bias = layer.get_weights()
    return x @ kernel + (bias[0] if bias else 0)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _energies(decoder, hidden, memory, previous, covered):
    """Return the energy of each position of a memory, by loops."""
    attention = decoder.attention
    keys = _dense(attention.key_dense, memory)
    if decoder.score == "general":
        energies = keys @ hidden
    elif decoder.score == "dot":
        energies = keys @ _dense(attention.query_dense, hidden) / 2  # the root of 4 units
    else:
        energies = _dense(attention.energy_dense, np.tanh(_dense(attention.query_dense, hidden) + keys))[:, 0]
    if decoder.location_size:
        kernels = _dense(decoder.location.kernel_dense, hidden).reshape(2, decoder.location_size)
        reach = decoder.location_size // 2
        for position in range(len(memory)):
            for offset in range(-reach, reach + 1):
                if 0 <= position + offset < len(memory):
                    energies[position] += kernels[0, offset + reach] * previous[position + offset]
                    energies[position] += kernels[1, offset + reach] * covered[position + offset]
    return energies


@each_kind
def test_logits_and_weights_equal_those_of_a_numpy_loop(floats, kind):
    decoder, memory = with_random_weights(**kind), floats(3, 5, 6)
    logits, weights = decoder([TARGETS, memory], mask=[None, MASK], return_attention_scores=True)
    kernel, recurrent, bias = decoder.lstm.get_weights()
    for row in range(3):
        unmasked = memory[row, MASK[row]]
        values = _dense(decoder.value_dense, unmasked)
        hidden = np.tanh(_dense(decoder.bridge, unmasked.mean(axis=0) if len(unmasked) else np.zeros(6)))
        cell, fed, symbol = np.zeros(4), np.zeros(4), 1
        previous, covered = np.zeros(len(unmasked)), np.zeros(len(unmasked))

        def look(hidden, unmasked=unmasked, values=values):
            exponentials = np.exp(_energies(decoder, hidden, unmasked, previous, covered))  # noqa: B023
            weights = exponentials / exponentials.sum()
            return weights, weights @ values

        for time, following in enumerate(TARGETS[row]):
            if decoder.feeding == "bahdanau":
                probabilities, fed = look(hidden)
            embedded = decoder.embedding.embeddings.numpy()[symbol]
            gates = np.concatenate([embedded, fed]) @ kernel + hidden @ recurrent + bias
            input_, forget, candidate, output = np.split(gates, 4)
            cell = _sigmoid(forget) * cell + _sigmoid(input_) * np.tanh(candidate)
            hidden = _sigmoid(output) * np.tanh(cell)
            if decoder.feeding == "luong":
                probabilities, context = look(hidden)
                fed = combined = np.tanh(_dense(decoder.combine, np.concatenate([hidden, context])))
            else:
                combined = np.tanh(_dense(decoder.combine, np.concatenate([hidden, fed])))
            np.testing.assert_allclose(logits[row, time], _dense(decoder.logits, combined), atol=1e-5)
            np.testing.assert_allclose(np.asarray(weights)[row, time, MASK[row]], probabilities, atol=1e-5)
            previous, covered, symbol = probabilities, covered + probabilities, following


@pytest.mark.parametrize(
    ("policy", "masked"), [("float32", False), ("float32", True), ("mixed_float16", True), ("mixed_bfloat16", True)]
)
@pytest.mark.parametrize("feeding", ["luong", "bahdanau"])
def test_call_equals_successive_steps(floats, feeding, masked, policy):
    decoder = with_random_weights(feeding=feeding, location_size=3, embedding_units=3, dtype=policy)
    memory, mask = floats(3, 5, 6), MASK if masked else None
    logits, weights = decoder([TARGETS, memory], mask=[None, mask], return_attention_scores=True)
    state = decoder.initial_state(memory, mask)
    atol = {"float32": 1e-5, "mixed_float16": 0.03, "mixed_bfloat16": 0.2}[policy]
    for time, tokens in enumerate(np.column_stack([START, TARGETS[:, :-1]]).T):
        found, state, outputs = decoder.step(tokens, state)
        np.testing.assert_allclose(_float(found), _float(logits)[:, time], atol=atol)
        assert found.dtype == logits.dtype
        assert outputs["attention"].dtype == "float32"
        np.testing.assert_allclose(outputs["attention"], weights[:, time], atol=atol)


@each_feeding
def test_a_compiled_call_equals_an_eager_one(floats, kind):
    decoder, memory = with_random_weights(**kind), floats(3, 5, 6)
    expected = decoder([TARGETS, memory], mask=[None, MASK])
    shapes = {"int32": (None, None), "float32": (None, None, 6), "bool": (None, None)}
    signature = [tf.TensorSpec(shape, dtype) for dtype, shape in shapes.items()]
    compiled = tf.function(lambda targets, memory, mask: decoder([targets, memory], mask=[None, mask]), signature)
    np.testing.assert_allclose(compiled(TARGETS, memory, MASK), expected, atol=1e-5)


@pytest.mark.parametrize("feeding", ["luong", "bahdanau"])
def test_gradients_of_the_loop_equal_those_of_steps(floats, feeding):
    decoder, memory = with_random_weights(feeding=feeding, location_size=3), tf.Variable(floats(3, 5, 6))
    variables = [memory, *(weight.value for weight in decoder.trainable_weights)]

    def by_steps():
        state, logits = decoder.initial_state(memory, MASK), []
        for tokens in np.column_stack([START, TARGETS[:, :-1]]).T:
            found, state, _ = decoder.step(tokens, state)
            logits.append(found)
        return tf.stack(logits, axis=1)

    gradients = []
    for compute in (by_steps, lambda: decoder([TARGETS, memory], mask=[None, MASK])):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(compute() ** 2)
        gradients.append([tf.convert_to_tensor(x).numpy() for x in tape.gradient(loss, variables)])
    for expected, found in zip(*gradients, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
        assert np.isfinite(found).all()
        assert np.abs(found).max() > 0
    assert not gradients[1][0][~MASK].any()


@each_feeding
def test_memory_padding_does_not_change_the_results(floats, kind):
    decoder, memory = with_random_weights(**kind), floats(3, 5, 6)
    garbage = np.where(MASK[..., None], memory, 1e3 * floats(3, 5, 6))
    wider = np.concatenate([garbage, 1e3 * floats(3, 2, 6)], axis=1)
    wider_mask = np.pad(MASK, [(0, 0), (0, 2)])
    expected = decoder([TARGETS, memory], mask=[None, MASK], return_attention_scores=True)
    found = decoder([TARGETS, wider], mask=[None, wider_mask], return_attention_scores=True)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(found[1][:, :, :5], expected[1], atol=1e-6)
    np.testing.assert_array_equal(np.asarray(found[1])[np.broadcast_to(~wider_mask[:, None], (3, 4, 7))], 0)


@each_feeding
def test_logits_do_not_depend_on_their_own_or_later_targets(floats, kind):
    decoder, memory = with_random_weights(**kind), floats(3, 5, 6)
    logits = np.asarray(decoder([TARGETS, memory]))
    changed = TARGETS.copy()
    changed[:, 1:] = 7
    found = np.asarray(decoder([changed, memory]))
    np.testing.assert_array_equal(found[:, :2], logits[:, :2])
    assert np.abs(found[:, 2] - logits[:, 2]).max() > 1e-3


def test_the_state_reads_the_context(floats):
    """In AttentionDecoder it does not: its states follow from the symbols and the mean of the memory."""
    memory = floats(2, 5, 6)
    swapped = memory[:, [1, 0, 2, 3, 4]]
    changed = memory + np.array([1, -1, 0, 0, 0])[:, None]  # the mean is the same
    for feeding in ("luong", "bahdanau"):
        decoder = with_random_weights(feeding=feeding)
        hidden = []
        for tensor in (memory, swapped, changed):
            state = decoder.initial_state(tensor)
            for _ in range(2):
                _, state, _ = decoder.step(np.array([3, 4]), state)
            hidden.append(np.asarray(state["hidden"]))
        np.testing.assert_allclose(hidden[1], hidden[0], atol=1e-5)  # without location, the order is no matter
        assert np.abs(hidden[2] - hidden[0]).max() > 1e-3


@pytest.mark.parametrize("search", ["greedy", "beam"])
@each_feeding
def test_search_results_equal_a_call_on_the_decoded_ids(check_search, floats, kind, search):
    decoder, memory = with_random_weights(**kind), floats(3, 5, 6)
    check_search(decoder, search, *decoder.prepared_step(memory, MASK), memory, MASK, START)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@each_feeding
def test_prepared_step_equals_step_on_a_repeated_memory(floats, kind, policy):
    paths, tolerance = 4, 1e-5 if policy == "float32" else 2e-2
    decoder, memory = with_random_weights(dtype=policy, **kind), floats(3, 5, 6)
    state = decoder.initial_state(np.repeat(memory, paths, axis=0), np.repeat(MASK, paths, axis=0))
    step, shared = decoder.prepared_step(memory, MASK)
    assert set(shared) == set(state) - {"keys", "values", "mask"}
    shared = {name: keras.ops.repeat(leaf, paths, axis=0) for name, leaf in shared.items()}
    for tokens in np.random.default_rng(1).integers(0, 9, (3, 3 * paths)).astype("int32"):
        expected, state, expected_outputs = decoder.step(tokens, state)
        logits, shared, outputs = step(tokens, shared)
        np.testing.assert_allclose(outputs["attention"], expected_outputs["attention"], atol=tolerance)
        np.testing.assert_allclose(_float(logits), _float(expected), atol=tolerance)


def test_dropout_applies_in_training_and_depends_on_the_seed(floats):
    memory = floats(3, 5, 6)

    def logits(seed, training):
        return np.asarray(with_random_weights(dropout=0.5, seed=seed)([TARGETS, memory], training=training))

    np.testing.assert_array_equal(logits(1, False), with_random_weights()([TARGETS, memory]))
    np.testing.assert_array_equal(logits(1, True), logits(1, True))
    assert not np.allclose(logits(1, True), logits(2, True))


@pytest.mark.parametrize(("rows", "queries", "steps"), [(0, 4, 5), (2, 0, 5), (2, 4, 0), (0, 0, 0)])
def test_sizes_of_zero_give_what_masks_give_in_a_larger_batch(floats, rows, queries, steps):
    decoder, memory = with_random_weights(feeding="bahdanau", location_size=3), floats(3, 5, 6)
    masked = np.broadcast_to(np.arange(5) < steps, (3, 5))
    expected = decoder([TARGETS, memory], mask=[None, masked], return_attention_scores=True)
    inputs = tf.constant(TARGETS[:rows, :queries]), tf.Variable(memory[:rows, :steps])
    with tf.GradientTape() as tape:
        logits, weights = decoder(list(inputs), return_attention_scores=True)
        loss = tf.reduce_sum(logits**2)
    np.testing.assert_allclose(logits, expected[0][:rows, :queries], atol=1e-5)
    np.testing.assert_allclose(weights, expected[1][:rows, :queries, :steps], atol=1e-6)
    variables = [weight.value for weight in decoder.trainable_weights]
    gradients = tape.gradient(loss, variables, unconnected_gradients="zero")
    assert all(np.isfinite(tf.convert_to_tensor(gradient)).all() for gradient in gradients)


@pytest.mark.slow
@pytest.mark.parametrize("feeding", ["luong", "bahdanau"])
def test_layer_passes_the_keras_layer_checks(check_layer, floats, feeding):
    def make(**kwargs):
        options = {"embedding_units": 3, "dropout": 0.2, "start_id": 2, "seed": 3, "location_size": 3}
        return InputFeedingDecoder(9, 4, feeding=feeding, **options, **kwargs)

    check_layer(make, [TARGETS, floats(3, 5, 6)], {"return_attention_scores": True}, outputs=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"feeding": "sutskever"}, r"Expected one of \['bahdanau', 'luong'\]. Received: feeding='sutskever'"),
        ({"location_size": -1}, "Received: location_size=-1"),
        ({"location_size": 4}, "Expected an odd integer, as a window has a middle. Received: kernel_size=4"),
        ({"score": "cosine"}, "Received: score='cosine'"),
    ],
)
def test_invalid_arguments_raise_value_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        InputFeedingDecoder(9, 4, **arguments)


def test_a_decoder_without_weights_says_how_to_build_it(floats):
    with pytest.raises(ValueError, match=r"InputFeedingDecoder\.initial_state needs .* decoder\.build"):
        InputFeedingDecoder(9, 4).initial_state(floats(2, 5, 6))


def test_a_search_over_a_symbolic_memory_is_refused():
    with pytest.raises(ValueError, match=r"InputFeedingDecoder\.prepared_step expected a tensor of numbers"):
        with_random_weights().prepared_step(keras.Input((5, 6)))
