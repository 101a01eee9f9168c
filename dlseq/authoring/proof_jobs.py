"""Grading jobs of a proof: solutions and mutants, against the reference or a recording of it."""

import functools
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlseq.authoring.mutation.mutants import Mutant
from dlseq.authoring.mutation.reach import Reach, reaching_tests, read_reach, tracing_text
from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import JudgeProcess, JudgeProcessError
from dlseq.grading.judge.messages import GradingJob, JudgeSettings
from dlseq.grading.judge.recording import record_in_process
from dlseq.grading.results import TestResult

__all__ = ["ProofGrader", "ProofSettings", "mutant_jobs"]

MUTANT_TIME_LIMIT_SECONDS = 10.0  # per test; a mutant may loop for ever
MAX_BATCH_JOBS = 8  # one after another in a process: each process warms up TensorFlow for itself


@dataclass(frozen=True)
class ProofSettings:
    """Settings of a proof: course, seed, number of parallel processes, number of mutants (None for all)."""

    course: Course
    seed: int
    processes: int
    sample: int | None


class ProofGrader:
    """Grades changed solutions of one exercise for all parts of its proof, in one judge process.

    The process starts with the first job and ends with the `with` block. The reference's values on the seed of the
    settings are recorded once.

    Args:
        settings: of the proof.
        exercise: the exercise.

    Attributes:
        text: source of the solution.
    """

    def __init__(self, settings: ProofSettings, exercise: Exercise):
        self.settings, self.exercise, self.course = settings, exercise, settings.course
        self.text = self.course.solution(exercise.name).read_text("utf-8")
        self._is_killed = False

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="dlseq-proof-")
        return self

    def __exit__(self, *exception):
        if "_judge" in self.__dict__:
            self._judge.close()
        self._folder.cleanup()

    def kill(self) -> None:
        """End the judge process at once, from any thread; a thread that uses the grader gets a `JudgeProcessError`."""
        self._is_killed = True
        if "_judge" in self.__dict__:
            self._judge.kill()

    @functools.cached_property
    def _judge(self):
        if self._is_killed:
            raise JudgeProcessError(f"the proof of {self.exercise.name} was stopped")
        names = (self.exercise.name,)
        return JudgeProcess(JudgeSettings(str(self.course.root), names, processes=self.settings.processes))

    @functools.cached_property
    def _recorded(self):
        """The recording of the reference's values, and the reach of the solution, from the same run."""
        recording, reach = (Path(self._folder.name) / name for name in ("expected.bin", "reach.txt"))
        record_in_process(self._judge, recording, self.settings.seed, tracing_text(self.text, reach))
        return recording, read_reach(reach)

    @property
    def reach(self) -> Reach:
        """The tests that call each function of the solution.

        Raises:
            DlseqError: the solution does not pass.
        """
        return self._recorded[1]

    def job(
        self, name: str, text: str | None = None, seed: int | None = None, tests: tuple[str, ...] | None = None
    ) -> GradingJob:
        """Return a grading job of a changed solution, by default of the solution itself, on all tests or on some."""
        cells = ((str(self.course.solution(self.exercise.name)), self.text if text is None else text),)
        return GradingJob(name, self.exercise.name, cells, self.settings.seed if seed is None else seed, tests=tests)

    def grade(self, jobs: Iterable[GradingJob | tuple[GradingJob, ...]]) -> Iterator[tuple[str, list[TestResult]]]:
        """Grade jobs, or batches of jobs, against the reference solution; see `JudgeProcess.run`."""
        return self._judge.run(jobs)

    def split(self, items: Sequence, size: int = MAX_BATCH_JOBS) -> Iterator[Sequence]:
        """Split items into parts of a size, or of a smaller one if some of the processes would have nothing to do."""
        size = max(1, min(size, -(-len(items) // self.settings.processes)))
        return (items[start : start + size] for start in range(0, len(items), size))

    def grade_recorded(
        self, jobs: Sequence[GradingJob], in_batches: bool = False
    ) -> Iterator[tuple[str, list[TestResult]]]:
        """Grade jobs with the seed of the settings against the recording, which is much faster.

        Args:
            jobs: with names of their own.
            in_batches: True to grade several jobs one after another in a process, each from its file anew; a job of a
                process that ended is graded again alone.

        Raises:
            DlseqError: a test asks the reference about a value of the submission.
        """
        graded = self._grade_in_batches(jobs) if in_batches else self._judge.run(jobs, self._recorded[0])
        for name, results in graded:
            unrecorded = (r.test for r in results if r.message.startswith("the expected values were recorded"))
            if test := next(unrecorded, None):
                raise DlseqError(
                    f"{self.exercise.name}: {test} asks the reference about a value that the submission "
                    "returned. Expected calls of the reference that depend on the seed alone, since they are recorded."
                )
            yield name, results

    def _grade_in_batches(self, jobs):
        jobs_by_name, again = {job.name: job for job in jobs}, []
        for name, results in self._judge.run(map(tuple, self.split(jobs)), self._recorded[0]):
            if any(not result.test for result in results):  # the process ended
                again.append(jobs_by_name[name])
            else:
                yield name, results
        yield from self._judge.run(again, self._recorded[0])

    def grade_tracing(self, text: str, purpose: str, seed: int) -> None:
        """Grade a solution that records something, for a purpose such as "record the calls".

        Raises:
            DlseqError: it does not pass.
        """
        ((_, results),) = self.grade([self.job("record", text, seed)])
        if failed := next((result for result in results if result.status != "passed"), None):
            raise DlseqError(
                f"Cannot {purpose} of {self.exercise.name}: expected its solution to pass. "
                f"Received: {failed.test} is {failed.status}: {failed.message}"
            )

    def survivors(self, mutants: list[Mutant], in_batches: bool = False) -> tuple[list[str], bool]:
        """The changes of the mutants that pass all tests, and whether the control, the unchanged solution, passes.

        `in_batches` as in `grade_recorded`.
        """
        file, seed = self.course.solution(self.exercise.name), self.settings.seed
        jobs, control = mutant_jobs(self.exercise, file, mutants, seed, self.reach), self.job("control")
        passed = {
            name
            for name, results in self.grade_recorded([*jobs, control], in_batches)
            if all(result.status == "passed" for result in results)
        }
        return [mutant.change for number, mutant in enumerate(mutants) if str(number) in passed], control.name in passed


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
        reach: of the solution, see `ProofGrader.reach`. Defaults to `None`, for all tests.
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
            time_limit=MUTANT_TIME_LIMIT_SECONDS,
        )
        for number, mutant in enumerate(mutants)
    ]
