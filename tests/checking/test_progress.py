"""Choice of the failure that a student reads: the most telling one, not the first."""

import io

import pytest
from rich.console import Console

from dlseq.checking.progress import Progress, format_result, next_step, render_progress
from dlseq.course.exercises import get_exercise
from dlseq.grading.reports.grouped_tests import group_tests
from dlseq.grading.results import TestResult

NAME = "recurrent_network"
STANDING = "Begin with du."
OUTCOMES = {
    "error": ("error", "cell raised ValueError: shapes", "A matrix product needs …", False),
    "wrong": ("failed", "dWf is wrong", STANDING, False),
    "recognized": ("failed", "dWi is wrong", "Brackets are missing.", True),
    "timeout": ("timeout", "cell did not end", STANDING, False),
    "not started": ("not started", "cell needs softmax, which is not started", "", False),
    "passed": ("passed", "", "", False),
}


def results_of(*cases, test="test_gradient", function="cell"):
    """Results of the cases of a test, named by their outcomes."""
    results = []
    for number, case in enumerate(cases):
        status, message, hint, recognized = OUTCOMES[case]
        result = TestResult(NAME, function, f"{test}[{case} {number}]", "It fits.", 1.0, status, message, hint)
        results.append(TestResult(**{**result.to_dict(), "recognized": recognized}))
    return results


def shown(results, hints=False):
    progress = Progress(get_exercise(NAME), "rnn.py", tuple(results))
    console = Console(record=True, width=120, file=io.StringIO())
    console.print(render_progress([progress], hints))
    return " ".join(console.export_text().split())


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        (["error", "wrong", "recognized"], "recognized 2"),
        (["passed", "error", "wrong"], "wrong 2"),
        (["not started", "error"], "error 1"),
        (["error", "timeout"], "timeout 1"),
        (["wrong", "wrong"], "wrong 0"),
    ],
)
def test_the_next_step_is_the_most_telling_failure(cases, expected):
    """Of eleven gradients only the first was told, never that two of them had lost their brackets."""
    _, result = next_step([Progress(get_exercise(NAME), "rnn.py", tuple(results_of(*cases)))])
    assert result.test == f"test_gradient[{expected}]"
    (test,) = group_tests(results_of(*cases))
    assert test.failures[0].first.test == result.test


def test_the_first_unfinished_function_comes_first():
    results = [*results_of("error"), *results_of("recognized", function="loop")]
    assert next_step([Progress(get_exercise(NAME), "rnn.py", tuple(results))])[1].function == "cell"


def test_failed_cases_are_listed_if_others_pass():
    results = results_of("passed", "wrong", "passed", "recognized")
    line = "fails in 2 of 4 cases: wrong 1, recognized 3"
    assert line in format_result(results[3], results)
    assert line in shown(results)
    assert "fails in" not in shown(results_of("wrong", "recognized"))


def test_hints_list_the_most_telling_cases_of_each_test():
    results = [*results_of("error", "wrong", "recognized"), *results_of("error", "passed", test="test_other")]
    text = shown(results, hints=True)
    assert "Brackets are missing." in text
    assert STANDING not in text
    assert text.count("raised ValueError") == 1
