"""Gradescope's results.json, against its specification and against the results."""

import dataclasses
import json
import re
from pathlib import Path

import pytest

from dlseq.course.layout import find_course
from dlseq.grading.reports import gradebooks
from dlseq.grading.reports.gradescope import gradescope_json
from dlseq.grading.results import ExerciseResult, SubmissionResult, TestResult
from dlseq.grading.run import NO_FILE_PROBLEM
from dlseq.languages import get_translator

OVERALL = {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format"}
OVERALL |= {"visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"}
TEST = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags"}
TEST |= {"visibility", "extra_data"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}


def written(result):
    return json.loads(gradescope_json(result), parse_constant=pytest.fail)


def result_of(*records):
    return SubmissionResult("ada", "ada.py", "sandbox", (ExerciseResult("language_model", 10.0, 7, records),))


def record(test, status="passed", **rest):
    return TestResult("language_model", "encode", test, "Ids.", 2.0, status, **rest)


def test_the_file_follows_the_specification_of_gradescope(forty):
    for result in forty:
        whole = written(result)
        assert set(whole) <= OVERALL and whole["visibility"] in VISIBILITIES and whole["stdout_visibility"] == "hidden"
        numbers = [test["number"] for test in whole["tests"]]
        assert len(set(numbers)) == len(numbers)
        for test in whole["tests"]:
            assert set(test) <= TEST and test["visibility"] in VISIBILITIES and test["status"] in ("passed", "failed")
            assert 0 <= test["score"] <= test["max_score"] + 1e-6
            assert (test["status"] == "passed") == (test["score"] == test["max_score"])


def test_the_sums_are_those_of_the_result(forty):
    for result in forty:
        whole = written(result)
        assert whole["score"] == result.earned
        assert sum(test["score"] for test in whole["tests"]) == pytest.approx(result.earned, abs=1e-3)
        assert sum(test["max_score"] for test in whole["tests"]) == pytest.approx(result.possible, abs=1e-3)


def test_files_that_were_not_read_are_named_above_the_tests():
    result = dataclasses.replace(result_of(record("test_a")), notes=("Ignored a.docx: it is no code.",))
    assert written(result)["output"].splitlines()[-1] == "Ignored a.docx: it is no code."


def test_cases_of_a_test_are_one_entry_with_their_failures():
    hint = {"message": "ids is [1], expected [2]", "hint": "Look."}
    cases = [record("test_a[one]"), record("test_a[two]", "failed", **hint), record("test_a[three]", "failed", **hint)]
    [test] = written(result_of(*cases, record("test_b")))["tests"][:1]
    assert test["name"] == "encode: Ids." and (test["score"], test["max_score"]) == (2, 6)
    assert test["output"].splitlines() == [
        "1 of 3 cases pass.",
        "two, three: ids is [1], expected [2]",
        "Hint: Look.",
    ]


def test_hidden_tests_reveal_neither_times_nor_names_of_cases():
    def result(seconds, case):
        hidden = record(f"test_a[{case}]", "error", message="encode raised an exception", hidden=True, seconds=seconds)
        whole = result_of(record("test_b", seconds=0.25), hidden)
        return dataclasses.replace(
            whole, exercises=(dataclasses.replace(whole.exercises[0], seconds=seconds, memory=int(seconds)),)
        )

    first, second = gradescope_json(result(0.001, "7-3")), gradescope_json(result(9.75, "900-12"))
    assert first == second and json.loads(first)["execution_time"] == 0.25
    assert all("execution_time" not in test for test in json.loads(first)["tests"])


def test_an_exercise_without_tests_is_reported_and_keeps_its_points():
    good = ExerciseResult("recurrent_network", 100.0, 7, (record("test_a"),))
    bad = ExerciseResult("language_model", 100.0, 7, problem="language_model.py is no Python: line 3")
    whole = written(SubmissionResult("ada", "ada.py", "sandbox", (good, bad)))
    assert whole["output"].startswith("language_model: language_model.py is no Python: line 3\n")
    assert (whole["tests"][1]["score"], whole["tests"][1]["max_score"]) == (0, 100)
    assert whole["tests"][1]["output"] == "language_model.py is no Python: line 3"


def test_a_run_without_a_sandbox_says_so():
    assert "without a sandbox" in written(dataclasses.replace(result_of(), isolation="process"))["output"]
    assert "sandbox" not in written(result_of())["output"]


def test_no_text_has_terminal_codes_or_overrides(made_up, hostile):
    text = gradescope_json(made_up.hostile_result(hostile))
    text.encode("utf-8")
    for string in re.findall(r'"(?:[^"\\]|\\.)*"', text):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", json.loads(string))


HINT = "Return 2 values, in this order: x, y."
HIDDEN = ["has the wrong shape", "has the wrong shape, expected (V, T)", "is not what it should be"]
HIDDEN += ["is wrong in all of its values", "is wrong in some of its values", "returned 3 values, expected 2: a, b"]
HIDDEN += [
    "returned another number of values, expected 2: a, b",
    "raised an exception",
    "returned nothing (None), expected 2: a, b",
]


def test_a_korean_student_reads_no_english_sentence():
    """Messages of hidden tests, which `dlseq check` never shows, were half translated: the parts that others have."""
    messages = find_course(Path(__file__).parent).messages("language_model", "ko")
    translate = get_translator("ko", [messages])
    hidden = [
        record(f"test_{number}", "failed", hidden=True, message=f"y {text}") for number, text in enumerate(HIDDEN)
    ]
    english = re.compile(r"\b(is|it|the|of|has|returned|raised|expected|wrong|nothing|points|Hint|cases)\b")
    case = record("test_v[a]", "failed", message="encode returned nothing (None), expected 2: x, y", hint=HINT)
    notes = ("Ignored a.docx: only the files of the exercises are read.", "Ignored b: it leads out of the archive.")
    result = dataclasses.replace(result_of(*hidden, case, record("test_v[b]")), isolation="process", notes=notes)
    absent = ExerciseResult("beam_search", 10.0, 7, problem=NO_FILE_PROBLEM.format("beam_search"))
    for shown in (result, dataclasses.replace(result, exercises=(absent,))):
        whole = json.loads(gradescope_json(shown, translate))
        texts = [whole["output"], *(part for test in whole["tests"] for part in (test["name"], test["output"]))]
        texts.append(gradebooks.moodle_csv([shown], translate=translate).partition("\n")[2])
        assert [text for text in texts if english.search(re.sub("[\"'`(].*?[\"'`)]", "", text))] == []
        assert whole | {"output": "", "tests": []} == written(shown) | {"output": "", "tests": []}


def test_description_message_and_hint_are_translated():
    [test] = json.loads(gradescope_json(result_of(record("test_v", "failed", message="m", hint="h")), str.upper))[
        "tests"
    ]
    [before] = written(result_of(record("test_v", "failed", message="m", hint="h")))["tests"]
    function, _, description = before["name"].partition(": ")
    assert test["name"] == f"{function}: {description.upper()}" != before["name"]
    assert test["output"] == before["output"].upper()
