"""Solutions become stubs, and markers that make no sense are refused."""

import pytest

from dlseq.course.stubs import make_stub, solution_blocks
from dlseq.errors import DataError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def block(indent, *lines):
    return "\n".join(indent + line for line in (BEGIN, *lines, END)) + "\n"


def raised(name):
    return f'raise NotImplementedError("{name}")  # your code goes here, in place of this line\n'


def test_a_function_a_method_and_a_nested_function():
    text = "def f():\n" + block("    ", "return 1")
    text += "class C:\n    def m(self):\n        '''Doc.'''\n" + block("        ", "return 2")
    text += "def g():\n    def inner():\n" + block("        ", "return 3") + "    return inner\n"
    stub = "def f():\n    " + raised("f") + "class C:\n    def m(self):\n        '''Doc.'''\n        " + raised("C.m")
    stub += "def g():\n    def inner():\n        " + raised("g") + "    return inner\n"
    assert make_stub(text) == stub


def test_a_helper_at_the_top_level_goes_without_a_trace():
    assert make_stub("x = 1\n" + block("", "y = 2") + "z = 3\n") == "x = 1\nz = 3\n"
    assert make_stub(block("", "def helper():", "    return 2") + "z = 3\n") == "z = 3\n"


def test_two_blocks_in_one_function():
    text = "def f():\n" + block("    ", "a = 1") + "    b = 2\n" + block("    ", "return a")
    assert make_stub(text) == "def f():\n    " + raised("f") + "    b = 2\n    " + raised("f")


def test_text_without_markers_and_a_stub_stay_as_they_are():
    text = "def f():\n" + block("    ", "return 1")
    assert make_stub("x = 1\n") == "x = 1\n" and make_stub(make_stub(text)) == make_stub(text)


def test_a_decorated_function_is_named():
    text = "import functools\n@functools.cache\ndef f():\n" + block("    ", "return 1")
    assert solution_blocks(text)[0].function == "f"


@pytest.mark.parametrize(
    "text, complaint",
    [
        (BEGIN, "line 1: ### BEGIN SOLUTION without"),
        (END, "line 1: ### END SOLUTION without"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n{END}", "line 2: .* inside the one of line 1"),
        (f"x = 1  {BEGIN}\n", "alone on its line"),
        ("def f(:\n", "line 1: expected Python"),
        (f"def f():\n    x = 1\n    {BEGIN}\n    pass\ny = 2\ndef g():\n    pass\n    {END}\n", "same function"),
    ],
)
def test_bad_markers_are_refused_with_their_line(text, complaint):
    with pytest.raises(DataError, match=complaint):
        make_stub(text)
