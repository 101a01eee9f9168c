"""Tests of the network from sound to symbols, and of its loss against the exact probability."""

import keras
import numpy as np
import pytest
from keras import ops

from dlseq.decoding.ctc import ctc_log_prob
from dlseq.networks.ctc_network import CTCNetwork
from dlseq.text.vocabulary import Vocabulary

WORDS = Vocabulary(["one", "two", "three"], level="word")


@pytest.fixture(scope="module", params=[(), (4,)], ids=["over time", "over bands first"])
def network(request):
    """A network whose logits are distinct."""
    sizes = {"strides": (2, 1, 3), "filters": 6, "units": 5, "depth": 2, "channels": request.param}
    network = CTCNetwork(WORDS.to_config(), bands=3, **sizes)
    random = np.random.default_rng(0)
    for weight in network.trainable_weights:
        weight.assign(0.7 * random.normal(size=weight.shape))
    return network


def padded(recordings, width):
    levels, frames = np.zeros((len(recordings), width, 3), np.uint8), np.zeros((len(recordings), width), np.int32)
    for row, recording in enumerate(recordings):
        levels[row, : len(recording)], frames[row, : len(recording)] = recording, 1
    return {"levels": levels, "frames": frames}


@pytest.fixture
def recordings():
    random = np.random.default_rng(1)
    return [random.integers(0, 81, (length, 3)).astype(np.uint8) for length in (40, 23, 1)]


def test_padding_changes_no_logits_and_is_blank_for_sure(network, recordings):
    together = np.asarray(ops.log_softmax(network(padded(recordings, 57))))
    assert together.shape == (3, -(-57 // network.stride), len(WORDS))
    for recording, rows in zip(recordings, together, strict=True):
        alone = np.asarray(ops.log_softmax(network(padded([recording], len(recording)))))[0]
        assert len(alone) == -(-len(recording) // network.stride)
        np.testing.assert_allclose(rows[: len(alone)], alone, atol=1e-4)
        np.testing.assert_allclose(rows[len(alone) :, 0], 0, atol=1e-6)


def test_levels_beyond_the_frames_are_not_read(network, recordings):
    """In training, a batch has the width of its longest row, and the levels that of the longest of all."""
    inputs, narrow = padded(recordings, 57), padded(recordings, 40)
    found = network({"levels": inputs["levels"], "frames": narrow["frames"]})
    np.testing.assert_allclose(found, network(narrow), atol=1e-6)


def test_loss_of_a_padded_batch_is_the_exact_probability_of_each_text(network, recordings):
    targets = WORDS.encode_batch(["one three three", "two", ""])
    logits = network(padded(recordings, 57))
    losses = keras.losses.CTC(reduction=None)(targets, logits)
    for recording, ids, loss in zip(recordings, targets, np.asarray(losses), strict=True):
        log_probs = np.asarray(ops.log_softmax(network(padded([recording], len(recording)))))[0]
        assert loss == pytest.approx(-ctc_log_prob(log_probs, ids[ids != 0]), abs=1e-3)


def test_each_logit_depends_on_sound_before_and_after(network, recordings):
    changed = recordings[0].copy()
    changed[20] = 80 - changed[20]
    logits = [np.asarray(network(padded([utterance], 40)))[0] for utterance in (recordings[0], changed)]
    differs = np.abs(logits[0] - logits[1]).max(axis=1) > 1e-4
    assert differs[0] and differs[-1]


def test_unknown_and_end_tokens_are_never_heard(network, recordings):
    chances = np.asarray(ops.softmax(network(padded(recordings, 40))))
    assert chances[:, :, [Vocabulary.unk_id, Vocabulary.eos_id]].max() == 0


def test_untrained_network_writes_hardly_anything():
    """Equal probabilities would first be trained towards silence, which leaves features that tell nothing apart."""
    keras.utils.set_random_seed(1)
    fresh = CTCNetwork(WORDS.to_config(), bands=3, filters=6, units=5)
    chances = np.asarray(ops.softmax(fresh(padded([np.full((40, 3), 50, np.uint8)], 40))))
    assert chances[:, :, 0].min() > 0.9


def test_configuration_makes_the_same_network(network):
    other = CTCNetwork.from_config(network.get_config())
    assert [weight.shape for weight in other.weights] == [weight.shape for weight in network.weights]
    assert other.vocabulary == WORDS
