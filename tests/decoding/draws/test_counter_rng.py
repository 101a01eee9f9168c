"""Tests of the counter-based generator against published test vectors."""

import numpy as np
import pytest
import tensorflow as tf

from dlseq.decoding.draws.counter_rng import key_from_seed, threefry, uniform

KNOWN = [  # key, counter, result: the test vectors of Random123 for threefry2x32 with 20 rounds
    ((0x00000000, 0x00000000), (0x00000000, 0x00000000), (0x6B200159, 0x99BA4EFE)),
    ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
    ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
]


def words(pair):
    return tuple(np.array([word], "uint32").view("int32") for word in pair)


@pytest.mark.parametrize(("key", "counter", "result"), KNOWN)
def test_published_test_vectors(key, counter, result):
    found = threefry(words(key), words(counter))
    assert tuple(int(np.asarray(word).view("uint32")[0]) for word in found) == result


@pytest.mark.parametrize("seed", [0, 1, -1, -7, 2**31 - 1, -(2**31), 2**31, 2**32 - 1, 2**40 + 3, 2**63 - 1, -(2**63)])
def test_key_of_an_integer_seed_equals_key_of_a_tensor_seed(seed):
    expected = [int(word) for word in key_from_seed(seed)]
    assert [word % 2**32 for word in expected] == [seed % 2**32, (seed >> 32) % 2**32]
    dtypes = [d for d in ("int32", "int64", "uint32") if np.iinfo(d).min <= seed <= np.iinfo(d).max]
    for dtype in dtypes:
        assert [int(word) for word in key_from_seed(tf.constant(seed, dtype))] == expected
        assert [int(word) for word in key_from_seed(np.dtype(dtype).type(seed))] == expected


def grid(key, rows, steps):
    """Return numbers `(steps, rows)` from a single call with an array of steps."""
    steps, rows = np.indices((steps, rows), dtype="int32")
    return np.asarray(uniform(key, rows, steps))


def test_numbers_are_uniform_over_rows_steps_and_seeds():
    over_rows = grid(key_from_seed(3), 64_000, 1).ravel()
    over_steps = grid(key_from_seed(3), 64, 1000).ravel()
    over_seeds = np.concatenate([grid(key_from_seed(seed), 64, 5).ravel() for seed in range(200)])
    for numbers in (over_rows, over_steps, over_seeds):
        assert numbers.dtype == np.float32 and numbers.min() >= 0 and numbers.max() < 1
        counts = np.histogram(numbers, bins=64, range=(0, 1))[0]
        ideal = len(numbers) / 64
        assert 25 < ((counts - ideal) ** 2 / ideal).sum() < 115  # 63 degrees of freedom, p = 1e-4 on each side


def test_single_steps_equal_all_steps_in_one_call():
    together = grid(key_from_seed(9), 6, 4)
    for step in range(4):
        alone = uniform(key_from_seed(9), np.arange(6, dtype="int32"), np.int32(step))
        np.testing.assert_array_equal(alone, together[step])


def test_neighboring_numbers_are_uncorrelated():
    numbers = grid(key_from_seed(9), 500, 500)
    for left, right in (
        (numbers[1:], numbers[:-1]),
        (numbers[:, 1:], numbers[:, :-1]),
        (numbers[1:, 1:], numbers[:-1, :-1]),
    ):
        assert abs(np.corrcoef(left.ravel(), right.ravel())[0, 1]) < 0.01
