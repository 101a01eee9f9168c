"""Proof of an exercise: it holds for a good one and detects each kind of defect."""

import shutil
from pathlib import Path

import pytest

from dlseq.authoring.mistakes import load_mistakes
from dlseq.authoring.mutation.mutants import make_mutants
from dlseq.authoring.proof_jobs import ProofGrader, ProofSettings, mutant_jobs
from dlseq.authoring.prove import ProofPart, prove_exercises
from dlseq.authoring.release import refresh_stubs
from dlseq.course.exercises import get_exercise
from dlseq.errors import DataError, DlseqError

NAME = "recurrent_network"


def failures(course, last=ProofPart.SPELLINGS):
    """Failures by part, up to the part `last`; later parts are not run."""
    found = {}
    for proof in prove_exercises(course, [get_exercise(NAME)]):
        found[proof.part] = proof.failures
        if proof.part is last:
            break
    return found


def test_a_good_exercise_passes_every_part(course):
    assert failures(course) == dict.fromkeys(set(ProofPart) - {ProofPart.MUTANTS}, ())


@pytest.mark.slow
def test_two_exercises_at_a_time_are_proved_as_one_after_the_other(course, change):
    change(course.tests(NAME), "It is not a square.", "Try harder.")
    names = [NAME, "beam_search"]
    for path in (course.solution, course.stub, course.tests, lambda name: course.mistakes / f"{name}.py"):
        shutil.copyfile(path(NAME), path(names[1]))
    found = {
        jobs: {
            (proof.exercise, proof.part): (proof.cases, proof.failures)
            for proof in prove_exercises(course, map(get_exercise, names), jobs=jobs)
        }
        for jobs in (1, 2)
    }
    assert found[1] == found[2] and len(found[2]) == 2 * (len(ProofPart) - 1)
    failed = {key for key, (_, failures) in found[2].items() if failures}
    assert failed == {(name, ProofPart.MISTAKES) for name in names}


def test_a_job_beside_one_that_ends_their_process_is_graded(course):
    texts = {name: course.solution(NAME).read_text() for name in ("first", "ends", "last")}
    texts["ends"] = texts["ends"].replace("number * 2", "__import__('os')._exit(0)")
    with ProofGrader(ProofSettings(course, 0, processes=1, sample=None), get_exercise(NAME)) as grader:
        jobs = [grader.job(name, text) for name, text in texts.items()]
        found = dict(grader.grade_recorded(jobs, in_batches=True))
    passed = {name: [result.status == "passed" for result in results] for name, results in found.items()}
    assert passed == {"first": [True] * 4, "ends": [False], "last": [True] * 4}


def test_a_good_exercise_kills_all_mutants_but_the_control(course):
    (proof,) = prove_exercises(course, [get_exercise(NAME)], mutants=True)
    assert proof.failures == () and proof.cases > 5 and proof.note.startswith("100.0% killed")


def test_a_test_that_passes_on_the_stub_is_detected(course, change):
    change(course.tests(NAME), 'close(submission.call("double_sum", x), expected, "s")', "pass")
    found = failures(course, ProofPart.MISTAKES)
    assert found[ProofPart.STUB] == ("test_sum is passed: ",)
    assert any(
        "takes the mean: expected points lost on ['double_sum'], received []" in failure
        for failure in found[ProofPart.MISTAKES]
    )


def test_a_test_that_fails_on_the_solution_is_detected(course, change):
    change(course.tests(NAME), "lambda: 2 * float", "lambda: 3 * float")
    proofs = prove_exercises(course, [get_exercise(NAME)])
    found = [next(proofs), next(proofs)][1].failures
    assert len(found) == 5 and all("test_sum is failed" in failure for failure in found)


@pytest.mark.slow
def test_an_equal_spelling_that_loses_points_is_detected(course, change):
    spellings = {"sum": [("double", "secret_helper(x)", "x + x")], "wrong": [("double", "secret_helper(x)", "x * 3")]}
    change(course.mistakes / f"{NAME}.py", "EQUIVALENT = {}", f"EQUIVALENT = {{}}\nEQUAL_SPELLINGS = {spellings}")
    found = failures(course)[ProofPart.SPELLINGS]
    assert any(failure.startswith("wrong, seed 4: test_sum is failed") for failure in found)
    assert not any(failure.startswith("sum,") for failure in found)


@pytest.mark.slow
def test_points_that_do_not_sum_to_100_are_detected(course, change):
    change(course.tests(NAME), "points(40", "points(41")
    assert failures(course, ProofPart.SOLUTION)[ProofPart.SOLUTION] == (
        "expected 100 points in the tests of recurrent_network. Received: 101 points",
    )


def test_a_missing_hint_is_detected(course, change):
    change(course.tests(NAME), "It is not a square.", "Try harder.")
    (failure,) = failures(course, ProofPart.MISTAKES)[ProofPart.MISTAKES]
    assert failure.startswith("squares: expected a hint with 'not a square', received")


def test_points_lost_on_undeclared_functions_are_detected(course, change):
    change(
        course.mistakes / f"{NAME}.py",
        '"squares", "double", ("double", "double_sum")',
        '"squares", "double", ("double",)',
    )
    (failure,) = failures(course, ProofPart.MISTAKES)[ProofPart.MISTAKES]
    assert failure == "squares: expected points lost on ['double'], received ['double', 'double_sum']"


def test_a_stale_stub_is_detected(course, change):
    change(course.solution(NAME), "# # Doubling", "# # Twice")
    assert "Run: dlseq release" in failures(course, ProofPart.STUB)[ProofPart.STUB][0]


@pytest.mark.slow
def test_solution_code_in_a_visible_test_is_detected(course, change):
    change(
        course.tests(NAME),
        "UNSEEN_SIZE = 17",
        "UNSEEN_SIZE = 17\n\n\ndef test_x():\n    doubled_array = secret_helper(x)",
    )
    found = failures(course)[ProofPart.LEAKS]
    assert found and all("doubled_array = secret_helper(x)" in leak for leak in found)


@pytest.mark.slow
def test_a_surviving_mutant_of_a_weak_test_is_detected(course, change):
    change(
        course.tests(NAME), 'close(submission.call("double_sum", x), expected, "s")', 'submission.call("double_sum", x)'
    )
    change(course.solution(NAME), "float(double(x).sum())", "float(double(x).sum() + 1)")
    refresh_stubs(course)
    (proof,) = prove_exercises(course, [get_exercise(NAME)], mutants=True)
    assert any("survives, and no reason is given: double_sum: return float" in failure for failure in proof.failures)


@pytest.mark.slow
def test_an_unused_equivalent_mutant_is_detected(course, change):
    change(course.mistakes / f"{NAME}.py", "EQUIVALENT = {}", 'EQUIVALENT = {"double: a => b": "because"}')
    (proof,) = prove_exercises(course, [get_exercise(NAME)], mutants=True)
    assert proof.failures == ("listed as equivalent, but it is killed or no longer made: double: a => b",)


@pytest.mark.slow
def test_a_mutant_in_an_infinite_loop_is_killed(course, change):
    change(
        course.solution(NAME),
        "    doubled_array = secret_helper(x)\n",
        "    left = 3\n    while left > 0:\n        left = left - 1\n    doubled_array = secret_helper(x)\n",
    )
    refresh_stubs(course)
    change(course.tests(NAME), "UNSEEN_SIZE = 17", "UNSEEN_SIZE = 17\npytestmark = pytest.mark.time_limit(0.3)")
    mutants = [mutant.change for mutant in make_mutants(course.solution(NAME).read_text())]
    assert any("left + 1" in change for change in mutants)
    (proof,) = prove_exercises(course, [get_exercise(NAME)], mutants=True)
    assert not any("left + 1" in failure for failure in proof.failures)


@pytest.mark.slow
def test_expected_values_must_not_depend_on_the_submission(course, change):
    change(
        course.tests(NAME),
        'close(submission.call("double", x), ref',
        'x = submission.call("double", x)\n    close(2 * x, ref',
    )
    with pytest.raises(DlseqError, match="depend on the seed alone"):
        failures(course)


@pytest.mark.slow
def test_a_mistake_that_does_not_match_the_solution_is_refused(course, change):
    change(course.mistakes / f"{NAME}.py", '".sum()"', '".total()"')
    with pytest.raises(DataError, match="found it 0 times"):
        failures(course)
    with pytest.raises(DataError, match="Cannot find the mistakes"):
        load_mistakes(course.mistakes / "nothing.py")


def test_mutants_of_a_method_run_the_tests_of_its_class_first():
    method = "    def call(self, x):\n        ### BEGIN SOLUTION\n        return 2 * x\n        ### END SOLUTION\n"
    mutants = make_mutants(f"class Doubler:\n{method}")
    jobs = mutant_jobs(get_exercise(NAME), Path("solution.py"), mutants)
    assert len(jobs) == len(mutants) > 0
    assert {job.first_function for job in jobs} == {"Doubler"}
    assert all(job.stop_on_failure for job in jobs)
