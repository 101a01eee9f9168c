"""Answers of the right shape with no right value in them: every graded function returns zeros, ones or NaN."""

from pathlib import Path

import pytest

from dlseq.course.exercises import get_exercise
from dlseq.course.layout import find_course
from dlseq.grading.judge.client import run_jobs
from dlseq.grading.judge.messages import GradingJob
from dlseq.grading.results import earned

COURSE = find_course(Path(__file__).parent)
MAX_POINTS = 12  # of 100: the shapes, and cases whose right answer is constant, such as the score of an empty sentence
VALUES = {"zeros": "0 * value", "ones": "0 * value + 1", "NaN": "0 * value + float('nan')"}
CONSTANT = """
def _constant(value):
    if isinstance(value, (list, tuple)):
        return type(value)(map(_constant, value))
    if isinstance(value, dict):
        return {name: _constant(item) for name, item in value.items()}
    if type(value).__name__ == "Functional":
        constants = [_constant(output) for output in value.outputs]
        return type(value)(value.inputs, constants if len(constants) > 1 else constants[0])
    if isinstance(value, str | None) or str(getattr(value, "dtype", "")) == "bool":
        return value
    return VALUE

def _as_constant(function):
    return lambda *arguments, **keywords: _constant(function(*arguments, **keywords))

for _name, _function in list(globals().items()):
    if getattr(_function, "__module__", "") == __name__ and _name[0] != "_" and _name not in ("softmax", "sigmoid"):
        globals()[_name] = _as_constant(_function)
"""


def results_of(name, constants=tuple(VALUES)):
    """Return the results of the tests of an exercise, by constant."""
    text = COURSE.solution(name).read_text("utf-8")
    cells = {key: ((f"{name}.py", text + CONSTANT.replace("VALUE", VALUES[key])),) for key in constants}
    jobs = [GradingJob(key, name, text, 3) for key, text in cells.items()]
    results = dict(run_jobs(COURSE, get_exercise(name), jobs))
    assert results.keys() == set(constants)
    return results


@pytest.mark.slow
@pytest.mark.parametrize("name", ["beam_search", "language_model"])
def test_constant_answers_earn_next_to_nothing(name):
    points = {key: earned(results) for key, results in results_of(name).items()}
    assert {key: value for key, value in points.items() if value > MAX_POINTS} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["encoder_decoder", "music_generation"])
def test_models_of_zeros_earn_next_to_nothing(name):
    """Zeros were the same with more padding, and word by word: 9 points for properties that a constant has as well."""
    (results,) = results_of(name, ("zeros",)).values()
    assert earned(results) <= MAX_POINTS, [(result.test, result.earned) for result in results if result.earned]


@pytest.mark.slow
def test_constant_states_and_gradients_earn_shapes_alone():
    """Zeros had the points of two gradients: in the first step the forget gate multiplies zeros."""
    for results in results_of("recurrent_network").values():
        assert [result.test for result in results if result.earned and "_shapes" not in result.test] == []
