"""From what happened in a graded test to what a student is told."""

import pytest

from dlseq.errors import DlseqError
from dlseq.grading.worker.executor import TimeLimitExceeded
from dlseq.testing.assertions import Mismatch
from dlseq.testing.submission import SubmissionError

__all__ = ["verdict"]


def verdict(error: BaseException | None, function: str, hint: str, hidden: bool, limit: float) -> tuple:
    """Judges one outcome.

    Args:
        error: what the test raised; None where it passed.
        function: that the test marks.
        hint: the test's own.
        hidden: whether the test is hidden, so that words of the submission, which may carry its inputs, stay out.
        limit: seconds that a test may take.

    Returns:
        Status, message, hint and place, for a `Record`.

    Example:
        >>> verdict(SubmissionError("NotImplementedError", "rnn_cell_forward"), "rnn_forward", "", False, 10)
        ('not started', 'rnn_forward needs rnn_cell_forward, which is not started', '', '')
    """
    if error is None:
        return "passed", "", "", ""
    if isinstance(error, Mismatch):
        return "failed", str(error), hint if error.hint is None else error.hint, ""
    if isinstance(error, TimeLimitExceeded):
        return "timeout", f"{function} did not come to an end within {limit:g} seconds", hint, ""
    if isinstance(error, SubmissionError):
        return _of_submission(error, function, hint, hidden)
    if isinstance(error, DlseqError):
        return "error", str(error), "", ""
    if isinstance(error, pytest.skip.Exception | pytest.xfail.Exception):
        return "error", "the test was skipped, which earns nothing", "", ""
    if hidden:
        return "failed", f"what {function} returned cannot be used", hint, ""
    words = " ".join(str(error).split())[:200]
    return "failed", f"what {function} returned cannot be used: {type(error).__name__}: {words}", hint, ""


def _of_submission(error, function, hint, hidden):
    place = "" if hidden else error.place
    other = error.message.strip("'\"")
    if error.kind == "NotImplementedError" and (not other or other.replace(".", "").isidentifier()):
        if other not in ("", function) and not hidden:
            return "not started", f"{function} needs {other}, which is not started", "", ""
        return "not started", f"{function} is not started", "", ""
    words = "" if hidden else error.message
    if error.kind == "Missing":
        return "error", words or f"{function} is missing", "Keep the names that the exercise gave.", place
    if error.kind == "ImportFailed":
        return "error", f"the file cannot be run: {words}" if words else "the file cannot be run", "", place
    if error.kind == "NotPlain":
        return "failed", words or f"{function} returned something of an unexpected type", hint, place
    if error.kind == "Lost":
        return "error", f"the process ended while {function} ran" + (f": {words}" if words else ""), "", place
    if hidden:  # the kind of an exception could spell what the test drew
        return "error", f"{function} raised an exception", hint, place
    return "error", f"{function} raised {error.kind}" + (f": {words}" if words else ""), hint, place
