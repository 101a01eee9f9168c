"""Moodle: `Ada Lovelace_12_assignsubmission_file_`, a folder or the start of a file's name, with the participant's id.

The name has no underscore. In a group it begins with the group's, "Team 1-Ada Lovelace"; with blind marking it is the
word for a participant in the language of the site.
"""

import re

from dlseq.grading.results import Identity, Person
from dlseq.grading.submissions.platforms.upload import Download, Platform, Upload

__all__ = ["MOODLE"]

_FORM = re.compile(
    r"(?P<student>[^_]+)_(?P<id>\d{1,20})_assignsubmission_[a-z0-9]+(_(?P<rest>.*))?", re.DOTALL | re.ASCII
)
_PARTICIPANT = re.compile(
    "participante?|partecipante|teilnehmer(-?in)?|deelnemer|deltagare|deltager|deltaker|osallistuja|uczestnik|účastník|"
    "résztvevő|katılımcı|участник|учасник|συμμετέχων|参加者|参与者|參與者|참가자",
    re.IGNORECASE,
)


def _parse(download: Download) -> dict[str, Upload]:
    matches = {name: match for name in download.names if (match := _FORM.fullmatch(name))}
    return {name: _upload(match) for name, match in matches.items()}


def _upload(match):
    name = match["student"].strip()
    if _PARTICIPANT.fullmatch(name) or _PARTICIPANT.fullmatch(name.rpartition("-")[2]):
        return Upload(f"{name} {match['id']}", Identity("Moodle", match["id"], (Person(),)), match["rest"] or "")
    return Upload(name, Identity("Moodle", match["id"], (Person(name),)), match["rest"] or "")


MOODLE = Platform("Moodle", _parse)
