"""The encoder-decoder network over encoders of text, of feature sequences and of images."""

import functools
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from dlseq.decoding import beam_search, greedy_search
from dlseq.layers import TextEncoder
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

network = keras.models.load_model(sys.argv[1])
given = np.load(sys.argv[2])
np.save(sys.argv[3], network({"source": given["source"], "target": given["target"]}))
"""


def image_encoder():
    """A convolution over an image `(H, W, 3)`, whose grid becomes a sequence of places."""
    return keras.Sequential([keras.layers.Conv2D(6, 3, activation="relu"), keras.layers.Reshape((-1, 6))])


CASES = {
    "text": (lambda: TextEncoder(len(LETTERS), 8), LETTERS.encode_batch(["abc", "f", "ddeea"]), LETTERS.to_config()),
    "features": (lambda: keras.layers.Dense(7), RANDOM.normal(size=(3, 5, 4)).astype("float32"), None),
    "image": (image_encoder, RANDOM.normal(size=(3, 6, 5, 3)).astype("float32"), None),
}


@pytest.fixture(params=CASES, ids=str)
def case(request):
    """A network that one step of `fit` has built and trained, and the source."""
    make, source, vocabulary = CASES[request.param]
    network = EncoderDecoder(make(), DIGITS.to_config(), source=vocabulary, decoder_units=8, metadata={"seed": 3})
    network.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit({"source": source, "target": TARGET}, TARGET, verbose=0)
    return network, source


def test_one_step_of_fit_changes_encoder_and_decoder(case):
    network, source = case
    parts = (network.encoder, network.decoder)
    before = [part.get_weights() for part in parts]
    network.fit({"source": source, "target": TARGET}, TARGET, verbose=0)
    for part, weights in zip(parts, before, strict=True):
        assert any(not np.array_equal(new, old) for new, old in zip(part.get_weights(), weights, strict=True))
    assert {id(w) for w in (*network.encoder.weights, *network.decoder.weights)} == {id(w) for w in network.weights}


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


def test_a_fresh_process_loads_the_same_network(case, tmp_path):
    network, source = case
    model, given, found = (str(tmp_path / name) for name in ("m.keras", "given.npz", "found.npy"))
    network.save(model)
    np.savez(given, source=source, target=TARGET)
    run = subprocess.run(
        [sys.executable, "-c", READ, model, given, found],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    np.testing.assert_allclose(np.load(found), network({"source": source, "target": TARGET}), atol=1e-6)
