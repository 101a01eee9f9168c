"""Entries of a listing: files and folders whose names have been parsed, once for all that follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dlseq.errors import DataError
from dlseq.grading.submissions.filenames import (
    ExerciseFileName,
    is_code_file,
    is_excluded,
    parse_exercise_file_name,
)
from dlseq.grading.submissions.limits import MAX_CODE_BYTES
from dlseq.grading.submissions.listing import ArchiveMember, is_archive
from dlseq.grading.submissions.platforms.upload import Download, Upload

__all__ = ["Entry", "below", "by_top", "download_of", "in_archive", "is_folder", "parse_entries", "uploaded"]


@dataclass(frozen=True)
class Entry(ArchiveMember):
    """A file or folder with its name parsed.

    Attributes:
        exercise_file: parts of its name, if it is that of an exercise.
        number: upload number of a platform; larger is newer, 0 if there is none.
        attempt: number of the attempt, likewise.
        uploaded_as: its path in the download, where a platform has changed its name; else empty.
    """

    exercise_file: ExerciseFileName | None = None
    number: int = 0
    attempt: int = 0
    uploaded_as: str = ""

    @property
    def shown(self) -> str:
        """Path for messages, which no other entry of the submission has."""
        return self.uploaded_as or self.path

    @property
    def is_archive(self) -> bool:
        return is_archive(self.name)

    @property
    def is_code(self) -> bool:
        """It is a script or notebook that may answer an exercise."""
        return is_code_file(self.name) and not is_excluded(self.name)

    @property
    def exercise(self) -> str | None:
        """Name of the exercise in its file name."""
        return self.exercise_file.exercise if self.exercise_file else None

    @property
    def suffix(self) -> str:
        """Suffix of its name in lower case, ".py"."""
        return self.name[self.name.rindex(".") :].lower()


def parse_entries(members: Iterable[ArchiveMember], exercises: Sequence[str]) -> list[Entry]:
    """Parse the names of the members of a listing.

    Args:
        members: of a folder or archive.
        exercises: names of exercises, besides those of the course.

    Returns:
        An `Entry` for each of them.
    """
    return [Entry(**vars(member), exercise_file=parse_exercise_file_name(member.name, exercises)) for member in members]


def in_archive(entry: Entry, archive: Entry) -> Entry:
    """Return an entry of an archive as one of the submission that holds the archive."""
    uploaded_as = f"{archive.uploaded_as}/{entry.path}" if archive.uploaded_as else ""
    return replace(
        entry,
        parts=(*archive.parts, *entry.parts),
        number=archive.number,
        attempt=archive.attempt,
        uploaded_as=uploaded_as,
    )


def uploaded(entry: Entry, upload: Upload, top: str, exercises: Sequence[str]) -> Entry:
    """Return an entry of an upload as the student knows it: a file under its former name, others without the folder.

    Args:
        entry: with its path from the upload's folder, or the uploaded file.
        upload: parts of the name at the top.
        top: that name.
        exercises: names of exercises, besides those of the course.
    """
    if upload.file_name:
        exercise_file, parts = parse_exercise_file_name(upload.file_name, exercises), (upload.file_name,)
        entry, uploaded_as = replace(entry, parts=parts, exercise_file=exercise_file), top
    else:
        uploaded_as = f"{top}/{entry.path}" if upload.attempt else ""
    return replace(entry, number=upload.number, attempt=upload.attempt, uploaded_as=uploaded_as)


def by_top(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return name at the top -> the entry of that name, and those below it."""
    tops = {}
    for entry in entries:
        tops.setdefault(entry.parts[0], []).append(entry)
    return tops


def is_folder(entries: Sequence[Entry]) -> bool:
    """Return True for a folder, and for a link or device without a suffix, which may stand for one."""
    first = entries[0]
    return first.folder or len(first.parts) > 1 or (first.may_hide_code and not first.is_archive)


def below(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries of a folder with paths from there; a refused folder itself stays."""
    inner = [replace(entry, parts=entry.parts[1:]) for entry in entries if len(entry.parts) > 1]
    return [entry for entry in entries if len(entry.parts) == 1 and entry.refused] + inner


def download_of(tops: Mapping[str, Sequence[Entry]]) -> Download:
    """Return the names at the top with the names of folders in them, and functions to read files."""
    folders = {top: _folders_below(entries) for top, entries in tops.items() if is_folder(entries)}
    files = {top: _text_reader(entries[0]) for top, entries in tops.items() if top not in folders}
    return Download(folders, files)


def _folders_below(entries):
    """Return name -> names within it, of the folders in a folder."""
    folders = {}
    for entry in entries:
        if len(entry.parts) > 2 or (len(entry.parts) == 2 and entry.folder):
            folders.setdefault(entry.parts[1], set()).update(entry.parts[2:3])
    return folders


def _text_reader(entry):
    def read():
        try:
            return entry.read(MAX_CODE_BYTES).decode("utf-8", "replace") if entry.read else ""
        except DataError:
            return ""

    return read
