"""Dates of numbers whose order of day and month is open."""

import re

__all__ = ["is_order_open", "open_orders"]

_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})(, |[./ -])(\d{1,2})\2(\d{4}|'?\d{2})(?![\d./-])")
FIRST_POSIX_YEAR = 69  # two digits from 69 on are years of the 20th century


def open_orders(text: str) -> dict[str, str] | None:
    """Return the two readings of a normalized date of numbers, if its day and its month are both at most 12.

    Args:
        text: The normalized date. Words beside the numbers are ignored, other numbers are not.

    Returns:
        The ISO dates with "day" and with "month" first; None if there is no such choice.

    Example:
        >>> open_orders("5/4/09"), open_orders("20/4/09")
        ({'day': '2009-04-05', 'month': '2009-05-04'}, None)
    """
    found = _NUMBERS.search(text)
    if found is None or any(map(str.isdigit, text[: found.start()] + text[found.end() :])):
        return None
    digits = found.group(4).strip("'")
    first, second, year = int(found.group(1)), int(found.group(3)), int(digits)
    if len(digits) == 2:
        year += 1900 if year >= FIRST_POSIX_YEAR else 2000
    if not (1 <= first <= 12 and 1 <= second <= 12 and year):
        return None
    return {"day": f"{year:04d}-{second:02d}-{first:02d}", "month": f"{year:04d}-{first:02d}-{second:02d}"}


def is_order_open(text: str) -> bool:
    """Return True if nothing in a normalized date of numbers says which of two is the day.

    Dots and spaces stand between dates with the day first, and slashes before two digits of the year are the short
    form of en_US, as in the data of the preset `world`.

    Args:
        text: The normalized date.

    Example:
        >>> is_order_open("5/4/2009"), is_order_open("5.4.2009"), is_order_open("5/4/09"), is_order_open("4/4/2009")
        (True, False, False, False)
    """
    both = open_orders(text)
    if both is None or both["day"] == both["month"]:
        return False
    _, separator, _, year = _NUMBERS.search(text).groups()
    return separator in ("/", "-", ", ") and not (separator == "/" and len(year) < 4)
