"""Keras is imported without output, and the interpreter is left as it was."""

import importlib.util
import os
import subprocess
import sys

import pytest

from dlseq import startup

PROGRAM = """
import gc, sys
from dlseq.startup import import_keras
import_keras()
loaded = sorted(name for name in ("tensorflow", "keras") if name in sys.modules)
import keras
print(*loaded, gc.isenabled(), gc.get_freeze_count() > 0, float(keras.ops.sum(keras.ops.ones((2, 3)))))
"""
FAILING_PROGRAM = """
import sys
sys.modules["keras"] = None
from dlseq.startup import import_keras
import_keras()
"""


def run(program, **variables):
    environment = {**os.environ, **variables}
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)


def test_keras_is_imported_silently_and_the_collector_runs_again():
    child = run(PROGRAM)
    assert child.stdout.split() == ["keras", "tensorflow", "True", "True", "6.0"], child.stderr
    assert child.stderr == ""


def test_a_failed_import_is_raised():
    child = run(FAILING_PROGRAM)
    assert child.returncode == 1 and "ModuleNotFoundError" in child.stderr


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs JAX")
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_jax_is_imported_for_the_backend_jax_alone(backend):
    """TensorFlow's converters import JAX where it is installed, which took a sixth of the time to a first answer."""
    program = "import sys\nfrom dlseq.startup import import_keras\nimport_keras()\nprint('jax' in sys.modules)\n"
    program += "import jax.numpy as jnp\nprint(jnp.arange(3).sum())"
    child = run(program, KERAS_BACKEND=backend)
    assert child.stdout.split() == [str(backend == "jax"), "3"], child.stderr


@pytest.mark.parametrize(
    "text, expected",
    [(None, True), ('{"backend": "torch"}', False), ('{"floatx": "float64"}', True), ("[1]", False), ("{", False)],
)
def test_the_backend_is_read_from_the_file_of_settings(text, expected, tmp_path, monkeypatch):
    """JAX must not be hidden from Keras where a file chooses it, or where the choice cannot be read."""
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    if text is not None:
        (tmp_path / "keras.json").write_text(text)
    assert startup._is_backend_tensorflow() is expected
