"""Limits on submissions and archives, which may have been made to exhaust memory or time."""

from dataclasses import dataclass

__all__ = [
    "CLASS_LIMITS",
    "MAX_ARCHIVE_BYTES",
    "MAX_CODE_BYTES",
    "MAX_FOLDER_DEPTH",
    "MAX_NOTEBOOK_BYTES",
    "SUBMISSION_LIMITS",
    "Limits",
    "max_file_bytes",
]

MAX_CODE_BYTES = 5_000_000  # of a script, and of the code cells of a notebook
MAX_NOTEBOOK_BYTES = 25_000_000  # with its outputs
MAX_ARCHIVE_BYTES = 50_000_000  # of a student's archive, and of all that is read out of it
MAX_FOLDER_DEPTH = 30


@dataclass(frozen=True)
class Limits:
    """Limits on one archive.

    Attributes:
        members: files and folders in it.
        table_bytes: size of a zip's central directory.
        unpacked_bytes: size of a tar after decompression.
        kept_bytes: total size of the files in a tar that may hold code, all of which are kept in memory.
    """

    members: int
    table_bytes: int
    unpacked_bytes: int
    kept_bytes: int


SUBMISSION_LIMITS = Limits(
    members=2_000, table_bytes=2_000_000, unpacked_bytes=50_000_000, kept_bytes=MAX_ARCHIVE_BYTES
)
CLASS_LIMITS = Limits(members=200_000, table_bytes=100_000_000, unpacked_bytes=2_000_000_000, kept_bytes=400_000_000)


def max_file_bytes(name: str) -> int:
    """Return the most bytes that a file may have, by its name.

    Example:
        >>> max_file_bytes("a.py"), max_file_bytes("a.ipynb")
        (5000000, 25000000)
    """
    return MAX_NOTEBOOK_BYTES if name.lower().endswith(".ipynb") else MAX_CODE_BYTES
