"""The table of marks at the end of `dlseq grade`, with the reasons of ungraded exercises and class statistics."""

import statistics
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dlseq.grading.reports.formatting import format_points
from dlseq.grading.results import ExerciseResult, SubmissionResult
from dlseq.grading.run import NO_FILE_PROBLEM
from dlseq.grading.sanitize import for_line

__all__ = ["print_marks_table"]

MAX_FULL_ROWS = 40  # submissions, beyond which those with full marks share one row
MAX_PROBLEM_LINES = 20
MIN_NAME_COLUMNS = 12
MIN_NUMBER_COLUMNS, MIN_SINGLE_NUMBER_COLUMNS = 7, 10


def print_marks_table(results: Sequence[SubmissionResult], console: Console) -> None:
    """Print the marks of a class.

    Args:
        results: at least one.
        console: for output; the table fits its width.
    """
    console.print()
    console.print(_marks_table(results, console.width))
    problems = [
        (result.student, exercise.exercise, _problem(exercise))
        for result in results
        for exercise in result.exercises
        if _problem(exercise) and not _has_no_file(exercise)
    ]
    if problems:
        console.print("\nnot run:")
    for student, exercise, problem in problems[:MAX_PROBLEM_LINES]:
        console.print(f"  {escape(for_line(student))}, {exercise}: {escape(for_line(problem))}", soft_wrap=True)
    if len(problems) > MAX_PROBLEM_LINES:
        console.print(f"  and {len(problems) - MAX_PROBLEM_LINES} more, see the results")
    if len(results) > 1:
        console.print(f"\n{_class_statistics(results)}")


def _marks_table(results, width):
    longest_name = max(len(for_line(result.student)) for result in results)
    several = len(results[0].exercises) > 1
    titles = [exercise.exercise.replace("_", "\n") for exercise in results[0].exercises] if several else []
    total = f"points\nof {format_points(results[0].possible)}" if several else "points"
    gap = 2 if _width([*titles, total], 2) + max(longest_name, MIN_NAME_COLUMNS) <= width else 1
    if _width([*titles, total], gap) + MIN_NAME_COLUMNS > width:
        titles, gap = [], 2  # the results have the exercises
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0))
    name_width = max(MIN_NAME_COLUMNS, width - _width([*titles, total], gap))
    table.add_column("student", no_wrap=True, overflow="ellipsis", vertical="bottom", max_width=name_width)
    for title in (*titles, total):
        table.add_column(title, justify="right", no_wrap=True)
    rows = [result for result in results if len(results) <= MAX_FULL_ROWS or result.earned < result.possible]
    for result in rows:
        cells = [_cell(exercise) for exercise in result.exercises] if titles else []
        last = format_points(result.earned) if several else _points_of_single(result)
        style = "green" if result.earned == result.possible else ""
        table.add_row(escape(for_line(result.student)), *cells, last, style=style)
    if len(rows) < len(results):
        others = f"{len(results) - len(rows)} more" if rows else f"all {len(results)}"
        table.add_row(f"{others}, full marks", *[""] * len(titles), format_points(results[0].possible), style="green")
    return table


def _width(titles, gap):
    """Return the width of columns of numbers under these titles."""
    least = MIN_SINGLE_NUMBER_COLUMNS if len(titles) == 1 else MIN_NUMBER_COLUMNS
    return sum(gap + max(least, *map(len, title.split("\n"))) for title in titles)


def _points_of_single(result):
    (exercise,) = result.exercises
    return (
        _cell(exercise)
        if _problem(exercise)
        else f"{format_points(exercise.earned)} of {format_points(exercise.possible)}"
    )


def _cell(exercise: ExerciseResult) -> str:
    if _has_no_file(exercise):
        return "no file"
    return "not run" if _problem(exercise) else format_points(exercise.earned)


def _has_no_file(exercise):
    return exercise.problem == NO_FILE_PROBLEM.format(exercise.exercise)


def _problem(exercise: ExerciseResult) -> str:
    """Return the reason why no test of an exercise could run, else an empty string."""
    if exercise.problem:
        return exercise.problem
    messages = [test.message for test in exercise.tests if not test.hidden]
    if messages and exercise.earned == 0 and all(text.startswith("the file cannot be run") for text in messages):
        return messages[0]
    return ""


def _class_statistics(results):
    totals = [result.earned for result in results]
    full = sum(result.earned == result.possible for result in results)
    return (
        f"mean {format_points(statistics.fmean(totals))}, median {format_points(statistics.median(totals))}, "
        f"full marks for {full} of {len(results)}"
    )
