"""What a folder or an archive holds, before anything of it is read."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dlseq.errors import DataError
from dlseq.grading.submissions.source import read_regular_file
from dlseq.grading.submissions.student_names import shown

__all__ = ["FEW", "MANY", "Member", "archived", "is_archive", "list_folder", "matters", "on_disk", "skipped"]

LARGEST_ARCHIVE = 50_000_000  # bytes of a student's archive, and of all that is read out of it
FEW, MANY = 2_000, 200_000  # members of one submission, and of a class
DEEPEST = 30  # folders within folders
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".rar", ".7z")
ALONE = "; hand in the exercise files alone"
LINK = "is a symbolic link; hand in the file itself"
SPECIAL = "is not a regular file; hand in the file itself"
TOO_DEEP = f"has too many folders in folders{ALONE}"
METADATA = "submission_metadata.yml"
UNINTERESTING = ("__macosx", "__pycache__", "node_modules", "site-packages", "venv", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Member:
    """A file or folder by its name.

    Attributes:
        parts: its path inside the folder or archive.
        read: `read(most)` gives its bytes, or raises a `DataError` whose message goes on from "it ": "is damaged".
        refused: why it cannot be read, in the same form; empty where it can.
        folder: whether it is a folder. One that is refused may hide answers.
        number: by which a platform counts what is handed in; larger is newer.
        outside: whether the path leads out of the archive; all of it is in one part then.
    """

    parts: tuple[str, ...]
    read: Callable[[int], bytes] | None = None
    refused: str = ""
    folder: bool = False
    number: int = 0
    outside: bool = False

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def hides(self) -> bool:
        """Whether answers may be in it, or be it, that nobody can read."""
        return (
            bool(self.refused) and not self.outside and (self.folder or "." not in self.name or is_archive(self.name))
        )

    @property
    def path(self) -> str:
        return "/".join(self.parts)


def skipped(part: str) -> bool:
    """Whether a file or folder is never a part of an answer: hidden ones, caches, installed packages.

    Example:
        >>> skipped(".git"), skipped("__MACOSX"), skipped("ada")
        (True, True, False)
    """
    return part.startswith(".") or part.lower() in UNINTERESTING


def is_archive(name: str) -> bool:
    """Whether a name is that of an archive, be it one that cannot be read here.

    Example:
        >>> is_archive("Ada.TAR.gz"), is_archive("ada.gz")
        (True, False)
    """
    return name.lower().endswith(ARCHIVES)


def matters(parts: tuple[str, ...]) -> bool:
    """Whether a name can be that of an answer, or of something that holds answers."""
    return not any(map(skipped, parts)) and (
        parts[-1].lower().endswith((".py", ".ipynb", *ARCHIVES)) or parts[-1] == METADATA
    )


def list_folder(folder: Path, most: int = MANY, each: int = FEW) -> list[Member]:
    """Lists a folder with all that is below. Symbolic links are not followed.

    Args:
        folder: where it is.
        most: entries that it may have itself.
        each: entries below each of them; a folder with more is refused, and listed as far as that.

    Raises:
        DataError: it cannot be read, or has more entries.
    """
    try:
        top = _entries(folder)
    except OSError as error:
        raise DataError(f"cannot read the folder {shown(str(folder))}: {error.strerror}") from None
    if len(top) > most:
        raise DataError(f"expected {shown(str(folder))} to hold at most {most:,} files and folders, found {len(top):,}")
    members = []
    for entry in top:
        member = _member(entry, ())
        members.append(member)
        if member.folder and not member.refused:
            members.extend(_below(Path(entry.path), member.parts, each))
    return members


def _below(folder: Path, parts: tuple, most: int) -> Iterator[Member]:
    waiting, count = [(folder, parts)], 0
    while waiting:
        place, inner = waiting.pop()
        try:
            entries = _entries(place)
        except OSError:
            yield Member(inner, refused="may not be read by this user; change its permissions", folder=True)
            continue
        for entry in entries:
            count += 1
            if count > most or len(inner) > DEEPEST:
                text = f"holds more than {most:,} files{ALONE}" if count > most else TOO_DEEP
                yield Member(parts, refused=text, folder=True)
                return
            member = _member(entry, inner)
            yield member
            if member.folder and not member.refused:
                waiting.append((Path(entry.path), member.parts))


def _entries(folder):
    with os.scandir(folder) as entries:
        return sorted((entry for entry in entries if not skipped(entry.name)), key=lambda entry: entry.name)


def _member(entry, inner):
    parts = (*inner, entry.name)
    if entry.is_symlink():
        return Member(parts, refused=LINK)
    if entry.is_dir(follow_symlinks=False):
        return Member(parts, folder=True)
    if not entry.is_file(follow_symlinks=False):
        return Member(parts, refused=SPECIAL)
    return Member(parts, on_disk(Path(entry.path)))


def on_disk(path: Path, follow: bool = False) -> Callable[[int], bytes]:
    """`Member.read` for a file on disk."""

    def read(most):
        try:
            data = read_regular_file(path, most, follow)
        except PermissionError:
            raise DataError("may not be read by this user; change its permissions") from None
        except OSError as error:
            raise DataError(f"cannot be opened ({error.strerror or error})") from None
        if len(data) > most:
            raise too_large(most)
        return data

    return read


def too_large(most: int) -> DataError:
    """The error of `Member.read` where there is more than may be read."""
    return DataError(f"is larger than the {most:,} bytes that may be read{ALONE}")


def archived(name: str, read: Callable[[int], bytes] | None, refused: str, folder: bool) -> Member | None:
    r"""A member of an archive by the path that stands in it, which may be any text.

    Args:
        name: the path.
        read: see `Member`.
        refused: see `Member`.
        folder: see `Member`.

    Returns:
        The `Member`; None for what never is part of an answer.

    Example:
        >>> archived("ada\\./a.py", None, "", False).path, archived("ada/.git/config", None, "", False)
        ('ada/a.py', None)
        >>> [archived(name, None, "", False).outside for name in ("../a.py", "ada/../../a.py", "/etc/a.py", "C:a.py")]
        [True, True, True, True]
    """
    path = PurePosixPath(name.replace("\\", "/"))
    parts = path.parts
    if path.is_absolute() or "\0" in name or ".." in parts or (parts and parts[0][1:2] == ":"):
        return Member((name,), refused="leads out of the archive", outside=True)
    if not parts or any(map(skipped, parts)):
        return None
    if len(parts) > DEEPEST:
        return Member(parts[:1], refused=TOO_DEEP, folder=True)
    return Member(parts, None if refused or folder else read, refused, folder)
