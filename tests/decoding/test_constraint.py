"""Automata as constraints of all decoders, against brute force."""

import functools
import itertools

import keras
import numpy as np
import pytest

from dlseq.decoding import Automaton, beam_search, compiled, greedy_search, sample
from dlseq.errors import DlseqError

STARTS = np.array([0, 1, 2, 3, 1, 0, 2], "int32")
LENGTH = 4
DECODERS = {
    "greedy": greedy_search,
    "sample": functools.partial(sample, seed=5),
    "samples": functools.partial(sample, seed=5, num_samples=3),
    "many samples": functools.partial(sample, seed=5, num_samples=40, temperature=1.4, top_k=3),
    "beam": functools.partial(beam_search, beam_width=3, hypotheses=2),
}


@pytest.fixture(params=DECODERS, ids=str)
def decode(request):
    return DECODERS[request.param]


def random_automaton(seed, size=4, states=5):
    """An automaton in which each state allows some tokens, at least one that does not end a sequence."""
    random = np.random.default_rng(seed)
    table = np.where(random.random((states, size)) < 0.5, random.integers(0, states, (states, size)), -1)
    table[:, 0] = random.integers(0, states, states)
    return Automaton(table, start=int(random.integers(states)))


def is_allowed(automaton, ids):
    state = automaton.start
    for token in ids:
        state = automaton.transitions[state][token]
        if state < 0:
            return False
    return True


@pytest.mark.parametrize("end_id", [3, None])
@pytest.mark.parametrize("seed", range(3))
def test_sequences_are_allowed_and_have_the_models_log_probs(decode, history_model, words, seed, end_id):
    model, automaton = history_model(seed), random_automaton(seed)
    decoded = decode(model.step, model.state(7), STARTS, max_length=LENGTH, end_id=end_id, constraint=automaton)
    repeats = len(decoded.ids) // 7
    found = words(decoded)
    assert all(is_allowed(automaton, word) for word in found)
    expected = [model.log_prob(row // repeats % 3, STARTS[row // repeats], word) for row, word in enumerate(found)]
    np.testing.assert_allclose(decoded.log_probs, expected, rtol=1e-4)


@pytest.mark.parametrize("end_id", [3, None])
@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_finds_the_best_allowed_sequences(history_model, words, seed, end_id):
    model, automaton = history_model(seed), random_automaton(seed + 10)
    decoded = beam_search(
        model.step,
        model.state(3),
        STARTS[:3],
        max_length=LENGTH,
        end_id=end_id,
        beam_width=4**LENGTH,
        hypotheses=2,
        constraint=automaton,
    )
    for row in range(3):
        allowed = [
            (score, ids) for score, ids in model.every_sequence(row, STARTS[row], end_id) if is_allowed(automaton, ids)
        ]
        best = [score for score, _ in allowed[:2]]
        np.testing.assert_allclose(np.asarray(decoded.hypotheses.scores)[row][: len(best)], best, rtol=1e-4)
        assert words(decoded)[row] == allowed[0][1]


def test_greedy_search_takes_the_best_allowed_token(chain, words):
    step = chain([[0.1, 0.6, 0.3], [0.2, 0.5, 0.3], [0.4, 0.5, 0.1]])
    no_repeats = Automaton([[0, 1, 2], [0, -1, 2], [0, 1, -1]])
    decoded = greedy_search(step, None, [0], max_length=4, end_id=None, constraint=no_repeats)
    assert words(decoded) == [(1, 2, 1, 2)]
    assert np.exp(np.asarray(decoded.log_probs)[0]) == pytest.approx(0.6 * 0.3 * 0.5 * 0.3, rel=1e-5)


def test_samples_follow_the_probabilities_of_the_allowed_tokens(chain):
    step = chain([[0.1, 0.6, 0.3]] * 3)
    without_one = Automaton([[0, -1, 0]])
    for extra in ({}, {"num_samples": 4_000}):
        starts = [0] * (1 if extra else 4_000)
        decoded = sample(step, None, starts, max_length=1, end_id=None, seed=3, constraint=without_one, **extra)
        counts = np.bincount(np.asarray(decoded.ids)[:, 0], minlength=3) / 4_000
        np.testing.assert_allclose(counts, [0.25, 0, 0.75], atol=0.03)


@pytest.mark.parametrize("name", ["greedy", "sample", "beam"])
def test_eager_and_compiled_results_agree(name, history_model):
    model, automaton = history_model(2), random_automaton(2)
    search = functools.partial(DECODERS[name], model.step, max_length=LENGTH, end_id=3, constraint=automaton)
    eager = search(model.state(7), STARTS)
    graph = compiled(lambda tokens, state: search(state, tokens))(STARTS, model.state(7))
    for left, right in zip(keras.tree.flatten(eager), keras.tree.flatten(graph), strict=True):
        if left is not None:
            np.testing.assert_allclose(np.asarray(left), np.asarray(right), rtol=1e-5)


def test_an_automaton_that_allows_everything_changes_nothing(decode, history_model, words):
    model, everything = history_model(1), Automaton([[0, 0, 0, 0]])
    search = functools.partial(decode, model.step, model.state(7), STARTS, max_length=LENGTH, end_id=3)
    assert words(search(constraint=everything)) == words(search())


def test_samples_with_shared_prefixes_equal_those_of_repeated_rows(history_model, words):
    model, automaton = history_model(1), random_automaton(4)
    options = {"max_length": LENGTH, "end_id": 3, "seed": 8, "constraint": automaton}
    shared = sample(model.step, model.state(3), STARTS[:3], num_samples=20, **options)
    state = keras.tree.map_structure(lambda leaf: None if leaf is None else np.repeat(leaf, 20, axis=0), model.state(3))
    repeated = sample(model.step, state, np.repeat(STARTS[:3], 20), **options)
    assert words(shared) == words(repeated)


def test_a_path_without_successors_has_probability_zero(decode, chain):
    dead_end = Automaton([[1, -1, -1], [-1, -1, -1]])
    decoded = decode(chain([[0.1, 0.6, 0.3]] * 3), None, [0, 0], max_length=3, end_id=None, constraint=dead_end)
    assert (np.asarray(decoded.log_probs) == -np.inf).all()


def test_the_automaton_of_sequences_accepts_these_and_their_beginnings_only():
    sequences = {(1, 2, 0), (1, 0), (2, 2, 0), (2, 0)}
    automaton = Automaton.of_sequences(sequences, 3)
    beginnings = {sequence[:end] for sequence in sequences for end in range(4)}
    for length in range(5):
        for ids in itertools.product(range(3), repeat=length):
            assert is_allowed(automaton, ids) == (ids in beginnings)
    assert len(automaton) < 8, "equal endings are one state"


@pytest.mark.parametrize(
    ("transitions", "start", "message"),
    [
        ([[0, 2]], 0, "from -1 to S - 1"),
        ([[0, -2]], 0, "from -1 to S - 1"),
        ([0, 0], 0, r"Expected integers \(S, V\)"),
        ([[0.5]], 0, r"Expected integers \(S, V\)"),
        ([[0]], 1, "Expected a state from 0 to 0"),
    ],
)
def test_invalid_automata_are_refused(transitions, start, message):
    with pytest.raises(DlseqError, match=message):
        Automaton(transitions, start)


def test_an_automaton_for_another_vocabulary_is_refused(decode, chain):
    with pytest.raises(DlseqError, match="Expected an Automaton with V = 3 tokens"):
        decode(chain([[0.1, 0.6, 0.3]] * 3), None, [0], max_length=3, end_id=None, constraint=Automaton([[0, 0]]))
