"""Tests of TextEncoder, in particular its independence of padding."""

import keras
import numpy as np
import pytest

from dlseq.layers import TextEncoder

SHAPES = [
    {"depth": 2, "kernel_size": 5},
    {"depth": 3, "kernel_size": 4},
    {"depth": 0, "recurrent_units": 3},
    {"depth": 1, "kernel_size": 3, "recurrent_units": 3},
    {"depth": 1, "kernel_size": 3, "recurrent_units": 3, "keep_embedding": True},
]
IDS = np.array([[3, 4, 5, 0, 0], [6, 1, 2, 7, 8], [9, 0, 0, 0, 0]], "int32")


def with_random_weights(**arguments):
    """Return an encoder with random weights, including biases, which could affect padding."""
    encoder = TextEncoder(11, 6, **arguments)
    encoder.build((None, None))
    random = np.random.default_rng(5)
    encoder.set_weights([random.normal(size=weight.shape) for weight in encoder.get_weights()])
    return encoder


@pytest.mark.parametrize("arguments", SHAPES, ids=str)
def test_the_amount_of_padding_does_not_change_the_memory(arguments):
    encoder = with_random_weights(**arguments)
    memory, wider = encoder(IDS), encoder(np.pad(IDS, [(0, 0), (0, 4)]))
    np.testing.assert_allclose(wider[:, :5], memory, atol=1e-5)
    for row, length in enumerate((3, 5, 1)):
        alone = encoder(IDS[row : row + 1, :length])
        np.testing.assert_allclose(memory[row, :length], alone[0], atol=1e-5)


@pytest.mark.parametrize("arguments", SHAPES, ids=str)
def test_the_padding_embedding_does_not_change_the_memory(arguments):
    encoder = with_random_weights(**arguments)
    before = np.asarray(encoder(IDS))
    table = encoder.embedding.embeddings.numpy()
    table[0] = 1e3
    encoder.embedding.embeddings.assign(table)
    np.testing.assert_array_equal(np.asarray(encoder(IDS))[IDS != 0], before[IDS != 0])


@pytest.mark.parametrize("arguments", SHAPES, ids=str)
def test_fully_padded_rows_are_finite_and_affect_no_others(arguments):
    encoder = with_random_weights(**arguments)
    memory = encoder(np.concatenate([IDS, np.zeros((1, 5), "int32")]))
    assert np.isfinite(memory).all()
    np.testing.assert_allclose(memory[:3], encoder(IDS), atol=1e-6)


def test_the_memory_ends_in_the_embedding_if_it_is_kept():
    encoder = with_random_weights(depth=1, kernel_size=3, recurrent_units=3, keep_embedding=True)
    memory = encoder(IDS)
    assert tuple(memory.shape) == encoder.compute_output_shape((3, 5)) == (3, 5, 12)
    embedded = encoder.embedding.embeddings.numpy()[IDS] * (IDS != 0)[..., None]
    np.testing.assert_allclose(memory[..., 6:], embedded, atol=1e-6)
    without = with_random_weights(depth=1, kernel_size=3, recurrent_units=3)
    np.testing.assert_allclose(memory[..., :6], without(IDS), atol=1e-6)


def test_convolutions_equal_those_of_numpy():
    encoder = with_random_weights(depth=2, kernel_size=3)
    table = encoder.embedding.embeddings.numpy()
    row = [3, 4, 5]
    memory = table[row]
    for convolution in encoder.convolutions:
        kernel, bias = convolution.get_weights()
        padded = np.pad(memory, [(1, 1), (0, 0)])
        convolved = np.stack([sum(padded[t + k] @ kernel[k] for k in range(3)) + bias for t in range(3)])
        memory = memory + np.maximum(convolved, 0)
    np.testing.assert_allclose(encoder(IDS)[0, :3], memory, rtol=1e-4)
    assert not np.asarray(encoder(IDS))[0, 3:].any()


def test_the_lstm_is_bidirectional():
    encoder = with_random_weights(depth=0, recurrent_units=3)
    memory = np.asarray(encoder(IDS))[1]
    changed = IDS.copy()
    changed[1, 2] = 10
    difference = np.abs(np.asarray(encoder(changed))[1] - memory) > 1e-6
    assert not difference[:2, :3].any()  # forward units before the change
    assert difference[2:, :3].any(axis=1).all()
    assert difference[:3, 3:].any(axis=1).all()
    assert not difference[3:, 3:].any()


def test_the_mask_is_passed_on_to_the_next_layer():
    encoder = with_random_weights()
    np.testing.assert_array_equal(encoder.compute_mask(IDS), IDS != 0)
    memory = encoder(IDS)
    pooled = keras.layers.GlobalAveragePooling1D()(memory)
    expected = np.asarray(memory).sum(axis=1) / (IDS != 0).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(pooled, expected, rtol=1e-4)


@pytest.mark.parametrize("arguments", [SHAPES[1], SHAPES[3]], ids=str)
def test_layer_passes_the_keras_layer_checks(check_layer, arguments):
    check_layer(lambda **kwargs: TextEncoder(11, 6, **arguments, **kwargs), IDS)


def test_time_distributed_encoder_equals_separate_calls():
    encoder = with_random_weights(depth=1, kernel_size=3)
    documents = np.stack([IDS, IDS[::-1]])
    found = keras.layers.TimeDistributed(encoder)(documents)
    np.testing.assert_allclose(found, np.stack([encoder(IDS), encoder(IDS[::-1])]), atol=1e-6)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_ids_given_as_floats_keep_their_precision(policy):
    """Float ids, the default of `keras.Input`, were cast to float16, where 4001 equals 4000."""
    encoder = TextEncoder(5000, 4, dtype=policy)
    ids = np.array([[4001, 4003, 1, 0]])
    from_integers, from_floats = (
        np.asarray(keras.ops.cast(encoder(ids.astype(t)), "float32")) for t in ("int32", "float32")
    )
    np.testing.assert_array_equal(from_integers, from_floats)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vocabulary_size": 0}, "`vocabulary_size`. Expected an integer of at least 1. Received: vocabulary_size=0"),
        ({"units": 2.0}, "Received: units=2.0"),
        ({"depth": -1}, "`depth`. Expected an integer of at least 0. Received: depth=-1"),
        ({"kernel_size": 0}, "Received: kernel_size=0"),
        ({"recurrent_units": None}, "Received: recurrent_units=None"),
        ({"depth": 0}, "at least one convolution or recurrent units. Received: depth=0, recurrent_units=0"),
    ],
)
def test_invalid_arguments_raise_value_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        TextEncoder(**{"vocabulary_size": 11, "units": 6, **arguments})
