"""Selection of the notebook cells that define the graded functions, so that they can run again without the others."""

import ast
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dlseq.grading.worker.ipython_cells import cell_name, parse_cell
from dlseq.grading.worker.loading.names import STAR_IMPORT, Names, names_of

__all__ = ["identifiers_in", "select_cells"]


def identifiers_in(tests: str) -> set[str]:
    """Return all identifiers among the strings of a test file: the names by which it looks up a submission's objects.

    Example:
        >>> sorted(identifiers_in('def test(submission):\\n    submission.call("double", submission.get("layer"))'))
        ['double', 'layer']
    """
    constants = [node.value for node in ast.walk(ast.parse(tests)) if isinstance(node, ast.Constant)]
    return {value for value in constants if isinstance(value, str) and value.isidentifier()}


def select_cells(history: Sequence[str], names: Iterable[str]) -> list[tuple[str, str]]:
    """Select the cells that define names and, recursively, the cells that those depend on.

    The last definition of each name counts. Code under `if __name__ == "__main__":` defines nothing, since it does not
    run when a file is graded.

    Args:
        history: executed cells, the text of `In [n]` at index n; a cell that ran twice is there twice.
        names: names to define.

    Returns:
        ("cell n", text) pairs in order of execution, as `dlseq.grading.submissions.source.read_cells` returns them.

    Example:
        >>> history = ["", "import math", "def f(x): return 1", "f(2)", "def f(x): return math.pi * x"]
        >>> select_cells(history, ["f"])
        [('cell 1', 'import math'), ('cell 4', 'def f(x): return math.pi * x')]
    """
    cells = {number: cell for number, text in enumerate(history) if (cell := _parse_cell(text)) is not None}
    selected = set()
    pending = [(STAR_IMPORT, math.inf), *((name, math.inf) for name in names)]  # (name, defined before this cell)
    while pending:
        name, before = pending.pop()
        definitions = (number for number, cell in cells.items() if number < before and name in cell.names.defines)
        number = max(definitions, default=None)
        if number is None or number in selected:
            continue
        selected.add(number)
        pending += [(needed, number) for needed in cells[number].names.needs_now - cells[number].names.defines]
        pending += [(needed, math.inf) for needed in cells[number].names.needs_later]
    return [(cell_name(number), cells[number].text) for number in sorted(selected)]


@dataclass(frozen=True)
class _Cell:
    text: str
    names: Names


def _parse_cell(text):
    try:
        tree = parse_cell(text)
        tree.body = [node for node in tree.body if not _is_main_guard(node)]
        return _Cell(text, names_of(tree))
    except (SyntaxError, ValueError):
        return None  # it cannot have run


def _is_main_guard(node):
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
