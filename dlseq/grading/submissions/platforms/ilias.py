"""ILIAS: folders `Lovelace_Ada_al12_345` with name, login and id, for teams within folders `Team 7`."""

import re

from dlseq.grading.results import Identity, Person
from dlseq.grading.submissions.platforms.upload import Download, Platform, Upload

__all__ = ["ILIAS"]

_MEMBER = re.compile(r"(?P<name>[^_]+_.+)_(?P<login>[^_]+)_(?P<id>\d{1,20})", re.DOTALL | re.ASCII)
_TEAM = re.compile(r"Team[ _](?P<id>\d{1,20})", re.ASCII)


def _parse(download: Download) -> dict[str, Upload]:
    uploads = {}
    for folder, inner in download.folders.items():
        if match := _TEAM.fullmatch(folder):
            people = tuple(_person(member) for name in sorted(inner) if (member := _MEMBER.fullmatch(name)))
            doubt = "" if people else "it is a group, and no folder in it names a member"
            uploads[folder] = Upload(folder, Identity("ILIAS", match["id"], people, doubt))
        elif match := _MEMBER.fullmatch(folder):
            person = _person(match)
            uploads[folder] = Upload(person.name, Identity("ILIAS", match["id"], (person,)))
    ids = [upload.identity.id for upload in uploads.values()]
    return uploads if len(set(ids)) == len(ids) else {}


def _person(match):
    return Person(match["name"].replace("_", " "), login=match["login"])


ILIAS = Platform("ILIAS", _parse, wrapper=re.compile(r"Abgaben|Submissions"), mistakable=True)
