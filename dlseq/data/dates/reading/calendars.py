"""Other calendars than the Gregorian one: converted where the rule is exact, in doubt otherwise.

Converted: years of Japanese eras, of the Buddhist era, of Minguo and Dangi (`eras.py`), and the Solar Hijri calendar of
Iran from 1206 to 1500. In doubt: the lunar calendars, whose days depend on a place or an authority (Islamic, Hebrew,
Chinese, Hindu), the French republican one, years before the common era, and Chinese years of less than four digits.
"""

import datetime
import re

from dlseq.data.dates.reading.characters import plain_character
from dlseq.data.dates.reading.eras import convert_era_years
from dlseq.data.dates.reading.tracing import TracedText

__all__ = ["persian_to_gregorian", "settle_calendar"]

DOUBT = "another calendar"
_WORD = re.compile("[a-z\u0370-\u058f\u05d0-\u06ff\u0900-\u0dff\u0e00-\u0e7f\u10a0-\u10ff]+")
_PERSIAN_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "فروردین farvardin",
            "اردیبهشت ordibehesht",
            "خرداد khordad",
            "تیر tir",
            "مرداد امرداد mordad amordad",
            "شهریور shahrivar",
            "مهر mehr",
            "ابان aban",
            "اذر azar",
            "دی dey",
            "بهمن bahman",
            "اسفند esfand",
        ),
        start=1,
    )
    for name in names.split()
}


def _plain_words(words: str) -> frozenset[str]:
    """Return words in plain characters, as they stand in a normalized date."""
    return frozenset("".join(map(plain_character, words)).split())


_OTHER_MONTHS = _plain_words(
    # Islamic, in Arabic, Persian and Urdu, English, Turkish and Indonesian
    "محرم صفر ربیع جمادی رجب شعبان رمضان شوال ذو ذی القعده الحجه ذیقعده ذیحجه ذوالقعده ذوالحجه ذوالقعدۃ ذوالحجۃ "
    "muharram safar rabi jumada rajab shaban sha'ban ramadan ramazan shawwal dhu zul "
    "muharrem safer rebiulevvel rebiulahir cemaziyelevvel cemaziyelahir recep saban sevval zilkade zilhicce "
    "muharam rabiulawal rabiulakhir jumadilawal jumadilakhir syakban syawal zulkaidah zulhijah "
    # Hebrew
    "תשרי חשוון חשון כסלו טבת שבט אדר ניסן אייר סיוון סיון תמוז אב אלול "
    "בתשרי בחשוון בחשון בכסלו בטבת בשבט באדר בניסן באייר בסיוון בסיון בתמוז באב באלול "
    "tishri tishrei heshvan cheshvan kislev tevet shevat adar iyar sivan tamuz tammuz elul "
    # Hindu, in English, Hindi and Bengali
    "chaitra vaisakha vaishakh jyaistha jyeshtha asadha ashadha sravana shravana bhadra asvina ashvin kartika kartik "
    "agrahayana pausa pausha magha phalguna "
    "चैत्र वैशाख ज्येष्ठ आषाढ आषाढ़ श्रावण भाद्रपद अश्विन आश्विन कार्तिक अग्रहायण मार्गशीर्ष पौष माघ फाल्गुन "
    "চৈত্র বৈশাখ জ্যৈষ্ঠ আষাঢ আষাঢ় শ্রাবণ ভাদ্র আশ্বিন কার্তিক অগ্রহায়ণ অগ্রহাযণ পৌষ মাঘ ফাল্গুন "
    # French republican
    "vendemiaire brumaire frimaire nivose pluviose ventose germinal floreal prairial messidor thermidor fructidor"
)
_OTHER_ERAS = _plain_words(
    "bc bce ah hijri hicri samvat saka vikram bikram julian meiji taisho showa heisei reiwa minguo roc dangi "
    "ه ھ هجری ہجری قمری شمسی शक संवत বঙ্গাব্দ"
)
_SIGNS = re.compile(
    r"明治|大正|昭和|平成|令和|民[国國]|公元前|[紀纪]元前|기원전|단기|음력|[农農阴陰][历曆暦]|旧[历暦]|[閏闰]|正月|臘月|腊月|初[一二三四五六七八九十]|"
    r"(?<!\d)\d{1,3}年|พ\. ?ศ|จ\. ?ศ|ร\. ?ศ|av\.? ?j|(?<![a-z])[va]\. ?chr|(?<![a-z])a\. ?c(?![a-z])|до н|пр\.? ?н|"
    r"ق\. ?م|ה'?תש|תש[א-ת]?\"|am lich"
)
_HEBREW_YEAR = re.compile(
    r"(?<![a-z])(?:nisan|adar|av)(?![a-z])\D*(?<!\d)5\d{3}(?!\d)"
)  # Nisan is also Turkish for April
_PERSIAN_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<day>\d{1,2})(?: ?ام)? (?P<month>[^\W\d]+) (?:ماه )?(?:سال )?(?P<year>1[2-5]\d\d)(?!\d)",
        r"(?P<month>[^\W\d]+) (?P<day>\d{1,2}),? (?P<year>1[2-5]\d\d)(?!\d)",
        r"(?<!\d)(?P<year>1[2-5]\d\d) (?P<month>[^\W\d]+) (?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>1[2-5]\d\d)[/.-](?P<month>\d{1,2})[/.-](?P<day>\d{1,2})(?!\d)",
    )
)
_PERSIAN_DIGIT, _ARABIC_DIGIT = re.compile("[\u06f0-\u06f9]"), re.compile("[\u0660-\u0669]")
_ASCII_WORDS = {
    word
    for word in {*_OTHER_MONTHS, *_OTHER_ERAS, *_PERSIAN_MONTHS, "be", "b.e", "taishou", "shouwa", "nisan", "av"}
    if word.isascii()
}
_ASCII_FORM = re.compile(r"[mtshr]\.? ?\d{1,2}[./-]\d|.*(?:av\.? ?j|\b[va]\. ?(?:chr|c)\b|\d be\b|b\. ?e)")
_OLD_YEAR = re.compile(r"(?<!\d)1[2-5]\d\d(?!\d)")
FIRST_PERSIAN_YEAR, LAST_PERSIAN_YEAR = 1206, 1500  # the 33-year cycle is the calendar's own there
_PERSIAN_EPOCH = datetime.date(2021, 3, 21).toordinal() - (365 * 1400 + (8 * 1400 + 21) // 33)


def persian_to_gregorian(year: int, month: int, day: int) -> datetime.date | None:
    """Convert a day of the Solar Hijri calendar; None if it does not exist or its year is not from 1206 to 1500.

    Leap years follow the cycle of 33 years, `(25 y + 11) mod 33 < 8`.

    Example:
        >>> persian_to_gregorian(1357, 11, 22)
        datetime.date(1979, 2, 11)
    """
    if not (FIRST_PERSIAN_YEAR <= year <= LAST_PERSIAN_YEAR and 1 <= month <= 12):
        return None
    days = 31 if month <= 6 else 30 if month <= 11 or (25 * year + 11) % 33 < 8 else 29
    if not 1 <= day <= days:
        return None
    before = 31 * (month - 1) if month <= 6 else 30 * (month - 1) + 6
    return datetime.date.fromordinal(_PERSIAN_EPOCH + 365 * year + (8 * year + 21) // 33 + before + day - 1)


def settle_calendar(traced: TracedText, shown: str) -> str:
    """Rewrite a normalized date of another calendar as a Gregorian one, if that can be done exactly.

    Args:
        traced: The normalized date, which is changed.
        shown: The text as typed.

    Returns:
        The doubt that remains, such as "another calendar"; "" for none.

    Example:
        >>> for text in ("5 مهر 1395", "15 ramadan 1441", "5 may 2016"):
        ...     traced = TracedText(text)
        ...     print(repr(settle_calendar(traced, text)), traced.text)
        '' 2016-09-26
        'another calendar' 15 ramadan 1441
        '' 5 may 2016
    """
    if shown.isascii() and not _may_need_conversion(traced.text):
        return ""
    if not convert_era_years(traced, shown):
        return DOUBT
    words = _WORD.findall(traced.text)
    if _is_persian(words, traced.text, shown):
        return "" if _convert_persian(traced) else DOUBT
    if not _OTHER_MONTHS.isdisjoint(words) or not _OTHER_ERAS.isdisjoint(words) or _SIGNS.search(traced.text):
        return DOUBT
    if _HEBREW_YEAR.search(traced.text):
        return DOUBT
    if _ARABIC_DIGIT.search(shown) and _OLD_YEAR.search(traced.text):
        return DOUBT
    return ""


def _may_need_conversion(text):
    return not _ASCII_WORDS.isdisjoint(_WORD.findall(text)) or _ASCII_FORM.match(text) is not None


def _is_persian(words, text, shown):
    if not _PERSIAN_MONTHS.keys().isdisjoint(words):
        return True
    return _PERSIAN_DIGIT.search(shown) is not None and _PERSIAN_DATES[-1].search(text) is not None


def _convert_persian(traced):
    """Keep only the Solar Hijri date of a text, as an ISO date; return False if there is none that exists."""
    found = next(filter(None, (pattern.search(traced.text) for pattern in _PERSIAN_DATES)), None)
    if found is None:
        return False
    month = found["month"]
    month = int(month) if month.isdigit() else _PERSIAN_MONTHS.get(month, 0)
    date = persian_to_gregorian(int(found["year"]), month, int(found["day"]))
    if date is None:
        return False
    traced.keep(*found.span())
    traced.rewrite(re.compile("^(.*)$"), date.isoformat())
    return True
