"""The HTML report, read back by an HTML parser."""

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from dlseq.grading.reports.attention_svg import CELL, SHADES, attention_map
from dlseq.grading.reports.formatting import format_points
from dlseq.grading.reports.html import html_report
from dlseq.grading.reports.overview import overview
from dlseq.grading.sanitize import for_line

VOID = {"meta", "link", "br", "input"}
PARTS = """html head title style body main header footer nav section article figure figcaption div p dl dt dd table
thead tbody tr th td ol ul li details summary h1 h2 h3 b i a bdi code small span label script svg path rect text g
use"""
TAGS = VOID | set(PARTS.split())


class Page(HTMLParser):
    """Tags with their attributes, and the text of each student's section and of each row of the table."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.sections, self.rows, self.inline = [], {}, {}, {}
        self.open, self.section, self.row = None, None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.open = tag
        if attributes.get("class") == "student":
            self.section = self.sections.setdefault(attributes["id"], [])
        if tag == "tr":
            self.row = self.rows.setdefault(attributes.get("id"), [])
        if tag in ("td", "th") and self.row is not None:
            self.row.append("")

    def handle_endtag(self, tag):
        if tag == "tr":
            self.row = None

    def handle_data(self, data):
        if self.open in ("script", "style"):
            self.inline[self.open] = self.inline.get(self.open, "") + data
            self.open = None
        elif self.row:
            self.row[-1] += data
        elif self.section is not None:
            self.section.append(data)

    def student(self, name):
        [key] = [key for key, cells in self.rows.items() if key and cells[0] == name]
        return self.rows[key], " ".join(" ".join(self.sections["s" + key[1:]]).split())


def parsed(results):
    return Page(html_report(results))


def test_the_table_has_the_points_of_every_student(forty):
    page = parsed(forty)
    assert len(page.sections) == 40
    for result in forty:
        row, _ = page.student(result.student)
        cells = [format_points(exercise.earned) if exercise.tests else "not run" for exercise in result.exercises]
        assert row[1:-1] == [*cells, format_points(result.earned)]


def test_the_page_of_a_student_has_every_message_hint_and_place(forty):
    page = parsed(forty)
    for result in forty:
        _, text = page.student(result.student)
        for exercise in result.exercises:
            assert not exercise.problem or exercise.problem in text
            seen = set()
            for record in exercise.tests:
                assert record.property in text and record.hint in text
                alike = (record.function, record.test.split("[")[0], record.status, record.hint or record.message)
                if alike not in seen:  # cases that fail alike are shown once, as the first of them
                    assert record.message in text and record.place in text
                seen.add(alike)


def test_names_of_hidden_cases_are_not_shown(made_up):
    result = made_up.hostile_result("plain")
    assert "test_b[plain]" in {record.test for record in result.exercises[0].tests}
    text = html_report([result, *made_up.made_up_class(1)])
    assert text.count('class="cases">plain') == 1


def test_the_page_uses_no_network_and_no_script_beyond_its_policy(forty):
    page = parsed(forty)
    for _, attributes in page.tags:
        assert attributes.get("href", "#").startswith("#") or attributes["href"] == "data:,"
        assert not {"src", "srcset", "action", "style", "poster", "data", "xlink:href"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(r"@import|url\(", page.inline["style"])
    policies = [attributes["content"] for _, attributes in page.tags if attributes.get("http-equiv")]
    rules = dict(rule.split(None, 1) for rule in policies[0].split("; "))
    assert rules["default-src"] == "'none'" and rules["img-src"] == "data:" and len(policies) == 1
    for kind in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.inline[kind].encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"


def test_hostile_texts_are_text(made_up, hostile):
    page = parsed([made_up.hostile_result(hostile), *made_up.made_up_class(2)])
    assert {tag for tag, _ in page.tags} <= TAGS and "img" not in {tag for tag, _ in page.tags}
    assert sum(tag == "script" for tag, _ in page.tags) == sum(tag == "style" for tag, _ in page.tags) == 1
    wanted = " ".join(for_line(hostile).split())
    assert wanted in page.student(for_line(hostile))[1]
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]",
        html_report([made_up.hostile_result(hostile)]),
    )
    policy = next(attributes["content"] for _, attributes in page.tags if attributes.get("http-equiv"))
    assert hashlib.sha256(page.inline["script"].encode()).digest() == base64.b64decode(
        policy.split("script-src 'sha256-")[1].split("'")[0]
    )


def test_files_that_were_not_read_are_named_to_their_student_alone(forty):
    ada, bob = (dataclasses.replace(forty[0], student=name) for name in ("ada", "bob"))
    page = html_report([dataclasses.replace(ada, notes=("Ignored a.docx: it is no code.",)), bob])
    assert page.count("Ignored a.docx") == 1 and page.index("<h1><bdi>ada") < page.index("Ignored a.docx")
    assert page.index("Ignored a.docx") < page.index("<h1><bdi>bob")


def test_a_single_result_is_a_page_without_table(forty):
    page = parsed(forty[:1])
    assert list(page.sections) == ["s1"] and "script" not in page.inline
    assert not [tag for tag in page.tags if tag[0] in ("main", "nav")]


def test_the_overview_agrees_with_numpy(forty):
    summary = overview(forty)
    earned = np.array([[exercise.earned for exercise in result.exercises] for result in forty])
    assert summary.mean == pytest.approx(earned.sum(1).mean()) and summary.median == pytest.approx(
        np.median(earned.sum(1))
    )
    tenths = np.minimum(np.round(earned.sum(1) / (10 * earned.shape[1]), 6).astype(int), 9)
    assert list(summary.bins) == np.bincount(tenths, minlength=10).tolist()
    for exercise, column in zip(summary.exercises, earned.T, strict=True):
        assert (exercise.mean, exercise.median) == (pytest.approx(column.mean()), pytest.approx(np.median(column)))
        assert sum(exercise.bins) == 40 and exercise.complete == (column > 100 - 1e-6).sum()


def test_the_hardest_tests_and_the_hints_are_counted_by_student(forty):
    summary = overview(forty)

    def share(exercise, function, description):
        run = passed = 0
        for graded in (graded for result in forty for graded in result.exercises if graded.exercise == exercise):
            tests = [test for test in graded.tests if (test.function, test.property) == (function, description)]
            run += bool(tests)
            passed += bool(tests) and all(test.status == "passed" for test in tests)
        return passed, run

    unique = [test for test in summary.hardest if _alone(forty, test)]
    assert unique and all(
        (test.passed, test.run) == share(test.exercise, test.function, test.description) for test in unique
    )
    assert [test.passed / test.run for test in summary.hardest] == sorted(
        test.passed / test.run for test in summary.hardest
    )
    for hint in summary.hints:
        given = [
            any((r.exercise, r.function, r.hint) == (hint.exercise, hint.function, hint.text) for r in records)
            for records in ([r for exercise in result.exercises for r in exercise.tests] for result in forty)
        ]
        assert hint.students == sum(given)


def _alone(results, hard):
    """Return True if the description belongs to one test of the function alone."""
    exercise = next(
        exercise
        for result in results
        for exercise in result.exercises
        if exercise.exercise == hard.exercise and exercise.tests
    )
    names = {
        r.test.split("[")[0] for r in exercise.tests if (r.function, r.property) == (hard.function, hard.description)
    }
    return len(names) == 1


def squares(paths, rows, columns):
    """Return the shades drawn by the paths of a map, `(rows, columns)`."""
    drawn = np.zeros((rows, columns), int)
    for shade, path in paths:
        for x, y in re.findall(r"M(\d+) (\d+)h10v10h-10z", path):
            drawn[int(y) // CELL, int(x) // CELL] += shade
    return drawn


def test_a_map_draws_the_weights_of_both_on_one_scale():
    rng = np.random.default_rng(0)
    submission, reference = (rng.dirichlet(np.full(7, sharp), 5) for sharp in (0.2, 5))
    shown = {
        "title": "t",
        "source": "3 maj 7",
        "target": "12-45",
        "submission": submission.tolist(),
        "reference": reference.tolist(),
    }
    drawn = attention_map(shown)
    assert drawn.full == 1.0 and "".join(drawn.source) == "3␣maj␣7" and "".join(drawn.target) == "12-45"
    assert np.array_equal(squares(drawn.submission, 5, 7), np.round(SHADES * submission))
    assert np.array_equal(squares(drawn.reference, 5, 7), np.round(SHADES * reference))


def test_padding_is_drawn_only_where_it_has_weight():
    rows = [[0.5, 0.5, 0.0, 0.0, 0.0]]
    shown = {"title": "", "source": "ab", "target": "1", "submission": rows, "reference": rows}
    assert attention_map(shown).source == ("a", "b")
    shown["submission"] = [[0.4, 0.3, 0.0, 0.3, 0.0]]
    assert attention_map(shown).source == ("a", "b", "", "")


@pytest.mark.parametrize(
    "rows", [None, [], [[]], 3, "map", [3], [["x", None]], [[float("nan"), float("inf")]], [[-1, True]]]
)
def test_an_invalid_attention_map_is_clipped_or_omitted(rows):
    shown = {"title": "", "source": "ab", "target": "1", "submission": rows, "reference": [[0.5, 0.5]]}
    drawn = attention_map(shown)
    assert drawn.full == 0.5 and drawn.reference == ((9, "M0 0h10v10h-10zM10 0h10v10h-10z"),)
    assert (drawn.submission is None) == (not isinstance(rows, list) or rows in ([], [3]))


def test_an_oversized_map_is_cropped():
    rows = [[1e-3] * 2000] * 500
    drawn = attention_map({"title": "", "source": "a", "target": "1", "submission": rows, "reference": rows})
    assert len(drawn.target) <= 40 and len(drawn.source) <= 120


def luminance(color):
    values = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_enough_contrast(theme, forty):
    """WCAG 2.2 requires a contrast of 4.5 for text, 3 for the marks of a chart."""
    blocks = re.findall(r":root \{(.*?)\}", parsed(forty[:2]).inline["style"], re.S)
    colors = dict(re.findall(r"--(\w+): (#\w{6})", blocks[theme == "dark"]))
    for ground in ("paper", "raised"):
        for text, least in [("ink", 7), ("soft", 4.5), ("accent", 4.5), ("bad", 4.5), ("late", 4.5), ("bar", 3)]:
            light, dark = sorted([luminance(colors[ground]), luminance(colors[text])], reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= least or (ground, text) == ("raised", "bar"), (ground, text)


def test_visible_text_is_kept():
    assert for_line("Ünïcode 王 🦕 naïve — “x”") == "Ünïcode 王 🦕 naïve — “x”"
    assert for_line("ada\u202etxt\0\ud800\uffff") == "adaU+202EtxtU+0000U+D800U+FFFF"
    assert for_line("a\r\nb\x1b]0;title\x1b\\c\x9b2Jd\u200be\ufefff") == "a  bcdef"


def test_no_seed_and_no_memory_is_on_the_page(made_up):
    """A student may get the page: the seed repeats hidden inputs, and times and memory of hidden tests tell of them."""
    result = made_up.made_up_class(1)[0]
    exercises = tuple(
        dataclasses.replace(exercise, seed=918273645, memory=765_000_000, seconds=4321.5)
        for exercise in result.exercises
    )
    text = html_report([dataclasses.replace(result, exercises=exercises)])
    assert [number for number in ("918273645", "765", "4321.5") if number in text] == []
