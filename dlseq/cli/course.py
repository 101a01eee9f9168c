"""`dlseq check`, `dlseq release` and `dlseq prove`."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.errors import DlseqError

NAMES = typer.Argument(None, metavar="[EXERCISE]...", show_default=False, help="All of them where none is named.")


@app.command()
def check(
    names: list[str] = NAMES,
    folder: Path = typer.Option(None, "--dir", metavar="DIR", help=r"Where your files are. \[default: exercises/]"),
    hint: bool = typer.Option(False, "--hint", help="Show every test that fails, with its hint."),
    watch: bool = typer.Option(False, "--watch", help="Check again on each save, until Ctrl-C."),
    seed: int = typer.Option(None, min=0, help="Of the numbers that the tests draw."),
) -> None:
    """Say how far you are, and what to do next. Exit status 1 where something is left to do."""
    from dlseq.checking.check import check_exercise, saved
    from dlseq.checking.progress import overview
    from dlseq.course.exercises import exercises
    from dlseq.course.layout import find_course

    course, console = find_course(), Console(highlight=False)
    if folder is not None and not folder.exists():
        raise DlseqError(f"expected --dir to name a folder, found nothing at {folder}")
    folder = folder or course.exercises
    wanted = [one for one in exercises(names or ()) if names or course.has(one.name)]
    if not wanted:
        raise DlseqError(f"expected graded tests in {course.graded}, found none; fetch the course again")

    def look(some):
        return {one.name: check_exercise(course, one, folder, seed) for one in some}

    state = look(wanted)
    console.print(overview(state.values(), hint))
    if not watch:
        raise typer.Exit(0 if all(one.done for one in state.values()) else 1)
    console.print("[dim]watching; Ctrl-C ends it[/]")
    for changed in saved(folder, wanted):
        state |= look(changed)
        console.rule()
        console.print(overview([state[one.name] for one in changed] if len(wanted) > 1 else state.values(), hint))


@app.command()
def release(
    folder: Path = typer.Argument(None, metavar="[DIR]", show_default=False, help="A new folder to hand out."),
    notebooks: bool = typer.Option(False, "--notebooks", help="Exercises as .ipynb. Needs DIR."),
    seed: int = typer.Option(None, min=0, help="Of the numbers in the visible tests. Fresh by default. Needs DIR."),
    names: list[str] = typer.Option(None, "--exercise", metavar="NAME", help="Only this one; repeatable."),
) -> None:
    """Make the exercises from the solutions: those of this checkout, or a folder for students."""
    from dlseq.authoring import release as releasing
    from dlseq.course.exercises import exercises
    from dlseq.course.layout import find_course

    course, console = find_course(solutions=True), Console(highlight=False, soft_wrap=True)
    chosen = exercises(names) if names else ()
    if folder is None:
        if notebooks or seed is not None:
            raise DlseqError("--notebooks and --seed are for a folder to hand out; name one: dlseq release DIR")
        written = releasing.refresh(course, chosen)
        console.print(
            f"written anew: {', '.join(written)}"
            if written
            else "nothing to do: each exercise is what its solution gives"
        )
        return
    for path in releasing.release(course, folder, notebooks, seed, chosen):
        console.print(escape(str(folder / path)))


@app.command()
def prove(
    names: list[str] = NAMES,
    mutants: bool = typer.Option(False, "--mutants", help="Only the fourth proof, which takes minutes."),
    seed: int = typer.Option(0, min=0, help="Of the numbers that the tests draw; five seeds follow from it."),
    jobs: int = typer.Option(1, min=1, metavar="N", help="Processes at the same time."),
    sample: int = typer.Option(None, min=1, metavar="N", help="With --mutants: so many of them, evenly spread."),
) -> None:
    """Prove that the exercises grade well: stubs, solutions, mistakes, leaks; mutants on request."""
    from dlseq.authoring.prove import prove_all, table_of
    from dlseq.course.exercises import exercises
    from dlseq.course.layout import find_course

    course, console = find_course(solutions=True), Console(highlight=False)
    wanted = [one for one in exercises(names or ()) if names or course.has(one.name)]
    if sample is not None and not mutants:
        raise DlseqError("--sample goes with --mutants")
    proofs = []
    for proof in prove_all(course, wanted, mutants=mutants, seed=seed, jobs=jobs, sample=sample):
        proofs.append(proof)
        console.print(proof.line())
        for failure in proof.failures:
            console.print(f"    {escape(failure)}", soft_wrap=True)
    console.print(table_of(proofs))
    if any(proof.failures for proof in proofs):
        raise typer.Exit(1)
