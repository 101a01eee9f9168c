"""The fixtures of graded tests."""

import zlib

import pytest

from dlseq.grading.plugin.opening import in_process
from dlseq.grading.plugin.options import MARKING, exercise_of, root_of

__all__ = ["exhibit", "reference", "rng", "submission"]


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
    """What is marked, loaded afresh for each test: a `dlseq.testing.submission.Submission`."""
    from dlseq.testing.submission import Submission

    item = request.node
    transport = item.config.hook.pytest_dlseq_open(config=item.config, item=item, exercise=exercise_of(item))
    yield Submission(transport)
    getattr(transport, "close", lambda: None)()


@pytest.fixture
def reference(request):
    """Expected values: a `dlseq.testing.reference.Reference`."""
    from dlseq.testing.reference import Recorder, Recording, Reference, read_recording

    item, marking, name = request.node, request.config.stash[MARKING], exercise_of(request.node)
    solution = root_of(item) / "solutions" / f"{name}.py"
    if marking.answers is not None or not solution.is_file():
        path = root_of(item) / "tests/graded/expected" / f"{name}.bin"
        if marking.answers is None and path not in marking.recordings:
            marking.recordings[path] = read_recording(path)
        seed, tests = marking.answers or marking.recordings[path]
        return Reference(Recording(tests.get(item.name, []), seed))
    live = in_process(marking, solution, f"reference_{name}")
    return Reference(live if marking.recorded is None else Recorder(live, marking.recorded, item.name), live)
