"""Rosters: the students of a class, read from CSV exports of learning platforms."""

import csv
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

from dlseq.errors import DataError

__all__ = ["Roster", "Student", "read_roster"]

# Headers of a column, by field; those of Canvas, Moodle, Blackboard, Brightspace and Gradescope
COLUMNS = {
    "number": ("sis user id", "id number", "student id", "sid", "orgdefinedid"),
    "login": ("sis login id", "username"),
    "email": ("email address", "email"),
    "section": ("section", "sections"),
}
NAMES = ((("student",),), (("full name",),), (("first name",), ("last name", "surname")), (("name",),))
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)  # with which Excel may begin a file
PUNCTUATION = "‘’“”–—…´·°€«»"  # in cp1252


@dataclass(frozen=True)
class Student:
    """A student in a roster. Fields that the platform does not export are empty.

    Attributes:
        name: as the platform writes it.
        id: the platform's id: Canvas's "ID", Moodle's "Identifier", "Participant 123".
        number: the university's id: "SIS User ID", "ID number", "Student ID", "SID", "OrgDefinedId".
        login: "SIS Login ID", "Username".
        email: email address.
        section: of the course.
    """

    name: str
    id: str = ""
    number: str = ""
    login: str = ""
    email: str = ""
    section: str = ""

    @property
    def platform_key(self) -> str:
        """The platform's id in lower case, without Moodle's word for a participant, in any language."""
        match = re.fullmatch(r"[^\W\d_]\D*?(\d+)", self.id.strip())
        return match[1] if match else self.id.strip().casefold()


@dataclass(frozen=True)
class Roster:
    """The students of a class.

    Attributes:
        platform: "canvas", "moodle", "blackboard", "brightspace" or "gradescope".
        students: its rows, in order.
        columns: its header; Canvas expects the points of an existing assignment under the assignment's own header.
    """

    platform: str
    students: tuple[Student, ...]
    columns: tuple[str, ...] = ()


def read_roster(path: str | os.PathLike) -> Roster:
    """Read the gradebook of a class, or a Moodle assignment's grading worksheet, also one without names.

    Args:
        path: of a CSV file with commas, semicolons or tabs, in UTF-8, UTF-16 or cp1252, with English column names.

    Raises:
        DataError: the file cannot be read, has an unknown header, or no students.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "class.csv"
        >>> _ = path.write_text('Student,ID,SIS Login ID,Section\\n"Lovelace, Ada",7,ada,A\\n')
        >>> read_roster(path).students
        (Student(name='Lovelace, Ada', id='7', number='', login='ada', email='', section='A'),)
    """
    rows = _read_rows(path)
    header = [name.strip() for name in rows[0]] if rows else []
    places = {name.casefold().lstrip("#"): index for index, name in reversed(list(enumerate(header)))}
    platform, names = _recognize(places)
    if not platform:
        raise DataError(
            f"Unknown columns in the roster {path}. Expected those of Canvas's gradebook (Student, ID, …), of a Moodle "
            "worksheet (Identifier, …), or First name, Last name and a username, number or email address. "
            f"Received: {', '.join(header[:6]) or 'nothing'}. Export the gradebook as CSV, in English."
        )
    students = [_student(row, places, platform, names) for row in rows[1:]]
    students = tuple(student for student in students if student is not None)
    if not students:
        raise DataError(f"No students in the roster {path}. Export the gradebook of a course that has some.")
    return Roster(platform, students, tuple(header))


def _recognize(places):
    """Return the platform of an export, "" for an unknown one, and the columns of each part of a name."""
    names = next((parts for parts in NAMES if all(places.keys() & set(columns) for columns in parts)), ())
    if {"student", "id"} <= places.keys():
        return "canvas", names
    if "orgdefinedid" in places:
        return "brightspace", names
    if names and "sid" in places:
        return "gradescope", names
    if names and "username" in places and places.keys() & {"student id", "availability", "last access"}:
        return "blackboard", names
    is_moodle = "identifier" in places or (names and (len(names) > 1 or places.keys() & {"email address", "id number"}))
    return ("moodle" if is_moodle else ""), names


def _student(row, places, platform, names):
    """Return the student of a row; None for an empty row and for Canvas's rows below its header."""

    def cell(columns):
        texts = (row[places[name]].strip() for name in columns if name in places and places[name] < len(row))
        return next(filter(None, texts), "")

    fields = {field: cell(columns) for field, columns in COLUMNS.items()}
    if platform == "brightspace":
        fields = {field: text.removeprefix("#") for field, text in fields.items()}
    name = " ".join(cell(columns) for columns in names).strip()
    student_id = cell(("id",) if platform == "canvas" else ("identifier",))
    if (platform == "canvas" and not student_id) and name in ("", "Points Possible"):
        return None
    is_somebody = name or student_id or fields["number"] or fields["login"] or fields["email"]
    return Student(name, student_id, **fields) if is_somebody else None


def _read_rows(path):
    try:
        text = _decode(Path(path).read_bytes())
        separator = SEPARATOR_LINE.match(text)
        text = text[separator.end() :] if separator else text
        first = text.split("\n", 1)[0]
        delimiter = separator[1] if separator else max(",;\t", key=first.count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except OSError as error:
        raise DataError(f"Cannot read the roster {path}: {error.strerror}.") from None
    except (csv.Error, TypeError, ValueError) as error:
        raise DataError(
            f"Cannot read the roster {path}. Expected a CSV file in UTF-8: {error}. Export the gradebook again, or "
            'save it as "CSV UTF-8".'
        ) from None


def _decode(raw):
    """Decode a file in UTF-8, UTF-16 or, if nothing but letters comes of it, cp1252, in which Excel saves CSV files."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
        if not all(letter.isascii() or letter.isalpha() or letter in PUNCTUATION for letter in text):
            raise
        return text
