"""The server of a judge process: collects the graded tests once, then runs them on one grading job after another.

Each job is graded in a process forked from this one, which runs no TensorFlow operation itself, because a fork after
one hangs. `dlseq.grading.judge.client` is the other end of the socket.
"""

import contextlib
import gc
import io
import os
import socket
import time
from pathlib import Path

import pytest

from dlseq.course.exercises import get_exercises, required_libraries
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.grading.judge.fork_pool import CHILD_DIED, run_forked
from dlseq.grading.judge.messages import JudgeSettings, decode_batch
from dlseq.grading.plugin.loading import graded_names, listed_notes
from dlseq.grading.plugin.options import function_of, has_secret_inputs, session_key
from dlseq.grading.sandbox.bubblewrap import check_hidden
from dlseq.grading.sandbox.judge_memory import limit_judge_memory
from dlseq.grading.sandbox.sandbox import ResourceLimits, Sandbox
from dlseq.grading.sandbox.timeout import MAX_EXTENSION_FACTOR
from dlseq.grading.sandbox.transport import SandboxTransport, WorkerSession
from dlseq.grading.sanitize import printable_exhibit
from dlseq.grading.worker.codec import DEFAULT_LIMITS
from dlseq.grading.worker.environment import configure_keras
from dlseq.grading.worker.executor import Executor
from dlseq.grading.worker.framing import receive, send
from dlseq.testing.reference import read_recording, write_recording
from dlseq.testing.submission import InProcessTransport

__all__ = ["main"]

JUDGE_GRACE_SECONDS = 30.0  # beyond a test's longest time limit, before a silent child is killed
MAX_RETRIES = 8  # per job, of tests in which the worker died
RETRY_BELOW_FRACTION = 0.5  # of the time limit; a later death counts as the submission's own


def main(descriptor: int) -> None:
    """Serve until the socket closes.

    Args:
        descriptor: of the socket. Its first message is a `JudgeSettings` as a dict.
    """
    connection = socket.socket(fileno=descriptor)
    fields = receive(connection, DEFAULT_LIMITS)
    settings = JudgeSettings(**{**fields, "exercises": tuple(fields["exercises"])})
    if settings.cpu is not None:
        os.sched_setaffinity(0, {settings.cpu})
    try:
        with _start_sandbox(settings) as sandbox:
            _import_libraries(settings)
            _run_pytest(settings, _JobLoop(connection, settings, sandbox))
    except DlseqError as error:
        _send(connection, {"failure": str(error)})
    except EOFError:
        pass


def _start_sandbox(settings):
    if settings.isolation is None:
        return contextlib.nullcontext()
    if settings.isolation == "sandbox":
        course = Course(Path(settings.root))
        check_hidden([course.graded, course.solutions])
    libraries = required_libraries(get_exercises(settings.exercises))
    return Sandbox(libraries, settings.isolation, ResourceLimits(settings.memory_bytes, settings.scratch_bytes))


def _import_libraries(settings):
    """Import before forking. With a sandbox, the judge needs Keras for the reference solution alone."""
    import numpy  # noqa: F401

    libraries = required_libraries(get_exercises(settings.exercises))
    if "matplotlib.pyplot" in libraries:
        import matplotlib.backends.backend_agg
        import matplotlib.figure  # noqa: F401
    if settings.live_reference and "keras" in libraries:
        from dlseq.startup import import_keras

        import_keras()
        configure_keras()


def _send(connection, message):
    with contextlib.suppress(OSError):
        send(connection, message, DEFAULT_LIMITS)


class _JobLoop:
    """A pytest plugin that replaces pytest's test loop: it runs the collected tests once for each job."""

    def __init__(self, connection, settings, sandbox):
        self.connection, self.settings, self.sandbox = connection, settings, sandbox
        self.parent, self.collection_errors = os.getppid(), []
        self.make_transport, self.retries_left, self.results = None, 0, []

    def pytest_configure(self, config):
        """Shorten tracebacks, which the judge discards; pytest's own cost a tenth of a second each."""
        config.option.tbstyle = "native"

    def pytest_collectreport(self, report):
        """Keep the reason of a failed collection."""
        if report.failed:
            self.collection_errors.append(str(report.longrepr))

    def pytest_dlseq_make_transport(self, config, item, exercise):
        """Return the transport to the submission of the current job."""
        return self.make_transport(exercise)

    def pytest_runtest_logreport(self, report):
        """Keep the serialized test result that a report carries."""
        if hasattr(report, "dlseq_result"):
            self.results.append(report.dlseq_result)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """Serve the client instead of running each test once."""
        if session.testsfailed:
            return True
        gc.collect()
        gc.freeze()  # a collection in a forked process would copy every page
        _send(self.connection, {"ready": True, "versions": self.sandbox.versions if self.sandbox else {}})
        with contextlib.suppress(EOFError):
            while True:
                self.serve(session, receive(self.connection, DEFAULT_LIMITS))
        return True

    def serve(self, session, request):
        """Run all jobs of one call of `JudgeProcess.run`."""
        path = request["recording_path"]
        recording = None if path is None else read_recording(Path(path))
        events = run_forked(
            self.receive_tasks(session, recording),
            self.settings.processes,
            silence_seconds=(1 + MAX_EXTENSION_FACTOR) * self.settings.time_limit + JUDGE_GRACE_SECONDS,
            on_poll=self.check_parent,
        )
        unfinished = {}
        for names, message in events:
            pending = unfinished.setdefault(names, list(names))
            if message == CHILD_DIED:
                for name in pending:
                    _send(self.connection, {"job": name, "event": CHILD_DIED})
                    _send(self.connection, {"job": name, "event": None})
            elif message is not None:
                if message["event"] is None:
                    pending.remove(message["job"])
                _send(self.connection, message)
        _send(self.connection, {"finished": True})

    def check_parent(self):
        """Raise EOFError if the client's process has gone."""
        if os.getppid() != self.parent:
            raise EOFError("the client has gone")

    def receive_tasks(self, session, recording):
        """Request one batch of jobs after another and yield each as (names, task)."""
        while True:
            _send(self.connection, {"next": True})
            batch = receive(self.connection, DEFAULT_LIMITS)
            if batch is None:
                return
            jobs = decode_batch(batch)
            yield tuple(job.name for job in jobs), self.task(session, jobs, recording)

    def task(self, session, jobs, recording):
        """Return the function that grades a batch of jobs in a forked process and sends their events."""

        def grade(send_message):
            grading = session.config.stash[session_key]
            grading.expected_values = recording
            if len(jobs) > 1 and recording is None:
                grading.shared_values = {}
            for job in jobs:
                self.grade(session, job, lambda event, name=job.name: send_message({"job": name, "event": event}))
                send_message({"job": job.name, "event": None})

        return grade

    def grade(self, session, job, send_event):
        """Grade a job in this process and send its events."""
        grading = session.config.stash[session_key]
        grading.forget_submission()
        if job.seed is not None:
            grading.seed = job.seed
        grading.time_limit = self.settings.time_limit if job.time_limit is None else job.time_limit
        if job.recording_path is not None:
            grading.recorded_values = {}
        worker = None if self.sandbox is None else WorkerSession(self.sandbox)
        if worker is not None:
            grading.submission_pids = lambda: self.sandbox.process_ids
            grading.all_submission_pids = self.sandbox.current_process_ids
            limit_judge_memory()
        self.make_transport, self.retries_left = _transport_factory(job, worker, session.items), MAX_RETRIES
        for item in _select_items(session.items, job):
            self.results.clear()
            self.run_item(item, worker)
            if grading.update_shared_values(item.name, self.results):
                self.results.clear()
                self.run_item(item, worker)
            if worker is not None and worker.failure:
                send_event({"broken": worker.failure})
                return
            for result in self.results:
                send_event(result)
            if job.stop_on_failure and any(result["status"] != "passed" for result in self.results):
                break
        send_event({"notes": listed_notes(grading.load_notes)})
        if worker is not None:
            worker.stop()
            exhibit = printable_exhibit(grading.exhibit)
            send_event({"peak_bytes": self.sandbox.peak_memory_bytes, "exhibit": exhibit})
        if job.recording_path is not None:
            write_recording(Path(job.recording_path), grading.seed, grading.recorded_values)

    def run_item(self, item, worker):
        """Run one test; a second time if the worker died early in it, because another process may have caused that.

        Not if the worker had answered in this test: a death after an answer would be a second try at the question.
        """
        if worker is not None:
            worker.answered = False
        started = time.monotonic()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        early = time.monotonic() - started < RETRY_BELOW_FRACTION * self.settings.time_limit
        if worker is not None and worker.worker_died and not worker.answered and self.retries_left and early:
            worker.worker_died = False
            self.retries_left -= 1
            self.results.clear()
            item._initrequest()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if worker is not None:
            worker.worker_died = False


def _transport_factory(job, worker, items):
    """Return a function from the name of the exercise to a fresh transport to the job's code."""
    name, graded = f"submission_{job.exercise}", graded_names(items, job.exercise)
    if worker is None:
        executor = Executor(job.cells, name, graded)
        return lambda exercise: InProcessTransport(executor.restarted())
    return lambda exercise: SandboxTransport(worker, job.cells, name, graded)


def _select_items(items, job):
    """Return the tests of a job in order: those of `first_function`, then others, those with secret inputs last.

    So nothing that is shown can carry these inputs.
    """
    selected = [
        item
        for item in items
        if item.path.stem == f"test_{job.exercise}" and (job.tests is None or item.name in job.tests)
    ]

    def rank(item):
        return job.first_function is not None and function_of(item) != job.first_function, has_secret_inputs(item)

    index, count = job.shard
    return sorted(selected, key=rank)[index::count]


def _run_pytest(settings, loop):
    """Run pytest with the loop as a plugin, without terminal output and without configuration files."""
    course = Course(Path(settings.root))
    files = [str(course.tests(name)) for name in settings.exercises]
    if missing := [file for file in files if not Path(file).is_file()]:
        raise DlseqError(f"Cannot grade. Expected graded tests in {missing[0]}. Received: no such file.")
    arguments = [
        "-c",
        os.devnull,
        f"--rootdir={course.root}",
        "--import-mode=importlib",
        "--assert=plain",
        "--disable-plugin-autoload",
        "-pno:dlseq.grading.plugin.terminal",
        "-pdlseq.grading.plugin",
        "-pno:cacheprovider",
        "-pno:terminal",
        "-pno:doctest",
        f"--dlseq-time-limit={settings.time_limit}",
        *(["-mnot hidden"] if settings.visible_only else []),
        *files,
    ]
    stderr = io.StringIO()
    with contextlib.redirect_stderr(stderr):
        status = pytest.main(arguments, plugins=[loop])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or loop.collection_errors:
        output = loop.collection_errors[0] if loop.collection_errors else stderr.getvalue()
        lines = output.strip().splitlines() or [f"pytest ended with {status!r}"]
        reason = " ".join(lines[-1].removeprefix("E ").split())
        raise DlseqError(f"Cannot run the graded tests of {', '.join(settings.exercises)}: {reason}")
