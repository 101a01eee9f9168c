"""Test results grouped for reports: the cases of a parametrized test as one test."""

from collections.abc import Iterable
from dataclasses import dataclass

from dlseq.grading.results import TestResult, earned, most_telling, possible

__all__ = ["FailureGroup", "GroupedTest", "group_by_function", "group_tests"]


@dataclass(frozen=True)
class FailureGroup:
    """Cases of a test that failed in the same way.

    Attributes:
        first: result of the first, or the most telling, case.
        cases: their names, such as "one column"; empty for a hidden test, since they could reveal its inputs.
        count: number of cases.
    """

    first: TestResult
    cases: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class GroupedTest:
    """One graded test with all its cases.

    Attributes:
        results: one for each case.

    Example:
        >>> passed = TestResult("rnn", "step", "test_state[a]", "The state.", 1.0, "passed")
        >>> failed = TestResult("rnn", "step", "test_state[b]", "The state.", 1.0, "failed", "a is wrong")
        >>> [test] = group_tests([passed, failed])
        >>> test.name, test.status, test.earned, test.failures[0].cases
        ('test_state', 'failed', 1.0, ('b',))
    """

    results: tuple[TestResult, ...]

    @property
    def name(self) -> str:
        return _base_name(self.results[0])

    @property
    def function(self) -> str:
        return self.results[0].function

    @property
    def description(self) -> str:
        """The tested property, in one line."""
        return self.results[0].property

    @property
    def hidden(self) -> bool:
        return any(result.hidden for result in self.results)

    @property
    def status(self) -> str:
        """Status of the first case that did not pass."""
        return next((result.status for result in self.results if result.status != "passed"), "passed")

    @property
    def earned(self) -> float:
        return earned(self.results)

    @property
    def possible(self) -> float:
        return possible(self.results)

    @property
    def passed(self) -> int:
        """Number of cases that passed."""
        return sum(result.status == "passed" for result in self.results)

    @property
    def failures(self) -> tuple[FailureGroup, ...]:
        """Cases that did not pass, grouped by hint, or by message where there is no hint; the most telling first."""
        alike = {}
        for result in most_telling(self.results):
            alike.setdefault((result.status, result.hint or result.message), []).append(result)
        failures = []
        for results in alike.values():
            cases = [result.test.split("[", 1)[1].removesuffix("]") for result in results if "[" in result.test]
            failures.append(FailureGroup(results[0], () if self.hidden else tuple(cases), len(results)))
        return tuple(failures)


def group_tests(results: Iterable[TestResult]) -> list[GroupedTest]:
    """Group results by test, in the order in which the tests first appear."""
    tests = {}
    for result in results:
        tests.setdefault((result.exercise, result.function, _base_name(result)), []).append(result)
    return [GroupedTest(tuple(cases)) for cases in tests.values()]


def group_by_function(results: Iterable[TestResult]) -> dict[str, list[GroupedTest]]:
    """Group tests by the function that they grade."""
    functions = {}
    for test in group_tests(results):
        functions.setdefault(test.function, []).append(test)
    return functions


def _base_name(result):
    """Return the name of a test without its case."""
    return result.test.split("[", 1)[0]
