"""The pointing game against a count of common pixels."""

import numpy as np
import pytest

from dlseq.errors import DlseqError
from dlseq.metrics import pointing_hits

RANDOM = np.random.default_rng(8)


def test_a_hit_is_a_place_that_has_a_pixel_of_the_box():
    """The oracle paints place and box; boxes on odd pixels have no edge in common with a place."""
    for _ in range(300):
        left, top = 2 * RANDOM.integers(0, 24, 2) + 1
        right, bottom = left + 2 * RANDOM.integers(1, 12), top + 2 * RANDOM.integers(1, 12)
        grid = RANDOM.dirichlet(np.ones(24)).reshape(4, 6)
        row, column = np.unravel_index(grid.argmax(), grid.shape)
        place, box = np.zeros((2, 72, 72), bool)
        place[row * 18 : (row + 1) * 18, column * 12 : (column + 1) * 12] = True
        box[top:bottom, left:right] = True
        [hit] = pointing_hits([grid], [(left, top, right, bottom)], image_size=72)
        assert hit == (place & box).any()


def test_without_margin_the_center_of_the_place_is_in_the_box():
    grid = np.zeros((8, 8))
    grid[2, 5] = 1  # its center is pixel 44, 20
    boxes = [(44, 20, 50, 30), (45, 20, 50, 30), (30, 10, 44, 20), (30, 10, 44, 19)]
    found = pointing_hits([grid] * 4, boxes, image_size=64, margin=0.0)
    assert found.tolist() == [True, False, True, False]


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(DlseqError, match=r"Received: \(2, 4\) and \(2, 4\)"):
        pointing_hits(np.ones((2, 4)), np.ones((2, 4)), 64)
    with pytest.raises(DlseqError, match="Expected"):
        pointing_hits(np.ones((2, 4, 4)), np.ones((3, 4)), 64)
