"""Tests of the choice of extensions against a ranking of all of them in NumPy."""

import numpy as np
import pytest

from dlseq.decoding.beams.extensions import GROUP, MIN_GROUPS, best_extensions, log_normalizers


def ranking(log_probs, logits, normalizers, count):
    """Return log-probabilities, paths and tokens `(B, count)` of all extensions in order; of equal ones, the first."""
    rows, width = log_probs.shape
    shifts = log_probs - normalizers.reshape(rows, width)
    with np.errstate(invalid="ignore"):
        totals = shifts[..., None] + logits.reshape(rows, width, -1)
    totals[log_probs == -np.inf] = -np.inf
    flat = totals.reshape(rows, -1)
    order = np.argsort(-flat, axis=1, kind="stable")[:, :count]
    return np.take_along_axis(flat, order, axis=1), order // logits.shape[1], order % logits.shape[1]


@pytest.mark.parametrize("size", [20 * GROUP, 20 * GROUP + 1, 21 * GROUP - 1])
def test_groups_of_logits_give_the_ranking_of_all_extensions(size):
    """Whole numbers have equal sums in several groups, also at the last place.

    In the first row one path is unused and the other has few tokens; in the last, the best tokens are the first and the
    last one, and the first of the other path, which lies behind the last one.
    """
    random, count = np.random.default_rng(size), 7
    logits = np.round(1.5 * random.normal(size=(6, size))).astype("float32")
    logits[0], logits[1, 3:] = np.nan, -np.inf
    logits[4, [0, -1]] = logits[5, 0] = 9
    log_probs = np.array([[-np.inf, -1.0], [0.0, -1.0], [0.0, -3.0]], "float32")
    normalizers = np.array([2.0, 0.0, 1.0, 0.0, 2.0, 0.0], "float32")
    assert 2 * size >= MIN_GROUPS * count * GROUP, "no groups, so nothing is tested"
    found = best_extensions(log_probs, logits, normalizers, count)
    best, beams, tokens = ranking(log_probs, logits, normalizers, count)
    np.testing.assert_array_equal(found.log_probs, best)
    possible = best > -np.inf
    assert possible.sum(axis=1).tolist() == [3, count, count]
    np.testing.assert_array_equal(np.asarray(found.beams)[possible], beams[possible])
    np.testing.assert_array_equal(np.asarray(found.tokens)[possible], tokens[possible])
    assert (np.asarray(found.tokens) < size).all()


def test_log_normalizers_are_those_of_float64():
    logits = (30 * np.random.default_rng(0).normal(size=(50, 700))).astype("float32")
    logits[0], logits[1, 1:], logits[2] = 0, -np.inf, 80
    exact = np.log(np.exp(logits.astype("float64")).sum(axis=1))
    np.testing.assert_allclose(log_normalizers(logits), exact, rtol=1e-6)
