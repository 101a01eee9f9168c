"""How far somebody is: records in, lines to print out."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from dlseq.course.exercises import Exercise
from dlseq.grading.results import TestResult, earned, possible

__all__ = ["Progress", "next_thing", "overview", "told"]

MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "not started": ("·", "dim"), "error": ("!", "red")}
MARKS["timeout"] = MARKS["error"]


@dataclass(frozen=True)
class Progress:
    """An exercise and what its tests said.

    Attributes:
        exercise: which one.
        file: that was checked.
        records: of its tests; empty where `problem` says why there are none.
        problem: a sentence, or "".
    """

    exercise: Exercise
    file: Path
    records: tuple[TestResult, ...]
    problem: str = ""

    def functions(self) -> dict[str, list[TestResult]]:
        """Records by function, in the order of the tests."""
        grouped = {}
        for record in self.records:
            grouped.setdefault(record.function, []).append(record)
        return grouped

    @property
    def done(self) -> bool:
        return bool(self.records) and all(record.status == "passed" for record in self.records)


def status_of(records: Iterable[TestResult]) -> str:
    """One status for a function: that of its first test which did not pass."""
    return next((record.status for record in records if record.status != "passed"), "passed")


def next_thing(progress: Iterable[Progress]) -> tuple[Progress, TestResult | None] | None:
    """The first exercise that is not done, and its first test that did not pass; None where all is done."""
    for one in progress:
        if not one.done:
            return one, next((record for record in one.records if record.status != "passed"), None)
    return None


def told(record: TestResult, hint: bool = True) -> list[str]:
    """What a student sees of a test that did not pass: what was asked, what came back, the hint, the points.

    Example:
        >>> record = TestResult("recurrent_network", "rnn_forward", "test_loop", "The state travels.", 2.0, "failed",
        ...                 "a is wrong", "Look at a0.")
        >>> told(record)
        ['The state travels.  (2 points)', 'a is wrong', 'hint: Look at a0.']
    """
    lines = [f"{record.property}  ({_points(record.points)})", _said(record)]
    return lines + ([f"hint: {record.hint}"] if hint and record.hint else [])


def _said(record):
    return record.message + f" ({record.place})" * bool(record.place)


def _points(number):
    return f"{number:g} point" + ("" if number == 1 else "s") if number == round(number, 2) else f"{number:.2f} points"


def overview(progress: Iterable[Progress], hints: bool = False) -> Group:
    """The whole picture, for a terminal or a page.

    Args:
        progress: of each exercise.
        hints: whether every failed test is told with its hint, rather than only the next thing to do.

    Returns:
        Something that `rich` prints, in colour where there is a terminal.
    """
    progress = list(progress)
    parts = []
    for one in progress:
        parts.append(_heading(one))
        if _broken(one.records):
            parts.append(Text(f"  ! {_said(one.records[0])}", "red"))
        elif any(record.status != "not started" for record in one.records):
            parts.append(_functions(one, hints))
    parts.append(_ending(progress, hints))
    return Group(*parts)


def _heading(one):
    if one.problem:
        return Text.from_markup(f"[bold]{one.exercise.name}[/]  [yellow]{escape(one.problem)}[/]")
    points = f"{earned(one.records):.4g} of {possible(one.records):.4g} points"
    return Text.from_markup(f"[bold]{one.exercise.name}[/]  {points}  [dim]{one.exercise.title}[/]")


def _functions(one, hints):
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(width=3, justify="right")
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    for function, records in one.functions().items():
        mark, style = MARKS[status_of(records)]
        score = f"{earned(records):.4g} / {possible(records):.4g}"
        table.add_row(Text(mark, style), Text(function or "?", style), Text(score, style))
        if hints:
            for record in _first_of_each_test(records):
                table.add_row("", Text("\n".join(told(record)), "default"), "")
    return table


def _first_of_each_test(records):
    """One record a test and message, since the cases of a parametrised test mostly fail alike; one an exception."""
    seen = {}
    for record in records:
        if record.status == "error":
            seen.setdefault((record.message, record.place), record)
        elif record.status not in ("passed", "not started"):
            seen.setdefault((record.test.split("[")[0], record.hint or record.message), record)
    return list(seen.values())


def _broken(records):
    """Whether the file itself cannot be run, so that each test says the same."""
    told = {record.message for record in records}
    return len(told) == 1 and told.pop().startswith("the file cannot be run")


def _ending(progress, hints):
    following = next_thing(progress)
    if following is None:
        return Text("Everything here passes.", "bold green")
    one, record = following
    if record is None:
        return Text.from_markup(f"[bold]next:[/] {escape(one.problem)}")
    lines = [f"[bold]next:[/] {record.function} in {escape(_from_here(one.file))}"]
    if _broken(one.records):
        lines = [f"[bold]next:[/] {escape(_from_here(one.file))}"]
    elif record.status != "not started" and not hints:
        lines += [f"  {escape(line)}" for line in told(record)]
    elif "needs" in record.message:
        lines.append(f"  {escape(record.message)}")
    return Text.from_markup("\n".join(lines))


def _from_here(file):
    """The file as one would type it in the current folder."""
    here = Path.cwd()
    return str(Path(file).relative_to(here) if Path(file).is_relative_to(here) else file)
