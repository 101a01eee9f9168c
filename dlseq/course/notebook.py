"""`dlseq.check("recurrent_network")`: how far the functions of a notebook are, as a table."""

import sys

from rich.console import Console

from dlseq.course.catalogue import exercise
from dlseq.course.check import check_exercise
from dlseq.course.places import find_course
from dlseq.course.progress import Progress, overview

__all__ = ["check"]


def check(name: str) -> None:
    """Runs the visible tests of an exercise and shows what they say.

    In a notebook it marks the functions as they are there, saved or not; elsewhere the file in `exercises/`.

    Args:
        name: of the exercise.

    Raises:
        DlseqError: there is no such exercise, or no course around the current folder.
    """
    one, course = exercise(name), find_course()
    namespace = _names_of_notebook()
    if namespace is None:
        progress = check_exercise(course, one, course.exercises)
    else:
        from dlseq.grading.runner import mark_names

        progress = Progress(one, f"this notebook ({name})", tuple(mark_names(course, one, namespace)))
    Console().print(overview([progress], hints=True))


def _names_of_notebook():
    """The names that a notebook's cells have defined; None outside of one."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return None if shell is None else shell.user_ns
