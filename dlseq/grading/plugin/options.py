"""What a run of graded tests is told, and what its tests share: options, markers, points and seeds."""

import secrets
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dlseq.course.exercises import EXERCISES

__all__ = ["CASES", "MARKING", "Marking", "exercise_of", "function_of", "is_graded", "is_hidden", "root_of"]

MARKERS = (
    "points(number, of): what a graded test is worth, shared by its cases, and the function that it marks",
    "hidden: a graded test that students do not receive",
    "hint(text): where a student should look when the test fails",
    "time_limit(seconds): for one case of a graded test, instead of --dlseq-time-limit",
)


@dataclass
class Marking:
    """What the graded tests of a run share.

    Attributes:
        seed: that inputs are drawn from.
        submission: the folder or file that is marked; None for the course's own.
        time_limit: seconds for each test.
        records: of the tests that have run.
        recorded: where answers of the reference go while they are written down; else None.
        answers: a seed and recorded answers, in the place of the reference; else None.
        exhibit: what a report shows of the submission; None where there is nothing to show.
        helpers: gives the numbers of the processes in which a submission runs, where that is not this one.
        slow: functions that failed and took long, or came to no end; their other tests get a quarter of the time.
        codes: path -> what was read from it.
        recordings: path -> what was read from it.
    """

    seed: int
    submission: Path | None
    time_limit: float
    records: list = field(default_factory=list)
    recorded: dict | None = None
    answers: tuple | None = None
    exhibit: dict | None = None
    helpers: Callable[[], Collection[int]] = tuple
    slow: set = field(default_factory=set)
    codes: dict = field(default_factory=dict)
    recordings: dict = field(default_factory=dict)


MARKING = pytest.StashKey[Marking]()
CASES = pytest.StashKey[int]()


def pytest_addoption(parser):
    """Adds the options of graded tests."""
    group = parser.getgroup("dlseq", "graded exercises")
    group.addoption(
        "--dlseq-submission",
        metavar="DIR",
        help="grade this folder or file instead of solutions/; put tests/graded before it, or --dlseq-submission=DIR",
    )
    group.addoption(
        "--dlseq-seed", type=int, metavar="N", help="draw the inputs of graded tests from N. Default: a fresh one"
    )
    group.addoption(
        "--dlseq-isolation",
        choices=("sandbox", "process"),
        help="run the submission in a process of its own, confined or not; default: in this one, for a debugger",
    )
    group.addoption(
        "--dlseq-time-limit", type=float, default=30.0, metavar="S", help="seconds for each graded test. Default: 30"
    )


def pytest_addhooks(pluginmanager):
    """Adds the hooks that other plugins may answer, see `dlseq.grading.plugin.hookspec`."""
    from dlseq.grading.plugin import hookspec as hooks

    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config):
    """Declares the markers, and makes the `Marking` of this run."""
    for line in (*MARKERS, *(f"{one.name}: {one.title}" for one in EXERCISES)):
        config.addinivalue_line("markers", line)
    submission = config.getoption("--dlseq-submission")
    worker = getattr(config, "workerinput", {})
    seed = worker.get("dlseq_seed", config.getoption("--dlseq-seed"))
    if submission is not None and not Path(submission).exists():
        raise pytest.UsageError(f"--dlseq-submission {submission}: expected a folder or a file, found nothing there")
    config.stash[MARKING] = Marking(
        _default_seed(config) if seed is None else seed,
        None if submission is None else Path(submission).absolute(),
        config.getoption("--dlseq-time-limit"),
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Gives a process of pytest-xdist the seed of this one."""
    node.workerinput["dlseq_seed"] = node.config.stash[MARKING].seed


def _default_seed(config):
    recordings = sorted((config.rootpath / "tests/graded/expected").glob("*.bin"))
    if recordings and not (config.rootpath / "solutions").is_dir():
        from dlseq.testing.reference import read_recording

        return read_recording(recordings[0])[0]
    return secrets.randbelow(2**31)


def pytest_itemcollected(item):
    """Marks a graded test with the name of its exercise."""
    if is_graded(item):
        item.add_marker(getattr(pytest.mark, exercise_of(item)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Counts the cases that share the points of a test."""
    graded = [item for item in items if is_graded(item)]
    cases = Counter(_test_of(item) for item in graded)
    for item in graded:
        item.stash[CASES] = cases[_test_of(item)]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    """Behind a wall hidden tests come last, so that no message of a visible one can tell of their inputs."""
    if session.config.getoption("--dlseq-isolation"):
        session.items.sort(key=is_hidden)


def is_graded(item: pytest.Item) -> bool:
    """Whether a test is worth points."""
    return item.get_closest_marker("points") is not None


def is_hidden(item: pytest.Item) -> bool:
    """Whether students do not receive it."""
    return item.get_closest_marker("hidden") is not None


def exercise_of(item: pytest.Item) -> str:
    """The exercise that a graded test belongs to, by the name of its file.

    Raises:
        pytest.UsageError: the file is not called after an exercise.
    """
    name = item.path.stem.removeprefix("test_")
    if name not in {one.name for one in EXERCISES}:
        raise pytest.UsageError(f"{item.nodeid} has points; expected its file to be called test_<exercise>.py")
    return name


def function_of(item: pytest.Item) -> str:
    """The function or class that a graded test marks."""
    return item.get_closest_marker("points").kwargs["of"]


def root_of(item: pytest.Item) -> Path:
    """The folder of the course: graded tests are in its tests/graded."""
    return item.path.parents[2]


def _test_of(item):
    return item.nodeid.split("[", 1)[0]
