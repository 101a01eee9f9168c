"""`dlseq grade` and `dlseq gradescope`."""

import os
import shlex
import time
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.grading_progress import grading_progress
from dlseq.errors import DlseqError

ISOLATION = typer.Option(
    "sandbox",
    metavar="sandbox|process",
    help="Whether submissions are confined. `process` confines nothing: for people you trust, or a container that is "
    "thrown away, where the kernel grants no namespaces.",
)


@app.command()
def grade(
    context: typer.Context,
    paths: list[Path] = typer.Argument(..., metavar="PATH...", show_default=False, help="Submissions, or classes."),
    out: Path = typer.Option(..., "--out", metavar="DIR", show_default=False, help="A new folder for the results."),
    names: list[str] = typer.Option(None, "--exercise", metavar="NAME", help="Only this one; repeatable."),
    jobs: int = typer.Option(None, "--jobs", min=1, metavar="N", help=r"At the same time. \[default: one a core]"),
    seed: int = typer.Option(None, min=0, metavar="N", help="Of the inputs. Fresh by default, and in every result."),
    isolation: str = ISOLATION,
    formats: list[str] = typer.Option(
        None, "--format", metavar="NAME", help=r"Of reports; repeatable. \[default: all]"
    ),
    resume: bool = typer.Option(False, "--resume", help="Go on with the run in DIR."),
    single: bool = typer.Option(False, "--single", help="Each PATH is one submission, whatever it holds."),
    per_student: bool = typer.Option(False, "--per-student", help="Other inputs for each student."),
    roster: Path = typer.Option(None, metavar="CSV", help="The class as Canvas or Moodle exports it."),
    time_limit: float = typer.Option(10.0, min=0.1, metavar="S", help="Seconds for each test."),
    memory: float = typer.Option(2.0, min=0.1, metavar="GB", help="For each submission, beyond the libraries."),
    dask: str = typer.Option(None, metavar="ADDRESS", help="Of a Dask scheduler whose workers do the work."),
) -> None:
    """Grade submissions: a folder, a script, a notebook, an archive, or a folder or archive of them, a class.

    Ctrl-C loses nothing that is done; --resume goes on. Exit status 0 where every submission has a result.
    """
    from dlseq.cli.marks_table import show_marks
    from dlseq.grading.judge.pool import on_dask
    from dlseq.grading.plan import make_plan, results_in
    from dlseq.grading.reports import FORMATS, read_roster, write_reports
    from dlseq.grading.run import run
    from dlseq.startup import available_cpus

    if unknown := [name for name in formats or () if name not in FORMATS]:
        raise DlseqError(f"expected --format to be one of {', '.join(FORMATS)}, received {unknown[0]!r}")
    known = read_roster(roster) if roster is not None else None
    executor, threads = context.with_resource(on_dask(dask)) if dask else (None, None)
    plan = make_plan(
        *(paths, out, None, names or (), seed, isolation, per_student, time_limit),
        *(int(memory * 2**30), resume, single),
    )
    console, jobs = _console(), threads or jobs or len(available_cpus())
    console.print(_beginning(plan, jobs, dask), soft_wrap=True)
    begun = time.monotonic()
    try:
        with grading_progress(console, len(plan.entries), {result.student for result in plan.finished}) as told:
            results = run(plan, jobs, executor, told)
    except KeyboardInterrupt:
        done = f"{len(results_in(out))} of {len(plan.entries)} results stand in {out}"
        console.print(escape(f"stopped: {done}; the same command with --resume goes on"), soft_wrap=True)
        raise
    show_marks(results, console)
    count, took = len(plan.open), time.monotonic() - begun
    console.print(f"{count} graded in {took:.1f} s, {60 * count / max(took, 1e-9):.0f} a minute; seed {plan.seed}")
    if any(entry.notes for entry in plan.entries):
        console.print(escape(_of_notes(plan)), soft_wrap=True)
    whole = single and len(results) == 1
    for sentence in write_reports(results, out, tuple(formats or FORMATS), known, single=whole):
        console.print(escape(sentence), soft_wrap=True)


@app.command()
def gradescope(
    folder: Path = typer.Argument(..., metavar="DIR", show_default=False, help="A new folder."),
    names: list[str] = typer.Option(None, "--exercise", metavar="NAME", help="Only this one; repeatable."),
    isolation: str = ISOLATION,
) -> None:
    """Write the folder that Gradescope takes as an autograder, hidden tests and solutions included."""
    from dlseq.authoring.gradescope import write_autograder
    from dlseq.course.layout import find_course

    count = len(write_autograder(find_course(solutions=True), folder, names or (), isolation))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{count} files in {escape(str(folder))}; zip what is in it, and upload that as the autograder:")
    console.print(f"    (cd {escape(shlex.quote(str(folder)))} && zip -qr ../autograder.zip .)")
    if isolation == "sandbox":
        console.print(
            "Where its containers allow no sandbox, grading stops and says so; then see --isolation in --help."
        )


def _console():
    """A terminal's own width; a file or a pipe is as wide as it takes, so that nothing is cut off."""
    console = Console(highlight=False)
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(highlight=False, width=200)


def _beginning(plan, jobs, dask):
    parts = [_count(len(plan.entries), "submission"), f"{jobs} at a time"]
    parts += [f"{len(plan.finished)} of them graded before"] if plan.finished else []
    parts += [f"on the cluster at {dask}"] if dask else []
    parts += ["not confined, as was asked for" if plan.isolation == "process" else "each in a sandbox"]
    return escape(", ".join(parts))


def _of_notes(plan):
    from dlseq.grading.plan import NOTES

    count = sum(len(entry.notes) for entry in plan.entries)
    return f"{_count(count, 'note')} on what was handed in, such as files that were ignored: {plan.out / NOTES}"


def _count(number, thing):
    return f"{number} {thing}{'s' * (number != 1)}"
