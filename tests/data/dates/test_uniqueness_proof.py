"""Uniqueness of written dates: the proof by shapes against brute force over all texts."""

import calendar
import datetime
import itertools

import pytest

from dlseq.data.dates import date_pairs
from dlseq.data.dates.cldr import DatePattern, Part, compile_pattern
from dlseq.data.dates.presets import PRESETS, TWO_DIGIT_YEARS, preset_for
from dlseq.data.dates.uniqueness_proof import ShapeIndex, canonical, day_month_ambiguity

# One year for each of the 14 calendars; the first five give every number that day, month and year could exchange.
CALENDARS = {
    (calendar.weekday(year, 1, 1), calendar.isleap(year)): year for year in (*range(2040, 2012, -1), 2004, 2010)
}
YEARS_OF_SWAPS = (2001, 2004, 2010, 2012, 2029)


def days_of_years(years):
    first_days = [datetime.date(year, 1, 1) for year in sorted(set(years))]
    return [day + datetime.timedelta(step) for day in first_days for step in range(365 + calendar.isleap(day.year))]


def find_ambiguity(patterns, extra_years=()):
    """Write every day of the years with every pattern; return a text with two dates, or None."""
    dates_of = {}
    plain = days_of_years({*YEARS_OF_SWAPS, *extra_years})
    named = days_of_years({*YEARS_OF_SWAPS, *extra_years, *CALENDARS.values()})
    for pattern in patterns:
        for day in named if any(part.field == "weekday" for part in pattern.parts) else plain:
            text = canonical(pattern.render(day))
            if dates_of.setdefault(text, day) != day:
                return text, day, dates_of[text]
    return None


def first_patterns(preset):
    return [form.patterns[0][0] for form in preset.forms]


def test_there_are_14_calendars():
    assert len(CALENDARS) == 14


def test_no_text_of_world_has_two_dates():
    assert find_ambiguity(first_patterns(PRESETS["world"])) is None


def test_no_text_of_course_has_two_dates():
    every_year = range(1970, 2026)
    assert find_ambiguity(first_patterns(PRESETS["course"]), extra_years=every_year) is None


@pytest.mark.parametrize("preset", ["course", "world"])
def test_patterns_of_a_form_have_one_canonical_text(preset):
    """So the tests above, with one pattern of each form, cover every text that is drawn."""
    days = days_of_years([2001])[::29]
    for form in PRESETS[preset].forms:
        for day in days:
            texts = {canonical(pattern.render(day)) for pattern, _ in form.patterns}
            assert len(texts) == 1, (form.name, form.locale, texts)


def test_dropped_forms():
    """A new release of Babel may bring new conflicts. They are dropped automatically; this list makes them visible."""
    assert [(form.name, form.locale) for form in PRESETS["world"].dropped] == [("medium", "ar")]
    assert PRESETS["course"].dropped == ()


def test_a_drawn_text_never_comes_with_two_dates():
    dates_of = {}
    for pair in date_pairs(40_000, "world", seed=5, start=datetime.date(2000, 1, 1), end=datetime.date(2012, 12, 31)):
        assert dates_of.setdefault(canonical(pair.text), pair.iso) == pair.iso, pair


SOME_DAYS = [
    datetime.date(year, month, day) for year in YEARS_OF_SWAPS for month in range(1, 13) for day in range(1, 29, 3)
]
AWKWARD = ["en_US", "en_GB", "ar", "fr_CA", "fi", "pl", "hr", "cs", "ga", "id", "vi", "yo", "eu", "lt", "pt_PT"]


@pytest.mark.slow
def test_the_proof_refuses_all_contradictions_of_brute_force():
    """Pairs of forms that clash (Croatian and Polish share month names, short forms exchange day and month)."""
    forms = [(form, locale) for locale in AWKWARD for form in ("short", "medium", "long")]
    refused = contradicted = 0
    for first, second in itertools.combinations(forms, 2):
        patterns = [compile_pattern(*first), compile_pattern(*second)]
        index = ShapeIndex()
        by_shape = any(index.add(str(name), pattern) for name, pattern in zip((first, second), patterns, strict=True))
        refused += by_shape
        if not by_shape:
            texts = [{canonical(pattern.render(day)): day for day in SOME_DAYS} for pattern in patterns]
            assert not [text for text in texts[0].keys() & texts[1].keys() if texts[0][text] != texts[1][text]]
        elif find_ambiguity(patterns):
            contradicted += 1
    assert refused >= contradicted >= 5


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("M/d/yy", "en_US"), ("d/M/yy", "en_GB")),
        (("d MM yy", "en_US"), ("yy MM d", "en_US")),
        (("d. MMMM y", "hr"), ("d. MMMM y", "pl")),  # listopada: October in Croatia, November in Poland
    ],
)
def test_known_contradictions_are_found_by_both(first, second):
    patterns = [compile_pattern(*first), compile_pattern(*second)]
    index = ShapeIndex()
    assert index.add("first", patterns[0]) is None
    assert index.add("second", patterns[1]) == "first has the same text for another date"
    assert find_ambiguity(patterns) is not None


@pytest.mark.parametrize("pattern", ["MMMMM d y", "MM d", "yMMdd", "EEEE MMMM y", "yMd"])
def test_a_form_that_contradicts_itself_is_refused(pattern):
    """Narrow months (J for three of them), a missing field, numbers that touch."""
    assert ShapeIndex().add("form", compile_pattern(pattern, "en_US"))


def with_months(letters):
    month = Part("month", ("", *letters))
    return DatePattern((month, *compile_pattern(" d y", "en_US").parts))


def test_a_form_refused_at_its_last_month_is_not_indexed():
    index = ShapeIndex()
    assert index.add("twice k", with_months("abcdefghijkk")) is not None
    assert index.add("backwards", with_months("lkjihgfedcba")) is None
    assert index.add("forwards", with_months("abcdefghijkl")) == "backwards has the same text for another date"


def test_a_month_name_that_is_a_number_is_compatible():
    index = ShapeIndex()
    assert compile_pattern("MMMM", "ko_KR").parts[0].texts[7] == "7월"
    assert index.add("named", compile_pattern("y년 MMMM d일", "ko_KR")) is None
    assert index.add("number", compile_pattern("y년 M월 d일", "ko_KR")) is None
    assert index.add("swapped", compile_pattern("y년 d월 M일", "ko_KR")) is not None
    shifted = Part("month", ("", *(f"{month % 12 + 1}월" for month in range(1, 13))))
    year, space, _, *rest = compile_pattern("y년 MMMM d일", "ko_KR").parts
    assert index.add("counted from February", DatePattern((year, space, shifted, *rest))) is not None
    numbers_alone = ShapeIndex()
    assert numbers_alone.add("number", compile_pattern("y년 M월 d일", "ko_KR")) is None
    assert numbers_alone.add("counted from February", DatePattern((year, space, shifted, *rest))) is not None


def test_exchangeable_numbers_are_dropped_without_a_conflict():
    assert [(form.name, form.locale) for form in preset_for("world", ("ar",)).dropped] == [("medium", "ar")]


def test_a_refused_form_is_not_indexed():
    index = ShapeIndex()
    assert index.add("US", compile_pattern("M/d/yy", "en_US")) is None
    assert index.add("UK", compile_pattern("d/M/yy", "en_GB")) is not None
    assert index.add("ISO", compile_pattern("yy/M/d", "en_US")) is not None
    assert index.add("US again", compile_pattern("MM/d/yy", "en_US")) is None


@pytest.mark.parametrize(
    ("pattern", "ambiguous"),
    [
        ("M/d/y", False),
        ("MM/dd/yy", False),
        ("d.M.y", False),
        ("dd. MM. yy", False),
        ("d MM yy", False),
        ("y-MM-dd", False),
        ("y/M/d", False),
        ("y年M月d日", False),
        ("d'日'M'月'y", False),
        ("d MMM y", False),
        ("d/M/y", True),
        ("d-M-y", True),
        ("M.d.y", True),
        ("M d y", True),
        ("y d M", True),
        ("d\u200f/M\u200f/y", True),
    ],
)
def test_day_month_ambiguity(pattern, ambiguous):
    assert (day_month_ambiguity(compile_pattern(pattern, "en_US")) is not None) == ambiguous


def test_of_contradicting_locales_the_later_form_is_dropped():
    preset = preset_for("course", ("en_US", "en_IN"))
    assert [(form.name, form.locale) for form in preset.dropped] == [("short", "en_IN")]
    assert find_ambiguity(first_patterns(preset)) is None


def test_two_digit_years_stay_in_their_century():
    pairs = date_pairs(4000, "world", seed=2)
    short = [pair for pair in pairs if pair.form.endswith(("yy", "short")) and pair.locale == "en_US"]
    assert len(short) > 50
    assert all(TWO_DIGIT_YEARS[0].isoformat() <= pair.iso <= TWO_DIGIT_YEARS[1].isoformat() for pair in short)
