"""What the graded tests of every exercise have in common."""

import ast
from pathlib import Path

import pytest

from dlseq.authoring.mistakes import apply_mistake, load_mistakes
from dlseq.course.exercises import EXERCISES
from dlseq.course.layout import find_course
from dlseq.course.stubs import solution_blocks
from dlseq.course.visible_tests import hidden_tests

HERE = find_course(Path(__file__).parent)
NAMES = [one.name for one in EXERCISES if HERE.has_tests(one.name)]


def graded_functions(name):
    tree = ast.parse(HERE.tests(name).read_text("utf-8"))
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


def marks(node):
    calls = [one for one in node.decorator_list if isinstance(one, ast.Call)]
    return {one.func.attr: one for one in calls if isinstance(one.func, ast.Attribute)}


@pytest.mark.parametrize("name", NAMES)
def test_each_graded_test_has_points_a_hint_and_a_line_that_says_what_is_asked(name):
    for node in graded_functions(name):
        assert {"points", "hint"} <= set(marks(node)), node.name
        assert ast.get_docstring(node) and "\n" not in ast.get_docstring(node), node.name


@pytest.mark.parametrize("name", NAMES)
def test_graded_tests_compare_through_our_helpers_whose_messages_do_not_leak(name):
    tree = ast.parse(HERE.tests(name).read_text("utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_function_of_the_solution_is_graded_by_visible_and_hidden_tests_and_has_mistakes(name):
    hidden = {node.name for node in hidden_tests(HERE.tests(name).read_text("utf-8"))}
    graded = {True: set(), False: set()}
    for node in graded_functions(name):
        (of,) = (word.value.value for word in marks(node)["points"].keywords if word.arg == "of")
        graded[node.name in hidden].add(of)
    solution = HERE.solution(name).read_text("utf-8")
    functions = {block.function.split(".")[0] for block in solution_blocks(solution) if block.function}
    mistakes, _ = load_mistakes(HERE.mistakes / f"{name}.py")
    assert graded[True] == graded[False] == functions
    assert len(mistakes) >= 8 and {function for one in mistakes for function in one.loses} == functions
    for mistake in mistakes:
        compile(apply_mistake(solution, mistake), mistake.name, "exec")
