"""From solutions to what a student works on: the stubs of this checkout, or a folder to hand out."""

import secrets
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from dlseq.authoring.student_readme import student_readme
from dlseq.course.exercises import EXERCISES, Exercise
from dlseq.course.layout import Course
from dlseq.course.stubs import stub_of
from dlseq.course.to_notebook import to_notebook
from dlseq.course.visible_tests import visible_part
from dlseq.errors import DlseqError
from dlseq.files import atomic_write, check_new_folder

__all__ = ["refresh", "release", "stale"]

PYTEST = """[pytest]
testpaths = tests/graded
addopts = -p dlseq.grading.plugin --import-mode=importlib --strict-markers -q
"""


def _present(course: Course, wanted: Iterable[Exercise] = ()) -> list[Exercise]:
    wanted = list(wanted)
    for one in wanted:
        if not course.solution(one.name).is_file():
            raise DlseqError(f"expected the solution of {one.name} in {course.solution(one.name)}, found none")
    return [one for one in wanted or EXERCISES if course.solution(one.name).is_file()]


def _stub(course, name):
    path = course.solution(name)
    return stub_of(path.read_text("utf-8"), str(path.relative_to(course.root)))


def stale(course: Course, exercises: Iterable[Exercise] = ()) -> list[str]:
    """Names of the exercises, of some or of all, whose stub differs from what their solution gives."""

    def differs(name):
        path = course.stub(name)
        return not path.is_file() or path.read_text("utf-8") != _stub(course, name)

    return [one.name for one in _present(course, exercises) if differs(one.name)]


def refresh(course: Course, exercises: Iterable[Exercise] = ()) -> list[str]:
    """Writes anew each stub in `exercises/` that differs from its solution.

    Args:
        course: with solutions.
        exercises: which ones; all where none is named.

    Returns:
        The names of the exercises that were written.

    Raises:
        DlseqError: a solution has bad markers, or nothing can be written.
    """
    course.exercises.mkdir(exist_ok=True)
    names = stale(course, exercises)
    for name in names:
        with atomic_write(course.stub(name)) as partial:
            partial.write_text(_stub(course, name), "utf-8")
    return names


def release(
    course: Course,
    folder: Path,
    notebooks: bool = False,
    seed: int | None = None,
    exercises: Iterable[Exercise] = (),
) -> list[Path]:
    """Writes what a student receives: exercises, visible tests with recorded expected values, a README.

    Args:
        course: with solutions.
        folder: to make; it must not exist or be empty. It appears whole or not at all.
        notebooks: whether exercises are notebooks rather than scripts.
        seed: that the visible tests draw their inputs from; None for a fresh one.
        exercises: which ones; all where none is named.

    Returns:
        The files, relative to `folder`.

    Raises:
        DlseqError: the folder holds something, a solution has bad markers, or a visible test fails on the solutions.
    """
    from dlseq.grading.judge.recording import record_expected

    folder = check_new_folder(folder)
    chosen = _present(course, exercises)
    seed = secrets.randbelow(2**31) if seed is None else seed
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.absolute().parent) as partial:
        new = Course(Path(partial) / "course")
        (new.graded / "expected").mkdir(parents=True)
        new.exercises.mkdir()
        for one in chosen:
            _write_exercise(course, new, one.name, notebooks)
            record_expected(course, one, new.graded / "expected" / f"{one.name}.bin", seed)
        (new.root / "README.md").write_text(student_readme(chosen, notebooks), "utf-8")
        (new.root / "pytest.ini").write_text(PYTEST, "utf-8")
        if folder.exists():
            folder.rmdir()
        shutil.move(new.root, folder)
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _write_exercise(course, new, name, notebooks):
    stub = _stub(course, name)
    if notebooks:
        new.stub(name).with_suffix(".ipynb").write_text(to_notebook(stub), "utf-8")
    else:
        new.stub(name).write_text(stub, "utf-8")
    if course.tests(name).is_file():
        text = course.tests(name).read_text("utf-8")
        new.tests(name).write_text(visible_part(text, str(course.tests(name).relative_to(course.root))), "utf-8")
