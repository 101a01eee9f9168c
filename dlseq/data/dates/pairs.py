"""Date pairs, a written date with its ISO date, and the split of each day."""

import datetime
from typing import NamedTuple

__all__ = ["SPLITS", "DatePair", "split_for_date"]

SPLITS = ("train", "validation", "test")


class DatePair(NamedTuple):
    """A written date and its ISO date.

    Args:
        text: the date as written, such as "July 20th 1969".
        iso: the date as YYYY-MM-DD.
        form: the name of the written form: a CLDR pattern, one of "short", "medium", "long", "full", or "iso"; "csv"
            for a row of a file.
        locale: such as "en_US"; "" for ISO dates and for rows of a file.
    """

    text: str
    iso: str
    form: str
    locale: str


def split_for_date(day: datetime.date) -> str:
    """Return the split of a day: 80 % train, 10 % validation, 10 % test.

    It depends only on the day, by a fixed integer hash, so that no day is in two splits in any form, whatever the
    seed, the preset or the machine.

    Example:
        >>> split_for_date(datetime.date(1969, 7, 20)), split_for_date(datetime.date(1564, 4, 23))
        ('train', 'train')
    """
    bucket = hash32(day.toordinal()) % 10
    return SPLITS[max(bucket - 7, 0)]


def hash32(number):
    """Hash 32-bit integers by two rounds of xor-shift and multiply; takes an integer or a `uint64` array."""
    number = ((number ^ (number >> 16)) * 0x7FEB352D) & 0xFFFFFFFF
    number = ((number ^ (number >> 15)) * 0x846CA68B) & 0xFFFFFFFF
    return number ^ (number >> 16)
