"""Ambiguous texts: each comes with a date that the text leaves open."""

import datetime
import re
from collections import Counter, defaultdict

import pytest

from dlseq.data.dates import split_for_date
from dlseq.data.dates.ambiguous_texts import AMBIGUITY_KINDS, ambiguous_pairs


@pytest.fixture(scope="module")
def by_kind():
    kinds = defaultdict(list)
    for pair in ambiguous_pairs(4_000, seed=7):
        kinds[pair.form].append(pair)
    return kinds


def day_of(pair):
    return datetime.date.fromisoformat(pair.iso)


def test_kinds_of_ambiguity_have_equal_shares(by_kind):
    assert set(by_kind) == set(AMBIGUITY_KINDS)
    assert max(map(len, by_kind.values())) < 1.4 * min(map(len, by_kind.values()))


def test_the_same_seed_gives_the_same_texts():
    assert ambiguous_pairs(50, seed=1) == ambiguous_pairs(50, seed=1)
    assert ambiguous_pairs(50, seed=1) != ambiguous_pairs(50, seed=2)


def test_days_belong_to_the_split(by_kind):
    assert {split_for_date(day_of(pair)) for pairs in by_kind.values() for pair in pairs} == {"train"}


def test_open_orders_are_day_first_and_month_first(by_kind):
    orders = Counter()
    for pair in by_kind["order open"]:
        first, second, year = map(int, re.split("[/-]", pair.text))
        day = day_of(pair)
        assert year == day.year
        assert {first, second} == {day.day, day.month}
        if day.day != day.month:
            orders["day first" if first == day.day else "month first"] += 1
    assert 0.4 < orders["day first"] / orders.total() < 0.6


def test_a_missing_day_is_any_day(by_kind):
    days = Counter(day_of(pair).day for pair in by_kind["day missing"])
    assert len(days) >= 28
    for pair in by_kind["day missing"]:
        assert str(day_of(pair).year) in pair.text


def test_a_missing_year_is_any_year(by_kind):
    assert len({day_of(pair).year for pair in by_kind["year missing"]}) > 300


def test_impossible_dates_do_not_exist(by_kind):
    for pair in by_kind["impossible"]:
        number = next(int(n) for n in re.findall(r"\d+", pair.text) if len(n) <= 2)
        assert number > 31 or (number > 29 and "February" in pair.text)


def test_texts_without_a_date_are_not_empty(by_kind):
    assert all(pair.text.strip() for pair in by_kind["not a date"])
