"""The command `dlseq entities`."""

import json
import re

import pytest

from dlseq.tasks.pretrained import pretrained

TEXT = "Maria Rossi lives in Boston."


def test_entities_are_printed_with_kind_and_probability(dlseq_command):
    status, out, err = dlseq_command("entities", TEXT)
    assert (status, err) == (0, "")
    text, *lines = out.splitlines()
    assert text == TEXT
    assert [(line.split()[0], line.split("%")[1].strip()) for line in lines] == [
        ("person", "Maria Rossi"),
        ("place", "Boston"),
    ]


def test_json_has_character_offsets(dlseq_command):
    _, out, _ = dlseq_command("entities", TEXT, "😀 Anna.", "--json")
    first, second = map(json.loads, out.splitlines())
    assert first["text"] == TEXT
    assert first["sure"] and first["known"] == 1
    for entity in first["entities"]:
        assert TEXT[entity["start"] : entity["end"]] == entity["text"]
        assert entity["label"] in ("person", "place") and 0.5 < entity["probability"] <= 1 and entity["sure"]
    assert second["entities"][0]["start"] == 2


def test_texts_come_from_standard_input_too(dlseq_command):
    _, given, _ = dlseq_command("entities", TEXT, "Anna left.", "--json")
    assert dlseq_command("entities", "--json", stdin=f"{TEXT}\r\nAnna left.\n")[1] == given


def test_a_terminal_gets_colors_and_no_markup_of_the_text(dlseq_command, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, _ = dlseq_command("entities", f"[red] {TEXT}")
    assert "\x1b[" in out.splitlines()[0]
    assert "[red]" in out


def test_doubt_and_nothing_found_are_said(dlseq_command):
    assert "in doubt: the model knows 0% of the words" in dlseq_command("entities", "ღმერთო რაა ჩემოო")[1]
    assert "nothing found" in dlseq_command("entities", "The meeting is over.")[1]


@pytest.mark.parametrize(
    ("arguments", "stdin", "part"),
    [
        ([" "], None, "empty text"),
        (["--json"], "", "Invalid standard input. Expected one text per line"),
        ([], "Anna\n\n", "Invalid line 2 of standard input"),
        ([], b"\x89PNG\r\n\x1a\n", "Invalid line 1 of standard input. Expected UTF-8"),
        ([TEXT, "--model", "missing.keras"], None, "missing.keras"),
        ([TEXT, "--model", str(pretrained("names-english"))], None, "class Tagger. Received: LanguageModel"),
    ],
)
def test_invalid_input_gets_a_message_and_status_two(dlseq_command, arguments, stdin, part):
    status, out, err = dlseq_command("entities", *arguments, stdin=stdin)
    assert (status, out) == (2, "")
    assert err.startswith("dlseq: ") and part in err
    assert len(err.strip().splitlines()) == 1


def test_a_page_has_the_entities_of_all_texts(dlseq_command, tmp_path):
    page = tmp_path / "marked.html"
    assert dlseq_command("entities", TEXT, "Anna left.", "--plot", page)[0] == 0
    assert re.findall(r"<mark .*?><bdi>(.*?)</bdi>", page.read_text("utf-8")) == ["Maria Rossi", "Boston", "Anna"]
    status, _, err = dlseq_command("entities", TEXT, "--plot", tmp_path / "marked.png")
    assert status == 2 and "ends in .html" in err
