"""Tests of the proof of optimality of a beam search, and of results that must not depend on its arguments."""

import numpy as np
import pytest
from keras import ops

from dlseq.decoding import beam_search, compiled

SOURCES = 60


def search(model, width, alpha=0.0, end_id=3, **options):
    """Search with one row for each of many random distributions."""
    rows = len(model.logits)
    return beam_search(
        model.step,
        model.state(rows),
        starts(model),
        max_length=model.max_length,
        end_id=end_id,
        beam_width=width,
        length_penalty=alpha,
        **options,
    )


def starts(model):
    return (np.arange(len(model.logits)) % model.size).astype("int32")


def best_scores(decoded):
    return np.asarray(decoded.hypotheses.scores)[:, 0]


@pytest.fixture(scope="module")
def model(history_model):
    return history_model(0, size=4, sources=SOURCES, max_length=4)


@pytest.mark.parametrize(
    ("end_id", "alpha"),
    [(3, 0.7), (None, 0.0), *(pytest.param(3, alpha, marks=pytest.mark.slow) for alpha in (0.0, 2.5))],
)
def test_an_exact_result_is_the_best_of_all_sequences(model, end_id, alpha):
    """Narrow beams lose the best sequence often enough that a result that is wrongly called exact would be found."""
    best = np.array([model.every_sequence(row, start, end_id, alpha)[0][0] for row, start in enumerate(starts(model))])
    exact = missed = 0
    for width in (1, 2, 3):
        decoded = search(model, width, alpha, end_id)
        proved = np.asarray(decoded.exact)
        np.testing.assert_allclose(best_scores(decoded)[proved], best[proved], rtol=1e-5)
        exact, missed = exact + proved.sum(), missed + (best_scores(decoded) < best - 1e-4).sum()
    assert exact >= 5 and missed >= 5
    assert np.asarray(search(model, 4**3, alpha, end_id).exact).all()  # as wide as the number of prefixes


def test_a_worse_result_of_a_wider_beam_is_never_exact(history_model):
    """A wider beam can displace the prefix of the best sequence; then `exact` is False, the note to the caller."""
    model = history_model(1, size=5, sources=300, max_length=8, sharpness=1.0)
    narrow, wide = search(model, 1, end_id=4), search(model, 2, end_id=4)
    is_worse = best_scores(wide) < best_scores(narrow) - 1e-5
    assert is_worse.any(), "no wider beam was worse, so nothing was tested"
    assert not np.asarray(wide.exact)[is_worse].any()
    assert np.asarray(wide.exact).any()


@pytest.mark.parametrize(
    ("width", "alpha"),  # the width of 9 exceeds the vocabulary
    [
        (9, 0.8),
        *(pytest.param(*case, marks=pytest.mark.slow) for case in ((1, 0.0), (1, 0.8), (2, 0.0), (2, 0.8), (9, 0.0))),
    ],
)
def test_the_number_of_hypotheses_does_not_change_the_best(history_model, width, alpha):
    model = history_model(2, size=4, sources=SOURCES, max_length=6, sharpness=2.5)
    single = search(model, width, alpha, hypotheses=1)
    for hypotheses in (2, 30):
        more = search(model, width, alpha, hypotheses=hypotheses)
        for field in ("ids", "log_probs", "exact"):
            np.testing.assert_array_equal(getattr(more, field), getattr(single, field))
        np.testing.assert_array_equal(more.state["past"][1], single.state["past"][1])


def test_exact_is_a_boolean_for_each_row_of_compiled_searches(model):
    eager, graph = search(model, 2), compiled(lambda: search(model, 2))()
    assert np.asarray(eager.exact).dtype == bool and np.asarray(eager.exact).shape == (SOURCES,)
    np.testing.assert_array_equal(graph.exact, eager.exact)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_wide_beams_over_large_half_precision_vocabularies(dtype):
    """The best two-token sequences of a first-order chain of 50,000 tokens, against all sums in NumPy."""
    size, width = 50_000, 8
    logits = ops.cast(3 * np.random.default_rng(2).normal(size=(3, size)), dtype)  # rows: start, even and odd tokens
    decoded = beam_search(
        lambda tokens, state: (ops.take(logits, ops.where(tokens < 0, 0, 1 + tokens % 2), axis=0), state),
        None,
        [-1],
        max_length=2,
        end_id=None,
        beam_width=width,
        hypotheses=3,
    )
    table = np.asarray(ops.cast(logits, "float32"), "float64")
    table -= np.log(np.exp(table).sum(axis=1, keepdims=True))
    second = np.array([np.sort(row)[::-1][:3] for row in table[1:]])  # the best of each parity
    first = np.argsort(-table[0])[:100]
    sums = np.sort((table[0, first][:, None] + second[first % 2]).ravel())[::-1][:3]
    np.testing.assert_allclose(np.asarray(decoded.hypotheses.scores)[0], sums, rtol=1e-4)
