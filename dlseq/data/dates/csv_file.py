"""Date pairs from a file of one's own: CSV with the columns `text` and `iso`."""

import csv
import datetime
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

from dlseq.data.dates.pairs import SPLITS, DatePair, hash32
from dlseq.errors import DataError

__all__ = ["read_date_csv", "split_by_date"]

HEADER = ["text", "iso"]
FEWEST_DATES = 10
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_date_csv(path: str | os.PathLike) -> list[DatePair]:
    """Reads the pairs of a CSV file: UTF-8 (a byte-order mark is fine), header `text,iso`, quoting as in RFC 4180.

    Blank lines are passed over. A row that occurs twice is kept twice.

    Args:
        path: the file.

    Returns:
        A `DatePair` for each row, in order, with the form "csv" and the locale "".

    Raises:
        DataError: the file cannot be read, has another header or no rows; or a row cannot serve: not UTF-8, badly
            quoted, another number of columns than two, an empty text, an `iso` that is no date written YYYY-MM-DD,
            or a text that an earlier row answers in another way. The message names the line.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "mine.csv"
        >>> _ = path.write_text('text,iso\\n"23 April, 1564",1564-04-23\\n', encoding="utf-8")
        >>> read_date_csv(path)
        [DatePair(text='23 April, 1564', iso='1564-04-23', form='csv', locale='')]
    """
    rows = numbered_rows(path)
    if not rows or rows[0][1] != HEADER:
        received = f"{','.join(rows[0][1])!r}" if rows else "an empty file"
        raise DataError(f"{path}: expected the header 'text,iso' on line 1, received {received}")
    if len(rows) == 1:
        raise DataError(f"{path}: expected rows below the header, found none; add one row for each pair text,iso")

    pairs, first_seen = [], {}
    for line, row in rows[1:]:
        text, iso = checked(path, line, row)
        earlier_line, earlier_iso = first_seen.setdefault(text, (line, iso))
        if iso != earlier_iso:
            raise DataError(
                f"{path}, line {line}: {text!r} is labelled {iso} here and {earlier_iso} on line {earlier_line}; "
                "a text can have one answer only, so correct or remove one of them"
            )
        pairs.append(DatePair(text, iso, "csv", ""))
    return pairs


def split_by_date(pairs: Sequence[DatePair]) -> tuple[list[DatePair], list[DatePair], list[DatePair]]:
    """Deals pairs into train, validation and test, about 8 : 1 : 1, so that no date is in two of them.

    `split_for_date` could leave a small file without a test date. Here the file's own dates are dealt, in an order
    that depends on the dates alone.

    Args:
        pairs: with at least 10 different dates.

    Returns:
        The three lists, each in the order of `pairs`.

    Raises:
        DataError: there are fewer than 10 different dates.

    Example:
        >>> pairs = [DatePair(f"day {day}", f"1969-07-{day:02d}", "csv", "") for day in range(1, 31)]
        >>> [len(part) for part in split_by_date(pairs)]
        [24, 3, 3]
    """
    dates = sorted(
        {pair.iso for pair in pairs}, key=lambda iso: (hash32(datetime.date.fromisoformat(iso).toordinal()), iso)
    )
    if len(dates) < FEWEST_DATES:
        raise DataError(
            f"expected at least {FEWEST_DATES} different dates, to hold some out, received {len(dates)}; add rows"
        )
    tenth = len(dates) // 10
    held_out = dict.fromkeys(dates[:tenth], "test") | dict.fromkeys(dates[tenth : 2 * tenth], "validation")
    parts = {split: [] for split in SPLITS}
    for pair in pairs:
        parts[held_out.get(pair.iso, "train")].append(pair)
    return parts["train"], parts["validation"], parts["test"]


def numbered_rows(path: str | os.PathLike) -> list[tuple[int, list[str]]]:
    """Reads the rows that are not blank, each with the number of the line on which it starts."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}; name a CSV file with the columns text,iso") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}, line {line}: expected UTF-8, received the byte 0x{error.object[error.start]:02x}; "
            "save the file as UTF-8"
        ) from error

    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, line = [], 1
    try:
        for row in reader:
            if row:
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{path}, line {line}: cannot be read as CSV ({error}); check its quotation marks") from error
    return rows


def checked(path: str | os.PathLike, line: int, row: list[str]) -> tuple[str, str]:
    """Gives the text and the ISO date of a row, or says what is wrong with it."""
    if len(row) != len(HEADER):
        raise DataError(
            f"{path}, line {line}: expected 2 columns (text,iso), received {len(row)}; "
            "put a text that has a comma between quotation marks"
        )
    text, iso = row
    if not text.strip():
        raise DataError(f"{path}, line {line}: the text is empty; write a date there or remove the row")
    try:
        if not ISO_DATE.fullmatch(iso):
            raise ValueError("not written YYYY-MM-DD")
        datetime.date.fromisoformat(iso)
    except ValueError as error:
        raise DataError(
            f"{path}, line {line}: expected a date written YYYY-MM-DD in the column iso, received {iso!r} ({error})"
        ) from error
    return text, iso
