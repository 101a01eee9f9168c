"""What the name of a file or folder says: whose it is, which exercise it answers, and which version it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dlseq.course.exercises import EXERCISES

__all__ = ["Answer", "Delivery", "answer_in", "delivery_in", "gradescope_students", "is_source", "is_stray"]

SOURCES = (".py", ".ipynb")
STRAY = ("__init__.py", "__main__.py", "conftest.py", "setup.py", "sitecustomize.py", "usercustomize.py")
_VERSION = (
    r"(?:[ _-]*(?P<copy>copy|kopie|copie|copia))?(?: ?\((?P<round>\d{1,4})\)|(?P<sign>[-_ ]|_?v)(?P<plain>\d{1,4}))?"
)
_TEST = re.compile(r"(^|.*[ _.-])tests?[ _.-]", re.IGNORECASE | re.DOTALL)
_CANVAS = re.compile(
    r"(?P<student>.+?)_((?P<late>LATE)_)?(?P<id>\d{1,20})_(?P<number>\d{1,20})_(?P<rest>.+)", re.DOTALL
)
_MOODLE = re.compile(r"(?P<student>.+)_(?P<id>\d{1,20})_assignsubmission_(file|onlinetext)(_(?P<rest>.*))?", re.DOTALL)
_GRADESCOPE = re.compile(r"(?P<student>submission_(?P<id>\d{1,20}))")


@dataclass(frozen=True)
class Answer:
    """What the name of an exercise file says.

    Attributes:
        exercise: that it answers.
        before: what stands before the exercise, often the student; "" where nothing does.
        kind: how its version is written, "(", "-" or alike; "" where there is none.
        version: its number, 0 where there is none.
    """

    exercise: str
    before: str
    kind: str = ""
    version: int = 0


@dataclass(frozen=True)
class Delivery:
    """What a learning platform wrote into a name.

    Attributes:
        student: as the platform writes them.
        platform_id: by which it knows them or their submission.
        rest: the name as it was handed in; "" for a folder.
        number: of the file, larger for newer ones; 0 where there is none.
        late: whether it came after the deadline.
        platform: "Canvas", "Moodle" or "Gradescope".
    """

    student: str
    platform_id: str
    rest: str
    number: int
    late: bool
    platform: str


def is_source(name: str) -> bool:
    """Whether a name is that of a script or notebook."""
    return name.lower().endswith(SOURCES)


def answer_in(name: str, exercises: Iterable[str] = ()) -> Answer | None:
    """Reads the exercise out of a file's name.

    Args:
        name: of the file.
        exercises: names of exercises; those of the course are known as well.

    Returns:
        What it says; None if it is no script or notebook, has no exercise in its name, or is a test of one.

    Example:
        >>> answer_in("ada_date_normalization.py")
        Answer(exercise='date_normalization', before='ada', kind='', version=0)
        >>> answer_in("Date_Normalization-2.ipynb").version, answer_in("date_normalization (1).py").kind
        (2, '(')
        >>> answer_in("test_date_normalization.py"), answer_in("date_normalization_helpers.py")
        (None, None)
    """
    if not is_source(name):
        return None
    stem = name[: name.rindex(".")]
    for exercise in sorted({*exercises, *(one.name for one in EXERCISES)}, key=lambda one: (-len(one), one)):
        words = "[ _-]?".join(map(re.escape, exercise.split("_")))
        found = re.fullmatch(rf"(?P<before>.*[ _.-])?{words}{_VERSION} *", stem, re.IGNORECASE | re.DOTALL)
        if found is None or _TEST.fullmatch(found["before"] or ""):
            continue
        kind = "(" if found["round"] else found["sign"] or ""
        kind = f"{kind}copy" if found["copy"] else kind
        return Answer(exercise, (found["before"] or "").strip(" _.-"), kind, int(found["round"] or found["plain"] or 0))
    return None


def delivery_in(name: str) -> Delivery | None:
    """Reads what a platform wrote into the name of a file or folder.

    Returns:
        What it says; None where it looks like none of theirs.

    Example:
        >>> one = delivery_in("lovelaceada_LATE_12_345_language_model.py")
        >>> one.platform, one.student, one.platform_id, one.number, one.late, one.rest
        ('Canvas', 'lovelaceada', '12', 345, True, 'language_model.py')
        >>> delivery_in("Ada Lovelace_12_assignsubmission_file_").student, delivery_in("submission_12").platform_id
        ('Ada Lovelace', '12')
    """
    if found := _MOODLE.fullmatch(name):
        return Delivery(found["student"], found["id"], found["rest"] or "", 0, False, "Moodle")
    if found := _GRADESCOPE.fullmatch(name):
        return Delivery(found["student"], found["id"], "", 0, False, "Gradescope")
    if found := _CANVAS.fullmatch(name):
        number = int(found["number"])
        return Delivery(found["student"], found["id"], found["rest"], number, bool(found["late"]), "Canvas")
    return None


def gradescope_students(metadata: str) -> dict[str, str]:
    """The students in Gradescope's submission_metadata.yml, which need not be read as YAML for that.

    Args:
        metadata: its text.

    Returns:
        Names by the name of the folder; several who worked together in one name.

    Example:
        >>> gradescope_students("submission_12:\\n  :submitters:\\n  - :name: Ada Lovelace\\n    :sid: '7'\\n")
        {'submission_12': 'Ada Lovelace'}
    """
    students, folder = {}, None
    for line in metadata.splitlines():
        if found := re.match(r"(submission_\d{1,20}):", line):
            folder = found[1]
        elif folder and (found := re.match(r"[ -]*:name: *['\"]?(.*?)['\"]? *$", line)):
            students[folder] = f"{students[folder]} and {found[1]}" if folder in students else found[1]
    return students


def is_stray(name: str) -> bool:
    """Whether a script is known to be no answer: a test, or a file by which a folder tells Python or pytest something.

    Example:
        >>> is_stray("conftest.py"), is_stray("test_attention_layer.py"), is_stray("ada.py")
        (True, True, False)
    """
    return name.lower() in STRAY or _TEST.match(name) is not None
