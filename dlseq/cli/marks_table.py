"""What `dlseq grade` shows at the end: a row for each submission, why some could not be run, and the class."""

import statistics
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dlseq.grading.reports.words import clean, points
from dlseq.grading.results import ExerciseResult, SubmissionResult
from dlseq.grading.run import MISSING

__all__ = ["show_marks"]

MANY = 40  # submissions from which those with full marks share one row
MOST = 20  # sentences on what could not be run
NAME = 12  # columns for a name, at least


def show_marks(results: Sequence[SubmissionResult], console: Console) -> None:
    """Prints the marks of a class.

    Args:
        results: at least one.
        console: where to; the table fits its width.
    """
    console.print()
    console.print(_table(results, console.width))
    each = [(result.student, one) for result in results for one in result.exercises if _problem(one)]
    problems = [(who, one.exercise, _problem(one)) for who, one in each if one.problem != MISSING.format(one.exercise)]
    if problems:
        console.print("\nnot run:")
    for student, exercise, words in problems[:MOST]:
        console.print(f"  {escape(clean(student))}, {exercise}: {escape(clean(words))}", soft_wrap=True)
    if len(problems) > MOST:
        console.print(f"  and {len(problems) - MOST} more, see the results")
    if len(results) > 1:
        console.print(f"\n{_class(results)}")


def _table(results, width):
    names = max(len(clean(result.student)) for result in results)
    several = len(results[0].exercises) > 1
    titles = [one.exercise.replace("_", "\n") for one in results[0].exercises] if several else []
    total = f"points\nof {points(results[0].possible)}" if several else "points"
    gap = 2 if _wide([*titles, total], 2) + max(names, NAME) <= width else 1
    if _wide([*titles, total], gap) + NAME > width:
        titles, gap = [], 2  # each student's own result has the rest
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0))
    room = max(NAME, width - _wide([*titles, total], gap))
    table.add_column("student", no_wrap=True, overflow="ellipsis", vertical="bottom", max_width=room)
    for title in (*titles, total):
        table.add_column(title, justify="right", no_wrap=True)
    shown = [one for one in results if len(results) <= MANY or one.earned < one.possible]
    for result in shown:
        cells = [_cell(one) for one in result.exercises] if titles else []
        last = points(result.earned) if several else _of(result)
        style = "green" if result.earned == result.possible else ""
        table.add_row(escape(clean(result.student)), *cells, last, style=style)
    if len(shown) < len(results):
        others = f"{len(results) - len(shown)} more" if shown else f"all {len(results)}"
        table.add_row(f"{others}, full marks", *[""] * len(titles), points(results[0].possible), style="green")
    return table


def _wide(titles, gap):
    """Columns that numbers under these titles take."""
    return sum(gap + max(10 if len(titles) == 1 else 7, *map(len, title.split("\n"))) for title in titles)


def _of(result):
    (one,) = result.exercises
    return _cell(one) if _problem(one) else f"{points(one.earned)} of {points(one.possible)}"


def _cell(one: ExerciseResult) -> str:
    if one.problem == MISSING.format(one.exercise):
        return "no file"
    return "not run" if _problem(one) else points(one.earned)


def _problem(one: ExerciseResult) -> str:
    """Why nothing of an exercise could be run; empty where something could."""
    if one.problem:
        return one.problem
    told = [record.message for record in one.tests if not record.hidden]
    if told and one.earned == 0 and all(words.startswith("the file cannot be run") for words in told):
        return told[0]
    return ""


def _class(results):
    marks = [result.earned for result in results]
    full = sum(result.earned == result.possible for result in results)
    return (
        f"mean {points(statistics.fmean(marks))}, median {points(statistics.median(marks))}, "
        f"full marks for {full} of {len(results)}"
    )
