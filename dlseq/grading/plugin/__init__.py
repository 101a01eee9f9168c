"""The pytest plugin of graded tests: options, markers, fixtures, outcomes and a summary of points.

A graded test carries `@pytest.mark.points(4, of="rnn_forward")` and stands in `tests/graded/test_<exercise>.py`.

The plugin is no entry point of the distribution, so that it stays out of other projects. Load it by name: with
`-p dlseq.grading.plugin`, or by that line in the `addopts` of a configuration file.
"""

__all__ = ["pytest_plugins"]

pytest_plugins = (
    "dlseq.grading.plugin.options",
    "dlseq.grading.plugin.fixtures",
    "dlseq.grading.plugin.outcomes",
    "dlseq.grading.plugin.terminal",
)
