"""Visible part of the graded tests: removes hidden tests and the helpers that only they use."""

import ast

from dlseq.errors import DataError

__all__ = ["hidden_tests", "remove_hidden_tests"]


def hidden_tests(text: str) -> list[ast.FunctionDef]:
    """Return the test functions that carry `@pytest.mark.hidden`."""
    return [node for node in ast.parse(text).body if _is_hidden_test(node)]


def remove_hidden_tests(text: str, file: str = "the tests") -> str:
    """Remove the hidden tests from a file of graded tests.

    Functions, constants and imports at the top level that no visible test uses are removed as well, with the comments
    above them.

    Args:
        text: source of the graded tests.
        file: its name, for error messages.

    Returns:
        Source of the visible tests, complete in itself.

    Raises:
        DataError: a `hidden` marker that cannot be removed, in a class or on one case of a parametrized test.

    Example:
        >>> print(remove_hidden_tests('''import pytest
        ...
        ... SECRET = 3
        ...
        ... def test_visible(): ...
        ...
        ... @pytest.mark.hidden
        ... def test_hidden():
        ...     assert SECRET == 3
        ... '''))
        def test_visible(): ...
    """
    tree = ast.parse(text)
    kept = [node for node in tree.body if not _is_hidden_test(node)]
    for node in kept:
        if any(_is_hidden_marker(part) for part in ast.walk(node)):
            raise DataError(f"{file}, line {node.lineno}: expected `hidden` on test functions at the top level only")
    while True:
        used = {name for node in kept for name in _used_names(node)}
        remaining = [node for node in kept if _is_needed(node, used)]
        if len(remaining) == len(kept):
            break
        kept = remaining
    return _join_nodes(text, tree, kept, used)


def _is_hidden_test(node):
    return isinstance(node, ast.FunctionDef) and any(map(_is_hidden_marker, node.decorator_list))


def _is_hidden_marker(node):
    return isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.hidden"


def _used_names(node):
    own = {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else set()
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
    arguments = {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}  # fixtures are requested by name
    return (names | arguments) - own


def _is_needed(node, used):
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name.startswith(("test_", "Test")) or node.name in used
    if isinstance(node, ast.Assign):
        names = {part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)}
        return bool(names & used) or "pytestmark" in names
    if isinstance(node, ast.Import | ast.ImportFrom):
        return any(_bound_name(alias) in used for alias in node.names)
    return True


def _bound_name(alias):
    return alias.asname or alias.name.split(".")[0]


def _join_nodes(text, tree, kept, used):
    lines = text.split("\n")
    parts, end = [], 0
    for node in tree.body:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        if node in kept:
            above = lines[end : first - 1]  # blank lines and comments
            parts.append("\n".join([*above, _node_source(node, lines[first - 1 : node.end_lineno], used)]))
        end = node.end_lineno
    return "\n".join(parts).strip("\n") + "\n"


def _node_source(node, lines, used):
    if isinstance(node, ast.Import | ast.ImportFrom) and any(_bound_name(alias) not in used for alias in node.names):
        node.names = [alias for alias in node.names if _bound_name(alias) in used]
        return ast.unparse(node)
    return "\n".join(lines)
