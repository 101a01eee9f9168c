"""Greedy search: the most probable token at each step."""

from keras import ops

from dlseq.decoding.constraint import Automaton
from dlseq.decoding.loop import decode_loop
from dlseq.decoding.protocol import Decoded

__all__ = ["greedy_search"]


def greedy_search(
    step,
    state,
    start_tokens,
    *,
    max_length: int,
    end_id: int | None,
    pad_id: int = 0,
    constraint: Automaton | None = None,
) -> Decoded:
    """Decode greedily: choose the most probable token at each step; ties choose the lowest id.

    Args:
        step: The model, `step(tokens, state) -> (logits, state)`, see `dlseq.decoding.protocol`.
        state: The initial state, leaves `(B, ...)`, or `None`.
        start_tokens: Integers `(B,)`, the first inputs; not part of the result.
        max_length: The largest number of tokens of a row, `T`.
        end_id: The end token, or `None` if all rows have `T` tokens.
        pad_id: The padding after the end, also the input of `step` for finished rows. Defaults to `0`.
        constraint: The `Automaton` of the allowed sequences, or `None` for all. Defaults to `None`.

    Returns:
        A `Decoded`. A row does not depend on the other rows, up to rounding.

    Raises:
        DlseqError: an argument out of range, or a `step` that breaks the protocol.

    Example:
        >>> import numpy as np
        >>> table = np.log([[0.1, 0.6, 0.3], [0.1, 0.2, 0.7], [0.3, 0.4, 0.3]]).astype("float32")
        >>> step = lambda tokens, state: (ops.take(table, tokens, axis=0), state)
        >>> decoded = greedy_search(step, None, [0], max_length=4, end_id=2)
        >>> np.asarray(decoded.ids).tolist(), round(float(ops.exp(decoded.log_probs)[0]), 2)
        ([[1, 2, 0, 0]], 0.42)
    """

    def most_probable(log_probs, time):
        # Two reductions are faster than `ops.argmax`, whose care for negative zeros LiteRT does not support either.
        size = log_probs.shape[1]
        best = ops.max(log_probs, axis=-1, keepdims=True, initial=-float("inf"))
        ids = ops.where(log_probs == best, ops.arange(size, dtype="int32"), size)  # (B, V)
        first = ops.min(ids, axis=-1, initial=size)  # (B,)
        return ops.where(first == size, 0, first)  # NaN equals nothing

    return decode_loop(
        step,
        state,
        start_tokens,
        most_probable,
        max_length=max_length,
        end_id=end_id,
        pad_id=pad_id,
        constraint=constraint,
    )
