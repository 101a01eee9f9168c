"""Tests of averages over variants: all searches must find what they find with the averaged table of probabilities."""

import functools

import keras
import numpy as np
import pytest
from keras import ops

from dlseq.decoding import average_variants, beam_search, compiled, greedy_search, sample
from dlseq.errors import DlseqError
from dlseq.layers import AlignedDecoder

INPUTS, VARIANTS = 5, 3
SEARCHES = {
    "greedy": functools.partial(greedy_search, max_length=4, end_id=3),
    "beam": functools.partial(beam_search, max_length=4, end_id=3, beam_width=3),
    "sample": functools.partial(sample, max_length=4, end_id=3, seed=2),
}


@pytest.fixture(scope="module")
def models(history_model):
    """A model with several sources for each input, and the one with the means of their probabilities."""
    model = history_model(0, sources=INPUTS * VARIANTS)
    chances = np.exp(model.logits.astype("float64"))
    chances /= chances.sum(axis=-1, keepdims=True)
    means = chances.reshape(INPUTS, VARIANTS, *chances.shape[1:]).mean(axis=1)
    averaged = history_model(0, sources=INPUTS)
    averaged.logits = np.log(means).astype("float32")
    return model, averaged


@pytest.mark.parametrize("compile_search", [False, True])
@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_over_variants_is_one_over_the_mean_of_their_probabilities(models, name, compile_search):
    model, averaged = models
    starts, find = np.zeros(INPUTS, "int32"), SEARCHES[name]

    def over_variants(state):
        step, state = average_variants(model.step, state, VARIANTS)
        return find(step, state, starts)

    found = (compiled(over_variants) if compile_search else over_variants)(model.state(INPUTS * VARIANTS))
    expected = find(averaged.step, averaged.state(INPUTS), starts)
    np.testing.assert_array_equal(found.ids, expected.ids)
    np.testing.assert_allclose(found.log_probs, expected.log_probs, rtol=1e-4)
    past = found.state["past"]  # of each variant: the same tokens
    np.testing.assert_array_equal(past[1], np.repeat(np.asarray(expected.state["past"][1])[:, None], VARIANTS, axis=1))


@pytest.mark.parametrize("find", [SEARCHES["greedy"], SEARCHES["beam"]])
def test_a_step_that_holds_its_memory_outside_of_the_state_sees_its_own_variants(find):
    """The oracle of the first path is the decoder itself, which reads the ids that were found over each variant."""
    keras.utils.set_random_seed(1)
    decoder = AlignedDecoder(6, 8)
    memory = 3 * keras.random.normal((INPUTS * VARIANTS, 7, 4), seed=1)
    decoder.build([(None, None), memory.shape])
    decoder.set_weights([3 * weight for weight in decoder.get_weights()])
    step, state = average_variants(*decoder.prepared_step(memory), VARIANTS)
    found = find(step, state, np.zeros(INPUTS, "int32"))
    assert len({tuple(row) for row in np.asarray(found.ids)}) > 1

    ids, lengths = np.asarray(found.ids), np.asarray(found.lengths)
    logits, weights = decoder([np.repeat(ids, VARIANTS, axis=0), memory], return_attention_scores=True)
    chances = np.asarray(ops.softmax(logits, axis=-1), "float64").reshape(INPUTS, VARIANTS, *logits.shape[1:])
    weights = np.asarray(weights).reshape(INPUTS, VARIANTS, *weights.shape[1:]).mean(axis=1)
    for row, length in enumerate(lengths):
        chosen = chances[row].mean(axis=0)[np.arange(length), ids[row, :length]]
        assert float(found.log_probs[row]) == pytest.approx(np.log(chosen).sum(), rel=1e-4)
        np.testing.assert_allclose(np.asarray(found.attention)[row, :length], weights[row, :length], atol=1e-5)


def test_an_unchanged_memory_stays_the_same_object(models):
    model, _ = models
    step, state = average_variants(model.step, model.state(INPUTS * VARIANTS), VARIANTS)
    sources = state["memory"][0]
    _, after = step(np.zeros(INPUTS, "int32"), state)
    assert after["memory"][0] is sources and after["past"][0] is not state["past"][0]


def test_no_rows_have_no_sequences(models):
    model, _ = models
    step, state = average_variants(model.step, model.state(0), VARIANTS)
    for find in SEARCHES.values():
        assert tuple(find(step, state, np.zeros(0, "int32")).ids.shape) == (0, 4)


def test_an_impossible_token_stays_impossible_unless_a_variant_allows_it():
    logits = np.array([[0, -np.inf, -np.inf], [0, 0, -np.inf]], "float32")
    step, state = average_variants(lambda tokens, state: (state, state), logits, 2)
    chances = np.exp(np.asarray(step(np.zeros(1, "int32"), state)[0]))
    np.testing.assert_allclose(chances, [[0.75, 0.25, 0.0]], atol=1e-6)


@pytest.mark.parametrize("state", [None, np.zeros((4, 2), "float32")])
def test_rows_that_are_no_multiple_of_the_variants_are_refused(state):
    with pytest.raises(DlseqError, match="count=3"):
        average_variants(lambda tokens, state: (state, state), state, 3)


def test_a_count_that_is_not_positive_is_refused():
    with pytest.raises(DlseqError, match="count"):
        average_variants(lambda tokens, state: (state, state), np.zeros((4, 2), "float32"), 0)
