"""The solution of `sentiment` against numerical gradients and counts, and its lesson from top to bottom."""

import numpy as np
import pytest


def test_the_step_goes_down_the_numerical_gradient(solution):
    rng = np.random.default_rng(0)
    X, Y, W, b = rng.normal(size=(5, 3)), rng.integers(0, 4, 5), rng.normal(size=(4, 3)), rng.normal(size=4)
    loss, new_W, new_b = solution.gradient_step(X, Y, W, b, learning_rate=0.5)
    assert loss == pytest.approx(-np.log(solution.softmax_forward(X, W, b)[np.arange(5), Y]).mean())
    for array, new in ((W, new_W), (b, new_b)):
        for place in np.ndindex(array.shape):
            value, losses = array[place], []
            for move in (1e-5, -1e-5):
                array[place] = value + move
                losses.append(solution.gradient_step(X, Y, W, b, 0.5)[0])
            array[place] = value
            assert (value - new[place]) / 0.5 == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=1e-8)


def test_no_assignment_of_classes_to_bags_passes_the_ceiling(solution):
    sentences, Y = ["a b", "b a", "a a", "A b", "c"], np.array([0, 1, 1, 1, 0])
    bags = [0, 0, 1, 0, 2]
    best = max(np.mean([code >> bag & 1 == label for bag, label in zip(bags, Y, strict=True)]) for code in range(8))
    assert solution.bag_of_words_ceiling(sentences, Y) == pytest.approx(best)


def test_padding_has_no_influence_on_the_network(solution):
    model = solution.sentiment_model(6, solution.toy_embedding(0, 5, 3), 4, 2)
    short = solution.sentiment_model(3, model.layers[1], 4, 2)
    short.set_weights(model.get_weights())
    ids = np.array([[2, 5, 1]])
    padded = np.pad(ids, ((0, 0), (0, 3)))
    np.testing.assert_allclose(np.asarray(model(padded)), np.asarray(short(ids)), rtol=1e-4)


@pytest.mark.slow
def test_the_lesson_shows_that_a_mean_has_no_swapped_pair_right(run_lesson):
    lesson = run_lesson()
    assert lesson["ceiling"] == 0.5
    assert lesson["scores"]["swapped words", "mean"] == 0
    assert lesson["scores"]["swapped words", "LSTM"] > 0.2
    assert lesson["scores"]["negation", "LSTM"] > lesson["scores"]["negation", "mean"] + 0.2
    right = [
        (lesson[name](lesson["X_test"]) == lesson["Y_test"]).mean() for name in ("classes_by_mean", "classes_by_lstm")
    ]
    assert right[1] > right[0] + 0.2
