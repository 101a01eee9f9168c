"""Progress of a student: test results in, terminal output out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dlseq.course.exercises import Exercise
from dlseq.grading.results import TestResult, earned, most_telling, possible

__all__ = ["Progress", "format_result", "next_step", "render_progress"]

SYMBOLS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "not started": ("·", "dim"), "error": ("!", "red")}
SYMBOLS["timeout"] = SYMBOLS["error"]


@dataclass(frozen=True)
class Progress:
    """Test results of one exercise.

    Attributes:
        exercise: the exercise.
        file: the student's file.
        results: one `TestResult` a test; empty if there is a `problem`.
        problem: the reason why no test ran, a sentence; otherwise "".
        notes: sentences on statements of the file that failed when it was loaded.
    """

    exercise: Exercise
    file: Path
    results: tuple[TestResult, ...]
    problem: str = ""
    notes: tuple[str, ...] = ()

    def by_function(self) -> dict[str, list[TestResult]]:
        """Return the results of each graded function, in the order of the tests."""
        grouped = {}
        for result in self.results:
            grouped.setdefault(result.function, []).append(result)
        return grouped

    @property
    def done(self) -> bool:
        """True if every test passed."""
        return bool(self.results) and all(result.status == "passed" for result in self.results)


def function_status(results: Iterable[TestResult]) -> str:
    """Return the status of a function: that of its first test that did not pass, or "passed"."""
    return next((result.status for result in results if result.status != "passed"), "passed")


def next_step(progress: Iterable[Progress]) -> tuple[Progress, TestResult | None] | None:
    """Return the first unfinished exercise and the most telling failure of its first unfinished function, or None."""
    for exercise_progress in progress:
        if not exercise_progress.done:
            failures = map(most_telling, exercise_progress.by_function().values())
            return exercise_progress, next((results[0] for results in failures if results), None)
    return None


def format_result(
    result: TestResult, results: Iterable[TestResult] = (), translate: Callable[[str], str] = str
) -> list[str]:
    """Format a test that did not pass: tested property, points, message, failed cases if others pass, hint.

    Args:
        result: the result.
        results: of the same function, with those of the test's other cases.
        translate: function that translates a message, see `dlseq.languages.get_translator`.

    Example:
        >>> result = TestResult("recurrent_network", "rnn_forward", "test_loop", "The state travels.", 2.0, "failed",
        ...                 "a is wrong", "Look at a0.")
        >>> format_result(result)
        ['The state travels.  (2 points)', 'a is wrong', 'hint: Look at a0.']
    """
    lines = [
        f"{translate(result.property)}  ({translate(_format_points(result.points))})",
        _format_message(result, translate),
    ]
    cases = [case for case in results if _test_name(case) == _test_name(result)]
    failed = [case.test.partition("[")[2].removesuffix("]") for case in cases if case.status != "passed"]
    if len(failed) < len(cases):
        names = ", ".join(map(translate, failed))
        lines.append(translate(f"fails in {len(failed)} of {len(cases)} cases: {names}"))
    return lines + ([f"{translate('hint:')} {translate(result.hint)}"] if result.hint else [])


def _test_name(result):
    """The name of a test without its case."""
    return result.test.split("[")[0]


def _format_message(result, translate):
    return translate(result.message) + f" ({translate(result.place)})" * bool(result.place)


def _format_points(number):
    if number == 1:
        return "1 point"
    return f"{number:g} points" if number == round(number, 2) else f"{number:.2f} points"


def render_progress(progress: Iterable[Progress], hints: bool = False, translate: Callable[[str], str] = str) -> Group:
    """Render the progress of exercises for a terminal or a notebook.

    Args:
        progress: one `Progress` an exercise.
        hints: True to list every failed test with its hint; by default only the next step is explained.
        translate: function that translates a message, see `dlseq.languages.get_translator`.

    Returns:
        A `rich` renderable, in color on a terminal.
    """
    progress = list(progress)
    parts = []
    for exercise_progress in progress:
        results = exercise_progress.results
        parts.append(_heading(exercise_progress, translate))
        if _is_broken(results):
            parts.append(Text(f"  ! {_format_message(results[0], translate)}", "red"))
        elif any(result.status != "not started" for result in results):
            parts.append(_function_table(exercise_progress, hints, translate))
        parts += [Text(f"  {translate('note:')} {translate(note)}", "yellow") for note in exercise_progress.notes]
    parts.append(_render_next_step(progress, hints, translate))
    return Group(*parts)


def _heading(progress, translate):
    if progress.problem:
        return Text.from_markup(f"[bold]{progress.exercise.name}[/]  [yellow]{escape(translate(progress.problem))}[/]")
    points = translate(f"{earned(progress.results):.4g} of {possible(progress.results):.4g} points")
    title = translate(progress.exercise.title)
    return Text.from_markup(f"[bold]{progress.exercise.name}[/]  {points}  [dim]{title}[/]")


def _function_table(progress, hints, translate):
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(width=3, justify="right")
    table.add_column(overflow="fold")  # "ellipsis" cuts lines of wide letters, whose last space it counts
    table.add_column(justify="right", no_wrap=True)
    for function, results in progress.by_function().items():
        symbol, style = SYMBOLS[function_status(results)]
        score = f"{earned(results):.4g} / {possible(results):.4g}"
        table.add_row(Text(symbol, style), Text(function or "?", style), Text(score, style))
        if hints:
            for result in _distinct_failures(results):
                table.add_row("", Text("\n".join(format_result(result, results, translate)), "default"), "")
    return table


def _distinct_failures(results):
    """The most telling results of each test, one for each hint, and one for each exception of the function."""
    distinct, best = {}, {}
    for result in most_telling(result for result in results if result.status != "not started"):
        rank = result.recognized, result.status
        if best.setdefault(_test_name(result), rank) == rank:
            is_error = result.status == "error"
            key = (result.message, result.place) if is_error else (_test_name(result), result.hint or result.message)
            distinct.setdefault(key, result)
    return list(distinct.values())


def _is_broken(results):
    """True if the file itself cannot be run, so that every test has the same message."""
    messages = {result.message for result in results}
    return len(messages) == 1 and messages.pop().startswith("the file cannot be run")


def _render_next_step(progress, hints, translate):
    step = next_step(progress)
    if step is None:
        return Text(translate("Everything here passes."), "bold green")
    exercise_progress, result = step
    if result is None:
        return Text.from_markup(f"[bold]{translate('next:')}[/] {escape(translate(exercise_progress.problem))}")
    file = _relative_to_cwd(exercise_progress.file)
    if _is_broken(exercise_progress.results):
        return Text.from_markup(f"[bold]{translate('next:')}[/] {escape(file)}")
    lines = []
    if result.status != "not started" and not hints:
        lines = format_result(result, exercise_progress.by_function()[result.function], translate)
    elif "needs" in result.message:
        lines = [translate(result.message)]
    place = translate(f"next: {result.function} in {file}").partition(": ")[2]
    heading = Text.from_markup(f"[bold]{translate('next:')}[/] {escape(place)}")
    return Group(heading, *(Padding(Text(line), (0, 0, 0, 2)) for line in lines))


def _relative_to_cwd(file):
    here = Path.cwd()
    return str(Path(file).relative_to(here) if Path(file).is_relative_to(here) else file)
