"""Losses and metrics of sequences, against NumPy and against greedy search."""

import keras
import numpy as np
import pytest

from dlseq.training.losses_metrics import ExactMatch, MaskedCrossEntropy, NatsPerSymbol


def test_exact_match_counts_rows_whose_every_symbol_is_correct():
    random = np.random.default_rng(0)
    true, logits = random.integers(1, 4, (50, 4)), random.normal(size=(50, 4, 4))
    logits[:20] = np.eye(4)[true[:20]] * 9
    metric = ExactMatch()
    for rows in (slice(0, 30), slice(30, 50)):
        metric.update_state(true[rows], logits[rows])
    assert float(metric.result()) == pytest.approx(np.mean((logits.argmax(-1) == true).all(axis=1)))


def test_exact_match_ignores_padding():
    true = np.array([[1, 2, 0, 0], [1, 2, 1, 0]])
    logits = np.eye(3)[[[1, 2, 1, 2], [1, 2, 2, 0]]] * 9.0
    metric = ExactMatch()
    metric.update_state(true, logits)
    assert float(metric.result()) == 0.5


def test_a_model_that_prefers_no_symbol_has_no_match():
    metric = ExactMatch()
    metric.update_state([[1, 2]], np.zeros((1, 2, 3), "float32"))
    assert float(metric.result()) == 0


def test_logits_that_are_no_numbers_are_no_match():
    metric = ExactMatch()
    metric.update_state([[1, 2]], np.full((1, 2, 3), np.nan, "float32"))
    assert float(metric.result()) == 0


def test_exact_match_under_teacher_forcing_is_that_of_greedy_search(normalizer, course_pairs):
    _, held_out = course_pairs
    x, y = normalizer.encode(held_out)
    metric = ExactMatch()
    metric.update_state(y, normalizer.network(x))
    assert 0.02 < float(metric.result()) < 0.999, "the model must get some right and some wrong for this to say much"
    assert float(metric.result()) == pytest.approx(normalizer.score(held_out)["exact_match"], abs=1e-6)


def test_loss_and_nats_ignore_padding():
    logits = np.random.default_rng(0).normal(size=(2, 4, 5)).astype("float32")
    ids = np.array([[3, 2, 0, 0], [4, 3, 4, 2]])
    log_probs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = -sum(log_probs[b, t, ids[b, t]] for b in range(2) for t in range(4) if ids[b, t]) / 6
    changed = logits.copy()
    changed[0, 2:] = 50 * np.arange(5)
    metric = NatsPerSymbol()
    metric.update_state(ids[:1], changed[:1])
    metric.update_state(ids[1:], changed[1:])
    assert float(MaskedCrossEntropy()(ids, changed)) == pytest.approx(expected, rel=1e-5)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-5)


def test_keras_knows_the_metric_by_its_registered_name():
    assert keras.saving.get_registered_object("dlseq>ExactMatch") is ExactMatch
