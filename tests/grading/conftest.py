"""A submission of a few lines, and what asks it; results that nobody earned."""

import importlib.util
from pathlib import Path

import pytest

from dlseq.grading.boundary import InProcess, Submission
from dlseq.grading.executor import Executor


@pytest.fixture
def submit():
    """Makes a `Submission` of a text."""

    def make(text, file="answer.py"):
        return Submission(InProcess(Executor([(file, text)])))

    return make


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
