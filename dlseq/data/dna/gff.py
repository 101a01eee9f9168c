"""GFF3 files: tables of genes with their exons."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from dlseq.data.dna.fasta import read_dna_text
from dlseq.data.dna.sequences import DnaSequence, Gene
from dlseq.errors import DataError
from dlseq.files import atomic_write

__all__ = ["gff_text", "join_exons", "read_gff", "write_gff"]

COLUMNS = 9
GFF = "a GFF file: nine columns separated by tabs, with rows of the type CDS"
STOP = "stop_codon"
SOURCE = "dlseq"
SAFE = " :/()[]'+-_.*|"  # signs of an attribute that are not escaped


def read_gff(path: str | os.PathLike) -> dict[str, list[Gene]]:
    """Read the coding parts of genes: rows of the type CDS, those with one Parent or ID joined to one gene.

    GFF3 (`key=value`) and GTF (`key "value"`) are read. Of a gene with several transcripts, each is a gene here. The
    stop codon, which GTF leaves out of CDS, is added from rows of the type stop_codon.
    Everything after `##FASTA`, comments, and rows of other types are skipped.

    Args:
        path: the file, plain or with the suffix `.gz` or `.xz`.

    Returns:
        The genes of each sequence by its name, in order of their first base.

    Raises:
        DataError: the file cannot be read, has no row of the type CDS, or a row is wrong. The message names the line.
    """
    parts: dict[tuple, list] = {}
    stops: dict[tuple, list] = {}
    for number, line in enumerate(read_dna_text(path, GFF).splitlines(), 1):
        if line.startswith("##FASTA"):
            break
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.rstrip("\r\n").split("\t")
        if len(fields) != COLUMNS:
            raise DataError(
                f"{path}, line {number}: Expected {COLUMNS} columns separated by tabs. Received: {len(fields)}."
            )
        if fields[2] not in ("CDS", STOP):
            continue
        start, end = _bounds(path, number, fields[3], fields[4])
        if fields[6] not in ("+", "-"):
            raise DataError(
                f"{path}, line {number}: Expected a strand, + or -, in column 7. Received: {fields[6]!r:.40}."
            )
        attributes = _attributes(fields[8])
        group = next(
            (attributes[key] for key in ("parent", "transcript_id", "id") if key in attributes), f"line {number}"
        )
        name = next((attributes[key] for key in ("gene", "name", "gene_id", "locus_tag") if key in attributes), group)
        rows = stops if fields[2] == STOP else parts
        rows.setdefault((unquote(fields[0]), group, fields[6]), []).append((start, end, name, number))
    if not parts:
        raise DataError(f"{path}: Expected {GFF}. Received: none.")
    genes: dict[str, list[Gene]] = {}
    for key, found in parts.items():
        sequence, _, strand = key
        exons = [part[:2] for part in found]
        exons += [
            (start, end)
            for start, end, *_ in stops.get(key, ())
            if not any(first <= start and end <= last for first, last in exons)
        ]
        joined = join_exons(exons, f"{path}, line {found[0][3]}")
        genes.setdefault(sequence, []).append(Gene(joined, strand, found[0][2]))
    return {sequence: sorted(found, key=lambda gene: gene.exons) for sequence, found in genes.items()}


def join_exons(exons: Sequence[tuple[int, int]], place: str) -> tuple[tuple[int, int], ...]:
    """Return exons in ascending order, those that touch joined.

    Raises:
        DataError: two of them overlap; the message begins with `place`.

    Example:
        >>> join_exons([(9, 12), (0, 3), (3, 6)], "mine.gff, line 1")
        ((0, 6), (9, 12))
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(exons):
        if joined and start < joined[-1][1]:
            raise DataError(
                f"{place}: Expected exons that do not overlap. Received: {joined[-1][0] + 1}-{joined[-1][1]} and "
                f"{start + 1}-{end}."
            )
        if joined and start == joined[-1][1]:
            start = joined.pop()[0]
        joined.append((start, end))
    return tuple(joined)


def gff_text(
    sequences: Iterable[DnaSequence], *, source: str = SOURCE, probabilities: Mapping[Gene, float] | None = None
) -> str:
    """Return the genes of sequences as GFF3: rows for each gene, its transcript, and the coding part of each exon.

    Args:
        sequences: the sequences; the bases are not written.
        source: second column. Defaults to "dlseq".
        probabilities: score of each gene, the sixth column. Defaults to `None`, no scores.

    Example:
        >>> print(gff_text([DnaSequence("a", "ATGTAA", (Gene(((0, 6),), "+", "g"),))]), end="")
        ##gff-version 3
        ##sequence-region a 1 6
        a	dlseq	gene	1	6	.	+	.	ID=a.g;Name=g
        a	dlseq	mRNA	1	6	.	+	.	ID=a.g.t;Parent=a.g
        a	dlseq	CDS	1	6	.	+	0	ID=a.g.cds;Parent=a.g.t;gene=g
    """
    lines = ["##gff-version 3"]
    for sequence in sequences:
        name = quote(sequence.name, safe=".:^*$@!+_?-|")
        lines.append(f"##sequence-region {name} 1 {len(sequence.bases)}")
        counts = Counter(gene.name for gene in sequence.genes)
        for number, gene in enumerate(sequence.genes, 1):
            label = quote(gene.name or f"gene-{number}", safe=SAFE)
            identity = f"{quote(sequence.name, safe=SAFE)}.{label}"
            if gene.name and counts[gene.name] > 1:  # such as the transcripts of a gene
                identity += f".{number}"
            probability = (probabilities or {}).get(gene)
            score = "." if probability is None else f"{probability:.4f}"
            whole = f"{gene.start + 1}\t{gene.end}\t{score}\t{gene.strand}"
            lines.append(f"{name}\t{source}\tgene\t{whole}\t.\tID={identity};Name={label}")
            lines.append(f"{name}\t{source}\tmRNA\t{whole}\t.\tID={identity}.t;Parent={identity}")
            for (start, end), phase in zip(gene.exons, _phases(gene), strict=True):
                row = f"{start + 1}\t{end}\t.\t{gene.strand}\t{phase}"
                lines.append(f"{name}\t{source}\tCDS\t{row}\tID={identity}.cds;Parent={identity}.t;gene={label}")
    return "\n".join([*lines, ""])


def write_gff(path: str | os.PathLike, sequences: Iterable[DnaSequence], **options) -> Path:
    """Write the genes of sequences as a GFF3 file, as a whole or not at all; see `gff_text`.

    Returns:
        The path.
    """
    text = gff_text(sequences, **options)
    with atomic_write(path) as partial:
        partial.write_text(text, encoding="utf-8")
    return Path(path)


def _phases(gene):
    """Return for each exon the number of its bases before the first whole codon, in reading direction."""
    lengths = [end - start for start, end in gene.exons]
    lengths = lengths if gene.strand == "+" else lengths[::-1]
    phases = [-sum(lengths[:index]) % 3 for index in range(len(lengths))]
    return phases if gene.strand == "+" else phases[::-1]


def _bounds(path, number, first, last):
    """Return a half-open range of the numbers of the first and the last base."""
    try:
        start, end = int(first) - 1, int(last)
    except ValueError:
        start, end = 0, -1
    if not 0 <= start < end:
        raise DataError(
            f"{path}, line {number}: Expected the numbers of the first and the last base in columns 4 and 5. "
            f"Received: {first!r:.40} and {last!r:.40}."
        )
    return start, end


def _attributes(text):
    """Return the attributes of a row by their names in small letters."""
    pairs = re.findall(r'\s*([^=;\s"]+)(?:=|\s+)("[^"]*"|[^;]*)', text)
    return {key.lower(): unquote(value.strip().strip('"')) for key, value in pairs}
