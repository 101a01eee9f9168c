"""Arguments that a docstring lists: each is one of the function, of its class, or of a base class."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1] / "dlseq"
ARGUMENTS = re.compile(r"^Args:\n(.*?)(?=\n\n(?! )|\n\S|\Z)", re.S | re.M)
NAMES = re.compile(r"^ {4}(\*{0,2}\w+(?:, \*{0,2}\w+)*):", re.M)


class Definition(NamedTuple):
    """A function or class without its syntax tree: trees of all modules keep the garbage collector busy for seconds."""

    place: str  # of its file, with the line
    name: str
    bases: tuple[str, ...]
    own: frozenset[str]  # the names that it takes, without those of its bases
    listed: frozenset[str]


def definitions(source, file=""):
    """Return the functions and classes of a module."""
    return [
        Definition(
            f"{file}:{node.lineno}",
            node.name,
            tuple(base.id for base in getattr(node, "bases", ()) if isinstance(base, ast.Name)),
            frozenset(own_names(node)),
            frozenset(listed(node)),
        )
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.ClassDef, ast.FunctionDef))
    ]


def listed(node):
    """The names that the section `Args:` of a docstring lists."""
    section = ARGUMENTS.search(ast.get_docstring(node) or "")
    return {name.strip(" *") for line in NAMES.findall(section[1]) for name in line.split(",")} if section else set()


def parameters(function):
    found = function.args
    stars = [argument for argument in (found.vararg, found.kwarg) if argument]
    return {argument.arg for argument in [*found.posonlyargs, *found.args, *found.kwonlyargs, *stars]}


def own_names(node):
    """The arguments of a function; the fields of a class and the arguments of what makes one."""
    if isinstance(node, ast.FunctionDef):
        return parameters(node)
    own = {part.target.id for part in node.body if isinstance(part, ast.AnnAssign)}
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name in ("__init__", "build", "build_network"):
            own |= parameters(part)
    return own


def unknown(definition, by_name):
    """The names that a docstring lists and that neither the definition nor a base of it takes."""
    names = set(definition.listed)
    waiting = [definition]
    while waiting:
        signature = waiting.pop()
        names -= signature.own
        waiting += [by_name[base] for base in signature.bases if base in by_name]
    return names


def test_docstrings_list_arguments_that_exist():
    found = [
        definition
        for path in sorted(PACKAGE.rglob("*.py"))
        for definition in definitions(path.read_text("utf-8"), path.relative_to(PACKAGE))
    ]
    by_name = {definition.name: definition for definition in found}
    wrong = [f"{each.place} {each.name}: {sorted(names)}" for each in found if (names := unknown(each, by_name))]
    assert len(found) > 1000
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
    by_name = {definition.name: definition for definition in definitions(source)}
    assert by_name["Layer"].listed == {"units", "keypoints", "old"}
    assert unknown(by_name["Layer"], by_name) == {"old"}
