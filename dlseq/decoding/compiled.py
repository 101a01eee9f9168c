"""One graph for a whole search."""

from collections.abc import Callable

import keras
import numpy as np

__all__ = ["compiled", "compiled_for_any_batch"]


def compiled(function: Callable) -> Callable:
    """Compiles a function of tensors with what the Keras backend offers.

    On TensorFlow this is `tf.function`, on JAX `jax.jit`; elsewhere the function itself comes back. It is traced once
    for each combination of shapes and of Python values among its arguments, so pass as tensors what varies (a seed, a
    temperature). `if` and `for` in it run while it is traced, on every backend alike.

    Args:
        function: takes and returns tensors, or nests of them. A `Decoded` is one.

    Returns:
        A function with the same arguments.

    Example:
        >>> import numpy as np
        >>> from keras import ops
        >>> from dlseq.decoding.greedy import greedy_search
        >>> step = lambda tokens, state: (ops.one_hot(tokens + 1, 4), state)
        >>> search = compiled(lambda start: greedy_search(step, None, start, max_length=3, end_id=None))
        >>> np.asarray(search(np.array([0], "int32")).ids).tolist()
        [[1, 2, 3]]
    """
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.function(function, reduce_retracing=True, autograph=False)
    if backend == "jax":
        import jax

        return jax.jit(function)
    return function


def compiled_for_any_batch(function: Callable) -> Callable:
    """Compiles a function that is called often, with batches of one size and then another.

    On TensorFlow it is traced once, in its first call, with the size of every first axis left open, and later calls go
    straight to the graph: a tenth of a millisecond where `tf.function`, which looks at its arguments first, takes half
    a millisecond and more. Elsewhere this is `compiled`.

    Args:
        function: takes nests of tensors `(B, ...)` and scalars, and returns tensors, or nests of them.

    Returns:
        A function with the same arguments. Later calls must pass the structure, types and further axes of the first;
        this is not checked.

    Example:
        >>> import numpy as np
        >>> double = compiled_for_any_batch(lambda pair: (pair[0] + pair[0], pair[1]))
        >>> [tuple(double((np.ones((rows, 3)), np.float32(2)))[0].shape) for rows in (5, 1, 4)]
        [(5, 3), (1, 3), (4, 3)]
    """
    if keras.backend.backend() != "tensorflow":
        return compiled(function)
    import tensorflow as tf

    graph, types = None, None

    def call(*arguments):
        nonlocal graph, types
        leaves = keras.tree.flatten(arguments)
        leaves = [leaf if type(leaf) is np.ndarray or tf.is_tensor(leaf) else tf.constant(leaf) for leaf in leaves]
        if graph is None:
            graph = traced(leaves, arguments)
            types = [leaf.dtype for leaf in tf.nest.flatten(graph.structured_outputs)]
        outputs = tf.raw_ops.StatefulPartitionedCall(args=[*leaves, *graph.captured_inputs], Tout=types, f=graph)
        return tf.nest.pack_sequence_as(graph.structured_outputs, outputs)

    def traced(leaves, structure):
        open_shapes = [tf.TensorSpec([None, *leaf.shape[1:]][: len(leaf.shape)], leaf.dtype) for leaf in leaves]
        of_leaves = tf.function(
            lambda *leaves: function(*keras.tree.pack_sequence_as(structure, leaves)), autograph=False
        )
        return of_leaves.get_concrete_function(*open_shapes)

    return call
