"""Dates in a column of a CSV file, converted into new columns."""

import csv
import dataclasses
import io
import os
from collections.abc import Iterator, Sequence

from dlseq.data.dates.reading.characters import visible_text
from dlseq.errors import DataError
from dlseq.files import atomic_write, read_utf8
from dlseq.tasks.dates.normalization import MAX_TEXT_LENGTH, DateNormalizer

__all__ = ["DateTable", "TableCounts", "convert_table", "read_table"]

DELIMITERS = ",;\t"
NEW_COLUMNS = ("iso", "probability", "second")  # behind the name of the column and an underscore
CHUNK_ROWS = 5_000


@dataclasses.dataclass(frozen=True)
class DateTable:
    """Table of a CSV file with a column of dates.

    Args:
        header: Names of the columns.
        rows: Rows without the header, each as long as it.
        index: Position of the column of dates.
        delimiter: Delimiter of the file: a comma, a semicolon or a tab.
    """

    header: list[str]
    rows: list[list[str]]
    index: int
    delimiter: str


@dataclasses.dataclass(frozen=True)
class TableCounts:
    """Numbers of rows of a converted table by outcome."""

    converted: int
    refused: int
    empty: int


def read_table(path: str | os.PathLike, column: str) -> DateTable:
    """Read a CSV file in UTF-8 with a header. The delimiter is the one with which the header has the column.

    Raises:
        DataError: The file cannot be read, is not UTF-8, is badly quoted, has no such column, or a row has another
            number of fields than the header. The message names the line.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "born.csv"
        >>> _ = path.write_text("name;date\\nAda;10 December 1815\\n", encoding="utf-8")
        >>> read_table(path, "date")
        DateTable(header=['name', 'date'], rows=[['Ada', '10 December 1815']], index=1, delimiter=';')
    """
    text = read_utf8(path, "a CSV file")
    for delimiter in DELIMITERS:
        lines = _numbered_rows(path, text, delimiter)
        _, header = next(lines, (1, []))
        if column in header:
            break
    else:
        header = next(_numbered_rows(path, text, DELIMITERS[0]), (1, []))[1]
        raise DataError(
            f"{path}, line 1: Expected a header with the column {column!r}. Received: {','.join(header)[:80]!r}. "
            "Name the column of the dates."
        )
    rows = []
    for line, row in lines:
        if row and len(row) != len(header):
            raise DataError(
                f"{path}, line {line}: Expected {len(header)} fields, as in the header. Received: {len(row)}. "
                f"Quote a field that contains {delimiter!r}."
            )
        rows += [row] if row else []
    return DateTable(header, rows, header.index(column), delimiter)


def convert_table(
    normalizer: DateNormalizer,
    table: DateTable,
    out: str | os.PathLike,
    *,
    min_confidence: float,
    **read_options,
) -> Iterator[TableCounts]:
    """Write a table with the dates of its column as new columns, in one atomic write.

    The columns `<column>_iso`, `<column>_probability` and `<column>_second` follow the others. A row that cannot be
    read with the confidence asked for has no ISO date; an empty field has none of the three.

    Args:
        normalizer: Model that reads the dates. Equal texts are read once.
        table: Table to convert.
        out: CSV file to write, in UTF-8 with the delimiter of the table.
        min_confidence: Least probability of a date that is written.
        **read_options: Further arguments of `DateNormalizer.read`.

    Yields:
        The counts so far after each chunk of rows. The file is complete when the generator ends.
    """
    name = table.header[table.index]
    counts, known = TableCounts(0, 0, 0), {}
    yield counts
    with atomic_write(out) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=table.delimiter, lineterminator="\n")
        writer.writerow([*table.header, *(f"{name}_{new}" for new in NEW_COLUMNS)])
        for first in range(0, len(table.rows), CHUNK_ROWS):
            rows = table.rows[first : first + CHUNK_ROWS]
            _read_new(normalizer, [row[table.index] for row in rows], known, read_options)
            for row in rows:
                reading = known[row[table.index]]
                cells, outcome = _cells(reading, min_confidence)
                counts = dataclasses.replace(counts, **{outcome: getattr(counts, outcome) + 1})
                writer.writerow([*row, *cells])
            yield counts


def _read_new(normalizer, texts: Sequence[str], known: dict, read_options) -> None:
    """Read the texts that are not known yet. An empty one is known as None, an overlong one as no reading."""
    new = []
    for text in dict.fromkeys(texts):
        visible = visible_text(text)
        if text in known:
            continue
        known[text] = None if not visible else ()
        if visible and len(visible) <= MAX_TEXT_LENGTH:
            new.append(text)
    for text, reading in zip(new, normalizer.read(new, **read_options), strict=True):
        known[text] = (reading.iso, reading.probability, reading.second[0] if reading.second else "")


def _cells(reading, min_confidence):
    """Return the new fields of a row, and its outcome."""
    if reading is None:
        return ("", "", ""), "empty"
    if not reading:
        return ("", "0.0000", ""), "refused"
    iso, probability, second = reading
    is_converted = probability >= min_confidence
    cells = (iso if is_converted else "", f"{probability:.4f}", second)
    return cells, "converted" if is_converted else "refused"


def _numbered_rows(path, text, delimiter):
    """Yield rows with the number of their first line; blank lines are empty rows."""
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(
                f"{path}, line {line}: Expected CSV. Received: {error}. Check the quotation marks."
            ) from error
        yield line, row
        line = reader.line_num + 1
