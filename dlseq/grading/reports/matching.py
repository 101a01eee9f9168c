"""Whose submission is whose row: surely, or not at all."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dlseq.grading.reports.roster import Roster, Student, name_key
from dlseq.grading.results import SubmissionResult

__all__ = ["Matching", "Unmatched", "match"]


@dataclass(frozen=True)
class Unmatched:
    """A result that is nobody's.

    Attributes:
        result: it.
        reason: a few words.
    """

    result: SubmissionResult
    reason: str


@dataclass(frozen=True)
class Matching:
    """Rows of a gradebook, with what was handed in.

    Attributes:
        rows: students, in the order of the roster, with their results; None where nothing was handed in.
        unmatched: the results that are in none of them.
    """

    rows: tuple[tuple[Student, SubmissionResult | None], ...]
    unmatched: tuple[Unmatched, ...] = ()


def match(results: Sequence[SubmissionResult], roster: Roster | None) -> Matching:
    """Finds the student of each result by the platform's id, login, address or name.

    A platform's id decides among people of the same name. Where more than one student fits, where id and name say
    different things, and where several submissions fit one student, none of them is matched.

    Args:
        results: of submissions.
        roster: the class; None for a row for each result.

    Returns:
        The rows, and who is in none.

    Example:
        >>> roster = Roster("canvas", (Student("Lovelace, Ada", "1"), Student("Byron, Anne", "2")))
        >>> ada, eve = (SubmissionResult(name, "", "sandbox", ()) for name in ("ada_lovelace", "eve"))
        >>> matching = match([ada, eve], roster)
        >>> [result and result.student for _, result in matching.rows], matching.unmatched[0].reason
        (['ada_lovelace', None], 'nobody in the roster has this name or id')
    """
    if roster is None:
        return Matching(tuple((_student_of(result), result) for result in results))
    by_id, by_name = defaultdict(set), defaultdict(set)
    for index, student in enumerate(roster.students):
        for one in student.ids:
            by_id[one].add(index)
        for one in student.name_keys:
            by_name[one].add(index)
    has_ids = any(student.id for student in roster.students)
    claims, unmatched = defaultdict(list), []
    for result in results:
        found = _find(result, by_id, by_name, has_ids)
        if isinstance(found, str):
            unmatched.append(Unmatched(result, found))
        else:
            claims[found].append(result)
    for several in claims.values():
        if len(several) > 1:
            unmatched += [Unmatched(one, "several submissions fit one student of the roster") for one in several]
    alone = {index: several[0] for index, several in claims.items() if len(several) == 1}
    rows = tuple((student, alone.get(index)) for index, student in enumerate(roster.students))
    order = {id(result): place for place, result in enumerate(results)}
    return Matching(rows, tuple(sorted(unmatched, key=lambda one: order[id(one.result)])))


def _find(result, by_id, by_name, has_ids):
    """The index of the student, or the reason why there is none."""
    said = by_id.get(result.student.strip().casefold(), set()) | by_name.get(name_key(result.student), set())
    given = by_id.get(result.platform_id.strip().casefold(), set()) if result.platform_id else set()
    if len(given) > 1 or (not given and len(said) > 1):
        return "several students of the roster fit"
    if given:
        return next(iter(given)) if given <= said or not said else "its id and its name are of different students"
    if result.platform_id and has_ids:
        return "nobody in the roster has this id"
    return next(iter(said)) if said else "nobody in the roster has this name or id"


def _student_of(result):
    email = result.student if "@" in result.student else ""
    return Student(result.student, result.platform_id, email=email)
