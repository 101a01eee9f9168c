"""Date pairs from a CSV file with the columns `text` and `iso`."""

import datetime
import os
import re
from collections.abc import Sequence

from dlseq.data.dates.pairs import SPLITS, DatePair, hash32
from dlseq.errors import DataError
from dlseq.files import read_csv_rows

__all__ = ["read_date_csv", "split_by_date"]

HEADER = ["text", "iso"]
MIN_DATES = 10
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_date_csv(path: str | os.PathLike) -> list[DatePair]:
    """Read date pairs from a CSV file: UTF-8 (with or without a byte-order mark), header `text,iso`, RFC 4180 quoting.

    Blank lines are skipped. Repeated rows are kept.

    Args:
        path: the file.

    Returns:
        A `DatePair` for each row, in order, with the form "csv" and the locale "".

    Raises:
        DataError: the file cannot be read, has another header or no rows; or a row is invalid: not UTF-8, badly quoted,
            not two columns, an empty text, an `iso` that is not a date written YYYY-MM-DD, or a text with another date
            in an earlier row. The message names the line.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "mine.csv"
        >>> _ = path.write_text('text,iso\\n"23 April, 1564",1564-04-23\\n', encoding="utf-8")
        >>> read_date_csv(path)
        [DatePair(text='23 April, 1564', iso='1564-04-23', form='csv', locale='')]
    """
    rows = read_csv_rows(path, "a CSV file with the columns text,iso")
    if not rows or rows[0][1] != HEADER:
        received = f"{','.join(rows[0][1])!r}" if rows else "an empty file"
        raise DataError(f"{path}, line 1: Expected the header 'text,iso'. Received: {received}")
    if len(rows) == 1:
        raise DataError(f"{path}: Expected rows below the header. Received: none. Add one row for each pair text,iso.")

    pairs, first_seen = [], {}
    for line, row in rows[1:]:
        text, iso = _check_row(path, line, row)
        earlier_line, earlier_iso = first_seen.setdefault(text, (line, iso))
        if iso != earlier_iso:
            raise DataError(
                f"{path}, line {line}: Expected one date for each text. Received: {iso} for {text!r}, "
                f"which has {earlier_iso} on line {earlier_line}. Correct or remove one of them."
            )
        pairs.append(DatePair(text, iso, "csv", ""))
    return pairs


def split_by_date(pairs: Sequence[DatePair]) -> tuple[list[DatePair], list[DatePair], list[DatePair]]:
    """Split pairs by date into train, validation and test, about 8 : 1 : 1; no date is in two of them.

    `split_for_date` could leave a small file without a test date. Here the dates of the pairs are
    split by the rank of their hash, which depends on the dates alone.

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
    if len(dates) < MIN_DATES:
        raise DataError(
            f"Expected at least {MIN_DATES} different dates for three splits. Received: {len(dates)}. Add rows."
        )
    tenth = len(dates) // 10
    held_out = dict.fromkeys(dates[:tenth], "test") | dict.fromkeys(dates[tenth : 2 * tenth], "validation")
    parts = {split: [] for split in SPLITS}
    for pair in pairs:
        parts[held_out.get(pair.iso, "train")].append(pair)
    return parts["train"], parts["validation"], parts["test"]


def _check_row(path: str | os.PathLike, line: int, row: list[str]) -> tuple[str, str]:
    """Return the text and the ISO date of a row, or raise a DataError."""
    if len(row) != len(HEADER):
        raise DataError(
            f"{path}, line {line}: Expected 2 columns (text,iso). Received: {len(row)}. "
            "Quote a text that contains a comma."
        )
    text, iso = row
    if not text.strip():
        raise DataError(f"{path}, line {line}: Expected a text. Received: an empty one. Fill in or remove the row.")
    try:
        if not ISO_DATE.fullmatch(iso):
            raise ValueError("not written YYYY-MM-DD")
        datetime.date.fromisoformat(iso)
    except ValueError as error:
        raise DataError(
            f"{path}, line {line}: Expected a date written YYYY-MM-DD in column iso. Received: {iso!r} ({error})"
        ) from error
    return text, iso
