"""What Gradescope reads: `results.json`, as https://gradescope-autograders.readthedocs.io/en/latest/specs describes."""

import json

from dlseq.grading.reports.grouped_tests import Graded, graded_tests
from dlseq.grading.reports.words import clean, points
from dlseq.grading.results import ExerciseResult, SubmissionResult

__all__ = ["gradescope"]


def gradescope(result: SubmissionResult) -> str:
    """One result as Gradescope's autograder hands it to a student.

    The cases of a parametrised test are one entry, so that a student reads each thing once. What is said of a hidden
    test is what its records say, without names of cases, and times are those of visible tests alone: how long a hidden
    one took could be made to tell of its inputs.

    Args:
        result: of one submission.

    Returns:
        The text of the file.

    Example:
        >>> from dlseq.grading.results import ExerciseResult
        >>> one = ExerciseResult("language_model", 100.0, 7, problem="there is no file for language_model")
        >>> whole = json.loads(gradescope(SubmissionResult("ada", "ada.py", "sandbox", (one,))))
        >>> whole["score"], whole["tests"][0]["max_score"], whole["output"].splitlines()[0]
        (0.0, 100.0, 'language_model: there is no file for language_model')
    """
    tests = []
    for number, one in enumerate(result.exercises, 1):
        tests += _tests_of(one, number)
    seconds = sum(record.seconds for one in result.exercises for record in one.tests if not record.hidden)
    whole = {
        "score": float(result.earned),
        "execution_time": round(seconds, 2),
        "output": "\n".join(_overall(result)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _overall(result):
    lines = [f"{clean(one.exercise)}: {clean(one.problem)}" for one in result.exercises if one.problem]
    for one in result.exercises:
        lines.append(f"{clean(one.exercise)}: {points(one.earned)} of {points(one.possible)} points")
    if result.isolation != "sandbox":
        lines.append("Graded without a sandbox (isolation: process).")
    return lines


def _tests_of(one: ExerciseResult, number: int) -> list[dict]:
    if not one.tests:
        words = clean(one.problem or "no test was run")
        return [_entry(f"{number}", clean(one.exercise), 0.0, one.possible, "failed", words, [one.exercise])]
    entries = []
    for index, test in enumerate(graded_tests(one.tests), 1):
        name = f"{clean(test.function)}: {clean(test.asked)}"
        tags = [one.exercise, test.function, *(["hidden"] if test.hidden else [])]
        status = "passed" if test.status == "passed" else "failed"
        entries.append(_entry(f"{number}.{index}", name, test.earned, test.possible, status, _told(test), tags))
    return entries


def _entry(number, name, score, most, status, output, tags):
    return {
        "score": score,
        "max_score": most,
        "name": name,
        "number": number,
        "status": status,
        "output": output,
        "output_format": "text",
        "visibility": "visible",
        "tags": [clean(tag) for tag in tags],
    }


def _told(test: Graded) -> str:
    lines = []
    if 0 < test.passed < len(test.records):
        lines.append(f"{test.passed} of {len(test.records)} cases pass.")
    for outcome in test.outcomes:
        first = outcome.first
        cases = f"{', '.join(clean(case) for case in outcome.cases)}: " if outcome.cases else ""
        lines.append(f"{cases}{clean(first.message)}" + (f" ({clean(first.place)})" if first.place else ""))
        lines += [f"Hint: {clean(first.hint)}"] if first.hint else []
    return "\n".join(lines)
