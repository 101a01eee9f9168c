"""Parts of structured arguments: entries of dicts, items of tuples, and of lists of arrays."""

from collections.abc import Sequence

import numpy as np

__all__ = ["find_parts", "format_part", "with_part"]

MAX_PARTS = 60  # of an argument


def find_parts(values: Sequence) -> dict[tuple, list]:
    """Find the innermost parts that all values of a structured argument have.

    Args:
        values: the argument in each call. Values without parts, such as None, are ignored.

    Returns:
        The values of each part by its path of keys and indices; empty for an argument that is not structured. Of lists
        only those of arrays have parts: others are collections, of which no item has a meaning of its own.

    Example:
        >>> list(find_parts([(1, {"W": 2, "b": 3}), (4, {"W": 5, "c": 6})]))
        [(0,), (1, 'W')]
    """
    values = [value for value in values if _is_structured(value)]
    return dict(list(_leaves(values, ()))[:MAX_PARTS]) if values else {}


def format_part(argument: str, path: tuple) -> str:
    """Return the Python expression of a part.

    Example:
        >>> format_part("cache", (3, "by"))
        "cache[3]['by']"
    """
    return argument + "".join(f"[{key!r}]" for key in path)


def with_part(value, path: tuple, part):
    """Return a copy of a structured value with one part replaced.

    Example:
        >>> with_part((1, {"W": 2, "b": 3}), (1, "b"), 0)
        (1, {'W': 2, 'b': 0})
    """
    if not path:
        return part
    key, *rest = path
    changed = dict(value) if type(value) is dict else list(value)
    changed[key] = with_part(value[key], tuple(rest), part)
    return type(value)(changed)


def _leaves(values, path):
    keys = _keys(values)
    if not keys:
        yield path, values
    for key in keys:
        yield from _leaves([value[key] for value in values], (*path, key))


def _keys(values):
    """The keys or indices that all values have; none if a value is not structured."""
    if not all(map(_is_structured, values)):
        return []
    if type(values[0]) is dict:
        return [key for key in values[0] if all(type(value) is dict and key in value for value in values)]
    return range(min(map(len, values)))


def _is_structured(value):
    has_arrays = type(value) is list and any(isinstance(item, np.ndarray) for item in value)
    return has_arrays or (type(value) in (dict, tuple) and len(value) > 0)
