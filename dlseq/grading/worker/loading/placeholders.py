"""Functions that are still as an assignment hands them out: `a_next = None`, for the student to replace."""

import ast

__all__ = ["unstarted_functions"]

# Calls in the lines that templates of assignments supply.
GIVEN_CALLS = {"Input", "append", "copy", "deepcopy", "dict", "enumerate", "get_initial_loss", "get_sample", "int"}
GIVEN_CALLS |= {"initialize_parameters", "join", "len", "list", "print", "range", "reversed", "seed", "shuffle"}
GIVEN_CALLS |= {"smooth", "str", "update", "zeros", "zeros_like", "zip"}


def unstarted_functions(tree: ast.Module) -> frozenset[str]:
    """Return the functions of a module with at least as many placeholders as lines of their own.

    A placeholder is an assignment of None to a name that gets no other value.

    Example:
        >>> text = "def f(x):\\n    y = None\\n    return y\\ndef g(x):\\n    y = None\\n    y = x + 1\\n    return y"
        >>> unstarted_functions(ast.parse(text))
        frozenset({'f'})
    """
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(function.name for function in functions if _is_unstarted(function))


def _is_unstarted(function):
    assignments = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
    empty = [node for node in assignments if _is_none(node.value)]
    filled = [node for node in ast.walk(function) if _is_own_line(node)]
    given_values = {_targets(node) for node in assignments if not _is_none(node.value)}
    placeholders = [node for node in empty if _targets(node) not in given_values]
    return bool(placeholders) and len(placeholders) >= len(filled)


def _targets(node):
    return ast.unparse(node.targets[0])


def _is_none(value):
    if isinstance(value, ast.Tuple):
        return bool(value.elts) and all(_is_none(element) for element in value.elts)
    return isinstance(value, ast.Constant) and value.value is None


def _is_own_line(node):
    """Return True for a statement that calculates: an operator, or a call that templates do not supply."""
    if not isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Expr) or node.value is None:
        return False
    return any(
        (isinstance(part, ast.BinOp) and not isinstance(part.op, ast.Mod))
        or (isinstance(part, ast.Call) and _name_of(part.func) not in GIVEN_CALLS)
        for part in ast.walk(node.value)
    )


def _name_of(function):
    return getattr(function, "id", getattr(function, "attr", ""))
