"""Output of `dlseq check` at the terminal, after a save, and in a notebook."""

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from dlseq.checking.check import check_exercise
from dlseq.checking.progress import Progress, render_progress
from dlseq.cli import app
from dlseq.course.exercises import EXERCISES, get_exercise
from dlseq.course.layout import find_course
from dlseq.course.to_notebook import to_notebook
from dlseq.grading.results import TestResult

NAME = "recurrent_network"
HERE = find_course(Path(__file__).parent)


def checked_output(course, hints=False):
    console = Console(record=True, width=120, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    console.print(render_progress([check_exercise(course, get_exercise(NAME), course.exercises)], hints))
    return " ".join(console.export_text().split())


def test_a_fresh_course_shows_the_next_step_only(course):
    text = checked_output(course)
    assert text.startswith("recurrent_network 0 of 70 points") and "next: double in" in text and "✗" not in text


def test_a_failed_test_shows_property_message_hint_and_points(course, change):
    change(course.stub(NAME), 'raise NotImplementedError("double")', "return x")
    text = checked_output(course)
    assert "✗ double 0 / 40 · double_sum 0 / 30" in text
    assert "Every value is doubled. (20 points) y is wrong in all of its values" in text
    assert "hint: Nothing happened." in text and "Traceback" not in text


def test_an_exception_shows_its_line_in_the_submission(course, change):
    change(course.stub(NAME), 'raise NotImplementedError("double")', "return x[9, 9]")
    line = course.stub(NAME).read_text().split("return x[9, 9]")[0].count("\n") + 1
    text = checked_output(course)
    assert (
        f"raised IndexError: too many indices for array: array is 1-dimensional, but 2 were indexed (line {line})"
        in text
    )


def test_a_dependency_that_is_not_started_is_named(course, change):
    change(course.stub(NAME), 'raise NotImplementedError("double_sum")', "return double(x).sum()")
    text = " ".join(result.message for result in check_exercise(course, get_exercise(NAME), course.exercises).results)
    assert "double_sum needs double, which is not started" in text


def test_a_complete_exercise_passes(course):
    course.stub(NAME).write_text(course.solution(NAME).read_text())
    assert "Everything here passes." in checked_output(course)


def test_a_process_exit_fails_its_test_with_a_message(course, change):
    change(course.stub(NAME), 'raise NotImplementedError("double")', "import os; os._exit(0)")
    assert "the process ended" in checked_output(course)


def test_hints_list_each_test_once(course, change):
    change(course.stub(NAME), 'raise NotImplementedError("double")', "return x")
    change(course.stub(NAME), 'raise NotImplementedError("double_sum")', "return 1.0")
    text = checked_output(course, hints=True)
    assert text.count("hint: Nothing happened.") == 1 and text.count("hint: Add up.") == 1


def test_a_file_that_cannot_run_is_reported_once(course):
    course.stub(NAME).write_text("def double(x) return 2 * x\n")
    text = checked_output(course, hints=True)
    assert text.count("SyntaxError: expected ':' (") == 1 and text.count("0 of 70 points") == 1


def test_a_statement_that_fails_is_noted(course, change):
    change(course.stub(NAME), "import numpy as np", "import numpy as np\nimport no_such_package")
    change(course.stub(NAME), 'raise NotImplementedError("double")', "return 2 * x")
    text = checked_output(course)
    assert text.count("failed with ModuleNotFoundError: No module named 'no_such_package'.") == 1


def test_an_exception_in_several_tests_is_listed_once(course, change):
    def error(test, place):
        return TestResult(NAME, "double", test, "It doubles.", 1.0, "error", "double raised NameError", "Look.", place)

    results = (error("test_one", "line 3"), error("test_two", "line 3"), error("test_three", "line 9"))
    console = Console(record=True, width=80, file=io.StringIO())
    console.print(render_progress([Progress(get_exercise(NAME), course.stub(NAME), results)], hints=True))
    assert console.export_text().count("raised NameError (line 3)") == 1


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_heading_of_an_exercise_fits_80_columns(exercise):
    assert len(f"{exercise.name}  100 of 100 points  {exercise.title}") <= 80


@pytest.fixture
def dlseq(course, monkeypatch):
    monkeypatch.chdir(course.root)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_the_exit_status_is_1_until_everything_passes(course, dlseq):
    result = dlseq("check")
    assert result.exit_code == 1 and "\x1b" not in result.output
    assert f"next: double in exercises/{NAME}.py" in result.output
    assert dlseq("check", "--dir", "solutions").exit_code == 0


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["check", "recurent_network"], "Did you mean recurrent_network?"),
        (["check", "--dir", "nowhere"], "Expected an existing folder. Received: nowhere"),
        (["release", "--notebooks"], "Expected a folder to write"),
        (["prove", "--sample", "3"], "together with --mutants"),
    ],
)
def test_invalid_arguments_are_refused_with_a_message(dlseq, arguments, message):
    assert message in str(dlseq(*arguments).exception)


def test_outside_of_a_course_the_error_names_the_remedy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "Change to the folder of the course" in str(CliRunner().invoke(app, ["check"]).exception)


@pytest.mark.slow
def test_release_and_prove_from_the_command_line(course, dlseq, tmp_path):
    assert "all stubs are up to date" in dlseq("release").output
    assert "Cannot find the solution of language_model" in str(
        dlseq("release", "--exercise", "language_model").exception
    )
    course.stub(NAME).unlink()
    assert f"updated: {NAME}" in dlseq("release").output
    assert "README.md" in dlseq("release", str(tmp_path / "out")).output
    result = dlseq("prove", NAME)
    assert result.exit_code == 0 and "nothing leaks" in result.output
    course.stub(NAME).write_text("")
    assert dlseq("prove", NAME).exit_code == 1


def test_a_save_is_checked_within_seconds(course):
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "120"}
    command = [sys.executable, "-c", "from dlseq.cli import main; main()", "check", "--watch"]
    process = subprocess.Popen(  # started by a shell in the background, tests ignore Ctrl-C, and so would this
        command,
        cwd=course.root,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  (no threads here)
    )
    try:
        wait_for(process, "watching")
        time.sleep(0.5)
        course.stub(NAME).write_text(course.solution(NAME).read_text())
        saved = time.monotonic()
        wait_for(process, "Everything here passes.")
        assert time.monotonic() - saved < 8  # an idle machine needs less than two; this one may be busy
        process.send_signal(signal.SIGINT)
        assert process.wait(20) in (0, 130)
    finally:
        process.kill()
        process.stdout.close()


def wait_for(process, text):
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(f"expected {text!r} in the output")


def executed(text, folder):
    nbclient = pytest.importorskip("nbclient")
    import nbformat

    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}  # other tests set it
    notebook = nbformat.reads(to_notebook(text), as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute(
        env=environment
    )
    return json.dumps(notebook.cells)


def test_a_notebook_is_graded_by_its_functions(course):
    text = course.solution(NAME).read_text()
    last = "\n# %%\nfrom dlseq.checking.notebook import check\ncheck('recurrent_network')\n"
    assert "70 of 70 points" in executed(text + last, course.exercises)
    wrong = text.replace("number * 2", "number * 3")
    output = executed(wrong + last, course.exercises)
    assert "0 of 70 points" in output and "y is wrong in all of its values" in output


def test_the_state_of_a_notebook_does_not_affect_the_points(course):
    """A layer that the training had built had other shapes than the tests: a correct function earned no points."""
    text = "seen = []\n\n# %%\n" + course.solution(NAME).read_text().replace("* 2", "* (3 if seen else 2)")
    assert "3 if seen" in text
    last = "\n# %%\nseen.append(1)\n# %%\nimport dlseq\ndlseq.check('recurrent_network')\n"
    assert "70 of 70 points" in executed(text + last, course.exercises)


def test_a_notebook_without_the_functions_checks_the_file(course):
    output = executed("import dlseq\ndlseq.check('recurrent_network')\n", course.exercises)
    assert "0 of 70 points" in output and "double in recurrent_network.py" in output


def test_a_file_that_calls_check_is_checked_once(course):
    asks = "\nimport dlseq\ndlseq.check('recurrent_network')\n"
    course.stub(NAME).write_text(course.solution(NAME).read_text() + asks)
    assert "Everything here passes." in checked_output(course)


# Shorter training runs for the test: (text in the solution, replacement). `tests/authoring` runs some lessons in full.
SHORTENED = {
    "attention_layer": [("EXAMPLES = 8, 4096", "EXAMPLES = 8, 256"), ("epochs=8", "epochs=1")],
    "date_normalization": [("date_pairs(4000", "date_pairs(200"), ("epochs=4", "epochs=1")],
    "encoder_decoder": [("32, 64, 7, 32", "32, 64, 1, 32"), ("lesson_pairs(1000", "lesson_pairs(300")],
    "image_captioning": [
        ("captioned_scenes(3000)", "captioned_scenes(1000)"),
        ('captioned_scenes(600, "test")', 'captioned_scenes(200, "test")'),
        ("UNITS, BATCH_SIZE, EPOCHS = 64, 64, 20", "UNITS, BATCH_SIZE, EPOCHS = 64, 32, 6"),
        ("test_features[:100]", "test_features[:5]"),
    ],
    "music_generation": [("epochs=20", "epochs=1")],
    "name_generation": [("num_iterations=6001", "num_iterations=61"), ("epochs=12", "epochs=1")],
    "rnn_architectures": [("epochs=20", "epochs=2"), ("epochs=10", "epochs=1")],
    "sentiment": [("EPOCHS, BATCH_SIZE = 7, 32", "EPOCHS, BATCH_SIZE = 1, 32")],
    "visual_question_answering": [
        (
            'lesson_questions(6000), lesson_questions(1500, "test")',
            'lesson_questions(1500), lesson_questions(400, "test")',
        ),
        ("BATCH_SIZE, EPOCHS = 128, 8", "BATCH_SIZE, EPOCHS = 32, 2"),
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(HERE.solutions.glob("*.py")), ids=lambda path: path.stem)
def test_a_solution_runs_as_a_notebook_and_passes(path):
    text = path.read_text("utf-8")
    for old, new in SHORTENED.get(path.stem, []):
        assert old in text
        text = text.replace(old, new)
    with tempfile.TemporaryDirectory(dir=HERE.root) as folder:  # some lessons write files
        output = executed(text, folder)
    assert "Everything here passes." in output and "image/png" in output
