"""What a grading run writes from its results: for learning platforms, for continuous integration, and for people."""

import os
import re
import unicodedata
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from urllib.parse import quote

from dlseq.errors import DlseqError
from dlseq.extras import require
from dlseq.files import atomic_write
from dlseq.grading.reports import gradebooks
from dlseq.grading.reports.gradescope import gradescope
from dlseq.grading.reports.junit import junit
from dlseq.grading.reports.matching import match
from dlseq.grading.reports.roster import Roster, read_roster
from dlseq.grading.reports.words import clean
from dlseq.grading.results import SubmissionResult

__all__ = ["FORMATS", "read_roster", "write_reports"]

FORMATS = ("gradescope", "canvas", "moodle", "junit", "html")
FILES = {"canvas": "canvas.csv", "moodle": "moodle.csv", "junit": "junit.xml", "html": "report.html"}
UNMATCHED = "unmatched.csv"


def write_reports(
    results: Iterable[SubmissionResult],
    folder: str | os.PathLike,
    formats: Iterable[str] = FORMATS,
    roster: Roster | None = None,
    *,
    single: bool = False,
) -> list[str]:
    """Writes reports; each file appears whole or not at all.

    Args:
        results: of submissions, at least one.
        folder: where to; it is made where it does not exist.
        formats: of `FORMATS`. "gradescope" writes `gradescope/<student>.json`, the others one file each.
        roster: the class, for the gradebooks; see `read_roster`. Results that match nobody are in `unmatched.csv`.
        single: whether Gradescope's file is `results.json` in the folder itself, as its autograder wants it, for one
            result.

    Returns:
        Sentences for whoever called: what was written, and who was not matched.

    Raises:
        DlseqError: a format that is unknown, no results, more than one with `single`, or a file that cannot be written.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> write_reports([SubmissionResult("ada", "ada.py", "sandbox", ())], folder, ["junit"])  # doctest: +ELLIPSIS
        ['wrote ...junit.xml']
    """
    results, folder, formats = list(results), Path(folder), list(dict.fromkeys(formats))
    if unknown := [name for name in formats if name not in FORMATS]:
        raise DlseqError(f"expected formats of {', '.join(FORMATS)}; received {unknown[0]!r}")
    if not results:
        raise DlseqError("expected at least one result to report on, received none; grade a submission first")
    if single and len(results) > 1:
        raise DlseqError(f"expected one result for a single results.json, received {len(results)}")
    makers = {name: _maker(name, roster) for name in formats if name in FILES}
    told = []
    for name in formats:
        if name == "gradescope":
            told.append(_write_gradescope(results, folder, single))
        else:
            _write(folder / FILES[name], makers[name](results))
            told.append(f"wrote {folder / FILES[name]}")
    if roster is not None and {"canvas", "moodle"} & set(formats):
        told += _tell_unmatched(match(results, roster), folder)
    return told


def _maker(name, roster):
    """What makes the text of a format's file from results."""
    if name == "junit":
        return junit
    if name != "html":
        return partial(getattr(gradebooks, name), roster=roster)
    require("jinja2", "grade", "write report.html")
    from dlseq.grading.reports.html import report

    return report


def _write_gradescope(results, folder, single):
    if single:
        _write(folder / "results.json", gradescope(results[0]))
        return f"wrote {folder / 'results.json'}"
    taken = set()
    for result in results:
        _write(folder / "gradescope" / f"{_file_name(result.student, taken)}.json", gradescope(result))
    return f"wrote {folder / 'gradescope'}, {len(results)} file{'s' * (len(results) != 1)}"


def _file_name(student, taken):
    """A name of its own that every file system can hold."""
    plain = unicodedata.normalize("NFC", student)
    plain = re.sub(r"[^\w .,'()+@-]", lambda found: quote(found[0], safe="", errors="backslashreplace"), plain)
    stem = plain.encode()[:180].decode(errors="ignore").strip(" .-") or "submission"
    name, number = stem, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name.casefold())
    return name


def _tell_unmatched(matching, folder):
    path = folder / UNMATCHED
    absent = sum(result is None for _, result in matching.rows)
    told = [f"{absent} of {len(matching.rows)} students of the roster have no submission"] if absent else []
    if not matching.unmatched:
        path.unlink(missing_ok=True)
        return told
    _write(path, gradebooks.unmatched(matching))
    names = [f"{clean(one.result.student)} ({one.reason})" for one in matching.unmatched[:5]]
    more = f" and {len(matching.unmatched) - 5} more" if len(matching.unmatched) > 5 else ""
    told.append(f"{len(matching.unmatched)} not in the gradebooks, see {path}: {'; '.join(names)}{more}")
    return told


def _write(path, text):
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DlseqError(f"cannot make the folder {path.parent}: {error.strerror}; choose another") from None
    with atomic_write(path) as unfinished:
        unfinished.write_text(text, "utf-8")
