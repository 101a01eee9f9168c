"""Calls of NumPy and Keras as older releases spelled them, accepted in the process that runs a submission.

An assignment that was solved with Keras 2 and NumPy 1.18 is not wrong because a name was moved since.
"""

import functools
import importlib.abc
import importlib.util
import sys

from dlseq.grading.worker.loading.symbolic_tensors import accept_symbolic_tensors

__all__ = ["accept_older_spellings"]

NUMPY_NAMES = {  # attributes that NumPy has removed -> the expression that its release notes name
    "float": float,
    "int": int,
    "object": object,
    "str": str,
    "complex": complex,
    "long": int,
    "unicode": str,
    "Inf": float("inf"),
    "Infinity": float("inf"),
    "infty": float("inf"),
    "PINF": float("inf"),
    "NINF": float("-inf"),
    "NaN": float("nan"),
    "NAN": float("nan"),
    "asscalar": lambda array: array.item(),
}
NUMPY_ALIASES = {  # removed name -> the one to use
    "bool": "bool_",
    "float_": "float64",
    "complex_": "complex128",
    "product": "prod",
    "cumproduct": "cumprod",
    "sometrue": "any",
    "alltrue": "all",
    "row_stack": "vstack",
    "in1d": "isin",
    "trapz": "trapezoid",
    "round_": "round",
}
OPTIMIZERS = ("SGD", "RMSprop", "Adam", "Adagrad", "Adadelta", "Adamax", "Nadam")
MODEL_METHODS = {"fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict"}
LAYER_MODULES = tuple(
    f"{package}.layers.{name}"
    for package in ("keras", "tensorflow.keras")
    for name in ("core", "recurrent", "embeddings", "merge", "normalization", "wrappers", "convolutional", "pooling")
)
MOVED_MODULES = {  # module of an older Keras -> the public one that has its names
    **{name: name.rpartition(".")[0] for name in LAYER_MODULES},
    "keras.utils.np_utils": "keras.utils",
    "tensorflow.keras.utils.np_utils": "tensorflow.keras.utils",
    "keras.engine": "keras.layers",
    "keras.engine.topology": "keras.layers",
    "keras.engine.training": "keras.models",
}


def accept_older_spellings() -> None:
    """Add older names and arguments to NumPy and Keras, as far as they are imported. A second call does nothing more.

    Example:
        >>> import numpy as np
        >>> accept_older_spellings()
        >>> np.float, np.bool is np.bool_
        (<class 'float'>, True)
    """
    if not any(isinstance(finder, _MovedModules) for finder in sys.meta_path):
        sys.meta_path.append(_MovedModules())
    numpy = sys.modules.get("numpy")
    if numpy is not None and not hasattr(numpy, "dlseq_older_spellings"):
        _extend_numpy(numpy)
        numpy.dlseq_older_spellings = True
    keras = sys.modules.get("keras")
    if keras is not None and hasattr(keras, "Layer") and not hasattr(keras, "dlseq_older_spellings"):
        _extend_keras(keras)
        keras.dlseq_older_spellings = True
    accept_symbolic_tensors()


def _extend_numpy(numpy):
    for name, value in NUMPY_NAMES.items():
        if name not in vars(numpy):
            setattr(numpy, name, value)
    for name, newer in NUMPY_ALIASES.items():
        if name not in vars(numpy) and hasattr(numpy, newer):
            setattr(numpy, name, getattr(numpy, newer))


def _extend_keras(keras):
    keras.layers.RNN.__call__ = _with_inputs_by_name(keras.layers.RNN.__call__)
    keras.layers.Bidirectional.__call__ = _with_inputs_by_name(keras.layers.Bidirectional.__call__)
    keras.Layer.add_weight = _with_name_first(keras.Layer.add_weight)
    for name in OPTIMIZERS:
        optimizer = getattr(keras.optimizers, name)
        optimizer.__init__ = _with_older_rates(optimizer.__init__, keras)
    for older, newer in MODEL_METHODS.items():
        if not hasattr(keras.Model, older):
            setattr(keras.Model, older, getattr(keras.Model, newer))
    if "__getattr__" not in vars(keras.backend):
        keras.backend.__getattr__ = _older_backend_function


def _with_inputs_by_name(call):
    """Wrap a layer's call: its first argument, `sequences`, was called `inputs` before Keras 3."""

    @functools.wraps(call)
    def wrapped(self, *arguments, **keywords):
        if not arguments and "inputs" in keywords:
            arguments = (keywords.pop("inputs"),)
        return call(self, *arguments, **keywords)

    return wrapped


def _with_name_first(add_weight):
    """Wrap `add_weight`: its first argument, which is the shape, was the name before Keras 3."""

    @functools.wraps(add_weight)
    def wrapped(self, *arguments, **keywords):
        if arguments and isinstance(arguments[0], str):
            keywords.setdefault("name", arguments[0])
            arguments = arguments[1:]
        return add_weight(self, *arguments, **keywords)

    return wrapped


def _with_older_rates(initialize, keras):
    """Wrap the constructor of an optimizer: `lr` is `learning_rate`, `decay` divides it by `1 + decay * step`."""

    @functools.wraps(initialize)
    def wrapped(self, *arguments, **keywords):
        rate = {"learning_rate": keywords.pop("lr")} if "lr" in keywords else {}
        decay = keywords.pop("decay", 0.0)
        if decay and not arguments:
            initial = rate.get("learning_rate", keywords.get("learning_rate", 0.001))
            rate["learning_rate"] = keras.optimizers.schedules.InverseTimeDecay(initial, 1, decay)
        initialize(self, *arguments, **{**keywords, **rate})

    return wrapped


def _older_backend_function(name):
    """Return a function of `keras.backend` that Keras 3 keeps in TensorFlow's copy alone."""
    if not name.startswith("_") and "tensorflow" in sys.modules:
        older = sys.modules["tensorflow"].keras.backend
        if hasattr(older, name):
            return getattr(older, name)
    raise AttributeError(f"module 'keras.backend' has no attribute '{name}'")


class _MovedModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules of an older Keras, last of all finders."""

    def find_spec(self, fullname, path=None, target=None):
        return importlib.util.spec_from_loader(fullname, self) if fullname in MOVED_MODULES else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        newer = importlib.import_module(MOVED_MODULES[module.__name__])
        module.__path__ = []
        vars(module).update({name: getattr(newer, name) for name in dir(newer) if not name.startswith("_")})
