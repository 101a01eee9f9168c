"""The CSV files for Canvas and Moodle, read back by the csv module."""

import csv
import dataclasses
import html
import io

import pytest

from dlseq.grading.reports.gradebooks import canvas_csv, moodle_csv, unmatched_csv
from dlseq.grading.reports.matching import match_results
from dlseq.grading.reports.roster import Roster, Student
from dlseq.grading.results import ExerciseResult, Identity, Person, SubmissionResult

CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
MOODLE = ["Identifier", "Full name", "Email address", "ID number"]


def read(text):
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]], rows[0]


def roster_of(results, platform):
    return Roster(platform, tuple(Student(result.student, result.identity.id) for result in results))


@pytest.mark.parametrize("with_roster", [True, False])
@pytest.mark.parametrize("write, platform", [(canvas_csv, "canvas"), (moodle_csv, "moodle")])
def test_points_round_trip_and_add_up(write, platform, with_roster, forty):
    identities = [
        Identity(platform.title(), f"{number}", (Person(result.student),)) for number, result in enumerate(forty)
    ]
    results = [
        dataclasses.replace(result, identity=identity) for result, identity in zip(forty, identities, strict=True)
    ]
    rows, header = read(write(results, roster_of(results, platform) if with_roster else None))
    identity, key = (CANVAS, "ID") if platform == "canvas" else (MOODLE, "Identifier")
    names = [exercise.exercise for exercise in results[0].exercises]
    assert header[: len(identity)] == identity and [name for name in header if name in names] == names
    if platform == "canvas":
        possible = rows.pop(0)
        assert possible["Student"] == "    Points Possible" and {possible[name] for name in names} == {"100"}
    for result, row in zip(results, rows, strict=True):
        assert row[key].removeprefix("Participant ") == result.identity.id
        assert sum(float(row[name]) for name in names) == pytest.approx(result.earned, abs=0.05)


def test_a_student_without_a_submission_keeps_empty_cells(forty):
    roster = Roster("canvas", (Student("Nobody Here", "1"), *roster_of(forty, "canvas").students))
    for write, name in ((canvas_csv, "Student"), (moodle_csv, "Full name")):
        rows, header = read(write(forty, roster))
        [row] = [row for row in rows if row[name] == "Nobody Here"]
        assert [row[column] for column in header if "language_model" in column] == [""] * (
            1 if write is canvas_csv else 2
        )


def test_unmatched_results_are_in_no_gradebook_and_keep_their_points(forty):
    roster = roster_of(forty[:30], "canvas")
    names = {row["Student"] for row in read(canvas_csv(forty, roster))[0]}
    lost, _ = read(unmatched_csv(match_results(forty, roster)))
    assert [row["Submission"] for row in lost] == [result.student for result in forty[30:]]
    assert names.isdisjoint(row["Submission"] for row in lost)
    for result, row in zip(forty[30:], lost, strict=True):
        marks = [float(row[exercise.exercise]) for exercise in result.exercises]
        assert sum(marks) == pytest.approx(result.earned, abs=0.05) and row["Platform ID"] == result.identity.id


def test_an_existing_canvas_assignment_keeps_its_header(forty):
    columns = (*CANVAS, "Language Model (4711)", "date_normalization (12)", "date_normalization (13)", "Final Score")
    roster = dataclasses.replace(roster_of(forty, "canvas"), columns=columns)
    _, header = read(canvas_csv(forty, roster))
    assert "Language Model (4711)" in header and "language_model" not in header
    assert "date_normalization" in header  # two fit, so neither is taken


ADA, BOB = Person("Ada", "ada@uni.example", "al", "u-1"), Person("Bob", "bob@uni.example")


def test_ids_stand_in_the_gradebook_of_their_own_platform_alone():
    """Canvas once was given Moodle's ids, and would have written the marks of strangers."""
    for platform in ("Canvas", "Moodle", "Gradescope"):
        result = SubmissionResult("ada", "", "sandbox", (), identity=Identity(platform, "12", (ADA,)))
        canvas, moodle = read(canvas_csv([result]))[0][1], read(moodle_csv([result]))[0][0]
        assert canvas["ID"] == ("12" if platform == "Canvas" else "")
        assert moodle["Identifier"] == ("Participant 12" if platform == "Moodle" else "")


def test_without_a_roster_each_member_of_a_group_has_a_row():
    exercise = ExerciseResult("language_model", 100.0, 7)
    result = SubmissionResult(
        "Ada and Bob", "", "sandbox", (exercise,), identity=Identity("Gradescope", "9", (ADA, BOB))
    )
    rows, _ = read(moodle_csv([result]))
    assert [(row["Full name"], row["Email address"], row["language_model"]) for row in rows] == [
        ("Ada", "ada@uni.example", "0"),
        ("Bob", "bob@uni.example", "0"),
    ]


def test_without_a_roster_a_doubt_is_in_no_gradebook():
    identity = Identity("Canvas", "12", (ADA,), doubt="two readings")
    result = SubmissionResult("ada", "", "sandbox", (), identity=identity)
    assert len(read(canvas_csv([result]))[0]) == 1 and read(moodle_csv([result]))[0] == []
    (lost,), _ = read(unmatched_csv(match_results([result], None)))
    assert (lost["Name"], lost["Platform"], lost["Reason"]) == ("Ada", "Canvas", "two readings")


FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    " =1",
    "＝1",
    "|calc",
    "%0A=1",
    "\r=1",
    "\x1b[0m=1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text):
    exercise = ExerciseResult("language_model", 100.0, 7, problem=text)
    other_exercise = ExerciseResult(text, 10.0, 7, problem=f"a\n{text}")
    identity = Identity("Canvas", text, (Person(text, text, text, text),))
    result = SubmissionResult(text, text, "sandbox", (exercise, other_exercise), identity=identity)
    roster = Roster("canvas", (Student(text, text, text, text, text, text), Student("ada")))
    twice = match_results([result, result], roster)
    for written in (
        *(canvas_csv([result]), canvas_csv([result], roster), unmatched_csv(twice), moodle_csv([result])),
        moodle_csv([result], dataclasses.replace(roster, platform="moodle")),
    ):
        cells = [cell for row in csv.reader(io.StringIO(written, newline="")) for cell in row]
        assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝|%\t\r")] == []
        assert any(cell.startswith("'") for cell in cells)


@pytest.mark.parametrize("text", ["a;=1+1", 'a; "@SUM(A1)"', "a;\n-1+1", "a\n=1+1", "'=1", "a; '|calc"])
def test_no_part_of_a_cell_is_a_formula_where_semicolons_separate(text):
    """Moodle's feedback, opened where semicolons separate cells, once held cells that began with an equals sign."""
    exercise = ExerciseResult("language_model", 100.0, 7, problem=text)
    identity = Identity("Canvas", text, (Person(text, text, text, text),))
    result = SubmissionResult(text, text, "sandbox", (exercise,), identity=identity)
    lost = match_results([result], Roster("canvas", (Student("ada"),)))
    for written in (canvas_csv([result]), moodle_csv([result]), unmatched_csv(lost)):
        for separator in (";", ","):
            rows = csv.reader(io.StringIO(written, newline=""), delimiter=separator)
            assert [cell for row in rows for cell in row if cell.lstrip()[:1] in tuple("=+-@|%")] == []


def test_numbers_with_a_sign_stay_as_they_are():
    rows, _ = read(canvas_csv([SubmissionResult("ada", "", "sandbox", (), identity=Identity("Canvas", "-12"))]))
    assert rows[1]["ID"] == "-12"


def test_feedback_has_the_failures_and_no_html(made_up, hostile):
    result = made_up.hostile_result(hostile)
    rows, _ = read(moodle_csv([result]))
    feedback = rows[0]["Feedback for language_model"]
    assert "<" not in feedback and ">" not in feedback and "(0 of 60 points): " in html.unescape(feedback)
    assert "\x1b" not in feedback and "\0" not in feedback and "\u202e" not in feedback
