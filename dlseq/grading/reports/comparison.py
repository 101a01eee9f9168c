"""Comparison of the students of a class: attention maps by distance from the reference, and equal mistakes."""

from collections.abc import Sequence
from dataclasses import dataclass

from dlseq.grading.reports.attention_svg import AttentionMap, attention_map
from dlseq.grading.reports.grouped_tests import GroupedTest, group_by_function
from dlseq.grading.results import SubmissionResult, most_telling

__all__ = ["ALIKE_DISTANCE", "ClassMaps", "EqualMistake", "StudentMap", "class_maps", "equal_mistakes", "map_anchor"]

ALIKE_DISTANCE = 0.02  # below it a map looks like that of the reference
MAX_MISTAKES = 12  # groups of equal mistakes on a page


@dataclass(frozen=True)
class StudentMap:
    """The attention map of one student in one exercise.

    Attributes:
        number: of the student, from 1.
        position: of the exercise among the student's, from 1.
        student: name.
        map: the map, with that of the reference; None if the exercise was not run.
    """

    number: int
    position: int
    student: str
    map: AttentionMap | None

    @property
    def anchor(self) -> str:
        """Beginning of the ids of the two drawings on the page."""
        return map_anchor(self.number, self.position)


@dataclass(frozen=True)
class ClassMaps:
    """The attention maps of a class in one exercise.

    Attributes:
        exercise: name of the exercise.
        different: maps that differ from the reference's, the most different first.
        alike: maps that look like it.
        without: students whose submission did not compute a map.
    """

    exercise: str
    different: tuple[StudentMap, ...]
    alike: tuple[StudentMap, ...]
    without: tuple[StudentMap, ...]


@dataclass(frozen=True)
class EqualMistake:
    """Students who fail the same tests of a function with the same hint.

    Attributes:
        exercise: name of the exercise.
        function: graded function or class.
        tests: the tests that they fail.
        hint: of the recognized mistake, or of the most telling failure; else empty.
        recognized: True if the hint is about a recognized mistake.
        students: pairs (number of the student, name).
    """

    exercise: str
    function: str
    tests: tuple[GroupedTest, ...]
    hint: str
    recognized: bool
    students: tuple[tuple[int, str], ...]


def class_maps(students: Sequence[SubmissionResult]) -> list[ClassMaps]:
    """Compare the attention maps of a class with those of the reference, in exercises that have any.

    Args:
        students: results, in the order of their numbers.

    Example:
        >>> from dlseq.grading.results import ExerciseResult
        >>> reference = [[1.0, 0.0], [0.0, 1.0]]
        >>> drawn = {"ada": reference, "bob": [[0.5, 0.5], [0.5, 0.5]], "eve": [[0.0, 1.0], [1.0, 0.0]], "joe": None}
        >>> exhibits = {name: {"submission": rows, "reference": reference} for name, rows in drawn.items()}
        >>> [maps] = class_maps([
        ...     SubmissionResult(name, "", "sandbox", (ExerciseResult("rnn", 0.0, 7, exhibit=exhibit),))
        ...     for name, exhibit in exhibits.items()
        ... ])
        >>> [(shown.student, round(shown.map.distance, 3)) for shown in maps.different]
        [('eve', 1.0), ('bob', 0.558)]
        >>> [shown.student for shown in maps.alike], [shown.student for shown in maps.without]
        (['ada'], ['joe'])
    """
    by_exercise = {}
    for number, result in enumerate(students, 1):
        for position, exercise in enumerate(result.exercises, 1):
            drawn = attention_map(exercise.exhibit) if exercise.exhibit else None
            shown = StudentMap(number, position, result.student, drawn)
            by_exercise.setdefault(exercise.exercise, []).append(shown)
    return [_class_maps(name, maps) for name, maps in by_exercise.items() if any(shown.map for shown in maps)]


def map_anchor(number: int, position: int) -> str:
    """Return the beginning of the ids of two drawings: "m3-1" for the first exercise of the third student."""
    return f"m{number}-{position}"


def _class_maps(exercise, maps):
    drawn = [shown for shown in maps if shown.map and shown.map.distance is not None]
    drawn.sort(key=lambda shown: (-shown.map.distance, shown.number))
    return ClassMaps(
        exercise=exercise,
        different=tuple(shown for shown in drawn if shown.map.distance >= ALIKE_DISTANCE),
        alike=tuple(shown for shown in drawn if shown.map.distance < ALIKE_DISTANCE),
        without=tuple(shown for shown in maps if not shown.map or shown.map.distance is None),
    )


def equal_mistakes(students: Sequence[SubmissionResult]) -> list[EqualMistake]:
    """Group students who fail the same tests of a function with the same hint, the largest groups first.

    Functions that were not started are left out, and mistakes of one student alone. There are at most `MAX_MISTAKES`.

    Args:
        students: results, in the order of their numbers.

    Example:
        >>> from dlseq.grading.results import ExerciseResult, TestResult
        >>> def result(student, *hints):
        ...     tests = [
        ...         TestResult("rnn", "step", f"test_{n}", "", 1.0, "failed" if hint else "passed", hint=hint)
        ...         for n, hint in enumerate(hints)
        ...     ]
        ...     return SubmissionResult(student, "", "sandbox", (ExerciseResult("rnn", 2.0, 7, tuple(tests)),))
        >>> students = [result("ada", "Look.", ""), result("bob", "", "Look."), result("eve", "Look.", "")]
        >>> [(group.hint, [test.name for test in group.tests], group.students) for group in equal_mistakes(students)]
        [('Look.', ['test_0'], ((1, 'ada'), (3, 'eve')))]
    """
    groups = {}
    for number, result in enumerate(students, 1):
        for exercise in result.exercises:
            for function, tests in group_by_function(exercise.tests).items():
                failed = tuple(test for test in tests if test.status != "passed")
                telling = most_telling(case for test in failed for case in test.results)
                if not failed or all(case.status == "not started" for case in telling):
                    continue
                first = next((case for case in telling if case.hint), telling[0])
                key = (exercise.exercise, function, tuple(test.name for test in failed), first.hint, first.recognized)
                groups.setdefault(key, (failed, []))[1].append((number, result.student))
    mistakes = [
        EqualMistake(exercise, function, failed, hint, recognized, tuple(names))
        for (exercise, function, _, hint, recognized), (failed, names) in groups.items()
        if len(names) > 1
    ]
    return sorted(mistakes, key=lambda group: (-len(group.students), not group.recognized))[:MAX_MISTAKES]
