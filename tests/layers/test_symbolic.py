"""Symbolic inputs (`keras.Input`): a state and a step in a functional model, and words where a search cannot be."""

import keras
import numpy as np
import pytest

from dlseq.decoding import beam_search, greedy_search
from dlseq.layers import AttentionDecoder, TextEncoder
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.text.vocabulary import Vocabulary

LETTERS = Vocabulary("abcde")


@pytest.fixture
def decoder():
    decoder = AttentionDecoder(9, 8)
    decoder.build([(None, None), (None, None, 6)])
    return decoder


@pytest.mark.parametrize("length", [5, None])
@pytest.mark.parametrize("masked", [False, True])
def test_a_step_in_a_functional_model_is_the_step(decoder, floats, length, masked):
    memory, tokens = keras.Input((length, 6)), keras.Input((), dtype="int32")
    masks = [keras.Input((length,), dtype="bool")] if masked else []
    logits, _, outputs = decoder.step(tokens, decoder.initial_state(memory, *masks))
    model = keras.Model([memory, tokens, *masks], [logits, outputs["attention"]])
    inputs = [floats(2, 5, 6), np.array([3, 0], "int32"), *[np.arange(5) < [[2], [5]]] * masked]
    state = decoder.initial_state(inputs[0], *inputs[2:])
    expected, _, outputs = decoder.step(inputs[1], state)
    found = model(inputs)
    np.testing.assert_allclose(found[0], expected, atol=1e-6)
    np.testing.assert_allclose(found[1], outputs["attention"], atol=1e-6)


def test_symbolic_searches_over_prepared_steps_are_refused(decoder):
    """They ended in "Attempt to convert a value (None) with an unsupported type"."""
    encoder = TextEncoder(len(LETTERS), 6)
    encoder.build((None, None))
    network = EncoderDecoder(encoder, LETTERS.to_config())
    with pytest.raises(ValueError, match="prepared_step expected a tensor of numbers"):
        decoder.prepared_step(keras.Input((5, 6)))
    with pytest.raises(ValueError, match="decode expected a source of numbers"):
        network.decode(keras.Input((9,), dtype="int32"), greedy_search, 3)
    with pytest.raises(ValueError, match="Search in the `call` of a layer"):
        beam_search(decoder.step, None, keras.Input((), dtype="int32"), max_length=3, end_id=1)


def test_a_search_in_the_call_of_a_model_takes_symbolic_inputs(floats):
    """This is what the refusals advise."""
    encoder = TextEncoder(len(LETTERS), 6)
    encoder.build((None, None))
    network = EncoderDecoder(encoder, LETTERS.to_config())

    class Search(keras.layers.Layer):
        def call(self, source):
            return network.decode(source, lambda *args, **options: greedy_search(*args, end_id=2, **options), 4).ids

        def compute_output_spec(self, source):
            return keras.KerasTensor((source.shape[0], 4), dtype="int32")

    source, ids = keras.Input((None,), dtype="int32"), np.array([[3, 4, 0], [5, 6, 7]], "int32")
    np.testing.assert_array_equal(keras.Model(source, Search()(source))(ids), Search()(ids))
    np.testing.assert_array_equal(keras.Model(source, Search()(source)).predict(ids, verbose=0), Search()(ids))


@pytest.mark.parametrize("method", ["initial_state", "prepared_step"])
def test_a_decoder_without_weights_says_how_to_build_it(floats, method):
    """The message spoke of AttentionLayer.project, which the caller has never seen."""
    with pytest.raises(ValueError, match=r"decoder\.build\(\[\(None, None\), memory\.shape\]\)") as caught:
        getattr(AttentionDecoder(9, 8), method)(floats(2, 5, 6))
    assert "AttentionLayer" not in str(caught.value)
