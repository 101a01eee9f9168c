"""Lanes on other machines: a Dask scheduler and two workers on loopback, one of them killed on the way."""

import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from dlseq.course.exercises import exercise
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import Lane
from dlseq.grading.judge.messages import Candidate, LaneSettings
from dlseq.grading.judge.pool import Job, course_digest, do_job, on_dask
from dlseq.grading.run import Plan, run
from dlseq.grading.submissions.submission import Submission

NAME = "recurrent_network"  # by this name, a small course of its own: see conftest.py


@pytest.fixture
def plan(small_course):
    """Six submissions of which every third is wrong."""

    def made(count=6):
        right = small_course.solution(NAME).read_text()
        wrong = right.replace("* 2", "* 3")
        cells = [(("a.py", wrong if n % 3 == 1 else right),) for n in range(count)]
        entries = tuple(Submission(f"s{n}", "here", {NAME: one}, {}, {}, ()) for n, one in enumerate(cells))
        return Plan(small_course, (exercise(NAME),), entries, (), 5, "process", False, 10.0, 2**30, None)

    return made


def points(results):
    return [[(test.test, test.status) for test in one.exercises[0].tests] for one in results]


@pytest.fixture
def cluster():
    """The address of a scheduler, and its two workers as processes."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'dlseq[fleet]'")
    started = []

    def begin(*command):
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "DASK_DISTRIBUTED__SCHEDULER__DASHBOARD__STATUS__TASK_STREAM_LENGTH": "10"},
        )
        started.append(process)
        return process

    scheduler = begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = next(found[0] for line in scheduler.stderr if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
    workers = [begin("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(2)]
    for worker in workers:
        next(line for line in worker.stderr if "Registered to" in line)
    yield address, workers
    for process in reversed(started):
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stderr.close()


def test_a_cluster_gives_the_marks_of_one_machine_also_where_a_worker_is_lost(plan, cluster):
    address, workers = cluster
    seen = []

    def progress(result):
        seen.append(result.student)
        if len(seen) == 2:
            workers[0].kill()

    with on_dask(address) as (executor, threads):
        assert threads == 2
        results = run(plan(12), executor=executor, progress=progress)
    assert points(results) == points(run(plan(12), jobs=1))
    assert sorted(seen) == sorted(f"s{n}" for n in range(12)) and workers[0].wait(5) != 0


def test_a_scheduler_that_is_not_there_is_a_sentence(monkeypatch):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'dlseq[fleet]'")
    client = distributed.Client
    monkeypatch.setattr(distributed, "Client", lambda *given, **more: client(*given, **{**more, "timeout": 1}))
    begun = time.monotonic()
    with pytest.raises(DlseqError, match="start one with `dask scheduler`"):
        on_dask("tcp://127.0.0.1:9").__enter__()
    assert time.monotonic() - begun < 20


def test_a_machine_with_another_course_refuses(plan):
    settings = LaneSettings(str(plan().course.root), (NAME,), isolation="process")
    with pytest.raises(DlseqError, match="expected the same course"):
        do_job(Job("ada", NAME, (("a.py", ""),), 1, settings, False, "0" * 16))


def test_the_digest_of_a_course_changes_with_its_tests_and_solutions_alone(small_course):
    before = course_digest(small_course)
    (small_course.root / "README.md").write_text("other")
    assert course_digest(small_course) == before
    for path in (small_course.tests(NAME), small_course.solution(NAME)):
        path.write_text(path.read_text() + "\n# more\n")
        assert course_digest(small_course) != before
        before = course_digest(small_course)


def processors_of(jobs):
    """The processor that each of so many threads tells its lane to keep to."""
    from dlseq.grading.judge import pool as fleet

    together = threading.Barrier(jobs)

    def look(_):
        together.wait(10)
        return fleet._THREAD.processor

    with fleet.in_threads(jobs) as pool:
        return list(pool.map(look, range(jobs)))


def test_lanes_keep_to_processors_of_their_own_if_there_are_enough():
    mine = sorted(os.sched_getaffinity(0))
    assert processors_of(1) == [None]
    assert processors_of(len(mine) + 1) == [None] * (len(mine) + 1)
    if len(mine) > 1:
        assert sorted(processors_of(len(mine))) == mine


def test_a_lane_keeps_to_its_processor_with_all_that_it_starts(small_course):
    """The submission asks the system itself."""
    wanted = max(os.sched_getaffinity(0))
    settings = LaneSettings(str(small_course.root), (NAME,), isolation="process", processor=wanted)
    tells = f"import os\nassert os.sched_getaffinity(0) == {{{wanted}}}\n"
    text = tells + small_course.solution(NAME).read_text()
    with Lane(settings) as lane:
        ((_, records),) = lane.mark([Candidate("a", (("a.py", text),), 5)])
    assert {record.status for record in records} == {"passed"}
