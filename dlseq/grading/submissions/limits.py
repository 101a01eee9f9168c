"""Limits on submissions and archives, which may have been made to exhaust memory or time."""

from dataclasses import dataclass

__all__ = ["CLASS_LIMITS", "MAX_ARCHIVE_BYTES", "MAX_FILE_BYTES", "MAX_FOLDER_DEPTH", "SUBMISSION_LIMITS", "Limits"]

MAX_FILE_BYTES = 5_000_000  # of a script or notebook
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
