"""Batches of sequences of similar length for training, built by `tf.data` while the backend trains on earlier ones."""

import numpy as np

__all__ = ["bucketed_batches", "bucketed_order", "steps_per_execution"]

SHORT_PART = 4  # one part of so many is the short rows


def steps_per_execution(steps, maximum=25):
    """Choose Keras's `steps_per_execution` so that an epoch is a whole number of executions.

    With a remainder, Keras 3 runs the last execution in full: the epoch would be longer than declared, the learning
    rate would fall too fast, and a resumed run could not compute the number of completed epochs.

    Args:
        steps: Positive integer, batches available per epoch.
        maximum: Maximal number of batches per execution. Defaults to `25`.

    Returns:
        Batches per epoch, a few less than `steps` where necessary, and batches per execution.

    Example:
        >>> steps_per_execution(85), steps_per_execution(83), steps_per_execution(7)
        ((85, 17), (81, 9), (7, 7))
    """
    if steps <= maximum:
        return steps, steps
    execution_steps = min(range(maximum, maximum // 3, -1), key=lambda count: steps % count)
    return steps - steps % execution_steps, execution_steps


def bucketed_order(lengths, batch_size, seed, epoch, short_first=0):
    """Distribute the rows of one epoch over batches of similar length.

    1. Shuffle the rows.
    2. Sort them by length plus noise of up to one and a half symbols.
    3. Cut them into batches and shuffle the batches.

    In the first `short_first` epochs, the shortest quarter of the rows takes the place of all, so each is drawn four
    times.

    Rows that do not fill a batch are left out of this epoch; which rows these are changes from epoch to epoch.

    Args:
        lengths: Integers `(N,)`.
        batch_size: Positive integer, at most `N`.
        seed: Integer, the seed of the run.
        epoch: Integer; each epoch has its own order.
        short_first: Integer, the number of first epochs with short rows only. Defaults to `0`.

    Returns:
        Row numbers, int64 `(N // batch_size, batch_size)`.

    Example:
        >>> bucketed_order(np.array([9, 2, 9, 2]), batch_size=2, seed=0, epoch=0).shape
        (2, 2)
    """
    random = np.random.default_rng([seed, epoch])
    used = len(lengths) // batch_size * batch_size
    if epoch < short_first:
        short = np.argsort(lengths, kind="stable")[: -(-len(lengths) // SHORT_PART)]
        rows = np.concatenate([random.permutation(short) for _ in range(SHORT_PART)])[:used]
    else:
        rows = random.permutation(len(lengths))[:used]
    rows = rows[np.argsort(lengths[rows] + 1.5 * random.random(len(rows)), kind="stable")]
    batches = rows.reshape(-1, batch_size)
    random.shuffle(batches)
    return batches


def bucketed_batches(x, y, batch_size, steps, *, seed, first_epoch=0, width_multiple=1, short_first=0):
    """Return an endless dataset for `Model.fit` of batches of similar length.

    An integer array `(N, T)` holds sequences of ids, padded with 0 at the end; a batch of it is as wide as its longest
    sequence, rounded up to `width_multiple`. Other arrays, such as images, are batched whole. The length of a row is
    the number of ids in all its sequences of `x`.

    Args:
        x: Array `(N, ...)` or a dict of such arrays.
        y: Array `(N, ...)` or a dict of such arrays.
        batch_size: Positive integer; at most `N` is used.
        steps: Positive integer, batches per epoch, at most `N // batch_size`.
        seed: Integer.
        first_epoch: Integer, the number of the first epoch, so that a resumed run continues the order. Defaults to `0`.
        width_multiple: Integer; widths are multiples of it, at most `T`, for a backend that compiles each width.
            Defaults to `1`.
        short_first: Integer, the number of first epochs with short rows only. Defaults to `0`.

    Returns:
        A `tf.data.Dataset` of `(x, y)`.

    Example:
        >>> ids = np.array([[3, 4, 0, 0], [5, 0, 0, 0]])
        >>> batch, _ = next(iter(bucketed_batches({"source": ids}, ids, batch_size=2, steps=1, seed=0)))
        >>> tuple(batch["source"].shape)
        (2, 2)
    """
    import keras
    import tensorflow as tf

    arrays = [np.asarray(array) for array in keras.tree.flatten((x, y))]
    widths = [_lengths(array) for array in arrays]
    count = len(arrays[0])
    lengths = sum((width for width in widths[: len(keras.tree.flatten(x))] if width is not None), np.zeros(count, int))
    batch_size = min(batch_size, count)

    def order(epoch):
        return bucketed_order(lengths, batch_size, seed, int(epoch), short_first)[:steps]

    def rows_of_epoch(epoch):
        rows = tf.numpy_function(order, [epoch], tf.int64)
        return tf.data.Dataset.from_tensor_slices(tf.ensure_shape(rows, (None, batch_size)))

    tensors = [tf.constant(array) for array in arrays]
    widths = [None if width is None else tf.constant(width) for width in widths]

    def batch_width(lengths):
        return -(-tf.reduce_max(lengths) // width_multiple) * width_multiple

    def gather(rows):
        batch = [
            tf.gather(tensor, rows)
            if width is None
            else tf.gather(tensor, rows)[:, : batch_width(tf.gather(width, rows))]  # (B, T)
            for tensor, width in zip(tensors, widths, strict=True)
        ]
        return keras.tree.pack_sequence_as((x, y), batch)

    return tf.data.Dataset.counter(start=first_epoch).flat_map(rows_of_epoch).map(gather).prefetch(16)


def _lengths(array):
    """Return the lengths `(N,)` of padded sequences of ids, or `None` for another array."""
    if array.ndim != 2 or not np.issubdtype(array.dtype, np.integer):
        return None
    return ((array != 0) * np.arange(1, array.shape[1] + 1)).max(axis=1, initial=0)
