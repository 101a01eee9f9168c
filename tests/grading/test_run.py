"""A grading run: what it gives back, what it writes, and what is left of it when it is stopped or killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import dlseq.grading.run as running
from dlseq.errors import DlseqError
from dlseq.grading import fleet, grade
from dlseq.grading.intake import Entry
from dlseq.grading.plan import make_plan
from dlseq.grading.results import read_result
from dlseq.grading.run import run

NAME = "recurrent_network"  # by this name, a small course of its own: see conftest.py


@pytest.fixture
def hand_in(small_course, tmp_path):
    """Writes submissions, made from the solution by replacing a text; gives the folder of the class."""

    def made(**changes):
        for student, (old, new) in changes.items():
            place = tmp_path / "class" / student
            place.mkdir(parents=True, exist_ok=True)
            text = small_course.solution(NAME).read_text()
            assert old in text
            (place / f"{NAME}.py").write_text(text.replace(old, new))
        return tmp_path / "class"

    return made


@pytest.fixture
def marked(small_course, tmp_path):
    """Grades on the small course, not confined and so quicker."""

    def graded(paths, out=None, **keywords):
        settings = {"course": small_course, "exercise": [NAME], "seed": 5, "isolation": "process", "jobs": 1}
        return grade(paths, None if out is None else tmp_path / out, **{**settings, **keywords})

    return graded


RIGHT, WRONG = ("", ""), ("* 2", "* 3")


def told(results):
    """What does not depend on how long it took."""
    return [
        [(test.test, test.status, test.message, test.earned) for one in result.exercises for test in one.tests]
        for result in results
    ]


def below(process):
    """Numbers of the processes that a process has started, and these."""
    parents = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    family, found = set(), {process}
    while found:
        found = {number for number, parent in parents.items() if parent in found}
        family |= found
    return family


def all_gone(processes, seconds=10.0):
    """Whether all of these have ended, before so many seconds are over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(_lives(number) for number in processes):
            return True
        time.sleep(0.05)
    return False


def _lives(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


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


def test_one_seed_is_for_all_unless_each_student_has_their_own_and_both_can_be_drawn_again(marked, hand_in):
    folder = hand_in(ada=WRONG, bob=WRONG)
    same, again = marked(folder)
    assert told([same]) == told([again])
    ada, bob = marked(folder, per_student=True)
    assert ada.per_student and ada.exercises[0].seed != bob.exercises[0].seed
    assert told([ada]) != told([bob]) and told([ada]) != told([same])
    for result in (ada, bob, same):
        alone = marked(folder / result.student, seed=result.exercises[0].seed)
        assert told(alone) == told([result])


def test_a_seed_of_its_own_is_drawn_for_each_run_that_names_none(marked, hand_in):
    folder = hand_in(ada=WRONG)
    assert told(marked(folder, seed=None)) != told(marked(folder, seed=None))


def test_marks_do_not_depend_on_the_number_of_lanes_or_on_whether_the_reference_was_recorded(marked, hand_in):
    folder = hand_in(ada=WRONG, bob=RIGHT, eve=("double(x).sum()", "double(x).mean()"))
    recorded = marked(folder, jobs=2)
    assert told(recorded) == told([marked(folder / name)[0] for name in ("ada", "bob", "eve")])


@pytest.fixture
def spied(monkeypatch):
    """Who has been judged, in order."""
    judged = []

    def spy(job):
        judged.append(job.student)
        return fleet.do_job(job)

    monkeypatch.setattr(running, "do_job", spy)
    return judged


def test_resuming_grades_nobody_twice_and_whoever_has_changed_again(marked, hand_in, spied):
    folder = hand_in(ada=RIGHT, bob=WRONG, eve=WRONG)
    first = marked(folder, "out")
    assert sorted(spied) == ["ada", "bob", "eve"]
    assert marked(folder, "out", resume=True) == first and len(spied) == 3
    hand_in(bob=RIGHT, zoe=RIGHT)
    assert [one.earned for one in marked(folder, "out", resume=True, seed=None)] == [100, 100, 0, 100]
    assert sorted(spied[3:]) == ["bob", "zoe"]


def test_a_run_that_ends_in_the_middle_leaves_whole_results_and_goes_on(marked, hand_in, spied, tmp_path):
    folder = hand_in(ada=RIGHT, bob=WRONG, eve=WRONG)

    def stop(result):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        marked(folder, "out", progress=stop)
    (path,) = (tmp_path / "out/results").iterdir()
    done = read_result(path)
    (tmp_path / "out/results/.bob.x1.json").write_text('{"schema": "dlseq-res')  # what SIGKILL leaves of a file
    judged = list(spied)
    again = marked(folder, "out", resume=True)
    assert told(again) == told(marked(folder)) and done in again
    assert done.student not in spied[len(judged) : -3]
    assert sorted(path.name for path in (tmp_path / "out/results").iterdir()) == ["ada.json", "bob.json", "eve.json"]


@pytest.mark.parametrize(
    "other, word",
    [
        ({"seed": 6}, "seed"),
        ({"isolation": "sandbox"}, "isolation"),
        ({"per_student": True}, "per_student"),
        ({"time_limit": 3.0}, "time_limit"),
        ({"memory": 2**29}, "memory"),
    ],
)
def test_a_run_is_not_resumed_with_other_settings(finished, marked, other, word):
    folder, _ = finished
    with pytest.raises(DlseqError, match=f"made with another {word}, and marks would not compare"):
        marked(folder, "out", resume=True, **other)


@pytest.fixture
def finished(hand_in, marked, tmp_path, monkeypatch):
    """A class and the folder of a run that is over; nobody was judged for it."""
    folder = hand_in(ada=RIGHT)
    judged = fleet.Judged((), 0.0, 0, {}, None)
    monkeypatch.setattr(running, "do_job", lambda job: judged)
    marked(folder, "out")
    return folder, tmp_path / "out"


def test_a_run_is_not_resumed_when_the_course_has_changed(finished, marked, small_course):
    small_course.tests(NAME).write_text(small_course.tests(NAME).read_text() + "\n")
    with pytest.raises(DlseqError, match="made with another course"):
        marked(finished[0], "out", resume=True)


def test_a_folder_with_results_or_anything_else_in_it_is_not_taken(finished, marked, tmp_path):
    folder, out = finished
    with pytest.raises(DlseqError, match="holds the results of a run; --resume goes on with it"):
        marked(folder, "out")
    (tmp_path / "else/results").mkdir(parents=True)
    (tmp_path / "else/results/mine.csv").write_text("1")
    (tmp_path / "file").write_text("1")
    for name in ("else", "file"):
        with pytest.raises(DlseqError, match=r"expected .* to be a new or empty folder"):
            marked(folder, name)
    with pytest.raises(DlseqError, match=r"the folder .* does not exist; make it first"):
        marked(folder, "nowhere/out")
    (out / "run.json").write_text("[1]")
    with pytest.raises(DlseqError, match=r"cannot read .*run\.json"):
        marked(folder, "out", resume=True)


def test_a_run_that_had_no_result_yet_is_begun_anew_in_its_folder(finished, marked):
    folder, out = finished
    (out / "results/ada.json").unlink()
    assert len(marked(folder, "out", seed=6)) == 1


def test_what_was_ignored_is_written_down(finished, marked):
    folder, out = finished
    assert not (out / "notes.txt").exists()
    (folder / "ada/thesis.pdf").write_text("x")
    marked(folder, "out", resume=True)
    assert (out / "notes.txt").read_text().startswith("ada: Ignored thesis.pdf: ")


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


def test_a_lane_that_is_killed_costs_nothing(marked, hand_in):
    folder, killed = hand_in(ada=WRONG, bob=RIGHT, eve=WRONG), []
    calm = marked(folder)

    def kill(result):
        if not killed:
            killed.extend(lane.process_id for lane in fleet._LANES.idle + list(fleet._LANES.busy))
            os.kill(killed[0], signal.SIGKILL)

    assert told(marked(folder, progress=kill)) == told(calm) and len(killed) == 1


HANG = '''
"""Which test it is in, a submission can tell by the size."""


def double(x):
    while x.size == SIZE:
        pass
    return x * 2


def double_sum(x):
    return float(2 * x.sum())
'''


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


def test_hidden_tests_run_last(marked, hand_in, small_course):
    lines = small_course.tests(NAME).read_text().split("\n\n\n")
    small_course.tests(NAME).write_text("\n\n\n".join([lines[0], lines[-1], *lines[1:-1]]))
    (result,) = marked(hand_in(ada=RIGHT) / "ada")
    tests = [test.test for test in result.exercises[0].tests]
    assert tests[-1] == "test_hidden_doubling" and len(tests) == 4
    assert small_course.tests(NAME).read_text().index("test_hidden") < small_course.tests(NAME).read_text().index(
        "test_sum"
    )


def test_confined_submissions_earn_the_marks_of_unconfined_ones(marked, hand_in, small_course, tmp_path, sandboxed):
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
    """Statuses by `pytest tests/graded --submission ... --isolation ...`, from its own report."""
    (course.root / "conftest.py").write_text(
        "import json\ndef pytest_dlseq_record(config, record):\n"
        "    with open('records.jsonl', 'a') as file: file.write(json.dumps(record.to_dict()) + '\\n')\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "dlseq.grading.plugin", "-p", "no:cacheprovider", "tests/graded"]
    command += [f"--submission={submission}", f"--isolation={isolation}", "--seed=5", "-q"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    records = [json.loads(line) for line in (course.root / "records.jsonl").read_text().splitlines()]
    (course.root / "records.jsonl").unlink()
    return {record["test"]: record["status"] for record in records}


def command(folder, out, *more, isolation="process"):
    begin = "from dlseq.cli import main; main()"
    return [sys.executable, "-c", begin, "grade", str(folder), "--out", str(out), "--exercise", NAME, "--jobs=1",
            f"--isolation={isolation}", "--seed=5", "--format=junit", *more]  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_a_command_that_is_stopped_keeps_what_is_done_and_leaves_no_process(number, hand_in, small_course, tmp_path):
    """The third of three submissions does not come to an end, so that there is something to stop."""
    folder, out = hand_in(a=RIGHT, b=WRONG, c=("import numpy as np", "while True: pass")), tmp_path / "out"
    begun = subprocess.Popen(
        command(folder, out, "--time-limit=60"),
        cwd=small_course.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while len(list((out / "results").glob("[ab].json"))) < 2 or len(family := below(begun.pid)) < 4:
        assert time.monotonic() < until and begun.poll() is None
        time.sleep(0.05)
    begun.send_signal(number)
    begun.wait(10)
    said = begun.stdout.read()
    assert all_gone(family)
    assert {path.stem: read_result(path).earned for path in (out / "results").iterdir()} == {"a": 100, "b": 0}
    if number == signal.SIGINT:
        assert begun.returncode == 130
        words = f"stopped: 2 of 3 results stand in {out}; the same command with --resume goes on"
        assert words in said and "Traceback" not in said
    hand_in(c=RIGHT)
    again = command(folder, out, "--time-limit=60", "--resume")
    done = subprocess.run(again, cwd=small_course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "2 of them graded before" in done.stdout and "1 graded in" in done.stdout
    assert [read_result(out / f"results/{name}.json").earned for name in "abc"] == [100, 0, 100]


def test_a_run_that_is_stopped_while_the_reference_is_asked_ends_at_once(marked, hand_in, small_course):
    """The reference of an exercise with training in it takes its time, and so would have Ctrl-C."""
    text = small_course.solution(NAME).read_text()
    folder = hand_in(ada=RIGHT, bob=RIGHT, eve=RIGHT)
    small_course.solution(NAME).write_text(text.replace("number * 2", "__import__('time').sleep(20)"))
    threading.Timer(3.0, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        marked(folder)
    assert time.monotonic() - begun < 12 and not fleet._LANES.busy


def test_without_a_sandbox_nobody_is_graded_and_a_sentence_says_what_to_install(hand_in, small_course, tmp_path):
    folder, out = hand_in(ada=RIGHT, bob=RIGHT), tmp_path / "out"
    done = subprocess.run(
        command(folder, out, isolation="sandbox"),
        cwd=small_course.root, capture_output=True, text=True, check=False, env={**os.environ, "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 2 and not list((out / "results").iterdir()) and "Traceback" not in done.stderr
    assert done.stderr.startswith("dlseq: grading needs bubblewrap, which is not installed: apt-get install bubblewrap")


def test_a_fault_of_ours_is_no_zero(marked, hand_in, tmp_path, monkeypatch):
    """Whoever can be graded is; the others have no result, and the next run goes on with them."""

    def fail(job):
        if job.student == "bob":
            raise fleet.LaneLost("the process that judges ended")
        return fleet.do_job(job)

    monkeypatch.setattr(running, "do_job", fail)
    folder = hand_in(ada=RIGHT, bob=RIGHT)
    with pytest.raises(
        DlseqError, match=r"1 of 2 submissions could not be graded and have no result.* of bob: the pro"
    ):
        marked(folder, "out")
    assert [path.name for path in (tmp_path / "out/results").iterdir()] == ["ada.json"]
    monkeypatch.undo()
    assert [one.earned for one in marked(folder, "out", resume=True)] == [100, 100]


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
    assert all(type(entry) is Entry for entry in plan.entries) and len(plan.open) == 2
    seen = []
    results = run(plan, 2, progress=lambda result: seen.append(result.student))
    assert [one.student for one in results] == [one.student for one in plan.entries] and len(seen) == 2
