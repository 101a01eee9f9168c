"""Helpers of `name_generation`: gradients against finite differences, tools against values by hand."""

import numpy as np
import pytest

from dlseq.course.given import name_generation as helpers
from dlseq.testing.gradients import numerical_gradient

X, Y = [None, 3, 1, 4], [3, 1, 4, 0]


@pytest.fixture
def parameters():
    rng = np.random.default_rng(7)
    shapes = {"Wax": (3, 5), "Waa": (3, 3), "Wya": (5, 3), "b": (3, 1), "by": (5, 1)}
    return {name: rng.normal(0, 0.7, shape) for name, shape in shapes.items()}


@pytest.fixture
def a0():
    return np.array([[0.4], [-0.2], [0.7]])


@pytest.mark.parametrize("name", helpers.PARAMETER_NAMES)
def test_gradients_match_finite_differences(parameters, a0, name):
    _, cache = helpers.rnn_forward(X, Y, a0, parameters)
    gradients, _ = helpers.rnn_backward(X, Y, parameters, cache)
    expected = numerical_gradient(
        lambda value: helpers.rnn_forward(X, Y, a0, {**parameters, name: value})[0], parameters[name]
    )
    np.testing.assert_allclose(gradients[f"d{name}"], expected, rtol=1e-6, atol=1e-8)


def test_the_gradient_of_the_initial_state_is_right(parameters, a0):
    gradients, _ = helpers.rnn_backward(X, Y, parameters, helpers.rnn_forward(X, Y, a0, parameters)[1])
    expected = numerical_gradient(lambda value: helpers.rnn_forward(X, Y, value, parameters)[0], a0)
    np.testing.assert_allclose(gradients["da_next"], expected, rtol=1e-6, atol=1e-8)


def test_probabilities_of_all_sequences_sum_to_one(parameters, a0):
    def probability(*ids):
        return np.exp(-helpers.rnn_forward([None, *ids[:-1]], ids, a0, parameters)[0])

    assert sum(probability(first, second) for first in range(5) for second in range(5)) == pytest.approx(1)


def test_none_is_a_zero_vector_and_not_index_0(parameters, a0):
    blind = {**parameters, "Wax": np.zeros((3, 5))}
    loss, _ = helpers.rnn_forward([None], [2], a0, parameters)
    assert loss == helpers.rnn_forward([4], [2], a0, blind)[0]
    assert loss != helpers.rnn_forward([0], [2], a0, parameters)[0]


def test_states_are_returned_by_step_and_a0_is_unchanged(parameters, a0):
    before = a0.copy()
    _, a = helpers.rnn_backward(X, Y, parameters, helpers.rnn_forward(X, Y, a0, parameters)[1])
    assert sorted(a) == [-1, 0, 1, 2, 3]
    np.testing.assert_array_equal(a[-1], before)
    np.testing.assert_array_equal(a0, before)
    one_hot = np.eye(5)[:, [3]]
    np.testing.assert_allclose(a[1], helpers.rnn_step_forward(parameters, a[0], one_hot)[0])


def test_x_and_y_of_different_length_are_refused(parameters, a0):
    with pytest.raises(ValueError, match="zip"):
        helpers.rnn_forward([None, 1], [1], a0, parameters)


def test_an_update_reduces_the_loss_in_place(parameters, a0):
    before, _ = helpers.rnn_forward(X, Y, a0, parameters)
    gradients, _ = helpers.rnn_backward(X, Y, parameters, helpers.rnn_forward(X, Y, a0, parameters)[1])
    old = {name: value.copy() for name, value in parameters.items()}
    assert helpers.update_parameters(parameters, gradients, 0.02) is parameters
    assert helpers.rnn_forward(X, Y, a0, parameters)[0] < before
    for name in helpers.PARAMETER_NAMES:
        np.testing.assert_allclose(parameters[name], old[name] - 0.02 * gradients[f"d{name}"])


def test_softmax_columns_sum_to_one_without_overflow():
    value = helpers.softmax(np.array([[0.0, 1000.0], [np.log(3.0), 1000.0]]))
    np.testing.assert_allclose(value, [[0.25, 0.5], [0.75, 0.5]])


def test_initial_weights_are_small_and_reproducible():
    np.random.seed(5)  # noqa: NPY002
    expected = np.random.rand()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    first, same, other = (helpers.initialize_parameters(20, 30, 25, seed=seed) for seed in (1, 1, 2))
    assert np.random.rand() == expected  # noqa: NPY002
    np.testing.assert_array_equal(first["Wya"], same["Wya"])
    assert not np.array_equal(first["Wya"], other["Wya"])
    assert first["Wax"].std() == pytest.approx(0.01, rel=0.1)
    assert not first["b"].any() and not first["by"].any()


def test_smooth_initial_loss_and_get_sample():
    assert helpers.smooth(2.0, 1002.0) == pytest.approx(3.0)
    assert helpers.get_initial_loss(8, 3) == pytest.approx(9 * np.log(2))
    assert helpers.get_sample([2, 1, 0], {0: "\n", 1: "a", 2: "ñ"}) == "Ña\n"
    assert helpers.get_sample([0], {0: "\n"}) == "\n"
