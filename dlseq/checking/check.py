"""Check a student's files with the visible tests, once or on each save."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from dlseq.checking.progress import Progress
from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.extras import require
from dlseq.grading.judge.client import run_tests
from dlseq.grading.submissions.source import find_source

__all__ = ["check_exercise", "watch_saves"]


def check_exercise(course: Course, exercise: Exercise, folder: Path, seed: int | None = None) -> Progress:
    """Run the visible tests of one exercise.

    Args:
        course: the course that holds the tests.
        exercise: the exercise.
        folder: folder of the student's file.
        seed: seed of the tests' inputs. Defaults to the recorded seed, or a fresh one.

    Returns:
        The `Progress`; with a problem and no results if there is nothing to test.
    """
    file = Path(folder) / f"{exercise.name}.py"
    try:
        file = find_source(folder, exercise.name)
        notes: list[str] = []
        results = run_tests(course, exercise, folder, seed=seed, on_note=notes.append)
        return Progress(exercise, file, tuple(results), notes=tuple(notes))
    except DlseqError as error:
        return Progress(exercise, file, (), str(error))


def watch_saves(folder: Path, exercises: Iterable[Exercise]) -> Iterator[list[Exercise]]:
    """Wait for saves in a folder. Ends at Ctrl-C.

    Args:
        folder: the folder to watch.
        exercises: the exercises whose files matter.

    Yields:
        The exercises whose files changed, after each save.

    Raises:
        DlseqError: watchfiles is not installed, or the folder does not exist.
    """
    require("watchfiles", "course", "watch for saves")
    from watchfiles import watch

    if not Path(folder).exists():
        raise DlseqError(f"Cannot watch {folder}: expected an existing folder.")
    by_name = {exercise.name: exercise for exercise in exercises}
    for changes in watch(folder, debounce=200, step=20, recursive=False, raise_interrupt=False):
        names = {Path(path).stem for _, path in changes if Path(path).suffix in (".py", ".ipynb")}
        if changed := [by_name[name] for name in by_name if name in names]:
            yield changed
