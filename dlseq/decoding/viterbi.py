"""Viterbi search: the best sequence of tags of which only some may follow each other."""

import numpy as np

__all__ = ["viterbi"]


def viterbi(log_probs, transitions, initial, lengths=None, final=None):
    """Return the tags with the largest sum of log-probabilities and transition scores.

    1. `best[0] = initial + log_probs[0]`
    2. `best[t, k] = log_probs[t, k] + max_j (best[t - 1, j] + transitions[j, k])`, over the tags `j` before which `k`
       may stand
    3. Follow the maximizing `j` back from the best tag of the last step, `best[-1] + final`.

    Args:
        log_probs: Floats `(B, T, K)`.
        transitions: Floats `(K, K)`: the score of tag `k` after tag `j`, `-inf` where it may not follow.
        initial: Floats `(K,)`: the score of the first tag.
        lengths: Integers `(B,)`, at least 1; later steps are padding. Defaults to `None`, all `T`.
        final: Floats `(K,)`: the score of the last tag. Defaults to `None`, zeros.

    Returns:
        Integers `(B, T)`; 0 in padding.

    Reference:
        Viterbi, 1967, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm".

    Example:
        >>> never_twice = np.array([[0.0, 0.0], [0.0, -np.inf]])
        >>> viterbi(np.log([[[0.4, 0.6], [0.1, 0.9]]]), never_twice, np.zeros(2)).tolist()
        [[0, 1]]
    """
    log_probs = np.asarray(log_probs)
    log_probs = log_probs if log_probs.dtype == np.float32 else log_probs.astype(np.float64)
    batch, steps, count = log_probs.shape
    lengths = np.full(batch, steps) if lengths is None else np.asarray(lengths)
    tags = np.zeros((batch, steps), np.int64)
    if not steps:
        return tags
    before, scores = _predecessors(np.asarray(transitions, np.float64))  # (K, P)
    best = (initial + log_probs[:, 0]).astype(np.float64)  # (B, K)
    origins = np.zeros((batch, steps, count), np.min_scalar_type(count))
    columns = np.arange(count)
    shortest = lengths.min(initial=steps)
    for step in range(1, steps):
        paths = best[:, before] + scores  # (B, K, P)
        chosen = paths.argmax(axis=2)
        origins[:, step] = before[columns, chosen]
        extended = np.take_along_axis(paths, chosen[:, :, None], 2)[:, :, 0] + log_probs[:, step]
        best = extended if step < shortest else np.where((step < lengths)[:, None], extended, best)
    rows = np.arange(batch)
    tag = (best if final is None else best + final).argmax(axis=1)
    for step in range(steps - 1, -1, -1):
        tags[:, step] = np.where(step < lengths, tag, 0)
        tag = np.where(step < lengths, origins[rows, step, tag], tag)
    return tags


def _predecessors(transitions):
    """Return the tags that may stand before each tag, and their scores, `(K, P)`; fewer than P are filled with -inf."""
    allowed = transitions > -np.inf
    before = np.argsort(~allowed, axis=0, kind="stable")[: max(int(allowed.sum(axis=0).max(initial=0)), 1)].T
    return before, transitions[before, np.arange(len(transitions))[:, None]]
