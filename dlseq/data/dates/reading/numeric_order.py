"""Dates of numbers whose order of day and month is open."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

__all__ = ["is_order_open", "open_orders", "open_separators"]

_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})(, |[./ -])(\d{1,2})\2(\d{4}|'?\d{2})(?![\d./-])")
FIRST_POSIX_YEAR = 69  # two digits from 69 on are years of the 20th century
MIN_ORDER_SHARE = 1 / 4  # of the rarer order; where one order is meant, the other one is an error


def open_orders(text: str) -> dict[str, str] | None:
    """Return the two readings of a normalized date of numbers, if its day and its month are both at most 12.

    Args:
        text: The normalized date. Words beside the numbers are ignored, other numbers are not.

    Returns:
        The ISO dates with "day" and with "month" first; None if there is no such choice.

    Example:
        >>> open_orders("5/4/09"), open_orders("20/4/09"), open_orders("4/4/09")
        ({'day': '2009-04-05', 'month': '2009-05-04'}, None, None)
    """
    found = _NUMBERS.search(text)
    if found is None or any(map(str.isdigit, text[: found.start()] + text[found.end() :])):
        return None
    digits = found.group(4).strip("'")
    first, second, year = int(found.group(1)), int(found.group(3)), int(digits)
    if len(digits) == 2:
        year += 1900 if year >= FIRST_POSIX_YEAR else 2000
    if not (1 <= first <= 12 and 1 <= second <= 12 and first != second and year):
        return None
    return {"day": f"{year:04d}-{second:02d}-{first:02d}", "month": f"{year:04d}-{first:02d}-{second:02d}"}


def open_separators(dates: Iterable[tuple[str, str]]) -> list[str]:
    """Return the separators between which dates of numbers have either order, each in a quarter of the cases at least.

    Args:
        dates: Normalized dates, each with its ISO date.

    Example:
        >>> open_separators([("5/4/2009", "2009-04-05"), ("5.4.2009", "2009-04-05"), ("1/2/2009", "2009-01-02")])
        ['/']
    """
    counts = {"day": Counter(), "month": Counter()}
    for text, iso in dates:
        separator, orders = _separator(text), open_orders(text)
        if separator is not None and orders is not None:
            for order, reading in orders.items():
                counts[order][separator] += reading == iso
    totals = counts["day"] + counts["month"]
    return sorted(
        separator
        for separator, total in totals.items()
        if min(order[separator] for order in counts.values()) >= MIN_ORDER_SHARE * total
    )


def is_order_open(text: str, separators: Collection[str]) -> bool:
    """Return True if nothing in a normalized date of numbers says which of two is the day.

    Args:
        text: The normalized date.
        separators: Those between which the order is open, see `open_separators`.

    Example:
        >>> is_order_open("5/4/2009", ["/"]), is_order_open("5.4.2009", ["/"]), is_order_open("5/4/09", ["/"])
        (True, False, False)
    """
    return _separator(text) in separators and open_orders(text) is not None


def _separator(text: str) -> str | None:
    """Return the separator of a date of numbers; None before two digits of a year behind slashes, as en_US has it."""
    found = _NUMBERS.search(text)
    if found is None or (found.group(2) == "/" and len(found.group(4)) < 4):
        return None
    return found.group(2)
