"""Where two values made of text, numbers, lists and dicts differ first, in words."""

import numpy as np

__all__ = ["difference", "same"]

WIDTH = 60  # characters of a value that are shown


def same(value, expected) -> bool:
    """Whether two values are equal, entry by entry; an array in a list equals a number of its own shape alone.

    Args:
        value: anything plain.
        expected: likewise.

    Example:
        >>> same([1, {"a": [2]}], [1, {"a": [2]}]), same([np.zeros(2)], [0])
        (True, False)
    """
    if type(value) is not type(expected):
        return _equal(value, expected)
    if type(value) is list:
        return len(value) == len(expected) and all(map(same, value, expected))
    if type(value) is dict:
        return value.keys() == expected.keys() and all(same(value[key], expected[key]) for key in expected)
    return _equal(value, expected)


def difference(value, expected, name: str) -> str:
    """Says how a value differs from the expected one: in full where both are short, otherwise where it begins.

    Args:
        value: what came back; lists where there were tuples.
        expected: what should have; not the `same`.
        name: what the value is called.

    Returns:
        One line.

    Example:
        >>> difference([1, 2], [1, 3], "indices")
        'indices is [1, 2], expected [1, 3]'
        >>> difference([*range(51)], [0, 1, 2, 9, *range(4, 50)], "indices")
        'indices has 51 entries, expected 50: indices[3] is 3, expected 9'
        >>> difference({f"word {n}": n for n in range(9)}, {f"word {n}": n for n in range(1, 10)}, "the vocabulary")
        "the vocabulary has no entry 'word 9'"
    """
    return _told(value, expected, name, ())


def _told(value, expected, name, path):
    shown, wanted, spot = repr(value), repr(expected), _spot(name, path)
    kind = type(value) if type(value) is type(expected) and max(len(shown), len(wanted)) > WIDTH else None
    if kind in (list, dict):
        begins = _first_of_list if kind is list else _first_of_dict
        return ": ".join(filter(None, [_length(value, expected, spot), begins(value, expected, name, path)]))
    if kind is str:
        shown, wanted = _around_first(value, expected)
    return f"{spot} is {_cut(shown)}, expected {_cut(wanted)}"


def _length(value, expected, spot):
    if len(value) == len(expected):
        return None
    return f"{spot} has {len(value):,} {'entry' if len(value) == 1 else 'entries'}, expected {len(expected):,}"


def _first_of_list(value, expected, name, path):
    for n, (one, other) in enumerate(zip(value, expected, strict=False)):
        if not same(one, other):
            return _told(one, other, name, (*path, n))
    return None


def _first_of_dict(value, expected, name, path):
    for key, wanted in expected.items():
        if key not in value:
            return f"{_spot(name, path)} has no entry {_cut(repr(key))}"
        if not same(value[key], wanted):
            return _told(value[key], wanted, name, (*path, key))
    extra = next(key for key in value if key not in expected)
    return f"{_spot(name, path)} has an entry {_cut(repr(extra))}, which is not expected"


def _spot(name, path):
    """`indices[3]`; a name that is no identifier reads better behind the index."""
    if not path:
        return name
    where = "".join(f"[{_cut(repr(key))}]" for key in path)
    return f"{name}{where}" if name.isidentifier() else f"entry {where} of {name}"


def _around_first(value, expected):
    """Two long texts as they are shown: from a little before the first character that differs."""
    pairs = enumerate(zip(value, expected, strict=False))
    first = next((n for n, (one, other) in pairs if one != other), min(len(value), len(expected)))
    begin = max(0, first - WIDTH // 3)
    return tuple(("…" if begin else "") + repr(text[begin:]) for text in (value, expected))


def _cut(text):
    return text if len(text) <= WIDTH else text[: WIDTH - 3] + "…"


def _equal(value, expected):
    if np.ndarray in (type(value), type(expected)):
        return np.array_equal(value, expected)
    return value == expected
