"""Docstrings in plain technical English: a noun phrase or an imperative, with the field's noun at its beginning."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("dlseq", "tests", "benchmarks", "solutions", "exercises")
FORBIDDEN = re.compile(r"(What|Whether|Who|Whose|Which|That|How)\b(?! (to|many)\b)")
MOST_LINES = 320  # of a module in dlseq


def sources():
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def docstrings(path):
    """The line and the text of each docstring of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "lineno", 1), text


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_docstring_begins_with_a_relative_clause(folder):
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.splitlines()[0]}"
        for path in sources()
        if path.relative_to(ROOT).parts[0] == folder
        for line, text in docstrings(path)
        if FORBIDDEN.match(text)
    ]
    assert found == [], "begin with a noun phrase or a verb, see CONTRIBUTING.md"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("What a model expects.", True),
        ("Whether it is so.", True),
        ("Whatever comes is read.", False),
        ("Return the ids.", False),
        ("A pool of judge processes.", False),
    ],
)
def test_the_rule_refuses_relative_clauses_only(text, refused):
    assert bool(FORBIDDEN.match(text)) == refused


def loop_variables(tree):
    """The names that loops and comprehensions set, and the arguments of functions without a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            yield from (name for name in ast.walk(node.target) if isinstance(name, ast.Name))
        elif isinstance(node, ast.Lambda):
            yield from node.args.args


def test_loop_variables_name_their_type():
    """`one` said nothing at more than a thousand places: it was an exercise, a result, a member or a text."""
    found = [
        f"{path.relative_to(ROOT)}:{variable.lineno}"
        for path in sources()
        for variable in loop_variables(ast.parse(path.read_text(encoding="utf-8")))
        if "one" in (getattr(variable, "id", ""), getattr(variable, "arg", ""))
    ]
    assert found == []


def test_modules_are_short():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / "dlseq").rglob("*.py"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}
