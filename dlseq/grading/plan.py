"""What a grading run will do, settled before anything runs: submissions, seed, and what an earlier run left."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import dlseq
from dlseq.course.exercises import Exercise, exercises
from dlseq.course.layout import Course, find_course
from dlseq.errors import DataError, DlseqError
from dlseq.files import atomic_write, check_new_folder
from dlseq.grading.judge.pool import course_digest
from dlseq.grading.results import SubmissionResult, read_result
from dlseq.grading.sandbox.sandbox import ISOLATIONS
from dlseq.grading.submissions.read import read_submissions
from dlseq.grading.submissions.submission import Submission

__all__ = ["NOTES", "Plan", "make_plan", "results_in"]

RUN = "run.json"
NOTES = "notes.txt"  # what there is to say of files that were ignored


@dataclass(frozen=True)
class Plan:
    """What a run does, settled before anything runs.

    Attributes:
        course: whose tests are run.
        exercises: that are graded.
        entries: the submissions.
        finished: results of an earlier run that stand.
        seed: that all others follow from.
        isolation: see `dlseq.grading.sandbox.sandbox.ISOLATIONS`.
        per_student: whether each student has a seed of their own.
        time_limit: seconds for each test.
        memory: bytes that a submission may use.
        out: folder of the results, or None.
    """

    course: Course
    exercises: tuple[Exercise, ...]
    entries: tuple[Submission, ...]
    finished: tuple[SubmissionResult, ...]
    seed: int
    isolation: str
    per_student: bool
    time_limit: float
    memory: int
    out: Path | None

    @property
    def open(self) -> tuple[Submission, ...]:
        """The submissions that have no result yet."""
        done = {result.student for result in self.finished}
        return tuple(entry for entry in self.entries if entry.student not in done)

    def seed_of(self, student: str) -> int:
        """The seed of one student's inputs."""
        if not self.per_student:
            return self.seed
        return int.from_bytes(hashlib.sha256(f"{self.seed}\0{student}".encode()).digest()[:4], "big") >> 1


def make_plan(
    paths: Sequence[Path],
    out: Path | None,
    course: Course | None,
    names: Iterable[str],
    seed: int | None,
    isolation: str,
    per_student: bool,
    time_limit: float,
    memory: int,
    resume: bool,
    single: bool = False,
) -> Plan:
    """Reads the submissions and what an earlier run left, and settles what is to be done. See `grade`.

    Raises:
        DlseqError: as `grade`, for what can be known before anything runs.
    """
    if isolation not in ISOLATIONS:
        raise DlseqError(f"expected the isolation to be one of {', '.join(ISOLATIONS)}, received {isolation!r}")
    if time_limit <= 0 or memory < 2**26:
        raise DlseqError("expected a time limit above zero and at least 64 MB of memory")
    if resume and out is None:
        raise DlseqError("expected a folder to resume in; name it")
    course = find_course(solutions=True) if course is None else course
    names = tuple(names)
    chosen = [one for one in exercises(names) if names or course.has(one.name)]
    if absent := [one.name for one in chosen if not course.has(one.name)]:
        raise DlseqError(f"expected graded tests of {absent[0]} in {course.graded}, found none")
    entries = tuple(read_submissions(paths, chosen, single))
    settled = {
        "isolation": isolation,
        "per_student": per_student,
        "exercises": [one.name for one in chosen],
        "course": course_digest(course),
        "time_limit": time_limit,
        "memory": memory,
    }
    finished = ()
    if out is not None:
        seed, finished = _in_folder(out, settled, seed, resume, entries)
    elif seed is None:
        seed = secrets.randbelow(2**31)
    return Plan(
        *(course, tuple(chosen), entries, finished, seed, isolation, per_student, time_limit, memory, out),
    )


def _in_folder(out, settled, seed, resume, entries):
    """Makes the folder of the results ready: a new one, or one to go on in. Gives the seed and what stands."""
    note = out / RUN
    if note.is_file() and resume:
        return _go_on(out, settled, seed, entries)
    if note.is_file() and results_in(out):
        raise DlseqError(f"{out} holds the results of a run; --resume goes on with it, or name another folder")
    ours = {RUN, NOTES, "results"} if note.is_file() else set()  # of a run that ended before it had a result
    seed = secrets.randbelow(2**31) if seed is None else seed
    check_new_folder(out, ours)
    try:
        (out / "results").mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise DlseqError(f"cannot make the folder {out}: {error}; name another") from None
    with atomic_write(note) as partial:
        partial.write_text(json.dumps({**settled, "seed": seed, "dlseq": dlseq.__version__}, indent=1), "utf-8")
    return seed, ()


def _go_on(out, settled, seed, entries):
    try:
        before = json.loads((out / RUN).read_text("utf-8"))
        wanted = {**settled, "seed": before["seed"] if seed is None else seed}
        different = [name for name, value in wanted.items() if before.get(name) != value]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"cannot read {out / RUN}: {error}; name another folder") from None
    if different:
        raise DlseqError(
            f"the run in {out} was made with another {', '.join(different)}, and marks would not compare; resume it "
            "as it was, or name another folder"
        )
    for file in (out / "results").glob(".*.json"):
        file.unlink()  # begun, and never finished
    return before["seed"], tuple(_standing(out, entries))


def results_in(out: Path) -> list[Path]:
    """The files of the results in the folder of a run; those that are not finished are not among them."""
    return [path for path in (out / "results").glob("*.json") if not path.name.startswith(".")]


def _standing(out, entries):
    for entry in entries:
        path = out / "results" / f"{entry.student}.json"
        if path.is_file():
            result = read_result(path)
            told = {one.exercise: one.problem for one in result.exercises if one.exercise in entry.problems}
            if result.files == entry.digests and told == entry.problems:
                yield result
