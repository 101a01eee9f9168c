"""Reviews from a CSV file with the columns `text` and `stars`."""

import os

from dlseq.data.reviews.generator import Review
from dlseq.errors import DataError
from dlseq.files import read_csv_rows

__all__ = ["read_review_csv", "split_reviews"]

HEADER = ["text", "stars"]
STARS = ("1", "2", "3", "4", "5")
MIN_REVIEWS = 10


def read_review_csv(path: str | os.PathLike) -> list[Review]:
    """Read reviews from a CSV file: UTF-8, header `text,stars`, RFC 4180 quoting.

    Blank lines and repeated rows are skipped.

    Args:
        path: the file.

    Returns:
        A `Review` for each text, in order.

    Raises:
        DataError: the file cannot be read, has another header or no rows; or a row is badly quoted, has not two
            columns, an empty text, other stars than 1 to 5, or other stars than an earlier row with its text. The
            message names the line.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "mine.csv"
        >>> _ = path.write_text('text,stars\\n"Not bad, really.",4\\n', encoding="utf-8")
        >>> read_review_csv(path)
        [Review(text='Not bad, really.', stars=4)]
    """
    rows = read_csv_rows(path, "a CSV file with the columns text,stars")
    if not rows or rows[0][1] != HEADER:
        received = f"{','.join(rows[0][1])!r:.60}" if rows else "an empty file"
        raise DataError(f"{path}, line 1: Expected the header 'text,stars'. Received: {received}.")
    found, lines = {}, {}
    for line, row in rows[1:]:
        text, stars = _check_row(path, line, row)
        if found.setdefault(text, stars) != stars:
            raise DataError(
                f"{path}, line {line}: Expected one number of stars for each text. Received: {stars} for "
                f"{text[:60]!r}, which has {found[text]} on line {lines[text]}. Correct or remove one of them."
            )
        lines.setdefault(text, line)
    if not found:
        raise DataError(
            f"{path}: Expected rows below the header. Received: none. Add one row for each pair text,stars."
        )
    return [Review(text, stars) for text, stars in found.items()]


def split_reviews(reviews: list[Review]) -> tuple[list[Review], list[Review], list[Review]]:
    """Split different reviews into train, validation and test, about 8 : 1 : 1, by position.

    Raises:
        DataError: There are fewer than 10.

    Example:
        >>> [len(part) for part in split_reviews([Review(f"row {row}", 3) for row in range(30)])]
        [24, 3, 3]
    """
    if len(reviews) < MIN_REVIEWS:
        raise DataError(
            f"Expected at least {MIN_REVIEWS} different reviews for three splits. Received: {len(reviews)}. Add rows."
        )
    train = [review for index, review in enumerate(reviews) if index % 10 < 8]
    return train, reviews[8::10], reviews[9::10]


def _check_row(path, line, row):
    """Return the text and the stars of a row, or raise a DataError."""
    if len(row) != len(HEADER):
        raise DataError(
            f"{path}, line {line}: Expected 2 columns (text,stars). Received: {len(row)}. "
            "Quote a text that contains a comma."
        )
    text, stars = row[0].strip(), row[1].strip()
    if not text:
        raise DataError(f"{path}, line {line}: Expected a text. Received: an empty one. Fill in or remove the row.")
    if stars not in STARS:
        raise DataError(f"{path}, line {line}: Expected stars from 1 to 5. Received: {stars!r:.40}.")
    return text, int(stars)
