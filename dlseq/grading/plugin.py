"""The pytest plugin: markers, points, seeds, and the fixtures through which graded tests reach a submission.

A graded test carries `@pytest.mark.points(4, of="rnn_forward")` and lives in `tests/graded/test_<exercise>.py`.
"""

__all__ = ["pytest_plugins"]

pytest_plugins = (
    "dlseq.grading.marking",
    "dlseq.grading.opening",
    "dlseq.grading.fixtures",
    "dlseq.grading.judging",
    "dlseq.grading.telling",
)
