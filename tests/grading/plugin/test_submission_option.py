"""The option --dlseq-submission of plain pytest: nothing in the submission configures pytest or is collected by it."""

import subprocess
import sys

import pytest

NAME = "recurrent_network"
TEST = """
import pytest
from dlseq.testing import check

@pytest.mark.points(1, of="f")
def test_a(submission):
    check(submission.call("f") == 1, "f does not return 1")
"""


@pytest.fixture
def run_pytest(tmp_path):
    """Function that runs pytest in a course beside a hostile submission and returns status and output."""
    eve = tmp_path / "class/eve"
    files = {
        tmp_path / "course/setup.cfg": "[tool:pytest]\naddopts = -p dlseq.grading.plugin -p no:cacheprovider\n",
        tmp_path / f"course/tests/graded/test_{NAME}.py": TEST,
        tmp_path / f"course/solutions/{NAME}.py": "def f():\n    return 1\n",
        eve / f"{NAME}.py": "def f():\n    return 2\n",
        eve / "pytest.ini": "[pytest]\naddopts = -p evil\npythonpath = .\n",
        **{
            eve / name: f"open({str(tmp_path / 'trace')!r}, 'a').write(__name__)\n"
            for name in ("evil.py", "conftest.py", f"tests/graded/test_{NAME}.py")
        },
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "class/link").symlink_to(tmp_path / "course/solutions")

    def run(*arguments):
        command = [sys.executable, "-m", "pytest", *arguments]
        done = subprocess.run(command, cwd=tmp_path / "course", capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    yield run
    assert not (tmp_path / "trace").exists(), (tmp_path / "trace").read_text()  # code of the submission, run by pytest


def test_the_form_with_an_equals_sign_reads_no_configuration_of_the_submission(run_pytest):
    """pytest took DIR for a folder of tests, and ran what the pytest.ini in it named."""
    status, output = run_pytest("--dlseq-submission=../class/eve", "tests/graded")
    assert status == 1 and "f does not return 1" in output and "0 of 1 points" in output
    assert "not confined: the submission runs as you" in output and "--dlseq-isolation sandbox confines it" in output


def test_the_form_without_an_equals_sign_is_refused(run_pytest):
    status, output = run_pytest("tests/graded", "--dlseq-submission", "../class/eve")
    assert status == pytest.ExitCode.USAGE_ERROR and "with an equals sign" in output


def test_tests_within_the_submission_are_refused(run_pytest):
    status, output = run_pytest("-c", "setup.cfg", "--dlseq-submission=../class", "../class/eve/tests/graded")
    assert status == pytest.ExitCode.USAGE_ERROR and "apart from the tests" in output


@pytest.mark.slow
def test_a_link_is_refused(run_pytest):
    status, output = run_pytest("--dlseq-submission=../class/link", "tests/graded")
    assert status == 1 and "it is a symbolic link" in output and "0 of 1 points" in output


@pytest.mark.slow
def test_own_solutions_need_no_warning(run_pytest):
    status, output = run_pytest("tests/graded")
    assert status == 0 and "1 of 1 points" in output and "not confined" not in output
