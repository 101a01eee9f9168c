"""Tars, read from front to back. `tarfile` reads the headers one by one, and the loop around them is ours.

`tarfile` as a whole lets headers decide how much is read at once, how long a pattern is looked for, and whether to go
back; what it does about that differs between releases of Python.
"""

import io
import tarfile
from typing import BinaryIO

from dlseq.errors import DataError
from dlseq.grading.submissions.listing import (
    ALONE,
    FEW,
    LARGEST_ARCHIVE,
    LINK,
    MANY,
    SPECIAL,
    Member,
    archived,
    is_archive,
    matters,
    too_large,
)
from dlseq.grading.submissions.source import LARGEST

__all__ = ["list_tar"]

KEPT = {FEW: LARGEST_ARCHIVE, MANY: 400_000_000}  # bytes of files that may matter
HEADER = 65_536  # bytes of an extended header
BLOCK = tarfile.BLOCKSIZE
CUT_OFF = "is damaged or cut off; pack it and hand it in again"
EXTENDED = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
WITHOUT_DATA = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE)


def list_tar(stream: BinaryIO, most: int) -> list[Member]:
    """Lists a tar, and keeps the bytes of those members that may matter.

    Args:
        stream: needs `read(size)` and `seek(distance, io.SEEK_CUR)` forward.
        most: members, see `dlseq.grading.submissions.archives.list_archive`.

    Returns:
        Its members.

    Raises:
        DataError: it is cut off or too large.
        Exception: of any kind, where it is no tar.
    """
    members, room, headers, told = [], KEPT[most], 0, {}
    while (header := _exactly(stream, BLOCK)).strip(b"\0"):
        headers += 1
        if headers > 4 * most:
            raise DataError(f"has more than {most:,} members{ALONE}")
        info = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        if info.type in EXTENDED:
            told |= _told(info, stream)
            continue
        size = told.get("size", info.size)
        if size < 0:
            raise DataError(CUT_OFF)
        more = info.type == tarfile.GNUTYPE_SPARSE and header[482]
        while more:
            more = _exactly(stream, BLOCK)[504]
        member, told = archived(told.get("path", info.name), None, _refusal(info, told), info.isdir()), {}
        data = None
        if member is not None and not (member.refused or member.folder) and matters(member.parts):
            allowed = LARGEST_ARCHIVE if is_archive(member.name) else LARGEST
            data = _exactly(stream, size) if size <= allowed else None
            room -= 0 if data is None else size
            if room < 0:
                raise DataError(f"holds too much{ALONE}, or unpack it and name the folder")
        if info.type not in WITHOUT_DATA:
            _pass(stream, -size % BLOCK if data is not None else size + -size % BLOCK)
        if member is not None:
            members.append(member if member.refused or member.folder else Member(member.parts, _reader(data)))
        if len(members) > most:
            raise DataError(f"has more than {most:,} members{ALONE}")
    return members


def _exactly(stream, size):
    data = stream.read(size)
    if len(data) != size:
        raise DataError(CUT_OFF)
    return data


def _pass(stream, distance):
    if distance:
        stream.seek(distance - 1, io.SEEK_CUR)
        _exactly(stream, 1)  # a file can be left behind its end, and says nothing


def _reader(data):
    def read(most):
        if data is None or len(data) > most:
            raise too_large(most)
        return data

    return read


def _refusal(info, told):
    if info.issym() or info.islnk():
        return LINK.replace("symbolic ", "")
    if info.type == tarfile.GNUTYPE_SPARSE or "sparse" in told:
        return f"is packed as a file with holes{ALONE}"
    return "" if info.isdir() or info.type in tarfile.REGULAR_TYPES else SPECIAL


def _told(info, stream):
    """What an extended header says of the member after it."""
    if not 0 <= info.size <= HEADER:
        raise DataError("has a header that is too long; pack it again")
    text = _exactly(stream, info.size)
    _pass(stream, -info.size % BLOCK)
    if info.type == tarfile.GNUTYPE_LONGNAME:
        return {"path": text.split(b"\0")[0].decode("utf-8", "surrogateescape")}
    return dict(_fields(text)) if info.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE) else {}


def _fields(text):
    """The records of a pax header, "27 path=ada/a_long_name.py" and a line feed."""
    place = 0
    while place < len(text) and text[place]:
        digits = text[place : place + 8].split(b" ")[0]
        length = int(digits) if digits.isdigit() else 0
        if not len(digits) + 3 <= length <= len(text) - place:
            raise DataError(CUT_OFF)
        key, _, value = text[place + len(digits) + 1 : place + length - 1].partition(b"=")
        if key == b"path":
            yield "path", value.decode("utf-8", "surrogateescape")
        elif key == b"size":
            yield "size", int(value) if value.isdigit() and len(value) < 20 else -1
        elif key.startswith(b"GNU.sparse"):
            yield "sparse", True
        place += length
