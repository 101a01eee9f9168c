"""Commands `dlseq check`, `dlseq release` and `dlseq prove`."""

import tempfile
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app, remember_language
from dlseq.cli.completion import complete_exercise, complete_language
from dlseq.cli.status import counted, status, waited
from dlseq.errors import DlseqError
from dlseq.files import check_new_folder
from dlseq.languages.choice import SOURCE_LANGUAGE, choose_language

NAMES = typer.Argument(
    None,
    metavar="[EXERCISE]...",
    show_default=False,
    help="Defaults to all exercises.",
    autocompletion=complete_exercise,
)

LANGUAGE = typer.Option(
    None,
    "--language",
    metavar="CODE",
    help=r"Of texts and messages: en or ko. \[default: the hand-out's, or the locale's]",
    autocompletion=complete_language,
    callback=remember_language,
    is_eager=True,
)


def _select_exercises(course, names):
    """The named exercises; for no names, all that have graded tests in this course."""
    from dlseq.course.exercises import get_exercises

    return [exercise for exercise in get_exercises(names or ()) if names or course.has_tests(exercise.name)]


@app.command()
def check(
    names: list[str] = NAMES,
    folder: Path = typer.Option(None, "--dir", metavar="DIR", help=r"Folder of your files. \[default: exercises/]"),
    hint: bool = typer.Option(False, "--hint", help="Show every failed test with its hint."),
    watch: bool = typer.Option(False, "--watch", help="Check again on each save, until Ctrl-C."),
    seed: int = typer.Option(None, min=0, help="Seed of the tests' inputs."),
    language: str = LANGUAGE,
) -> None:
    """Show your progress and the next step. Exit status 1 if something is left to do."""
    from dlseq.checking.check import check_exercise, watch_saves
    from dlseq.checking.messages import message_translator
    from dlseq.checking.progress import render_progress
    from dlseq.course.layout import find_course

    course, console = find_course(), Console(highlight=False)
    selected = _select_exercises(course, names)
    translate = message_translator(course, selected, language)
    if folder is not None and not folder.exists():
        raise DlseqError(f"Invalid value for option --dir. Expected an existing folder. Received: {folder}")
    if folder is not None and course.solutions.is_dir():
        warning = f"not confined: {folder} runs as you and can read all that you can; dlseq grade confines it"
        console.print(escape(translate(warning)), soft_wrap=True)
    folder = folder or course.exercises
    if not selected:
        raise DlseqError(f"Cannot find graded tests: expected some in {course.graded}. Download the course again.")

    progress = {}

    def check_and_print(exercises, shown):
        for exercise in counted(exercises, translate("Checking"), len(exercises)):
            progress[exercise.name] = check_exercise(course, exercise, folder, seed)
        console.print(render_progress([progress[exercise.name] for exercise in shown], hint, translate))

    check_and_print(selected, selected)
    if not watch:
        raise typer.Exit(0 if all(exercise_progress.done for exercise_progress in progress.values()) else 1)
    console.print(f"[dim]{translate('watching; Ctrl-C ends it')}[/]")
    for changed in watch_saves(folder, selected):
        console.rule()
        check_and_print(changed, changed)


@app.command()
def release(
    folder: Path = typer.Argument(None, metavar="[DIR]", show_default=False, help="A new folder for students."),
    notebooks: bool = typer.Option(False, "--notebooks", help="Write exercises as .ipynb. Needs DIR."),
    seed: int = typer.Option(None, min=0, help="Seed of the visible tests' inputs. Fresh by default. Needs DIR."),
    names: list[str] = typer.Option(
        None, "--exercise", metavar="NAME", help="Only this exercise; repeatable.", autocompletion=complete_exercise
    ),
    language: str = typer.Option(
        SOURCE_LANGUAGE,
        metavar="CODE",
        help="Of exercises, hints and README: en or ko. Needs DIR.",
        autocompletion=complete_language,
    ),
) -> None:
    """Generate the stubs in exercises/ from the solutions, or a folder for students."""
    from dlseq.authoring.lessons import untranslated_exercises
    from dlseq.authoring.release import refresh_stubs, write_release
    from dlseq.authoring.wheel import build_wheel
    from dlseq.course.exercises import EXERCISES, get_exercises
    from dlseq.course.layout import find_course

    course, console = find_course(solutions=True), Console(highlight=False, soft_wrap=True)
    selected, language = get_exercises(names) if names else (), choose_language(language)
    if folder is not None:
        check_new_folder(folder)
        with tempfile.TemporaryDirectory() as temporary, status("Building the wheel of dlseq") as show:
            wheel = build_wheel(Path(temporary))
            show("Recording the expected values of the visible tests")
            written = write_release(course, folder, notebooks, seed, selected, wheel, language=language)
        for path in written:
            console.print(escape(str(folder / path)))
        english = [exercise.name for exercise in untranslated_exercises(course, selected or EXERCISES, language)]
        if english:
            console.print(f"in English, since there is no translation yet: {', '.join(english)}")
        return
    if notebooks or seed is not None or language != SOURCE_LANGUAGE:
        raise DlseqError(
            "Missing argument DIR. Expected a folder to write, since --notebooks, --seed and --language need one: "
            "dlseq release DIR --notebooks"
        )
    written = refresh_stubs(course, selected)
    console.print(f"updated: {', '.join(written)}" if written else "all stubs are up to date")


@app.command()
def translations(
    names: list[str] = NAMES,
    stamp: bool = typer.Option(
        False, "--stamp", help="Accept the translations as they are: stamp each cell with its source. Needs EXERCISE."
    ),
) -> None:
    """List the cells of translated exercises whose source has changed since."""
    from dlseq.authoring.lessons import lesson_problems, stamp_lessons
    from dlseq.course.layout import find_course

    course, console = find_course(solutions=True), Console(highlight=False, soft_wrap=True)
    selected = _select_exercises(course, names)
    if stamp and not names:
        raise DlseqError("Missing argument EXERCISE. Expected the exercises to stamp: dlseq translations NAME --stamp")
    for path in stamp_lessons(course, selected) if stamp else ():
        console.print(f"stamped: {escape(path)}")
    problems = lesson_problems(course, selected)
    for problem in problems:
        console.print(escape(problem))
    if problems:
        raise typer.Exit(1)
    console.print("all translations are up to date")


@app.command()
def prove(
    names: list[str] = NAMES,
    mutants: bool = typer.Option(False, "--mutants", help="Only the mutation proof, which takes minutes."),
    seed: int = typer.Option(0, min=0, help="Seed of the tests' inputs; five seeds are derived from it."),
    jobs: int = typer.Option(1, min=1, metavar="N", help="Number of parallel processes."),
    sample: int = typer.Option(None, min=1, metavar="N", help="With --mutants: test N of them, evenly spaced."),
) -> None:
    """Prove that the exercises grade well: stubs, solutions, mistakes, leaks and more; mutants on request."""
    from dlseq.authoring.prove import proof_table, prove_exercises
    from dlseq.course.layout import find_course

    course, console = find_course(solutions=True), Console(highlight=False)
    if sample is not None and not mutants:
        raise DlseqError("Invalid option --sample. Expected it together with --mutants.")
    selected, proofs = _select_exercises(course, names), []
    proved = prove_exercises(course, selected, mutants=mutants, seed=seed, jobs=jobs, sample=sample)
    for proof in waited(proved, "Proving"):
        proofs.append(proof)
        console.print(proof.format_line())
        for failure in proof.failures:
            console.print(f"    {escape(failure)}", soft_wrap=True)
    console.print(proof_table(proofs))
    if any(proof.failures for proof in proofs):
        raise typer.Exit(1)
