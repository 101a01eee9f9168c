"""The language model: its step, its prefill and its logits agree."""

import keras
import numpy as np
import pytest

from dlseq.networks.language_model import LanguageModel
from dlseq.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary("abcde")


@pytest.fixture(scope="module")
def network():
    """A model with two LSTMs, so that states are nests, whose every weight is random."""
    model = LanguageModel(VOCABULARY.to_config(), embedding_units=6, units=12, depth=2)
    random = np.random.default_rng(3)
    for weight in model.trainable_weights:
        weight.assign(0.6 * random.normal(size=weight.shape))
    return model


def assert_same(found, expected):
    for left, right in zip(keras.tree.flatten(found), keras.tree.flatten(expected), strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)


def test_steps_give_the_logits_of_the_call(network):
    ids = np.array([[3, 4, 7, 2], [6, 2, 0, 0]], "int32")
    logits, state = network(ids), network.initial_state(2)
    for time, tokens in enumerate([np.array([2, 2], "int32"), *ids.T[:-1]]):
        found, state = network.step(tokens, state)
        np.testing.assert_allclose(found, logits[:, time], atol=1e-5)


@pytest.mark.parametrize("compile_step", [False, True])
def test_a_prepared_step_is_the_step(network, compile_step):
    prepared = network.compiled_step() if compile_step else network.prepared_step()
    random = np.random.default_rng(0)
    for rows in (5, 1, 8):
        state = [tuple(random.normal(size=(rows, 12)).astype("float32") for _ in range(2)) for _ in range(2)]
        tokens = random.integers(1, 8, rows).astype("int32")
        assert_same(prepared(tokens, state), network.step(tokens, state))


def test_a_compiled_step_follows_the_weights(network):
    step, state = network.compiled_step(), network.initial_state(1)
    tokens = np.array([3], "int32")
    before, _ = step(tokens, state)
    weights = network.get_weights()
    network.set_weights([1.5 * weight for weight in weights])
    after, expected = step(tokens, state), network.step(tokens, state)
    network.set_weights(weights)
    assert_same(after, expected)
    assert np.abs(np.asarray(before) - np.asarray(after[0]))[:, 1:].max() > 1e-3


@pytest.mark.parametrize("prefix", [[], [4], [3, 7, 5]], ids=str)
def test_prefill_reads_the_prefix(network, prefix):
    token, state, log_prob = network.prefill(prefix)
    read = [network.start_id, *prefix]
    assert token == read[-1]
    expected = network.initial_state(1)
    for symbol in read[:-1]:
        _, expected = network.step(np.array([symbol], "int32"), expected)
    assert_same(state, expected)
    scores = np.asarray(keras.ops.log_softmax(network(np.array([[*prefix, 2]]))))[0]
    assert log_prob == pytest.approx(sum(scores[time, symbol] for time, symbol in enumerate(prefix)), abs=1e-4)
