"""Zips: `zipfile` reads the table of contents and single members."""

import stat
import zipfile
from typing import BinaryIO

from dlseq.errors import DataError
from dlseq.grading.submissions.listing import ALONE, FEW, LINK, MANY, SPECIAL, Member, archived, too_large

__all__ = ["list_zip"]

TABLE = {FEW: 2_000_000, MANY: 100_000_000}  # bytes of a table of contents
CHUNK = 65_536  # bytes that are read at once
HEADER = 30  # bytes before each member, at least
ENCRYPTED, UTF_8 = 0x41, 0x800


def list_zip(file: BinaryIO, most: int) -> list[Member]:
    """Lists a zip.

    Args:
        file: open for reading; it must stay open for as long as members are read.
        most: members, see `dlseq.grading.submissions.archives.list_archive`.

    Returns:
        Its members.

    Raises:
        DataError: it is too large, or has members that overlap.
        Exception: of any kind, where it is no zip.
    """
    archive = zipfile.ZipFile(_Bounded(file, TABLE[most]))
    end = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise DataError("has members that overlap, as no honest archive has; pack it again")
        end = info.header_offset + HEADER + info.compress_size
    if end > archive.start_dir:
        raise DataError("has members that overlap its contents, as no honest archive has; pack it again")
    infos = archive.infolist()
    listed = (archived(_name(info), _reader(archive, info), _refusal(info), info.is_dir()) for info in infos)
    members = [member for member in listed if member is not None]
    if len(members) > most:
        raise DataError(f"has more than {most:,} members{ALONE}")
    return members


def _name(info):
    """Some programs write UTF-8 and do not say so."""
    if info.flag_bits & UTF_8 or info.orig_filename.isascii():
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
    if info.flag_bits & ENCRYPTED:
        return "is protected by a password; pack it without one"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in an unusual way; pack it as a plain zip"
    return ""


def _reader(archive, info):
    def read(most):
        if info.file_size > most:
            raise too_large(most)
        data = bytearray()
        try:
            with archive.open(info) as file:
                while len(data) <= most and (chunk := file.read(CHUNK)):
                    data += chunk
        except Exception:  # zipfile raises almost anything for bytes that are no zip
            raise DataError("is damaged; pack it and hand it in again") from None
        if len(data) > most:
            raise too_large(most)
        return bytes(data)

    return read


class _Bounded:
    """A file that refuses to be read at once where the table of contents is too large."""

    def __init__(self, file, most):
        self._file, self._most = file, most
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, lambda: None

    def read(self, size=-1):
        if size > self._most:
            raise DataError(f"has too many members{ALONE}")
        data = self._file.read(self._most + 1 if size < 0 else size)
        if len(data) > self._most:
            raise DataError(f"has too many members{ALONE}")
        return data
