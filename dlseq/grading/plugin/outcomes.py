"""Outcomes of graded tests: the time limit, and the test result that replaces pytest's own outcome."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from dlseq.errors import DlseqError
from dlseq.grading.plugin.exception_hints import explain_exception
from dlseq.grading.plugin.loading import LoadNote, note_on, sentence_of
from dlseq.grading.plugin.options import (
    case_count_key,
    exercise_of,
    full_time_limit,
    function_of,
    is_graded,
    is_hidden,
    session_key,
)

# Functions import the modules that need NumPy: a conftest may set its number of threads after pytest loads plugins.

__all__ = ["Outcome", "outcome_of"]

TIMEOUT_DIVISOR = 4  # after one slow failure, the other tests of that function get a quarter of the limit
SLOW_FRACTION = 0.5  # of the time limit, beyond which a failed test counts as slow
MAX_LIMITS_USED = 15.0  # time of all loads and tests of an exercise, in time limits; what is left is not run
MAX_ERROR_CHARS = 200
ENDLESS_HINT = "Is there a loop whose condition stays true, or one that is run far more often than needed?"


class TestsTookTooLong(Exception):
    """The tests of an exercise have taken too long together; the ones that are left are not run."""

    __test__ = False  # pytest would collect the name


@dataclass(frozen=True)
class Outcome:
    """The outcome of a graded test, as a student sees it.

    Attributes:
        status: one of `dlseq.grading.results.STATUSES`.
        message: one line; empty if the test passed.
        hint: advice, or empty.
        place: line of the submission in which an exception arose, or empty.
        recognized: True if the hint is about this failure and not the hint of the test.
    """

    status: str
    message: str = ""
    hint: str = ""
    place: str = ""
    recognized: bool = False


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """End an exercise whose loads and tests have taken too long together, before the submission is loaded again."""
    if is_graded(item) and item.config.stash[session_key].limits_used[exercise_of(item)] >= MAX_LIMITS_USED:
        raise TestsTookTooLong


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Run a graded test within its time limit, and let assertions disclose values in visible tests only."""
    if not is_graded(item):
        return (yield)
    from dlseq.grading.sandbox.timeout import timeout
    from dlseq.testing.assertions import DISCLOSE_VALUES, EVALUATE_KNOWN

    session = item.config.stash[session_key]
    disclose = DISCLOSE_VALUES.set(not is_hidden(item))
    eager = EVALUATE_KNOWN.set(session.recorded_values is not None)
    try:
        with timeout(_time_limit(item), session.submission_pids, session.all_submission_pids) as counted_seconds:
            try:
                return (yield)
            finally:
                session.limits_used[exercise_of(item)] += counted_seconds() / full_time_limit(item)
    finally:
        DISCLOSE_VALUES.reset(disclose)
        EVALUATE_KNOWN.reset(eager)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Attach the serialized test result to the report of a graded test, and make a skip or xfail a failure."""
    report = yield
    if not is_graded(item) or not (call.when == "call" or (call.when == "setup" and not report.passed)):
        return report
    error = call.excinfo.value if call.excinfo is not None else None
    result, session = _test_result(item, error, report.duration), item.config.stash[session_key]
    passed = result.status == "passed"
    slow = not passed and report.duration > _time_limit(item) * SLOW_FRACTION
    if result.status == "timeout" or slow:
        session.slow_functions.add(result.function)
    report.dlseq_result = result.to_dict()
    if not passed:
        report.outcome = "failed"
        if getattr(item.config.option, "tbstyle", "auto") != "long":
            report.longrepr = _format_failure(result, session.seed)
    return report


def _time_limit(item):
    is_slow = function_of(item) in item.config.stash[session_key].slow_functions
    return full_time_limit(item) / (TIMEOUT_DIVISOR if is_slow else 1)


def _test_result(item, error, seconds):
    from dlseq.grading.results import TestResult

    hint = item.get_closest_marker("hint")
    outcome = outcome_of(
        error,
        function=function_of(item),
        hint=hint.args[0] if hint else "",
        exception_hint=hint.kwargs.get("exception", "") if hint else "",
        hidden=is_hidden(item),
        time_limit=_time_limit(item),
        notes=item.config.stash[session_key].load_notes or (),
    )
    return TestResult(
        exercise=exercise_of(item),
        function=function_of(item),
        test=item.name,
        property=" ".join((item.function.__doc__ or item.name).split()),
        points=item.get_closest_marker("points").args[0] / item.stash.get(case_count_key, 1),
        status=outcome.status,
        message=outcome.message,
        hint=outcome.hint,
        place=outcome.place,
        seconds=round(seconds, 4),
        hidden=is_hidden(item),
        recognized=outcome.recognized,
    )


def _format_failure(result, seed):
    message = f"    {result.message}" + (f" ({result.place})" if result.place else "")
    lines = [f"{result.function}: {result.property} (0 of {result.points:g} points)", message]
    lines += [f"    hint: {result.hint}"] if result.hint else []
    return "\n".join([*lines, f"    repeat with: --dlseq-seed {seed}"])


def outcome_of(
    error: BaseException | None,
    *,
    function: str,
    hint: str,
    hidden: bool,
    time_limit: float,
    exception_hint: str = "",
    notes: Sequence[LoadNote] = (),
) -> Outcome:
    """Classify the end of a graded test.

    Args:
        error: exception of the test; None if it passed.
        function: the graded function.
        hint: the test's own hint, about a wrong value; in a hidden test also about an exception.
        hidden: leave out text from the submission, which may carry the inputs of a hidden test.
        time_limit: seconds, for the message.
        exception_hint: the test's own hint about shapes that do not fit in a visible test. Defaults to one by the kind
            of the exception.
        notes: on statements of the file that failed before any test.

    Example:
        >>> from dlseq.testing.submission import SubmissionError
        >>> error = SubmissionError("NotImplementedError", "rnn_cell_forward")
        >>> outcome_of(error, function="rnn_forward", hint="", hidden=False, time_limit=10).message
        'rnn_forward needs rnn_cell_forward, which is not started'
    """
    from dlseq.grading.worker.executor import TimeLimitExceeded
    from dlseq.testing.assertions import Mismatch
    from dlseq.testing.submission import SubmissionError

    if error is None:
        return Outcome("passed")
    if isinstance(error, Mismatch):
        recognized = error.hint is not None
        return Outcome("failed", str(error), error.hint if recognized else hint, recognized=recognized)
    if isinstance(error, TimeLimitExceeded):
        return Outcome("timeout", f"{function} did not come to an end within {time_limit:g} seconds", ENDLESS_HINT)
    if isinstance(error, TestsTookTooLong):
        return Outcome("timeout", f"{function} was not tested, because the tests before took too long together")
    if isinstance(error, SubmissionError):
        return _outcome_of_submission_error(error, function, hint, exception_hint, hidden, notes)
    if isinstance(error, DlseqError):
        return Outcome("error", str(error))
    if isinstance(error, pytest.skip.Exception | pytest.xfail.Exception):
        return Outcome("error", "the test was skipped, which earns nothing")
    detail = "" if hidden else f": {type(error).__name__}: {' '.join(str(error).split())[:MAX_ERROR_CHARS]}"
    return Outcome("failed", f"what {function} returned cannot be used{detail}", hint)


def _outcome_of_submission_error(error, function, hint, exception_hint, hidden, notes):
    text, place = ("", "") if hidden else (error.message, error.place)
    detail = f": {text}" if text else ""
    if error.kind == "NotImplementedError":
        missing = error.message.strip("'\"")
        if not missing or missing.replace(".", "").isidentifier():
            if missing in ("", function) or hidden:
                return Outcome("not started", f"{function} is not started")
            return Outcome("not started", f"{function} needs {missing}, which is not started")
    if error.kind == "Missing":
        return Outcome(
            "error", text or f"{function} is missing", _hint_on_missing(error.message, function, notes), place
        )
    if error.kind == "ImportFailed":
        return Outcome("error", f"the file cannot be run{detail}", "", place)
    if error.kind == "NotPlain":
        return Outcome("failed", text or f"{function} returned something of an unexpected type", hint, place)
    if error.kind == "Lost":
        return Outcome("error", f"the process ended while {function} ran{detail}", "", place)
    if hidden:  # the name of an exception class could spell an input
        return Outcome("error", f"{function} raised an exception", hint)
    explanation = _explain_by_notes(error, notes) or explain_exception(error.kind, error.message, exception_hint)
    return Outcome("error", f"{function} raised {error.kind}{detail}", explanation, place)


def _hint_on_missing(message, function, notes):
    """Return the reason why a name is missing: the first load came before all inputs, so it can be told."""
    found = re.fullmatch(r"there is no (\w+) in the file", message)
    note = note_on(notes, found[1] if found else function)
    return "Keep the names that the exercise gave." if note is None else sentence_of(note)


def _explain_by_notes(error, notes):
    """Return the reason why a global name of a visible test's NameError is missing, or an empty string."""
    found = re.match(r"name '(\w+)' is not defined", error.message) if error.kind == "NameError" else None
    note = note_on(notes, found[1]) if found else None
    return "" if note is None else f"{found[1]} is missing, because {sentence_of(note)}"
