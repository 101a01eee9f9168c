"""A pool of judge processes that runs grading jobs, in threads of this process or on a Dask cluster."""

import atexit
import contextlib
import os
import queue
import tempfile
import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from dlseq.course.layout import Course, course_digest
from dlseq.errors import DlseqError
from dlseq.extras import require
from dlseq.grading.judge.client import JudgeProcess, JudgeProcessError
from dlseq.grading.judge.messages import GradingJob, JudgeSettings
from dlseq.grading.judge.recording import record_in_process, recording_settings
from dlseq.grading.results import ExerciseResult, possible
from dlseq.startup import available_cpus

__all__ = ["JobResult", "dask_pool", "grade_job", "stop_judges", "thread_pool"]

MAX_ATTEMPTS = 3  # per job; the end of a judge process is not the submission's fault
DASK_TIMEOUT_SECONDS = 10
DASK_RETRIES = 2


@dataclass(frozen=True)
class JobResult:
    """The outcome of a grading job.

    Attributes:
        exercise: the result of the exercise.
        versions: of Python and the libraries that the submission ran with, and settings of Keras.
    """

    exercise: ExerciseResult
    versions: dict


def grade_job(job: GradingJob, settings: JudgeSettings, digest: str) -> JobResult:
    """Grade one exercise of one submission in an idle judge process of this pool, or in a new one.

    Args:
        job: with a seed.
        settings: of the judge process. Without `live_reference`, the reference's values are recorded once for each
            exercise and seed.
        digest: `course_digest` of the course, which has to be the same on each machine of a cluster.

    Raises:
        JudgeProcessError: judge processes ended again and again.
        DlseqError: the tests cannot be run, the sandbox cannot be set up, or the course differs from `digest`.
    """
    if course_digest(Course(Path(settings.root))) != digest:
        raise DlseqError(
            f"Wrong course in {settings.root}. Expected the same tests and solutions on every machine; copy them again."
        )
    generation, settings = _JUDGES.generation, replace(settings, cpu=getattr(_THREAD, "cpu", None))
    for attempt in range(MAX_ATTEMPTS):
        judge = _JUDGES.acquire(settings, generation)
        try:
            result = _grade(job, judge, digest, generation)
        except JudgeProcessError:
            _JUDGES.discard(judge)
            if attempt == MAX_ATTEMPTS - 1:
                raise
        except BaseException:
            _JUDGES.discard(judge)
            raise
        else:
            _JUDGES.release(judge)
            return result
    raise AssertionError


def _grade(job, judge, digest, generation):
    recording_path = None
    if not judge.settings.live_reference:
        recording_path = _RECORDINGS.path_for(job, judge.settings.root, digest, generation)
    started = time.monotonic()
    judge.peak_bytes, judge.exhibit = 0, None
    ((name, tests),) = judge.run([job], recording_path)
    exercise = ExerciseResult(
        job.exercise,
        possible(tests),
        job.seed,
        tuple(tests),
        seconds=round(time.monotonic() - started, 3),
        memory=judge.peak_bytes,
        exhibit=judge.exhibit,
        notes=judge.notes.pop(name, ()),
    )
    return JobResult(exercise, judge.versions)


class _Judges:
    """The judge processes of this process. `stop` begins a new generation; jobs of the old one get no more judges."""

    def __init__(self):
        self.lock, self.idle, self.busy, self.generation = threading.Lock(), [], set(), 0

    def acquire(self, settings, generation):
        with self.lock:
            if generation != self.generation:
                raise JudgeProcessError("grading was stopped")
            judge = next((judge for judge in self.idle if judge.settings == settings), None)
            if judge is None:
                judge = JudgeProcess(settings)
            else:
                self.idle.remove(judge)
            self.busy.add(judge)
            return judge

    def release(self, judge):
        with self.lock:
            if judge in self.busy:
                self.busy.discard(judge)
                self.idle.append(judge)

    def discard(self, judge):
        with self.lock:
            self.busy.discard(judge)
        judge.close()

    def stop(self):
        with self.lock:
            self.generation += 1
            judges, self.idle, self.busy = [*self.idle, *self.busy], [], set()
        for judge in judges:
            judge.kill()


class _Recordings:
    """Recordings of the reference's values, made once for each course, exercise and seed."""

    def __init__(self):
        self.lock, self.folder, self.paths = threading.Lock(), None, {}

    def path_for(self, job, root, digest, generation):
        key = digest, job.exercise, job.seed
        with self.lock:
            if key not in self.paths:
                self.folder = self.folder or tempfile.TemporaryDirectory(prefix="dlseq-expected-")
                path = Path(self.folder.name) / f"{len(self.paths)}.bin"
                judge = _JUDGES.acquire(recording_settings(Course(Path(root)), job.exercise), generation)
                try:
                    record_in_process(judge, path, job.seed)
                finally:
                    _JUDGES.discard(judge)
                self.paths[key] = path
            return self.paths[key]


_JUDGES, _RECORDINGS, _THREAD = _Judges(), _Recordings(), threading.local()


@atexit.register
def stop_judges() -> None:
    """End all judge processes of this process at once; their unfinished jobs are lost."""
    _JUDGES.stop()


def thread_pool(jobs: int) -> Executor:
    """Return an executor of threads that each drive one judge process.

    With several threads and at least as many CPUs, each thread binds its judge process to a CPU of its own.

    Args:
        jobs: number of threads.
    """
    cpus = available_cpus() if hasattr(os, "sched_setaffinity") else []
    unassigned = queue.SimpleQueue()
    for index in range(jobs):
        unassigned.put(cpus[index] if 1 < jobs <= len(cpus) else None)

    def assign_cpu():
        _THREAD.cpu = unassigned.get()

    return ThreadPoolExecutor(jobs, thread_name_prefix="judge", initializer=assign_cpu)


@contextlib.contextmanager
def dask_pool(address: str):
    """Connect to a Dask cluster, whose workers start judge processes of their own, until the block ends.

    Args:
        address: of the scheduler, such as "tcp://10.0.0.1:8786".

    Yields:
        A `concurrent.futures.Executor`, and the number of jobs that it runs at the same time.

    Raises:
        DlseqError: Dask is not installed, or no scheduler or worker is reachable.
    """
    require("distributed", "fleet", "use a Dask cluster")
    from distributed import Client

    try:
        client = Client(address, timeout=DASK_TIMEOUT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise DlseqError(
            f"Cannot connect to --dask {address}: {error}. Expected a Dask scheduler; start one with `dask scheduler`."
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        if threads:
            yield client.get_executor(pure=False, retries=DASK_RETRIES), threads
            return
        raise DlseqError(
            f"Cannot grade on the Dask scheduler at {address}. Expected at least one worker; "
            f"start some with `dask worker {address}`."
        )
