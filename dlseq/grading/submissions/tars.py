"""Tar archives, read from front to back by `tarfile` within limits on its headers."""

import tarfile
import weakref
from typing import BinaryIO

from dlseq.errors import DataError
from dlseq.grading.submissions.limits import MAX_ARCHIVE_BYTES, Limits, max_file_bytes
from dlseq.grading.submissions.listing import (
    DAMAGED,
    HAND_IN_FILES_ALONE,
    LINK,
    SPECIAL,
    ArchiveMember,
    archive_member,
    file_too_large,
    is_archive,
    may_matter,
)
from dlseq.grading.submissions.member_names import decode_names

__all__ = ["list_tar"]

MAX_HEADERS_PER_MEMBER = 4
MAX_HEADER_BYTES = 8192  # of an extended header
MAX_RMS_HEADER_BYTES = 512  # root mean square; before Python 3.11.10 `tarfile` takes time quadratic in their lengths
CHUNK_BYTES = 65_536
SPARSE = "holds a sparse file; pack it as a zip"
EXTENDED_TYPES = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)


def list_tar(stream: BinaryIO, limits: Limits) -> list[ArchiveMember]:
    """List a tar, and keep the bytes of those members that may hold code.

    Args:
        stream: needs `read(size)`, which raises an exception at the end of the data.
        limits: see `dlseq.grading.submissions.archives.list_archive`.

    Returns:
        Its members.

    Raises:
        DataError: it is truncated or too large.
        Exception: of any kind, where it is no tar.
    """
    listed, free_bytes = [], limits.kept_bytes
    stream = _ForwardStream(stream)
    tar = tarfile.open(  # noqa: SIM115  (the stream belongs to the caller)
        fileobj=stream,
        mode="r:",
        tarinfo=_bounded_tar_info(weakref.proxy(stream), limits),  # a class outlives its last use, as a cycle
        encoding="utf-8",
        errors="surrogateescape",
    )
    for count, info in enumerate(tar, 1):
        tar.members.clear()  # a stream needs none of them again
        if count > limits.members:
            raise DataError(f"has more than {limits.members:,} members{HAND_IN_FILES_ALONE}")
        if info.size < 0:
            raise DataError(DAMAGED)
        member = archive_member(info.name, refused=_refusal(info), folder=info.isdir())
        if member is None or member.refused or member.folder:
            listed += [(info.name, member)] if member is not None else []
            continue
        data = None
        max_bytes = MAX_ARCHIVE_BYTES if is_archive(member.name) else max_file_bytes(member.name)
        if may_matter(member.parts) and info.size <= max_bytes:
            data = tar.extractfile(info).read(info.size)
            free_bytes -= len(data)
        if free_bytes < 0:
            raise DataError(f"holds too much{HAND_IN_FILES_ALONE}, or unpack it and name the folder")
        listed.append((info.name, ArchiveMember(member.parts, _reader(data))))
    return _with_decoded_names(listed)


def _with_decoded_names(listed):
    """Return members, of (name, member), with names in other encodings than UTF-8 decoded."""
    raw = [name.encode("utf-8", "surrogateescape") for name, _ in listed]
    members = []
    for (name, member), decoded in zip(listed, decode_names(raw), strict=True):
        if decoded != name:
            member = archive_member(decoded, read=member.read, refused=member.refused, folder=member.folder)
        members += [member] if member is not None else []
    return members


class _ForwardStream:
    """A stream that `tarfile` can read and seek forward, and that finds the maps of sparse files before it does."""

    def __init__(self, stream):
        self._stream, self._position = stream, 0
        self.next_is_header = False  # the next read is the content of an extended header

    def tell(self):
        return self._position

    def read(self, size):
        data = self._stream.read(size)
        self._position += len(data)
        if self.next_is_header and b"GNU.sparse" in data:
            raise DataError(SPARSE)
        self.next_is_header = False
        return data

    def seek(self, position):
        if position < self._position:
            raise DataError(DAMAGED)
        while self._position < position:
            self.read(min(position - self._position, CHUNK_BYTES))


def _bounded_tar_info(stream, limits):
    """Subclass `tarfile.TarInfo` so that damaged, oversized and sparse headers raise; `tarfile` would obey or stop."""
    free_headers = limits.members * MAX_HEADERS_PER_MEMBER
    free_square_bytes = limits.members * MAX_RMS_HEADER_BYTES**2

    class BoundedTarInfo(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf, encoding, errors):
            nonlocal free_headers, free_square_bytes
            try:
                info = super().frombuf(buf, encoding, errors)
            except tarfile.HeaderError:
                if buf == bytes(tarfile.BLOCKSIZE):
                    raise  # the end of the archive
                raise DataError(DAMAGED) from None
            if info.size < 0:
                raise DataError(DAMAGED)
            if info.type == tarfile.GNUTYPE_SPARSE:
                raise DataError(SPARSE)
            free_headers -= 1
            if free_headers < 0:
                raise DataError(f"has more than {limits.members:,} members{HAND_IN_FILES_ALONE}")
            if info.type in EXTENDED_TYPES:
                free_square_bytes -= info.size**2
                if info.size > MAX_HEADER_BYTES or free_square_bytes < 0:
                    raise DataError("has a header that is too long; pack it again")
                stream.next_is_header = True
            return info

    return BoundedTarInfo


def _reader(data):
    def read(max_bytes):
        if data is None or len(data) > max_bytes:
            raise file_too_large(max_bytes)
        return data

    return read


def _refusal(info):
    if info.issym() or info.islnk():
        return LINK.replace("symbolic ", "")
    return "" if info.isdir() or info.isreg() else SPECIAL
