"""Viterbi search: the best sequence of tags of which only some may follow each other."""

import numpy as np

__all__ = ["viterbi"]


def viterbi(log_probs, transitions, initial, lengths=None):
    """Return the tags with the largest sum of log-probabilities and transition scores.

    1. `best[0] = initial + log_probs[0]`
    2. `best[t, k] = log_probs[t, k] + max_j (best[t - 1, j] + transitions[j, k])`
    3. Follow the maximizing `j` back from the best tag of the last step.

    Args:
        log_probs: Floats `(B, T, K)`.
        transitions: Floats `(K, K)`: the score of tag `k` after tag `j`, `-inf` where it may not follow.
        initial: Floats `(K,)`: the score of the first tag.
        lengths: Integers `(B,)`, at least 1; later steps are padding. Defaults to `None`, all `T`.

    Returns:
        Integers `(B, T)`; 0 in padding.

    Reference:
        Viterbi, 1967, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm".

    Example:
        >>> never_twice = np.array([[0.0, 0.0], [0.0, -np.inf]])
        >>> viterbi(np.log([[[0.4, 0.6], [0.1, 0.9]]]), never_twice, np.zeros(2)).tolist()
        [[0, 1]]
    """
    log_probs = np.asarray(log_probs, np.float64)
    batch, steps, _ = log_probs.shape
    lengths = np.full(batch, steps) if lengths is None else np.asarray(lengths)
    tags = np.zeros((batch, steps), np.int64)
    if not steps:
        return tags
    best = initial + log_probs[:, 0]  # (B, K)
    origins = np.zeros(log_probs.shape, np.int64)
    for step in range(1, steps):
        paths = best[:, :, None] + transitions  # (B, K, K)
        origins[:, step] = paths.argmax(axis=1)
        extended = paths.max(axis=1) + log_probs[:, step]
        best = np.where((step < lengths)[:, None], extended, best)
    rows = np.arange(batch)
    tag = best.argmax(axis=1)
    for step in range(steps - 1, -1, -1):
        tags[:, step] = np.where(step < lengths, tag, 0)
        tag = np.where(step < lengths, origins[rows, step, tag], tag)
    return tags
