"""The one protocol of all decoders: `step(tokens, state) -> (logits, state)`.

`tokens` is int32 `(B,)`, one token a row. `logits` is `(B, V)`, of any float type. `state` is any nest of tensors with
the batch first, or None; what comes back has the same structure, shapes and types. A row of the result must depend on
that row of the arguments alone.
"""

import keras
from keras import ops

from dlseq.decoding.nested_state import leaves_of, nest_of
from dlseq.errors import DlseqError

__all__ = ["prepare", "take_step"]


def prepare(start_tokens, state) -> tuple:
    """Makes tensors of what a decoder starts from.

    Args:
        start_tokens: the first token that each row feeds to the model, `(B,)`.
        state: the nest to begin with, leaves `(B, ...)`.

    Returns:
        The tokens as int32 `(B,)` and the tuple of leaves. All know their batch size if one of them does.

    Raises:
        DlseqError: `start_tokens` is not of rank 1, or a leaf has another batch size.

    Example:
        >>> tokens, leaves = prepare([5, 6], None)
        >>> tuple(tokens.shape), leaves
        ((2,), ())
    """
    tokens = ops.convert_to_tensor(start_tokens)
    if len(tokens.shape) != 1:
        raise DlseqError(
            f"`start_tokens` must have the shape (B,), one token a row, but {tuple(tokens.shape)} was received. "
            "For a single sequence pass a list of one token."
        )
    tokens = ops.cast(tokens, "int32")
    leaves = leaves_of(state)
    sizes = {x.shape[0] for x in (tokens, *leaves)} - {None}
    if len(sizes) > 1:
        raise DlseqError(
            "`start_tokens` and every tensor of `state` must have the same batch size, but the sizes "
            f"{sorted(sizes)} were received. Begin with one token and one state for each row."
        )
    return ops.reshape(tokens, tuple(sizes) or (-1,)), leaves


def take_step(step, tokens, state, leaves) -> tuple:
    """Calls `step` once and checks that it kept to the protocol.

    Args:
        step: the model, see the head of this module.
        tokens: int32 `(B,)`.
        state: the nest that the search began with; only its structure counts.
        leaves: its present tensors.

    Returns:
        The log-probabilities of the next token, float32 `(B, V)`, and the new leaves. They are computed in float32
        whatever the type of the logits. A logit of -inf is a log-probability of -inf, also where all of a row are.

    Raises:
        DlseqError: logits of another shape than `(B, V)`, or a state of another structure, shape or type.

    Example:
        >>> import numpy as np
        >>> step = lambda tokens, state: (np.zeros((2, 4), "float32"), state)
        >>> log_probs, leaves = take_step(step, np.array([1, 1], "int32"), None, ())
        >>> np.exp(np.asarray(log_probs))[0].tolist()
        [0.25, 0.25, 0.25, 0.25]
    """
    logits, new_state = step(tokens, nest_of(state, leaves))
    logits = ops.convert_to_tensor(logits)
    if len(logits.shape) != 2 or logits.shape[1] is None or _differ(logits.shape[:1], tokens.shape):
        raise DlseqError(
            f"`step` must give logits of the shape (B, V) with B = {tokens.shape[0]} and V known, but "
            f"{tuple(logits.shape)} was received. Drop the axis of time, or set the number of columns."
        )
    logits = ops.cast(logits, "float32")
    log_probs = ops.where(logits == -float("inf"), logits, ops.log_softmax(logits, axis=-1))
    return log_probs, _checked_leaves(state, leaves, new_state)


def _differ(shape, other) -> bool:
    """Whether two shapes cannot be the same, as far as they are known."""
    return len(shape) != len(other) or any(
        a is not None and b is not None and a != b for a, b in zip(shape, other, strict=True)
    )


def _checked_leaves(state, leaves, new_state) -> tuple:
    expected, received = _places(state), _places(new_state)
    if expected != received:
        raise DlseqError(
            "`step` must give back a state of the structure that it was given, with tensors at "
            f"{expected or 'no place'}, but it gave tensors at {received or 'no place'}. "
            "Begin the search with a state of that structure."
        )
    new_leaves = []
    for place, old, new in zip(expected, leaves, leaves_of(new_state), strict=True):
        old_dtype, new_dtype = keras.backend.standardize_dtype(old.dtype), keras.backend.standardize_dtype(new.dtype)
        if old_dtype != new_dtype or _differ(old.shape, new.shape):
            raise DlseqError(
                f"`step` must keep the shape and type of its state, but at {place or 'its root'} it was given "
                f"{old_dtype} {tuple(old.shape)} and gave back {new_dtype} {tuple(new.shape)}. "
                "Cast or reshape it in `step`, or begin the search with a state like that."
            )
        unknown = sum(size is None for size in old.shape)
        if unknown <= 1 and tuple(old.shape) != tuple(new.shape):  # the graph has lost what is known about the shape
            new = ops.reshape(new, tuple(-1 if size is None else size for size in old.shape))
        new_leaves.append(new)
    return tuple(new_leaves)


def _places(state) -> list:
    """Where the tensors of a nest stand. Lists and tuples count as the same."""
    return [path for path, leaf in keras.tree.flatten_with_path(state) if leaf is not None]
