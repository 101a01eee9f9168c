"""An installed dlseq changes nothing in the pytest runs of other projects."""

import importlib.metadata
import os
import re
import subprocess
import sys

import pytest

CONFTEST = """
import pytest

def pytest_addoption(parser):
    for name in ("seed", "submission", "isolation", "time-limit"):
        parser.addoption(f"--{name}", default=name)

@pytest.fixture
def submission(request):
    return request.config.getoption("--submission")
"""
TESTS = """
def test_seed(request):
    assert request.config.getoption("--seed") == "seed"

def test_failure(submission):
    assert submission == "a message"
"""
OTHER_PLUGINS = [  # they print the same in both runs and take most of their time
    f"-pno:{point.name}" for point in importlib.metadata.entry_points(group="pytest11") if point.dist.name != "dlseq"
]
PLAIN = "import sys, pytest; sys.exit(pytest.main())"
WITHOUT_DLSEQ = """
import importlib.metadata, sys
distributions = importlib.metadata.distributions
importlib.metadata.distributions = lambda **keys: (d for d in distributions(**keys) if d.metadata["Name"] != "dlseq")
sys.modules["dlseq"] = None
"""


@pytest.fixture
def project(tmp_path):
    """A folder of a project with options of the names that dlseq once claimed."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_other.py").write_text(TESTS)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [["-v"], *(pytest.param([name], marks=pytest.mark.slow) for name in ("--help", "--markers", "--fixtures"))],
    ids=str,
)
def test_foreign_project_prints_the_same_bytes(project, arguments):
    """Its conftest died of "argument --seed: conflicting option string", and each run printed a header of dlseq."""

    def output(program):
        command = [sys.executable, "-P", "-c", program, "-p", "no:cacheprovider", *OTHER_PLUGINS, *arguments]
        plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        result = subprocess.run(command, cwd=project, env=plain, capture_output=True, check=False)
        stdout = re.sub(rb"=+([^=\n]* in )\d+\.\d+s[^=\n]*=+", rb"\1time", result.stdout)  # the frame fits the time
        return result.returncode, stdout, result.stderr

    installed = output(PLAIN)
    assert installed == output(WITHOUT_DLSEQ + PLAIN)
    if arguments == ["-v"]:
        assert installed[0] == 1 and b"1 failed, 1 passed" in installed[1] and installed[2] == b""


def test_distribution_declares_no_pytest_plugin():
    names = {point.name for point in importlib.metadata.distribution("dlseq").entry_points if point.group == "pytest11"}
    assert names == set(), "if this is an old installation, run `pip install -e .` again"


def test_plugin_loaded_by_name_is_silent_without_graded_tests(project):
    """The header came with every run; now it comes with graded tests."""
    command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", "-p", "dlseq.grading.plugin"]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert result.returncode == 1 and "1 failed, 1 passed" in result.stdout
    assert "graded tests" not in result.stdout and "points" not in result.stdout
