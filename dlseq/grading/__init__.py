"""Grading: graded tests in a judge process, a submission in a worker process, and only plain data between them.

Example:
    >>> from dlseq.grading import grade
    >>> results = grade("class.zip", "marks")  # doctest: +SKIP
    >>> results[0].student, results[0].earned, results[0].possible  # doctest: +SKIP
    ('ada', 97.5, 100.0)
"""

import importlib

_PUBLIC = {
    "GradingOptions": "dlseq.grading.plan",
    "SubmissionResult": "dlseq.grading.results",
    "grade": "dlseq.grading.run",
}

__all__ = list(_PUBLIC)


def __getattr__(name):
    if name not in _PUBLIC:
        raise AttributeError(f"module 'dlseq.grading' has no attribute {name!r}; expected one of {sorted(_PUBLIC)}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)
