"""File names of submissions: the exercise, the student, the version, and additions by learning platforms."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dlseq.course.exercises import EXERCISES

__all__ = [
    "CONTROL_FILES",
    "ExerciseFileName",
    "Upload",
    "find_platform",
    "is_code_file",
    "is_excluded",
    "parse_exercise_file_name",
    "parse_gradescope_metadata",
    "parse_upload_name",
]

CODE_SUFFIXES = (".py", ".ipynb")
CONTROL_SCRIPTS = ("__init__.py", "__main__.py", "conftest.py", "setup.py", "sitecustomize.py", "usercustomize.py")
CONTROL_FILES = (*CONTROL_SCRIPTS, "pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml")  # of Python and pytest
_VERSION = (
    r"(?:[ _-]*(?P<copy>copy|kopie|copie|copia))?(?: ?\((?P<round>\d{1,4})\)|(?P<sign>[-_ ]|_?v)(?P<plain>\d{1,4}))?"
)
_TEST = re.compile(r"(^|.*[ _.-])tests?[ _.-]", re.IGNORECASE | re.DOTALL)
# The first id ends the student's name: all that follows it may have been chosen by the student. Canvas writes no number
# between underscores into a name, and Moodle no underscore.
_PLATFORMS = {
    "Moodle": r"(?P<student>[^_]+)_(?P<id>\d{1,20})_assignsubmission_(file|onlinetext)(_(?P<rest>.*))?",
    "Gradescope": r"(?P<student>submission_(?P<id>\d{1,20}))",
    "Canvas": r"(?P<student>((?!_\d+_).)+?)_((?P<late>LATE)_)?(?P<id>\d{1,20})_(?P<number>\d{1,20})_(?P<rest>.+)",
}
_PLATFORMS = {platform: re.compile(pattern, re.DOTALL) for platform, pattern in _PLATFORMS.items()}


@dataclass(frozen=True)
class ExerciseFileName:
    """The parts of an exercise's file name.

    Attributes:
        exercise: its name.
        prefix: text before it, often the student; "" if there is none.
        numbering: style of its version number, "(" or "-", followed by "copy" for a copy; "" if there is none.
        version: version number, 0 if there is none.
    """

    exercise: str
    prefix: str
    numbering: str = ""
    version: int = 0


@dataclass(frozen=True)
class Upload:
    """The parts of a name that a learning platform has written.

    Attributes:
        student: as the platform writes them.
        platform_id: the platform's id of the student or submission.
        file_name: the name before the upload; "" for a folder.
        number: of the file, larger for newer ones; 0 if there is none.
        late: came after the deadline.
        platform: "Canvas", "Moodle" or "Gradescope".
    """

    student: str
    platform_id: str
    file_name: str
    number: int
    late: bool
    platform: str


def is_code_file(name: str) -> bool:
    """Return True for the name of a script or notebook."""
    return name.lower().endswith(CODE_SUFFIXES)


def parse_exercise_file_name(name: str, exercises: Iterable[str] = ()) -> ExerciseFileName | None:
    """Parse the file name of an exercise.

    Args:
        name: of the file.
        exercises: names of exercises, besides those of the course.

    Returns:
        Its parts. None if it is no script or notebook, has no exercise in its name, or is a test of an exercise.

    Example:
        >>> parse_exercise_file_name("ada_date_normalization.py")
        ExerciseFileName(exercise='date_normalization', prefix='ada', numbering='', version=0)
        >>> parse_exercise_file_name("Date_Normalization-2.ipynb").version
        2
        >>> parse_exercise_file_name("date_normalization (1).py").numbering
        '('
        >>> parse_exercise_file_name("test_date_normalization.py")
        >>> parse_exercise_file_name("date_normalization_helpers.py")
    """
    if not is_code_file(name):
        return None
    stem = name[: name.rindex(".")]
    known = {*exercises, *(exercise.name for exercise in EXERCISES)}
    for exercise in sorted(known, key=lambda exercise: (-len(exercise), exercise)):
        words = "[ _-]?".join(map(re.escape, exercise.split("_")))
        match = re.fullmatch(rf"(?P<prefix>.*[ _.-])?{words}{_VERSION} *", stem, re.IGNORECASE | re.DOTALL)
        if match is None or _TEST.fullmatch(match["prefix"] or ""):
            continue
        numbering = "(" if match["round"] else match["sign"] or ""
        return ExerciseFileName(
            exercise=exercise,
            prefix=(match["prefix"] or "").strip(" _.-"),
            numbering=f"{numbering}copy" if match["copy"] else numbering,
            version=int(match["round"] or match["plain"] or 0),
        )
    return None


def find_platform(names: Iterable[str]) -> str | None:
    """Return the learning platform of a download: the one that most names at its top are by; None if none is.

    Example:
        >>> find_platform(["ada_1_2_a.py", "bob_3_4_5_assignsubmission_file_a.py", "eve_6_7_a.py"])
        'Canvas'
    """
    counts = Counter(platform for name in names for platform, form in _PLATFORMS.items() if form.fullmatch(name))
    return max(counts, key=counts.get, default=None)


def parse_upload_name(name: str, platform: str | None) -> Upload | None:
    """Parse the name that a learning platform gives to an uploaded file or folder.

    Args:
        name: of the file or folder.
        platform: of the whole download, see `find_platform`. A student may hand in names in the form of another one.

    Returns:
        Its parts; None if it is not in the form of the platform.

    Example:
        >>> upload = parse_upload_name("lovelaceada_LATE_12_345_language_model.py", "Canvas")
        >>> upload.platform, upload.student, upload.platform_id, upload.number, upload.late, upload.file_name
        ('Canvas', 'lovelaceada', '12', 345, True, 'language_model.py')
        >>> parse_upload_name("Ada Lovelace_12_assignsubmission_file_", "Moodle").student
        'Ada Lovelace'
        >>> parse_upload_name("Eve_12_assignsubmission_file_x_13_assignsubmission_file_a.py", "Moodle").platform_id
        '12'
    """
    match = _PLATFORMS[platform].fullmatch(name) if platform is not None else None
    if match is None:
        return None
    parts = match.groupdict()
    return Upload(
        student=parts["student"],
        platform_id=parts["id"],
        file_name=parts.get("rest") or "",
        number=int(parts.get("number") or 0),
        late=bool(parts.get("late")),
        platform=platform,
    )


def parse_gradescope_metadata(metadata: str) -> dict[str, str]:
    """Parse the students out of Gradescope's submission_metadata.yml, without a YAML library.

    Args:
        metadata: text of the file.

    Returns:
        Folder name -> student; several students who worked together are joined by "and".

    Example:
        >>> parse_gradescope_metadata("submission_12:\\n  :submitters:\\n  - :name: Ada Lovelace\\n    :sid: '7'\\n")
        {'submission_12': 'Ada Lovelace'}
    """
    students, folder = {}, None
    for line in metadata.splitlines():
        if match := re.match(r"(submission_\d{1,20}):", line):
            folder = match[1]
        elif folder and (match := re.match(r"[ -]*:name: *['\"]?(.*?)['\"]? *$", line)):
            students[folder] = f"{students[folder]} and {match[1]}" if folder in students else match[1]
    return students


def is_excluded(name: str) -> bool:
    """Return True for scripts that never answer an exercise: tests, and control files of Python and pytest.

    Example:
        >>> is_excluded("conftest.py"), is_excluded("test_attention_layer.py"), is_excluded("ada.py")
        (True, True, False)
    """
    return name.lower() in CONTROL_SCRIPTS or _TEST.match(name) is not None
