"""Loading of a submission: statements one after the other, trials left out, helper modules and older spellings."""

import sys
import time

import numpy as np
import pytest

from dlseq.grading.worker.executor import Executor
from dlseq.grading.worker.loading import program
from dlseq.grading.worker.loading.time_limits import StatementTimeout, TimeLimitExceeded, statement_limit

GRADED = ("f",)


def load(*cells, graded=GRADED, **limits):
    """Load cells; return the executor and the (kind, place, names) of its notes."""
    executor = Executor([(f"cell {number}", text) for number, text in enumerate(cells, 1)], graded=graded)
    notes = executor.load(**limits)["notes"]
    return executor, [(note["kind"], note["place"], note["names"]) for note in notes]


def call(executor, function="f", *arguments, **fields):
    """Return the value of a call."""
    request = {"operation": "call", "function": function, "arguments": arguments, "keywords": {}, **fields}
    return executor.handle(request)["value"]["result"]


@pytest.mark.parametrize(
    "statement, kind",
    [
        ("import no_such_package", "ModuleNotFoundError"),
        ("from google.colab import drive", "ModuleNotFoundError"),
        ("get_ipython().magic('matplotlib inline')", "AttributeError"),
        ("exit()", "SystemExit"),
        ("raise SystemExit(1)", "SystemExit"),
        ("assert False", "AssertionError"),
        ("data = open('no_such_file.csv').read()", "FileNotFoundError"),
        ("_ = _", "NameError"),
    ],
)
def test_a_statement_that_fails_costs_itself_alone(statement, kind):
    executor, notes = load(f"x = 1\n{statement}\ny = 2", "def f():\n    return x + y")
    assert [(note[0], note[1]) for note in notes] == [(kind, "cell 1, line 2")]
    assert call(executor) == 3


@pytest.mark.parametrize(
    "statement", ["display(1)", "if 'colab' in str(get_ipython()):\n    x = 5", "%matplotlib inline"]
)
def test_functions_of_a_notebook_are_there(statement):
    executor, notes = load(f"x = 1\n{statement}\ndef f():\n    return x")
    assert notes == [] and call(executor) == 1


def test_a_cell_that_is_no_python_costs_that_cell():
    executor, notes = load("def f():\n    return 1", "?? Dense\n```", "def g(\n", "y = 2")
    assert [note[0] for note in notes] == ["SyntaxError", "SyntaxError"] and notes[1][2] == ["g"]
    assert call(executor) == 1


def test_a_function_in_a_markdown_cell_is_named_and_not_run():
    executor = Executor([("cell 1", "x = 1"), ("cell 2 (markdown)", "# Text\ndef f():\n    return 1")], graded=GRADED)
    assert executor.load()["notes"] == [
        {"kind": "NoCode", "message": "markdown", "place": "cell 2, line 1", "names": ["f"]}
    ]
    request = {"operation": "call", "function": "f", "arguments": (), "keywords": {}}
    assert executor.handle(request)["error"]["kind"] == "Missing"


def test_a_script_with_cell_markers_is_read_cell_by_cell():
    script = "# %%\ndef f():\n    return 1\n\n# %%\nx = (\n\n# %%\ny = 1 / 0\n"
    executor = Executor([("answer.py", script)], graded=GRADED)
    assert [note["place"] for note in executor.load()["notes"]] == ["line 6", "line 9"] and call(executor) == 1


def test_trial_calls_are_left_out():
    """The first call of a layer fixes its sizes, so a trial at the top level took the marks of a right answer."""
    cells = ["calls = []\ndef f():\n    calls.append(1)\n    return len(calls)", "def show():\n    return f()"]
    trials = ["print(f())", "value = f()", "value.fit(3)", "show()", "f_test(f)", "for _ in range(3):\n    f()"]
    executor, notes = load(*cells, *trials)
    assert notes == [] and call(executor) == 1


def test_a_call_that_a_graded_function_needs_is_run():
    executor, notes = load("def g():\n    return 2\ntable = g()\ndef f():\n    return table", graded=("f", "g"))
    assert notes == [] and call(executor) == 2


def test_a_value_with_the_name_of_a_graded_function_needs_no_trial():
    """`attention_map = plot_attention_map(model)` made `model = modelf(…)` a statement that a graded function needs."""
    cells = ["calls = []\ndef g():\n    calls.append(1)\n    return len(calls)", "x = g()", "f = print(x)"]
    executor, _ = load(*cells, graded=("f", "g"))
    assert call(executor, "g") == 1


def test_a_layer_called_at_the_top_level_is_new_in_a_test():
    layer = "class Layer:\n    size = 0\n    def __call__(self, x):\n        self.size = self.size or x\n"
    text = "layer = Layer()\ny = layer(1)\ndef f():\n    layer(2)\n    return layer.size"
    assert call(load(layer, text)[0]) == 2


@pytest.mark.parametrize("sizes", ["n_values = 90", "n_values, _ = (lambda: (90, 1))()"])
def test_a_call_that_is_given_a_size_is_no_trial(sizes):
    """`densor = Dense(n_values, …)` was left out, for a graded function read `n_values` and none read `densor`."""
    layer = "class Dense:\n    def __init__(self, units):\n        self.units = units\n"
    executor, notes = load(layer, sizes, "densor = Dense(n_values)", "def f():\n    return n_values")
    reply = executor.handle({"operation": "get", "name": "densor"})
    assert notes == [] and "there is no densor" not in str(reply) and call(executor) == 90


def test_a_layer_that_is_passed_to_a_call_is_a_trial():
    layer = "class Layer:\n    size = 0\n    def __call__(self, x):\n        self.size = self.size or x\n"
    text = "def show(layer):\n    layer(1)\nlayer = Layer()\nshow(layer)\ny = show(layer)"
    executor, notes = load(layer, text, "def f():\n    layer(2)\n    return layer.size")
    assert notes == [] and call(executor) == 2


@pytest.mark.parametrize(
    ("slow", "limit"),
    [
        ("started = time.process_time()\nwhile time.process_time() - started < 0.15:\n    pass", "SLOW_SECONDS"),
        ("time.sleep(0.15)", "SLOW_CPU_SECONDS"),
    ],
    ids=["computes", "sleeps"],
)
def test_later_loads_leave_out_what_was_slow_and_is_not_needed(slow, limit, monkeypatch):
    monkeypatch.setattr(program, "SLOW_SECONDS", 0.1)
    monkeypatch.setattr(program, limit, 100.0)  # the other one decides
    executor, _ = load("import time", slow, "def f():\n    return 1")
    slept, started = [], time.process_time()
    monkeypatch.setattr(time, "sleep", slept.append)
    again = executor.restarted()
    again.load()
    assert slept == [] and time.process_time() - started < 0.1 and call(again) == 1


def test_each_load_runs_what_graded_functions_need():
    cells = ["import time", "table = {}", "def f():\n    table['n'] = table.get('n', 0) + 1\n    return table['n']"]
    slow = "table.update(n=5, m=time.sleep(0.12))"
    executor, _ = load(*cells, slow)
    again = executor.restarted()
    again.load()
    assert (call(executor), call(executor), call(again)) == (6, 7, 6)


def test_an_endless_statement_is_interrupted_and_named():
    started = time.perf_counter()
    executor, notes = load("x = 1", "while True:\n    pass", "def f():\n    return x", statement_seconds=0.1)
    assert notes == [("TimeLimit", "cell 2, line 1", [])] and call(executor) == 1
    assert time.perf_counter() - started < 2


def test_an_import_has_no_limit(tmp_path, monkeypatch):
    """Plain pytest imports Keras with the submission, which took longer than a statement may on a busy machine."""
    (tmp_path / "slow_library.py").write_text("import time\ntime.sleep(0.15)\nx = 1")
    monkeypatch.syspath_prepend(tmp_path)
    text = "try:\n    import slow_library\nexcept ImportError:\n    pass"
    cells = [text, "y = slow_library.x", "def f():\n    return y"]
    executor, notes = load(*cells, statement_seconds=0.05, file_seconds=0.1)
    monkeypatch.delitem(sys.modules, "slow_library")
    assert notes == [] and call(executor) == 1


def test_an_interrupted_statement_can_be_skipped():
    cells = ["import time", "time.sleep(0.3)", "def f():\n    return 1"]
    interrupted = load(*cells, statement_seconds=0.05)[1]
    assert interrupted == [("TimeLimit", "cell 2, line 1", [])]
    in_a_new_worker = Executor([(f"cell {number}", text) for number, text in enumerate(cells)], graded=GRADED)
    assert in_a_new_worker.load(skip=[1], statement_seconds=0.05) == {"notes": [], "interrupted": []}


def test_definitions_are_run_after_the_time_of_the_file_is_over():
    executor, notes = load("import time", "time.sleep(0.05)", "y = 2", "def f():\n    return 1", file_seconds=0.02)
    assert notes == [("NotRun", "cell 3, line 1", ["y"])] and call(executor) == 1


def test_a_statement_limit_leaves_the_outer_one_in_force():
    from dlseq.grading.sandbox.timeout import timeout

    with pytest.raises(TimeLimitExceeded), timeout(0.2):
        with pytest.raises(StatementTimeout), statement_limit(0.05):
            while True:
                pass
        while True:
            pass


@pytest.mark.parametrize(
    "imports, expression, expected",
    [
        ("from rnn_utils import *", "sigmoid(np.zeros(2)).tolist()", [0.5, 0.5]),
        ("import rnn_utils", "rnn_utils.softmax(rnn_utils.np.zeros((2, 1))).ravel().tolist()", [0.5, 0.5]),
        ("from utils import *", "smooth(1.0, 1.0)", 1.0),
        ("from cllm_utils import *", "get_sample([1, 0], {0: '.', 1: 'a'})", "A."),
        (
            "from nmt_utils import string_to_int",
            "string_to_int('3 May', 6, {'3': 0, ' ': 1, '<unk>': 2, '<pad>': 3})",
            [0, 1, 2, 2, 2, 3],
        ),
        ("from public_tests import *\nfrom test_utils import summary, comparator", "summary(1)", None),
        ("from tqdm import tqdm", "list(tqdm([1, 2]))", [1, 2]),
        ("import public_tests", "public_tests.any_test(f)", None),
    ],
)
def test_helper_modules_of_the_assignments_are_there(imports, expression, expected):
    executor, notes = load(imports, f"def f():\n    return {expression}")
    assert notes == [] and call(executor) == expected


def test_the_helper_modules_come_after_installed_ones(tmp_path, monkeypatch):
    (tmp_path / "rnn_utils.py").write_text("mine = 3")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "rnn_utils", raising=False)
    assert call(load("from rnn_utils import mine\ndef f():\n    return mine")[0]) == 3
    del sys.modules["rnn_utils"]


def test_older_numpy_names_are_accepted():
    text = "import numpy as np\ndef f():\n    return np.zeros(2, np.float) + np.product([2, 3]), np.bool(1), np.int(2)"
    value = call(load(text)[0])
    assert value[0].tolist() == [6, 6] and value[1:] == (True, 2) and value[0].dtype == np.float64


def test_given_files_are_opened_by_name():
    executor, _ = load(
        "names = open('dinos.txt').read().split()\ndef f():\n    return names[0], open('dinos.txt').read()"
    )
    request = {"operation": "call", "function": "f", "arguments": (), "keywords": {}, "files": {"dinos.txt": "rex\n"}}
    assert executor.handle(request)["value"]["result"] == ("aardonyx", "rex\n")


PLACEHOLDERS = """
def f(x, parameters):
    W = parameters["W"]
    n, m = x.shape
    a_next = None
    y = None
    cache = (a_next, W)
    return a_next, y, cache
"""


def test_a_function_of_placeholders_is_not_started():
    executor, _ = load("import numpy as np", PLACEHOLDERS)
    request = {"operation": "call", "function": "f", "arguments": (np.zeros((2, 3)), {"W": 1}), "keywords": {}}
    error = executor.handle(request)["error"]
    assert (error["kind"], error["message"]) == ("NotImplementedError", "f")


def test_a_function_that_raises_is_started_unless_it_holds_placeholders():
    begun = PLACEHOLDERS.replace("a_next = None", "a_next = W + x\n    b = a_next @ W")  # y is still None
    request = {"operation": "call", "function": "f", "arguments": (np.zeros((2, 3)), {"W": 1}), "keywords": {}}
    assert load("import numpy as np", begun)[0].handle(request)["error"]["kind"] == "ValueError"


def test_the_message_of_an_exception_has_no_terminal_style():
    """TensorFlow's `\x1b[1mIncompatible shapes` was shown as `�[1mIncompatible shapes`."""
    executor, _ = load("def f():\n    raise ValueError('\x1b[1;31mone\\n two\x1b[0m')")
    error = executor.handle({"operation": "call", "function": "f", "arguments": (), "keywords": {}})["error"]
    assert error["message"] == "one two"
