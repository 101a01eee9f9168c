"""Gradescope: folders `submission_12` beside `submission_metadata.yml`, which names the people of each submission."""

import json
import re

from dlseq.grading.results import Identity, Person
from dlseq.grading.submissions.listing import GRADESCOPE_METADATA
from dlseq.grading.submissions.platforms.upload import Download, Platform, Upload

__all__ = ["GRADESCOPE", "parse_gradescope_metadata"]

_FORM = re.compile(r"submission_(?P<id>\d{1,20})")
_KEYS = {"name": "name", "email": "email", "sid": "number"}
_FIELD = re.compile(r"(?P<dash>  - |    ):(?P<key>\w+):(?: (?P<value>.*))?")


def _parse(download: Download) -> dict[str, Upload]:
    read = download.files.get(GRADESCOPE_METADATA)
    people = parse_gradescope_metadata(read()) if read else {}
    matches = {name: match for name in download.names if (match := _FORM.fullmatch(name))}
    return {name: _upload(name, match["id"], people.get(name, ())) for name, match in matches.items()}


def _upload(folder, number, people):
    student = " and ".join(filter(None, (person.name or person.email for person in people))) or folder
    doubt = "" if people else f"{GRADESCOPE_METADATA} does not tell whose it is"
    return Upload(student, Identity("Gradescope", number, people, doubt))


def parse_gradescope_metadata(metadata: str) -> dict[str, tuple[Person, ...]]:
    """Parse the people of submissions out of Gradescope's submission_metadata.yml, without a YAML library.

    Only the list `:submitters:` of a submission counts: results of its tests, in the same file, have names as well.

    Args:
        metadata: text of the file.

    Returns:
        Folder name -> its people.

    Example:
        >>> text = "submission_12:\\n  :submitters:\\n  - :name: Ada Lovelace\\n    :sid: '7'\\n"
        >>> parse_gradescope_metadata(text)["submission_12"]
        (Person(name='Ada Lovelace', email='', login='', number='7'),)
    """
    people, folder, listed = {}, None, False
    for line in metadata.split("\n"):
        line = line.rstrip("\r")
        if line[:1] not in ("", " ", "-"):
            match = re.fullmatch(r"(submission_\d{1,20}):\s*", line)
            folder, listed = match and match[1], False
        elif re.match(r"  :\w", line):
            listed = line.strip() == ":submitters:"
        elif folder and listed and (match := _FIELD.fullmatch(line)):
            found = people.setdefault(folder, [])
            if match["dash"].strip():
                found.append({})
            if found and match["key"] in _KEYS:
                found[-1][_KEYS[match["key"]]] = _scalar(match["value"] or "")
    return {folder: tuple(Person(**fields) for fields in found) for folder, found in people.items()}


def _scalar(text):
    """Return the value of a YAML scalar on one line."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return json.loads(re.sub(r"\\x([0-9A-Fa-f]{2})", r"\\u00\1", text))
        except ValueError:
            return text
    return "" if text in ("null", "~") else text


GRADESCOPE = Platform("Gradescope", _parse, wrapper=re.compile(r"assignment_\d{1,20}_export"))
