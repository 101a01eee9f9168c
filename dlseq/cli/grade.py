"""The commands `dlseq grade` and `dlseq gradescope`."""

import os
import shlex
import time
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

import dlseq
from dlseq.cli.app import app
from dlseq.cli.completion import complete_exercise, complete_format, complete_language
from dlseq.cli.grading_progress import grading_progress
from dlseq.cli.status import status
from dlseq.errors import DlseqError
from dlseq.languages.choice import SOURCE_LANGUAGE, choose_language

LANGUAGE = typer.Option(
    SOURCE_LANGUAGE,
    metavar="CODE",
    help="Of what students read in Gradescope and Moodle: en or ko.",
    autocompletion=complete_language,
)
ISOLATION = typer.Option(
    "sandbox",
    metavar="sandbox|process",
    help="Confinement of submissions. `process` confines nothing: for people you trust, or for a disposable container "
    "where the kernel grants no namespaces.",
)


@app.command()
def grade(
    context: typer.Context,
    paths: list[Path] = typer.Argument(..., metavar="PATH...", show_default=False, help="Submissions, or classes."),
    out: Path = typer.Option(..., "--out", metavar="DIR", show_default=False, help="A new folder for the results."),
    names: list[str] = typer.Option(
        None, "--exercise", metavar="NAME", help="Only this one; repeatable.", autocompletion=complete_exercise
    ),
    jobs: int = typer.Option(
        None, "--jobs", min=1, metavar="N", help=r"Submissions at the same time. \[default: one per CPU]"
    ),
    seed: int = typer.Option(
        None, min=0, metavar="N", help="Seed of the inputs. Fresh by default, and in every result."
    ),
    isolation: str = ISOLATION,
    formats: list[str] = typer.Option(
        None,
        "--format",
        metavar="NAME",
        help=r"Format of reports; repeatable. \[default: all]",
        autocompletion=complete_format,
    ),
    resume: bool = typer.Option(False, "--resume", help="Go on with the run in DIR."),
    single: bool = typer.Option(False, "--single", help="Each PATH is one submission, even if it looks like a class."),
    per_student: bool = typer.Option(False, "--per-student", help="Other inputs for each student."),
    roster: Path = typer.Option(None, metavar="CSV", help="The class as a learning platform exports it."),
    time_limit: float = typer.Option(10.0, min=0.1, metavar="S", help="Seconds for each test."),
    memory: float = typer.Option(2.0, min=0.1, metavar="GB", help="Memory of each submission, beyond the libraries."),
    dask: str = typer.Option(None, metavar="ADDRESS", help="Dask scheduler whose workers grade."),
    language: str = LANGUAGE,
) -> None:
    """Grade submissions: a folder, a script, a notebook, an archive, or a folder or archive of them, a class.

    Ctrl-C keeps all finished results, and --resume goes on. Exit status 0 if every submission has a result.
    """
    from dlseq.checking.messages import message_translator
    from dlseq.cli.marks_table import print_marks_table
    from dlseq.grading.judge.pool import dask_pool
    from dlseq.grading.plan import GradingOptions, make_plan, result_files
    from dlseq.grading.reports import FORMATS, read_roster, write_reports
    from dlseq.grading.run import run
    from dlseq.startup import available_cpus

    if unknown := [name for name in formats or () if name not in FORMATS]:
        raise DlseqError(f"Invalid value for --format. Expected one of {', '.join(FORMATS)}. Received: {unknown[0]!r}")
    language = choose_language(language)
    students = read_roster(roster) if roster is not None else None
    options = GradingOptions(
        exercises=tuple(names or ()),
        seed=seed,
        isolation=isolation,
        per_student=per_student,
        time_limit=time_limit,
        memory_bytes=int(memory * 2**30),
        resume=resume,
        single=single,
    )
    executor, threads = context.with_resource(dask_pool(dask)) if dask else (None, None)
    with status("Reading submissions"):
        plan = make_plan(paths, options, out=out)
    console, jobs = _console(), threads or jobs or len(available_cpus())
    console.print(escape(_format_plan(plan, jobs, dask)), soft_wrap=True)
    started = time.monotonic()
    try:
        finished = {result.student for result in plan.finished}
        with grading_progress(console, len(plan.submissions), finished) as progress:
            results = run(plan, jobs, executor, progress)
    except KeyboardInterrupt:
        done = f"{len(result_files(out))} of {len(plan.submissions)} results are in {out}"
        console.print(escape(f"stopped: {done}; the same command with --resume goes on"), soft_wrap=True)
        raise
    print_marks_table(results, console)
    count, seconds = len(plan.pending), time.monotonic() - started
    rate = 60 * count / max(seconds, 1e-9)
    console.print(f"{count} graded in {seconds:.1f} s, {rate:.0f} a minute; seed {plan.seed}")
    if any(submission.all_notes for submission in plan.submissions):
        console.print(escape(_format_notes(plan)), soft_wrap=True)
    whole, translate = single and len(results) == 1, message_translator(plan.course, plan.exercises, language)
    with status("Writing reports"):
        sentences = write_reports(results, out, tuple(formats or FORMATS), students, single=whole, translate=translate)
    for sentence in sentences:
        console.print(escape(sentence), soft_wrap=True)


@app.command()
def gradescope(
    folder: Path = typer.Argument(..., metavar="DIR", show_default=False, help="A new folder."),
    names: list[str] = typer.Option(
        None, "--exercise", metavar="NAME", help="Only this one; repeatable.", autocompletion=complete_exercise
    ),
    isolation: str = ISOLATION,
    language: str = LANGUAGE,
) -> None:
    """Write a Gradescope autograder folder, hidden tests and solutions included."""
    from dlseq.authoring.gradescope import write_autograder
    from dlseq.course.layout import find_course

    count = len(write_autograder(find_course(solutions=True), folder, names or (), isolation, language))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{count} files in {escape(str(folder))}; zip its content, and upload that as the autograder:")
    console.print(f"    (cd {escape(shlex.quote(str(folder)))} && zip -qr ../autograder.zip .)")
    if isolation == "sandbox":
        console.print(
            "If its containers allow no sandbox, grading stops with an error; then see --isolation in --help."
        )


def _console():
    """Return a console of the terminal's width, or of a width that cuts nothing off in a file or pipe."""
    console = Console(highlight=False)
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(highlight=False, width=200)


def _format_plan(plan, jobs, dask):
    parts = [_format_count(len(plan.submissions), "submission"), f"{jobs} at a time"]
    parts += [f"{len(plan.finished)} of them graded before"] if plan.finished else []
    parts += [f"on the cluster at {dask}"] if dask else []
    confined = plan.options.isolation != "process"
    parts += ["each in a sandbox" if confined else "not confined, as requested: they run as you"]
    return f"{', '.join(parts)}\ngraded by the tests and solutions in {plan.course.root}{_format_other_course(plan)}"


def _format_other_course(plan):
    """Return a warning if the course is not that of the dlseq which runs, as in a folder that a student handed in."""
    own = Path(dlseq.__file__).resolve().parents[1]
    is_checkout = (own / "tests" / "graded").is_dir() and (own / "solutions").is_dir()
    return f", not those in {own}" if is_checkout and plan.course.root.resolve() != own else ""


def _format_notes(plan):
    from dlseq.grading.plan import NOTES_FILE

    count = sum(len(submission.all_notes) for submission in plan.submissions)
    return f"{_format_count(count, 'note')} on submitted files, such as ignored ones: {plan.out / NOTES_FILE}"


def _format_count(number, noun):
    return f"{number} {noun}{'s' * (number != 1)}"
