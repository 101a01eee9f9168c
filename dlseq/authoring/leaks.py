"""Leak detection: parts of a solution or of a hidden test in a released folder."""

import ast
import zipfile
from collections.abc import Iterable
from pathlib import Path

from dlseq.authoring.wheel import WHEEL_NAME
from dlseq.course.layout import Course
from dlseq.course.stubs import BEGIN, END, solution_blocks
from dlseq.course.visible_tests import hidden_tests

__all__ = ["find_leaks", "find_wheel_leaks"]

MIN_SECRET_CHARACTERS = 12  # a shorter line, such as `return a`, reveals nothing
MIN_SECRET_LINES = 3  # of a block of a solution in the package, which has functions of its own like some of them
RELEASED_FOLDERS, RELEASED_FILES = ("exercises", "tests"), ("README.md", "pytest.ini")


def find_leaks(course: Course, name: str, folder: Path) -> list[str]:
    """Find leaks in a released folder.

    Args:
        course: the course with solutions.
        name: name of the exercise.
        folder: a folder that `dlseq.authoring.release.write_release` wrote.

    Returns:
        A sentence for each leak: a line that occurs only between the markers of a solution, a marker, or the name, the
        docstring or a line of a hidden test; and for each file that does not belong in a release.
    """
    files = [path for path in sorted(Path(folder).rglob("*")) if path.is_file()]
    released = {path.relative_to(folder): "" if path.name == WHEEL_NAME else _read(path) for path in files}
    secrets = dict.fromkeys(_solution_lines(course, name), "of the solution")
    secrets |= dict.fromkeys(_hidden_test_lines(course, name), "of a hidden test")
    secrets |= {BEGIN: "that marks solutions", END: "that marks solutions", "mark.hidden": "of a hidden test"}
    leaks = []
    for path, text in released.items():
        leaks += [f"{path} contains {secret!r}, {kind}" for secret, kind in secrets.items() if secret in text]
        if path.parts[0] not in RELEASED_FOLDERS and str(path) not in (*RELEASED_FILES, WHEEL_NAME):
            leaks.append(f"{path} was released, and is neither an exercise nor a visible test")
    return leaks


def find_wheel_leaks(course: Course, names: Iterable[str], wheel: Path) -> list[str]:
    """Find leaks in the wheel of a release.

    Args:
        course: the course with solutions.
        names: names of the exercises.
        wheel: the file.

    Returns:
        A sentence for each leak: a member outside of the package `dlseq`, the name or the docstring of a hidden test,
        a whole block of a solution of at least three lines, in any indentation.
    """
    secrets = {}
    for name in names:
        secrets |= dict.fromkeys(_solution_blocks(course, name), f"the solution of {name}")
        secrets |= dict.fromkeys(_hidden_test_names(course, name), f"a hidden test of {name}")
    leaks = []
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            folder = member.split("/")[0]
            if folder != "dlseq" and not (folder.startswith("dlseq-") and folder.endswith(".dist-info")):
                leaks.append(f"{member} is in the wheel, and is no part of the package")
            text = _unindented(archive.read(member).decode("utf-8", "replace"))
            leaks += [f"{member} contains {secret!r}, {source}" for secret, source in secrets.items() if secret in text]
    return leaks


def _unindented(text):
    return "\n".join(line.strip() for line in text.split("\n"))


def _solution_blocks(course, name):
    text = course.solution(name).read_text("utf-8")
    lines = text.split("\n")
    blocks = [_unindented("\n".join(lines[block.first : block.last - 1])).strip() for block in solution_blocks(text)]
    return [block for block in blocks if block.count("\n") + 1 >= MIN_SECRET_LINES]


def _hidden_test_names(course, name):
    if not course.has_tests(name):
        return []
    hidden = hidden_tests(course.tests(name).read_text("utf-8"))
    return sorted({test.name for test in hidden} | {ast.get_docstring(test) or test.name for test in hidden})


def _read(path):
    """The text of a file; of a notebook without escaped quotes; of a binary recording, its readable parts."""
    text = path.read_bytes().decode("utf-8", "replace")
    return text.replace('\\"', '"') if path.suffix == ".ipynb" else text


def _solution_lines(course, name):
    text = course.solution(name).read_text("utf-8")
    blocks, lines = solution_blocks(text), text.split("\n")
    inside = {line.strip() for block in blocks for line in lines[block.first : block.last - 1]}
    outside = list(lines)
    for block in reversed(blocks):
        del outside[block.first - 1 : block.last]
    rest = "\n".join(outside)
    return [line for line in inside if _is_secret(line) and line not in rest]


def _hidden_test_lines(course, name):
    if not course.has_tests(name):
        return []
    text = course.tests(name).read_text("utf-8")
    lines, hidden = text.split("\n"), hidden_tests(text)
    removed = {
        number
        for test in hidden
        for number in range(min(test.lineno, *(node.lineno for node in test.decorator_list)) - 1, test.end_lineno)
    }
    rest = "\n".join(line for number, line in enumerate(lines) if number not in removed)
    inside = {lines[number].strip() for number in removed}
    return _hidden_test_names(course, name) + [line for line in inside if _is_secret(line) and line not in rest]


def _is_secret(line):
    return len(line) >= MIN_SECRET_CHARACTERS and not line.startswith("#")
