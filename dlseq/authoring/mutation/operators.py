"""Mutation operators on calls, for Cosmic Ray, whose own operators change arithmetic and comparisons.

A Keras model contains few numbers and hardly a comparison. Typical mistakes are in the arguments of its calls: swapped
arguments, a missing keyword, a missing layer, `n_s` in place of `n_a`.
"""

import builtins
from itertools import pairwise

from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import Name

__all__ = ["OPERATORS", "DropKeyword", "RemoveCall", "ReplaceParameter", "SwapArguments"]

LISTS = ("arglist", "exprlist", "subscriptlist", "testlist", "testlist_comp", "testlist_star_expr")
ATOMIC = ("atom", "atom_expr", "name", "number", "power", "string")  # node types that need no parentheses


class _CallOperator(Operator):
    """A mutation operator that skips `raise` statements: no test checks the text of an exception."""

    def mutation_positions(self, node):
        if node.search_ancestor("raise_stmt") is None:
            yield from ((first.start_pos, last.end_pos) for first, last in self._places(node))


class SwapArguments(_CallOperator):
    """Swap two adjacent positional arguments or list elements."""

    def _places(self, node):
        return self._pairs(node)

    def mutate(self, node, index):
        first, second = self._pairs(node)[index]
        left, right = node.children.index(first), node.children.index(second)
        node.children[left], node.children[right] = _as_leaf(second, first), _as_leaf(first, second)
        return node

    def _pairs(self, node):
        if node.type not in LISTS or "comp_for" in node.children[-1].type:
            return []
        parts = [child for child in node.children if child != ","]
        pairs = [pair for pair in pairwise(parts) if not any(map(_is_named, pair))]
        return [(left, right) for left, right in pairs if _code(left) != _code(right)]

    @classmethod
    def examples(cls):
        return (
            Example("f(a, b)", "f(b, a)"),
            Example("f(a, [b, c], d=1)", "f([b, c], a, d=1)"),
            Example("f(a, [b, c], d=1)", "f(a, [c, b], d=1)", occurrence=1),
            Example("s, _, c = cell(x)", "s, c, _ = cell(x)", occurrence=1),
            Example("x[:, t]", "x[t, :]"),
        )


class DropKeyword(_CallOperator):
    """Remove a keyword argument."""

    def _places(self, node):
        return [(argument, argument) for argument in self._keywords(node)]

    def mutate(self, node, index):
        place = node.children.index(self._keywords(node)[index])
        if node.type == "trailer":
            del node.children[place]
        elif place + 1 < len(node.children):
            _copy_prefix(node.children[place + 2 :], node.children[place])
            del node.children[place : place + 2]
        else:
            del node.children[place - 1 :]
        return node

    def _keywords(self, node):
        if node.type not in ("arglist", "trailer"):
            return []
        return [child for child in node.children if child.type == "argument" and child.children[1] == "="]

    @classmethod
    def examples(cls):
        return (
            Example("f(a, axis=1)", "f(a)"),
            Example("f(axis=1)", "f()"),
            Example("f(a=1, b=2)", "f(b=2)"),
            Example("f(a=1, b=2)", "f(a=1)", occurrence=1),
        )


class RemoveCall(_CallOperator):
    """Replace a call by its first argument, or a method call without arguments by its object.

    Calls of types and of `len` are skipped: without them a loop or a shape breaks, which any test detects.
    """

    def _places(self, node):
        return [] if self._replacement(node) is None else [(node, node)]

    def mutate(self, node, index):
        return Name(self._replacement(node), node.start_pos, node.get_first_leaf().prefix)

    def _replacement(self, node):
        if node.type not in ("atom_expr", "power") or not _is_call(node.children[-1]):
            return None
        *callee, call = node.children
        if len(callee) == 1 and callee[0].type == "name" and _is_type_or_len(callee[0].value):
            return None
        inside = call.children[1]
        first = inside.children[0] if inside.type == "arglist" else inside
        if first != ")" and not _is_named(first):
            return _code(first) if first.type in ATOMIC else f"({_code(first)})"
        if len(callee) > 1 and callee[-1].children[0] == ".":
            return "".join(part.get_code(include_prefix=False) for part in callee[:-1])
        return None

    @classmethod
    def examples(cls):
        return (
            Example("y = relu(a + b) * 2", "y = (a + b) * 2"),
            Example("y = relu(dense(x))", "y = dense(x)"),
            Example("y = relu(dense(x))", "y = relu(x)", occurrence=1),
            Example("y = x.sum(axis=1)", "y = x"),
            Example("rows.append(x)", "x"),
        )


class ReplaceParameter(_CallOperator):
    """Replace a parameter by the next parameter of the same function; the last by the first."""

    def _places(self, node):
        return [] if self._next_parameter(node) is None else [(node, node)]

    def mutate(self, node, index):
        node.value = self._next_parameter(node)
        return node

    def _next_parameter(self, node):
        if node.type != "name" or node.is_definition() or node.get_previous_leaf() in (".", "->", ":"):
            return None
        if node.parent.type == "argument" and node.parent.children[0] is node and node.parent.children[1] == "=":
            return None
        function = node.search_ancestor("funcdef")
        if function is None:
            return None
        names = [name for param in function.get_params() if (name := param.name.value) not in ("self", "cls")]
        if node.value not in names or len(names) == 1:
            return None
        return names[(names.index(node.value) + 1) % len(names)]

    @classmethod
    def examples(cls):
        return (
            Example("def f(a, b):\n    return a - 1", "def f(a, b):\n    return b - 1"),
            Example("def f(self, a, b=2):\n    return g(b=b)", "def f(self, a, b=2):\n    return g(b=a)"),
        )


OPERATORS = (DropKeyword, RemoveCall, ReplaceParameter, SwapArguments)


def _is_named(node):
    """Return True for `name=value`, `*args` and `**kwargs`."""
    return node.type == "argument" and node.children[0].type in ("name", "operator") and node.children[1] != "for"


def _is_call(node):
    return node.type == "trailer" and node.children[0] == "("


def _is_type_or_len(name):
    return name == "len" or isinstance(getattr(builtins, name, None), type)


def _code(node):
    return node.get_code(include_prefix=False)


def _as_leaf(node, place):
    """Return the code of a node as one leaf at the position of another node."""
    return Name(_code(node), place.start_pos, place.get_first_leaf().prefix)


def _copy_prefix(nodes, place):
    """Give the first node the white space in front of the place."""
    if nodes:
        nodes[0].get_first_leaf().prefix = place.get_first_leaf().prefix
