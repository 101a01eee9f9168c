"""Decoding loop of greedy search and sampling, with one path per row and one token per step."""

from collections.abc import Callable
from typing import Any, NamedTuple

from keras import ops

from dlseq.decoding._validation import check_end_id, check_integer
from dlseq.decoding.constraint import Automaton, check_constraint
from dlseq.decoding.nested_state import flatten, freeze, gather_rows, pack, write_step, zero_buffers
from dlseq.decoding.protocol import Decoded, prepare, take_step

__all__ = ["decode_loop"]


class LoopState(NamedTuple):
    """Loop variables after `time` steps."""

    time: Any  # () int32
    tokens: Any  # (B,) int32, the inputs of the next step
    ids: Any  # (B, T) int32, padded
    log_probs: Any  # (B,) float32
    lengths: Any  # (B,) int32
    finished: Any  # (B,) bool
    leaves: tuple  # the tensors of the model's state, (B, ...)
    buffers: tuple  # the tensors of the model's outputs, (B, T, ...), zero in later steps
    automaton: tuple = ()  # the state of the constraint, (B,) int32, if there is one


def decode_loop(
    step,
    state,
    start_tokens,
    choose: Callable,
    *,
    max_length: int,
    end_id: int | None,
    pad_id: int,
    constraint: Automaton | None = None,
) -> Decoded:
    """Extend one path per row until all rows have ended or have `max_length` tokens.

    A row that has ended is frozen: its ids, log-probability and state no longer change, while `step` reads `pad_id` in
    its place. The first step runs before the loop, since it shows the structure of the outputs; all others are one
    `keras.ops.while_loop`, eager and compiled alike.

    Args:
        step: The model, see `dlseq.decoding.protocol`.
        state: The initial state, leaves `(B, ...)`, or `None`.
        start_tokens: Integers `(B,)`, read first and not part of the result.
        choose: `choose(log_probs, time) -> tokens`, from float32 `(B, V)` and the number of the step, an int32 scalar,
            to int32 `(B,)`. It sees -inf for tokens that the constraint does not allow.
        max_length: The largest number of tokens of a row, `T`.
        end_id: The end token, or `None` if all rows have `T` tokens.
        pad_id: The padding after the end.
        constraint: The `Automaton` of the allowed sequences, or `None`. Defaults to `None`.

    Returns:
        A `Decoded`.

    Raises:
        DlseqError: an argument out of range, or a `step` that breaks the protocol.

    Example:
        >>> import numpy as np
        >>> step = lambda tokens, state: (np.eye(4, dtype="float32")[np.asarray(tokens)], state)
        >>> next_id = lambda log_probs, time: ops.argmax(log_probs, axis=-1) + 1
        >>> decoded = decode_loop(step, None, [0, 1], next_id, max_length=4, end_id=3, pad_id=0)
        >>> np.asarray(decoded.ids).tolist(), np.asarray(decoded.lengths).tolist()
        ([[1, 2, 3, 0], [2, 3, 0, 0]], [3, 2])
    """
    max_length = check_integer("max_length", max_length, at_least=1)
    end_id = None if end_id is None else check_integer("end_id", end_id, at_least=0)
    tokens, leaves = prepare(start_tokens, state)
    columns = ops.arange(max_length, dtype="int32")

    def should_continue(*variables):
        loop = LoopState(*variables)
        return ops.logical_and(loop.time < max_length, ops.any(ops.logical_not(loop.finished)))

    def extend(loop, result):
        log_probs, automaton = result.log_probs, loop.automaton
        if constraint is not None:
            log_probs = constraint.mask(log_probs, *automaton)
        chosen = tokens = ops.cast(choose(log_probs, loop.time), "int32")  # (B,)
        gains = gather_rows(log_probs, tokens[:, None])[:, 0]  # (B,)
        if constraint is not None:
            automaton = (constraint.next_states(*automaton, tokens),)
        leaves, lengths, finished = result.leaves, loop.lengths + 1, loop.finished
        if end_id is not None:
            chosen = ops.where(finished, pad_id, chosen)
            gains = ops.where(finished, 0.0, gains)
            lengths = ops.where(finished, loop.lengths, lengths)
            leaves = freeze(finished, loop.leaves, leaves)
            finished = ops.logical_or(finished, chosen == end_id)
            tokens = ops.where(finished, pad_id, tokens)
        return LoopState(
            time=loop.time + 1,
            tokens=tokens,
            ids=ops.where(columns == loop.time, chosen[:, None], loop.ids),  # (B, T)
            log_probs=loop.log_probs + gains,
            lengths=lengths,
            finished=finished,
            leaves=leaves,
            buffers=write_step(loop.buffers, flatten(result.outputs, "outputs"), loop.time, loop.finished),
            automaton=automaton,
        )

    def body(*variables):
        loop = LoopState(*variables)
        return extend(loop, take_step(step, loop.tokens, state, loop.leaves))

    first = take_step(step, tokens, state, leaves)
    check_end_id(end_id, first.logits.shape[1])
    check_constraint(constraint, first.logits.shape[1])
    zeros = ops.zeros_like(tokens)
    initial = LoopState(
        time=ops.convert_to_tensor(0, "int32"),
        tokens=tokens,
        ids=ops.repeat(zeros[:, None] + pad_id, max_length, axis=1),  # (B, T)
        log_probs=ops.cast(zeros, "float32"),
        lengths=zeros,
        finished=ops.cast(zeros, "bool"),
        leaves=leaves,
        buffers=zero_buffers(flatten(first.outputs, "outputs"), max_length),
        automaton=() if constraint is None else (constraint.initial_states(tokens),),
    )
    final = LoopState(*ops.while_loop(should_continue, body, tuple(extend(initial, first))))
    return Decoded(
        ids=final.ids,
        log_probs=final.log_probs,
        lengths=final.lengths,
        state=pack(state, final.leaves),
        outputs=pack(first.outputs, final.buffers),
    )
