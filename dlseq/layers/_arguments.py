"""Arguments of the layers: what they may be, and the sentence for what they may not."""

__all__ = ["fraction", "one_of", "whole_number"]


def whole_number(name, value, at_least=1):
    """Gives back `value` if it is an integer of at least `at_least`.

    Args:
        name: The argument's name, for the message.
        value: What was received.
        at_least: The smallest integer that will do. Defaults to `1`.

    Returns:
        `value`.

    Raises:
        ValueError: it is anything else; a boolean is no integer here.

    Example:
        >>> whole_number("units", 8)
        8
        >>> whole_number("units", 0)
        Traceback (most recent call last):
        ValueError: Invalid value for argument `units`. Expected an integer of at least 1. Received: units=0
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
        raise ValueError(
            f"Invalid value for argument `{name}`. Expected an integer of at least {at_least}. "
            f"Received: {name}={value!r}"
        )
    return value


def fraction(name, value):
    """Gives back `value` if it is a number in `[0, 1)`.

    Args:
        name: The argument's name, for the message.
        value: What was received.

    Returns:
        `value`.

    Raises:
        ValueError: it is anything else.

    Example:
        >>> fraction("dropout", 0.5)
        0.5
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1:
        raise ValueError(f"Invalid value for argument `{name}`. Expected 0 <= {name} < 1. Received: {name}={value!r}")
    return value


def one_of(name, value, names):
    """Gives back `value` if it is one of `names`.

    Args:
        name: The argument's name, for the message.
        value: What was received.
        names: The strings that will do.

    Returns:
        `value`.

    Raises:
        ValueError: it is anything else.

    Example:
        >>> one_of("score", "dot", ["additive", "dot"])
        'dot'
    """
    if not isinstance(value, str) or value not in names:
        raise ValueError(
            f"Invalid value for argument `{name}`. Expected one of {sorted(names)}. Received: {name}={value!r}"
        )
    return value
