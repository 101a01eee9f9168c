"""The pytest plugin: points, seeds, time limits, and verdicts that cannot be skipped."""

import subprocess
import sys

import pytest

from dlseq.course.exercises import exercise
from dlseq.course.layout import Course
from dlseq.grading.judge.client import mark
from dlseq.grading.plugin.verdict import verdict
from dlseq.grading.worker.executor import TimeLimitExceeded
from dlseq.testing.assertions import Mismatch
from dlseq.testing.submission import SubmissionError

NAME = "recurrent_network"
HEAD = "import pytest\nfrom dlseq.testing.assertions import check\n"


@pytest.fixture
def run(tmp_path):
    """Marks a submission by tests, both given as text."""

    def marked(tests, submission="def f(x=0):\n    return x\n", **keywords):
        course = Course(tmp_path)
        for path, text in ((course.tests(NAME), HEAD + tests), (course.solution(NAME), submission)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return mark(course, exercise(NAME), course.solutions, visible=False, **keywords)

    return marked


def test_cases_share_the_points_of_a_test_also_where_some_are_left_out(run):
    records = run(
        "@pytest.mark.points(6, of='f')\n@pytest.mark.parametrize('a', [1, 2, 3])\ndef test_a(submission, a):\n"
        "    '''It gives\n    back.'''\n    check(submission.call('f', a) == min(a, 2), 'no')\n"
        "@pytest.mark.points(1, of='f')\ndef test_b(submission): ...\n"
    )
    assert [(one.points, one.earned, one.status) for one in records] == [
        (2, 2, "passed"),
        (2, 2, "passed"),
        (2, 0, "failed"),
        (1, 1, "passed"),
    ]
    assert records[0].property == "It gives back." and records[0].function == "f" and records[0].test == "test_a[1]"


POINT = "@pytest.mark.points(1, of='f')\n"
DRAWS = "".join(
    f"@pytest.mark.points(1, of='f')\ndef test_{name}(submission, rng):\n    check(False, str(rng.random()))\n"
    for name in "abc"
)


def test_a_seed_gives_the_same_numbers_and_another_seed_others(run):
    def numbers(**keywords):
        return [one.message for one in run(DRAWS, **keywords)]

    assert numbers(seed=1) == numbers(seed=1) != numbers(seed=2)
    assert len(set(numbers(seed=1))) == 3 and numbers() != numbers()


def test_each_test_begins_with_a_fresh_submission(run):
    test = "@pytest.mark.points(1, of='f')\ndef test_{}(submission):\n    check(submission.call('f') == 1, 'no')\n"
    records = run(
        test.format("a") + test.format("b"), "calls = []\ndef f():\n    calls.append(1)\n    return len(calls)\n"
    )
    assert [one.status for one in records] == ["passed", "passed"]


def test_a_test_that_takes_too_long_is_ended_and_the_next_one_goes_on(run):
    records = run(
        f"{POINT}@pytest.mark.time_limit(0.3)\ndef test_a(submission): submission.call('f', 1)\n"
        f"{POINT}def test_b(submission): submission.call('f', 0)\n",
        "def f(x):\n    while x:\n        try:\n            x += 1\n        except Exception:\n            pass\n",
    )
    assert [one.status for one in records] == ["timeout", "passed"]
    assert records[0].message == "f did not come to an end within 0.3 seconds"


@pytest.mark.parametrize("word", ["skip", "xfail", "exit"])
def test_no_point_is_earned_by_leaving_the_test(run, word):
    records = run(
        "@pytest.mark.points(1, of='f')\ndef test_a(submission): submission.call('f')\n",
        f"import pytest\ndef f():\n    pytest.{word}('gone')\n",
    )
    assert [(one.status, one.earned) for one in records] == [("error", 0)]


def test_a_skip_in_the_test_itself_earns_nothing(run):
    for line in ("pytest.skip('x')", "pytest.xfail('x')"):
        (record,) = run(f"@pytest.mark.points(1, of='f')\ndef test_a(submission): {line}\n")
        assert (record.status, record.earned) == ("error", 0)


def test_plain_pytest_counts_a_skip_as_a_failure(run, tmp_path):
    run(f"{POINT}def test_a(submission): pytest.skip('x')\n")
    command = [sys.executable, "-m", "pytest", "-p", "dlseq.grading.plugin", "-p", "no:cacheprovider", "tests"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1 and "1 failed" in result.stdout and "0 of 1 points" in result.stdout


def test_a_hidden_test_says_nothing_that_the_submission_could_have_put_there(run):
    records = run(
        "@pytest.mark.hidden\n@pytest.mark.points(1, of='f')\ndef test_a(submission): submission.call('f', 3.25)\n",
        "def f(x):\n    raise type('E' + str(int(100 * x)), (Exception,), {})(x)\n",
    )
    assert (records[0].message, records[0].place, records[0].hidden) == ("f raised an exception", "", True)


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
def test_verdicts(error, hidden, expected):
    assert verdict(error, "f", "look here", hidden, 5)[:2] == expected
