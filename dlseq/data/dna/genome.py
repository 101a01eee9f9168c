"""The shipped genome: Chlamydia trachomatis, one million bases with 894 genes."""

import functools
from pathlib import Path

from dlseq.data.dna.annotated import read_annotated
from dlseq.data.dna.sequences import DnaSequence
from dlseq.errors import DataError

__all__ = ["BACTERIAL_STARTS", "GENOME", "load_genome", "split_sequence"]

GENOME = Path(__file__).with_name("chlamydia.fasta.xz")
BACTERIAL_STARTS = ("ATG", "GTG", "TTG")
TRAIN_SHARE, TEST_SHARE = 0.7, 0.15


@functools.cache
def load_genome() -> DnaSequence:
    """Return the chromosome of Chlamydia trachomatis D/UW-3/CX with its genes; provenance in `PROVENANCE.md`.

    Example:
        >>> genome = load_genome()
        >>> len(genome.bases), len(genome.genes), genome.genes[2]
        (1042519, 894, Gene(exons=((1793, 2096),), strand='+', name='gatC'))
    """
    return read_annotated(GENOME)[0]


def split_sequence(sequence: DnaSequence) -> tuple[DnaSequence, DnaSequence, DnaSequence]:
    """Split a sequence by region: 70 % for training, 15 % for validation, the last 15 % for the test.

    A bound that would cut a gene moves to the next place between genes, so no base and no gene is in two parts.

    Raises:
        DataError: there is no place between genes for a bound.

    Example:
        >>> [len(part.genes) for part in split_sequence(load_genome())]
        [654, 116, 124]
    """
    length = len(sequence.bases)
    first = _next_gap(sequence, int(TRAIN_SHARE * length))
    second = _next_gap(sequence, int((1 - TEST_SHARE) * length))
    if not 0 < first < second < length:
        raise DataError(
            f"Expected places between the genes of {sequence.name!r:.60} for two bounds. "
            f"Received: {first} and {second} of {length} bases."
        )
    return sequence.part(0, first), sequence.part(first, second), sequence.part(second, length)


def _next_gap(sequence, place):
    """Return the first place at or after another that is in no gene."""
    for gene in sequence.genes:
        if gene.start < place < gene.end:
            place = gene.end
    return place
