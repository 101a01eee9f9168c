"""Doubtful texts: what determines no date, and the targets that teach it."""

import calendar
import collections
import datetime
import re

import pytest

from dlseq.data.dates.typed import DOUBT_KINDS, REFUSAL, doubtful_pairs

LOCALES = ("en_US", "fr_FR", "uk", "ja_JP", "hu")


@pytest.fixture(scope="module")
def by_kind():
    kinds = collections.defaultdict(list)
    for pair in doubtful_pairs(8_000, seed=7, locales=LOCALES):
        kinds[pair.form].append(pair)
    return kinds


def exists(iso):
    try:
        datetime.date.fromisoformat(iso)
    except ValueError:
        return False
    return True


def test_all_kinds_are_drawn(by_kind):
    assert set(by_kind) == set(DOUBT_KINDS)
    assert min(map(len, by_kind.values())) > 300


def test_the_same_seed_gives_the_same_texts():
    assert doubtful_pairs(50, seed=1, locales=LOCALES) == doubtful_pairs(50, seed=1, locales=LOCALES)
    assert doubtful_pairs(50, seed=1, locales=LOCALES) != doubtful_pairs(50, seed=2, locales=LOCALES)


def test_no_target_but_that_of_an_open_order_is_a_date(by_kind):
    for kind, pairs in by_kind.items():
        if kind != "order open":
            assert not any(exists(pair.iso) for pair in pairs), kind


def test_impossible_days_are_copied_in_all_locales(by_kind):
    for pair in by_kind["impossible day"]:
        year, month, day = map(int, pair.iso.split("-"))
        assert 1 <= month <= 12
        assert day == 0 or day > calendar.monthrange(year, month)[1]
        if not re.search("first|thirtieth|ninth", pair.text.lower()):
            assert str(day) in pair.text, pair
    assert {pair.locale for pair in by_kind["impossible day"]} >= set(LOCALES)


def test_both_readings_of_an_open_order_are_drawn_and_neither_half_the_time(by_kind):
    orders = collections.Counter()
    for pair in by_kind["order open"]:
        match = re.fullmatch(r"(\d\d?)[/-](\d\d?)[/-](\d{4})", pair.text)
        if match:
            first, second = map(int, match.groups()[:2])
            assert max(first, second) <= 12
            assert first != second
            read = pair.iso[5:]
            orders[
                {f"{first:02d}-{second:02d}": "month first", f"{second:02d}-{first:02d}": "day first"}.get(read)
            ] += 1
    shares = {order: count / orders.total() for order, count in orders.items()}
    assert shares["month first"] == pytest.approx(0.45, abs=0.06)
    assert shares["day first"] == pytest.approx(0.45, abs=0.06)
    assert shares[None] == pytest.approx(0.1, abs=0.04)


def test_a_missing_field_is_refused_in_all_locales(by_kind):
    pairs = by_kind["field missing"]
    assert {pair.iso for pair in pairs} == {REFUSAL}
    assert {pair.locale for pair in pairs} >= set(LOCALES)
    for pair in pairs:
        assert len(re.findall(r"\d+", pair.text)) <= 2, pair


def test_ranges_have_two_of_a_field(by_kind):
    texts = [pair.text for pair in by_kind["range"]]
    assert any(re.search(r"\d{1,2} ?[-–] ?\d{1,2} \w+ \d{4}", text) for text in texts)
    assert any("年" in text for text in texts)


def test_eight_digits_that_are_no_date_are_refused(by_kind):
    for pair in by_kind["not a date"]:
        if re.fullmatch(r"\d{8}", pair.text):
            assert not exists(f"{pair.text[:4]}-{pair.text[4:6]}-{pair.text[6:]}")
