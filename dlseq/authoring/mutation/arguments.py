"""Mutants of a solution that ignore an argument: it is replaced by a constant, or by a function of other arguments."""

import itertools
import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from dlseq.authoring.mutation.argument_parts import find_parts, format_part
from dlseq.authoring.mutation.argument_patch import append_call, evaluate
from dlseq.authoring.mutation.mutants import Mutant
from dlseq.course.stubs import graded_functions

__all__ = ["make_argument_mutants", "read_calls", "recording_text"]

MAX_LITERAL_LENGTH = 500_000  # characters of a constant in a mutant
MAX_CHANGE_LENGTH = 60  # characters of an expression in a report
MAX_RECIPES = 2  # expressions of other arguments that are tried for each argument


def recording_text(text: str, path: Path) -> str:
    """Return a solution that appends the arguments of its graded functions to a file; see `record_calls`."""
    return append_call(text, f"record_calls(globals(), {graded_functions(text)}, {str(path)!r})")


def read_calls(path: Path) -> dict[str, list[dict]]:
    """Read recorded calls: those by tests, or for a function that tests do not call itself, those by other functions.

    Args:
        path: file of `record_calls`.

    Returns:
        The arguments of each call, by function.
    """
    outer, nested = {}, {}
    with Path(path).open("rb") as file:
        while file.peek(1):
            function, depth, arguments = pickle.load(file)  # noqa: S301  (written by our own process)
            (nested if depth else outer).setdefault(function, []).append(arguments)
    return {**nested, **outer}


def make_argument_mutants(text: str, calls: Mapping[str, Sequence[dict]]) -> list[Mutant]:
    """Make mutants of a solution, each with one argument that its function does not read.

    An argument of plain data is replaced by its most frequent value, an array also by zeros, and by expressions of the
    other arguments that have the same value in recorded calls, such as `len(char_to_ix)` or `[*X[1:], 0]`. Each entry
    of a dict and each item of a tuple that all calls have is replaced alone, too, by its most frequent value or zeros.

    Args:
        text: source of the solution.
        calls: arguments of recorded calls by function, from `read_calls`.

    Returns:
        The mutants. `change` is "function: argument = expression".

    Example:
        >>> calls = {"mean": [{"x": [1, 2], "n": 2}, {"x": [3], "n": 1}, {"x": [4], "n": 1}]}
        >>> [mutant.change for mutant in make_argument_mutants("", calls)]
        ['mean: x = [1, 2]', 'mean: n = 1', 'mean: n = len(x)']
        >>> calls = {"step": [{"weights": {"W": np.ones((2, 2)), "b": np.ones(2)}}]}
        >>> [mutant.change for mutant in make_argument_mutants("", calls)][1:]
        ["step: weights['W'] = zeros", "step: weights['b'] = zeros"]
    """
    mutants = []
    for function, recorded in calls.items():
        for argument in recorded[0]:
            values = [call for call in recorded if argument in call]
            changes = {f"{argument} = {_shorten(code)}": code for code in _replacements(argument, values)}
            changes |= _part_replacements(argument, [call[argument] for call in values])
            mutants += [
                Mutant(function, f"{function}: {change}", _replacing(text, function, argument, code))
                for change, code in changes.items()
            ]
    return mutants


def _replacing(text, function, argument, expression):
    return append_call(text, f"replace_argument(globals(), {function!r}, {argument!r}, {expression!r})")


def _replacements(argument, calls):
    values = [call[argument] for call in calls]
    found = _most_frequent(values)
    if any(isinstance(value, np.ndarray) and value.any() for value in values):
        found.append(f"zeros_like({argument})")
    agreeing = Counter()
    for recipe in _recipes(argument, calls):
        agreeing[recipe] = sum(_agrees(recipe, argument, call) for call in calls)
    found += [recipe for recipe, count in agreeing.most_common(MAX_RECIPES) if count]
    return list(dict.fromkeys(found))


def _part_replacements(argument, values):
    """Expressions of an argument with one part replaced, by their change for a report."""
    found = {}
    for path, parts in find_parts(values).items():
        name = format_part(argument, path)
        if any(isinstance(part, np.ndarray) and part.any() for part in parts):
            found[f"{name} = zeros"] = f"with_part({argument}, {path!r}, zeros_like({name}))"
        elif not any(isinstance(part, np.ndarray) for part in parts):
            for code in _most_frequent(parts):
                found[f"{name} = {_shorten(code)}"] = f"with_part({argument}, {path!r}, {code})"
    return found


def _most_frequent(values):
    """The most frequent value as an expression, in a list; an empty list if none is plain data of a moderate size."""
    literals = Counter(_literal(value) for value in values)
    usable = (literal for literal, _ in literals.most_common() if literal and len(literal) <= MAX_LITERAL_LENGTH)
    return list(itertools.islice(usable, 1))


def _literal(value):
    """Return an expression of a plain value, or None."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()}, {str(value.dtype)!r}).reshape({value.shape})"
    if type(value) in (list, tuple, dict):
        items = [_literal(item) for item in (value.values() if type(value) is dict else value)]
        if None in items:
            return None
        if type(value) is dict:
            return f"{{{', '.join(f'{key!r}: {item}' for key, item in zip(value, items, strict=True))}}}"
        return f"[{', '.join(items)}]" if type(value) is list else f"({''.join(f'{item}, ' for item in items)})"
    return None if value is ... else repr(value)


def _recipes(argument, calls):
    """Expressions of the other arguments that could give an argument, from their types in the recorded calls."""
    recipes = []
    for other in calls[0]:
        if other != argument:
            for call in calls:
                recipes += _recipes_of_pair(call[argument], call.get(other), other)
    return list(dict.fromkeys(recipes))


def _recipes_of_pair(value, source, name):
    if value is None or type(value) is bool:
        return []
    if type(value) is int:
        return _sizes(source, name)
    if type(value) is list and type(source) is list and value:
        return [name, f"[*{name}[1:], {_literal(value[-1])}]", f"[{_literal(value[0])}, *{name}[:-1]]"]
    if type(value) is dict and type(source) is dict:
        return [name, f"{{value: key for key, value in {name}.items()}}"]
    if isinstance(value, np.ndarray) and isinstance(source, np.ndarray):
        shifts = [f"np.roll({name}, 1, axis=1)", f"np.roll({name}, -1, axis=1)"] if source.ndim > 1 else []
        return [name, f"{name}.T", *shifts]
    return [name] if type(value) is type(source) else []


def _sizes(source, name):
    """Expressions of an integer: the source itself, its length, and sizes of its axes."""
    if type(source) is int:
        return [name]
    if isinstance(source, np.ndarray):
        return [f"{name}.shape[{axis}]" for axis in range(source.ndim)]
    if type(source) is dict:
        arrays = {key: item for key, item in source.items() if isinstance(item, np.ndarray)}
        return [f"len({name})", *(size for key, item in arrays.items() for size in _sizes(item, f"{name}[{key!r}]"))]
    return [f"len({name})"] if type(source) in (list, tuple, str) else []


def _agrees(expression, argument, call):
    value = call[argument]
    try:
        replacement = evaluate(expression, call)
    except Exception:
        return False
    if isinstance(value, np.ndarray):
        return isinstance(replacement, np.ndarray) and np.array_equal(value, replacement)
    return _literal(value) is not None and _literal(replacement) == _literal(value)


def _shorten(expression):
    return expression if len(expression) <= MAX_CHANGE_LENGTH else expression[: MAX_CHANGE_LENGTH - 1] + "…"
