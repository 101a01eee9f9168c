"""Marks do not depend on the settings of whoever grades or checks.

With floatx float16 in `keras.json` right answers earned 32 and 72 of 100 points; with KERAS_BACKEND=jax nobody was
graded.
"""

import json
import os
import subprocess
import sys

import pytest

from dlseq.course.layout import find_course
from dlseq.grading.worker.environment import FIXED_VARIABLES

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name
SETTINGS = {
    "none": {},
    "keras.json": {"HOME": "{}/home"},
    "Keras backend": {"KERAS_BACKEND": "jax", "TF_USE_LEGACY_KERAS": "1", "PYTEST_ADDOPTS": "--collect-only"},
    "locale and time": {"LC_ALL": "C", "LANG": "C", "TZ": "Asia/Kathmandu"},
    "Python and threads": {
        "PYTHONPATH": "{}/modules",
        "PYTHONHASHSEED": "7",
        "PYTHONOPTIMIZE": "1",
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
        "MKL_NUM_THREADS": "2",
    },
}
NONE_AND_ALL = {"none": {}, "all": {name: text for case in SETTINGS.values() for name, text in case.items()}}
FLOAT16 = {"floatx": "float16", "backend": "jax", "image_data_format": "channels_first"}
# A factor that differs with the settings of its process. Messages show it: as the reference's value, of the judge, and
# as the submission's value, of the worker.
FACTOR = """(lambda os, locale, sys, time, zlib: zlib.crc32(repr((
        hash("a"), time.localtime(0).tm_hour, locale.setlocale(locale.LC_ALL, ""), sys.flags, "planted" in sys.modules,
        sorted((name, value) for name, value in os.environ.items() if name not in {places}),
        os.path.exists(os.path.join(os.environ.get("KERAS_HOME", os.path.expanduser("~/.keras")), "keras.json")),
    )).encode()) % 9973)(*map(__import__, ("os", "locale", "sys", "time", "zlib")))""".replace(
    "{places}", '("PATH", "HOME", "TMPDIR", "KERAS_HOME", "PYTEST_CURRENT_TEST")'
)


@pytest.fixture
def outputs(tmp_path):
    """Function that runs a command of dlseq under each set of settings and returns what it has written."""
    (tmp_path / "home" / ".keras").mkdir(parents=True)
    (tmp_path / "home" / ".keras" / "keras.json").write_text(json.dumps(FLOAT16))
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "sitecustomize.py").write_text("import planted")
    (tmp_path / "modules" / "planted.py").write_text("")
    inherited = {name: value for name, value in os.environ.items() if name not in FIXED_VARIABLES}
    inherited["HOME"] = str(tmp_path)

    def run(arguments, folder, settings):
        written = {}
        for case, variables in settings.items():
            variables = {name: value.format(tmp_path) for name, value in variables.items()}
            command = [sys.executable, "-c", "from dlseq.cli import main; main()", *arguments]
            if arguments[0] == "grade":
                command += ["--out", str(tmp_path / case), "--format=junit"]
            done = subprocess.run(command, cwd=folder, env={**inherited, **variables}, capture_output=True, check=False)
            results = [stable_bytes(path) for path in sorted((tmp_path / case).glob("results/*.json"))]
            written[case] = results or [done.stdout + done.stderr]
        return written

    return run


def stable_bytes(path):
    """A result file without durations and memory."""
    result = json.loads(path.read_bytes())
    for exercise in result["exercises"]:
        del exercise["seconds"], exercise["memory"]
        for test in exercise["tests"]:
            del test["seconds"]
    return json.dumps(result).encode()


@pytest.mark.slow
def test_results_are_equal_under_all_settings(outputs, hand_in, small_course):
    folder = hand_in(ada=("number * 2", f"number * {FACTOR}"))
    change_solution(small_course)
    arguments = ["grade", str(folder), f"--exercise={NAME}", "--isolation=process", "--seed=5"]
    found = outputs(arguments, small_course.root, SETTINGS)
    assert b"wrong in all of its values" in found["none"][0]
    assert found == dict.fromkeys(found, found["none"])


def test_check_prints_the_same_under_all_settings(outputs, small_course, change):
    change_solution(small_course)
    text = small_course.solution(NAME).read_text()
    small_course.stub(NAME).write_text(text.replace("x.sum()", "x.mean()").replace(f"* {FACTOR}", f"* 3 * {FACTOR}"))
    found = outputs(["check", NAME, "--hint", "--seed=5"], small_course.root, NONE_AND_ALL)
    assert b"wrong in all of its values" in found["none"][0]
    assert found == dict.fromkeys(found, found["none"])


def change_solution(course):
    text = course.solution(NAME).read_text()
    assert "number * 2" in text
    course.solution(NAME).write_text(text.replace("number * 2", f"number * 5 * {FACTOR}"))


@pytest.mark.slow
def test_keras_exercise_earns_the_same_under_all_settings(outputs, tmp_path):
    """Here all of them at once, for each grading imports Keras twice; the test above sets them one by one."""
    course, name = find_course(solutions=True), "attention_layer"
    text = course.solution(name).read_text()
    for student, changed in {"ada": text, "bob": text.replace("ops.matmul(value, self.key_kernel)", "value")}.items():
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / f"{name}.py").write_text(changed)
    arguments = ["grade", str(tmp_path / "class"), f"--exercise={name}", "--isolation=process", "--seed=1"]
    found = outputs(arguments, course.root, NONE_AND_ALL)
    assert found == dict.fromkeys(found, found["none"])
    ada, bob = map(json.loads, found["none"])
    assert ada["earned"] == 100 > bob["earned"]
    assert (ada["versions"]["keras_backend"], ada["versions"]["floatx"]) == ("tensorflow", "float32")
