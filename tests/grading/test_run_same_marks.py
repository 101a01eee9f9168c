"""The same marks for the same work: whatever else is graded, in whichever lane, behind a wall or not."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest

from dlseq.grading.judge import pool as fleet

NAME = "recurrent_network"  # by this name, a small course of its own: see conftest.py
RIGHT, WRONG = ("", ""), ("* 2", "* 3")


def test_one_seed_is_for_all_unless_each_student_has_their_own_and_both_can_be_drawn_again(marked, hand_in, told):
    folder = hand_in(ada=WRONG, bob=WRONG)
    same, again = marked(folder)
    assert told([same]) == told([again])
    ada, bob = marked(folder, per_student=True)
    assert ada.per_student and ada.exercises[0].seed != bob.exercises[0].seed
    assert told([ada]) != told([bob]) and told([ada]) != told([same])
    for result in (ada, bob, same):
        alone = marked(folder / result.student, seed=result.exercises[0].seed)
        assert told(alone) == told([result])


def test_a_seed_of_its_own_is_drawn_for_each_run_that_names_none(marked, hand_in, told):
    folder = hand_in(ada=WRONG)
    assert told(marked(folder, seed=None)) != told(marked(folder, seed=None))


def test_marks_do_not_depend_on_the_number_of_lanes_or_on_whether_the_reference_was_recorded(marked, hand_in, told):
    folder = hand_in(ada=WRONG, bob=RIGHT, eve=("double(x).sum()", "double(x).mean()"))
    recorded = marked(folder, jobs=2)
    assert told(recorded) == told([marked(folder / name)[0] for name in ("ada", "bob", "eve")])


def test_a_lane_that_is_killed_costs_nothing(marked, hand_in, told):
    folder, killed = hand_in(ada=WRONG, bob=RIGHT, eve=WRONG), []
    calm = marked(folder)

    def kill(result):
        if not killed:
            killed.extend(lane.process_id for lane in fleet._LANES.idle + list(fleet._LANES.busy))
            os.kill(killed[0], signal.SIGKILL)

    assert told(marked(folder, progress=kill)) == told(calm) and len(killed) == 1


def test_confined_submissions_earn_the_marks_of_unconfined_ones(
    marked, hand_in, small_course, tmp_path, sandboxed, told
):
    """Also through plain pytest with the same seed, test by test."""
    folder = hand_in(ada=WRONG, bob=("double(x).sum()", "double(x).mean()"))
    results = marked(folder, isolation="sandbox")
    assert told(results) == told(marked(folder)) and {one.isolation for one in results} == {"sandbox"}
    statuses = {test.test: test.status for test in results[1].exercises[0].tests}
    assert by_pytest(small_course, folder / "bob", "sandbox") == statuses and len(set(statuses.values())) == 2


@pytest.fixture
def sandboxed():
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed: apt-get install bubblewrap")


def by_pytest(course, submission, isolation):
    """Statuses by `pytest tests/graded --dlseq-submission ... --dlseq-isolation ...`, from its own report."""
    (course.root / "conftest.py").write_text(
        "import json\ndef pytest_dlseq_record(config, record):\n"
        "    with open('records.jsonl', 'a') as file: file.write(json.dumps(record.to_dict()) + '\\n')\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "dlseq.grading.plugin", "-p", "no:cacheprovider", "tests/graded"]
    command += [f"--dlseq-submission={submission}", f"--dlseq-isolation={isolation}", "--dlseq-seed=5", "-q"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    records = [json.loads(line) for line in (course.root / "records.jsonl").read_text().splitlines()]
    (course.root / "records.jsonl").unlink()
    return {record["test"]: record["status"] for record in records}
