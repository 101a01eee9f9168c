"""Metrics: values computed by hand, and invalid arguments."""

import math

import numpy as np
import pytest

from dlseq.errors import DlseqError
from dlseq.metrics import exact_match, nats_per_symbol, perplexity


def test_exact_match_counts_whole_sequences():
    assert exact_match(["ab", "cd", "e", ""], ["ab", "cx", "", ""]) == 0.5
    assert exact_match(["a"], ["a"]) == 1.0
    assert exact_match(["a", "b"], ["b", "a"]) == 0.0


def test_exact_match_of_texts_that_numpy_pads_to_equal_ones():
    assert exact_match(["a\0"], ["a"]) == 0.0


def test_exact_match_of_ids_needs_every_step_of_a_row():
    expected = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 1, 1]])
    predicted = expected.copy()
    predicted[1, 2] = 0
    assert exact_match(predicted, expected) == 0.75
    assert exact_match(predicted, expected.tolist()) == 0.75


@pytest.mark.parametrize(
    ("predicted", "expected", "message"),
    [
        (["a"], ["a", "b"], "Received: 1 and 2"),
        (np.zeros((2, 3)), np.zeros((2, 4)), r"Received: \(2, 3\) and \(2, 4\)"),
        (np.zeros((2, 3)), np.zeros(3), r"Received: \(2, 3\) and \(3,\)"),
        ([], [], "Received: none"),
        (np.zeros((0, 3)), np.zeros((0, 3)), "Received: none"),
        ("abc", ["abc"], r"one text\. Put it into a list"),
        (["a", "b"], "ab", r"one text\. Put it into a list"),
    ],
)
def test_exact_match_refuses_unequal_lengths_and_shapes(predicted, expected, message):
    with pytest.raises(DlseqError, match=message):
        exact_match(predicted, expected)


def test_symbols_have_equal_weight():
    """One sequence of 1 symbol at 1/2 and one of 3 at 1/4 each: (log 2 + 3 log 4) / 4, not the mean of the two."""
    log_probs = [math.log(1 / 2), 3 * math.log(1 / 4)]
    expected = (math.log(2) + 3 * math.log(4)) / 4
    assert nats_per_symbol(log_probs, [1, 3]) == pytest.approx(expected)
    assert expected != pytest.approx((math.log(2) + math.log(4)) / 2)


def test_the_uniform_distribution_over_v_symbols_has_perplexity_v():
    lengths = np.array([3, 1, 7])
    assert perplexity(-lengths * math.log(27), lengths) == pytest.approx(27)


@pytest.mark.parametrize("padding", [0.0, -1e9, 1e9, np.nan, -np.inf])
def test_padding_is_ignored(padding):
    log_probs = [[-1.0, padding, padding], [-2.0, -3.0, -4.0], [-5.0, -6.0, padding]]
    assert nats_per_symbol(log_probs, [1, 3, 2]) == pytest.approx(21 / 6)


def test_symbol_and_sequence_log_probs_agree():
    generator = np.random.default_rng(0)
    log_probs, lengths = -generator.exponential(size=(5, 4)), np.array([4, 1, 3, 2, 4])
    whole = [row[:length].sum() for row, length in zip(log_probs, lengths, strict=True)]
    assert nats_per_symbol(log_probs, lengths) == pytest.approx(nats_per_symbol(whole, lengths), rel=1e-12)


def test_a_symbol_of_probability_zero_costs_infinity():
    assert nats_per_symbol([-np.inf, -1.0], [2, 2]) == np.inf
    assert perplexity([[-np.inf]], [1]) == np.inf
    assert perplexity([-1e6], [1]) == np.inf


def test_a_rounding_error_above_zero_is_accepted():
    assert nats_per_symbol(np.array([1e-6], dtype=np.float32), [1]) == 0.0


@pytest.mark.parametrize("score", [nats_per_symbol, perplexity])
@pytest.mark.parametrize(
    ("log_probs", "lengths", "message"),
    [
        ([-1.0, -2.0], [1], r"Received: \(2,\) and \(1,\)"),
        ([[-1.0, -2.0]], [1, 1], r"Received: \(1, 2\) and \(2,\)"),
        (-1.0, 1, r"Received: \(\) and \(\)"),
        ([[[-1.0]]], [1], r"Received: \(1, 1, 1\)"),
        ([[-1.0], [-1.0, -2.0]], [1, 2], "Pad the rows"),
        ([[-1.0, -2.0]], [3], r"of at most 2, not all zero\. Received"),
        ([-1.0, -1.0], [2, -1], "non-negative integers"),
        ([-1.0], [1.5], "non-negative integers"),
        ([-1.0], [0], "not all zero"),
        ([], [], "non-negative integers"),
        ([-1.0, 2.5], [1, 1], r"at most zero\. Received: 2\.5"),
        ([-1.0, np.nan], [1, 1], r"at most zero\. Received: nan"),
    ],
)
def test_invalid_log_probs_and_lengths_are_refused(score, log_probs, lengths, message):
    with pytest.raises(DlseqError, match=message):
        score(log_probs, lengths)
