"""Keras is imported sooner, and nothing stays as it was made for that."""

import subprocess
import sys

PROGRAM = """
import gc, sys
from dlseq.startup import import_keras
import_keras()
loaded = sorted(name for name in ("jax", "matplotlib", "tensorflow", "keras") if name in sys.modules)
import matplotlib.pyplot
import keras
print(*loaded, gc.isenabled(), float(keras.ops.sum(keras.ops.ones((2, 3)))))
"""


def test_optional_libraries_are_left_for_later_and_the_collector_runs_again():
    child = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert child.stdout.split() == ["keras", "tensorflow", "True", "6.0"], child.stderr
    assert child.stderr == ""
