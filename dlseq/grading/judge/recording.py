"""Recordings of the reference solution's values, which graded tests read instead of running it."""

import itertools
import tempfile
from pathlib import Path

from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import JudgeProcess, JudgeProcessError
from dlseq.grading.judge.messages import GradingJob, JudgeSettings
from dlseq.grading.submissions.source import find_source, read_cells
from dlseq.startup import available_cpus
from dlseq.testing.reference import read_recording, write_recording

__all__ = ["record_expected", "record_in_process", "recording_settings"]

REFERENCE_TIME_LIMIT_SECONDS = 300.0  # per test
MAX_RECORDING_PROCESSES = 4  # each has to warm up TensorFlow for itself


def record_expected(course: Course, exercise: Exercise, path: Path, seed: int, visible_only: bool = True) -> None:
    """Run the tests of an exercise on its solution and write the reference's values to a file.

    Args:
        course: with solutions.
        exercise: the exercise.
        path: the recording to write.
        seed: of the inputs.
        visible_only: leave hidden tests out, as required in a folder for students.

    Raises:
        JudgeProcessError: the process that ran the tests ended.
        DlseqError: a test does not pass on the solution.
    """
    with JudgeProcess(recording_settings(course, exercise.name, visible_only)) as judge:
        record_in_process(judge, path, seed)


def recording_settings(course: Course, exercise: str, visible_only: bool = False) -> JudgeSettings:
    """Return the settings of a judge process for `record_in_process`."""
    return JudgeSettings(
        str(course.root),
        (exercise,),
        visible_only=visible_only,
        time_limit=REFERENCE_TIME_LIMIT_SECONDS,
        processes=min(MAX_RECORDING_PROCESSES, len(available_cpus())),
    )


def record_in_process(judge: JudgeProcess, path: Path, seed: int, submitted: str | None = None) -> None:
    """Record in an existing judge process, whose child processes share the tests. See `record_expected`.

    Args:
        judge: of one exercise.
        path: the recording to write.
        seed: of the inputs.
        submitted: source of the submission, a changed solution. Defaults to the solution.
    """
    exercise, count = judge.settings.exercises[0], judge.settings.processes
    source = find_source(Course(Path(judge.settings.root)).solutions, exercise)
    cells = tuple(read_cells(source)) if submitted is None else ((str(source), submitted),)
    with tempfile.TemporaryDirectory(prefix="dlseq-recording-", ignore_cleanup_errors=True) as folder:
        shards = [str(Path(folder) / f"{index}.bin") for index in range(count)]
        jobs = [
            GradingJob(shard, exercise, cells, seed, recording_path=shard, shard=(index, count))
            for index, shard in enumerate(shards)
        ]
        for result in itertools.chain.from_iterable(results for _, results in judge.run(jobs)):
            if not result.test:
                raise JudgeProcessError(f"the process that ran the reference solution of {exercise} ended")
            if result.status != "passed":
                raise DlseqError(
                    f"Invalid solution of {exercise}. Expected it to pass its own tests. "
                    f"Received: {result.test} {result.status}: {result.message}"
                )
        values = {test: entries for shard in shards for test, entries in read_recording(Path(shard))[1].items()}
    write_recording(Path(path), seed, values)
