"""Hints for exceptions: those that NumPy and Python raise are recognized by their kind and message."""

import io
import sys

import numpy as np
import pytest

from dlseq.grading.plugin.exception_hints import GENERAL, SHAPE_KINDS, explain_exception
from dlseq.grading.plugin.loading import LoadNote
from dlseq.grading.plugin.outcomes import outcome_of
from dlseq.testing.submission import SubmissionError

A, B, LIST = np.ones((5, 4)), np.ones((5, 5)), [1, 2]


def fill():
    np.zeros((5, 4, 6))[:, :, 0] = np.ones((2, 4))


def unpack():
    _, _ = np.ones((3, 2))


def unpack_of(value):
    _, _ = value


def two(a, b):
    pass


def check_shape(array):
    assert array.shape == (1,)


def import_moved():
    from numpy import softmaxx  # noqa: F401


def read_nothing():
    before, sys.stdin = sys.stdin, io.StringIO()
    try:
        input()
    finally:
        sys.stdin = before


def read_early():
    total += A  # noqa: F821
    total = 0  # noqa: F841


CASES = {
    "product": (lambda: A @ A, "element by element meant (`*`, not `@` or np.dot)"),
    "dot": (lambda: np.dot(A, A), "Take every size from the shapes of the arguments"),
    "broadcast": (lambda: A * B, "The shapes (5,4) and (5,5) do not fit element by element"),
    "fill": (fill, "A value of shape (2,4) is stored where there is room for (5,4)"),
    "concatenate": (lambda: np.concatenate([A, A[:3]], axis=1), "look at the argument axis"),
    "stack": (lambda: np.stack([A, B]), "The arrays that are joined differ in shape"),
    "ragged": (lambda: np.array([A, B]), "The arrays that are joined differ in shape"),
    "choice": (lambda: np.random.default_rng(0).choice(4, p=np.ones(16) / 16), "has the shape (n, 1)"),
    "old choice": (lambda: np.random.RandomState(0).choice(4, p=np.ones(16) / 16), "has the shape (n, 1)"),
    "choice of columns": (
        lambda: np.random.RandomState(0).choice(4, p=np.ones((4, 1)) / 4),
        "one probability for each",
    ),
    "no probabilities": (lambda: np.random.RandomState(0).choice(4, p=np.ones(4)), "softmax makes numbers"),
    "NaN": (lambda: np.random.RandomState(0).choice(2, p=[np.nan, 1]), "softmax makes numbers"),
    "reshape": (lambda: A.reshape(3), "keeps the number of values"),
    "truth": (lambda: bool(A == A), "one truth value"),
    "unpack": (unpack, "2 names stand left of `=`, and more values"),
    "unpack less": (lambda: unpack_of(LIST[:1]), "2 names stand left of `=`, and 1 values right of it"),
    "unpack None": (lambda: unpack_of(None), "a function without `return` gives None"),
    "unpack a number": (lambda: unpack_of(3), "A single value of type int is unpacked"),
    "nothing to stack": (lambda: np.stack([]), "The list of arrays is empty"),
    "sequence": (lambda: np.zeros(3).__setitem__(0, LIST), "One entry of an array is given several values"),
    "list by text": (lambda: LIST["a"], "A list is indexed by a str"),
    "key of a list": (lambda: {}[LIST], "A list cannot be the key of a dict"),
    "module": (lambda: __import__("no_such_module"), "no_such_module is not installed where files are graded"),
    "moved name": (import_moved, "There is no softmaxx in numpy of this release"),
    "file": (lambda: open("dinos.csv"), "There is no file dinos.csv"),  # noqa: SIM115, PTH123
    "input": (read_nothing, "input() has nobody to answer"),
    "assert": (lambda: check_shape(A), "An `assert` of the file itself failed"),
    "older NumPy": (lambda: np.floats, "numpy has no floats"),
    "left out": (lambda: two(1), "The call leaves out 'b': compare number"),
    "too many": (lambda: two(1, 2, 3), "The function takes 2 arguments and gets 3"),
    "unknown keyword": (lambda: two(c=1), "The call passes c, which the function does not take"),
    "twice": (lambda: two(1, a=2), "The call passes a twice"),
    "index": (lambda: A[:, 9], "The index 9 does not exist on axis 1, which has the size 4"),
    "indices": (lambda: A[0, 0, 0], "fewer axes than indices"),
    "list of an index": (lambda: int(A[[[0]]]), "write [i] and not [[i]]"),
    "list index": (lambda: LIST[7], "indices begin at 0"),
    "list": (lambda: LIST.T, "A list is no array"),
    "None": (lambda: {}.get("Wax")["a"], "A value is None"),
    "None.T": (lambda: None.T, "A value is None"),
    "attribute": (lambda: A.transposed, "look at its spelling"),
    "key": (lambda: {}["Wax"], "The dict has no key 'Wax'"),
    "name": (lambda: softmaxx(A), "such as parameters['softmaxx']"),  # noqa: F821
    "unbound": (read_early, "The variable total is read before it has a value"),
    "scalar": (lambda: float(A), "A single number is needed"),
    "arguments": (lambda: fill(A), "takes 0 arguments and gets 1"),
    "call": (lambda: A(1), "round brackets call"),
    "types": (lambda: "a" + 1, "do not fit"),
    "axis": (lambda: A.sum(axis=3), "no such axis"),
    "zero": (lambda: 1 / 0, "A divisor is 0"),
    "other": (lambda: next(iter(())), GENERAL),
}


@pytest.mark.parametrize("case", CASES)
def test_an_exception_is_explained_by_its_kind(case):
    call, words = CASES[case]
    with pytest.raises(Exception) as caught:
        call()
    kind, message = type(caught.value).__name__, str(caught.value)
    assert words in explain_exception(kind, message)
    error = SubmissionError(kind, message, "line 3")
    visible, hidden = (
        outcome_of(error, function="f", hint="a gate", hidden=hidden, time_limit=5) for hidden in (False, True)
    )
    own = outcome_of(error, function="f", hint="a gate", hidden=False, time_limit=5, exception_hint="a layer")
    assert words in visible.hint
    assert own.hint == ("a layer" if kind in SHAPE_KINDS and "to unpack" not in message else visible.hint)
    assert hidden.hint == "a gate"  # what a hidden test says depends on no text of the submission


def test_a_name_that_a_failed_statement_would_have_defined_is_explained_by_it():
    notes = (LoadNote("ModuleNotFoundError", "No module named 'fastai'", "cell 1, line 2", frozenset({"softmax"})),)
    error = SubmissionError("NameError", "name 'softmax' is not defined", "cell 3, line 4")
    visible, hidden = (
        outcome_of(error, function="f", hint="a gate", hidden=hidden, time_limit=5, notes=notes)
        for hidden in (False, True)
    )
    assert "softmax is missing, because cell 1, line 2 failed with ModuleNotFoundError: No module" in visible.hint
    assert hidden.hint == "a gate"


def test_a_function_in_a_cell_that_is_no_python_is_missing_for_that_reason():
    notes = (LoadNote("SyntaxError", "invalid syntax", "cell 4, line 2", frozenset({"f"})),)
    error = SubmissionError("Missing", "there is no f in the file")
    hint = outcome_of(error, function="f", hint="", hidden=False, time_limit=5, notes=notes).hint
    assert hint.startswith("cell 4, line 2 failed with SyntaxError: invalid syntax. Correct the line")
