"""Submission proxy of graded tests.

A `Submission` turns each use into one request of plain data and passes it to a `Transport`, which carries it to the
code of the submission: in the same process or in a sandbox worker. Tests need not know which.
"""

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dlseq.grading.sanitize import for_terminal
from dlseq.grading.worker.codec import CodecError, Handle, decode, encode
from dlseq.grading.worker.keras_files import MAX_FILE_BYTES

__all__ = ["InProcessTransport", "Remote", "Submission", "SubmissionError", "Transport"]

PLACE_PATTERN = re.compile(r"(cell \d{1,4}, )?line \d{1,6}")
MAX_TEXT_LENGTH = 500  # characters of a part of an error


class SubmissionError(Exception):
    """An exception in the submission, a failed import of it, or a returned value that is not plain data.

    Attributes:
        kind: Name of the exception class, e.g. "NotImplementedError" of a function that is not started, or one of
            ours: "ImportFailed", "Missing" (no such function), "NotPlain" (a value that cannot be encoded), "Lost"
            (the process has died).
        message: Message of the exception, at most 500 characters. It comes from the submission: show it for visible
            tests only.
        place: Innermost place in the submission, such as "line 42"; empty if unknown.
    """

    def __init__(self, kind: str, message: str, place: str = ""):
        super().__init__(f"{kind}: {message}" + (f" ({place})" if place else ""))
        self.kind, self.message, self.place = kind, message, place


class Transport(Protocol):
    """Carries requests to the code of a submission, and replies back."""

    def request(self, request: dict) -> dict:
        """Send one request and wait for its reply.

        Args:
            request: Plain data as `Submission` makes it: "operation" and its fields.

        Returns:
            {"value": plain data}, or {"error": {"kind": str, "message": str, "place": str}}.
        """

    def restart(self) -> None:
        """Forget all that the code has done: run it again at the next request, in a new process if it is confined.

        Transports of the reference need not have this method.
        """


class InProcessTransport:
    """A transport to an executor in this process, within reach of a debugger.

    Requests and replies are encoded and decoded as on the way to another process: the same values are refused, and
    changes in place do not reach the arrays of the test.

    Args:
        executor: Object with `handle(request) -> reply` and `restarted()`, see `dlseq.grading.worker.executor`.

    Attributes:
        copying: Set to False to skip encoding, e.g. for thousands of calls of the reference.
    """

    def __init__(self, executor):
        self.executor, self.copying = executor, True

    def request(self, request: dict) -> dict:
        if not self.copying:
            return self.executor.handle(request)
        reply = self.executor.handle(decode(encode(request)))
        try:
            return decode(encode(reply))
        except CodecError as error:
            return {"error": {"kind": "NotPlain", "message": str(error), "place": ""}}

    def load(self, fields: dict) -> dict:
        """Run the code, with arguments of `dlseq.grading.worker.executor.Executor.load`, and return the reply."""
        return {"value": {"result": self.executor.load(**fields)}}

    def restart(self) -> None:
        self.executor = self.executor.restarted()


class Submission:
    """A proxy of the code of a submission.

    Args:
        transport: Carries the requests.

    Attributes:
        files: Text files by name, which `open` in the submission finds in its working folder.

    Example:
        >>> from dlseq.grading.worker.executor import Executor
        >>> submission = Submission(InProcessTransport(Executor([("a.py", "def double(x): x *= 2; return x")])))
        >>> import numpy as np
        >>> x = np.ones(2)
        >>> submission.call("double", x), x
        (array([2., 2.]), array([1., 1.]))
        >>> submission.call_with_inputs("double", x)
        (array([2., 2.]), (array([2., 2.]),))
    """

    def __init__(self, transport: Transport):
        self._transport = transport
        self.files: dict[str, str] = {}

    def call(self, function: str, *arguments, **keywords):
        """Call a function or class of the submission.

        Args:
            function: Name of the function.
            arguments: Plain data or `Remote` objects of earlier calls.
            keywords: The same, by name.

        Returns:
            The returned value: plain data, with a `Remote` in the place of each Keras model or layer.

        Raises:
            SubmissionError: The function raised an exception, is missing, or returned other data.
        """
        return self._request("call", function=function, arguments=arguments, keywords=keywords)["result"]

    def call_with_inputs(self, function: str, *arguments, **keywords) -> tuple:
        """Call a function, and return its positional arguments as well, as they are after the call.

        Returns:
            The returned value, and the tuple of arguments.

        Raises:
            SubmissionError: See `call`.
        """
        reply = self._request("call", function=function, arguments=arguments, keywords=keywords, inputs=True)
        return reply["result"], reply["inputs"]

    def get(self, name: str):
        """Return a variable of the submission, such as a layer that its functions share.

        Raises:
            SubmissionError: The variable is missing or not plain data.
        """
        return self._request("get", name=name)["result"]

    def reload_file(self, content: np.ndarray) -> tuple[dict, "Remote"]:
        """Restart the submission and load a `.keras` file there.

        Objects of earlier calls are gone: the new process knows the content of the file only. The file is first read
        as data, before any code of the submission runs, and then loaded with its classes.

        Args:
            content: The bytes of the file, from `Remote.save_file`.

        Returns:
            The content of the file, see `dlseq.grading.worker.keras_files.read_keras_file`, and the model or layer.

        Raises:
            SubmissionError: The file holds no model or layer, or loading it raised an exception.
        """
        if type(content) is not np.ndarray or content.dtype != np.uint8 or content.size > MAX_FILE_BYTES:
            raise SubmissionError("NotPlain", "The saved bytes are not a .keras file")
        self._transport.restart()
        found = self._request("read_file", content=content)["result"]
        return found, self._request("load_file", content=content)["result"]

    def _request(self, operation: str, **fields):
        files = {"files": self.files} if self.files else {}
        reply = self._transport.request({"operation": operation, **files, **_to_handles(fields)})
        if type(reply) is dict and type(reply.get("error")) is dict:
            kind, message, place = (_sanitize(reply["error"].get(part)) for part in ("kind", "message", "place"))
            raise SubmissionError(kind, message, place if PLACE_PATTERN.fullmatch(place) else "")
        if type(reply) is not dict or type(reply.get("value")) is not dict or "result" not in reply["value"]:
            raise SubmissionError("NotPlain", "Malformed reply")
        return self._to_remotes(reply["value"])

    def _to_remotes(self, value):
        kind = type(value)
        if kind is Handle:
            return Remote(self, value)
        if kind is list or kind is tuple:
            return kind(self._to_remotes(item) for item in value)
        if kind is dict:
            return {key: self._to_remotes(item) for key, item in value.items()}
        return value


@dataclass(frozen=True)
class Remote:
    """A proxy of a Keras model or layer, or a Matplotlib figure, of a submission.

    Callable methods are listed in `dlseq.grading.worker.object_methods.METHODS`.

    Attributes:
        submission: The submission that holds the object.
        handle: Reference to the object there.
    """

    submission: Submission
    handle: Handle

    @property
    def kind(self) -> str:
        """ "model", "layer" or "figure"."""
        return self.handle.kind

    def invoke(self, method: str, *arguments, **keywords):
        """Call a method of the object: `invoke("call", x)`, `invoke("count_params")`.

        Raises:
            SubmissionError: The method raised an exception, or tests may not call it.
        """
        return self.submission._request(
            "invoke", handle=self.handle, method=method, arguments=arguments, keywords=keywords
        )["result"]

    def predict(self, inputs):
        """Return the outputs of a model for a batch: an array, or a list of arrays."""
        return self.invoke("predict", inputs)

    def fit(self, inputs, targets, **keywords) -> dict:
        """Train a compiled model and return its history, a list of numbers per metric."""
        return self.invoke("fit", inputs, targets, **keywords)

    def get_weights(self) -> list:
        """Return the weights in Keras's order."""
        return self.invoke("get_weights")

    def set_weights(self, weights: list) -> None:
        """Set the weights, in Keras's order."""
        self.invoke("set_weights", weights)

    def describe(self) -> dict:
        """Return shapes and counts; for a figure see `dlseq.grading.worker.figures.describe_figure`.

        Returns:
            "inputs" and "outputs": lists of shapes (tuples with None for the batch; empty for a layer); "layers": a
            list of (class name, name); "weights": shapes; "names": names of the weights; "trainable" and
            "parameters": numbers of values.
        """
        return self.invoke("describe")

    def render(self) -> dict:
        """Return the rendered figure, for `dlseq.testing.rendered_figures.parse_rendered_figure`."""
        return self.invoke("render")

    def save_file(self) -> np.ndarray:
        """Return the bytes of a `.keras` file, for `Submission.reload_file`."""
        return self.invoke("save_file")


def _sanitize(value):
    """Return at most `MAX_TEXT_LENGTH` printable characters of a text."""
    return for_terminal(value[:MAX_TEXT_LENGTH]) if type(value) is str else ""


def _to_handles(value):
    kind = type(value)
    if kind is Remote:
        return value.handle
    if kind is list or kind is tuple:
        return kind(_to_handles(item) for item in value)
    if kind is dict:
        return {key: _to_handles(item) for key, item in value.items()}
    return value
