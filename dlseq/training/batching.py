"""Batches of sequences of like length, made while TensorFlow trains on the ones before."""

import numpy as np

__all__ = ["even_steps", "order_of", "paired_batches", "sequence_batches"]


def even_steps(steps, at_once=25):
    """Chooses how many batches TensorFlow runs in one call of `fit`, so that an epoch is a whole number of calls.

    With a remainder, Keras 3 runs the last call in full: an epoch would be longer than was said, the learning rate
    would fall too fast, and a resumed run could not tell how many epochs there were.

    Args:
        steps: Positive integer, the batches that an epoch could have.
        at_once: The most batches a call. Defaults to `25`.

    Returns:
        The batches an epoch, a few less than `steps` where need be, and those a call (`steps_per_execution`).

    Example:
        >>> even_steps(85), even_steps(83), even_steps(7)
        ((85, 17), (81, 9), (7, 7))
    """
    if steps <= at_once:
        return steps, steps
    calls = min(range(at_once, at_once // 3, -1), key=lambda count: steps % count)
    return steps - steps % calls, calls


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


def paired_batches(source, target, batch_size, steps, seed, first_epoch=0):
    """An endless dataset for `fit`: each batch is as wide as its longest source, not as the longest of all.

    Args:
        source: Integers `(N, Tx)`, padded with 0.
        target: Integers `(N, Ty)`.
        batch_size: Positive integer.
        steps: Positive integer, batches an epoch, at most `N // batch_size` but at least one.
        seed: Integer.
        first_epoch: Integer, the epoch to begin with, so that a resumed run goes on with the order it would have had.

    Returns:
        A `tf.data.Dataset` of `({"source": (B, T), "target": (B, Ty)}, target)`.

    Example:
        >>> ids = np.array([[3, 4, 0, 0], [5, 0, 0, 0]])
        >>> batches = paired_batches(ids, ids, batch_size=2, steps=1, seed=0)
        >>> tuple(next(iter(batches))[0]["source"].shape)
        (2, 2)
    """
    lengths = (source != 0).sum(axis=1)

    def batch(source, target):
        return {"source": source, "target": target}, target

    return _batches(lengths, [source], [target], batch, batch_size, steps, seed, first_epoch)


def sequence_batches(sequences, batch_size, steps, seed, first_epoch=0):
    """An endless dataset for `fit` of sequences that are their own targets, as a language model learns them.

    Args:
        sequences: Integers `(N, T)`, padded with 0.
        batch_size: Positive integer.
        steps: Positive integer, batches an epoch, at most `N // batch_size` but at least one.
        seed: Integer.
        first_epoch: Integer, the epoch to begin with, so that a resumed run goes on with the order it would have had.

    Returns:
        A `tf.data.Dataset` of `((B, T), (B, T))`, each batch as wide as its longest sequence.

    Example:
        >>> batches = sequence_batches(np.array([[3, 4, 2, 0], [5, 2, 0, 0]]), batch_size=2, steps=1, seed=0)
        >>> tuple(next(iter(batches))[0].shape)
        (2, 3)
    """
    lengths = (sequences != 0).sum(axis=1)
    return _batches(lengths, [sequences], [], lambda ids: (ids, ids), batch_size, steps, seed, first_epoch)


def _batches(lengths, cut, whole, batch, batch_size, steps, seed, first_epoch):
    """Deals rows epoch after epoch; the arrays in `cut` lose the columns that are padding in all rows of a batch."""
    import tensorflow as tf

    batch_size = min(batch_size, len(lengths))
    rows_of_epoch = tf.data.Dataset.counter(start=first_epoch).flat_map(
        lambda epoch: tf.data.Dataset.from_tensor_slices(
            tf.ensure_shape(
                tf.numpy_function(lambda e: order_of(lengths, batch_size, seed, int(e))[:steps], [epoch], tf.int64),
                (None, batch_size),
            )
        )
    )
    cut, whole, widths = [tf.constant(a) for a in cut], [tf.constant(a) for a in whole], tf.constant(lengths)

    def chosen(rows):
        width = tf.reduce_max(tf.gather(widths, rows))
        return batch(*(tf.gather(a, rows)[:, :width] for a in cut), *(tf.gather(a, rows) for a in whole))

    return rows_of_epoch.map(chosen).prefetch(16)
