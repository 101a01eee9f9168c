"""Marking: graded tests on one side, a submission on the other, and only plain data between them.

Example:
    >>> from dlseq.grading import grade
    >>> results = grade(["class.zip"], out="marks")  # doctest: +SKIP
    >>> results[0].student, results[0].earned, results[0].possible  # doctest: +SKIP
    ('ada', 97.5, 100.0)
"""

import importlib

_PUBLIC = {"grade": "dlseq.grading.run", "SubmissionResult": "dlseq.grading.results"}

__all__ = list(_PUBLIC)


def __getattr__(name):
    if name not in _PUBLIC:
        raise AttributeError(f"module 'dlseq.grading' has no attribute {name!r}; expected one of {sorted(_PUBLIC)}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)
