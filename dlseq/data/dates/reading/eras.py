"""Years of other eras whose months and days are Gregorian, and their conversion: a table, tested against ICU."""

import functools
import re
from typing import NamedTuple

from dlseq.data.dates.reading.tracing import TracedText

__all__ = ["COMMON_ERA", "convert_era_years"]


class Era(NamedTuple):
    """Era: the year 1 of it, its first and last year that are converted, and its names in plain characters."""

    first_year: int
    first: int
    last: int
    names: tuple[str, ...]


OPEN_END = 200  # years of an era that goes on
# Japan had a lunar calendar until Meiji 5; Meiji 6 is 1873.
ERAS = (
    Era(1868, 6, 45, ("明治", "meiji", "m", "明")),
    Era(1912, 1, 15, ("大正", "taisho", "taishou", "t", "大")),
    Era(1926, 1, 64, ("昭和", "showa", "shouwa", "s", "昭")),
    Era(1989, 1, 31, ("平成", "heisei", "h", "平")),
    Era(2019, 1, OPEN_END, ("令和", "reiwa", "r", "令")),
    Era(1912, 1, OPEN_END, ("中華民國", "中華民国", "民國", "民国", "minguo", "roc")),
    Era(-542, 2300, 2700, ("พ.ศ.", "พ.ศ", "พศ", "พุทธศักราช", "b.e.", "b.e", "be")),
    Era(-2332, 4200, 4500, ("단기", "dangi")),
)
_BY_NAME = {name: era for era in ERAS for name in era.names}
_SPELLED = "|".join(sorted((re.escape(name) for name in _BY_NAME if len(name) > 1), key=len, reverse=True))
_ERA_YEAR = re.compile(rf"((?<![a-z])(?:{_SPELLED})\.? ?(?:\d{{1,4}}|元)(?!\d))(?!前)")
_YEAR_ERA = re.compile(r"((?<!\d)\d{4} ?b\.? ?e\.?(?![a-z]))")  # 2559 BE
_INITIAL = re.compile(
    r"^([mtshr明大昭平令]\.? ?(?:\d{1,2}|元))(?=[./-]\d{1,2}[./-]\d{1,2}$|年\d)"
)  # R5.3.14, H28年, 昭27.3.14
_PARTS = re.compile(r"(\D+?)\.? ?(\d+|元)")
_THAI_YEAR = re.compile(r"(?<!\d)(2[3-6]\d\d|2700)(?!\d)")
_THAI = re.compile("[\u0e00-\u0e7f]")
COMMON_ERA = re.compile(
    r"((?:公元|西元|西暦|西历|서기|ค\. ?ศ\.?|คศ|คริสต์ศักราช) ?)(?=\d)|(?<=\d)( ?(?:م|میلادی|میلادیه|ء|عیسوی))(?![^ ,])"
)
"""Words of the common era, which say that a year is to be read as it stands."""


def convert_era_years(traced: TracedText, shown: str) -> bool:
    """Replace years of other eras by those of the common era; return False if one cannot be converted.

    A year from 2300 to 2700 beside Thai letters or digits is one of the Buddhist era, unless the text names the common
    one.

    Args:
        traced: The normalized date, which is changed.
        shown: The text as typed.

    Example:
        >>> for text in ("昭和27年3月14日", "6 มิถุนายน 2554", "平成45年3月1日"):
        ...     traced = TracedText(text)
        ...     print(convert_era_years(traced, text), traced.text)
        True 1952年3月14日
        True 6 มิถุนายน 2011
        False 平成45年3月1日
    """
    if traced.rewrite(COMMON_ERA, ""):
        return True
    for rule in (_ERA_YEAR, _INITIAL):
        found = rule.search(traced.text)
        if found is not None:
            year = _common_year(found.group(1))
            if year is None:
                return False
            traced.rewrite(rule, year)
            return True
    if _YEAR_ERA.search(traced.text):
        traced.rewrite(_YEAR_ERA, lambda year: str(int(year[:4]) - 543))
    elif _THAI.search(shown):
        traced.rewrite(_THAI_YEAR, lambda year: str(int(year) - 543))
    return True


@functools.cache
def _common_year(text: str) -> str | None:
    name, number = _PARTS.fullmatch(text).groups()
    era, year = _BY_NAME[name.strip(" ")], 1 if number == "元" else int(number)
    return str(era.first_year + year - 1) if era.first <= year <= era.last else None
