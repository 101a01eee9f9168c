"""Pages of attention over images: the HTML, and what headless Chromium shows after a key press."""

import html
import json

import numpy as np
import pytest

from dlseq.errors import DlseqError
from dlseq.plots import ImageAttentionExample, image_attention_page

RANDOM = np.random.default_rng(3)
IMAGE = RANDOM.integers(0, 255, (64, 64, 3), np.uint8)
WORDS = (["a", "cat", "<b>"], ["고양이", "가", "있다"])
EXAMPLES = [
    ImageAttentionExample(IMAGE, RANDOM.dirichlet(np.full(12, 0.3), 3).reshape(3, 3, 4), words, 0.4) for words in WORDS
]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "images.html"
    image_attention_page(EXAMPLES, title="Tests & <more>").save(path)
    return path


@pytest.fixture
def page(browser, open_page, page_file):
    open_page(page_file)
    return browser


def shades(page, number):
    """Return the darkness of each place of an example, from 0 to 255, and the number of the word."""
    script = (
        "const c = document.querySelector(`#example-${arguments[0]} canvas`);"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "return [[...d].filter((_, i) => i % 4 === 3), c.width, +c.dataset.word]"
    )
    values, width, word = page.execute_script(script, number)
    return np.reshape(values, (-1, width)), word


@pytest.mark.parametrize("number", [0, 1])
def test_arrow_keys_darken_the_picture_where_the_model_did_not_look(page, number):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    buttons = page.find_elements("css selector", f"#example-{number} .target button")
    page.execute_script("arguments[0].focus()", buttons[0])
    for place, grid in enumerate(EXAMPLES[number].weights):
        found, word = shades(page, number)
        assert word == place
        np.testing.assert_allclose(found, 200 * (1 - grid / grid.max()), atol=1.5)
        pressed = [button.get_attribute("aria-pressed") for button in buttons]
        assert pressed.index("true") == place and pressed.count("true") == 1
        row, column = np.unravel_index(grid.argmax(), grid.shape)
        said = page.find_element("css selector", f"#example-{number} .status").text
        assert said.startswith(WORDS[number][place]) and f"row {row + 1} of 3, column {column + 1} of 4" in said
        ActionChains(page).send_keys(Keys.ARROW_RIGHT).perform()


def test_a_narrow_page_shows_all_of_the_picture(page):
    page.set_window_size(400, 900)
    try:
        assert page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
        picture = page.find_element("css selector", "#example-0 .picture").rect
        canvas = page.find_element("css selector", "#example-0 canvas").rect
        assert picture["width"] == pytest.approx(picture["height"], abs=1) and picture["width"] > 250
        assert canvas == picture
    finally:
        page.set_window_size(1200, 900)


def test_the_page_requests_nothing(page, browser, open_page, page_file):
    browser.get_log("browser"), browser.get_log("performance")
    open_page(page_file)
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    addresses = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert {address.split(":")[0] for address in addresses} <= {"file", "data"}


def test_texts_are_escaped_and_stand_in_the_page_without_script():
    page = image_attention_page(EXAMPLES, title="<title>").html
    assert "<h1>&lt;title&gt;</h1>" in page and "<b>b" not in page and html.escape("<b>") in page
    for example in EXAMPLES:
        for word, grid in zip(example.words, example.weights, strict=True):
            row, column = np.unravel_index(grid.argmax(), grid.shape)
            largest = f"{grid.max():.1%}".replace("%", " %")
            assert f">{html.escape(word)}</th><td>row {row + 1}, column {column + 1}: {largest}" in page


def test_large_pictures_stay_small_in_the_page():
    large = np.kron(IMAGE, np.ones((6, 6, 1), np.uint8))
    page = image_attention_page([ImageAttentionExample(large, EXAMPLES[0].weights, WORDS[0])]).html
    assert "data:image/jpeg" in page and len(page) < 200_000
    assert page == image_attention_page([ImageAttentionExample(large, EXAMPLES[0].weights, WORDS[0])]).html


def test_a_page_without_examples_is_refused():
    with pytest.raises(DlseqError, match="at least one example"):
        image_attention_page([])
