"""Files: atomic writes, checks of output paths before any work is done, and text files of a user."""

import contextlib
import csv
import io
import os
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from dlseq.errors import DataError, DlseqError

__all__ = ["atomic_folder", "atomic_write", "check_new_folder", "check_writable", "read_csv_rows", "read_utf8"]


def check_writable(path: str | os.PathLike, suffix: str | None = None) -> Path:
    """Check, before any work is done, that a file can be written later.

    Args:
        path: the file to create or replace.
        suffix: the required suffix of its name, such as ".keras"; None for any.

    Returns:
        The `Path`.

    Raises:
        DlseqError: the name has another suffix, the folder does not exist or cannot be written to, or `path` is a
            folder.

    Example:
        >>> check_writable("missing/model.keras")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: Cannot write missing/model.keras: the folder missing does not exist. Create ...
    """
    path = Path(path)
    folder = path.parent
    if suffix is not None and path.suffix != suffix:
        raise DlseqError(f"Cannot write {path}: expected a file name that ends in {suffix}. Received: {path.suffix!r}")
    if not folder.is_dir():
        raise DlseqError(f"Cannot write {path}: the folder {folder} does not exist. Create it first, or name another.")
    if path.is_dir():
        raise DlseqError(f"Cannot write {path}: expected a file name. Received: a folder")
    if not os.access(folder, os.W_OK):
        raise DlseqError(f"Cannot write {path}: the folder {folder} is read-only. Name another.")
    return path


def check_new_folder(path: str | os.PathLike, ours: Collection[str] = ()) -> Path:
    """Check that a folder is new or empty, and can be created, so that nothing in it is overwritten.

    Args:
        path: the folder to create or fill.
        ours: names of files and folders that may exist in it.

    Returns:
        The `Path`.

    Raises:
        DlseqError: it has other contents, `path` is a file, the parent folder does not exist, or access is denied.

    Example:
        >>> check_new_folder("missing/marks")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: Cannot create missing/marks: the folder ...missing does not exist. Create it first.
    """
    path = Path(path)
    parent = path.absolute().parent
    try:
        is_taken = path.exists() and (not path.is_dir() or {file.name for file in path.iterdir()} - set(ours))
        has_parent = parent.is_dir()
    except OSError as error:
        raise DlseqError(f"Cannot create folder {path}: {error}. Name another.") from None
    if is_taken:
        raise DlseqError(
            f"Cannot create {path}: expected it to be a new or empty folder, so that nothing is lost. Name another."
        )
    if not has_parent:
        raise DlseqError(f"Cannot create {path}: the folder {parent} does not exist. Create it first.")
    return path


@contextlib.contextmanager
def atomic_write(path: str | os.PathLike) -> Iterator[Path]:
    """Write a file atomically: yield a temporary path beside it, renamed to `path` when the block succeeds.

    If the block raises, `path` is unchanged and the temporary file is removed. The temporary name has the same suffix,
    for writers that choose a format by it.

    Args:
        path: the file to create or replace. Its folder must exist.

    Yields:
        The `Path` to write to.

    Raises:
        DlseqError: the folder does not exist, `path` is a folder, or nothing can be written there.

    Example:
        >>> import tempfile, pathlib
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> with atomic_write(folder / "result.txt") as partial:
        ...     _ = partial.write_text("42")
        >>> (folder / "result.txt").read_text(), len(list(folder.iterdir()))
        ('42', 1)
    """
    path = check_writable(path)
    folder = path.parent
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=path.suffix, dir=folder)
    except OSError as error:
        raise DlseqError(f"Cannot write {path}: {error.strerror}. Name a folder that can be written to.") from error
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        umask = os.umask(0)
        os.umask(umask)
        partial.chmod(0o666 & ~umask)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_folder(path: str | os.PathLike) -> Iterator[Path]:
    """Write a new folder atomically: yield a temporary one, whose contents are at `path` when the block succeeds.

    If the block raises, `path` is as it was. An empty folder is filled, and stays the same folder.

    Args:
        path: the folder, new or empty. Its parent must exist.

    Yields:
        The `Path` of the folder to write into.

    Raises:
        DlseqError: see `check_new_folder`, or nothing can be written there.

    Example:
        >>> import tempfile, pathlib
        >>> parent = pathlib.Path(tempfile.mkdtemp())
        >>> with atomic_folder(parent / "new") as folder:
        ...     _ = (folder / "result.txt").write_text("42")
        >>> [str(file.relative_to(parent)) for file in parent.rglob("*.txt")], len(list(parent.iterdir()))
        (['new/result.txt'], 1)
    """
    path = check_new_folder(path)
    is_there = path.exists()
    place = path if is_there else path.absolute().parent
    try:
        temporary = tempfile.TemporaryDirectory(prefix=".", dir=place)
    except OSError as error:
        raise DlseqError(f"Cannot create {path}: {error.strerror}. Name a folder that can be written to.") from error
    with temporary as name:
        partial = Path(name, "new")
        partial.mkdir()
        yield partial
        if is_there:
            for file in partial.iterdir():
                file.rename(path / file.name)
        else:
            partial.rename(path)


def read_utf8(path: str | os.PathLike, expected: str) -> str:
    """Read a text file in UTF-8, with or without a byte-order mark, with its line ends.

    Args:
        path: the file.
        expected: the kind of file, for the message.

    Raises:
        DataError: the file cannot be read, or is no UTF-8; the message names the line.

    Example:
        >>> read_utf8("missing.csv", "a CSV file")
        Traceback (most recent call last):
        ...
        dlseq.errors.DataError: Cannot read missing.csv: No such file or directory. Expected a CSV file.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}. Expected {expected}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}, line {line}: Expected UTF-8. Received: the byte 0x{error.object[error.start]:02x}. "
            "Save the file as UTF-8."
        ) from error


def read_csv_rows(path: str | os.PathLike, expected: str) -> list[tuple[int, list[str]]]:
    """Read the rows of a CSV file in UTF-8 that are not blank, each with the number of its first line.

    Args:
        path: the file.
        expected: the kind of file, for the message.

    Raises:
        DataError: the file cannot be read, is no UTF-8 or badly quoted; the message names the line.
    """
    reader = csv.reader(io.StringIO(read_utf8(path, expected), newline=""), strict=True)
    rows, line = [], 1
    try:
        for row in reader:
            if row:
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{path}, line {line}: Expected CSV. Received: {error}. Check the quotation marks.") from error
    return rows
