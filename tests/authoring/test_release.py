"""A released folder is complete for students and leaks nothing of solutions or hidden tests."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dlseq.authoring.leaks import find_leaks
from dlseq.authoring.release import refresh_stubs, stale_stubs, write_release
from dlseq.authoring.wheel import WHEEL_NAME
from dlseq.course.exercises import get_exercise
from dlseq.course.layout import Course, find_course
from dlseq.course.visible_tests import remove_hidden_tests
from dlseq.errors import DataError, DlseqError
from dlseq.grading.judge.client import run_tests

NAME = "recurrent_network"
HERE = find_course(Path(__file__).parent)


def test_the_stubs_of_this_checkout_are_up_to_date():
    assert stale_stubs(HERE) == [], "run: dlseq release"


def test_an_edited_stub_is_stale_and_refreshed(course):
    assert stale_stubs(course) == []
    course.stub(NAME).write_text("x = 1\n")
    assert stale_stubs(course) == [NAME] == refresh_stubs(course)
    assert stale_stubs(course) == []


@pytest.fixture
def folder(course, tmp_path):
    write_release(course, tmp_path / "handed", seed=3)
    return tmp_path / "handed"


def test_a_release_holds_exercises_visible_tests_and_a_readme(folder):
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "README.md",
        "pytest.ini",
        f"exercises/{NAME}.py",
        f"tests/graded/test_{NAME}.py",
        f"tests/graded/expected/{NAME}.bin",
    }


def test_the_wheel_stands_beside_the_exercises_and_the_readme_installs_it(course, tmp_path):
    (tmp_path / "built").write_bytes(b"a wheel")
    write_release(course, tmp_path / "handed", seed=3, wheel=tmp_path / "built")
    assert (tmp_path / "handed" / WHEEL_NAME).read_bytes() == b"a wheel"
    assert f'pip install "./{WHEEL_NAME}[course]"\n' in (tmp_path / "handed/README.md").read_text()
    assert r" .venv\Scripts\activate" in (tmp_path / "handed/README.md").read_text()
    assert find_leaks(course, NAME, tmp_path / "handed") == []


def test_nothing_leaks_and_added_leaks_are_found(course, folder):
    assert find_leaks(course, NAME, folder) == []
    tests = folder / f"tests/graded/test_{NAME}.py"
    for secret in (
        "doubled_array = secret_helper(x)",
        "### END SOLUTION",
        "test_hidden_doubling",
        "x = rng.normal(size=UNSEEN_SIZE)",
    ):
        text = tests.read_text()
        tests.write_text(text + f"\n# {secret}\n")
        assert find_leaks(course, NAME, folder) != [], secret
        tests.write_text(text)
    (folder / "notes.txt").write_text("")
    assert len(find_leaks(course, NAME, folder)) == 1


def test_visible_tests_grade_without_the_solutions(course, folder):
    student = Course(folder)
    for text, points in ((course.solution(NAME).read_text(), 70), (course.stub(NAME).read_text(), 0)):
        student.stub(NAME).write_text(text)
        results = run_tests(student, get_exercise(NAME), student.exercises)
        assert sum(result.earned for result in results) == points
        assert sum(result.points for result in results) == 70


def test_hints_are_the_same_with_and_without_the_solutions(course, folder, change):
    change(folder / f"exercises/{NAME}.py", 'raise NotImplementedError("double")', "return x")
    for place in (course, Course(folder)):
        results = run_tests(place, get_exercise(NAME), folder / "exercises")
        assert [result.hint for result in results][:2] == ["Nothing happened."] * 2


def test_a_seed_other_than_the_recorded_one_is_refused(folder):
    results = run_tests(Course(folder), get_exercise(NAME), Course(folder).exercises, seed=4)
    assert {result.status for result in results} == {"not started"}
    (folder / f"exercises/{NAME}.py").write_text("def double(x): return 2 * x\ndef double_sum(x): return 2 * x.sum()")
    results = run_tests(Course(folder), get_exercise(NAME), Course(folder).exercises, seed=4)
    assert all("recorded with seed 3" in result.message for result in results if "sum" not in result.function)


@pytest.mark.slow
def test_plain_pytest_works_in_the_folder(folder):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "recurrent_network: 0 of 70 points" in result.stdout and "repeat with --dlseq-seed 3" in result.stdout
    assert "double is not started" in result.stdout and "Traceback" not in result.stdout


def test_notebooks_replace_scripts(course, tmp_path):
    write_release(course, tmp_path / "handed", notebooks=True, seed=3)
    student = Course(tmp_path / "handed")
    notebook = student.stub(NAME).with_suffix(".ipynb")
    assert [path.name for path in student.exercises.iterdir()] == [notebook.name]
    cells = json.loads(notebook.read_text())["cells"]
    assert [cell["cell_type"] for cell in cells] == ["code", "markdown", "code", "code", "code"]
    assert WHEEL_NAME in "".join(cells[0]["source"])
    assert find_leaks(course, NAME, student.root) == []
    cells[3]["source"] = ["%timeit 1\n", "def double(x):\n", "    return 2 * x\n"]
    notebook.write_text(json.dumps({"cells": cells}))
    results = run_tests(student, get_exercise(NAME), student.exercises)
    assert [result.status for result in results] == ["passed", "passed", "not started"]


def test_a_folder_that_is_not_empty_is_refused(course, tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "mine.py").write_text("mine")
    for place in (tmp_path / "work", tmp_path / "work" / "mine.py", tmp_path / "no" / "where"):
        with pytest.raises(DlseqError):
            write_release(course, place)
    assert (tmp_path / "work" / "mine.py").read_text() == "mine"


def test_a_course_with_a_failing_solution_is_not_released(course, tmp_path, change):
    change(course.tests(NAME), "2 * float(x.sum())", "3 * float(x.sum())")
    with pytest.raises(DlseqError, match="to pass its own tests"):
        write_release(course, tmp_path / "handed")
    assert not (tmp_path / "handed").exists()


def test_helpers_of_hidden_tests_are_removed():
    text = """import math
import os, sys

A, B = 1, 2
C = 3


def helper():
    return math.pi + A


def chain():
    return other()


def other():
    return os.name, C


def test_seen(fixture):
    helper()
    sys.exit


@pytest.fixture
def fixture(): ...


@pytest.mark.hidden
def test_unseen():
    chain()
"""
    assert remove_hidden_tests(text) == (
        "import math\nimport sys\n\nA, B = 1, 2\n\n\ndef helper():\n    return math.pi + A\n\n\n"
        "def test_seen(fixture):\n    helper()\n    sys.exit\n\n\n@pytest.fixture\ndef fixture(): ...\n"
    )


def test_a_hidden_marker_that_cannot_be_removed_is_refused():
    for text in (
        "class TestA:\n    @pytest.mark.hidden\n    def test_b(self): ...\n",
        "@pytest.mark.parametrize('a', [pytest.param(1, marks=pytest.mark.hidden)])\ndef test_a(a): ...\n",
        "pytestmark = pytest.mark.hidden\n",
    ):
        with pytest.raises(DataError, match="top level only"):
            remove_hidden_tests(text)
