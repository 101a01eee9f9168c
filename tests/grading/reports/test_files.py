"""Files of a grading run's reports, each written as a whole or not at all."""

import dataclasses
import json
import sys

import pytest

from dlseq.errors import DlseqError
from dlseq.grading.reports import FORMATS, gradebooks, write_reports
from dlseq.grading.reports.roster import Roster, Student
from dlseq.grading.results import SubmissionResult
from dlseq.grading.sanitize import for_filename


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_every_format_has_its_file(forty, tmp_path):
    messages = write_reports(forty[:3], tmp_path / "out")
    stems = [f"gradescope/{for_filename(result.student)}.json" for result in forty[:3]]
    assert names(tmp_path / "out") == sorted([*stems, "canvas.csv", "moodle.csv", "junit.xml", "report.html"])
    assert len(messages) == len(FORMATS) and all(sentence.startswith("wrote ") for sentence in messages)


def test_a_single_result_can_be_named_results_json(forty, tmp_path):
    write_reports(forty[:1], tmp_path, ["gradescope"], single=True)
    assert names(tmp_path) == ["results.json"]
    assert json.loads((tmp_path / "results.json").read_text("utf-8"))["score"] == forty[0].earned
    with pytest.raises(DlseqError, match="Expected one result"):
        write_reports(forty, tmp_path, ["gradescope"], single=True)


def test_every_student_has_a_file_of_their_own(made_up, tmp_path):
    odd = ["", ".", "..", "a/b", "a\\b", "a", "A", "a-2", "A-2", "é", "e\u0301", "-rf", "~", "CON:"]
    odd += ["x" * 400, "x" * 401, "王" * 200, *made_up.HOSTILE]
    results = [SubmissionResult(name, str(number), "sandbox", ()) for number, name in enumerate(odd)]
    write_reports(results, tmp_path / "deep" / "out", ["gradescope"])
    files = names(tmp_path)
    assert len({file.casefold() for file in files}) == len(odd)
    assert all(file.startswith("deep/out/gradescope/") and file.count("/") == 3 for file in files)
    assert not any(set(file.rpartition("/")[2]) & set('\\:*?"<>|\n\0') for file in files)


def test_a_failed_report_leaves_the_old_one(forty, tmp_path, monkeypatch):
    write_reports(forty[:2], tmp_path, ["canvas", "moodle"])
    before = (tmp_path / "moodle.csv").read_bytes()

    def fail(results, roster, translate):
        raise RuntimeError("in the middle")

    monkeypatch.setattr(gradebooks, "moodle_csv", fail)
    with pytest.raises(RuntimeError):
        write_reports(forty, tmp_path, ["canvas", "moodle"])
    assert (tmp_path / "moodle.csv").read_bytes() == before and names(tmp_path) == ["canvas.csv", "moodle.csv"]


def test_unmatched_results_are_written_and_removed_when_resolved(forty, tmp_path):
    roster = Roster("canvas", tuple(Student(result.student) for result in forty[:38]))
    messages = write_reports(forty[1:], tmp_path, ["canvas"], roster)
    assert messages[1] == "1 of 38 students of the roster have no submission"
    assert messages[2].startswith("2 not in the gradebooks") and forty[-1].student in messages[2]
    assert names(tmp_path) == ["canvas.csv", "unmatched.csv"]
    write_reports(forty[:38], tmp_path, ["canvas"], roster)
    assert names(tmp_path) == ["canvas.csv"]


@pytest.mark.parametrize(
    "count, formats, words", [(1, ["pdf"], "Received: 'pdf'"), (0, ["html"], "No results to report on")]
)
def test_invalid_arguments_raise_before_anything_is_written(count, formats, words, forty, tmp_path):
    with pytest.raises(DlseqError, match=words):
        write_reports(forty[:count], tmp_path, ["junit", *formats])
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_created_raises(forty, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DlseqError, match="Cannot create the folder"):
        write_reports(forty[:1], tmp_path / "file" / "out", ["junit"])


def test_the_same_results_make_the_same_bytes(forty, tmp_path):
    for folder in ("one", "two"):
        write_reports([dataclasses.replace(result) for result in forty[:5]], tmp_path / folder)
    for name in names(tmp_path / "one"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_other_formats_work_without_jinja2(forty, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.delitem(sys.modules, "dlseq.grading.reports.html", raising=False)
    with pytest.raises(DlseqError, match=r"jinja2 is not installed. Run: pip install .*\[grade\]"):
        write_reports(forty[:1], tmp_path, ["junit", "html"])
    assert names(tmp_path) == []
    write_reports(forty[:1], tmp_path, ["junit"])
    assert names(tmp_path) == ["junit.xml"]
