"""Compilation of a search or a step into one graph, on each Keras backend."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

__all__ = ["compiled"]


def compiled(function: Callable, *, any_batch_size: bool = False) -> Callable:
    """Compile a function of tensors with `tf.function` or `jax.jit`. PyTorch calls it directly, without gradients.

    The function is traced once for each combination of shapes and Python values among its arguments, so pass varying
    values (a seed, a temperature) as tensors. `if` and `for` statements run during tracing on all backends.

    With `any_batch_size`, few traces serve all batch sizes. Each row of the result may then only depend on the same row
    of the arguments. TensorFlow traces the function once, in its first call, with a dynamic first axis for all tensors,
    and later calls run the graph directly. The overhead of a call is a tenth of a millisecond instead of half a
    millisecond or more with `tf.function`, which inspects its arguments. Later calls must have the structure, dtypes
    and further axes of the first; this is not validated. JAX, whose shapes are static, computes on batches padded with
    zeros to the next power of two.

    Args:
        function: Takes and returns tensors, or nests of them, such as a `Decoded`.
        any_batch_size: Boolean, uses one trace for all batch sizes. Defaults to `False`.

    Returns:
        A function with the same arguments.

    Example:
        >>> from keras import ops
        >>> from dlseq.decoding.greedy import greedy_search
        >>> step = lambda tokens, state: (ops.one_hot(tokens + 1, 4), state)
        >>> search = compiled(lambda start: greedy_search(step, None, start, max_length=3, end_id=None))
        >>> np.asarray(search(np.array([0], "int32")).ids).tolist()
        [[1, 2, 3]]
        >>> double = compiled(lambda pair: (pair[0] + pair[0], pair[1]), any_batch_size=True)
        >>> [tuple(double((np.ones((rows, 3)), np.float32(2)))[0].shape) for rows in (5, 1, 4)]
        [(5, 3), (1, 3), (4, 3)]
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        if any_batch_size:
            return _traced_once(function)
        return tf.function(function, reduce_retracing=True, autograph=False)
    if backend == "jax":
        import jax

        return _padded(jax.jit(function)) if any_batch_size else jax.jit(function)
    if backend == "torch":
        import torch

        return torch.no_grad()(function)
    return function


def _padded(function):
    """Call a function on batches padded to a power of two, so that it is traced for few sizes."""

    def call(*arguments):
        rows = max(leaf.shape[0] for leaf in keras.tree.flatten(arguments) if np.ndim(leaf))
        padding = (1 << (rows - 1).bit_length()) - rows

        def pad(leaf):
            return ops.pad(leaf, [(0, padding), *[(0, 0)] * (np.ndim(leaf) - 1)]) if np.ndim(leaf) else leaf

        outputs = function(*keras.tree.map_structure(pad, arguments))
        return keras.tree.map_structure(lambda leaf: leaf[:rows] if np.ndim(leaf) else leaf, outputs)

    return call


def _traced_once(function):
    import tensorflow as tf

    graph, dtypes = None, None

    def call(*arguments):
        nonlocal graph, dtypes
        leaves = keras.tree.flatten(arguments)
        leaves = [leaf if type(leaf) is np.ndarray or tf.is_tensor(leaf) else tf.constant(leaf) for leaf in leaves]
        if graph is None:
            graph = trace(leaves, arguments)
            dtypes = [leaf.dtype for leaf in tf.nest.flatten(graph.structured_outputs)]
        outputs = tf.raw_ops.StatefulPartitionedCall(args=[*leaves, *graph.captured_inputs], Tout=dtypes, f=graph)
        return tf.nest.pack_sequence_as(graph.structured_outputs, outputs)

    def trace(leaves, structure):
        open_shapes = [tf.TensorSpec([None, *leaf.shape[1:]][: len(leaf.shape)], leaf.dtype) for leaf in leaves]
        of_leaves = tf.function(
            lambda *leaves: function(*keras.tree.pack_sequence_as(structure, leaves)), autograph=False
        )
        return of_leaves.get_concrete_function(*open_shapes)

    return call
