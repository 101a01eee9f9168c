"""A solution becomes a stub: what stands between the markers goes, an error that names the function takes its place."""

import ast
from dataclasses import dataclass

from dlseq.errors import DataError

__all__ = ["BEGIN", "END", "Block", "solution_blocks", "stub_of"]

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Block:
    """One pair of markers.

    Attributes:
        first: number of the line of the opening marker, from 1.
        last: number of the line of the closing one.
        function: "function" or "Class.method" around it; None at the top level.
        indent: spaces before the opening marker.
    """

    first: int
    last: int
    function: str | None
    indent: str


def solution_blocks(text: str, file: str = "the solution") -> list[Block]:
    """Finds what is between the markers.

    Args:
        text: a solution.
        file: its name, for errors.

    Returns:
        The blocks in order.

    Raises:
        DataError: a marker without its partner, one pair inside another, text that is no Python, or a pair that begins
            in one function and ends in another.
    """
    spans, opened = [], None
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if line.strip() == BEGIN:
            if opened is not None:
                raise DataError(
                    f"{file}, line {number}: {BEGIN} stands inside the one of line {opened}; end that first"
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
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise DataError(f"{file}, line {error.lineno}: expected Python, received {error.msg}") from None
    blocks = []
    for first, last in spans:
        function = _around(tree, first, lines[first - 1])
        if function != _around(tree, last, lines[last - 1]):
            raise DataError(f"{file}, line {first}: expected the markers to begin and end in the same function")
        line = lines[first - 1]
        blocks.append(Block(first, last, function, line[: len(line) - len(line.lstrip())]))
    return blocks


def _around(tree, number, line):
    """ "function" or "Class.method" that a marker stands in. It is a comment, so what decides is its indentation."""
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


def stub_of(text: str, file: str = "the solution") -> str:
    """Makes the stub of a solution.

    A block inside a function becomes `raise NotImplementedError("function")`; a block at the top level, such as a
    helper that only the solution calls, goes without a trace.

    Args:
        text: the solution.
        file: its name, for errors.

    Returns:
        The text of the exercise. A second application changes nothing.

    Raises:
        DataError: see `solution_blocks`.

    Example:
        >>> print(stub_of('''def one():
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
