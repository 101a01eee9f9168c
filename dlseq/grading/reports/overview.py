"""What a class did, in numbers: how the points spread, which tests were hard, which hints were given."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from dlseq.course.exercises import EXERCISES
from dlseq.grading.reports.grouped_tests import graded_tests
from dlseq.grading.results import SubmissionResult

__all__ = ["ExerciseOverview", "HardTest", "Hint", "Overview", "overview", "title_of"]

BINS = 10
LONGEST = 8  # rows of the lists of tests and hints


@dataclass(frozen=True)
class ExerciseOverview:
    """One exercise, over all who were asked for it.

    Attributes:
        name: of the exercise.
        title: a line for people.
        possible: points.
        mean: of the points earned.
        median: of the points earned.
        complete: how many have all points.
        not_run: how many had nothing that could be run.
        bins: how many earned 0 to 10 %, 10 to 20 %, and so on; the last holds 100 %.
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
    """A test, the function and exercise that it marks, and how many passed all its cases, of those it was run on."""

    exercise: str
    function: str
    asked: str
    hidden: bool
    passed: int
    run: int


@dataclass(frozen=True)
class Hint:
    """A hint, the function and exercise that it was given for, and how many received it."""

    exercise: str
    function: str
    text: str
    students: int


@dataclass(frozen=True)
class Overview:
    """A class.

    Attributes:
        count: of submissions.
        possible: points of all exercises.
        mean: of the points earned in all exercises.
        median: of the points earned in all exercises.
        complete: how many have all points.
        not_run: how many had an exercise of which nothing could be run.
        bins: as in `ExerciseOverview`.
        exercises: in the order of the course.
        hardest: the tests that the fewest passed, hardest first; none that all passed.
        hints: those that the most received, most frequent first.
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
    """Adds up a class.

    Args:
        results: of submissions, at least one.

    Returns:
        The `Overview`.

    Example:
        >>> from dlseq.grading.results import TestResult
        >>> from dlseq.grading.results import ExerciseResult
        >>> def result(student, status):
        ...     record = TestResult("rnn", "step", "test_a", "The state.", 10.0, status, hint="Look.")
        ...     return SubmissionResult(student, "", "sandbox", (ExerciseResult("rnn", 10.0, 7, (record,)),))
        >>> whole = overview([result("ada", "passed"), result("bob", "failed")])
        >>> whole.mean, whole.bins, whole.hardest[0].passed, whole.hints[0].students
        (5.0, (1, 0, 0, 0, 0, 0, 0, 0, 0, 1), 1, 1)
    """
    by_exercise = {}
    for result in results:
        for one in result.exercises:
            by_exercise.setdefault(one.exercise, []).append(one)
    exercises = []
    for name, several in by_exercise.items():
        exercises.append(
            ExerciseOverview(
                name=name,
                title=title_of(name),
                possible=max(one.possible for one in several),
                not_run=sum(not one.tests for one in several),
                **_spread(several),
            )
        )
    return Overview(
        count=len(results),
        possible=max(result.possible for result in results),
        not_run=sum(any(not one.tests for one in result.exercises) for result in results),
        exercises=tuple(exercises),
        hardest=_hardest(results),
        hints=_hints(results),
        **_spread(results),
    )


def title_of(name: str) -> str:
    """The title of an exercise, where the course has it."""
    return next((one.title for one in EXERCISES if one.name == name), "")


def _spread(several):
    bins = [0] * BINS
    for one in several:
        share = one.earned / one.possible if one.possible else 0.0
        bins[min(BINS - 1, max(0, int(share * BINS + 1e-9)))] += 1
    return {
        "mean": fmean(one.earned for one in several),
        "median": median(one.earned for one in several),
        "complete": sum(0 < one.possible <= one.earned + 1e-6 for one in several),
        "bins": tuple(bins),
    }


def _hardest(results):
    passed, run, tests = Counter(), Counter(), {}
    for result in results:
        for one in result.exercises:
            for test in graded_tests(one.tests):
                key = (one.exercise, test.function, test.name)
                tests.setdefault(key, test)
                run[key] += 1
                passed[key] += test.status == "passed"
    hard = sorted((key for key in tests if passed[key] < run[key]), key=lambda key: passed[key] / run[key])
    return tuple(
        HardTest(key[0], key[1], tests[key].asked, tests[key].hidden, passed[key], run[key]) for key in hard[:LONGEST]
    )


def _hints(results):
    given = Counter()
    for result in results:
        for one in result.exercises:
            given.update(
                {
                    (one.exercise, record.function, record.hint)
                    for record in one.tests
                    if record.hint and record.status != "passed"
                }
            )
    ordered = sorted(given.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Hint(*key, students) for key, students in ordered[:LONGEST])
