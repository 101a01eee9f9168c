"""`dlseq grade` and `dlseq gradescope`."""

import os
import shlex
import time
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from dlseq.cli import app
from dlseq.errors import DlseqError

MANY = 40  # submissions from which the table leaves out whoever has full marks


@app.command()
def grade(
    paths: list[Path] = typer.Argument(..., metavar="PATH...", show_default=False, help="Submissions, or classes."),
    out: Path = typer.Option(..., "--out", metavar="DIR", show_default=False, help="A new folder for the results."),
    names: list[str] = typer.Option(None, "--exercise", metavar="NAME", help="Only this one; repeatable."),
    jobs: int = typer.Option(None, "--jobs", min=1, metavar="N", help="At the same time. [default: one a core]"),
    seed: int = typer.Option(None, min=0, metavar="N", help="Of the inputs. Fresh by default, and in every result."),
    isolation: str = typer.Option("sandbox", metavar="sandbox|process", help="How submissions are kept apart."),
    formats: list[str] = typer.Option(None, "--format", metavar="NAME", help="Of reports; repeatable. [default: all]"),
    resume: bool = typer.Option(False, "--resume", help="Go on with the run in DIR."),
    per_student: bool = typer.Option(False, "--per-student", help="Other inputs for each student."),
    roster: Path = typer.Option(None, metavar="CSV", help="The class as Canvas or Moodle exports it."),
    time_limit: float = typer.Option(10.0, min=0.1, metavar="S", help="Seconds for each test."),
    memory: float = typer.Option(2.0, min=0.1, metavar="GB", help="For each submission, beyond the libraries."),
    dask: str = typer.Option(None, metavar="ADDRESS", help="Of a Dask scheduler whose workers do the work."),
) -> None:
    """Grade submissions: a folder, a script, a notebook, an archive, or a folder or archive of them, a class.

    Ctrl-C loses nothing that is done; --resume goes on. Exit status 0 where every submission has a result.
    """
    from dlseq.grading.fleet import on_dask
    from dlseq.grading.reports import FORMATS, read_roster, write_reports
    from dlseq.grading.run import make_plan, run

    if unknown := [name for name in formats or () if name not in FORMATS]:
        raise DlseqError(f"expected --format to be one of {', '.join(FORMATS)}, received {unknown[0]!r}")
    known = read_roster(roster) if roster is not None else None
    plan = make_plan(
        *(paths, out, None, names or (), seed, isolation, per_student, time_limit),
        *(int(memory * 2**30), resume),
    )
    console = Console(highlight=False)
    jobs = jobs or len(os.sched_getaffinity(0))
    executor, jobs = on_dask(dask) if dask else (None, jobs)
    console.print(_beginning(plan, jobs, dask), soft_wrap=True)
    begun = time.monotonic()
    try:
        with _progress(console) as progress:
            task = progress.add_task("", total=len(plan.entries))
            progress.update(task, completed=0)
            results = run(plan, jobs, executor, lambda result: progress.advance(task))
    except KeyboardInterrupt:
        done = len(list((out / "results").glob("*.json")))
        console.print(f"stopped: {done} of {len(plan.entries)} results stand in {escape(str(out))}; --resume goes on")
        raise
    console.print(summary(results))
    count, took = len(plan.open), time.monotonic() - begun
    console.print(f"{count} graded in {took:.1f} s, {60 * count / max(took, 1e-9):.1f} a minute; seed {plan.seed}")
    for sentence in write_reports(results, out, tuple(formats or FORMATS), known):
        console.print(escape(sentence), soft_wrap=True)


@app.command()
def gradescope(
    folder: Path = typer.Argument(..., metavar="DIR", show_default=False, help="A new folder."),
    names: list[str] = typer.Option(None, "--exercise", metavar="NAME", help="Only this one; repeatable."),
    isolation: str = typer.Option("sandbox", metavar="sandbox|process", help="How submissions are kept apart."),
) -> None:
    """Write the folder that Gradescope takes as an autograder, hidden tests and solutions included."""
    from dlseq.course.places import find_course
    from dlseq.grading.autograder import write_autograder

    count = len(write_autograder(find_course(solutions=True), folder, names or (), isolation))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{count} files in {escape(str(folder))}; zip what is in it, and upload that as the autograder:")
    console.print(f"    (cd {escape(shlex.quote(str(folder)))} && zip -qr ../autograder.zip .)")


def summary(results) -> Table:
    """A row for each submission, with its points; of a large class, those with full marks are one row."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("student")
    exercises = [one.exercise for one in results[0].exercises] if results else []
    for name in exercises:
        table.add_column(name, justify="right")
    table.add_column("points", justify="right")
    shown = [one for one in results if len(results) <= MANY or one.earned < one.possible]
    for result in shown:
        cells = [
            escape(one.problem) if one.problem and len(exercises) == 1 else f"{one.earned:g}"
            for one in result.exercises
        ]
        style = "green" if result.earned == result.possible else ""
        table.add_row(escape(result.student), *cells, f"{result.earned:g} / {result.possible:g}", style=style)
    if len(shown) < len(results):
        table.add_row(f"{len(results) - len(shown)} others", *["full marks"] * len(exercises), "", style="green")
    return table


def _beginning(plan, jobs, dask):
    parts = [f"{len(plan.entries)} submission{'s' if len(plan.entries) != 1 else ''}", f"{jobs} at a time"]
    parts += [f"{len(plan.finished)} of them graded before"] if plan.finished else []
    parts += [f"on the cluster at {dask}"] if dask else []
    parts += ["not confined, as was asked for" if plan.isolation == "process" else "each in a sandbox"]
    ignored = sum(len(entry.notes) for entry in plan.entries)
    parts += [f"{ignored} files ignored"] if ignored else []
    return escape(", ".join(parts))


class _Rate(ProgressColumn):
    """Submissions a minute."""

    def render(self, task):
        return Text(f"{60 * task.speed:.1f} a minute" if task.speed else "warming up")


def _progress(console):
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("graded"),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    return Progress(*columns, console=console, transient=True)
