"""DNA sequences with genes, and the rules that a protein-coding gene follows."""

import dataclasses

import numpy as np

from dlseq.errors import DataError

__all__ = [
    "AMBIGUOUS",
    "BASES",
    "STARTS",
    "STOPS",
    "DnaSequence",
    "Gene",
    "base_ids",
    "coding_sequence",
    "gene_fault",
    "reverse_complement",
]

BASES = "ACGT"
AMBIGUOUS = 4  # id of a base that is not known
STARTS = ("ATG",)
STOPS = ("TAA", "TAG", "TGA")
COMPLEMENT = str.maketrans("ACGTRYKMBVDHSWN", "TGCAYRMKVBHDSWN")
IDS = np.full(256, 255, np.uint8)  # of letters; 255 for one that is no base
for letter in "ACGTNRYSWKMBDHV":
    IDS[ord(letter)] = BASES.index(letter) if letter in BASES else AMBIGUOUS


@dataclasses.dataclass(frozen=True)
class Gene:
    """Protein-coding gene: the parts of a strand from the start codon to the stop codon.

    Args:
        exons: half-open ranges of the coding bases, counted from 0 on the forward strand, in ascending order.
        strand: "+" or "-".
        name: name of the gene. Defaults to "".

    Example:
        >>> gene = Gene(((10, 16), (30, 42)), "-", "lacZ")
        >>> gene.start, gene.end, gene.introns
        (10, 42, ((16, 30),))
    """

    exons: tuple[tuple[int, int], ...]
    strand: str
    name: str = ""

    @property
    def start(self) -> int:
        """First base on the forward strand."""
        return self.exons[0][0]

    @property
    def end(self) -> int:
        """End of the last base on the forward strand."""
        return self.exons[-1][1]

    @property
    def introns(self) -> tuple[tuple[int, int], ...]:
        """Half-open ranges between the exons."""
        return tuple((left[1], right[0]) for left, right in zip(self.exons, self.exons[1:], strict=False))

    def mirrored(self, length: int) -> "Gene":
        """Return the gene on the reverse complement of a sequence of `length` bases."""
        exons = tuple((length - end, length - start) for start, end in reversed(self.exons))
        return Gene(exons, "-" if self.strand == "+" else "+", self.name)


@dataclasses.dataclass(frozen=True)
class DnaSequence:
    """Sequence with its genes.

    Args:
        name: name in its file.
        bases: letters A, C, G, T, or another letter of IUPAC for a base that is not known; all in capitals.
        genes: the genes in order of their first base. Defaults to `()`.
    """

    name: str
    bases: str
    genes: tuple[Gene, ...] = ()

    def mirrored(self) -> "DnaSequence":
        """Return the reverse complement with the same genes."""
        genes = sorted((gene.mirrored(len(self.bases)) for gene in self.genes), key=lambda gene: gene.exons)
        return DnaSequence(self.name, reverse_complement(self.bases), tuple(genes))

    def part(self, start: int, end: int) -> "DnaSequence":
        """Return the bases from `start` to `end` with the genes that are whole in them."""
        genes = []
        for gene in self.genes:
            if start <= gene.start and gene.end <= end:
                exons = tuple((first - start, last - start) for first, last in gene.exons)
                genes.append(Gene(exons, gene.strand, gene.name))
        return DnaSequence(self.name, self.bases[start:end], tuple(genes))


def base_ids(bases: str) -> np.ndarray:
    """Return the ids of bases, uint8 `(T,)`: 0 to 3 for A, C, G and T, 4 for a base that is not known.

    Raises:
        DataError: a letter is no base in capitals.

    Example:
        >>> base_ids("ACGTN").tolist()
        [0, 1, 2, 3, 4]
    """
    ids = IDS[np.frombuffer(bases.encode("latin-1", "replace"), np.uint8)]
    if (ids == 255).any():
        raise DataError(f"Expected letters of IUPAC bases. Received: {bases[int((ids == 255).argmax())]!r}.")
    return ids


def reverse_complement(bases: str) -> str:
    """Return the other strand, read in its own direction.

    Example:
        >>> reverse_complement("ATGCN")
        'NGCAT'
    """
    return bases.translate(COMPLEMENT)[::-1]


def coding_sequence(bases: str, gene: Gene) -> str:
    """Return the codons of a gene in the order in which they are read.

    Example:
        >>> coding_sequence("CCTTAGTACCCCATGG", Gene(((2, 5), (11, 14)), "-"))
        'ATGTAA'
    """
    joined = "".join(bases[start:end] for start, end in gene.exons)
    return joined if gene.strand == "+" else reverse_complement(joined)


def gene_fault(bases: str, gene: Gene, starts: tuple[str, ...] = STARTS) -> str:
    """Return why a gene cannot be translated, or "".

    Args:
        bases: the sequence.
        gene: the gene.
        starts: its possible start codons. Defaults to `STARTS`.

    Example:
        >>> gene_fault("ATGAAATAA", Gene(((0, 9),), "+")), gene_fault("ATGTAATAA", Gene(((0, 9),), "+"))
        ('', 'a stop codon before its end')
    """
    codons = coding_sequence(bases, gene)
    if len(codons) % 3 or len(codons) < 6:
        return f"{len(codons)} coding bases"
    if codons[:3] not in starts:
        return f"{codons[:3]} in the place of a start codon"
    if codons[-3:] not in STOPS:
        return f"{codons[-3:]} in the place of a stop codon"
    if any(codons[place : place + 3] in STOPS for place in range(0, len(codons) - 3, 3)):
        return "a stop codon before its end"
    for start, end in gene.introns:
        intron = bases[start:end] if gene.strand == "+" else reverse_complement(bases[start:end])
        if (intron[:2], intron[-2:]) != ("GT", "AG"):
            return f"an intron {intron[:2]}...{intron[-2:]}"
    return ""
