"""Matching of submissions to the students of a roster; an uncertain match is no match."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dlseq.grading.reports.roster import Roster, Student, name_key
from dlseq.grading.results import SubmissionResult

__all__ = ["Matching", "Unmatched", "match_results"]

NUMBERED = re.compile(r"-\d{1,4}$")


@dataclass(frozen=True)
class Unmatched:
    """A result that matches no student.

    Attributes:
        result: the result.
        reason: a few words.
    """

    result: SubmissionResult
    reason: str


@dataclass(frozen=True)
class Matching:
    """Rows of a gradebook.

    Attributes:
        rows: students, in the order of the roster, with their results; None for students without a submission.
        unmatched: results that are in no row.
    """

    rows: tuple[tuple[Student, SubmissionResult | None], ...]
    unmatched: tuple[Unmatched, ...] = ()


def match_results(results: Sequence[SubmissionResult], roster: Roster | None) -> Matching:
    """Match results to students by platform id, login, email address or name.

    A platform id decides between students of the same name. A result is not matched if several students fit, if its id
    and its name do not fit the same student, or if several results fit one student.

    Args:
        results: of submissions.
        roster: students of the class; None for a row for each result.

    Example:
        >>> roster = Roster("canvas", (Student("Lovelace, Ada", "1"), Student("Byron, Anne", "2")))
        >>> ada, eve = (SubmissionResult(name, "", "sandbox", ()) for name in ("ada_lovelace", "eve"))
        >>> matching = match_results([ada, eve], roster)
        >>> [result and result.student for _, result in matching.rows], matching.unmatched[0].reason
        (['ada_lovelace', None], 'nobody in the roster has this name or id')
    """
    if roster is None:
        return Matching(tuple((_student_of(result), result) for result in results))
    index = _RosterIndex(roster)
    results_by_student, reasons = defaultdict(list), {}
    for number, result in enumerate(results):
        try:
            results_by_student[index.find(result)].append(number)
        except _NoMatch as error:
            reasons[number] = str(error)
    for numbers in results_by_student.values():
        if len(numbers) > 1:
            reasons.update(dict.fromkeys(numbers, "several submissions fit one student of the roster"))
    matched = {student: numbers[0] for student, numbers in results_by_student.items() if len(numbers) == 1}
    rows = [
        (student, results[matched[place]] if place in matched else None)
        for place, student in enumerate(roster.students)
    ]
    unmatched = [Unmatched(results[number], reason) for number, reason in sorted(reasons.items())]
    return Matching(tuple(rows), tuple(unmatched))


class _NoMatch(Exception):
    """No student of the roster fits; the message is the reason."""


class _RosterIndex:
    """Places of students in a roster by id and by name."""

    def __init__(self, roster):
        self.by_id, self.by_name = defaultdict(set), defaultdict(set)
        for place, student in enumerate(roster.students):
            for student_id in student.ids:
                self.by_id[student_id].add(place)
            for key in student.name_keys:
                self.by_name[key].add(place)
        self.has_platform_ids = any(student.id for student in roster.students)

    def find(self, result):
        """Return the place of the student of a result, or raise `_NoMatch`."""
        names = {result.student}
        if result.platform_id:  # students of one name are numbered, and the id tells them apart
            names.add(NUMBERED.sub("", result.student))
        by_name = set().union(*map(self._with_name, names))
        by_id = self._with_id(result.platform_id) if result.platform_id else set()
        if len(by_id) > 1 or (not by_id and len(by_name) > 1):
            raise _NoMatch("several students of the roster fit")
        if by_id and not by_id <= by_name:
            other = (
                "its id and its name are of different students" if by_name else "nobody has both its id and its name"
            )
            raise _NoMatch(other)
        if not by_id and result.platform_id and self.has_platform_ids:
            raise _NoMatch("nobody in the roster has this id")
        if not by_id and not by_name:
            raise _NoMatch("nobody in the roster has this name or id")
        return next(iter(by_id or by_name))

    def _with_name(self, name):
        return self._with_id(name) | self.by_name.get(name_key(name), set())

    def _with_id(self, text):
        return self.by_id.get(text.strip().casefold(), set())


def _student_of(result):
    email = result.student if "@" in result.student else ""
    return Student(result.student, result.platform_id, email=email)
