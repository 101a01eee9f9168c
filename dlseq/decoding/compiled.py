"""One graph for a whole search."""

from collections.abc import Callable

import keras

__all__ = ["compiled"]


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
