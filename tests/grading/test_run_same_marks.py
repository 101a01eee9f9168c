"""Marks do not depend on other submissions, on the judge process or on the isolation."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest

from dlseq.grading.judge import pool

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name
RIGHT, WRONG = ("", ""), ("* 2", "* 3")


def test_seeds_are_shared_or_per_student_and_reproducible(grade_class, hand_in, marks_of):
    folder = hand_in(ada=WRONG, bob=WRONG)
    same, again = grade_class(folder)
    assert marks_of([same]) == marks_of([again])
    ada, bob = grade_class(folder, per_student=True)
    assert ada.per_student and ada.exercises[0].seed != bob.exercises[0].seed
    assert marks_of([ada]) != marks_of([bob]) and marks_of([ada]) != marks_of([same])
    for result in (ada, bob, same):
        alone = grade_class(folder / result.student, seed=result.exercises[0].seed)
        assert marks_of(alone) == marks_of([result])


def test_run_without_a_seed_draws_a_fresh_one(grade_class, hand_in, marks_of):
    folder = hand_in(ada=WRONG)
    assert marks_of(grade_class(folder, seed=None)) != marks_of(grade_class(folder, seed=None))


@pytest.mark.slow
def test_marks_are_the_same_with_a_live_and_a_recorded_reference(grade_class, hand_in, marks_of):
    folder = hand_in(ada=WRONG, bob=RIGHT, eve=("double(x).sum()", "double(x).mean()"))
    recorded = grade_class(folder, jobs=2)
    assert marks_of(recorded) == marks_of([grade_class(folder / name)[0] for name in ("ada", "bob", "eve")])


def test_killed_judge_process_changes_no_marks(grade_class, hand_in, marks_of):
    folder, killed = hand_in(ada=WRONG, bob=RIGHT, eve=WRONG), []
    undisturbed = grade_class(folder)

    def kill(result):
        if not killed:
            killed.extend(judge.process_id for judge in [*pool._JUDGES.idle, *pool._JUDGES.busy])
            os.kill(killed[0], signal.SIGKILL)

    assert marks_of(grade_class(folder, progress=kill)) == marks_of(undisturbed) and len(killed) == 1


@pytest.mark.slow
def test_sandboxed_submissions_earn_the_same_marks(grade_class, hand_in, small_course, tmp_path, sandboxed, marks_of):
    """Also through plain pytest with the same seed, test by test."""
    folder = hand_in(ada=WRONG, bob=("double(x).sum()", "double(x).mean()"))
    results = grade_class(folder, isolation="sandbox")
    assert marks_of(results) == marks_of(grade_class(folder)) and {result.isolation for result in results} == {
        "sandbox"
    }
    statuses = {test.test: test.status for test in results[1].exercises[0].tests}
    assert by_pytest(small_course, folder / "bob", "sandbox") == statuses and len(set(statuses.values())) == 2


@pytest.fixture
def sandboxed():
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed: apt-get install bubblewrap")


def by_pytest(course, submission, isolation):
    """Statuses by `pytest tests/graded --dlseq-submission … --dlseq-isolation …`, from the hook of test results."""
    (course.root / "conftest.py").write_text(
        "import json\ndef pytest_dlseq_test_result(config, result):\n"
        "    with open('results.jsonl', 'a') as file: file.write(json.dumps(result.to_dict()) + '\\n')\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "dlseq.grading.plugin", "-p", "no:cacheprovider", "tests/graded"]
    command += [f"--dlseq-submission={submission}", f"--dlseq-isolation={isolation}", "--dlseq-seed=5", "-q"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    results = [json.loads(line) for line in (course.root / "results.jsonl").read_text().splitlines()]
    (course.root / "results.jsonl").unlink()
    return {result["test"]: result["status"] for result in results}
