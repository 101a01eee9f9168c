"""Mutants of a solution differ in one place between its markers; mutation operators match their examples."""

import pytest

pytest.importorskip("cosmic_ray")

from cosmic_ray.mutating import mutate_code

from dlseq.authoring.mutation.mutants import make_mutants
from dlseq.authoring.mutation.operators import OPERATORS

EXAMPLES = [(operator, example) for operator in OPERATORS for example in operator.examples()]


@pytest.mark.parametrize("operator, example", EXAMPLES, ids=lambda value: getattr(value, "__name__", ""))
def test_an_operator_matches_its_example(operator, example):
    assert mutate_code(example.pre_mutation_code, operator(), example.occurrence) == example.post_mutation_code


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
        "def f(a, b):\n    raise Wrong(message(a, b, c=1))",
    ],
)
def test_code_without_a_meaningful_mutation_stays_unchanged(text):
    assert [mutate_code(text, operator(), 0) for operator in OPERATORS] == [None] * len(OPERATORS)


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


def test_a_mutant_changes_one_line_between_the_markers():
    before = TEXT.split("\n")
    lines = {"dense": before.index("    y = f(x, units)", 9), "Layer.call": before.index("        return x + 1")}
    mutants = make_mutants(TEXT)
    for mutant in mutants:
        after = mutant.text.split("\n")
        differ = [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        assert differ == [lines[mutant.function]]
        assert mutant.change == f"{mutant.function}: {before[differ[0]].strip()} => {after[differ[0]].strip()}"
    assert len({mutant.text for mutant in mutants}) == len(mutants)


def test_calls_are_mutated_as_well_as_arithmetic():
    changes = [mutant.change.split(" => ")[1] for mutant in make_mutants(TEXT)]
    assert [line for line in changes if "y = " in line] == [
        "y = f(units, units)",
        "y = f(units, x)",
        "y = f(x, x)",
        "y = x",
    ]
    assert "return x - 1" in changes and "return x + 2" in changes
