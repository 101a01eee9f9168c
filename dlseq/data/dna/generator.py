"""Made sequences with genes: both strands, introns, signals of published strength."""

import numpy as np

from dlseq.data.dna.sequences import BASES, STOPS, DnaSequence, Gene
from dlseq.data.dna.signals import (
    ACCEPTOR,
    BACKGROUND,
    BRANCH,
    CODON_FREQUENCIES,
    CODONS,
    DONOR,
    POLYA,
    START,
    STOP_FREQUENCIES,
    TATA,
)
from dlseq.errors import DataError

__all__ = ["MAX_BASES", "draw_dna"]

MAX_BASES = 2_048  # of a sequence
GENES = (0.06, 0.5, 0.44)  # probabilities of no gene, one, two
INTRONS = (0.25, 0.35, 0.25, 0.15)  # of none to three
GAP_BASES = 60, 340  # around genes
EXON_BASES = 60, 90  # least, and mean above it
MIN_CODING_BASES = 210
INTRON_BASES = 60, 45
SPLITS = ("train", "validation", "test")
LETTERS = np.frombuffer(BASES.encode(), np.uint8)


def draw_dna(number: int, seed: int, split: str = "train", *, max_bases: int = MAX_BASES) -> list[DnaSequence]:
    """Draw sequences with their genes.

    A gene has a TATA box and a leader, a start codon in Kozak's context, exons whose codons follow a codon usage,
    introns with donor, branch point, polypyrimidine tract and acceptor, a stop codon, and a signal of its end. Half of
    the genes are on the reverse strand.

    Args:
        number: number of sequences.
        seed: seed of the draw; the splits of a seed are different.
        split: "train", "validation" or "test". Defaults to "train".
        max_bases: length of the longest sequence, at least 340. Defaults to `2048`.

    Raises:
        DataError: an unknown split, or a sequence that cannot be so short.

    Example:
        >>> first = draw_dna(1, seed=0)[0]
        >>> first == draw_dna(2, seed=0)[0], set(first.bases) <= set("ACGT")
        (True, True)
    """
    if split not in SPLITS:
        raise DataError(f"Invalid value for argument `split`. Expected one of: {', '.join(SPLITS)}. Received: {split}.")
    if max_bases < GAP_BASES[1]:
        raise DataError(
            f"Invalid value for argument `max_bases`. Expected at least {GAP_BASES[1]}. Received: {max_bases}."
        )
    drawn = []
    for index in range(number):
        random = np.random.default_rng([seed, SPLITS.index(split), index])
        sequence = None
        while sequence is None:
            sequence = _draw_sequence(random, f"made-{index + 1}", max_bases)
        drawn.append(sequence)
    return drawn


def _draw_sequence(random, name, max_bases):
    """Return a sequence, or None if it is too long."""
    pieces, genes = [_background(random, random.integers(*GAP_BASES))], []
    length = len(pieces[0])
    for _ in range(random.choice(len(GENES), p=GENES)):
        piece, gene = _draw_gene(random)
        if random.random() < 0.5:
            piece, gene = 3 - piece[::-1], gene.mirrored(len(piece))
        exons = tuple((length + start, length + end) for start, end in gene.exons)
        genes.append(Gene(exons, gene.strand, f"gene-{len(genes) + 1}"))
        pieces += [piece, _background(random, random.integers(*GAP_BASES))]
        length += len(pieces[-2]) + len(pieces[-1])
    if length > max_bases:
        return None
    bases = LETTERS[np.concatenate(pieces)].tobytes().decode()
    return DnaSequence(name, bases, tuple(genes))


def _draw_gene(random):
    """Return the ids of a gene on the forward strand with what is around it, and the gene."""
    introns = int(random.choice(len(INTRONS), p=INTRONS))
    coding = _draw_codons(random, [int(EXON_BASES[0] + random.gamma(2, EXON_BASES[1] / 2)) for _ in range(introns + 1)])
    cuts = _draw_cuts(random, coding, introns)
    leader = _background(random, random.integers(60, 100))
    before = len(leader) - random.integers(50, 60)
    leader[before : before + len(TATA)] = _from_table(random, TATA.frequencies)
    leader[START.offset :] = _from_table(random, START.rows(START.offset, 0))
    pieces, exons, place = [leader], [], len(leader)
    for start, end in zip([0, *cuts], [*cuts, len(coding)], strict=True):
        exon = coding[start:end]
        exons.append((place, place + len(exon)))
        pieces.append(exon)
        place += len(exon)
        if end < len(coding):
            pieces.append(_draw_intron(random))
            place += len(pieces[-1])
    trailer = _background(random, random.integers(60, 110))
    after = random.integers(20, len(trailer) - len(POLYA) - 20)
    trailer[after : after + len(POLYA)] = _from_table(random, POLYA.frequencies)
    return np.concatenate([*pieces, trailer]), Gene(tuple(exons), "+")


def _draw_codons(random, exon_lengths):
    """Return the ids of the coding bases of a gene, from its start codon to its stop codon."""
    count = max(sum(exon_lengths), MIN_CODING_BASES) // 3 - 2
    inner = [CODONS[index] for index in random.choice(len(CODONS), count, p=CODON_FREQUENCIES)]
    fourth = START.rows(3, 4)[0]
    first = np.array([codon[0] == letter for letter in BASES for codon in CODONS]).reshape(4, -1)
    weights = CODON_FREQUENCIES * (fourth @ first)
    inner[0] = CODONS[random.choice(len(CODONS), p=weights / weights.sum())]
    stop = STOPS[random.choice(len(STOPS), p=list(STOP_FREQUENCIES.values()))]
    return np.array([BASES.index(letter) for letter in "".join(["ATG", *inner, stop])])


def _draw_cuts(random, coding, introns):
    """Return the places of introns in the coding bases, where these fit the consensus of donors and acceptors."""
    least = EXON_BASES[0]
    places = np.arange(len(coding))
    before, after = DONOR.rows(DONOR.offset, 0), ACCEPTOR.rows(0, 1)[0]
    weights = np.zeros(len(coding))
    inside = places[least : len(coding) - least]
    weights[inside] = after[coding[inside]]
    for row, frequencies in enumerate(before):
        weights[inside] *= frequencies[coding[inside - len(before) + row]]
    cuts = []
    for _ in range(introns):
        if weights.sum() <= 0:
            break
        cut = int(random.choice(len(coding), p=weights / weights.sum()))
        cuts.append(cut)
        weights[max(cut - least, 0) : cut + least] = 0
    return sorted(cuts)


def _draw_intron(random):
    length = int(INTRON_BASES[0] + random.gamma(2, INTRON_BASES[1] / 2))
    intron = _background(random, length)
    donor, acceptor = DONOR.rows(0, DONOR.offset + len(DONOR)), ACCEPTOR.rows(ACCEPTOR.offset, 0)
    intron[: len(donor)] = _from_table(random, donor)
    branch = length - random.integers(24, 36)
    intron[branch : branch + len(BRANCH)] = _from_table(random, BRANCH.frequencies)
    intron[-len(acceptor) :] = _from_table(random, acceptor)
    return intron


def _background(random, length):
    return random.choice(4, length, p=BACKGROUND)


def _from_table(random, frequencies):
    """Return one base for each row of a table."""
    return (random.random((len(frequencies), 1)) > np.cumsum(frequencies, axis=1)[:, :-1]).sum(axis=1)
