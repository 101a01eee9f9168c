"""Files that are written whole or not at all, and folders in which nothing is lost."""

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from dlseq.errors import DlseqError

__all__ = ["atomic_write", "check_new_folder", "check_writable"]


def check_writable(path: str | os.PathLike, suffix: str | None = None) -> Path:
    """Makes sure, before any work is done, that a file can be written later.

    Args:
        path: the file to make or replace.
        suffix: the ending that its name must have, such as ".keras"; None for any.

    Returns:
        The `Path`.

    Raises:
        DlseqError: the name has another ending, the folder does not exist or cannot be written to, or `path` is a
            folder.

    Example:
        >>> check_writable("missing/model.keras")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: cannot write missing/model.keras: the folder missing does not exist; make it first ...
    """
    path = Path(path)
    folder = path.parent
    if suffix is not None and path.suffix != suffix:
        raise DlseqError(f"cannot write {path}: expected a file name that ends in {suffix}")
    if not folder.is_dir():
        raise DlseqError(f"cannot write {path}: the folder {folder} does not exist; make it first or name another")
    if path.is_dir():
        raise DlseqError(f"cannot write {path}: expected a file name, and this is a folder")
    if not os.access(folder, os.W_OK):
        raise DlseqError(f"cannot write {path}: the folder {folder} is read-only; choose one that can be written to")
    return path


def check_new_folder(path: str | os.PathLike, ours: Collection[str] = ()) -> Path:
    """Makes sure that a folder can be made, or filled where it exists, and that nothing in it is lost.

    Args:
        path: the folder to make or fill.
        ours: names of files and folders that may be in it.

    Returns:
        The `Path`.

    Raises:
        DlseqError: something else is in it, `path` is a file, the folder around it does not exist, or nobody can look.

    Example:
        >>> check_new_folder("missing/marks")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: cannot make missing/marks: the folder ...missing does not exist; make it first
    """
    path = Path(path)
    parent = path.absolute().parent
    try:
        taken = path.exists() and (not path.is_dir() or {file.name for file in path.iterdir()} - set(ours))
        homeless = not parent.is_dir()
    except OSError as error:
        raise DlseqError(f"cannot make the folder {path}: {error}; name another") from None
    if taken:
        raise DlseqError(f"expected {path} to be a new or empty folder, so that nothing in it is lost; name another")
    if homeless:
        raise DlseqError(f"cannot make {path}: the folder {parent} does not exist; make it first")
    return path


@contextlib.contextmanager
def atomic_write(path: str | os.PathLike) -> Iterator[Path]:
    """Gives a temporary path beside `path` to write to, and renames it to `path` when the block ends well.

    When the block raises, `path` stays as it was and the temporary file is gone. The temporary name keeps the
    suffix, so that writers who choose their format by it still do.

    Args:
        path: the file to make or replace. Its folder must exist.

    Yields:
        The `Path` to write to.

    Raises:
        DlseqError: the folder does not exist, `path` is a folder, or nothing can be written there.

    Example:
        >>> import tempfile, pathlib
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> with atomic_write(folder / "answer.txt") as partial:
        ...     _ = partial.write_text("42")
        >>> (folder / "answer.txt").read_text(), len(list(folder.iterdir()))
        ('42', 1)
    """
    path = check_writable(path)
    folder = path.parent
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=path.suffix, dir=folder)
    except OSError as error:
        raise DlseqError(f"cannot write {path}: {error.strerror}; choose a folder that can be written to") from error
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
