"""One graph for batches of every size."""

import functools

import numpy as np

from dlseq.decoding import compiled


def test_one_trace_serves_every_batch_size_and_every_value():
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
