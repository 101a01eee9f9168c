"""Commands on other backends of Keras and under other settings: the same dates, the same names for a seed."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

DATES = ["July 20th 1969", "23 April, 1564", "03.05.1979", "2016년 8월 21일"]
NAMES = ["--count", "40", "--seed", "3", "--temperature", "0.8", "--top-p", "0.95"]
RUN = """
import contextlib, io, json, sys
import dlseq.cli

found = []
for arguments in json.loads(sys.argv[1]):
    sys.argv, out, err, status = ["dlseq", *arguments], io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            dlseq.cli.main()
        except SystemExit as leaving:
            status = leaving.code or 0
    found.append((status, out.getvalue(), err.getvalue()))
if "keras" in sys.modules:
    import keras
    print(keras.config.backend(), file=sys.stderr)
print(json.dumps(found))
"""
COMMANDS = [
    ["dates", "--json", *DATES],
    ["dates", "--json", "--beam-width", "3", *DATES * 5],  # so many are decoded by a compiled search
    ["names", "--json", *NAMES],
    ["names", "--json", "--corpus", "english", "--start", "Jo", "--count", "3", "--seed", "5"],
    ["names", "--json", "--score", "Tyrannosaurus", "Bob"],
]
TRAIN = [
    ["train", "dates", "--data", "dates.csv", "--epochs", "2", "--out", "dates.keras"],
    ["train", "names", "--data", "names.txt", "--epochs", "2", "--out", "names.keras"],
    ["dates", "--model", "dates.keras", "--json", *DATES[:1]],
    ["names", "--model", "names.keras", "--json", "--count", "2", "--seed", "1"],
]


def run(commands, folder, **variables):
    """Results of commands in a new process: exit status, standard output and standard error of each."""
    child = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(commands)],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-3000:]
    backend = variables.get("KERAS_BACKEND", "tensorflow")
    assert any(status for status, _, _ in json.loads(child.stdout)) or child.stderr.split()[-1] == backend
    return json.loads(child.stdout)


def numbers_and_rest(value):
    """All numbers of a JSON value, in order, and the value without them."""
    numbers = []

    def strip(value):
        if isinstance(value, dict):
            return {name: strip(item) for name, item in value.items()}
        if isinstance(value, list):
            return [strip(item) for item in value]
        if isinstance(value, float):
            numbers.append(value)
            return "number"
        return value

    rest = strip(value)
    return numbers, rest


def assert_same_answers(found, expected):
    for (status, out, err), (_, expected_out, _) in zip(found, expected, strict=True):
        assert (status, err) == (0, ""), err
        lines = out.splitlines() if out.startswith('{"text"') else [out]
        expected_lines = expected_out.splitlines() if out.startswith('{"text"') else [expected_out]
        for line, expected_line in zip(lines, expected_lines, strict=True):
            left, right = numbers_and_rest(json.loads(line)), numbers_and_rest(json.loads(expected_line))
            assert left[1] == right[1]
            np.testing.assert_allclose(left[0], right[0], atol=2e-3)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    return run(COMMANDS, tmp_path_factory.mktemp("tensorflow"))


@pytest.fixture
def folder(tmp_path):
    rows = [
        f"{day} {month} {year},{year}-{number:02}-{day:02}"
        for day in (3, 17, 25)
        for year in (1979, 2004, 2016)
        for number, month in enumerate(("january", "march", "may"), 1)
    ]
    (tmp_path / "dates.csv").write_text("text,iso\n" + "\n".join(rows) + "\n")
    (tmp_path / "names.txt").write_text(
        "\n".join(f"{a}{b}" for a in ("an", "jo", "ha") for b in ("na", "han", "n", "nes"))
    )
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_commands_answer_on_each_backend_as_on_tensorflow_and_train(expected, folder, backend):
    """On JAX they found no jax; on PyTorch they ended in tracebacks."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    found = run([*COMMANDS, *TRAIN], folder, KERAS_BACKEND=backend)
    assert_same_answers(found[: len(COMMANDS)], expected)
    assert all(status == 0 for status, _, _ in found[len(COMMANDS) :]), found
    for name in ("dates", "names"):
        assert (folder / f"{name}.keras").is_file() and (folder / f"{name}.json").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("floatx", ["float64", "float16"])
def test_settings_of_keras_json_change_no_answer(expected, folder, floatx):
    """They ended in tracebacks, with image_data_format too."""
    (folder / "keras.json").write_text(json.dumps({"floatx": floatx, "image_data_format": "channels_first"}))
    found = run([*COMMANDS, *TRAIN], folder, KERAS_HOME=str(folder))
    assert_same_answers(found[: len(COMMANDS)], expected)
    assert all(status == 0 for status, _, _ in found[len(COMMANDS) :]), found


@pytest.mark.parametrize(("backend", "command"), [("numpy", ["names"]), ("no_such_backend", ["dates", "3 May 1979"])])
def test_a_backend_that_cannot_be_used_is_named_in_a_sentence(folder, backend, command):
    ((status, out, err),) = run([command], folder, KERAS_BACKEND=backend)
    assert (status, out) == (2, "")
    assert err.startswith("dlseq: ") and backend in err and "tensorflow, jax, torch" in err
    assert len(err.splitlines()) == 1
