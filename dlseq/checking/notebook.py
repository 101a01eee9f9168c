"""Notebook entry point: `dlseq.check("recurrent_network")` shows the progress of a notebook's functions."""

import sys

from rich.console import Console

from dlseq.checking.answer_cells import identifiers_in, select_cells
from dlseq.checking.check import check_exercise
from dlseq.checking.messages import message_translator
from dlseq.checking.progress import Progress, render_progress
from dlseq.course.exercises import get_exercise
from dlseq.course.layout import find_course
from dlseq.grading.judge.client import run_jobs
from dlseq.grading.judge.messages import GradingJob

__all__ = ["check"]


def check(name: str, language: str | None = None) -> None:
    """Run the visible tests of an exercise and print the progress.

    In a notebook the cells count as they were last run, saved or not; elsewhere the file in `exercises/` counts. The
    cells that define the graded functions run again in a fresh process, as a submitted file does. The notebook's own
    state is not used: a layer that was already called, or a global variable that a function reads by accident, would
    give another score than the file gets.

    Args:
        name: name of the exercise.
        language: one of `dlseq.languages.LANGUAGES`. Defaults to that of the hand-out, or of the locale.

    Raises:
        DlseqError: unknown exercise or language, or no course around the current folder.
    """
    exercise, course = get_exercise(name), find_course()
    if f"submission_{name}" in sys.modules:
        return  # this code is itself being graded, and calls `check` in its last cell
    translate = message_translator(course, [exercise], language)
    cells = select_cells(_cell_history(), identifiers_in(course.tests(name).read_text("utf-8")))
    if cells:
        candidate = GradingJob(name, name, tuple(cells))
        ((_, results),) = run_jobs(course, exercise, [candidate], visible_only=True)
        progress = Progress(exercise, translate(f"this notebook ({name})"), tuple(results))
    else:
        progress = check_exercise(course, exercise, course.exercises)
    Console().print(render_progress([progress], hints=True, translate=translate))


def _cell_history():
    """The notebook's input history, the text of In [n] at index n; empty outside of a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return [] if shell is None else list(shell.history_manager.input_hist_raw)
