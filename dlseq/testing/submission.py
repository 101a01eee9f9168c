"""The only way from a graded test to a submission.

A `Submission` is what tests hold. It turns each use into one request of plain data and hands it to a `Transport`,
which carries it to where the submission's code is: the same process, or one that is confined. Tests cannot tell.
"""

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dlseq.grading.worker.codec import CodecError, Handle, decode, encode
from dlseq.grading.worker.keras_file import LARGEST

__all__ = ["InProcessTransport", "Remote", "Submission", "SubmissionError", "Transport"]

_PLACE = re.compile(r"(cell \d{1,4}, )?line \d{1,6}")


class SubmissionError(Exception):
    """The submission raised something, cannot be imported, or returned what is not plain data.

    Attributes:
        kind: name of the exception, "NotImplementedError" where a function is not started, or one of ours:
            "ImportFailed", "Missing" (no such function), "NotPlain" (the value cannot cross), "Lost" (the process
            ended).
        message: the exception's own words, at most 500 characters. It comes from the submission: show it for visible
            tests alone.
        place: the innermost place in the submission, such as "line 42"; empty where it is not known.
    """

    def __init__(self, kind: str, message: str, place: str = ""):
        super().__init__(f"{kind}: {message}" + (f" ({place})" if place else ""))
        self.kind, self.message, self.place = kind, message, place


class Transport(Protocol):
    """Carries a request to the submission and its reply back."""

    def request(self, request: dict) -> dict:
        """Sends one request and waits for the reply to it.

        Args:
            request: plain data, as `Submission` makes it: "operation" and what belongs to it.

        Returns:
            {"value": plain data}, or {"error": {"kind": str, "message": str, "place": str}}.
        """

    def restart(self) -> None:
        """Begins again where nothing of the submission has run yet, in a new process where there is a wall.

        The transports of the reference have none: it has nothing to hide.
        """


class InProcessTransport:
    """A transport to an executor in this process, with a debugger in reach.

    Requests and replies are written to bytes and read again, as they would be on the way to another process, so that
    what works here works there, and so that nothing is shared: changes in place do not reach the test's arrays.

    Args:
        executor: has `handle(request) -> reply` and `restarted()`, see `dlseq.grading.worker.executor`.

    Attributes:
        copying: whether this is so. The reference may be asked without, for thousands of calls in a row.
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

    def restart(self) -> None:
        self.executor = self.executor.restarted()


class Submission:
    """What a graded test knows of a submission.

    Args:
        transport: carries the requests.

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

    def call(self, function: str, *arguments, **keywords):
        """Calls a function or class of the submission.

        Args:
            function: its name.
            arguments: plain data or `Remote` objects that came out of an earlier call.
            keywords: the same.

        Returns:
            What it returned: plain data, with a `Remote` in the place of each Keras model or layer.

        Raises:
            SubmissionError: it raised, is missing, or returned something else.
        """
        return self._ask("call", function=function, arguments=arguments, keywords=keywords)["result"]

    def call_with_inputs(self, function: str, *arguments, **keywords) -> tuple:
        """Calls a function and says what it left of its arguments.

        Returns:
            Its value, and the tuple of positional arguments as they were after the call.

        Raises:
            SubmissionError: as `call`.
        """
        answer = self._ask("call", function=function, arguments=arguments, keywords=keywords, inputs=True)
        return answer["result"], answer["inputs"]

    def get(self, name: str):
        """Reads a variable of the submission, such as a layer that its functions share.

        Raises:
            SubmissionError: there is none, or it is not plain.
        """
        return self._ask("get", name=name)["result"]

    def reopen(self, content: np.ndarray) -> tuple[dict, "Remote"]:
        """Begins again in a process that has not run anything of the submission, and loads a file there.

        Whatever came out of earlier calls is gone. All that the new process can know is in the file, which is first
        read without the code of the submission and then loaded with it.

        Args:
            content: the bytes of a `.keras` file, from `Remote.saved`.

        Returns:
            What stands in the file, see `dlseq.grading.worker.keras_file.contents`, and the model or layer.

        Raises:
            SubmissionError: there is no such thing in the file, or loading it raised something.
        """
        if type(content) is not np.ndarray or content.dtype != np.uint8 or content.size > LARGEST:
            raise SubmissionError("NotPlain", "what was saved is not a .keras file")
        self._transport.restart()
        found = self._ask("read_file", content=content)["result"]
        return found, self._ask("load_file", content=content)["result"]

    def _ask(self, operation: str, **fields):
        reply = self._transport.request({"operation": operation, **_without_remotes(fields)})
        if type(reply) is dict and type(reply.get("error")) is dict:
            kind, message, place = (_text(reply["error"].get(part)) for part in ("kind", "message", "place"))
            raise SubmissionError(kind, message, place if _PLACE.fullmatch(place) else "")
        if type(reply) is not dict or type(reply.get("value")) is not dict or "result" not in reply["value"]:
            raise SubmissionError("NotPlain", "the reply is not one")
        return self._with_remotes(reply["value"])

    def _with_remotes(self, value):
        kind = type(value)
        if kind is Handle:
            return Remote(self, value)
        if kind is list or kind is tuple:
            return kind(self._with_remotes(one) for one in value)
        if kind is dict:
            return {key: self._with_remotes(one) for key, one in value.items()}
        return value


@dataclass(frozen=True)
class Remote:
    """A Keras model or layer, or a Matplotlib figure, that stays with the submission.

    Methods that can be called are listed in `dlseq.grading.worker.executor.METHODS`.

    Attributes:
        submission: where it lives.
        handle: which one it is.
    """

    submission: Submission
    handle: Handle

    @property
    def kind(self) -> str:
        """ "model", "layer" or "figure"."""
        return self.handle.kind

    def invoke(self, method: str, *arguments, **keywords):
        """Calls a method of it: `invoke("call", x)`, `invoke("count_params")`.

        Raises:
            SubmissionError: the method raised, or is not one that tests may call.
        """
        return self.submission._ask(
            "invoke", handle=self.handle, method=method, arguments=arguments, keywords=keywords
        )["result"]

    def predict(self, inputs):
        """Outputs of a model for a batch: arrays, in a list where there are several."""
        return self.invoke("predict", inputs)

    def fit(self, inputs, targets, **keywords) -> dict:
        """Trains a compiled model and returns its history, a list of numbers for each measure."""
        return self.invoke("fit", inputs, targets, **keywords)

    def get_weights(self) -> list:
        """Its weights, as Keras orders them."""
        return self.invoke("get_weights")

    def set_weights(self, weights: list) -> None:
        """Replaces its weights."""
        self.invoke("set_weights", weights)

    def describe(self) -> dict:
        """Shapes and counts; of a figure, what it shows: see `dlseq.grading.worker.figures.describe_figure`.

        Returns:
            "inputs" and "outputs": lists of shapes (tuples with None for the batch; empty for a layer); "layers": a
            list of (class name, name); "weights": shapes; "names": those of the weights; "trainable" and
            "parameters": numbers of values.
        """
        return self.invoke("describe")

    def picture(self) -> dict:
        """A figure as it is seen, for `dlseq.testing.rendered_figures.read_picture`."""
        return self.invoke("picture")

    def saved(self) -> np.ndarray:
        """The bytes of a `.keras` file, for `Submission.reopen`."""
        return self.invoke("saved")


def _text(value):
    """At most 500 characters that a terminal shows as they are."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in value[:500]) if type(value) is str else ""


def _without_remotes(value):
    kind = type(value)
    if kind is Remote:
        return value.handle
    if kind is list or kind is tuple:
        return kind(_without_remotes(one) for one in value)
    if kind is dict:
        return {key: _without_remotes(one) for key, one in value.items()}
    return value
