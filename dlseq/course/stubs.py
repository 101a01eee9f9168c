"""Stubs from solutions: each block between markers becomes a `NotImplementedError` that names the function."""

import ast
import functools
from dataclasses import dataclass

from dlseq.errors import DataError

__all__ = ["BEGIN", "END", "SolutionBlock", "graded_functions", "make_stub", "solution_blocks"]

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class SolutionBlock:
    """A pair of markers in a solution.

    Attributes:
        first: line number of the opening marker, from 1.
        last: line number of the closing marker.
        function: "function" or "Class.method" around the block; None at the top level.
        indent: white space before the opening marker.
    """

    first: int
    last: int
    function: str | None
    indent: str


def solution_blocks(text: str, file: str = "the solution") -> list[SolutionBlock]:
    """Parse the solution blocks of a file.

    Args:
        text: source of a solution.
        file: its name, for error messages.

    Returns:
        The blocks in order.

    Raises:
        DataError: a marker without its partner, nested markers, invalid Python, or a pair that begins in one function
            and ends in another.
    """
    return list(_parsed_blocks(text, file))


@functools.lru_cache(maxsize=4)
def _parsed_blocks(text, file):
    """Parse the blocks of a solution once for all its mistakes."""
    lines = text.split("\n")
    spans = _marker_spans(lines, file)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise DataError(f"{file}, line {error.lineno}: expected Python. Received: {error.msg}") from None
    blocks = []
    for first, last in spans:
        line = lines[first - 1]
        function = _enclosing_function(tree, first, line)
        if function != _enclosing_function(tree, last, lines[last - 1]):
            raise DataError(f"{file}, line {first}: expected both markers in the same function")
        blocks.append(SolutionBlock(first, last, function, line[: len(line) - len(line.lstrip())]))
    return tuple(blocks)


def graded_functions(text: str) -> list[str]:
    """Return "function" or "Class.method" of the solution blocks of a file, each once, in order.

    Example:
        >>> graded_functions('''### BEGIN SOLUTION
        ... size = 3
        ... ### END SOLUTION
        ... def one():
        ...     ### BEGIN SOLUTION
        ...     return 1
        ...     ### END SOLUTION
        ... ''')
        ['one']
    """
    return list(dict.fromkeys(block.function for block in solution_blocks(text) if block.function))


def _marker_spans(lines, file):
    """Line numbers of the pairs of markers."""
    spans, opened = [], None
    for number, line in enumerate(lines, 1):
        if line.strip() == BEGIN:
            if opened is not None:
                raise DataError(
                    f"{file}, line {number}: {BEGIN} is inside the block of line {opened}. Close that block first."
                )
            opened = number
        elif line.strip() == END:
            if opened is None:
                raise DataError(f"{file}, line {number}: {END} without a {BEGIN} before it")
            spans.append((opened, number))
            opened = None
        elif BEGIN in line or END in line:
            raise DataError(f"{file}, line {number}: expected the marker alone on its line")
    if opened is not None:
        raise DataError(f"{file}, line {opened}: {BEGIN} without an {END} after it")
    return spans


def _enclosing_function(tree, number, line):
    """Return "function" or "Class.method" around a marker. A marker is a comment, so its indentation decides."""
    indent = len(line) - len(line.lstrip())
    names, nodes = [], tree.body
    while True:
        before = [node for node in nodes if node.lineno <= number]
        if not before or not _is_definition(before[-1]) or indent <= before[-1].col_offset:
            return ".".join(names) or None
        names.append(before[-1].name)
        if not isinstance(before[-1], ast.ClassDef):
            return ".".join(names)
        nodes = before[-1].body


def _is_definition(node):
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def make_stub(text: str, file: str = "the solution") -> str:
    """Make the stub of a solution.

    A block inside a function becomes `raise NotImplementedError("function")`; a block at the top level, such as a
    helper that only the solution calls, is removed.

    Args:
        text: source of the solution.
        file: its name, for error messages.

    Returns:
        Source of the exercise. The stub of a stub is the stub itself.

    Raises:
        DataError: see `solution_blocks`.

    Example:
        >>> print(make_stub('''def one():
        ...     ### BEGIN SOLUTION
        ...     return 1
        ...     ### END SOLUTION
        ... '''))
        def one():
            raise NotImplementedError("one")  # your code goes here, in place of this line
    """
    lines = text.split("\n")
    for block in reversed(solution_blocks(text, file)):
        stub = []
        if block.function is not None:
            stub = [
                f'{block.indent}raise NotImplementedError("{block.function}")  '
                "# your code goes here, in place of this line"
            ]
        lines[block.first - 1 : block.last] = stub
    return "\n".join(lines)
