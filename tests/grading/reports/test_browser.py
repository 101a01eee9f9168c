"""The HTML report in headless Chromium without a network."""

import json
import time

import pytest

from dlseq.course.exercises import EXERCISES
from dlseq.grading.reports.formatting import format_points
from dlseq.grading.reports.html import html_report
from dlseq.grading.sanitize import for_line


@pytest.fixture(scope="module")
def results(made_up):
    return [*made_up.made_up_class(30, seed=5), *map(made_up.hostile_result, made_up.HOSTILE)]


@pytest.fixture
def page(browser, open_page, results, tmp_path):
    """Open the page; at the end, check that it logged nothing and requested nothing."""
    path = tmp_path / "report.html"
    path.write_text(html_report(results), "utf-8")
    browser.get_log("performance")
    open_page(path)
    yield browser
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [message["params"] for message in messages if message["method"] == "Network.requestWillBeSent"]
    requested = {
        message["request"]["url"].split("#")[0] for message in sent if message["documentURL"].startswith(path.as_uri())
    }
    assert path.as_uri() in requested and requested <= {path.as_uri(), "data:,"}


def visible_texts(page):
    """Return the texts of the visible top-level elements."""
    script = "return [...document.querySelectorAll('main, .student')].filter(e => e.offsetHeight).map(e => e.innerText)"
    return page.execute_script(script)


def column(page, index):
    """Return the cells of a column in the visible rows of the table."""
    script = (
        "return [...document.querySelectorAll('#students tbody tr')].filter(row => row.offsetHeight)"
        ".map(row => row.cells[arguments[0]].innerText)"
    )
    return page.execute_script(script, index)


def find(page, selector):
    return page.find_element("css selector", selector)


def test_a_click_on_a_student_shows_that_student_alone(page, results):
    [overview] = visible_texts(page)
    assert "Class report" in overview
    dates = [exercise.name for exercise in EXERCISES].index("date_normalization")  # has maps in the made-up class
    result = next(each for each in results if each.exercises[-1].problem == "" and each.exercises[dates].exhibit)
    page.find_element("link text", result.student).click()
    [shown] = visible_texts(page)
    assert shown.split("\n\n")[0].split("\n")[-1].startswith(result.student) or result.student in shown.split("\n")[:4]
    possible = 100 * len(result.exercises)
    assert f"{format_points(result.earned)} of {possible} points" in shown and page.title.startswith(result.student)
    assert result.exercises[dates].exhibit["title"] in shown
    maps = page.find_elements("css selector", ".student:target .map")
    assert maps and all(attention_map.size["width"] > 100 for attention_map in maps)
    page.find_element("css selector", ".student:target nav a").click()
    assert "Class report" in visible_texts(page)[0] and page.title == "Class report"


def test_hostile_students_are_shown_as_text(page, made_up):
    for text in made_up.HOSTILE:
        names = [link for link in page.find_elements("css selector", "#students a") if link.text == shown_as(text)]
        assert len(names) == 1
        page.get(names[0].get_attribute("href"))
        assert shown_as(text) in visible_texts(page)[0] and len(visible_texts(page)) == 1
        page.get(page.current_url.split("#")[0] + "#class")
    assert page.execute_script("return document.images.length + document.scripts.length") == 1


def shown_as(text):
    return " ".join(for_line(text).split())


def test_a_click_on_a_column_header_sorts_and_reverses(page, results):
    earned = [result.earned for result in results]
    last = len(page.find_elements("css selector", "#students thead th")) - 2
    buttons = page.find_elements("css selector", "#students thead button")
    buttons[last].click()
    assert [float(cell) for cell in column(page, last)] == pytest.approx(sorted(earned, reverse=True), abs=0.0051)
    buttons[last].click()
    assert [float(cell) for cell in column(page, last)] == pytest.approx(sorted(earned), abs=0.0051)
    buttons[0].click()
    ascending = column(page, 0)
    buttons[0].click()
    assert column(page, 0) == ascending[::-1] != ascending and len(ascending) == len(results)


def test_cells_without_a_number_are_sorted_last(page):
    button = page.find_elements("css selector", "#students thead button")[1]
    for _ in range(2):
        button.click()
        numbers = [cell.replace(".", "").isdigit() for cell in column(page, 1)]
        assert numbers == sorted(numbers, reverse=True)


def test_the_filter_ignores_accents_and_word_order(page, results):
    field = find(page, "#filter")
    field.send_keys("evar")
    expected = sorted(result.student for result in results if "Évariste" in result.student)
    assert expected and sorted(column(page, 0)) == expected
    assert find(page, "#found").text == f"{len(expected)} of {len(results)}"
    field.clear()
    field.send_keys(" ".join(reversed(results[0].student.split())))
    assert column(page, 0) == [results[0].student]
    field.clear()
    field.send_keys("x\b")
    assert len(column(page, 0)) == len(results)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_fits_a_phone_in_either_theme(page, theme):
    size = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    media = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    try:
        for anchor in ("class", "s3", "s20"):
            page.get(page.current_url.split("#")[0] + f"#{anchor}")
            assert len(visible_texts(page)) == 1
            assert page.execute_script("return document.documentElement.scrollWidth") <= 400
        ground = page.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert (int(ground.split("(")[1].split(",")[0]) > 128) == (theme == "light")
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_without_script_students_can_still_be_reached(page, results):
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.refresh()
        assert not page.find_elements("css selector", "#students button") and not find(page, ".filter").is_displayed()
        find(page, "#students a").click()
        assert find(page, ".student:target h1").is_displayed() and not find(page, "main").is_displayed()
    finally:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_an_injected_script_does_not_run(browser, open_page, results, tmp_path):
    """The Content-Security-Policy is a second defense; the test injects a script behind the escaping."""
    path = tmp_path / "report.html"
    spoiled = "<script>document.title = 'in'</script><img src=x onerror=\"document.title = 'in'\"></main>"
    path.write_text(html_report(results[:3]).replace("</main>", spoiled), "utf-8")
    open_page(path)
    time.sleep(0.2)
    messages = [entry["message"] for entry in browser.get_log("browser")]
    assert (
        browser.title == "Class report"
        and len(messages) >= 2
        and all("Content Security Policy" in message for message in messages)
    )
