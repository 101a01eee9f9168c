"""The pool of judge processes, also on a Dask cluster of two workers on loopback, one of them killed on the way."""

import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from dlseq.course.exercises import get_exercise
from dlseq.errors import DlseqError
from dlseq.grading.judge import pool
from dlseq.grading.judge.client import JudgeProcess
from dlseq.grading.judge.messages import GradingJob, JudgeSettings
from dlseq.grading.plan import GradingOptions, Plan
from dlseq.grading.run import run
from dlseq.grading.submissions.submission import Submission

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name


@pytest.fixture
def plan(small_course):
    """Function that plans a run of submissions of which every third is wrong."""

    def make(count=6):
        right = small_course.solution(NAME).read_text()
        wrong = right.replace("* 2", "* 3")
        cells = [(("a.py", wrong if n % 3 == 1 else right),) for n in range(count)]
        submissions = tuple(Submission(f"s{n}", "here", {NAME: code}, {}, {}, ()) for n, code in enumerate(cells))
        options = GradingOptions(isolation="process")
        return Plan(small_course, (get_exercise(NAME),), submissions, (), 5, options, None)

    return make


def statuses(results):
    return [[(test.test, test.status) for test in result.exercises[0].tests] for result in results]


@pytest.fixture
def cluster():
    """Address of a Dask scheduler, and the processes of its two workers."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'dlseq[fleet]'")
    started = []

    def start(*command):
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

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = next(found[0] for line in scheduler.stderr if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
    workers = [start("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(2)]
    for worker in workers:
        next(line for line in worker.stderr if "Registered to" in line)
    yield address, workers
    for process in reversed(started):
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stderr.close()


@pytest.mark.slow
def test_marks_are_the_same_on_a_cluster_that_loses_a_worker(plan, cluster):
    address, workers = cluster
    graded = []

    def progress(result):
        graded.append(result.student)
        if len(graded) == 2:
            workers[0].kill()

    with pool.dask_pool(address) as (executor, threads):
        assert threads == 2
        results = run(plan(12), executor=executor, progress=progress)
    assert statuses(results) == statuses(run(plan(12), jobs=1))
    assert sorted(graded) == sorted(f"s{n}" for n in range(12)) and workers[0].wait(5) != 0


def test_unreachable_scheduler_is_reported(monkeypatch):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'dlseq[fleet]'")
    client = distributed.Client
    monkeypatch.setattr(distributed, "Client", lambda *args, **options: client(*args, **{**options, "timeout": 1}))
    started = time.monotonic()
    with pytest.raises(DlseqError, match="start one with `dask scheduler`"):
        pool.dask_pool("tcp://127.0.0.1:9").__enter__()
    assert time.monotonic() - started < 20


def test_machine_with_another_course_refuses(plan):
    settings = JudgeSettings(str(plan().course.root), (NAME,), isolation="process")
    with pytest.raises(DlseqError, match="Expected the same tests and solutions on every machine"):
        pool.grade_job(GradingJob("ada", NAME, (("a.py", ""),), 1), settings, "0" * 16)


def assigned_cpus(jobs):
    """The CPU that each thread of a pool assigns to its judge process."""
    barrier = threading.Barrier(jobs)

    def wait_for_all(_):
        barrier.wait(10)
        return pool._THREAD.cpu

    with pool.thread_pool(jobs) as executor:
        return list(executor.map(wait_for_all, range(jobs)))


def test_each_thread_has_its_own_cpu_if_there_are_enough():
    available = sorted(os.sched_getaffinity(0))
    assert assigned_cpus(1) == [None]
    assert assigned_cpus(len(available) + 1) == [None] * (len(available) + 1)
    if len(available) > 1:
        assert sorted(assigned_cpus(len(available))) == available


def test_judge_process_and_its_children_stay_on_their_cpu(small_course):
    """The submission itself checks its affinity."""
    cpu = max(os.sched_getaffinity(0))
    settings = JudgeSettings(str(small_course.root), (NAME,), isolation="process", cpu=cpu)
    check = f"import os\nassert os.sched_getaffinity(0) == {{{cpu}}}\n"
    text = check + small_course.solution(NAME).read_text()
    with JudgeProcess(settings) as judge:
        ((_, results),) = judge.run([GradingJob("a", NAME, (("a.py", text),), 5)])
    assert {result.status for result in results} == {"passed"}
