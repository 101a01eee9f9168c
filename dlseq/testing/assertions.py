"""Assertions for graded tests: type, then shape, then values, with a message of one line.

In a visible test a message shows shapes and the first wrong value; in a hidden test it shows no number that the test
has drawn or expects.
"""

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar

import numpy as np

from dlseq.testing.differences import describe_difference, is_same

__all__ = ["DISCLOSE_VALUES", "EVALUATE_KNOWN", "Mismatch", "check", "close", "equal", "shaped", "unchanged", "unpack"]

DISCLOSE_VALUES = ContextVar("disclose_values", default=True)  # True if messages may show drawn and expected values
EVALUATE_KNOWN = ContextVar("evaluate_known", default=False)  # True to compute known mistakes of correct values as well
DOUBLE_TOLERANCE = (1e-6, 1e-8)  # relative, absolute
SINGLE_TOLERANCE = (1e-4, 1e-5)  # of float32 and coarser types: two orders of summation differ by more than 1e-6
NO_RETURN = "The function ends without a value: is there a `return` at its end, and is it reached?"
MAX_LIST_LENGTH = 100_000  # a longer integer array does not count as a list

KnownMistakes = Iterable[tuple[str, "Callable[[], object] | object"]]


class Mismatch(AssertionError):
    """A returned value is not the expected one.

    Attributes:
        hint: Hint for the student; None for the hint of the test.
    """

    def __init__(self, message: str, hint: str | None = None):
        super().__init__(message)
        self.hint = hint


def check(condition: bool, message: str, hint: str | None = None) -> None:
    """Assert a condition. The message must be fit for a hidden test."""
    if not condition:
        raise Mismatch(message, hint)


def unpack(value, *names: str, of: str = "the function") -> tuple:
    """Assert the number of returned values, and return them as a tuple.

    Example:
        >>> unpack([1, 2], "a", "y", of="rnn_forward")
        (1, 2)
        >>> unpack((1,), "a", "y", of="rnn_forward")
        Traceback (most recent call last):
        dlseq.testing.assertions.Mismatch: rnn_forward returned 1 value, expected 2: a, y
    """
    count = len(value) if type(value) in (tuple, list) else None
    if count != len(names):
        received = "one value" if count is None else "1 value" if count == 1 else f"{count} values"
        if value is None:
            received = "nothing (None)"
        elif count and not DISCLOSE_VALUES.get():
            received = "another number of values"  # the number could reveal inputs
        hint = NO_RETURN if value is None else f"Return {len(names)} values, in this order: {', '.join(names)}."
        raise Mismatch(f"{of} returned {received}, expected {len(names)}: {', '.join(names)}", hint)
    return tuple(value)


def shaped(value, shape: Sequence[int], name: str, axes: str = "", hint: str | None = None) -> np.ndarray:
    """Assert that a value is an array, or a number, of a shape.

    Args:
        value: The returned value.
        shape: The expected shape; a number matches ().
        name: Name of the value in the exercise.
        axes: The shape in letters, such as "(n_a, m, T_x)", the only form that hidden tests show.
        hint: Hint for the student.

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
        hint = NO_RETURN if value is None else hint
        wanted = f"an array {axes}" if axes else "an array"
        raise Mismatch(f"{name} is {_describe_type(value)}, expected {wanted}", hint)
    if value.shape != shape:
        if DISCLOSE_VALUES.get():
            raise Mismatch(f"{name} has shape {value.shape}, expected {shape}{f' = {axes}' if axes else ''}", hint)
        raise Mismatch(f"{name} has the wrong shape{f', expected {axes}' if axes else ''}", hint)
    return value


def close(
    value,
    expected,
    name: str,
    axes: str = "",
    known: KnownMistakes = (),
    hint: str | None = None,
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Assert that an array or number equals the expected one up to rounding.

    Args:
        value: The returned value.
        expected: Array or number; NaN equals nothing.
        name: Name of the value in the exercise.
        axes: The shape in letters.
        known: (hint, value) of known mistakes; a value may be a function that computes it. The student gets the hint of
            the first one that equals the returned value.
        hint: Hint for the student if no known mistake matches.
        rtol: Relative tolerance. Defaults to 1e-4 if one of the two arrays is float32 or coarser, else 1e-6.
        atol: Absolute tolerance. Defaults to 1e-5 or 1e-8, likewise.

    Raises:
        Mismatch: The value has another type, shape, or values.

    Example:
        >>> y = np.array([[0.2, 0.8]])
        >>> close(y.T, y, "y", known=[("Do not transpose.", y.T)])
        Traceback (most recent call last):
        dlseq.testing.assertions.Mismatch: y has shape (2, 1), expected (1, 2)
    """
    known = [(text, _evaluate(mistake)) for text, mistake in known] if EVALUATE_KNOWN.get() else known
    expected = np.asarray(expected)
    default_rtol, default_atol = _default_tolerance(value, expected)
    rtol = default_rtol if rtol is None else rtol
    atol = default_atol if atol is None else atol
    try:
        array = shaped(value, expected.shape, name, axes, hint)
        _check_values(array, expected, name, hint, rtol, atol)
    except Mismatch as mismatch:
        raise Mismatch(str(mismatch), _matching_hint(value, known, rtol, atol) or mismatch.hint) from None


def _default_tolerance(*values):
    dtypes = [value.dtype for value in values if type(value) is np.ndarray]
    single = any(dtype.itemsize <= 4 and dtype.kind in "fV" for dtype in dtypes)  # bfloat16 is of the kind V
    return SINGLE_TOLERANCE if single else DOUBLE_TOLERANCE


def _check_values(array, expected, name, hint, rtol, atol):
    array = array.astype(np.float64)
    if np.isnan(array).any():
        raise Mismatch(f"{name} contains NaN, which is no number: an overflow, a logarithm of 0 or a 0 / 0", hint)
    wrong = ~np.isclose(array, expected, rtol=rtol, atol=atol)
    if not wrong.any():
        return
    if expected.shape == ():
        message = f"{name} is {_format_number(array[()])}, expected {_format_number(expected[()])}"
        raise Mismatch(message if DISCLOSE_VALUES.get() else f"{name} is not what it should be", hint)
    share = "all of its values" if wrong.all() else f"{wrong.sum():,} of {wrong.size:,} values"
    if not DISCLOSE_VALUES.get():
        raise Mismatch(f"{name} is wrong in {'all' if wrong.all() else 'some'} of its values", hint)
    first = tuple(int(index) for index in np.argwhere(wrong)[0])
    index = f"[{', '.join(map(str, first))}]"
    place = f"{name}{index}" if name.isidentifier() else f"entry {index} of {name}"
    received, wanted = _format_number(array[first]), _format_number(expected[first])
    raise Mismatch(f"{name} is wrong in {share}: {place} is {received}, expected {wanted}", hint)


def _matching_hint(value, known, rtol, atol):
    if type(value) in (int, float):
        value = np.asarray(value)
    if type(value) is not np.ndarray:
        return None
    for text, mistake in known:
        mistake = np.asarray(_evaluate(mistake))
        if mistake.shape == value.shape and np.allclose(value.astype(np.float64), mistake, rtol=rtol, atol=atol):
            return text
    return None


def equal(value, expected, name: str, known: KnownMistakes = (), hint: str | None = None) -> None:
    """Assert that text, integers, or lists and dicts of them equal the expected ones exactly.

    Lists and tuples count as equal. For arrays and floats there is `close`.

    Raises:
        Mismatch: The value differs.

    Example:
        >>> equal([1, 2], (1, 3), "indices", known=[("Look at the end.", [1, 2])])
        Traceback (most recent call last):
        dlseq.testing.assertions.Mismatch: indices is [1, 2], expected [1, 3]
    """
    known = [(text, _evaluate(mistake)) for text, mistake in known] if EVALUATE_KNOWN.get() else known
    value, expected = _as_lists(value), _as_lists(expected)
    if type(value) is type(expected) and is_same(value, expected):
        return
    hint = next((text for text, mistake in known if is_same(value, _as_lists(_evaluate(mistake)))), hint)
    if not DISCLOSE_VALUES.get():
        raise Mismatch(f"{name} is not what it should be", hint)
    raise Mismatch(describe_difference(value, expected, name), hint)


def unchanged(after, before, name: str, hint: str | None = None) -> None:
    """Assert that a function has not changed an argument in place.

    Args:
        after: The argument after the call, from `Submission.call_with_inputs`.
        before: The argument that was passed.
        name: Name of the argument.
        hint: Hint for the student.

    Raises:
        Mismatch: The argument has changed.
    """
    if not _identical(after, before):
        raise Mismatch(f"{name} was changed in place", hint or "Work on a copy: the caller still needs its own.")


def _identical(first, second):
    if type(first) is not type(second):
        return False
    if type(first) is np.ndarray:
        return (
            first.shape == second.shape
            and first.dtype == second.dtype
            and np.array_equal(first, second, equal_nan=True)
        )
    if type(first) in (list, tuple):
        return len(first) == len(second) and all(map(_identical, first, second))
    if type(first) is dict:
        return first.keys() == second.keys() and all(_identical(first[key], second[key]) for key in first)
    return first == second


def _evaluate(mistake):
    return mistake() if callable(mistake) else mistake


def _as_lists(value):
    if type(value) in (list, tuple):
        return [_as_lists(item) for item in value]
    if type(value) is dict:
        return {key: _as_lists(item) for key, item in value.items()}
    if type(value) is np.ndarray and value.ndim == 1 and value.dtype.kind in "iu" and value.size <= MAX_LIST_LENGTH:
        return value.tolist()
    return value


def _describe_type(value):
    if value is None:
        return "nothing (None)"
    return {int: "a number", float: "a number", str: "a string", tuple: "a tuple", list: "a list", dict: "a dict"}.get(
        type(value), f"of type {type(value).__name__}"
    )


def _format_number(value):
    return f"{float(value):.6g}"
