"""Submissions as they come: files, folders, archives, and what learning platforms download. Nothing in them is run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from dlseq.course.exercises import Exercise
from dlseq.errors import DataError, DlseqError
from dlseq.grading.submissions.archives import list_archive
from dlseq.grading.submissions.filenames import answer_in, delivery_in, is_source
from dlseq.grading.submissions.grouping import Group, delivered, group_members, stem
from dlseq.grading.submissions.listing import METADATA, Member, is_archive, list_folder, on_disk
from dlseq.grading.submissions.selection import read_answers
from dlseq.grading.submissions.student_names import shown, unique_names
from dlseq.grading.submissions.submission import Submission

__all__ = ["read_submissions"]


def read_submissions(paths: Sequence[Path], exercises: Sequence[Exercise], single: bool = False) -> list[Submission]:
    """Reads what is to be graded.

    A file is one submission. Of a single folder or archive, what lies directly in it decides, in this order:

    1. Names by Canvas (`lovelaceada_12_345_name.py`), Moodle (`Ada Lovelace_12_assignsubmission_file_`) or Gradescope
       (`submission_12`): a class, grouped by student. Other scripts, folders or archives beside them are an error.
    2. A folder `exercises` with answers: one submission, a copy of the course.
    3. A file that is called as an exercise is (`language_model.py`, perhaps with a version): one submission. Answers in
       two folders, archives or files of others as well are an error.
    4. Otherwise each folder, each archive, and the files that begin alike (`ada_language_model.py`) could be a student.
       If two of them answer the same exercise, or could, it is a class. If only loose files do, and begin alike, it is
       one submission. A folder that is alone is a submission, or looked into by the same rules. All else is an error.

    Each one of several paths is one submission, whatever it holds, but files that Canvas or Moodle took from the same
    student are put together. A class is thus graded by itself, or as `class/*`.

    In a submission the file nearest to the top answers an exercise; a file that is called just as the exercise is comes
    before one that has something in front of it, and the newest of numbered versions before the others. Where that
    leaves two, there is a problem that names both. Where one exercise alone is asked for, a script or notebook of any
    name answers it if it is the only one. For exercises that are not found so, archives in the submission are opened,
    unless they are in an archive that is one submission; archives within these never are.

    Args:
        paths: as they were typed.
        exercises: that are asked for.
        single: whether a path that is alone is one submission as well, whatever it holds.

    Returns:
        One `Submission` for each submission. One that cannot be read has problems.

    Raises:
        DlseqError: a path does not exist; or there is one path alone, and it cannot be read, has nothing to grade, or
            could be one submission or several.
    """
    paths, names = [Path(path) for path in paths], [one.name for one in exercises]
    if not paths:
        raise DlseqError("expected the files, folders or archives to grade, received none")
    for path in paths:
        if not _exists(path):
            raise DlseqError(f"expected {shown(str(path))} to be a file or folder to grade, found nothing there")
    entries = list(_alone(paths[0], names) if len(paths) == 1 and not single else _several(paths, names))
    students = unique_names(entry.student for entry in entries)
    return [Submission(**{**vars(entry), "student": student}) for entry, student in zip(entries, students, strict=True)]


def _exists(path):
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _alone(path: Path, exercises: list[str]) -> Iterator[Submission]:
    """The submissions at the only path."""
    place = shown(str(path))
    with ExitStack() as stack:
        if path.is_dir():
            loose, inside = [], list_folder(path)
        elif path.is_file() and is_archive(path.name):
            loose, inside = _listed(path, place, stack)
        else:
            yield _only_file(path, place, exercises)
            return
        groups = group_members(_student(path), place, inside, exercises)
        for group in groups:
            archives = path.is_dir() or len(groups) > 1 or _is_one_archive(group)
            if len(groups) == 1:
                group = replace(group, student=group.student if path.is_dir() or group.platform_id else _student(path))
                group = _named_by_platform(group, path)
            yield _entry(group, place, exercises, archives, loose)


def _is_one_archive(group):
    return len(group.members) == 1 and is_archive(group.members[0].name)


def _listed(path, place, stack):
    """What an archive says of paths that lead out of it, and its members."""
    try:
        members = list_archive(stack.enter_context(path.open("rb")))
    except OSError as error:
        raise DlseqError(f"cannot read {place}: {error.strerror}") from None
    except DataError as error:
        raise DlseqError(f"cannot read {place}: it {error}") from None
    loose = [f"Ignored {shown(one.name)}: it {one.refused}." for one in members if one.outside]
    loose[5:] = [f"Ignored {len(loose) - 5:,} more members that lead out of the archive."] if len(loose) > 5 else []
    return loose, [member for member in members if not member.outside]


def _only_file(path, place, exercises):
    if not path.is_file() or not is_source(path.name):
        raise DlseqError(
            f"expected {place} to be a folder, a .py or .ipynb file, or an archive (.zip, .tar, .tar.gz, .tar.bz2, "
            f".tar.xz), received {'something else' if path.is_file() else 'a pipe or device'}"
        )
    entry = _entry(_named_by_platform(Group(_student(path), (_file(path),)), path), place, exercises)
    if not entry.cells and not entry.problems:
        raise DlseqError(
            f"expected the name of {place} to say which exercise it answers, {' or '.join(exercises)}; rename it"
            + ("" if len(exercises) == 1 else ", or ask for one exercise alone")
        )
    return entry


def _several(paths, exercises):
    """One submission for each path; files that a platform took from one student are put together."""
    groups: dict = {}
    bare = [path for path in paths if (answer := answer_in(path.name, exercises)) is not None and not answer.before]
    parents = {path.absolute().parent for path in bare}
    for path in paths:
        if path.name == METADATA:
            continue
        place = shown(str(path))
        if path.is_dir():
            try:
                members = tuple(list_folder(path))
            except DataError:
                members = (Member((path.name,), refused="may not be read, or holds too much", folder=True),)
        else:
            members = (_file(path),)
        student = path.absolute().parent.name if path in bare and len(parents) == len(bare) > 1 else _student(path)
        group = _named_by_platform(Group(student, members), path)
        key = (group.student, group.platform_id) if group.platform_id and not path.is_dir() else path
        groups.setdefault(key, []).append((place, group))
    for parts in groups.values():
        place, group = parts[0]
        members = tuple(member for _, one in parts for member in one.members)
        notes = tuple(dict.fromkeys(note for _, one in parts for note in one.notes))
        place = place if len(parts) == 1 else f"{place} and {len(parts) - 1:,} more"
        yield _entry(Group(group.student, members, "", group.platform_id, notes), place, exercises)


def _file(path):
    if path.is_file():
        return Member((path.name,), on_disk(path, follow=True))
    return Member((path.name,), refused="is a pipe or a device")


def _student(path):
    """Whose it is by the name of a path."""
    if path.is_dir():
        return path.name or path.absolute().name
    answer = answer_in(path.name)
    return answer.before if answer is not None and answer.before else stem(path.name)


def _named_by_platform(group, path):
    found = delivery_in(path.name)
    if found is None or group.platform_id:
        return group
    members = tuple(delivered(one, found) if one.name == path.name else one for one in group.members)
    late = (f"{found.platform} has marked it as late.",) if found.late else ()
    return Group(found.student, members, group.place, found.platform_id, group.notes + late)


def _entry(group, place, exercises, archives=True, loose=()):
    answers = read_answers(group.members, exercises, archives)
    source = f"{place}: {shown(group.place)}" if group.place else place
    notes = (*group.notes, *answers.notes, *loose)
    return Submission(group.student, source, answers.cells, answers.problems, answers.digests, notes, group.platform_id)
