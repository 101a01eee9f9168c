"""Mutants differ from a solution in one place between its markers, and operators do what their examples say."""

import pytest

pytest.importorskip("cosmic_ray")

from cosmic_ray.mutating import mutate_code

from dlseq.authoring.mutants import make_mutants
from dlseq.authoring.mutation_operators import OPERATORS

EXAMPLES = [(kind, one) for kind in OPERATORS for one in kind.examples()]


@pytest.mark.parametrize("kind, example", EXAMPLES, ids=lambda one: getattr(one, "__name__", ""))
def test_an_operator_does_what_its_example_says(kind, example):
    assert mutate_code(example.pre_mutation_code, kind(), example.occurrence) == example.post_mutation_code


@pytest.mark.parametrize(
    "text",
    [
        "f(x for x in y)",
        "f(*a, **b)",
        "[x for x, in y]",
        "for i in range(3): pass",
        "len(x)",
        "[a, a]",
        "def f(a):\n    return a",
        "def f(a, b):\n    return x.a",
        "def f(a, b):\n    raise Wrong(told(a, b, c=1))",
    ],
)
def test_what_would_be_no_other_program_is_left_alone(text):
    assert [mutate_code(text, kind(), 0) for kind in OPERATORS] == [None] * len(OPERATORS)


TEXT = """
import keras

n_a = 3

def dense(x, units=2):
    \"\"\"Not to be changed: f(a, b).\"\"\"
    y = f(x, units)
    ### BEGIN SOLUTION
    y = f(x, units)

    # a comment
    ### END SOLUTION
    return f(x, units)


class Layer:
    def call(self, x):
        ### BEGIN SOLUTION
        return x + 1
        ### END SOLUTION
"""


def test_all_that_is_changed_is_one_line_between_the_markers():
    before = TEXT.split("\n")
    lines = {"dense": before.index("    y = f(x, units)", 9), "Layer.call": before.index("        return x + 1")}
    mutants = make_mutants(TEXT)
    for one in mutants:
        after = one.text.split("\n")
        differ = [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        assert differ == [lines[one.function]]
        assert one.change == f"{one.function}: {before[differ[0]].strip()} => {after[differ[0]].strip()}"
    assert len({one.text for one in mutants}) == len(mutants)


def test_mutants_are_made_of_calls_as_of_arithmetic():
    changes = [one.change.split(" => ")[1] for one in make_mutants(TEXT)]
    assert [one for one in changes if "y = " in one] == [
        "y = f(units, units)",
        "y = f(units, x)",
        "y = f(x, x)",
        "y = x",
    ]
    assert "return x - 1" in changes and "return x + 2" in changes
