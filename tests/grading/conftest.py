"""Fixtures of the grader: a class of submissions to a small course, and generated results."""

import importlib.util
from pathlib import Path

import pytest

from dlseq.grading import GradingOptions, grade

NAME = "recurrent_network"  # by this name, the small course of ../conftest.py


@pytest.fixture
def hand_in(small_course, tmp_path):
    """Function that writes submissions, the solution with a text replaced, and returns the folder of the class."""

    def made(**changes):
        for student, (old, new) in changes.items():
            place = tmp_path / "class" / student
            place.mkdir(parents=True, exist_ok=True)
            text = small_course.solution(NAME).read_text()
            assert old in text
            (place / f"{NAME}.py").write_text(text.replace(old, new))
        return tmp_path / "class"

    return made


@pytest.fixture
def grade_class(small_course, tmp_path):
    """Function that grades on the small course, without a sandbox, which is faster."""

    def graded(paths, out=None, *, jobs=1, executor=None, progress=None, **options):
        options = GradingOptions(**{"exercises": (NAME,), "seed": 5, "isolation": "process", **options})
        out = None if out is None else tmp_path / out
        return grade(paths, out, options, course=small_course, jobs=jobs, executor=executor, progress=progress)

    return graded


@pytest.fixture
def marks_of():
    """Function that returns the parts of results that do not depend on timing."""

    def marks(results):
        return [
            [
                (test.test, test.status, test.message, test.earned)
                for exercise in result.exercises
                for test in exercise.tests
            ]
            for result in results
        ]

    return marks


def _load(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MADE_UP = _load("made_up_class")


@pytest.fixture(scope="session")
def made_up():
    """The module `made_up_class`."""
    return MADE_UP


@pytest.fixture(params=MADE_UP.HOSTILE, ids=range(len(MADE_UP.HOSTILE)))
def hostile(request):
    """A text that does harm unless it is escaped."""
    return request.param


@pytest.fixture(scope="session")
def forty():
    """Results of forty students."""
    return MADE_UP.made_up_class(40)
