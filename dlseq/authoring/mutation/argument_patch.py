"""Patches of a solution's functions inside a judge process: record the arguments of calls, or replace an argument."""

import functools
import inspect
import pickle
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from dlseq.authoring.mutation.argument_parts import with_part

__all__ = ["append_call", "evaluate", "patch_function", "record_calls", "replace_argument"]

MAX_NESTED_CALLS = 50  # recorded calls of a function by other functions of the solution, in each run of its file


def record_calls(namespace: dict, functions: Iterable[str], path: Path) -> None:
    """Append the arguments of every call of some functions to a file of pickles.

    Args:
        namespace: variables of the solution; its functions are replaced.
        functions: "function" or "Class.method".
        path: file of pickled (function, number of patched functions that the call is nested in, arguments).
    """
    active, nested = [], Counter()

    def make_recorder(function, original):
        signature = inspect.signature(original)

        def record(*arguments, **keywords):
            depth = len(active)
            nested[function] += depth > 0
            if depth == 0 or nested[function] <= MAX_NESTED_CALLS:
                values = {name: _to_plain(value) for name, value in _bind(signature, arguments, keywords).items()}
                with Path(path).open("ab") as file:
                    pickle.dump((function, depth, values), file)
            active.append(function)
            try:
                return original(*arguments, **keywords)
            finally:
                active.pop()

        return record

    for function in functions:
        patch_function(namespace, function, functools.partial(make_recorder, function))


def replace_argument(namespace: dict, function: str, argument: str, expression: str) -> None:
    """Make a function ignore one of its arguments and use the value of an expression in its place.

    Args:
        namespace: variables of the solution; the function is replaced.
        function: "function" or "Class.method".
        argument: name of the argument.
        expression: Python in terms of all arguments, see `evaluate`. The argument stays where it raises an exception.

    Example:
        >>> namespace = {"power": lambda base, exponent: base**exponent}
        >>> replace_argument(namespace, "power", "exponent", "base")
        >>> namespace["power"](3, 2)
        27
    """

    def make_replacement(original):
        signature = inspect.signature(original)

        def call(*arguments, **keywords):
            bound = signature.bind(*arguments, **keywords)
            values = _bind(signature, arguments, keywords)
            if argument in values:
                bound.arguments[argument] = _try(expression, values, argument)
            return original(*bound.args, **bound.kwargs)

        return call

    patch_function(namespace, function, make_replacement)


def evaluate(expression: str, arguments: dict) -> object:
    """Evaluate an expression of a function's arguments, with `np`, `zeros_like` and `with_part`.

    Example:
        >>> evaluate("[*X[1:], 0]", {"X": [None, 1, 2]})
        [1, 2, 0]
    """
    names = {"np": np, "zeros_like": _zeros_like, "with_part": with_part, "nan": np.nan, "inf": np.inf}
    return eval(expression, {**names, **arguments})  # noqa: S307


def _try(expression, values, argument):
    try:
        return evaluate(expression, values)
    except Exception:
        return values[argument]


def _zeros_like(value):
    if isinstance(value, np.ndarray):
        return np.zeros_like(value)
    from keras import ops

    return ops.zeros_like(value)


def append_call(text: str, call: str, module: str = __name__) -> str:
    """Return a solution that ends with a call of a function of a module, which is imported first."""
    return f"{text}\n\nfrom {module} import {call.split('(')[0]}\n\n{call}\n"


def patch_function(namespace: dict, function: str, make: Callable) -> None:
    """Replace "function" or "Class.method" among the variables of a solution by `make(original)`."""
    owner, _, method = function.rpartition(".")
    original = getattr(namespace[owner], method) if owner else namespace[method]
    patched = functools.wraps(original)(make(original))
    if method == "__init__":
        patched.__signature__ = inspect.signature(original)  # Keras follows `__wrapped__` for other methods alone
    if owner:
        setattr(namespace[owner], method, patched)
    else:
        namespace[method] = patched


def _bind(signature, arguments, keywords):
    """Return the arguments of a call by name, with defaults, without `self` and without *args and **kwargs."""
    try:
        bound = signature.bind(*arguments, **keywords)
    except TypeError:
        return {}
    bound.apply_defaults()
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    names = [name for name, parameter in signature.parameters.items() if parameter.kind not in variadic]
    return {name: bound.arguments[name] for name in names if name != "self"}


def _to_plain(value):
    """Replace eager tensors by arrays, and all that is no plain data by `...`."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str, bytes, np.ndarray) or isinstance(value, np.generic):
        return value
    if kind in (list, tuple):
        return kind(_to_plain(item) for item in value)
    if kind is dict:
        return {key: _to_plain(item) for key, item in value.items()}
    try:
        return np.asarray(value.numpy())
    except Exception:
        return ...
