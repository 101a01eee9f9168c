"""Normalization of typed dates: what is dropped, what is unified, and what stays."""

import unicodedata

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from dlseq.data.dates import date_pairs
from dlseq.data.dates.presets import WORLD_LOCALES
from dlseq.data.dates.reading import normalization
from dlseq.data.dates.reading.normalization import normalize_date, trace_date

PAIRS = date_pairs(3_000, "world", seed=8)


@pytest.mark.parametrize("sign", "\u200b\u200e\u200f\u202a\u202c\u2066\u2069\ufeff\u00ad\u200d\ufe0f\u0000")
def test_a_sign_that_shows_nothing_changes_nothing(sign):
    for text in ("21 August 2016", "24/2/2017", "2016年8月21日", "15. רביעי 2016"):
        for place in range(len(text) + 1):
            assert normalize_date(text[:place] + sign + text[place:]) == normalize_date(text)


@pytest.mark.parametrize(
    ("spellings", "normal"),
    [
        (["2018／9／8", "２０１８/９/８", "2018 / 9 / 8", "2018∕9∕8"], "2018/9/8"),
        (["2018．9．8", "2018・9・8", "2018. 9. 8.", "2018.9.8"], "2018.9.8"),
        (["2009–05–04", "2009‑05‑04", "2009−05−04", "2009—05—04", "2009 - 05 - 04"], "2009-05-04"),
        (
            ["Ｊｕｌｙ 20, 1969", "JULY 20,1969", "July\u00a020 ,\u20091969", "July20,1969", "July 20， 1969"],
            "july 20, 1969",
        ),
        (["20 July ’69", "20 July ‘69", "20 July '69", "20 July ' 69", "20 July ´69"], "20 july '69"),
        (["13NOV2017", "13-Nov-2017", "13/nov/2017", "13_nov_2017", "13 - Nov - 2017"], "13 nov 2017"),
        (["Jan. 5.2014", "Jan.5.2014", "Jan. 5-2014", "jan. 5 2014."], "jan. 5 2014"),
        (["21.August 2016", "21. August 2016"], "21. august 2016"),
        (["2016년5월12일", "2016년 5월 12일", "2016 년 5 월 12 일"], "2016년5월12일"),
        (
            [
                "二〇一七年三月二十四日",
                "2017年3月24日",
                "２０１７年３月２４日",
                "二零一七年三月廿四日",
                "2017 年 3 月 24 号",
            ],
            "2017年3月24日",
        ),
        (
            ["2016年8月21日（日）", "2016年8月21日(日)", "2016年8月21日（日）午後3時30分", "2016年㋇㏴(日)"],
            "2016年8月21日(日)",
        ),
        (["12 aout 2016", "12 AOÛT 2016", "12 aou\u0302t 2016", "12 août 2016"], "12 aout 2016"),
        (["12 ΜΑΪΟΥ 2013", "12 Μαΐου 2013"], "12 μαιου 2013"),
        (["5 ՕԳՈՍՏՈՍԻ 2013", "5 օգոստոսի 2013"], "5 օգոստոսի 2013"),
        (["5 ᲐᲒᲕᲘᲡᲢᲝ 2013", "5 აგვისტო 2013"], "5 აგვისტო 2013"),
        (["3 KASIM 2010", "3 Kasım 2010", "3 kasım 2010"], "3 kasim 2010"),
        (["٢٤/٢/٢٠١٧", "۲۴/۲/۲۰۱۷", "२४/२/२०१७", "𝟐𝟒/𝟐/𝟐𝟎𝟏𝟕"], "24/2/2017"),
        (["21 أغسطس 2016", "21 اغسطس 2016", "21 أغـسطس 2016"], "21 اغسطس 2016"),
        (["1º de maio de 2016", "1° de maio de 2016", "1o de maio de 2016"], "1o de maio de 2016"),
        (["Dec 25 800 A.D.", "Dec 25 800 A. D.", "Dec 25 800 AD"], "dec 25 800 ad"),
    ],
)
def test_spellings_that_mean_the_same_become_one(spellings, normal):
    assert {normalize_date(spelling) for spelling in spellings} == {normal}


@pytest.mark.parametrize(
    "template",
    [
        *(
            '"{}"',
            "“{}”",
            "'{}'",
            "„{}“",
            "«{}»",
            "({})",
            "[{}]",
            "（{}）",
            "「{}」",
            "<{}>",
            '("{}")',
            "**{}**",
            "`{}`",
        ),
        *("{}.", "{},", "{};", "{}。", "{} .", " {}\n", "{}!", "•{}", "- {}", "on {}", "On {}", "ON {},", "date {}"),
        *("Date: {}", "date:{}", "Datum: {}", "Date of birth: {}", "日付：{}", "Дата: {}", "| {} |"),
        *(
            "{} 10:30",
            "{}, 10:30",
            "{} 10:30:59",
            "{} at 10:30 AM",
            "{} 3pm",
            "{} 3 p.m.",
            "{} um 10:30 Uhr",
            "{} 10h30",
        ),
        *(
            "{} 10:30:00 UTC",
            "{} 10:30 GMT",
            "{} 10:30:00 +0200",
            "{} 10:30:00+02:00",
            "{} 10:30:00.123Z",
            "{} 10:30 CEST",
        ),
        *("{} à 10:30", "{} às 10:30", "{} 오후 3:30", "10:30 {}", "10:30, {}", "{} 10:30:00 GMT+0100 (BST)"),
    ],
)
@pytest.mark.parametrize("text", ["21 Aug 2016", "13.12.50", "2016-08-21", "August 21st, 2016", "2016年8月21日"])
def test_what_stands_around_a_date_is_dropped(template, text):
    assert normalize_date(template.format(text)) == normalize_date(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Sun Aug 21 10:30:00 2016", "sun aug 21 2016"),
        ("Sun Aug 21 10:30:00 UTC 2016", "sun aug 21 2016"),
        ("Thu, 08 Dec 2010 10:30:00 +0000", "thu, 08 dec 2010"),
        ("Sun Aug 21 2016 10:30:00 GMT+0000 (Coordinated Universal Time)", "sun aug 21 2016"),
        ("2016-08-21T10:30:00Z", "2016-08-21"),
        ("20180905T103000Z", "20180905"),
        ("20180905103000", "20180905"),
        ("2016:08:21 10:30:00", "2016:08:21"),
        ("le 1er janvier 2019", "1er janvier 2019"),
        ("am 5. Mai 2016 um 10.30", "5. mai 2016"),
        ("21.8.2016 klo 10.30", "21.8.2016"),
        ("21 août 2016 à 15 h 30", "21 aout 2016"),
        ("21/Aug/2016:10:30:00 +0200", "21 aug 2016"),
        ("2017-12-24T18", "2017-12-24"),
    ],
)
def test_a_time_of_day_is_dropped_wherever_it_stands(text, normal):
    assert normalize_date(text) == normal


@pytest.mark.parametrize(
    "text",
    [
        *("10:30", "()", "5/4/2009", "22-23 february 2016", "05.2016", "21:08:2016", "2016²", "½ 2016", "may: 5"),
        *(
            "5-2016",
            "07, 19, 2018",
            "'69 july 20",
            "monday, 5 may 2016",
            "2016~2017",
            "2 7 1706",
            "5 may 2016?",
            "1990-",
        ),
        *("(sunday) 21 august 2016", "-44", "①月"),
    ],
)
def test_what_tells_dates_apart_is_kept(text):
    assert normalize_date(text) == text


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\ufeff \u200e"])
def test_a_text_that_shows_nothing_is_empty(text):
    assert normalize_date(text) == ""


def test_digits_of_drawn_dates_are_kept_in_their_order():
    for pair in PAIRS:
        digits = [str(unicodedata.decimal(character)) for character in pair.text if character.isdecimal()]
        assert [character for character in normalize_date(pair.text) if character.isdigit()] == digits


def test_no_two_dates_become_one_text():
    dates = {}
    for pair in [*date_pairs(20_000, "world", seed=9), *date_pairs(5_000, "course", seed=9)]:
        assert dates.setdefault(normalize_date(pair.text), pair.iso) == pair.iso


def test_no_two_months_of_a_locale_become_one_name():
    for name in WORLD_LOCALES:
        for width in ("wide", "abbreviated"):
            for months in Locale.parse(name).months.values():
                assert len(set(map(normalize_date, months[width].values()))) == len(set(months[width].values()))


def test_positions_lead_to_the_characters_as_typed():
    for pair in PAIRS:
        traced = trace_date(f"(on {pair.text} 10:30)")
        assert len(traced.positions) == len(traced.text)
        assert list(traced.positions) == sorted(traced.positions)
        for character, position in zip(traced.text, traced.positions, strict=True):
            if character.isdecimal():
                assert unicodedata.decimal(traced.shown[position]) == int(character)
            elif character.isascii() and character.isalpha() and traced.shown[position].isascii():
                assert traced.shown[position].lower() == character


@given(st.text())
def test_any_text_has_a_normal_form_that_is_its_own(text):
    traced = trace_date(text)
    assert traced.text == normalize_date(text)
    assert len(traced.text) == len(traced.positions)
    assert all(0 <= position < len(traced.shown) for position in traced.positions)


def test_the_fast_path_gives_what_the_rules_give(monkeypatch):
    texts = [pair.text for pair in PAIRS]
    fast = [normalize_date(text) for text in texts]
    assert sum(bool(normalization._REGULAR.fullmatch(text)) for text in fast) > 0.9 * len(fast)
    monkeypatch.setattr(normalization, "_REGULAR", normalization.re.compile("(?!)"))
    assert [normalize_date(text) for text in texts] == fast
