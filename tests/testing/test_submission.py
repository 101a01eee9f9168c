"""Submission proxy: results, errors and files of a submission, and forged replies."""

import numpy as np
import pytest

from dlseq.grading.worker.executor import Executor
from dlseq.testing.submission import InProcessTransport, Submission, SubmissionError


def error_of(submission, *call, **keywords):
    with pytest.raises(SubmissionError) as caught:
        submission.call(*call, **keywords)
    return caught.value.kind, caught.value.message, caught.value.place


def test_changes_in_place_are_returned_and_stay_in_the_worker(submit):
    submission = submit("def f(x, d):\n    x += 1\n    d['k'] = 2\n    return x")
    x, d = np.zeros(2), {"k": 1}
    value, after = submission.call_with_inputs("f", x, d)
    assert value.tolist() == [1, 1] and x.tolist() == [0, 0] and d == {"k": 1}
    assert after[0].tolist() == [1, 1] and after[1] == {"k": 2}


def test_an_exception_has_its_message_and_line(submit):
    submission = submit("import json\n\ndef f():\n    return json.loads('{')")
    assert error_of(submission, "f") == (
        "JSONDecodeError",
        "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        "line 4",
    )


@pytest.mark.parametrize(
    "body, kind",
    [
        ("raise SystemExit(0)", "SystemExit"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("import pytest; pytest.skip('x')", "Skipped"),
        ("raise BaseException", "BaseException"),
        ("f()", "RecursionError"),
    ],
)
def test_every_exception_is_a_submission_error(submit, body, kind):
    assert error_of(submit(f"def f():\n    {body}"), "f")[0] == kind


def test_an_unprintable_exception_has_no_message(submit):
    text = "class Bad(Exception):\n    def __str__(self):\n        raise SystemExit\ndef f():\n    raise Bad"
    assert error_of(submit(text), "f") == ("Bad", "", "line 5")


def test_messages_are_cut_and_free_of_control_characters(submit):
    _, message, _ = error_of(submit("def f():\n    raise ValueError('\\x1b[2J' + 'x' * 9999)"), "f")
    assert len(message) <= 500 and "\x1b" not in message


def test_a_forged_place_is_dropped():
    class ForgingTransport:
        def request(self, request):
            return {"error": {"kind": "ValueError", "message": [1], "place": "the inputs were 3.14"}}

    assert error_of(Submission(ForgingTransport()), "f") == ("ValueError", "", "")


@pytest.mark.parametrize("reply", [None, {}, {"value": 5}, {"value": {}}, [1]])
def test_a_forged_reply_is_an_error(reply):
    class ForgingTransport:
        def request(self, request):
            return reply

    assert error_of(Submission(ForgingTransport()), "f")[0] == "NotPlain"


def test_a_failed_import_names_its_line(submit):
    assert error_of(submit("x = 1\nx +\n"), "f")[0::2] == ("ImportFailed", "line 2")


def test_a_missing_function_is_named(submit):
    assert error_of(submit(""), "f") == ("Missing", "there is no f in the file", "")


def test_values_that_are_not_plain_data_are_refused(submit):
    for value in ("object()", "type('S', (str,), {})('x')", "iter([])"):
        assert error_of(submit(f"def f():\n    return {value}"), "f")[0] == "NotPlain"
    assert error_of(submit("def f():\n    a = []\n    a.append(a)\n    return a"), "f")[0] == "NotPlain"


def test_main_cells_are_not_run(submit):
    assert submit("x = 1\nif __name__ == '__main__':\n    x = 2").get("x") == 1


def test_a_notebook_names_the_cell(submit):
    cells = [("cell 2", "def g(x):\n    return 1 / x"), ("cell 5", "def f():\n    return g(0)")]
    submission = Submission(InProcessTransport(Executor(cells)))
    assert error_of(submission, "f")[2] == "cell 2, line 2"


MODEL = """
import keras

def build(n):
    x = keras.Input((3,))
    y = keras.layers.Dense(n, name="out")(x)
    return keras.Model(x, y)

def layer(n):
    return keras.layers.Dense(n)

def tensor():
    return keras.ops.ones((2, 3)), [keras.Variable([1.0])]

def apply(layer, x):
    return layer(x)

def untouched():
    return keras.Input((3,))
"""


def test_a_model_is_a_remote_that_answers_requests(submit):
    submission = submit(MODEL)
    model = submission.call("build", 2)
    weights = [np.arange(6.0, dtype="float32").reshape(3, 2), np.ones(2, "float32")]
    model.set_weights(weights)
    x = np.eye(3, dtype="float32")
    assert model.kind == "model" and np.allclose(model.predict(x), x @ weights[0] + 1)
    facts = model.describe()
    assert facts["inputs"] == [(None, 3)] and facts["outputs"] == [(None, 2)] and facts["parameters"] == 8
    assert facts["weights"] == [(3, 2), (2,)] and facts["names"] == ["kernel", "bias"]
    model.invoke("compile", optimizer="sgd", loss="mse")
    assert list(model.fit(x, x[:, :2], epochs=2)) == ["loss"]
    with pytest.raises(SubmissionError, match="may not call"):
        model.invoke("save", "x.keras")


def test_weights_are_assigned_by_name_and_trained_by_one_step(submit):
    layer = submit(MODEL).call("layer", 1)
    x = np.array([[2.0]], "float32")
    layer.invoke("build", (None, 1))
    layer.invoke("assign", {"bias": np.array([3.0], "float32"), "kernel": np.array([[1.0]], "float32")})
    assert layer.invoke("call", x).tolist() == [[5]]
    assert layer.invoke("train", x, x, 0.1) == 9
    assert np.allclose(layer.get_weights()[0], 1 - 0.1 * 2 * 3 * 2) and np.allclose(layer.get_weights()[1], 3 - 0.6)
    with pytest.raises(SubmissionError, match="no weight of the name scale"):
        layer.invoke("assign", {"scale": np.ones(1)})


def test_layers_and_tensors_come_back_as_handles_and_arrays(submit):
    submission = submit(MODEL)
    layer = submission.call("layer", 4)
    y = layer.invoke("call", np.ones((2, 3), "float32"))
    assert layer.kind == "layer" and type(y) is np.ndarray and y.shape == (2, 4)
    assert np.allclose(submission.call("apply", layer, np.ones((2, 3), "float32")), y)
    ones, (variable,) = submission.call("tensor")
    assert type(ones) is np.ndarray and ones.tolist() == [[1, 1, 1]] * 2 and variable.tolist() == [1]
    assert error_of(submission, "untouched")[0] == "NotPlain"
