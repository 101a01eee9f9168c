"""Mutants of a solution, made by Cosmic Ray: each differs from it in one place between the markers."""

import ast
from dataclasses import dataclass

from dlseq.course.stubs import solution_blocks
from dlseq.errors import DlseqError

__all__ = ["Mutant", "mutants_of"]


@dataclass(frozen=True)
class Mutant:
    """A solution with one change.

    Attributes:
        function: that it is in.
        change: "function: old line => new line".
        text: all of it.
    """

    function: str
    change: str
    text: str


def mutants_of(text: str) -> list[Mutant]:
    """Makes every mutant of a solution that differs from it, and from the others, between the markers.

    Args:
        text: the solution.

    Returns:
        The mutants, in the order of their lines.

    Raises:
        DlseqError: Cosmic Ray is not installed.

    Example:
        >>> [mutant.change for mutant in mutants_of('''def more(x):
        ...     ### BEGIN SOLUTION
        ...     return x > 0
        ...     ### END SOLUTION
        ... ''')][:2]
        ['more: return x > 0 => return x != 0', 'more: return x > 0 => return x < 0']
    """
    found = {}
    operators = _operators()
    for block in solution_blocks(text):
        first, snippet = _around(text, block)
        for operator in operators:
            for occurrence, line in enumerate(_lines_of(snippet, operator)):
                if not block.first < line + first < block.last:
                    continue
                mutated = _spliced(text, block, first, _mutated(snippet, operator, occurrence))
                if mutated != text and _compiles(mutated):
                    change = _change(block, text, mutated)
                    found.setdefault(mutated, (line + first, Mutant(str(block.function), change, mutated)))
    return [mutant for _, mutant in sorted(found.values(), key=lambda one: (one[0], one[1].change))]


def _operators():
    """Those of Cosmic Ray that need no arguments, and our own."""
    try:
        from cosmic_ray.plugins import get_operator, operator_names

        from dlseq.authoring.mutation_operators import OPERATORS
    except ImportError:
        raise DlseqError("mutants are made by Cosmic Ray, which is missing; pip install 'dlseq[dev]'") from None
    kinds = [get_operator(name) for name in sorted(operator_names())]
    return [kind() for kind in (*kinds, *OPERATORS) if not kind.arguments()]


def _around(text, block):
    """The innermost function with a block, up to the end of the block: to read that is faster than to read all.

    Returns:
        How many lines stand before it, less the one line that is put before it here to explain its indentation; and
        its text.
    """
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    around = [one for one in ast.walk(ast.parse(text)) if isinstance(one, functions)]
    begins = [one.lineno for one in around if one.lineno < block.first <= one.end_lineno]
    first = max(begins, default=block.first)
    lines = text.split("\n")[first - 1 : block.last - 1]
    head = "if True:" if lines[0].startswith(" ") else ""
    return first - 2, "\n".join([head, *lines, ""])


def _spliced(text, block, first, snippet):
    lines, changed = text.split("\n"), snippet.split("\n")[1:-1]
    return "\n".join([*lines[: first + 1], *changed, *lines[block.last - 1 :]])


def _mutated(snippet, operator, occurrence):
    from cosmic_ray.mutating import mutate_code

    return mutate_code(snippet, operator, occurrence) or snippet


def _lines_of(text, operator):
    """The line of each place that an operator can change, in Cosmic Ray's own order."""
    from cosmic_ray.ast import Visitor, get_ast

    class Places(Visitor):
        def __init__(self):
            self.lines = []

        def visit(self, node):
            self.lines += [start[0] for start, _ in operator.mutation_positions(node)]
            return node

    places = Places()
    places.walk(get_ast(text))
    return places.lines


def _compiles(text):
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _change(block, text, mutated):
    before, after = text.split("\n"), mutated.split("\n")
    same = next((n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    after_line = after[same].strip() if len(before) == len(after) else "(lines removed)"
    return f"{block.function}: {before[same].strip()} => {after_line}"
