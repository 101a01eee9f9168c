"""Gradescope autograder: its files, and its run in a root file system like the platform's."""

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

import dlseq
from dlseq.authoring.gradescope import write_autograder
from dlseq.course.layout import find_course
from dlseq.errors import DlseqError
from dlseq.grading.sandbox.sandbox import Sandbox, SandboxError

NAME = "recurrent_network"  # the small course of conftest.py has this name
HERE = Path(__file__).parents[2]


def _load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONTAINER = _load(HERE / "benchmarks/container.py")


def files_of(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_folder_holds_package_tests_and_solutions_only(small_course, tmp_path):
    for extra in ("tests/conftest.py", "tests/graded/expected/a.bin", "tests/graded/__pycache__/a.pyc", "notes.md"):
        (small_course.root / extra).parent.mkdir(exist_ok=True, parents=True)
        (small_course.root / extra).write_text("x")
    (small_course.graded / "weights").mkdir()
    (small_course.graded / "weights/a.npz").write_text("x")
    written = write_autograder(small_course, tmp_path / "new")
    assert files_of(tmp_path / "new") == {str(path) for path in written}
    package = {path for path in files_of(tmp_path / "new") if path.startswith("package/")}
    assert files_of(tmp_path / "new") - package == {
        "setup.sh",
        "run_autograder",
        f"course/solutions/{NAME}.py",
        f"course/tests/graded/test_{NAME}.py",
        "course/tests/graded/weights/a.npz",
    }
    ours = {f"package/dlseq/{name}" for name in files_of(Path(dlseq.__file__).parent) if "__pycache__" not in name}
    about = {f"package/{name}" for name in ("setup.cfg", "pyproject.toml", "constraints.txt", "README.md", "LICENSE")}
    assert package == ours | about
    for program in ("setup.sh", "run_autograder"):
        assert os.access(tmp_path / "new" / program, os.X_OK)


def test_data_files_of_the_tests_are_copied(tmp_path):
    """The weights of this checkout are there, and only the named exercise."""
    written = {str(path) for path in write_autograder(find_course(HERE), tmp_path / "new", ["date_normalization"])}
    weights = {f"course/tests/graded/weights/{name}" for name in files_of(HERE / "tests/graded/weights")}
    assert {path for path in written if path.startswith("course/")} >= weights | {
        "course/solutions/date_normalization.py",
        "course/tests/graded/test_date_normalization.py",
        "course/tests/graded/ko/date_normalization.po",
    }
    assert not [path for path in written if "language_model" in path and path.startswith("course/")]
    assert "--language en --exercise date_normalization\n" in (tmp_path / "new/run_autograder").read_text()


def test_an_invalid_request_raises_and_leaves_no_files(small_course, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine").write_text("x")
    for folder, names, isolation, message in (
        ("full", [NAME], "sandbox", "to be a new or empty folder"),
        ("no/where", [NAME], "sandbox", "does not exist. Create it first"),
        ("new", ["language_model"], "sandbox", "Cannot find graded tests and a solution of language_model"),
        ("new", [NAME], "jail", "Expected one of: sandbox, process. Received: 'jail'"),
    ):
        with pytest.raises(DlseqError, match=message):
            write_autograder(small_course, tmp_path / folder, names, isolation)
    assert {path.name for path in tmp_path.iterdir()} == {"full", "course"} and files_of(tmp_path / "full") == {"mine"}


@pytest.fixture
def platform(small_course, tmp_path):
    """Run `run_autograder` as the platform does, in an otherwise empty root, with this environment's packages."""
    try:
        with Sandbox([], "sandbox") as sandbox:
            sandbox.start_worker().close()
    except SandboxError as error:
        pytest.skip(f"an empty root is made by bubblewrap: {error}")

    def run(upload, isolation="sandbox", rights="all"):
        place = tmp_path / f"autograder-{isolation}"
        if not place.exists():
            place.mkdir()
            write_autograder(small_course, place / "source", [NAME], isolation)
            (place / "venv").symlink_to(sys.prefix)
        for name in ("submission", "results"):
            shutil.rmtree(place / name, ignore_errors=True)
            (place / name).mkdir()
        for name, text in upload.items():
            (place / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
            (place / "submission" / name).write_text(text)
        shutil.copy(place / "source/run_autograder", place / "run_autograder")
        options = [*CONTAINER.host_system_arguments(), "--bind", str(place), "/autograder"]
        for prefix in {sys.base_prefix, sys.prefix} - {"/usr"}:
            options += ["--ro-bind", prefix, prefix]
        environment = {"PYTHONPATH": "/autograder/source/package"}  # instead of the installation by setup.sh
        command = ["/autograder/run_autograder"]
        done = CONTAINER.run_inside(options, command, rights, environment, capture_output=True, text=True)
        results = place / "results/results.json"
        return done, json.loads(results.read_text()) if results.is_file() else None

    return run


def test_a_submission_is_graded_into_gradescope_results(platform, small_course):
    text = small_course.solution(NAME).read_text()
    done, results = platform({f"{NAME}.py": text})
    assert done.returncode == 0, done.stdout + done.stderr
    assert results["score"] == 100 and type(results["execution_time"]) is float and results["visibility"] == "visible"
    assert {key: type(value) for key, value in results.items() if key != "tests"} == {
        **dict.fromkeys(["score", "execution_time"], float),
        **dict.fromkeys(["output", "output_format", "test_output_format", "test_name_format"], str),
        **dict.fromkeys(["visibility", "stdout_visibility"], str),
    }
    assert results["stdout_visibility"] == "hidden" and len(results["tests"]) == 3
    for test in results["tests"]:
        assert test["score"] == test["max_score"] and test["status"] == "passed" and test["visibility"] == "visible"
        assert set(test) == {
            "score",
            "max_score",
            "status",
            "name",
            "number",
            "output",
            "output_format",
            "tags",
            "visibility",
        }
    _, wrong = platform({"my answers/recurrent_network.py": text.replace("* 2", "* 3"), "thesis.pdf": "x"})
    assert wrong["score"] == 0 and sum(test["max_score"] for test in wrong["tests"]) == 100
    assert any("y is wrong in all of its values" in test["output"] for test in wrong["tests"])


def test_a_missing_or_ambiguous_file_scores_zero_with_a_message(platform, small_course):
    done, results = platform({"thesis.pdf": "x"})
    assert done.returncode == 0 and results["score"] == 0 and f"there is no file for {NAME}" in results["output"]
    text = small_course.solution(NAME).read_text()
    done, results = platform({"ada/recurrent_network.py": text, "bob/recurrent_network.py": text})
    assert done.returncode == 0 and results["score"] == 0 and "there are several files" in results["output"]


def test_no_sandbox_is_an_error_and_not_a_zero(platform, small_course):
    """Docker lets no process create namespaces by default, not even root."""
    upload = {f"{NAME}.py": small_course.solution(NAME).read_text()}
    done, results = platform(upload, rights="docker")
    assert done.returncode != 0 and results is None and "Traceback" not in done.stderr
    assert done.stderr.startswith("dlseq: ") and "--isolation process" in done.stderr
    assert "No permissions" in done.stderr or "not permitted" in done.stderr
    done, results = platform(upload, "process", "docker")
    assert done.returncode == 0, done.stderr
    assert results["score"] == 100 and "Graded without a sandbox" in results["output"]


def test_a_grading_failure_is_not_a_zero(platform, small_course):
    small_course.tests(NAME).write_text("import nowhere\n")
    done, results = platform({f"{NAME}.py": small_course.solution(NAME).read_text()})
    assert done.returncode == 2 and results is None
    assert done.stderr.startswith("dlseq: Cannot grade any submission.") and done.stderr.endswith("named 'nowhere'\n")
