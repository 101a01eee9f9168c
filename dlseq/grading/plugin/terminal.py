"""Passes records of graded tests on, and says at the end of pytest what they add up to."""

import os

import pytest

from dlseq.grading.plugin.options import MARKING, is_graded

__all__: list[str] = []


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Registers what passes records on."""
    config.pluginmanager.register(_Relay(config), "dlseq-relay")


class _Relay:
    """Passes records on. With pytest-xdist that happens in another process than the one that ran the test."""

    def __init__(self, config):
        self.config = config

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        """Takes the record out of a report that has one."""
        if not hasattr(report, "dlseq") or hasattr(self.config, "workerinput"):
            return
        from dlseq.grading.results import TestResult

        record = TestResult.from_dict(report.dlseq)
        self.config.stash[MARKING].records.append(record)
        self.config.hook.pytest_dlseq_record(config=self.config, record=record)


def pytest_report_collectionfinish(config, items):
    """Print the submission and the seed, once graded tests have been collected."""
    return _line(config) if config.get_verbosity() >= 0 and any(map(is_graded, items)) else []


def _line(config):
    marking = config.stash[MARKING]
    place = os.path.relpath(marking.submission) if marking.submission else "solutions/ (or exercises/)"
    return f"graded tests: submission {place}, repeat with --dlseq-seed {marking.seed}"


def pytest_terminal_summary(terminalreporter, config):
    """Says how many points were earned."""
    marking = config.stash[MARKING]
    if not marking.records:
        return
    from dlseq.grading.results import earned, possible

    by_exercise = {}
    for record in marking.records:
        by_exercise.setdefault(record.exercise, []).append(record)
    for name, records in by_exercise.items():
        terminalreporter.write_line(f"{name}: {earned(records):g} of {possible(records):g} points")
    terminalreporter.write_line(_line(config))
