"""Typed pairs: dates in the forms that people type, each text with one date."""

import collections
import datetime
import re

import pytest

from dlseq.data.dates import split_for_date
from dlseq.data.dates.reading.normalization import normalize_date
from dlseq.data.dates.typed import NOISE_KINDS, doubtful_pairs, typed_forms, typed_pairs, typing_noise
from dlseq.data.dates.typed.writing import Fields, write

LOCALES = ("en_US", "fr_FR", "uk", "ja_JP", "hu")
DAY = datetime.date(2016, 4, 21)


@pytest.fixture(scope="module")
def pairs():
    return typed_pairs(12_000, seed=5, split="train", locales=LOCALES, noise_share=0)


@pytest.fixture(scope="module")
def written():
    """The texts of one day in all forms, by locale and form."""
    forms = typed_forms(LOCALES)
    return {(form.locale, form.name): write(form.pattern, Fields.of(DAY)) for form in forms}


@pytest.mark.parametrize(
    "text",
    [
        "21-Apr-16",
        "21APR2016".title(),
        "April21,2016",
        "Apr. 21.2016",
        "20160421",
        "2016/4/21",
        "2016.4.21",
        "2016. 4. 21.",
        "2016년4월21일",
        "the twenty-first of April 2016",
        "21st April 16",
        "21 Apr '16",
        "21 Apr ’16",
        "Thurs Apr 21 2016",
        "April 21, 2016 AD",
        "21 квітня 2016 року",
        "le 21 avril 2016",
        "2016 április 21-én",
        "西暦2016年4月21日",
    ],
)
def test_forms_that_people_type_are_drawn(written, text):
    assert text in written.values()


def test_the_first_of_a_french_month_is_an_ordinal():
    form = next(form for form in typed_forms(LOCALES) if form.name == "medium with MMMM, first")
    assert write(form.pattern, Fields(2019, 1, 1)) == "1er janvier 2019"
    assert write(form.pattern, Fields(2019, 1, 2)) == "2 janvier 2019"


def test_the_same_seed_gives_the_same_pairs():
    assert typed_pairs(40, seed=1, locales=LOCALES) == typed_pairs(40, seed=1, locales=LOCALES)
    assert typed_pairs(40, seed=1, locales=LOCALES) != typed_pairs(40, seed=2, locales=LOCALES)


def test_days_belong_to_the_split(pairs):
    assert {split_for_date(datetime.date.fromisoformat(pair.iso)) for pair in pairs} == {"train"}


def test_no_text_has_two_dates_or_is_doubtful(pairs):
    """The task reads normalized texts, so it is these that must be different."""
    dates = collections.defaultdict(set)
    for pair in pairs:
        dates[normalize_date(pair.text)].add(pair.iso)
    for pair in doubtful_pairs(6_000, seed=5, locales=LOCALES):
        if pair.form != "order open":
            dates[normalize_date(pair.text)].add(pair.iso)
    assert [text for text, isos in dates.items() if len(isos) > 1] == []


def test_four_digit_years_are_copied_from_the_text(pairs):
    two_digits = {(form.locale, form.name) for form in typed_forms(LOCALES) if form.two_digit_year}
    for pair in pairs:
        year = int(pair.iso[:4])
        if (pair.locale, pair.form) in two_digits:
            assert 1969 <= year <= 2068, pair
            assert pair.iso[2:4] in pair.text
        else:
            assert str(year) in pair.text, pair


def test_years_outside_of_1500_to_2100_are_drawn_at_a_low_weight(pairs):
    outside = [int(pair.iso[:4]) for pair in pairs if not "1500" <= pair.iso[:4] <= "2100"]
    assert 0.1 < len(outside) / len(pairs) < 0.3
    assert min(outside) < 100
    assert max(outside) > 9900


def test_years_before_1000_have_zeros_or_not(pairs):
    early = [pair for pair in pairs if "0100" <= pair.iso[:4] < "1000"]
    with_zeros = [pair for pair in early if pair.iso[:4] in pair.text]
    assert 0.2 < len(with_zeros) / len(early) < 0.95


def test_numbers_show_their_order_or_follow_the_convention(pairs):
    """With a slash or a hyphen, or month first elsewhere, only a day above twelve settles the order."""
    for pair in pairs:
        match = re.fullmatch(r"(\d\d?)[/-](\d\d?)[/-](\d{4})", pair.text)
        if match:
            first, second = map(int, match.groups()[:2])
            assert first > 12 or second > 12 or first == second, pair


def test_noise_changes_no_digit():
    import random

    draw = random.Random(0).random
    for text in ("20 July 1969", "2016年8月21日", "13.12.50", "x", "7"):
        for _ in range(200):
            noisy = typing_noise(text, draw)
            assert re.sub(r"\D", "", noisy) == re.sub(r"\D", "", text)
            assert abs(len(noisy) - len(text)) <= 1
    assert len(NOISE_KINDS) == 4


def test_noise_is_drawn_at_the_share_asked_for():
    clean = typed_pairs(1500, seed=3, locales=LOCALES, noise_share=0)
    assert all(write_again(pair) for pair in clean[:200])
    noisy = typed_pairs(1500, seed=3, locales=LOCALES, noise_share=1.0)
    assert sum("  " in pair.text or not write_again(pair) for pair in noisy) > 700


def write_again(pair):
    """True if one of the forms writes the text, apart from case, commas, dots and spaces."""
    day = datetime.date.fromisoformat(pair.iso)
    bare = re.sub(r"[\s,.،]", "", pair.text.casefold())
    years = (str(day.year), f"{day.year:04d}")
    return any(
        re.sub(r"[\s,.،]", "", write(form.pattern, Fields.of(day), year).casefold()) == bare
        for form in typed_forms(LOCALES)
        if (form.locale, form.name) == (pair.locale, pair.form)
        for year in years
    )
