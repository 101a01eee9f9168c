"""Date pairs from a file: what is read, and which line is named when it cannot be."""

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


def test_quotes_newlines_blank_lines_marks_and_line_ends_are_understood(write):
    content = (
        '\ufefftext,iso\r\n"23 April, 1564",1564-04-23\r\n\r\n"said ""May""\n5 1979",1979-05-05\r\n1969년,1969-01-01'
    )
    assert read_date_csv(write(content)) == [
        DatePair("23 April, 1564", "1564-04-23", "csv", ""),
        DatePair('said "May"\n5 1979', "1979-05-05", "csv", ""),
        DatePair("1969년", "1969-01-01", "csv", ""),
    ]


def test_a_row_that_occurs_twice_is_kept_twice(write):
    assert len(read_date_csv(write("text,iso\nmay 5 1979,1979-05-05\nmay 5 1979,1979-05-05\n"))) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "header 'text,iso' on line 1, received an empty file"),
        ("iso,text\n1979-05-05,may\n", "header 'text,iso' on line 1, received 'iso,text'"),
        ("may 5 1979,1979-05-05\n", "expected the header"),
        ("text,iso\n", "expected rows"),
        ("text,iso\na,1979-05-05\nb\n", "line 3: expected 2 columns .* received 1"),
        ("text,iso\nmay 5, 1979,1979-05-05\n", "line 2: expected 2 columns .* received 3"),
        ("text,iso\n ,1979-05-05\n", "line 2: the text is empty"),
        ("text,iso\na,1979-02-30\n", "line 2: expected a date written YYYY-MM-DD .* '1979-02-30'"),
        ("text,iso\na,1979-5-5\n", "line 2: expected a date written YYYY-MM-DD .* '1979-5-5'"),
        ("text,iso\na,19790505\n", "line 2: expected a date"),
        ("text,iso\na,\n", "line 2: expected a date"),
        ("text,iso\na, 1979-05-05\n", "line 2: expected a date"),
        ("text,iso\na,١٩٧٩-05-05\n", "line 2: expected a date"),
        ('text,iso\n"a\nb",1979-05-05\n"c\nd",1979\n', "line 4: expected a date"),
        ("text,iso\na,1979-05-05\n\nb,1979-05-06\na,1979-05-06\n", "line 5: 'a' .* 1979-05-06 .* 1979-05-05 on line 2"),
        ('text,iso\na,1979-05-05\n"b,1979-05-06\n', "line 3: cannot be read as CSV"),
        ('text,iso\n"a"b,1979-05-05\n', "line 2: cannot be read as CSV"),
        (b"text,iso\na,1979-05-05\nf\xe9vrier,1979-02-05\n", "line 3: expected UTF-8, received the byte 0xe9"),
        (b"\xff\xfet\0e\0x\0t\0", "line 1: expected UTF-8"),
    ],
)
def test_a_file_that_cannot_serve_is_refused_with_the_line(write, content, message):
    with pytest.raises(DataError, match=message) as caught:
        read_date_csv(write(content))
    assert "pairs.csv" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"cannot read .*missing\.csv: No such file"):
        read_date_csv(tmp_path / "missing.csv")
    with pytest.raises(DataError, match="Is a directory"):
        read_date_csv(tmp_path)
