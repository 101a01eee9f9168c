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


def test_texts_come_from_standard_input_one_a_line(dlseq_command):
    status, out, _ = dlseq_command("dates", stdin="3 May 1979\n23 April, 1564\n")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == ["1979-05-03", "1564-04-23"]


def test_json_holds_the_attention_of_every_written_character(dlseq_command):
    _, out, _ = dlseq_command("dates", "3 May 1979", "--json")
    answer = json.loads(out)
    assert (answer["text"], answer["iso"]) == ("3 May 1979", "1979-05-03")
    assert 0.5 < answer["probability"] <= 1
    assert [len(row) for row in answer["attention"]] == [len("3 May 1979")] * 10
    assert all(sum(row) == pytest.approx(1, abs=1e-3) for row in answer["attention"])


@pytest.mark.parametrize("text", ["hello world", "May", "sometime soon", "12345678901234567890", "🙂🙂"])
def test_what_is_no_date_is_answered_with_visible_doubt_and_refused_on_request(dlseq_command, text):
    status, out, _ = dlseq_command("dates", text)
    assert status == 0
    assert "(a guess)" in out
    status, out, _ = dlseq_command("dates", text, "--min-confidence", "0.5")
    assert status == 2
    assert out.startswith("----------")
    assert "refused" in out


def test_a_date_that_can_be_read_in_two_ways_gets_about_one_half(dlseq_command):
    _, out, _ = dlseq_command("dates", "5/4/2009", "20/4/2009", "--json")
    open_one, sure_one = map(json.loads, out.splitlines())
    assert open_one["iso"] in ("2009-05-04", "2009-04-05")
    assert 0.2 < open_one["probability"] < 0.85
    assert sure_one["iso"] == "2009-04-20"
    assert sure_one["probability"] > 0.9


def test_a_plot_is_written_where_it_was_asked_for(dlseq_command, tmp_path):
    status, _, err = dlseq_command("dates", "2016年8月21日", "--plot", tmp_path / "map.png")
    assert (status, err) == (0, "")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["dates", ""], "expected a date, received an empty text"),
        (["dates", "  "], "expected a date, received an empty text"),
        (["dates", "1" * 100], "at most 80 characters, received 100"),
        (["dates", "3 May 1979", "--model", "missing.keras"], "there is no model file missing.keras"),
        (["dates", "3 May 1979", "--plot", "map.jpg"], "expected .png, .svg or .pdf"),
        (["dates", "3 May 1979", "--plot", "missing/map.png"], "the folder missing does not exist"),
        (["dates", "3 May 1979", "4 May 1979", "--plot", "map.png"], "--plot draws one text, received 2"),
<<<<<<< HEAD
        (["train", "dates", "--preset", "mars"], "unknown preset 'mars'"),
        (["train", "dates", "--preset", "world", "--locale", "fr_XX"], "Unknown locale 'fr_XX'"),
        (["train", "dates", "--out", "missing/model.keras"], "the folder missing does not exist"),
        (["train", "dates", "--out", "model.h5"], "ends in .keras"),
        (["train", "dates", "--csv", "missing.csv"], "Cannot read missing.csv"),
=======
>>>>>>> f5911d5 (Tests of the one command that trains all tasks)
        (["demo", "--out", "missing/map.png"], "the folder missing does not exist"),
    ],
)
def test_bad_input_gets_a_sentence_and_status_two(dlseq_command, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    status, out, err = dlseq_command(*arguments)
    assert status == 2
    assert says in err
    assert "Traceback" not in err + out
    assert list(tmp_path.iterdir()) == []


def test_an_empty_line_of_standard_input_is_named(dlseq_command):
    status, _, err = dlseq_command("dates", stdin="3 May 1979\n\n4 May 1979\n")
    assert status == 2
    assert "line 2 of standard input is empty" in err


def test_a_file_that_is_no_model_is_refused_and_left_alone(dlseq_command, tmp_path):
    other = tmp_path / "notes.keras"
    other.write_text("my notes")
    status, _, err = dlseq_command("dates", "3 May 1979", "--model", other)
    assert status == 2
    assert "is not a model file" in err
    assert other.read_text() == "my notes"
