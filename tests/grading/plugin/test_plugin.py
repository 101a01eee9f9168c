"""The pytest plugin: points, seeds, time limits, and outcomes that no skip evades."""

import subprocess
import sys

import pytest

from dlseq.course.exercises import get_exercise
from dlseq.course.layout import Course
from dlseq.grading.judge.client import run_tests
from dlseq.grading.plugin.outcomes import outcome_of
from dlseq.grading.worker.executor import TimeLimitExceeded
from dlseq.testing import Mismatch
from dlseq.testing.submission import SubmissionError

NAME = "recurrent_network"
HEAD = "import pytest\nfrom dlseq.testing import check\n"


@pytest.fixture
def run(tmp_path):
    """Function that runs tests on a submission, both given as text."""

    def run_text(tests, submission="def f(x=0):\n    return x\n", **options):
        course = Course(tmp_path)
        for path, text in ((course.tests(NAME), HEAD + tests), (course.solution(NAME), submission)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return run_tests(course, get_exercise(NAME), course.solutions, visible_only=False, **options)

    return run_text


def test_cases_share_the_points_of_a_test(run):
    results = run(
        "@pytest.mark.points(6, of='f')\n@pytest.mark.parametrize('a', [1, 2, 3])\ndef test_a(submission, a):\n"
        "    '''It gives\n    back.'''\n    check(submission.call('f', a) == min(a, 2), 'no')\n"
        "@pytest.mark.points(1, of='f')\ndef test_b(submission): ...\n"
    )
    assert [(result.points, result.earned, result.status) for result in results] == [
        (2, 2, "passed"),
        (2, 2, "passed"),
        (2, 0, "failed"),
        (1, 1, "passed"),
    ]
    assert results[0].property == "It gives back." and results[0].function == "f" and results[0].test == "test_a[1]"


POINT = "@pytest.mark.points(1, of='f')\n"
DRAWS = "".join(
    f"@pytest.mark.points(1, of='f')\ndef test_{name}(submission, rng):\n    check(False, str(rng.random()))\n"
    for name in "abc"
)


def test_inputs_depend_on_the_seed_alone(run):
    def numbers(**options):
        return [result.message for result in run(DRAWS, **options)]

    assert numbers(seed=1) == numbers(seed=1) != numbers(seed=2)
    assert len(set(numbers(seed=1))) == 3 and numbers() != numbers()


def test_each_test_loads_the_submission_afresh(run):
    test = "@pytest.mark.points(1, of='f')\ndef test_{}(submission):\n    check(submission.call('f') == 1, 'no')\n"
    results = run(
        test.format("a") + test.format("b"), "calls = []\ndef f():\n    calls.append(1)\n    return len(calls)\n"
    )
    assert [result.status for result in results] == ["passed", "passed"]


def test_timeout_ends_one_test_alone(run):
    results = run(
        f"{POINT}@pytest.mark.time_limit(0.3)\ndef test_a(submission): submission.call('f', 1)\n"
        f"{POINT}def test_b(submission): submission.call('f', 0)\n",
        "def f(x):\n    while x:\n        try:\n            x += 1\n        except Exception:\n            pass\n",
    )
    assert [result.status for result in results] == ["timeout", "passed"]
    assert results[0].message == "f did not come to an end within 0.3 seconds"


def test_all_tests_together_have_a_limit(run):
    """Right answers at eight tenths of the limit once took nine minutes, with 69 tests."""
    results = run(
        f"@pytest.mark.points(40, of='f')\n@pytest.mark.time_limit(0.1)\n@pytest.mark.parametrize('n', range(40))\n"
        f"def test_a(submission, n): submission.call('f')\n{POINT}def test_b(submission): submission.call('f')\n",
        "import time\ndef f(): time.sleep(0.08)\n",
    )
    assert results[0].status == "passed"
    assert {result.status for result in results[20:]} == {"timeout"}
    assert results[-1].message == "f was not tested, because the tests before took too long together"
    assert sum(result.seconds for result in results) < 15 * 0.1 + 0.5


def test_all_loads_together_have_the_same_limit(run, tmp_path):
    """A file that took 19 seconds was loaded again for each test, after the time of the tests was over."""
    results = run(
        "@pytest.mark.points(40, of='f')\n@pytest.mark.time_limit(0.1)\n@pytest.mark.parametrize('n', range(40))\n"
        "def test_a(submission, n): submission.call('f')\n",
        f"import os, time\nfile = os.open({str(tmp_path / 'loads')!r}, os.O_CREAT | os.O_APPEND | os.O_WRONLY)\n"
        "size = os.write(file, b'.') + (time.sleep(0.15) or 0)\ndef f(): return size\n",
    )
    assert results[0].status == "passed" and results[-1].status == "timeout"
    assert results[-1].message == "f was not tested, because the tests before took too long together"
    assert len((tmp_path / "loads").read_bytes()) <= 10


@pytest.mark.parametrize("word", ["skip", "xfail", "exit"])
def test_skip_in_the_submission_earns_nothing(run, word):
    results = run(
        "@pytest.mark.points(1, of='f')\ndef test_a(submission): submission.call('f')\n",
        f"import pytest\ndef f():\n    pytest.{word}('gone')\n",
    )
    assert [(result.status, result.earned) for result in results] == [("error", 0)]


def test_skip_in_the_test_earns_nothing(run):
    for line in ("pytest.skip('x')", "pytest.xfail('x')"):
        (result,) = run(f"@pytest.mark.points(1, of='f')\ndef test_a(submission): {line}\n")
        assert (result.status, result.earned) == ("error", 0)


def test_plain_pytest_reports_a_skip_as_a_failure(run, tmp_path):
    run(f"{POINT}def test_a(submission): pytest.skip('x')\n")
    command = [sys.executable, "-m", "pytest", "-p", "dlseq.grading.plugin", "-p", "no:cacheprovider", "tests"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1 and "1 failed" in result.stdout and "0 of 1 points" in result.stdout


def test_message_of_a_hidden_test_has_no_text_of_the_submission(run):
    results = run(
        "@pytest.mark.hidden\n@pytest.mark.points(1, of='f')\ndef test_a(submission): submission.call('f', 3.25)\n",
        "def f(x):\n    raise type('E' + str(int(100 * x)), (Exception,), {})(x)\n",
    )
    assert (results[0].message, results[0].place, results[0].hidden) == ("f raised an exception", "", True)


CASES = [
    (None, False, ("passed", "")),
    (Mismatch("words"), False, ("failed", "words")),
    (TimeLimitExceeded(), False, ("timeout", "f did not come to an end within 5 seconds")),
    (SubmissionError("NotImplementedError", "f"), False, ("not started", "f is not started")),
    (SubmissionError("NotImplementedError", "g"), False, ("not started", "f needs g, which is not started")),
    (SubmissionError("NotImplementedError", "g"), True, ("not started", "f is not started")),
    (SubmissionError("ValueError", "x", "line 3"), False, ("error", "f raised ValueError: x")),
    (SubmissionError("ValueError", "x", "line 3"), True, ("error", "f raised an exception")),
    (
        SubmissionError("NotImplementedError", "no 3-D input"),
        False,
        ("error", "f raised NotImplementedError: no 3-D input"),
    ),
    (SubmissionError("NotImplementedError", "C.call"), False, ("not started", "f needs C.call, which is not started")),
    (SubmissionError("Leak314", "x"), True, ("error", "f raised an exception")),
    (SubmissionError("NotPlain", "a foo"), False, ("failed", "a foo")),
    (SubmissionError("NotPlain", "a foo"), True, ("failed", "f returned something of an unexpected type")),
    (SubmissionError("Missing", "there is no f"), False, ("error", "there is no f")),
    (SubmissionError("Lost", ""), False, ("error", "the process ended while f ran")),
    (TypeError("x is 3.14"), True, ("failed", "what f returned cannot be used")),
    (TypeError("x"), False, ("failed", "what f returned cannot be used: TypeError: x")),
]


@pytest.mark.parametrize("error, hidden, expected", CASES)
def test_outcomes(error, hidden, expected):
    outcome = outcome_of(error, function="f", hint="look here", hidden=hidden, time_limit=5)
    assert (outcome.status, outcome.message) == expected
