"""Arguments that a docstring lists: each is one of the function, of its class, or of a base class."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "dlseq"
ARGUMENTS = re.compile(r"^Args:\n(.*?)(?=\n\n(?! )|\n\S|\Z)", re.S | re.M)
NAMES = re.compile(r"^ {4}(\*{0,2}\w+(?:, \*{0,2}\w+)*):", re.M)


def nodes(source):
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.ClassDef, ast.FunctionDef))]


def listed(node):
    """The names that the section `Args:` of a docstring lists."""
    section = ARGUMENTS.search(ast.get_docstring(node) or "")
    return {name.strip(" *") for line in NAMES.findall(section[1]) for name in line.split(",")} if section else set()


def parameters(function):
    found = function.args
    stars = [argument for argument in (found.vararg, found.kwarg) if argument]
    return {argument.arg for argument in [*found.posonlyargs, *found.args, *found.kwonlyargs, *stars]}


def accepted(node, classes):
    """The names that a function or class takes: fields, arguments of `__init__`, and those of its bases."""
    if isinstance(node, ast.FunctionDef):
        return parameters(node)
    own = {part.target.id for part in node.body if isinstance(part, ast.AnnAssign)}
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name in ("__init__", "build", "build_network"):
            own |= parameters(part)
    bases = [classes[base.id] for base in node.bases if isinstance(base, ast.Name) and base.id in classes]
    return own.union(*(accepted(base, classes) for base in bases))


@pytest.fixture(scope="module")
def found():
    """The functions and classes of the package by module."""
    return {path: nodes(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def test_docstrings_list_arguments_that_exist(found):
    classes = {node.name: node for each in found.values() for node in each if isinstance(node, ast.ClassDef)}
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}: {sorted(listed(node) - accepted(node, classes))}"
        for path, each in found.items()
        for node in each
        if listed(node) - accepted(node, classes)
    ]
    assert wrong == []


def test_an_argument_that_was_renamed_is_found():
    source = '''
class Base:
    def __init__(self, units): ...

class Layer(Base):
    """Layer.

    Args:
        units: Of the base.
        keypoints, old: One is here.

            Further lines: of the same.

    Call arguments:
        inputs: Not an argument of the layer.
    """
    def __init__(self, keypoints, **kwargs): ...
'''
    base, layer = [node for node in nodes(source) if isinstance(node, ast.ClassDef)]
    assert listed(layer) == {"units", "keypoints", "old"}
    assert listed(layer) - accepted(layer, {"Base": base}) == {"old"}
