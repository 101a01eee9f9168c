"""Names that a notebook brought along does not define: helpers that an exercise gives, modules of the assignments."""

import ast
from pathlib import Path

import pytest

from dlseq.course.exercises import EXERCISES
from dlseq.grading.worker.executor import Executor
from dlseq.grading.worker.loading.given_files import given_names


def reply(text, exercise, operation="call", **request):
    executor = Executor([("a.ipynb", text)], f"submission_{exercise}", ["f"])
    return executor.handle({"operation": operation, "arguments": (), "keywords": {}, **request})


def test_tests_use_the_given_helpers_where_the_file_has_none():
    """A notebook of the music assignment had 0 of 100: "there is no toy_layers in the file"."""
    request = {"function": "ngrams", "arguments": (["a", "b"], 2)}
    assert reply("def f(): pass", "beam_search", **request)["value"]["result"] == [("a", "b")]
    own = reply("def ngrams(words, n):\n    return n", "beam_search", **request)
    assert own["value"]["result"] == [("a", "b")], "a file that defines a helper decides what it is tested with"
    assert reply("", "beam_search", function="Counter")["error"]["kind"] == "Missing"


@pytest.mark.parametrize("name", [exercise.name for exercise in EXERCISES])
def test_no_graded_function_is_among_the_given_helpers(name):
    tests = ast.parse((Path(__file__).parents[2] / f"graded/test_{name}.py").read_text("utf-8"))
    marks = [
        node for node in ast.walk(tests) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("points")
    ]
    graded = {ast.literal_eval(word.value) for mark in marks for word in mark.keywords if word.arg == "of"}
    assert graded and given_names(name).keys() & graded == set()


@pytest.mark.parametrize(
    "imports, expression, expected",
    [
        ("from emo_utils import *", "convert_to_one_hot(np.array([1]), 2).tolist()", [[0.0, 1.0]]),
        ("from emo_utils import label_to_emoji", "label_to_emoji(2)", "smile"),
        ("from outputs import *\nfrom grammar import unparse_grammar\nimport preprocess, qa", "1", 1),
        ("from data_utils import load_music_utils", "len(load_music_utils('a.mid')[3])", 90),
    ],
)
def test_modules_of_the_music_and_emoji_assignments_are_there(imports, expression, expected):
    executor = Executor([("a.py", f"{imports}\ndef f():\n    return {expression}")], graded=["f"])
    request = {"operation": "call", "function": "f", "arguments": (), "keywords": {}}
    assert executor.load()["notes"] == [] and executor.handle(request)["value"]["result"] == expected
