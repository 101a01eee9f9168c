"""Date pairs from CSV files, and errors that name the invalid line."""

import pytest

from dlseq.data.dates import DatePair, read_date_csv
from dlseq.errors import DataError


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "pairs.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_quotes_newlines_and_a_byte_order_mark_are_accepted(write):
    content = (
        '\ufefftext,iso\r\n"23 April, 1564",1564-04-23\r\n\r\n"said ""May""\n5 1979",1979-05-05\r\n1969년,1969-01-01'
    )
    assert read_date_csv(write(content)) == [
        DatePair("23 April, 1564", "1564-04-23", "csv", ""),
        DatePair('said "May"\n5 1979', "1979-05-05", "csv", ""),
        DatePair("1969년", "1969-01-01", "csv", ""),
    ]


def test_repeated_rows_are_kept(write):
    assert len(read_date_csv(write("text,iso\nmay 5 1979,1979-05-05\nmay 5 1979,1979-05-05\n"))) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: Expected the header 'text,iso'. Received: an empty file"),
        ("iso,text\n1979-05-05,may\n", "line 1: Expected the header 'text,iso'. Received: 'iso,text'"),
        ("may 5 1979,1979-05-05\n", "Expected the header"),
        ("text,iso\n", "Expected rows"),
        ("text,iso\na,1979-05-05\nb\n", "line 3: Expected 2 columns .* Received: 1"),
        ("text,iso\nmay 5, 1979,1979-05-05\n", "line 2: Expected 2 columns .* Received: 3"),
        ("text,iso\n ,1979-05-05\n", "line 2: Expected a text"),
        ("text,iso\na,1979-02-30\n", "line 2: Expected a date written YYYY-MM-DD .* '1979-02-30'"),
        ("text,iso\na,1979-5-5\n", "line 2: Expected a date written YYYY-MM-DD .* '1979-5-5'"),
        ("text,iso\na,19790505\n", "line 2: Expected a date"),
        ("text,iso\na,\n", "line 2: Expected a date"),
        ("text,iso\na, 1979-05-05\n", "line 2: Expected a date"),
        ("text,iso\na,١٩٧٩-05-05\n", "line 2: Expected a date"),
        ('text,iso\n"a\nb",1979-05-05\n"c\nd",1979\n', "line 4: Expected a date"),
        (
            "text,iso\na,1979-05-05\n\nb,1979-05-06\na,1979-05-06\n",
            "line 5: .* for 'a', which has 1979-05-05 on line 2",
        ),
        ('text,iso\na,1979-05-05\n"b,1979-05-06\n', "line 3: Expected CSV"),
        ('text,iso\n"a"b,1979-05-05\n', "line 2: Expected CSV"),
        (b"text,iso\na,1979-05-05\nf\xe9vrier,1979-02-05\n", "line 3: Expected UTF-8. Received: the byte 0xe9"),
        (b"\xff\xfet\0e\0x\0t\0", "line 1: Expected UTF-8"),
    ],
)
def test_an_invalid_file_is_refused_with_its_line(write, content, message):
    with pytest.raises(DataError, match=message) as caught:
        read_date_csv(write(content))
    assert "pairs.csv" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"Cannot read .*missing\.csv: No such file"):
        read_date_csv(tmp_path / "missing.csv")
    with pytest.raises(DataError, match="Is a directory"):
        read_date_csv(tmp_path)
