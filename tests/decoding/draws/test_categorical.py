"""Tests of categorical sampling by inversion against cumulative sums in float64."""

import numpy as np
import pytest

from dlseq.decoding.draws.categorical import Categorical, categorical, draw


def by_counting(weights, numbers, rows):
    """Return the first index whose normalized cumulative sum exceeds the number, and the distance to a boundary."""
    cumulative = np.asarray(weights, "float64").cumsum(axis=1)
    cumulative /= cumulative[:, -1:]
    indices = (cumulative[rows] <= numbers[:, None]).sum(axis=1)
    return indices, np.abs(cumulative[rows] - numbers[:, None]).min(axis=1)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 55, 512, 513, 3000])
def test_draw_inverts_the_cumulative_distribution(size):
    random = np.random.default_rng(size)
    weights = random.dirichlet(np.full(size, 0.5), size=20).astype("float32")
    rows, numbers = random.integers(0, 20, 4000).astype("int32"), random.integers(0, 2**24, 4000) * 2.0**-24
    expected, margin = by_counting(weights, numbers, rows)
    with np.errstate(divide="ignore"):
        distribution = categorical(np.log(weights), temperature=1.0)
    found = np.asarray(draw(distribution, numbers.astype("float32"), rows))
    clear = margin > 1e-4  # float32 may differ near a boundary
    assert clear.mean() > 0.3
    np.testing.assert_array_equal(found[clear], expected[clear])


def test_without_rows_each_number_draws_from_its_own_row():
    cumulative = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]], "float32")
    distribution = Categorical(cumulative, None)
    assert np.asarray(draw(distribution, np.full(3, 0.5, "float32"))).tolist() == [0, 2, 1]


@pytest.mark.parametrize("pattern", ["0011", "1100", "0110", "1001", "0100100", "1000001", "0" * 40 + "1" + "0" * 30])
def test_zero_weights_are_not_drawn_from_non_monotonic_sums(pattern):
    weights = np.array([[float(digit) for digit in pattern]], "float32")
    edges = [quarter / 4 + shift * 2.0**-24 for quarter in range(5) for shift in range(-60, 60)]
    numbers = np.array([edge for edge in edges if 0 <= edge < 1], "float32")
    with np.errstate(divide="ignore"):
        exact = categorical(np.log(weights), 1.0)
    for seed in range(10):
        noise = np.random.default_rng(seed).uniform(-1, 1, weights.shape) * 2.0**-20
        cumulative = (np.asarray(exact.cumulative) * (1 + noise)).astype("float32")
        drawn = np.asarray(draw(Categorical(cumulative, None), numbers, np.zeros(len(numbers), "int32")))
        assert weights[0, drawn].all()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0.1, 0.2, 0.3, 0.4]),
        ({"top_k": 2}, [0, 0, 3 / 7, 4 / 7]),
        ({"temperature": 1.0}, [0.1, 0.2, 0.3, 0.4]),
        ({"temperature": 0.5}, [1 / 30, 4 / 30, 9 / 30, 16 / 30]),
        ({"temperature": 1.0, "top_k": 2}, [0, 0, 3 / 7, 4 / 7]),
        ({"temperature": 1.0, "top_p": 0.65}, [0, 0, 3 / 7, 4 / 7]),
        ({"temperature": 1e-30}, [0, 0, 0, 1]),
    ],
    ids=str,
)
def test_an_even_grid_of_numbers_draws_the_probabilities(options, expected):
    numbers = (np.arange(10_000) / 10_000).astype("float32")
    distribution = categorical(np.log(np.array([[0.1, 0.2, 0.3, 0.4]], "float32")) - 7, **options)  # unnormalized
    drawn = np.asarray(draw(distribution, numbers, np.zeros(10_000, "int32")))
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 10_000, expected, atol=2e-4)


@pytest.mark.parametrize("size", [5, 600])
@pytest.mark.parametrize("temperature", [None, 1.0])
def test_without_positive_weights_the_first_token_is_drawn(temperature, size):
    distribution = categorical(np.full((2, size), -np.inf, "float32"), temperature)
    assert np.asarray(draw(distribution, np.array([0.0, 0.9], "float32"))).tolist() == [0, 0]


def test_top_k_candidates_are_those_of_the_drawn_row():
    """With `top_k` each row has its own candidates, in its own order."""
    log_probs = np.log(np.array([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3]], "float32"))
    distribution = categorical(log_probs, 1.0, top_k=2)
    rows = np.array([2, 0, 1, 1, 2], "int32")
    low, high = np.zeros(5, "float32"), np.full(5, 0.99, "float32")
    assert np.asarray(draw(distribution, low, rows)).tolist() == [1, 2, 0, 0, 1]
    assert np.asarray(draw(distribution, high, rows)).tolist() == [2, 1, 1, 1, 2]


@pytest.mark.parametrize("size", [513, 5000, 40_000])
def test_large_vocabularies_have_the_cumulative_weights_of_blocks(size):
    """Above 512 tokens blocks of 64 are summed up, and above 32,768 in blocks of blocks."""
    log_probs = np.random.default_rng(size).normal(size=(2, size)).astype("float32")
    expected = np.cumsum(np.exp(log_probs.astype("float64")), axis=1)[:, [*range(63, size - 1, 64), size - 1]]
    np.testing.assert_allclose(categorical(log_probs).cumulative, expected, rtol=1e-5)


def test_tokens_of_large_vocabularies_without_weight_are_not_drawn():
    """Neither those at the edges of a block nor whole blocks, for numbers at the edges of the others."""
    random = np.random.default_rng(0)
    weights = random.uniform(size=(20, 2000)) * (random.uniform(size=(20, 2000)) < 0.01)
    weights[:, 1] = 1
    cumulative = weights.cumsum(axis=1) / weights.sum(axis=1, keepdims=True)
    numbers = (cumulative[:, :, None] + np.arange(-8, 8) * 2.0**-24).reshape(-1).clip(0, 1 - 2.0**-24)
    rows = np.repeat(np.arange(20, dtype="int32"), 2000 * 16)
    with np.errstate(divide="ignore"):
        distribution = categorical(np.log(weights.astype("float32")))
    some = np.unique(np.stack([rows, numbers.astype("float32")]), axis=1)
    drawn = np.asarray(draw(distribution, some[1].astype("float32"), some[0].astype("int32")))
    assert weights[some[0].astype("int32"), drawn].all()
