"""The messages to a judge process: its settings, then one grading job after another."""

from dataclasses import dataclass

__all__ = ["GradingJob", "JudgeSettings"]


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
