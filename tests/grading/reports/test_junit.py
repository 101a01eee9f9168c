"""JUnit XML, read back by an XML parser."""

from collections import Counter
from xml.etree import ElementTree

import pytest

from dlseq.grading.reports.junit import junit_xml
from dlseq.grading.results import ExerciseResult, SubmissionResult, TestResult

TAGS = {"failed": "failure", "error": "error", "timeout": "error", "not started": "skipped"}


def parsed(results):
    return ElementTree.fromstring(junit_xml(results).encode("utf-8"))


def test_each_exercise_is_a_suite_and_each_result_a_case(forty):
    root = parsed(forty)
    wanted = [(result, exercise) for result in forty for exercise in result.exercises]
    assert len(root) == len(wanted)
    for suite, (result, exercise) in zip(root, wanted, strict=True):
        assert suite.get("name") == f"{result.student}.{exercise.exercise}"
        kinds = Counter(TAGS.get(record.status) for record in exercise.tests) or Counter({"error": 1})
        for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(name)) == kinds[tag] == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.get("tests")) == len(suite.findall("testcase")) == max(1, len(exercise.tests))
        points = {item.get("name"): float(item.get("value")) for item in suite.iter("property")}
        assert points["points earned"] == pytest.approx(exercise.earned, abs=0.0051)
        names = [(case.get("classname"), case.get("name")) for case in suite.iter("testcase")]
        assert len(set(names)) == len(names)
    for name in ("tests", "failures", "errors", "skipped"):
        assert int(root.get(name)) == sum(int(suite.get(name)) for suite in root)


def test_failures_have_message_hint_and_place():
    record = TestResult(
        "rnn", "step", "test_a", "The state.", 2.0, "error", "a is missing", "Return it.", "line 3", 0.5
    )
    case = parsed([SubmissionResult("ada", "", "sandbox", (ExerciseResult("rnn", 2.0, 7, (record,)),))])[0][1]
    assert case.get("classname") == "ada.rnn.step" and case.get("time") == "0.500"
    assert case[0].get("message") == "a is missing" and case[0].text == "The state.\nline 3\nhint: Return it."


def test_hidden_tests_have_no_times_and_no_names_of_cases():
    def text(seconds, cases):
        records = [
            TestResult("rnn", "step", f"test_a[{case}]", "S.", 1.0, "failed", "m", seconds=seconds, hidden=True)
            for case in cases
        ]
        return junit_xml([SubmissionResult("ada", "", "sandbox", (ExerciseResult("rnn", 2.0, 7, tuple(records)),))])

    assert text(0.1, ["7-3", "2-2"]) == text(9.0, ["12-1", "5-5"]) and "test_a[2]" in text(1.0, ["a", "b"])


def test_any_text_makes_valid_xml(made_up, hostile):
    root = parsed([made_up.hostile_result(hostile)])
    assert len(root) == 2 and int(root.get("failures")) == 1 and int(root.get("errors")) == 2
    assert {element.tag for element in root.iter()} == {
        *("testsuites", "testsuite", "properties", "property", "testcase", "failure", "error")
    }


def test_every_character_makes_valid_xml():
    for start in range(0, 0x11000, 0x100):
        name = "".join(map(chr, range(start, start + 0x100)))
        exercise = ExerciseResult("rnn", 2.0, 7, problem=name)
        assert len(parsed([SubmissionResult(name, name, "sandbox", (exercise,))])) == 1
