"""Graded tests run from code, on any number of candidates, in lanes: see `dlseq.grading.judge.server`.

A candidate is the text of a submission. A lane is a process that has imported and collected everything, and judges
each candidate in a process forked from it, so that a thousand mutants of a NumPy exercise take a moment each, and one
that hangs or dies costs only its own record. The calling process is never forked, whatever runs in it.
"""

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.grading.judge.fork_pool import LOST
from dlseq.grading.judge.messages import Candidate, LaneSettings
from dlseq.grading.results import TestResult
from dlseq.grading.submissions.source import find_source, read_cells
from dlseq.grading.worker.codec import DEFAULT_LIMITS
from dlseq.grading.worker.framing import receive, send

__all__ = ["Lane", "LaneLost", "mark", "mark_many"]

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # more of them wait for work by spinning


class LaneLost(DlseqError):
    """The process of a lane ended, which is no fault of a candidate's."""


class Lane:
    """The calling end of a lane. It begins to warm up at once, in a process of its own.

    Args:
        settings: what it does.

    Attributes:
        peak: bytes of memory that a candidate behind a wall has used at most, so far.
        exhibit: what the last candidate has to show, if anything.
    """

    def __init__(self, settings: LaneSettings):
        if settings.isolation is not None and settings.jobs != 1:
            raise DlseqError("a lane with a wall judges one candidate at a time; use more lanes")
        self.settings, self.peak, self.exhibit, self._versions = settings, 0, None, None
        self._folder = tempfile.mkdtemp(prefix="dlseq-lane-")  # all that it writes for a while
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
        self._connection, there = socket.socketpair()
        with there:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BEGIN, str(there.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=[there.fileno()],
                env={**os.environ, **ONE_THREAD, "TMPDIR": self._folder},
                cwd=settings.root,
                start_new_session=True,
            )
        with contextlib.suppress(OSError):
            send(self._connection, asdict(settings), DEFAULT_LIMITS)

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def versions(self) -> dict:
        """Of Python and the libraries that candidates behind a wall run with. Waits until the lane is warm.

        Raises:
            DlseqError: the tests cannot be collected, or the wall cannot be built.
        """
        if self._versions is None:
            self._versions = self._receive()["versions"]
        return self._versions

    def mark(
        self, candidates: Iterable[Candidate], answers: Path | None = None
    ) -> Iterator[tuple[str, list[TestResult]]]:
        """Judges candidates.

        Args:
            candidates: in order; a generator is used as places become free.
            answers: a recording by `record_expected` in the place of the reference; candidates need its seed.

        Yields:
            (name of the candidate, its records), as they are done. Where the process that judged it died, the records
            until then and one more with the status "error"; behind a wall that cannot be the candidate's doing.

        Raises:
            LaneLost: the lane's process, or one that it needs, ended.
            DlseqError: the tests cannot be collected, or the wall cannot be built.
        """
        self.versions  # noqa: B018  (waits until it is warm)
        candidates, gathered = iter(candidates), {}
        self._send({"answers": None if answers is None else str(answers)})
        while "over" not in (told := self._receive()):
            if "next" in told:
                self._send(self._fields(next(candidates, None)))
                continue
            name, message = told["candidate"], told["message"]
            records = gathered.setdefault(name, [])
            if message is None:
                yield name, gathered.pop(name)
            elif message == LOST:
                if self.settings.isolation is not None:
                    raise LaneLost("the process that judges ended while a test ran")
                records.append(TestResult("", "", "", "", 0.0, "error", "the process ended while a test ran"))
            elif "broken" in message:
                raise LaneLost(message["broken"])
            elif "peak" in message:
                self.peak = max(self.peak, message["peak"])
                self.exhibit = message["exhibit"]
            else:
                records.append(TestResult.from_dict(message))

    def _fields(self, candidate):
        if candidate is None:
            return None
        fields = asdict(candidate)
        return {**fields, "exercise": candidate.exercise or self.settings.exercises[0]}

    def _send(self, message):
        try:
            send(self._connection, message, DEFAULT_LIMITS)
        except OSError:
            self._lost()

    def _receive(self):
        try:
            told = receive(self._connection, DEFAULT_LIMITS)
        except (EOFError, OSError):
            self._lost()
        if "failure" in told:
            raise DlseqError(told["failure"])
        return told

    def _lost(self):
        self._said.seek(0)
        words = self._said.read().decode("utf-8", "replace").strip().splitlines()
        raise LaneLost(f"the process that judges ended{f': {words[-1]}' if words else ''}") from None

    def close(self) -> None:
        """Ends its process, with all that it started."""
        self._connection.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._said.close()

    def kill(self) -> None:
        """Ends its process at once, from any thread; whoever waits for an answer learns that the lane is lost."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


_BEGIN = "import sys; from dlseq.grading.judge.server import main; main(int(sys.argv[1]))"


def mark_many(
    course: Course,
    exercise: Exercise,
    candidates: Iterable[Candidate],
    visible: bool = False,
    jobs: int = 1,
    time_limit: float = 30.0,
    answers: Path | None = None,
) -> Iterator[tuple[str, list[TestResult]]]:
    """Runs the graded tests of one exercise on many candidates whom one trusts.

    Args:
        course: where the tests are.
        exercise: which one.
        candidates: in order.
        visible: whether hidden tests are left out.
        jobs: how many candidates at the same time.
        time_limit: seconds for each test.
        answers: a recording by `record_expected` that takes the place of the reference; candidates need its seed.

    Yields:
        (name of the candidate, its records), as they are done, see `Lane.mark`.

    Raises:
        DlseqError: the tests cannot be collected.
    """
    with Lane(LaneSettings(str(course.root), (exercise.name,), visible, time_limit, jobs=jobs)) as lane:
        yield from lane.mark(candidates, answers)


def mark(
    course: Course,
    exercise: Exercise,
    folder: Path,
    visible: bool = True,
    seed: int | None = None,
    time_limit: float = 30.0,
) -> list[TestResult]:
    """Runs the graded tests of one exercise on what is in a folder. The lane stays warm for the next call.

    Args:
        course: where the tests are.
        exercise: which one.
        folder: where the submission is, or its file.
        visible: whether hidden tests are left out.
        seed: of the inputs; None for the recorded one, or a fresh one where the solutions are at hand.
        time_limit: seconds for each test.

    Returns:
        A record of each test.

    Raises:
        DlseqError: there is no such file, or the tests cannot be collected.
    """
    cells = tuple(read_cells(find_source(folder, exercise.name)))
    lane = _warm(LaneSettings(str(course.root), (exercise.name,), visible, time_limit))
    try:
        ((_, records),) = lane.mark([Candidate(exercise.name, cells, seed)])
    except BaseException:
        _cool(lane.settings)
        raise
    return records


_LANES: dict[LaneSettings, tuple[float, Lane]] = {}
_MOST = 5  # lanes that stay warm


def _warm(settings):
    """A lane that may have been used before; a new one where the tests have been changed since."""
    root = Path(settings.root)
    changed = max((file.stat().st_mtime_ns for file in root.glob("tests/graded/**/*") if file.is_file()), default=0)
    if settings in _LANES and _LANES[settings][0] != changed:
        _cool(settings)
    if settings not in _LANES:
        for old in [one for one in _LANES if one.root != settings.root] + list(_LANES)[: len(_LANES) + 1 - _MOST]:
            _cool(old)
        _LANES[settings] = changed, Lane(settings)
    return _LANES[settings][1]


def _cool(settings):
    if settings in _LANES:
        _LANES.pop(settings)[1].close()


@atexit.register
def _cool_all():
    for settings in list(_LANES):
        _cool(settings)
