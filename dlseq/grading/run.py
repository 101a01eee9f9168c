"""A grading run: submissions in, results out, one file each, so that a run that was stopped can go on."""

import hashlib
import json
import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Executor, as_completed
from dataclasses import dataclass
from pathlib import Path

import dlseq
from dlseq.course.catalogue import POINTS, Exercise, exercises
from dlseq.course.places import Course, find_course
from dlseq.errors import DataError, DlseqError
from dlseq.files import replacing
from dlseq.grading.fleet import Job, course_digest, do_job, in_threads, stop_lanes
from dlseq.grading.intake import Entry, read_submissions
from dlseq.grading.records import possible as points_of
from dlseq.grading.results import ExerciseResult, SubmissionResult, read_result, write_result
from dlseq.grading.runner import LaneSettings
from dlseq.grading.sandbox import ISOLATIONS

__all__ = ["Plan", "grade", "make_plan"]

FEW = 2  # submissions of an exercise up to which asking the reference live is sooner done than recording it
TIME_LIMIT = 10.0
HOPELESS = 3  # submissions that could not be graded, with none that could


@dataclass(frozen=True)
class Plan:
    """What a run does, settled before anything runs.

    Attributes:
        course: whose tests are run.
        exercises: that are graded.
        entries: the submissions.
        finished: results of an earlier run that stand.
        seed: that all others follow from.
        isolation: see `dlseq.grading.sandbox.ISOLATIONS`.
        per_student: whether each student has a seed of their own.
        time_limit: seconds for each test.
        memory: bytes that a submission may use.
        out: folder of the results, or None.
    """

    course: Course
    exercises: tuple[Exercise, ...]
    entries: tuple[Entry, ...]
    finished: tuple[SubmissionResult, ...]
    seed: int
    isolation: str
    per_student: bool
    time_limit: float
    memory: int
    out: Path | None

    @property
    def open(self) -> tuple[Entry, ...]:
        """The submissions that have no result yet."""
        done = {result.student for result in self.finished}
        return tuple(entry for entry in self.entries if entry.student not in done)

    def seed_of(self, student: str) -> int:
        """The seed of one student's inputs."""
        if not self.per_student:
            return self.seed
        return int.from_bytes(hashlib.sha256(f"{self.seed}\0{student}".encode()).digest()[:4], "big") >> 1


def grade(
    paths: Sequence[str | os.PathLike] | str | os.PathLike,
    out: str | os.PathLike | None = None,
    *,
    course: Course | None = None,
    exercise: Iterable[str] = (),
    jobs: int | None = None,
    seed: int | None = None,
    isolation: str = "sandbox",
    per_student: bool = False,
    time_limit: float = TIME_LIMIT,
    memory: int = 2 * 2**30,
    resume: bool = False,
    executor: Executor | None = None,
    progress: Callable[[SubmissionResult], None] | None = None,
) -> list[SubmissionResult]:
    """Grades submissions.

    Args:
        paths: one or several: a folder, a script, a notebook, or an archive of them; a folder or archive of
            submissions is a class. See `dlseq.grading.intake.read_submissions`.
        out: a folder for the results, one JSON file a submission, each written as soon as it is known; None for none.
        course: whose graded tests and solutions are used; None for the one around the current folder.
        exercise: names of the exercises; all that have graded tests where none is named.
        jobs: submissions at the same time; None for one a core.
        seed: that the inputs are drawn from; None for a fresh one.
        isolation: "sandbox", or "process", which does not confine submissions and is written into every result.
        per_student: whether inputs differ from student to student; they follow from the seed and the student's name.
        time_limit: seconds for each test.
        memory: bytes that a submission may use, beyond what the libraries take.
        resume: whether results that are in `out` already stand, where the submission has not changed since.
        executor: where the work is done; None for lanes on this machine. It is not shut down.
        progress: is told each result as it is known, also those that stand.

    Returns:
        The results, in the order of the submissions.

    Raises:
        DlseqError: nothing to grade, settings that do not fit, no sandbox on this machine; or some submissions could
            not be graded for reasons of ours: all others have their results, and `resume` goes on with those.

    Example:
        >>> from dlseq.grading import grade
        >>> results = grade("class.zip", "marks", exercise=["date_normalization"])  # doctest: +SKIP
        >>> [(result.student, result.earned) for result in results]  # doctest: +SKIP
        [('ada', 100.0), ('bob', 62.5)]
    """
    paths = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    plan = make_plan(
        *([Path(path) for path in paths], None if out is None else Path(out), course, exercise, seed, isolation),
        *(per_student, time_limit, memory, resume),
    )
    jobs = len(os.sched_getaffinity(0)) if jobs is None else jobs
    if jobs < 1:
        raise DlseqError(f"expected at least one job, received {jobs}")
    return run(plan, jobs, executor, progress)


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
    entries = tuple(read_submissions(paths, chosen))
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
    note = out / "run.json"
    if not note.is_file():
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise DlseqError(f"expected {out} to be a new or empty folder, so that nothing in it is lost; name another")
        if not out.absolute().parent.is_dir():
            raise DlseqError(f"cannot make {out}: the folder {out.absolute().parent} does not exist; make it first")
        seed = secrets.randbelow(2**31) if seed is None else seed
        (out / "results").mkdir(parents=True, exist_ok=True)
        with replacing(note) as partial:
            partial.write_text(json.dumps({**settled, "seed": seed, "dlseq": dlseq.__version__}, indent=1), "utf-8")
        return seed, ()
    if not resume:
        raise DlseqError(f"{out} holds the results of a run; --resume goes on with it, or name another folder")
    try:
        before = json.loads(note.read_text("utf-8"))
        wanted = {**settled, "seed": before["seed"] if seed is None else seed}
        different = [name for name, value in wanted.items() if before.get(name) != value]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"cannot read {note}: {error}; name another folder") from None
    if different:
        raise DlseqError(
            f"the run in {out} was made with another {', '.join(different)}, and marks would not compare; resume it "
            "as it was, or name another folder"
        )
    return before["seed"], tuple(_standing(out, entries))


def _standing(out, entries):
    for entry in entries:
        path = out / "results" / f"{entry.student}.json"
        if path.is_file():
            result = read_result(path)
            told = {one.exercise: one.problem for one in result.exercises if one.exercise in entry.problems}
            if result.files == entry.digests and told == entry.problems:
                yield result


def run(
    plan: Plan,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Callable[[SubmissionResult], None] | None = None,
) -> list[SubmissionResult]:
    """Does what a plan says. See `grade`.

    Raises:
        DlseqError: some submissions could not be graded, for reasons of ours.
    """
    progress = progress or (lambda result: None)
    results = {result.student: result for result in plan.finished}
    for result in plan.finished:
        progress(result)
    underway = {entry.student: _Underway(plan, entry) for entry in plan.open}
    failures = {}

    def look_at(one):
        if one.done:
            results[one.entry.student] = result = one.result()
            if plan.out is not None:
                write_result(result, plan.out / "results" / f"{result.student}.json")
            progress(result)

    for one in underway.values():
        look_at(one)
    own, futures = executor is None, {}
    executor = in_threads(jobs) if own else executor
    try:
        futures = {executor.submit(do_job, job): job for job in _jobs(plan)}
        for future in as_completed(futures):
            job = futures[future]
            try:
                judged = future.result()
            except (Exception, CancelledError) as error:
                failures[job.student] = f"{job.exercise} of {job.student}: {error}"
                if len(failures) >= min(len(futures), HOPELESS) and len(failures) > len(results):
                    break  # nothing works here, such as on a machine without a sandbox
            else:
                underway[job.student].add(job, judged)
                look_at(underway[job.student])
    finally:
        for future in futures:
            future.cancel()
        if own:
            stop_lanes()
            executor.shutdown(cancel_futures=True)
    if failures:
        raise DlseqError(
            f"{len(plan.entries) - len(results)} of {len(plan.entries)} submissions could not be graded and have no "
            f"result; what was done stands, and --resume goes on. The first: {next(iter(failures.values()))}"
        )
    return [results[entry.student] for entry in plan.entries]


class _Underway:
    """A submission whose exercises are judged one after the other, or at the same time."""

    def __init__(self, plan, entry):
        self.plan, self.entry, self.results, self.versions = plan, entry, {}, {"dlseq": dlseq.__version__}
        for one in plan.exercises:
            if one.name not in entry.cells:
                problem = entry.problems.get(one.name, f"there is no file for {one.name}")
                self.results[one.name] = ExerciseResult(one.name, POINTS, plan.seed_of(entry.student), problem=problem)

    @property
    def done(self):
        return len(self.results) == len(self.plan.exercises)

    def add(self, job, judged):
        possible = points_of(judged.records)
        self.results[job.exercise] = ExerciseResult(
            *(job.exercise, possible, job.seed, judged.records),
            seconds=judged.seconds,
            memory=judged.memory,
            exhibit=judged.exhibit,
        )
        self.versions.update(judged.versions)

    def result(self):
        return SubmissionResult(
            self.entry.student,
            self.entry.source,
            self.plan.isolation,
            tuple(self.results[one.name] for one in self.plan.exercises),
            self.versions,
            per_student=self.plan.per_student,
            files=self.entry.digests,
            platform_id=self.entry.platform_id,
        )


def _jobs(plan):
    """One for each exercise of each submission, the first submissions first."""
    counts = Counter(name for entry in plan.open for name in entry.cells)
    recorded = not plan.per_student and max(counts.values(), default=0) > FEW
    settings = LaneSettings(
        str(plan.course.root.resolve()),
        tuple(one.name for one in plan.exercises),
        time_limit=plan.time_limit,
        isolation=plan.isolation,
        live=not recorded,
        memory=plan.memory,
    )
    digest = course_digest(plan.course)
    for entry in plan.open:
        for one in plan.exercises:
            if one.name in entry.cells:
                seed = plan.seed_of(entry.student)
                yield Job(entry.student, one.name, entry.cells[one.name], seed, settings, recorded, digest)
