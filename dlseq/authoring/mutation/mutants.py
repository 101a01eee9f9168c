"""Mutants of a solution, made by Cosmic Ray: each differs from it in one place between the markers."""

import ast
from dataclasses import dataclass

from dlseq.course.stubs import solution_blocks
from dlseq.extras import require

__all__ = ["Mutant", "make_mutants"]


@dataclass(frozen=True)
class Mutant:
    """A solution with one change.

    Attributes:
        function: the changed function.
        change: "function: old line => new line".
        text: source of the whole mutant.
    """

    function: str
    change: str
    text: str


def make_mutants(text: str) -> list[Mutant]:
    """Make every mutant of a solution, without duplicates.

    Args:
        text: source of the solution.

    Returns:
        The mutants, in the order of their lines.

    Raises:
        DlseqError: Cosmic Ray is not installed.

    Example:
        >>> [mutant.change for mutant in make_mutants('''def more(x):
        ...     ### BEGIN SOLUTION
        ...     return x > 0
        ...     ### END SOLUTION
        ... ''')][:2]
        ['more: return x > 0 => return x != 0', 'more: return x > 0 => return x < 0']
    """
    found = {}
    operators = _load_operators()
    for block in solution_blocks(text):
        first, snippet = _function_snippet(text, block)
        for operator in operators:
            for occurrence, line in enumerate(_mutation_lines(snippet, operator)):
                if not block.first < line + first < block.last:
                    continue
                mutated = _splice(text, block, first, _mutate(snippet, operator, occurrence))
                if mutated != text and _compiles(mutated):
                    change = _describe_change(block, text, mutated)
                    found.setdefault(mutated, (line + first, Mutant(str(block.function), change, mutated)))
    return [mutant for _, mutant in sorted(found.values(), key=lambda found_at: (found_at[0], found_at[1].change))]


def _load_operators():
    """Cosmic Ray's mutation operators without arguments, and those of `mutation_operators`."""
    require("cosmic_ray", "dev", "make mutants")
    from cosmic_ray.plugins import get_operator, operator_names

    from dlseq.authoring.mutation.operators import OPERATORS

    classes = [get_operator(name) for name in sorted(operator_names())]
    return [operator() for operator in (*classes, *OPERATORS) if not operator.arguments()]


def _function_snippet(text, block):
    """The innermost function around a block, up to the end of the block: it parses faster than the whole file.

    Returns:
        first: number of lines before the snippet, minus one for the line that is added for its indentation.
        snippet: the source.
    """
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, definitions)]
    starts = [function.lineno for function in functions if function.lineno < block.first <= function.end_lineno]
    first = max(starts, default=block.first)
    lines = text.split("\n")[first - 1 : block.last - 1]
    head = "if True:" if lines[0].startswith(" ") else ""
    return first - 2, "\n".join([head, *lines, ""])


def _splice(text, block, first, snippet):
    lines, changed = text.split("\n"), snippet.split("\n")[1:-1]
    return "\n".join([*lines[: first + 1], *changed, *lines[block.last - 1 :]])


def _mutate(snippet, operator, occurrence):
    from cosmic_ray.mutating import mutate_code

    return mutate_code(snippet, operator, occurrence) or snippet


def _mutation_lines(text, operator):
    """Line numbers of the places that an operator can change, in Cosmic Ray's own order."""
    from cosmic_ray.ast import Visitor, get_ast

    class LineCollector(Visitor):
        def __init__(self):
            self.lines = []

        def visit(self, node):
            self.lines += [start[0] for start, _ in operator.mutation_positions(node)]
            return node

    collector = LineCollector()
    collector.walk(get_ast(text))
    return collector.lines


def _compiles(text):
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _describe_change(block, text, mutated):
    before, after = text.split("\n"), mutated.split("\n")
    changed = next((n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
    new_line = after[changed].strip() if len(before) == len(after) else "(lines removed)"
    return f"{block.function}: {before[changed].strip()} => {new_line}"
