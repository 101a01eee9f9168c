"""Sampling of many sequences per row, with shared prefixes."""

import keras
import numpy as np
from keras import ops

from dlseq.decoding._validation import check_end_id, check_integer
from dlseq.decoding.constraint import Automaton, check_constraint
from dlseq.decoding.protocol import Decoded, prepare, take_step

__all__ = ["sample_shared_prefixes"]

MAX_BATCH_ROWS = 10_000
MAX_TABLE_SIZE = 2_000_000  # entries; above that, sorting is faster than a table of all keys


def sample_shared_prefixes(
    step,
    state,
    start_tokens,
    draw_rows,
    *,
    num_samples: int,
    max_length: int,
    end_id: int | None,
    pad_id: int,
    constraint: Automaton | None = None,
) -> Decoded:
    """Sample `num_samples` sequences from each row of a state; see `dlseq.decoding.sample`.

    A prefix is a parent state and the token read in it. At each step:

    1. the distinct prefixes of all unfinished rows are collected;
    2. `step` reads each of them once;
    3. a token is drawn for each row, from the logits of its prefix;
    4. rows that have ended leave the batch.

    Args:
        step: The model, see `dlseq.decoding.protocol`. Its result is validated in the first step.
        state: The initial state, leaves `(B, ...)`, or `None`.
        start_tokens: Integers `(B,)`.
        draw_rows: `draw_rows(logits, prefixes, rows, time, states) -> (tokens, gains)`: a token for each of `N` rows
            and its log-probability, `(N,)` each, from the logits of `P` prefixes, `(P, V)`, the prefix of each row,
            int32 `(N,)`, the numbers of the rows, int32 `(N,)`, the number of the step, and the state of the
            constraint after each prefix, int32 `(P,)`; zeros without one.
        num_samples: The number of sequences for each row of the state.
        max_length: The largest number of tokens of a sequence, `T`.
        end_id: The end token, or `None`.
        pad_id: The padding after the end.
        constraint: The `Automaton` of the allowed sequences, which `draw_rows` applies, or `None`.

    Returns:
        A `Decoded` of NumPy arrays, `B * num_samples` rows, without state and outputs.
    """
    max_length = check_integer("max_length", max_length, at_least=1)
    end_id = None if end_id is None else check_integer("end_id", end_id, at_least=0)
    start_tokens, leaves = prepare(start_tokens, state)
    first = take_step(step, start_tokens, state, leaves)
    check_end_id(end_id, first.logits.shape[1])
    check_constraint(constraint, first.logits.shape[1])
    start_tokens = ops.convert_to_numpy(start_tokens)
    count = len(start_tokens) * num_samples
    ids = np.full((count, max_length), pad_id, np.int32)
    log_probs, lengths = np.zeros(count, np.float32), np.zeros(count, np.int32)

    for begin in range(0, count, MAX_BATCH_ROWS):
        rows = np.arange(begin, min(count, begin + MAX_BATCH_ROWS), dtype=np.int32)  # unfinished
        parents = rows // num_samples  # the state before each row's last token
        tokens, states = start_tokens[parents], state
        for time in range(max_length):
            parents, tokens, prefixes = _distinct_prefixes(parents, tokens)  # (P,), (P,), (N,)
            taken = ops.convert_to_tensor(parents)
            states = keras.tree.map_structure(
                lambda leaf, taken=taken: None if leaf is None else ops.take(leaf, taken, axis=0), states
            )
            logits, states = step(ops.convert_to_tensor(tokens), states)[:2]
            if constraint is None or not time:
                reached = np.full(len(tokens), 0 if constraint is None else constraint.start, np.int32)  # (P,)
            else:
                reached = np.maximum(constraint.transitions[reached[parents], tokens], 0)
            drawn, gains = draw_rows(logits, prefixes, rows, time, reached)
            tokens = ops.convert_to_numpy(drawn)  # (N,)
            ids[rows, time] = tokens
            log_probs[rows] += ops.convert_to_numpy(gains)
            lengths[rows] += 1
            parents = prefixes
            if end_id is not None:
                unfinished = tokens != end_id
                rows, parents, tokens = rows[unfinished], parents[unfinished], tokens[unfinished]
            if not len(rows):
                break
    return Decoded(ids, log_probs, lengths, state=None)


def _distinct_prefixes(parents, tokens) -> tuple:
    """Return the parents and tokens of the distinct prefixes, ordered, and the prefix of each row, all int32."""
    size = int(tokens.max()) + 1
    keys = parents.astype(np.int64) * size + tokens  # (N,)
    bound = int(keys.max()) + 1
    if bound > MAX_TABLE_SIZE:
        distinct, prefixes = np.unique(keys, return_inverse=True)
    else:  # what `np.unique` returns, without sorting
        present = np.zeros(bound, bool)
        present[keys] = True
        distinct = np.flatnonzero(present)
        places = np.empty(bound, np.int32)
        places[distinct] = np.arange(len(distinct))
        prefixes = places[keys]
    return *(part.astype(np.int32) for part in np.divmod(distinct, size)), prefixes.astype(np.int32)
