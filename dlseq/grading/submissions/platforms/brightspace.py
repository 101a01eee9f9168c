"""Brightspace (D2L): `397063-2557369 - Ada Lovelace - Sep 24, 2024 926 PM`, a folder or the beginning of a file's name.

The numbers are those of the course and the assignment. Each attempt has a folder of its own.
"""

import re

from dlseq.grading.results import Identity, Person
from dlseq.grading.submissions.platforms.upload import Download, Platform, Upload

__all__ = ["BRIGHTSPACE"]

_DATE = (
    r"(?P<month>[^\W\d_]{3,12})\.? (?P<day>\d{1,2}),? (?P<year>\d{4}) (?P<hour>\d{1,2})(?P<minute>\d\d) (?P<half>[AP]M)"
)
_FORM = re.compile(rf"\d{{1,12}}-\d{{1,12}} - (?P<student>.+?) - {_DATE}( - (?P<rest>.+))?", re.DOTALL)
_LATER_DATE = re.compile(rf"(.* - )?{_DATE}( - .*)?", re.DOTALL)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _parse(download: Download) -> dict[str, Upload]:
    matches = {name: match for name in download.names if (match := _FORM.fullmatch(name))}
    return {name: _upload(match) for name, match in matches.items()}


def _upload(match):
    rest = match["rest"] or ""
    doubt = "its name has two dates, and the student's name may end at either" if _LATER_DATE.fullmatch(rest) else ""
    identity = Identity("Brightspace", "", (Person(match["student"]),), doubt)
    return Upload(match["student"], identity, rest, attempt=_attempt(match))


def _attempt(match):
    """Return the time of the attempt as a number; 0 for a month in another language."""
    month = match["month"][:3].casefold()
    if month not in MONTHS:
        return 0
    hour = int(match["hour"]) % 12 + 12 * (match["half"] == "PM")
    parts = int(match["year"]), MONTHS.index(month) + 1, int(match["day"]), hour, int(match["minute"])
    return int("{:04}{:02}{:02}{:02}{:02}".format(*parts))


BRIGHTSPACE = Platform("Brightspace", _parse)
