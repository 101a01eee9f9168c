"""The commands `dlseq dates` and `dlseq demo`."""

import csv
import datetime
import io
import json
import sys

import pytest

from dlseq.cli.tasks.dates import show_reading
from dlseq.tasks.dates.reading import DateReading

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


@pytest.mark.parametrize(
    "text",
    [
        "hello world",
        "May",
        *(pytest.param(text, marks=pytest.mark.slow) for text in ("sometime soon", "12345678901234567890", "🙂🙂")),
    ],
)
def test_other_texts_are_marked_as_guesses_and_refused_on_request(dlseq_command, text):
    status, out, _ = dlseq_command("dates", text)
    assert status == 0
    assert "(a guess" in out
    status, out, _ = dlseq_command("dates", text, "--min-confidence", "0.5")
    assert status == 2
    assert out.startswith("----------")
    assert "refused" in out


@pytest.mark.parametrize("text", ["5/4/2009", "05-04-2009", "5, 4, 2009", "5-4-09"])
def test_both_orders_of_an_open_date_have_the_same_probability(dlseq_command, text):
    """The shipped model of before answered the month first at 0.72, and the other order was not among its five best."""
    _, out, _ = dlseq_command("dates", text, "--json")
    answer = json.loads(out)
    assert {answer["iso"], answer["second"]["iso"]} == {"2009-05-04", "2009-04-05"}
    assert answer["sure"] is False and 0.3 < answer["probability"] < 0.5
    assert answer["probability"] == pytest.approx(answer["second"]["probability"], abs=1e-6)


def test_a_weekday_or_a_day_above_twelve_settles_the_order(dlseq_command):
    _, out, _ = dlseq_command("dates", "Sunday 5/4/2009", "Monday 5/4/2009", "20/4/2009", "4/4/2009", "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["iso"] for answer in answers] == ["2009-04-05", "2009-05-04", "2009-04-20", "2009-04-04"]
    assert all(answer["sure"] for answer in answers)


def test_an_unsure_answer_comes_with_its_second_reading(dlseq_command, capsys):
    readings = [
        DateReading("5/4/2009", "2009-05-04", 0.48, None, ("2009-04-05", 0.45)),
        DateReading("5/4/2009", "2009-05-04", 0.52, None, ("2009-04-05", 0.45)),
    ]
    for reading in readings:
        show_reading("5/4/2009", reading)
    assert capsys.readouterr().out.splitlines() == [
        "2009-05-04   48.0%  5/4/2009   (a guess; or 2009-04-05, 45.0%)",
        "2009-05-04   52.0%  5/4/2009",
    ]
    _, out, _ = dlseq_command("dates", "5/4/2009", "--json", "--beam-width", "4")
    answer = json.loads(out)
    assert answer["iso"] != answer["second"]["iso"]
    assert answer["probability"] >= answer["second"]["probability"] > 0
    _, out, _ = dlseq_command("dates", "3 May 1979", "--json")
    answer = json.loads(out)
    assert (answer["sure"], answer["second"]) == (True, None)


@pytest.mark.parametrize(("flag", "iso"), [("--day-first", "2009-04-05"), ("--month-first", "2009-05-04")])
def test_the_order_of_day_and_month_can_be_settled(dlseq_command, flag, iso):
    _, out, _ = dlseq_command("dates", "5/4/2009", "5.4.2009", "5-4-2009", "05 04 09", flag)
    assert [line.split()[0] for line in out.splitlines()] == [iso] * 4
    assert "guess" not in out


@pytest.mark.parametrize(
    "text",
    [
        "29 February 2015",
        "Monday, 21 August 2016",
        *(
            pytest.param(text, marks=pytest.mark.slow)
            for text in ("31 April 2019", "2019-02-29", "15 رمضان 1441", "5 May 44 BC")
        ),
    ],
)
def test_json_says_of_a_day_that_cannot_be_that_it_is_not_sure(dlseq_command, text):
    _, out, _ = dlseq_command("dates", text, "--json")
    answer = json.loads(out)
    assert answer["sure"] is False
    assert answer["probability"] < 0.5
    datetime.date.fromisoformat(answer["iso"])  # it exists


def test_a_page_has_the_attention_maps_of_all_texts(dlseq_command, tmp_path):
    page = tmp_path / "map.html"
    status, out, _ = dlseq_command("dates", "3 May 1979", "2016年8月21日", "--plot", page)
    assert status == 0 and len(out.splitlines()) == 2
    text = page.read_text("utf-8")
    assert text.count("<article ") == 2 and "<bdi>2016年8月21日</bdi>" in text
    status, _, err = dlseq_command("dates", "3 May 1979", "4 May 1979", "--plot", tmp_path / "map.png")
    assert status == 2 and ".html page for several. Received: 2" in err
    status, _, err = dlseq_command("dates", "3 May 1979", "--plot", tmp_path / "missing" / "map.html")
    assert status == 2 and "does not exist" in err


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
        (["dates", "3 May 1979", "--plot", "map.jpg"], "ends in .png, .svg, .pdf or .html"),
        (["dates", "3 May 1979", "--plot", "missing/map.png"], "the folder missing does not exist"),
        (["dates", "3 May 1979", "4 May 1979", "--plot", "map.png"], "page for several. Received: 2"),
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


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x1c", "\x0b", "\x0c", "\r\r"])
def test_one_line_of_standard_input_is_one_date(dlseq_command, separator):
    """`str.splitlines` made two dates of one line with U+2028, U+0085 or U+001C, and an empty line of a form feed."""
    status, out, _ = dlseq_command("dates", stdin=f"20 July{separator}1969\n20 July 1969{separator}\r\n")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == ["1969-07-20"] * 2


def test_a_byte_order_mark_is_no_part_of_the_first_date(dlseq_command):
    _, out, _ = dlseq_command("dates", "--json", stdin=b"\xef\xbb\xbf3 May 1979")
    assert json.loads(out)["text"] == "3 May 1979"


def test_bytes_that_are_not_utf8_are_named_with_their_line(dlseq_command):
    """A byte of Latin-1 was read as a letter, and 21 ao\xfbt became October."""
    status, _, err = dlseq_command("dates", stdin=b"3 May 1979\n21 ao\xfbt 2016\n")
    assert status == 2
    assert "Invalid line 2 of standard input. Expected UTF-8. Received: the byte 0xfb" in err
    status, _, err = dlseq_command("dates", b"21 ao\xfbt 2016".decode("utf-8", "surrogateescape"))
    assert status == 2
    assert "Invalid text 1. Expected UTF-8. Received: the byte 0xfb" in err


@pytest.mark.parametrize("arguments", [["21 août 2016"], ["21 août 2016", "--json"]])
def test_an_ascii_terminal_gets_escapes(dlseq_command, monkeypatch, arguments):
    """With PYTHONIOENCODING=ascii, printing the text ended with a UnicodeEncodeError."""
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    status, _, _ = dlseq_command("dates", *arguments)
    terminal.flush()
    out = terminal.buffer.getvalue().decode("ascii")
    assert (status, out.count("\n")) == (0, 1)
    assert "2016-08-21" in out
    if "--json" in arguments:
        assert json.loads(out)["text"] == arguments[0]


TABLE = """id;date;note
1;3 May 1979;"a;b"
2;;none
3;sometime soon;
4;3 May 1979;"two
lines"
5;21 août 2016;ü
"""


def test_the_column_of_a_csv_file_is_converted(dlseq_command, tmp_path):
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text(TABLE, encoding="utf-8-sig")
    status, printed, _ = dlseq_command("dates", "--csv", table, "--out", out)
    assert status == 0
    assert "3 of 5 dates; 1 left out, below 50.0%; 1 empty fields" in printed
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [row["date_iso"] for row in rows] == ["1979-05-03", "", "", "1979-05-03", "2016-08-21"]
    assert [row["note"] for row in rows] == ["a;b", "none", "", "two\nlines", "ü"]
    assert [row["date_probability"] == "" for row in rows] == [False, True, False, False, False]
    assert float(rows[2]["date_probability"]) < 0.5 < float(rows[0]["date_probability"])


def test_a_csv_file_can_be_converted_in_place(dlseq_command, tmp_path):
    table = tmp_path / "in.csv"
    table.write_text("born\n3 May 1979\n", encoding="utf-8")
    assert dlseq_command("dates", "--csv", table, "--column", "born", "--out", table)[0] == 0
    assert table.read_text(encoding="utf-8").startswith(
        "born,born_iso,born_probability,born_second\n3 May 1979,1979-05-03,"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"id,day\n1,3 May 1979\n", [], "line 1: Expected a header with the column 'date'. Received: 'id,day'"),
        (b"", [], "line 1: Expected a header with the column 'date'"),
        (b"id,date\n1,3 May 1979\n2,3 May, 1979\n", [], "line 3: Expected 2 fields, as in the header. Received: 3"),
        (b"date\n3 May 1979\n21 ao\xfbt 2016\n", [], "line 3: Expected UTF-8. Received: the byte 0xfb"),
        (b'date\n"3 May 1979\n', [], "line 2: Expected CSV"),
        (b"date\n3 May 1979\n", ["--json"], "Expected --csv without --json"),
        (b"date\n3 May 1979\n", ["4 May 1979"], "Expected --csv without TEXT"),
    ],
)
def test_a_csv_file_that_cannot_be_read_is_named(dlseq_command, tmp_path, content, options, message):
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_bytes(content)
    status, _, err = dlseq_command("dates", *options, "--csv", table, "--out", out)
    assert (status, out.exists()) == (2, False)
    assert message in " ".join(err.split())


@pytest.mark.parametrize(
    "options", [["--csv", "in.csv"], ["--out", "out.csv"], ["--csv", "in.csv", "--out", "no/out.csv"]]
)
def test_a_csv_file_needs_a_file_to_write(dlseq_command, options):
    status, _, err = dlseq_command("dates", *options)
    assert status == 2
    assert "Traceback" not in err


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
