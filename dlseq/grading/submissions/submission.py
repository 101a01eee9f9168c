"""One student's submission: the files that answer exercises, read out of its entries."""

import hashlib
import io
from dataclasses import dataclass, field

from dlseq.errors import DataError
from dlseq.grading.results import Identity
from dlseq.grading.sanitize import for_message
from dlseq.grading.submissions.archives import list_archive
from dlseq.grading.submissions.entries import Entry, in_archive, parse_entries
from dlseq.grading.submissions.grouping import Group
from dlseq.grading.submissions.limits import MAX_ARCHIVE_BYTES, SUBMISSION_LIMITS, max_file_bytes
from dlseq.grading.submissions.listing import HAND_IN_FILES_ALONE
from dlseq.grading.submissions.selection import ignored_notes, misnamed_notes, select_file
from dlseq.grading.submissions.source import cells_of
from dlseq.grading.worker.ipython_cells import is_cell_name

__all__ = ["Submission", "read_submission"]

MAX_ARCHIVES = 5  # opened for one submission


@dataclass(frozen=True)
class Submission:
    """The code that one student has handed in.

    Attributes:
        student: name of the file or folder, or as a platform has it; safe as a file name and unique in the run.
        source: path that it was read from, for messages.
        cells: exercise -> (name, text) of each piece of its code (`source.read_cells`). An exercise that is
            neither here nor in `problems` was not handed in.
        problems: exercise -> a sentence for the student, where a file cannot be read.
        digests: exercise -> SHA-256 of its file as it was handed in, as far as its bytes could be read.
        notes: sentences for the student on files that were ignored, and why.
        identity: its people, for gradebooks.
        class_notes: sentences on members of the archive of a class, which are no student's business.
    """

    student: str
    source: str
    cells: dict
    problems: dict
    digests: dict
    notes: tuple
    identity: Identity = field(default_factory=Identity)
    class_notes: tuple = ()

    @property
    def all_notes(self) -> tuple:
        """The sentences for the student, and those on the archive of the class."""
        return self.notes + self.class_notes


@dataclass(frozen=True)
class _FileContent:
    """Code of one file, or the problem with it; the digest and size of its bytes, as far as they could be read."""

    cells: tuple | None = None
    problem: str = ""
    digest: str = ""
    size: int = 0


def read_submission(group: Group, place: str, exercises: list[str], open_archives: bool = True) -> Submission:
    """Read the files of one submission that answer exercises, and no others.

    Args:
        group: its entries.
        place: path that they were read from, for messages.
        exercises: names of the exercises to grade.
        open_archives: whether archives in it are opened, for exercises that are not found beside them.
    """
    source = f"{place}: {for_message(group.place)}" if group.place else place
    if len(group.entries) > SUBMISSION_LIMITS.members:
        reason = f"the submission holds more than {SUBMISSION_LIMITS.members:,} files{HAND_IN_FILES_ALONE}"
        problems = dict.fromkeys(exercises, reason)
        return Submission(group.student, source, {}, problems, {}, group.notes, group.identity)
    entries, selections, obstacles = _select_files(group.entries, exercises, open_archives)
    cells, problems, digests, free_bytes = {}, {}, {}, MAX_ARCHIVE_BYTES
    for exercise, selection in selections.items():
        if selection.entry:
            content = _read_file(exercise, selection.entry, min(max_file_bytes(selection.entry.name), free_bytes))
            free_bytes -= content.size
        else:
            reasons = [selection.problem, *obstacles, *misnamed_notes(exercise, entries)]
            content = _FileContent(problem=next(filter(None, reasons), ""))
        if content.cells is not None:
            cells[exercise] = content.cells
        if content.problem:
            problems[exercise] = content.problem
        if content.digest:
            digests[exercise] = content.digest
    return Submission(
        student=group.student,
        source=source,
        cells=cells,
        problems=problems,
        digests=digests,
        notes=group.notes + ignored_notes(entries, list(selections.values()), exercises),
        identity=group.identity,
    )


def _select_files(entries, exercises, open_archives):
    """Select a file for each exercise.

    Returns:
        All entries, also those of opened archives; exercise -> `Selection`; and sentences on entries that may hide
        further files.
    """
    entries = list(entries)
    obstacles = [_unreadable(entry, entry.refused) for entry in entries if entry.may_hide_code]
    selections = {exercise: select_file(exercise, entries, exercises) for exercise in exercises}
    archives = [entry for entry in entries if entry.read and entry.is_archive and _may_answer(entry, selections)]
    if not archives:
        return entries, selections, obstacles
    if not open_archives:
        return entries, selections, obstacles + [_nested(archive) for archive in archives]
    inner, problems = _open_archives(archives, exercises)
    obstacles += problems
    if len(inner) > SUBMISSION_LIMITS.members:
        reason = f"its archives hold more than {SUBMISSION_LIMITS.members:,} files{HAND_IN_FILES_ALONE}"
        return entries, selections, [reason]
    for exercise, selection in selections.items():
        newer = [entry for entry in inner if not selection or entry.attempt > _attempt(selection)]
        selections[exercise] = select_file(exercise, newer, exercises) or selection
    return entries + inner, selections, obstacles


def _may_answer(archive, selections):
    """Return True for an archive that may hold an answer which is missing beside it, or older."""
    return any(not selection or archive.attempt > _attempt(selection) for selection in selections.values())


def _attempt(selection):
    """Return the number of the attempt of a selection; where two files are left, no archive is newer."""
    return selection.entry.attempt if selection.entry else float("inf")


def _open_archives(archives, exercises):
    """Return the entries of archives, and sentences on what could not be opened."""
    inner, problems = [], []
    if len(archives) > MAX_ARCHIVES:
        problems.append(f"there are more than {MAX_ARCHIVES} archives{HAND_IN_FILES_ALONE}")
    for archive in archives[:MAX_ARCHIVES]:
        try:
            members = list_archive(io.BytesIO(archive.read(MAX_ARCHIVE_BYTES)), SUBMISSION_LIMITS)
        except DataError as error:
            problems.append(_unreadable(archive, error))
            continue
        for entry in parse_entries(members, exercises):
            entry = in_archive(entry, archive)
            if entry.read and entry.is_archive:
                problems.append(_nested(entry))
            inner.append(entry)
    return inner, problems


def _read_file(exercise: str, entry: Entry, max_bytes: int) -> _FileContent:
    if entry.refused:
        return _FileContent(problem=_unreadable(entry, entry.refused))
    try:
        data = entry.read(max_bytes)
    except DataError as error:
        return _FileContent(problem=_unreadable(entry, error))
    digest = hashlib.sha256(data).hexdigest()
    try:
        cells = cells_of(for_message(entry.path), data)
    except DataError as error:
        return _FileContent(problem=str(error), digest=digest, size=len(data))
    cells = tuple((name if is_cell_name(name) else f"{exercise}.py", text) for name, text in cells)
    return _FileContent(cells, digest=digest, size=len(data))


def _unreadable(entry, reason):
    return f"{for_message(entry.path)} cannot be read: it {reason}"


def _nested(entry):
    return f"{for_message(entry.path)} is an archive within an archive; hand in the files alone"
