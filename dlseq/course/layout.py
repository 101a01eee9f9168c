"""Where things are in a course: a checkout of this project, or what a student received."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dlseq.errors import DlseqError

__all__ = ["Course", "course_digest", "find_course"]


@dataclass(frozen=True)
class Course:
    """The folders of a course.

    Attributes:
        root: the folder that holds all the others.
    """

    root: Path

    @property
    def exercises(self) -> Path:
        return self.root / "exercises"

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    @property
    def graded(self) -> Path:
        return self.root / "tests" / "graded"

    @property
    def mistakes(self) -> Path:
        return self.root / "tests" / "mistakes"

    def solution(self, name: str) -> Path:
        return self.solutions / f"{name}.py"

    def stub(self, name: str) -> Path:
        return self.exercises / f"{name}.py"

    def tests(self, name: str) -> Path:
        return self.graded / f"test_{name}.py"

    def has(self, name: str) -> bool:
        """Whether the graded tests of an exercise are here."""
        return self.tests(name).is_file()


def find_course(start: Path | None = None, solutions: bool = False) -> Course:
    """Finds the course that a folder belongs to.

    Args:
        start: a folder in it; None for the current one.
        solutions: whether the solutions are needed.

    Returns:
        The `Course` of the closest folder above that has tests/graded.

    Raises:
        DlseqError: there is none, or it has no solutions.

    Example:
        >>> find_course(Path("/"))
        Traceback (most recent call last):
        dlseq.errors.DlseqError: expected / or a folder above it to hold tests/graded; go to the folder of the course
    """
    start = Path(start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        course = Course(folder)
        if course.graded.is_dir():
            if solutions and not course.solutions.is_dir():
                raise DlseqError(f"expected the solutions in {course.solutions}; only who holds them can do this")
            return course
    raise DlseqError(f"expected {start} or a folder above it to hold tests/graded; go to the folder of the course")


def course_digest(course: Course) -> str:
    """Return a digest of the graded tests and the solutions. Marks are comparable if it is the same.

    Args:
        course: with solutions.
    """
    digest = hashlib.sha256()
    for folder in (course.graded, course.solutions):
        for file in sorted(folder.glob("*.py")):
            digest.update(f"{file.name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
