"""Times of day and time zones in a date, which a date model does not read."""

import re

__all__ = ["BASIC_TIME", "TIME_OF_DAY"]

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?![\d:])(?: ?(?:[ap]\.? ?m\b\.?|uhr\b|h\b))?"
_HOUR = r"\d{1,2} ?(?:[ap]\.? ?m\b\.?|uhr\b)|\d{1,2} ?h(?: ?\d{2})?(?![\w])"
_DOTTED = r"(?<=\d )(?:um|klo|kl\.?) \d{1,2}\.\d{2}(?: ?uhr)?$"  # a full stop needs the word before it
_EAST_ASIAN = r"(?:午前|午後|上午|下午|오전|오후)? ?\d{1,2} ?[時时點点시](?: ?\d{1,2} ?[分분])?(?: ?\d{1,2} ?[秒초])?"
_HALF_DAY = rf"(?:午前|午後|上午|下午|오전|오후) ?{_CLOCK}"
_ZONE = (
    r"(?:z|utc|gmt|[ecmp][sd]t|akst|hst|cet|cest|bst|ist|jst|kst|msk|eet|eest|wet|west|ae[sd]t|ac[sd]t|awst|nz[sd]t|"
    r"hkt|sgt)(?![a-z])"
)
_OFFSET = r"[+-]\d{1,2}(?::?\d{2})?(?![\d:/.-])"
_BEFORE = r"(?:at|um|kl\.?|klo|a las|a la|as|a|alle|ore|om|o|u|v|ob|в|о|@|-|,)"

TIME_OF_DAY = re.compile(
    rf"({_DOTTED}|(?:(?<=\d)t|(?<=[/ ]\d{{4}}):|(?<=[日일])|(?<![\w:./-])(?:{_BEFORE} ?)?)"
    rf"(?:{_HALF_DAY}|{_CLOCK}|{_HOUR}|{_EAST_ASIAN})"
    rf"(?: ?{_ZONE})?(?: ?{_OFFSET})?(?: ?\((?:{_ZONE}|[a-z ]+time)\))?,?)"
)
"""A time as written behind, before or within a date, with its zone. Texts are in plain characters."""

BASIC_TIME = re.compile(r"^\d{8}(t?\d{4}(?:\d{2})?(?:\.\d+)?z?)$|^\d{4}-?\d{2}-?\d{2}(t\d{2}z?)$")
"""The time of a compact ISO timestamp, such as 20180905T103000Z, or its hour alone."""
