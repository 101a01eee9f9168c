"""Which of the cells that somebody has run make up their answer, so that they can be run afresh without the rest."""

import ast
import math
import symtable
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dlseq.grading.worker.ipython_cells import cell_name, parse_cell

__all__ = ["answer_cells", "spoken_of"]

EVERYTHING = "*"
AT_ONCE = ("listcomp", "setcomp", "dictcomp", "genexpr")  # Python's names for functions that are called on the spot


def spoken_of(tests: str) -> set[str]:
    """All words in the strings of a file of graded tests: the names by which it finds things in a submission.

    Example:
        >>> sorted(spoken_of('def test(submission):\\n    submission.call("double", submission.get("layer"))'))
        ['double', 'layer']
    """
    constants = [node.value for node in ast.walk(ast.parse(tests)) if isinstance(node, ast.Constant)]
    return {value for value in constants if isinstance(value, str) and value.isidentifier()}


def answer_cells(history: Sequence[str], names: Iterable[str]) -> list[tuple[str, str]]:
    """Picks the cells that define names, and the cells that these need, and so on; of each name the last definition.

    What stands under `if __name__ == "__main__":` defines nothing, since it does not run when a file is marked.

    Args:
        history: what was run, the text of `In [n]` at place n; a cell that was run twice is there twice.
        names: that are asked for.

    Returns:
        ("cell n", text) of the cells in the order in which they ran, as
            `dlseq.grading.submissions.source.read_cells` gives them.

    Example:
        >>> history = ["", "import math", "def f(x): return 1", "f(2)", "def f(x): return math.pi * x"]
        >>> answer_cells(history, ["f"])
        [('cell 1', 'import math'), ('cell 4', 'def f(x): return math.pi * x')]
    """
    cells = {number: cell for number, text in enumerate(history) if (cell := _read(text)) is not None}
    chosen = set()
    open_questions = [(EVERYTHING, math.inf), *((name, math.inf) for name in names)]
    while open_questions:
        name, before = open_questions.pop()
        found = [number for number, cell in cells.items() if number < before and name in cell.defines]
        number = max(found, default=None)
        if number is None or number in chosen:
            continue
        chosen.add(number)
        open_questions += [(needed, number) for needed in cells[number].now - cells[number].defines]
        open_questions += [(needed, math.inf) for needed in cells[number].later]
    return [(cell_name(number), cells[number].text) for number in sorted(chosen)]


@dataclass(frozen=True)
class _Cell:
    """What a cell defines, what it needs when it runs, and what its functions need when they are called."""

    text: str
    defines: set
    now: set
    later: set


def _read(text):
    try:
        tree = parse_cell(text)
        tree.body = [node for node in tree.body if not _is_main(node)]
        table = symtable.symtable(ast.unparse(tree), "cell", "exec")
    except (SyntaxError, ValueError):
        return None  # it never ran
    symbols = table.get_symbols()
    defines = {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in tree.body):
        defines.add(EVERYTHING)
    now, later = {one.get_name() for one in symbols if one.is_referenced()}, set()
    for child in table.get_children():
        _gather(child, now, later)
    return _Cell(text, defines, now, later)


def _is_main(node):
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def _gather(table, now, later):
    """Sorts the global names that a class or function uses by when they are needed."""
    if table.get_type() == "function" and table.get_name() not in AT_ONCE:
        now = later
    now |= {one.get_name() for one in table.get_symbols() if one.is_global() and one.is_referenced()}
    for child in table.get_children():
        _gather(child, now, later)
