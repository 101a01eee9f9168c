"""The wheel of a hand-out: its members, leaks that a hand-made one has, and a new student who installs from it."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import dlseq
from dlseq.authoring.leaks import find_wheel_leaks
from dlseq.authoring.release import write_release
from dlseq.authoring.wheel import WHEEL_NAME, build_wheel
from dlseq.course.exercises import EXERCISES, get_exercise
from dlseq.course.layout import find_course
from dlseq.errors import DlseqError

NAME = "recurrent_network"  # the small course of conftest.py has this name
HERE = find_course(Path(__file__).parent)
PACKAGE = Path(dlseq.__file__).parent


@pytest.fixture
def wheel_of(tmp_path):
    """Write a zip archive of members, by name."""

    def write(**members):
        with zipfile.ZipFile(tmp_path / WHEEL_NAME, "w") as archive:
            for name, text in {"dlseq/a.py": "", "dlseq-1.dist-info/METADATA": "", **members}.items():
                archive.writestr(name, text)
        return tmp_path / WHEEL_NAME

    return write


def test_a_solution_or_hidden_test_in_a_wheel_is_found(course, wheel_of, change):
    change(
        course.solution(NAME),
        "return float(double(x).sum())",
        "total = double(x)\n    total = total.sum()\n    return total",
    )
    block = "    total = double(x)\n        total = total.sum()\n    return total"
    assert find_wheel_leaks(course, [NAME], wheel_of()) == []
    for member, text, leak in (
        ("solutions/a.py", "", "is no part of the package"),
        ("dlseq.py", "", "is no part of the package"),
        ("dlseq/b.py", block, "the solution of recurrent_network"),
        ("dlseq/b.txt", "test_hidden_doubling", "a hidden test of recurrent_network"),
        ("dlseq/b.txt", "Arrays of any size are doubled.", "a hidden test of recurrent_network"),
    ):
        (found,) = find_wheel_leaks(course, [NAME], wheel_of(**{member: text}))
        assert found.startswith(member) and found.endswith(leak)


def test_a_failed_build_is_an_error_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr("dlseq.authoring.wheel.BUILD", "raise SystemExit('no setuptools here')")
    monkeypatch.setattr("dlseq.authoring.wheel.copy_package", lambda folder: None)
    with pytest.raises(DlseqError, match=r"no setuptools here\nRun: pip install --upgrade setuptools"):
        build_wheel(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_installation_without_sources_builds_no_wheel(tmp_path, monkeypatch):
    monkeypatch.setattr(dlseq, "__file__", str(tmp_path / "dlseq/__init__.py"))
    with pytest.raises(DlseqError, match="expected dlseq to be installed from a checkout"):
        build_wheel(tmp_path)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.mark.slow
def test_the_wheel_is_the_package_without_solutions_and_hidden_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        members = {name for name in archive.namelist() if name.startswith("dlseq/")}
    files = {path.relative_to(PACKAGE.parent).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    assert members == {name for name in files if "__pycache__" not in name}
    assert find_wheel_leaks(HERE, [exercise.name for exercise in EXERCISES], wheel) == []


@pytest.mark.slow
def test_the_same_sources_give_the_same_wheel(wheel, tmp_path):
    assert build_wheel(tmp_path).read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_a_new_student_gets_on_with_the_folder_and_its_readme_alone(wheel, tmp_path):
    """The README's command installed `dlseq[course]` from PyPI, where there is no dlseq."""
    folder = tmp_path / "handed"
    write_release(HERE, folder, seed=3, exercises=[get_exercise(NAME)], wheel=wheel)
    readme = (folder / "README.md").read_text()
    commands = re.findall(r"^    ((?:python3|\.|pip|dlseq) .*?)(?:  +#.*)?$", readme, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["python3", ".", "pip", "dlseq", "dlseq", "dlseq"]
    commands[0] = commands[0].replace("python3", sys.executable)  # of a supported version
    commands[3:] = [f"dlseq check {NAME}"]
    ours = ("PYTHON", "VIRTUAL_ENV", "DLSEQ", "KERAS")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment["PIP_COMPILE"] = "0"  # to bytecode; `dlseq check` imports a small part of what is installed
    script = "\n".join(commands)
    done = subprocess.run(
        ["bash", "-c", f"set -e\n{script}"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr  # 1: something is left to do
    assert f"{NAME}  0 of 70 points" in done.stdout
