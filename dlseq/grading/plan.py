"""The plan of a grading run: its options, its submissions, and the results of an earlier run that it resumes."""

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import dlseq
from dlseq.course.exercises import Exercise, get_exercises
from dlseq.course.layout import Course, course_digest, find_course
from dlseq.errors import DataError, DlseqError
from dlseq.files import atomic_write, check_new_folder
from dlseq.grading.results import SubmissionResult, read_result
from dlseq.grading.sandbox.sandbox import ISOLATIONS
from dlseq.grading.submissions.read import read_submissions
from dlseq.grading.submissions.submission import Submission

__all__ = ["NOTES_FILE", "RESULTS_FOLDER", "GradingOptions", "Plan", "make_plan", "record_digest", "result_files"]

RUN_FILE = "run.json"
NOTES_FILE = "notes.txt"  # notes on the files of submissions, such as ignored ones
RESULTS_FOLDER = "results"
DIGESTS_FILE = ".digests"  # of results, so that a resumed run takes no file for one that another program has written
MIN_MEMORY_BYTES = 2**26


@dataclass(frozen=True)
class GradingOptions:
    """The options of a grading run.

    Attributes:
        exercises: names of the exercises to grade; empty for all that have graded tests.
        seed: of the inputs; None for a fresh one.
        isolation: "sandbox", or "process", which does not confine submissions and is written into every result.
        per_student: draw other inputs for each student, from the seed and the student's name.
        time_limit: seconds for each test.
        memory_bytes: memory that a submission may use beyond the libraries.
        resume: keep the results that exist in the output folder, for submissions that have not changed since.
        single: treat each path as one submission, even if it looks like a class.

    Raises:
        DlseqError: an option is out of range.
    """

    exercises: tuple[str, ...] = ()
    seed: int | None = None
    isolation: str = "sandbox"
    per_student: bool = False
    time_limit: float = 10.0
    memory_bytes: int = 2 * 2**30
    resume: bool = False
    single: bool = False

    def __post_init__(self):
        if self.isolation not in ISOLATIONS:
            raise DlseqError(
                f"Invalid value for argument `isolation`. Expected one of {', '.join(ISOLATIONS)}. "
                f"Received: isolation={self.isolation!r}"
            )
        if not self.time_limit > 0:
            raise DlseqError(
                "Invalid value for argument `time_limit`. Expected a number of seconds above 0. "
                f"Received: time_limit={self.time_limit}"
            )
        if self.memory_bytes < MIN_MEMORY_BYTES:
            raise DlseqError(
                f"Invalid value for argument `memory_bytes`. Expected at least {MIN_MEMORY_BYTES} (64 MB). "
                f"Received: memory_bytes={self.memory_bytes}"
            )


@dataclass(frozen=True)
class Plan:
    """The plan of a grading run, complete before any submission runs.

    Attributes:
        course: with the graded tests.
        exercises: to grade.
        submissions: all of the run.
        finished: results of an earlier run that are kept.
        seed: the seed of the run.
        options: of the run.
        out: folder of the results, or None.
        paths: of the submissions.
    """

    course: Course
    exercises: tuple[Exercise, ...]
    submissions: tuple[Submission, ...]
    finished: tuple[SubmissionResult, ...]
    seed: int
    options: GradingOptions
    out: Path | None
    paths: tuple[Path, ...] = ()

    @property
    def pending(self) -> tuple[Submission, ...]:
        """The submissions without a result."""
        finished = {result.student for result in self.finished}
        return tuple(submission for submission in self.submissions if submission.student not in finished)

    def seed_of(self, student: str) -> int:
        """Return the seed of a student's inputs."""
        if not self.options.per_student:
            return self.seed
        return int.from_bytes(hashlib.sha256(f"{self.seed}\0{student}".encode()).digest()[:4], "big") >> 1


def make_plan(
    paths: Sequence[Path], options: GradingOptions, *, out: Path | None = None, course: Course | None = None
) -> Plan:
    """Read the submissions and the results of an earlier run, and prepare the output folder.

    Args:
        paths: of submissions and classes, see `dlseq.grading.submissions.read.read_submissions`.
        options: of the run.
        out: folder for the results; None to write none.
        course: with tests and solutions; None for the one around the current folder.

    Raises:
        DlseqError: there is nothing to grade, or the options do not fit the course or the output folder.
    """
    if options.resume and out is None:
        raise DlseqError("Invalid value for argument `out`. Expected a folder with resume=True. Received: out=None")
    course = find_course(solutions=True) if course is None else course
    names = options.exercises
    selected = [exercise for exercise in get_exercises(names) if names or course.has_tests(exercise.name)]
    if missing := [exercise.name for exercise in selected if not course.has_tests(exercise.name)]:
        raise DlseqError(f"Cannot grade {missing[0]}. Expected its graded tests in {course.graded}. Received: no file.")
    _check_places(paths, course)
    submissions = tuple(read_submissions(paths, selected, options.single))
    seed, finished = options.seed, ()
    if out is not None:
        fixed = {
            "isolation": options.isolation,
            "per_student": options.per_student,
            "exercises": [exercise.name for exercise in selected],
            "course": course_digest(course),
            "time_limit": options.time_limit,
            "memory": options.memory_bytes,
        }
        _check_owner(out)
        resume = options.resume and (out / RUN_FILE).is_file()
        prepare = _resume_run if resume else _start_run
        seed = prepare(out, fixed, seed, course)
        finished = tuple(_kept_results(out, submissions)) if resume else ()
    elif seed is None:
        seed = _fresh_seed()
    return Plan(course, tuple(selected), submissions, finished, seed, options, out, tuple(paths))


def _check_places(paths, course):
    """Refuse a course within a submission: its tests would run as the user, and decide on the others."""
    root = course.root.resolve()
    for path in paths:
        place = path.resolve()
        if place == root or place in root.parents:
            raise DlseqError(
                f"Cannot grade {path} by the tests of {root}, which lies in it. Change to the folder of your course."
            )
        if place == course.graded.resolve() or course.graded.resolve() in place.parents:
            raise DlseqError(f"Cannot grade {path}, which lies among the graded tests in {course.graded}.")


def _check_owner(out):
    """Refuse a folder in which somebody else can write or replace results."""
    if not out.exists() or not hasattr(os, "geteuid"):
        return
    status = out.stat()
    if status.st_uid != os.geteuid():
        raise DlseqError(f"Cannot write results to {out}, which belongs to another user. Name a new folder.")
    if status.st_mode & stat.S_IWOTH:
        raise DlseqError(f"Cannot write results to {out}, which everybody can write to. Name a new folder.")


def _fresh_seed():
    return secrets.randbelow(2**31)


def _start_run(out, fixed, seed, course):
    """Create the output folder, write the settings that a resumed run has to share, and return the seed."""
    run_file = out / RUN_FILE
    if run_file.is_file() and result_files(out):
        raise DlseqError(
            f"Cannot start a run in {out}, which holds the results of a run. Go on with it by --resume, or name "
            "another folder."
        )
    leftovers = (
        {RUN_FILE, NOTES_FILE, RESULTS_FOLDER, DIGESTS_FILE} if run_file.is_file() else set()
    )  # of a run without a result
    check_new_folder(out, leftovers)
    try:
        (out / RESULTS_FOLDER).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise DlseqError(f"Cannot create folder {out}: {error}. Name another.") from None
    seed = _fresh_seed() if seed is None else seed
    with atomic_write(run_file) as partial:
        facts = {**fixed, "seed": seed, "dlseq": dlseq.__version__, "root": str(course.root)}
        partial.write_text(json.dumps(facts, indent=1), "utf-8")
    return seed


def _resume_run(out, fixed, seed, course):
    """Compare the settings with those of the earlier run, remove its partial files, and return its seed."""
    try:
        earlier = json.loads((out / RUN_FILE).read_text("utf-8"))
        wanted = {**fixed, "seed": earlier["seed"] if seed is None else seed}
        different = [name for name, value in wanted.items() if earlier.get(name) != value]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"Cannot read {out / RUN_FILE}: {error}. Name another folder.") from None
    if different:
        raise DlseqError(
            f"Cannot resume the run in {out}, which was made with another {', '.join(different)}: marks would not "
            "compare. Resume it with its own settings, or name another folder."
        )
    for file in (out / RESULTS_FOLDER).glob(".*.json"):
        file.unlink()
    return earlier["seed"]


def result_files(out: Path) -> list[Path]:
    """Return the complete result files in the folder of a run."""
    return [path for path in (out / RESULTS_FOLDER).glob("*.json") if not path.name.startswith(".")]


def record_digest(path: Path) -> None:
    """Note the digest of a result file that has been written, where nobody but this user can."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path.parents[1] / DIGESTS_FILE, flags, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(f"{_digest(path)} {path.name}\n")


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _recorded_digests(out):
    """Return file name -> digest of results; nothing if another user may have written them."""
    try:
        with (out / DIGESTS_FILE).open(encoding="utf-8") as file:
            status = os.fstat(file.fileno())
            if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & 0o077):
                return {}
            pairs = (line.rstrip("\n").partition(" ") for line in file)
            return {name: digest for digest, _, name in pairs}
    except (OSError, UnicodeError):
        return {}


def _kept_results(out, submissions):
    """Yield the results of submissions that have not changed since, from files that this run has written."""
    digests = _recorded_digests(out)
    for submission in submissions:
        path = out / RESULTS_FOLDER / f"{submission.student}.json"
        if path.is_file() and digests.get(path.name) == _digest(path):
            result = read_result(path)
            problems = {
                exercise.exercise: exercise.problem
                for exercise in result.exercises
                if exercise.exercise in submission.problems
            }
            same_code = result.files == submission.digests and problems == submission.problems
            if same_code and result.identity == submission.identity:
                yield result
