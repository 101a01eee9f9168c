"""Dates of numbers whose order is open, against `datetime.strptime`."""

import datetime
import itertools

import pytest

from dlseq.data.dates.reading.normalization import normalize_date
from dlseq.data.dates.reading.numeric_order import is_order_open, open_orders, open_separators


@pytest.mark.parametrize("separator", ["/", ".", "-", " ", ", "])
@pytest.mark.parametrize(("first", "order"), [("day", "%d{0}%m{0}"), ("month", "%m{0}%d{0}")])
@pytest.mark.parametrize("year", ["%Y", "%y"])
def test_both_readings_are_those_of_strptime(separator, first, order, year):
    pattern = order.format(separator) + year
    for month, day, number in itertools.product((1, 5, 12), (2, 10, 12), (1969, 2009, 2068)):
        text = datetime.date(number, month, day).strftime(pattern)
        readings = open_orders(normalize_date(text))
        if month == day:
            assert readings is None
            continue
        assert readings[first] == datetime.datetime.strptime(text, pattern).date().isoformat()


@pytest.mark.parametrize(
    "text",
    ["20/4/2009", "4/20/2009", "2009/4/5", "5 may 2009", "5/4", "1/5/4/2009", "5/4.2009", "0/4/2009", "5/4/0000"],
)
def test_other_texts_have_no_open_order(text):
    assert open_orders(normalize_date(text)) is None


def test_a_word_beside_the_numbers_is_ignored():
    assert open_orders(normalize_date("Sunday 5/4/2009"))["day"] == "2009-04-05"


DAYS = [datetime.date(2009, month, day) for month, day in itertools.permutations(range(1, 13), 2)]


def dates(*patterns):
    """The days in each of the patterns, normalized, with their ISO dates."""
    return [(normalize_date(day.strftime(pattern)), day.isoformat()) for pattern in patterns for day in DAYS]


@pytest.mark.parametrize(
    ("patterns", "separators"),
    [
        (["%d/%m/%Y"], []),
        (["%m/%d/%Y", "%d.%m.%Y"], []),
        (["%d/%m/%Y", "%m-%d-%Y"], []),
        (["%d/%m/%Y", "%m/%d/%Y"], ["/"]),
        (["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%y", "%d.%m.%Y"], ["-", "/"]),
        (["%d/%m/%Y", "%m/%d/%y"], []),
        (["%d/%m/%Y"] * 9 + ["%m/%d/%Y"], []),
        (["%Y-%m-%d", "%d %B %Y"], []),
    ],
)
def test_an_order_is_open_where_the_data_have_either(patterns, separators):
    assert open_separators(dates(*patterns)) == separators


def test_only_two_numbers_between_an_open_separator_are_open():
    for text, _ in dates("%d/%m/%Y", "%d-%m-%Y", "%d-%m-%y"):
        assert is_order_open(text, ["/", "-"])
        assert not is_order_open(text, ["."]) and not is_order_open(text, [])
    for text in ("5/4/09", "4/4/2009", "20/4/2009", "2009/5/4", "5 may 2009", "5/4-2009"):
        assert not is_order_open(text, ["/", "-", ", "])
