"""A notebook's cells become Python as IPython would run them, and Python inside of them is left alone."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlseq.grading.submissions.ipython_magics import without_magics

TRANSFORMED = {
    "a line magic": ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    "a shell line": ("!pip install numpy\nx = 1", "pass\nx = 1"),
    "an indented shell line": ("if x:\n    !ls\nelse:\n\t%time f()", "if x:\n    pass\nelse:\n\tpass"),
    "a shell line of several lines": ("!ls \\\n  -l \\\n  -a\nx = 1", "pass\n\n\nx = 1"),
    "shell lines with open quotes and brackets": ("!echo it's (\nx = 1\n%who {\ny = 2", "pass\nx = 1\npass\ny = 2"),
    "what a command printed": ("files = !ls *.py\nx = 1", "files = []\nx = 1"),
    "what a command of two lines printed": ("files = !ls \\\n  *.py\nx = 1", "files = []\n\nx = 1"),
    "several names": ("a, b = !ls", "a, b = []"),
    "an item": ("a['it'] = !ls", "a['it'] = []"),
    "what a magic gave": ("    t = %timeit -o f()".strip(), "t = None"),
    "help before": ("?len\nx = 1", "pass\nx = 1"),
    "help after": ("len?\nnumpy.dot??\n%time?\nx = 1", "pass\npass\npass\nx = 1"),
    "help in a block": ("if x:\n    len?\ny = 1", "if x:\n    pass\ny = 1"),
    "calls without brackets": ("/f 1\n,f a b\n;f a b", "pass\npass\npass"),
    "a cell of another language": ("%%bash\nls", ""),
    "a cell of another language after empty lines": ("\n\n%%bash\nls", ""),
    "a cell that is timed": ("%%time\nx = 1\n!ls", "\nx = 1\npass"),
    "a cell whose output is caught": ("\n%%capture out\nx = 1", "\n\nx = 1"),
    "a cell that runs in names of its own": ("%%timeit\nx = 1", ""),
    "Windows line ends": ("%who\r\nx = 1\r\n", "pass\nx = 1\n"),
    "a cell that is indented": ("    x = 1\n    if x:\n        y = 2", "x = 1\nif x:\n    y = 2"),
}
UNTOUCHED = {
    "a string of several lines": 'text = """\n!ls\n%who\nlen?\n"""\nx = 1',
    "one in single quotes": "text = r'''\n!ls \\'''\n%who\n'''",
    "a string that goes on": "text = 'a\\\n!ls\\\n%who'",
    "a sum in brackets": "x = (7\n% 4)",
    "a remainder after a backslash": "x = 7 \\\n% 4",
    "a comment": "x = 1  # why?\n# x = !ls\n#!ls",
    "comparisons": "x = a != b\ny = a%b\na %= 2\nz = f(a, b=c%d)",
    "text with signs": "x = '=!ls'\ny = '= %d' % 1\nz = f'{x=!r}?'",
    "a string with a comment sign": 'x = \'#\'  # """\ny = 1',
    "formats": "print('%d' %\n  1)",
    "a doctest": 'def f():\n    """Ask.\n\n    >>> f()?\n    !x\n    """\n    return 1',
}


@pytest.mark.parametrize("case", TRANSFORMED)
def test_what_only_ipython_understands_is_left_out_and_lines_keep_their_numbers(case):
    source, expected = TRANSFORMED[case]
    assert without_magics(source) == expected
    assert not expected or expected.count("\n") == source.count("\n")


@pytest.mark.parametrize("case", UNTOUCHED)
def test_python_stays_as_it_is(case):
    ast.parse(UNTOUCHED[case])
    assert without_magics(UNTOUCHED[case]) == UNTOUCHED[case]


def test_a_string_that_is_not_closed_does_not_swallow_the_lines_after_it():
    assert without_magics("x = 'a\n!ls") == "x = 'a\npass"


def test_a_question_to_the_shell_object_stays_code_and_fails_by_itself():
    assert without_magics("get_ipython().system('ls')") == "get_ipython().system('ls')"


@pytest.mark.parametrize("source", [source for source, _ in TRANSFORMED.values()])
def test_what_comes_out_is_python(source):
    ast.parse(without_magics(source))


@pytest.mark.parametrize("case", [*TRANSFORMED, *UNTOUCHED])
def test_ipython_would_run_every_one_of_these_cells(case):
    """IPython's own transformer is the judge of the table above."""
    manager = pytest.importorskip("IPython.core.inputtransformer2").TransformerManager()
    source = TRANSFORMED[case][0] if case in TRANSFORMED else UNTOUCHED[case]
    there = manager.transform_cell(source)
    ast.parse(there)
    assert (
        "get_ipython()" in there or case in ("calls without brackets", "Windows line ends", "a cell that is indented")
    ) == (case in TRANSFORMED)


@given(st.text(alphabet="ab=!%?#'\"\\()\n \t", max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_stops_it_and_valid_python_is_not_changed(text):
    after = without_magics(text)
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(text))


@pytest.mark.parametrize("hostile", ["(" * 300_000, "'" * 300_001, "= " * 200_000, "?" * 300_000, "\\" * 300_001])
def test_long_lines_take_linear_time(hostile):
    assert len(without_magics(f"x = 1\n{hostile}\n")) <= len(hostile) + 7
