"""A course of one small exercise, with a solution, tests of both kinds, and mistakes."""

import textwrap

import pytest

from dlseq.course.places import Course
from dlseq.course.release import refresh

SOLUTION = '''
# %% [markdown]
# # Doubling

# %%
import numpy as np

### BEGIN SOLUTION
def secret_helper(number):
    return number * 2
### END SOLUTION

# %%
def double(x):
    """Doubles an array."""
    ### BEGIN SOLUTION
    doubled_array = secret_helper(x)
    return doubled_array
    ### END SOLUTION


# %%
def double_sum(x):
    """The sum of a doubled array."""
    ### BEGIN SOLUTION
    return float(double(x).sum())
    ### END SOLUTION
'''

GRADED = '''
"""Graded tests of a small exercise."""

import numpy as np
import pytest

from dlseq.grading.compare import close, unchanged

UNSEEN_SIZE = 17


@pytest.mark.points(40, of="double")
@pytest.mark.hint("Twice as much.")
@pytest.mark.parametrize("size", [1, 3])
def test_double(submission, reference, rng, size):
    """Every value is doubled."""
    x = rng.normal(size=size)
    known = [("It is not a square.", lambda: x**2), ("Nothing happened.", lambda: reference.call("double", x) / 2)]
    close(submission.call("double", x), reference.call("double", x), "y", known=known)


@pytest.mark.points(30, of="double_sum")
@pytest.mark.hint("Add up.")
def test_sum(submission, reference, rng):
    """The doubled values are added up."""
    x = rng.normal(size=4)
    expected = reference.expected("by hand", lambda: 2 * float(x.sum()))
    close(submission.call("double_sum", x), expected, "s")


# a comment that belongs to the hidden test
@pytest.mark.hidden
@pytest.mark.points(30, of="double")
@pytest.mark.hint("Any size will do, and x stays as it was.")
def test_hidden_doubling(submission, reference, rng):
    """Arrays of any size are doubled."""
    x = rng.normal(size=UNSEEN_SIZE)
    value, (after,) = submission.call_with_inputs("double", x)
    close(value, reference.call("double", x), "y")
    unchanged(after, x, "x")
'''

MISTAKES = """
from dlseq.course.mistakes import Mistake

MISTAKES = [
    Mistake("squares", "double", ("double", "double_sum"), "not a square", ("secret_helper(x)", "x**2")),
    Mistake("does nothing", "double", ("double", "double_sum"), "Nothing happened", body="return x"),
    Mistake("changes x", "double", ("double",), "in place", body="x *= 2\\nreturn x"),
    Mistake("takes the mean", "double_sum", ("double_sum",), "Add up", (".sum()", ".mean()")),
]
EQUIVALENT = {}
"""

NAME = "recurrent_network"  # the course knows exercises by name; this small one borrows it


@pytest.fixture
def course(tmp_path):
    """A course in a folder of its own."""
    course = Course(tmp_path / "course")
    for path, text in (
        (course.solution(NAME), SOLUTION),
        (course.tests(NAME), GRADED),
        (course.mistakes / f"{NAME}.py", MISTAKES),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip())
    refresh(course)
    return course


@pytest.fixture
def change():
    """Replaces text in a file, which must contain it."""

    def replace(path, old, new):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return replace
