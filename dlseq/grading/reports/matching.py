"""Matching of submissions to the students of a roster; an uncertain match is no match."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from dlseq.grading.reports.names import joined_orders, name_forms, name_words
from dlseq.grading.reports.roster import Roster, Student
from dlseq.grading.results import Identity, Person, SubmissionResult

__all__ = ["Matching", "Unmatched", "match_results"]

# Fields of a roster in which a value of a person may stand: a login is often the university's number
FIELDS = {"email": ("email", "login"), "login": ("login", "number", "email"), "number": ("number", "login")}
WORDS = {"id": "id", "email": "email address", "login": "login", "number": "number"}
GROUP_NAMERS = ("Canvas", "Blackboard", "Brightspace")  # name the submission of a group by the group
MIN_SHARED_LETTERS = 2  # of a word that two names share


@dataclass(frozen=True)
class Unmatched:
    """A result that is in no row, or a member of its group without a row.

    Attributes:
        result: the result.
        reason: a few words.
        person: the student.
    """

    result: SubmissionResult
    reason: str
    person: Person = field(default_factory=Person)


@dataclass(frozen=True)
class Matching:
    """Rows of a gradebook.

    Attributes:
        rows: students, in the order of the roster, with their results; None for students without a submission. The
            members of a group have the same result.
        unmatched: results of people who are in no row.
    """

    rows: tuple[tuple[Student, SubmissionResult | None], ...]
    unmatched: tuple[Unmatched, ...] = ()


def match_results(results: Sequence[SubmissionResult], roster: Roster | None) -> Matching:
    """Match the people of results to students by what a platform tells of them, or by a name, login or email address.

    An id counts on its own platform. Where an id, an email address, a login or a number fits a student, the name has to
    fit as well, if both sides tell one. A name alone counts if it fits one student. A student with another email
    address, or another id on the same platform, than the result tells is somebody else. Each member of a group has the
    result. Where several results fit one student, none is matched.

    Args:
        results: of submissions.
        roster: students of the class; None for a row for each person.

    Example:
        >>> roster = Roster("canvas", (Student("Lovelace, Ada", "1"), Student("Byron, Anne", "2")))
        >>> ada, eve = (SubmissionResult(name, "", "sandbox", ()) for name in ("ada_lovelace", "eve"))
        >>> matching = match_results([ada, eve], roster)
        >>> [result and result.student for _, result in matching.rows], matching.unmatched[0].reason
        (['ada_lovelace', None], 'nobody in the roster has this name')
    """
    if roster is None:
        return _without_roster(results)
    index = _RosterIndex(roster)
    claims_by_row, reasons = defaultdict(set), {}
    for claim in ((number, person) for number, result in enumerate(results) for person in _people(result)):
        try:
            claims_by_row[index.find(results[claim[0]].identity, claim[1])].add(claim)
        except _NoMatch as error:
            reasons[claim] = str(error)
    matched = {}
    for row, claims in claims_by_row.items():
        numbers = {number for number, _ in claims}
        if len(numbers) == 1:
            matched[row] = results[numbers.pop()]
        else:
            reasons.update(dict.fromkeys(claims, "several submissions fit one student of the roster"))
    rows = tuple((student, matched.get(row)) for row, student in enumerate(roster.students))
    lost = sorted(reasons.items(), key=lambda item: item[0][0])
    return Matching(rows, tuple(_unmatched(results[number], person, reason) for (number, person), reason in lost))


def _without_roster(results):
    """Return a row for each person whose submission it is without a doubt."""
    sure, doubtful = [], []
    for result in results:
        for person in _people(result):
            if result.identity.doubt:
                doubtful.append(_unmatched(result, person, result.identity.doubt))
            else:
                sure.append((_student_of(result, person), result))
    return Matching(tuple(sure), tuple(doubtful))


def _people(result):
    return result.identity.people or (Person(result.student),)


def _unmatched(result, person, reason):
    count = len(_people(result))
    return Unmatched(result, f"a group of {count}: {reason}" if count > 1 else reason, person)


def _student_of(result, person):
    """Return the row of a person without a roster."""
    email = person.email or (person.name if "@" in person.name else "")
    several = len(result.identity.people) > 1
    name = (person.name or email) if several else result.student
    return Student(name, result.identity.id, person.number, person.login, email)


class _NoMatch(Exception):
    """No student of the roster fits; the message is the reason."""


class _RosterIndex:
    """Rows of a roster by ids and by names."""

    def __init__(self, roster):
        self.students, self.platform = roster.students, roster.platform
        self.rows = {column: defaultdict(set) for column in ("id", "email", "login", "number", "form", "joined")}
        for row, student in enumerate(roster.students):
            keys = {
                "id": {student.platform_key},
                "form": name_forms(student.name),
                "joined": joined_orders(student.name),
            }
            keys |= {column: {_key(getattr(student, column))} for column in ("email", "login", "number")}
            for column, values in keys.items():
                for value in values - {""}:
                    self.rows[column][value].add(row)

    def find(self, identity: Identity, person: Person) -> int:
        """Return the row of a person, or raise `_NoMatch`."""
        if identity.doubt:
            raise _NoMatch(identity.doubt)
        if own := [name for name in identity.containers if self._named(name, True) | self._with(name, FIELDS)]:
            raise _NoMatch(f"it lies in {own[0]}, which is called as a student of the roster")
        if not identity.platform:
            return self._find_by_text(person.name)
        fitting = self._fitting(identity, person)
        if not fitting:
            return self._find_by_name(identity, person)
        rows = set.intersection(*fitting.values())
        if not rows:
            raise _NoMatch(f"its {' and its '.join(WORDS[column] for column in fitting)} are of different students")
        named = {row for row in rows if self._name_fits(row, identity, person, fitting)}
        if not named:
            word = WORDS[next(iter(fitting))]
            if self._named(person.name, squashed=True):
                raise _NoMatch(f"its {word} and its name are of different students")
            group = ", or it is a group" if identity.platform in GROUP_NAMERS else ""
            raise _NoMatch(f"nobody has both its {word} and its name{group}")
        row = _only(named, "")
        if not (person.name and self.students[row].name) and not self._is_enough(row, identity, person, fitting):
            raise _NoMatch("a login or number of another platform is not enough without a name")
        self._refuse_another(row, identity, person, {"id", "email"} - fitting.keys())
        return row

    def _find_by_text(self, text):
        """Return the row of a name by people, which may be a login, an email address or a number as well."""
        rows = self._named(text, squashed=True) | self._with(text, ("email", "login", "number"))
        by_id = self._with(text, ("id",))
        if rows or not by_id:
            return _only(rows | by_id, "nobody in the roster has this name")
        raise _NoMatch("it is an id, which counts in a download of its platform alone")

    def _find_by_name(self, identity, person):
        if not person.name:
            raise _NoMatch("the download tells no name, and nobody in the roster has its id")
        squashed = identity.platform == "Canvas"
        row = _only(self._named(person.name, squashed), "nobody in the roster has this name or id")
        self._refuse_another(row, identity, person, WORDS)
        return row

    def _is_enough(self, row, identity, person, fitting):
        """Return True if ids decide without a name: those of the roster's own platform, and email addresses."""
        same = identity.platform.casefold() == self.platform
        return bool(fitting.keys() & {"id", "email"}) or (same and _key(person.login) == _key(self.students[row].login))

    def _fitting(self, identity, person):
        """Return column -> rows, for each column of a person that fits a student."""
        rows = {column: self._with(getattr(person, column), columns) for column, columns in FIELDS.items()}
        if identity.platform.casefold() == self.platform:
            rows = {"id": self.rows["id"].get(_key(identity.id), set()), **rows}
        return {column: found for column, found in rows.items() if found}

    def _refuse_another(self, row, identity, person, fields):
        """Refuse a row which a name fits, but which has another id or email address than the download tells."""
        student, same = self.students[row], identity.platform.casefold() == self.platform
        pairs = {column: (getattr(person, column), getattr(student, column)) for column in FIELDS}
        pairs["id"] = identity.id, student.platform_key or next(iter(self.rows["id"]), "")
        pairs["email"] = person.email, student.email or (student.login if "@" in student.login else "")
        for column in fields:
            told, known = map(_key, pairs[column])
            if (same or column == "email") and told and known and told != known:
                raise _NoMatch(f"nobody in the roster has this {WORDS[column]}, and the name is not enough")

    def _named(self, name, squashed=False):
        """Return the rows that a name fits, also one whose words are joined."""
        rows = set().union(*(self.rows["form"].get(form, set()) for form in name_forms(name)))
        words = name_words(name) if squashed else ()
        return rows | self.rows["joined"].get(words[0], set()) if len(words) == 1 else rows

    def _with(self, value, fields):
        key = _key(value)
        return set().union(*(self.rows[column].get(key, set()) for column in fields)) if key else set()

    def _name_fits(self, row, identity, person, fitting):
        """Return True if a name is told by one side alone, or fits."""
        name = self.students[row].name
        if not name or not person.name or row in self._named(person.name, identity.platform == "Canvas"):
            return True
        if identity.platform == "Moodle":  # a group's name stands before the member's
            starts = [place + 1 for place, letter in enumerate(person.name) if letter == "-"]
            return any(row in self._named(person.name[start:]) for start in starts)
        shared = set(name_words(name)) & set(name_words(person.name))
        return "email" in fitting and any(len(word) >= MIN_SHARED_LETTERS for word in shared)


def _only(rows, reason):
    """Return the only row, or raise `_NoMatch`."""
    if len(rows) > 1:
        raise _NoMatch("several students of the roster fit")
    if not rows:
        raise _NoMatch(reason)
    return next(iter(rows))


def _key(text):
    return text.strip().casefold()
