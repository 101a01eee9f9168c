"""JUnit XML for continuous integration: a suite for each exercise of each student."""

from collections.abc import Iterable
from xml.etree import ElementTree

from dlseq.grading.reports.formatting import format_points
from dlseq.grading.reports.grouped_tests import group_tests
from dlseq.grading.results import ExerciseResult, SubmissionResult
from dlseq.grading.sanitize import for_line

__all__ = ["junit_xml"]

TAGS = {"failed": "failure", "error": "error", "timeout": "error", "not started": "skipped"}
COUNTERS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def junit_xml(results: Iterable[SubmissionResult]) -> str:
    """Format results as JUnit XML.

    Each case of a graded test is a test case; tests with status "not started" count as skipped. The cases of hidden
    tests are numbered, without their names and times.

    Args:
        results: of submissions.

    Returns:
        The text of the file.

    Example:
        >>> from dlseq.grading.results import TestResult
        >>> test = TestResult("rnn", "step", "test_a", "The state.", 2.0, "failed", "a < b ]]> is wrong")
        >>> exercise = ExerciseResult("rnn", 2.0, 7, (test,))
        >>> text = junit_xml([SubmissionResult("ada", "ada.py", "sandbox", (exercise,))])
        >>> suite = ElementTree.fromstring(text)[0]
        >>> suite.get("name"), suite.get("failures"), suite.find("testcase/failure").get("message")
        ('ada.rnn', '1', 'a < b ]]> is wrong')
    """
    root = ElementTree.Element("testsuites", name="dlseq")
    for result in results:
        for exercise in result.exercises:
            _add_suite(root, for_line(result.student), exercise)
    for name in ("tests", *COUNTERS.values()):
        root.set(name, str(sum(int(suite.get(name)) for suite in root)))
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _add_suite(root, student, exercise: ExerciseResult):
    name = for_line(exercise.exercise)
    suite = ElementTree.SubElement(root, "testsuite", name=f"{student}.{name}")
    properties = ElementTree.SubElement(suite, "properties")
    for key, value in (("points earned", exercise.earned), ("points possible", exercise.possible)):
        ElementTree.SubElement(properties, "property", name=key, value=format_points(value))
    for test in group_tests(exercise.tests):
        for number, result in enumerate(test.results, 1):
            _add_case(suite, result, test, number)
    if not exercise.tests:
        case = ElementTree.SubElement(suite, "testcase", classname=suite.get("name"), name=name)
        message = for_line(exercise.problem or "no test was run")
        ElementTree.SubElement(case, "error", message=message, type="not run")
    suite.set("tests", str(len(suite.findall("testcase"))))
    for tag, counter in COUNTERS.items():
        suite.set(counter, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{sum(result.seconds for result in exercise.tests if not result.hidden):.3f}")


def _add_case(suite, result, test, number):
    name = result.test
    if test.hidden:
        name = test.name + (f"[{number}]" if len(test.results) > 1 else "")
    class_name = f"{suite.get('name')}.{for_line(result.function)}"
    case = ElementTree.SubElement(suite, "testcase", classname=class_name, name=for_line(name))
    if not test.hidden:
        case.set("time", f"{result.seconds:.3f}")
    if result.status != "passed":
        tag, message = TAGS[result.status], for_line(result.message)
        failure = ElementTree.SubElement(case, tag, message=message, type=result.status)
        lines = [result.property, result.place, f"hint: {result.hint}" if result.hint else ""]
        failure.text = "\n".join(for_line(line) for line in lines if line)
