"""The solution of `visual_question_answering` against loops over places, and the claims of its lesson."""

import numpy as np
import pytest


def test_looks_by_loops(solution):
    rng = np.random.default_rng(0)
    keys, values, query = rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 4))
    prior = rng.random((2, 5))
    for given in (None, prior):
        context, weights = (np.asarray(value) for value in solution.look(keys, values, query, given))
        for b in range(2):
            powers = [
                np.exp(keys[b, p] @ query[b] / 2) * (1 if given is None else given[b, p] + 1e-5) for p in range(5)
            ]
            np.testing.assert_allclose(weights[b], np.array(powers) / sum(powers), rtol=1e-5)
            np.testing.assert_allclose(context[b], weights[b] @ values[b], rtol=1e-5)


def test_a_moved_look_is_a_full_convolution_cut_to_the_grid(solution):
    """The oracle is SciPy's convolution."""
    from scipy.signal import convolve2d

    rng = np.random.default_rng(1)
    weights, kernel = rng.random((3, 2, 4)), rng.random((3, 3, 7))
    moved = np.asarray(solution.move_look(weights, kernel))
    for picture in range(3):
        whole = convolve2d(weights[picture], kernel[picture])  # (4, 10)
        np.testing.assert_allclose(moved[picture], whole[1:3, 3:7], rtol=1e-5)


def test_the_loss_of_looks_by_hand(solution):
    """Shares 3/4 and 1/2 of the two looks with a box: (log 4/3 + log 2) / 2."""
    looks, boxes = np.full((1, 2, 1, 4), 0.25, "float32"), np.zeros((1, 2, 1, 4), "float32")
    boxes[0, 0, 0, :3] = boxes[0, 1, 0, 1:3] = 1
    both = (np.log(4 / 3) + np.log(2)) / 2
    assert float(solution.look_loss(boxes, looks)) == pytest.approx(both, rel=1e-4)
    boxes[0, 1] = 0
    assert float(solution.look_loss(boxes, looks)) == pytest.approx(np.log(4 / 3), rel=1e-4)


def test_places_are_those_whose_middle_pixel_is_painted(solution):
    rng = np.random.default_rng(2)
    for _ in range(30):
        left, top = rng.integers(0, 48, size=2)
        right, bottom = left + rng.integers(9, 17), top + rng.integers(9, 17)
        painted = np.zeros((64, 64), bool)
        painted[top:bottom, left:right] = True
        found = solution.places_in_box((left, top, right, bottom), (8, 8), 64)
        np.testing.assert_array_equal(found, painted[4::8, 4::8])


@pytest.mark.slow
def test_told_looks_point_and_answer_better(run_lesson):
    """The claims of the lesson about its models."""
    found = run_lesson()
    expected, kinds = found["expected"], found["kinds"]
    right = {name: np.array(of_model) == expected for name, of_model in found["found"].items()}
    asked = [question.text for question in found["test"]]
    blind = np.array(found["question_only_baseline"](found["asked"], found["answered"], asked)) == expected
    told, untold = right["looks are told"], right["looks are not told"]
    assert blind.mean() < 0.4 < untold.mean() - 0.2
    assert told.mean() > 0.85
    assert all(told[kinds == kind].mean() > untold[kinds == kind].mean() for kind in ("presence", "what", "color"))
    missed = {name: sum(step.endswith("look") for step in steps) for name, steps in found["faults"].items()}
    assert missed["looks are told"] < missed["looks are not told"]
