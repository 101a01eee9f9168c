"""Whether what lies in a folder or archive is one submission or those of a class, and which file is whose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dlseq.errors import DataError, DlseqError
from dlseq.grading.submissions.filenames import (
    Delivery,
    answer_in,
    delivery_in,
    gradescope_students,
    is_source,
    is_stray,
)
from dlseq.grading.submissions.listing import METADATA, Member, is_archive
from dlseq.grading.submissions.source import LARGEST
from dlseq.grading.submissions.student_names import shown

__all__ = ["OWN_FOLDER", "Group", "delivered", "group_members", "stem"]

OWN_FOLDER = "exercises"  # of the course, as students receive it
UNKNOWN = "*"  # in the place of an exercise: it may be any


@dataclass(frozen=True)
class Group:
    """The members of one submission.

    Attributes:
        student: as the folder, the file or the platform has it, not yet cleaned.
        members: with paths from the submission's own folder.
        place: within the folder or archive that was named, for people; empty where it is all of it.
        platform_id: see `dlseq.grading.submissions.submission.Submission`.
        notes: what there is to say already.
    """

    student: str
    members: tuple[Member, ...]
    place: str = ""
    platform_id: str = ""
    notes: tuple[str, ...] = ()


def group_members(name: str, place: str, members: Sequence[Member], exercises: Sequence[str]) -> list[Group]:
    """Tells one submission from a class, by the rules of `dlseq.grading.submissions.read.read_submissions`.

    Args:
        name: of the student, should it be one submission.
        place: the folder or archive, for messages.
        members: all that is in it.
        exercises: names of those that are asked for.

    Returns:
        One group for each submission.

    Raises:
        DlseqError: it could be both, or there is nothing to grade.
    """
    tops = _by_top(members)
    if deliveries := {top: found for top in tops if (found := delivery_in(top))}:
        return _delivered(place, tops, deliveries)
    whole = Group(name, tuple(members))
    if _answers(tops.get(OWN_FOLDER, ()), exercises):
        return [whole]
    exact, units = _units(tops, exercises)
    useful = [unit for unit in units if unit.answers]
    overlap = _overlap(unit.answers for unit in useful)
    if exact:
        rivals = [unit.student for unit in units if _answers(unit.members, exercises, any_name=False)]
        if len(rivals) > 1:
            raise _unclear(place, f"{shown(exact[0])} beside those of {_listed(rivals)}")
        return [whole]
    if not useful:
        raise DlseqError(
            f"expected {place} to hold {' or '.join(f'{one}.py' for one in exercises)} (or .ipynb), or a folder, an "
            f"archive or such a file for each student; found {_listed(tops) or 'nothing'}; name another place"
        )
    if len(useful) == 1 and useful[0].loose:
        return [whole]
    if len(units) == 1 and not useful[0].archive:
        return _within(useful[0], place, exercises)
    if len(units) > 1 and not overlap:
        raise _unclear(place, f"{_listed(unit.student for unit in units)}, no two with an answer to the same exercise")
    return [unit.group() for unit in units]


@dataclass
class _Unit:
    """What could be the submission of one student: a folder, an archive, or files that begin alike."""

    student: str
    place: str
    members: list
    answers: set
    loose: bool = False
    archive: bool = False

    def group(self):
        return Group(self.student, tuple(self.members), self.place)


def _by_top(members: Iterable[Member]) -> dict[str, list[Member]]:
    tops = {}
    for member in members:
        tops.setdefault(member.parts[0], []).append(member)
    return tops


def _is_folder(members):
    """A link or a device without a suffix may have been meant as one."""
    first = members[0]
    return first.folder or len(first.parts) > 1 or (first.hides and not is_archive(first.name))


def _units(tops, exercises):
    """Names of files that are called as the exercises are, and what could be a submission each."""
    exact, units, loose = [], [], {}
    for top, members in tops.items():
        if _is_folder(members):
            units.append(_Unit(top, top, _below(members), _answers(members, exercises)))
        elif is_archive(top):
            units.append(_Unit(stem(top), top, members, {UNKNOWN}, archive=True))
        elif is_source(top) and not is_stray(top):
            answer = answer_in(top, exercises)
            if answer is not None and not answer.before:
                exact += [top] if answer.exercise in exercises else []
                continue
            student = stem(top) if answer is None else answer.before
            unit = loose.setdefault(student.casefold(), _Unit(student, student, [], set(), loose=True))
            unit.members += members
            unit.answers |= _answers(members, exercises)
    return exact, [*units, *loose.values()]


def _answers(members, exercises, any_name=True):
    """The exercises that files answer, by their names; of any name, where there is only one exercise."""
    answers = set()
    for member in members:
        if member.hides:
            answers.add(UNKNOWN)
        elif member.folder:
            continue
        elif is_archive(member.name):
            answers.add(UNKNOWN)
        elif is_source(member.name) and not is_stray(member.name):
            answer = answer_in(member.name, exercises)
            if answer is None and any_name and len(exercises) == 1:
                answers.add(exercises[0])
            elif answer is not None and answer.exercise in exercises:
                answers.add(answer.exercise)
    return answers


def _overlap(all_answers):
    """Whether two have an answer to the same exercise, or may have."""
    seen = set()
    for answers in all_answers:
        if seen & answers or (seen and UNKNOWN in answers | seen):
            return True
        seen |= answers
    return False


def _below(members):
    """The members of a folder as seen from there; a folder that is refused stays."""
    kept = [replace(member, parts=member.parts[1:]) for member in members if len(member.parts) > 1]
    return [member for member in members if len(member.parts) == 1 and member.refused] + kept


def _within(unit, place, exercises):
    """A folder that is alone is one submission, or holds those of a class."""
    inner = [member for member in unit.members if not member.hides]
    try:
        groups = group_members(unit.student, f"{place}/{shown(unit.place)}", inner, exercises)
    except DlseqError:
        if len(inner) == len(unit.members):
            raise
        groups = []
    if len(groups) < 2 and not any(group.platform_id for group in groups):
        return [unit.group()]
    return [replace(group, place="/".join(filter(None, (unit.place, group.place)))) for group in groups]


def _delivered(place, tops, deliveries):
    """Puts together what a platform has taken apart."""
    names = gradescope_students(_metadata(tops.get(METADATA)))
    others = [top for top in tops if top not in deliveries and top != METADATA]
    meant = [top for top in others if _is_folder(tops[top]) or is_archive(top) or is_source(top)]
    if meant:
        first = next(iter(deliveries.values()))
        raise _unclear(place, f"names by {first.platform}, and others ({_listed(meant)})")
    groups = {}
    for top, found in deliveries.items():
        found = replace(found, student=names.get(top, found.student))
        members = _below(tops[top]) if _is_folder(tops[top]) else [delivered(tops[top][0], found)]
        key = found.platform, found.student, found.platform_id
        groups.setdefault(key, []).append((top, found, members))
    return [_gathered(parts) for parts in groups.values()]


def _gathered(parts):
    _, found, _ = parts[0]
    members = [member for _, _, inner in parts for member in inner]
    late = any(one.late for _, one, _ in parts)
    place = parts[0][0] if len(parts) == 1 else f"{len(parts)} files of {found.student}"
    notes = (f"{found.platform} has marked it as late.",) if late else ()
    return Group(found.student, tuple(members), place, found.platform_id, notes)


def delivered(member: Member, found: Delivery) -> Member:
    """The member with the name that the student gave it."""
    return replace(member, parts=(found.rest or member.name,), number=found.number)


def _metadata(members):
    if not members or members[0].read is None:
        return ""
    try:
        return members[0].read(LARGEST).decode("utf-8", "replace")
    except DataError:
        return ""


def _unclear(place, found):
    return DlseqError(
        f"expected {place} to be one submission, or to hold a folder, archive or file for each student, found {found}; "
        "give each student a folder, or name the submissions one by one"
    )


def _listed(names):
    names = [shown(name) for name in names]
    return ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")


def stem(name: str) -> str:
    """The name of a file without its suffix, or without both of a `.tar.gz`.

    Example:
        >>> stem("ada.tar.gz"), stem("ada.b.py")
        ('ada', 'ada.b')
    """
    base = name.rpartition(".")[0] or name
    return base[:-4] if is_archive(name) and base.lower().endswith(".tar") else base
