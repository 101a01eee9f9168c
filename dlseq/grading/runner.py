"""Graded tests run from code: collected once by pytest, then run in forked processes, for any number of candidates.

A candidate is the text of a submission. Each runs in a process of its own, which begins with everything imported and
collected, so that a thousand mutants of a NumPy exercise take seconds each few, and one that hangs or dies costs
only its own record.
"""

import contextlib
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dlseq.course.catalogue import Exercise
from dlseq.course.places import Course
from dlseq.errors import DlseqError
from dlseq.grading.boundary import InProcess
from dlseq.grading.children import LOST, in_children
from dlseq.grading.executor import Executor
from dlseq.grading.plugin import MARKING
from dlseq.grading.records import Record
from dlseq.grading.reference import read_recording, write_recording
from dlseq.grading.sources import find_source, read_cells

__all__ = ["Candidate", "mark", "mark_many", "mark_names", "record_expected"]


@dataclass(frozen=True)
class Candidate:
    """Something to be marked.

    Attributes:
        name: tells it from the others.
        cells: (file, text) of its code, as `dlseq.grading.sources.read_cells` gives them.
        seed: of the inputs; None for a fresh one.
        stop: whether the first test that does not pass ends it.
        first: the function whose tests run before the others; None for the order of the file.
    """

    name: str
    cells: tuple
    seed: int | None = None
    stop: bool = False
    first: str | None = None


class _Run:
    """A pytest plugin that answers with the candidate, and sends records instead of printing."""

    def __init__(self, candidate=None, send=None):
        self.candidate, self.send, self.errors = candidate, send, []

    def pytest_dlseq_open(self, config, item, exercise):
        if self.candidate is None:
            return None
        return InProcess(Executor(self.candidate.cells, f"submission_{exercise}"))

    def pytest_dlseq_record(self, config, record):
        self.send(record.to_dict())

    def pytest_collectreport(self, report):
        if report.failed:
            self.errors.append(str(report.longrepr))


class _Loop(_Run):
    """Runs all collected tests for each candidate in its own process, in the place of pytest's loop."""

    def __init__(self, candidates, send, jobs, silence, answers):
        super().__init__(send=send)
        self.candidates, self.out, self.jobs, self.silence = candidates, send, jobs, silence
        self.answers = answers

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        works = ((one.name, self._work(session, one)) for one in self.candidates)
        for name, message in in_children(works, self.jobs, self.silence):
            self.out({"candidate": name, "message": message})
        return True

    def _work(self, session, candidate):
        def work(send):
            self.candidate, self.send = candidate, send
            if candidate.seed is not None:
                session.config.stash[MARKING].seed = candidate.seed
            records = session.config.stash[MARKING].records
            records.clear()
            if self.answers is not None:
                session.config.stash[MARKING].answers = self.answers
            items = sorted(
                session.items, key=lambda item: item.get_closest_marker("points").kwargs["of"] != candidate.first
            )
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if candidate.stop and any(record.status != "passed" for record in records):
                    return

        return work


def mark_many(
    course: Course,
    exercise: Exercise,
    candidates: Iterable[Candidate],
    visible: bool = False,
    jobs: int = 1,
    time_limit: float = 30.0,
    answers: Path | None = None,
) -> Iterator[tuple[str, list[Record]]]:
    """Runs the graded tests of one exercise on many candidates.

    Args:
        course: where the tests are.
        exercise: which one.
        candidates: in order. They may be a generator: it is used in the child, so it should not depend on results.
        visible: whether hidden tests are left out.
        jobs: how many candidates at the same time.
        time_limit: seconds for each test.
        answers: a recording by `record_expected` that takes the place of the reference; candidates need its seed.

    Yields:
        (name of the candidate, its records), as they are done. Where its process died, the records until then and one
        more with the status "error".

    Raises:
        DlseqError: the tests cannot be collected.
    """

    def work(send):
        kept = None if answers is None else read_recording(answers)
        _pytest(course, exercise, _Loop(candidates, send, jobs, time_limit + 20, kept), visible, time_limit)

    _import_early(exercise)
    gathered = {}
    for _, message in in_children([(exercise.name, work)], silence=float("inf")):
        if message is None:
            return
        if message == LOST or "failure" in message:
            raise DlseqError(
                f"the graded tests of {exercise.name} cannot be run: {message.get('failure', 'see above')}"
            )
        name, inner = message["candidate"], message["message"]
        records = gathered.setdefault(name, [])
        if inner == LOST:
            records.append(_lost(exercise.name))
        elif inner is not None:
            records.append(Record.from_dict(inner))
        else:
            yield name, gathered.pop(name)


def _lost(exercise):
    return Record(exercise, "", "", "", 0.0, "error", "the process ended while a test ran")


def mark(
    course: Course,
    exercise: Exercise,
    folder: Path,
    visible: bool = True,
    seed: int | None = None,
    time_limit: float = 30.0,
) -> list[Record]:
    """Runs the graded tests of one exercise on what is in a folder, in a forked process.

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
    candidate = Candidate(exercise.name, cells, seed)
    records = [one for _, one in mark_many(course, exercise, [candidate], visible, time_limit=time_limit)]
    return records[0]


def mark_names(course: Course, exercise: Exercise, namespace: dict) -> list[Record]:
    """Runs the visible tests on functions that already exist, in this process: those of a notebook.

    Args:
        course: where the tests are.
        exercise: which one.
        namespace: the names by which tests find the functions.

    Returns:
        A record of each test.
    """
    records, problems = [], []

    def send(message):
        if "failure" in message:
            problems.append(message["failure"])
        else:
            records.append(Record.from_dict(message))

    class _Names(_Run):
        def pytest_dlseq_open(self, config, item, exercise):
            return InProcess(Executor((), namespace=namespace))

    _pytest(course, exercise, _Names(send=send), visible=True, time_limit=30.0, more=("--capture=sys",))
    if problems:
        raise DlseqError(f"the graded tests of {exercise.name} cannot be run: {problems[0]}")
    return records


def record_expected(course: Course, exercise: Exercise, path: Path, seed: int, visible: bool = True) -> None:
    """Runs the tests on the solution and writes down what the reference answered.

    Args:
        course: with solutions.
        exercise: which one.
        path: the recording to write.
        seed: of the inputs.
        visible: whether hidden tests are left out, as they must be in what a student receives.

    Raises:
        DlseqError: a test does not pass on the solution.
    """

    class _Recording(_Run):
        def pytest_configure(self, config):
            config.stash[MARKING].recorded = {}
            self.config = config

    def work(send):
        run = _Recording(send=send)
        _pytest(course, exercise, run, visible, 300.0, (f"--seed={seed}",))
        write_recording(path, seed, run.config.stash[MARKING].recorded)

    _import_early(exercise)
    for _, message in in_children([(exercise.name, work)], silence=600):
        if message is not None and message.get("status") != "passed":
            reason = message.get("message") or message.get("failure") or "the process ended"
            raise DlseqError(f"expected {exercise.name} to pass its own tests, received: {reason}")


def _import_early(exercise):
    """Imports in this process what every child needs. No TensorFlow operation may run before a fork."""
    import numpy  # noqa: F401

    if exercise.needs_keras:
        from dlseq.cli.quiet import load_keras

        load_keras()


def _pytest(course, exercise, run, visible, time_limit, more=()):
    """Runs pytest without its own output and without the settings of the folder it is called in."""
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
        f"--time-limit={time_limit}",
        f"-m{exercise.name}" + (" and not hidden" if visible else ""),
        *more,
        str(course.tests(exercise.name)),
    ]
    if not course.has(exercise.name):
        raise DlseqError(f"expected graded tests in {course.tests(exercise.name)}, found none")
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        status = pytest.main(arguments, plugins=[run])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        run.send({"failure": (run.errors or [told.getvalue()[-2000:] or f"pytest ended with {status!r}"])[0]})
