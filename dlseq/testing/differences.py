"""Description of the first difference between two values made of text, numbers, lists and dicts."""

import numpy as np

__all__ = ["describe_difference", "is_same"]

MAX_VALUE_LENGTH = 60  # characters of a value in a message


def is_same(value, expected) -> bool:
    """Compare two values, entry by entry. An array in a list equals a number of its own shape only.

    Args:
        value: Plain data.
        expected: Plain data.

    Example:
        >>> is_same([1, {"a": [2]}], [1, {"a": [2]}]), is_same([np.zeros(2)], [0])
        (True, False)
    """
    if type(value) is not type(expected):
        return _is_equal(value, expected)
    if type(value) is list:
        return len(value) == len(expected) and all(map(is_same, value, expected))
    if type(value) is dict:
        return value.keys() == expected.keys() and all(is_same(value[key], expected[key]) for key in expected)
    return _is_equal(value, expected)


def describe_difference(value, expected, name: str) -> str:
    """Describe how a value differs from the expected one: both in full if they are short, else the first difference.

    Args:
        value: The returned value, with lists in the place of tuples.
        expected: The expected value, not the same.
        name: Name of the value.

    Returns:
        One line.

    Example:
        >>> describe_difference([1, 2], [1, 3], "indices")
        'indices is [1, 2], expected [1, 3]'
        >>> describe_difference([*range(51)], [0, 1, 2, 9, *range(4, 50)], "indices")
        'indices has 51 entries, expected 50: indices[3] is 3, expected 9'
        >>> value, expected = ({f"word {n}": n for n in range(first, first + 9)} for first in (0, 1))
        >>> describe_difference(value, expected, "the vocabulary")
        "the vocabulary has no entry 'word 9'"
    """
    return _describe(value, expected, name, ())


def _describe(value, expected, name, path):
    value_text, expected_text, place = repr(value), repr(expected), _format_place(name, path)
    long = max(len(value_text), len(expected_text)) > MAX_VALUE_LENGTH
    kind = type(value) if type(value) is type(expected) and long else None
    if kind in (list, dict):
        describe_first = _first_of_list if kind is list else _first_of_dict
        length, first = _length(value, expected, place), describe_first(value, expected, name, path)
        return f"{length}: {first}" if length and first else length or first
    if kind is str:
        value_text, expected_text = _around_first_difference(value, expected)
    return f"{place} is {_shorten(value_text)}, expected {_shorten(expected_text)}"


def _length(value, expected, place):
    if len(value) == len(expected):
        return None
    count = "1 entry" if len(value) == 1 else f"{len(value):,} entries"
    return f"{place} has {count}, expected {len(expected):,}"


def _first_of_list(value, expected, name, path):
    for n, (entry, expected_entry) in enumerate(zip(value, expected, strict=False)):
        if not is_same(entry, expected_entry):
            return _describe(entry, expected_entry, name, (*path, n))
    return None


def _first_of_dict(value, expected, name, path):
    for key, expected_entry in expected.items():
        if key not in value:
            return f"{_format_place(name, path)} has no entry {_shorten(repr(key))}"
        if not is_same(value[key], expected_entry):
            return _describe(value[key], expected_entry, name, (*path, key))
    extra = next(key for key in value if key not in expected)
    return f"{_format_place(name, path)} has an entry {_shorten(repr(extra))}, which is not expected"


def _format_place(name, path):
    """Format a place as `indices[3]`, or behind the index if the name is no identifier."""
    if not path:
        return name
    index = "".join(f"[{_shorten(repr(key))}]" for key in path)
    return f"{name}{index}" if name.isidentifier() else f"entry {index} of {name}"


def _around_first_difference(value, expected):
    """Return two long texts, cut off a little before the first character that differs."""
    pairs = enumerate(zip(value, expected, strict=False))
    first = next((n for n, (letter, other) in pairs if letter != other), min(len(value), len(expected)))
    start = max(0, first - MAX_VALUE_LENGTH // 3)
    return tuple(("…" if start else "") + repr(text[start:]) for text in (value, expected))


def _shorten(text):
    return text if len(text) <= MAX_VALUE_LENGTH else text[: MAX_VALUE_LENGTH - 3] + "…"


def _is_equal(value, expected):
    if np.ndarray in (type(value), type(expected)):
        return np.array_equal(value, expected)
    return value == expected
