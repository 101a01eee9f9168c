"""The cases of a parametrised test as one test, as a reader wants them."""

from collections.abc import Iterable
from dataclasses import dataclass

from dlseq.grading.results import TestResult, earned, possible

__all__ = ["Graded", "Outcome", "functions", "graded_tests"]


@dataclass(frozen=True)
class Outcome:
    """What came of one or several cases of a test that did not pass, and fail alike.

    Attributes:
        first: the record of the first of them.
        cases: their names, such as "one column"; empty for a hidden test, since they could tell of its inputs.
        count: how many.
    """

    first: TestResult
    cases: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Graded:
    """One graded test with all its cases.

    Attributes:
        records: one a case.

    Example:
        >>> one = TestResult("rnn", "step", "test_state[a]", "The state.", 1.0, "passed")
        >>> two = TestResult("rnn", "step", "test_state[b]", "The state.", 1.0, "failed", "a is wrong")
        >>> [graded] = graded_tests([one, two])
        >>> graded.name, graded.status, graded.earned, graded.outcomes[0].cases
        ('test_state', 'failed', 1.0, ('b',))
    """

    records: tuple[TestResult, ...]

    @property
    def name(self) -> str:
        return self.records[0].test.split("[", 1)[0]

    @property
    def function(self) -> str:
        return self.records[0].function

    @property
    def asked(self) -> str:
        """One line that says what was asked."""
        return self.records[0].property

    @property
    def hidden(self) -> bool:
        return any(record.hidden for record in self.records)

    @property
    def status(self) -> str:
        """That of its first case which did not pass."""
        return next((record.status for record in self.records if record.status != "passed"), "passed")

    @property
    def earned(self) -> float:
        return earned(self.records)

    @property
    def possible(self) -> float:
        return possible(self.records)

    @property
    def passed(self) -> int:
        """How many cases passed."""
        return sum(record.status == "passed" for record in self.records)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What did not pass: one for each hint or, where there is none, for each message."""
        alike = {}
        for record in self.records:
            if record.status != "passed":
                alike.setdefault((record.status, record.hint or record.message), []).append(record)
        outcomes = []
        for records in alike.values():
            names = [record.test.split("[", 1)[1].removesuffix("]") for record in records if "[" in record.test]
            outcomes.append(Outcome(records[0], () if self.hidden else tuple(names), len(records)))
        return tuple(outcomes)


def graded_tests(records: Iterable[TestResult]) -> list[Graded]:
    """The tests of an exercise, in the order in which they first appear."""
    tests = {}
    for record in records:
        tests.setdefault((record.exercise, record.function, record.test.split("[", 1)[0]), []).append(record)
    return [Graded(tuple(records)) for records in tests.values()]


def functions(records: Iterable[TestResult]) -> dict[str, list[Graded]]:
    """The tests by the function that they mark."""
    grouped = {}
    for test in graded_tests(records):
        grouped.setdefault(test.function, []).append(test)
    return grouped
