"""The statements of a submission's file, and the use of each: needed by graded functions, or a trial of them."""

import ast
import types
from collections.abc import Sequence
from dataclasses import dataclass

from dlseq.grading.worker.loading.kept_values import KeptValues
from dlseq.grading.worker.loading.names import Names, called_in, names_of, needed_names, passed_in

__all__ = ["DYNAMIC", "UNKNOWN", "Statement", "classify"]

UNKNOWN = Names(*[frozenset()] * 4)
DYNAMIC = frozenset({"exec", "eval", "globals", "locals", "vars", "setattr", "__import__"})
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
READ_BY_NAME = frozenset({"exec", "eval", "globals"})  # a function that calls one may read any variable
FUNCTION_MAKERS = frozenset({"cache", "frompyfunc", "function", "jit", "lru_cache", "njit", "partial", "vectorize"})


@dataclass(eq=False)
class Statement:
    """A statement at the top level.

    Attributes:
        file: name of the file or cell.
        line: number of its first line.
        code: compiled.
        names: global names that it defines and needs; `UNKNOWN` if its text cannot be analyzed.
        definition: True for functions, classes and imports.
        is_import: True for an import, also in `try`.
        is_value: True for an assignment of what a call returns.
        called: names that it calls.
        passed: names that it passes to calls.
        essential: graded functions may need it.
        trial: it tries out graded functions, and is left out.
        tries: variables that it passes to calls: it is a trial if one of them is no plain value.
        once: it has failed or was slow, and no graded function needs it.
        kept: the data that it has made, if it was slow and graded functions need it.
    """

    file: str
    line: int
    code: types.CodeType
    names: Names
    definition: bool
    is_import: bool
    is_value: bool
    called: frozenset
    passed: frozenset
    essential: bool = True
    trial: bool = False
    tries: frozenset = frozenset()
    once: bool = False
    kept: KeptValues | None = None

    @classmethod
    def of(cls, tree: ast.Module, file: str, code: types.CodeType) -> "Statement":
        """Return the statement of a syntax tree with one node.

        Example:
            >>> statement = Statement.of(ast.parse("x = f(y)"), "a.py", compile("x = f(y)", "a.py", "exec"))
            >>> statement.is_value, sorted(statement.called), sorted(statement.passed)
            (True, ['f'], ['y'])
        """
        (node,) = tree.body
        try:
            names, called, passed = names_of(tree), frozenset(called_in(tree)), frozenset(passed_in(tree))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            names, called, passed = UNKNOWN, frozenset(), frozenset()
        kind = isinstance(node, DEFINITIONS), _is_import(node), _is_value(node)
        return cls(file, node.lineno, code, names, *kind, called, passed)


def classify(statements: Sequence[Statement], graded: frozenset[str]) -> None:
    """Set `essential`, `trial` and `tries` of the statements of a program.

    Args:
        statements: in order.
        graded: names of the functions that tests use.
    """
    overwritten = _overwritten_values(statements, graded)
    pieces = [statement.names for statement in statements if statement not in overwritten]
    values = {name for statement in statements if statement.is_value for name in statement.names.defines}
    functions = {name for statement in statements if not statement.is_value for name in statement.names.defines}
    needed = needed_names(pieces, graded - (values - functions))
    using = _users(statements, graded)
    assigned = {name for statement in statements if not statement.definition for name in statement.names.defines}
    reads_any = any(piece.needs_later & READ_BY_NAME and piece.defines & needed for piece in pieces)
    variables = needed & assigned  # such as shared layers, which keep the sizes of their first input
    for statement in statements:
        names = statement.names
        dynamic = bool(names.needs_now & DYNAMIC)
        bound = set() if statement in overwritten else names.defines & needed
        statement.essential = (
            statement.definition
            or dynamic
            or names is UNKNOWN
            or bool(bound or names.changes & needed)
            or (reads_any and bool(names.defines))
        )
        if not statement.definition and not bound:
            used = statement.called & (using | variables) or statement.passed & using
            statement.trial = bool(used) or statement in overwritten
            statement.tries = statement.passed & variables


def _users(statements, graded):
    """Return the graded functions, and the functions that use one."""
    using, grown = set(graded), True
    while grown:
        grown = False
        for statement in statements:
            new = statement.names.defines - using
            if statement.definition and new and statement.names.needs_later & using:
                using |= new
                grown = True
    return using


def _overwritten_values(statements, graded):
    """Return assignments to the name of a graded function that another statement defines.

    Of `attention_map = plot(model)` and `def attention_map` in one notebook, the function is graded. The value is left
    out where the function comes later, and where it is made of results of graded functions, which need trials.
    """
    last_place = {
        name: place
        for place, statement in enumerate(statements)
        if not statement.is_value
        for name in statement.names.defines & graded
    }
    found, results = set(), set()
    for place, statement in enumerate(statements):
        if not statement.is_value:
            continue
        names = statement.names
        if statement.called & graded or names.needs_now & results:
            results |= names.defines - graded
        function_places = [last_place[name] for name in names.defines & last_place.keys()]
        if function_places and (max(function_places) > place or names.needs_now & results):
            found.add(statement)
    return found


def _is_import(node):
    """Return True for an import, also in `try`. It has no limit: libraries may take long, and have no endless loops."""
    body = node.body if isinstance(node, ast.Try) else [node]
    return all(isinstance(child, ast.Import | ast.ImportFrom) for child in body)


def _is_value(node):
    """Return True for an assignment of what a call returns, unless the call makes functions.

    A notebook may say `attention_map = plot(model)` where a graded function has that name: it needs no such statement.
    """
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
        return False
    function = node.value.func
    return getattr(function, "id", getattr(function, "attr", "")) not in FUNCTION_MAKERS
