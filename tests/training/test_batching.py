"""Batches hold every pair, side by side with its own target, and no more padding than they need."""

import itertools

import numpy as np
import pytest

from dlseq.training.batching import order_of, paired_batches

LENGTHS = np.random.default_rng(0).integers(1, 9, size=40)
SOURCE = np.where(np.arange(8) < LENGTHS[:, None], np.arange(1, 41)[:, None], 0)  # row i is i + 1, padded
TARGET = np.tile(np.arange(1, 41)[:, None], (1, 3))


def epochs(count, first_epoch=0, seed=3):
    batches = paired_batches(SOURCE, TARGET, 5, 8, seed, first_epoch)
    return [(x["source"].numpy(), y.numpy()) for x, y in itertools.islice(batches, 8 * count)]


def test_an_epoch_holds_every_pair_once():
    seen = np.concatenate([y[:, 0] for _, y in epochs(1)])
    assert sorted(seen) == list(range(1, 41))


def test_a_source_stays_beside_its_target():
    for source, target in epochs(1):
        assert (source[:, 0] == target[:, 0]).all()


def test_a_batch_is_as_wide_as_its_longest_source():
    for source, target in epochs(2):
        assert source.shape[1] == LENGTHS[target[:, 0] - 1].max()


def test_batches_hold_sources_of_like_length():
    spread = [np.ptp(LENGTHS[target[:, 0] - 1]) for _, target in epochs(4)]
    shuffled = [np.ptp(np.random.default_rng(i).choice(LENGTHS, 5, replace=False)) for i in range(32)]
    assert np.mean(spread) < 0.5 * np.mean(shuffled)


def test_epochs_differ_and_a_resumed_run_goes_on_with_the_same_order():
    whole, resumed = epochs(3), epochs(1, first_epoch=2)
    assert not np.array_equal(whole[0][1], whole[8][1])
    for (_, expected), (_, target) in zip(whole[16:], resumed, strict=True):
        np.testing.assert_array_equal(expected, target)


@pytest.mark.parametrize("batch_size", [1, 7, 40])
def test_what_does_not_fill_a_batch_stays_out(batch_size):
    batches = order_of(LENGTHS, batch_size, seed=0, epoch=0)
    assert batches.shape == (40 // batch_size, batch_size)
    assert len(np.unique(batches)) == batches.size
