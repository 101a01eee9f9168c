"""CSV files that name a file and a label in each row, such as `file,caption`."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from dlseq.errors import DataError
from dlseq.files import atomic_write, read_csv_rows

__all__ = ["read_labeled_files", "write_labeled_files"]


def read_labeled_files(path: str | os.PathLike, column: str, noun: str) -> list[tuple[Path, str]]:
    """Read a CSV file of files with labels: UTF-8, header `file,<column>`, RFC 4180 quoting.

    Blank lines and repeated rows are skipped. The files are not opened.

    Args:
        path: the CSV file. The names in it are relative to its folder.
        column: header of the second column, such as "caption".
        noun: of a file, with its article, for the messages: "a picture".

    Returns:
        Path and label of each row, spaces joined.

    Raises:
        DataError: the file cannot be read, has another header or no rows; or a row is badly quoted, has not two
            columns, an empty cell, or a file that does not exist. The message names the line.
    """
    path = Path(path)
    header = ["file", column]
    rows = read_csv_rows(path, f"a CSV file with the columns {','.join(header)}")
    if not rows or rows[0][1] != header:
        received = f"{','.join(rows[0][1])!r:.60}" if rows else "an empty file"
        raise DataError(f"{path}, line 1: Expected the header '{','.join(header)}'. Received: {received}.")
    found = dict.fromkeys(_checked(path, line, row, column, noun) for line, row in rows[1:])
    if not found:
        raise DataError(f"{path}: Expected rows below the header. Received: none. Add one row for each {column}.")
    return list(found)


def _checked(path, line, row, column, noun):
    """Return the file and the label of a row, or raise a DataError."""
    if len(row) != 2:
        raise DataError(
            f"{path}, line {line}: Expected 2 columns (file,{column}). Received: {len(row)}. "
            "Quote a text that contains a comma."
        )
    article = "an" if column[0] in "aeiou" else "a"
    name, label = row[0].strip(), " ".join(row[1].split())
    for value, kind in ((name, f"the name of {noun}"), (label, f"{article} {column}")):
        if not value:
            raise DataError(f"{path}, line {line}: Expected {kind}. Received: an empty cell.")
    file = path.parent / name
    try:
        is_there = file.is_file()
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        raise DataError(
            f"{path}, line {line}: Expected {noun} in the folder {path.parent}. Received: {name!r:.80}, which is "
            "not there."
        )
    return file, label


def write_labeled_files(path: str | os.PathLike, column: str, rows: Sequence[tuple[str, str]]) -> Path:
    """Write a CSV file with the columns `file,<column>`, as a whole or not at all.

    Returns:
        The path.
    """
    with atomic_write(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([["file", column], *rows])
    return Path(path)
