"""Ways to change one place of a solution that is made of calls, for Cosmic Ray, whose own ones change arithmetic.

A model in Keras has few numbers and hardly a comparison in it. What goes wrong there is what is passed to what: the
state before the annotation, a keyword that is forgotten, a layer that is left out, `n_s` for `n_a`.
"""

import builtins
from itertools import pairwise

from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import Name

__all__ = ["OPERATORS", "DropKeyword", "LeaveOutCall", "OtherParameter", "SwapNeighbours"]

LISTS = ("arglist", "exprlist", "subscriptlist", "testlist", "testlist_comp", "testlist_star_expr")
WHOLE = ("atom", "atom_expr", "name", "number", "power", "string")  # need no brackets around them


class _Change(Operator):
    """A change that leaves alone what an exception says: that is for people, and everybody's own."""

    def mutation_positions(self, node):
        if node.search_ancestor("raise_stmt") is None:
            yield from ((first.start_pos, last.end_pos) for first, last in self._places(node))


class SwapNeighbours(_Change):
    """Swaps two arguments, or two parts of a list, that stand side by side and have no names."""

    def _places(self, node):
        return self._pairs(node)

    def mutate(self, node, index):
        first, second = self._pairs(node)[index]
        left, right = node.children.index(first), node.children.index(second)
        node.children[left], node.children[right] = _leaf(second, first), _leaf(first, second)
        return node

    def _pairs(self, node):
        if node.type not in LISTS or "comp_for" in node.children[-1].type:
            return []
        parts = [child for child in node.children if child != ","]
        pairs = [pair for pair in pairwise(parts) if not any(map(_is_named, pair))]
        return [(one, other) for one, other in pairs if _code(one) != _code(other)]

    @classmethod
    def examples(cls):
        return (
            Example("f(a, b)", "f(b, a)"),
            Example("f(a, [b, c], d=1)", "f([b, c], a, d=1)"),
            Example("f(a, [b, c], d=1)", "f(a, [c, b], d=1)", occurrence=1),
            Example("s, _, c = cell(x)", "s, c, _ = cell(x)", occurrence=1),
            Example("x[:, t]", "x[t, :]"),
        )


class DropKeyword(_Change):
    """Leaves a keyword argument out."""

    def _places(self, node):
        return [(argument, argument) for argument in self._keywords(node)]

    def mutate(self, node, index):
        place = node.children.index(self._keywords(node)[index])
        if node.type == "trailer":
            del node.children[place]
        elif place + 1 < len(node.children):
            _lead(node.children[place + 2 :], node.children[place])
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


class LeaveOutCall(_Change):
    """Puts the first argument in the place of a call, or the object in the place of its method without arguments.

    Types and `len` are left alone: without them a loop or a shape is no longer one, which any test notices.
    """

    def _places(self, node):
        return [] if self._rest(node) is None else [(node, node)]

    def mutate(self, node, index):
        return Name(self._rest(node), node.start_pos, node.get_first_leaf().prefix)

    def _rest(self, node):
        if node.type not in ("atom_expr", "power") or not _is_call(node.children[-1]):
            return None
        *callee, call = node.children
        if len(callee) == 1 and callee[0].type == "name" and _is_kind(callee[0].value):
            return None
        inside = call.children[1]
        first = inside.children[0] if inside.type == "arglist" else inside
        if first != ")" and not _is_named(first):
            return _code(first) if first.type in WHOLE else f"({_code(first)})"
        if len(callee) > 1 and callee[-1].children[0] == ".":
            return "".join(one.get_code(include_prefix=False) for one in callee[:-1])
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


class OtherParameter(_Change):
    """Puts the next parameter of the same function in the place of one; after the last comes the first."""

    def _places(self, node):
        return [] if self._other(node) is None else [(node, node)]

    def mutate(self, node, index):
        node.value = self._other(node)
        return node

    def _other(self, node):
        if node.type != "name" or node.is_definition() or node.get_previous_leaf() in (".", "->", ":"):
            return None
        if node.parent.type == "argument" and node.parent.children[0] is node and node.parent.children[1] == "=":
            return None
        function = node.search_ancestor("funcdef")
        if function is None:
            return None
        names = [one.name.value for one in function.get_params() if one.name.value not in ("self", "cls")]
        if node.value not in names or len(names) == 1:
            return None
        return names[(names.index(node.value) + 1) % len(names)]

    @classmethod
    def examples(cls):
        return (
            Example("def f(a, b):\n    return a - 1", "def f(a, b):\n    return b - 1"),
            Example("def f(self, a, b=2):\n    return g(b=b)", "def f(self, a, b=2):\n    return g(b=a)"),
        )


OPERATORS = (DropKeyword, LeaveOutCall, OtherParameter, SwapNeighbours)


def _is_named(node):
    """Whether it is `name=value`, `*args` or `**kwargs`."""
    return node.type == "argument" and node.children[0].type in ("name", "operator") and node.children[1] != "for"


def _is_call(node):
    return node.type == "trailer" and node.children[0] == "("


def _is_kind(name):
    return name == "len" or isinstance(getattr(builtins, name, None), type)


def _code(node):
    return node.get_code(include_prefix=False)


def _leaf(node, place):
    """The code of a node as one leaf that stands where another node stood."""
    return Name(_code(node), place.start_pos, place.get_first_leaf().prefix)


def _lead(nodes, place):
    """Gives the first of the nodes the white space before the place."""
    if nodes:
        nodes[0].get_first_leaf().prefix = place.get_first_leaf().prefix
