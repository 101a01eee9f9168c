"""Batches of sequences of like length, made while TensorFlow trains on the ones before."""

import numpy as np

__all__ = ["order_of", "paired_batches"]


def order_of(lengths, batch_size, seed, epoch):
    """Deals the rows of one epoch into batches of like length.

    Rows are shuffled, sorted by length give or take a symbol, cut into batches, and the batches are shuffled. What is
    left over when the batches are cut stays out for this epoch; which rows these are changes from epoch to epoch.

    Args:
        lengths: Integers `(N,)`.
        batch_size: Positive integer, at most `N`.
        seed: Integer, of the run.
        epoch: Integer; each has an order of its own.

    Returns:
        Row numbers, int64 `(N // batch_size, batch_size)`.

    Example:
        >>> order_of(np.array([9, 2, 9, 2]), batch_size=2, seed=0, epoch=0).shape
        (2, 2)
    """
    draw = np.random.default_rng([seed, epoch])
    rows = draw.permutation(len(lengths))[: len(lengths) // batch_size * batch_size]
    rows = rows[np.argsort(lengths[rows] + 1.5 * draw.random(len(rows)), kind="stable")]
    batches = rows.reshape(-1, batch_size)
    draw.shuffle(batches)
    return batches


def paired_batches(source, target, batch_size, seed, first_epoch=0):
    """An endless dataset for `fit`: each batch is as wide as its longest source, not as the longest of all.

    Args:
        source: Integers `(N, Tx)`, padded with 0.
        target: Integers `(N, Ty)`.
        batch_size: Positive integer.
        seed: Integer.
        first_epoch: Integer, the epoch to begin with, so that a resumed run goes on with the order it would have had.

    Returns:
        A `tf.data.Dataset` of `({"source": (B, T), "target": (B, Ty)}, target)` and the number of batches an epoch.

    Example:
        >>> ids = np.array([[3, 4, 0, 0], [5, 0, 0, 0]])
        >>> batches, steps = paired_batches(ids, ids, batch_size=2, seed=0)
        >>> tuple(next(iter(batches))[0]["source"].shape), steps
        ((2, 2), 1)
    """
    import tensorflow as tf

    lengths = (source != 0).sum(axis=1)
    batch_size = min(batch_size, len(source))
    rows_of_epoch = tf.data.Dataset.counter(start=first_epoch).flat_map(
        lambda epoch: tf.data.Dataset.from_tensor_slices(
            tf.ensure_shape(
                tf.numpy_function(lambda e: order_of(lengths, batch_size, seed, int(e)), [epoch], tf.int64),
                (None, batch_size),
            )
        )
    )
    sources, targets, widths = tf.constant(source), tf.constant(target), tf.constant(lengths)

    def batch(rows):
        width = tf.reduce_max(tf.gather(widths, rows))
        chosen = tf.gather(targets, rows)
        return {"source": tf.gather(sources, rows)[:, :width], "target": chosen}, chosen

    return rows_of_epoch.map(batch).prefetch(16), len(source) // batch_size
