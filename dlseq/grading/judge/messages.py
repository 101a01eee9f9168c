"""What a lane is told: what it is to do, and whom it is to judge."""

from dataclasses import dataclass

__all__ = ["Candidate", "LaneSettings"]


@dataclass(frozen=True)
class Candidate:
    """Something to be marked.

    Attributes:
        name: tells it from the others.
        cells: (file, text) of its code, as `dlseq.grading.submissions.source.read_cells` gives them.
        seed: of the inputs; None for a fresh one.
        stop: whether the first test that does not pass ends it.
        first: the function whose tests run before the others; None for the order of the file, hidden tests last.
        exercise: that it answers; None where the lane has one alone.
        recording: a path where the reference's answers are written to, where the candidate is the solution.
        part: (which, of how many): the tests are dealt out like cards, and these are run.
    """

    name: str
    cells: tuple
    seed: int | None = None
    stop: bool = False
    first: str | None = None
    exercise: str | None = None
    recording: str | None = None
    part: tuple[int, int] = (0, 1)


@dataclass(frozen=True)
class LaneSettings:
    """What a lane does.

    Attributes:
        root: folder of the course.
        exercises: names of those whose tests are collected.
        visible: whether hidden tests are left out.
        time_limit: seconds for each test.
        isolation: of candidates: None for the process that judges, or one of
            `dlseq.grading.sandbox.sandbox.ISOLATIONS`.
        live: whether a reference or candidate runs in the process that judges, rather than a recording.
        memory: bytes that a candidate may use behind a wall.
        scratch: bytes that it may write there.
        jobs: how many candidates at the same time; one behind a wall.
        processor: the one that it keeps to, with all that it starts; None for any. Judge and worker take turns, and
            where they share a processor no other has to be woken hundreds of times a submission.
    """

    root: str
    exercises: tuple[str, ...]
    visible: bool = False
    time_limit: float = 30.0
    isolation: str | None = None
    live: bool = True
    memory: int = 2 * 2**30
    scratch: int = 64 * 2**20
    jobs: int = 1
    processor: int | None = None
