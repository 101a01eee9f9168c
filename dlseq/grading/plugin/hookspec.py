"""Hooks by which a grader takes the place of what the pytest plugin does by default."""

import pytest

__all__ = ["pytest_dlseq_open", "pytest_dlseq_record"]


@pytest.hookspec(firstresult=True)
def pytest_dlseq_open(config: pytest.Config, item: pytest.Item, exercise: str):
    """Opens the submission for one test.

    Args:
        config: of the run.
        item: the test.
        exercise: its exercise.

    Returns:
        A `dlseq.testing.submission.Transport`. If it has a method `close`, that is called after the test.
    """


@pytest.hookspec
def pytest_dlseq_record(config: pytest.Config, record):
    """Is told the `dlseq.grading.results.TestResult` of each graded test, as soon as it is known."""
