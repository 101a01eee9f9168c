"""Gradescope's `results.json`, see https://gradescope-autograders.readthedocs.io/en/latest/specs."""

import json

from dlseq.grading.reports.formatting import format_points
from dlseq.grading.reports.grouped_tests import GroupedTest, group_tests
from dlseq.grading.results import ExerciseResult, SubmissionResult
from dlseq.grading.sanitize import for_line

__all__ = ["gradescope_json"]


def gradescope_json(result: SubmissionResult) -> str:
    """Format one result for Gradescope's autograder.

    The cases of a parametrized test are one entry. An entry of a hidden test has no names of cases, and times are those
    of visible tests alone: the duration of a hidden test could reveal its inputs.

    Args:
        result: of one submission.

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
        tests += _test_entries(exercise, number)
    visible = [test for exercise in result.exercises for test in exercise.tests if not test.hidden]
    fields = {
        "score": float(result.earned),
        "execution_time": round(sum(test.seconds for test in visible), 2),
        "output": "\n".join(_summary_lines(result)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def _summary_lines(result):
    lines = [
        f"{for_line(exercise.exercise)}: {for_line(exercise.problem)}"
        for exercise in result.exercises
        if exercise.problem
    ]
    for exercise in result.exercises:
        points = f"{format_points(exercise.earned)} of {format_points(exercise.possible)} points"
        lines.append(f"{for_line(exercise.exercise)}: {points}")
        lines += [f"When the file was loaded: {for_line(note)}" for note in exercise.notes]
    lines += [for_line(note) for note in result.notes]
    if result.isolation != "sandbox":
        lines.append("Graded without a sandbox (isolation: process).")
    return lines


def _test_entries(exercise: ExerciseResult, number: int) -> list[dict]:
    if not exercise.tests:
        return [
            _entry(
                number=f"{number}",
                name=exercise.exercise,
                score=0.0,
                max_score=exercise.possible,
                status="failed",
                output=for_line(exercise.problem or "no test was run"),
                tags=[exercise.exercise],
            )
        ]
    return [
        _entry(
            number=f"{number}.{index}",
            name=f"{test.function}: {test.description}",
            score=test.earned,
            max_score=test.possible,
            status="passed" if test.status == "passed" else "failed",
            output=_feedback(test),
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


def _feedback(test: GroupedTest) -> str:
    lines = []
    if 0 < test.passed < len(test.results):
        lines.append(f"{test.passed} of {len(test.results)} cases pass.")
    for failure in test.failures:
        first = failure.first
        cases = f"{', '.join(for_line(case) for case in failure.cases)}: " if failure.cases else ""
        place = f" ({for_line(first.place)})" if first.place else ""
        lines.append(f"{cases}{for_line(first.message)}{place}")
        lines += [f"Hint: {for_line(first.hint)}"] if first.hint else []
    return "\n".join(lines)
