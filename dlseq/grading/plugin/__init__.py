"""The pytest plugin: markers, points, seeds, and the fixtures through which graded tests reach a submission.

A graded test carries `@pytest.mark.points(4, of="rnn_forward")` and lives in `tests/graded/test_<exercise>.py`.
"""

__all__ = ["pytest_plugins"]

pytest_plugins = (
    "dlseq.grading.plugin.options",
    "dlseq.grading.plugin.opening",
    "dlseq.grading.plugin.fixtures",
    "dlseq.grading.plugin.outcomes",
    "dlseq.grading.plugin.terminal",
)
