"""Fixtures of graded tests: `rng`, `submission`, `reference` and `exhibit`."""

import zlib

import pytest

from dlseq.course.exercises import get_exercises, required_libraries
from dlseq.grading.plugin.loading import graded_names, load_submission
from dlseq.grading.plugin.options import exercise_of, is_graded, root_of, session_key
from dlseq.startup import import_keras

__all__ = ["exhibit", "reference", "rng", "submission"]

worker_session_key = pytest.StashKey()


@pytest.fixture
def rng(request):
    """A NumPy generator seeded by the run's seed and the test's name, whichever other tests run."""
    import numpy as np

    seed = request.config.stash[session_key].seed
    return np.random.default_rng([seed, zlib.crc32(f"{request.node.path.stem}::{request.node.name}".encode())])


@pytest.fixture
def exhibit(request):
    """A function that sets the report's exhibit: `exhibit(title=..., source=..., target=..., submission=...,
    reference=...)`, the last two as lists of rows."""

    def set_exhibit(**parts):
        request.config.stash[session_key].exhibit = parts

    return set_exhibit


@pytest.fixture
def submission(request):
    """The graded submission, loaded afresh for each test: a `dlseq.testing.submission.Submission`."""
    from dlseq.testing.submission import Submission

    item = request.node
    hook = item.config.hook
    transport = hook.pytest_dlseq_make_transport(config=item.config, item=item, exercise=exercise_of(item))
    transport = load_submission(transport, item)
    yield Submission(transport)
    getattr(transport, "close", lambda: None)()


@pytest.fixture
def reference(request):
    """The reference solution or a recording of its values: a `dlseq.testing.reference.Reference`."""
    from dlseq.testing.reference import RecordingTransport, Reference, ReplayTransport, read_recording

    item, session, exercise = request.node, request.config.stash[session_key], exercise_of(request.node)
    solution = root_of(item) / "solutions" / f"{exercise}.py"
    if session.expected_values is not None or not solution.is_file():
        path = root_of(item) / "tests/graded/expected" / f"{exercise}.bin"
        if session.expected_values is None and path not in session.recordings_by_path:
            session.recordings_by_path[path] = read_recording(path)
        seed, values = session.expected_values or session.recordings_by_path[path]
        return Reference(ReplayTransport(values.get(item.name, []), seed))
    if session.shared_values is not None and (session.seed, item.name) in session.shared_values:
        return Reference(ReplayTransport(session.shared_values[session.seed, item.name], session.seed))
    live = _in_process_transport(session, solution, f"reference_{exercise}")
    if session.recorded_values is None and session.shared_values is None:
        return Reference(live, live)
    recording = session.draft_values if session.recorded_values is None else session.recorded_values
    return Reference(RecordingTransport(live, recording, item.name), live)


@pytest.hookimpl(trylast=True)
def pytest_dlseq_make_transport(config, item, exercise):
    """Return a transport to the submission of `--dlseq-submission`, unless another plugin has returned one."""
    from dlseq.grading.submissions.source import find_source

    session, root = config.stash[session_key], root_of(item)
    default = root / ("solutions" if (root / "solutions").is_dir() else "exercises")
    own = session.submission is None
    path, module = find_source(session.submission or default, exercise, follow=own), f"submission_{exercise}"
    graded = graded_names(item.session.items, exercise)
    if config.getoption("--dlseq-isolation"):
        from dlseq.grading.sandbox.transport import SandboxTransport

        return SandboxTransport(_worker_session(item), _read_cells(session, path, own), module, graded)
    return _in_process_transport(session, path, module, own, graded)


def _in_process_transport(session, path, module, follow=True, graded=()):
    """Return a transport to the code of a file that runs in this process under a module name."""
    from dlseq.grading.worker.executor import Executor
    from dlseq.testing.submission import InProcessTransport

    if (path, module) not in session.executors_by_path:
        session.executors_by_path[path, module] = Executor(_read_cells(session, path, follow), module, graded)
    return InProcessTransport(session.executors_by_path[path, module].restarted())


def _read_cells(session, path, follow):
    from dlseq.grading.submissions.source import read_cells

    if path not in session.cells_by_path:
        session.cells_by_path[path] = read_cells(path, follow)
    return session.cells_by_path[path]


def _worker_session(item):
    """Return the worker session of this run; the first test that needs it sets up the sandbox."""
    from dlseq.grading.sandbox.bubblewrap import check_hidden
    from dlseq.grading.sandbox.judge_memory import limit_judge_memory
    from dlseq.grading.sandbox.sandbox import Sandbox
    from dlseq.grading.sandbox.transport import WorkerSession

    config = item.config
    if worker_session_key not in config.stash:
        session, root = config.stash[session_key], root_of(item)
        isolation = config.getoption("--dlseq-isolation")
        if isolation == "sandbox":
            check_hidden([root / "tests", root / "solutions", *filter(None, [session.submission])])
        names = {exercise_of(other) for other in item.session.items if is_graded(other)}
        libraries = required_libraries(get_exercises(names))
        sandbox = Sandbox(libraries, isolation)
        config.stash[worker_session_key] = WorkerSession(sandbox)
        session.submission_pids = lambda: sandbox.process_ids
        session.all_submission_pids = sandbox.current_process_ids
        config.add_cleanup(sandbox.close)
        if "keras" in libraries:
            import_keras()  # before the limit: its address space is that of the reference solution
        limit_judge_memory()
    return config.stash[worker_session_key]
