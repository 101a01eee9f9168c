"""Canvas: `lovelaceada_12_345_name.py`, with the ids of the student and of the file.

Between them and the student's name stands `LATE` for a late file. With anonymous grading the name is missing and the id
is `anon_` with letters and digits. A group is named by the group, with the id of one member.
"""

import re
from collections import defaultdict
from dataclasses import replace

from dlseq.grading.results import Identity, Person
from dlseq.grading.submissions.platforms.upload import Download, Platform, Upload

__all__ = ["CANVAS"]

# The first two numbers end the student's name: all that follows them may have been chosen by the student.
_NAMED = re.compile(r"(?P<student>.+?)_((?P<late>LATE)_)?(?P<id>\d{1,20})_(?P<number>\d{1,20})_(?P<rest>.+)", re.DOTALL)
_ANONYMOUS = re.compile(
    r"((?P<late>LATE)_)?anon_(?P<id>[A-Za-z0-9]{1,20})_(?P<number>\d{1,20})_(?P<rest>.+)", re.DOTALL
)
_NUMBER_AHEAD = re.compile(r"(?P<number>[1-9]\d{0,19})_(?P<rest>.+)", re.DOTALL)
_COPY_BY_BROWSER = re.compile(r" ?\(\d{1,4}\)(?=\.[^.]*$)")
SAME_AGE = 10  # file ids grow with time: those of one assignment are within this factor of the smallest


def _parse(download: Download) -> dict[str, Upload]:
    uploads = {name: upload for name in download.names if (upload := _parse_name(name))}
    second = {name: reading for name, upload in uploads.items() if (reading := _second_reading(upload))}
    clear = [upload.number for name, upload in uploads.items() if name not in second]
    for name, reading in second.items():
        uploads[name] = _choose(uploads[name], reading, min(clear, default=0))
    return uploads if _is_consistent(uploads) else {}


def _parse_name(name):
    anonymous = _ANONYMOUS.fullmatch(name)
    match = anonymous or _NAMED.fullmatch(name)
    if match is None:
        return None
    student = f"anon {match['id']}" if anonymous else match["student"]
    doubt = "Canvas graded anonymously, and its names tell nobody" if anonymous else ""
    people = () if anonymous else (Person(student),)
    identity = Identity("Canvas", match["id"], people, doubt)
    return Upload(student, identity, match["rest"], int(match["number"]), late=bool(match["late"]))


def _second_reading(upload):
    """Return the reading in which the name of the student ends with a number; None if there is none."""
    match = _NUMBER_AHEAD.fullmatch(upload.file_name)
    if match is None or upload.late or upload.identity.doubt:
        return None
    student = f"{upload.student}_{upload.identity.id}"
    identity = Identity("Canvas", str(upload.number), (Person(student),))
    return Upload(student, identity, match["rest"], int(match["number"]))


def _choose(first, second, smallest):
    """Return the reading whose file is as new as the other files; with a doubt where that does not decide."""
    plausible = [reading for reading in (first, second) if reading.number * SAME_AGE >= smallest]
    if smallest and len(plausible) == 1:
        return plausible[0]
    ids = f"{first.identity.id} and {second.identity.id}"
    return replace(first, identity=replace(first.identity, doubt=f"its file name may be by the ids {ids}"))


def _is_consistent(uploads):
    """Return False if an id has two names or a file id two files, as in names by people."""
    names, files = defaultdict(set), defaultdict(set)
    for upload in uploads.values():
        if not upload.identity.doubt:
            names[upload.identity.id].add(upload.student)
            files[upload.number].add((upload.identity.id, _COPY_BY_BROWSER.sub("", upload.file_name)))
    return all(len(found) == 1 for found in [*names.values(), *files.values()])


CANVAS = Platform("Canvas", _parse, mistakable=True)
