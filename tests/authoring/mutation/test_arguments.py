"""Mutants that ignore an argument, and the proof that graded tests detect them."""

import numpy as np
import pytest

from dlseq.authoring.mutation.argument_patch import record_calls, replace_argument
from dlseq.authoring.mutation.arguments import make_argument_mutants, read_calls
from dlseq.authoring.prove import ProofPart, prove_exercises
from dlseq.authoring.release import refresh_stubs
from dlseq.course.exercises import get_exercise

NAME = "recurrent_network"
X = [[None, 3, 1], [None, 2], [None, 4, 4]]


def changes_of(calls):
    return {mutant.change for mutant in make_argument_mutants("", {"f": calls})}


def argument_proof(course):
    proofs = prove_exercises(course, [get_exercise(NAME)])
    return next(proof for proof in proofs if proof.part is ProofPart.ARGUMENTS)


def test_a_shifted_sequence_is_recomputed():
    """`optimize` of name_generation earned all points without Y: each drawn Y was X, one step later, and 0."""
    changes = changes_of([{"X": x, "Y": [*x[1:], 0]} for x in X])
    assert {"f: Y = [*X[1:], 0]", "f: X = [None, *Y[:-1]]"} <= changes
    assert not any("*X" in change for change in changes_of([{"X": x, "Y": [7, 8, 9]} for x in X]))


@pytest.mark.parametrize(
    "call, change",
    [
        ({"x": np.ones((2, 5)), "n": 5}, "f: n = x.shape[1]"),
        ({"words": {"a": 0, "b": 1}, "size": 2}, "f: size = len(words)"),
        ({"weights": {"by": np.ones((3, 1))}, "size": 3}, "f: size = weights['by'].shape[0]"),
        ({"index": {"a": 0}, "letter": {0: "a"}}, "f: letter = {value: key for key, value in index.items()}"),
        ({"x": np.ones((2, 2)), "mask": None}, "f: mask = None"),
        ({"x": np.ones(2)}, "f: x = zeros_like(x)"),
        ({"inputs": [np.ones(2), np.ones(2)]}, "f: inputs[1] = zeros"),
        ({"cache": (1, np.ones(2), {"W": np.ones(2), "b": 3})}, "f: cache[2]['W'] = zeros"),
        ({"cache": (1, np.ones(2), {"W": np.ones(2), "b": 3})}, "f: cache[2]['b'] = 3"),
        ({"index": {"\n": 0, "a": 1}}, "f: index['\\n'] = 0"),
    ],
)
def test_an_argument_is_replaced(call, change):
    assert change in changes_of([call])


def test_the_most_frequent_value_is_the_constant():
    assert "f: n = 2" in changes_of([{"n": n} for n in (1, 2, 3, 2)])


def test_an_argument_without_plain_data_has_no_constant():
    assert changes_of([{"model": ...}]) == set()


def test_entries_that_some_calls_lack_are_not_replaced():
    changes = changes_of([{"index": {"\n": 0, "a": 1}}, {"index": {"\n": 2, "b": 1}}])
    assert "f: index['\\n'] = 0" in changes
    assert not any("'a']" in change or "'b']" in change for change in changes)


def test_one_part_of_an_argument_is_replaced(submit):
    """`sample` could read the newline of the first vocabulary for ever, and the whole dict was still read."""
    text = "def f(x, weights):\n    return x * weights['W'] + weights['b'][0]\n"
    mutants = make_argument_mutants(text, {"f": [{"x": 2, "weights": {"W": np.ones(2), "b": (7, 8)}}]})
    changed = {mutant.change: submit(mutant.text) for mutant in mutants}
    given = {"W": np.full(2, 3.0), "b": (5, 6)}
    results = {change: code.call("f", 2, given).tolist() for change, code in changed.items() if ": weights[" in change}
    assert results == {
        "f: weights['W'] = zeros": [5, 5],
        "f: weights['b'][0] = 7": [13, 13],
        "f: weights['b'][1] = 8": [11, 11],
    }


def test_calls_by_tests_are_recorded_before_nested_ones(tmp_path):
    namespace = {"inner": lambda x, scale=1: x * scale}
    namespace["outer"] = lambda x: namespace["inner"](x, 3)
    record_calls(namespace, ["inner", "outer"], tmp_path / "calls")
    assert namespace["outer"](2) == 6
    assert read_calls(tmp_path / "calls") == {"inner": [{"x": 2, "scale": 3}], "outer": [{"x": 2}]}
    namespace["inner"](5)
    assert read_calls(tmp_path / "calls")["inner"] == [{"x": 5, "scale": 1}]


def test_an_argument_of_a_method_is_replaced():
    class Layer:
        def call(self, x, mask=None):
            return x, mask

    replace_argument({"Layer": Layer}, "Layer.call", "mask", "x + 1")
    assert Layer().call(2) == Layer().call(2, mask=7) == (2, 3)


def test_an_argument_stays_where_its_replacement_raises():
    namespace = {"f": lambda x, n: n}
    replace_argument(namespace, "f", "n", "len(x)")
    assert (namespace["f"]([0, 0], 5), namespace["f"](None, 5)) == (2, 5)


@pytest.fixture
def ignorable(course, change):
    """A course whose tests always pass the length of x as `size`."""
    change(course.solution(NAME), "def double_sum(x):", "def double_sum(x, size):")
    change(course.solution(NAME), "double(x).sum()", "double(x)[:size].sum()")
    change(course.tests(NAME), 'submission.call("double_sum", x)', 'submission.call("double_sum", x, len(x))')
    refresh_stubs(course)
    return course


@pytest.mark.slow
def test_an_argument_that_can_be_ignored_is_detected(ignorable):
    assert argument_proof(ignorable).failures == (
        "loses no point, and no reason is given: double_sum: size = 4",
        "loses no point, and no reason is given: double_sum: size = x.shape[0]",
    )


@pytest.mark.slow
def test_an_unread_argument_may_be_listed_with_a_reason(ignorable, change):
    reasons = {f"double_sum: size = {value}": "it is the length of x" for value in (4, "x.shape[0]", 5)}
    change(ignorable.mistakes / f"{NAME}.py", "EQUIVALENT = {}", f"EQUIVALENT = {{}}\nUNREAD_ARGUMENTS = {reasons}")
    assert argument_proof(ignorable).failures == ("listed as unread, but it loses points: double_sum: size = 5",)
    change(ignorable.mistakes / f"{NAME}.py", str(reasons), '{"double_sum: size": "it is the length of x"}')
    assert argument_proof(ignorable).failures == ()
