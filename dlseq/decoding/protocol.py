"""The step protocol of all decoders, and their result.

A model is a function `step(tokens, state)` that returns `(logits, state)` or `(logits, state, outputs)`:

- `tokens`: int32 `(B,)`, one token per row.
- `state`: any nest of tensors `(B, ...)`, or `None`. The returned state has the same structure, shapes and types.
- `logits`: `(B, V)`, of any float type.
- `outputs`: any nest of tensors `(B, ...)` to be collected, such as `{"attention": (B, Tx)}`; the same in each step.
  The decoding loop stacks them to `(B, T, ...)`.

Each row of the result may only depend on the same row of the arguments.
"""

from typing import Any, NamedTuple

import keras
from keras import ops

from dlseq.decoding.nested_state import flatten, keep_static_shape, pack
from dlseq.errors import DlseqError

__all__ = ["Decoded", "Hypotheses", "StepResult", "prepare", "take_step"]


class Hypotheses(NamedTuple):
    """The `N` best sequences of each row, best first. A score of `-inf` marks an unused one."""

    ids: Any  # (B, N, T) int32, the end token included, padded after it
    log_probs: Any  # (B, N) float32
    scores: Any  # (B, N) float32, the log-probability divided by the length penalty
    lengths: Any  # (B, N) int32, the number of tokens, the end token included


class Decoded(NamedTuple):
    """Decoded sequences, one per row of the batch, as a named tuple that compiled functions can return.

    `log_probs` are those of the model, `sum_t log p(ids_t | ids_<t)`, without temperature, truncation or penalty.
    `state` is the state of each row at the end of its sequence, after the start token and all ids except the last.
    `outputs` has the outputs of `step`, stacked over the steps and zero after the end. `exact` is `True` where a beam
    search has proved that its best sequence is the best of all; see `beam_search`.

    Example:
        >>> decoded = Decoded(ids=[[7, 2, 0]], log_probs=[-0.5], lengths=[2], state=None)
        >>> decoded.ids[0][: decoded.lengths[0]]
        [7, 2]
    """

    ids: Any  # (B, T) int32, the end token included, padded after it
    log_probs: Any  # (B,) float32
    lengths: Any  # (B,) int32, the number of tokens, the end token included
    state: Any  # a nest like that of `step`, leaves (B, ...)
    outputs: Any = None  # a nest like that of `step`, leaves (B, T, ...), or None
    hypotheses: Hypotheses | None = None  # the best sequences of a beam search
    exact: Any = None  # (B,) bool, of a beam search: whether no sequence at all has a higher score

    @property
    def attention(self):
        """The attention weights `(B, T, Tx)` of a model whose step has the output `"attention"`."""
        return self.outputs["attention"]


class StepResult(NamedTuple):
    """Validated result of one call of `step`."""

    logits: Any  # (B, V) float32
    leaves: tuple  # the tensors of the new state, (B, ...)
    outputs: Any  # the nest of outputs, leaves (B, ...), or None

    @property
    def log_probs(self):
        """The log-probabilities, float32 `(B, V)`.

        A logit of -inf gives a log-probability of -inf, even if all logits of a row are -inf.
        """
        return ops.where(self.logits == -float("inf"), self.logits, ops.log_softmax(self.logits, axis=-1))


def prepare(start_tokens, state) -> tuple:
    """Convert start tokens and initial state to tensors.

    Args:
        start_tokens: The first input token of each row, `(B,)`.
        state: The initial state, leaves `(B, ...)`.

    Returns:
        The tokens as int32 `(B,)` and the tuple of leaves. All have a static batch size if one of them has.

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
            "Invalid shape of argument `start_tokens`. Expected (B,), one token a row. "
            f"Received: {tuple(tokens.shape)}. For a single sequence pass a list of one token."
        )
    tokens = ops.cast(tokens, "int32")
    leaves = flatten(state)
    sizes = {x.shape[0] for x in (tokens, *leaves)} - {None}
    if len(sizes) > 1:
        raise DlseqError(
            "Invalid batch size. Expected the same one for `start_tokens` and each tensor of `state`. "
            f"Received: batch sizes {sorted(sizes)}"
        )
    return ops.reshape(tokens, tuple(sizes) or (-1,)), leaves


def take_step(step, tokens, state, leaves) -> StepResult:
    """Call `step` once and validate its result.

    Args:
        step: The model, see the head of this module.
        tokens: int32 `(B,)`.
        state: The initial state of the search, for its structure.
        leaves: The current tensors of the state.

    Returns:
        A `StepResult`. Its logits are float32 for all dtypes of the model.

    Raises:
        DlseqError: the result is neither a pair nor a triple, the logits do not have the shape `(B, V)`, or the state
            has another structure, shape or dtype.

    Example:
        >>> import numpy as np
        >>> step = lambda tokens, state: (np.zeros((2, 4), "float32"), state)
        >>> result = take_step(step, np.array([1, 1], "int32"), None, ())
        >>> np.exp(np.asarray(result.log_probs))[0].tolist(), result.outputs
        ([0.25, 0.25, 0.25, 0.25], None)
    """
    result = step(tokens, pack(state, leaves))
    if not isinstance(result, (tuple, list)) or len(result) not in (2, 3):
        raise DlseqError(
            "Invalid result of `step`. Expected (logits, state) or (logits, state, outputs). "
            f"Received: {type(result).__name__}" + (f" of {len(result)}" if isinstance(result, (tuple, list)) else "")
        )
    logits, new_state, outputs = (*result, None)[:3]
    logits = ops.convert_to_tensor(logits)
    if len(logits.shape) != 2 or logits.shape[1] is None or _differ(logits.shape[:1], tokens.shape):
        raise DlseqError(
            f"Invalid shape of the logits that `step` returned. Expected (B, V) with B = {tokens.shape[0]} and a "
            f"static V. Received: {tuple(logits.shape)}. Remove the time axis, or set the number of columns."
        )
    return StepResult(ops.cast(logits, "float32"), _validated_leaves(state, leaves, new_state), outputs)


def _differ(shape, other) -> bool:
    """Return whether two shapes differ in rank or in a static size."""
    return len(shape) != len(other) or any(
        a is not None and b is not None and a != b for a, b in zip(shape, other, strict=True)
    )


def _validated_leaves(state, leaves, new_state) -> tuple:
    expected, received = _paths(state), _paths(new_state)
    if expected != received:
        raise DlseqError(
            "Invalid structure of the state that `step` returned. Expected tensors at "
            f"{expected or 'no path'}. Received: tensors at {received or 'no path'}"
        )
    new_leaves = []
    for path, old, new in zip(expected, leaves, flatten(new_state), strict=True):
        old_dtype, new_dtype = keras.backend.standardize_dtype(old.dtype), keras.backend.standardize_dtype(new.dtype)
        if old_dtype != new_dtype or _differ(old.shape, new.shape):
            raise DlseqError(
                f"Invalid shape or dtype of the state that `step` returned, at {path or 'its root'}. "
                f"Expected: {old_dtype} {tuple(old.shape)}. Received: {new_dtype} {tuple(new.shape)}. "
                "Cast or reshape it in `step`, or change the initial state."
            )
        new_leaves.append(keep_static_shape(new, old))
    return tuple(new_leaves)


def _paths(nest) -> list:
    """Return the paths of the tensors of a nest. Lists and tuples are equivalent."""
    return [path for path, leaf in keras.tree.flatten_with_path(nest) if leaf is not None]
