"""Archives listed and read in memory. Nothing is extracted to disk, since an archive may be hostile."""

import bz2
import gzip
import io
import lzma
from typing import BinaryIO

from dlseq.errors import DataError
from dlseq.grading.submissions.limits import CLASS_LIMITS, Limits
from dlseq.grading.submissions.listing import DAMAGED, ArchiveMember
from dlseq.grading.submissions.tars import list_tar
from dlseq.grading.submissions.zips import list_zip

__all__ = ["list_archive"]

MIN_BOMB_BYTES = 50_000_000  # of decompressed data, from which the ratio is checked
MAX_COMPRESSION_RATIO = 200  # no folder of programs is compressed further
MAX_XZ_MEMORY_BYTES = 128 * 2**20  # the highest compression level takes 65 MiB
CHUNK_BYTES = 65_536


def list_archive(file: BinaryIO, limits: Limits = CLASS_LIMITS) -> list[ArchiveMember]:
    """List an archive; its format is detected by its content.

    Args:
        file: open for reading; it must stay open for as long as members are read.
        limits: `SUBMISSION_LIMITS` for one student's archive, `CLASS_LIMITS` for that of a class.

    Returns:
        Its members. Links, devices and unreadable files are among them, refused; caches and hidden files are not.

    Raises:
        DataError: the archive cannot be read, is too large, or is hostile; the message continues a sentence that
            begins with "it".
    """
    try:
        start = file.read(6)
        file.seek(0)
        if start.startswith(b"PK"):
            return list_zip(file, limits)
        if start.startswith((b"Rar!", b"7z\xbc\xaf")):
            raise DataError("is an archive of an unsupported format; pack the files as a zip")
        return list_tar(_BoundedStream(_decompressed(file, start), file, limits.unpacked_bytes), limits)
    except DataError:
        raise
    except Exception:  # the standard library raises almost any exception for damaged archives
        raise DataError(DAMAGED) from None


def _decompressed(file, start):
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if start.startswith(b"BZh"):
        return bz2.BZ2File(file)
    if start == b"\xfd7zXZ\0":
        return io.BufferedReader(_XzReader(file))
    return file


class _BoundedStream:
    """A stream that raises where it ends, exceeds its limit, or was compressed more than honest data can be."""

    def __init__(self, content, packed, max_bytes):
        self._content, self._packed, self._max_bytes, self._count = content, packed, max_bytes, 0

    def read(self, size):
        data = self._content.read(size)
        if size and not data:
            raise DataError(DAMAGED)
        self._count += len(data)
        is_bomb = self._count > MIN_BOMB_BYTES and self._count > MAX_COMPRESSION_RATIO * self._packed.tell()
        if is_bomb or self._count > self._max_bytes:
            raise DataError("unpacks to too much; hand in the exercise files alone, or unpack it and name the folder")
        return data


class _XzReader(io.RawIOBase):
    """`lzma.LZMAFile` with a memory limit; without it a file's header can request gigabytes."""

    def __init__(self, file):
        self._file, self._decompressor = file, lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_XZ_MEMORY_BYTES)

    def readable(self):
        return True

    def readinto(self, buffer):
        data = b""
        while not data and not self._decompressor.eof:
            packed = self._file.read(CHUNK_BYTES) if self._decompressor.needs_input else b""
            if not packed and self._decompressor.needs_input:
                raise DataError(DAMAGED)
            data = self._decompressor.decompress(packed, len(buffer))
        buffer[: len(data)] = data
        return len(data)
