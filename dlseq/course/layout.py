"""Folder layout of a course: a checkout of this project, or the folder that a student received."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dlseq.errors import DlseqError

__all__ = ["Course", "course_digest", "find_course"]


@dataclass(frozen=True)
class Course:
    """A course folder and the paths in it.

    Attributes:
        root: the folder that holds all the others.
    """

    root: Path

    @property
    def exercises(self) -> Path:
        """Folder of the stubs, or of a student's files."""
        return self.root / "exercises"

    @property
    def solutions(self) -> Path:
        """Folder of the reference solutions; absent from a student's course."""
        return self.root / "solutions"

    @property
    def graded(self) -> Path:
        """Folder of the graded tests."""
        return self.root / "tests" / "graded"

    @property
    def mistakes(self) -> Path:
        """Folder of the known mistakes; absent from a student's course."""
        return self.root / "tests" / "mistakes"

    @property
    def language(self) -> str | None:
        """Language in which the course was handed out; None for a checkout, and for a hand-out that names none."""
        if not self.language_file.is_file():
            return None
        return self.language_file.read_text("utf-8-sig", "replace").strip()

    @property
    def language_file(self) -> Path:
        """File with the language of a hand-out. It lies among the tests, which notebooks copy to where they run."""
        return self.graded / "language"

    def solution(self, name: str) -> Path:
        """Path of the solution of an exercise."""
        return self.solutions / f"{name}.py"

    def stub(self, name: str) -> Path:
        """Path of the stub of an exercise."""
        return self.exercises / f"{name}.py"

    def translation(self, name: str, language: str) -> Path:
        """Path of the translation of an exercise; see `dlseq.course.translations`."""
        return self.solutions / language / f"{name}.py"

    def messages(self, name: str, language: str) -> Path:
        """Path of the translated messages of an exercise's graded tests, a PO file."""
        return self.graded / language / f"{name}.po"

    def tests(self, name: str) -> Path:
        """Path of the graded tests of an exercise."""
        return self.graded / f"test_{name}.py"

    def has_tests(self, name: str) -> bool:
        """Return True if the graded tests of an exercise exist."""
        return self.tests(name).is_file()


def find_course(start: Path | None = None, solutions: bool = False) -> Course:
    """Find the course that a folder belongs to.

    Args:
        start: a folder in the course. Defaults to the current folder.
        solutions: True to require the solutions.

    Returns:
        The `Course` of the closest folder, from `start` upward, that has tests/graded.

    Raises:
        DlseqError: no such folder, or a course without solutions.

    Example:
        >>> find_course(Path("/"))
        Traceback (most recent call last):
        dlseq.errors.DlseqError: Cannot find a course: expected tests/graded in / or a folder above it. Change to the
        folder of the course.
    """
    start = Path(start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        course = Course(folder)
        if course.graded.is_dir():
            if solutions and not course.solutions.is_dir():
                raise DlseqError(
                    f"Cannot find the solutions: expected the folder {course.solutions}. "
                    "This command needs an instructor's copy of the course."
                )
            return course
    raise DlseqError(
        f"Cannot find a course: expected tests/graded in {start} or a folder above it. "
        "Change to the folder of the course."
    )


def course_digest(course: Course) -> str:
    """Return a digest of the graded tests and the solutions. Grading runs are comparable if it is the same.

    Args:
        course: a course with solutions.
    """
    digest = hashlib.sha256()
    for folder in (course.graded, course.solutions):
        for file in sorted(folder.glob("*.py")):
            digest.update(f"{file.name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
