"""The pytest plugin: markers, points, seeds, and the fixtures through which graded tests reach a submission.

A graded test carries `@pytest.mark.points(4, of="rnn_forward")` and lives in `tests/graded/test_<exercise>.py`.
"""

import os
import secrets
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dlseq.course.catalogue import EXERCISES

MARKERS = (
    "points(number, of): what a graded test is worth, shared by its cases, and the function that it marks",
    "hidden: a graded test that students do not receive",
    "hint(text): where a student should look when the test fails",
    "time_limit(seconds): for one case of a graded test, instead of --time-limit",
)


@dataclass
class Marking:
    """What the graded tests of a run share."""

    seed: int
    submission: Path | None
    time_limit: float
    records: list = field(default_factory=list)
    recorded: dict | None = None  # where answers of the reference go while they are written down
    answers: tuple | None = None  # a seed and recorded answers, in the place of the reference
    exhibit: dict | None = None  # what a report shows of the submission
    slow: set = field(default_factory=set)  # functions that did not come to an end: they get a quarter of the time
    codes: dict = field(default_factory=dict)
    recordings: dict = field(default_factory=dict)


MARKING = pytest.StashKey[Marking]()


def pytest_addoption(parser):
    group = parser.getgroup("dlseq", "graded exercises")
    group.addoption(
        "--submission",
        metavar="DIR",
        help="mark this folder or file instead of solutions/; name tests/graded before it, or write --submission=DIR",
    )
    group.addoption(
        "--seed", type=int, metavar="N", help="draw the inputs of graded tests from N. Default: a fresh one"
    )
    group.addoption(
        "--isolation",
        choices=("sandbox", "process"),
        help="run the submission in a process of its own, confined or not; default: in this one, for a debugger",
    )
    group.addoption(
        "--time-limit", type=float, default=30.0, metavar="S", help="seconds for each graded test. Default: 30"
    )


def pytest_addhooks(pluginmanager):
    from dlseq.grading import hooks

    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config):
    for line in (*MARKERS, *(f"{one.name}: {one.title}" for one in EXERCISES)):
        config.addinivalue_line("markers", line)
    submission = config.getoption("--submission")
    worker = getattr(config, "workerinput", {})
    seed = worker.get("dlseq_seed", config.getoption("--seed"))
    if submission is not None and not Path(submission).exists():
        raise pytest.UsageError(f"--submission {submission}: expected a folder or a file, found nothing there")
    config.stash[MARKING] = Marking(
        _default_seed(config) if seed is None else seed,
        None if submission is None else Path(submission).absolute(),
        config.getoption("--time-limit"),
    )
    config.pluginmanager.register(_Relay(config), "dlseq-relay")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["dlseq_seed"] = node.config.stash[MARKING].seed


def _default_seed(config):
    recordings = sorted((config.rootpath / "tests/graded/expected").glob("*.bin"))
    if recordings and not (config.rootpath / "solutions").is_dir():
        from dlseq.grading.reference import read_recording

        return read_recording(recordings[0])[0]
    return secrets.randbelow(2**31)


def pytest_itemcollected(item):
    if item.get_closest_marker("points") is not None:
        item.add_marker(getattr(pytest.mark, _exercise_of(item)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    graded = [item for item in items if item.get_closest_marker("points") is not None]
    cases = Counter(_test_of(item) for item in graded)
    for item in graded:
        item.stash[CASES] = cases[_test_of(item)]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    """Behind a wall hidden tests come last, so that no message of a visible one can tell of their inputs."""
    if session.config.getoption("--isolation"):
        session.items.sort(key=lambda item: item.get_closest_marker("hidden") is not None)


WORKERS = pytest.StashKey()


def _workers_of(item):
    """The workers of this run, from a sandbox that is made when the first test needs it."""
    from dlseq.grading.sandbox import Sandbox
    from dlseq.grading.wall import Workers

    config = item.config
    if WORKERS not in config.stash:
        graded = {_exercise_of(one) for one in item.session.items if one.get_closest_marker("points") is not None}
        keras = any(one.needs_keras for one in EXERCISES if one.name in graded)
        sandbox = Sandbox(
            ["numpy", *(["keras", "matplotlib.pyplot"] if keras else [])], config.getoption("--isolation")
        )
        config.stash[WORKERS] = Workers(sandbox)
        config.add_cleanup(sandbox.close)
    return config.stash[WORKERS]


CASES = pytest.StashKey[int]()


def _exercise_of(item):
    name = item.path.stem.removeprefix("test_")
    if name not in {one.name for one in EXERCISES}:
        raise pytest.UsageError(f"{item.nodeid} has points; expected its file to be called test_<exercise>.py")
    return name


def _test_of(item):
    return item.nodeid.split("[", 1)[0]


@pytest.fixture
def rng(request):
    """A generator of the run's seed and the test's name: the same whichever other tests run."""
    import numpy as np

    seed = request.config.stash[MARKING].seed
    return np.random.default_rng([seed, zlib.crc32(f"{request.node.path.stem}::{request.node.name}".encode())])


@pytest.fixture
def exhibit(request):
    """Takes what a report shows of the submission: `exhibit(title=..., source=..., target=..., submission=...,
    reference=...)`, the last two as lists of rows."""

    def show(**parts):
        request.config.stash[MARKING].exhibit = parts

    return show


@pytest.fixture
def submission(request):
    """What is marked, loaded afresh for each test: a `dlseq.grading.boundary.Submission`."""
    from dlseq.grading.boundary import Submission

    item = request.node
    transport = item.config.hook.pytest_dlseq_open(config=item.config, item=item, exercise=_exercise_of(item))
    yield Submission(transport)
    getattr(transport, "close", lambda: None)()


@pytest.fixture
def reference(request):
    """Expected values: a `dlseq.grading.reference.Reference`."""
    from dlseq.grading.reference import Recorder, Recording, Reference, read_recording

    item, marking, name = request.node, request.config.stash[MARKING], _exercise_of(request.node)
    solution = _root_of(item) / "solutions" / f"{name}.py"
    if marking.answers is not None or not solution.is_file():
        path = _root_of(item) / "tests/graded/expected" / f"{name}.bin"
        if marking.answers is None and path not in marking.recordings:
            marking.recordings[path] = read_recording(path)
        seed, tests = marking.answers or marking.recordings[path]
        return Reference(Recording(tests.get(item.name, []), seed))
    live = _in_process(marking, solution, f"reference_{name}")
    return Reference(live if marking.recorded is None else Recorder(live, marking.recorded, item.name), live)


def _root_of(item):
    """The folder of the course: graded tests are in its tests/graded."""
    return item.path.parents[2]


@pytest.hookimpl(trylast=True)
def pytest_dlseq_open(config, item, exercise):
    from dlseq.grading.sources import find_source

    marking, root = config.stash[MARKING], _root_of(item)
    default = root / ("solutions" if (root / "solutions").is_dir() else "exercises")
    path, name = find_source(marking.submission or default, exercise), f"submission_{exercise}"
    if config.getoption("--isolation"):
        from dlseq.grading.wall import AcrossWall

        return AcrossWall(_workers_of(item), _cells(marking, path), name)
    return _in_process(marking, path, name)


def _in_process(marking, path, name):
    from dlseq.grading.boundary import InProcess
    from dlseq.grading.executor import Executor

    return InProcess(Executor(_cells(marking, path), name))


def _cells(marking, path):
    from dlseq.grading.sources import read_cells

    if path not in marking.codes:
        marking.codes[path] = read_cells(path)
    return marking.codes[path]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Ends a graded test when its time is over, and tells comparisons what they may disclose."""
    if item.get_closest_marker("points") is None:
        return (yield)
    from dlseq.grading.compare import DISCLOSE, EAGER
    from dlseq.grading.time_limit import within

    disclose = DISCLOSE.set(item.get_closest_marker("hidden") is None)
    eager = EAGER.set(item.config.stash[MARKING].recorded is not None)
    try:
        with within(_limit_of(item)):
            return (yield)
    finally:
        DISCLOSE.reset(disclose)
        EAGER.reset(eager)


def _limit_of(item):
    marker, marking = item.get_closest_marker("time_limit"), item.config.stash[MARKING]
    limit = marker.args[0] if marker else marking.time_limit
    return limit / 4 if _function_of(item) in marking.slow else limit


def _function_of(item):
    return item.get_closest_marker("points").kwargs["of"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    points = item.get_closest_marker("points")
    if points is None or not (call.when == "call" or (call.when == "setup" and not report.passed)):
        return report
    error = call.excinfo.value if call.excinfo is not None else None
    record = _record(item, points, error, report.duration)
    if record.status == "timeout":
        item.config.stash[MARKING].slow.add(record.function)
    report.dlseq = record.to_dict()
    if record.status != "passed":
        report.outcome = "failed"
        if getattr(item.config.option, "tbstyle", "auto") != "long":
            report.longrepr = _told(record, item.config.stash[MARKING].seed)
    return report


def _record(item, points, error, seconds):
    from dlseq.grading.records import Record
    from dlseq.grading.verdict import verdict

    hidden = item.get_closest_marker("hidden") is not None
    hint = item.get_closest_marker("hint")
    function = points.kwargs["of"]
    status, message, hint, place = verdict(error, function, hint.args[0] if hint else "", hidden, _limit_of(item))
    asked = " ".join((item.function.__doc__ or item.name).split())
    share = points.args[0] / item.stash.get(CASES, 1)
    return Record(
        _exercise_of(item), function, item.name, asked, share, status, message, hint, place, round(seconds, 4), hidden
    )


def _told(record, seed):
    lines = [f"{record.function}: {record.property} (0 of {record.points:g} points)", f"    {record.message}"]
    lines[1] += f" ({record.place})" if record.place else ""
    lines += [f"    hint: {record.hint}"] if record.hint else []
    return "\n".join([*lines, f"    repeat with: --seed {seed}"])


class _Relay:
    """Passes records on. With pytest-xdist that happens in another process than the one that ran the test."""

    def __init__(self, config):
        self.config = config

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        if not hasattr(report, "dlseq") or hasattr(self.config, "workerinput"):
            return
        from dlseq.grading.records import Record

        record = Record.from_dict(report.dlseq)
        self.config.stash[MARKING].records.append(record)
        self.config.hook.pytest_dlseq_record(config=self.config, record=record)


def pytest_report_header(config):
    return _line(config)


def _line(config):
    marking = config.stash[MARKING]
    place = os.path.relpath(marking.submission) if marking.submission else "solutions/ (or exercises/)"
    return f"graded tests: submission {place}, repeat with --seed {marking.seed}"


def pytest_terminal_summary(terminalreporter, config):
    marking = config.stash[MARKING]
    if not marking.records:
        return
    from dlseq.grading.records import earned, possible

    by_exercise = {}
    for record in marking.records:
        by_exercise.setdefault(record.exercise, []).append(record)
    for name, records in by_exercise.items():
        terminalreporter.write_line(f"{name}: {earned(records):g} of {possible(records):g} points")
    terminalreporter.write_line(_line(config))
