"""Decoding of CTC against all paths."""

import itertools
from collections import defaultdict

import numpy as np
import pytest

from dlseq.decoding.ctc import ctc_alignment, ctc_beam_search, ctc_greedy_search, ctc_log_prob
from dlseq.errors import DlseqError


def text_of(path):
    return tuple(symbol for symbol, _ in itertools.groupby(path) if symbol)


def all_texts(log_probs):
    """Return the probability of each text, and the paths with theirs, by trying all paths."""
    steps, count = log_probs.shape
    texts, paths = defaultdict(float), defaultdict(list)
    for path in itertools.product(range(count), repeat=steps):
        probability = float(np.exp(sum(log_probs[step, index] for step, index in enumerate(path))))
        texts[text_of(path)] += probability
        paths[text_of(path)].append((probability, path))
    return texts, paths


def drawn(seed, steps=5, count=3):
    logits = 2 * np.random.default_rng(seed).normal(size=(steps, count))
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(6))
def test_probability_of_a_text_is_the_sum_over_all_paths(seed):
    log_probs = drawn(seed)
    texts, _ = all_texts(log_probs)
    assert sum(texts.values()) == pytest.approx(1)
    for ids, probability in texts.items():
        assert np.exp(ctc_log_prob(log_probs, ids)) == pytest.approx(probability)


@pytest.mark.parametrize("seed", range(6))
def test_wide_beam_has_the_most_probable_texts_of_all(seed):
    log_probs = drawn(seed)
    texts, _ = all_texts(log_probs)
    found = ctc_beam_search(log_probs, width=2 * len(texts))  # more than there are
    expected = sorted(texts, key=texts.get, reverse=True)
    assert [hypothesis.ids for hypothesis in found] == expected
    np.testing.assert_allclose([np.exp(hypothesis.log_prob) for hypothesis in found], [texts[ids] for ids in expected])


def test_narrow_beam_finds_a_better_text_than_the_best_path():
    better = 0
    for seed in range(40):
        log_probs = drawn(seed)
        texts, _ = all_texts(log_probs)
        best, greedy = ctc_beam_search(log_probs, width=4)[0].ids, ctc_greedy_search(log_probs)
        assert texts[best] >= texts[greedy] - 1e-12
        better += texts[best] > texts[greedy] + 1e-9
    assert better > 3


@pytest.mark.parametrize("seed", range(6))
def test_greedy_search_is_the_text_of_the_best_path(seed):
    log_probs = drawn(seed)
    _, paths = all_texts(log_probs)
    assert ctc_greedy_search(log_probs) == text_of(max(itertools.chain(*paths.values()))[1])


@pytest.mark.parametrize("seed", range(4))
def test_alignment_is_the_best_path_of_each_text(seed):
    log_probs = drawn(seed)
    _, paths = all_texts(log_probs)
    for ids, candidates in paths.items():
        path, spans = max(candidates)[1], ctc_alignment(log_probs, ids)
        covered = np.zeros(len(path), int)
        for index, (start, end) in zip(ids, spans, strict=True):
            covered[start:end] = index
        assert tuple(covered) == path


def test_repeated_symbols_need_a_blank_between_them():
    log_probs = np.log(np.full((2, 3), 1 / 3))
    assert ctc_log_prob(log_probs, [1, 1]) == -np.inf
    assert np.exp(ctc_log_prob(log_probs, [1, 2])) == pytest.approx(1 / 9)
    with pytest.raises(DlseqError, match="at most 2 steps"):
        ctc_alignment(log_probs, [1, 1])


def test_steps_that_are_blank_for_sure_change_nothing():
    log_probs, padding = drawn(1), np.full((3, 3), -np.inf)
    padding[:, 0] = 0
    padded = np.concatenate([log_probs, padding])
    assert ctc_log_prob(padded, [1, 2]) == pytest.approx(ctc_log_prob(log_probs, [1, 2]))
    assert ctc_alignment(padded, [1, 2]) == ctc_alignment(log_probs, [1, 2])
    best, padded_best = ctc_beam_search(log_probs)[0], ctc_beam_search(padded)[0]
    assert best.ids == padded_best.ids and best.log_prob == pytest.approx(padded_best.log_prob)


def test_nothing_but_blanks_is_the_empty_text():
    log_probs = np.log([[0.99, 0.01]] * 4)
    assert ctc_greedy_search(log_probs) == () == ctc_beam_search(log_probs)[0].ids
    assert ctc_beam_search(log_probs)[0].log_prob == pytest.approx(4 * np.log(0.99))
    assert ctc_alignment(log_probs, []) == []


def test_invalid_arguments_are_refused():
    for log_probs in (np.zeros((0, 3)), np.zeros(3), np.full((2, 3), np.nan), np.ones((2, 3))):
        with pytest.raises(DlseqError, match="Expected log-probabilities"):
            ctc_greedy_search(log_probs)
    for ids in ([0], [3], [-1]):
        with pytest.raises(DlseqError, match="from 1 to 2"):
            ctc_log_prob(drawn(0), ids)
    with pytest.raises(DlseqError, match="width"):
        ctc_beam_search(drawn(0), width=0)
