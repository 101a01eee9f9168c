"""Tests of the record of which tests call which functions of a solution."""

import pytest

from dlseq.authoring.mistakes import apply_mistake, load_mistakes
from dlseq.authoring.mutation.mutants import Mutant
from dlseq.authoring.mutation.reach import CURRENT_TEST, reaching_tests, read_reach, record_reach, tracing_text
from dlseq.authoring.proof_jobs import ProofGrader, ProofSettings, mutant_jobs
from dlseq.course.exercises import get_exercise
from dlseq.course.layout import find_course

SOLUTION = """
def one():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION

class Adder:
    def add(self, x):
        ### BEGIN SOLUTION
        return x + one()
        ### END SOLUTION
"""


def test_a_function_is_reached_by_the_tests_that_call_it_directly_or_not(tmp_path, monkeypatch):
    namespace = {}
    exec(SOLUTION, namespace)  # noqa: S102  (written above)
    record_reach(namespace, ["one", "Adder.add"], tmp_path / "reach.txt")
    for test, call in {
        "test_one[case 1]": namespace["one"],
        "test_add": lambda: namespace["Adder"]().add(2),
    }.items():
        monkeypatch.setenv(CURRENT_TEST, f"tests/test_sums.py::{test} (call)")
        assert [call(), call()] in ([1, 1], [3, 3])
    assert read_reach(tmp_path / "reach.txt") == {"one": {"test_one[case 1]", "test_add"}, "Adder.add": {"test_add"}}
    assert len((tmp_path / "reach.txt").read_text().splitlines()) == 3  # not one line for each call


def test_the_traced_solution_has_the_functions_of_its_blocks(tmp_path):
    assert "record_reach(globals(), ['one', 'Adder.add']," in tracing_text(SOLUTION, tmp_path / "reach.txt")


def test_a_method_that_no_test_called_stands_for_its_class_and_an_unknown_function_for_all_tests():
    reach = {"Adder.add": {"test_add"}, "one": {"test_one"}}
    assert reaching_tests(reach, ["Adder.get_config"]) == ("test_add",)
    assert reaching_tests(reach, ["one", "Adder"]) == ("test_add", "test_one")
    assert reaching_tests(reach, ["other"]) is None
    assert reaching_tests(reach, ["one", "other"]) is None


def test_mutants_have_the_tests_that_reach_their_function(tmp_path):
    mutants = [Mutant("one", "one: 1 => 2", "..."), Mutant("other", "other: 1 => 2", "...")]
    jobs = mutant_jobs(get_exercise("beam_search"), tmp_path / "solution.py", mutants, reach={"one": {"test_one"}})
    assert [job.tests for job in jobs] == [("test_one",), None]


@pytest.fixture(scope="module")
def grader():
    with ProofGrader(ProofSettings(find_course(), 0, 2, None), get_exercise("beam_search")) as grader:
        yield grader


@pytest.mark.slow
def test_a_mistake_alters_no_test_that_does_not_reach_its_function(grader):
    mistakes = load_mistakes(grader.course.mistakes / "beam_search.py")[0][::6]
    jobs = [grader.job(mistake.name, apply_mistake(grader.text, mistake)) for mistake in mistakes]
    functions, failed = {mistake.name: mistake.function for mistake in mistakes}, 0
    for name, results in grader.grade_recorded(jobs):
        reached = reaching_tests(grader.reach, [functions[name]])
        assert len(reached) < len(results)
        assert {result.test for result in results if result.status != "passed"} <= {*reached}
        failed += any(result.status != "passed" for result in results)
    assert failed == len(mistakes) > 10


@pytest.mark.slow
def test_a_job_runs_the_named_tests_only(grader):
    reached = reaching_tests(grader.reach, ["closest_length"])
    ((_, results),) = grader.grade_recorded([grader.job("solution", tests=reached)])
    assert sorted(result.test for result in results) == sorted(reached)
