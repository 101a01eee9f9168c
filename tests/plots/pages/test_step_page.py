"""Pages of predictions along a sequence: the HTML, and what headless Chromium shows after a key press."""

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from dlseq.data.music import Melody, parse_notes
from dlseq.errors import DlseqError
from dlseq.plots import StepExample, step_page
from dlseq.plots.piano_roll import piano_roll_svg

RANDOM = np.random.default_rng(3)
FRAMES = RANDOM.integers(0, 255, (4, 8, 10, 3), np.uint8)
LABELS = ("walks", "</script><b>", "뛴다")
CHANCES = RANDOM.dirichlet(np.ones(3), 4)
TUNE = Melody("a", 0, "major", parse_notes("C4 r E4:2^"))
EXAMPLES = [
    StepExample(
        "walks & more",
        ["1", "2", "3", "4"],
        [list(zip(LABELS, row, strict=True)) for row in CHANCES.tolist()],
        ["walks"] * 4,
        0.75,
        FRAMES,
    ),
    StepExample("a tune", ["C4", "r", "E4"], [[("C4", 0.5)]] * 3, ["C4"] * 3, drawing=piano_roll_svg(TUNE), note="<i>"),
]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "steps.html"
    step_page(EXAMPLES, title="Tests & <more>").save(path)
    return path


@pytest.fixture
def page(browser, open_page, page_file):
    open_page(page_file)
    return browser


def test_arrow_keys_show_the_probabilities_and_the_part_of_the_strip(page):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    buttons = page.find_elements("css selector", "#example-0 button")
    page.execute_script("arguments[0].focus()", buttons[0])
    for place, row in enumerate(CHANCES):
        shown = "return [...document.querySelectorAll('#example-0 .chances li')]"
        WebDriverWait(page, 5).until(lambda _, place=place: buttons[place].get_attribute("aria-pressed") == "true")
        chances = page.execute_script(f"{shown}.map(item => [item.firstChild.textContent, +item.dataset.chance])")
        assert [text for text, _ in chances] == list(LABELS)
        np.testing.assert_allclose([chance for _, chance in chances], row, atol=1e-4)
        assert page.execute_script(f"{shown}.map(item => item.className)") == ["chosen", "", ""]
        pressed = [button.get_attribute("aria-pressed") for button in buttons]
        assert pressed.index("true") == place and pressed.count("true") == 1
        film = page.find_element("css selector", "#example-0 .picture").value_of_css_property("background-position-x")
        assert float(film.rstrip("%")) == pytest.approx(100 * place / 3, abs=0.01)
        said = page.find_element("css selector", "#example-0 .status").text
        assert said.startswith(f"Step {place + 1} of 4: {LABELS[row.argmax()]}")
        ActionChains(page).send_keys(Keys.ARROW_RIGHT).perform()


def test_a_tap_on_a_note_lights_it_alone(page):
    page.execute_script("document.querySelector('#example-1 [data-step=\"2\"]').dispatchEvent(new Event('click'))")
    lit = "return [...document.querySelectorAll('#example-1 .lit')].map(note => note.dataset.step)"
    assert page.execute_script(lit) == ["2"]
    assert page.find_element("css selector", "#example-1 .status").text.startswith("Step 3 of 3, E4: C4 50 %")


def test_a_narrow_page_does_not_scroll_sideways(page):
    page.set_window_size(390, 844)
    try:
        assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
        page.execute_script("document.querySelectorAll('#example-1 button')[2].click()")
        note, frame = (
            page.find_element("css selector", f"#example-1 {part}").rect for part in ("[data-step='2']", ".drawing")
        )
        assert frame["x"] <= note["x"] + note["width"] / 2 <= frame["x"] + frame["width"]
    finally:
        page.set_window_size(1200, 900)


def test_texts_are_escaped_and_stand_in_the_page_without_script():
    page = step_page(EXAMPLES, title="<title>").html
    assert "<h1>&lt;title&gt;</h1>" in page and "walks &amp; more</h2>" in page and "&lt;i&gt;" in page
    assert "<b>" not in page.replace("<b>&", "") and page.count("</script>") == 1 + len(EXAMPLES)
    for chance in CHANCES[:, 0]:
        assert f"walks {chance:.1%}".replace("%", " %") in page
    data = [json.loads(text) for text in re.findall(r'application/json">(.*?)</script>', page)]
    assert data[0]["choices"][0][1][0] == LABELS[1]


def test_the_frames_stand_side_by_side_without_loss():
    (address,) = re.findall(r"--strip: url\(data:image/png;base64,(.*?)\)", step_page(EXAMPLES).html)
    strip = np.asarray(Image.open(io.BytesIO(base64.b64decode(address))))
    np.testing.assert_array_equal(strip, np.concatenate(list(FRAMES), axis=1))


def test_a_note_is_as_long_as_its_beats_and_rests_are_gaps():
    svg = piano_roll_svg(TUNE)
    bars = re.findall(r'<rect data-step="(\d)"( class="phrase-end")? x="(.*?)" y="(.*?)" width="(.*?)"', svg)
    assert [(step, bool(ends), float(x), float(y), float(width)) for step, ends, x, y, width in bars] == [
        ("0", False, 0.04, 4.6, 0.92),
        ("2", True, 2.04, 0.6, 1.92),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ([], [], []),
        (["1"], [], ["a"]),
        (["1"], [[("a", 0.5)]], []),
        (["1"], [[("a", 1.5)]], ["a"]),
        (["1"], [[("a", float("nan"))]], ["a"]),
        (["1"], [[("a", 0.5)]], ["a"], 2.0),
        (["1"], [[("a", 0.5)]], ["a"], None, FRAMES),
        (["1"], [[("a", 0.5)]], ["a"], None, FRAMES[:1] / 255),
    ],
)
def test_steps_that_do_not_fit_are_refused(arguments):
    with pytest.raises(DlseqError, match=r"Expected .*Received"):
        step_page([StepExample("x", *arguments)])


def test_a_page_without_examples_is_refused():
    with pytest.raises(DlseqError, match="at least one example"):
        step_page([])
