"""Selection of the file that answers an exercise, among the entries of one submission."""

from collections.abc import Sequence
from dataclasses import dataclass

from dlseq.grading.sanitize import for_message
from dlseq.grading.submissions.entries import Entry
from dlseq.grading.submissions.filenames import CONTROL_FILES, is_code_file, parse_exercise_file_name
from dlseq.grading.submissions.grouping import COURSE_FOLDER
from dlseq.grading.submissions.listing import is_archive

__all__ = ["Selection", "ignored_notes", "misnamed_notes", "select_file"]

COMPILED_SUFFIXES = (".pth", ".pyc", ".pyo", ".pyd", ".so", ".dll")


@dataclass(frozen=True)
class Selection:
    """The file of a submission that answers an exercise. It is empty if there is no such file.

    Attributes:
        entry: the file.
        problem: a sentence that says why no file could be chosen among several.
        superseded: other files for the exercise, such as older versions.
    """

    entry: Entry | None = None
    problem: str = ""
    superseded: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        return self.entry is not None or bool(self.problem)


def select_file(exercise: str, entries: Sequence[Entry], exercises: Sequence[str]) -> Selection:
    """Select the file that answers an exercise, by the rules of `dlseq.grading.submissions.read.read_submissions`.

    Args:
        exercise: its name.
        entries: of one submission.
        exercises: names of all exercises to grade.
    """
    files = [entry for entry in entries if entry.is_code and not (entry.folder or entry.outside)]
    named = [entry for entry in files if entry.exercise == exercise]
    if not named:
        unnamed = [entry for entry in files if entry.exercise is None]
        return _select_any_name(exercise, unnamed) if len(exercises) == 1 else Selection()
    best = min(map(_rank, named))
    rivals = [entry for entry in named if _rank(entry) == best]
    newest = _newest(rivals)
    if newest is None:
        return Selection(problem=f"there are several files for this exercise, {_join_paths(rivals)}; hand in one")
    return Selection(newest, superseded=tuple(entry for entry in named if entry is not newest))


def ignored_notes(
    entries: Sequence[Entry], selections: Sequence[Selection], exercises: Sequence[str]
) -> tuple[str, ...]:
    """Explain to the student why files were ignored.

    Args:
        entries: of one submission.
        selections: of all exercises.
        exercises: names of all exercises to grade.

    Returns:
        A sentence for each reason.
    """
    used = {id(selection.entry) for selection in selections if selection.entry}
    superseded = {
        id(entry): f"{for_message(selection.entry.shown)} was read instead"
        for selection in selections
        for entry in selection.superseded
    }
    paths_by_reason = {}
    for entry in entries:
        if id(entry) in used:
            continue
        if reason := superseded.get(id(entry)) or _reason_to_ignore(entry, exercises):
            paths_by_reason.setdefault(reason, []).append(for_message(entry.shown))
    return tuple(
        f"Ignored {', '.join(paths[:5])}{f' and {len(paths) - 5:,} more' if len(paths) > 5 else ''}: {reason}."
        for reason, paths in paths_by_reason.items()
    )


def misnamed_notes(exercise: str, entries: Sequence[Entry]) -> list[str]:
    """Return a sentence on each file whose name would be that of an exercise without its last suffix, as in "a.py.txt".

    Args:
        exercise: its name.
        entries: of one submission.
    """
    notes = []
    for entry in entries:
        name, _, suffix = entry.name.rpartition(".")
        if entry.folder or not is_code_file(name):
            continue
        parsed = parse_exercise_file_name(name, (exercise,))
        if parsed is not None and parsed.exercise == exercise:
            ending = f"its name ends in .{for_message(suffix)}"
            notes.append(f"{for_message(entry.path)} was not read, because {ending}; call it {for_message(name)}")
    return notes


def _select_any_name(exercise, files):
    """Select the script or notebook that is nearest to the top, whatever its name."""
    newest = [entry for entry in files if entry.attempt == max(entry.attempt for entry in files)]
    nearest = [entry for entry in newest if _depth(entry) == min(map(_depth, newest))]
    if len(nearest) > 1:
        return Selection(
            problem=f"several files could be the answer, {_join_paths(nearest)}; "
            f"call the answer {exercise}{nearest[0].suffix}"
        )
    return Selection(nearest[0]) if nearest else Selection()


def _rank(entry):
    return -entry.attempt, _depth(entry), bool(entry.exercise_file.prefix)


def _depth(entry):
    folders = [part for part in entry.parts[:-1] if not is_archive(part)]
    return len(folders) - (folders[:1] == [COURSE_FOLDER])


def _newest(rivals):
    """Return the newest version by the numbers of a platform, a browser or the student; None if that is not clear."""
    if len(rivals) == 1:
        return rivals[0]
    if len({entry.suffix for entry in rivals}) > 1:
        return None
    if all(entry.number for entry in rivals):
        *_, second, newest = sorted(rivals, key=lambda entry: entry.number)
        return newest if newest.number > second.number else None
    names = [entry.exercise_file for entry in rivals]
    folders = {(entry.parts[:-1], entry.exercise_file.prefix.casefold()) for entry in rivals}
    numberings = {name.numbering for name in names} - {""}
    versions = {name.version for name in names}
    if len(folders) > 1 or len(numberings) > 1 or "copy" in "".join(numberings) or len(versions) < len(rivals):
        return None
    return max(rivals, key=lambda entry: entry.exercise_file.version)


def _join_paths(entries):
    paths = [for_message(entry.shown) for entry in entries]
    return " and ".join(paths[:3]) + (f" and {len(paths) - 3:,} more" if len(paths) > 3 else "")


def _reason_to_ignore(entry, exercises):
    """Return the reason why an entry was ignored; empty if it needs no explanation."""
    name = entry.name.lower()
    if entry.refused:
        return f"it {entry.refused}"
    if entry.folder:
        return ""
    if name in CONTROL_FILES or name.endswith(COMPILED_SUFFIXES):
        return "nothing that is handed in can change how it is marked"
    if entry.is_archive:
        return ""  # opened, or not needed
    if entry.exercise is not None and entry.exercise not in exercises:
        return ""
    if is_code_file(name):
        return "each exercise is one file, and nothing beside it is imported"
    return "only the files of the exercises are read"
