"""Detection of compilers and converters that trace a graph and have no fused LSTM kernel.

TensorFlow only. `tf.__internal__` is the part of TensorFlow's interface that was made for Keras, and Keras names no
export that is going on, so this module looks at the callers instead. `tests/kernels/test_tracing.py` fails with a
release in which one of both no longer holds.
"""

import inspect

import tensorflow as tf

__all__ = ["kernel_is_available"]

# Modules, or packages with a dot at the end, that trace a model in order to convert it.
CONVERTERS = ("keras.src.export.onnx", "keras.src.export.litert", "tensorflow.lite.", "tf2onnx.")


def kernel_is_available() -> bool:
    """Return whether the code that runs now may use the kernels of TensorFlow's runtime.

    Eager code may, and so may graphs and SavedModels. A graph that `tf.function(jit_compile=True)` compiles with XLA
    may not, nor one that is traced for ONNX or LiteRT. A `tf.function` that was traced before it is called within such
    a graph is not traced again, so it keeps the kernel.

    Example:
        >>> kernel_is_available()
        True
        >>> bool(tf.function(lambda: tf.constant(kernel_is_available()), jit_compile=True)())
        False
    """
    return not tf.inside_function() or not (_is_compiled_with_xla() or _is_converted())


def _is_compiled_with_xla() -> bool:
    enclosing_context = getattr(tf.__internal__, "get_enclosing_xla_context", lambda: None)
    return enclosing_context() is not None


def _is_converted() -> bool:
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith(CONVERTERS):
            return True
        frame = frame.f_back
    return False
