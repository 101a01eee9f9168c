"""Attention pages: the HTML, and what headless Chromium lights up after a key press."""

import html
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest

from dlseq.errors import DlseqError
from dlseq.plots import AttentionExample, attention_page

RANDOM = np.random.default_rng(3)
MAX_BYTES = 300_000
DARK = [{"name": "prefers-color-scheme", "value": "dark"}]


def example(source, target, **options):
    return AttentionExample(RANDOM.dirichlet(np.full(len(source), 0.3), len(target)), source, target, **options)


EXAMPLES = [
    example(
        "dimanche 21 août 2016", "2016-08-21", probability=0.91, alternatives=[("2016-12-21", 0.04), ("<b>", 0.01)]
    ),
    example("الأحد 21 أغسطس", "08-21"),
    example(["Jane", "visite", "l'", "Afrique", "<script>alert(1)</script>"], ["Jane", "visits", "Africa"]),
]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "attention.html"
    attention_page(EXAMPLES, title="Tests & <more>").save(path)
    return path


@pytest.fixture
def page(browser, open_page, page_file):
    open_page(page_file)
    return browser


def weights_of(page, number, side):
    """Return what is lit on one side of an example: the weights that its buttons have and their shares of color."""
    script = (
        "return [...document.querySelectorAll(`#example-${arguments[0]} .${arguments[1]} button`)].map(b =>"
        " [b.dataset.weight === undefined ? null : +b.dataset.weight, parseInt(b.style.getPropertyValue('--share'))])"
    )
    return page.execute_script(script, number, side)


def press(page, *keys):
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(page).send_keys(*keys).perform()


def buttons(page, number, side):
    return page.find_elements("css selector", f"#example-{number} .{side} button")


def assert_lit(page, number, side, weights):
    lit = weights_of(page, number, side)
    np.testing.assert_allclose([weight for weight, _ in lit], weights, atol=1e-4)
    np.testing.assert_allclose([share for _, share in lit], 100 * np.sqrt(weights), atol=1)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_arrow_keys_light_up_the_weights_of_each_token(page, number):
    from selenium.webdriver.common.keys import Keys

    weights = np.asarray(EXAMPLES[number].weights)  # (Ty, Tx)
    for side, other, rows, forward in (
        ("target", "source", weights, Keys.ARROW_RIGHT),
        ("source", "target", weights.T, Keys.ARROW_LEFT if number == 1 else Keys.ARROW_RIGHT),
    ):
        page.execute_script("arguments[0].focus()", buttons(page, number, side)[0])
        for place, row in enumerate(rows):
            assert_lit(page, number, other, row)
            assert all(weight is None for weight, _ in weights_of(page, number, side))
            pressed = [button.get_attribute("aria-pressed") for button in buttons(page, number, side)]
            assert pressed.index("true") == place and pressed.count("true") == 1
            press(page, forward)
        press(page, Keys.HOME)
        assert_lit(page, number, other, rows[0])
        press(page, Keys.END)
        assert_lit(page, number, other, rows[-1])


def test_a_tap_lights_up_the_other_side_and_is_announced(page):
    weights = np.asarray(EXAMPLES[0].weights)
    buttons(page, 0, "source")[3].click()
    assert_lit(page, 0, "target", weights[:, 3])
    said = page.find_element("css selector", "#example-0 .status").text
    best = int(weights[:, 3].argmax())
    assert said.startswith(f"a, number 4, is looked at by {EXAMPLES[0].target[best]} ")


def test_the_down_key_goes_to_the_token_of_largest_weight(page):
    from selenium.webdriver.common.keys import Keys

    weights = np.asarray(EXAMPLES[0].weights)
    page.execute_script("arguments[0].focus()", buttons(page, 0, "target")[2])
    press(page, Keys.ARROW_DOWN)
    assert_lit(page, 0, "target", weights[:, weights[2].argmax()])


def test_lines_begin_and_end_at_the_tokens(page):
    """On a narrow page the tokens take several rows."""
    page.set_window_size(420, 900)
    try:
        buttons(page, 0, "target")[1].click()
        boxes = [button.rect for button in buttons(page, 0, "source")]
        assert len({box["y"] for box in boxes}) > 1
        frame = page.find_element("css selector", "#example-0 .links").rect
        lines = [line.get_attribute("d") for line in page.find_elements("css selector", "#example-0 .links path")]
        ends = sorted(float(re.split(r"[MC ]", line)[-2]) + frame["x"] for line in lines)
        lit = [box for box, weight in zip(boxes, np.asarray(EXAMPLES[0].weights)[1], strict=True) if weight >= 0.02]
        np.testing.assert_allclose(ends, sorted(box["x"] + box["width"] / 2 for box in lit), atol=1.5)
        assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    finally:
        page.set_window_size(1200, 900)


def test_numbers_in_a_text_from_right_to_left_keep_their_order(page):
    places = [button.rect["x"] for button in buttons(page, 1, "source")]
    digits = [place for place, sign in zip(places, EXAMPLES[1].source, strict=True) if sign.isdigit()]
    assert places[0] == max(places) and digits == sorted(digits)


def test_the_token_that_is_lit_at_first_has_its_letters(browser, open_page, tmp_path):
    """It was measured before its font had come, and kept the narrower boxes of missing letters. All syllables of
    Hangul have one width."""
    example = AttentionExample([[1.0, 0.0], [0.0, 1.0]], ["제인", "사람"], ["Jane", "man"])
    attention_page([example]).save(tmp_path / "page.html")
    open_page(tmp_path / "page.html")
    lit, other = browser.execute_async_script("""
        const widths = () => [...document.querySelectorAll(".row.source button span")].map((x) => x.offsetWidth);
        document.fonts.ready.then(() => setTimeout(() => arguments[0](widths()), 300));
    """)
    assert lit == other > 0


def test_the_page_logs_and_requests_nothing(page, browser, open_page, page_file):
    browser.get_log("browser"), browser.get_log("performance")
    open_page(page_file)
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    requested = {
        message["params"]["request"]["url"].split(":")[0]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    }
    assert requested <= {"file", "data"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_accessibility_violation(page, scheme):
    axe = os.environ.get("DLSEQ_AXE")
    if not axe:
        pytest.skip("needs axe-core: npm pack axe-core, and DLSEQ_AXE=package/axe.min.js")
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{**DARK[0], "value": scheme}]})
    page.execute_script(Path(axe).read_text("utf-8"))
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    script = "const done = arguments[0]; axe.run().then(found => done(found.violations.map(v => [v.id, v.help])))"
    assert page.execute_async_script(script) == []


def test_texts_are_escaped_and_stand_in_the_page_without_script():
    page = attention_page(EXAMPLES, title="<title>").html
    assert "<script>alert" not in page and "<h1>&lt;title&gt;</h1>" in page
    assert html.escape("<script>alert(1)</script>") in page
    assert "&lt;b&gt;" in page and "1.0 %" in page
    for row, word in zip(EXAMPLES[2].weights, EXAMPLES[2].target, strict=True):
        assert f"<bdi>{word}</bdi>" in page and f"{row.max():.1%}".replace("%", " %") in page


def test_a_text_that_looks_like_a_mark_of_the_template_stays_text():
    page = attention_page([example("<!--INDEX-->", "b")], title="<!--FONTS--> /*FONTS*/").html
    assert page.count("&lt;!--INDEX--&gt;") >= 1 and "<h1>&lt;!--FONTS--&gt; /*FONTS*/</h1>" in page


def test_the_page_is_small_and_the_same_each_time():
    page = attention_page(EXAMPLES[:1]).html
    assert len(page.encode()) < MAX_BYTES and page == attention_page(EXAMPLES[:1]).html
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page)


def test_letters_that_a_machine_may_lack_come_with_the_page():
    assert "@font-face" not in attention_page([example("May 3", "05-03")]).html
    korean = attention_page([example("5월 3일", "05-03")]).html
    assert korean.count("@font-face") == 1 and len(korean) < 40_000


def test_fonts_of_a_page_are_the_same_on_any_day(monkeypatch):
    pages = []
    for seconds in ("0", "1000000000"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)  # the clock of fontTools
        pages.append(attention_page([AttentionExample([[1.0]], "월", "5")]))
    assert pages[0] == pages[1]


def test_padding_is_cut_and_invalid_weights_are_refused():
    padded = np.pad(np.asarray(EXAMPLES[0].weights), ((0, 2), (0, 3)))
    whole = AttentionExample(padded, EXAMPLES[0].source, EXAMPLES[0].target)
    data = json.loads(re.search(r'application/json">(.*?)</script>', attention_page([whole]).html)[1])
    np.testing.assert_allclose(data["weights"], EXAMPLES[0].weights, atol=1e-4)
    with pytest.raises(DlseqError, match="Expected every row to sum to 1"):
        attention_page([AttentionExample([[0.5, 0.1]], "ab", "c")])
    with pytest.raises(DlseqError, match=r"Expected a number from 0 to 1\. Received: 1\.5"):
        attention_page([AttentionExample([[1.0]], "a", "b", probability=1.5)])
    with pytest.raises(DlseqError, match="at least one example"):
        attention_page([])
