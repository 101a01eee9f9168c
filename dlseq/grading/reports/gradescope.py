"""Gradescope's `results.json`, see https://gradescope-autograders.readthedocs.io/en/latest/specs."""

import json
from collections.abc import Callable

from dlseq.grading.reports.formatting import format_points
from dlseq.grading.reports.grouped_tests import GroupedTest, group_tests
from dlseq.grading.results import ExerciseResult, SubmissionResult
from dlseq.grading.sanitize import for_line

__all__ = ["gradescope_json"]


def gradescope_json(result: SubmissionResult, translate: Callable[[str], str] = str) -> str:
    """Format one result for Gradescope's autograder.

    The cases of a parametrized test are one entry. An entry of a hidden test has no names of cases, and times are those
    of visible tests alone: the duration of a hidden test could reveal its inputs.

    Args:
        result: of one submission.
        translate: of the sentences that the student reads, see `dlseq.checking.messages.message_translator`.

    Returns:
        The text of the file.

    Example:
        >>> from dlseq.grading.results import ExerciseResult
        >>> exercise = ExerciseResult("language_model", 100.0, 7, problem="there is no file for language_model")
        >>> fields = json.loads(gradescope_json(SubmissionResult("ada", "ada.py", "sandbox", (exercise,))))
        >>> fields["score"], fields["tests"][0]["max_score"], fields["output"].splitlines()[0]
        (0.0, 100.0, 'language_model: there is no file for language_model')
    """
    tests = []
    for number, exercise in enumerate(result.exercises, 1):
        tests += _test_entries(exercise, number, translate)
    visible = [test for exercise in result.exercises for test in exercise.tests if not test.hidden]
    fields = {
        "score": float(result.earned),
        "execution_time": round(sum(test.seconds for test in visible), 2),
        "output": "\n".join(_summary_lines(result, translate)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def _summary_lines(result, translate):
    lines = [
        f"{for_line(exercise.exercise)}: {for_line(translate(exercise.problem))}"
        for exercise in result.exercises
        if exercise.problem
    ]
    for exercise in result.exercises:
        points = translate(f"{format_points(exercise.earned)} of {format_points(exercise.possible)} points")
        lines.append(f"{for_line(exercise.exercise)}: {points}")
        lines += [for_line(translate(f"When the file was loaded: {note}")) for note in exercise.notes]
    lines += [for_line(translate(note)) for note in result.notes]
    if result.isolation != "sandbox":
        lines.append(translate("Graded without a sandbox (isolation: process)."))
    return lines


def _test_entries(exercise: ExerciseResult, number: int, translate) -> list[dict]:
    if not exercise.tests:
        return [
            _entry(
                number=f"{number}",
                name=exercise.exercise,
                score=0.0,
                max_score=exercise.possible,
                status="failed",
                output=for_line(translate(exercise.problem or "no test was run")),
                tags=[exercise.exercise],
            )
        ]
    return [
        _entry(
            number=f"{number}.{index}",
            name=f"{test.function}: {translate(test.description)}",
            score=test.earned,
            max_score=test.possible,
            status="passed" if test.status == "passed" else "failed",
            output=_feedback(test, translate),
            tags=[exercise.exercise, test.function, *(["hidden"] if test.hidden else [])],
        )
        for index, test in enumerate(group_tests(exercise.tests), 1)
    ]


def _entry(*, number, name, score, max_score, status, output, tags):
    return {
        "score": score,
        "max_score": max_score,
        "name": for_line(name),
        "number": number,
        "status": status,
        "output": output,
        "output_format": "text",
        "visibility": "visible",
        "tags": [for_line(tag) for tag in tags],
    }


def _feedback(test: GroupedTest, translate) -> str:
    lines = []
    if 0 < test.passed < len(test.results):
        lines.append(translate(f"{test.passed} of {len(test.results)} cases pass."))
    for failure in test.failures:
        first = failure.first
        cases = f"{', '.join(for_line(case) for case in failure.cases)}: " if failure.cases else ""
        place = f" ({for_line(translate(first.place))})" if first.place else ""
        lines.append(f"{cases}{for_line(translate(first.message))}{place}")
        lines += [f"{translate('Hint:')} {for_line(translate(first.hint))}"] if first.hint else []
    return "\n".join(lines)
