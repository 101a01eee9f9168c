"""Viterbi search against all sequences."""

import itertools

import numpy as np

from dlseq.decoding.viterbi import viterbi


def best_of_all(log_probs, transitions, initial):
    """Return the best sequence by trying all."""

    def score(tags):
        steps = sum(row[tag] for row, tag in zip(log_probs, tags, strict=True))
        return initial[tags[0]] + steps + sum(transitions[pair] for pair in itertools.pairwise(tags))

    return max(itertools.product(range(len(initial)), repeat=len(log_probs)), key=score)


def test_it_finds_the_best_of_all_sequences():
    rng = np.random.default_rng(0)
    for _ in range(20):
        log_probs, transitions = rng.normal(size=(3, 5, 3)), rng.normal(size=(3, 3))
        transitions[rng.random((3, 3)) < 0.3] = -np.inf
        np.fill_diagonal(transitions, 0)
        initial, lengths = rng.normal(size=3), np.array([5, 1, 3])
        found = viterbi(log_probs, transitions, initial, lengths)
        for row, tags, length in zip(log_probs, found, lengths, strict=True):
            assert tuple(tags[:length]) == best_of_all(row[:length], transitions, initial)
            assert not tags[length:].any()


def test_without_transitions_it_is_the_most_probable_tag():
    log_probs = np.random.default_rng(1).normal(size=(4, 6, 5))
    np.testing.assert_array_equal(viterbi(log_probs, np.zeros((5, 5)), np.zeros(5)), log_probs.argmax(axis=2))


def test_no_steps_give_no_tags():
    assert viterbi(np.zeros((2, 0, 3)), np.zeros((3, 3)), np.zeros(3)).shape == (2, 0)
