"""Beam search for the most probable sequences."""

from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from dlseq.decoding._validation import check_choice, check_end_id, check_integer, check_number
from dlseq.decoding.beams.extensions import (
    IMPOSSIBLE,
    Candidates,
    best_candidates,
    best_extensions,
    leading,
    log_normalizers,
)
from dlseq.decoding.beams.history import Endings, History, read_paths, write, write_output
from dlseq.decoding.constraint import Automaton, check_constraint
from dlseq.decoding.nested_state import flatten, gather_rows, pack, tile
from dlseq.decoding.protocol import Decoded, Hypotheses, prepare, take_step
from dlseq.errors import DlseqError

__all__ = ["beam_search"]

PENALTIES = ("gnmt", "power")


class Live(NamedTuple):
    """The live paths of a search. A log-probability of -inf marks an unused path."""

    tokens: Any  # (B * K,) int32, the inputs of the next step
    log_probs: Any  # (B, K) float32
    discarded: Any  # (B,) float32, the highest log-probability of an extension that was discarded
    leaves: tuple = ()  # the tensors of the model's state, (B * K, ...)
    automaton: tuple = ()  # the state of the constraint, (B * K,) int32, if there is one


class Finished(NamedTuple):
    """The best finished paths, and the state of the best one."""

    log_probs: Any  # (B, N) float32
    scores: Any  # (B, N) float32; -inf marks an unused one
    endings: Endings  # fields (B, N)
    leaves: tuple = ()  # (B, ...)


def beam_search(
    step,
    state,
    start_tokens,
    *,
    max_length: int,
    end_id: int | None,
    pad_id: int = 0,
    beam_width: int = 4,
    length_penalty=0.0,
    penalty: str = "gnmt",
    hypotheses: int | None = None,
    constraint: Automaton | None = None,
) -> Decoded:
    """Search for the sequences with the highest score, with `beam_width` live paths per row.

    A sequence either ends with `end_id` within `max_length` tokens, or has exactly `max_length` tokens and no end.
    Both kinds compete by `score = log_prob / ((5 + length) / 6) ** length_penalty`, the end token counted
    (Wu et al., "Google's neural machine translation system", 2016, arXiv:1609.08144), or with `penalty="power"` by
    `score = log_prob / length ** length_penalty`. At each step:

    1. every live path is extended by every token, and the best `2 K` of all extensions are ranked;
    2. those that end, and rank among the first `K`, become finished; a finished path is never extended;
    3. the best `K` that do not end are the new live paths. There always are `K`, since only one extension of a path
       ends: end tokens cannot displace the others.

    The search stops when the result of no row can change: the score of a live path is at most
    its log-probability divided by the penalty of `max_length`, because log-probabilities decrease and the penalty
    increases with the length. At `max_length` the live paths are added to the finished ones.

    - If the width exceeds the number of prefixes at every step, the search is exhaustive.
    - Width 1 without length penalty is `greedy_search`: by step 2 a path ends if the end token is the most probable
      token, and no continuation has a higher score. With a penalty above 0 the search continues past that end and may
      find a longer sequence with a better score. Without an end token both agree for every penalty.
      (Tokens whose probabilities differ only by float32 rounding may be chosen differently.)

    A wider beam usually finds a better sequence, but may lose one that a narrower beam keeps. Therefore the result says
    in `exact` for each row whether the search has proved that no sequence has a higher score: no extension that it
    discarded could reach the score of the best sequence. A result with a lower score than that of another width is
    never `exact`; one that is `exact` is the best for every width.

    A row does not depend on the other rows, up to rounding. The search tiles and reorders the state, not the caller; a
    tensor that `step` returns unchanged (a memory) is tiled once and not reordered. Ids and outputs are never
    reordered: each step records which path each new one extends, and the sequences are read backwards at the end. The
    outputs of all paths are kept: attention weights take `(T, B * K, Tx)` numbers.

    Args:
        step: The model, `step(tokens, state) -> (logits, state)`, see `dlseq.decoding.protocol`; called with `B * K`
            rows.
        state: The initial state, leaves `(B, ...)`, or `None`.
        start_tokens: Integers `(B,)`, the first inputs; not part of the result.
        max_length: The largest number of tokens of a sequence, `T`.
        end_id: The end token, or `None` if all sequences have `T` tokens.
        pad_id: The padding after the end. Defaults to `0`.
        beam_width: The number of live paths of a row, `K`. It may exceed the vocabulary. Defaults to `4`.
        length_penalty: The exponent, at least 0; 0 compares log-probabilities, larger values favor longer sequences.
            Defaults to `0.0`.
        penalty: The form of the length penalty, "gnmt" or "power". Defaults to `"gnmt"`.
        hypotheses: The number of sequences returned for a row, `N`; with 1 the search stops earliest. Defaults to
            `None`, which is `beam_width`.
        constraint: The `Automaton` of the allowed sequences, or `None` for all. Defaults to `None`.

    Returns:
        A `Decoded` with the best sequence of each row, the state and outputs of its path, all `N` sequences in
        `hypotheses`, and `exact`. The best sequence does not depend on `N`. If no sequence is possible (all logits
        -inf), the score is -inf and the length 0.

    Raises:
        DlseqError: an argument out of range or symbolic (`keras.Input`), or a `step` that breaks the protocol.

    Example:
        >>> import numpy as np
        >>> table = np.array([[0, 0.55, 0.45, 0], [0, 0.9, 0, 0.1], [0, 0, 0, 1], [1, 0, 0, 0]], "float32")
        >>> step = lambda tokens, state: (ops.log(ops.take(table, tokens, axis=0)), state)
        >>> decoded = beam_search(step, None, [0], max_length=5, end_id=3, beam_width=2)
        >>> np.asarray(decoded.ids).tolist(), round(float(ops.exp(decoded.log_probs)[0]), 2)
        ([[2, 3, 0, 0, 0]], 0.45)
    """
    max_length = check_integer("max_length", max_length, at_least=1)
    end_id = None if end_id is None else check_integer("end_id", end_id, at_least=0)
    width = check_integer("beam_width", beam_width, at_least=1)
    kept = width if hypotheses is None else check_integer("hypotheses", hypotheses, at_least=1)
    alpha = check_number("length_penalty", length_penalty, at_least=0)
    check_choice("penalty", penalty, PENALTIES)
    tokens, initial_leaves = prepare(start_tokens, state)
    if any(isinstance(leaf, keras.KerasTensor) for leaf in (tokens, *initial_leaves)):
        raise DlseqError(
            "Invalid arguments `start_tokens` and `state` of beam_search. Expected tensors of numbers. Received: a "
            "symbolic tensor (keras.Input). Search in the `call` of a layer or model."
        )
    first_paths = ops.arange(ops.shape(tokens)[0], dtype="int32")[:, None] * width  # (B, 1)
    # Positions of the leaves that `step` has changed in any call so far; only these differ between the paths of a row.
    changed = set()  # `extend` adds to it before it reads it, so each trace of the loop body is complete in itself

    def penalty_of(length):
        length = ops.cast(length, "float32")
        return ops.power((5.0 + length) / 6.0 if penalty == "gnmt" else length, ops.cast(alpha, "float32"))

    def should_continue(time, live, finished, history):
        reachable = live.log_probs[:, 0] / penalty_of(max_length)  # (B,)
        return ops.logical_and(time < max_length, ops.any(reachable > finished.scores[:, -1]))

    def extend(time, live, finished, history, result):
        changed.update(n for n, (old, new) in enumerate(zip(live.leaves, result.leaves, strict=True)) if old is not new)
        normalizers, logits = log_normalizers(result.logits), result.logits
        if constraint is not None:
            logits = constraint.mask(logits, *live.automaton)
        count = width if end_id is None else 2 * width
        candidates = best_extensions(live.log_probs, logits, normalizers, count + 1)
        discarded = ops.maximum(live.discarded, ops.min(candidates.log_probs, axis=1, initial=np.inf))  # (B,)
        candidates = leading(candidates, count)  # (B, C)
        if end_id is not None:
            ends = candidates.tokens == end_id  # (B, 2 K)
            ended = leading(candidates, width)  # (B, K)
            ended = ended._replace(log_probs=ops.where(ends[:, :width], ended.log_probs, IMPOSSIBLE))
            finished = _update_finished(
                finished,
                _endings(ended, time + 1, penalty_of),
                first_paths + ended.beams,
                result.leaves,
                changed,
            )
            late = ops.where(ends, candidates.log_probs, IMPOSSIBLE)[:, width:]  # too improbable to finish
            late = ops.max(late, axis=1, initial=IMPOSSIBLE)  # (B,)
            unended = ops.where(ends, IMPOSSIBLE, candidates.log_probs)  # (B, 2 K)
            candidates = best_candidates(candidates._replace(log_probs=unended), width + 1)
            late = ops.maximum(late, ops.min(candidates.log_probs, axis=1, initial=np.inf))
            discarded = ops.maximum(discarded, late)
            candidates = leading(candidates, width)  # (B, K)
        paths = ops.reshape(first_paths + candidates.beams, (-1,))  # (B * K,)
        tokens = ops.where(candidates.log_probs > IMPOSSIBLE, candidates.tokens, pad_id)  # (B, K)
        history = History(
            write(history.beams, candidates.beams, time),
            write(history.tokens, tokens, time),
            tuple(
                write_output(old, new, time)
                for old, new in zip(history.outputs, flatten(result.outputs, "outputs"), strict=True)
            ),
        )
        tokens = ops.reshape(tokens, (-1,))  # (B * K,)
        automaton = live.automaton
        if constraint is not None:
            automaton = (constraint.next_states(ops.take(*automaton, paths, axis=0), tokens),)
        live = Live(
            tokens=tokens,
            log_probs=candidates.log_probs,
            discarded=discarded,
            leaves=tuple(
                ops.take(leaf, paths, axis=0) if n in changed else leaf for n, leaf in enumerate(result.leaves)
            ),
            automaton=automaton,
        )
        return time + 1, live, finished, history

    def body(time, live, finished, history):
        return extend(time, live, finished, history, take_step(step, live.tokens, state, live.leaves))

    tiled = tile(initial_leaves, width)  # the first step, before the loop, has the structure of the outputs
    first = take_step(step, ops.repeat(tokens, width), state, tiled)
    check_end_id(end_id, first.logits.shape[1])
    check_constraint(constraint, first.logits.shape[1])
    live, finished = _initial_paths(tokens, width, kept)
    live, finished = live._replace(leaves=tiled), finished._replace(leaves=initial_leaves)
    if constraint is not None:
        live = live._replace(automaton=(constraint.initial_states(live.tokens),))
    beams = ops.arange(width, dtype="int32") + ops.zeros_like(first_paths)  # (B, K)
    history = History.empty(beams, flatten(first.outputs, "outputs"), max_length)
    variables = extend(ops.convert_to_tensor(0, "int32"), live, finished, history, first)
    time, live, finished, history = ops.while_loop(should_continue, body, variables)

    # After an early stop none of the live paths can be among the best.
    unended = Candidates(live.log_probs, *(ops.take(x, time - 1, axis=0) for x in (history.beams, history.tokens)))
    unended = _endings(unended, time, penalty_of)
    finished = _update_finished(finished, unended, first_paths + beams, live.leaves, changed)
    found = finished.scores > IMPOSSIBLE  # (B, N)
    endings = finished.endings._replace(lengths=ops.where(found, finished.endings.lengths, 0))
    ids, outputs = read_paths(history, endings, time, pad_id)
    best = Hypotheses(ids, finished.log_probs, finished.scores, endings.lengths)
    return Decoded(
        ids=best.ids[:, 0],
        log_probs=best.log_probs[:, 0],
        lengths=best.lengths[:, 0],
        state=pack(state, finished.leaves),
        outputs=pack(first.outputs, outputs),
        hypotheses=best,
        exact=best.scores[:, 0] >= live.discarded / penalty_of(max_length),
    )


def _initial_paths(tokens, width: int, kept: int) -> tuple[Live, Finished]:
    """Return one live path per row and no finished ones, without state tensors."""
    zeros = ops.zeros_like(tokens)[:, None]  # (B, 1)
    none = ops.repeat(zeros, kept, axis=1)  # (B, N)
    impossible = ops.cast(none, "float32") + IMPOSSIBLE
    unused = ops.where(ops.arange(width, dtype="int32") == 0, ops.cast(0.0, "float32"), IMPOSSIBLE)  # (K,)
    log_probs = ops.cast(zeros, "float32") + unused  # (B, K)
    live = Live(ops.repeat(tokens, width), log_probs, impossible[:, 0])
    return live, Finished(impossible, impossible, Endings(none, none, none))


def _endings(candidates: Candidates, length, penalty) -> Finished:
    lengths = ops.zeros_like(candidates.tokens) + length  # (B, C)
    scores = candidates.log_probs / penalty(length)
    return Finished(candidates.log_probs, scores, Endings(lengths, candidates.beams, candidates.tokens))


def _update_finished(finished: Finished, new: Finished, paths, leaves, changed) -> Finished:
    """Merge newly finished paths with the best so far.

    Args:
        finished: The `N` best so far.
        new: Any number of paths per row, without leaves.
        paths: int32 `(B, C)`, the place of each of `new` among all paths.
        leaves: The state of all paths, leaves `(B * K, ...)`.
        changed: The positions of the leaves that differ between the paths of a row.

    Returns:
        The `N` best of both; ties prefer older ones.
    """
    kept = finished.scores.shape[1]
    _, indices = ops.top_k(ops.concatenate([finished.scores, new.scores], axis=1), kept)  # (B, N)
    indices = ops.cast(indices, "int32")
    best = indices[:, :1] - kept  # (B, 1), the position in `new`, or negative if the best is an old one
    is_better = best >= 0
    path = gather_rows(paths, ops.maximum(best, 0))[:, 0]  # (B,)

    def merged(left, right):
        return gather_rows(ops.concatenate([left, right], axis=1), indices)

    def of_best(old_leaf, leaf):
        mask = ops.reshape(is_better, (-1, *(1,) * (len(leaf.shape) - 1)))
        return ops.where(mask, ops.take(leaf, path, axis=0), old_leaf)

    return Finished(
        merged(finished.log_probs, new.log_probs),
        merged(finished.scores, new.scores),
        Endings(*(merged(*pair) for pair in zip(finished.endings, new.endings, strict=True))),
        tuple(
            of_best(old_leaf, leaf) if n in changed else old_leaf
            for n, (old_leaf, leaf) in enumerate(zip(finished.leaves, leaves, strict=True))
        ),
    )
