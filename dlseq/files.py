"""Files: atomic writes, and checks of output paths before any work is done."""

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from dlseq.errors import DlseqError

__all__ = ["atomic_write", "check_new_folder", "check_writable"]


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
        raise DlseqError(f"Cannot write {path}: expected a file name that ends in {suffix}")
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
