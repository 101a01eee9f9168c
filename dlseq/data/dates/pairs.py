"""A date as somebody wrote it beside the date that was meant, and the split to which that date belongs."""

import datetime
from typing import NamedTuple

__all__ = ["SPLITS", "DatePair", "split_for_date"]

SPLITS = ("train", "validation", "test")


class DatePair(NamedTuple):
    """One example.

    Args:
        text: the date as written, such as "July 20th 1969".
        iso: the same day as YYYY-MM-DD.
        form: the name of the written form: a CLDR pattern, one of "short", "medium", "long", "full", or "iso"; "csv"
            for a row of a file.
        locale: such as "en_US"; "" for ISO dates and for rows of a file.
    """

    text: str
    iso: str
    form: str
    locale: str


def split_for_date(day: datetime.date) -> str:
    """Says to which split a day belongs: 80 % train, 10 % validation, 10 % test.

    The answer hangs on the day alone, through an integer hash that is part of the data's definition, so no date of
    one split is in another in any form, whatever the seed, the preset or the machine.

    Example:
        >>> split_for_date(datetime.date(1969, 7, 20)), split_for_date(datetime.date(1564, 4, 23))
        ('train', 'train')
    """
    tenth = hash32(day.toordinal()) % 10
    return SPLITS[max(tenth - 7, 0)]


def hash32(number):
    """Scrambles 32 bits: xor-shift and multiply, twice. Works on an integer and on a `uint64` array alike."""
    number = ((number ^ (number >> 16)) * 0x7FEB352D) & 0xFFFFFFFF
    number = ((number ^ (number >> 15)) * 0x846CA68B) & 0xFFFFFFFF
    return number ^ (number >> 16)
