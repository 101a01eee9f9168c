"""Reports of a grading run: for learning platforms, for continuous integration, and as a page for people."""

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from dlseq.errors import DlseqError
from dlseq.extras import require
from dlseq.files import atomic_write
from dlseq.grading.reports import gradebooks
from dlseq.grading.reports.gradescope import gradescope_json
from dlseq.grading.reports.junit import junit_xml
from dlseq.grading.reports.matching import match_results
from dlseq.grading.reports.roster import Roster, read_roster
from dlseq.grading.results import SubmissionResult
from dlseq.grading.sanitize import for_line, unique_filenames

__all__ = ["FORMATS", "read_roster", "write_reports"]

FORMATS = ("gradescope", "canvas", "moodle", "junit", "html")
FILES = {"canvas": "canvas.csv", "moodle": "moodle.csv", "junit": "junit.xml", "html": "report.html"}
UNMATCHED_FILE = "unmatched.csv"
MAX_UNMATCHED_NAMES = 5  # in a message


def write_reports(
    results: Iterable[SubmissionResult],
    folder: str | os.PathLike,
    formats: Iterable[str] = FORMATS,
    roster: Roster | None = None,
    *,
    single: bool = False,
    translate: Callable[[str], str] = str,
) -> list[str]:
    """Write reports; each file is written as a whole or not at all.

    Args:
        results: of submissions, at least one.
        folder: for the files; it is created if it does not exist.
        formats: names out of `FORMATS`. "gradescope" writes `gradescope/<student>.json`, the others one file each.
        roster: students of the class, for the gradebooks; see `read_roster`. Results that match no student are written
            to `unmatched.csv`.
        single: write Gradescope's file of a single result as `results.json`, as its autograder expects it.
        translate: of the sentences for students in Gradescope's files and Moodle's feedback, see
            `dlseq.checking.messages.message_translator`.

    Returns:
        Messages: the files that were written, and the results that match no student.

    Raises:
        DlseqError: a format is unknown, there is no result or more than one with `single`, or a file cannot be written.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> write_reports([SubmissionResult("ada", "ada.py", "sandbox", ())], folder, ["junit"])  # doctest: +ELLIPSIS
        ['wrote ...junit.xml']
    """
    results, folder, formats = list(results), Path(folder), list(dict.fromkeys(formats))
    if unknown := [name for name in formats if name not in FORMATS]:
        raise DlseqError(
            f"Invalid value for argument `formats`. Expected some of {', '.join(FORMATS)}. Received: {unknown[0]!r}"
        )
    if not results:
        raise DlseqError("No results to report on. Expected at least one. Grade a submission first.")
    if single and len(results) > 1:
        raise DlseqError(f"Expected one result for a single results.json. Received: {len(results)} results")
    writers = {name: _writer(name, roster, translate) for name in formats if name in FILES}
    messages = []
    for name in formats:
        if name == "gradescope":
            messages.append(_write_gradescope(results, folder, single, translate))
        else:
            _write(folder / FILES[name], writers[name](results))
            messages.append(f"wrote {folder / FILES[name]}")
    if {"canvas", "moodle"} & set(formats):
        messages += _report_unmatched(match_results(results, roster), folder)
    return messages


def _writer(name, roster, translate):
    """Return the function that formats results as the text of a file."""
    if name == "junit":
        return junit_xml
    if name == "canvas":
        return partial(gradebooks.canvas_csv, roster=roster)
    if name == "moodle":
        return partial(gradebooks.moodle_csv, roster=roster, translate=translate)
    require("jinja2", "grade", "write report.html")
    from dlseq.grading.reports.html import html_report

    return html_report


def _write_gradescope(results, folder, single, translate):
    if single:
        _write(folder / "results.json", gradescope_json(results[0], translate))
        return f"wrote {folder / 'results.json'}"
    names = unique_filenames(result.student for result in results)
    for result, name in zip(results, names, strict=True):
        _write(folder / "gradescope" / f"{name}.json", gradescope_json(result, translate))
    return f"wrote {folder / 'gradescope'}, {len(results)} file{'s' * (len(results) != 1)}"


def _report_unmatched(matching, folder):
    """Write the results that match no student, or remove the file of an earlier run, and return messages."""
    path = folder / UNMATCHED_FILE
    absent = sum(result is None for _, result in matching.rows)
    messages = [f"{absent} of {len(matching.rows)} students of the roster have no submission"] if absent else []
    count = len(matching.unmatched)
    if not count:
        path.unlink(missing_ok=True)
        return messages
    _write(path, gradebooks.unmatched_csv(matching))
    names = [
        f"{for_line(_shown(unmatched))} ({unmatched.reason})" for unmatched in matching.unmatched[:MAX_UNMATCHED_NAMES]
    ]
    more = f" and {count - MAX_UNMATCHED_NAMES} more" if count > MAX_UNMATCHED_NAMES else ""
    return [*messages, f"{count} not in the gradebooks, see {path}: {'; '.join(names)}{more}"]


def _shown(unmatched):
    """Return the name of a member of a group, or else that of the submission."""
    is_group = len(unmatched.result.identity.people) > 1
    return (unmatched.person.name or unmatched.person.email) if is_group else unmatched.result.student


def _write(path, text):
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DlseqError(f"Cannot create the folder {path.parent}: {error.strerror}. Choose another.") from None
    with atomic_write(path) as unfinished:
        unfinished.write_text(text, "utf-8")
