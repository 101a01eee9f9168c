"""Texts from the step probabilities of connectionist temporal classification (CTC), in NumPy.

A path is one id at each step; its text is what remains after repeated ids are joined and blanks, id 0, are removed. The
probability of a text is the sum over all its paths.
"""

import dataclasses

import numpy as np

from dlseq.decoding._validation import check_integer
from dlseq.errors import DlseqError

__all__ = ["CTCHypothesis", "ctc_alignment", "ctc_beam_search", "ctc_greedy_search", "ctc_log_prob"]

BLANK = 0
MIN_LOG_PROB = -18.0
"""Symbols below it, one in 65 million, do not extend a beam."""


@dataclasses.dataclass(frozen=True)
class CTCHypothesis:
    """A text with its probability.

    Args:
        ids: Symbols of the text, without blanks.
        log_prob: Natural logarithm of the sum of the probabilities of all its paths.
    """

    ids: tuple[int, ...]
    log_prob: float


def ctc_greedy_search(log_probs: np.ndarray) -> tuple[int, ...]:
    """Return the text of the most probable path; another text can be more probable, by the sum of its paths.

    Args:
        log_probs: Floats `(S, V)`.

    Example:
        >>> ctc_greedy_search(np.log([[0.1, 0.9], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]]))
        (1, 1)
    """
    path = _checked(log_probs).argmax(axis=1)
    starts = np.concatenate([[True], path[1:] != path[:-1]])
    return tuple(path[starts & (path != BLANK)].tolist())


def ctc_log_prob(log_probs: np.ndarray, ids) -> float:
    """Return the log-probability of a text, the sum over all its paths.

    1. The states are the symbols with a blank before, between and after them.
    2. `alpha[t, s] = log_probs[t, symbol(s)] + logsumexp(alpha[t - 1, s], alpha[t - 1, s - 1], alpha[t - 1, s - 2])`,
       the last only to a symbol that differs from the one before.
    3. The paths end in the last symbol or the blank after it.

    Args:
        log_probs: Floats `(S, V)`.
        ids: Symbols, without blanks.

    Returns:
        A float, `-inf` for a text that needs more than `S` steps.

    Reference:
        Graves et al., 2006, "Connectionist temporal classification", equations 6 to 8.

    Example:
        >>> round(float(np.exp(ctc_log_prob(np.log([[0.4, 0.6], [0.4, 0.6]]), [1]))), 6)  # 1 - of two blanks
        0.84
    """
    scores, skips = _lattice(log_probs, ids)
    alpha = _begin(scores)
    for row in scores[1:]:
        alpha = row + np.logaddexp(
            np.logaddexp(alpha, _shifted(alpha, 1)), np.where(skips, _shifted(alpha, 2), -np.inf)
        )
    return float(np.logaddexp.reduce(alpha[-2:]))


def ctc_alignment(log_probs: np.ndarray, ids) -> list[tuple[int, int]]:
    """Return the steps of each symbol in the most probable path of a text, from the first to after the last.

    Args:
        log_probs: Floats `(S, V)`.
        ids: Symbols, without blanks.

    Raises:
        DlseqError: No path of `S` steps has this text.

    Example:
        >>> ctc_alignment(np.log([[0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.9, 0.1]]), [1])
        [(1, 3)]
    """
    scores, skips = _lattice(log_probs, ids)
    best, states = _begin(scores), np.arange(scores.shape[1])
    origins = np.zeros(scores.shape, np.int64)
    for step in range(1, len(scores)):
        paths = np.stack([best, _shifted(best, 1), np.where(skips, _shifted(best, 2), -np.inf)])  # (3, states)
        origins[step] = paths.argmax(axis=0)
        best = scores[step] + paths[origins[step], states]
    state = len(best) - 1
    if len(best) > 1 and best[-2] > best[-1]:
        state -= 1
    if best[state] == -np.inf:
        raise DlseqError(f"Expected a text of at most {len(scores)} steps. Received: {len(ids)} symbols: {list(ids)}.")
    visited = []
    for step in range(len(scores) - 1, -1, -1):
        visited.append(state)
        state -= origins[step, state]
    visited = np.array(visited[::-1])
    places = [np.flatnonzero(visited == 2 * index + 1) for index in range(len(ids))]
    return [(int(steps[0]), int(steps[-1]) + 1) for steps in places]


def ctc_beam_search(log_probs: np.ndarray, width: int = 8) -> list[CTCHypothesis]:
    """Return the most probable texts that a search of `width` beginnings finds, best first.

    At each step, a beginning keeps the probability of its paths that end in a blank and of those that do not: after a
    blank, the last symbol can be written again. The texts found have the exact probability of `ctc_log_prob`, to which
    paths outside of the beam belong too.

    Args:
        log_probs: Floats `(S, V)`.
        width: Number of beginnings that are kept at each step. Defaults to `8`.

    Returns:
        At most `width` hypotheses, each with a path of `S` steps.

    Reference:
        Hannun et al., 2014, "First-pass large vocabulary continuous speech recognition using bi-directional recurrent
        DNNs", algorithm 1, without language model.

    Example:
        >>> [best, second] = ctc_beam_search(np.log([[0.6, 0.4], [0.6, 0.4]]), width=2)
        >>> best.ids, round(float(np.exp(best.log_prob)), 2), second.ids  # the most probable path is two blanks
        ((1,), 0.64, ())
    """
    width = check_integer("width", width, at_least=1)
    log_probs = _checked(log_probs)
    beams = {(): (0.0, -np.inf)}  # beginning -> log-probability of paths to it that end in a blank, and in a symbol
    for row in log_probs:
        symbols = [index for index in np.flatnonzero(row > MIN_LOG_PROB).tolist() if index != BLANK]
        found: dict[tuple, list] = {}

        def add(ids, place, log_prob, found=found):
            pair = found.setdefault(ids, [-np.inf, -np.inf])
            pair[place] = np.logaddexp(pair[place], log_prob)

        for ids, (blank, symbol) in beams.items():
            both = np.logaddexp(blank, symbol)
            add(ids, 0, both + row[BLANK])
            if ids:
                add(ids, 1, symbol + row[ids[-1]])
            for index in symbols:
                add((*ids, index), 1, (blank if ids and ids[-1] == index else both) + row[index])
        best = sorted(found.items(), key=lambda item: -np.logaddexp(*item[1]))[:width]
        beams = {ids: tuple(pair) for ids, pair in best}
    hypotheses = [
        CTCHypothesis(ids, ctc_log_prob(log_probs, ids)) for ids, pair in beams.items() if max(pair) > -np.inf
    ]
    return sorted(hypotheses, key=lambda hypothesis: -hypothesis.log_prob)


def _checked(log_probs):
    """Return log-probabilities as float64 `(S, V)` of at least one step."""
    log_probs = np.asarray(log_probs, np.float64)
    if log_probs.ndim != 2 or not len(log_probs) or np.isnan(log_probs).any() or (log_probs > 1e-3).any():
        raise DlseqError(
            "Invalid value for argument `log_probs`. Expected log-probabilities (S, V) of at least one step. "
            f"Received: an array of shape {log_probs.shape}"
        )
    return log_probs


def _lattice(log_probs, ids):
    """Return log-probabilities of the states of a text `(S, 2 L + 1)`, and the states that may follow two before."""
    log_probs, states = _checked(log_probs), np.zeros(2 * len(ids) + 1, np.int64)
    states[1::2] = ids
    if (states[1::2] == BLANK).any() or (states < 0).any() or (states >= log_probs.shape[1]).any():
        raise DlseqError(
            f"Invalid value for argument `ids`. Expected symbols from 1 to {log_probs.shape[1] - 1}. "
            f"Received: {list(ids)}"
        )
    skips = np.zeros(len(states), bool)
    skips[3::2] = states[3::2] != states[1:-2:2]
    return log_probs[:, states], skips


def _begin(scores):
    """Return the scores of the first step: a path begins in the first blank or the first symbol."""
    begun = np.full(scores.shape[1], -np.inf)
    begun[:2] = scores[0, :2]
    return begun


def _shifted(values, count):
    """Return values moved up by `count` states."""
    return np.concatenate([np.full(count, -np.inf), values])[: len(values)]
