"""Batching of sequences by length for decoding and scoring, so that little of a batch is padding."""

import numpy as np

__all__ = ["batches_by_length", "padded_batches"]

MAX_BATCH_ROWS = 2_000
MIN_BATCH_ROWS = 40  # a batch of that size gains more from its own width than another call costs
WIDTH_MULTIPLE = 8  # widths are multiples of this, so that few graphs serve all lengths


def batches_by_length(lengths, *, min_rows=MIN_BATCH_ROWS, max_rows=MAX_BATCH_ROWS):
    """Distribute rows over batches of similar length, short rows first.

    Args:
        lengths: Integers `(N,)`.
        min_rows: Rows after which a wider row begins a new batch. Defaults to `40`.
        max_rows: Maximal number of rows of a batch. Defaults to `2000`.

    Yields:
        Row numbers of a batch, int64 `(B,)`, and its width: the greatest length, rounded up to a multiple of 8.

    Example:
        >>> [(rows.tolist(), width) for rows, width in batches_by_length([12, 5])]
        [([1, 0], 16)]
    """
    lengths = np.asarray(lengths, dtype=np.int64)
    order = np.argsort(lengths, kind="stable")
    widths = -(-lengths[order] // WIDTH_MULTIPLE) * WIDTH_MULTIPLE
    first = 0
    while first < len(order):
        end = min(first + max_rows, len(order))
        wider = np.flatnonzero(widths[first + min_rows : end] > widths[first + min_rows - 1 : end - 1])
        if len(wider):
            end = first + min_rows + int(wider[0])
        yield order[first:end], int(widths[end - 1])
        first = end


def padded_batches(ids, lengths, **limits):
    """Cut padded ids into batches of similar length.

    Args:
        ids: Integers `(N, T)`, padded with 0 at the end, or a dict of such arrays.
        lengths: Integers `(N,)`.
        **limits: `min_rows` and `max_rows` of `batches_by_length`.

    Yields:
        Row numbers of a batch, int64 `(B,)`, and its ids, `(B, width)`, or a dict of these.

    Example:
        >>> [(rows.tolist(), batch.shape) for rows, batch in padded_batches(np.array([[3, 4], [5, 0]]), [2, 1])]
        [([1, 0], (2, 8))]
    """
    for rows, width in batches_by_length(lengths, **limits):
        if isinstance(ids, dict):
            yield rows, {name: _padded(array[rows], width) for name, array in ids.items()}
        else:
            yield rows, _padded(ids[rows], width)


def _padded(ids, width):
    """Return ids `(B, T)` cut or padded to a width."""
    kept = ids[:, :width]
    return np.pad(kept, ((0, 0), (0, width - kept.shape[1])))
