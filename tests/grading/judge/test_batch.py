"""Batches: one process grades trusted submissions one after another, with results as if each had its own."""

import pytest

from dlseq.errors import DlseqError
from dlseq.grading.judge.client import JudgeProcess
from dlseq.grading.judge.messages import GradingJob, JudgeSettings

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name
WRONG = {
    "squares": ("number * 2", "number ** 2"),  # a hint knows it by a value that is computed when a test fails
    "triples": ("number * 2", "number * 3"),
    "does nothing": ("number * 2", "number"),
    "sums": ("float(double(x).sum())", "float(double(x).mean())"),
    "raises": ("return number * 2", "raise KeyError(number.size)"),
}


def texts(course):
    solution = course.solution(NAME).read_text("utf-8")
    return {"right": solution, **{name: solution.replace(*change) for name, change in WRONG.items()}, "again": solution}


def job(name, text, **options):
    return GradingJob(name, NAME, (("answer.py", text),), 5, **options)


def grade(course, jobs, **settings):
    with JudgeProcess(JudgeSettings(str(course.root), (NAME,), **settings)) as judge:
        return {
            name: [(result.test, result.status, result.message, result.hint) for result in results]
            for name, results in judge.run(jobs)
        }


def test_results_of_a_batch_are_those_of_single_jobs(small_course, change):
    """Only the hint for a wrong answer asks the reference for half of x: the right answer before it did not."""
    change(small_course.tests(NAME), 'reference.call("double", x) / 2', 'reference.call("double", x / 2)')
    jobs = [job(name, text) for name, text in texts(small_course).items()]
    alone, together = grade(small_course, jobs), grade(small_course, [tuple(jobs)])
    assert together == alone
    assert {status for _, status, _, _ in together["right"] + together["again"]} == {"passed"}
    assert all(any(status != "passed" for _, status, _, _ in together[name]) for name in WRONG)


def test_the_reference_answers_once_for_a_batch(small_course, tmp_path, change):
    """The reference's module has a name of its own, and notes its calls."""
    note = f"if __name__.startswith('reference'):\n        open({str(tmp_path / 'calls')!r}, 'a').write('x')\n    "
    change(small_course.solution(NAME), "return number * 2", f"{note}return number * 2")
    right = texts(small_course)["right"]
    grade(small_course, [job("one", right)])
    calls = len((tmp_path / "calls").read_text())
    grade(small_course, [tuple(job(name, right) for name in ("one", "two", "three"))])
    assert len((tmp_path / "calls").read_text()) == 2 * calls > 0


def test_a_process_that_dies_costs_the_rest_of_its_batch(small_course):
    right = texts(small_course)["right"]
    dies = right.replace("return number * 2", "import os; os._exit(3)")
    results = grade(small_course, [tuple(job(str(n), text) for n, text in enumerate([right, dies, right]))])
    assert [{status for _, status, _, _ in results[name]} for name in "012"] == [{"passed"}, {"error"}, {"error"}]
    assert results["2"][0][2] == "the process ended during a test"


def test_a_job_may_have_a_time_limit_of_its_own(small_course):
    """It ends with its job: the next one of the batch has that of the judge process."""
    right = texts(small_course)["right"]
    endless = right.replace("return number * 2", "import time; time.sleep(20)")
    slow = right.replace("return number * 2", "import time; time.sleep(0.4); return number * 2")
    results = grade(small_course, [(job("endless", endless, time_limit=0.2), job("slow", slow))])
    assert "timeout" in {status for _, status, _, _ in results["endless"]}
    assert {status for _, status, _, _ in results["slow"]} == {"passed"}


def test_nothing_is_remembered_of_the_submissions_before(small_course):
    """Neither a note on a function, nor statements that were interrupted, nor the time that is used up."""
    right = texts(small_course)["right"]
    jobs = [
        job("failed", "from no_such_module import double"),
        job("missing", "x = 1"),
        job("endless", f"while True: pass\n{right}", time_limit=0.2),
        job("right", "TWO = 2\n" + right.replace("number * 2", "number * TWO"), time_limit=5.0),
    ]
    alone, together = grade(small_course, jobs), grade(small_course, [tuple(jobs)])
    assert together == alone
    assert "no_such_module" in str(together["failed"]) and "no_such_module" not in str(together["missing"])
    assert {status for _, status, _, _ in together["right"]} == {"passed"}


def test_submissions_with_an_isolation_are_no_batch(small_course):
    jobs = tuple(job(name, text) for name, text in texts(small_course).items())
    with pytest.raises(DlseqError, match="Expected single jobs with an isolation"):
        grade(small_course, [jobs], isolation="process")
