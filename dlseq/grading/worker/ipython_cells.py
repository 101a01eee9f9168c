"""Notebook cells as Python syntax trees: IPython's own transformer, with magics and shell commands left out.

It runs in the worker, since the text of a cell may be hostile.
"""

import ast
import contextlib
import re

__all__ = ["cell_name", "is_cell_name", "left_out_name", "left_out_type", "parse_cell", "preload_ipython"]

CELL_NAME = re.compile(r"cell \d+(?: \((markdown|raw)\))?")
SHELL_METHODS = ("run_line_magic", "run_cell_magic", "system", "getoutput")
COMMENTS_ABOVE_A_CELL_MAGIC = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)+(?=%%)")
LINE_MAGICS_THAT_RUN_THE_LINE = ("time", "prun")
CELL_MAGICS_THAT_RUN_THE_CELL = ("time", "capture", "prun", "debug")  # in the notebook's own namespace


def cell_name(number: int) -> str:
    """Return the file name of a notebook's code cell; a piece of code of another name is a script."""
    return f"cell {number}"


def left_out_name(number: int, cell_type: str) -> str:
    """Return the name of a markdown or raw cell that holds code."""
    return f"{cell_name(number)} ({cell_type})"


def is_cell_name(name: str) -> bool:
    """Return True for a name by `cell_name` or `left_out_name`."""
    return CELL_NAME.fullmatch(name) is not None


def left_out_type(name: str) -> str:
    """Return the type of a cell that is not run, from its name; empty for a code cell and for a script.

    Example:
        >>> left_out_type(left_out_name(3, "raw")), left_out_type(cell_name(3))
        ('raw', '')
    """
    found = CELL_NAME.fullmatch(name)
    return (found[1] or "") if found else ""


def parse_cell(text: str, name: str = "cell") -> ast.Module:
    r"""Parse a notebook cell or script as IPython does, without magics, shell commands and help requests.

    A magic as a statement becomes `pass`, as a value `None`; the output of a shell command becomes `[]`. Code after
    `%time` and `%prun` stays, and so does code below `%%time`, `%%capture`, `%%prun` and `%%debug`. A cell under any
    other cell magic is empty. Each statement keeps its line number.

    Args:
        text: of the cell.
        name: file name for error messages.

    Returns:
        The syntax tree.

    Raises:
        SyntaxError: IPython would not run the cell either.

    Example:
        >>> print(ast.unparse(parse_cell("%matplotlib inline\nfiles = !ls\n%time x = 1")))
        pass
        files = []
        x = 1
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if above := COMMENTS_ABOVE_A_CELL_MAGIC.match(text):  # Colab takes them
        text = "\n" * above[0].count("\n") + text[above.end() :]
    try:
        tree = ast.parse(text, name)
        if "get_ipython" not in text:
            return tree
    except (SyntaxError, ValueError):
        tree = ast.parse(_transform(text), name)
    return ast.fix_missing_locations(_MagicRemover(name).visit(tree))


def preload_ipython() -> None:
    """Import IPython's transformer, where it is installed, so that forked workers share it."""
    with contextlib.suppress(ImportError):
        import IPython.core.inputtransformer2  # noqa: F401


def _transform(text):
    """Apply a fresh transformer of IPython; each line keeps its number."""
    from IPython.core.inputtransformer2 import TransformerManager

    manager = TransformerManager()
    manager.token_transformers = [_with_line_numbers(transformer) for transformer in manager.token_transformers]
    leading_blanks = len(text) - len(text.lstrip())
    try:
        return "\n" * text.count("\n", 0, leading_blanks) + manager.transform_cell(text)
    except IndexError:  # a magic that ends with a backslash, and nothing after it
        raise SyntaxError("a line of the cell ends with a backslash, and no line follows") from None


def _with_line_numbers(transformer):
    """Subclass a token transformer so that a command of several lines is followed by blank ones."""

    class KeepLineNumbers(transformer):
        def transform(self, lines):
            changed = super().transform(lines)
            after = self.start_line + 1
            return changed[:after] + ["\n"] * (len(lines) - len(changed)) + changed[after:]

    return KeepLineNumbers


class _MagicRemover(ast.NodeTransformer):
    """Replace calls of IPython's shell, `get_ipython().run_line_magic(…)` and alike, by the code they would run."""

    def __init__(self, name):
        self._name = name

    def visit_Expr(self, node):
        if not _is_shell_call(node.value):
            return self.generic_visit(node)
        return self._statements(node.value) or ast.copy_location(ast.Pass(), node)

    def visit_Call(self, node):
        if not _is_shell_call(node):
            return self.generic_visit(node)
        statements = self._statements(node)
        if len(statements) == 1 and isinstance(statements[0], ast.Expr):
            return statements[0].value
        value = ast.List([], ast.Load()) if node.func.attr == "getoutput" else ast.Constant(None)
        return ast.copy_location(value, node)

    def _statements(self, call):
        """Parse the code in the arguments of a magic that runs in the notebook's own namespace."""
        arguments = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        if call.func.attr == "run_line_magic" and arguments[:1] and arguments[0] in LINE_MAGICS_THAT_RUN_THE_LINE:
            code, lines_before = arguments[-1], call.lineno - 1
        elif call.func.attr == "run_cell_magic" and arguments[:1] and arguments[0] in CELL_MAGICS_THAT_RUN_THE_CELL:
            code, lines_before = arguments[-1], call.lineno
        else:
            return []
        try:
            return ast.increment_lineno(parse_cell(code, self._name), lines_before).body
        except SyntaxError as error:
            error.lineno = (error.lineno or 1) + lines_before
            raise


def _is_shell_call(node):
    """Return True for a call of one of `SHELL_METHODS` on `get_ipython()`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SHELL_METHODS
        and isinstance(node.func.value, ast.Call)
        and isinstance(node.func.value.func, ast.Name)
        and node.func.value.func.id == "get_ipython"
    )
