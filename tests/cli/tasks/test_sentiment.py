"""The command `dlseq sentiment`."""

import json
import re

import pytest

from dlseq.tasks.pretrained import pretrained

TEXT = "There is nothing to like in this movie."


def test_stars_are_printed_with_probability_and_reasons(dlseq_command):
    status, out, err = dlseq_command("sentiment", TEXT, "The plot is [not] bad.")
    assert (status, err) == (0, "")
    first, second = out.splitlines()
    assert first.startswith("1 star ") and TEXT in first and "nothing" in first.split(TEXT)[1]
    assert second.startswith("4 stars") and "[not]" in second


def test_json_has_the_attention_of_each_word(dlseq_command):
    _, out, _ = dlseq_command("sentiment", TEXT, "--json")
    found = json.loads(out)
    assert (found["text"], found["stars"], found["sure"]) == (TEXT, 1, True)
    assert found["probabilities"][0] == found["probability"]
    assert [TEXT[word["start"] : word["end"]] for word in found["words"]] == [*TEXT[:-1].split(), "."]
    assert sum(word["attention"] for word in found["words"]) == pytest.approx(1, abs=1e-3)


def test_reviews_come_from_standard_input_too(dlseq_command):
    _, given, _ = dlseq_command("sentiment", TEXT, "Good.", "--json")
    assert dlseq_command("sentiment", "--json", stdin=f"{TEXT}\nGood.\n")[1] == given


def test_an_unknown_text_is_a_guess(dlseq_command):
    assert "a guess" in dlseq_command("sentiment", "สวัสดีชาวโลก")[1]


def test_plot_draws_the_words(dlseq_command, tmp_path):
    status, _, err = dlseq_command("sentiment", TEXT, "--plot", tmp_path / "words.svg")
    assert (status, err) == (0, "")
    assert (tmp_path / "words.svg").read_text().count("<path") > 20


@pytest.mark.parametrize(
    ("arguments", "stdin", "part"),
    [
        ([" "], None, "empty text"),
        ([], "", "Invalid standard input. Expected one review per line"),
        ([], b"\x89PNG\r\n\x1a\n", "Invalid line 1 of standard input. Expected UTF-8"),
        (["Good.", "--plot", "words.bmp"], None, ".png, .svg, .pdf or .html"),
        (
            ["Good.", "Bad.", "--plot", "words.png"],
            None,
            "Expected one text to draw, or the name of an .html page for several. Received: 2",
        ),
        (["Good.", "--model", "missing.keras"], None, "missing.keras"),
        (["Good.", "--model", str(pretrained("names-english"))], None, "class Classifier. Received: LanguageModel"),
    ],
)
def test_invalid_input_gets_a_message_and_status_two(dlseq_command, tmp_path, monkeypatch, arguments, stdin, part):
    monkeypatch.chdir(tmp_path)
    status, out, err = dlseq_command("sentiment", *arguments, stdin=stdin)
    assert (status, out) == (2, "")
    assert err.startswith("dlseq: ") and part in err
    assert len(err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_page_has_the_attention_of_all_texts(dlseq_command, tmp_path):
    page = tmp_path / "words.html"
    _, out, _ = dlseq_command("sentiment", TEXT, "Good.", "--json", "--plot", page)
    shown = re.findall(r'application/json">(.*?)</script>', page.read_text("utf-8"))
    for line, data in zip(out.splitlines(), shown, strict=True):
        weights = [word["attention"] for word in json.loads(line)["words"]]
        assert json.loads(data)["weights"][0] == pytest.approx(weights, abs=1e-4)
