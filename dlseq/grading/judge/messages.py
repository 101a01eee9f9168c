"""The messages to a judge process: its settings, then one grading job after another."""

from dataclasses import asdict, dataclass

from dlseq.errors import DlseqError

__all__ = ["GradingJob", "JudgeSettings", "decode_batch", "encode_batch"]


@dataclass(frozen=True)
class GradingJob:
    """One exercise of one submission, to be graded.

    Attributes:
        name: unique among the jobs of a call, such as the student's name.
        exercise: name of the exercise.
        cells: (file, text) of its code, as `dlseq.grading.submissions.source.read_cells` returns them.
        seed: of the inputs; None for a fresh one.
        stop_on_failure: skip the remaining tests after the first one that does not pass.
        first_function: the function whose tests run before the others; None for the order of the file, hidden tests
            last.
        recording_path: file that the reference's values are written to, if the submission is the reference solution.
        shard: (index, count): run every `count`-th test only, beginning with the test at `index`.
        tests: names of the tests to run, such as "test_state[one column]"; None for all.
        time_limit: seconds for each test; None for that of the judge process.
    """

    name: str
    exercise: str
    cells: tuple
    seed: int | None = None
    stop_on_failure: bool = False
    first_function: str | None = None
    recording_path: str | None = None
    shard: tuple[int, int] = (0, 1)
    tests: tuple[str, ...] | None = None
    time_limit: float | None = None


@dataclass(frozen=True)
class JudgeSettings:
    """The settings of a judge process.

    Attributes:
        root: folder of the course.
        exercises: names of the exercises whose tests are collected.
        visible_only: leave hidden tests out.
        time_limit: seconds for each test.
        isolation: None to run submissions in the judge's own child processes, or one of
            `dlseq.grading.sandbox.sandbox.ISOLATIONS`.
        live_reference: run the reference solution in the judge, rather than read a recording of its values.
        memory_bytes: memory limit of an isolated submission.
        scratch_bytes: limit on what an isolated submission can write.
        processes: jobs at the same time; 1 with an isolation.
        cpu: the processor that the judge and all processes below it are bound to; None for any. Judge and worker
            alternate, so a shared processor saves hundreds of wake-ups per submission.
    """

    root: str
    exercises: tuple[str, ...]
    visible_only: bool = False
    time_limit: float = 30.0
    isolation: str | None = None
    live_reference: bool = True
    memory_bytes: int = 2 * 2**30
    scratch_bytes: int = 64 * 2**20
    processes: int = 1
    cpu: int | None = None


def encode_batch(batch: GradingJob | tuple[GradingJob, ...], settings: JudgeSettings) -> list[dict]:
    """Return the message of a job, or of a batch of jobs that one process grades.

    Raises:
        DlseqError: a batch with an isolation, where submissions must not share a process.
    """
    if isinstance(batch, GradingJob):
        return [asdict(batch)]
    if settings.isolation is not None:
        raise DlseqError(
            "Invalid value for argument `jobs`. Expected single jobs with an isolation, since the submissions of a "
            f"batch share a process. Received: a batch of {len(batch)} jobs"
        )
    return [asdict(job) for job in batch]


def decode_batch(message: list[dict]) -> list[GradingJob]:
    """Rebuild the jobs of a message of `encode_batch`.

    Example:
        >>> job = GradingJob("ada", "beam_search", (("beam_search.py", "x = 1"),), 5)
        >>> decode_batch(encode_batch(job, JudgeSettings("/course", ("beam_search",)))) == [job]
        True
    """
    return [
        GradingJob(**{**fields, "cells": tuple(map(tuple, fields["cells"])), "shard": tuple(fields["shard"])})
        for fields in message
    ]
