"""Messages in Python sources: string literals, with an empty field for each value of an f-string."""

import ast
import re

__all__ = ["normalize_message", "source_messages"]

FIELD = re.compile(r"(\{[^{}]*\})+")


def normalize_message(text: str) -> str:
    """Return a message with one space for each white space, and `{}` for each field or row of fields.

    Example:
        >>> normalize_message("{name} has\\n    shape {}{}")
        '{} has shape {}'
    """
    return FIELD.sub("{}", " ".join(text.split()))


def source_messages(source: str) -> set[str]:
    """Return the string literals of a Python source, docstrings too, as messages with fields; paragraphs one by one.

    Args:
        source: Python.

    Returns:
        Normalized messages, see `normalize_message`.

    Example:
        >>> sorted(source_messages('f"{name} has shape {value.shape}"\\n"Look " "at {}."'))
        ['Look at {}.', '{} has shape {}']
    """
    found = set()
    _collect(ast.parse(source), found)
    return found


def _collect(node, found):
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
        found.update(map(normalize_message, "".join(parts).split("\n\n")))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        found.update(map(normalize_message, node.value.split("\n\n")))
    literals = node.values if isinstance(node, ast.JoinedStr) else ()
    for child in ast.iter_child_nodes(node):
        if child not in literals or not isinstance(child, ast.Constant):
            _collect(child, found)
