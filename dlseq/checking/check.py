"""The visible tests on a student's own folder, now or each time that a file is saved."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from dlseq.checking.progress import Progress
from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import run_tests
from dlseq.grading.submissions.source import find_source

__all__ = ["check_exercise", "saved"]


def check_exercise(course: Course, exercise: Exercise, folder: Path, seed: int | None = None) -> Progress:
    """Runs the visible tests of one exercise.

    Args:
        course: where the tests are.
        exercise: which one.
        folder: where the student's file is.
        seed: of the inputs; None for the recorded one, or a fresh one.

    Returns:
        The `Progress`, with a problem and no records where there is nothing to check.
    """
    file = Path(folder) / f"{exercise.name}.py"
    try:
        file = find_source(folder, exercise.name)
        return Progress(exercise, file, tuple(run_tests(course, exercise, folder, seed=seed)))
    except DlseqError as error:
        return Progress(exercise, file, (), str(error))


def saved(folder: Path, exercises: Iterable[Exercise]) -> Iterator[list[Exercise]]:
    """Waits for saves.

    Args:
        folder: to watch.
        exercises: whose files matter.

    Yields:
        The exercises whose file was saved, after each save. Ends at Ctrl-C.

    Raises:
        DlseqError: the watcher is not installed, or there is no such folder.
    """
    try:
        from watchfiles import watch
    except ImportError:
        raise DlseqError("--watch needs watchfiles, which is missing; pip install watchfiles") from None
    if not Path(folder).exists():
        raise DlseqError(f"expected {folder} to be a folder to watch, found nothing there")
    by_name = {one.name: one for one in exercises}
    for changes in watch(folder, debounce=200, step=20, recursive=False, raise_interrupt=False):
        names = {Path(path).stem for _, path in changes if Path(path).suffix in (".py", ".ipynb")}
        if changed := [by_name[name] for name in by_name if name in names]:
            yield changed
