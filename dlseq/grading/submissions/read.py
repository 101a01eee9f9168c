"""Submissions read from files, folders, archives, and downloads of learning platforms. No code in them is run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from dlseq.course.exercises import Exercise
from dlseq.errors import DataError, DlseqError
from dlseq.grading.sanitize import for_message, unique_filenames
from dlseq.grading.submissions.archives import list_archive
from dlseq.grading.submissions.entries import parse_entries, uploaded
from dlseq.grading.submissions.filenames import ExerciseFileName, is_code_file, parse_exercise_file_name
from dlseq.grading.submissions.grouping import Group, group_entries, late_notes, stem
from dlseq.grading.submissions.limits import MAX_CODE_BYTES
from dlseq.grading.submissions.listing import (
    GRADESCOPE_METADATA,
    LINK,
    ArchiveMember,
    disk_reader,
    is_archive,
    list_folder,
    open_on_disk,
)
from dlseq.grading.submissions.platforms.nbgrader import SUBMITTED
from dlseq.grading.submissions.platforms.recognition import recognize
from dlseq.grading.submissions.platforms.upload import Download, Upload
from dlseq.grading.submissions.submission import Submission, read_submission

__all__ = ["read_submissions"]

MAX_OUTSIDE_NOTES = 5


def read_submissions(paths: Sequence[Path], exercises: Sequence[Exercise], single: bool = False) -> list[Submission]:
    """Read the submissions to grade.

    A file is one submission. In a single folder or archive the names at its top decide, in this order:

    1. Names by a learning platform (`dlseq.grading.submissions.platforms`), such as Canvas's
       `lovelaceada_12_345_name.py`: a class, grouped by student. Other scripts, folders or archives beside them are an
       error.
    2. A folder `exercises` with files of exercises: one submission, a copy of the course.
    3. A file named after an exercise (`language_model.py`, perhaps with a version): one submission. Files of exercises
       in two folders, archives or files of others as well are an error.
    4. Otherwise each folder, each archive, and the files with the same prefix (`ada_language_model.py`) could be a
       student. If two of them hold the same exercise, or could, it is a class. If only loose files do, with one prefix,
       it is one submission. A single folder is a submission, or is read by the same rules. All else is an error.

    Each of several paths is one submission, whatever it holds, but files that a platform took from the same
    student are put together. A class is thus graded by its folder, or as `class/*`.

    In a submission the file nearest to the top answers an exercise; a file named exactly after it comes before
    one with a prefix, and the newest of numbered versions before the others. If two are left, the submission has a
    problem that names both. If one exercise alone is graded, a script or notebook of any name answers it if it is the
    only one. For exercises that are not found in this way, archives in the submission are opened, unless they are in an
    archive that is one submission; archives within these never are.

    No symbolic link is followed. A path that is one is an error, and one of several paths costs itself alone.

    Args:
        paths: of files, folders and archives.
        exercises: the exercises to grade.
        single: read a single path as one submission, whatever it holds.

    Returns:
        One `Submission` for each student. One that cannot be read has problems.

    Raises:
        DlseqError: a path does not exist; or a single path cannot be read, has nothing to grade, or could be one
            submission or several.
    """
    paths, names = [Path(path) for path in paths], [exercise.name for exercise in exercises]
    if not paths:
        raise DlseqError("Nothing to grade. Expected files, folders or archives. Received: no path")
    for path in paths:
        if not _exists(path):
            raise DlseqError(f"Cannot grade {for_message(str(path))}: there is no such file or folder.")
    path_names = [path.name for path in paths]
    _, uploads = recognize(_download_of(paths), path_names)
    named = [_NamedPath.parse(path, names, uploads.get(path.name)) for path in paths]
    read = _read_single(named[0], names) if len(paths) == 1 and not single else _read_several(named, names)
    submissions = list(read)
    students = unique_filenames(submission.student for submission in submissions)
    return [replace(submission, student=name) for submission, name in zip(submissions, students, strict=True)]


@dataclass(frozen=True)
class _NamedPath:
    """A path from the command line with its name parsed; `place` is the path for messages."""

    path: Path
    place: str
    exercise_file: ExerciseFileName | None
    upload: Upload | None

    @classmethod
    def parse(cls, path, exercises, upload):
        return cls(path, for_message(str(path)), parse_exercise_file_name(path.name, exercises), upload)

    @property
    def is_bare(self):
        """It is named after an exercise and no student."""
        return self.exercise_file is not None and not self.exercise_file.prefix

    @property
    def student(self):
        if self.path.is_dir():
            return self.path.name or self.path.absolute().name
        return self.exercise_file.prefix if self.exercise_file and not self.is_bare else stem(self.path.name)

    @property
    def is_link(self):
        """It is a symbolic link, which may lead to anything that the grading user can read."""
        return self.path.is_symlink()

    def file_member(self):
        name = self.path.name
        if self.is_link:
            return ArchiveMember((name,), refused=LINK, folder=self.path.is_dir())
        if self.path.is_file():
            return ArchiveMember((name,), disk_reader(self.path, ()))
        return ArchiveMember((name,), refused="is a pipe or a device")

    def apply_upload(self, group, exercises):
        """Return a group with the student and the file name that a platform wrote into the path's own name."""
        upload = self.upload
        if upload is None or group.identity.platform:
            return group
        name, entries = self.path.name, group.entries
        if upload.file_name or self.path.is_dir():
            is_upload = self.path.is_dir() or any(entry.parts == (name,) for entry in entries)
            entries = tuple(uploaded(entry, upload, name, exercises) for entry in entries) if is_upload else entries
        else:  # a file of the platform's own
            entries = ()
        notes = group.notes + late_notes(upload, upload.late)
        return Group(upload.student, entries, group.place, upload.identity, notes)


def _download_of(paths):
    """Return the names of paths as a download, with the folders in folders and the texts of files."""
    folders = {path.name: [inner.name for inner in _folders_in(path)] for path in paths if _is_real_folder(path)}
    files = {path.name: partial(_read_text, path) for path in paths if path.name not in folders}
    return Download(folders, files)


def _is_real_folder(path):
    return path.is_dir() and not path.is_symlink()


def _folders_in(path):
    try:
        return [inner for inner in sorted(path.iterdir()) if _is_real_folder(inner)]
    except OSError:
        return []


def _read_text(path):
    try:
        return disk_reader(path, ())(MAX_CODE_BYTES).decode("utf-8", "replace")
    except DataError:
        return ""


def _exists(path):
    try:
        return path.is_symlink() or path.exists()
    except (OSError, ValueError):
        return False


def _read_single(source: _NamedPath, exercises: list[str]) -> Iterator[Submission]:
    """Read the submissions at the only path."""
    path = source.path
    if source.is_link:
        raise DlseqError(f"Cannot grade {source.place}: it is a symbolic link. Name the file or folder itself.")
    with ExitStack() as stack:
        if path.is_dir():
            members = list_folder(path)
        elif path.is_file() and is_archive(path.name):
            members = _list_archive_at(source, stack)
        else:
            yield _read_only_file(source, exercises)
            return
        outside = _outside_notes(members)
        entries = parse_entries([member for member in members if not member.outside], exercises)
        groups = group_entries(source.student, source.place, entries, exercises)
        for group in groups:
            open_archives = path.is_dir() or len(groups) > 1 or _is_one_archive(group)
            if len(groups) == 1:
                keep_student = path.is_dir() or group.identity.platform or group.place.startswith(f"{SUBMITTED}/")
                group = group if keep_student else Group(source.student, group.entries, group.place, notes=group.notes)
                group = source.apply_upload(group, exercises)
            is_of_class = group.student != source.student and source.upload is None
            group = group.within(source.student) if is_of_class else group
            submission = read_submission(group, source.place, exercises, open_archives)
            if len(groups) == 1:
                yield replace(submission, notes=submission.notes + outside)
            else:  # of a class: no student reads the names of members that are not theirs
                yield replace(submission, class_notes=outside)


def _is_one_archive(group):
    return len(group.entries) == 1 and group.entries[0].is_archive


def _list_archive_at(source, stack):
    try:
        return list_archive(stack.enter_context(open_on_disk(source.path)))
    except OSError as error:
        raise DlseqError(f"Cannot read {source.place}: {error.strerror or error}") from None
    except DataError as error:
        raise DlseqError(f"Cannot read {source.place}: it {error}") from None


def _outside_notes(members):
    """Return sentences on members whose paths lead out of the archive."""
    notes = [f"Ignored {for_message(member.name)}: it {member.refused}." for member in members if member.outside]
    if len(notes) > MAX_OUTSIDE_NOTES:
        more = f"Ignored {len(notes) - MAX_OUTSIDE_NOTES:,} more members that lead out of the archive."
        notes[MAX_OUTSIDE_NOTES:] = [more]
    return tuple(notes)


def _read_only_file(source, exercises):
    path = source.path
    if not path.is_file() or not is_code_file(path.name):
        received = "a file of another kind" if path.is_file() else "a pipe or device"
        raise DlseqError(
            f"Cannot grade {source.place}. Expected a folder, a .py or .ipynb file, or an archive (.zip, .tar, "
            f".tar.gz, .tar.bz2, .tar.xz). Received: {received}"
        )
    entries = parse_entries([source.file_member()], exercises)
    group = source.apply_upload(Group(source.student, tuple(entries)), exercises)
    submission = read_submission(group, source.place, exercises)
    if not submission.cells and not submission.problems:
        raise DlseqError(
            f"No exercise in the file name of {source.place}. Expected {' or '.join(exercises)} in it. Rename the file"
            + ("." if len(exercises) == 1 else ", or grade one exercise alone.")
        )
    return submission


def _read_several(sources, exercises):
    """Read one submission from each path; files that a platform took from one student are put together."""
    by_student: dict = {}
    bare = [source for source in sources if source.is_bare]
    parents = {source.path.absolute().parent for source in bare}
    named_by_parent = len(parents) == len(bare) > 1
    for source in sources:
        if source.path.name == GRADESCOPE_METADATA:
            continue
        student = source.path.absolute().parent.name if named_by_parent and source.is_bare else source.student
        entries = parse_entries(_list_path(source), exercises)
        group = source.apply_upload(Group(student, tuple(entries)), exercises)
        key = (group.student, group.identity) if group.identity.platform else source.path
        by_student.setdefault(key, []).append((source, group))
    for parts in by_student.values():
        source, group = parts[0]
        group = replace(
            group,
            entries=tuple(entry for _, part in parts for entry in part.entries),
            notes=tuple(dict.fromkeys(note for _, part in parts for note in part.notes)),
        )
        place = source.place if len(parts) == 1 else f"{source.place} and {len(parts) - 1:,} more"
        yield read_submission(group, place, exercises)


def _list_path(source):
    if source.is_link or not source.path.is_dir():
        return [source.file_member()]
    try:
        return list_folder(source.path)
    except DataError:
        return [ArchiveMember((source.path.name,), refused="may not be read, or holds too much", folder=True)]
