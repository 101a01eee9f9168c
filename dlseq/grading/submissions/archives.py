"""Archives are listed and read in memory; nothing is ever extracted. Their makers may wish harm."""

import bz2
import gzip
import io
import lzma
from typing import BinaryIO

from dlseq.errors import DataError
from dlseq.grading.submissions.listing import FEW, MANY, Member
from dlseq.grading.submissions.tars import list_tar
from dlseq.grading.submissions.zips import list_zip

__all__ = ["DAMAGED", "list_archive"]

UNPACKED = {FEW: 50_000_000, MANY: 2_000_000_000}  # bytes that a packed tar may become
SUSPICIOUS = 50_000_000  # bytes after which the ratio counts
RATIO = 200  # no folder of programs shrinks to less than a part in so many
MEMORY = 128 * 2**20  # bytes for xz; its highest level takes 65 MiB
CHUNK = 65_536  # bytes that are read at once
DAMAGED = "is damaged or cut off; pack it and hand it in again"


def list_archive(file: BinaryIO, most: int = MANY) -> list[Member]:
    """Lists an archive, which is known by its content.

    Args:
        file: open for reading; it must stay open for as long as members are read.
        most: members, `FEW` for what is one submission, `MANY` for a class.

    Returns:
        Its members. Links, devices and what cannot be read are among them, refused; caches and hidden files are not.

    Raises:
        DataError: it cannot be read, is too large, or is built to deceive; the message goes on from "it ".
    """
    try:
        start = file.read(6)
        file.seek(0)
        if start.startswith(b"PK"):
            return list_zip(file, most)
        if start.startswith(b"\x1f\x8b"):
            return list_tar(_Unpacked(gzip.GzipFile(fileobj=file), file, UNPACKED[most]), most)
        if start.startswith(b"BZh"):
            return list_tar(_Unpacked(bz2.BZ2File(file), file, UNPACKED[most]), most)
        if start == b"\xfd7zXZ\0":
            return list_tar(_Unpacked(io.BufferedReader(_Xz(file)), file, UNPACKED[most]), most)
        if start.startswith((b"Rar!", b"7z\xbc\xaf")):
            raise DataError("is an archive of a kind that is not read here; pack the files as a zip")
        return list_tar(file, most)
    except DataError:
        raise
    except Exception:  # the standard library's readers raise almost anything for bytes that are no archive
        raise DataError(DAMAGED) from None


class _Unpacked:
    """The content of a packed file from front to back, until it is too much to be true."""

    def __init__(self, content, packed, most):
        self._content, self._packed, self._most, self._count = content, packed, most, 0

    def read(self, size):
        data = self._content.read(size)
        self._count += len(data)
        bomb = self._count > SUSPICIOUS and self._count > RATIO * self._packed.tell()
        if bomb or self._count > self._most:
            raise DataError("unpacks to too much; hand in the exercise files alone, or unpack it and name the folder")
        return data

    def seek(self, distance, whence):  # from here, and forward
        while distance > 0:
            passed = len(self.read(min(distance, CHUNK)))
            if not passed:
                raise DataError(DAMAGED)
            distance -= passed


class _Xz(io.RawIOBase):
    """`lzma.LZMAFile` with a bound on its memory, which the header of a file could set to gigabytes."""

    def __init__(self, file):
        self._file, self._decompressor = file, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)

    def readable(self):
        return True

    def readinto(self, buffer):
        data = b""
        while not data and not self._decompressor.eof:
            packed = self._file.read(CHUNK) if self._decompressor.needs_input else b""
            if not packed and self._decompressor.needs_input:
                raise DataError(DAMAGED)
            data = self._decompressor.decompress(packed, len(buffer))
        buffer[: len(data)] = data
        return len(data)
