"""The loop that greedy search and sampling share: one path a row, one token a step.

The two differ in how they choose the next token, and in nothing else.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from keras import ops

from dlseq.decoding._arguments import end_token, whole_number
from dlseq.decoding.nested_state import freeze, gather_rows, nest_of
from dlseq.decoding.protocol import prepare, take_step
from dlseq.decoding.result import Decoded

__all__ = ["follow"]


class Paths(NamedTuple):
    """Where every row stands after `time` steps."""

    time: Any  # () int32
    tokens: Any  # (B,) int32, what the model reads next
    ids: Any  # (B, T) int32, padded where nothing is written yet
    log_probs: Any  # (B,) float32
    lengths: Any  # (B,) int32
    finished: Any  # (B,) bool


def follow(step, state, start_tokens, choose: Callable, *, max_length: int, end_id: int | None, pad_id: int) -> Decoded:
    """Extends one path a row until every row has ended or has `max_length` tokens.

    A row that has ended is frozen: its ids, its log-probability and its state stay what they were, while `step` reads
    `pad_id` in its place. The whole search is one `keras.ops.while_loop`, eager and compiled alike.

    Args:
        step: `step(tokens, state) -> (logits, state)`, see `dlseq.decoding.protocol`.
        state: the nest to begin with, leaves `(B, ...)`, or None.
        start_tokens: int `(B,)`, read first and not part of the result.
        choose: `choose(log_probs, time) -> tokens`: from float32 `(B, V)` and the number of the step, an int32
            scalar, to int32 `(B,)`.
        max_length: the most tokens of a row, `T`.
        end_id: the token that ends a row, or None if all rows have `T` tokens.
        pad_id: what stands after the end.

    Returns:
        A `Decoded`.

    Raises:
        DlseqError: an argument out of range, or a `step` that breaks the protocol.

    Example:
        >>> import numpy as np
        >>> step = lambda tokens, state: (np.eye(4, dtype="float32")[np.asarray(tokens)], state)
        >>> always_next = lambda log_probs, time: ops.argmax(log_probs, axis=-1) + 1
        >>> decoded = follow(step, None, [0, 1], always_next, max_length=4, end_id=3, pad_id=0)
        >>> np.asarray(decoded.ids).tolist(), np.asarray(decoded.lengths).tolist()
        ([[1, 2, 3, 0], [2, 3, 0, 0]], [3, 2])
    """
    max_length = whole_number("max_length", max_length, 1)
    end_id = None if end_id is None else whole_number("end_id", end_id, 0)
    tokens, leaves = prepare(start_tokens, state)
    nothing = ops.zeros_like(tokens)
    columns = ops.arange(max_length, dtype="int32")
    begin = Paths(
        time=ops.convert_to_tensor(0, "int32"),
        tokens=tokens,
        ids=ops.repeat(nothing[:, None] + pad_id, max_length, axis=1),  # (B, T)
        log_probs=ops.cast(nothing, "float32"),
        lengths=nothing,
        finished=ops.cast(nothing, "bool"),
    )

    def unfinished(paths, leaves):
        return ops.logical_and(paths.time < max_length, ops.any(ops.logical_not(paths.finished)))

    def extend(paths, leaves):
        log_probs, new_leaves = take_step(step, paths.tokens, state, leaves)  # (B, V)
        end_token(end_id, log_probs.shape[1])
        chosen = tokens = ops.cast(choose(log_probs, paths.time), "int32")
        gains = gather_rows(log_probs, tokens[:, None])[:, 0]
        lengths, finished = paths.lengths + 1, paths.finished
        if end_id is not None:
            chosen = ops.where(finished, pad_id, chosen)
            gains = ops.where(finished, 0.0, gains)
            lengths = ops.where(finished, paths.lengths, lengths)
            new_leaves = freeze(finished, leaves, new_leaves)
            finished = ops.logical_or(finished, chosen == end_id)
            tokens = ops.where(finished, pad_id, tokens)
        ids = ops.where(columns == paths.time, chosen[:, None], paths.ids)
        return Paths(paths.time + 1, tokens, ids, paths.log_probs + gains, lengths, finished), new_leaves

    paths, leaves = ops.while_loop(unfinished, extend, (begin, leaves))
    return Decoded(paths.ids, paths.log_probs, paths.lengths, nest_of(state, leaves))
