"""Notebook cells become Python as IPython would run them, without magics; the Python in them stays as it is."""

import ast
import contextlib
import time
import traceback

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlseq.grading.worker.executor import Executor
from dlseq.grading.worker.ipython_cells import parse_cell

TRANSFORMED = {
    "a line magic": ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    "a shell line": ("!pip install numpy\nx = 1", "pass\nx = 1"),
    "an indented shell line": ("if x:\n    !ls\nelse:\n\t%who", "if x:\n    pass\nelse:\n\tpass"),
    "a shell line of several lines": ("!ls \\\n  -l \\\n  -a\nx = 1", "pass\n\n\nx = 1"),
    "shell lines with open quotes and brackets": ("!echo it's (\nx = 1\n%who {\ny = 2", "pass\nx = 1\npass\ny = 2"),
    "the output of a command": ("files = !ls *.py\nx = 1", "files = []\nx = 1"),
    "the output of a command of two lines": ("files = !ls \\\n  *.py\nx = 1", "files = []\n\nx = 1"),
    "several names": ("a, b = !ls", "a, b = []"),
    "an item": ("a['it'] = !ls", "a['it'] = []"),
    "the value of a magic": ("    t = %timeit -o f()".strip(), "t = None"),
    "help before": ("?len\nx = 1", "pass\nx = 1"),
    "help after": ("len?\nnumpy.dot??\n%time?\nx = 1", "pass\npass\npass\nx = 1"),
    "help in a block": ("if x:\n    len?\ny = 1", "if x:\n    pass\ny = 1"),
    "calls without parentheses": ("/f 1\n,f a b\n;f a b", "f(1)\nf('a', 'b')\nf('a b')"),
    "a timed statement": ("x = 0\n%time x = f()\ny = 1", "x = 0\nx = f()\ny = 1"),
    "a timed statement in a block": ("if x:\n    %time f()", "if x:\n    f()"),
    "the value of a timed expression": ("x = %time f()", "x = f()"),
    "a cell of another language": ("%%bash\nls", "pass"),
    "a cell of another language after empty lines": ("\n\n%%bash\nls", "\n\npass"),
    "a timed cell": ("%%time\nx = 1\n!ls", "\nx = 1\npass"),
    "a timed cell with empty lines": ("\n%%time\n\n\nx = 1\n%time y = 2", "\n\n\n\nx = 1\ny = 2"),
    "a cell with captured output": ("\n%%capture out\nx = 1", "\n\nx = 1"),
    "a cell that runs in a namespace of its own": ("%%timeit\nx = 1", "pass"),
    "Windows line ends": ("%who\r\nx = 1\r\n", "pass\nx = 1\n"),
    "an indented cell": ("    x = 1\n    if x:\n        y = 2", "x = 1\nif x:\n    y = 2"),
    "prompts of a console": (">>> x = 1\n... y = 2", "x = 1\ny = 2"),
}
WITHOUT_SHELL = ("calls without parentheses", "Windows line ends", "an indented cell", "prompts of a console")
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


def statements(tree):
    """Each statement with its line number."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return ast.dump(tree), [(type(node), node.lineno) for node in found]


@pytest.mark.parametrize("case", TRANSFORMED)
def test_magics_are_left_out_and_lines_keep_their_numbers(case):
    source, expected = TRANSFORMED[case]
    assert statements(parse_cell(source)) == statements(ast.parse(expected))


@pytest.mark.parametrize("case", UNTOUCHED)
@pytest.mark.parametrize("magic", ["", "%who\n"])
def test_python_stays_as_it_is(case, magic):
    """Also in a cell that has to be transformed because of a magic elsewhere."""
    expected = ast.parse(magic.replace("%who", "pass") + UNTOUCHED[case])
    assert statements(parse_cell(magic + UNTOUCHED[case])) == statements(expected)


@pytest.mark.parametrize("case", [*TRANSFORMED, *UNTOUCHED])
def test_ipython_would_run_every_cell_of_the_tables(case):
    """The oracle of the tables above is IPython's own transformer."""
    manager = pytest.importorskip("IPython.core.inputtransformer2").TransformerManager()
    source = TRANSFORMED[case][0] if case in TRANSFORMED else UNTOUCHED[case]
    transformed = manager.transform_cell(source)
    ast.parse(transformed)
    assert ("get_ipython()" in transformed or case in WITHOUT_SHELL) == (case in TRANSFORMED)


@pytest.mark.parametrize(
    "method", ["system('touch x')", "run_line_magic('who', '')", "run_cell_magic('bash', '', 'x')"]
)
def test_explicit_calls_of_the_shell_do_nothing(method):
    assert ast.unparse(parse_cell(f"x = 1\nget_ipython().{method}\ny = get_ipython().{method}")) == (
        "x = 1\npass\ny = None"
    )


def test_no_other_attribute_of_the_shell_exists():
    report = Executor([("cell 1", "get_ipython().input_transformers_post.append(None)\nx = 1")]).load()
    assert [(note["kind"], note["place"]) for note in report["notes"]] == [("AttributeError", "line 1")]


@given(st.text(alphabet="ab=!%?#'\"\\()\n \t", max_size=60))
@settings(max_examples=300, deadline=None)
def test_valid_python_is_not_changed(text):
    try:
        expected = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    assert statements(parse_cell(text)) == statements(expected)


@given(st.text(alphabet="ab=!%?#'\"\\()\n \t", max_size=60))
@example("=%\\")
@settings(max_examples=300, deadline=None)
def test_no_text_raises_anything_but_an_error_of_syntax(text):
    with contextlib.suppress(SyntaxError, ValueError):
        parse_cell(text)


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("\n\n!ls \\\n  -a\nx = 1 / 0", 5),
        ("%%time\n\nx = 1\n1 / 0", 4),
        ("x = 1\n%time y = 1 / 0", 2),
        ("%who\nx = = 1", 2),
        ("%%time\n%who\nx = = 1", 3),
        ("\n%who\n%time x = = 1", 3),
    ],
)
def test_errors_name_the_line_that_the_student_sees(cell, line):
    with pytest.raises(Exception) as caught:
        exec(compile(parse_cell(cell, "cell 7"), "cell 7", "exec"), {})  # noqa: S102
    error = caught.value
    if isinstance(error, SyntaxError):
        assert (error.filename, error.lineno) == ("cell 7", line)
    else:
        last = traceback.extract_tb(error.__traceback__)[-1]
        assert (last.filename, last.lineno) == ("cell 7", line)


def test_a_cell_cannot_change_how_the_next_is_transformed():
    """Hooks of IPython's shell belong to the shell, and each cell gets a transformer of its own."""
    hook = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.input_transformers_post.append(lambda lines: ["pass"])
shell.ast_transformers.append(None)
"""
    executor = Executor([("cell 1", hook), ("cell 2", "%who\nx = 1")])
    try:
        assert executor.handle({"operation": "get", "name": "x"}) == {"value": {"result": 1}}
    finally:
        from IPython.core.interactiveshell import InteractiveShell

        InteractiveShell.clear_instance()


@pytest.mark.parametrize("hostile", ["(" * 100_000, "'" * 100_001, "= " * 70_000, "?" * 100_000, "\\" * 100_001])
def test_long_lines_end_soon(hostile):
    """The worker's time limit is the bound; this says that an honest notebook's long line stays far below it."""
    started = time.perf_counter()
    with contextlib.suppress(SyntaxError, MemoryError, RecursionError):
        parse_cell(f"x = 1\n{hostile}\n%who")
    assert time.perf_counter() - started < 20
