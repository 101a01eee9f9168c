"""Slow statements that graded functions need: they run once in a process, and each test gets data of its own."""

import numpy as np
import pytest

from dlseq.grading.worker.executor import Executor
from dlseq.grading.worker.loading import kept_values, program
from dlseq.grading.worker.loading.kept_values import KeptValues, copy_data


@pytest.fixture(autouse=True)
def all_statements_are_slow(monkeypatch):
    monkeypatch.setattr(program, "SLOW_CPU_SECONDS", -1.0)


def answers(text, calls=("f", "f"), loads=3, graded=("f",)):
    """Load a file several times in one process, as tests do; return the values of calls after each load."""
    executor, found = Executor([("a.py", text)], graded=graded), []
    for _ in range(loads):
        executor = executor.restarted()
        assert executor.load()["notes"] == []
        requests = [{"operation": "call", "function": name, "arguments": (), "keywords": {}} for name in calls]
        found.append([executor.handle(request)["value"]["result"] for request in requests])
    return found


@pytest.fixture
def runs(monkeypatch):
    """A function of submissions that counts its calls in the whole process."""
    import builtins

    counted = []
    monkeypatch.setattr(builtins, "ran", lambda value: counted.append(1) or value, raising=False)
    return counted


def test_data_is_made_once_and_each_load_has_a_copy(runs):
    text = "table = ran({'n': [5]})\ndef f():\n    table['n'].append(len(table['n']))\n    return table['n']"
    assert answers(text) == [[[5, 1], [5, 1, 2]]] * 3
    assert len(runs) == 1


@pytest.mark.parametrize(
    "statements",
    [
        "class Layer:\n    n = 0\nlayer = ran(Layer())\ndef f():\n    layer.n += 1\n    return layer.n",
        "rng = __import__('random').Random(3)\nn = ran(rng.random())\ndef f():\n    return n",
        "items = iter([4, 7])\nn = ran(next(items))\ndef f():\n    return n + next(items)*0",
        "exec('b = ran(1)')\ndef f():\n    return b",
    ],
    ids=["object", "generator of numbers", "iterator", "exec"],
)
def test_a_statement_with_an_object_runs_in_each_load(runs, statements):
    """Objects have a state that no copy is sure to renew."""
    first, second, third = answers(statements, calls=("f",))
    assert first == second == third and len(runs) == 3


@pytest.mark.parametrize(
    "statements, expected",
    [
        ("a = [1]\nb = ran(a)\ndef f():\n    b.append(2)\n    return a", [1, 2]),
        ("a = [3, 1]\na.sort(key=ran)\nb = [a[0]]\ndef f():\n    return a + b", [1, 3, 1]),
        ("a = []\ndef g():\n    a.append(ran(8))\n    return 1\nb = g()\ndef f():\n    return a + [b]", [8, 1]),
        ("def g():\n    global c\n    c = 4\n    return ran(1)\nb = g()\ndef f():\n    return [b, c]", [1, 4]),
        ("a = ran(1)\na = ran(a + 1)\ndef f():\n    return [a]", [2]),
    ],
    ids=["two names of one object", "in place", "in place by a function", "global", "bound twice"],
)
def test_what_a_statement_does_besides_is_kept_as_well(runs, statements, expected):
    assert answers(statements, calls=("f",)) == [[expected]] * 3
    assert len(runs) <= 2, "it ran in later loads again"


@pytest.mark.parametrize(
    "read", ["eval('table')[1]", "globals()['table'][1]", "g()"], ids=["eval", "globals", "by another function"]
)
def test_a_variable_that_is_read_by_its_name_is_there_in_each_load(runs, read):
    """A slow statement ran once, and nothing but the text of an `exec` said that a graded function needs its data."""
    text = (
        f"def g():\n    return eval('table')[1]\ntable = ran([3, 7])\nprint(f'{{table}}')\ndef f():\n    return {read}"
    )
    assert answers(text, calls=("f",)) == [[7]] * 3 and len(runs) == 1


def test_too_much_data_is_made_anew(runs, monkeypatch):
    monkeypatch.setattr(kept_values, "MAX_BYTES", 100)
    text = "import numpy as np\na = ran(np.zeros(50))\ndef f():\n    return int(a.sum())"
    assert answers(text) == [[0, 0]] * 3 and len(runs) == 3


@pytest.mark.parametrize(
    "value",
    [
        [1, 2.5, "x", None, b"y", 1j],
        ([1], {2: (3, [4])}, {5, 6}, frozenset({7})),
        {"a": np.float32(1.5), "b": np.arange(6).reshape(2, 3)[:, ::2]},
        np.array(["ab", "c"]),
    ],
    ids=["numbers and text", "nested", "NumPy", "array of text"],
)
def test_a_copy_is_equal_and_of_the_same_types(value):
    copied = copy_data(value)
    assert repr(copied) == repr(value) and type(copied) is type(value)


def test_a_copy_holds_cycles_and_shares_nothing():
    row, array = [1], np.zeros(2)
    row.append(row)
    copied_row, copied_array, same = copy_data((row, array, array))
    copied_array[0] = 5
    assert copied_row[1] is copied_row is not row and same is copied_array and array[0] == 0


@pytest.mark.parametrize(
    "value", [object(), [lambda: 1], np.array([object()]), type("L", (list,), {})(), np.zeros((), "i4, f8")[()]]
)
def test_what_is_no_data_is_refused(value):
    with pytest.raises(TypeError, match="Expected data"):
        copy_data(value)


@pytest.mark.parametrize(
    "value", [[0] * 11, dict.fromkeys(range(6)), [[0] * 5, [0] * 5], np.zeros(9), {1: np.zeros(9)}]
)
def test_too_much_data_is_refused(value, monkeypatch):
    monkeypatch.setattr(kept_values, "MAX_ITEMS", 10)
    monkeypatch.setattr(kept_values, "MAX_BYTES", 64)
    with pytest.raises(ValueError, match="at most 10 values and 64 bytes"):
        copy_data(value)
    copy_data([dict.fromkeys(range(4)), np.zeros(8)])  # 2 + 8 values and 64 bytes


def test_a_removed_name_is_refused():
    with pytest.raises(TypeError, match="removed"):
        KeptValues({}, {"a": 1}, [])


@pytest.mark.parametrize(
    "before, after",
    [("x = f(ran(1))\nf = print(x)\n", ""), ("", "\nx = f(ran(1))\nf = print(x)")],
    ids=["before", "after"],
)
def test_a_value_with_the_name_of_a_function_costs_no_trial(runs, before, after):
    """Course notebooks say `attention_map = plot_attention_map(model)`, which made `model = modelf()` run: 0 of 100."""
    text = f"{before}def f(x=4):\n    return x{after}"
    assert answers(text, calls=("f",)) == [[4]] * 3 and runs == []


def test_a_value_that_is_a_function_takes_the_place_of_a_stub():
    text = "def f():\n    raise NotImplementedError\ndef make():\n    return lambda: 6\nf = make()"
    assert answers(text, calls=("f",)) == [[6]] * 3
