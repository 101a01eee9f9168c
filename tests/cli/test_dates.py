"""The commands `dlseq dates` and `dlseq demo`."""

import json

import pytest

KNOWN = [
    ("July 20th 1969", "1969-07-20"),
    ("23 April, 1564", "1564-04-23"),
    ("3 May 1979", "1979-05-03"),
    ("1969년 7월 20일 일요일", "1969-07-20"),
    ("2016年8月21日", "2016-08-21"),
    ("الأحد، 21 أغسطس 2016", "2016-08-21"),
    ("रविवार, 21 अगस्त 2016", "2016-08-21"),
    ("21. listopada 1751.", "1751-10-21"),  # October in Croatian ...
    ("21. listopadu 1751", "1751-11-21"),  # ... and November in Czech
    ("SUNDAY, 21TH OF AUGUST 2016", "2016-08-21"),
]


def test_the_shipped_model_reads_dates_in_many_scripts(dlseq_command):
    status, out, err = dlseq_command("dates", *(text for text, _ in KNOWN))
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == [iso for _, iso in KNOWN]


def test_texts_come_from_standard_input_one_per_line(dlseq_command):
    status, out, _ = dlseq_command("dates", stdin="3 May 1979\n23 April, 1564\n")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == ["1979-05-03", "1564-04-23"]


def test_json_holds_the_attention_of_every_output_character(dlseq_command):
    _, out, _ = dlseq_command("dates", "3 May 1979", "--json")
    answer = json.loads(out)
    assert (answer["text"], answer["iso"]) == ("3 May 1979", "1979-05-03")
    assert 0.5 < answer["probability"] <= 1
    assert [len(row) for row in answer["attention"]] == [len("3 May 1979")] * 10
    assert all(sum(row) == pytest.approx(1, abs=1e-3) for row in answer["attention"])


@pytest.mark.parametrize("text", ["hello world", "May", "sometime soon", "12345678901234567890", "🙂🙂"])
def test_other_texts_are_marked_as_guesses_and_refused_on_request(dlseq_command, text):
    status, out, _ = dlseq_command("dates", text)
    assert status == 0
    assert "(a guess)" in out
    status, out, _ = dlseq_command("dates", text, "--min-confidence", "0.5")
    assert status == 2
    assert out.startswith("----------")
    assert "refused" in out


def test_an_ambiguous_date_has_a_probability_near_one_half(dlseq_command):
    _, out, _ = dlseq_command("dates", "5/4/2009", "20/4/2009", "--json")
    ambiguous, unambiguous = map(json.loads, out.splitlines())
    assert ambiguous["iso"] in ("2009-05-04", "2009-04-05")
    assert 0.2 < ambiguous["probability"] < 0.85
    assert unambiguous["iso"] == "2009-04-20"
    assert unambiguous["probability"] > 0.9


def test_the_attention_map_is_written_to_a_file(dlseq_command, tmp_path):
    status, _, err = dlseq_command("dates", "2016年8月21日", "--plot", tmp_path / "map.png")
    assert (status, err) == (0, "")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dates", ""], "Expected a date. Received: an empty text"),
        (["dates", "  "], "Expected a date. Received: an empty text"),
        (["dates", "1" * 100], "at most 80 characters. Received: 100"),
        (["dates", "3 May 1979", "--model", "missing.keras"], "Cannot read model file missing.keras: no such file"),
        (["dates", "3 May 1979", "--plot", "map.jpg"], "ends in .png, .svg or .pdf"),
        (["dates", "3 May 1979", "--plot", "missing/map.png"], "the folder missing does not exist"),
        (["dates", "3 May 1979", "4 May 1979", "--plot", "map.png"], "Expected one text to draw. Received: 2"),
        (["demo", "--out", "missing/map.png"], "the folder missing does not exist"),
    ],
)
def test_invalid_input_gets_a_message_and_status_two(dlseq_command, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    status, out, err = dlseq_command(*arguments)
    assert status == 2
    assert message in err
    assert "Traceback" not in err + out
    assert list(tmp_path.iterdir()) == []


def test_an_empty_line_of_standard_input_is_named(dlseq_command):
    status, _, err = dlseq_command("dates", stdin="3 May 1979\n\n4 May 1979\n")
    assert status == 2
    assert "Invalid line 2 of standard input" in err


def test_a_file_of_another_kind_is_refused_and_unchanged(dlseq_command, tmp_path):
    other = tmp_path / "notes.keras"
    other.write_text("my notes")
    status, _, err = dlseq_command("dates", "3 May 1979", "--model", other)
    assert status == 2
    assert "expected a .keras file that dlseq has saved" in err
    assert other.read_text() == "my notes"
