"""Code of a script or notebook, read as text. No code is run."""

import codecs
import io
import json
import os
import re
import stat
import tokenize
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from dlseq.errors import DataError, DlseqError
from dlseq.extras import require
from dlseq.grading.submissions.limits import MAX_CODE_BYTES, max_file_bytes
from dlseq.grading.worker.ipython_cells import cell_name, left_out_name

__all__ = ["cells_of", "find_source", "open_beneath", "read_cells"]

SCRIPT = re.compile(rb"^(?:import|from|def|class|print)\b|^# %%", re.MULTILINE)
CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
BEGINNINGS = (  # lower case
    (
        b"version https://git-lfs",
        "a pointer of Git LFS and not the file. Run `git lfs pull`, and hand in the file itself.",
    ),
    (b"<!doctype html", "a web page, perhaps that of a login. Log in, and download the file itself."),
    (b"<html", "a web page, perhaps that of a login. Log in, and download the file itself."),
    (b"%pdf-", "a PDF. Hand in the notebook or script that it was made from."),
    (b"pk\x03\x04", "a zip archive. Unpack it, or give it a name that ends in .zip."),
    (b"\x89png", "a picture. Hand in the notebook or script itself."),
)
MAX_NOTEBOOK_VALUES = 3_000_000  # commas and brackets; a hundred bytes of memory each

_DEFINITION = re.compile(r"^(?:def|class)[ \t]+\w", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_TEXT_CODECS = re.compile(  # fast codecs of text alone: a file in "punycode" takes hours
    r"utf-8(-sig)?|ascii|iso8859-\d+|cp\d+|koi8-\w|mac-\w+|gb2312|gbk|gb18030|hz|big5\w*|shift_jis\w*|euc_\w+|"
    r"iso2022_\w+|johab|tis-620|ptcp154|kz1048|hp-roman8"
)


def find_source(folder: Path, exercise: str, follow: bool = True) -> Path:
    """Find the file of an exercise in a folder: the script, or else the notebook.

    Args:
        folder: the submission; a file is returned as it is.
        exercise: name of the exercise.
        follow: follow symbolic links. Those of other people's submissions may lead to the solutions.

    Returns:
        The path.

    Raises:
        DlseqError: there is neither, or it is a link that may not be followed.

    Example:
        >>> find_source(Path("nowhere"), "recurrent_network")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: No recurrent_network.py or recurrent_network.ipynb in nowhere.
    """
    folder = Path(folder)
    files = (folder / f"{exercise}{suffix}" for suffix in (".py", ".ipynb"))
    path = folder if folder.is_file() else next((file for file in files if file.is_file()), None)
    if not follow and (links := [place for place in (folder, path) if place is not None and place.is_symlink()]):
        raise DlseqError(f"Cannot read {links[0]}: it is a symbolic link. Name the file or folder itself.")
    if path is None:
        raise DlseqError(f"No {exercise}.py or {exercise}.ipynb in {folder}.")
    return path


def read_cells(path: Path, follow: bool = True) -> list[tuple[str, str]]:
    """Read the code of a file.

    Args:
        path: a script or a notebook.
        follow: see `find_source`.

    Returns:
        (name, text) of each piece: the path and the whole text of a script; "cell 3" and the raw text of each code cell
        of a notebook; "cell 4 (markdown)" and the text of a cell of another type that defines a function, and is not
        run. The worker removes magics (`dlseq.grading.worker.ipython_cells`).

    Raises:
        DataError: the file cannot be read, is no text, or is no notebook.
    """
    path = Path(path)
    try:
        with path.open("rb") if follow and path.is_file() else open_beneath(path.parent, (path.name,)) as file:
            data = file.read(max_file_bytes(path.name) + 1)
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error}.") from None
    if len(data) > max_file_bytes(path.name):
        raise DataError(
            f"File too large: {path}. Expected at most {max_file_bytes(path.name):,} bytes. Is it the right file?"
        )
    return cells_of(str(path), data)


def open_beneath(folder: Path, parts: Sequence[str]) -> BinaryIO:
    """Open a regular file below a folder, without following any symbolic link on the way.

    The folders on the way are opened one after the other, so that exchanging one of them for a link has no effect. A
    pipe or a device raises at once.

    Args:
        folder: where to begin; this path may have links in it.
        parts: names of folders in it, and of the file.

    Raises:
        OSError: it cannot be read, is not a regular file, or is behind a link.
    """
    *inner, name = parts
    if os.open not in os.supports_dir_fd:  # as on Windows
        return _open_regular_file(Path(folder, *inner, name).resolve(strict=True), None)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in inner:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            parent, descriptor = descriptor, os.open(part, flags, dir_fd=descriptor)
            os.close(parent)
        return _open_regular_file(name, descriptor)
    finally:
        os.close(descriptor)


def _open_regular_file(path, folder_descriptor):
    options = {"dir_fd": folder_descriptor, "follow_symlinks": False} if folder_descriptor is not None else {}
    if not stat.S_ISREG(os.stat(path, **options).st_mode):  # noqa: PTH116  (a device acts when opened)
        raise OSError("it is not a regular file")
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_BINARY", "O_CLOEXEC", "O_NOFOLLOW"))
    file = os.fdopen(os.open(path, flags, dir_fd=folder_descriptor), "rb")
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError("it is not a regular file")


def cells_of(name: str, data: bytes) -> list[tuple[str, str]]:
    """Decode the code in the bytes of a file.

    Args:
        name: of the file; one that ends in .ipynb is a notebook.
        data: content of the file.

    Returns:
        As `read_cells`, with the name for a script.

    Raises:
        DataError: it is no text, or no notebook.
        DlseqError: IPython, which runs notebooks, is not installed.

    Example:
        >>> cells_of("a.py", b"\\xef\\xbb\\xbfx = 1\\r\\n")
        [('a.py', 'x = 1\\n')]
    """
    text = data.rstrip(b"\0")  # of an interrupted download
    if data and not text:
        raise DataError(
            f"Cannot read {name}. Expected text in UTF-8. Received: only zeros, as after an interrupted "
            "download. Download it again. Save it as UTF-8."
        )
    data = text
    if reason := _no_code_reason(data):
        raise DataError(f"Cannot read {name}: it is {reason}")
    if not name.lower().endswith(".ipynb") and not _is_notebook(data):
        return [(name, _text(name, data))]
    require("IPython", "grade", f"read the notebook {name}")
    try:
        if sum(map(data.count, (b",", b"[", b"{"))) > MAX_NOTEBOOK_VALUES:
            raise DataError(f"Cannot read {name}: it holds too many values. Clear its outputs in Jupyter and save it.")
        cells = list(_cells(json.loads(data.decode("utf-8-sig"))))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"Cannot read {name} as a notebook: {_no_notebook_reason(data, error)}") from None
    if sum(len(text) for _, text in cells) > MAX_CODE_BYTES:
        raise DataError(f"Cannot read {name}: it holds more than {MAX_CODE_BYTES:,} characters of code.")
    return [(cell, _replace_surrogates(text)) for cell, text in cells]


def _text(name, data):
    """Decode a script as Python does (PEP 263)."""
    no_text = f"Cannot read {name}. Expected text in UTF-8. Received: {{}}. Save it as UTF-8."
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise DataError(no_text.format("UTF-16 or binary data"))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if not _TEXT_CODECS.fullmatch(codecs.lookup(encoding).name):
            raise DataError(no_text.format(f"the encoding {encoding[:40]}"))
        text = data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        raise DataError(no_text.format("bytes in another encoding")) from None
    return _replace_surrogates(text.replace("\r\n", "\n").replace("\r", "\n"))


def _is_notebook(data):
    """Return True for the bytes of a notebook, whatever the file is called."""
    return data.lstrip()[:1] == b"{" and b'"cells"' in data and b'"nbformat"' in data


def _cells(notebook):
    """Yield (name, text) of the code cells, and of others that define a function; no metadata but the type counts.

    A cell that is none costs itself alone.
    """
    version = notebook.get("nbformat", 4) if type(notebook) is dict else 4
    if type(version) is int and version < 4:
        cells, field = [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]], "input"
    else:
        cells, field = notebook["cells"], "source"
    if type(cells) is not list or (cells and not any(type(cell) is dict for cell in cells)):
        raise TypeError("no list of cells")
    for number, cell in enumerate(cells, 1):
        cell_type = cell.get("cell_type") if type(cell) is dict else None
        source = cell.get(field, cell.get("source")) if type(cell) is dict else None
        parts = [source] if type(source) is str else source
        if type(parts) is not list or not all(type(part) is str for part in parts):
            continue
        if cell_type == "code":
            yield cell_name(number), "".join(parts)
        elif cell_type in ("markdown", "raw") and _DEFINITION.search(text := "".join(parts)):
            yield left_out_name(number, cell_type), text


def _no_code_reason(data: bytes) -> str:
    """Return what a file is that holds no code, and what to do; empty for others.

    Example:
        >>> _no_code_reason(b"<!DOCTYPE html><html>")
        'a web page, perhaps that of a login. Log in, and download the file itself.'
    """
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((reason for beginning, reason in BEGINNINGS if start.startswith(beginning)), "")


def _no_notebook_reason(data: bytes, error: Exception) -> str:
    """Return why the bytes of a file are no notebook, and what to do.

    Args:
        data: of a file with the suffix .ipynb.
        error: that reading it has raised.

    Example:
        >>> _no_notebook_reason(b"", ValueError())
        'it is empty. Save it in Jupyter, and look at its size before you hand it in.'
    """
    if not data.strip():
        return "it is empty. Save it in Jupyter, and look at its size before you hand it in."
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        return "it is in UTF-16. Save it in UTF-8, as Jupyter does."
    if CONFLICT.search(data):
        return "it holds the marks of a merge conflict (<<<<<<<). Resolve it, and save the notebook in Jupyter."
    if isinstance(error, json.JSONDecodeError):
        if error.msg == "Extra data":
            return "it holds a second text behind the notebook. Save it again in Jupyter."
        if data.lstrip()[:1] != b"{" and SCRIPT.search(data):
            return "it is a script. Give it a name that ends in .py."
        if error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated"):
            return "it is cut off. Save it in Jupyter, and hand it in again."
    if isinstance(error, KeyError | TypeError):
        return "it has no list of cells. Save it again in Jupyter."
    return "it is damaged. Save it again in Jupyter."


def _replace_surrogates(text):
    """Replace single surrogates, which no codec can encode."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if _SURROGATE.search(text) else text
