"""The submission's side of the boundary: it runs the code and answers requests.

It knows no test, no reference and no seed, so that it can run where nothing of these may be seen.
"""

import os
import sys
import types

import numpy as np

from dlseq.grading.worker.codec import Handle
from dlseq.grading.worker.figures import describe_figure, draw_figure
from dlseq.grading.worker.ipython_cells import compile_code
from dlseq.grading.worker.keras_file import contents
from dlseq.grading.worker.keras_saving import loaded, saved
from dlseq.grading.worker.training import train

__all__ = ["METHODS", "Executor", "TimeLimitExceeded"]

SHARED = ("call", "get_weights", "set_weights", "count_params", "describe", "get_config", "saved")
METHODS = {
    "model": (*SHARED, "predict", "fit", "train_on_batch", "compile", "layer"),
    "layer": (*SHARED, "build", "compute_mask", "compute_output_shape", "project", "assign", "train"),
    "figure": ("describe", "picture"),
}


class TimeLimitExceeded(BaseException):
    """Time for a test is over. Not an `Exception`, so that a submission's `except Exception` does not eat it."""


class Executor:
    """Loads the code of one submission and answers requests about it.

    Args:
        cells: (name, text) of each piece of code in order: one for a script, one for each cell of a notebook, whose
            name is `ipython_cells.cell_name`.
        name: of the module that the code becomes.
        namespace: names that are already there, for a notebook's own; nothing is run then.

    Example:
        >>> executor = Executor([("a.py", "def half(x):\\n    return x / 0")])
        >>> executor.handle({"operation": "call", "function": "half", "arguments": (1,), "keywords": {}})
        {'error': {'kind': 'ZeroDivisionError', 'message': 'division by zero', 'place': 'line 2'}}
    """

    def __init__(self, cells, name: str = "submission", namespace: dict | None = None):
        self._cells, self._name = tuple(cells), name
        self._files = {file for file, _ in self._cells}
        self._names = namespace
        self._objects = []

    def handle(self, request: dict) -> dict:
        """Answers one request.

        Args:
            request: "operation" is "call", "get", "invoke", "load_file", or "read_file", which alone does not run the
                code first.

        Returns:
            {"value": {...}} or {"error": {...}}, see `dlseq.testing.submission.Transport`.
        """
        try:
            if self._names is None and request["operation"] != "read_file":
                self._names = self._load()
            return {"value": getattr(self, f"_{request['operation']}")(request)}
        except (TimeLimitExceeded, KeyboardInterrupt):
            raise
        except _Refused as refusal:
            kind, message, place = refusal.args
            return {"error": {"kind": kind, "message": message, "place": place}}
        except BaseException as error:
            return {"error": self._told(error)}

    def _load(self):
        os.environ.setdefault("MPLBACKEND", "Agg")  # a submission that draws opens no window
        module = types.ModuleType(self._name)
        sys.modules[self._name] = module
        try:
            for file, text in self._cells:
                module.__file__ = file
                exec(compile_code(text, file), module.__dict__)  # noqa: S102
        except (TimeLimitExceeded, KeyboardInterrupt):
            raise
        except BaseException as error:
            told = self._told(error)
            raise _Refused("ImportFailed", f"{told['kind']}: {told['message']}", told["place"]) from None
        return module.__dict__

    def _call(self, request):
        function = self._named(request["function"])
        arguments = self._with_objects(request["arguments"])
        value = function(*arguments, **self._with_objects(request["keywords"]))
        answer = {"result": self._plain(value)}
        if request.get("inputs"):
            answer["inputs"] = self._plain(tuple(arguments))
        return answer

    def _get(self, request):
        return {"result": self._plain(self._named(request["name"]))}

    def _invoke(self, request):
        handle, method = request["handle"], request["method"]
        target = self._objects[handle.number]
        if method not in METHODS[handle.kind]:
            raise _Refused("Missing", f"tests may not call {method} of a {handle.kind}", "")
        arguments, keywords = self._with_objects(request["arguments"]), self._with_objects(request["keywords"])
        if method in _OURS:
            return {"result": self._plain(_OURS[method](target, *arguments, **keywords))}
        if method == "predict":
            keywords.setdefault("verbose", 0)
        if method == "fit":
            keywords.setdefault("verbose", 0)
            return {"result": self._plain(target.fit(*arguments, **keywords).history)}
        return {"result": self._plain(getattr(target, method)(*arguments, **keywords))}

    def _read_file(self, request):
        return {"result": contents(request["content"])}

    def _load_file(self, request):
        return {"result": self._plain(loaded(request["content"], self._names))}

    def restarted(self) -> "Executor":
        """The same code, not run yet; names that were there already stay."""
        return Executor(self._cells, self._name, self._names if not self._cells else None)

    def _named(self, name):
        if name not in self._names:
            raise _Refused("Missing", f"there is no {name} in the file", "")
        return self._names[name]

    def _with_objects(self, value):
        kind = type(value)
        if kind is Handle:
            return self._objects[value.number]
        if kind is list or kind is tuple:
            return kind(self._with_objects(one) for one in value)
        if kind is dict:
            return {key: self._with_objects(one) for key, one in value.items()}
        return value

    def _plain(self, value, depth=0):
        """Puts handles in the place of models, layers and figures, and arrays in the place of tensors."""
        kind = type(value)
        if depth > 50:
            raise _Refused("NotPlain", "the value is nested too deeply, or contains itself", "")
        if kind is list or kind is tuple:
            return kind(self._plain(one, depth + 1) for one in value)
        if kind is dict:
            return {key: self._plain(one, depth + 1) for key, one in value.items()}
        if _is_figure(value):
            _shut(value)
            return self._kept("figure", value)
        keras = sys.modules.get("keras")
        if keras is None:
            return value
        if isinstance(value, keras.Model | keras.Layer):
            return self._kept("model" if isinstance(value, keras.Model) else "layer", value)
        if isinstance(value, keras.KerasTensor):
            raise _Refused("NotPlain", "expected numbers, received a symbolic Keras tensor", "")
        if isinstance(value, keras.Variable) or keras.ops.is_tensor(value):
            return np.asarray(keras.ops.convert_to_numpy(value))
        return value

    def _kept(self, kind, value):
        self._objects.append(value)
        return Handle(kind, len(self._objects) - 1)

    def _told(self, error):
        kind = type(error).__name__[:80]
        try:
            message = " ".join(str(error).split())[:500]
        except BaseException:
            message = ""
        return {"kind": kind, "message": message, "place": self._place(error)}

    def _place(self, error):
        if isinstance(error, SyntaxError) and error.filename in self._files:
            return self._spot(error.filename, error.lineno)
        place, step = "", error.__traceback__
        while step is not None:
            file = step.tb_frame.f_code.co_filename
            inside = step.tb_frame.f_globals is self._names if not self._files else file in self._files
            if inside:
                place = self._spot(file, step.tb_lineno)
            step = step.tb_next
        return place

    def _spot(self, file, line):
        return f"line {line}" if len(self._cells) == 1 or not self._cells else f"{file}, line {line}"


class _Refused(Exception):
    """An answer that is ours, not the submission's: kind, message, place."""


def _call_object(target, *arguments, **keywords):
    return target(*arguments, **keywords)


def _is_figure(value):
    matplotlib = sys.modules.get("matplotlib.figure")
    return matplotlib is not None and isinstance(value, matplotlib.Figure)


def _shut(figure):
    """Takes a figure from pyplot, so that no notebook shows what a test has drawn, and none piles up."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)


def _describe(target):
    if _is_figure(target):
        return describe_figure(target)
    shape = {"inputs": [], "outputs": [], "layers": []}
    if hasattr(target, "layers"):
        shape["layers"] = [(type(layer).__name__, layer.name) for layer in target.layers]
        shape["inputs"] = [tuple(one.shape) for one in target.inputs or ()]
        shape["outputs"] = [tuple(one.shape) for one in target.outputs or ()]
    trainable = sum(int(np.prod(weight.shape)) for weight in target.trainable_weights)
    return {
        **shape,
        "weights": [tuple(weight.shape) for weight in target.weights],
        "names": [weight.name for weight in target.weights],
        "trainable": trainable,
        "parameters": target.count_params(),
    }


def _layer(target, name):
    return target.get_layer(name)


def _assign(target, values):
    """Replaces weights by their names."""
    places = {weight.name: weight for weight in target.weights}
    if absent := [name for name in values if name not in places]:
        raise _Refused("Missing", f"there is no weight of the name {absent[0]}", "")
    for name, value in values.items():
        places[name].assign(value)


_OURS = {"call": _call_object, "describe": _describe, "saved": saved, "layer": _layer, "assign": _assign}
_OURS |= {"train": train, "picture": draw_figure}
