"""Sequences with their genes in two files: a FASTA file and a table of genes beside it."""

import os
from collections.abc import Sequence
from pathlib import Path

from dlseq.data.dna.bed import read_bed
from dlseq.data.dna.fasta import COMPRESSED, read_fasta, write_fasta
from dlseq.data.dna.gff import read_gff, write_gff
from dlseq.data.dna.sequences import DnaSequence
from dlseq.errors import DataError
from dlseq.files import atomic_folder

__all__ = ["TABLES", "find_table", "read_annotated", "write_annotated"]

TABLES = {".gff3": read_gff, ".gff": read_gff, ".gtf": read_gff, ".bed": read_bed}
"""Readers of tables of genes by the suffix of the file."""


def find_table(path: str | os.PathLike) -> Path:
    """Return the table of genes beside a FASTA file: the same name with `.gff3`, `.gff`, `.gtf` or `.bed`, or packed.

    Raises:
        DataError: there is none, or more than one.
    """
    path = Path(path)
    base = path.with_suffix("") if path.suffix.lower() in COMPRESSED else path
    names = [base.with_suffix(suffix).name + packed for suffix in TABLES for packed in ("", *COMPRESSED)]
    found = [path.parent / name for name in names if (path.parent / name).is_file()]
    if len(found) != 1:
        received = f"{len(found)}: {', '.join(file.name for file in found)}" if found else "none"
        raise DataError(
            f"Expected one table of genes beside {path}, such as {base.with_suffix('.gff3').name} or "
            f"{base.with_suffix('.bed').name}. Received: {received}."
        )
    return found[0]


def read_annotated(path: str | os.PathLike, table: str | os.PathLike | None = None) -> list[DnaSequence]:
    """Read the sequences of a FASTA file with their genes.

    Args:
        path: the FASTA file.
        table: GFF or BED file of the genes. Defaults to `None`, the one that `find_table` finds.

    Returns:
        The sequences in the order of the FASTA file.

    Raises:
        DataError: a file is wrong, a gene is on a sequence that is not there, or outside of its bases.
    """
    table = find_table(path) if table is None else Path(table)
    suffix = Path(table.stem).suffix if table.suffix.lower() in COMPRESSED else table.suffix
    if suffix.lower() not in TABLES:
        raise DataError(f"{table}: Expected a file name that ends in one of {', '.join(TABLES)}. Received: {suffix!r}.")
    sequences = {sequence.name: sequence for sequence in read_fasta(path)}
    genes = TABLES[suffix.lower()](table)
    for name, found in genes.items():
        if name not in sequences:
            raise DataError(
                f"{table}: Expected genes on the sequences of {path}, such as {next(iter(sequences))!r:.60}. "
                f"Received: genes on {name!r:.60}."
            )
        length = len(sequences[name].bases)
        outside = next((gene for gene in found if gene.end > length), None)
        if outside is not None:
            raise DataError(
                f"{table}: Expected genes within the {length:,} bases of {name!r:.60}. Received: {outside.name!r:.60}, "
                f"which ends at {outside.end:,}."
            )
    return [DnaSequence(name, sequence.bases, tuple(genes.get(name, ()))) for name, sequence in sequences.items()]


def write_annotated(folder: str | os.PathLike, sequences: Sequence[DnaSequence]) -> tuple[Path, Path]:
    """Write sequences as `dna.fasta` and their genes as `dna.gff3` into a folder, completely or not at all.

    Args:
        folder: a new or empty folder.
        sequences: at least one.

    Returns:
        The paths of the FASTA file, which `read_annotated` reads, and of the table of genes.

    Raises:
        DlseqError: the folder has other contents or cannot be created.
    """
    with atomic_folder(folder) as new:
        files = write_fasta(new / "dna.fasta", sequences), write_gff(new / "dna.gff3", sequences)
    return tuple(Path(folder) / file.name for file in files)
