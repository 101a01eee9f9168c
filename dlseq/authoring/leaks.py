"""Whether anything of a solution or of a hidden test stands in what a student receives."""

import ast
from pathlib import Path

from dlseq.course.layout import Course
from dlseq.course.stubs import BEGIN, END, solution_blocks
from dlseq.course.visible_tests import hidden_tests

__all__ = ["leaks"]

SHORTEST = 12  # a line of fewer letters, such as `return a`, gives nothing away


def leaks(course: Course, name: str, folder: Path) -> list[str]:
    """Looks for traces in a released folder.

    Args:
        course: with solutions.
        name: of the exercise.
        folder: what `dlseq.authoring.release.release` wrote.

    Returns:
        A sentence for each trace: a line that stands only between the markers of a solution, a marker, the name, the
        docstring or a line of a hidden test.
    """
    released = {path.relative_to(folder): _text(path) for path in sorted(Path(folder).rglob("*")) if path.is_file()}
    secrets = dict.fromkeys(_solution_lines(course, name), "of the solution")
    secrets |= dict.fromkeys(_hidden_lines(course, name), "of a hidden test")
    secrets |= {BEGIN: "that marks solutions", END: "that marks solutions", "mark.hidden": "of a hidden test"}
    found = []
    for path, text in released.items():
        found += [f"{path} contains {secret!r}, {kind}" for secret, kind in secrets.items() if secret in text]
    allowed = {"README.md", "pytest.ini"}
    strange = [path for path in released if path.parts[0] not in ("exercises", "tests") and str(path) not in allowed]
    return found + [f"{path} was released, and is neither an exercise nor a visible test" for path in strange]


def _text(path):
    """The text of a file; of a notebook with its quotes as they were; of a recording, what can be read in it."""
    text = path.read_bytes().decode("utf-8", "replace")
    return text.replace('\\"', '"') if path.suffix == ".ipynb" else text


def _solution_lines(course, name):
    text = course.solution(name).read_text("utf-8")
    lines = text.split("\n")
    inside = {line.strip() for block in solution_blocks(text) for line in lines[block.first : block.last - 1]}
    outside = list(lines)
    for block in reversed(solution_blocks(text)):
        del outside[block.first - 1 : block.last]
    rest = "\n".join(outside)
    return [line for line in inside if _tells(line) and line not in rest]


def _hidden_lines(course, name):
    if not course.has(name):
        return []
    text = course.tests(name).read_text("utf-8")
    hidden = hidden_tests(text)
    spans = [range(min(one.lineno, *(d.lineno for d in one.decorator_list)) - 1, one.end_lineno) for one in hidden]
    dropped = {number for span in spans for number in span}
    rest = "\n".join(line for number, line in enumerate(text.split("\n")) if number not in dropped)
    names = {one.name for one in hidden} | {ast.get_docstring(one) or one.name for one in hidden}
    inside = {text.split("\n")[number].strip() for number in dropped}
    return sorted(names) + [line for line in inside if _tells(line) and line not in rest]


def _tells(line):
    return len(line) >= SHORTEST and not line.startswith("#")
