"""Tests of top-k and top-p truncation."""

import numpy as np
import pytest

from dlseq.decoding.draws.categorical import top_k_top_p

CASES = [
    # weights, top_k, top_p, remaining ids
    ([0.1, 0.5, 0.3, 0.1], 2, None, [1, 2]),
    ([0.25, 0.25, 0.25, 0.25], 3, None, [0, 1, 2]),  # exactly k, also with equal weights
    ([0.1, 0.5, 0.3, 0.1], 9, None, [1, 2, 0, 3]),
    ([0.35, 0.3, 0.25, 0.1], None, 0.35, [0]),  # the first reaches .35, although .35 + .3 - .3 is less in float32
    ([0.5, 0.3, 0.2], None, 0.8, [0, 1]),
    ([0.1, 0.2, 0.7], None, 0.9, [2, 1]),
    ([0.5, 0.3, 0.2], None, 0.81, [0, 1, 2]),
    ([0.5, 0.3, 0.2], None, 0.5, [0]),
    ([0.5, 0.3, 0.2], None, 0.51, [0, 1]),
    ([0.5, 0.3, 0.2], None, 1e-12, [0]),  # at least one
    ([0.4, 0.3, 0.2, 0.1], 2, 0.5, [0]),  # p applies after k: .4 of .7
    ([4.0, 3.0, 2.0, 1.0], None, 0.7, [0, 1]),  # weights need not sum to 1
    ([1.0, 1e-9, 0.0], None, 1.0, [0, 1]),  # 1 keeps all positive weights
]


@pytest.mark.parametrize(("weights", "top_k", "top_p", "expected"), CASES, ids=str)
def test_truncation_keeps_the_expected_ids(weights, top_k, top_p, expected):
    kept, ids = top_k_top_p(np.array([weights], "float32"), top_k, top_p)
    kept, ids = np.asarray(kept)[0], np.asarray(ids)[0]
    assert ids[kept > 0].tolist() == expected
    np.testing.assert_array_equal(kept[kept > 0], np.array(weights, "float32")[expected])


@pytest.mark.parametrize("top_p", [0.1, 0.25, 0.5, 0.9, 0.999])
def test_top_p_keeps_the_smallest_sufficient_set(top_p):
    weights = np.random.default_rng(0).dirichlet(np.ones(40) * 0.3, size=200).astype("float32")
    kept, _ = top_k_top_p(weights, None, top_p)
    kept = np.asarray(kept, "float64")
    lightest = np.where(kept > 0, kept, np.inf).min(axis=1)
    assert (kept.sum(axis=1) >= top_p - 1e-5).all()
    assert (kept.sum(axis=1) - lightest < top_p + 1e-5).all()
    assert len(set((kept > 0).sum(axis=1).tolist())) > 1 or top_p == 0.1
