"""The students of a course, as Canvas or Moodle exports them."""

import csv
import io
import itertools
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from dlseq.errors import DataError

__all__ = ["Roster", "Student", "name_key", "read_roster"]

WORDS = 5  # of a name, up to which every order of them is known


@dataclass(frozen=True)
class Student:
    """One row of a roster. What the platform does not say is empty.

    Attributes:
        name: as the platform writes it.
        id: the platform's own: Canvas's "ID", Moodle's "Identifier", "Participant 123".
        number: the university's: "SIS User ID", "ID number".
        login: "SIS Login ID", "Username".
        email: address.
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
        """Everything that names one person on the platform, folded."""
        known = {self.id, self.id.removeprefix("Participant "), self.number, self.login, self.email}
        return frozenset(one.strip().casefold() for one in known if one.strip())

    @property
    def name_keys(self) -> frozenset[str]:
        """The keys of the name, in every order of its words."""
        words = _words(self.name)
        if len(words) > WORDS:
            orders = [words[start:] + words[:start] for start in range(len(words))]
        else:
            orders = itertools.permutations(words)
        return frozenset("".join(order) for order in orders) - {""}


@dataclass(frozen=True)
class Roster:
    """A roster.

    Attributes:
        platform: "canvas" or "moodle".
        students: its rows, in order.
        columns: its header; Canvas wants the marks of an assignment that it has under the assignment's own header.
    """

    platform: str
    students: tuple[Student, ...]
    columns: tuple[str, ...] = ()


def name_key(text: str) -> str:
    """A name without case, accents, spaces and marks, so that spellings of it can be compared.

    Example:
        >>> name_key("Lovelace, Ada"), name_key("zoë_o'brien"), name_key("王 小明")
        ('lovelaceada', 'zoeobrien', '王小明')
    """
    return "".join(_words(text))


def _words(text):
    """The words of a name. Accents go; marks that are letters of their own, such as vowel signs, stay."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (one if unicodedata.category(one)[0] in "LMN" else " " for one in folded if not "\u0300" <= one <= "\u036f")
    return [unicodedata.normalize("NFKC", word) for word in "".join(kept).split()]


def read_roster(path: str | os.PathLike) -> Roster:
    """Reads the CSV of Canvas's or Moodle's gradebook, or of a Moodle assignment's grading worksheet.

    Args:
        path: a CSV file with commas, semicolons or tabs, UTF-8 or UTF-16.

    Returns:
        The `Roster`.

    Raises:
        DataError: the file cannot be read, has no header that is known, or no students.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "class.csv"
        >>> _ = path.write_text('Student,ID,SIS Login ID,Section\\n"Lovelace, Ada",7,ada,A\\n')
        >>> read_roster(path).students
        (Student(name='Lovelace, Ada', id='7', number='', login='ada', email='', section='A'),)
    """
    rows = _rows(path)
    header = [name.strip() for name in rows[0]] if rows else []
    named = {name.casefold(): index for index, name in reversed(list(enumerate(header)))}
    if {"student", "id"} <= named.keys():
        platform, names = "canvas", [["student"]]
        rows = _after_points_possible(rows, named["student"])
    elif {"full name"} <= named.keys() and named.keys() & {"identifier", "email address", "id number"}:
        platform, names = "moodle", [["full name"]]
    elif "first name" in named and named.keys() & {"last name", "surname"}:
        platform, names = "moodle", [["first name"], ["last name", "surname"]]
    else:
        raise DataError(
            f"expected {path} to begin with the columns of Canvas's gradebook (Student, ID, …) or of Moodle's "
            f"(First name, Last name, …), received {', '.join(header[:6]) or 'nothing'}; export the gradebook as CSV, "
            "in English"
        )

    def cell(row, *columns):
        found = (row[named[one]].strip() for one in columns if one in named and named[one] < len(row))
        return next((one for one in found if one), "")

    students = []
    for row in rows[1:]:
        if any(field.strip() for field in row):
            students.append(
                Student(
                    " ".join(cell(row, *parts) for parts in names).strip(),
                    cell(row, "id" if platform == "canvas" else "identifier"),
                    cell(row, "sis user id", "id number"),
                    cell(row, "sis login id", "username"),
                    cell(row, "email address", "email"),
                    cell(row, "section"),
                )
            )
    if not students:
        raise DataError(f"expected students in {path}, found none; export the gradebook of a course that has some")
    return Roster(platform, tuple(students), tuple(header))


def _rows(path):
    try:
        raw = Path(path).read_bytes()
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        first = text.split("\n", 1)[0]
        separator = max(",;\t", key=first.count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except OSError as error:
        raise DataError(f"cannot read the roster {path}: {error.strerror}") from None
    except (UnicodeError, csv.Error) as error:
        raise DataError(f"expected {path} to be a CSV file in UTF-8: {error}; export the gradebook again") from None


def _after_points_possible(rows, column):
    """Canvas's rows of students: its own notes stand above, and the last of them begins with these words."""
    for index, row in enumerate(rows[:5]):
        if len(row) > column and row[column].strip() == "Points Possible":
            return [rows[0], *rows[index + 1 :]]
    return rows
