"""Quantized networks: searches agree with the scorer, files are loaded, and what cannot be saved is refused."""

import json

import keras
import numpy as np
import pytest

from dlseq.decoding import beam_search
from dlseq.errors import ModelFileError
from dlseq.layers import TextEncoder
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.networks.language_model import LanguageModel
from dlseq.tasks.dates.normalization import DateNormalizer
from dlseq.tasks.names.generation import NameGenerator
from dlseq.tasks.pretrained import pretrained
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.saving import load_network, save_network

pytestmark = pytest.mark.filterwarnings("ignore:Layer .* does not have a `quantize")
LETTERS = Vocabulary("abcde")
MODES = ["int8", "int4", "float8"]


def language_model():
    return LanguageModel(LETTERS.to_config(), embedding_units=6, units=12, depth=2, metadata={"seed": 1})


def encoder_decoder():
    encoder = TextEncoder(len(LETTERS), 6, recurrent_units=4)
    encoder.build((None, None))
    return EncoderDecoder(encoder, LETTERS.to_config(), source=LETTERS.to_config(), decoder_units=8, score="additive")


IDS = np.array([[3, 4, 7, 2], [6, 2, 0, 0]], "int32")
NETWORKS = {
    "language model": (language_model, IDS),
    "encoder-decoder": (encoder_decoder, {"source": IDS, "target": IDS}),
}


@pytest.fixture(params=NETWORKS)
def network_and_inputs(request):
    make, inputs = NETWORKS[request.param]
    network = make()
    random = np.random.default_rng(3)
    for weight in network.trainable_weights:
        weight.assign(0.6 * random.normal(size=weight.shape))
    return network, inputs


@pytest.mark.parametrize(
    "mode", [mode if mode == "int8" else pytest.param(mode, marks=pytest.mark.slow) for mode in MODES]
)
def test_a_quantized_network_is_saved_and_loaded(network_and_inputs, mode, tmp_path):
    """The file was "damaged or from another release"."""
    network, inputs = network_and_inputs
    exact = np.asarray(network(inputs))
    network.quantize(mode)
    save_network(network, tmp_path / "quantized.keras")
    loaded = load_network(tmp_path / "quantized.keras", type(network))
    found = np.asarray(network(inputs))
    np.testing.assert_allclose(loaded(inputs), found, atol=1e-6)
    assert json.dumps(loaded.quantization) == json.dumps(network.quantization)
    real = exact > -1e6  # not the padding of a language model
    assert 0 < np.abs(found - exact)[real].max() < {"int8": 0.2, "int4": 2.0, "float8": 0.3}[mode]


def test_a_quantization_that_a_file_cannot_hold_is_refused(tmp_path):
    network = language_model()
    network.quantize("int8", filters="logits")
    with pytest.raises(ModelFileError, match="Save it before it is quantized"):
        save_network(network, tmp_path / "quantized.keras")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", MODES)
def test_names_of_a_quantized_model_have_the_probability_of_the_scorer(mode):
    """After `quantize("int8")` the searches read integers as an embedding: names were off by up to 54 nats."""
    generator = NameGenerator.load(pretrained("names-dinosaurs"))
    generator.network.quantize(mode)
    generator = NameGenerator(generator.network)
    drawn = generator.generate(40, seed=3)
    np.testing.assert_allclose(drawn.log_probs, generator.log_probs(drawn.names), atol=2e-2)


@pytest.mark.parametrize("mode", ["int8", "float8"])
@pytest.mark.slow
def test_dates_of_a_quantized_model_are_read_as_before(mode):
    """ "July 20th 1969" was read as 209-20-20-."""
    texts = ["July 20th 1969", "23 April, 1564", "03.05.1979", "5 mai 2004"]
    normalizer = DateNormalizer.load(pretrained("dates-world"))
    expected = [reading.iso for reading in normalizer.read(texts)]
    normalizer.network.quantize(mode)
    for width in (1, 4):
        readings = normalizer.read(texts, beam_width=width)
        assert [reading.iso for reading in readings] == expected
        assert min(reading.probability for reading in readings) > 0.5


def test_a_search_gives_the_log_prob_of_teacher_forcing():
    network = encoder_decoder()
    network.quantize("int8")
    decoded = network.decode(IDS, beam_search_of_four, max_length=5)
    logits = network({"source": IDS, "target": np.asarray(decoded.ids)})
    log_probs = np.take_along_axis(np.asarray(keras.ops.log_softmax(logits)), np.asarray(decoded.ids)[..., None], 2)
    np.testing.assert_allclose(decoded.log_probs, log_probs.sum(axis=(1, 2)), atol=5e-2)


def beam_search_of_four(*arguments, **options):
    return beam_search(*arguments, end_id=None, beam_width=4, **options)
