"""Date forms of numbers alone, in the order that the text shows or that the convention of the preset fixes.

The convention is that of `dlseq.data.dates.uniqueness_proof`: the month follows a year that comes first; with dots or
spaces the day is first; otherwise the order is open, unless the day is above twelve or equal to the month. Slashes
with two digits of the year are the short form of en_US, which belongs to `world`: the month is first.
"""

from dlseq.data.dates.cldr import DatePattern, compile_pattern

__all__ = ["DAY_ABOVE_TWELVE", "OPEN_FORMS", "SETTLED_FORMS", "number_patterns"]

SETTLED_FORMS = {
    "y/M/d": 4,
    "y/MM/dd": 3,
    "y.M.d": 4,
    "y.MM.dd": 3,
    "y. M. d.": 3,
    "y. MM. dd.": 1,
    "y-M-d": 3,
    "y-MM-dd": 3,
    "y MM dd": 2,
    "y M d": 2,
    "y,M,d": 1,
    "y_MM_dd": 1,
    "yMMdd": 4,
    "y年M月d日": 2,
    "y年MM月dd日": 3,
    "y年M月d号": 1,
    "y年M月d號": 1,
    "y년M월d일": 3,
    "y년 M월 d일": 3,
    "y년 MM월 dd일": 1,
    "'ngày' d 'tháng' M 'năm' y": 1,
    "d 'tháng' M 'năm' y": 1,
    "d 'tháng' M, y": 1,
    "d.M.y": 3,
    "dd.MM.y": 2,
    "d. M. y": 2,
    "d M y": 4,
    "dd MM y": 2,
    "d.M.yy": 2,
    "dd.MM.yy": 2,
    "d M yy": 1,
    "dd MM yy": 1,
    "d.M.''yy": 1,
    "M/d/yy": 4,
    "MM/dd/yy": 2,
    "M/d/''yy": 1,
}
OPEN_FORMS = {
    "d/M/y": 3,
    "dd/MM/y": 3,
    "M/d/y": 3,
    "MM/dd/y": 3,
    "d-M-y": 3,
    "dd-MM-y": 3,
    "M-d-y": 3,
    "MM-dd-y": 3,
    "d,M,y": 1,
    "dd,MM,y": 1,
    "M,d,y": 2,
    "MM,dd,y": 2,
}
"""Forms whose order is open. Each stands here in both orders with equal weights."""
DAY_ABOVE_TWELVE = {
    "M.d.y": 2,
    "MM.dd.y": 2,
    "M d y": 3,
    "MM dd y": 2,
    "d/M/yy": 2,
    "dd/MM/yy": 2,
    "dd-MM-yy": 1,
    "MM-dd-yy": 1,
}
"""Forms in the order that the convention does not have; only a day above twelve shows it."""


def number_patterns(forms: dict[str, int]) -> list[tuple[str, DatePattern, float]]:
    """Return forms of one of the tables as tuples of name, pattern and weight."""
    return [(name, compile_pattern(name, "en_US"), float(weight)) for name, weight in forms.items()]
