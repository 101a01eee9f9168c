"""Validation of the layers' arguments, inputs, masks and keys.

Only the known part of a shape is compared, so that a `None` in a functional model fits everything.
"""

__all__ = [
    "check_choice",
    "check_fraction",
    "check_integer",
    "check_keys",
    "check_mask",
    "check_mask_pair",
    "check_shapes",
    "check_states",
]


def check_integer(name, value, at_least=1):
    """Return `value`, if it is an integer of at least `at_least`.

    Args:
        name: The argument's name, for the message.
        value: The argument.
        at_least: The smallest integer allowed. Defaults to `1`.

    Returns:
        `value`.

    Raises:
        ValueError: `value` is anything else; a boolean is not an integer here.

    Example:
        >>> check_integer("units", 8)
        8
        >>> check_integer("units", 0)
        Traceback (most recent call last):
        ValueError: Invalid value for argument `units`. Expected an integer of at least 1. Received: units=0
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
        raise ValueError(
            f"Invalid value for argument `{name}`. Expected an integer of at least {at_least}. "
            f"Received: {name}={value!r}"
        )
    return value


def check_fraction(name, value):
    """Return `value`, if it is a number in `[0, 1)`.

    Args:
        name: The argument's name, for the message.
        value: The argument.

    Returns:
        `value`.

    Raises:
        ValueError: `value` is anything else.

    Example:
        >>> check_fraction("dropout", 0.5)
        0.5
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < 1:
        raise ValueError(f"Invalid value for argument `{name}`. Expected 0 <= {name} < 1. Received: {name}={value!r}")
    return value


def check_choice(name, value, choices):
    """Return `value`, if it is one of `choices`.

    Args:
        name: The argument's name, for the message.
        value: The argument.
        choices: The strings allowed.

    Returns:
        `value`.

    Raises:
        ValueError: `value` is anything else.

    Example:
        >>> check_choice("score", "dot", ["additive", "dot"])
        'dot'
    """
    if not isinstance(value, str) or value not in choices:
        raise ValueError(
            f"Invalid value for argument `{name}`. Expected one of {sorted(choices)}. Received: {name}={value!r}"
        )
    return value


def check_shapes(layer, shapes):
    """Check the shapes of the inputs of an attention layer.

    Args:
        layer: The layer's name, for the message.
        shapes: Shapes of `[query, value]` or `[query, value, key]`.

    Returns:
        The shapes of query, value and key, each as a tuple; without a key, that of the value stands for it.

    Raises:
        ValueError: the inputs are not such a list, or a shape does not fit the others.

    Example:
        >>> check_shapes("AttentionLayer", [(2, 3, 4), (2, 5, 6)])
        [(2, 3, 4), (2, 5, 6), (2, 5, 6)]
    """
    if (
        not isinstance(shapes, (list, tuple))
        or len(shapes) not in (2, 3)
        or any(shape is None or isinstance(shape, int) for shape in shapes)
    ):
        raise ValueError(
            f"{layer} must be called on a list [query, value] or [query, value, key]. "
            f"Received inputs of shape: {shapes}"
        )
    query, value, key = shapes = [tuple(shape) for shape in (*shapes, shapes[1])[:3]]
    ranks_fit = len(query) in (2, 3) and len(value) == 3 and len(key) == 3
    if not ranks_fit or not _agree(query[:1], value[:1]) or not _agree(value[:2], key[:2]):
        raise ValueError(
            f"{layer} expected query (B, Tq, Dq) or (B, Dq), value (B, Tv, Dv) and, if given, key (B, Tv, Dk). "
            f"Received shapes: {shapes}"
        )
    return shapes


def check_mask(layer, name, mask, shape):
    """Check the shape of a mask.

    Args:
        layer: The layer's name, for the message.
        name: The name of the masked tensor, for the message.
        mask: The mask, or `None` for no mask. A batch size of 1 is broadcast.
        shape: The expected shape, `(B, T)`.

    Raises:
        ValueError: the mask has another shape.

    Example:
        >>> import numpy as np
        >>> check_mask("AttentionLayer", "value", np.ones((2, 5), "bool"), (2, 5))
    """
    if mask is None:
        return
    received = tuple(mask.shape)
    expected = shape if received[:1] != (1,) else (1, *shape[1:])
    if not _agree(received, expected):
        raise ValueError(
            f"{layer} expected a mask of the {name} of shape {tuple(shape)}, False for padding. "
            f"Received a mask of shape: {received}"
        )


def check_keys(layer, keys, value_shape, width):
    """Check the shape of projected keys.

    Args:
        layer: The layer's name, for the message.
        keys: Tensor that should be of shape `(B, Tv, width)`.
        value_shape: `(B, Tv, Dv)`.
        width: The width of the layer's keys.

    Raises:
        ValueError: the keys have another shape.

    Example:
        >>> import numpy as np
        >>> check_keys("AttentionLayer", np.zeros((2, 5, 8)), (2, 5, 6), width=8)
    """
    expected = (*value_shape[:2], width)
    if not _agree(tuple(keys.shape), expected):
        raise ValueError(
            f"{layer} expected keys of shape {expected}, as returned by `project(value)` of this layer. "
            f"Received keys of shape: {tuple(keys.shape)}"
        )


def check_states(layer, states, shape):
    """Check the shapes of initial states.

    Args:
        layer: The layer's name, for the message.
        states: List of tensors.
        shape: The expected shape of each, `(B, units)`.

    Raises:
        ValueError: a state has another shape.

    Example:
        >>> import numpy as np
        >>> check_states("LSTM", [np.zeros((2, 4)), np.zeros((2, 4))], (2, 4))
    """
    for state in states:
        if not _agree(tuple(state.shape), shape):
            raise ValueError(
                f"{layer} expected initial states of shape {tuple(shape)}, with the batch size of its input. "
                f"Received a state of shape: {tuple(state.shape)}"
            )


def check_mask_pair(layer, mask, names):
    """Return the first two masks of a list.

    Args:
        layer: The layer's name, for the message.
        mask: `None`, or a list of two or three masks, each of which may be `None`.
        names: The names of the first two masked tensors, for the message.

    Returns:
        The pair of masks.

    Raises:
        ValueError: `mask` is a single mask, or a list of another length.

    Example:
        >>> check_mask_pair("AttentionLayer", None, ("query", "value"))
        (None, None)
    """
    if mask is None:
        return None, None
    if not isinstance(mask, (list, tuple)) or len(mask) not in (2, 3):
        raise ValueError(
            f"{layer} takes mask=[{names[0]}_mask, {names[1]}_mask], either of them None. Received: mask={mask}"
        )
    return mask[0], mask[1]


def _agree(shape, other):
    """Return whether two shapes can be the same, as far as they are known."""
    return len(shape) == len(other) and all(a is None or b is None or a == b for a, b in zip(shape, other, strict=True))
