"""Stubs from solutions; invalid markers are refused."""

import pytest

from dlseq.course.stubs import make_stub, solution_blocks
from dlseq.errors import DataError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def block(indent, *lines):
    return "\n".join(indent + line for line in (BEGIN, *lines, END)) + "\n"


def raised(name):
    return f'raise NotImplementedError("{name}")  # your code goes here, in place of this line\n'


def test_blocks_in_functions_methods_and_nested_functions():
    text = "def f():\n" + block("    ", "return 1")
    text += "class C:\n    def m(self):\n        '''Doc.'''\n" + block("        ", "return 2")
    text += "def g():\n    def inner():\n" + block("        ", "return 3") + "    return inner\n"
    stub = "def f():\n    " + raised("f") + "class C:\n    def m(self):\n        '''Doc.'''\n        " + raised("C.m")
    stub += "def g():\n    def inner():\n        " + raised("g") + "    return inner\n"
    assert make_stub(text) == stub


def test_a_block_at_the_top_level_is_removed():
    assert make_stub("x = 1\n" + block("", "y = 2") + "z = 3\n") == "x = 1\nz = 3\n"
    assert make_stub(block("", "def helper():", "    return 2") + "z = 3\n") == "z = 3\n"


def test_two_blocks_in_one_function_raise_twice():
    text = "def f():\n" + block("    ", "a = 1") + "    b = 2\n" + block("    ", "return a")
    assert make_stub(text) == "def f():\n    " + raised("f") + "    b = 2\n    " + raised("f")


def test_text_without_markers_stays_unchanged():
    text = "def f():\n" + block("    ", "return 1")
    assert make_stub("x = 1\n") == "x = 1\n" and make_stub(make_stub(text)) == make_stub(text)


def test_a_block_in_a_decorated_function_has_its_name():
    text = "import functools\n@functools.cache\ndef f():\n" + block("    ", "return 1")
    assert solution_blocks(text)[0].function == "f"


@pytest.mark.parametrize(
    "text, message",
    [
        (BEGIN, "line 1: ### BEGIN SOLUTION without"),
        (END, "line 1: ### END SOLUTION without"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n{END}", "line 2: .* inside the block of line 1"),
        (f"x = 1  {BEGIN}\n", "alone on its line"),
        ("def f(:\n", "line 1: expected Python"),
        (f"def f():\n    x = 1\n    {BEGIN}\n    pass\ny = 2\ndef g():\n    pass\n    {END}\n", "same function"),
    ],
)
def test_invalid_markers_are_refused_with_their_line(text, message):
    with pytest.raises(DataError, match=message):
        make_stub(text)
