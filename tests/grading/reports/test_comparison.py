"""Comparison of the students of a class in the report: attention maps and equal mistakes."""

import dataclasses
import os
import re
from pathlib import Path

import numpy as np
import pytest

from dlseq.grading.reports.attention_svg import attention_map
from dlseq.grading.reports.comparison import MAX_MISTAKES, class_maps, equal_mistakes
from dlseq.grading.reports.html import html_report
from dlseq.grading.results import ExerciseResult, SubmissionResult, TestResult
from dlseq.metrics import jensen_shannon_distance

REFERENCE = [[0.8, 0.2, 0.0], [0.0, 0.4, 0.6]]
MAPS = {
    "equal": REFERENCE,
    "near": [[0.7, 0.3, 0.0], [0.0, 0.4, 0.6]],
    "swapped": [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]],
    "none": None,
    "flat": [[1 / 3] * 3] * 2,
}


def distance_of(weights, reference=REFERENCE):
    exhibit = {"title": "t", "source": "abc", "target": "xy", "submission": weights, "reference": reference}
    return attention_map(exhibit).distance


def result_with(student, weights=None, tests=()):
    exhibit = {"title": "t", "source": "abc", "target": "xy", "submission": weights, "reference": REFERENCE}
    exercise = ExerciseResult("date_normalization", 10.0, 7, tuple(tests), exhibit=exhibit)
    return SubmissionResult(student, "", "sandbox", (exercise,))


def failure(hint="", test="test_a", status="failed", **fields):
    fields = {"function": "step", "property": "The state.", "message": "a is wrong", **fields}
    return TestResult("date_normalization", test=test, points=1.0, status=status, hint=hint, **fields)


@pytest.fixture
def drawn():
    return [result_with(name, weights) for name, weights in MAPS.items()]


@pytest.mark.parametrize(
    ("weights", "distance"),
    [(REFERENCE, 0), (MAPS["swapped"], 1), ([[0, 0, 0], [0, 0, 0]], 1), ([[0.8, 0.2], [0, 0.4, 0.6]], 0)],
)
def test_distance_of_maps_that_are_equal_or_have_nothing_in_common(weights, distance):
    weights = [[float(cell) for cell in row] for row in weights]
    assert distance_of(weights) == pytest.approx(distance, abs=1e-7)


def test_distance_is_the_mean_over_the_steps():
    expected = jensen_shannon_distance(np.array(MAPS["flat"]), np.array(REFERENCE)).mean()
    assert distance_of(MAPS["flat"]) == pytest.approx(expected)


def test_a_missing_row_or_weights_that_do_not_sum_to_one_are_a_difference():
    assert distance_of(REFERENCE[:1]) == pytest.approx(0.5, abs=1e-7)
    halves = [[weight / 2 for weight in row] for row in REFERENCE]
    assert 0.4 < distance_of(halves) < 0.7


@pytest.mark.parametrize(
    "cell",
    [float("nan"), float("inf"), -1e308, 1e308, 5e-324, "<b>", None, True, [1.0], pytest.param(10**400, id="big")],
)
def test_distance_of_untrusted_values_is_a_number_from_0_to_1(cell):
    with np.errstate(divide="raise", invalid="raise"):
        assert 0 <= distance_of([[cell] * 500] * 500) <= 1


def test_a_class_is_sorted_by_distance(drawn):
    [maps] = class_maps(drawn)
    assert [shown.student for shown in maps.different] == ["swapped", "flat", "near"]
    assert [shown.student for shown in maps.alike] == ["equal"]
    assert [shown.student for shown in maps.without] == ["none"]


def test_exercises_without_maps_have_no_comparison():
    assert class_maps([SubmissionResult("ada", "", "sandbox", (ExerciseResult("rnn", 1.0, 7),))]) == []


def test_students_are_grouped_by_tests_and_hint():
    students = [
        result_with("ada", tests=[failure("Look.", recognized=True), failure("Look.", "test_b", recognized=True)]),
        result_with("bob", tests=[failure("Look.", recognized=True), failure("", "test_b")]),
        result_with("cleo", tests=[failure("Look.", recognized=True), failure("", "test_b", "passed")]),
        result_with("dan", tests=[failure("Else."), failure("", "test_b")]),
        result_with("eve", tests=[failure("Else."), failure("", "test_b", "error")]),
        result_with("fay", tests=[failure("", status="not started"), failure("", "test_b", "not started")]),
        result_with("gus", tests=[failure("", status="not started"), failure("", "test_b", "not started")]),
    ]
    groups = [(group.hint, group.recognized, group.students) for group in equal_mistakes(students)]
    assert groups == [
        ("Look.", True, ((1, "ada"), (2, "bob"))),  # not cleo, who passes the second test
        ("Else.", False, ((4, "dan"), (5, "eve"))),
    ]


def test_larger_groups_come_first():
    students = [result_with(f"s{n}", tests=[failure("Rare." if n < 2 else "Frequent.")]) for n in range(5)]
    assert [group.hint for group in equal_mistakes(students)] == ["Frequent.", "Rare."]


def test_a_page_has_the_twelve_most_frequent_mistakes():
    students = [result_with(f"s{n}", tests=[failure(f"Hint {n // 2}.")]) for n in range(2 * MAX_MISTAKES + 2)]
    students += [result_with("last", tests=[failure(f"Hint {MAX_MISTAKES}.")])]
    found = equal_mistakes(students)
    assert len(found) == MAX_MISTAKES == 12 and found[0].hint == "Hint 12."


def test_page_names_the_students_of_a_mistake_and_no_hidden_case():
    hidden = [failure("Look.", "test_a[3 secret steps]", hidden=True, message="a is wrong")]
    page = html_report([result_with("ada", tests=hidden), result_with("bob", tests=hidden)])
    section = page[page.index("Equal mistakes") : page.index("</ol>", page.index("Equal mistakes"))]
    assert "Look." in section and "The state. (hidden)" in section and 'href="#s1"' in section and "bob" in section
    assert "secret" not in page


def test_page_draws_each_map_once_and_refers_to_it(drawn):
    """A second copy of the squares would double the page of a large class."""
    page = html_report(drawn)
    ids, uses = re.findall(r' id="([^"]+)"', page), re.findall(r'<use href="#([^"]+)"', page)
    assert len(ids) == len(set(ids)) and set(uses) <= set(ids) and len(uses) == 6
    names = re.findall(r"<bdi>(\w+)</bdi>", page[page.index("Attention maps") : page.index("<h2>Students")])
    assert names == ["swapped", "flat", "near", "equal", "none"]


def test_page_of_one_student_compares_nobody(drawn):
    page = html_report(drawn[:1])
    assert "<use" not in page and "Equal mistakes" not in page


def small_class(made_up):
    """A class of six with a mistake in common, of two exercises with fewer tests: axe looks at every element."""
    results = []
    for result in made_up.made_up_class(6, seed=2):
        exercises = [exercise for exercise in result.exercises if exercise.exhibit or "layer" in exercise.exercise]
        exercises = [dataclasses.replace(exercise, tests=(*exercise.tests[:4], failure())) for exercise in exercises]
        results.append(dataclasses.replace(result, exercises=tuple(exercises)))
    return results


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_maps_are_visible_and_the_page_accessible(browser, open_page, made_up, tmp_path, theme):
    path = tmp_path / "report.html"
    path.write_text(html_report(small_class(made_up)), "utf-8")
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    )
    try:
        open_page(path)
        script = (
            "return [...document.querySelectorAll('.maps use')].filter(use => use.closest('details') === null)"
            ".map(use => [use.getBoundingClientRect().width, use.parentNode.getBoundingClientRect().width])"
        )
        widths = browser.execute_script(script)
        assert widths and all(0.7 * outer < inner for inner, outer in widths)
        if axe := os.environ.get("DLSEQ_AXE"):
            browser.execute_script(Path(axe).read_text("utf-8"))
            run = "const done = arguments[0]; axe.run().then(found => done(found.violations.map(v => [v.id, v.help])))"
            assert browser.execute_async_script(run) == []
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
