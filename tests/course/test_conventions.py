"""Conventions of all graded tests and mistakes."""

import ast
from pathlib import Path

import pytest

from dlseq.authoring.mistakes import apply_mistake, load_mistakes
from dlseq.course.exercises import EXERCISES
from dlseq.course.layout import find_course
from dlseq.course.stubs import solution_blocks
from dlseq.course.visible_tests import hidden_tests

HERE = find_course(Path(__file__).parent)
NAMES = [exercise.name for exercise in EXERCISES if HERE.has_tests(exercise.name)]


def graded_functions(name):
    tree = ast.parse(HERE.tests(name).read_text("utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def markers(node):
    calls = [decorator for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
    return {call.func.attr: call for call in calls if isinstance(call.func, ast.Attribute)}


@pytest.mark.parametrize("name", NAMES)
def test_graded_tests_have_points_a_hint_and_one_line_docstrings(name):
    for node in graded_functions(name):
        assert {"points", "hint"} <= set(markers(node)), node.name
        assert ast.get_docstring(node) and "\n" not in ast.get_docstring(node), node.name


@pytest.mark.parametrize("name", NAMES)
def test_graded_tests_use_no_plain_assert(name):
    """A plain assert would show the expected value; the messages of `dlseq.testing` do not."""
    tree = ast.parse(HERE.tests(name).read_text("utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_function_has_visible_and_hidden_tests_and_mistakes(name):
    hidden = {node.name for node in hidden_tests(HERE.tests(name).read_text("utf-8"))}
    graded = {True: set(), False: set()}
    for node in graded_functions(name):
        (function,) = (keyword.value.value for keyword in markers(node)["points"].keywords if keyword.arg == "of")
        graded[node.name in hidden].add(function)
    solution = HERE.solution(name).read_text("utf-8")
    functions = {block.function.split(".")[0] for block in solution_blocks(solution) if block.function}
    mistakes, _ = load_mistakes(HERE.mistakes / f"{name}.py")
    assert graded[True] == graded[False] == functions
    assert len(mistakes) >= 8 and {function for mistake in mistakes for function in mistake.loses} == functions
    for mistake in mistakes:
        compile(apply_mistake(solution, mistake), mistake.name, "exec")
