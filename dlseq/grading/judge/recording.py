"""What the reference answers to the tests of an exercise, asked once and written down for `dlseq.testing.reference`."""

import itertools
import tempfile
from pathlib import Path

from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import Lane, LaneLost
from dlseq.grading.judge.messages import Candidate, LaneSettings
from dlseq.grading.submissions.source import find_source, read_cells
from dlseq.startup import available_cpus
from dlseq.testing.reference import read_recording, write_recording

__all__ = ["record_expected", "record_in", "recording_lane"]

TIME_LIMIT = 300.0  # seconds in which the reference has to answer a test
MOST = 4  # processes that share the tests; each has to warm up TensorFlow for itself


def record_expected(course: Course, exercise: Exercise, path: Path, seed: int, visible: bool = True) -> None:
    """Runs the tests on the solution and writes down what the reference answered.

    Args:
        course: with solutions.
        exercise: which one.
        path: the recording to write.
        seed: of the inputs.
        visible: whether hidden tests are left out, as they must be in what a student receives.

    Raises:
        LaneLost: the process that ran the tests ended.
        DlseqError: a test does not pass on the solution.
    """
    with Lane(recording_lane(course, exercise.name, visible)) as lane:
        record_in(lane, path, seed)


def recording_lane(course: Course, exercise: str, visible: bool = False) -> LaneSettings:
    """What a lane has to be for `record_in`."""
    return LaneSettings(str(course.root), (exercise,), visible, TIME_LIMIT, jobs=min(MOST, len(available_cpus())))


def record_in(lane: Lane, path: Path, seed: int) -> None:
    """`record_expected` in a lane that somebody else made. Its jobs share the tests."""
    name, count = lane.settings.exercises[0], lane.settings.jobs
    cells = tuple(read_cells(find_source(Course(Path(lane.settings.root)).solutions, name)))
    with tempfile.TemporaryDirectory(prefix="dlseq-recording-") as folder:
        parts = [str(Path(folder) / f"{which}.bin") for which in range(count)]
        solutions = [
            Candidate(parts[which], cells, seed, recording=parts[which], part=(which, count)) for which in range(count)
        ]
        for record in itertools.chain.from_iterable(records for _, records in lane.mark(solutions)):
            if not record.test:
                raise LaneLost(f"the process that asked the reference of {name} ended")
            if record.status != "passed":
                raise DlseqError(f"expected {name} to pass its own tests, received: {record.message}")
        tests = {test: entries for part in parts for test, entries in read_recording(Path(part))[1].items()}
    write_recording(Path(path), seed, tests)
