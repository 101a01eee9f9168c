"""Tagger of genes: symmetry of the strands, padding, unknown bases, and the graph that is exported."""

import numpy as np
import pytest
from keras import ops

from dlseq.data.dna.labels import MIRRORED
from dlseq.networks.gene_tagger import GeneTagger


@pytest.fixture(scope="module")
def network():
    return GeneTagger(8, filters=8, units=6, word_units=4, dropout=0.5)


def logits_of(network, ids):
    return ops.convert_to_numpy(network(np.asarray(ids, "int32")))


@pytest.mark.parametrize("length", [1, 2, 40, 41, 42])
def test_the_other_strand_has_the_same_logits_reversed(network, length):
    """Whatever the frame: the length need not be a multiple of three."""
    ids = np.random.default_rng(length).integers(1, 6, (2, length))
    complement = np.where(ids == 5, 5, 5 - ids)[:, ::-1]
    forward, reverse = logits_of(network, ids)[:, :, 1:], logits_of(network, complement)[:, :, 1:]
    np.testing.assert_allclose(reverse[:, ::-1][:, :, MIRRORED], forward, atol=1e-5)


@pytest.mark.parametrize("padding", [1, 2, 3, 10])
def test_padding_changes_nothing(network, padding):
    ids = np.random.default_rng(0).integers(1, 6, (2, 32))
    padded = np.pad(ids, ((0, 0), (0, padding)))
    np.testing.assert_allclose(logits_of(network, padded)[:, :32], logits_of(network, ids), atol=1e-5)
    other = np.random.default_rng(1).integers(1, 6, (1, 32 + padding))
    together = logits_of(network, np.concatenate([padded[:1], other]))
    np.testing.assert_allclose(together[0, :32], logits_of(network, ids[:1])[0], atol=1e-5)


def test_a_frame_is_read_across_the_whole_row(network):
    """The label of the first base depends on the last codon: no convolution reaches so far."""
    ids = np.random.default_rng(2).integers(1, 5, (1, 120))
    changed = ids.copy()
    changed[0, -3:] = 5 - changed[0, -3:]
    assert np.abs(logits_of(network, changed)[0, 0, 1:] - logits_of(network, ids)[0, 0, 1:]).max() > 1e-6


def test_padding_is_never_predicted(network):
    assert (logits_of(network, [[1, 2, 0]])[..., 0] < -1e8).all()


def test_its_configuration_makes_it_again(network):
    network.metadata["note"] = "kept"
    copy = GeneTagger.from_config(network.get_config())
    assert copy.sizes == network.sizes and copy.metadata == {"note": "kept"}
    assert [tuple(weight.shape) for weight in copy.weights] == [tuple(weight.shape) for weight in network.weights]
    assert network.input_signature()[0].shape == (None, None)
