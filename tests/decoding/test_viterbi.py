"""Viterbi search against all sequences."""

import itertools

import numpy as np

from dlseq.decoding.viterbi import viterbi


def best_of_all(log_probs, transitions, initial, final):
    """Return the best sequence by trying all."""

    def score(tags):
        steps = sum(row[tag] for row, tag in zip(log_probs, tags, strict=True))
        ends = initial[tags[0]] + final[tags[-1]]
        return ends + steps + sum(transitions[pair] for pair in itertools.pairwise(tags))

    return max(itertools.product(range(len(initial)), repeat=len(log_probs)), key=score)


def test_it_finds_the_best_of_all_sequences():
    rng = np.random.default_rng(0)
    for _ in range(20):
        log_probs, transitions = rng.normal(size=(3, 5, 3)), rng.normal(size=(3, 3))
        transitions[rng.random((3, 3)) < 0.3] = -np.inf
        np.fill_diagonal(transitions, 0)
        initial, final, lengths = rng.normal(size=3), rng.normal(size=3), np.array([5, 1, 3])
        for ends in (final, None):
            found = viterbi(log_probs, transitions, initial, lengths, ends)
            for row, tags, length in zip(log_probs, found, lengths, strict=True):
                expected = best_of_all(row[:length], transitions, initial, np.zeros(3) if ends is None else ends)
                assert tuple(tags[:length]) == expected
                assert not tags[length:].any()


def test_tags_with_few_predecessors_are_found_among_many():
    """A ring of 300 tags, in which each tag is followed by itself or the next one."""
    rng, count = np.random.default_rng(2), 300
    transitions = np.full((count, count), -np.inf)
    tags = np.arange(count)
    transitions[tags, tags] = transitions[tags, (tags + 1) % count] = 0
    only_first = np.where(tags == 0, 0, -np.inf)
    [path] = viterbi(
        rng.normal(size=(1, count + 1, count)).astype(np.float32), transitions, only_first, final=only_first
    )
    assert set(np.diff(path)) <= {0, 1, 1 - count}
    [path] = viterbi(np.eye(count)[None, np.r_[tags, 0]], transitions, only_first, final=only_first)
    np.testing.assert_array_equal(path, np.r_[tags, 0])


def test_without_transitions_it_is_the_most_probable_tag():
    log_probs = np.random.default_rng(1).normal(size=(4, 6, 5))
    np.testing.assert_array_equal(viterbi(log_probs, np.zeros((5, 5)), np.zeros(5)), log_probs.argmax(axis=2))


def test_no_rows_and_no_steps_give_no_tags():
    for shape in ((2, 0, 3), (0, 5, 3)):
        assert viterbi(np.zeros(shape), np.zeros((3, 3)), np.zeros(3)).shape == shape[:2]
