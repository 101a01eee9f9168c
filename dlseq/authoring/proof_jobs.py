"""Grading jobs of a proof: solutions and mutants, against the reference or a recording of it."""

import functools
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dlseq.authoring.mutation.mutants import Mutant
from dlseq.authoring.mutation.reach import Reach, reaching_tests, read_reach, tracing_text
from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import run_jobs
from dlseq.grading.judge.messages import GradingJob
from dlseq.grading.judge.recording import record_expected

__all__ = [
    "ProofSettings",
    "grade_traced",
    "grade_with_recording",
    "mutant_jobs",
    "solution_job",
    "solution_reach",
    "solution_text",
    "surviving_mutants",
]


@dataclass(frozen=True)
class ProofSettings:
    """Settings of a proof: course, seed, number of parallel processes, number of mutants (None for all)."""

    course: Course
    seed: int
    processes: int
    sample: int | None


def solution_text(course, exercise):
    """Return the source of the solution of an exercise."""
    return course.solution(exercise.name).read_text("utf-8")


@functools.lru_cache(maxsize=1)  # three parts of a proof need it
def solution_reach(settings, exercise, text) -> Reach:
    """Grade the solution once and return the tests that call each of its functions.

    Raises:
        DlseqError: the solution does not pass.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reach.txt"
        grade_traced(settings, exercise, tracing_text(text, path), "record which tests call the functions")
        return read_reach(path)


def grade_traced(settings, exercise, text, purpose, seed=None):
    """Grade a solution that records something.

    Raises:
        DlseqError: it does not pass.
    """
    ((_, results),) = run_jobs(settings.course, exercise, [solution_job(settings, exercise, text, "record", seed)])
    if failed := next((result for result in results if result.status != "passed"), None):
        raise DlseqError(
            f"Cannot {purpose} of {exercise.name}: expected its solution to pass. "
            f"Received: {failed.test} is {failed.status}: {failed.message}"
        )


def solution_job(settings, exercise, text, name, seed=None, tests=None):
    """Return a grading job whose submission is `text`, a solution or a changed one, on all tests or those named."""
    cells = ((str(settings.course.solution(exercise.name)), text),)
    return GradingJob(name, exercise.name, cells, settings.seed if seed is None else seed, tests=tests)


def grade_with_recording(settings, exercise, jobs, time_limit=30.0):
    """Run jobs against expected values that are recorded once, which is much faster than computing them."""
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "expected.bin"
        record_expected(settings.course, exercise, recording, settings.seed, visible_only=False)
        for name, results in run_jobs(
            settings.course,
            exercise,
            jobs,
            processes=settings.processes,
            time_limit=time_limit,
            recording_path=recording,
        ):
            unrecorded = (r.test for r in results if r.message.startswith("the expected values were recorded"))
            if test := next(unrecorded, None):
                raise DlseqError(
                    f"{exercise.name}: {test} asks the reference about a value that the submission "
                    "returned. Expected calls of the reference that depend on the seed alone, since they are recorded."
                )
            yield name, results


def mutant_jobs(
    exercise: Exercise, file: Path, mutants: Iterable[Mutant], seed: int = 0, reach: Reach | None = None
) -> list[GradingJob]:
    """Return a grading job for each mutant, named by its index.

    A job stops at the first failed test and begins with the tests of the changed function, which most likely fail. It
    has no test that the function cannot alter.

    Args:
        exercise: the exercise.
        file: path of the solution.
        mutants: the mutants.
        seed: seed of the tests' inputs.
        reach: of the solution, see `solution_reach`. Defaults to `None`, for all tests.
    """
    return [
        GradingJob(
            str(number),
            exercise.name,
            ((str(file), mutant.text),),
            seed,
            stop_on_failure=True,
            first_function=mutant.function.split(".")[0],  # the class of a method
            tests=None if reach is None else reaching_tests(reach, [mutant.function]),
        )
        for number, mutant in enumerate(mutants)
    ]


def surviving_mutants(settings, exercise, text, mutants):
    """The changes of the mutants that pass all tests, and the control's result: the unchanged solution must pass."""
    reach = solution_reach(settings, exercise, text)
    jobs = mutant_jobs(exercise, settings.course.solution(exercise.name), mutants, settings.seed, reach)
    control = solution_job(settings, exercise, text, "control")
    passed = {
        name
        for name, results in grade_with_recording(settings, exercise, [*jobs, control], time_limit=10.0)
        if all(result.status == "passed" for result in results)
    }
    survivors = [mutant.change for number, mutant in enumerate(mutants) if str(number) in passed]
    return survivors, control.name in passed
