"""Arguments of the decoders, checked before anything runs."""

import math
import numbers
import operator

from dlseq.errors import DlseqError

__all__ = ["end_token", "number", "whole_number"]


def whole_number(name: str, value, least: int) -> int:
    """Gives `value` as an `int` of at least `least`.

    Args:
        name: what the caller calls it.
        value: an `int`, or anything that counts as one (a NumPy integer).
        least: the smallest value allowed.

    Returns:
        The `int`.

    Raises:
        DlseqError: `value` is no whole number, or is smaller than `least`.

    Example:
        >>> whole_number("max_length", 0, 1)
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: `max_length` must be a whole number of at least 1, but 0 was received. Pass 1 or more.
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        whole = operator.index(value)
    except TypeError:
        whole = None
    if whole is None or whole < least:
        raise DlseqError(
            f"`{name}` must be a whole number of at least {least}, but {value!r} was received. Pass {least} or more."
        )
    return whole


def number(name: str, value, *, above: float | None = None, least: float | None = None, most: float = math.inf):
    """Gives `value` back when it is a finite number in range, or a tensor, whose value is not known yet.

    Args:
        name: what the caller calls it.
        value: a number or a scalar tensor. A tensor is not looked into, so that it can be an argument of a graph.
        above: the value must be larger than this.
        least: the value must be at least this.
        most: the value must be at most this.

    Returns:
        `value`, unchanged.

    Raises:
        DlseqError: a number that is out of range or not finite, or something that is neither number nor tensor.

    Example:
        >>> number("temperature", 0.7, above=0)
        0.7
        >>> number("temperature", 0.0, above=0)
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: `temperature` must be a finite number above 0, but 0.0 was received. ...
    """
    if hasattr(value, "dtype") and not isinstance(value, numbers.Real):
        return value
    proper = isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value)
    if proper and (above is None or value > above) and (least is None or value >= least) and value <= most:
        return value
    bounds = [f"above {above}"] * (above is not None) + [f"of at least {least}"] * (least is not None)
    bounds += [f"of at most {most}"] * (most < math.inf)
    raise DlseqError(
        f"`{name}` must be a finite number {' and '.join(bounds)}, but {value!r} was received. Pass one in that range."
    )


def end_token(end_id, vocabulary_size: int) -> None:
    """Raises when `end_id` is a token that the model cannot produce.

    Args:
        end_id: the id of the end token, or None when sequences do not end by themselves.
        vocabulary_size: how many tokens the model knows, `V`.

    Raises:
        DlseqError: `end_id` is outside `0 … V - 1`.

    Example:
        >>> end_token(2, 30)
        >>> end_token(30, 30)
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: `end_id` must be one of the 30 tokens that `step` gives logits for, 0 to 29, but 30 ...
    """
    if end_id is not None and end_id >= vocabulary_size:
        raise DlseqError(
            f"`end_id` must be one of the {vocabulary_size} tokens that `step` gives logits for, 0 to "
            f"{vocabulary_size - 1}, but {end_id} was received. Pass None when no token ends a sequence."
        )
