"""Rosters: the students of a class, read from exports of Canvas and Moodle."""

import csv
import io
import itertools
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from dlseq.errors import DataError

__all__ = ["Roster", "Student", "name_key", "read_roster"]

MAX_PERMUTED_WORDS = 5  # of a name; longer names match in rotations alone


@dataclass(frozen=True)
class Student:
    """A student in a roster. Fields that the platform does not export are empty.

    Attributes:
        name: as the platform writes it.
        id: the platform's id: Canvas's "ID", Moodle's "Identifier", "Participant 123".
        number: the university's id: "SIS User ID", "ID number".
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
    def ids(self) -> frozenset[str]:
        """Ids of the student on the platform, in lower case."""
        known = {self.id, self.id.removeprefix("Participant "), self.number, self.login, self.email}
        return frozenset(text.strip().casefold() for text in known if text.strip())

    @property
    def name_keys(self) -> frozenset[str]:
        """Keys of the name (`name_key`) in every order of its words."""
        words = _words(self.name)
        if len(words) > MAX_PERMUTED_WORDS:
            orders = [words[start:] + words[:start] for start in range(len(words))]
        else:
            orders = itertools.permutations(words)
        return frozenset("".join(order) for order in orders) - {""}


@dataclass(frozen=True)
class Roster:
    """The students of a class.

    Attributes:
        platform: "canvas" or "moodle".
        students: its rows, in order.
        columns: its header; Canvas expects the points of an existing assignment under the assignment's own header.
    """

    platform: str
    students: tuple[Student, ...]
    columns: tuple[str, ...] = ()


def name_key(text: str) -> str:
    """Return a name without case, accents, spaces and punctuation, to compare spellings of it.

    Example:
        >>> name_key("Lovelace, Ada"), name_key("zoë_o'brien"), name_key("王 小明")
        ('lovelaceada', 'zoeobrien', '王小明')
    """
    return "".join(_words(text))


def _words(text):
    """Split a name into words. Accents are removed; marks that are letters of their own, such as vowel signs, stay."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = (letter for letter in folded if not "\u0300" <= letter <= "\u036f")
    kept = (letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in letters)
    return [unicodedata.normalize("NFKC", word) for word in "".join(kept).split()]


def read_roster(path: str | os.PathLike) -> Roster:
    """Read the CSV of Canvas's or Moodle's gradebook, or of a Moodle assignment's grading worksheet.

    Args:
        path: of a CSV file with commas, semicolons or tabs, in UTF-8 or UTF-16.

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
    places = {name.casefold(): index for index, name in reversed(list(enumerate(header)))}
    if {"student", "id"} <= places.keys():
        platform, names = "canvas", [["student"]]
        rows = _after_points_possible(rows, places["student"])
    elif {"full name"} <= places.keys() and places.keys() & {"identifier", "email address", "id number"}:
        platform, names = "moodle", [["full name"]]
    elif "first name" in places and places.keys() & {"last name", "surname"}:
        platform, names = "moodle", [["first name"], ["last name", "surname"]]
    else:
        raise DataError(
            f"Unknown columns in the roster {path}. Expected those of Canvas's gradebook (Student, ID, …) or of "
            f"Moodle's (First name, Last name, …). Received: {', '.join(header[:6]) or 'nothing'}. "
            "Export the gradebook as CSV, in English."
        )

    def cell(row, *columns):
        texts = (row[places[name]].strip() for name in columns if name in places and places[name] < len(row))
        return next(filter(None, texts), "")

    students = []
    for row in rows[1:]:
        if any(field.strip() for field in row):
            students.append(
                Student(
                    name=" ".join(cell(row, *parts) for parts in names).strip(),
                    id=cell(row, "id" if platform == "canvas" else "identifier"),
                    number=cell(row, "sis user id", "id number"),
                    login=cell(row, "sis login id", "username"),
                    email=cell(row, "email address", "email"),
                    section=cell(row, "section"),
                )
            )
    if not students:
        raise DataError(f"No students in the roster {path}. Export the gradebook of a course that has some.")
    return Roster(platform, tuple(students), tuple(header))


def _read_rows(path):
    try:
        raw = Path(path).read_bytes()
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        first = text.split("\n", 1)[0]
        separator = max(",;\t", key=first.count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except OSError as error:
        raise DataError(f"Cannot read the roster {path}: {error.strerror}.") from None
    except (UnicodeError, csv.Error) as error:
        raise DataError(
            f"Cannot read the roster {path}. Expected a CSV file in UTF-8: {error}. Export the gradebook again."
        ) from None


def _after_points_possible(rows, column):
    """Remove the rows above Canvas's students, of which the last begins with "Points Possible"."""
    for index, row in enumerate(rows[:5]):
        if len(row) > column and row[column].strip() == "Points Possible":
            return [rows[0], *rows[index + 1 :]]
    return rows
