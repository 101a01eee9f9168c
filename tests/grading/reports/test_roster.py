"""Rosters, and the matching of submissions to their rows."""

import dataclasses
import random

import pytest

from dlseq.errors import DataError
from dlseq.grading.reports.matching import match_results
from dlseq.grading.reports.names import name_key
from dlseq.grading.reports.roster import Roster, Student, read_roster
from dlseq.grading.results import Identity, Person, SubmissionResult

ADA = Student("Lovelace, Ada", "11", "u-1", "ada", "ada@uni.example")
BOB = Student("Byron, Bob", "12", "u-2", "bob", "bob@uni.example")
ROSTER = Roster("canvas", (ADA, BOB))


def result(student, platform_id="", platform="Canvas", **fields):
    """Return the result of one student, with an id by a platform or under a name by people."""
    identity = Identity(platform, platform_id, (Person(student, **fields),)) if platform_id or fields else Identity()
    return SubmissionResult(student, "", "sandbox", (), identity=identity)


def matched(roster, *results):
    """Return student -> submission, and the reasons of the unmatched ones."""
    matching = match_results(results, roster)
    pairs = {student.name: result.student for student, result in matching.rows if result is not None}
    assert len(pairs) + len(matching.unmatched) == len(results)
    return pairs, [unmatched.reason for unmatched in matching.unmatched]


@pytest.mark.parametrize(
    "spelling",
    [
        *(
            "Lovelace, Ada",
            "ada lovelace",
            "lovelaceada",
            "adalovelace",
            "LOVELACE_ADA",
            "Ａda Lovelace",
            "Áda lovelacé",
        ),
        *("ADA", "ada@uni.example", "Ada@Uni.Example", "u-1", "U-1", "ada-lovelace"),
    ],
)
def test_every_spelling_of_a_name_matches(spelling):
    assert matched(ROSTER, result(spelling)) == ({"Lovelace, Ada": spelling}, [])


@pytest.mark.parametrize(
    "stranger", ["eve", "", "!!!", "ada.lovelace.byron", "a", "1", "love lace", "uni.example", "11"]
)
def test_other_names_do_not_match(stranger):
    pairs, reasons = matched(Roster("canvas", (ADA, BOB, Student("...", "13"))), result(stranger))
    assert pairs == {} and len(reasons) == 1


@pytest.mark.parametrize(
    "first, second",
    [
        ("राम", "रमा"),  # vowel signs are letters of their own
        ("王小明", "王小朋"),
        ("김민수", "김민서"),
        ("Ångström", "Angstrum"),
        ("がく", "かく"),
    ],
)
def test_names_that_differ_in_a_letter_of_their_script_differ(first, second):
    assert name_key(first) != name_key(second) and name_key(first) == name_key(first.upper())


def test_the_id_decides_between_students_of_one_name():
    twin = dataclasses.replace(ADA, id="13", number="u-3", login="ada2", email="ada2@uni.example")
    roster = Roster("canvas", (ADA, twin))
    assert matched(roster, result("lovelaceada"))[1] == ["several students of the roster fit"]
    rows = match_results([result("lovelaceada", "13"), result("Lovelace, Ada", "11")], roster).rows
    assert [(student.id, result.identity.id) for student, result in rows] == [("11", "11"), ("13", "13")]


def test_an_id_of_another_student_matches_nobody():
    assert matched(ROSTER, result("Ada Lovelace", "12")) == ({}, ["its id and its name are of different students"])


def test_an_id_alone_is_not_enough_where_there_is_a_name():
    """An id in a file name, beside a name that fitted nobody, once put the points into the row of that id."""
    reason = "nobody has both its id and its name, or it is a group"
    assert matched(ROSTER, result("eve evil", "12")) == ({}, [reason])
    assert matched(ROSTER, result("Byron, Bob-2"))[0] == {}


def test_an_unknown_id_is_not_replaced_by_the_name():
    """The student may have left the course, and another one of the same name may have stayed."""
    reason = "nobody in the roster has this id, and the name is not enough"
    assert matched(ROSTER, result("Ada Lovelace", "99")) == ({}, [reason])
    without = Roster("moodle", (dataclasses.replace(ADA, id=""),))
    assert matched(without, result("Ada Lovelace", "99", "Moodle"))[0] == {"Lovelace, Ada": "Ada Lovelace"}


def test_several_submissions_of_one_student_are_all_reported():
    pairs, reasons = matched(ROSTER, result("ada"), result("bob"), result("lovelaceada"))
    assert pairs == {"Byron, Bob": "bob"} and reasons == 2 * ["several submissions fit one student of the roster"]


def test_a_class_matches_in_any_order(made_up):
    results = made_up.made_up_class(300, seed=3)
    students = [Student(" ".join(reversed(result.student.split())), result.identity.id) for result in results]
    order = random.Random(1)
    for wanted in (results, [dataclasses.replace(result, identity=Identity()) for result in results]):
        order.shuffle(students)
        matching = match_results(order.sample(wanted, 250), Roster("canvas", tuple(students)))
        found = [(student, result) for student, result in matching.rows if result]
        assert len(found) == 250 and not matching.unmatched and len(matching.rows) == 300
        assert all(
            result.exercises[0].memory == by_id(results, student.id).exercises[0].memory for student, result in found
        )


def by_id(results, wanted):
    return next(result for result in results if result.identity.id == wanted)


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Language model (77),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,100,(read only)
"Lovelace, Ada",11,u-1,ada,Section 1,,98.5
"Student, Test",12,,,Section 1,,
"""
GRADER = """First name,Last name,ID number,Email address,Quiz: a (Real),Last downloaded from this course
Ada,Lovelace,u-1,ada@uni.example,-,1700000000
"""
WORKSHEET = """Identifier,Full name,Email address,Status,Grade
Participant 11,Ada Lovelace,ada@uni.example,Submitted,
"""


@pytest.mark.parametrize(
    "text, platform, expected",
    [
        (CANVAS, "canvas", Student("Lovelace, Ada", "11", "u-1", "ada", "", "Section 1")),
        (GRADER, "moodle", Student("Ada Lovelace", "", "u-1", "", "ada@uni.example")),
        (WORKSHEET, "moodle", Student("Ada Lovelace", "Participant 11", "", "", "ada@uni.example")),
    ],
    ids=["canvas", "grader report", "worksheet"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_exported_rosters_are_read(text, platform, expected, encoding, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    roster = read_roster(path)
    assert (roster.platform, roster.students[0]) == (platform, expected)
    assert len(roster.students) == (2 if platform == "canvas" else 1)
    path.write_bytes(
        text.replace('"Lovelace, Ada"', "Lovelace Ada").replace('"', "").replace(",", ";").encode(encoding)
    )
    assert dataclasses.replace(read_roster(path).students[0], name=expected.name) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("first", ["", "sep=;\r\n", '"sep=;"\r\n'])
def test_a_roster_saved_by_excel_is_read(encoding, first, tmp_path):
    path = tmp_path / "roster.csv"
    text = "Vorname;First name;Last name;Email address\r\nx,y,z;Zoë;Brontë’s;zoe@uni.example\r\n"
    path.write_bytes((first + text).encode(encoding))
    assert read_roster(path).students == (Student("Zoë Brontë’s", email="zoe@uni.example"),)


def test_a_worksheet_of_blind_marking_has_ids_and_no_names(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("Identifier,Status,Grade\nParticipant 12,Submitted,\nTeilnehmer/in 13,Submitted,\n")
    students = read_roster(path).students
    assert [(student.name, student.platform_key) for student in students] == [("", "12"), ("", "13")]


def test_the_row_of_possible_points_is_found_anywhere_and_by_its_place(tmp_path):
    """A student may be called like it, and other rows may stand above it."""
    path = tmp_path / "roster.csv"
    rows = [
        '"Final, Grade",11',
        ",,Manual Posting",
        ",,",
        ",,",
        ",,",
        ",,",
        "    Points Possible,,100",
        "Points Possible,12",
    ]
    path.write_text("\n".join(["Student,ID,Quiz (7)", *rows]))
    assert [student.id for student in read_roster(path).students] == ["11", "12"]


@pytest.mark.parametrize(
    "header, platform, student",
    [
        ("Last Name,First Name,Username,Student ID,Availability", "blackboard", Student("A B", "", "7", "al")),
        ("Last Name,First Name,Username,OrgDefinedId,Email", "brightspace", Student("A B", "", "7", "al", "a@b")),
        ("Last Name,First Name,#,SID,Email", "gradescope", Student("A B", "", "7", "", "a@b")),
    ],
)
def test_gradebooks_of_other_platforms_are_rosters(header, platform, student, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(f"{header}\nB,A,#al,#7,a@b\n" if platform == "brightspace" else f"{header}\nB,A,al,7,a@b\n")
    roster = read_roster(path)
    assert (roster.platform, roster.students) == (platform, (student,))


@pytest.mark.parametrize(
    "first, second, same",
    [
        ("Jean-Luc Picard", "picard, jean luc", True),
        ("O'Brien, Zoë", "Zoe OBrien", True),
        ("Wang An", "Wan Gan", False),
        ("Li Na", "Lin A", False),
        ("Ren\udce9 Li", "Ren Li", False),
        ("Ren\ufffd Li", "Ren Li", False),
    ],
)
def test_names_are_compared_by_words(first, second, same):
    """Without the spaces between words, the names of two people may be one."""
    roster = Roster("moodle", (Student(first), Student("Ada Lovelace")))
    assert (matched(roster, result(second))[0] == {first: second}) == same


def test_moodle_participant_numbers_match(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(WORKSHEET)
    assert matched(read_roster(path), result("Ada Lovelace", "11", "Moodle"))[0] == {"Ada Lovelace": "Ada Lovelace"}


@pytest.mark.parametrize(
    "raw, words",
    [
        (b"", "Received: nothing"),
        (b"name,mark\nada,1\n", "Received: name, mark"),
        (b"Student,ID\n    Points Possible,\n", "No students"),
        (b'Student,ID\n"ada', "CSV"),
        (b"\x89PNG\r\n\xff\xfe", "UTF-8"),
        (None, "Cannot read the roster"),
    ],
)
def test_a_file_that_is_no_roster_raises(raw, words, tmp_path):
    path = tmp_path / "roster.csv"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(DataError, match=words):
        read_roster(path)
