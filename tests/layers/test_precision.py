"""Float types: decoders and searches under each policy, and whatever the caller's Keras settings are."""

import keras
import numpy as np
import pytest

from dlseq.decoding import beam_search, greedy_search, sample
from dlseq.layers import LSTM, AttentionDecoder, AttentionLayer, TextEncoder
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.networks.language_model import LanguageModel
from dlseq.tasks.dates.normalization import DateNormalizer
from dlseq.tasks.names.generation import NameGenerator
from dlseq.tasks.pretrained import pretrained
from dlseq.text.vocabulary import Vocabulary

POLICIES = {"float64": 1e-6, "float32": 1e-5, "mixed_float16": 2e-2, "mixed_bfloat16": 0.2}
SEARCHES = {
    "greedy": greedy_search,
    "sample": lambda *args, **options: sample(*args, seed=4, **options),
    "beam": lambda *args, **options: beam_search(*args, beam_width=3, **options),
}
IDS = np.array([[3, 4, 7, 2], [6, 2, 0, 0]], "int32")
LETTERS = Vocabulary("abcde")


@pytest.fixture
def settings():
    """A function that changes settings of Keras for one test."""
    floatx, image_format = keras.config.floatx(), keras.config.image_data_format()
    policy = keras.config.dtype_policy()

    def change(floatx=floatx, image_format=image_format, policy=None):
        keras.config.set_floatx(floatx)
        keras.config.set_image_data_format(image_format)
        keras.config.set_dtype_policy(policy or floatx)

    yield change
    change(policy=policy)


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("search", SEARCHES)
@pytest.mark.parametrize("policy", POLICIES)
def test_searches_give_the_log_probs_of_teacher_forcing(floats, policy, search, prepared):
    """A decoder of float64 could not be searched: its weights were declared float32 and were float64."""
    decoder, memory = AttentionDecoder(9, 8, dtype=policy), floats(2, 5, 6)
    decoder.build([(None, None), (None, None, 6)])
    step, state = decoder.prepared_step(memory) if prepared else (decoder.step, decoder.initial_state(memory))
    found = SEARCHES[search](step, state, [0, 0], max_length=4, end_id=None)
    logits, weights = decoder([np.asarray(found.ids), memory], return_attention_scores=True)
    log_probs = np.asarray(keras.ops.log_softmax(keras.ops.cast(logits, "float32")))
    expected = np.take_along_axis(log_probs, np.asarray(found.ids)[..., None], axis=2).sum(axis=(1, 2))
    np.testing.assert_allclose(found.log_probs, expected, atol=4 * POLICIES[policy])
    np.testing.assert_allclose(found.attention, weights, atol=POLICIES[policy])
    assert found.attention.dtype == weights.dtype == decoder.attention.softmax_dtype


def network_of(kind):
    if kind == "language model":
        return LanguageModel(LETTERS.to_config(), embedding_units=6, units=12), IDS
    encoder = TextEncoder(len(LETTERS), 6, recurrent_units=4)
    encoder.build((None, None))
    return EncoderDecoder(encoder, LETTERS.to_config(), decoder_units=8), {"source": IDS, "target": IDS}


@pytest.mark.parametrize("kind", ["language model", "encoder-decoder"])
@pytest.mark.parametrize("policy", POLICIES)
def test_networks_compute_as_their_policy_says(settings, kind, policy):
    settings(policy=policy)
    network, inputs = network_of(kind)
    settings()
    full, _ = network_of(kind)
    network(inputs), full(inputs)
    full.set_weights(network.get_weights())
    layers = [layer for layer in network.layers if layer.name != "logits" or kind != "language model"]
    assert {layer.compute_dtype for layer in layers} == {keras.DTypePolicy(policy).compute_dtype}
    difference = np.abs(np.asarray(keras.ops.cast(network(inputs), "float64")) - np.asarray(full(inputs), "float64"))
    assert difference[..., 1:].max() < 4 * POLICIES[policy]  # the first is padding, with a logit of -1e9


@pytest.mark.parametrize(
    "changes",
    [{"floatx": "float64"}, {"floatx": "float16"}, {"image_format": "channels_first"}, {"policy": "mixed_bfloat16"}],
    ids=str,
)
@pytest.mark.slow
def test_shipped_models_answer_the_same_under_all_settings(settings, changes):
    """`keras.json` with another floatx or image_data_format ended in tracebacks."""

    def answers():
        (reading,) = DateNormalizer.load(pretrained("dates-world")).read(["July 20th 1969"], beam_width=2)
        drawn = NameGenerator.load(pretrained("names-dinosaurs")).generate(3, seed=1)
        return reading.iso, reading.probability, drawn.names, *drawn.log_probs.tolist()

    expected = answers()
    settings(**changes)
    found = answers()
    assert found[0] == expected[0] and found[2] == expected[2]
    np.testing.assert_allclose([found[1], *found[3:]], [expected[1], *expected[3:]], rtol=1e-5)


@pytest.mark.parametrize("floatx", ["float64", "float16"])
@pytest.mark.parametrize("make", [TextEncoder, LSTM, AttentionLayer])
def test_layers_follow_the_floatx_of_the_caller(settings, floats, make, floatx):
    settings(floatx=floatx, image_format="channels_first")
    if make is TextEncoder:
        layer, inputs, shape = TextEncoder(9, 8), IDS, (2, 4, 8)
    elif make is LSTM:
        layer, inputs, shape = LSTM(4), floats(2, 3, 5), (2, 4)
    else:
        layer, inputs, shape = AttentionLayer(4), [floats(2, 3, 5), floats(2, 4, 6)], (2, 3, 6)
    options = {"use_causal_mask": True} if make is AttentionLayer else {}
    output = layer(inputs, **options)
    assert output.shape == shape and keras.backend.standardize_dtype(output.dtype) == floatx
