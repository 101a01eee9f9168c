"""The client of a judge process, and functions that run graded tests through one.

A judge process (`dlseq.grading.judge.server`) has imported the libraries and collected the tests once, and grades each
submission in a process forked from it. A thousand mutants of a NumPy exercise take a moment each, and one that hangs
or dies costs only its own test results. The calling process itself is never forked. Judge processes have fixed settings
(`dlseq.grading.worker.environment`), whatever the calling process has.
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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import dlseq
from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.extras import require
from dlseq.grading.judge.fork_pool import CHILD_DIED
from dlseq.grading.judge.messages import GradingJob, JudgeSettings, encode_batch
from dlseq.grading.results import TestResult
from dlseq.grading.submissions.source import find_source, read_cells
from dlseq.grading.worker.codec import DEFAULT_LIMITS
from dlseq.grading.worker.environment import judge_environment
from dlseq.grading.worker.framing import receive, send

__all__ = ["JudgeProcess", "JudgeProcessError", "run_jobs", "run_tests"]

CLOSE_SECONDS = 2
MAX_WARM_PROCESSES = 5
SERVER_PROGRAM = (  # with the caller's dlseq, even if the caller found it by PYTHONPATH
    "import sys; sys.path.insert(0, sys.argv[1]); import dlseq; del sys.path[0]; "
    "from dlseq.grading.judge.server import main; main(int(sys.argv[2]))"
)


class JudgeProcessError(DlseqError):
    """A judge process ended unexpectedly, which is not the fault of a submission."""


class JudgeProcess:
    """A judge process, started at once, that grades jobs until it is closed.

    Args:
        settings: of the process.

    Attributes:
        peak_bytes: the most memory that an isolated submission has used so far.
        exhibit: the exhibit of the last job, or None.
        notes: name of a job -> sentences on statements of the file that failed when it was loaded.
    """

    def __init__(self, settings: JudgeSettings):
        if settings.isolation is not None and settings.processes != 1:
            raise DlseqError(
                "Invalid value for argument `settings`. Expected processes=1 with an isolation; start more judge "
                f"processes instead. Received: processes={settings.processes}"
            )
        require("pytest", "course", "run graded tests")
        self.settings, self.peak_bytes, self.exhibit, self._versions = settings, 0, None, None
        self.notes: dict[str, tuple[str, ...]] = {}
        self._scratch = tempfile.mkdtemp(prefix="dlseq-judge-")
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
        self._connection, server_end = socket.socketpair()
        import_path = str(Path(dlseq.__file__).parents[1])
        with server_end:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", SERVER_PROGRAM, import_path, str(server_end.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._output,
                pass_fds=[server_end.fileno()],
                env=judge_environment(self._scratch, os.environ),
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
        """Versions of Python and the libraries in isolated submissions, with settings. Waits until the judge is ready.

        Raises:
            DlseqError: the tests cannot be collected, or the sandbox cannot be set up.
        """
        if self._versions is None:
            self._versions = self._receive()["versions"]
        return self._versions

    def run(
        self, jobs: Iterable[GradingJob | tuple[GradingJob, ...]], recording_path: Path | None = None
    ) -> Iterator[tuple[str, list[TestResult]]]:
        """Grade jobs.

        Args:
            jobs: in order; a generator is advanced as processes become free. A tuple of jobs is a batch: one process
                grades them one after another, and the reference answers once for all of them. For trusted submissions.
            recording_path: a recording by `record_expected` to use instead of the reference solution. The jobs need
                its seed.

        Yields:
            (name of the job, its test results), in the order of completion. Where the process that graded a job died,
            its results until then and one more with the status "error"; with an isolation, a submission cannot cause
            that.

        Raises:
            JudgeProcessError: the judge process, or a process that it needs, ended.
            DlseqError: the tests cannot be collected, or the sandbox cannot be set up.
        """
        self.versions  # noqa: B018  (waits until the judge is ready)
        jobs, results_by_name = iter(jobs), {}
        self._send({"recording_path": None if recording_path is None else str(recording_path)})
        while "finished" not in (message := self._receive()):
            if "next" in message:
                batch = next(jobs, None)
                self._send(None if batch is None else encode_batch(batch, self.settings))
                continue
            name, event = message["job"], message["event"]
            results = results_by_name.setdefault(name, [])
            if event is None:
                yield name, results_by_name.pop(name)
            elif event == CHILD_DIED:
                if self.settings.isolation is not None:
                    raise JudgeProcessError("the judge process ended during a test")
                results.append(TestResult("", "", "", "", 0.0, "error", "the process ended during a test"))
            elif "broken" in event:
                raise JudgeProcessError(event["broken"])
            elif "notes" in event:
                self.notes[name] = tuple(event["notes"])
            elif "peak_bytes" in event:
                self.peak_bytes = max(self.peak_bytes, event["peak_bytes"])
                self.exhibit = event["exhibit"]
            else:
                results.append(TestResult.from_dict(event))

    def _send(self, message):
        try:
            send(self._connection, message, DEFAULT_LIMITS)
        except OSError:
            self._raise_ended()

    def _receive(self):
        try:
            message = receive(self._connection, DEFAULT_LIMITS)
        except (EOFError, OSError):
            self._raise_ended()
        if "failure" in message:
            raise DlseqError(message["failure"])
        return message

    def _raise_ended(self):
        self._output.seek(0)
        lines = self._output.read().decode("utf-8", "replace").strip().splitlines()
        raise JudgeProcessError(f"the judge process ended{f': {lines[-1]}' if lines else ''}") from None

    def close(self) -> None:
        """End the process and all processes below it."""
        self._connection.close()
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._output.close()

    def kill(self) -> None:
        """End the process at once, from any thread; a thread that waits in `run` gets a `JudgeProcessError`."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def run_jobs(
    course: Course,
    exercise: Exercise,
    jobs: Iterable[GradingJob],
    *,
    visible_only: bool = False,
    processes: int = 1,
    time_limit: float = 30.0,
    recording_path: Path | None = None,
) -> Iterator[tuple[str, list[TestResult]]]:
    """Run the graded tests of one exercise on many trusted submissions, without isolation.

    Args:
        course: with the tests.
        exercise: the exercise.
        jobs: in order.
        visible_only: leave hidden tests out.
        processes: jobs at the same time.
        time_limit: seconds for each test.
        recording_path: a recording by `record_expected` to use instead of the reference solution. The jobs need its
            seed.

    Yields:
        (name of the job, its test results), in the order of completion; see `JudgeProcess.run`.

    Raises:
        DlseqError: the tests cannot be collected.
    """
    settings = JudgeSettings(
        str(course.root), (exercise.name,), visible_only=visible_only, time_limit=time_limit, processes=processes
    )
    with JudgeProcess(settings) as judge:
        yield from judge.run(jobs, recording_path)


def run_tests(
    course: Course,
    exercise: Exercise,
    path: Path,
    *,
    visible_only: bool = True,
    seed: int | None = None,
    time_limit: float = 30.0,
    on_note: Callable[[str], None] = lambda note: None,
) -> list[TestResult]:
    """Run the graded tests of one exercise on a trusted file. The judge process stays warm for the next call.

    Args:
        course: with the tests.
        exercise: the exercise.
        path: the submission's folder or file.
        visible_only: leave hidden tests out.
        seed: of the inputs; None for the recorded one, or a fresh one in a course with solutions.
        time_limit: seconds for each test.
        on_note: called with each sentence on statements of the file that failed when it was loaded.

    Returns:
        A result of each test.

    Raises:
        DlseqError: there is no such file, or the tests cannot be collected.
    """
    cells = tuple(read_cells(find_source(path, exercise.name)))
    settings = JudgeSettings(str(course.root), (exercise.name,), visible_only=visible_only, time_limit=time_limit)
    judge = _warm_process(settings)
    try:
        ((name, results),) = judge.run([GradingJob(exercise.name, exercise.name, cells, seed)])
    except BaseException:
        _close_warm(settings)
        raise
    for note in judge.notes.pop(name, ()):
        on_note(note)
    return results


_WARM: dict[JudgeSettings, tuple[float, JudgeProcess]] = {}  # settings -> (when the tests changed last, process)


def _warm_process(settings):
    """Return the warm process of the settings, or a new one if the tests have changed since it started."""
    root = Path(settings.root)
    changed = max((file.stat().st_mtime_ns for file in root.glob("tests/graded/**/*") if file.is_file()), default=0)
    if settings in _WARM and _WARM[settings][0] != changed:
        _close_warm(settings)
    if settings not in _WARM:
        of_other_courses = [key for key in _WARM if key.root != settings.root]
        oldest = list(_WARM)[: len(_WARM) + 1 - MAX_WARM_PROCESSES]
        for key in of_other_courses + oldest:
            _close_warm(key)
        _WARM[settings] = changed, JudgeProcess(settings)
    return _WARM[settings][1]


def _close_warm(settings):
    if settings in _WARM:
        _WARM.pop(settings)[1].close()


@atexit.register
def _close_all_warm():
    for settings in list(_WARM):
        _close_warm(settings)
