"""BED files: intervals of genes, with their blocks."""

import os
from collections.abc import Iterable
from pathlib import Path

from dlseq.data.dna.fasta import read_dna_text
from dlseq.data.dna.gff import join_exons
from dlseq.data.dna.sequences import DnaSequence, Gene
from dlseq.errors import DataError
from dlseq.files import atomic_write

__all__ = ["bed_text", "read_bed", "write_bed"]

MIN_COLUMNS, BLOCK_COLUMNS = 6, 12
BED = "a BED file of at least six columns: name of the sequence, start, end, name, score, strand"
SKIPPED = ("#", "track", "browser")


def read_bed(path: str | os.PathLike) -> dict[str, list[Gene]]:
    """Read genes: the interval of a row, or its blocks between thickStart and thickEnd if it has twelve columns.

    Args:
        path: the file, plain or with the suffix `.gz` or `.xz`; columns are separated by tabs or spaces.

    Returns:
        The genes of each sequence by its name, in order of their first base.

    Raises:
        DataError: the file cannot be read, has no rows, or a row is wrong. The message names the line.
    """
    genes: dict[str, list[Gene]] = {}
    for number, line in enumerate(read_dna_text(path, BED).splitlines(), 1):
        if not line.strip() or line.startswith(SKIPPED):
            continue
        fields = line.rstrip("\r\n").split("\t") if "\t" in line else line.split()
        place = f"{path}, line {number}"
        if len(fields) < MIN_COLUMNS:
            raise DataError(f"{place}: Expected {BED}. Received: {len(fields)} columns.")
        if fields[5] not in ("+", "-"):
            raise DataError(f"{place}: Expected a strand, + or -, in column 6. Received: {fields[5]!r:.40}.")
        start, end = _numbers(place, fields[1:3])
        if not 0 <= start < end:
            raise DataError(
                f"{place}: Expected a start before the end. Received: {fields[1]!r:.40} and {fields[2]!r:.40}."
            )
        exons = _blocks(place, fields, start, end) if len(fields) >= BLOCK_COLUMNS else [(start, end)]
        if exons:
            genes.setdefault(fields[0], []).append(Gene(join_exons(exons, place), fields[5], fields[3]))
    if not genes:
        raise DataError(f"{path}: Expected {BED}. Received: no rows.")
    return {name: sorted(found, key=lambda gene: gene.exons) for name, found in genes.items()}


def bed_text(sequences: Iterable[DnaSequence]) -> str:
    """Return the genes of sequences as BED: six columns, twelve for a gene with introns.

    Example:
        >>> print(bed_text([DnaSequence("a", "ATGTAA", (Gene(((0, 6),), "+", "g"),))]), end="")
        a	0	6	g	0	+
    """
    lines = []
    for sequence in sequences:
        for gene in sequence.genes:
            row = [sequence.name, gene.start, gene.end, gene.name or ".", 0, gene.strand]
            if gene.introns:
                sizes = ",".join(str(end - start) for start, end in gene.exons)
                starts = ",".join(str(start - gene.start) for start, _ in gene.exons)
                row += [gene.start, gene.end, 0, len(gene.exons), sizes, starts]
            lines.append("\t".join(map(str, row)))
    return "".join(f"{line}\n" for line in lines)


def write_bed(path: str | os.PathLike, sequences: Iterable[DnaSequence]) -> Path:
    """Write the genes of sequences as a BED file, as a whole or not at all.

    Returns:
        The path.
    """
    with atomic_write(path) as partial:
        partial.write_text(bed_text(sequences), encoding="utf-8")
    return Path(path)


def _numbers(place, texts):
    try:
        return [int(text) for text in texts]
    except ValueError:
        raise DataError(f"{place}: Expected whole numbers. Received: {', '.join(texts)!r:.60}.") from None


def _blocks(place, fields, start, end):
    """Return the coding parts of the blocks of a row."""
    first, last = _numbers(place, fields[6:8])
    sizes = _numbers(place, [text for text in fields[10].split(",") if text])
    offsets = _numbers(place, [text for text in fields[11].split(",") if text])
    if len(sizes) != len(offsets) or min(sizes, default=0) < 1 or min(offsets) < 0:
        raise DataError(
            f"{place}: Expected as many positive sizes as starts of blocks, in columns 11 and 12. "
            f"Received: {fields[10]!r:.40} and {fields[11]!r:.40}."
        )
    if start + offsets[-1] + sizes[-1] > end:
        raise DataError(f"{place}: Expected blocks that end at {end}. Received: {start + offsets[-1] + sizes[-1]}.")
    blocks = [(start + offset, start + offset + size) for offset, size in zip(offsets, sizes, strict=True)]
    return [
        (max(block[0], first), min(block[1], last)) for block in blocks if max(block[0], first) < min(block[1], last)
    ]
