"""Translated lessons: for each cell of a stub its text in another language, stamped with a digest of the source.

The file of a translation has the cells of the stub in percent format. The marker of each cell ends in
`source="1a2b3c4d"`, a digest of the English cell that was translated, so that a later change of it shows. A cell
without text is taken from the stub as it is.
"""

import ast
import hashlib
import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from dlseq.errors import DataError

__all__ = ["Cell", "split_cells", "stamp_cells", "translate_stub", "translation_problems"]

MARKER = re.compile(r"^(?=# %%)", re.MULTILINE)
STAMP = re.compile(r' source="(\w*)"')
DIGEST_LENGTH = 8
MAX_HEADING = 60  # characters of a cell in a message


@dataclass(frozen=True)
class Cell:
    """A cell of a script in percent format.

    Attributes:
        marker: first line, without a stamp, such as "# %% [markdown]".
        text: the lines below it.
        line: number of the first line, from 1.
        stamp: digest of the source cell; empty without one.
    """

    marker: str
    text: str
    line: int
    stamp: str = ""

    @property
    def digest(self) -> str:
        """Digest of marker and text, without the blank lines around the text."""
        content = f"{self.marker}\n{self.text.strip()}"
        return hashlib.sha256(content.encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def heading(self) -> str:
        """First line of the text that says something."""
        lines = (line.lstrip("# ").strip() for line in self.text.splitlines())
        return next((line for line in lines if line), self.marker)[:MAX_HEADING]


def split_cells(text: str) -> list[Cell]:
    """Split a script into its cells. Text above the first marker is left out.

    Example:
        >>> [cell.marker for cell in split_cells("# %% [markdown]\\n# One\\n\\n# %%\\nx = 1\\n")]
        ['# %% [markdown]', '# %%']
    """
    cells, line = [], 1
    for part in MARKER.split(text):
        first, _, body = part.partition("\n")
        if first.startswith("# %%"):
            stamp = STAMP.search(first)
            cells.append(Cell(STAMP.sub("", first).rstrip(), body, line, stamp[1] if stamp else ""))
        line += part.count("\n")
    return cells


def translation_problems(stub: str, translation: str) -> list[str]:
    """Return a line for each cell of a translation that does not fit the stub.

    Args:
        stub: source of the English exercise.
        translation: content of the file of the translation.

    Returns:
        Lines such as `42: changed since its translation: 2. The loop over time`, which begin with the number of the
        line in the translation. A cell is changed, not translated, without a source, or has other code.
    """
    cells, translated = split_cells(stub), split_cells(translation)
    matcher = SequenceMatcher(None, [cell.digest for cell in cells], [cell.stamp for cell in translated], False)
    problems = []
    for tag, first, last, start, end in matcher.get_opcodes():
        pairs = list(zip(cells[first:last], translated[start:end], strict=False))
        if tag == "equal":
            problems += [f"{own.line}: other code: {cell.heading}" for cell, own in pairs if not _same_code(cell, own)]
            continue
        problems += [f"{own.line}: changed since its translation: {cell.heading}" for cell, own in pairs]
        line = translated[min(end, len(translated) - 1)].line if translated else 1
        problems += [f"{line}: not translated: {cell.heading}" for cell in cells[first + len(pairs) : last]]
        problems += [f"{own.line}: without a source: {own.heading}" for own in translated[start + len(pairs) : end]]
    return problems


def translate_stub(stub: str, translation: str, file: str = "the translation") -> str:
    """Return a stub with the text of a translation.

    Args:
        stub: source of the English exercise.
        translation: content of the file of the translation.
        file: its name, for error messages.

    Returns:
        Source of the translated exercise, with the code of the stub.

    Raises:
        DataError: the translation does not fit the stub, see `translation_problems`.
    """
    if problems := translation_problems(stub, translation):
        raise DataError(
            f"Cannot use {file}. Expected a translation of each cell as it is now. Received: "
            f"{len(problems)} that do not fit, the first in line {problems[0]}. Run: dlseq translations"
        )
    parts = [MARKER.split(stub)[0]] if not MARKER.match(stub) else []
    for cell, own in zip(split_cells(stub), split_cells(translation), strict=True):
        text = own.text if own.text.strip() else cell.text
        blank = cell.text[len(cell.text.rstrip("\n")) :]
        parts.append(f"{cell.marker}\n{text.rstrip()}{blank}")
    return "".join(parts)


def stamp_cells(stub: str, translation: str, file: str = "the translation") -> str:
    """Return a translation with the digest of the source in the marker of each cell.

    Args:
        stub: source of the English exercise.
        translation: content of the file of the translation.
        file: its name, for error messages.

    Raises:
        DataError: it has other cells than the stub.
    """
    cells, translated = split_cells(stub), split_cells(translation)
    markers, own_markers = ([cell.marker for cell in part] for part in (cells, translated))
    if markers != own_markers:
        different = (n for n, pair in enumerate(zip(markers, own_markers, strict=False)) if pair[0] != pair[1])
        number = next(different, min(len(markers), len(own_markers)))
        raise DataError(
            f"Cannot stamp {file}. Expected the cells of the exercise, {len(cells)}. Received: {len(translated)}, and "
            f"cell {number + 1} is the first that differs. Add, remove or move cells, and run this again."
        )
    return "".join(
        f'{cell.marker} source="{cell.digest}"\n{own.text}' for cell, own in zip(cells, translated, strict=True)
    )


def _same_code(cell, own):
    if "[markdown]" in cell.marker or not own.text.strip():
        return True
    try:
        return _code(cell.text) == _code(own.text)
    except SyntaxError:
        return False


def _code(text):
    """Return the syntax tree of code as text, without comments, docstrings and printed words."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body[0].value.value = ""
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            node.args = [_fields(part) for part in node.args if not _is_words(part)]
    return ast.dump(tree)


def _is_words(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _fields(node):
    """Return an f-string with its fields alone, in one order; another expression as it is."""
    if not isinstance(node, ast.JoinedStr):
        return node
    return ast.JoinedStr(sorted((part for part in node.values if not _is_words(part)), key=ast.dump))
