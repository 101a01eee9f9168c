"""TensorFlow functions on Keras tensors, as Keras 2 had it: `tf.one_hot(tf.argmax(x, -1), n)` in a functional model."""

import contextlib
import functools
import sys

import numpy as np

__all__ = ["accept_symbolic_tensors"]

# Of `tf.keras.backend`: functions that look at the rank of a tensor before TensorFlow does.
BACKEND_FUNCTIONS = (
    "batch_dot",
    "concatenate",
    "dot",
    "flatten",
    "hard_sigmoid",
    "l2_normalize",
    "mean",
    "ndim",
    "permute_dimensions",
    "repeat",
    "repeat_elements",
    "reshape",
    "reverse",
    "softmax",
    "squeeze",
    "stack",
    "std",
    "sum",
    "tile",
    "var",
)


def accept_symbolic_tensors() -> None:
    """Let TensorFlow functions take symbolic Keras tensors, as far as they are imported. A second call does no harm.

    Functions of the older backend take NumPy arrays as well. TensorFlow asks its dispatchers only after a function
    has raised TypeError or ValueError, so that other calls cost nothing. The registry of dispatchers is private;
    where a release has none, Keras' own error remains, which names the function.
    """
    if "tensorflow" in sys.modules and hasattr(sys.modules.get("keras"), "Operation"):
        with contextlib.suppress(ImportError, AttributeError):
            wrap = _register()
            _wrap_functions(sys.modules["tensorflow"].keras.backend, wrap)
            if "tensorflow.keras.backend" in sys.modules:  # what `import tensorflow.keras` loads is another module
                _wrap_functions(sys.modules["tensorflow.keras.backend"], wrap)


def _wrap_functions(backend, wrap):
    """Wrap `BACKEND_FUNCTIONS` of a module, once."""
    for name in BACKEND_FUNCTIONS if not hasattr(backend, "dlseq_older_spellings") else ():
        if hasattr(backend, name):
            setattr(backend, name, wrap(getattr(backend, name)))
    backend.dlseq_older_spellings = True


@functools.cache
def _register():
    """Register the dispatcher, and return a function that wraps one of the older backend."""
    import keras
    import tensorflow as tf
    from tensorflow.python.util import dispatch

    class TensorFlowFunction(keras.Operation):
        """A call of a TensorFlow function, as a part of a functional model.

        Args:
            function: to call.
            arguments: pair of its arguments and keyword arguments, with numbers of tensors in place of these.
        """

        def __init__(self, function, arguments):
            super().__init__()
            self.function, self.arguments = function, arguments

        def call(self, tensors):
            return self._apply(tensors)

        def compute_output_spec(self, tensors):
            specs = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in tensors]
            graph = tf.function(lambda *values: self._apply(values), autograph=False).get_concrete_function(*specs)
            return tf.nest.map_structure(
                lambda output: keras.KerasTensor(output.shape.as_list(), output.dtype.name), graph.structured_outputs
            )

        def _apply(self, tensors):
            fill = lambda part: tensors[part.number] if isinstance(part, Place) else part  # noqa: E731
            arguments, keywords = tf.nest.map_structure(fill, self.arguments)
            return self.function(*arguments, **keywords)

    class Place:
        """Place of a tensor among arguments."""

        def __init__(self, number):
            self.number = number

    class SymbolicTensors(dispatch.GlobalOpDispatcher):
        """Calls with a symbolic Keras tensor in their arguments."""

        def handle(self, op, args, kwargs):
            result = call_symbolically(op, args, kwargs)
            return self.NOT_SUPPORTED if result is None else result

    def call_symbolically(function, arguments, keywords):
        """Return symbolic outputs; None if no argument is a symbolic tensor."""
        tensors = []

        def replace(part):
            if not isinstance(part, keras.KerasTensor):
                return part
            tensors.append(part)
            return Place(len(tensors) - 1)

        parts = tf.nest.map_structure(replace, (list(arguments), keywords))
        return TensorFlowFunction(function, parts)(tensors) if tensors else None

    def as_tensor(part):
        return tf.convert_to_tensor(part) if isinstance(part, np.ndarray) else part

    def with_symbolic_tensors(function):
        @functools.wraps(function)
        def wrapped(*arguments, **keywords):
            arguments, keywords = tf.nest.map_structure(as_tensor, (list(arguments), keywords))
            result = call_symbolically(function, arguments, keywords)
            return function(*arguments, **keywords) if result is None else result

        return wrapped

    SymbolicTensors().register()
    return with_symbolic_tensors
