"""Grouping of a listing's entries by student: one submission, or those of a class."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dlseq.errors import DlseqError
from dlseq.grading.results import Identity, Person
from dlseq.grading.sanitize import for_message
from dlseq.grading.submissions.entries import Entry, below, by_top, download_of, is_folder, uploaded
from dlseq.grading.submissions.filenames import is_code_file, strip_copy_of
from dlseq.grading.submissions.listing import is_archive
from dlseq.grading.submissions.platforms.nbgrader import SUBMITTED, submitted_by
from dlseq.grading.submissions.platforms.recognition import recognize
from dlseq.grading.submissions.platforms.upload import Upload

__all__ = ["COURSE_FOLDER", "Group", "group_entries", "late_notes", "stem"]

COURSE_FOLDER = "exercises"  # of the course, as students receive it
TESTS_FOLDER = "tests"
COURSE_FOLDERS = (COURSE_FOLDER, TESTS_FOLDER, "solutions")
ANY_EXERCISE = "*"  # stands for the exercises of an archive that has not been opened


@dataclass(frozen=True)
class Group:
    """The entries of one submission.

    Attributes:
        student: as the folder, the file or the platform has it, not yet sanitized.
        entries: with paths from the submission's own folder.
        place: path within the folder or archive, for messages; empty for all of it.
        identity: its people, for gradebooks; without a platform they are known by `student`.
        notes: sentences for the student.
    """

    student: str
    entries: tuple[Entry, ...]
    place: str = ""
    identity: Identity = field(default_factory=Identity)
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        if not self.identity.people and not self.identity.platform:
            object.__setattr__(self, "identity", Identity(people=(Person(self.student),)))

    def within(self, container: str) -> "Group":
        """Return the group as one of a class that lies in a folder or an archive."""
        containers = (container, *self.identity.containers)
        return replace(self, identity=replace(self.identity, containers=containers))


def group_entries(student: str, place: str, entries: Sequence[Entry], exercises: Sequence[str]) -> list[Group]:
    """Group entries by the rules of `dlseq.grading.submissions.read.read_submissions`.

    Args:
        student: name of the student, if it is one submission.
        place: the folder or archive, for messages.
        entries: everything in it.
        exercises: names of the exercises to grade.

    Returns:
        One group for each submission.

    Raises:
        DlseqError: it could be one submission or several, or there is nothing to grade.
    """
    tops = by_top(entries)
    if students := submitted_by(entry.parts for entry in entries if not entry.folder):
        return _group_submitted(tops, students)
    platform, uploads = recognize(download_of(tops), _relevant(tops))
    if platform:
        return _group_uploads(place, tops, platform, uploads, exercises)
    whole = Group(student, tuple(entries))
    if _is_course(tops, place, exercises):
        return [whole]
    exact, candidates = _candidates(tops, exercises)
    useful = [candidate for candidate in candidates if candidate.exercises]
    if exact:
        rivals = [
            candidate.student for candidate in candidates if _exercises_in(candidate.entries, exercises, any_name=False)
        ]
        if len(rivals) > 1:
            raise _ambiguous(place, f"{for_message(exact[0])} beside those of {_enumerate(rivals)}")
        return [whole]
    if not useful:
        names = " or ".join(f"{exercise}.py" for exercise in exercises)
        raise DlseqError(
            f"Nothing to grade in {place}. Expected {names} (or .ipynb), or a folder, an archive or such a file for "
            f"each student. Received: {_enumerate(tops) or 'nothing'}. Name another folder or archive."
        )
    if len(useful) == 1 and useful[0].loose:
        return [whole]
    if len(candidates) == 1 and not useful[0].archive:
        return _group_within(useful[0], place, exercises)
    if len(candidates) > 1 and not _overlap(candidate.exercises for candidate in useful):
        students = _enumerate(candidate.student for candidate in candidates)
        raise _ambiguous(place, f"{students}, no two with the same exercise")
    return [candidate.group() for candidate in candidates]


def late_notes(upload: Upload, late: bool) -> tuple[str, ...]:
    """Return the sentence on a late upload, if it is one."""
    return (f"{upload.identity.platform} has marked it as late.",) if late else ()


def stem(name: str) -> str:
    """Return a file's name without its suffix, or without both suffixes of a `.tar.gz`.

    Example:
        >>> stem("ada.tar.gz"), stem("ada.b.py")
        ('ada', 'ada.b')
    """
    base = name.rpartition(".")[0] or name
    return base[:-4] if is_archive(name) and base.lower().endswith(".tar") else base


@dataclass
class _Candidate:
    """A possible submission of one student: a folder, an archive, or files with the same prefix."""

    student: str
    place: str
    entries: list
    exercises: set
    loose: bool = False
    archive: bool = False

    def group(self):
        return Group(self.student, tuple(self.entries), self.place)


def _is_course(tops, place, exercises):
    """Return True for a copy of the course, and False for a class with a student of the name of its folder."""
    if not _exercises_in(tops.get(COURSE_FOLDER, ()), exercises):
        return False
    others = [
        top
        for top, entries in tops.items()
        if top not in COURSE_FOLDERS and is_folder(entries) and _exercises_in(entries, exercises, any_name=False)
    ]
    if len(others) == 1 and TESTS_FOLDER not in tops:
        raise _ambiguous(place, f"the folders {_enumerate([COURSE_FOLDER, *others])}")
    return len(others) < 2


def _candidates(tops, exercises):
    """Return the names of files that are called as an exercise is, and the possible submissions."""
    exact, candidates, loose = [], [], {}
    for top, entries in tops.items():
        if is_folder(entries):
            candidates.append(_Candidate(top, top, below(entries), _exercises_in(entries, exercises)))
        elif is_archive(top):
            candidates.append(_Candidate(stem(top), top, entries, {ANY_EXERCISE}, archive=True))
        elif entries[0].is_code:
            name = entries[0].exercise_file
            if name is not None and not name.prefix:
                exact += [top] if name.exercise in exercises else []
                continue
            student = strip_copy_of(stem(top)) if name is None else name.prefix
            candidate = loose.setdefault(student.casefold(), _Candidate(student, student, [], set(), loose=True))
            candidate.entries += entries
            candidate.exercises |= _exercises_in(entries, exercises)
    return exact, [*candidates, *loose.values()]


def _exercises_in(entries, exercises, any_name=True):
    """Return the exercises of files by their names; if one exercise alone is graded, a file of any name is its."""
    found = set()
    for entry in entries:
        if entry.may_hide_code or (entry.is_archive and not entry.folder):
            found.add(ANY_EXERCISE)
        elif entry.is_code and not entry.folder:
            if entry.exercise is None and any_name and len(exercises) == 1:
                found.add(exercises[0])
            elif entry.exercise in exercises:
                found.add(entry.exercise)
    return found


def _overlap(exercise_sets):
    """Return True if two of the sets share an exercise, or may share one."""
    union = set()
    for exercises in exercise_sets:
        if union & exercises or (union and ANY_EXERCISE in exercises | union):
            return True
        union |= exercises
    return False


def _group_within(candidate, place, exercises):
    """Group the entries of a folder that stands alone: it is one submission, or holds those of a class."""
    inner = [entry for entry in candidate.entries if not entry.may_hide_code]
    inner_place = f"{place}/{for_message(candidate.place)}"
    try:
        groups = group_entries(candidate.student, inner_place, inner, exercises)
    except DlseqError:
        if len(inner) == len(candidate.entries):
            raise
        groups = []
    by_platform = [group.identity.platform for group in groups if group.identity.platform]
    if by_platform and not _packs(inner, candidate.student):
        raise DlseqError(
            f"Cannot tell one submission from several in {place}. Expected names of students. Received: the folder "
            f"{for_message(candidate.place)} alone, with names by {by_platform[0]} in it, which a student could have "
            f"chosen. Name {inner_place} if it is the download."
        )
    if len(groups) < 2 and not by_platform:
        return [candidate.group()]
    return [
        replace(group.within(candidate.student), place="/".join(filter(None, (candidate.place, group.place))))
        for group in groups
    ]


def _packs(entries, folder):
    """Return True if the platform of a download writes a folder of this name around it."""
    tops = by_top(entries)
    platform, _ = recognize(download_of(tops), _relevant(tops))
    return platform is not None and platform.wrapper is not None and platform.wrapper.fullmatch(folder) is not None


def _relevant(tops):
    """Return the names that could be submissions."""
    return [top for top, entries in tops.items() if is_folder(entries) or is_archive(top) or is_code_file(top)]


def _group_submitted(tops, students):
    """Group nbgrader's `submitted/STUDENT/ASSIGNMENT/`; its other folders hold nothing of the students' own."""
    entries_by_student = {student: [] for student in students}
    for entry in below(tops[SUBMITTED]):
        if entry.parts[0] in entries_by_student and len(entry.parts) > 2:
            entries_by_student[entry.parts[0]].append(replace(entry, parts=entry.parts[1:]))
    return [Group(student, tuple(entries), f"{SUBMITTED}/{student}") for student, entries in entries_by_student.items()]


def _group_uploads(place, tops, platform, uploads, exercises):
    """Group the files and folders of a platform's download by student."""
    if others := [top for top in _relevant(tops) if top not in uploads]:
        raise _ambiguous(place, f"names by {platform.name}, and others ({_enumerate(others)})")
    by_student = {}
    for top, upload in uploads.items():
        files = tops[top][:1] if upload.file_name else []  # those of the platform's own answer nothing
        entries = below(tops[top]) if is_folder(tops[top]) else files
        entries = [uploaded(entry, upload, top, exercises) for entry in entries]
        by_student.setdefault((upload.student, upload.identity), []).append((top, upload, entries))
    return [_merge_uploads(parts) for parts in by_student.values()]


def _merge_uploads(parts):
    top, upload, _ = parts[0]
    return Group(
        student=upload.student,
        entries=tuple(entry for _, _, entries in parts for entry in entries),
        place=top if len(parts) == 1 else f"{len(parts)} files of {upload.student}",
        identity=upload.identity,
        notes=late_notes(upload, any(part.late for _, part, _ in parts)),
    )


def _ambiguous(place, received):
    return DlseqError(
        f"Cannot tell one submission from several in {place}. Expected one submission, or a folder, an archive or a "
        f"file for each student. Received: {received}. Give each student a folder, or name the submissions one by one."
    )


def _enumerate(names):
    names = [for_message(name) for name in names]
    return ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
