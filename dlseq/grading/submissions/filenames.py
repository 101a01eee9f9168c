"""File names of submissions: the exercise, the student, the version."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from dlseq.course.exercises import EXERCISES

__all__ = [
    "CONTROL_FILES",
    "ExerciseFileName",
    "is_code_file",
    "is_excluded",
    "parse_exercise_file_name",
    "strip_copy_of",
]

CODE_SUFFIXES = (".py", ".ipynb")
CONTROL_SCRIPTS = ("__init__.py", "__main__.py", "conftest.py", "setup.py", "sitecustomize.py", "usercustomize.py")
CONTROL_FILES = (*CONTROL_SCRIPTS, "pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml")  # of Python and pytest
# As Windows ("name - Copy (2)") and macOS ("name copy 2") name copies, in front as Google Drive does ("Copy of name")
_COPY_OF = re.compile(r"\s*(copy of|kopie von|copie de|copia de|copia di|cópia de)[ _]+", re.IGNORECASE)
_VERSION = (
    r"(?:[ _-]*(?P<copy>copy|kopie|copie|copia|cópia))?"
    r"(?: ?\((?P<round>\d{1,4})\)|(?P<sign>[-_ ]|_?v)(?P<plain>\d{1,4}))?"
)
_TEST = re.compile(r"(^|.*[ _.-])tests?[ _.-]", re.IGNORECASE | re.DOTALL)


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
        >>> parse_exercise_file_name("Kopie von ada_date_normalization.ipynb").prefix
        'ada'
        >>> parse_exercise_file_name("test_date_normalization.py")
        >>> parse_exercise_file_name("date_normalization_helpers.py")
    """
    if not is_code_file(name):
        return None
    whole = unicodedata.normalize("NFC", name[: name.rindex(".")])
    stem = strip_copy_of(whole)
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
            numbering=f"{numbering}copy" if match["copy"] or stem != whole else numbering,
            version=int(match["round"] or match["plain"] or 0),
        )
    return None


def strip_copy_of(name: str) -> str:
    """Remove the words with which Google Drive begins the names of copies, in English, German, French, Spanish,
    Italian and Portuguese.

    Example:
        >>> strip_copy_of("Copy of Kopie von ada")
        'ada'
    """
    while match := _COPY_OF.match(name):
        name = name[match.end() :]
    return name


def is_excluded(name: str) -> bool:
    """Return True for scripts that never answer an exercise: tests, and control files of Python and pytest.

    Example:
        >>> is_excluded("conftest.py"), is_excluded("test_attention_layer.py"), is_excluded("ada.py")
        (True, True, False)
    """
    return name.lower() in CONTROL_SCRIPTS or _TEST.match(name) is not None
