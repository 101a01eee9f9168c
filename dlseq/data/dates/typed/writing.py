"""Writing of field values in date patterns, also of values that no date has, such as day 31 of April."""

import datetime
from typing import NamedTuple

from dlseq.data.dates.cldr import FOUR_DIGIT_YEARS, TWO_DIGIT_YEARS, DatePattern, Part, ordinal

__all__ = ["Fields", "is_number", "write", "write_parts", "written_days"]

MODEL_DAY = 24  # its text shows how a pattern writes days above 31: a 24th becomes a 37th


class Fields(NamedTuple):
    """Values of the fields of a text, which need not be those of a date."""

    year: int
    month: int
    day: int
    weekday: int = 0

    @classmethod
    def of(cls, day: datetime.date) -> "Fields":
        """Return the fields of a day."""
        return cls(day.year, day.month, day.day, day.weekday())

    @property
    def iso(self) -> str:
        """The fields in the order of ISO dates.

        Example:
            >>> Fields(2019, 4, 31).iso
            '2019-04-31'
        """
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


def write(pattern: DatePattern, fields: Fields, year_text: str | None = None) -> str | None:
    """Write fields in a pattern.

    Args:
        pattern: The pattern.
        fields: The values; a day or a month may be beyond the calendar.
        year_text: Text of a year with four digits, such as "762". Defaults to `None`, four digits.

    Returns:
        The text, or `None` where the pattern has no text for a value: a thirteenth month with a name.

    Example:
        >>> from dlseq.data.dates.cldr import compile_pattern
        >>> write(compile_pattern("ddd MMMM y", "en_US"), Fields(762, 4, 33))
        '33rd April 0762'
    """
    texts = write_parts(pattern, fields, year_text)
    return None if None in texts else "".join(texts)


def write_parts(pattern: DatePattern, fields: Fields, year_text: str | None = None) -> list[str | None]:
    """Return the text of each part of a pattern, `None` for a value that the part cannot write."""
    values = {"year": fields.year, "month": fields.month, "day": fields.day, "weekday": fields.weekday, "": 0}
    return [_part_text(part, values[part.field], year_text) for part in pattern.parts]


def _part_text(part: Part, value: int, year_text: str | None) -> str | None:
    if part.field == "year":
        if part.texts is FOUR_DIGIT_YEARS:
            return year_text or f"{value:04d}"
        return f"{value % 100:02d}" if part.texts is TWO_DIGIT_YEARS else part.texts[value]
    if 0 < value < len(part.texts) or part.field in ("", "weekday"):
        return part.texts[value]
    if part.field == "month":
        return f"{value:02d}" if is_number(part) else None
    if part.texts[1] == "1st":
        return ordinal(value)
    model = part.texts[MODEL_DAY]
    return model.replace(str(MODEL_DAY), str(value)) if str(MODEL_DAY) in model else None


def is_number(part: Part) -> bool:
    """Return True if a month is written as a number."""
    return part.texts[1] in ("1", "01")


def written_days(pattern: DatePattern, texts: tuple[str, ...]) -> DatePattern:
    """Return a pattern with other texts of the days 1 to 31, such as "1er".

    Example:
        >>> from dlseq.data.dates.cldr import compile_pattern
        >>> first = written_days(compile_pattern("d MMMM", "fr_FR"), ("1er", *map(str, range(2, 32))))
        >>> write(first, Fields(2019, 1, 1))
        '1er janvier'
    """
    return with_texts(pattern, "day", texts)


def with_texts(pattern: DatePattern, field: str, texts: tuple[str, ...]) -> DatePattern:
    """Return a pattern with other texts of one field; weekdays begin with Monday, days and months with 1."""
    table = texts if field == "weekday" else ("", *texts)
    return DatePattern(tuple(Part(field, table) if part.field == field else part for part in pattern.parts))
