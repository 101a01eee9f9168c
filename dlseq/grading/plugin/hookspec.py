"""Hook specifications of the pytest plugin."""

import pytest

__all__ = ["pytest_dlseq_make_transport", "pytest_dlseq_test_result"]


@pytest.hookspec(firstresult=True)
def pytest_dlseq_make_transport(config: pytest.Config, item: pytest.Item, exercise: str):
    """Return a transport to the submission for one graded test.

    Args:
        config: of the run.
        item: the test.
        exercise: name of its exercise.

    Returns:
        A `dlseq.testing.submission.Transport`. Its method `close`, if it has one, is called after the test.
    """


@pytest.hookspec
def pytest_dlseq_test_result(config: pytest.Config, result):
    """Receive the `dlseq.grading.results.TestResult` of each graded test as soon as it is known."""
