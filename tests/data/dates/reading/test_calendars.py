"""Other calendars: conversion against a table of ICU, doubt where no exact rule is known."""

import csv
import datetime
from pathlib import Path

import pytest

from dlseq.data.dates import date_pairs
from dlseq.data.dates.reading.calendars import persian_to_gregorian
from dlseq.data.dates.reading.normalization import trace_date

with (Path(__file__).parent / "icu_calendars.csv").open(encoding="utf-8") as file:  # made by icu_calendars.js
    ICU = [(row["calendar"], row["text"], datetime.date.fromisoformat(row["iso"])) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("calendar", "rows"), [("persian", 80), ("buddhist", 80), ("japanese", 80), ("roc", 40)])
def test_dates_of_icu_are_converted(calendar, rows):
    chosen = [(text, day) for name, text, day in ICU if name == calendar]
    assert len(chosen) == rows
    for text, day in chosen:
        date = trace_date(text)
        assert date.doubt == ""
        if calendar == "persian":
            assert date.text == day.isoformat()
        elif calendar == "buddhist":
            assert date.text.startswith(f"{day.day} ") and date.text.endswith(f" {day.year}")
        else:
            assert date.text.startswith(f"{day.year}年{day.month}月{day.day}日")
        assert all(0 <= position < len(date.shown) for position in date.positions)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("昭和二十七年三月十四日", "1952年3月14日"),
        ("令和元年5月1日", "2019年5月1日"),
        ("㍻28年8月21日", "2016年8月21日"),
        ("H28.8.21", "2016.8.21"),
        ("S27/3/14", "1952/3/14"),
        ("昭27.3.14", "1952.3.14"),
        ("March 14, Showa 27", "march 14, 1952"),
        ("民國105/5/12", "2016/5/12"),
        ("中華民國一百零五年五月十二日", "2016年5月12日"),
        ("31 สิงหาคม พ.ศ. 2557", "31 สิงหาคม 2014"),
        ("31 สิงหาคม ค.ศ. 2014", "31 สิงหาคม 2014"),
        ("๓๑/๑๒/๒๕๕๙", "31/12/2016"),
        ("5 May 2559 B.E.", "5 may 2016"),
        ("단기 4349년 5월 12일", "2016년5월12일"),
        ("서기 2016년 5월 12일", "2016년5월12일"),
        ("西暦2016年8月21日", "2016年8月21日"),
        ("21 أغسطس 2016م", "21 اغسطس 2016"),
        ("۱۳۹۵/۷/۱۵", "2016-10-06"),
        ("15 Mehr 1395", "2016-10-06"),
        ("Mehr 15, 1395", "2016-10-06"),
    ],
)
def test_other_spellings_are_converted(text, normal):
    date = trace_date(text)
    assert (date.text, date.doubt) == (normal, "")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "15 رمضان 1441",
            "18 ذو القعدة 1437 هـ",
            "١٥/٩/١٤٤١",
            "15 Ramadan 1441",
            "5 Recep 1437",
            "1 Muharram 1445 AH",
        ),
        *(
            "15 אלול תשע״ו",
            "17 באב 5776",
            "1 Tishrei 5777",
            "2 Nisan 5771",
            "30 श्रावण 1938 शक",
            "18 brumaire an VIII",
            "5 May 44 BC",
        ),
        *(
            "44 av. J.-C.",
            "15 v. Chr.",
            "民國前3年1月1日",
            "105年5月12日",
            "光緒27年3月14日",
            "农历八月十五",
            "公元前44年3月15日",
        ),
        *(
            "平成40年1月1日",
            "昭和65年1月1日",
            "明治3年5月1日",
            "31 Mehr 1395",
            "30 اسفند 1396",
            "15 مهر",
            "기원전 44년 3월 15일",
        ),
    ],
)
def test_calendars_without_an_exact_rule_are_in_doubt(text):
    assert trace_date(text).doubt == "another calendar"


def test_dates_of_54_locales_are_in_no_doubt():
    for pair in date_pairs(10_000, "world", seed=5):
        date = trace_date(pair.text)
        assert date.doubt == ""
        assert pair.iso[:4] in date.text or pair.iso[2:4] in date.text, "the year is no other one"


@pytest.mark.parametrize(
    ("year", "first_day"),  # the days of Nowruz, published by the University of Tehran
    [
        (1300, "1921-03-21"),
        (1357, "1978-03-21"),
        (1375, "1996-03-20"),
        (1399, "2020-03-20"),
        (1400, "2021-03-21"),
        (1403, "2024-03-20"),
        (1404, "2025-03-21"),
    ],
)
def test_the_solar_hijri_year_begins_at_nowruz(year, first_day):
    assert persian_to_gregorian(year, 1, 1).isoformat() == first_day


def test_solar_hijri_days_follow_each_other_without_gaps():
    days = [
        day
        for year in range(1206, 1501)
        for month in range(1, 13)
        for number in range(1, 32)
        if (day := persian_to_gregorian(year, month, number))
    ]
    assert [day.toordinal() for day in days] == list(range(days[0].toordinal(), days[0].toordinal() + len(days)))
    assert persian_to_gregorian(1395, 12, 30) is not None
    assert persian_to_gregorian(1396, 12, 30) is None
