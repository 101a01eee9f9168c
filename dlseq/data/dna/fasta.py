"""FASTA files: sequences of DNA as text, plain or compressed."""

import gzip
import lzma
import os
import re
import zlib
from collections.abc import Iterable
from pathlib import Path

from dlseq.data.dna.sequences import DnaSequence
from dlseq.errors import DataError
from dlseq.files import atomic_write

__all__ = ["COMPRESSED", "fasta_text", "read_dna_text", "read_fasta", "write_fasta"]

COMPRESSED = {".gz": gzip.open, ".xz": lzma.open}
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError)
NO_BASE = re.compile("[^ACGTNRYSWKMBDHV]")
LINE_BASES = 70
FASTA = "a FASTA file: a line such as '>name', then lines of bases"


def read_fasta(path: str | os.PathLike) -> list[DnaSequence]:
    """Read the sequences of a FASTA file, in capitals, U as T; `.gz` and `.xz` files are unpacked.

    Lines that begin with a semicolon are comments; the name of a sequence is the first word after ">".

    Args:
        path: the file.

    Returns:
        A `DnaSequence` without genes for each sequence.

    Raises:
        DataError: the file cannot be read or unpacked, has no sequence, two of one name, an empty one, or a letter
            that is no base. The message names the line.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "mine.fasta"
        >>> _ = path.write_text(">lacZ a comment\\nacgt\\nNN\\n")
        >>> read_fasta(path)
        [DnaSequence(name='lacZ', bases='ACGTNN', genes=())]
    """
    lines = read_dna_text(path, FASTA).splitlines()
    found: dict[str, list[str]] = {}
    began = {}
    name = None
    for number, line in enumerate(lines, 1):
        if line.startswith(">"):
            name = (line[1:].split() or [""])[0]
            if not name or name in found:
                received = f"a second sequence {name!r:.60}" if name else "a line '>' without a name"
                raise DataError(
                    f"{path}, line {number}: Expected a name that no other sequence has. Received: {received}."
                )
            found[name], began[name] = [], number
            continue
        bases = "".join(line.split()).upper().replace("U", "T")
        if not bases or line.startswith(";"):
            continue
        if name is None:
            raise DataError(f"{path}, line {number}: Expected {FASTA}. Received: {line!r:.60}.")
        wrong = NO_BASE.search(bases)
        if wrong:
            raise DataError(
                f"{path}, line {number}: Expected bases: A, C, G, T, or N and other letters of IUPAC. "
                f"Received: {wrong[0]!r}. A protein has no genes to find; a gap has to be removed."
            )
        found[name].append(bases)
    if not found:
        raise DataError(f"{path}: Expected {FASTA}. Received: an empty file.")
    for name, parts in found.items():
        if not parts:
            raise DataError(f"{path}, line {began[name]}: Expected bases below '>{name}'. Received: none.")
    return [DnaSequence(name, "".join(parts)) for name, parts in found.items()]


def fasta_text(sequences: Iterable[DnaSequence]) -> str:
    """Return the text of a FASTA file, 70 bases a line.

    Example:
        >>> fasta_text([DnaSequence("a", "ACGT")])
        '>a\\nACGT\\n'
    """
    lines = []
    for sequence in sequences:
        lines.append(f">{sequence.name}")
        lines += [sequence.bases[start : start + LINE_BASES] for start in range(0, len(sequence.bases), LINE_BASES)]
    return "\n".join([*lines, ""])


def write_fasta(path: str | os.PathLike, sequences: Iterable[DnaSequence]) -> Path:
    """Write sequences as a FASTA file, as a whole or not at all.

    Returns:
        The path.
    """
    with atomic_write(path) as partial:
        partial.write_text(fasta_text(sequences), encoding="ascii")
    return Path(path)


def read_dna_text(path: str | os.PathLike, expected: str) -> str:
    """Return the text of a file, unpacked by its suffix `.gz` or `.xz`.

    Args:
        path: the file.
        expected: the kind of file, for the message.

    Raises:
        DataError: the file cannot be read or unpacked, or is no text; the message names the line.
    """
    path = Path(path)
    opened = COMPRESSED.get(path.suffix.lower(), open)
    try:
        with opened(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise DataError(f"Cannot read {path}: no such file. Expected {expected}.") from None
    except DAMAGED as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"Cannot read {path}: {reason}. Expected {expected}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}, line {line}: Expected {expected}. "
            f"Received: the byte 0x{content[error.start]:02x}, which is no text."
        ) from error
