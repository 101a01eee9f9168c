"""Tests of sampling at the limits of its arguments, of float32 and of the vocabulary, against NumPy in float64."""

import functools

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from dlseq.decoding import compiled, sample
from dlseq.decoding.draws.categorical import categorical, top_k_top_p
from dlseq.decoding.draws.counter_rng import key_from_seed, uniform

TINY = [1e-300, 1.5e-45, 1.17549435e-38, 1e-20]
HUGE = [1e20, 3.4028235e38, 1e300]
POSSIBLE = (1, 2, 4)
LOG_PROBS = np.array([-np.inf, -2.0, -0.5, -np.inf, -2.5, -np.inf], "float32")
VOCABULARY_SIZE = 50_000


def drawn(temperature, log_probs=LOG_PROBS, rows=300, **options):
    """Sample one token per row, eagerly."""
    step = functools.partial(constant_step, log_probs)
    decoded = sample(step, None, [0] * rows, max_length=1, end_id=None, temperature=temperature, seed=1, **options)
    return np.asarray(decoded.ids)[:, 0], np.asarray(decoded.log_probs)


def constant_step(log_probs, tokens, state):
    return ops.take(ops.convert_to_tensor(log_probs)[None], ops.zeros_like(tokens), axis=0), state


def as_argument(jit_compile):
    """Return a compiled function of the temperature, a float32 scalar, that samples one token per row."""

    @tf.function(input_signature=[tf.TensorSpec(())], jit_compile=jit_compile)
    def draw(temperature):
        step = functools.partial(constant_step, LOG_PROBS)
        return sample(step, None, [0] * 300, max_length=1, end_id=None, temperature=temperature, seed=1).ids[:, 0]

    return draw


@pytest.mark.parametrize("temperature", TINY)
def test_tiny_temperatures_are_greedy_search(temperature):
    """Below 1.18e-38, which float32 flushes to 0, token 0 was drawn for ever, although it was impossible."""
    ids, log_probs = drawn(temperature)
    assert set(ids.tolist()) == {2}
    normalized = -0.5 - np.log(np.exp(LOG_PROBS.astype("float64")).sum())
    np.testing.assert_allclose(log_probs, normalized, rtol=1e-5)


@pytest.mark.parametrize("temperature", HUGE)
def test_huge_temperatures_are_even_over_possible_tokens(temperature):
    """1e39 was infinite in float32, and `-inf / inf` made token 0 of it, or a raw ValueError."""
    ids, _ = drawn(temperature, rows=3000)
    counts = np.bincount(ids, minlength=6)
    assert counts.sum() == counts[list(POSSIBLE)].sum() == 3000
    assert (np.abs(counts[list(POSSIBLE)] - 1000) < 4 * np.sqrt(3000 * 2 / 9)).all()


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.slow
def test_compiled_temperatures_draw_the_eager_tokens(jit_compile):
    """Numbers, tensors, graphs and XLA flush and divide differently; 0 and infinity are limits, too."""
    draw = as_argument(jit_compile)
    for temperature in (*TINY, 0.7, *HUGE):
        expected, _ = drawn(temperature)
        with np.errstate(over="ignore"):
            as_float32 = np.float32(temperature)
        np.testing.assert_array_equal(draw(as_float32), expected)
        if not jit_compile:
            np.testing.assert_array_equal(drawn(tf.constant(temperature, "float64"))[0], expected)


@pytest.mark.parametrize("num_samples", [20, 200])  # eager and compiled draws
def test_shared_prefixes_have_the_same_limits(num_samples):
    for temperature, expected in ((1e-40, {2}), (1e39, set(POSSIBLE))):
        ids, _ = drawn(temperature, rows=1, num_samples=num_samples)
        assert set(ids.tolist()) == expected


@pytest.mark.parametrize("top_p", [1e-46, 1e-40, 1.17549435e-38, 1e-30, 1e-8])
def test_the_smallest_top_p_keeps_one_token(top_p):
    """Below 1.18e-38 the needed mass was flushed to 0, and no token was kept."""
    weights = np.array([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [1e-12, 3e-12, 0.0]], "float32")
    kept, ids = (np.asarray(part) for part in top_k_top_p(weights, None, top_p))
    assert (kept > 0).sum(axis=1).tolist() == [1, 1, 1]
    assert ids[:, 0].tolist() == [1, 0, 1]


@pytest.mark.parametrize("top_p", [None, 1e-46, 0.3, 0.999999, 1.0])
@pytest.mark.parametrize("top_k", [None, 1, 2, 40, 10**9])
def test_top_k_and_top_p_at_their_ends_equal_numpy(top_k, top_p):
    weights = np.random.default_rng(3).dirichlet(np.full(40, 0.4), size=50).astype("float32")
    kept, ids = (np.asarray(part) for part in top_k_top_p(weights, top_k, top_p))
    for row, kept_weights, kept_ids in zip(weights.astype("float64"), kept, ids, strict=True):
        order = np.argsort(-row, kind="stable")[:top_k]
        shares = row[order].cumsum() / row[order].sum()
        count = len(order) if top_p is None or top_p == 1 else min(int((shares < top_p - 1e-6).sum()) + 1, len(order))
        assert kept_ids[kept_weights > 0].tolist() == [token for token in order[:count] if row[token] > 0]
    assert kept.shape == (50, min(top_k or 40, 40))


@pytest.mark.parametrize("options", [{}, {"temperature": 0.7}, {"top_k": 200}, {"top_p": 0.9}], ids=str)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.slow
def test_large_half_precision_vocabularies_follow_numpy(dtype, options):
    """The same random numbers are inverted in float64; a token may differ only next to a boundary of its share."""
    rows = 4
    logits = (3 * np.random.default_rng(5).normal(size=(rows, VOCABULARY_SIZE))).astype("float32")
    logits[:, ::7] = -np.inf
    logits = ops.cast(logits, dtype)
    draw = compiled(
        lambda logits: sample(lambda *_: (logits, None), None, [0] * rows, max_length=1, end_id=None, seed=2, **options)
    )
    decoded = draw(logits)
    numbers = np.asarray(uniform(key_from_seed(2), np.arange(rows, dtype="int32"), np.int32(0)), "float64")
    exact = np.asarray(ops.cast(logits, "float32"), "float64")
    log_probs = exact - np.log(np.exp(exact).sum(axis=1, keepdims=True))
    ids = np.asarray(decoded.ids)[:, 0]
    np.testing.assert_allclose(decoded.log_probs, log_probs[np.arange(rows), ids], rtol=1e-4)
    for row, number, token in zip(log_probs, numbers, ids, strict=True):
        weights = np.exp(row / options.get("temperature", 1.0))
        order = np.arange(VOCABULARY_SIZE)
        if "top_k" in options or "top_p" in options:
            order = np.argsort(-weights, kind="stable")[: options.get("top_k")]
            if "top_p" in options:
                order = order[: int((weights[order].cumsum() < 0.9 * weights.sum()).sum()) + 1]
        bounds = np.concatenate([[0], weights[order].cumsum() / weights[order].sum()])
        place = np.flatnonzero(order == token)
        assert place.size == 1, "a token was drawn that truncation excludes"
        assert bounds[place[0]] - 1e-3 <= number <= bounds[place[0] + 1] + 1e-3


def test_weights_of_extreme_temperatures_are_finite():
    for temperature in (*TINY, *HUGE):
        cumulative = np.asarray(categorical(LOG_PROBS[None], temperature).cumulative)
        assert np.isfinite(cumulative).all() and cumulative.max() >= 1
