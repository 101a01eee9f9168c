"""Jobs of a grading run, done in lanes. Whoever calls decides where: in threads of this process, or on a cluster."""

import atexit
import contextlib
import hashlib
import os
import queue
import tempfile
import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import Lane, LaneLost
from dlseq.grading.judge.messages import Candidate, LaneSettings
from dlseq.grading.judge.recording import record_in, recording_lane
from dlseq.grading.results import TestResult
from dlseq.startup import available_cpus

__all__ = ["Job", "Judged", "course_digest", "do_job", "in_threads", "on_dask", "stop_lanes"]

TRIES = 3  # a lane that is lost is no fault of the submission's


@dataclass(frozen=True)
class Job:
    """One exercise of one submission.

    Attributes:
        student: whose it is.
        exercise: which one.
        cells: (file, text) of its code.
        seed: of the inputs.
        settings: of the lane that does it.
        recorded: whether the reference is asked once for all jobs of the same exercise and seed.
        digest: of the course that is meant, see `course_digest`.
    """

    student: str
    exercise: str
    cells: tuple
    seed: int
    settings: LaneSettings
    recorded: bool
    digest: str


@dataclass(frozen=True)
class Judged:
    """What became of a job.

    Attributes:
        records: one for each test.
        seconds: that it took.
        memory: bytes that the submission used at most.
        versions: of what it ran with.
        exhibit: what a report shows of it, or None.
    """

    records: tuple[TestResult, ...]
    seconds: float
    memory: int
    versions: dict
    exhibit: dict | None


def do_job(job: Job) -> Judged:
    """Judges one exercise of one submission in a lane of this process, a new one where none is idle.

    Raises:
        LaneLost: lanes were lost again and again.
        DlseqError: the tests cannot be run, the wall cannot be built, or the course here is not the one that is meant.
    """
    if course_digest(Course(Path(job.settings.root))) != job.digest:
        raise DlseqError(f"expected the same course in {job.settings.root} on every machine; copy it there again")
    turn, settings = _LANES.turn, replace(job.settings, processor=getattr(_THREAD, "processor", None))
    for attempt in range(TRIES):
        lane = _LANES.borrow(settings, turn)
        try:
            judged = _judge(job, lane, turn)
        except LaneLost:
            _LANES.drop(lane)
            if attempt == TRIES - 1:
                raise
        except BaseException:
            _LANES.drop(lane)
            raise
        else:
            _LANES.give_back(lane)
            return judged
    raise AssertionError


def _judge(job, lane, turn):
    answers = _ANSWERS.find(job, turn) if job.recorded else None
    begun = time.monotonic()
    candidate = Candidate(job.student, job.cells, job.seed, exercise=job.exercise)
    lane.peak, lane.exhibit = 0, None
    ((_, records),) = lane.mark([candidate], answers)
    seconds = round(time.monotonic() - begun, 3)
    return Judged(tuple(records), seconds, lane.peak, lane.versions, lane.exhibit)


class _Lanes:
    """Lanes of this process. When they are stopped, a new turn begins, and jobs of the one before get no more."""

    def __init__(self):
        self.lock, self.idle, self.busy, self.turn = threading.Lock(), [], set(), 0

    def borrow(self, settings, turn):
        with self.lock:
            if turn != self.turn:
                raise LaneLost("grading was stopped")
            lane = next((one for one in self.idle if one.settings == settings), None)
            if lane is None:
                lane = Lane(settings)
            else:
                self.idle.remove(lane)
            self.busy.add(lane)
            return lane

    def give_back(self, lane):
        with self.lock:
            if lane in self.busy:
                self.busy.discard(lane)
                self.idle.append(lane)

    def drop(self, lane):
        with self.lock:
            self.busy.discard(lane)
        lane.close()

    def stop(self):
        with self.lock:
            self.turn += 1
            lanes, self.idle, self.busy = [*self.idle, *self.busy], [], set()
        for lane in lanes:
            lane.kill()


class _Answers:
    """What the reference answered, recorded once for each exercise and seed."""

    def __init__(self):
        self.lock, self.folder, self.found = threading.Lock(), None, {}

    def find(self, job, turn):
        key = job.digest, job.exercise, job.seed
        with self.lock:
            if key not in self.found:
                self.folder = self.folder or tempfile.TemporaryDirectory(prefix="dlseq-answers-")
                path = Path(self.folder.name) / f"{len(self.found)}.bin"
                lane = _LANES.borrow(recording_lane(Course(Path(job.settings.root)), job.exercise), turn)
                try:
                    record_in(lane, path, job.seed)
                finally:
                    _LANES.drop(lane)
                self.found[key] = path
            return self.found[key]


_LANES, _ANSWERS, _THREAD = _Lanes(), _Answers(), threading.local()


@atexit.register
def stop_lanes() -> None:
    """Ends all lanes of this process at once; what they were doing is lost."""
    _LANES.stop()


def in_threads(jobs: int) -> Executor:
    """So many lanes in this process, each driven by a thread: the work is done in processes of the lanes' own.

    Several lanes keep to a processor each, where there are enough of them.
    """
    places = available_cpus() if hasattr(os, "sched_setaffinity") else []
    free = queue.SimpleQueue()
    for number in range(jobs):
        free.put(places[number] if 1 < jobs <= len(places) else None)

    def begin():
        _THREAD.processor = free.get()

    return ThreadPoolExecutor(jobs, thread_name_prefix="lane", initializer=begin)


@contextlib.contextmanager
def on_dask(address: str):
    """The workers of a Dask cluster, each with lanes of its own, until the block ends.

    Args:
        address: of the scheduler, such as "tcp://10.0.0.1:8786".

    Yields:
        A `concurrent.futures.Executor`, and how many jobs it does at the same time.

    Raises:
        DlseqError: Dask is not installed, or nobody answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise DlseqError("--dask needs Dask, which is missing; pip install 'dlseq[fleet]'") from None
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise DlseqError(f"expected a Dask scheduler at {address}: {error}; start one with `dask scheduler`") from None
    with client:
        threads = sum(client.nthreads().values())
        if threads:
            yield client.get_executor(pure=False, retries=2), threads
            return
        raise DlseqError(f"the Dask scheduler at {address} has no workers; start some with `dask worker {address}`")


def course_digest(course: Course) -> str:
    """A digest of the graded tests and the solutions: marks can be compared where it is the same."""
    digest = hashlib.sha256()
    for folder in (course.graded, course.solutions):
        for file in sorted(folder.glob("*.py")):
            digest.update(f"{file.name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
