"""Files of names: one name a line, or a table with a column of names and one of counts."""

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

from dlseq.data.names.encodings import decode_lines, guess_encoding
from dlseq.errors import DataError

__all__ = ["read_name_file"]

MAX_NAME_CHARACTERS = 100
"""A longer name in a file is an error."""
MAX_CATEGORIES = 3
"""Different values of a column without numbers beside the names, such as F and M."""
DELIMITERS = ("\t", ";", ",")
HEADERS = {"name", "names", "first name", "firstname", "given name", "vorname", "prénom", "prenom", "preusuel", "이름"}
FORMATS = "one name a line, or columns such as name,count or name,sex,count"


def read_name_file(path: Path) -> Counter:
    """Read the names of a file and count them.

    A file has one name a line, perhaps in double quotes, and a name on several lines is counted as often. Or each line
    has the same columns, separated by tabs, semicolons or commas:

    - the column of names is the one with a header such as `name`, else the column without numbers that has the most
      different values;
    - the last column of whole numbers has the counts; those of equal names are added up, and a count of 0 is no name;
    - without a column of numbers, each line counts once, and the other columns must be categories such as F and M.

    A header line, blank lines and a byte-order mark are skipped.

    Args:
        path: file in UTF-8.

    Returns:
        The counts by name, as spelled in the file.

    Raises:
        DataError: the file cannot be read, is not UTF-8, has no names or has an invalid line.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}. Expected a text file with {FORMATS}.") from error
    lines = [(number, line) for number, line in enumerate(_lines(path, content), start=1) if line.strip()]
    delimiter = _delimiter([line for _, line in lines])
    counts = _count_rows(path, lines, delimiter) if delimiter else _count_lines(path, lines)
    if not counts:
        raise DataError(f"{path}: Expected {FORMATS}. Received: no names.")
    return counts


def _lines(path, content):
    encoding, lines = guess_encoding(content), decode_lines(content)
    bad = 1 if encoding == "UTF-16" else next((n for n, line in enumerate(lines, start=1) if line is None), None)
    if bad is None:
        return lines
    received, command = "other bytes", ""
    if encoding:
        received, command = f"{encoding}, it seems", f", or run: iconv -f {encoding} -t UTF-8 {Path(path).name}"
    raise DataError(f"{path}, line {bad}: Expected UTF-8. Received: {received}. Save the file as UTF-8{command}.")


def _delimiter(lines):
    """Return the delimiter of a table, or `None` if lines are names: "Lovelace, Ada" is a name, "Ada,F" a row."""
    for delimiter in DELIMITERS:
        if lines and all(delimiter in line.strip(" ") for line in lines):
            spaced = delimiter == "," and all(", " in line and not re.search(r",\S", line) for line in lines)
            return None if spaced and not any(re.search(r"\d", line) for line in lines) else delimiter
    return None


def _count_lines(path, lines):
    names = [(number, _unquote(line.strip())) for number, line in lines]
    if names and names[0][1].lower() in HEADERS:
        del names[0]
    for number, name in names:
        if re.search(r"[,;]\s*\d+$", name):
            raise DataError(f"{path}, line {number}: Expected {FORMATS} on every line. Received: {name[:60]!r}.")
        _check_name(path, number, name)
    return Counter(name for _, name in names)


def _unquote(text):
    is_quoted = len(text) > 2 and text[0] == text[-1] == '"'
    return text[1:-1].replace('""', '"').strip() if is_quoted else text


def _count_rows(path, lines, delimiter):
    rows = [(number, _fields(path, number, line, delimiter)) for number, line in lines]
    width = len(rows[0][1])
    for number, fields in rows:
        if len(fields) != width:
            raise DataError(
                f"{path}, line {number}: Expected {width} columns, as on the first line. Received: {len(fields)}."
            )
    header = _header(rows)
    rows = rows[header is not None :]
    if not rows:
        return Counter()
    columns = [*zip(*(fields for _, fields in rows), strict=True)]
    name_column, count_column = _name_column(path, columns, header), _count_column(columns)
    counts = Counter()
    for number, fields in rows:
        _check_name(path, number, fields[name_column])
        counts[fields[name_column]] += 1 if count_column is None else int(fields[count_column])
    return +counts  # without counts of 0


def _fields(path, number, line, delimiter):
    try:
        (fields,) = csv.reader([line.strip(" ")], delimiter=delimiter, skipinitialspace=True, strict=True)
    except csv.Error as error:
        raise DataError(f"{path}, line {number}: Expected columns, in double quotes or none. {error}.") from None
    return [field.strip() for field in fields]


def _header(rows):
    """Return the fields of the header line, or `None`: it names the names, or has a word above a column of numbers."""
    first, rest = rows[0][1], [fields for _, fields in rows[1:]]
    named = any(field.lower().replace("_", " ") in HEADERS for field in first)
    numbers = _count_column([*zip(*rest, strict=True)]) if rest else None
    return first if named or (numbers is not None and not _is_count(first[numbers])) else None


def _is_count(text):
    return text.isascii() and text.isdecimal()


def _count_column(columns):
    return next((n for n in reversed(range(len(columns))) if all(map(_is_count, columns[n]))), None)


def _name_column(path, columns, header):
    headed = [n for n, field in enumerate(header or ()) if field.lower().replace("_", " ") in HEADERS]
    kinds = {n: len(set(column)) for n, column in enumerate(columns) if not all(map(_is_count, column))}
    if not kinds:
        raise DataError(f"{path}: Expected {FORMATS}. Received: {len(columns)} columns of numbers.")
    best = headed[0] if headed else max(kinds, key=kinds.get)  # the first of equals
    others = [count for n, count in kinds.items() if n != best]
    if _count_column(columns) is None and max(others, default=0) > MAX_CATEGORIES:
        raise DataError(
            f"{path}: Expected {FORMATS}. Received: {len(columns)} columns of which none has counts. "
            "Keep only the column of the names."
        )
    return best


def _check_name(path, number, name):
    where = f"{path}, line {number}"
    if len(name) > MAX_NAME_CHARACTERS:
        raise DataError(
            f"{where}: Expected one name of at most {MAX_NAME_CHARACTERS} characters. Received: {len(name)}. "
            "Put each name on a line of its own."
        )
    if any(unicodedata.category(character) == "Cc" for character in name):
        raise DataError(
            f"{where}: Expected one name and nothing else. Received: a tab or another control character. "
            "Keep only the column of the names."
        )
