"""Right answers in another spelling have all points, whatever the seed."""

from pathlib import Path

import pytest

from dlseq.authoring.mistakes import load_equal_spellings
from dlseq.course.exercises import EXERCISES, get_exercise
from dlseq.course.layout import find_course
from dlseq.grading.judge.client import run_jobs
from dlseq.grading.judge.messages import GradingJob
from dlseq.grading.results import earned

COURSE = find_course(Path(__file__).parent)
NAMES = [exercise.name for exercise in EXERCISES if COURSE.has_tests(exercise.name)]
PRODUCT = "return ops.matmul(value, self.key_kernel)"
SUM = "return ops.sum(ops.expand_dims(value, -1) * self.key_kernel, axis=2)"
SEEDS_THAT_LOST_POINTS = (1, 3, 7, 8)


@pytest.mark.slow
def test_a_sum_of_products_of_float32_has_all_points():
    """On these seeds it had 98 of 100: one comparison of float32 values had the tolerance of float64."""
    name = "attention_layer"
    text = COURSE.solution(name).read_text("utf-8")
    assert text.count(PRODUCT) == 1
    cells = ((f"{name}.py", text.replace(PRODUCT, SUM)),)
    jobs = [GradingJob(str(seed), name, cells, seed) for seed in SEEDS_THAT_LOST_POINTS]
    points = {seed: earned(results) for seed, results in run_jobs(COURSE, get_exercise(name), jobs)}
    assert points == dict.fromkeys(map(str, SEEDS_THAT_LOST_POINTS), 100)


@pytest.mark.parametrize("name", NAMES)
def test_each_exercise_has_equal_spellings(name):
    spellings = load_equal_spellings(COURSE.mistakes / f"{name}.py")
    assert spellings
    assert all(changes for changes in spellings.values())
