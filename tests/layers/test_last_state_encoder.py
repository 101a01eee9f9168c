"""Tests of LastStateEncoder: the last state of a reversed source, whatever its padding."""

import keras
import numpy as np
import pytest

from dlseq.layers import AttentionDecoder, LastStateEncoder

IDS = np.array([[3, 4, 5, 0, 0], [6, 1, 2, 7, 8], [9, 0, 0, 0, 0]], "int32")


@pytest.fixture(scope="module", params=[True, False], ids=["reversed", "in order"])
def encoder(request):
    encoder = LastStateEncoder(11, 6, 4, reverse=request.param)
    encoder.build((None, None))
    return encoder


def test_it_is_the_last_state_of_keras_own_lstm_over_the_symbols_of_each_row(encoder):
    own = keras.layers.LSTM(4)
    own.build((None, None, 6))
    own.set_weights(encoder.lstm.get_weights())
    memory = encoder(IDS)
    assert tuple(memory.shape) == encoder.compute_output_shape((3, 5)) == (3, 1, 4)
    for row, length in enumerate((3, 5, 1)):
        symbols = IDS[row, :length][:: -1 if encoder.reverse else 1]
        np.testing.assert_allclose(memory[row, 0], own(encoder.embedding(symbols)[None])[0], atol=1e-5)


def test_the_amount_of_padding_does_not_change_the_memory(encoder):
    np.testing.assert_allclose(encoder(np.pad(IDS, [(0, 0), (0, 4)])), encoder(IDS), atol=1e-6)


def test_a_decoder_has_all_its_attention_on_the_one_state(encoder):
    decoder = AttentionDecoder(7, 5)
    targets = np.array([[3, 4], [5, 6], [3, 3]])
    _, weights = decoder([targets, encoder(IDS)], return_attention_scores=True)
    np.testing.assert_allclose(weights, np.ones((3, 2, 1)))
    assert encoder.compute_mask(IDS) is None


def test_it_is_rebuilt_from_its_configuration(encoder):
    copy = LastStateEncoder.from_config(encoder.get_config())
    copy.build((None, None))
    copy.set_weights(encoder.get_weights())
    np.testing.assert_array_equal(copy(IDS), encoder(IDS))


def test_invalid_arguments_raise_value_error():
    for arguments in ((0, 6, 4), (11, 6.0, 4), (11, 6, None)):
        with pytest.raises(ValueError, match="Expected an integer of at least 1"):
            LastStateEncoder(*arguments)
