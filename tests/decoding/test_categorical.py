"""Drawing by inversion against counting along the cumulative sum in float64."""

import numpy as np
import pytest

from dlseq.decoding.sampling import Categorical, categorical, draw


def by_counting(weights, numbers, rows):
    """The first place whose cumulative sum passes the number's share of the total, and how far from its borders."""
    reached = np.asarray(weights, "float64").cumsum(axis=1)
    reached /= reached[:, -1:]
    places = (reached[rows] <= numbers[:, None]).sum(axis=1)
    return places, np.abs(reached[rows] - numbers[:, None]).min(axis=1)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 55, 512, 513, 3000])
def test_the_place_is_the_first_that_passes_the_share(size):
    random = np.random.default_rng(size)
    weights = random.dirichlet(np.full(size, 0.5), size=20).astype("float32")
    rows, numbers = random.integers(0, 20, 4000).astype("int32"), random.integers(0, 2**24, 4000) * 2.0**-24
    expected, margin = by_counting(weights, numbers, rows)
    with np.errstate(divide="ignore"):
        distribution = categorical(np.log(weights), temperature=1.0)
    found = np.asarray(draw(distribution, numbers.astype("float32"), rows))
    clear = margin > 1e-4  # elsewhere float32 may decide otherwise
    assert clear.mean() > 0.3
    np.testing.assert_array_equal(found[clear], expected[clear])


def test_a_number_each_draws_from_the_row_of_its_place():
    reached = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]], "float32")
    distribution = Categorical(reached, None)
    assert np.asarray(draw(distribution, np.full(3, 0.5, "float32"))).tolist() == [0, 2, 1]


@pytest.mark.parametrize("pattern", ["0011", "1100", "0110", "1001", "0100100", "1000001", "0" * 40 + "1" + "0" * 30])
def test_what_has_no_weight_is_never_drawn_not_even_where_the_sums_are_not_monotonic(pattern):
    weights = np.array([[float(digit) for digit in pattern]], "float32")
    edges = [place / 4 + shift * 2.0**-24 for place in range(5) for shift in range(-60, 60)]
    numbers = np.array([edge for edge in edges if 0 <= edge < 1], "float32")
    with np.errstate(divide="ignore"):
        exact = categorical(np.log(weights), 1.0)
    for seed in range(10):
        noise = np.random.default_rng(seed).uniform(-1, 1, weights.shape) * 2.0**-20
        reached = (np.asarray(exact.cumulative) * (1 + noise)).astype("float32")
        drawn = np.asarray(draw(Categorical(reached, None), numbers, np.zeros(len(numbers), "int32")))
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
def test_an_even_grid_of_numbers_gives_each_token_its_share(options, expected):
    numbers = (np.arange(10_000) / 10_000).astype("float32")
    distribution = categorical(np.log(np.array([[0.1, 0.2, 0.3, 0.4]], "float32")) - 7, **options)  # unnormalised
    drawn = np.asarray(draw(distribution, numbers, np.zeros(10_000, "int32")))
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 10_000, expected, atol=2e-4)


@pytest.mark.parametrize("temperature", [None, 1.0])
def test_where_nothing_has_weight_it_is_the_first(temperature):
    distribution = categorical(np.full((2, 5), -np.inf, "float32"), temperature)
    assert np.asarray(draw(distribution, np.array([0.0, 0.9], "float32"))).tolist() == [0, 0]


def test_tokens_are_those_of_the_row_drawn_from():
    """With `top_k` the candidates of each row are others, and stand in another order."""
    log_probs = np.log(np.array([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3]], "float32"))
    distribution = categorical(log_probs, 1.0, top_k=2)
    rows = np.array([2, 0, 1, 1, 2], "int32")
    low, high = np.zeros(5, "float32"), np.full(5, 0.99, "float32")
    assert np.asarray(draw(distribution, low, rows)).tolist() == [1, 2, 0, 0, 1]
    assert np.asarray(draw(distribution, high, rows)).tolist() == [2, 1, 1, 1, 2]
