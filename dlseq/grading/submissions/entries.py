"""Entries of a listing: files and folders whose names have been parsed, once for all that follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dlseq.grading.submissions.filenames import (
    ExerciseFileName,
    Upload,
    is_code_file,
    is_excluded,
    parse_exercise_file_name,
)
from dlseq.grading.submissions.listing import ArchiveMember, is_archive

__all__ = ["Entry", "parse_entries", "restore_name"]


@dataclass(frozen=True)
class Entry(ArchiveMember):
    """A file or folder with its name parsed.

    Attributes:
        exercise_file: parts of its name, if it is that of an exercise.
        number: upload number of a platform; larger is newer, 0 if there is none.
    """

    exercise_file: ExerciseFileName | None = None
    number: int = 0

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


def parse_entries(members: Iterable[ArchiveMember], exercises: Sequence[str], number: int = 0) -> list[Entry]:
    """Parse the names of the members of a listing.

    Args:
        members: of a folder or archive.
        exercises: names of exercises, besides those of the course.
        number: upload number of the archive that holds them.

    Returns:
        An `Entry` for each of them.
    """
    return [
        Entry(**vars(member), exercise_file=parse_exercise_file_name(member.name, exercises), number=number)
        for member in members
    ]


def restore_name(entry: Entry, upload: Upload, exercises: Sequence[str]) -> Entry:
    """Return an uploaded file under the name that it had before the upload."""
    name = upload.file_name or entry.name
    return replace(entry, parts=(name,), exercise_file=parse_exercise_file_name(name, exercises), number=upload.number)
