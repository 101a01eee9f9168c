"""Executor of a submission in the worker: it runs the code and answers requests.

It knows no test, no reference and no seed.
"""

import os
import sys
import types

import numpy as np

from dlseq.course.given.assignment_modules import install_assignment_modules
from dlseq.grading.worker.codec import Handle
from dlseq.grading.worker.keras_files import load_keras_file, read_keras_file
from dlseq.grading.worker.loading.exceptions import describe_exception
from dlseq.grading.worker.loading.given_files import GivenFiles, given_names
from dlseq.grading.worker.loading.notebook_functions import NOTEBOOK_FUNCTIONS
from dlseq.grading.worker.loading.older_spellings import accept_older_spellings
from dlseq.grading.worker.loading.program import Program
from dlseq.grading.worker.loading.time_limits import TimeLimitExceeded
from dlseq.grading.worker.object_methods import METHODS, OWN_METHODS, RequestError, is_figure

__all__ = ["Executor", "TimeLimitExceeded"]

MAX_DEPTH = 50  # of nested lists, tuples and dicts in a returned value


class Executor:
    """Runs the code of one submission and answers requests about it.

    Args:
        cells: (name, text) of each piece of code in order: one for a script, one per cell of a notebook, named by
            `dlseq.grading.worker.ipython_cells.cell_name`.
        name: Name of the module that the code becomes.
        graded: Names of the functions that tests use, see `dlseq.grading.worker.loading.program.Program`.

    Attributes:
        limits: Arguments of `load`, for code that a request has to load first.

    Example:
        >>> executor = Executor([("a.py", "def half(x):\\n    return x / 0")])
        >>> executor.handle({"operation": "call", "function": "half", "arguments": (1,), "keywords": {}})
        {'error': {'kind': 'ZeroDivisionError', 'message': 'division by zero', 'place': 'line 2'}}
    """

    def __init__(self, cells, name: str = "submission", graded=()):
        self._cells, self._name, self._graded = tuple(map(tuple, cells)), name, tuple(graded)
        self._program = self._namespace = None
        self._objects, self._given_files = [], GivenFiles()
        self.limits: dict = {}

    def handle(self, request: dict) -> dict:
        """Answer one request.

        Args:
            request: "operation" is "call", "get", "invoke", "load_file" or "read_file", and all but the last run the
                code first, once.

        Returns:
            {"value": {...}} or {"error": {...}}, see `dlseq.testing.submission.Transport`.
        """
        try:
            if request["operation"] != "read_file":
                self._prepare(request)
            return {"value": getattr(self, f"_{request['operation']}")(request)}
        except (TimeLimitExceeded, KeyboardInterrupt):
            raise
        except RequestError as error:
            kind, message, place = error.args
            return {"error": {"kind": kind, "message": message, "place": place}}
        except BaseException as error:
            return {"error": describe_exception(error, self._files)}

    def restarted(self) -> "Executor":
        """Return an executor of the same code that has not run yet. It shares the parsed code with this one."""
        executor = Executor(self._cells, self._name, self._graded)
        executor._program = self._parse()
        return executor

    def runs(self, cells, name: str, graded) -> bool:
        """Return True if this executor was made from these arguments."""
        return (self._cells, self._name, self._graded) == (tuple(map(tuple, cells)), name, tuple(graded))

    def load(
        self, skip=(), statement_seconds: float | None = None, file_seconds: float | None = None
    ) -> dict[str, list]:
        """Run the code, once.

        Args:
            skip: Indices of statements that are left out.
            statement_seconds: Limit of each statement. Defaults to none.
            file_seconds: Time after which only definitions are run. Defaults to none.

        Returns:
            "notes" and "interrupted", see `dlseq.grading.worker.loading.program.LoadReport`.
        """
        os.environ.setdefault("MPLBACKEND", "Agg")  # a submission that draws opens no window
        program = self._parse()
        module = types.ModuleType(self._name)
        sys.modules[self._name] = module
        module.__dict__.update(open=self._given_files.open, **NOTEBOOK_FUNCTIONS)
        self._namespace = module.__dict__
        accept_older_spellings()
        install_assignment_modules()
        report = program.run(
            module,
            skip=skip,
            statement_seconds=statement_seconds,
            file_seconds=file_seconds,
            after_import=accept_older_spellings,
        )
        return {"notes": report.notes, "interrupted": report.interrupted}

    def _parse(self):
        if self._program is None:
            self._program = Program(self._cells, self._graded)
        return self._program

    def _prepare(self, request):
        if self._namespace is None:
            self.load(**self.limits)
        if error := self._program.error:
            raise RequestError("ImportFailed", f"{error['kind']}: {error['message']}", error["place"])
        self._given_files.contents.update(request.get("files", {}))

    @property
    def _files(self):
        return () if self._program is None else self._program.files

    def _call(self, request):
        function = self._look_up(request["function"])
        arguments = self._resolve_handles(request["arguments"])
        unstarted = request["function"] in self._program.unstarted
        try:
            value = function(*arguments, **self._resolve_handles(request["keywords"]))
        except Exception:
            if unstarted:
                raise NotImplementedError(request["function"]) from None
            raise
        if unstarted and (value is None or (type(value) is tuple and None in map(_none_or_type, value))):
            raise NotImplementedError(request["function"])
        reply = {"result": self._to_plain(value)}
        if request.get("inputs"):
            reply["inputs"] = self._to_plain(tuple(arguments))
        return reply

    def _get(self, request):
        return {"result": self._to_plain(self._look_up(request["name"]))}

    def _invoke(self, request):
        handle, method = request["handle"], request["method"]
        target = self._objects[handle.number]
        if method not in METHODS[handle.kind]:
            raise RequestError("Missing", f"tests may not call {method} of a {handle.kind}", "")
        arguments, keywords = (self._resolve_handles(request[name]) for name in ("arguments", "keywords"))
        if method in OWN_METHODS:
            return {"result": self._to_plain(OWN_METHODS[method](target, *arguments, **keywords))}
        if method in ("predict", "fit"):
            keywords.setdefault("verbose", 0)
        value = getattr(target, method)(*arguments, **keywords)
        return {"result": self._to_plain(value.history if method == "fit" else value)}

    def _read_file(self, request):
        return {"result": read_keras_file(request["content"])}

    def _load_file(self, request):
        return {"result": self._to_plain(load_keras_file(request["content"], self._namespace))}

    def _look_up(self, name):
        """Return a helper that the exercise gives, whatever the file has by that name, or else a name of the file."""
        given = given_names(self._name.removeprefix("submission_"))
        if name in given:
            return given[name]
        if name in self._namespace:
            return self._namespace[name]
        raise RequestError("Missing", f"there is no {name} in the file", "")

    def _resolve_handles(self, value):
        kind = type(value)
        if kind is Handle:
            return self._objects[value.number]
        if kind is list or kind is tuple:
            return kind(self._resolve_handles(item) for item in value)
        if kind is dict:
            return {key: self._resolve_handles(item) for key, item in value.items()}
        return value

    def _to_plain(self, value, depth=0):
        """Replace models, layers and figures by handles, and tensors by arrays."""
        kind = type(value)
        if depth > MAX_DEPTH:
            raise RequestError("NotPlain", "the value is nested too deeply, or contains itself", "")
        if kind is list or kind is tuple:
            return kind(self._to_plain(item, depth + 1) for item in value)
        if kind is dict:
            return {key: self._to_plain(item, depth + 1) for key, item in value.items()}
        if is_figure(value):
            _close_figure(value)
            return self._new_handle("figure", value)
        keras = sys.modules.get("keras")
        if keras is None:
            return value
        if isinstance(value, keras.Model | keras.Layer):
            return self._new_handle("model" if isinstance(value, keras.Model) else "layer", value)
        if isinstance(value, keras.KerasTensor):
            raise RequestError("NotPlain", "Expected numbers. Received: a symbolic Keras tensor", "")
        if isinstance(value, keras.Variable) or keras.ops.is_tensor(value):
            return np.asarray(keras.ops.convert_to_numpy(value))
        return value

    def _new_handle(self, kind, value):
        self._objects.append(value)
        return Handle(kind, len(self._objects) - 1)


def _none_or_type(value):
    return None if value is None else type(value)


def _close_figure(figure):
    """Remove a figure from pyplot: notebooks must not show it, and figures must not accumulate."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
