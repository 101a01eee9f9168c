"""The classifier: attention and padding, files, classes."""

import keras
import numpy as np
import pytest

from dlseq.networks.classifier import Classifier
from dlseq.networks.recurrent_encoder import CELLS
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.saving import load_network, save_network

LETTERS = Vocabulary("abcdef")
IDS = LETTERS.encode_batch(["abcde", "fa", "c"])


@pytest.fixture(params=CELLS)
def network(request):
    model = Classifier({"a": LETTERS.to_config()}, ["x", "y", "z"], units=4, cell=request.param, unattended=["d"])
    rng = np.random.default_rng(3)
    for weight in model.trainable_weights:
        weight.assign(0.6 * rng.normal(size=weight.shape))
    return model


def test_padding_changes_neither_logits_nor_attention(network):
    logits, weights = map(np.asarray, network({"a": IDS}, return_attention_scores=True))
    for row, length in enumerate((5, 2, 1)):
        alone, attention = network({"a": IDS[row : row + 1, :length]}, return_attention_scores=True)
        np.testing.assert_allclose(logits[row], alone[0], atol=1e-5)
        np.testing.assert_allclose(weights[row, :length], attention[0], atol=1e-5)
        assert not weights[row, length:].any()
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)


def test_logits_are_those_of_the_weighted_memory(network):
    """Oracle: the sum over the tokens in NumPy, with the returned weights."""
    logits, weights = network({"a": IDS}, return_attention_scores=True)
    memory = np.asarray(network.encoder({"a": IDS}))
    context = np.einsum("bt,btd->bd", weights, memory)
    kernel, bias = network.logits.get_weights()
    np.testing.assert_allclose(logits, context @ kernel + bias, atol=1e-5)
    np.testing.assert_allclose(network({"a": IDS}), logits, atol=1e-6)


def test_unattended_symbols_get_no_weight_beside_others():
    model = Classifier({"a": LETTERS.to_config()}, ["x", "y"], units=4, unattended=["c", "e"])
    _, weights = model({"a": IDS}, return_attention_scores=True)
    assert (np.asarray(weights) > 0).tolist() == [
        [True, True, False, True, False],
        [True, True, False, False, False],
        [True, False, False, False, False],
    ]


def test_a_saved_classifier_is_the_same(network, tmp_path):
    save_network(network, tmp_path / "classifier.keras")
    loaded = load_network(tmp_path / "classifier.keras", Classifier)
    np.testing.assert_allclose(loaded({"a": IDS}), network({"a": IDS}), atol=1e-6)
    assert loaded.get_config() == network.get_config()
    assert loaded.classes == ["x", "y", "z"]


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="at least two `classes`"):
        Classifier({"a": LETTERS.to_config()}, ["x"])


def test_it_can_be_exported_before_a_call(network, tmp_path):
    specifications = network.input_signature(batch_size=2)
    assert {name: spec.shape for name, spec in specifications[0].items()} == {"a": (2, None)}
    assert isinstance(specifications[0]["a"], keras.InputSpec)
