"""Hints for exceptions: those that NumPy and Python raise are recognized by their kind and message."""

import numpy as np
import pytest

from dlseq.grading.plugin.exception_hints import GENERAL, explain_exception
from dlseq.grading.plugin.outcomes import outcome_of
from dlseq.testing.submission import SubmissionError

A, B, LIST = np.ones((5, 4)), np.ones((5, 5)), [1, 2]


def fill():
    np.zeros((5, 4, 6))[:, :, 0] = np.ones((2, 4))


def unpack():
    _, _ = np.ones((3, 2))


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
    "unpack": (unpack, "left of `=`"),
    "index": (lambda: A[:, 9], "The index 9 does not exist on axis 1, which has the size 4"),
    "indices": (lambda: A[0, 0, 0], "fewer axes than indices"),
    "list index": (lambda: LIST[7], "indices begin at 0"),
    "list": (lambda: LIST.T, "A list is no array"),
    "None": (lambda: {}.get("Wax")["a"], "A value is None"),
    "None.T": (lambda: None.T, "A value is None"),
    "attribute": (lambda: A.transposed, "look at its spelling"),
    "key": (lambda: {}["Wax"], "The dict has no key 'Wax'"),
    "name": (lambda: softmaxx(A), "The name is unknown"),  # noqa: F821
    "unbound": (read_early, "read before it has a value"),
    "scalar": (lambda: float(A), "A single number is needed"),
    "arguments": (lambda: fill(A), "does not fit the signature"),
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
    assert own.hint == "a layer"
    assert hidden.hint == "a gate"  # what a hidden test says depends on no text of the submission
