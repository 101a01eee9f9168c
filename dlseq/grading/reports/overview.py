"""Class statistics: distribution of points, hardest tests, most frequent hints."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from dlseq.course.exercises import EXERCISES
from dlseq.grading.reports.grouped_tests import group_tests
from dlseq.grading.results import SubmissionResult

__all__ = ["ExerciseOverview", "HardTest", "Hint", "Overview", "overview", "title_of"]

BINS = 10
MAX_LIST_ROWS = 8  # of tests and of hints


@dataclass(frozen=True)
class ExerciseOverview:
    """Statistics of one exercise over all submissions.

    Attributes:
        name: of the exercise.
        title: its title.
        possible: points.
        mean: mean of the points earned.
        median: median of the points earned.
        complete: submissions with all points.
        not_run: submissions without code to run.
        bins: submissions that earned 0 to 10 %, 10 to 20 %, and so on; the last includes 100 %.
    """

    name: str
    title: str
    possible: float
    mean: float
    median: float
    complete: int
    not_run: int
    bins: tuple[int, ...]


@dataclass(frozen=True)
class HardTest:
    """A graded test, with the number of students for whom it ran, and of those who passed all its cases."""

    exercise: str
    function: str
    description: str
    hidden: bool
    passed: int
    run: int


@dataclass(frozen=True)
class Hint:
    """A hint, with the number of students who received it."""

    exercise: str
    function: str
    text: str
    students: int


@dataclass(frozen=True)
class Overview:
    """Statistics of a class.

    Attributes:
        count: number of submissions.
        possible: points of all exercises.
        mean: mean of the points earned in all exercises.
        median: median of the points earned in all exercises.
        complete: submissions with all points.
        not_run: submissions with an exercise without code to run.
        bins: as in `ExerciseOverview`.
        exercises: in the order of the course.
        hardest: tests that some students failed, hardest first.
        hints: most frequent hints, most frequent first.
    """

    count: int
    possible: float
    mean: float
    median: float
    complete: int
    not_run: int
    bins: tuple[int, ...]
    exercises: tuple[ExerciseOverview, ...]
    hardest: tuple[HardTest, ...]
    hints: tuple[Hint, ...]


def overview(results: Sequence[SubmissionResult]) -> Overview:
    """Compute the statistics of a class.

    Args:
        results: of submissions, at least one.

    Example:
        >>> from dlseq.grading.results import ExerciseResult, TestResult
        >>> def result(student, status):
        ...     test = TestResult("rnn", "step", "test_a", "The state.", 10.0, status, hint="Look.")
        ...     return SubmissionResult(student, "", "sandbox", (ExerciseResult("rnn", 10.0, 7, (test,)),))
        >>> summary = overview([result("ada", "passed"), result("bob", "failed")])
        >>> summary.mean, summary.bins, summary.hardest[0].passed, summary.hints[0].students
        (5.0, (1, 0, 0, 0, 0, 0, 0, 0, 0, 1), 1, 1)
    """
    by_exercise = {}
    for result in results:
        for exercise in result.exercises:
            by_exercise.setdefault(exercise.exercise, []).append(exercise)
    exercises = [
        ExerciseOverview(
            name=name,
            title=title_of(name),
            possible=max(exercise.possible for exercise in of_class),
            not_run=sum(not exercise.tests for exercise in of_class),
            **_distribution(of_class),
        )
        for name, of_class in by_exercise.items()
    ]
    return Overview(
        count=len(results),
        possible=max(result.possible for result in results),
        not_run=sum(any(not exercise.tests for exercise in result.exercises) for result in results),
        exercises=tuple(exercises),
        hardest=_hardest(results),
        hints=_hints(results),
        **_distribution(results),
    )


def title_of(name: str) -> str:
    """Return the title of an exercise; empty if the course has no such exercise."""
    return next((exercise.title for exercise in EXERCISES if exercise.name == name), "")


def _distribution(results):
    """Return the statistics that a class and an exercise have in common."""
    bins = [0] * BINS
    for result in results:
        share = result.earned / result.possible if result.possible else 0.0
        bins[min(BINS - 1, max(0, int(share * BINS + 1e-9)))] += 1
    return {
        "mean": fmean(result.earned for result in results),
        "median": median(result.earned for result in results),
        "complete": sum(0 < result.possible <= result.earned + 1e-6 for result in results),
        "bins": tuple(bins),
    }


def _hardest(results):
    passed, run, tests = Counter(), Counter(), {}
    for result in results:
        for exercise in result.exercises:
            for test in group_tests(exercise.tests):
                key = (exercise.exercise, test.function, test.name)
                tests.setdefault(key, test)
                run[key] += 1
                passed[key] += test.status == "passed"
    hard = sorted((key for key in tests if passed[key] < run[key]), key=lambda key: passed[key] / run[key])
    return tuple(
        HardTest(
            exercise=key[0],
            function=key[1],
            description=tests[key].description,
            hidden=tests[key].hidden,
            passed=passed[key],
            run=run[key],
        )
        for key in hard[:MAX_LIST_ROWS]
    )


def _hints(results):
    given = Counter()
    for result in results:
        for exercise in result.exercises:
            failed = [test for test in exercise.tests if test.hint and test.status != "passed"]
            given.update({(exercise.exercise, test.function, test.hint) for test in failed})
    ordered = sorted(given.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Hint(*key, students) for key, students in ordered[:MAX_LIST_ROWS])
