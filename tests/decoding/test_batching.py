"""Tests of batches of similar length."""

import numpy as np

from dlseq.decoding.batching import batches_by_length

LENGTHS = np.array([30, 3, 8, 9, 1, 17, 16, 10, 12, 2, 11, 13, 15, 40])


def test_batch_widths_and_sizes_by_hand():
    batches = [(LENGTHS[rows].tolist(), width) for rows, width in batches_by_length(LENGTHS, min_rows=3, max_rows=5)]
    assert batches == [([1, 2, 3, 8], 8), ([9, 10, 11, 12, 13], 16), ([15, 16, 17], 24), ([30, 40], 40)]


def test_every_row_is_in_exactly_one_batch():
    lengths = np.random.default_rng(0).integers(0, 60, 500)
    rows = np.concatenate([rows for rows, _ in batches_by_length(lengths, min_rows=7, max_rows=50)])
    assert sorted(rows) == list(range(500))


def test_empty_input_has_no_batches():
    assert list(batches_by_length([])) == []
