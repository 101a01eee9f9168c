"""Weekdays in texts against `datetime`."""

import datetime

import pytest

from dlseq.data.dates import date_pairs
from dlseq.data.dates.presets import WORLD_LOCALES
from dlseq.data.dates.reading.weekdays import contradicts_weekday, weekdays_in

PAIRS = [*date_pairs(6_000, "world", seed=6), *date_pairs(1_000, "course", seed=6)]


def test_the_weekday_of_a_right_date_is_no_contradiction():
    assert [pair for pair in PAIRS if contradicts_weekday(pair.text, pair.iso, WORLD_LOCALES)] == []


def test_another_day_contradicts_where_the_text_has_a_weekday():
    named = [pair for pair in PAIRS if pair.form == "full" and not pair.locale.startswith("is")]
    next_days = [datetime.date.fromisoformat(pair.iso) + datetime.timedelta(1) for pair in named]
    found = [
        contradicts_weekday(pair.text, day.isoformat(), WORLD_LOCALES)
        for pair, day in zip(named, next_days, strict=True)
    ]
    assert len(found) > 1000
    assert sum(found) > 0.97 * len(found)


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        *(("Monday, 5 May", 0), ("MON 5 May", 0), ("Thurs. 5 May", 3), ("dimanche 5 mai", 6), ("ЧЕТВЕРГ, 5 мая", 3)),
        *(
            ("2016年8月21日(日)", 6),
            ("2016年8月21日日曜日", 6),
            ("2016年8月21日星期天", 6),
            ("2016년 5월 12일 (목)", 3),
        ),
        *(("Thứ Hai, 5 tháng 5", 0), ("terça-feira, 5 de maio", 1), ("วันอาทิตย์ที่ 21 สิงหาคม", 6)),
    ],
)
def test_weekdays_are_found(text, weekday):
    assert weekdays_in(text, ("en_US", *WORLD_LOCALES)) == [frozenset({weekday})]


@pytest.mark.parametrize("text", ["5 May 2016", "mar. 2016", "21st", "5.4.2009", "2016年8月21日", "sun-dried"])
def test_other_words_are_no_weekdays(text):
    assert weekdays_in(text, ("en_US", *WORLD_LOCALES)) == []
