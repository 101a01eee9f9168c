"""A grading run: its return value and its files."""

import pytest

from dlseq.errors import DlseqError
from dlseq.grading.plan import GradingOptions, make_plan
from dlseq.grading.results import read_result
from dlseq.grading.run import run
from dlseq.grading.submissions.submission import Submission

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name
RIGHT, WRONG = ("", ""), ("* 2", "* 3")


def test_results_are_equal_to_their_files(grade_class, hand_in, tmp_path):
    results = grade_class(hand_in(ada=RIGHT, bob=WRONG), "out")
    assert [(result.student, result.earned, result.possible) for result in results] == [
        ("ada", 100, 100),
        ("bob", 0, 100),
    ]
    for result in results:
        assert read_result(tmp_path / "out/results" / f"{result.student}.json") == result
        assert (result.isolation, result.exercises[0].seed, result.per_student) == ("process", 5, False)
        assert set(result.versions) >= {"dlseq", "python", "numpy"}
        tests = {test.test: (test.points, test.function, test.hidden) for test in result.exercises[0].tests}
        assert tests == {
            "test_double[1]": (20, "double", False),
            "test_double[3]": (20, "double", False),
            "test_sum": (30, "double_sum", False),
            "test_hidden_doubling": (30, "double", True),
        }
    assert results[1].exercises[0].tests[0].message.startswith("y is wrong in all of its values")


def test_exercise_without_code_has_a_problem_and_all_its_points(grade_class, hand_in):
    folder = hand_in(ada=RIGHT, bob=RIGHT, eve=RIGHT)
    (folder / "bob" / f"{NAME}.py").rename(folder / "bob" / "notes.md")
    (folder / "eve" / f"{NAME}.py").write_bytes(b"\xff\xfe\0")
    ada, bob, eve = grade_class([folder / name for name in ("ada", "bob", "eve")])
    assert ada.earned == 100 and not ada.exercises[0].problem
    for result, problem in ((bob, f"there is no file for {NAME}"), (eve, "Expected text in UTF-8")):
        assert (result.earned, result.possible, result.exercises[0].tests) == (0, 100, ())
        assert problem in result.exercises[0].problem


def test_a_statement_that_raises_costs_nothing(grade_class, hand_in):
    (result,) = grade_class(hand_in(ada=("import numpy as np", "import numpy as np\n1 / 0")) / "ada")
    assert result.earned == 100


def test_a_file_that_is_no_python_fails_each_test(grade_class, tmp_path):
    (tmp_path / f"{NAME}.py").write_text("def double(x):\nreturn 2 * x\n")
    (result,) = grade_class(tmp_path / f"{NAME}.py")
    assert [test.message.split(":")[0] for test in result.exercises[0].tests] == ["the file cannot be run"] * 4


def test_stub_is_not_started_and_earns_nothing(grade_class, small_course):
    (result,) = grade_class(small_course.stub(NAME))
    assert {test.status for test in result.exercises[0].tests} == {"not started"} and result.earned == 0
    assert result.possible == 100


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"isolation": "jail"}, "Expected one of sandbox, process. Received: isolation='jail'"),
        ({"time_limit": 0}, "Expected a number of seconds above 0. Received: time_limit=0"),
        ({"memory_bytes": 1}, "Expected at least 67108864 .64 MB.. Received: memory_bytes=1"),
        ({"jobs": 0}, "Expected at least 1. Received: jobs=0"),
        ({"resume": True}, "Expected a folder with resume=True"),
        ({"exercises": ("language_model",)}, "Cannot grade language_model. Expected its graded tests in"),
        ({"exercises": ("tapestry",)}, "Unknown exercise: 'tapestry'"),
    ],
)
def test_invalid_options_are_refused(grade_class, hand_in, wrong, sentence):
    with pytest.raises(DlseqError, match=sentence):
        grade_class(hand_in(ada=RIGHT), **wrong)


def test_timeouts_of_a_function_shorten_its_later_tests(grade_class, tmp_path):
    """A function that hangs on all sizes gets 0.8 s for its first test and 0.2 s for each of the others."""
    for name, size in (("never", "x.size"), ("once", "3")):
        (tmp_path / f"{name}.py").write_text(HANG.replace("SIZE", size))
    paths = [tmp_path / "never.py", tmp_path / "once.py"]
    results = {result.student: result.exercises[0].tests for result in grade_class(paths, time_limit=0.8)}
    assert [(test.test, test.status) for test in results["never"]] == [
        ("test_double[1]", "timeout"),
        ("test_double[3]", "timeout"),
        ("test_sum", "passed"),
        ("test_hidden_doubling", "timeout"),
    ]
    limits = [test.message.split("within ")[1] for test in results["never"] if test.status == "timeout"]
    assert limits == ["0.8 seconds", "0.2 seconds", "0.2 seconds"]
    assert [test.status for test in results["once"]] == ["passed", "timeout", "passed", "passed"]


def test_exit_just_before_the_timeout_counts_as_slow(grade_class, tmp_path):
    leaves = HANG.replace("while x.size == SIZE:\n        pass", "import os, time; time.sleep(0.6); os._exit(1)")
    (tmp_path / "late.py").write_text(leaves)
    (result,) = grade_class([tmp_path / "late.py"], time_limit=0.8)
    assert [test.status == "timeout" for test in result.exercises[0].tests] == [False, True, False, True]


def test_hidden_tests_run_last(grade_class, hand_in, small_course):
    lines = small_course.tests(NAME).read_text().split("\n\n\n")
    small_course.tests(NAME).write_text("\n\n\n".join([lines[0], lines[-1], *lines[1:-1]]))
    (result,) = grade_class(hand_in(ada=RIGHT) / "ada")
    tests = [test.test for test in result.exercises[0].tests]
    assert tests[-1] == "test_hidden_doubling" and len(tests) == 4
    assert small_course.tests(NAME).read_text().index("test_hidden") < small_course.tests(NAME).read_text().index(
        "test_sum"
    )


def test_uncollectable_tests_are_reported(grade_class, hand_in, small_course):
    small_course.tests(NAME).write_text("import nowhere\n")
    with pytest.raises(
        DlseqError, match=r"Cannot run the graded tests of .*: ModuleNotFoundError: No module named 'nowhere'$"
    ):
        grade_class(hand_in(ada=RIGHT))


def test_single_grades_a_class_as_one_submission(grade_class, hand_in):
    folder = hand_in(ada=RIGHT, bob=WRONG)
    assert len(grade_class(folder)) == 2
    (result,) = grade_class(folder, single=True)
    assert result.student == "class" and "there are several files" in result.exercises[0].problem


def test_results_have_the_order_of_the_submissions(small_course):
    paths = [small_course.solution(NAME), small_course.stub(NAME)]
    plan = make_plan(paths, GradingOptions(exercises=(NAME,), isolation="process"), course=small_course)
    assert all(type(submission) is Submission for submission in plan.submissions) and len(plan.pending) == 2
    graded = []
    results = run(plan, 2, progress=lambda result: graded.append(result.student))
    assert [result.student for result in results] == [submission.student for submission in plan.submissions]
    assert len(graded) == 2


HANG = '''
"""A submission that recognizes the test by the size of its input."""


def double(x):
    while x.size == SIZE:
        pass
    return x * 2


def double_sum(x):
    return float(2 * x.sum())
'''
