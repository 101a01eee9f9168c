"""Zip archives, read by `zipfile` within limits on their central directory and members."""

import stat
import zipfile
from typing import BinaryIO

from dlseq.errors import DataError
from dlseq.grading.submissions.limits import Limits
from dlseq.grading.submissions.listing import (
    DAMAGED,
    HAND_IN_FILES_ALONE,
    LINK,
    SPECIAL,
    ArchiveMember,
    archive_member,
    file_too_large,
)

__all__ = ["list_zip"]

CHUNK_BYTES = 65_536
MIN_HEADER_BYTES = 30  # before each member
ENCRYPTED_FLAGS, UTF_8_FLAG = 0x41, 0x800


def list_zip(file: BinaryIO, limits: Limits) -> list[ArchiveMember]:
    """List a zip.

    Args:
        file: open for reading; it must stay open for as long as members are read.
        limits: see `dlseq.grading.submissions.archives.list_archive`.

    Returns:
        Its members.

    Raises:
        DataError: it is too large, or has overlapping members.
        Exception: of any kind, where it is no zip.
    """
    archive = zipfile.ZipFile(_Bounded(file, limits.table_bytes))
    end = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise DataError("has overlapping members, as no honest archive has; pack it again")
        end = info.header_offset + MIN_HEADER_BYTES + info.compress_size
    if end > archive.start_dir:
        raise DataError("has members that overlap its central directory, as no honest archive has; pack it again")
    infos = archive.infolist()
    listed = (
        archive_member(_name(info), read=_reader(archive, info), refused=_refusal(info), folder=info.is_dir())
        for info in infos
    )
    members = [member for member in listed if member is not None]
    if len(members) > limits.members:
        raise DataError(f"has more than {limits.members:,} members{HAND_IN_FILES_ALONE}")
    return members


def _name(info):
    """The path of a member, also where it is in UTF-8 without the flag for it."""
    if info.flag_bits & UTF_8_FLAG or info.orig_filename.isascii():
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def _refusal(info):
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return LINK
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return SPECIAL
    if info.flag_bits & ENCRYPTED_FLAGS:
        return "is protected by a password; pack it without a password"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed by an unusual method; pack it as a plain zip"
    return ""


def _reader(archive, info):
    def read(max_bytes):
        if info.file_size > max_bytes:
            raise file_too_large(max_bytes)
        data = bytearray()
        try:
            with archive.open(info) as file:
                while len(data) <= max_bytes and (chunk := file.read(CHUNK_BYTES)):
                    data += chunk
        except Exception:  # zipfile raises almost any exception for damaged archives
            raise DataError(DAMAGED) from None
        if len(data) > max_bytes:
            raise file_too_large(max_bytes)
        return bytes(data)

    return read


class _Bounded:
    """A file that raises where more is read at once than a central directory may have."""

    def __init__(self, file, max_bytes):
        self._file, self._max_bytes = file, max_bytes
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, lambda: None

    def read(self, size=-1):
        if size > self._max_bytes:
            raise DataError(f"has too many members{HAND_IN_FILES_ALONE}")
        data = self._file.read(self._max_bytes + 1 if size < 0 else size)
        if len(data) > self._max_bytes:
            raise DataError(f"has too many members{HAND_IN_FILES_ALONE}")
        return data
