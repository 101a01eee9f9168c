"""The commands `dlseq grade` and `dlseq gradescope`, on a small course and without a sandbox."""

import csv
import json
import os
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from rich.console import Console

from dlseq.cli.marks_table import MAX_FULL_ROWS, print_marks_table
from dlseq.grading.results import ExerciseResult, SubmissionResult, TestResult, read_result

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name
LONG = ("recurrent_network", "name_generation", "language_model", "date_normalization", "attention_layer")


@pytest.fixture
def class_(small_course, tmp_path, monkeypatch):
    """Folder of four submissions: right, wrong, of no encoding, and without a file."""
    monkeypatch.chdir(small_course.root)
    text = small_course.solution(NAME).read_text()
    for student, data in (("Ada L", text), ("bob", text.replace("* 2", "* 3")), ("eve", "\0"), ("zoe", None)):
        place = tmp_path / "class" / student
        place.mkdir(parents=True)
        (place / (f"{NAME}.py" if data else "thesis.pdf")).write_text(data or "x")
    return tmp_path / "class"


@pytest.fixture
def grade(dlseq_command, tmp_path):
    """Function that runs `dlseq grade` and returns status, output, errors and the output folder."""

    def run(*arguments, out="out", common=("--exercise", NAME, "--isolation", "process", "--seed", "5")):
        status, output, error = dlseq_command("grade", "--out", tmp_path / out, *common, *arguments)
        return status, output, error, tmp_path / out

    return run


@pytest.fixture
def no_grading(monkeypatch):
    """Make a test fail if grading starts."""
    import dlseq.grading.run as running

    monkeypatch.setattr(running, "run", lambda *arguments: pytest.fail("grading started"))


def test_class_is_graded_into_a_table_and_all_formats(grade, class_):
    status, output, error, out = grade(class_)
    assert (status, error) == (0, "") and output.startswith("4 submissions, ")
    assert f"graded by the tests and solutions in {Path.cwd()}, not those in " in output
    rows = [" ".join(line.split()) for line in output.splitlines()]
    for row in ("student points", "Ada L 100 of 100", "bob 0 of 100", "eve not run", "zoe no file", "not run:"):
        assert row in rows
    assert re.search(r"^  eve, recurrent_network: Cannot read .*Expected text in UTF-8", output, re.MULTILINE)
    assert "mean 25, median 0, full marks for 1 of 4" in rows
    assert re.search(r"^4 graded in [\d.]+ s, \d+ a minute; seed 5$", output, re.MULTILINE)
    assert f"1 note on submitted files, such as ignored ones: {out / 'notes.txt'}" in rows
    assert {path.stem: read_result(path).earned for path in (out / "results").iterdir()} == {
        "Ada L": 100, "bob": 0, "eve": 0, "zoe": 0,
    }  # fmt: skip
    assert read_result(out / "results/zoe.json").notes[0].startswith("Ignored thesis.pdf: ")
    assert "Ignored thesis.pdf" in (out / "report.html").read_text("utf-8")
    assert sorted(path.name for path in out.iterdir()) == [
        *(
            ".digests",
            "canvas.csv",
            "gradescope",
            "junit.xml",
            "moodle.csv",
            "notes.txt",
            "report.html",
            "results",
            "run.json",
        ),
    ]
    assert json.loads((out / "gradescope/Ada L.json").read_text())["score"] == 100
    assert len(ElementTree.parse(out / "junit.xml").findall(".//testcase")) >= 8


def test_resumed_run_reports_earlier_results(grade, class_):
    grade(class_, "--format", "junit")
    status, output, _, out = grade(
        class_, "--resume", "--format", "html", common=("--exercise", NAME, "--isolation=process")
    )
    assert (
        status == 0
        and "4 of them graded before" in output
        and "0 graded in" in output
        and (out / "report.html").is_file()
    )


def test_roster_shows_students_without_a_submission(grade, class_, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("Student,ID,SIS User ID,SIS Login ID,Section\n" + "\n".join(
        f"{name},{number},,{name},1" for number, name in enumerate(["bob", "eve", "carol"])
    ) + "\n")  # fmt: skip
    status, output, _, out = grade(class_, "--roster", roster, "--format", "canvas")
    assert status == 0 and "1 of 3 students of the roster have no submission" in output
    assert "2 not in the gradebooks" in output and "Ada L" in output
    with (out / "canvas.csv").open(newline="") as file:
        assert [row[0] for row in csv.reader(file)][-3:] == ["bob", "eve", "carol"]


def test_single_submission_has_a_results_json_for_gradescope(grade, class_):
    status, _, _, out = grade(class_ / "Ada L", "--single", "--format", "gradescope")
    assert status == 0 and json.loads((out / "results.json").read_text())["score"] == 100


def test_points_have_at_most_two_decimals(grade, class_, small_course):
    small_course.tests(NAME).write_text(small_course.tests(NAME).read_text().replace("[1, 3]", "[1, 3, 4]"))
    (class_ / "bob" / f"{NAME}.py").write_text(
        "def double(x):\n    return 2 * x if x.size == 3 else x\n\n\ndef double_sum(x):\n    return 0\n"
    )
    _, output, _, _ = grade(class_ / "bob", "--format", "junit")
    assert " ".join(output.split()).count("bob 13.33 of 100") == 1


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (
            ("--format", "pdf"),
            "Invalid value for --format. Expected one of gradescope, canvas, moodle, junit, html. Received: 'pdf'",
        ),
        (("--isolation", "jail"), "Expected one of sandbox, process. Received: isolation='jail'"),
        (("--exercise", "recurrent_netwrok"), "Unknown exercise: 'recurrent_netwrok'. Did you mean"),
        (("--exercise", "language_model"), "Cannot grade language_model. Expected its graded tests in"),
        (("--roster", "nowhere.csv"), "nowhere.csv"),
        (("--dask", "tcp://127.0.0.1:x"), "Cannot connect to --dask tcp://127.0.0.1:x"),
    ],
)
def test_invalid_option_is_reported_and_makes_no_folder(grade, class_, no_grading, arguments, sentence):
    if "--dask" in arguments:
        pytest.importorskip("distributed", reason="Dask is not installed: pip install 'dlseq[fleet]'")
    status, _, error, out = grade(class_, *arguments)
    assert status == 2 and " ".join(error.split()).startswith("dlseq: ") and sentence in " ".join(error.split())
    assert "Traceback" not in error and not out.exists()


@pytest.mark.parametrize("option", ["--jobs=0", "--seed=-1", "--time-limit=0", "--memory=x", "--no-such-option"])
def test_number_out_of_range_is_refused(grade, class_, no_grading, option):
    status, _, error, out = grade(class_, option)
    assert status == 2 and option.split("=")[0] in error and "Traceback" not in error and not out.exists()


def test_missing_folder_is_reported(grade, dlseq_command, class_, tmp_path, monkeypatch):
    for arguments, sentence in (
        ((tmp_path / "nowhere",), "there is no such file or folder"),
        ((class_, "--out", tmp_path / "no/where"), "does not exist. Create it first"),
    ):
        status, _, error, _ = grade(*arguments)
        assert status == 2 and sentence in " ".join(error.split()) and "Traceback" not in error
    monkeypatch.chdir("/")
    status, _, error, _ = grade(class_)
    assert status == 2 and "Change to the folder of the course" in error


def test_ctrl_c_prints_the_state_and_exits_with_130(grade, class_, monkeypatch):
    import dlseq.grading.run as running

    def interrupt(plan, *rest):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run", interrupt)
    status, output, error, out = grade(class_)
    assert status == 130 and f"stopped: 0 of 4 results are in {out}; the same command with --resume goes on" in output
    assert "Traceback" not in error


def exercise_result(name, earned, problem="", function="f"):
    if problem:
        return ExerciseResult(name, 100.0, 1, problem=problem)
    status = [("passed", earned), ("failed", 100 - earned)]
    return ExerciseResult(name, 100.0, 1, tuple(TestResult(name, function, s, "x", p, s) for s, p in status if p))


def table_lines(results, width):
    console = Console(width=width, record=True, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    print_marks_table(results, console)
    return console.export_text().splitlines()[1:]


def test_five_exercises_fit_into_eighty_columns():
    exercises = tuple(exercise_result(name, 100 / 3) for name in LONG)
    students = [SubmissionResult(f"Étienne de la Boétie-Montaigne {n}", "", "sandbox", exercises) for n in range(6)]
    lines = table_lines(students, 80)
    assert max(map(len, lines)) <= 80
    for word in {word for name in LONG for word in name.split("_")}:
        assert any(word in line.split() for line in lines[:2])
    assert lines[2].split()[-6:] == ["33.33"] * 5 + ["166.67"] and lines[2].startswith("Étienne de l")
    narrow = table_lines(students, 50)
    assert narrow[2].split()[-1] == "166.67" and "33.33" not in narrow[2] and max(map(len, narrow[:8])) <= 50


def test_large_class_has_one_row_for_full_marks():
    results = [
        SubmissionResult(f"s{n}", "", "sandbox", (exercise_result(NAME, 100 if n % 2 else 50),))
        for n in range(MAX_FULL_ROWS + 20)
    ]
    lines = table_lines(results, 80)
    assert len([line for line in lines if line.startswith("s") and "50 of 100" in line]) == MAX_FULL_ROWS / 2 + 10
    assert any(line.split() == ["30", "more,", "full", "marks", "100"] for line in lines)
    assert f"mean 75, median 75, full marks for 30 of {MAX_FULL_ROWS + 20}" in lines
    few = table_lines(results[:MAX_FULL_ROWS], 80)
    assert not any("full marks" in line and "more" in line for line in few)


def test_table_escapes_names_and_problems():
    results = [SubmissionResult("[red]\x1b[31mada", "", "sandbox", (exercise_result(NAME, 0, "\x1b[2J[bold]no"),))]
    text = "\n".join(table_lines(results, 80))
    assert "\x1b" not in text and "[red]ada" in text and "[bold]no" in text


def test_gradescope_writes_a_folder_and_prints_instructions(dlseq_command, class_, tmp_path):
    status, output, _ = dlseq_command("gradescope", tmp_path / "auto grader", "--exercise", NAME)
    assert status == 0 and re.match(r"\d+ files in .*; zip its content, and upload that as the autograder:", output)
    assert f"(cd '{tmp_path / 'auto grader'}' && zip -qr ../autograder.zip .)" in output
    status, _, error = dlseq_command("gradescope", tmp_path / "auto grader")
    assert status == 2 and "to be a new or empty folder" in error
