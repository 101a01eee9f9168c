"""Published composition of genes: signals as frequencies by position, codon usage, and lengths.

A signal is a table of percentages: a row for each position, the columns A, C, G, T.
"""

import numpy as np

from dlseq.data.dna.sequences import BASES, STOPS

__all__ = [
    "ACCEPTOR",
    "BACKGROUND",
    "BRANCH",
    "CODONS",
    "CODON_FREQUENCIES",
    "DONOR",
    "POLYA",
    "START",
    "TATA",
    "Signal",
]

CODONS = [first + second + third for first in BASES for second in BASES for third in BASES]


class Signal:
    """Frequencies of bases by position around a place in a gene.

    Args:
        offset: position of the first row, relative to the place.
        percent: percentages `(P, 4)` of A, C, G and T.
        sharpness: exponent of the frequencies: above 1, the preferred bases are more frequent than published.

    Attributes:
        frequencies: `(P, 4)`, each row sums to 1.
    """

    def __init__(self, offset, percent, sharpness=1.0):
        self.offset = offset
        powers = np.asarray(percent, np.float64) ** sharpness
        self.frequencies = powers / powers.sum(axis=1, keepdims=True)

    def __len__(self):
        return len(self.frequencies)

    def rows(self, first, last):
        """Return the frequencies at the positions from `first` to `last`, exclusive, relative to the place."""
        return self.frequencies[first - self.offset : last - self.offset]


SHARPNESS = 2.0
"""Of all signals but the branch point. Genes of vertebrates need more than their own sequence to be found (introns of
thousands of bases, alternative splicing); those drawn here are found from the sequence alone, as those of fungi are."""

DONOR = Signal(
    -3,
    [
        [33, 37, 18, 12],
        [60, 13, 13, 14],
        [8, 4, 81, 7],
        [0, 0, 100, 0],
        [0, 0, 0, 100],
        [49, 3, 45, 3],
        [71, 7, 12, 10],
        [6, 5, 84, 5],
        [15, 19, 20, 46],
    ],
    SHARPNESS,
)
"""MAG|GTRAGT: the last three bases of an exon, the first six of the intron."""

ACCEPTOR = Signal(
    -15,
    [
        *[[11, 30, 12, 47]] * 5,
        *[[8, 33, 9, 50]] * 6,
        [24, 28, 21, 27],
        [4, 65, 1, 30],
        [100, 0, 0, 0],
        [0, 0, 100, 0],
        [25, 14, 49, 12],
    ],
    SHARPNESS,
)
"""Polypyrimidine tract, NYAG|G: the last fifteen bases of an intron, the first one of the exon."""

BRANCH = Signal(
    0,
    [[4, 44, 3, 49], [3, 3, 2, 92], [60, 3, 33, 4], [96, 1, 2, 1], [3, 60, 2, 35]],
)
"""Branch point YTRAY, 18 to 40 bases before the end of an intron."""

START = Signal(
    -6,
    [
        [20, 21, 44, 15],
        [21, 33, 27, 19],
        [24, 53, 15, 8],
        [61, 2, 35, 2],
        [27, 49, 13, 11],
        [15, 55, 21, 9],
        [100, 0, 0, 0],
        [0, 0, 0, 100],
        [0, 0, 100, 0],
        [24, 16, 46, 14],
    ],
    SHARPNESS,
)
"""Kozak's consensus GCCRCCATGG around the start codon."""

TATA = Signal(
    0,
    [
        [4, 37, 40, 19],
        [16, 12, 4, 68],
        [91, 1, 1, 7],
        [1, 2, 1, 96],
        [91, 2, 1, 6],
        [69, 1, 1, 29],
        [93, 1, 5, 1],
        [57, 2, 11, 30],
    ],
)
"""TATA box, 25 to 32 bases before the transcript, whose leader has 20 to 60 bases."""

POLYA = Signal(0, [[94, 2, 2, 2], [92, 2, 2, 4], [2, 2, 2, 94], [95, 2, 2, 1], [93, 2, 3, 2], [95, 2, 2, 1]])
"""AATAAA, 20 to 80 bases after the stop codon."""

BACKGROUND = np.array([0.33, 0.17, 0.17, 0.33])
"""Bases between genes, in introns and in untranslated parts: about one third G and C, as in plants and fungi."""

STOP_FREQUENCIES = dict(zip(STOPS, (0.55, 0.22, 0.23), strict=True))

CODON_USAGE = """
AAA:40.8 AAC:10.9 AAG:17.9 AAT:24.2
ACA:16.9 ACC:9.0 ACG:8.0 ACT:17.4
AGA:11.8 AGC:8.5 AGG:2.7 AGT:10.4
ATA:11.6 ATC:20.0 ATG:17.8 ATT:35.4
CAA:26.8 CAC:6.8 CAG:14.1 CAT:15.9
CCA:9.8 CCC:5.8 CCG:3.9 CCT:24.4
CGA:9.7 CGC:7.5 CGG:4.2 CGT:13.0
CTA:15.2 CTC:11.9 CTG:9.7 CTT:23.2
GAA:42.3 GAC:10.5 GAG:23.6 GAT:34.8
GCA:19.3 GCC:10.4 GCG:9.1 GCT:36.4
GGA:27.9 GGC:8.6 GGG:14.5 GGT:13.0
GTA:17.3 GTC:10.4 GTG:12.4 GTT:25.1
TAA:0.0 TAC:10.2 TAG:0.0 TAT:20.4
TCA:9.8 TCC:12.1 TCG:6.8 TCT:34.2
TGA:0.0 TGC:6.1 TGG:9.5 TGT:10.2
TTA:32.4 TTC:17.6 TTG:19.8 TTT:30.8
"""
"""Codons in a thousand, counted in the first 70 % of the shipped genome (`dlseq.data.dna.load_genome`)."""


def _codon_frequencies():
    counts = dict(entry.split(":") for entry in CODON_USAGE.split())
    values = np.array([float(counts[codon]) for codon in CODONS])
    return values / values.sum()


CODON_FREQUENCIES = _codon_frequencies()
"""Probabilities of `CODONS`, `(64,)`; 0 for stop codons."""
