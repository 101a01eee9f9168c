"""nbgrader: `submitted/STUDENT/ASSIGNMENT/`, in the folder of a course; the folders of students are their ids."""

from collections.abc import Iterable

__all__ = ["SUBMITTED", "submitted_by"]

SUBMITTED = "submitted"
STEPS = frozenset((SUBMITTED, "source", "release", "autograded", "feedback", "solution", "downloaded"))


def submitted_by(files: Iterable[tuple[str, ...]]) -> list[str]:
    """Return the students of nbgrader's folder of submissions.

    Args:
        files: path of each file, from the folder of the course.

    Returns:
        The names of their folders; empty where it is no folder of nbgrader.

    Example:
        >>> submitted_by([("submitted", "ada", "ps1", "a.ipynb"), ("source", "ps1", "a.ipynb")])
        ['ada']
        >>> submitted_by([("submitted", "a.ipynb")])
        []
    """
    deep = [parts for parts in files if len(parts) > 1]
    submitted = [parts for parts in deep if parts[0] == SUBMITTED]
    if any(parts[0] not in STEPS for parts in deep) or any(len(parts) < 4 for parts in submitted):
        return []
    return sorted({parts[1] for parts in submitted})
