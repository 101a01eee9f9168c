"""A lane: a process of its own, in which graded tests are collected once and then run on one candidate after another.

Each candidate is judged in a process forked from this one, which runs no operation of TensorFlow itself, since a fork
after one hangs. Callers use `dlseq.grading.judge.client`; this is the other end of their socket.
"""

import contextlib
import gc
import io
import json
import os
import resource
import socket
import time
from pathlib import Path

import pytest

from dlseq.course.exercises import exercises, libraries_of
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.grading.judge.fork_pool import in_children
from dlseq.grading.plugin.options import MARKING
from dlseq.grading.sandbox.sandbox import ResourceLimits, Sandbox
from dlseq.grading.sandbox.timeout import MAX_EXTENSION_FACTOR
from dlseq.grading.sandbox.transport import SandboxTransport, WorkerSession
from dlseq.grading.worker.codec import DEFAULT_LIMITS
from dlseq.grading.worker.executor import Executor
from dlseq.grading.worker.framing import receive, send
from dlseq.testing.reference import read_recording, write_recording
from dlseq.testing.submission import InProcessTransport

__all__ = ["main"]

GRACE = 30.0  # seconds beyond its time limit after which a test that says nothing is given up
AGAIN = 8  # tests of a candidate that are run once more because the worker ended
EARLY = 0.5  # of the time limit, up to which they are
EXHIBIT = 200_000  # characters of what a report shows of a candidate
SPARE = 3 * 2**30  # bytes of memory that judging one candidate may take, whatever it answers


def main(descriptor: int) -> None:
    """Serves until the socket closes.

    Args:
        descriptor: of the socket. The first message on it is the
            `dlseq.grading.judge.messages.LaneSettings`, as a dict.
    """
    connection = socket.socket(fileno=descriptor)
    settings = receive(connection, DEFAULT_LIMITS)
    if settings["processor"] is not None:
        os.sched_setaffinity(0, {settings["processor"]})
    try:
        with _sandbox(settings) as sandbox:
            _import_early(settings)
            versions = sandbox.versions if sandbox else {}
            _pytest(settings, _Loop(connection, settings, sandbox, versions))
    except DlseqError as error:
        _tell(connection, {"failure": str(error)})
    except EOFError:
        pass


def _sandbox(settings):
    if settings["isolation"] is None:
        return contextlib.nullcontext()
    modules = libraries_of(exercises(settings["exercises"]))
    return Sandbox(modules, settings["isolation"], ResourceLimits(settings["memory"], settings["scratch"]))


def _import_early(settings):
    """Imports what every child needs. In front of a wall, Keras is the reference's alone."""
    import numpy  # noqa: F401

    libraries = libraries_of(exercises(settings["exercises"]))
    if "matplotlib.pyplot" in libraries:
        import matplotlib.backends.backend_agg
        import matplotlib.figure  # noqa: F401
    if settings["live"] and "keras" in libraries:
        from dlseq.startup import import_keras

        import_keras()
        from dlseq.kernels.patch_keras_lstm import patch_keras_lstm

        patch_keras_lstm()


def _tell(connection, message):
    with contextlib.suppress(OSError):
        send(connection, message, DEFAULT_LIMITS)


class _Loop:
    """A pytest plugin in the place of pytest's own loop: runs the collected tests for whoever is sent."""

    def __init__(self, connection, settings, sandbox, versions):
        self.connection, self.settings, self.sandbox, self.versions = connection, settings, sandbox, versions
        self.parent, self.problems, self.records = os.getppid(), [], []
        self.open, self.again = None, 0

    def pytest_configure(self, config):
        """Makes errors short."""
        config.option.tbstyle = "native"  # nobody reads tracebacks here, and pytest's own take a tenth of a second

    def pytest_collectreport(self, report):
        """Keeps why tests could not be collected."""
        if report.failed:
            self.problems.append(str(report.longrepr))

    def pytest_dlseq_open(self, config, item, exercise):
        """Opens the candidate whose turn it is."""
        return self.open(exercise)

    def pytest_dlseq_record(self, config, record):
        """Keeps a record until it is sent."""
        self.records.append(record)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """Serves the caller instead of running each test once."""
        if session.testsfailed:
            return True
        gc.collect()
        gc.freeze()  # a collection in a forked process would copy every page of it
        _tell(self.connection, {"ready": True, "versions": self.versions})
        with contextlib.suppress(EOFError):
            while True:
                self.serve(session, receive(self.connection, DEFAULT_LIMITS))
        return True

    def serve(self, session, order):
        answers = None if order["answers"] is None else read_recording(Path(order["answers"]))
        works = self.works(session, answers)
        silence = (1 + MAX_EXTENSION_FACTOR) * self.settings["time_limit"] + GRACE
        for name, message in in_children(works, self.settings["jobs"], silence, self.look_up):
            _tell(self.connection, {"candidate": name, "message": message})
        _tell(self.connection, {"over": True})

    def look_up(self):
        """Ends this process where the caller has gone."""
        if os.getppid() != self.parent:
            raise EOFError("the caller has gone")

    def works(self, session, answers):
        while True:
            _tell(self.connection, {"next": True})
            candidate = receive(self.connection, DEFAULT_LIMITS)
            if candidate is None:
                return
            yield candidate["name"], self.work(session, candidate, answers)

    def work(self, session, candidate, answers):
        def work(send):
            marking = session.config.stash[MARKING]
            marking.answers = answers
            if candidate["seed"] is not None:
                marking.seed = candidate["seed"]
            if candidate["recording"] is not None:
                marking.recorded = {}
            workers = None if self.sandbox is None else WorkerSession(self.sandbox)
            if workers is not None:
                marking.helpers = lambda: self.sandbox.process_ids
                _bound_memory()
            self.open, self.again = self.opener(candidate, workers), AGAIN
            items = [item for item in session.items if item.path.stem == f"test_{candidate['exercise']}"]
            which, count = candidate["part"]
            for item in sorted(items, key=lambda item: _rank(item, candidate))[which::count]:
                self.run(item, workers)
                if workers is not None and workers.failure:
                    send({"broken": workers.failure})
                    return
                for record in self.records:
                    send(record.to_dict())
                if candidate["stop"] and any(record.status != "passed" for record in self.records):
                    break
                self.records.clear()
            if workers is not None:
                workers.stop()
                send({"peak": self.sandbox.peak_memory_bytes, "exhibit": _shown(marking.exhibit)})
            if candidate["recording"] is not None:
                write_recording(Path(candidate["recording"]), marking.seed, marking.recorded)

        return work

    def opener(self, candidate, workers):
        cells = [tuple(cell) for cell in candidate["cells"]]
        if workers is None:
            return lambda exercise: InProcessTransport(Executor(cells, f"submission_{exercise}"))
        return lambda exercise: SandboxTransport(workers, cells, f"submission_{exercise}")

    def run(self, item, workers):
        """Runs one test; once more where the worker ended early in it, since somebody else may have ended it."""
        begun = time.monotonic()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        early = time.monotonic() - begun < EARLY * self.settings["time_limit"]
        if workers is not None and workers.worker_died and self.again and early:
            workers.worker_died = False
            self.again -= 1
            self.records.clear()
            item._initrequest()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if workers is not None:
            workers.worker_died = False


def _shown(exhibit):
    """What a report can show; parts of it come from the candidate, and a report is no place for millions of numbers."""
    try:
        return exhibit if len(json.dumps(exhibit)) <= EXHIBIT else None
    except (TypeError, ValueError):
        return None


def _bound_memory():
    """Lets a test fail, not the machine, where a few large answers would together become something too large."""
    with contextlib.suppress(OSError, ValueError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (used + SPARE, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _rank(item, candidate):
    """Hidden tests come last, so that no message of a visible one can tell of their inputs; then what is asked for."""
    hidden = item.get_closest_marker("hidden") is not None
    first = candidate["first"] is not None and item.get_closest_marker("points").kwargs["of"] == candidate["first"]
    return (not first, hidden) if candidate["first"] is not None else hidden


def _pytest(settings, loop):
    """Runs pytest without its own output and without the settings of the folder it is called in."""
    course = Course(Path(settings["root"]))
    files = [str(course.tests(name)) for name in settings["exercises"]]
    if absent := [file for file in files if not Path(file).is_file()]:
        raise DlseqError(f"expected graded tests in {absent[0]}, found none")
    arguments = [
        "-c",
        os.devnull,
        f"--rootdir={course.root}",
        "--import-mode=importlib",
        "--assert=plain",
        "--disable-plugin-autoload",
        "-pdlseq.grading.plugin",
        "-pno:cacheprovider",
        "-pno:terminal",
        "-pno:doctest",
        f"--dlseq-time-limit={settings['time_limit']}",
        *(["-mnot hidden"] if settings["visible"] else []),
        *files,
    ]
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        status = pytest.main(arguments, plugins=[loop])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or loop.problems:
        said = (loop.problems[0] if loop.problems else told.getvalue()).strip() or f"pytest ended with {status!r}"
        reason = " ".join(said.splitlines()[-1].removeprefix("E ").split())
        raise DlseqError(f"the graded tests of {', '.join(settings['exercises'])} cannot be run: {reason}")
