"""The most probable sequences, looked for along several paths at once."""

from typing import Any, NamedTuple

from keras import ops

from dlseq.decoding._arguments import end_token, number, whole_number
from dlseq.decoding.nested_state import gather_rows, nest_of, tile
from dlseq.decoding.protocol import prepare, take_step
from dlseq.decoding.result import Decoded, Hypotheses

__all__ = ["beam_search"]

NEVER = -float("inf")  # the log-probability of a path that does not exist


class Live(NamedTuple):
    """The paths that go on. One whose log-probability is -inf is only a place kept free."""

    tokens: Any  # (B * K,) int32, what the model reads next
    ids: Any  # (B * K, T) int32
    log_probs: Any  # (B, K) float32


class Candidates(NamedTuple):
    """The best one-token extensions of the live paths, best first."""

    log_probs: Any  # (B, C) float32
    beams: Any  # (B, C) int32, the live path that each extends
    tokens: Any  # (B, C) int32


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
    hypotheses: int | None = None,
) -> Decoded:
    """Looks for the sequences with the highest score, keeping `beam_width` live paths a row.

    A sequence either ends with `end_id` within `max_length` tokens, or has exactly `max_length` tokens and no end.
    Both kinds compete by `score = log_prob / ((5 + length) / 6) ** length_penalty`, the end token counted
    (Wu et al., "Google's neural machine translation system", 2016, arXiv:1609.08144). At each step:

    1. every live path is extended by every token, and the best `2 K` of all extensions are ranked;
    2. those that end, and rank among the first `K`, become finished; a finished path is never extended;
    3. the best `K` that do not end are the new live paths. There always are `K`, since only one extension of a path
       ends: an end token cannot starve the others.

    The search stops when no row can change its result any more: a live path can still reach at most
    `log_prob / ((5 + max_length) / 6) ** length_penalty`, because log-probabilities only fall and the penalty only
    grows. At `max_length` the live paths join the finished ones.

    - A width that no step fills is exhaustive: the result is the best of all sequences.
    - With width 1 and no length penalty it is `greedy_search`: by step 2 a path ends where the end token is the most
      probable one, and nothing after that can be better. With a penalty above 0 the search goes on past that end and
      may find a longer sequence with a better score. Without an end token both agree whatever the penalty.
      (Where two tokens tie but for float32 rounding, the two may take different ones.)

    Each row is what it would be alone in its batch, but for rounding. State is tiled and reordered here,
    never by the caller; a tensor that `step` hands back untouched (a memory) is tiled once and left alone.

    Args:
        step: `step(tokens, state) -> (logits, state)`, see `dlseq.decoding.protocol`; called with `B * K` rows.
        state: the nest to begin with, leaves `(B, ...)`, or None.
        start_tokens: int `(B,)`, read first and not part of the result.
        max_length: the most tokens of a sequence, `T`.
        end_id: the token that ends a sequence, or None if all have `T` tokens.
        pad_id: what stands after the end.
        beam_width: how many live paths a row has, `K`. It may exceed the vocabulary.
        length_penalty: the exponent, at least 0; 0 compares log-probabilities, more favours longer sequences.
        hypotheses: how many sequences a row gives, `N`; None means `beam_width`. With 1 the search can stop soonest.

    Returns:
        A `Decoded` with the best sequence of each row, the state of that very path, and all `N` in its `hypotheses`.
        Where no sequence at all is possible (every logit -inf), the score is -inf and the length 0.

    Raises:
        DlseqError: an argument out of range, or a `step` that breaks the protocol.

    Example:
        >>> import numpy as np
        >>> table = np.array([[0, 0.55, 0.45, 0], [0, 0.9, 0, 0.1], [0, 0, 0, 1], [1, 0, 0, 0]], "float32")
        >>> step = lambda tokens, state: (ops.log(ops.take(table, tokens, axis=0)), state)
        >>> decoded = beam_search(step, None, [0], max_length=5, end_id=3, beam_width=2)
        >>> np.asarray(decoded.ids).tolist(), round(float(ops.exp(decoded.log_probs)[0]), 2)
        ([[2, 3, 0, 0, 0]], 0.45)
    """
    max_length = whole_number("max_length", max_length, 1)
    end_id = None if end_id is None else whole_number("end_id", end_id, 0)
    width = whole_number("beam_width", beam_width, 1)
    kept = width if hypotheses is None else whole_number("hypotheses", hypotheses, 1)
    alpha = number("length_penalty", length_penalty, least=0)
    tokens, first_leaves = prepare(start_tokens, state)
    rows = ops.arange(ops.shape(tokens)[0], dtype="int32")[:, None] * width  # (B, 1), the first path of each row
    columns = ops.arange(max_length, dtype="int32")
    changed = set()  # the numbers of the leaves that `step` has ever touched; the paths of a row share the others

    def penalty(length):
        return ops.power((5.0 + ops.cast(length, "float32")) / 6.0, ops.cast(alpha, "float32"))

    def improvable(time, live, finished, leaves, best_leaves):
        reachable = live.log_probs[:, 0] / penalty(max_length)
        return ops.logical_and(time < max_length, ops.any(reachable > finished.scores[:, -1]))

    def written(live, candidates, time):
        ids = ops.take(live.ids, rows + candidates.beams, axis=0)  # (B, C, T)
        return ops.where(columns == time, candidates.tokens[..., None], ids)

    def extend(time, live, finished, leaves, best_leaves):
        log_probs, leaves_after = take_step(step, live.tokens, state, leaves)  # (B * K, V)
        end_token(end_id, log_probs.shape[1])
        changed.update(n for n, (old, new) in enumerate(zip(leaves, leaves_after, strict=True)) if old is not new)
        candidates = _best_extensions(live, log_probs, width if end_id is None else 2 * width)
        if end_id is not None:
            ends = candidates.tokens == end_id
            entrants = Candidates(*(field[:, :width] for field in candidates))
            entrants = entrants._replace(log_probs=ops.where(ends[:, :width], entrants.log_probs, NEVER))
            new = _hypotheses(entrants, written(live, entrants, time), time + 1, penalty)
            paths = rows + entrants.beams
            finished, best_leaves = _admit(finished, best_leaves, new, leaves_after, paths, changed)
            candidates = _best(candidates._replace(log_probs=ops.where(ends, NEVER, candidates.log_probs)), width)
        ids = ops.reshape(written(live, candidates, time), (-1, max_length))
        paths = ops.reshape(rows + candidates.beams, (-1,))  # (B * K,)
        leaves = tuple(ops.take(leaf, paths, axis=0) if n in changed else leaf for n, leaf in enumerate(leaves_after))
        tokens = ops.where(candidates.log_probs > NEVER, candidates.tokens, pad_id)
        return time + 1, Live(ops.reshape(tokens, (-1,)), ids, candidates.log_probs), finished, leaves, best_leaves

    begin = _first_paths(tokens, width, kept, max_length, pad_id)
    loop = (ops.convert_to_tensor(0, "int32"), *begin, tile(first_leaves, width), first_leaves)
    time, live, finished, leaves, best_leaves = ops.while_loop(improvable, extend, loop)

    beams = ops.arange(width, dtype="int32") + ops.zeros_like(rows)  # (B, K)
    unended = Candidates(live.log_probs, beams, beams)  # where the search stopped early, none of them gets in
    ids = ops.take(live.ids, rows + beams, axis=0)
    new = _hypotheses(unended, ids, time, penalty)
    finished, best_leaves = _admit(finished, best_leaves, new, leaves, rows + beams, changed)
    found = finished.scores > NEVER
    finished = finished._replace(
        ids=ops.where(found[..., None], finished.ids, pad_id), lengths=ops.where(found, finished.lengths, 0)
    )
    return Decoded(
        finished.ids[:, 0], finished.log_probs[:, 0], finished.lengths[:, 0], nest_of(state, best_leaves), finished
    )


def _first_paths(tokens, width: int, kept: int, max_length: int, pad_id: int) -> tuple[Live, Hypotheses]:
    """One live path a row, and no finished one."""
    nothing = ops.zeros_like(tokens)[:, None]  # (B, 1)
    empty = ops.repeat(nothing, kept, axis=1)  # (B, N)
    never = ops.cast(empty, "float32") + NEVER
    blank = ops.repeat(nothing + pad_id, max_length, axis=1)  # (B, T)
    certain = ops.cast(nothing, "float32") + ops.where(ops.arange(width) == 0, 0.0, NEVER)  # (B, K)
    live = Live(ops.repeat(tokens, width), ops.repeat(blank, width, axis=0), certain)
    return live, Hypotheses(ops.repeat(blank[:, None], kept, axis=1), never, never, empty)


def _best_extensions(live: Live, log_probs, count: int) -> Candidates:
    """The `count` best extensions of all live paths of a row. A path that does not exist has none."""
    width = live.log_probs.shape[1]
    before = live.log_probs[..., None]  # (B, K, 1)
    vocabulary_size = log_probs.shape[1]
    log_probs = ops.reshape(log_probs, (-1, width, vocabulary_size))
    totals = ops.where(before > NEVER, before + log_probs, NEVER)  # (B, K, V)
    if width * vocabulary_size < count:  # a vocabulary of one token: a second, impossible one fills the ranks
        totals = ops.concatenate([totals, ops.full_like(totals, NEVER)], axis=-1)
        vocabulary_size *= 2
    best, places = ops.top_k(ops.reshape(totals, (-1, width * vocabulary_size)), count)  # (B, C)
    places = ops.cast(places, "int32")
    return Candidates(best, places // vocabulary_size, places % vocabulary_size)


def _best(candidates: Candidates, count: int) -> Candidates:
    best, picks = ops.top_k(candidates.log_probs, count)
    picks = ops.cast(picks, "int32")
    return Candidates(best, gather_rows(candidates.beams, picks), gather_rows(candidates.tokens, picks))


def _hypotheses(candidates: Candidates, ids, length, penalty) -> Hypotheses:
    lengths = ops.zeros_like(candidates.tokens) + length
    return Hypotheses(ids, candidates.log_probs, candidates.log_probs / penalty(length), lengths)


def _admit(finished: Hypotheses, best_leaves, new: Hypotheses, leaves, paths, changed) -> tuple[Hypotheses, tuple]:
    """Merges new hypotheses with the finished ones, and keeps the state of the best.

    Args:
        finished: the `N` best so far.
        best_leaves: the state of the first of them, leaves `(B, ...)`.
        new: those that would join, any number a row; a score of -inf marks one that does not.
        leaves: the state of all paths, leaves `(B * K, ...)`.
        paths: int32 `(B, C)`, where in `leaves` each of `new` has its state.
        changed: the numbers of the leaves that differ between the paths of a row.

    Returns:
        The `N` best of both, the older first where scores are equal, and the state of the first.
    """
    kept = finished.scores.shape[1]
    _, picks = ops.top_k(ops.concatenate([finished.scores, new.scores], axis=1), kept)  # (B, N)
    picks = ops.cast(picks, "int32")
    merged = (ops.concatenate([old, young], axis=1) for old, young in zip(finished, new, strict=True))
    newcomer = picks[:, :1] - kept  # (B, 1), negative where the best is still the same
    path = gather_rows(paths, ops.maximum(newcomer, 0))[:, 0]

    def best_leaf(old, leaf):
        mask = ops.reshape(newcomer >= 0, (-1,) + (1,) * (len(leaf.shape) - 1))
        return ops.where(mask, ops.take(leaf, path, axis=0), old)

    best_leaves = tuple(
        best_leaf(old, leaf) if n in changed else old
        for n, (old, leaf) in enumerate(zip(best_leaves, leaves, strict=True))
    )
    return Hypotheses(*(gather_rows(values, picks) for values in merged)), best_leaves
