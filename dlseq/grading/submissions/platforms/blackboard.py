"""Blackboard: `ps1_ada_attempt_2017-03-04-09-00-00_name.py` beside `ps1_ada_attempt_2017-03-04-09-00-00.txt`.

Assignment and user name may hold underscores. The text file, which Blackboard writes for each attempt, begins with
"Name: Ada Lovelace (ada)" and tells them apart.
"""

import re

from dlseq.grading.results import Identity, Person
from dlseq.grading.submissions.platforms.upload import Download, Platform, Upload

__all__ = ["BLACKBOARD"]

# The first date ends what Blackboard has written: all that follows may have been chosen by the student.
_FORM = re.compile(
    r"(?P<attempt>(?P<head>.+?_.+?)_attempt_(?P<date>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d))(?P<end>\.txt|_(?P<rest>.+))",
    re.DOTALL | re.ASCII,
)
_NAME = re.compile(r"\ufeff?Name: *(?P<name>.*?) *\((?P<login>[^()]+)\)\s*", re.ASCII)
NOT_SURE = "Blackboard's text file of the attempt is missing, and without it the user name is not sure"


def _parse(download: Download) -> dict[str, Upload]:
    matches = {name: match for name in download.names if (match := _FORM.fullmatch(name))}
    people = {
        match["head"]: person
        for name, match in matches.items()
        if match["end"] == ".txt" and (person := _read_person(match["head"], download.files.get(name)))
    }
    assignment = _assignment({match["head"] for match in matches.values()})
    return {name: _upload(match, people.get(match["head"]), assignment) for name, match in matches.items()}


def _read_person(head, read):
    lines = read().splitlines()[:1] if read else []
    match = _NAME.fullmatch(lines[0]) if lines else None
    if match is None or not head.endswith(f"_{match['login']}"):
        return None
    return Person(match["name"], login=match["login"])


def _assignment(heads):
    """Return the name of the assignment, which all heads begin with, if it can be one alone; else an empty text."""
    first, second = ({head.split("_", 2)[place] for head in heads} for place in (0, 1))
    return first.pop() if len(first) == 1 < len(second) else ""


def _upload(match, person, assignment):
    doubt = ""
    if person is None:
        sure = bool(assignment)
        login = match["head"][len(assignment) + 1 :] if sure else match["head"]
        person, doubt = Person(login=login) if sure else Person(), "" if sure else NOT_SURE
    student = person.name or person.login or match["head"]
    identity = Identity("Blackboard", "", (person,), doubt)
    return Upload(student, identity, match["rest"] or "", attempt=int(match["date"].replace("-", "")))


BLACKBOARD = Platform("Blackboard", _parse)
