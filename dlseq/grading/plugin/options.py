"""Command-line options, markers and the shared state of a run of graded tests."""

import secrets
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dlseq.course.exercises import EXERCISES

__all__ = [
    "GradingSession",
    "case_count_key",
    "exercise_of",
    "full_time_limit",
    "function_of",
    "has_secret_inputs",
    "is_graded",
    "is_hidden",
    "root_of",
    "session_key",
]

SUBMISSION_OPTION = "--dlseq-submission"
MARKERS = (
    "points(number, of): points of a graded test, shared by its cases, and the function or class that it grades",
    "hidden: a graded test that students do not receive",
    "hint(text, exception=''): advice to the student if a value is wrong, and if the function raises an exception",
    "time_limit(seconds): for one case of a graded test, instead of --dlseq-time-limit",
)


@dataclass
class GradingSession:
    """The options and the shared state of a run of graded tests, in `config.stash[session_key]`.

    Attributes:
        seed: of the inputs.
        submission: the folder or file to grade; None for the course's own solutions or exercises.
        time_limit: seconds for each test.
        test_results: of the tests that have run.
        recorded_values: test -> values of the reference, while a recording is made; else None.
        expected_values: (seed, test -> values) of a recording that replaces the reference solution; else None.
        shared_values: (seed, test) -> values of the reference that an earlier submission of a batch was compared with;
            None without a batch.
        draft_values: test -> values of the reference in the test that runs, for `shared_values`.
        exhibit: content for the report on the submission, or None.
        submission_pids: returns the process ids of the submission, if it runs outside of this process.
        all_submission_pids: returns those that the submission itself has started as well.
        limits_used: exercise -> time that its tests and loads have taken, each as a share of its time limit.
        load_notes: notes on statements of the submission that failed in its first load; None before that.
        interrupted_statements: indices of its statements that took too long and are not run again.
        load_failure: the reason why its code cannot be loaded at all, or empty.
        slow_functions: functions with a failed test that was slow; their other tests get a shorter time limit.
        executors_by_path: parsed code that runs in this process.
        cells_by_path: cache of submissions and solutions that have been read.
        recordings_by_path: cache of recordings that have been read.
    """

    seed: int
    submission: Path | None
    time_limit: float
    test_results: list = field(default_factory=list)
    recorded_values: dict | None = None
    expected_values: tuple | None = None
    shared_values: dict | None = None
    draft_values: dict = field(default_factory=dict)
    exhibit: dict | None = None
    submission_pids: Callable[[], Collection[int]] = tuple
    all_submission_pids: Callable[[], Collection[int]] = tuple
    limits_used: Counter = field(default_factory=Counter)
    load_notes: tuple | None = None
    interrupted_statements: set = field(default_factory=set)
    load_failure: str = ""
    slow_functions: set = field(default_factory=set)
    executors_by_path: dict = field(default_factory=dict)
    cells_by_path: dict = field(default_factory=dict)
    recordings_by_path: dict = field(default_factory=dict)

    def forget_submission(self) -> None:
        """Forget all that was found out about a submission, before the next one is graded."""
        self.test_results, self.exhibit, self.load_notes, self.load_failure = [], None, None, ""
        self.limits_used, self.interrupted_statements, self.slow_functions = Counter(), set(), set()

    def update_shared_values(self, test: str, results: list[dict]) -> bool:
        """Keep the reference's values of a test that has passed, for the next submissions of a batch.

        Returns:
            True if the test has failed on kept values: run it again with the reference, which may be asked for more.
        """
        draft = self.draft_values.pop(test, None)
        if self.shared_values is None:
            return False
        if all(result["status"] == "passed" for result in results):
            if draft is not None:
                self.shared_values[self.seed, test] = draft
            return False
        return self.shared_values.pop((self.seed, test), None) is not None


session_key = pytest.StashKey[GradingSession]()
case_count_key = pytest.StashKey[int]()


def pytest_addoption(parser):
    """Add the options of graded tests."""
    group = parser.getgroup("dlseq", "graded exercises")
    group.addoption(
        SUBMISSION_OPTION,
        metavar="DIR",
        help=f"grade this folder or file instead of solutions/; only as {SUBMISSION_OPTION}=DIR",
    )
    group.addoption(
        "--dlseq-seed", type=int, metavar="N", help="seed of the inputs of graded tests. Default: a fresh one"
    )
    group.addoption(
        "--dlseq-isolation",
        choices=("sandbox", "process"),
        help="run the submission in a process of its own, confined or not; default: in this one, for a debugger, where "
        "it runs as you",
    )
    group.addoption(
        "--dlseq-time-limit", type=float, default=30.0, metavar="S", help="seconds for each graded test. Default: 30"
    )


def pytest_addhooks(pluginmanager):
    """Add the hooks of `dlseq.grading.plugin.hookspec`."""
    from dlseq.grading.plugin import hookspec

    pluginmanager.add_hookspecs(hookspec)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, args):
    """Refuse a submission whose configuration files or tests pytest reads, before it imports a conftest.py.

    Before the plugins are loaded, pytest takes DIR in `--dlseq-submission DIR` for a folder of tests, and obeys the
    configuration file in it. The form with `=` is the only one that it leaves alone.
    """
    options = early_config.known_args_namespace
    submission = options.dlseq_submission
    if submission is None:
        return
    if SUBMISSION_OPTION in (*args, *early_config.invocation_params.args):
        raise pytest.UsageError(
            f"Invalid option {SUBMISSION_OPTION}. Expected {SUBMISSION_OPTION}={submission}, with an equals sign. "
            "Without it, pytest reads the configuration files in DIR."
        )
    if not Path(submission).exists():
        raise pytest.UsageError(
            f"Invalid value for {SUBMISSION_OPTION}. Expected a folder or file that exists. Received: {submission}"
        )
    place = Path(submission).resolve()
    tests = [str(argument).split("::")[0] for argument in options.file_or_dir]
    for path in (*tests, *filter(None, [early_config.inipath])):
        if Path(early_config.invocation_params.dir, path).resolve().is_relative_to(place):
            raise pytest.UsageError(
                f"Invalid value for {SUBMISSION_OPTION}. Expected a submission apart from the tests and the "
                f"configuration of pytest. Received: {submission}, which holds {path}"
            )


def pytest_configure(config):
    """Declare the markers and create the `GradingSession`."""
    for line in (*MARKERS, *(f"{exercise.name}: {exercise.title}" for exercise in EXERCISES)):
        config.addinivalue_line("markers", line)
    submission = config.getoption(SUBMISSION_OPTION)
    worker_input = getattr(config, "workerinput", {})
    seed = worker_input.get("dlseq_seed", config.getoption("--dlseq-seed"))
    config.stash[session_key] = GradingSession(
        seed=_default_seed(config) if seed is None else seed,
        submission=None if submission is None else Path(submission).absolute(),
        time_limit=config.getoption("--dlseq-time-limit"),
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Give a worker process of pytest-xdist the seed of the controller."""
    node.workerinput["dlseq_seed"] = node.config.stash[session_key].seed


def _default_seed(config):
    """Return the seed of the recordings in a student's folder, else a fresh one."""
    recordings = sorted((config.rootpath / "tests/graded/expected").glob("*.bin"))
    if recordings and not (config.rootpath / "solutions").is_dir():
        from dlseq.testing.reference import read_recording

        return read_recording(recordings[0])[0]
    return secrets.randbelow(2**31)


def pytest_itemcollected(item):
    """Add the name of the exercise as a marker, for `-m`."""
    if is_graded(item):
        item.add_marker(getattr(pytest.mark, exercise_of(item)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Count the cases that share the points of a test, before any are deselected."""
    graded = [item for item in items if is_graded(item)]
    counts = Counter(_node_id_without_case(item) for item in graded)
    for item in graded:
        item.stash[case_count_key] = counts[_node_id_without_case(item)]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    """With an isolation, run tests with secret inputs last, so that nothing shown can carry these inputs."""
    if session.config.getoption("--dlseq-isolation"):
        session.items.sort(key=has_secret_inputs)


def is_graded(item: pytest.Item) -> bool:
    """Return True if a test carries points."""
    return item.get_closest_marker("points") is not None


def is_hidden(item: pytest.Item) -> bool:
    """Return True if students do not receive the test."""
    return item.get_closest_marker("hidden") is not None


def has_secret_inputs(item: pytest.Item) -> bool:
    """Return True for hidden tests, but for those with an exhibit: a report shows what the submission returns there."""
    return is_hidden(item) and "exhibit" not in getattr(item, "fixturenames", ())


def exercise_of(item: pytest.Item) -> str:
    """Return the exercise that a graded test belongs to, from the name of its file.

    Raises:
        pytest.UsageError: the file is not named after an exercise.
    """
    name = item.path.stem.removeprefix("test_")
    if name not in {exercise.name for exercise in EXERCISES}:
        raise pytest.UsageError(
            f"Invalid graded test {item.nodeid}. Expected a file name of the form test_<exercise>.py. "
            f"Received: {item.path.name}"
        )
    return name


def full_time_limit(item: pytest.Item) -> float:
    """Return the seconds of a graded test."""
    marker = item.get_closest_marker("time_limit")
    return marker.args[0] if marker else item.config.stash[session_key].time_limit


def function_of(item: pytest.Item) -> str:
    """Return the function or class that a graded test grades."""
    return item.get_closest_marker("points").kwargs["of"]


def root_of(item: pytest.Item) -> Path:
    """Return the folder of the course, which holds tests/graded."""
    return item.path.parents[2]


def _node_id_without_case(item):
    return item.nodeid.split("[", 1)[0]
