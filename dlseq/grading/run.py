"""A grading run: submissions in, results out, one file each, so that a run that was stopped can go on."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Executor, as_completed
from pathlib import Path

import dlseq
from dlseq.course.exercises import POINTS
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.files import atomic_write
from dlseq.grading.judge.messages import LaneSettings
from dlseq.grading.judge.pool import Job, course_digest, do_job, in_threads, stop_lanes
from dlseq.grading.plan import NOTES, Plan, make_plan
from dlseq.grading.results import ExerciseResult, SubmissionResult, write_result
from dlseq.grading.results import possible as points_of
from dlseq.grading.sandbox.sandbox import Sandbox
from dlseq.startup import available_cpus

__all__ = ["MISSING", "Plan", "grade", "make_plan", "run"]

MISSING = "there is no file for {}"  # the problem of an exercise that was not handed in
FEW = 2  # submissions of an exercise up to which asking the reference live is sooner done than recording it
TIME_LIMIT = 10.0
HOPELESS = 3  # submissions that could not be graded, with none that could


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
    single: bool = False,
    executor: Executor | None = None,
    progress: Callable[[SubmissionResult], None] | None = None,
) -> list[SubmissionResult]:
    """Grades submissions.

    Args:
        paths: one or several: a folder, a script, a notebook, or an archive of them; a folder or archive of
            submissions is a class. See `dlseq.grading.submissions.read.read_submissions`.
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
        single: whether each path is one submission, whatever it holds, rather than perhaps a class.
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
        *(per_student, time_limit, memory, resume, single),
    )
    jobs = len(available_cpus()) if jobs is None else jobs
    if jobs < 1:
        raise DlseqError(f"expected at least one job, received {jobs}")
    return run(plan, jobs, executor, progress)


def run(
    plan: Plan,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Callable[[SubmissionResult], None] | None = None,
) -> list[SubmissionResult]:
    """Does what a plan says. See `grade`.

    Raises:
        DlseqError: there is no sandbox, or some submissions could not be graded, for reasons of ours.
    """
    progress = progress or (lambda result: None)
    if plan.out is not None:
        _write_notes(plan)
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
    own, futures, work = executor is None, {}, list(_jobs(plan))
    executor = in_threads(max(1, min(jobs, len(work)))) if own else executor
    try:
        futures = {executor.submit(do_job, job): job for job in work}
        if futures and own and plan.isolation == "sandbox":
            _try_sandbox()  # while lanes warm up, so that nobody waits for them in vain
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
        first = next(iter(failures.values()))
        if not results:
            raise DlseqError(f"nobody could be graded. {first}")
        raise DlseqError(
            f"{len(plan.entries) - len(results)} of {len(plan.entries)} submissions could not be graded and have no "
            f"result; what was done stands, and --resume goes on. The first: {first}"
        )
    return [results[entry.student] for entry in plan.entries]


def _try_sandbox():
    """Stops where submissions cannot be confined, before anybody is graded."""
    with Sandbox([], "sandbox") as sandbox:
        sandbox.start_worker().close()


def _write_notes(plan):
    lines = [f"{entry.student}: {note}\n" for entry in plan.entries for note in entry.notes]
    if lines or (plan.out / NOTES).exists():
        with atomic_write(plan.out / NOTES) as partial:
            partial.write_text("".join(lines), "utf-8", errors="backslashreplace")


class _Underway:
    """A submission whose exercises are judged one after the other, or at the same time."""

    def __init__(self, plan, entry):
        self.plan, self.entry, self.results, self.versions = plan, entry, {}, {"dlseq": dlseq.__version__}
        for one in plan.exercises:
            if one.name not in entry.cells:
                problem = entry.problems.get(one.name, MISSING.format(one.name))
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
        tuple(one.name for one in plan.exercises if counts[one.name]),
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
