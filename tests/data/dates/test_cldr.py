"""CLDR patterns: the same texts as Babel, lengths and locale names."""

import datetime

import pytest
from babel.dates import format_date

from dlseq.data.dates.cldr import compile_pattern, locale_name
from dlseq.data.dates.presets import WORLD_LOCALES
from dlseq.errors import DataError

# Every day of one year, leap day and year ends of others, and both ends of the range.
DAYS = [datetime.date(2016, 1, 1) + datetime.timedelta(days=step) for step in range(0, 366, 5)]
DAYS += [datetime.date(*day) for day in [(1500, 1, 1), (1600, 2, 29), (2014, 12, 29), (2010, 1, 3), (2100, 12, 31)]]


@pytest.mark.parametrize("form", ["short", "medium", "long", "full", "d MM yy", "dd/M/y", "ccc LLLL d G yyyy"])
def test_render_equals_babel(form):
    for locale in ("en_US", *WORLD_LOCALES):
        pattern = compile_pattern(form, locale)
        for day in DAYS:
            assert pattern.render(day) == format_date(day, form, locale=locale), (locale, day)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (
            "MMMM ddd",
            ["July 1st", "July 2nd", "July 3rd", "July 11th", "July 12th", "July 13th", "July 22nd", "July 31st"],
        ),
        (
            "MMMM dddd",
            ["July 1th", "July 2th", "July 3th", "July 11th", "July 12th", "July 13th", "July 22th", "July 31th"],
        ),
    ],
)
def test_ordinals_right_and_wrong(pattern, text):
    compiled = compile_pattern(f"{pattern} y", "en_US")
    days = (1, 2, 3, 11, 12, 13, 22, 31)
    assert [compiled.render(datetime.date(1969, 7, day)) for day in days] == [f"{start} 1969" for start in text]


def test_quoted_literals_may_contain_pattern_letters():
    pattern = compile_pattern("d 'de' MMMM 'del' y", "es_ES")
    assert pattern.render(datetime.date(1564, 4, 23)) == "23 de abril del 1564"


@pytest.mark.parametrize("pattern", ["d MMM Y", "w y", "QQQ y", "D y"])
def test_other_fields_than_calendar_fields_are_refused(pattern):
    with pytest.raises(DataError, match="Expected only calendar fields"):
        compile_pattern(pattern, "en_US")


@pytest.mark.parametrize("locale", WORLD_LOCALES)
def test_max_length_is_reached_and_not_exceeded(locale):
    days = [datetime.date(2000, 1, 1) + datetime.timedelta(days=step) for step in range(366 * 7)]
    pattern = compile_pattern("full", locale)
    assert max(len(pattern.render(day)) for day in days) == pattern.max_length


@pytest.mark.parametrize(
    ("name", "spelled"), [("fr_FR", "fr_FR"), ("pt-br", "pt_BR"), (" AR ", "ar"), ("zh-hant-tw", "zh_Hant_TW")]
)
def test_locale_names_are_normalized(name, spelled):
    assert locale_name(name) == spelled


@pytest.mark.parametrize("name", ["klingon", "", "xx_YY", "en_US_POSIX_x_y_z", "root", "fr FR", "../en", None])
def test_an_unknown_locale_is_refused_with_examples(name):
    with pytest.raises(DataError, match=r"Unknown locale .*\. Expected one of Babel's, such as [a-z]{2}"):
        locale_name(name)


def test_an_unknown_locale_suggests_similar_ones():
    with pytest.raises(DataError, match="sv_SE"):
        locale_name("sv_SX")
