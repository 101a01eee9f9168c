"""Selection of a notebook's cells: the graded functions and their dependencies, in order of execution."""

import pytest

from dlseq.checking.answer_cells import select_cells


def numbers(history, *names):
    return [int(name.split()[1]) for name, _ in select_cells(["", *history], names)]


@pytest.mark.parametrize(
    "history, selected",
    [
        (["def f(): pass", "f()", "def f(): return 1"], [3]),
        (["def f(): pass", "def f(: pass"], [1]),
        (["import numpy as np", "layer = np.eye(3)", "def f(): return layer", "x = f()"], [1, 2, 3]),
        (["import numpy as np", "def f(): return np", "import numpy as np"], [2, 3]),
        (["import keras", "class f(keras.Layer): pass", "import keras"], [1, 2]),
        (["n = 2", "def f(a=n): return a", "n = 3"], [1, 2]),
        (["n = 2", "f = [n for _ in range(3)]", "n = 3"], [1, 2]),
        (["n = 2", "def f(): return [n for _ in range(3)]", "n = 3"], [2, 3]),
        (["def g(): pass\ndef f(): return g()", "def g(): pass\ndef f(): return g()"], [2]),
        (["def g(): return 1\nf = g()", "def g(): return 1\nf = g()"], [2]),
        (["import math", *["0"] * 6, "def f(a=math.pi): pass"], [1, 8]),
        (["def helper(): return f", "def f(): return helper()"], [1, 2]),
        (["from math import *", "def f(): return pi", "x = 1"], [1, 2]),
        (["def f(): return __name__", 'if __name__ == "__main__":\n    f = 3'], [1]),
        (["%matplotlib inline\ndef f(): pass", "%%timeit\nf = 1", "!ls\nf"], [1]),
        (["def f(): pass", "%%time\nf = 1"], [2]),
        (["x = 1"], []),
    ],
)
def test_the_last_definition_is_selected_with_its_dependencies(history, selected):
    assert numbers(history, "f") == selected


def test_selected_cells_compute_what_the_notebook_computes():
    history = ["a = 1", "def f(): return a + b", "b = 2", "a = 10", "def g(): return f()", "b = 20"]
    selected = [text for _, text in select_cells(["", *history], ["g"])]
    assert run(history)["g"]() == run(selected)["g"]() == 30


def run(texts):
    names = {}
    for text in texts:
        exec(text, names)  # noqa: S102
    return names
