"""A grading run: from submissions to results, one file each, so that an interrupted run can be resumed."""

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, as_completed
from pathlib import Path

import dlseq
from dlseq.course.exercises import POINTS_PER_EXERCISE
from dlseq.course.layout import Course, course_digest
from dlseq.errors import DlseqError
from dlseq.files import atomic_write
from dlseq.grading.judge.messages import GradingJob, JudgeSettings
from dlseq.grading.judge.pool import grade_job, stop_judges, thread_pool
from dlseq.grading.plan import NOTES_FILE, RESULTS_FOLDER, GradingOptions, Plan, make_plan, record_digest
from dlseq.grading.results import ExerciseResult, SubmissionResult, write_result
from dlseq.grading.sandbox.bubblewrap import check_hidden
from dlseq.grading.sandbox.sandbox import Sandbox
from dlseq.startup import available_cpus

__all__ = ["NO_FILE_PROBLEM", "grade", "run"]

NO_FILE_PROBLEM = "there is no file for {}"  # the problem of an exercise that was not handed in
MAX_LIVE_SUBMISSIONS = 2  # per exercise; with more, a recording of the reference's values is faster
MAX_FAILURES_WITHOUT_RESULT = 3


def grade(
    paths: Sequence[str | os.PathLike] | str | os.PathLike,
    out: str | os.PathLike | None = None,
    options: GradingOptions | None = None,
    *,
    course: Course | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[SubmissionResult], None] | None = None,
) -> list[SubmissionResult]:
    """Grade submissions.

    Args:
        paths: a folder, a script, a notebook, an archive, or several of them; a folder or archive of submissions is a
            class. See `dlseq.grading.submissions.read.read_submissions`.
        out: folder for the results, one JSON file a submission, each written as soon as it is known; None for none.
        options: exercises, seed, isolation and limits; None for the defaults.
        course: with graded tests and solutions; None for the one around the current folder.
        jobs: submissions at the same time; None for one per CPU.
        executor: runs the grading jobs; None for judge processes on this machine. It is not shut down.
        progress: called with each result as soon as it is known, and with those of an earlier run.

    Returns:
        The results, in the order of the submissions.

    Raises:
        DlseqError: there is nothing to grade, an option is invalid, or there is no sandbox on this machine; or the
            grader failed on some submissions: all others have their results, and `resume` goes on with those.

    Example:
        >>> from dlseq.grading import GradingOptions, grade
        >>> options = GradingOptions(exercises=("date_normalization",))
        >>> results = grade("class.zip", "marks", options)  # doctest: +SKIP
        >>> [(result.student, result.earned) for result in results]  # doctest: +SKIP
        [('ada', 100.0), ('bob', 62.5)]
    """
    paths = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    plan = make_plan(
        [Path(path) for path in paths],
        options or GradingOptions(),
        out=None if out is None else Path(out),
        course=course,
    )
    jobs = len(available_cpus()) if jobs is None else jobs
    if jobs < 1:
        raise DlseqError(f"Invalid value for argument `jobs`. Expected at least 1. Received: jobs={jobs}")
    return run(plan, jobs, executor, progress)


def run(
    plan: Plan,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Callable[[SubmissionResult], None] | None = None,
) -> list[SubmissionResult]:
    """Run a plan. See `grade`.

    Raises:
        DlseqError: there is no sandbox, or the grader failed on some submissions.
    """
    progress = progress or (lambda result: None)
    if plan.out is not None:
        _write_notes(plan)
    results = {result.student: result for result in plan.finished}
    for result in plan.finished:
        progress(result)

    def finish(pending):
        result = results[pending.student] = pending.result()
        if plan.out is not None:
            path = plan.out / RESULTS_FOLDER / f"{result.student}.json"
            write_result(result, path)
            record_digest(path)
        progress(result)

    pending = {submission.student: _PendingSubmission(plan, submission) for submission in plan.pending}
    for submission in pending.values():
        if submission.is_complete:
            finish(submission)
    failures = {}
    with contextlib.closing(_run_jobs(plan, jobs, executor)) as outcomes:
        for job, outcome in outcomes:
            if not isinstance(outcome, BaseException):
                pending[job.name].add(outcome)
                if pending[job.name].is_complete:
                    finish(pending[job.name])
                continue
            failures[job.name] = f"{job.exercise} of {job.name}: {outcome}"
            if len(failures) >= min(len(pending), MAX_FAILURES_WITHOUT_RESULT) and len(failures) > len(results):
                break  # as on a machine without a sandbox
    if failures:
        _raise_failures(failures, len(plan.submissions) - len(results), len(plan.submissions))
    return [results[submission.student] for submission in plan.submissions]


def _run_jobs(plan, jobs, executor):
    """Yield each grading job with its `JobResult`, or with the exception that it ended with."""
    if plan.options.isolation == "sandbox":
        check_hidden([*plan.paths, plan.course.graded, plan.course.solutions, *filter(None, [plan.out])])
    settings, digest = _judge_settings(plan), course_digest(plan.course)
    grading_jobs = list(_grading_jobs(plan))
    local, futures = executor is None, {}
    executor = thread_pool(max(1, min(jobs, len(grading_jobs)))) if local else executor
    try:
        futures = {executor.submit(grade_job, job, settings, digest): job for job in grading_jobs}
        if futures and local and plan.options.isolation == "sandbox":
            _check_sandbox()  # while judge processes start
        for future in as_completed(futures):
            try:
                outcome = future.result()
            except (Exception, CancelledError) as error:
                outcome = error
            yield futures[future], outcome
    finally:
        for future in futures:
            future.cancel()
        if local:
            stop_judges()
            executor.shutdown(cancel_futures=True)


def _raise_failures(failures, missing, total):
    first = next(iter(failures.values()))
    if missing == total:
        raise DlseqError(f"Cannot grade any submission. {first}")
    raise DlseqError(
        f"{missing} of {total} submissions could not be graded and have no result; the other results are complete, "
        f"and --resume goes on. The first: {first}"
    )


def _check_sandbox():
    """Raise an error if the sandbox cannot be set up, before any submission is graded."""
    with Sandbox([], "sandbox") as sandbox:
        sandbox.start_worker().close()


def _write_notes(plan):
    lines = [f"{submission.student}: {note}\n" for submission in plan.submissions for note in submission.all_notes]
    if lines or (plan.out / NOTES_FILE).exists():
        with atomic_write(plan.out / NOTES_FILE) as partial:
            partial.write_text("".join(lines), "utf-8", errors="backslashreplace")


class _PendingSubmission:
    """A submission with results of some of its exercises."""

    def __init__(self, plan, submission):
        self.plan, self.submission, self.student = plan, submission, submission.student
        self.versions = {"dlseq": dlseq.__version__}
        self.exercises = {
            exercise.name: _ungraded(exercise.name, submission, plan.seed_of(submission.student))
            for exercise in plan.exercises
            if exercise.name not in submission.cells
        }

    @property
    def is_complete(self):
        return len(self.exercises) == len(self.plan.exercises)

    def add(self, job_result):
        self.exercises[job_result.exercise.exercise] = job_result.exercise
        self.versions.update(job_result.versions)

    def result(self):
        return SubmissionResult(
            student=self.student,
            source=self.submission.source,
            isolation=self.plan.options.isolation,
            exercises=tuple(self.exercises[exercise.name] for exercise in self.plan.exercises),
            versions=self.versions,
            per_student=self.plan.options.per_student,
            files=self.submission.digests,
            identity=self.submission.identity,
            notes=self.submission.notes,
        )


def _ungraded(exercise, submission, seed):
    """Return the result of an exercise without code to run."""
    problem = submission.problems.get(exercise, NO_FILE_PROBLEM.format(exercise))
    return ExerciseResult(exercise, POINTS_PER_EXERCISE, seed, problem=problem)


def _judge_settings(plan):
    """Return the settings of the judge processes, with a live reference solution for few submissions only."""
    counts = Counter(exercise for submission in plan.pending for exercise in submission.cells)
    return JudgeSettings(
        str(plan.course.root.resolve()),
        tuple(exercise.name for exercise in plan.exercises if counts[exercise.name]),
        time_limit=plan.options.time_limit,
        isolation=plan.options.isolation,
        live_reference=plan.options.per_student or max(counts.values(), default=0) <= MAX_LIVE_SUBMISSIONS,
        memory_bytes=plan.options.memory_bytes,
    )


def _grading_jobs(plan) -> Iterator[GradingJob]:
    """Yield a job for each exercise of each pending submission, the first submissions first."""
    for submission in plan.pending:
        for exercise in plan.exercises:
            if exercise.name in submission.cells:
                cells, seed = submission.cells[exercise.name], plan.seed_of(submission.student)
                yield GradingJob(submission.student, exercise.name, cells, seed)
