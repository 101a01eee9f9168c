"""What the gradebooks of Canvas and Moodle import, as CSV."""

import csv
import html
import io
import re
from collections.abc import Sequence

from dlseq.course.exercises import EXERCISES
from dlseq.grading.reports.grouped_tests import graded_tests
from dlseq.grading.reports.matching import Matching, match
from dlseq.grading.reports.roster import Roster, name_key
from dlseq.grading.reports.words import clean, points
from dlseq.grading.results import ExerciseResult, SubmissionResult

__all__ = ["canvas", "moodle", "unmatched"]

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠|%]")
NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?")


def canvas(results: Sequence[SubmissionResult], roster: Roster | None = None) -> str:
    """A CSV file for "Import grades" of Canvas.

    A column of the roster whose name is that of an exercise, such as "Language model (4711)", keeps its header, so that
    Canvas adds the marks to the assignment that it has. All others make new ones.

    Args:
        results: of submissions.
        roster: the class, see `read_roster`; None for a row for each submission.

    Returns:
        The text of the file. Whoever has handed nothing in has empty cells.

    Example:
        >>> one = ExerciseResult("language_model", 100.0, 7)
        >>> print(canvas([SubmissionResult("ada", "ada.py", "sandbox", (one,))]), end="")
        Student,ID,SIS User ID,SIS Login ID,Section,language_model
            Points Possible,,,,,100
        ada,,,,,0
    """
    worth = _exercises(results)
    is_canvas = roster is None or roster.platform == "canvas"
    headers = [_header(name, roster.columns if roster and is_canvas else ()) for name in worth]
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    rows = [[*head, *headers], ["    Points Possible", "", "", "", "", *map(points, worth.values())]]
    for student, result in match(results, roster).rows:
        who = [student.name, student.id if is_canvas else "", student.number, student.login, student.section]
        rows.append([*map(_text, who), *_marks(result, worth)])
    return _csv(rows)


def moodle(results: Sequence[SubmissionResult], roster: Roster | None = None) -> str:
    """A CSV file for "Import" of Moodle's gradebook, with a column of marks and one of feedback for each exercise.

    Args:
        results: of submissions.
        roster: the class, see `read_roster`; None for a row for each submission.

    Returns:
        The text of the file. Whoever has handed nothing in has empty cells. Feedback is escaped, since Moodle shows it
        as HTML.

    Example:
        >>> one = ExerciseResult("language_model", 100.0, 7, problem="there is no file")
        >>> print(moodle([SubmissionResult("ada", "ada.py", "sandbox", (one,))]), end="")
        Identifier,Full name,Email address,ID number,language_model,Feedback for language_model
        ,ada,,,0,there is no file
    """
    worth = _exercises(results)
    is_moodle = roster is None or roster.platform == "moodle"
    columns = [header for name in worth for header in (_text(name), f"Feedback for {clean(name)}")]
    rows = [["Identifier", "Full name", "Email address", "ID number", *columns]]
    for student, result in match(results, roster).rows:
        who = [student.id if is_moodle else "", student.name, student.email, student.number]
        told = [_text(_feedback(_of(result, name))) for name in worth]
        pairs = zip(_marks(result, worth), told, strict=True)
        rows.append([*map(_text, who), *(cell for pair in pairs for cell in pair)])
    return _csv(rows)


def unmatched(matching: Matching) -> str:
    """A CSV file of the results that are nobody's, with the reasons and the points, for somebody to enter by hand."""
    results = [one.result for one in matching.unmatched]
    worth = _exercises(results)
    rows = [["Submission", "Platform ID", "Source", "Reason", *map(_text, worth)]]
    for one in matching.unmatched:
        who = [one.result.student, one.result.platform_id, one.result.source, one.reason]
        rows.append([*map(_text, who), *_marks(one.result, worth)])
    return _csv(rows)


def _exercises(results):
    """What each exercise is worth, in the order of the course."""
    worth = {}
    for result in results:
        for one in result.exercises:
            worth[one.exercise] = max(one.possible, worth.get(one.exercise, 0.0))
    return worth


def _of(result, name) -> ExerciseResult | None:
    return next((one for one in result.exercises if one.exercise == name), None) if result else None


def _marks(result, worth):
    found = [_of(result, name) for name in worth]
    return ["" if one is None else points(one.earned) for one in found]


def _header(name, columns):
    """Canvas's header of the assignment, "Title (number)", where there is exactly one of this name."""
    keys = {name_key(name), *(name_key(one.title) for one in EXERCISES if one.name == name)}
    fitting = [one for one in columns if re.search(r" \([0-9]+\)$", one) and name_key(one.rpartition(" (")[0]) in keys]
    return fitting[0] if len(fitting) == 1 else _text(name)


def _feedback(one):
    if one is None:
        return ""
    lines = [clean(one.problem)] if one.problem else []
    for test in graded_tests(one.tests):
        for outcome in test.outcomes[:1]:
            told = [test.asked, outcome.first.message, outcome.first.hint]
            share = f"{points(test.earned)} of {points(test.possible)}"
            lines.append(f"{clean(test.function)} ({share}): " + " ".join(clean(part) for part in told if part))
    return html.escape("\n".join(lines), quote=False)


def _text(cell):
    """A cell that no spreadsheet takes for a formula."""
    cell = "\n".join(clean(line) for line in cell.split("\n"))
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def _csv(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
