"""Tests of functions compiled once for all batch sizes."""

import functools

import numpy as np

from dlseq.decoding import compiled


def test_all_batch_sizes_and_values_share_one_trace():
    traced = []

    @functools.partial(compiled, any_batch_size=True)
    def scaled(nest, factor):
        traced.append(factor)
        return {"sum": nest["left"] + nest["right"][0], "scaled": nest["left"] * factor}

    for rows, factor in ((4, 2.0), (1, 0.5), (0, 1.0), (1000, -3.0)):
        left, right = np.full((rows, 3), 2, "float32"), np.arange(rows * 3, dtype="float32").reshape(rows, 3)
        found = scaled({"left": left, "right": [right]}, np.float32(factor))
        np.testing.assert_array_equal(found["sum"], left + right)
        np.testing.assert_array_equal(found["scaled"], left * factor)
    assert len(traced) == 1
