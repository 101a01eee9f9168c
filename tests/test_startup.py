"""Keras is imported without output, and the interpreter is left as it was."""

import subprocess
import sys

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


def run(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def test_keras_is_imported_silently_and_the_collector_runs_again():
    child = run(PROGRAM)
    assert child.stdout.split() == ["keras", "tensorflow", "True", "True", "6.0"], child.stderr
    assert child.stderr == ""


def test_a_failed_import_is_raised():
    child = run(FAILING_PROGRAM)
    assert child.returncode == 1 and "ModuleNotFoundError" in child.stderr
