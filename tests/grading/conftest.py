"""A submission of a few lines, and what asks it."""

import pytest

from dlseq.grading.boundary import InProcess, Submission
from dlseq.grading.executor import Executor


@pytest.fixture
def submit():
    """Makes a `Submission` of a text."""

    def make(text, file="answer.py"):
        return Submission(InProcess(Executor([(file, text)])))

    return make
