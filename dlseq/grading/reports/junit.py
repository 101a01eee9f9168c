"""What continuous integration reads: JUnit XML, a suite for each exercise of each student."""

from collections.abc import Iterable
from xml.etree import ElementTree

from dlseq.grading.reports.grouped_tests import graded_tests
from dlseq.grading.reports.words import clean, points
from dlseq.grading.results import ExerciseResult, SubmissionResult

__all__ = ["junit"]

TAGS = {"failed": "failure", "error": "error", "timeout": "error", "not started": "skipped"}
COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def junit(results: Iterable[SubmissionResult]) -> str:
    """Results as JUnit XML.

    A case is a test case; what is not started counts as skipped. The cases of hidden tests are numbered, and neither
    their names nor their times are told.

    Args:
        results: of submissions.

    Returns:
        The text of the file.

    Example:
        >>> from dlseq.grading.results import TestResult
        >>> record = TestResult("rnn", "step", "test_a", "The state.", 2.0, "failed", "a < b ]]> is wrong")
        >>> one = ExerciseResult("rnn", 2.0, 7, (record,))
        >>> text = junit([SubmissionResult("ada", "ada.py", "sandbox", (one,))])
        >>> suite = ElementTree.fromstring(text)[0]
        >>> suite.get("name"), suite.get("failures"), suite.find("testcase/failure").get("message")
        ('ada.rnn', '1', 'a < b ]]> is wrong')
    """
    root = ElementTree.Element("testsuites", name="dlseq")
    for result in results:
        for one in result.exercises:
            _add_suite(root, clean(result.student), one)
    for name in ("tests", *COUNTED.values()):
        root.set(name, str(sum(int(suite.get(name)) for suite in root)))
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _add_suite(root, student, one: ExerciseResult):
    suite = ElementTree.SubElement(root, "testsuite", name=f"{student}.{clean(one.exercise)}")
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in (("points earned", one.earned), ("points possible", one.possible)):
        ElementTree.SubElement(properties, "property", name=name, value=points(value))
    for test in graded_tests(one.tests):
        for number, record in enumerate(test.records, 1):
            _add_case(suite, record, test, number)
    if not one.tests:
        case = ElementTree.SubElement(suite, "testcase", classname=suite.get("name"), name=clean(one.exercise))
        ElementTree.SubElement(case, "error", message=clean(one.problem or "no test was run"), type="not run")
    suite.set("tests", str(len(suite.findall("testcase"))))
    for tag, name in COUNTED.items():
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{sum(record.seconds for record in one.tests if not record.hidden):.3f}")


def _add_case(suite, record, test, number):
    name = record.test
    if test.hidden:
        name = test.name + (f"[{number}]" if len(test.records) > 1 else "")
    case = ElementTree.SubElement(
        suite, "testcase", classname=f"{suite.get('name')}.{clean(record.function)}", name=clean(name)
    )
    if not test.hidden:
        case.set("time", f"{record.seconds:.3f}")
    if record.status != "passed":
        told = ElementTree.SubElement(case, TAGS[record.status], message=clean(record.message), type=record.status)
        lines = [record.property, record.place, f"hint: {record.hint}" if record.hint else ""]
        told.text = "\n".join(clean(line) for line in lines if line)
