"""Terminal output of graded tests, and the hook call with each test result."""

import os

import pytest

from dlseq.grading.plugin.options import is_graded, session_key

__all__: list[str] = []


@pytest.hookimpl(tryfirst=True)
def pytest_report_collectionfinish(config, items):
    """Print the submission and the seed, once graded tests have been collected."""
    return _header(config) if config.get_verbosity() >= 0 and any(map(is_graded, items)) else []


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Register the plugin that receives test results."""
    config.pluginmanager.register(_ResultCollector(config), "dlseq-results")


class _ResultCollector:
    """Collects test results from reports; with pytest-xdist, in the controller."""

    def __init__(self, config):
        self.config = config

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        """Parse the test result that a report carries, and call the hook with it."""
        if not hasattr(report, "dlseq_result") or hasattr(self.config, "workerinput"):
            return
        from dlseq.grading.results import TestResult

        result = TestResult.from_dict(report.dlseq_result)
        self.config.stash[session_key].test_results.append(result)
        self.config.hook.pytest_dlseq_test_result(config=self.config, result=result)


def pytest_terminal_summary(terminalreporter, config):
    """Print the points of each exercise."""
    session = config.stash[session_key]
    if not session.test_results:
        return
    from dlseq.grading.results import earned, possible

    by_exercise = {}
    for result in session.test_results:
        by_exercise.setdefault(result.exercise, []).append(result)
    for exercise, results in by_exercise.items():
        terminalreporter.write_line(f"{exercise}: {earned(results):g} of {possible(results):g} points")
    terminalreporter.write_line(_header(config))


def _header(config):
    session = config.stash[session_key]
    path = os.path.relpath(session.submission) if session.submission else "solutions/ (or exercises/)"
    line = f"graded tests: submission {path}, repeat with --dlseq-seed {session.seed}"
    isolation = config.getoption("--dlseq-isolation")
    if session.submission is None or isolation == "sandbox":
        return line
    remedy = "; --dlseq-isolation sandbox confines it" if isolation is None else ""
    return f"{line}\nnot confined: the submission runs as you and can read all that you can{remedy}"
