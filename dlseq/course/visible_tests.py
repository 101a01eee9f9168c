"""The part of the graded tests that a student receives: hidden ones go, and the helpers that only they call."""

import ast

from dlseq.errors import DataError

__all__ = ["hidden_tests", "visible_part"]


def hidden_tests(text: str) -> list[ast.FunctionDef]:
    """The test functions that carry `@pytest.mark.hidden`."""
    return [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and _is_hidden(node)]


def visible_part(text: str, file: str = "the tests") -> str:
    """Cuts hidden tests out of a file of graded tests.

    Functions, constants and imports at the top level that nothing visible uses go as well, with the comments above.

    Args:
        text: a file of graded tests.
        file: its name, for errors.

    Returns:
        The visible part, which stands on its own.

    Raises:
        DataError: `hidden` is used where it cannot be cut, in a class or on one case of a parametrised test.

    Example:
        >>> print(visible_part('''import pytest
        ...
        ... SECRET = 3
        ...
        ... def test_seen(): ...
        ...
        ... @pytest.mark.hidden
        ... def test_unseen():
        ...     assert SECRET == 3
        ... '''))
        def test_seen(): ...
    """
    tree = ast.parse(text)
    kept = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and _is_hidden(node))]
    for node in kept:
        if any(_is_mark(part) for part in ast.walk(node)):
            raise DataError(f"{file}, line {node.lineno}: expected `hidden` on test functions at the top level only")
    while True:
        used = {name for node in kept for name in _uses(node)}
        smaller = [node for node in kept if _stays(node, used)]
        if len(smaller) == len(kept):
            break
        kept = smaller
    return _joined(text, tree, kept, used)


def _is_hidden(node):
    return any(_is_mark(decorator) for decorator in node.decorator_list)


def _is_mark(node):
    return isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.hidden"


def _uses(node):
    own = {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else set()
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
    arguments = {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}  # fixtures are asked for by name
    return (names | arguments) - own


def _stays(node, used):
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name.startswith(("test_", "Test")) or node.name in used
    if isinstance(node, ast.Assign):
        names = {part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)}
        return bool(names & used) or "pytestmark" in names
    if isinstance(node, ast.Import | ast.ImportFrom):
        return any(_bound(alias) in used for alias in node.names)
    return True


def _bound(alias):
    return alias.asname or alias.name.split(".")[0]


def _joined(text, tree, kept, used):
    lines = text.split("\n")
    parts, end = [], 0
    for node in tree.body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        if node in kept:
            above = lines[end : first - 1]  # blank lines and comments
            parts.append("\n".join([*above, _source(node, lines[first - 1 : node.end_lineno], used)]))
        end = node.end_lineno
    return "\n".join(parts).strip("\n") + "\n"


def _source(node, lines, used):
    if isinstance(node, ast.Import | ast.ImportFrom) and any(_bound(alias) not in used for alias in node.names):
        node.names = [alias for alias in node.names if _bound(alias) in used]
        return ast.unparse(node)
    return "\n".join(lines)
