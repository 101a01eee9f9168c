"""CSV files for the gradebooks of Canvas and Moodle."""

import csv
import html
import io
import re
from collections.abc import Callable, Sequence

from dlseq.course.exercises import EXERCISES
from dlseq.grading.reports.formatting import format_points
from dlseq.grading.reports.grouped_tests import group_tests
from dlseq.grading.reports.matching import Matching, match_results
from dlseq.grading.reports.names import name_key
from dlseq.grading.reports.roster import Roster
from dlseq.grading.results import ExerciseResult, SubmissionResult
from dlseq.grading.sanitize import for_csv, for_line

__all__ = ["canvas_csv", "moodle_csv", "unmatched_csv"]


def canvas_csv(results: Sequence[SubmissionResult], roster: Roster | None = None) -> str:
    """Format results as a CSV file for "Import grades" of Canvas.

    A column of the roster with the name of an exercise, such as "Language model (4711)", keeps its header, so that
    Canvas adds the points to the assignment that it has. All others create new assignments.

    Args:
        results: of submissions.
        roster: students of the class, see `read_roster`; None for a row for each submission.

    Returns:
        The text of the file. Students without a submission have empty cells.

    Example:
        >>> exercise = ExerciseResult("language_model", 100.0, 7)
        >>> print(canvas_csv([SubmissionResult("ada", "ada.py", "sandbox", (exercise,))]), end="")
        Student,ID,SIS User ID,SIS Login ID,Section,language_model
            Points Possible,,,,,100
        ada,,,,,0
    """
    possible = _possible_points(results)
    columns = roster.columns if roster and roster.platform == "canvas" else ()
    headers = [_canvas_header(name, columns) for name in possible]
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *headers],
        ["    Points Possible", "", "", "", "", *map(format_points, possible.values())],
    ]
    for student, result in match_results(results, roster).rows:
        student_id = student.id if _is_by("canvas", roster, result) else ""
        identity = [student.name, student_id, student.number, student.login, student.section]
        rows.append([*map(for_csv, identity), *_points_cells(result, possible)])
    return _write_csv(rows)


def moodle_csv(
    results: Sequence[SubmissionResult], roster: Roster | None = None, translate: Callable[[str], str] = str
) -> str:
    """Format results as a CSV file for "Import" of Moodle's gradebook, with points and feedback for each exercise.

    Args:
        results: of submissions.
        roster: students of the class, see `read_roster`; None for a row for each submission.
        translate: of the feedback, see `dlseq.checking.messages.message_translator`.

    Returns:
        The text of the file. Students without a submission have empty cells. Feedback is escaped, since Moodle renders
        it as HTML.

    Example:
        >>> exercise = ExerciseResult("language_model", 100.0, 7, problem="there is no file")
        >>> print(moodle_csv([SubmissionResult("ada", "ada.py", "sandbox", (exercise,))]), end="")
        Identifier,Full name,Email address,ID number,language_model,Feedback for language_model
        ,ada,,,0,there is no file
    """
    possible = _possible_points(results)
    headers = [header for name in possible for header in (for_csv(name), for_csv(f"Feedback for {name}"))]
    rows = [["Identifier", "Full name", "Email address", "ID number", *headers]]
    for student, result in match_results(results, roster).rows:
        student_id = student.id if _is_by("moodle", roster, result) else ""
        if student_id.isdecimal():
            student_id = f"Participant {student_id}"
        identity = [student_id, student.name, student.email, student.number]
        feedback = [for_csv(_feedback(_exercise_of(result, name), translate)) for name in possible]
        pairs = zip(_points_cells(result, possible), feedback, strict=True)
        rows.append([*map(for_csv, identity), *(cell for pair in pairs for cell in pair)])
    return _write_csv(rows)


def unmatched_csv(matching: Matching) -> str:
    """Format results that match no student as a CSV file, with reasons and points, to be entered by hand.

    A group has a row for each member without a match.
    """
    possible = _possible_points([unmatched.result for unmatched in matching.unmatched])
    rows = [["Submission", "Name", "Email", "Platform", "Platform ID", "Source", "Reason", *map(for_csv, possible)]]
    for unmatched in matching.unmatched:
        result, person = unmatched.result, unmatched.person
        identity = [result.student, person.name, person.email, result.identity.platform, result.identity.id]
        rows.append([*map(for_csv, [*identity, result.source, unmatched.reason]), *_points_cells(result, possible)])
    return _write_csv(rows)


def _is_by(platform, roster, result):
    """Return True if the id of a row is one of a platform: that of the roster, or without one that of the result."""
    return (roster.platform if roster is not None else result.identity.platform.casefold()) == platform


def _possible_points(results):
    """Return exercise -> points, in the order of the course."""
    possible = {}
    for result in results:
        for exercise in result.exercises:
            possible[exercise.exercise] = max(exercise.possible, possible.get(exercise.exercise, 0.0))
    return possible


def _exercise_of(result, name) -> ExerciseResult | None:
    exercises = result.exercises if result else ()
    return next((exercise for exercise in exercises if exercise.exercise == name), None)


def _points_cells(result, names):
    exercises = [_exercise_of(result, name) for name in names]
    return ["" if exercise is None else format_points(exercise.earned) for exercise in exercises]


def _canvas_header(name, columns):
    """Return Canvas's header of the assignment, "Title (number)", if there is exactly one with this name."""
    keys = {name_key(name), *(name_key(exercise.title) for exercise in EXERCISES if exercise.name == name)}
    assignments = [column for column in columns if re.search(r" \([0-9]+\)$", column)]
    fitting = [column for column in assignments if name_key(column.rpartition(" (")[0]) in keys]
    return fitting[0] if len(fitting) == 1 else for_csv(name)


def _feedback(exercise, translate):
    if exercise is None:
        return ""
    lines = [for_line(translate(exercise.problem))] if exercise.problem else []
    for test in group_tests(exercise.tests):
        for failure in test.failures[:1]:
            sentences = [test.description, failure.first.message, failure.first.hint]
            points = translate(f"{format_points(test.earned)} of {format_points(test.possible)} points")
            text = " ".join(for_line(translate(sentence)) for sentence in sentences if sentence)
            lines.append(f"{for_line(test.function)} ({points}): {text}")
    return html.escape("\n".join(lines), quote=False)


def _write_csv(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
