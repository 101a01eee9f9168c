"""Comparisons for graded tests: kind, then shape, then values, and one line that says what came back.

What a message may disclose depends on the test. For a visible one it shows shapes and the first wrong value; for a
hidden one it tells what is wrong and no number that was drawn or expected.
"""

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar

import numpy as np

from dlseq.testing.differences import difference, same

__all__ = ["DISCLOSE", "EAGER", "Mismatch", "check", "close", "equal", "shaped", "unchanged", "unpack"]

DISCLOSE = ContextVar("disclose", default=True)  # whether messages may show what a test drew and expected
EAGER = ContextVar("eager", default=False)  # whether known mistakes are worked out even where nothing is wrong

MANY = 100_000  # entries of an array that nobody expects as a list

Known = Iterable[tuple[str, "Callable[[], object] | object"]]


class Mismatch(AssertionError):
    """What came back is not what was asked.

    Attributes:
        hint: where to look; None leaves it to the test's own hint.
    """

    def __init__(self, message: str, hint: str | None = None):
        super().__init__(message)
        self.hint = hint


def check(condition: bool, message: str, hint: str | None = None) -> None:
    """Raises a `Mismatch` where the condition is false. The message must be fit for a hidden test."""
    if not condition:
        raise Mismatch(message, hint)


def unpack(value, *names: str, of: str = "the function") -> tuple:
    """Makes sure that as many values came back as have names.

    Example:
        >>> unpack([1, 2], "a", "y", of="rnn_forward")
        (1, 2)
        >>> unpack((1,), "a", "y", of="rnn_forward")
        Traceback (most recent call last):
        dlseq.testing.assertions.Mismatch: rnn_forward returned 1 value, expected 2: a, y
    """
    count = len(value) if type(value) in (tuple, list) else None
    if count != len(names):
        received = "nothing (None)" if value is None else "one value" if count is None else _count(count, "value")
        received = received if DISCLOSE.get() or not count else "another number of values"  # which could tell inputs
        raise Mismatch(f"{of} returned {received}, expected {len(names)}: {', '.join(names)}")
    return tuple(value)


def shaped(value, shape: Sequence[int], name: str, axes: str = "", hint: str | None = None) -> np.ndarray:
    """Makes sure that something is an array, or a number, of a shape.

    Args:
        value: what came back.
        shape: what it should be; () takes a number as well.
        name: what it is called in the exercise.
        axes: the shape in letters, such as "(n_a, m, T_x)"; hidden tests show nothing else of it.
        hint: where to look.

    Returns:
        The value as an array.

    Example:
        >>> shaped(np.zeros((10, 30, 64)), (10, 1, 64), "context")
        Traceback (most recent call last):
        dlseq.testing.assertions.Mismatch: context has shape (10, 30, 64), expected (10, 1, 64)
    """
    shape = tuple(shape)
    if type(value) in (int, float, bool) and shape == ():
        return np.asarray(value)
    if type(value) is not np.ndarray:
        raise Mismatch(f"{name} is {_kind(value)}, expected an array{f' {axes}' if axes else ''}", hint)
    if value.shape != shape:
        if DISCLOSE.get():
            raise Mismatch(f"{name} has shape {value.shape}, expected {shape}{f' = {axes}' if axes else ''}", hint)
        raise Mismatch(f"{name} has the wrong shape{f', expected {axes}' if axes else ''}", hint)
    return value


def close(
    value, expected, name: str, axes: str = "", known: Known = (), hint: str | None = None, rtol=1e-6, atol=1e-8
) -> None:
    """Makes sure that an array or number is the expected one, up to rounding.

    Args:
        value: what came back.
        expected: array or number; NaN equals nothing.
        name: what it is called in the exercise.
        axes: its shape in letters.
        known: (hint, value) of known mistakes; a value may be a function that makes it. The hint of the first that
            explains what came back is drawn, whether it is the shape or the values that give it away.
        hint: where to look if none does.
        rtol: relative tolerance. Between float32 models take 1e-4.
        atol: absolute tolerance.

    Raises:
        Mismatch: it is not.

    Example:
        >>> y = np.array([[0.2, 0.8]])
        >>> close(y.T, y, "y", known=[("Do not transpose.", y.T)])
        Traceback (most recent call last):
        dlseq.testing.assertions.Mismatch: y has shape (2, 1), expected (1, 2)
    """
    known = [(text, made() if callable(made) else made) for text, made in known] if EAGER.get() else known
    expected = np.asarray(expected)
    try:
        array = shaped(value, expected.shape, name, axes, hint)
        _same_values(array, expected, name, hint, rtol, atol)
    except Mismatch as mismatch:
        raise Mismatch(str(mismatch), _explained(value, known, rtol, atol) or mismatch.hint) from None


def _same_values(array, expected, name, hint, rtol, atol):
    array = array.astype(np.float64)
    if np.isnan(array).any():
        raise Mismatch(f"{name} contains NaN, which is no number: an overflow, a logarithm of 0 or a 0 / 0", hint)
    wrong = ~np.isclose(array, expected, rtol=rtol, atol=atol)
    if not wrong.any():
        return
    if expected.shape == ():
        message = f"{name} is {_number(array[()])}, expected {_number(expected[()])}"
        raise Mismatch(message if DISCLOSE.get() else f"{name} is not what it should be", hint)
    share = "all of its values" if wrong.all() else f"{wrong.sum():,} of {wrong.size:,} values"
    if not DISCLOSE.get():
        raise Mismatch(f"{name} is wrong in {'all' if wrong.all() else 'some'} of its values", hint)
    first = tuple(int(index) for index in np.argwhere(wrong)[0])
    spot = f"{name}[{', '.join(map(str, first))}]"
    raise Mismatch(
        f"{name} is wrong in {share}: {spot} is {_number(array[first])}, expected {_number(expected[first])}", hint
    )


def _explained(value, known, rtol, atol):
    if type(value) in (int, float):
        value = np.asarray(value)
    if type(value) is not np.ndarray:
        return None
    for text, made in known:
        made = np.asarray(made() if callable(made) else made)
        if made.shape == value.shape and np.allclose(value.astype(np.float64), made, rtol=rtol, atol=atol):
            return text
    return None


def equal(value, expected, name: str, known: Known = (), hint: str | None = None) -> None:
    """Makes sure that text, integers, or lists and dicts of them are exactly the expected ones.

    Lists and tuples count as equal. For arrays and floats there is `close`.

    Raises:
        Mismatch: it is not.

    Example:
        >>> equal([1, 2], (1, 3), "indices", known=[("Look at the end.", [1, 2])])
        Traceback (most recent call last):
        dlseq.testing.assertions.Mismatch: indices is [1, 2], expected [1, 3]
    """
    known = [(text, made() if callable(made) else made) for text, made in known] if EAGER.get() else known
    value, expected = _as_lists(value), _as_lists(expected)
    if type(value) is type(expected) and same(value, expected):
        return
    drawn = next((text for text, made in known if same(value, _as_lists(made() if callable(made) else made))), hint)
    if not DISCLOSE.get():
        raise Mismatch(f"{name} is not what it should be", drawn)
    raise Mismatch(difference(value, expected, name), drawn)


def unchanged(after, before, name: str, hint: str | None = None) -> None:
    """Makes sure that a function left an argument as it was.

    Args:
        after: the argument after the call, from `Submission.call_with_inputs`.
        before: what was passed.
        name: what it is called.
        hint: where to look.

    Raises:
        Mismatch: it changed.
    """
    if not _identical(after, before):
        raise Mismatch(f"{name} was changed in place", hint or "Work on a copy: the caller still needs its own.")


def _identical(one, other):
    if type(one) is not type(other):
        return False
    if type(one) is np.ndarray:
        return one.shape == other.shape and one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    if type(one) in (list, tuple):
        return len(one) == len(other) and all(map(_identical, one, other))
    if type(one) is dict:
        return one.keys() == other.keys() and all(_identical(one[key], other[key]) for key in one)
    return one == other


def _as_lists(value):
    if type(value) in (list, tuple):
        return [_as_lists(one) for one in value]
    if type(value) is dict:
        return {key: _as_lists(one) for key, one in value.items()}
    if type(value) is np.ndarray and value.ndim == 1 and value.dtype.kind in "iu" and value.size <= MANY:
        return value.tolist()
    return value


def _kind(value):
    if value is None:
        return "nothing (None)"
    return {int: "a number", float: "a number", str: "text", tuple: "a tuple", list: "a list", dict: "a dict"}.get(
        type(value), f"of type {type(value).__name__}"
    )


def _number(value):
    return f"{float(value):.6g}"


def _count(number, noun):
    return f"{number} {noun}" + ("" if number == 1 else "s")
