"""Chinese numerals in dates."""

import re

__all__ = ["CHINESE_NUMERAL", "chinese_number"]

CHINESE_NUMERAL = re.compile("([〇零一二三四五六七八九十百千廿卅]+)(?=[年月日号號])")
"""A number before the unit of a date. Numerals of weekdays have none."""

_DIGITS = {numeral: value % 10 for value, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": 20, "卅": 30}


def chinese_number(numeral: str) -> str:
    """Return a Chinese numeral in ASCII digits, digit by digit or by value.

    Example:
        >>> [chinese_number(numeral) for numeral in ("二〇一七", "三", "十", "二十四", "廿一", "二千十六")]
        ['2017', '3', '10', '24', '21', '2016']
    """
    if not any(sign in _UNITS or sign in _TENS for sign in numeral):
        return "".join(str(_DIGITS[sign]) for sign in numeral)
    total, digit = 0, None
    for sign in numeral:
        if sign in _UNITS:
            total += _UNITS[sign] * (1 if digit is None else digit)
            digit = None
        elif sign in _TENS:
            total, digit = total + _TENS[sign], None
        else:
            digit = _DIGITS[sign]
    return str(total + (digit or 0))
