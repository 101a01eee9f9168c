"""Validation of the arguments of the decoders, before anything runs."""

import math
import numbers
import operator

from dlseq.errors import DlseqError

__all__ = ["check_choice", "check_end_id", "check_integer", "check_number"]


def check_choice(name: str, value, choices: tuple[str, ...]) -> str:
    """Return `value`, if it is one of the choices.

    Raises:
        DlseqError: It is none of them.

    Example:
        >>> check_choice("penalty", "none", ("gnmt", "power"))
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: Invalid value for argument `penalty`. Expected one of: gnmt, power. Received: 'none'
    """
    if value not in choices:
        raise DlseqError(
            f"Invalid value for argument `{name}`. Expected one of: {', '.join(choices)}. Received: {value!r}"
        )
    return value


def check_integer(name: str, value, at_least: int) -> int:
    """Return `value` as an `int`, if it is an integer of at least `at_least`.

    Args:
        name: The argument's name, for the message.
        value: An `int`, or anything that can be used as an index (a NumPy integer). A boolean is refused.
        at_least: The smallest value allowed.

    Returns:
        The `int`.

    Raises:
        DlseqError: `value` is not an integer, or is too small.

    Example:
        >>> check_integer("max_length", 0, at_least=1)
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: Invalid value for argument `max_length`. Expected an integer of at least 1. ...
    """
    try:
        integer = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        integer = None
    if integer is None or integer < at_least:
        raise DlseqError(
            f"Invalid value for argument `{name}`. Expected an integer of at least {at_least}. "
            f"Received: {name}={value!r}"
        )
    return integer


def check_number(name: str, value, *, above: float | None = None, at_least: float | None = None, at_most=math.inf):
    """Return `value`, if it is a finite number in range or a tensor.

    Args:
        name: The argument's name, for the message.
        value: A number or a scalar tensor. The value of a tensor is not checked, so that it can be an argument of a
            graph.
        above: Exclusive lower bound, or `None`.
        at_least: Inclusive lower bound, or `None`.
        at_most: Inclusive upper bound.

    Returns:
        `value`, unchanged.

    Raises:
        DlseqError: a number that is out of range or not finite, or neither a number nor a tensor.

    Example:
        >>> check_number("temperature", 0.7, above=0)
        0.7
        >>> check_number("temperature", 0.0, above=0)
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: Invalid value for argument `temperature`. Expected a finite number above 0. ...
    """
    if hasattr(value, "dtype") and not isinstance(value, numbers.Real):
        return value
    finite = isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)
    if finite and (above is None or value > above) and (at_least is None or value >= at_least) and value <= at_most:
        return value
    bounds = [f"above {above}"] * (above is not None) + [f"of at least {at_least}"] * (at_least is not None)
    bounds += [f"of at most {at_most}"] * (at_most < math.inf)
    raise DlseqError(
        f"Invalid value for argument `{name}`. Expected a finite number {' and '.join(bounds)}. "
        f"Received: {name}={value!r}"
    )


def check_end_id(end_id: int | None, vocabulary_size: int) -> None:
    """Check that the model has a logit for the end token.

    Args:
        end_id: The id of the end token, or `None` if sequences do not end by themselves.
        vocabulary_size: The number of logits, `V`.

    Raises:
        DlseqError: `end_id` is not in `0 … V - 1`.

    Example:
        >>> check_end_id(2, 30)
        >>> check_end_id(30, 30)
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: Invalid value for argument `end_id`. Expected an id from 0 to 29, as `step` returns ...
    """
    if end_id is not None and end_id >= vocabulary_size:
        raise DlseqError(
            f"Invalid value for argument `end_id`. Expected an id from 0 to {vocabulary_size - 1}, as `step` returns "
            f"{vocabulary_size} logits a row, or None for sequences without an end token. Received: end_id={end_id}"
        )
