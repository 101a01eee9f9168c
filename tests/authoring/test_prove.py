"""The proof holds for a good exercise and notices each way in which one can be bad."""

import pytest

from dlseq.authoring.mistakes import load_mistakes
from dlseq.authoring.mutants import make_mutants
from dlseq.authoring.prove import prove_exercises
from dlseq.authoring.release import refresh_stubs
from dlseq.course.exercises import get_exercise
from dlseq.errors import DataError, DlseqError

NAME = "recurrent_network"


def failures(course, last="5"):
    """Part -> its failures, up to a part; what comes after it is not proved, and takes no time."""
    found = {}
    for proof in prove_exercises(course, [get_exercise(NAME)]):
        found[proof.part[0]] = proof.failures
        if proof.part[0] == last:
            break
    return found


def test_a_good_exercise_is_proved(course):
    assert failures(course) == {"1": (), "2": (), "3": (), "5": ()}


def test_mutants_of_a_good_exercise_die_and_the_control_lives(course):
    (proof,) = prove_exercises(course, [get_exercise(NAME)], mutants=True)
    assert proof.failures == () and proof.cases > 5 and proof.note.startswith("100.0% died")


def test_a_test_that_a_stub_passes_is_noticed(course, change):
    change(course.tests(NAME), 'close(submission.call("double_sum", x), expected, "s")', "pass")
    found = failures(course, "3")
    assert found["1"] == ("test_sum is passed: ",)
    assert any("takes the mean: expected points lost on ['double_sum'], received []" in one for one in found["3"])


def test_a_test_that_a_solution_fails_is_noticed(course, change):
    change(course.tests(NAME), "lambda: 2 * float", "lambda: 3 * float")
    proofs = prove_exercises(course, [get_exercise(NAME)])
    found = [next(proofs), next(proofs)][1].failures
    assert len(found) == 5 and all("test_sum is failed" in one for one in found)


def test_points_that_do_not_add_up_are_noticed(course, change):
    change(course.tests(NAME), "points(40", "points(41")
    assert failures(course, "2")["2"] == (
        "expected the tests of recurrent_network to be worth 100 points, received 101",
    )


def test_a_hint_that_is_not_drawn_is_noticed(course, change):
    change(course.tests(NAME), "It is not a square.", "Try harder.")
    (failure,) = failures(course, "3")["3"]
    assert failure.startswith("squares: expected a hint with 'not a square', received")


def test_points_lost_on_more_functions_than_declared_are_noticed(course, change):
    change(
        course.mistakes / f"{NAME}.py",
        '"squares", "double", ("double", "double_sum")',
        '"squares", "double", ("double",)',
    )
    (failure,) = failures(course, "3")["3"]
    assert failure == "squares: expected points lost on ['double'], received ['double', 'double_sum']"


def test_a_stub_that_is_not_up_to_date_is_noticed(course, change):
    change(course.solution(NAME), "# # Doubling", "# # Twice")
    assert "run dlseq release" in failures(course, "1")["1"][0]


def test_a_solution_in_a_visible_test_is_noticed(course, change):
    change(
        course.tests(NAME),
        "UNSEEN_SIZE = 17",
        "UNSEEN_SIZE = 17\n\n\ndef test_x():\n    doubled_array = secret_helper(x)",
    )
    found = failures(course)["5"]
    assert found and all("doubled_array = secret_helper(x)" in one for one in found)


def test_a_weak_test_lets_mutants_live(course, change):
    change(
        course.tests(NAME), 'close(submission.call("double_sum", x), expected, "s")', 'submission.call("double_sum", x)'
    )
    change(course.solution(NAME), "float(double(x).sum())", "float(double(x).sum() + 1)")
    refresh_stubs(course)
    (proof,) = prove_exercises(course, [get_exercise(NAME)], mutants=True)
    assert any("survives, and no reason is given: double_sum: return float" in one for one in proof.failures)


def test_an_equivalent_mutant_that_died_is_noticed(course, change):
    change(course.mistakes / f"{NAME}.py", "EQUIVALENT = {}", 'EQUIVALENT = {"double: a => b": "because"}')
    (proof,) = prove_exercises(course, [get_exercise(NAME)], mutants=True)
    assert proof.failures == ("listed as equivalent, and it died or is not made any more: double: a => b",)


def test_a_mutant_that_never_ends_is_ended(course, change):
    change(
        course.solution(NAME),
        "    doubled_array = secret_helper(x)\n",
        "    left = 3\n    while left > 0:\n        left = left - 1\n    doubled_array = secret_helper(x)\n",
    )
    refresh_stubs(course)
    change(course.tests(NAME), "UNSEEN_SIZE = 17", "UNSEEN_SIZE = 17\npytestmark = pytest.mark.time_limit(0.3)")
    mutants = [one.change for one in make_mutants(course.solution(NAME).read_text())]
    assert any("left + 1" in one for one in mutants)
    (proof,) = prove_exercises(course, [get_exercise(NAME)], mutants=True)
    assert not any("left + 1" in one for one in proof.failures)


def test_questions_that_depend_on_the_submission_are_refused(course, change):
    change(
        course.tests(NAME),
        'close(submission.call("double", x), ref',
        'x = submission.call("double", x)\n    close(2 * x, ref',
    )
    with pytest.raises(DlseqError, match="depend on the seed alone"):
        failures(course)


def test_a_mistake_that_does_not_fit_the_solution_is_refused(course, change):
    change(course.mistakes / f"{NAME}.py", '".sum()"', '".total()"')
    with pytest.raises(DataError, match="found it 0 times"):
        failures(course)
    with pytest.raises(DataError, match="write down what learners get wrong"):
        load_mistakes(course.mistakes / "nothing.py")


def test_mutants_of_a_method_meet_the_tests_of_its_class_first(course, change, monkeypatch):
    method = "    def call(self, x):\n        ### BEGIN SOLUTION\n        return 2 * x\n        ### END SOLUTION\n"
    change(course.solution(NAME), "# %%\ndef double_sum", f"# %%\nclass Doubler:\n{method}\n\n# %%\ndef double_sum")
    marked = []
    monkeypatch.setattr(
        "dlseq.authoring.prove._with_answers", lambda *arguments, **keywords: marked.extend(arguments[3]) or []
    )
    list(prove_exercises(course, [get_exercise(NAME)], mutants=True))
    assert {one.first_function for one in marked if "2 * x" not in dict(one.cells).popitem()[1]} == {"Doubler"}
