"""Runs a graded test within its time, and makes a record of what came of it."""

import pytest

from dlseq.grading.plugin.options import CASES, MARKING, exercise_of, function_of, is_graded, is_hidden

__all__ = ["QUICKER"]

QUICKER = 4  # times less time for the tests of a function of which one did not come to an end


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Ends a graded test when its time is over, and tells comparisons what they may disclose."""
    if not is_graded(item):
        return (yield)
    from dlseq.grading.sandbox.timeout import timeout
    from dlseq.testing.assertions import DISCLOSE, EAGER

    disclose = DISCLOSE.set(not is_hidden(item))
    eager = EAGER.set(item.config.stash[MARKING].recorded is not None)
    try:
        with timeout(_limit_of(item), item.config.stash[MARKING].helpers):
            return (yield)
    finally:
        DISCLOSE.reset(disclose)
        EAGER.reset(eager)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Puts the record of a graded test into its report, and the verdict in the place of pytest's own."""
    report = yield
    if not is_graded(item) or not (call.when == "call" or (call.when == "setup" and not report.passed)):
        return report
    error = call.excinfo.value if call.excinfo is not None else None
    record = _record(item, error, report.duration)
    if record.status == "timeout" or (record.status != "passed" and report.duration > _limit_of(item) / 2):
        item.config.stash[MARKING].slow.add(record.function)
    report.dlseq = record.to_dict()
    if record.status != "passed":
        report.outcome = "failed"
        if getattr(item.config.option, "tbstyle", "auto") != "long":
            report.longrepr = _told(record, item.config.stash[MARKING].seed)
    return report


def _limit_of(item):
    marker, marking = item.get_closest_marker("time_limit"), item.config.stash[MARKING]
    limit = marker.args[0] if marker else marking.time_limit
    return limit / QUICKER if function_of(item) in marking.slow else limit


def _record(item, error, seconds):
    from dlseq.grading.plugin.verdict import verdict
    from dlseq.grading.results import TestResult

    hidden, function = is_hidden(item), function_of(item)
    hint = item.get_closest_marker("hint")
    status, message, hint, place = verdict(error, function, hint.args[0] if hint else "", hidden, _limit_of(item))
    asked = " ".join((item.function.__doc__ or item.name).split())
    share = item.get_closest_marker("points").args[0] / item.stash.get(CASES, 1)
    return TestResult(
        exercise_of(item), function, item.name, asked, share, status, message, hint, place, round(seconds, 4), hidden
    )


def _told(record, seed):
    lines = [f"{record.function}: {record.property} (0 of {record.points:g} points)", f"    {record.message}"]
    lines[1] += f" ({record.place})" if record.place else ""
    lines += [f"    hint: {record.hint}"] if record.hint else []
    return "\n".join([*lines, f"    repeat with: --dlseq-seed {seed}"])
