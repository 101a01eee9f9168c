"""Training batches: every row once an epoch, beside its own target, with little padding."""

import itertools

import numpy as np
import pytest

from dlseq.training.batching import bucketed_batches, bucketed_order, steps_per_execution

LENGTHS = np.random.default_rng(0).integers(1, 9, size=40)
SOURCE = np.where(np.arange(8) < LENGTHS[:, None], np.arange(1, 41)[:, None], 0)  # row i holds i + 1, padded
TARGET = np.tile(np.arange(1, 41)[:, None], (1, 3))


def epochs(count, first_epoch=0, seed=3):
    """Source and target of the batches of some epochs."""
    x = {"source": SOURCE, "target": TARGET}
    batches = bucketed_batches(x, TARGET, 5, 8, seed=seed, first_epoch=first_epoch)
    return [(x["source"].numpy(), y.numpy()) for x, y in itertools.islice(batches, 8 * count)]


def test_an_epoch_holds_every_pair_once():
    rows = np.concatenate([y[:, 0] for _, y in epochs(1)])
    assert sorted(rows) == list(range(1, 41))


def test_a_source_stays_beside_its_target():
    for source, target in epochs(1):
        assert (source[:, 0] == target[:, 0]).all()


def test_a_batch_is_as_wide_as_its_longest_source():
    for source, target in epochs(2):
        assert source.shape[1] == LENGTHS[target[:, 0] - 1].max()
        assert target.shape[1] == 3


def test_batches_hold_sources_of_similar_length():
    spread = [np.ptp(LENGTHS[target[:, 0] - 1]) for _, target in epochs(4)]
    shuffled = [np.ptp(np.random.default_rng(i).choice(LENGTHS, 5, replace=False)) for i in range(32)]
    assert np.mean(spread) < 0.5 * np.mean(shuffled)


def test_epochs_differ_and_a_resumed_run_continues_the_order():
    whole, resumed = epochs(3), epochs(1, first_epoch=2)
    assert not np.array_equal(whole[0][1], whole[8][1])
    for (_, expected), (_, target) in zip(whole[16:], resumed, strict=True):
        np.testing.assert_array_equal(expected, target)


def test_sequences_may_be_their_own_targets():
    for ids, targets in itertools.islice(bucketed_batches(SOURCE, SOURCE, 5, 8, seed=0), 8):
        np.testing.assert_array_equal(ids, targets)
        assert (ids.numpy() != 0).any(axis=0).all()


def test_images_and_labels_are_batched_whole():
    images, labels = np.random.default_rng(0).random((40, 6, 6)), np.arange(40)
    batch = list(itertools.islice(bucketed_batches(images, labels, 5, 8, seed=0), 8))
    assert all(x.shape == (5, 6, 6) for x, _ in batch)
    for x, y in batch:
        np.testing.assert_allclose(x, images[y.numpy()])
    assert sorted(np.concatenate([y for _, y in batch])) == list(range(40))


@pytest.mark.parametrize("batch_size", [1, 7, 40])
def test_rows_that_do_not_fill_a_batch_are_left_out(batch_size):
    batches = bucketed_order(LENGTHS, batch_size, seed=0, epoch=0)
    assert batches.shape == (40 // batch_size, batch_size)
    assert len(np.unique(batches)) == batches.size


def test_the_first_epochs_draw_the_shortest_quarter_four_times():
    """40 rows: the ten shortest are each drawn four times, in another order the next time; later epochs draw all."""
    shortest = set(np.argsort(LENGTHS, kind="stable")[:10].tolist())
    first, second, third = (bucketed_order(LENGTHS, 5, seed=0, epoch=epoch, short_first=2) for epoch in range(3))
    for batches in (first, second):
        rows, counts = np.unique(batches, return_counts=True)
        assert set(rows.tolist()) == shortest
        assert counts.tolist() == [4] * 10
    assert (first != second).any()
    np.testing.assert_array_equal(third, bucketed_order(LENGTHS, 5, seed=0, epoch=2))


@pytest.mark.parametrize("steps", [1, 7, 26, 83, 97, 1000])
def test_an_epoch_is_a_whole_number_of_executions(steps):
    kept, execution_steps = steps_per_execution(steps)
    assert kept % execution_steps == 0
    assert execution_steps <= 25
    assert steps - kept < execution_steps
