"""Release of the course: stubs in this checkout, or a folder for students."""

import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from dlseq.authoring.lessons import lesson_text, select_visible_messages
from dlseq.authoring.student_readme import student_readme
from dlseq.authoring.wheel import WHEEL_NAME
from dlseq.course.exercises import EXERCISES, Exercise
from dlseq.course.layout import Course
from dlseq.course.notebook_setup import setup_cell
from dlseq.course.to_notebook import to_notebook
from dlseq.course.visible_tests import remove_hidden_tests
from dlseq.errors import DlseqError
from dlseq.files import atomic_folder, atomic_write
from dlseq.languages.choice import SOURCE_LANGUAGE

__all__ = ["refresh_stubs", "stale_stubs", "write_release"]

PYTEST_INI = """[pytest]
testpaths = tests/graded
addopts = -p dlseq.grading.plugin --import-mode=importlib --strict-markers -q
"""


def stale_stubs(course: Course, exercises: Iterable[Exercise] = ()) -> list[str]:
    """Return the names of exercises whose stub differs from their solution; of all exercises by default."""

    def is_stale(name):
        path = course.stub(name)
        return not path.is_file() or path.read_text("utf-8") != lesson_text(course, name)

    return [exercise.name for exercise in _with_solution(course, exercises) if is_stale(exercise.name)]


def refresh_stubs(course: Course, exercises: Iterable[Exercise] = ()) -> list[str]:
    """Rewrite each stub in `exercises/` that differs from its solution.

    Args:
        course: a course with solutions.
        exercises: the exercises to refresh. Defaults to all.

    Returns:
        Names of the rewritten exercises.

    Raises:
        DlseqError: a solution with invalid markers, or a file that cannot be written.
    """
    course.exercises.mkdir(exist_ok=True)
    names = stale_stubs(course, exercises)
    for name in names:
        with atomic_write(course.stub(name)) as partial:
            partial.write_text(lesson_text(course, name), "utf-8")
    return names


def write_release(
    course: Course,
    folder: Path,
    notebooks: bool = False,
    seed: int | None = None,
    exercises: Iterable[Exercise] = (),
    wheel: Path | None = None,
    expected: Path | None = None,
    language: str = SOURCE_LANGUAGE,
) -> list[Path]:
    """Write a folder for students: exercises, visible tests with recorded expected values, the package, a README.

    Args:
        course: a course with solutions.
        folder: folder to create; it must be new or empty. It is written completely or not at all.
        notebooks: True to write the exercises as notebooks instead of scripts.
        seed: seed of the visible tests' inputs. Defaults to a fresh one.
        exercises: the exercises to release. Defaults to all.
        wheel: the package's wheel, as `dlseq.authoring.wheel.build_wheel` builds it, to be copied into the folder.
            Defaults to `None`, a folder without it, which cannot be installed from.
        expected: folder of the recordings of another release with this seed, to be copied. Defaults to `None`: they are
            recorded.
        language: one of `dlseq.languages.LANGUAGES`, for texts, hints and the README. An exercise without a translation
            stays English.

    Returns:
        The files, relative to `folder`.

    Raises:
        DlseqError: a folder that is not empty, a solution with invalid markers, a visible test that fails on the
            solutions, or a translation that no longer fits its exercise.
    """
    from dlseq.grading.judge.recording import record_expected

    selected = _with_solution(course, exercises)
    seed = secrets.randbelow(2**31) if seed is None else seed
    with atomic_folder(folder) as root:
        new = Course(root)
        (new.graded / "expected").mkdir(parents=True)
        new.exercises.mkdir()
        for exercise in selected:
            _write_exercise(course, new, exercise.name, notebooks, language)
            recording = new.graded / "expected" / f"{exercise.name}.bin"
            if expected is None:
                record_expected(course, exercise, recording, seed)
            else:
                shutil.copyfile(expected / recording.name, recording)
        if wheel is not None:
            shutil.copyfile(wheel, new.root / WHEEL_NAME)
        (new.root / "README.md").write_text(student_readme(selected, WHEEL_NAME, notebooks, language), "utf-8")
        if language != SOURCE_LANGUAGE:
            new.language_file.write_text(f"{language}\n", "utf-8")
        (new.root / "pytest.ini").write_text(PYTEST_INI, "utf-8")
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _with_solution(course: Course, exercises: Iterable[Exercise] = ()) -> list[Exercise]:
    """The given exercises, each of which must have a solution; by default all that have one."""
    requested = list(exercises)
    for exercise in requested:
        if not course.solution(exercise.name).is_file():
            raise DlseqError(
                f"Cannot find the solution of {exercise.name}: expected the file {course.solution(exercise.name)}."
            )
    return [exercise for exercise in requested or EXERCISES if course.solution(exercise.name).is_file()]


def _write_exercise(course, new, name, notebooks, language):
    stub = lesson_text(course, name, language)
    if notebooks:
        cells = setup_cell(WHEEL_NAME, language) + stub
        new.stub(name).with_suffix(".ipynb").write_text(to_notebook(cells), "utf-8")
    else:
        new.stub(name).write_text(stub, "utf-8")
    if course.has_tests(name):
        path = course.tests(name)
        visible = remove_hidden_tests(path.read_text("utf-8"), str(path.relative_to(course.root)))
        new.tests(name).write_text(visible, "utf-8")
        if course.messages(name, language).is_file():
            new.messages(name, language).parent.mkdir(exist_ok=True)
            new.messages(name, language).write_bytes(select_visible_messages(course, name, language, visible))
