"""Which file of a submission answers an exercise, and what is in it."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dlseq.errors import DataError
from dlseq.grading.submissions.archives import list_archive
from dlseq.grading.submissions.filenames import answer_in, is_source, is_stray
from dlseq.grading.submissions.grouping import OWN_FOLDER
from dlseq.grading.submissions.listing import ALONE, FEW, LARGEST_ARCHIVE, Member, is_archive
from dlseq.grading.submissions.source import LARGEST, cells_of
from dlseq.grading.submissions.student_names import shown

__all__ = ["Answers", "read_answers"]

MOST_ARCHIVES = 5  # that are opened for one submission
CONTROLS = ("conftest.py", "sitecustomize.py", "usercustomize.py", "setup.py", "__init__.py", "__main__.py")
CONTROLS += ("pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml")
COMPILED = (".pth", ".pyc", ".pyo", ".pyd", ".so", ".dll")


@dataclass
class Answers:
    """What one submission answers, see `dlseq.grading.submissions.submission.Submission`."""

    cells: dict = field(default_factory=dict)
    problems: dict = field(default_factory=dict)
    digests: dict = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_answers(members: Sequence[Member], exercises: Sequence[str], archives: bool) -> Answers:
    """Reads the files of one submission that answer exercises, and no others.

    Args:
        members: of it.
        exercises: names of those that are asked for.
        archives: whether archives in it are opened, for what is not found beside them.

    Returns:
        The `Answers`.
    """
    if len(members) > FEW:
        text = f"the submission holds more than {FEW:,} files{ALONE}"
        return Answers(problems=dict.fromkeys(exercises, text))
    answers, ignored = Answers(), {}
    obstacles = [_cannot(member) for member in members if member.hides]
    budget = _Budget(LARGEST_ARCHIVE)
    found = {exercise: _pick(exercise, members, exercises, ignored) for exercise in exercises}
    packed = [member for member in members if member.read and is_archive(member.name)]
    if packed and not all(found.values()):
        if archives:
            inner = _opened(packed, obstacles)
        else:
            inner = []
            obstacles += [
                f"{shown(one.path)} is an archive within an archive; hand in the files alone" for one in packed
            ]
        if len(inner) > FEW:
            obstacles, inner = [f"its archives hold more than {FEW:,} files{ALONE}"], []
        members = [*members, *inner]
        for exercise in exercises:
            found[exercise] = found[exercise] or _pick(exercise, inner, exercises, ignored)
    used = set()
    for exercise, one in found.items():
        if isinstance(one, Member):
            used.add(one.parts)
            _read(exercise, one, budget, answers)
        elif one or obstacles:
            answers.problems[exercise] = one or obstacles[0]
    answers.notes = _notes([member for member in members if member.parts not in used], exercises, ignored)
    return answers


@dataclass
class _Budget:
    left: int


def _cannot(member):
    return f"{shown(member.path)} cannot be read: it {member.refused}"


def _opened(packed, obstacles):
    """What is in the archives of a submission; they are not opened further."""
    if len(packed) > MOST_ARCHIVES:
        obstacles.append(f"there are more than {MOST_ARCHIVES} archives{ALONE}")
    inner = []
    for one in packed[:MOST_ARCHIVES]:
        try:
            listed = list_archive(io.BytesIO(one.read(LARGEST_ARCHIVE)), FEW)
        except DataError as error:
            obstacles.append(f"{shown(one.path)} cannot be read: it {error}")
            continue
        for member in listed:
            inside = replace(member, parts=(*one.parts, *member.parts), number=one.number)
            if member.read and is_archive(member.name):
                obstacles.append(f"{shown(inside.path)} is an archive within an archive; hand in the files alone")
            inner.append(inside)
    return inner


def _pick(exercise, members, exercises, ignored):
    """The member that answers an exercise, or a sentence that says why it cannot be told; None where there is none."""
    files = [member for member in members if is_source(member.name) and not (member.folder or member.outside)]
    files = [member for member in files if not is_stray(member.name)]
    known = [(member, answer) for member in files if (answer := answer_in(member.name, exercises)) is not None]
    named = [(member, answer) for member, answer in known if answer.exercise == exercise]
    if not named and len(exercises) == 1:
        sure = {member.parts for member, _ in known}
        named = [(member, None) for member in files if member.parts not in sure]
        nearest = [member for member, _ in named if _depth(member) == min(_depth(one) for one, _ in named)]
        if len(nearest) > 1:
            return (
                f"it cannot be told which file is the answer, {_both(nearest)}; call it {exercise}{_suffix(nearest[0])}"
            )
        return nearest[0] if nearest else None
    if not named:
        return None
    best = min(_rank(*one) for one in named)
    rivals = [one for one in named if _rank(*one) == best]
    newest = _newest(rivals)
    if newest is None:
        return f"there are several files for this exercise, {_both([member for member, _ in rivals])}; hand in one"
    for member, _ in named:
        if member is not newest:
            ignored[member.parts] = f"{shown(newest.path)} was read in the place of it"
    return newest


def _rank(member, answer):
    return _depth(member), bool(answer.before)


def _depth(member):
    folders = [part for part in member.parts[:-1] if not is_archive(part)]
    return len(folders) - (folders[:1] == [OWN_FOLDER])


def _newest(rivals):
    """The newest version as a platform, a browser or the student has numbered them; None where that is not clear."""
    if len(rivals) == 1:
        return rivals[0][0]
    if len({_suffix(member) for member, _ in rivals}) > 1:
        return None
    if all(member.number for member, _ in rivals):
        ordered = sorted(rivals, key=lambda one: one[0].number)
        same = ordered[-1][0].number == ordered[-2][0].number
        return None if same else ordered[-1][0]
    folders = {(member.parts[:-1], answer.before.casefold()) for member, answer in rivals}
    kinds = {answer.kind for _, answer in rivals} - {""}
    versions = [answer.version for _, answer in rivals]
    if len(folders) > 1 or len(kinds) > 1 or "copy" in "".join(kinds) or len(set(versions)) < len(versions):
        return None
    return max(rivals, key=lambda one: one[1].version)[0]


def _suffix(member):
    return member.name[member.name.rindex(".") :].lower()


def _both(members):
    names = [shown(member.path) for member in members]
    return " and ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")


def _read(exercise, member, budget, answers):
    if member.refused:
        answers.problems[exercise] = _cannot(member)
        return
    try:
        data = member.read(min(LARGEST, budget.left))
    except DataError as error:
        answers.problems[exercise] = f"{shown(member.path)} cannot be read: it {error}"
        return
    budget.left -= len(data)
    answers.digests[exercise] = hashlib.sha256(data).hexdigest()
    try:
        cells = cells_of(shown(member.path), data)
    except DataError as error:
        answers.problems[exercise] = str(error)
        return
    script = _suffix(member) == ".py"
    answers.cells[exercise] = tuple((f"{exercise}.py" if script else name, text) for name, text in cells)


def _notes(members, exercises, ignored):
    """A sentence for each reason to leave files out."""
    reasons = {}
    for member in members:
        if reason := _reason(member, exercises, ignored):
            reasons.setdefault(reason, []).append(shown(member.path))
    return tuple(
        f"Ignored {', '.join(names[:5])}{f' and {len(names) - 5:,} more' if len(names) > 5 else ''}: {reason}."
        for reason, names in reasons.items()
    )


def _reason(member, exercises, ignored):
    name = member.name.lower()
    if member.parts in ignored:
        return ignored[member.parts]
    if member.refused:
        return f"it {member.refused}"
    if member.folder:
        return ""
    if name in CONTROLS or name.endswith(COMPILED):
        return "nothing that is handed in can change how it is marked"
    if is_archive(name):
        return ""  # opened, or not needed
    answer = answer_in(member.name, exercises)
    if answer is not None and answer.exercise not in exercises:
        return ""
    if is_source(name):
        return "each exercise is one file, and nothing beside it is imported"
    return "only the files of the exercises are read"
