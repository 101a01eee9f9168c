"""Submissions in every layout are read for the right student, and none affects another."""

import builtins
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlseq.course.exercises import EXERCISES, get_exercises
from dlseq.errors import DlseqError
from dlseq.grading.submissions.limits import SUBMISSION_LIMITS
from dlseq.grading.submissions.listing import list_folder
from dlseq.grading.submissions.read import read_submissions

LM, DN, AL = "language_model", "date_normalization", "attention_layer"
TWO = get_exercises([LM, DN])
ONE = get_exercises([LM])
MAX_FILES = SUBMISSION_LIMITS.members


def write_files(root, files):
    """Write files: text, bytes, or None for an empty folder."""
    for name, content in files.items():
        path = root / name
        if content is None:
            path.mkdir(parents=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def zipped(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name if content is not None else f"{name}/", content or "")
    return file.getvalue()


def tarred(files):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            if content is None:
                info.type = tarfile.DIRTYPE
            data = content.encode() if isinstance(content, str) else content or b""
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def as_folder(tmp_path, files):
    return write_files(tmp_path / "hand-ins", files or {"": None})


def as_zip(tmp_path, files):
    write_files(tmp_path, {"hand-ins.zip": zipped(files)})
    return tmp_path / "hand-ins.zip"


def as_tar(tmp_path, files):
    write_files(tmp_path, {"hand-ins.tar.gz": tarred(files)})
    return tmp_path / "hand-ins.tar.gz"


WAYS = [as_folder, as_zip, as_tar]


def code_by_student(submissions):
    """Return student -> exercise -> its whole text."""
    return {
        submission.student: {name: "".join(text for _, text in cells) for name, cells in submission.cells.items()}
        for submission in submissions
    }


def notebook(source="x = 1"):
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": source}]})


# Layouts of one submission and of a class: files, exercises, expected code of each student


LAYOUTS = {
    "one: files": ({f"{LM}.py": "1", f"{DN}.py": "2"}, TWO, {"hand-ins": {LM: "1", DN: "2"}}),
    "one: one of the files": ({f"{LM}.py": "1"}, TWO, {"hand-ins": {LM: "1"}}),
    "one: with helpers and data": (
        {f"{LM}.py": "1", "helpers.py": "h", "data/a.csv": ""},
        TWO,
        {"hand-ins": {LM: "1"}},
    ),
    "one: with an older copy": ({f"{LM}.py": "1", f"old/{LM}.py": "0"}, ONE, {"hand-ins": {LM: "1"}}),
    "one: the whole course": (
        {f"exercises/{LM}.py": "1", f"tests/graded/test_{LM}.py": "t", f"solutions/{LM}.py": "s", "README.md": ""},
        TWO,
        {"hand-ins": {LM: "1"}},
    ),
    "one: the student's name in front": (
        {f"ada_{LM}.py": "1", f"ada {DN}.py": "2"},
        TWO,
        {"hand-ins": {LM: "1", DN: "2"}},
    ),
    "one: any name for one exercise": ({"homework.ipynb": notebook("7")}, ONE, {"hand-ins": {LM: "7"}}),
    "one: any name, beside control files of Python": (
        {"homework.py": "7", "conftest.py": "c", "sitecustomize.py": "s", "test_homework.py": "t"},
        ONE,
        {"hand-ins": {LM: "7"}},
    ),
    "class: folders": (
        {f"ada/{LM}.py": "1", f"bob/{LM}.py": "2", "eve": None},
        TWO,
        {"ada": {LM: "1"}, "bob": {LM: "2"}, "eve": {}},
    ),
    "class: archives": (
        {"ada.zip": zipped({f"{LM}.py": "1"}), "bob.tgz": tarred({f"b/{LM}.py": "2"})},
        TWO,
        {
            "ada": {LM: "1"},
            "bob": {LM: "2"},
        },
    ),
    "class: files of any name for one exercise": (
        {"ada.py": "1", "bob.ipynb": notebook("2")},
        ONE,
        {"ada": {LM: "1"}, "bob": {LM: "2"}},
    ),
    "class: files with names in front": (
        {f"ada_{LM}.py": "1", f"bob-{LM}.py": "2", f"bob-{DN}.py": "3"},
        TWO,
        {"ada": {LM: "1"}, "bob": {LM: "2", DN: "3"}},
    ),
    "class: all sorts": (
        {f"ada/{LM}.py": "1", "bob.zip": zipped({f"{LM}.py": "2"}), f"eve_{LM}.py": "3"},
        TWO,
        {"ada": {LM: "1"}, "bob": {LM: "2"}, "eve": {LM: "3"}},
    ),
    "class: within a folder that is alone": (
        {f"hw1/ada/{LM}.py": "1", f"hw1/bob/{LM}.py": "2"},
        TWO,
        {"ada": {LM: "1"}, "bob": {LM: "2"}},
    ),
    "class: by Canvas": (
        {
            f"lovelaceada_12_345_{LM}.py": "1",
            f"lovelaceada_12_346_{DN}.ipynb": notebook("2"),
            f"babbagebob_LATE_13_300_{LM}-1.py": "3",
            "turingalan_14_350_essay.pdf": "%PDF",
            "eve_15_360_work.zip": zipped({f"{LM}.py": "4"}),
        },
        TWO,
        {"lovelaceada": {LM: "1", DN: "2"}, "babbagebob": {LM: "3"}, "turingalan": {}, "eve": {LM: "4"}},
    ),
    "class: by Moodle": (
        {
            f"Ada Lovelace_12_assignsubmission_file_/{LM}.py": "1",
            "Ada Lovelace_12_assignsubmission_onlinetext_/onlinetext.html": "<p>",
            "Bob_13_assignsubmission_file_/work.zip": zipped({f"x/{LM}.py": "2"}),
            f"Eve_14_assignsubmission_file_{LM}.py": "3",
        },
        TWO,
        {"Ada Lovelace": {LM: "1"}, "Bob": {LM: "2"}, "Eve": {LM: "3"}},
    ),
    "class: by Gradescope": (
        {
            "submission_metadata.yml": (
                "---\nsubmission_12:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: '1'\n  :created_at: 2024\n"
                "submission_13:\n  :submitters:\n  - :name: Bob\n  - :name: Eve\n"
            ),
            f"submission_12/{LM}.py": "1",
            f"submission_13/{LM}.py": "2",
            f"submission_14/{LM}.py": "3",
        },
        TWO,
        {"Ada Lovelace": {LM: "1"}, "Bob and Eve": {LM: "2"}, "submission_14": {LM: "3"}},
    ),
    "class: by Gradescope, in the folder that it packs": (
        {f"assignment_9_export/submission_12/{LM}.py": "1", "assignment_9_export/submission_metadata.yml": "---"},
        TWO,
        {"submission_12": {LM: "1"}},
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", LAYOUTS)
def test_layouts_are_read_as_one_submission_or_a_class(tmp_path, way, case):
    files, requested, expected = LAYOUTS[case]
    submissions = read_submissions([way(tmp_path, files)], requested)
    assert code_by_student(submissions) == expected
    assert not any(submission.problems for submission in submissions)


UNCLEAR = {
    "an answer at the top and answers in folders": {f"{LM}.py": "1", f"ada/{LM}.py": "2", f"bob/{LM}.py": "3"},
    "folders with answers to different exercises": {f"first/{LM}.py": "1", f"second/{DN}.py": "2"},
    "files with different names in front for different exercises": {f"ada_{LM}.py": "1", f"bob_{DN}.py": "2"},
    "one folder with an answer beside one without": {f"ada/{LM}.py": "1", "bob/notes.txt": ""},
    "names by Canvas beside others": {f"ada_1_2_{LM}.py": "1", f"{LM}.py": "2"},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", UNCLEAR)
def test_ambiguous_layouts_raise_with_a_remedy(tmp_path, way, case):
    with pytest.raises(
        DlseqError, match=r"^Cannot tell one submission from several in .* Received: .*\. Give each student a folder"
    ):
        read_submissions([way(tmp_path, UNCLEAR[case])], TWO)


@pytest.mark.parametrize(
    "files", [{}, {"README.md": ""}, {"a.py": "", "b.py": ""}, {f"{AL}.py": ""}, {"x/notes.txt": ""}]
)
@pytest.mark.parametrize("way", WAYS)
def test_nothing_to_grade_raises(tmp_path, way, files):
    with pytest.raises(
        DlseqError,
        match=r"^Nothing to grade in .* Expected language_model.py or date_normalization.py .* Received: .*\. Name a",
    ):
        read_submissions([way(tmp_path, files)], TWO)


def test_a_single_folder_names_the_student_on_disk_alone(tmp_path):
    """On disk it is a class of one; in an archive it is the folder in which the student works."""
    files = {f"work/src/{LM}.py": "1"}
    assert code_by_student(read_submissions([as_folder(tmp_path, files)], TWO)) == {"work": {LM: "1"}}
    assert code_by_student(read_submissions([as_zip(tmp_path, files)], TWO)) == {"hand-ins": {LM: "1"}}


def test_platform_ids_and_late_marks_are_read(tmp_path):
    files, requested, _ = LAYOUTS["class: by Canvas"]
    by_name = {submission.student: submission for submission in read_submissions([as_zip(tmp_path, files)], requested)}
    assert {name: submission.identity.id for name, submission in by_name.items()} == {
        "lovelaceada": "12",
        "babbagebob": "13",
        "turingalan": "14",
        "eve": "15",
    }
    assert any("late" in note for note in by_name["babbagebob"].notes)
    assert not any("late" in note for note in by_name["lovelaceada"].notes)
    assert by_name["eve"].source == f"{tmp_path / 'hand-ins.zip'}: eve_15_360_work.zip".replace("'", "_")


EVE = {  # names that Eve chooses, as a platform writes them
    "Moodle": f"Eve Evil_13_assignsubmission_file_x_14_assignsubmission_file_{LM}.py",
    "Canvas": f"evileve_13_503_x_14_assignsubmission_file_{LM}.py",
    "Canvas, late": f"evileve_LATE_13_503_bob_14_504_{LM}.py",
}


@pytest.mark.parametrize("several", [False, True], ids=["folder", "paths"])
@pytest.mark.parametrize("case", EVE)
def test_a_file_name_hands_nothing_in_for_somebody_else(tmp_path, case, several):
    """The last id in a name once counted, which stands in the part that the student has chosen."""
    regular = "evileve_13_502_{}.py" if "Canvas" in case else "Eve Evil_13_assignsubmission_file_{}.py"
    other = "bob_14_50{number}_{}.py" if "Canvas" in case else "Bob_14_assignsubmission_file_{}.py"
    files = {EVE[case]: "eve", regular.format(LM): "1"}
    files |= {other.format(name, number=number): "2" for number, name in ((5, LM), (6, DN))}
    top = write_files(tmp_path / "hand-ins", files)
    paths = sorted(top.iterdir()) if several else [top]
    submissions = {submission.identity.id: submission for submission in read_submissions(paths, TWO)}
    assert set(submissions) == {"13", "14"}
    assert submissions["14"].student.lower().startswith("bob") and "eve" not in str(submissions["14"].cells)


def test_students_of_one_name_are_numbered(tmp_path):
    files = {f"Ada_{n}_assignsubmission_file_/{LM}.py": str(n) for n in (1, 2, 3)}
    submissions = read_submissions([as_zip(tmp_path, files)], ONE)
    assert code_by_student(submissions) == {"Ada": {LM: "1"}, "Ada-2": {LM: "2"}, "Ada-3": {LM: "3"}}
    assert [submission.identity.id for submission in submissions] == ["1", "2", "3"]


def test_folders_that_differ_in_case_are_two_students(tmp_path):
    files = {f"{name}/{LM}.py": name for name in ("zoë", "zoe\u0308", "ZOË")}
    assert sorted(code_by_student(read_submissions([as_zip(tmp_path, files)], ONE))) == ["ZOË-3", "zoë", "zoë-2"]


# Single files


COPY_OF = ["Copy of", "Kopie von", "Copie de", "Copia de", "Copia di", "Cópia de", "Co\u0301pia de"]  # Google Drive
COPIES = [
    *(" - Copy", " - Copy (2)", " - Kopie", " - Copie (3)", " - copia", " - Cópia"),  # Windows
    *(" copy", " copy 2", " Kopie", " copie 2", " copia", " cópia 3"),  # macOS
]


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (f"{DN}.py", DN),
        (f"ada_{DN}.py", "ada"),
        (f"Ada Lovelace - {DN}.py", "Ada Lovelace"),
        (f"{DN} (1).py", f"{DN} 1"),
        (f"{DN}(2).py", f"{DN} 2"),
        ("Date_Normalization-2.ipynb", "Date_Normalization-2"),
        ("DateNormalization.IPYNB", "DateNormalization"),
        ("date-normalization_v3.py", "date-normalization_v3"),
        (f"{DN} - Copy.py", f"{DN} - Copy"),
        (f"lovelaceada_1_2_{DN}.py", "lovelaceada"),
        *((f"{words} ada_{DN}.ipynb", "ada") for words in COPY_OF),
        *((f"Ada Lovelace {DN}{words}.py", "Ada Lovelace") for words in COPIES),
        (f"Copy of Copia de {DN}.py", f"Copy of Copia de {DN}"),
    ],
)
def test_the_file_name_identifies_the_exercise(tmp_path, name, student):
    path = write_files(tmp_path, {name: notebook("5") if name.lower().endswith("ipynb") else "5"}) / name
    assert code_by_student(read_submissions([path], EXERCISES)) == {student: {DN: "5"}}


def test_a_file_of_any_name_answers_the_only_exercise(tmp_path):
    path = write_files(tmp_path, {"ada.py": "5"}) / "ada.py"
    assert code_by_student(read_submissions([path], ONE)) == {"ada": {LM: "5"}}
    with pytest.raises(
        DlseqError, match=r"^No exercise in the file name of .*ada.py\. .* Rename the file, or grade one"
    ):
        read_submissions([path], TWO)


@pytest.mark.parametrize("name", [f"{AL}.py", f"test_{LM}.py", "conftest.py"])
def test_other_exercises_and_tests_do_not_answer(tmp_path, name):
    path = write_files(tmp_path, {name: "5"}) / name
    with pytest.raises(DlseqError, match=r"Expected language_model in it\. Rename the file\.$"):
        read_submissions([path], ONE)


@pytest.mark.parametrize("name", [f"{LM}_helpers.py", f"{LM}s.py", f"my{LM}x.py", f"{LM}.txt", f"{LM}.pyc"])
def test_names_that_only_contain_an_exercise_are_other_files(tmp_path, name):
    (submission,) = read_submissions([write_files(tmp_path / "ada", {f"{DN}.py": "1", name: "2"})], TWO)
    assert list(submission.cells) == [DN] and not submission.problems


@pytest.mark.parametrize("name, better", [("py.txt", "py"), ("ipynb.json", "ipynb"), ("py.bak", "py")])
def test_a_file_with_a_suffix_too_many_is_named_with_the_remedy(tmp_path, name, better):
    """The student read "there is no file for language_model", and only the instructor's notes named the file."""
    (submission,) = read_submissions([write_files(tmp_path / "ada", {f"{DN}.py": "1", f"{LM}.{name}": "2"})], TWO)
    ending = name.rpartition(".")[2]
    assert submission.problems == {
        LM: f"{LM}.{name} was not read, because its name ends in .{ending}; call it {LM}.{better}"
    }


def test_paths_that_cannot_be_graded_raise(tmp_path):
    write_files(tmp_path, {"a.pdf": "", "b.zip": "no zip"})
    os.mkfifo(tmp_path / f"{LM}.py")
    for path, words in (
        ("a.pdf", "Expected a folder, a .py or .ipynb file, or an archive"),
        ("missing", "there is no such file or folder"),
        ("mis\0sing", "there is no such file or folder"),
        (f"{LM}.py", "Received: a pipe or device"),
        ("b.zip", "Cannot read .*b.zip: it is damaged or cut off"),
    ):
        with pytest.raises(DlseqError, match=words):
            read_submissions([tmp_path / path], ONE)
    with pytest.raises(DlseqError, match="Received: no path"):
        read_submissions([], ONE)


# Several paths


def test_each_of_several_paths_is_one_submission(tmp_path):
    write_files(
        tmp_path,
        {
            f"ada/{LM}.py": "1",
            f"bob/x/{LM}.py": "2",
            "eve.zip": zipped({f"work/{LM}.py": "3"}),
            f"dan_{LM}.py": "4",
            "notes.txt": "",
            "broken.zip": "PK no zip",
        },
    )
    submissions = read_submissions(sorted(tmp_path.iterdir()), TWO)
    assert code_by_student(submissions) == {
        "ada": {LM: "1"},
        "bob": {LM: "2"},
        "broken": {},
        "dan": {LM: "4"},
        "eve": {LM: "3"},
        "notes": {},
    }
    assert {submission.student: submission.problems for submission in submissions if submission.problems} == {
        "broken": dict.fromkeys(
            (DN, LM), "broken.zip cannot be read: it is damaged or cut off; pack it and hand it in again"
        )
    }


def test_an_archive_cannot_impersonate_another_student(tmp_path):
    """Names of a platform inside a student's own archive are ordinary file names."""
    forged = zipped({f"lovelaceada_12_345_{LM}.py": "x", f"bob_13_345_{LM}.py": "y"})
    write_files(tmp_path, {"eve.zip": forged, "ada.zip": zipped({f"{LM}.py": "1"})})
    submissions = read_submissions([tmp_path / "ada.zip", tmp_path / "eve.zip"], ONE)
    assert [(submission.student, submission.identity.id, list(submission.cells)) for submission in submissions] == [
        ("ada", "", [LM]),
        ("eve", "", []),
    ]
    assert (
        "several files for this exercise, eve.zip/lovelaceada_12_345_language_model.py and"
        in submissions[1].problems[LM]
    )


def test_files_of_the_same_name_are_known_by_their_folders(tmp_path):
    write_files(tmp_path, {f"{name}/{LM}.py": name for name in ("ada", "bob")})
    assert code_by_student(read_submissions(sorted(tmp_path.glob("*/*.py")), TWO)) == {
        "ada": {LM: "ada"},
        "bob": {LM: "bob"},
    }


def test_canvas_files_of_one_student_are_put_together(tmp_path):
    write_files(tmp_path, {f"ada_1_2_{LM}.py": "1", f"ada_1_3_{DN}.py": "2", f"bob_2_4_{LM}.py": "3"})
    submissions = read_submissions(sorted(tmp_path.iterdir()), TWO)
    assert code_by_student(submissions) == {"ada": {LM: "1", DN: "2"}, "bob": {LM: "3"}}


# Several files for one exercise


VERSIONS = {
    "a browser's": ({f"{LM}.py": "0", f"{LM} (1).py": "1", f"{LM} (10).py": "10", f"{LM} (2).py": "2"}, "10"),
    "Canvas's": ({f"{LM}.py": "0", f"{LM}-1.py": "1"}, "1"),
    "one's own": ({f"{LM}_v1.py": "1", f"{LM}_v2.py": "2"}, "2"),
    "in capitals": ({f"{LM}.py": "0", "Language_Model-2.py": "2"}, "2"),
    "its own name before one with something in front": (
        {f"{LM}.py": "0", f"old_{LM}.py": "x", f"old_{LM}-2.py": "y"},
        "0",
    ),
    "nearest to the top": ({f"{LM}.py": "0", f"drafts/{LM} (3).py": "3"}, "0"),
}
UNNUMBERED = {
    "script and notebook": {f"{LM}.py": "1", f"{LM}.ipynb": notebook()},
    "two ways of numbering": {f"{LM} (1).py": "1", f"{LM}-2.py": "2"},
    "script and numbered notebook": {f"{LM}.py": "1", f"{LM} (1).ipynb": notebook()},
    "a numbered copy": {f"{LM}.py": "1", f"{LM} - Copy (2).py": "2"},
    "a copy": {f"{LM}.py": "1", f"{LM} - Copy.py": "2"},
    "the same name in capitals": {f"{LM}.py": "1", "Language_Model.py": "2"},
    "two folders": {f"a/{LM}.py": "1", f"b/{LM} (1).py": "2"},
    "two things in front": {f"a_{LM}.py": "1", f"b_{LM}.py": "2"},
}


@pytest.mark.parametrize("case", VERSIONS)
def test_the_newest_version_is_read_and_the_others_are_named(tmp_path, case):
    files, expected = VERSIONS[case]
    write_files(tmp_path / "class", {f"ada/{name}": text for name, text in files.items()} | {f"bob/{LM}.py": "b"})
    ada, _ = read_submissions([tmp_path / "class"], TWO)
    assert code_by_student([ada]) == {"ada": {LM: expected}} and not ada.problems
    assert sum(name.split("/")[-1] in " ".join(ada.notes) for name in files) == len(files)


@pytest.mark.parametrize("case", UNNUMBERED)
def test_ambiguous_versions_are_a_problem_that_names_both(tmp_path, case):
    files = UNNUMBERED[case]
    write_files(tmp_path / "class", {f"ada/{name}": text for name, text in files.items()} | {f"bob/{LM}.py": "b"})
    ada, bob = read_submissions([tmp_path / "class"], TWO)
    assert not ada.cells and list(ada.problems) == [LM] and all(name in ada.problems[LM] for name in files)
    assert code_by_student([bob]) == {"bob": {LM: "b"}}


def test_the_upload_number_of_canvas_decides(tmp_path):
    files = {f"ada_1_{number}_{LM}.py": str(number) for number in (99, 101, 100)}
    assert code_by_student(read_submissions([as_zip(tmp_path, files)], ONE)) == {"ada": {LM: "101"}}


def test_files_of_one_name_are_told_apart_in_notes(tmp_path):
    """The note on an older upload was once lost, as both had the same name before."""
    files = {f"ada_1_{number}_{LM}.py": str(number) for number in (99, 101)} | {f"bob_2_100_{LM}.py": "b"}
    ada, _ = read_submissions([as_zip(tmp_path, files)], ONE)
    assert ada.notes == ("Ignored ada_1_99_language_model.py: ada_1_101_language_model.py was read instead.",)


def test_the_newest_attempt_is_read_also_out_of_an_archive(tmp_path):
    start = "1-2 - Ada Lovelace - Sep {}, 2024 926 PM/"
    files = {f"{start.format(1)}{LM}.py": "1", f"{start.format(3)}work.zip": zipped({f"{LM}.py": "3"})}
    files |= {f"{start.format(2)}a/b/{LM}.py": "2", f"1-2 - Bob - Sep 1, 2024 926 PM/{LM}.py": "b"}
    submissions = read_submissions([as_folder(tmp_path, files)], ONE)
    assert code_by_student(submissions) == {"Ada Lovelace": {LM: "3"}, "Bob": {LM: "b"}}


def test_two_files_of_any_name_are_a_problem_in_a_class(tmp_path):
    files = {"ada/a.py": "1", "ada/b.py": "2", f"bob/{LM}.py": "3"}
    ada, bob = read_submissions([as_folder(tmp_path, files)], ONE)
    assert "a.py and b.py" in ada.problems[LM] and f"call the answer {LM}.py" in ada.problems[LM]
    assert code_by_student([bob]) == {"bob": {LM: "3"}}


# Unreadable files, ignored files, digests


def test_an_unreadable_file_costs_its_own_exercise_alone(tmp_path):
    files = {
        f"ada/{LM}.py": b"\xff\xfe",
        f"ada/{DN}.py": "2",
        f"bob/{LM}.ipynb": "{",
        f"eve/{LM}.py": b"#" * 5_000_001,
        f"dan/{LM}.py": "4",
    }
    for way in WAYS:
        submissions = read_submissions([way(tmp_path, files)], TWO)
        by_name = {submission.student: submission for submission in submissions}
        assert code_by_student(submissions) == {"ada": {DN: "2"}, "bob": {}, "eve": {}, "dan": {LM: "4"}}
        assert f"Cannot read {LM}.py. Expected text in UTF-8" in by_name["ada"].problems[LM]
        assert "it is cut off" in by_name["bob"].problems[LM]
        assert "is larger than the 5,000,000 bytes" in by_name["eve"].problems[LM]
        assert by_name["ada"].digests == {
            LM: hashlib.sha256(b"\xff\xfe").hexdigest(),
            DN: hashlib.sha256(b"2").hexdigest(),
        }
        assert not by_name["eve"].digests


def test_the_digest_is_of_the_file_as_handed_in(tmp_path):
    data = b"\xef\xbb\xbfx = 1\r\n"
    (submission,) = read_submissions([as_zip(tmp_path, {f"{LM}.py": data})], ONE)
    assert submission.digests == {LM: hashlib.sha256(data).hexdigest()} and submission.cells == {
        LM: ((f"{LM}.py", "x = 1\n"),)
    }


def test_one_bad_archive_of_a_class_does_not_stop_the_others(tmp_path):
    deep = zipped({"b.zip": zipped({"c.zip": zipped({f"{LM}.py": "x"})})})
    good = zipped({f"{LM}.py": "1"})
    files = {
        "ada.zip": good,
        "bomb.tar.gz": tarred({"zeros.bin": bytes(60_000_000)}),
        "cut.zip": good[:60],
        "deep.zip": deep,
        "many.zip": zipped({f"{n}.txt": "" for n in range(MAX_FILES + 1)}),
        "rar.rar": b"Rar!\x1a\x07" + bytes(50),
        "eve.zip": good,
    }
    submissions = read_submissions([as_zip(tmp_path, files)], ONE)
    assert code_by_student(submissions) == {
        name: {LM: "1"} if name in ("ada", "eve") else {} for name in [n.split(".")[0] for n in files]
    }
    words = {submission.student: submission.problems[LM] for submission in submissions if submission.problems}
    assert "bomb.tar.gz cannot be read: it unpacks to too much" in words["bomb"]
    assert "cut.zip cannot be read: it is damaged or cut off" in words["cut"]
    assert "deep.zip/b.zip is an archive within an archive" in words["deep"]
    assert "many.zip cannot be read: it has more than 2,000 members" in words["many"]
    assert "pack the files as a zip" in words["rar"]


def test_a_folder_named_like_an_archive_is_a_folder(tmp_path):
    files = {f"ada/work.zip/{LM}.py": "1", f"bob/{LM}.py": "2", "eve/work.zip/notes.txt": ""}
    assert code_by_student(read_submissions([as_folder(tmp_path, files)], ONE)) == {
        "ada": {LM: "1"},
        "bob": {LM: "2"},
        "eve": {},
    }


def test_a_zip_that_contains_itself_ends(tmp_path):
    inner = zipped({f"{LM}.py": "1"})
    for _ in range(4):
        inner = zipped({"r.zip": inner})
    write_files(tmp_path, {"r.zip": inner})
    (submission,) = read_submissions([tmp_path / "r.zip"], ONE)
    assert not submission.cells and "archive within an archive" in submission.problems[LM]


def test_archives_beside_the_files_are_not_opened(tmp_path):
    data = zipped({"inside.txt": ""})
    files = {f"ada/{LM}.py": "1", "ada/data.zip": data, f"bob/{LM}.py": "2", "bob/data.zip": "no zip"}
    ada, bob = read_submissions([as_folder(tmp_path, files)], ONE)
    assert code_by_student([ada, bob]) == {"ada": {LM: "1"}, "bob": {LM: "2"}}
    assert not (ada.problems or bob.problems or ada.notes or bob.notes)


def test_archives_in_an_archived_submission_are_not_opened(tmp_path):
    files = {f"{DN}.py": "2", "more.zip": zipped({f"{LM}.py": "1"})}
    assert code_by_student(read_submissions([as_folder(tmp_path, files)], TWO)) == {"hand-ins": {DN: "2", LM: "1"}}
    (submission,) = read_submissions([as_zip(tmp_path, files)], TWO)
    assert (
        code_by_student([submission]) == {"hand-ins": {DN: "2"}}
        and "more.zip is an archive within" in submission.problems[LM]
    )
    (tmp_path / "class.zip").write_bytes(zipped({"ada.zip": zipped({f"{LM}.py": "1"})}))
    assert [list(submission.cells) for submission in read_submissions([tmp_path / "class.zip"], TWO)] == [[LM]]


def test_too_many_files_in_a_class_archive_cost_one_student_alone(tmp_path):
    many = {f"ada/{n}.txt": "" for n in range(MAX_FILES)}
    ada, bob = read_submissions([as_zip(tmp_path, {f"ada/{LM}.py": "1", f"bob/{LM}.py": "2", **many})], ONE)
    assert "more than 2,000 files" in ada.problems[LM] and code_by_student([bob]) == {"bob": {LM: "2"}}


def test_scripts_are_named_by_exercise_and_cells_by_number(tmp_path):
    files = {f"ada_{LM}.py": "1", f"ada_{DN}.ipynb": notebook("2")}
    (submission,) = read_submissions([as_folder(tmp_path, files)], TWO)
    assert submission.cells == {LM: ((f"{LM}.py", "1"),), DN: (("cell 1", "2"),)}


def test_a_notebook_without_code_cells_is_handed_in(tmp_path):
    empty = json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "later"}]})
    (submission,) = read_submissions([as_folder(tmp_path, {f"{LM}.ipynb": empty})], ONE)
    assert submission.cells == {LM: ()} and not submission.problems and list(submission.digests) == [LM]


def test_planted_files_and_helpers_are_ignored_with_a_note(tmp_path):
    planted = ["conftest.py", "sitecustomize.py", "pytest.ini", "setup.cfg", "x.pth", "__init__.py", "lib.so"]
    shadows = ["numpy.py", "keras/__init__.py", "dlseq/grading/verdict.py", "random.py"]
    files = dict.fromkeys([*planted, *shadows], b"\xff\0")
    (submission,) = read_submissions([as_folder(tmp_path, {f"{LM}.py": "1", **files})], ONE)
    assert code_by_student([submission]) == {"hand-ins": {LM: "1"}} and not submission.problems
    (control,) = [note for note in submission.notes if "can change how it is marked" in note]
    (helpers,) = [note for note in submission.notes if "nothing beside it is imported" in note]
    assert "conftest.py" in control and "more" in control and "numpy.py" in helpers


def test_messages_have_no_markup_and_no_control_characters(tmp_path):
    evil = "\x1b[31m<b>\u202e\n"
    files = {
        f"{evil}/{evil}{LM}.py": "1",
        f"{evil}/{evil}-{LM}.py": b"\xff",
        f"{evil}/{evil}.py": "",
        f"bob/{LM}.py": "2",
    }
    files |= {f"../{evil}.py": ""}
    submissions = read_submissions([as_zip(tmp_path, files)], ONE)
    assert len(submissions) == 2
    for submission in submissions:
        for text in (submission.student, submission.source, *submission.problems.values(), *submission.all_notes):
            assert text.isprintable() and not set(text) & set("<>&\"'")
        assert any("leads out of the archive" in note for note in submission.class_notes)
        assert not any("leads out of the archive" in note for note in submission.notes)


def test_paths_out_of_an_archive_are_ignored(tmp_path):
    files = {f"../{LM}.py": "x", f"/{LM}.py": "y", f"a/../../x {LM}.py": "z", f"{DN}.py": "1"}
    for way in (as_zip, as_tar):
        (submission,) = read_submissions([way(tmp_path, files)], TWO)
        assert code_by_student([submission]) == {"hand-ins": {DN: "1"}} and not submission.problems
        assert sum("leads out of the archive" in note for note in submission.notes) == 3
    write_files(tmp_path, {"class/ada.zip": zipped(files), "class/bob.zip": zipped(files)})
    for submission in read_submissions([tmp_path / "class"], TWO):
        assert list(submission.cells) == [DN] and not submission.problems


@pytest.mark.parametrize("way", WAYS)
def test_a_student_called_exercises_does_not_swallow_a_class(tmp_path, way):
    """The class was read as one submission, a copy of the course, and all others were ignored with a note."""
    files = {f"{name}/{LM}.py": name for name in ("ada", "bob", "exercises")}
    read = code_by_student(read_submissions([way(tmp_path, files)], ONE))
    assert read == {name: {LM: name} for name in ("ada", "bob", "exercises")}


def test_a_copy_of_the_course_may_have_a_backup(tmp_path):
    files = {f"exercises/{LM}.py": "1", f"tests/graded/test_{LM}.py": "t", f"backup/{LM}.py": "0"}
    assert code_by_student(read_submissions([as_folder(tmp_path, files)], ONE)) == {"hand-ins": {LM: "1"}}
    del files[f"tests/graded/test_{LM}.py"]
    with pytest.raises(DlseqError, match="Cannot tell one submission from several"):
        read_submissions([as_zip(tmp_path, files)], ONE)


# Folders on disk


@pytest.fixture
def secret(tmp_path):
    return write_files(tmp_path / "secret", {f"{LM}.py": "secret", f"sub/{LM}.py": "secret"})


def test_links_are_not_followed(tmp_path, secret):
    top = write_files(tmp_path / "class", {f"bob/{LM}.py": "2", f"bob/{DN}.py": "2", "ada": None, "eve": None})
    (top / "ada" / f"{LM}.py").symlink_to(secret / f"{LM}.py")
    (top / "ada" / f"{DN}.py").symlink_to(top / "bob" / f"{DN}.py")
    (top / "eve" / "work").symlink_to(secret)
    (top / "dan").symlink_to(secret)
    by_name = {submission.student: submission for submission in read_submissions([top], TWO)}
    assert code_by_student(by_name.values()) == {"ada": {}, "bob": {LM: "2", DN: "2"}, "dan": {}, "eve": {}}
    for name in ("ada", "dan", "eve"):
        assert all("is a symbolic link" in by_name[name].problems[exercise] for exercise in (LM, DN))


def test_a_path_that_is_a_link_is_refused(tmp_path, secret):
    """`class/*` followed them: a link to the solutions earned full marks, one to a token put it into the reports."""
    links = {"ada": secret / "sub", f"{LM}.py": secret / f"{LM}.py", "eve.zip": secret, "dan": tmp_path / "nowhere"}
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
        with pytest.raises(DlseqError, match=r"it is a symbolic link\. Name the file or folder itself"):
            read_submissions([tmp_path / name], ONE)
    write_files(tmp_path, {f"bob/{LM}.py": "2"})
    submissions = read_submissions([*(tmp_path / name for name in links), tmp_path / "bob"], ONE)
    assert [text for submission in submissions for text in submission.cells.values()] == [((f"{LM}.py", "2"),)]
    for submission in submissions[:-1]:
        assert "is a symbolic link" in submission.problems[LM]


@pytest.mark.parametrize("place", ["ada", "ada/work", f"ada/work/{LM}.py"])
def test_a_folder_exchanged_for_a_link_is_not_followed(tmp_path, secret, place):
    """On a shared file system a student may exchange it after it was listed and before it is read."""
    top = write_files(tmp_path / "class", {f"ada/work/{LM}.py": "1"})
    (member,) = [member for member in list_folder(top / "ada") if member.name == f"{LM}.py"]
    assert member.read(100) == b"1"
    write_files(secret, {f"work/{LM}.py": "secret"})
    (top / place).rename(tmp_path / "mine")
    (top / place).symlink_to(secret if place == "ada" else secret / f"{LM}.py" if place.endswith(".py") else secret)
    with pytest.raises(DlseqError, match="cannot be opened"):
        member.read(100)


def test_a_loop_of_links_ends(tmp_path):
    top = write_files(tmp_path / "ada", {f"{LM}.py": "1"})
    (top / "again").symlink_to(top)
    assert code_by_student(read_submissions([top], ONE)) == {"ada": {LM: "1"}}


def test_pipes_are_not_opened(tmp_path):
    top = write_files(tmp_path / "class", {f"bob/{LM}.py": "2", f"dan/{LM}.py": "3", "ada": None})
    os.mkfifo(top / "ada" / f"{LM}.py")
    os.mkfifo(top / "bob" / "data.zip")
    os.mkfifo(top / "bob" / "submission_metadata.yml")
    ada, bob, _ = read_submissions([top], ONE)
    assert "is not a regular file" in ada.problems[LM] and code_by_student([bob]) == {"bob": {LM: "2"}}


@pytest.mark.parametrize("what", [f"{LM}.py", "", "src"])
def test_missing_permission_is_a_problem(tmp_path, what, monkeypatch):
    """The calls that fail without permission are made to fail, since the tests may run as root."""
    top = write_files(
        tmp_path / "class", {f"ada/src/{LM}.py" if what == "src" else f"ada/{LM}.py": "1", f"bob/{LM}.py": "2"}
    )
    barred = (top / "ada" / what) if what else top / "ada"
    barred.chmod(0)
    real_open, real_scandir = os.open, os.scandir

    def refusing(real):
        def call(path, *arguments, **keywords):
            if Path(path) == barred:
                raise PermissionError(13, "Permission denied")
            return real(path, *arguments, **keywords)

        return call

    monkeypatch.setattr(os, "open", refusing(real_open))
    monkeypatch.setattr(os, "scandir", refusing(real_scandir))
    ada, bob = read_submissions([top], ONE)
    barred.chmod(0o700)
    assert "may not be read by this user" in ada.problems[LM] and code_by_student([bob]) == {"bob": {LM: "2"}}


def test_too_many_files_in_a_folder_cost_one_student_alone(tmp_path):
    top = write_files(
        tmp_path / "class",
        {f"ada/{n}.txt": "" for n in range(MAX_FILES + 1)} | {f"bob/{LM}.py": "2", f"eve/{LM}.py": "3"},
    )
    ada, bob, _ = read_submissions([top], ONE)
    assert len(list_folder(top)) == MAX_FILES + 6
    assert "more than 2,000 files" in ada.problems[LM] and code_by_student([bob]) == {"bob": {LM: "2"}}


def test_deeply_nested_folders_are_refused(tmp_path):
    path = tmp_path / "class" / "ada"
    path = path.joinpath(*["d"] * 60)
    path.mkdir(parents=True)
    top = write_files(tmp_path / "class", {f"bob/{LM}.py": "2", f"eve/{LM}.py": "3"})
    ada, bob, _ = read_submissions([top], ONE)
    assert "too many folders in folders" in ada.problems[LM] and code_by_student([bob]) == {"bob": {LM: "2"}}


def test_hidden_files_and_caches_are_skipped_silently(tmp_path):
    names = [".git/x.py", ".ipynb_checkpoints/a.py", "__pycache__/a.pyc", "__MACOSX/._a.py", ".hidden.py", ".DS_Store"]
    for way in WAYS:
        (submission,) = read_submissions([way(tmp_path, {f"{LM}.py": "1", **dict.fromkeys(names, "x")})], ONE)
        assert code_by_student([submission]) == {"hand-ins": {LM: "1"}} and not submission.notes


PARTS = st.sampled_from(["ada", "bob", f"{LM}.py", f"x_{LM}.py", "a.zip", "link", "exercises", "..", "conftest.py"])


@given(
    st.lists(st.lists(PARTS, min_size=1, max_size=3), min_size=1, max_size=6),
    st.lists(st.tuples(PARTS, st.sampled_from(["secret", f"secret/{LM}.py", ".", "secret/sub"])), max_size=3),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_outside_of_the_path_is_opened(tmp_path_factory, files, links):
    root = tmp_path_factory.mktemp("run")
    write_files(root / "secret", {f"{LM}.py": "secret", f"sub/{LM}.py": "secret"})
    top = root / "class"
    top.mkdir()
    for parts in files:
        try:
            write_files(top, {"/".join(part for part in parts if part != ".."): "1"})
        except OSError:
            continue
    for name, target in links:
        if name != ".." and not (top / name).exists() and not (top / name).is_symlink():
            (top / name).symlink_to(root / target)
    opened = []
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((os, "open"), (os, "scandir"), (builtins, "open"), (io, "open")):
            real = getattr(module, name)

            def watch(path, *arguments, real=real, **keywords):
                if not isinstance(path, int):
                    folder = keywords.get("dir_fd")
                    start = Path.cwd() if folder is None else Path(f"/proc/self/fd/{folder}").readlink()
                    opened.append(Path(os.path.realpath(start / path)))
                return real(path, *arguments, **keywords)

            patch.setattr(module, name, watch)
        try:
            submissions = read_submissions([top], ONE)
        except DlseqError:
            submissions = []
    assert all(path.is_relative_to(top) or path == top.parent for path in opened)  # where the folder itself is opened
    assert "secret" not in str([submission.cells for submission in submissions])


def test_reading_imports_no_library_that_computes():
    code = "import sys, dlseq.grading.submissions.read\n"
    code += "print([name for name in ('tensorflow', 'keras') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
