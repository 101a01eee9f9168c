"""Open reading frames: the stretches that could be a gene without introns."""

from dlseq.data.dna.sequences import STARTS, STOPS, Gene, reverse_complement

__all__ = ["longest_reading_frames"]

STEP = 3


def longest_reading_frames(bases: str, min_bases: int = 300, starts: tuple[str, ...] = STARTS) -> list[Gene]:
    """Return open reading frames of both strands from the longest to the shortest, without those that overlap one.

    A frame goes from the first start codon after a stop codon to the next stop codon. This is the oldest way to find
    genes, and the baseline of all others.

    Args:
        bases: the sequence.
        min_bases: least number of bases. Defaults to `300`.
        starts: possible start codons. Defaults to `("ATG",)`.

    Returns:
        The frames as genes, in order of their first base.

    Example:
        >>> longest_reading_frames("CCATGAAATAACTA", 6)
        [Gene(exons=((2, 11),), strand='+', name='')]
    """
    length = len(bases)
    frames = _open_frames(bases, min_bases, starts)
    frames += [gene.mirrored(length) for gene in _open_frames(reverse_complement(bases), min_bases, starts)]
    taken, kept = bytearray(length), []
    for gene in sorted(frames, key=lambda gene: (gene.start - gene.end, gene.start, gene.strand)):
        if not any(taken[gene.start : gene.end]):
            taken[gene.start : gene.end] = b"\x01" * (gene.end - gene.start)
            kept.append(gene)
    return sorted(kept, key=lambda gene: gene.exons)


def _open_frames(bases, min_bases, starts):
    """Return the open reading frames of the forward strand."""
    found = []
    for frame in range(STEP):
        begin = None
        for place in range(frame, len(bases) - STEP + 1, STEP):
            codon = bases[place : place + STEP]
            if begin is None and codon in starts:
                begin = place
            elif begin is not None and codon in STOPS:
                if place + STEP - begin >= min_bases:
                    found.append(Gene(((begin, place + STEP),), "+"))
                begin = None
    return found
