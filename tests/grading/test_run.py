"""A grading run: what it gives back and what it writes."""

import pytest

from dlseq.errors import DlseqError
from dlseq.grading.plan import make_plan
from dlseq.grading.results import read_result
from dlseq.grading.run import run
from dlseq.grading.submissions.submission import Submission

NAME = "recurrent_network"  # by this name, a small course of its own: see conftest.py
RIGHT, WRONG = ("", ""), ("* 2", "* 3")


def test_results_are_the_files_and_records_are_of_tests(marked, hand_in, tmp_path):
    results = marked(hand_in(ada=RIGHT, bob=WRONG), "out")
    assert [(one.student, one.earned, one.possible) for one in results] == [("ada", 100, 100), ("bob", 0, 100)]
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


def test_what_cannot_be_run_has_a_problem_and_is_worth_all_points_that_it_could_have_earned(marked, hand_in):
    folder = hand_in(ada=RIGHT, bob=RIGHT, eve=RIGHT)
    (folder / "bob" / f"{NAME}.py").rename(folder / "bob" / "notes.md")
    (folder / "eve" / f"{NAME}.py").write_bytes(b"\xff\xfe\0")
    ada, bob, eve = marked([folder / name for name in ("ada", "bob", "eve")])
    assert ada.earned == 100 and not ada.exercises[0].problem
    for result, problem in ((bob, f"there is no file for {NAME}"), (eve, "to be text in UTF-8")):
        assert (result.earned, result.possible, result.exercises[0].tests) == (0, 100, ())
        assert problem in result.exercises[0].problem


def test_a_file_that_raises_when_it_is_run_fails_in_each_test(marked, hand_in):
    (result,) = marked(hand_in(ada=("import numpy as np", "import numpy as np\n1 / 0")) / "ada")
    assert [test.message.split(":")[0] for test in result.exercises[0].tests] == ["the file cannot be run"] * 4


def test_a_submission_that_is_not_started_earns_nothing_and_is_told_so(marked, small_course):
    (result,) = marked(small_course.stub(NAME))
    assert {test.status for test in result.exercises[0].tests} == {"not started"} and result.earned == 0
    assert result.possible == 100


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"isolation": "jail"}, "expected the isolation to be one of sandbox, process, received 'jail'"),
        ({"time_limit": 0}, "expected a time limit above zero"),
        ({"memory": 1}, "at least 64 MB of memory"),
        ({"jobs": 0}, "expected at least one job, received 0"),
        ({"resume": True}, "expected a folder to resume in"),
        ({"exercise": ["language_model"]}, "expected graded tests of language_model in"),
        ({"exercise": ["tapestry"]}, "no exercise is called 'tapestry'"),
    ],
)
def test_settings_that_do_not_fit_are_sentences(marked, hand_in, wrong, sentence):
    with pytest.raises(DlseqError, match=sentence):
        marked(hand_in(ada=RIGHT), **wrong)


def test_a_function_that_never_ends_costs_its_tests_and_its_later_ones_a_quarter_of_the_time(marked, tmp_path):
    """The one that hangs on all sizes has 0.8 s for its first test and 0.2 s for the two others."""
    for name, size in (("never", "x.size"), ("once", "3")):
        (tmp_path / f"{name}.py").write_text(HANG.replace("SIZE", size))
    paths = [tmp_path / "never.py", tmp_path / "once.py"]
    results = {one.student: one.exercises[0].tests for one in marked(paths, time_limit=0.8)}
    assert [(one.test, one.status) for one in results["never"]] == [
        ("test_double[1]", "timeout"),
        ("test_double[3]", "timeout"),
        ("test_sum", "passed"),
        ("test_hidden_doubling", "timeout"),
    ]
    limits = [one.message.split("within ")[1] for one in results["never"] if one.status == "timeout"]
    assert limits == ["0.8 seconds", "0.2 seconds", "0.2 seconds"]
    assert [one.status for one in results["once"]] == ["passed", "timeout", "passed", "passed"]


def test_leaving_just_before_the_time_is_over_counts_as_slow(marked, tmp_path):
    leaves = HANG.replace("while x.size == SIZE:\n        pass", "import os, time; time.sleep(0.6); os._exit(1)")
    (tmp_path / "late.py").write_text(leaves)
    (result,) = marked([tmp_path / "late.py"], time_limit=0.8)
    assert [one.status == "timeout" for one in result.exercises[0].tests] == [False, True, False, True]


def test_hidden_tests_run_last(marked, hand_in, small_course):
    lines = small_course.tests(NAME).read_text().split("\n\n\n")
    small_course.tests(NAME).write_text("\n\n\n".join([lines[0], lines[-1], *lines[1:-1]]))
    (result,) = marked(hand_in(ada=RIGHT) / "ada")
    tests = [test.test for test in result.exercises[0].tests]
    assert tests[-1] == "test_hidden_doubling" and len(tests) == 4
    assert small_course.tests(NAME).read_text().index("test_hidden") < small_course.tests(NAME).read_text().index(
        "test_sum"
    )


def test_tests_that_cannot_be_collected_are_a_sentence(marked, hand_in, small_course):
    small_course.tests(NAME).write_text("import nowhere\n")
    with pytest.raises(DlseqError, match=r"cannot be run: ModuleNotFoundError: No module named 'nowhere'$"):
        marked(hand_in(ada=RIGHT))


def test_a_single_submission_may_look_like_a_class(marked, hand_in):
    folder = hand_in(ada=RIGHT, bob=WRONG)
    assert len(marked(folder)) == 2
    (result,) = marked(folder, single=True)
    assert result.student == "class" and "there are several files" in result.exercises[0].problem


def test_results_come_in_the_order_of_the_submissions(small_course):
    paths = [small_course.solution(NAME), small_course.stub(NAME)]
    plan = make_plan(paths, None, small_course, [NAME], 5, "process", False, 10.0, 2**30, False)
    assert all(type(entry) is Submission for entry in plan.entries) and len(plan.open) == 2
    seen = []
    results = run(plan, 2, progress=lambda result: seen.append(result.student))
    assert [one.student for one in results] == [one.student for one in plan.entries] and len(seen) == 2


HANG = '''
"""Which test it is in, a submission can tell by the size."""


def double(x):
    while x.size == SIZE:
        pass
    return x * 2


def double_sum(x):
    return float(2 * x.sum())
'''
