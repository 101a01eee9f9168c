"""Zip archives, read by `zipfile` within limits on their central directory and members."""

import stat
import struct
import zipfile
import zlib
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
from dlseq.grading.submissions.member_names import decode_names

__all__ = ["list_zip"]

CHUNK_BYTES = 65_536
MIN_HEADER_BYTES = 30  # before each member
ENCRYPTED_FLAGS, UTF_8_FLAG = 0x41, 0x800
UNICODE_PATH = 0x7075  # extra field by Info-ZIP
EXTRA_HEADER, UNICODE_PATH_HEADER = struct.Struct("<HH"), struct.Struct("<BL")


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
        archive_member(name, read=_reader(archive, info), refused=_refusal(info), folder=_is_folder(info, name))
        for info, name in zip(infos, _names(infos), strict=True)
    )
    members = [member for member in listed if member is not None]
    if len(members) > limits.members:
        raise DataError(f"has more than {limits.members:,} members{HAND_IN_FILES_ALONE}")
    return members


def _names(infos):
    """Return the path of each member, by its flag or Unicode path, or else in the encoding that the archive is in."""
    names = [info.orig_filename if info.flag_bits & UTF_8_FLAG else _unicode_path(info) for info in infos]
    raw = [_raw_name(info) for info, name in zip(infos, names, strict=True) if name is None]
    decoded = iter(decode_names(raw))
    return [next(decoded) if name is None else name for name in names]


def _raw_name(info):
    """Return the bytes of a name without a flag, which `zipfile` has decoded."""
    return info.orig_filename.encode("cp437")


def _unicode_path(info):
    """Return the name in the extra field 0x7075; None if there is none, or it belongs to another name."""
    extra = info.extra
    while len(extra) >= EXTRA_HEADER.size:
        kind, size = EXTRA_HEADER.unpack_from(extra)
        field = extra[EXTRA_HEADER.size : EXTRA_HEADER.size + size]
        extra = extra[EXTRA_HEADER.size + size :]
        if kind != UNICODE_PATH or len(field) <= UNICODE_PATH_HEADER.size:
            continue
        version, checksum = UNICODE_PATH_HEADER.unpack_from(field)
        if version == 1 and checksum == zlib.crc32(_raw_name(info)):
            try:
                return field[UNICODE_PATH_HEADER.size :].decode("utf-8")
            except UnicodeError:
                return None
    return None


def _is_folder(info, name):
    return info.is_dir() or name.endswith("/")


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
