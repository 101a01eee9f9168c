"""Copies of the data that a slow statement of a submission has made, so that later tests need not run it again.

Each test gets a copy of its own, which it may change. Objects with a state of their own, such as layers, models and
generators of random numbers, are never kept: a statement that has to do with one runs anew for each test.
"""

import builtins
import functools
import types
from collections.abc import Iterable

import numpy as np

__all__ = ["KeptValues", "copy_data"]

MAX_ITEMS = 1_000_000  # of all values of a statement together
MAX_BYTES = 128 * 2**20
ATOMS = frozenset({bool, int, float, complex, str, bytes, range, type(None)})
STATELESS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, type, np.ufunc)


class KeptValues:
    """The global variables of a module as a statement has left them.

    Args:
        namespace: of the module, after the statement.
        before: the same before the statement.
        reached: names that the statement and the functions that it calls may read or change.

    Raises:
        TypeError: a variable is no data, or an object that the statement may have changed is none.
        ValueError: there is too much of it.

    Example:
        >>> kept = KeptValues({"a": [1, 2], "b": 3}, {"b": 3}, ["a"])
        >>> first, second = {}, {}
        >>> kept.restore(first)
        >>> first["a"].append(9)
        >>> kept.restore(second)
        >>> first, second
        ({'a': [1, 2, 9]}, {'a': [1, 2]})
    """

    def __init__(self, namespace: dict, before: dict, reached: Iterable[str]):
        made = {name for name, value in namespace.items() if name not in before or before[name] is not value}
        removed = before.keys() - namespace.keys()
        if removed:
            raise TypeError(f"Expected no name to be removed. Received: {sorted(removed)}")
        used = {name for name in reached if name in namespace and not _is_stateless(name, namespace[name])}
        self._values = copy_data({name: namespace[name] for name in made | used if name != "__builtins__"})

    def restore(self, namespace: dict) -> None:
        """Set the variables in a module to copies of their values."""
        namespace.update(copy_data(self._values))


def copy_data(value):
    """Copy nested lists, tuples, dicts, sets and arrays of numbers and text. Values that were one object stay one.

    Args:
        value: of exact builtin types, NumPy scalars and arrays of numbers or text.

    Returns:
        An equal value that shares nothing that can change.

    Raises:
        TypeError: a part is of another type.
        ValueError: it is larger than `MAX_ITEMS` or `MAX_BYTES`, or nested too deeply.

    Example:
        >>> row = [1.5, "x"]
        >>> copied = copy_data((row, row))
        >>> copied, copied[0] is copied[1], copied[0] is row
        (([1.5, 'x'], [1.5, 'x']), True, False)
        >>> copy_data([object()])
        Traceback (most recent call last):
        TypeError: Expected data. Received: object
    """
    copier = _Copier()
    try:
        return copier.copy(value)
    except RecursionError:
        raise ValueError("Expected data that is not nested so deeply") from None


class _Copier:
    def __init__(self):
        self.copies, self.items, self.bytes = {}, 0, 0

    def copy(self, value):
        kind = type(value)
        if _is_atom(kind):
            return value
        if id(value) in self.copies:
            return self.copies[id(value)]
        if kind is np.ndarray and not value.dtype.hasobject:
            self.count(0, value.nbytes)
            copied = value.copy(order="K")
        elif kind in (list, tuple, set, frozenset):
            self.count(len(value), 0)
            copied = self.copy_items(kind, value)
        elif kind is dict:
            self.count(2 * len(value), 0)
            copied = self.copies[id(value)] = {}
            for key, item in value.items():
                copied[self.copy(key)] = self.copy(item)
        else:
            raise TypeError(f"Expected data. Received: {kind.__name__}")
        self.copies[id(value)] = copied
        return copied

    def copy_items(self, kind, value):
        if all(map(_is_atom, set(map(type, value)))):
            return kind(value)
        if kind is not list:
            return kind(self.copy(item) for item in value)
        copied = self.copies[id(value)] = []
        copied.extend(self.copy(item) for item in value)
        return copied

    def count(self, items, size):
        self.items, self.bytes = self.items + items, self.bytes + size
        if self.items > MAX_ITEMS or self.bytes > MAX_BYTES:
            raise ValueError(f"Expected at most {MAX_ITEMS:,} values and {MAX_BYTES:,} bytes of arrays")


@functools.cache
def _is_atom(kind):
    return kind in ATOMS or (issubclass(kind, np.generic) and kind.__module__ == "numpy" and kind is not np.void)


def _is_stateless(name, value):
    """Return True for functions, classes and modules, which each load defines anew."""
    return isinstance(value, STATELESS) or getattr(builtins, name, None) is value
