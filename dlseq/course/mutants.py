"""Mutants of a solution, made by the operators of Cosmic Ray: each differs from it in one place between the markers."""

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
    try:
        from cosmic_ray.mutating import mutate_code
        from cosmic_ray.plugins import get_operator, operator_names
    except ImportError:
        raise DlseqError("mutants are made by Cosmic Ray, which is missing; pip install 'dlseq[dev]'") from None
    blocks = solution_blocks(text)
    found = {}
    for name in sorted(operator_names()):
        try:
            operator = get_operator(name)()
        except TypeError:
            continue  # it needs arguments, such as the name of a variable
        for occurrence, line in enumerate(_lines_of(text, operator)):
            block = next((one for one in blocks if one.first < line < one.last), None)
            if block is None:
                continue
            mutated = mutate_code(text, operator, occurrence)
            if mutated is not None and mutated != text and _compiles(mutated):
                found.setdefault(mutated, (line, Mutant(str(block.function), _change(block, text, mutated), mutated)))
    return [mutant for _, mutant in sorted(found.values(), key=lambda one: (one[0], one[1].change))]


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
