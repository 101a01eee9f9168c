"""Global names that a piece of code defines, changes and needs, read from its syntax tree."""

import ast
import symtable
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["STAR_IMPORT", "Names", "called_in", "names_of", "needed_names", "passed_in"]

STAR_IMPORT = "*"  # stands for all names that `from module import *` may define
COMPREHENSIONS = ("listcomp", "setcomp", "dictcomp", "genexpr")  # symtable's names for functions called at once
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Names:
    """Global names of a piece of code.

    Attributes:
        defines: assigned, imported, or defined by `def` and `class`; `STAR_IMPORT` for a star import.
        changes: of objects that may change in place: `x[0] = 1`, `x.append(1)`, `shuffle(x)`.
        needs_now: read when the code runs.
        needs_later: read when a function that it defines is called.
    """

    defines: frozenset[str]
    changes: frozenset[str]
    needs_now: frozenset[str]
    needs_later: frozenset[str]


def names_of(tree: ast.Module) -> Names:
    """Return the global names of a module's syntax tree.

    Raises:
        SyntaxError: an error that Python finds after parsing, such as `return` outside of a function.

    Example:
        >>> names = names_of(ast.parse("def f(x): return x + a\\nb = c; d.append(b)"))
        >>> sorted(names.defines), sorted(names.needs_now), sorted(names.needs_later), sorted(names.changes)
        (['b', 'f'], ['b', 'c', 'd'], ['a'], ['b', 'd'])
    """
    table = symtable.symtable(ast.unparse(tree), "cell", "exec")
    symbols = table.get_symbols()
    defines = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree)):
        defines.add(STAR_IMPORT)
    needs_now, needs_later = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}, set()
    for child in table.get_children():
        _collect_globals(child, needs_now, needs_later)
    return Names(frozenset(defines), frozenset(_changed(tree)), frozenset(needs_now), frozenset(needs_later))


def needed_names(pieces: Sequence[Names], wanted: Iterable[str]) -> set[str]:
    """Return the names that functions and variables may need, themselves included.

    Args:
        pieces: names of all pieces of a program.
        wanted: names of the functions and variables.

    Example:
        >>> pieces = [names_of(ast.parse(text)) for text in ("a = b", "def f(): return a", "c = f()")]
        >>> sorted(needed_names(pieces, ["f"]))
        ['a', 'b', 'f']
    """
    needed, pending = set(), list(wanted)
    while pending:
        name = pending.pop()
        if name in needed:
            continue
        needed.add(name)
        for piece in pieces:
            if name in piece.defines or name in piece.changes:
                pending += (piece.needs_now | piece.needs_later) - needed
    return needed


def called_in(tree: ast.AST) -> set[str]:
    """Return the names that are called when the code runs; bodies of functions do not run.

    Example:
        >>> sorted(called_in(ast.parse("x = f(g, 1)\\ndef h(): k()")))
        ['f']
    """
    calls = [node for node in _run_now(tree) if isinstance(node, ast.Call)]
    return {call.func.id for call in calls if isinstance(call.func, ast.Name)}


def passed_in(tree: ast.AST) -> set[str]:
    """Return the names that are passed to a call when the code runs.

    Example:
        >>> sorted(passed_in(ast.parse("x = f(g, 1, by=n)\\ndef h(): k(x)")))
        ['g', 'n']
    """
    calls = [node for node in _run_now(tree) if isinstance(node, ast.Call)]
    parts = [part for call in calls for part in (*call.args, *(keyword.value for keyword in call.keywords))]
    return {part.id for part in parts if isinstance(part, ast.Name)}


def _run_now(node):
    """Yield all nodes that run with a module: of functions the decorators and defaults alone."""
    yield node
    children = ast.iter_child_nodes(node)
    if isinstance(node, FUNCTIONS):
        children = [*getattr(node, "decorator_list", []), *node.args.defaults, *filter(None, node.args.kw_defaults)]
    for child in children:
        yield from _run_now(child)


def _changed(tree):
    """Return roots of targets such as `x[0]`, of functions and methods whose value is dropped, and of arguments."""
    changed = set()
    for node in _run_now(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            changed.add(_root(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            changed |= {_root(part) for part in (node.value.func, *node.value.args)}
    return changed - {None}


def _root(node):
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _collect_globals(table, needs_now, needs_later):
    """Add the global names that a class or function uses, by the time at which they are needed."""
    if table.get_type() == "function" and table.get_name() not in COMPREHENSIONS:
        needs_now = needs_later
    needs_now |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced()}
    for child in table.get_children():
        _collect_globals(child, needs_now, needs_later)
