"""Spellings of right answers, which have all points on twenty seeds: part 7 of `dlseq prove`."""

from pathlib import Path

import pytest

from dlseq.authoring.mistakes import load_equal_spellings
from dlseq.course.exercises import EXERCISES
from dlseq.course.layout import find_course

COURSE = find_course(Path(__file__).parent)
NAMES = [exercise.name for exercise in EXERCISES if COURSE.has_tests(exercise.name)]


@pytest.mark.parametrize("name", NAMES)
def test_each_exercise_has_equal_spellings(name):
    spellings = load_equal_spellings(COURSE.mistakes / f"{name}.py")
    assert spellings
    assert all(changes for changes in spellings.values())
