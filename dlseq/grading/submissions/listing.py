"""Listings of folders and archives, before any file in them is read."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from dlseq.errors import DataError
from dlseq.grading.sanitize import for_message
from dlseq.grading.submissions.limits import CLASS_LIMITS, MAX_FOLDER_DEPTH, MAX_NOTEBOOK_BYTES, SUBMISSION_LIMITS
from dlseq.grading.submissions.source import open_beneath

__all__ = [
    "DAMAGED",
    "GRADESCOPE_METADATA",
    "HAND_IN_FILES_ALONE",
    "LINK",
    "SPECIAL",
    "ArchiveMember",
    "archive_member",
    "disk_reader",
    "file_too_large",
    "is_archive",
    "list_folder",
    "may_matter",
    "open_on_disk",
]

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".rar", ".7z")
GRADESCOPE_METADATA = "submission_metadata.yml"
IGNORED_NAMES = ("__macosx", "__pycache__", "node_modules", "site-packages", "venv", "thumbs.db", "desktop.ini")

# Reasons to refuse a file or an archive. Each continues a sentence that begins with "it".
CLEAR_OUTPUTS = "; clear its outputs in Jupyter and save it"
DAMAGED = "is damaged or cut off; pack it and hand it in again"
HAND_IN_FILES_ALONE = "; hand in the exercise files alone"
LINK = "is a symbolic link; hand in the file itself"
NOT_PERMITTED = "may not be read by this user; change its permissions"
SPECIAL = "is not a regular file; hand in the file itself"
TOO_DEEP = f"has too many folders in folders{HAND_IN_FILES_ALONE}"


@dataclass(frozen=True)
class ArchiveMember:
    """A file or folder in an archive or a folder on disk.

    Attributes:
        parts: its path inside the archive or folder.
        read: `read(max_bytes)` returns its bytes, or raises a `DataError` whose message continues a sentence that
            begins with "it", such as "is damaged".
        refused: reason why it cannot be read, in the same form; empty if it can.
        folder: it is a folder. A refused folder may hide submissions.
        outside: its path leads out of the archive; `parts` holds all of it in one part then.
    """

    parts: tuple[str, ...]
    read: Callable[[int], bytes] | None = None
    refused: str = ""
    folder: bool = False
    outside: bool = False

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def path(self) -> str:
        return "/".join(self.parts)

    @property
    def may_hide_code(self) -> bool:
        """It is refused, and may be or hold a file of an exercise."""
        unclear = self.folder or "." not in self.name or is_archive(self.name)
        return bool(self.refused) and not self.outside and unclear


def is_archive(name: str) -> bool:
    """Return True for the file name of an archive, also of an unsupported format.

    Example:
        >>> is_archive("Ada.TAR.gz"), is_archive("ada.gz")
        (True, False)
    """
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def may_matter(parts: tuple[str, ...]) -> bool:
    """Return True for the path of a script, a notebook, an archive, or Gradescope's metadata."""
    return parts[-1].lower().endswith((".py", ".ipynb", *ARCHIVE_SUFFIXES)) or parts[-1] == GRADESCOPE_METADATA


def archive_member(
    path: str, *, read: Callable[[int], bytes] | None = None, refused: str = "", folder: bool = False
) -> ArchiveMember | None:
    r"""Create a member of an archive from its path there, which may be any text.

    Args:
        path: as it stands in the archive.
        read: see `ArchiveMember`.
        refused: see `ArchiveMember`.
        folder: see `ArchiveMember`.

    Returns:
        The `ArchiveMember`; None for hidden files, caches and installed packages.

    Example:
        >>> archive_member("ada\\./a.py").path
        'ada/a.py'
        >>> archive_member("ada/.git/config")
        >>> [archive_member(path).outside for path in ("../a.py", "ada/../../a.py", "/etc/a.py", "C:a.py")]
        [True, True, True, True]
    """
    pure = PurePosixPath(path.replace("\\", "/"))
    parts = pure.parts
    if pure.is_absolute() or "\0" in path or ".." in parts or (parts and parts[0][1:2] == ":"):
        return ArchiveMember((path,), refused="leads out of the archive", outside=True)
    if not parts or any(map(_is_ignored, parts)):
        return None
    if len(parts) > MAX_FOLDER_DEPTH:
        return ArchiveMember(parts[:1], refused=TOO_DEEP, folder=True)
    return ArchiveMember(parts, None if refused or folder else read, refused, folder)


def list_folder(folder: Path) -> list[ArchiveMember]:
    """List a folder with everything below it. Symbolic links are not followed.

    Args:
        folder: a submission or a class. A folder in it with more files than a submission may have is refused, and
            listed up to there.

    Raises:
        DataError: it cannot be read, or has more files and folders than a class may have.
    """
    try:
        top = _scan(folder)
    except OSError as error:
        raise DataError(f"Cannot read the folder {for_message(str(folder))}: {error.strerror}") from None
    if len(top) > CLASS_LIMITS.members:
        raise DataError(
            f"Too many files in {for_message(str(folder))}. Expected at most {CLASS_LIMITS.members:,} files and "
            f"folders. Received: {len(top):,}"
        )
    members = []
    for item in top:
        member = _disk_member(folder, item, ())
        members.append(member)
        if member.folder and not member.refused:
            members.extend(_list_below(folder, member.parts))
    return members


def disk_reader(folder: Path, parts: tuple[str, ...]) -> Callable[[int], bytes]:
    """Return the `ArchiveMember.read` of a file below a folder, which follows no link, the folder itself included."""

    def read(max_bytes):
        try:
            with open_on_disk(folder, parts) as file:
                data = file.read(max_bytes + 1)
        except PermissionError:
            raise DataError(NOT_PERMITTED) from None
        except OSError as error:
            raise DataError(f"cannot be opened ({error.strerror or error})") from None
        if len(data) > max_bytes:
            raise file_too_large(max_bytes)
        return data

    return read


def open_on_disk(folder: Path, parts: tuple[str, ...] = ()) -> BinaryIO:
    """Open a file below a folder, or a file itself, and follow no link but those in the path of its parent."""
    name = Path(folder).name
    if name in ("", ".."):  # as of the current folder
        return open_beneath(folder, parts)
    return open_beneath(Path(folder).parent, (name, *parts))


def file_too_large(max_bytes: int) -> DataError:
    """Return the error of `ArchiveMember.read` for a file of more than `max_bytes`."""
    remedy = CLEAR_OUTPUTS if max_bytes == MAX_NOTEBOOK_BYTES else HAND_IN_FILES_ALONE
    return DataError(f"is larger than the {max_bytes:,} bytes that may be read{remedy}")


def _is_ignored(part):
    """Return True for hidden files, caches and installed packages."""
    return part.startswith(".") or part.lower() in IGNORED_NAMES


def _list_below(folder: Path, parts: tuple) -> Iterator[ArchiveMember]:
    waiting, count = [parts], 0
    while waiting:
        inner = waiting.pop()
        try:
            items = _scan(Path(folder, *inner))
        except OSError:
            yield ArchiveMember(inner, refused=NOT_PERMITTED, folder=True)
            continue
        for item in items:
            count += 1
            if count > SUBMISSION_LIMITS.members:
                reason = f"holds more than {SUBMISSION_LIMITS.members:,} files{HAND_IN_FILES_ALONE}"
                yield ArchiveMember(parts, refused=reason, folder=True)
                return
            if len(inner) > MAX_FOLDER_DEPTH:
                yield ArchiveMember(parts, refused=TOO_DEEP, folder=True)
                return
            member = _disk_member(folder, item, inner)
            yield member
            if member.folder and not member.refused:
                waiting.append(member.parts)


def _scan(folder):
    with os.scandir(folder) as items:
        return sorted((item for item in items if not _is_ignored(item.name)), key=lambda item: item.name)


def _disk_member(folder, item, inner):
    parts = (*inner, item.name)
    if item.is_symlink():
        return ArchiveMember(parts, refused=LINK)
    if item.is_dir(follow_symlinks=False):
        return ArchiveMember(parts, folder=True)
    if not item.is_file(follow_symlinks=False):
        return ArchiveMember(parts, refused=SPECIAL)
    return ArchiveMember(parts, disk_reader(folder, parts))
