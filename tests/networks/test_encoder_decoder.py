"""The encoder-decoder network over encoders of text, of feature sequences and of images."""

import functools
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from dlseq.decoding import beam_search, greedy_search
from dlseq.layers import AttentionDecoder, TextEncoder
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.text.vocabulary import Vocabulary

LETTERS, DIGITS = Vocabulary("abcdef"), Vocabulary("0123")
RANDOM = np.random.default_rng(4)
TARGET = DIGITS.encode_batch(["012", "33", "210"], eos=True)

READ = """
import sys
import keras
import numpy as np
import dlseq.networks.encoder_decoder

for path in sys.argv[1:]:
    network = keras.models.load_model(path + ".keras")
    given = np.load(path + ".npz")
    np.save(path + ".npy", network({"source": given["source"], "target": given["target"]}))
"""


def image_encoder():
    """A convolution over an image `(H, W, 3)`, whose grid becomes a sequence of places."""
    return keras.Sequential([keras.layers.Conv2D(6, 3, activation="relu"), keras.layers.Reshape((-1, 6))])


CASES = {
    "text": (lambda: TextEncoder(len(LETTERS), 8), LETTERS.encode_batch(["abc", "f", "ddeea"]), LETTERS.to_config()),
    "features": (lambda: keras.layers.Dense(7), RANDOM.normal(size=(3, 5, 4)).astype("float32"), None),
    "image": (image_encoder, RANDOM.normal(size=(3, 6, 5, 3)).astype("float32"), None),
}


@pytest.fixture(scope="module")
def networks():
    """Networks of all cases, built and trained by one step of `fit`."""

    def fit(make, source, vocabulary):
        network = EncoderDecoder(make(), DIGITS.to_config(), source=vocabulary, decoder_units=8, metadata={"seed": 3})
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        network.compile("adam", loss, run_eagerly=vocabulary is None)  # a graph of one network takes seconds
        network.fit({"source": source, "target": TARGET}, TARGET, verbose=0)
        return network

    return {name: fit(*case) for name, case in CASES.items()}


@pytest.fixture(params=CASES, ids=str)
def case(networks, request):
    """A trained network and the source."""
    return networks[request.param], CASES[request.param][1]


@pytest.fixture(scope="module")
def fresh_outputs(networks, tmp_path_factory):
    """Outputs of all networks, and those after one fresh process has loaded them."""
    folder, outputs = tmp_path_factory.mktemp("networks"), {}
    for name, network in networks.items():
        inputs = {"source": CASES[name][1], "target": TARGET}
        outputs[name] = np.asarray(network(inputs))
        network.save(folder / f"{name}.keras")
        np.savez(folder / f"{name}.npz", **inputs)
    run = subprocess.run(
        [sys.executable, "-c", READ, *(str(folder / name) for name in networks)],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return {name: (outputs[name], np.load(folder / f"{name}.npy")) for name in networks}


def test_one_step_of_fit_changes_encoder_and_decoder(case):
    network, source = case
    parts = (network.encoder, network.decoder)
    before = [part.get_weights() for part in parts]
    network.fit({"source": source, "target": TARGET}, TARGET, verbose=0)
    for part, weights in zip(parts, before, strict=True):
        assert any(not np.array_equal(new, old) for new, old in zip(part.get_weights(), weights, strict=True))
    assert {id(w) for w in (*network.encoder.weights, *network.decoder.weights)} == {id(w) for w in network.weights}


@pytest.mark.parametrize("name", ["features", "image"])
def test_a_memory_computed_before_is_read_as_its_source_is(networks, name):
    network, source = networks[name], CASES[name][1]
    memory = np.asarray(network.encoder(source))
    expected = np.asarray(network({"source": source, "target": TARGET}))
    np.testing.assert_allclose(network({"memory": memory, "target": TARGET}), expected, atol=1e-6)


@pytest.mark.parametrize("search", [greedy_search, beam_search])
def test_decoding_gives_what_reading_the_answer_gives(case, search):
    network, source = case
    decoded = network.decode(source, functools.partial(search, end_id=Vocabulary.eos_id), max_length=4)
    ids, lengths = np.asarray(decoded.ids), np.asarray(decoded.lengths)
    logits, weights = network({"source": source, "target": ids}, return_attention_scores=True)
    log_probs = np.asarray(keras.ops.log_softmax(logits))
    for row, length in enumerate(lengths):
        np.testing.assert_allclose(decoded.attention[row, :length], weights[row, :length], atol=1e-5)
        total = log_probs[row, np.arange(length), ids[row, :length]].sum()
        np.testing.assert_allclose(decoded.log_probs[row], total, atol=1e-4)


def test_the_mask_of_the_encoder_reaches_the_attention():
    make, source, vocabulary = CASES["text"]
    network = EncoderDecoder(make(), DIGITS.to_config(), source=vocabulary, decoder_units=8)
    _, weights = network({"source": source, "target": TARGET}, return_attention_scores=True)
    assert not np.asarray(weights).transpose(0, 2, 1)[source == 0].any()


def test_the_decoder_starts_from_the_end_token(case):
    network, _ = case
    assert network.decoder.start_id == Vocabulary.eos_id != Vocabulary.pad_id


def test_a_copy_from_the_configuration_has_weights_at_once(case):
    network, source = case
    copy = EncoderDecoder.from_config(network.get_config())
    assert copy.metadata == {"seed": 3}
    copy.set_weights(network.get_weights())
    inputs = {"source": source, "target": TARGET}
    np.testing.assert_allclose(copy(inputs), network(inputs), atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_fresh_process_loads_the_same_network(fresh_outputs, name):
    before, after = fresh_outputs[name]
    np.testing.assert_allclose(after, before, atol=1e-6)


def test_an_encoder_that_is_not_trained_stays_so_when_it_is_saved_and_loaded(networks, tmp_path):
    """Then the state of an optimizer fits too, with which training goes on."""
    network = next(iter(networks.values()))
    copy = type(network).from_config(network.get_config())
    copy.encoder.trainable = False
    names = [weight.path.split("/", 1)[-1] for weight in copy.trainable_weights]
    assert names and len(names) < len(copy.weights)
    copy.compile("adam")
    copy.optimizer.build(copy.trainable_weights)
    copy.save(tmp_path / "fixed.keras")
    loaded = keras.models.load_model(tmp_path / "fixed.keras")
    assert [weight.path.split("/", 1)[-1] for weight in loaded.trainable_weights] == names
    assert len(loaded.optimizer.variables) == len(copy.optimizer.variables)


@pytest.mark.parametrize("feeding", ["luong", "bahdanau"])
def test_a_saved_network_keeps_the_feeding_of_its_decoder(tmp_path, feeding):
    encoder, source = TextEncoder(len(LETTERS), 8), LETTERS.encode_batch(["abc", "f", "ddeea"])
    network = EncoderDecoder(encoder, DIGITS.to_config(), decoder_units=4, feeding=feeding, location_size=3)
    inputs = {"source": source, "target": TARGET}
    expected = network(inputs)
    network.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras")
    assert (loaded.decoder.feeding, loaded.decoder.location_size) == (feeding, 3)
    np.testing.assert_allclose(loaded(inputs), expected, atol=1e-6)
    decoded = loaded.decode(source, functools.partial(greedy_search, end_id=Vocabulary.eos_id), max_length=3)
    np.testing.assert_array_equal(decoded.ids[:, 0], np.argmax(expected[:, 0], axis=-1))


def test_a_saved_network_keeps_the_reach_of_its_decoder(tmp_path):
    options = {"decoder_units": 4, "feeding": "aligned", "reach": 5}
    network = EncoderDecoder(TextEncoder(len(LETTERS), 8), DIGITS.to_config(), **options)
    inputs = {"source": LETTERS.encode_batch(["abc", "f", "ddeea"]), "target": TARGET}
    expected = network(inputs)
    network.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras")
    assert loaded.decoder.offset_dense.units == 2 * 5 + 1
    np.testing.assert_allclose(loaded(inputs), expected, atol=1e-6)


def test_a_configuration_from_before_feeding_gives_the_parallel_decoder():
    network = EncoderDecoder(TextEncoder(len(LETTERS), 8), DIGITS.to_config(), decoder_units=4)
    config = {
        name: value for name, value in network.get_config().items() if name not in ("feeding", "location_size", "reach")
    }
    assert type(EncoderDecoder.from_config(config).decoder) is AttentionDecoder


@pytest.mark.parametrize("feeding", [None, "aligned"])
def test_location_scores_need_feeding(feeding):
    with pytest.raises(ValueError, match=r"`location_size`. Expected 0 without the `feeding`.* Received: 3"):
        EncoderDecoder(TextEncoder(len(LETTERS), 8), DIGITS.to_config(), feeding=feeding, location_size=3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"feeding": "lung"}, r"`feeding`. Expected one of \[None, 'aligned', .* Received: feeding='lung'"),
        ({"guidance": -0.5}, r"`guidance`. Expected 0 or more. Received: guidance=-0.5"),
    ],
)
def test_invalid_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        EncoderDecoder(TextEncoder(len(LETTERS), 8), DIGITS.to_config(), **arguments)


POSITIONS = np.array([[3, 1, 2, 2], [1, 1, 1, 0], [4, 5, 1, 1]], "int32")


@pytest.mark.parametrize("feeding", [None, "luong", "aligned"])
def test_guidance_is_the_cross_entropy_of_the_attention_in_training(feeding):
    source = LETTERS.encode_batch(["abc", "f", "ddeea"])
    sizes = {"decoder_units": 4, "feeding": feeding, "guidance": 0.25}
    network = EncoderDecoder(TextEncoder(len(LETTERS), 8), DIGITS.to_config(), **sizes)
    inputs = {"source": source, "target": TARGET, "positions": POSITIONS}
    _, weights = network(inputs, training=True, return_attention_scores=True)
    known = [(row, step) for row, step in np.ndindex(POSITIONS.shape) if POSITIONS[row, step]]
    nats = [-np.log(weights[row, step, POSITIONS[row, step] - 1]) for row, step in known]
    assert float(network.losses[0]) == pytest.approx(0.25 * np.mean(nats), rel=1e-5)
    network(inputs)
    assert not network.losses
    with pytest.raises(
        ValueError, match=r"expected `positions` among the inputs in training.*Received: source, target"
    ):
        network({"source": source, "target": TARGET}, training=True)
    loaded = EncoderDecoder.from_config(network.get_config())
    assert (loaded.guidance, type(loaded.decoder)) == (0.25, type(network.decoder))


@pytest.mark.slow
def test_guidance_teaches_the_attention():
    source = LETTERS.encode_batch(["abc", "f", "ddeea"])
    network = EncoderDecoder(TextEncoder(len(LETTERS), 8), DIGITS.to_config(), feeding="aligned", guidance=1.0)
    network.compile(keras.optimizers.Adam(0.03), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    inputs = {"source": source, "target": TARGET}
    network.fit({**inputs, "positions": POSITIONS}, TARGET, epochs=60, verbose=0)
    _, weights = network(inputs, return_attention_scores=True)  # by the loop: no places are told
    np.testing.assert_array_equal((1 + np.argmax(weights, axis=-1))[POSITIONS > 0], POSITIONS[POSITIONS > 0])
