"""Whether tensors fit together: inputs, masks and keys of the layers that look at a sequence.

Only what is known of a shape is compared, so that a `None` in a functional model fits everything.
"""

__all__ = ["check_keys", "check_mask", "check_shapes", "pair_of_masks"]


def check_shapes(layer, shapes):
    """Checks what an attention layer is called on.

    Args:
        layer: The layer's name, for the message.
        shapes: Shapes of `[query, value]` or `[query, value, key]`.

    Returns:
        The shapes of query, value and key, each as a tuple; where there is no key, the value stands for it.

    Raises:
        ValueError: they are not such a list, or one of them does not fit the others.

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
    fits = len(query) in (2, 3) and len(value) == 3 and len(key) == 3
    if not fits or not _agree(query[:1], value[:1]) or not _agree(value[:2], key[:2]):
        raise ValueError(
            f"{layer} expected query (B, Tq, Dq) or (B, Dq), value (B, Tv, Dv) and, if given, key (B, Tv, Dk). "
            f"Received shapes: {shapes}"
        )
    return shapes


def check_mask(layer, name, mask, shape):
    """Checks that a mask has a flag for each step of what it masks.

    Args:
        layer: The layer's name, for the message.
        name: The name of what is masked, for the message.
        mask: The mask, or `None`, which fits everything. A batch of one serves every row.
        shape: The shape that is expected, `(B, T)`.

    Raises:
        ValueError: it has another shape.

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
            f"{layer} expected a mask of the {name} of shape {tuple(shape)}: one flag a step, False where it is "
            f"padding. Received a mask of shape: {received}"
        )


def check_keys(layer, keys, value_shape, width):
    """Checks that `keys` can stand for the projected value.

    Args:
        layer: The layer's name, for the message.
        keys: Tensor that should be of shape `(B, Tv, width)`.
        value_shape: `(B, Tv, Dv)`.
        width: The width of the layer's keys.

    Raises:
        ValueError: it has another shape.

    Example:
        >>> import numpy as np
        >>> check_keys("AttentionLayer", np.zeros((2, 5, 8)), (2, 5, 6), width=8)
    """
    expected = (*value_shape[:2], width)
    if not _agree(tuple(keys.shape), expected):
        raise ValueError(
            f"{layer} expected keys of shape {expected}: what `project(value)` of this layer returns. "
            f"Received keys of shape: {tuple(keys.shape)}"
        )


def pair_of_masks(layer, mask, names):
    """Takes the first two masks from a list of them.

    Args:
        layer: The layer's name, for the message.
        mask: `None`, or a list of two or three masks, each of which may be `None`.
        names: What the first two mask, for the message.

    Returns:
        The pair.

    Raises:
        ValueError: `mask` is a single mask, or a list of another length.

    Example:
        >>> pair_of_masks("AttentionLayer", None, ("query", "value"))
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
    """Whether two shapes can be the same, as far as they are known."""
    return len(shape) == len(other) and all(a is None or b is None or a == b for a, b in zip(shape, other, strict=True))
