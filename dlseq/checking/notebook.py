"""`dlseq.check("recurrent_network")`: how far the functions of a notebook are, as a table."""

import sys

from rich.console import Console

from dlseq.checking.answer_cells import answer_cells, spoken_of
from dlseq.checking.check import check_exercise
from dlseq.checking.progress import Progress, overview
from dlseq.course.exercises import exercise
from dlseq.course.layout import find_course
from dlseq.grading.judge.client import run_jobs
from dlseq.grading.judge.messages import GradingJob

__all__ = ["check"]


def check(name: str) -> None:
    """Runs the visible tests of an exercise and shows what they say.

    In a notebook it marks the cells as they were run last, saved or not; elsewhere the file in `exercises/`. The cells
    that define the answer are run afresh in another process, as those of a file are: a layer that was called already,
    or a variable that a function reads by accident, would make a difference to what the file is worth.

    Args:
        name: of the exercise.

    Raises:
        DlseqError: there is no such exercise, or no course around the current folder.
    """
    one, course = exercise(name), find_course()
    if f"submission_{name}" in sys.modules:
        return  # it is being marked, and asks for this at its end
    cells = answer_cells(_history(), spoken_of(course.tests(name).read_text("utf-8")))
    if cells:
        candidate = GradingJob(name, name, tuple(cells))
        ((_, records),) = run_jobs(course, one, [candidate], visible_only=True)
        progress = Progress(one, f"this notebook ({name})", tuple(records))
    else:
        progress = check_exercise(course, one, course.exercises)
    Console().print(overview([progress], hints=True))


def _history():
    """What was run in the notebook, the text of In [n] at place n; nothing outside of one."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return [] if shell is None else list(shell.history_manager.input_hist_raw)
