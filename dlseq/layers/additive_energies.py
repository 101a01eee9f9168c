"""Energies of the additive score in bounded memory."""

import keras
from keras import ops

__all__ = ["MAX_ELEMENTS", "additive_energies", "block_units"]

MAX_ELEMENTS = 2**26
"""Largest number of elements of an intermediate tensor: 256 MiB in float32."""
UNKNOWN_SIZE_UNITS = 8
"""Units of a block above that limit in a graph of unknown sizes."""


def block_units(sizes, units):
    """Return the number of units of a block, so that `(B, Tq, Tv, block)` has at most `MAX_ELEMENTS` elements.

    Args:
        sizes: `(B, Tq, Tv)`, each an integer, or `None` in a graph of unknown sizes.
        units: Integer, the width of queries and keys.

    Returns:
        An integer from 1 to `units`, or `None` if a size is unknown.

    Example:
        >>> block_units((1, 1024, 1024), 256), block_units((2, 3, 4), 256), block_units((None, 3, 4), 256)
        (64, 256, None)
    """
    if None in sizes:
        return None
    rows, queries, keys = sizes
    return max(1, min(units, MAX_ELEMENTS // max(rows * queries * keys, 1)))


def additive_energies(query, keys, vector):
    """Compute `energies[b, i, j] = vector . tanh(query[b, i] + keys[b, j])`, a block of units at a time.

    The sums over all units, `(B, Tq, Tv, units)`, never exist at once; the gradient computes each block again. In a
    graph of unknown sizes, all units are one block up to the limit, and above it blocks have 8 units.

    Args:
        query: Tensor of shape `(B, Tq, units)`.
        keys: Tensor of shape `(B, Tv, units)`.
        vector: Tensor of shape `(units,)`.

    Returns:
        Energies of shape `(B, Tq, Tv)`, float64 for float64 and float32 for all other types.

    Example:
        >>> import numpy as np
        >>> query, keys = np.zeros((1, 2, 3), "float32"), np.ones((1, 4, 3), "float32")
        >>> np.asarray(additive_energies(query, keys, np.ones(3, "float32"))).round(4)[0, 0].tolist()
        [2.2848..., 2.2848..., 2.2848..., 2.2848...]
    """
    tensors = [ops.convert_to_tensor(x) for x in (query, keys, vector)]
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        energies = _energies_with_gradient(*_without_large_sizes(*tensors))
        return tf.ensure_shape(energies, (*tensors[0].shape[:2], tensors[1].shape[1]))
    block = block_units((*query.shape[:2], keys.shape[1]), vector.shape[0])
    has_gradients = keras.config.backend() in ("jax", "torch")
    return _energies(*tensors, block, keras.remat(_block_energies) if has_gradients else _block_energies)


def _without_large_sizes(query, keys, vector):
    """Hide the sizes of large sums from a TensorFlow graph.

    Where it knows them, its optimizer moves the blocks together, with the memory of all.
    """
    import tensorflow as tf

    block = block_units((*query.shape[:2], keys.shape[1]), vector.shape[0])
    if block in (None, vector.shape[0]) or tf.executing_eagerly():
        return query, keys, vector
    query, keys = (tf.raw_ops.PlaceholderWithDefault(input=x, shape=(None, None, x.shape[2])) for x in (query, keys))
    return query, keys, vector


@ops.custom_gradient
def _energies_with_gradient(query, keys, vector):
    """Compute the energies with TensorFlow. Unlike `keras.remat`, the gradient can be differentiated once more."""
    block = block_units((*query.shape[:2], keys.shape[1]), vector.shape[0])

    def gradient(upstream):
        return _in_blocks(_gradients, (query, keys, vector, upstream), block)

    return _in_blocks(_energies, (query, keys, vector), block), gradient


def _in_blocks(function, tensors, block):
    """Return `function(*tensors, block)`; if the block is unknown, choose it when the graph runs."""
    if block is not None:
        return function(*tensors, block)
    query, keys, vector = tensors[:3]
    elements = ops.cast(ops.shape(query)[0], "float32")
    for size in (ops.shape(query)[1], ops.shape(keys)[1], vector.shape[0]):
        elements = elements * ops.cast(size, "float32")  # an int32 could overflow
    return ops.cond(
        elements <= MAX_ELEMENTS,
        lambda: function(*tensors, vector.shape[0]),
        lambda: function(*tensors, min(UNKNOWN_SIZE_UNITS, vector.shape[0])),
    )


def _energies(query, keys, vector, block, block_energies=None):
    block_energies = block_energies or _block_energies
    energies = 0.0
    for start in range(0, vector.shape[0], block):
        block_sum = block_energies(*_block(query, keys, vector, start, block, after=[energies] if start else []))
        energies = energies + block_sum
    return energies


def _block_energies(query, keys, vector):
    tanh = ops.tanh(query + keys)  # (B, Tq, Tv, block)
    return ops.cast(ops.squeeze(ops.matmul(tanh, vector[:, None]), axis=-1), _energies_dtype(query))


def _gradients(query, keys, vector, upstream, block):
    after, gradients = [upstream], []
    upstream = ops.cast(upstream, query.dtype)  # (B, Tq, Tv)
    for start in range(0, vector.shape[0], block):
        block_query, block_keys, weights = _block(query, keys, vector, start, block, after)
        tanh = ops.tanh(block_query + block_keys)  # (B, Tq, Tv, block)
        of_vector = ops.matmul(ops.reshape(upstream, (1, -1)), ops.reshape(tanh, (-1, tanh.shape[-1])))[0]  # (block,)
        of_sums = ops.expand_dims(upstream, 3) * (1 - ops.square(tanh)) * weights  # (B, Tq, Tv, block)
        gradients.append((ops.sum(of_sums, axis=2), ops.sum(of_sums, axis=1), of_vector))
        after = gradients[-1]
    return tuple(ops.concatenate(blocks, axis=-1) for blocks in zip(*gradients, strict=True))


def _block(query, keys, vector, start, block, after):
    """Return a block of the query `(B, Tq, 1, block)`, the keys `(B, 1, Tv, block)` and the vector `(block,)`.

    TensorFlow would compute the blocks of a graph side by side, with the memory of all, and the blocks of the gradient
    together with those of the energies; so each waits for the tensors `after`.
    """
    if after and keras.config.backend() == "tensorflow":
        import tensorflow as tf

        with tf.control_dependencies(after):
            query, keys = tf.identity(query), tf.identity(keys)
    part = slice(start, start + block)
    return ops.expand_dims(query[..., part], 2), ops.expand_dims(keys[..., part], 1), vector[part]


def _energies_dtype(tensor):
    return "float64" if keras.backend.standardize_dtype(tensor.dtype) == "float64" else "float32"
