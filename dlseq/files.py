"""Files that are written whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dlseq.errors import DlseqError

__all__ = ["replacing"]


@contextlib.contextmanager
def replacing(path: str | os.PathLike) -> Iterator[Path]:
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
        >>> with replacing(folder / "answer.txt") as partial:
        ...     _ = partial.write_text("42")
        >>> (folder / "answer.txt").read_text(), len(list(folder.iterdir()))
        ('42', 1)
    """
    path = Path(path)
    folder = path.parent
    if not folder.is_dir():
        raise DlseqError(f"cannot write {path}: the folder {folder} does not exist; make it first or name another")
    if path.is_dir():
        raise DlseqError(f"cannot write {path}: expected a file name, and this is a folder")
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
