"""How a graded test opens the submission: in the same process, or behind a wall, by the options of pytest."""

import pytest

from dlseq.course.exercises import exercises, libraries_of
from dlseq.grading.plugin.options import MARKING, exercise_of, is_graded, root_of

__all__ = ["in_process"]

WORKER_SESSION = pytest.StashKey()


@pytest.hookimpl(trylast=True)
def pytest_dlseq_open(config, item, exercise):
    """Opens what `--dlseq-submission` names, where no other plugin does."""
    from dlseq.grading.submissions.source import find_source

    marking, root = config.stash[MARKING], root_of(item)
    default = root / ("solutions" if (root / "solutions").is_dir() else "exercises")
    path, name = find_source(marking.submission or default, exercise), f"submission_{exercise}"
    if config.getoption("--dlseq-isolation"):
        from dlseq.grading.sandbox.transport import SandboxTransport

        return SandboxTransport(_workers_of(item), _cells(marking, path), name)
    return in_process(marking, path, name)


def in_process(marking, path, name):
    """A transport to the code of a file, run in this process as the module `name`."""
    from dlseq.grading.worker.executor import Executor
    from dlseq.testing.submission import InProcessTransport

    return InProcessTransport(Executor(_cells(marking, path), name))


def _cells(marking, path):
    from dlseq.grading.submissions.source import read_cells

    if path not in marking.codes:
        marking.codes[path] = read_cells(path)
    return marking.codes[path]


def _workers_of(item):
    """The workers of this run, from a sandbox that is made when the first test needs it."""
    from dlseq.grading.sandbox.sandbox import Sandbox
    from dlseq.grading.sandbox.transport import WorkerSession

    config = item.config
    if WORKER_SESSION not in config.stash:
        graded = {exercise_of(one) for one in item.session.items if is_graded(one)}
        sandbox = Sandbox(libraries_of(exercises(graded)), config.getoption("--dlseq-isolation"))
        config.stash[WORKER_SESSION] = WorkerSession(sandbox)
        config.stash[MARKING].helpers = lambda: sandbox.process_ids
        config.add_cleanup(sandbox.close)
    return config.stash[WORKER_SESSION]
