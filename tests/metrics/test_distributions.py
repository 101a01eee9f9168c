"""Jensen-Shannon distance against SciPy's, and the properties of a metric."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from dlseq.errors import DlseqError
from dlseq.metrics import jensen_shannon_distance


@pytest.fixture
def rows():
    """Three times 200 rows of 6 weights, a third of them zero."""
    rng = np.random.default_rng(5)
    weights = rng.exponential(size=(3, 200, 6)) * (rng.random((3, 200, 6)) > 1 / 3)
    weights[:, :, 0] += 1e-3
    return weights


def test_the_distance_is_that_of_scipy(rows):
    expected = jensenshannon(rows[0], rows[1], base=2, axis=-1)
    np.testing.assert_allclose(jensen_shannon_distance(rows[0], rows[1]), expected, atol=1e-7)


def test_leading_axes_are_kept(rows):
    p, q = rows[0].reshape(4, 50, 6), rows[1].reshape(4, 50, 6)
    assert jensen_shannon_distance(p, q).shape == (4, 50)
    np.testing.assert_array_equal(jensen_shannon_distance(p, q).ravel(), jensen_shannon_distance(rows[0], rows[1]))


def test_the_distance_is_a_metric(rows):
    a, b, c = rows
    ab, bc, ac = (jensen_shannon_distance(*pair) for pair in ((a, b), (b, c), (a, c)))
    np.testing.assert_array_equal(ab, jensen_shannon_distance(b, a))
    assert np.all(ac <= ab + bc + 1e-12)
    np.testing.assert_allclose(jensen_shannon_distance(a, a), 0, atol=1e-7)


def test_weights_of_any_scale_are_the_same_distribution(rows):
    with np.errstate(all="raise", under="ignore"):
        scaled = jensen_shannon_distance(rows[0] * 1e300, rows[1] * 1e-300)
    np.testing.assert_allclose(scaled, jensen_shannon_distance(rows[0], rows[1]), atol=1e-7)


@pytest.mark.parametrize(("p", "q", "distance"), [([0, 0], [1, 3], 1), ([1, 3], [0, 0], 1), ([0, 0], [0, 0], 0)])
def test_a_row_without_weight_is_far_from_one_with_some(p, q, distance):
    """SciPy returns NaN here, which cannot be sorted."""
    assert jensen_shannon_distance(p, q) == distance


@pytest.mark.parametrize(
    ("p", "q"), [([1, 2], [1, 2, 3]), (1, 1), ([-1, 2], [1, 1]), ([1, 1], [np.nan, 1]), ([1], [np.inf])]
)
def test_other_values_are_refused(p, q):
    with pytest.raises(DlseqError, match="Expected"):
        jensen_shannon_distance(p, q)
