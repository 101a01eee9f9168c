"""Fixtures of the grader: a class that is graded on a small course; results nobody earned."""

import importlib.util
from pathlib import Path

import pytest

from dlseq.grading import grade

NAME = "recurrent_network"  # by this name, the small course of ../conftest.py


@pytest.fixture
def hand_in(small_course, tmp_path):
    """Writes submissions, made from the solution by replacing a text; gives the folder of the class."""

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
def marked(small_course, tmp_path):
    """Grades on the small course, not confined and so quicker."""

    def graded(paths, out=None, **keywords):
        settings = {"course": small_course, "exercise": [NAME], "seed": 5, "isolation": "process", "jobs": 1}
        return grade(paths, None if out is None else tmp_path / out, **{**settings, **keywords})

    return graded


@pytest.fixture
def told():
    """Gives what does not depend on how long it took."""

    def of(results):
        return [
            [(test.test, test.status, test.message, test.earned) for one in result.exercises for test in one.tests]
            for result in results
        ]

    return of


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
    """A text that would do harm where it is not escaped."""
    return request.param


@pytest.fixture(scope="session")
def forty():
    """Results of forty students."""
    return MADE_UP.made_up_class(40)
