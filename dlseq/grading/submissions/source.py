"""Where a submission's code is read from: a script, a notebook, or a folder of either. Nothing is run here."""

import codecs
import importlib.util
import io
import json
import os
import re
import stat
import tokenize
from pathlib import Path

from dlseq.errors import DataError, DlseqError
from dlseq.grading.worker.ipython_cells import cell_name

__all__ = ["LARGEST", "cells_of", "find_source", "read_cells", "read_regular_file"]

LARGEST = 5_000_000  # bytes of one file
_HALF = re.compile("[\ud800-\udfff]")
_CODECS = re.compile(  # of text, and quick: a file in "punycode" takes hours
    r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8-\w|mac-\w+|gb2312|gbk|gb18030|hz|big5\w*|shift_jis\w*|euc_\w+|"
    r"iso2022_\w+|johab|tis-620|ptcp154|kz1048|hp-roman8"
)


def find_source(folder: Path, exercise: str) -> Path:
    """Finds the file of an exercise in a folder: the script, or else the notebook.

    Args:
        folder: where the submission is; a file itself is taken as it is.
        exercise: name of the exercise.

    Returns:
        The path.

    Raises:
        DlseqError: there is neither.

    Example:
        >>> find_source(Path("nowhere"), "recurrent_network")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: expected recurrent_network.py or recurrent_network.ipynb in nowhere, found neither
    """
    folder = Path(folder)
    if folder.is_file():
        return folder
    for suffix in (".py", ".ipynb"):
        path = folder / f"{exercise}{suffix}"
        if path.is_file():
            return path
    raise DlseqError(f"expected {exercise}.py or {exercise}.ipynb in {folder}, found neither")


def read_cells(path: Path) -> list[tuple[str, str]]:
    """Reads the code of a file.

    Args:
        path: a script or a notebook.

    Returns:
        (name, text) of each piece: the path and the whole text of a script; for a notebook "cell 3" and its text, as
        it stands there; the worker leaves magics out (`dlseq.grading.worker.ipython_cells`).

    Raises:
        DataError: the file cannot be read, is not text, or is not a notebook.
    """
    path = Path(path)
    try:
        data = read_regular_file(path, LARGEST)
    except OSError as error:
        raise DataError(f"cannot read {path}: {error}") from None
    if len(data) > LARGEST:
        raise DataError(f"expected {path} to be at most {LARGEST:,} bytes; is it the right file?")
    return cells_of(str(path), data)


def read_regular_file(path: Path, most: int, follow: bool = True) -> bytes:
    """Reads a file that may be anything: a pipe or a device is not waited for.

    Args:
        path: where it is.
        most: bytes; one more is read where there are more.
        follow: whether the path may be a symbolic link.

    Raises:
        OSError: it cannot be read, or is not a regular file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    if not stat.S_ISREG(os.stat(path, follow_symlinks=follow).st_mode):  # noqa: PTH116  (a device acts when opened)
        raise OSError("it is not a regular file")
    descriptor = os.open(path, flags if follow else flags | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("it is not a regular file")
        return file.read(most + 1)


def cells_of(name: str, data: bytes) -> list[tuple[str, str]]:
    """The code in the bytes of a file.

    Args:
        name: of the file; one that ends in .ipynb is a notebook.
        data: what is in it.

    Returns:
        As `read_cells`, with the name for a script.

    Raises:
        DataError: it is not text, or is not a notebook.

    Example:
        >>> cells_of("a.py", b"\\xef\\xbb\\xbfx = 1\\r\\n")
        [('a.py', 'x = 1\\n')]
    """
    if not name.lower().endswith(".ipynb"):
        return [(name, _text(name, data))]
    if importlib.util.find_spec("IPython") is None:
        raise DlseqError(
            f"Reading the notebook {name} needs IPython, which is not installed. pip install 'dlseq[grade]'"
        )
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
        code = list(_code_cells(notebook))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataError(f"expected {name} to be a notebook, and it cannot be read as one; save it again") from None
    return [(cell_name(number), _without_halves(source)) for number, source in code]


def _text(name, data):
    """The text of a script, as Python finds its encoding (PEP 263)."""
    no_text = f"expected {name} to be text in UTF-8, found {{}}; save it as UTF-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise DataError(no_text.format("UTF-16, or bytes that are no text"))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if not _CODECS.fullmatch(codecs.lookup(encoding).name):
            raise DataError(no_text.format(f"the encoding {encoding[:40]}"))
        text = data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        raise DataError(no_text.format("bytes that are not")) from None
    return _without_halves(text.replace("\r\n", "\n").replace("\r", "\n"))


def _code_cells(notebook):
    """(number, text) of the cells that Jupyter would run; nothing but their type makes them code."""
    version = notebook.get("nbformat", 4) if type(notebook) is dict else 4
    if type(version) is int and version < 4:
        cells, field = [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]], "input"
    else:
        cells, field = notebook["cells"], "source"
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "code":
            source = cell[field]
            if type(source) not in (str, list):
                raise TypeError
            yield number, "".join(source)


def _without_halves(text):
    """Halves of surrogate pairs are no characters, and no encoder takes them."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if _HALF.search(text) else text
