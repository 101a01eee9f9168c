"""Hidden Markov model of genes with given parameters: the ceiling of made data, a codon-usage baseline of real data.

Its states are those of `dlseq.tasks.genes.grammar`. With the parameters of the generator of `dlseq.data.dna` it reads
all that the sequences tell but for the lengths of exons and introns, the TATA box and the signal of the end.
"""

import dataclasses

import numpy as np

from dlseq.data.dna import DnaSequence, base_ids
from dlseq.data.dna.generator import EXON_BASES, INTRON_BASES, MIN_CODING_BASES
from dlseq.data.dna.sequences import BASES
from dlseq.data.dna.signals import (
    ACCEPTOR,
    BACKGROUND,
    BRANCH,
    CODON_FREQUENCIES,
    CODONS,
    DONOR,
    START,
    STOP_FREQUENCIES,
)
from dlseq.decoding.viterbi import viterbi
from dlseq.tasks.genes.grammar import GeneGrammar

__all__ = ["GeneModel", "made_model"]

NEVER = -30.0
BRANCH_PLACES = range(24, 36)  # bases before the end of an intron
PIECE_BASES = 30_000


@dataclasses.dataclass(frozen=True)
class GeneModel:
    """Parameters of the model; scores are log-odds against bases between genes.

    Args:
        grammar: states and what may follow what.
        codons: probabilities of the 64 codons, `(64,)`.
        background: probabilities of A, C, G and T between genes, `(4,)`.
        starts: probability of each start codon.
        gene_rate, end_rate: probabilities that a gene begins at a base between genes, and that it ends after a codon.
        signals: whether starts, donors and acceptors are scored by the published tables.
        min_bases: coding bases of the shortest gene that is kept.
    """

    grammar: GeneGrammar
    codons: np.ndarray
    background: np.ndarray
    starts: dict[str, float]
    gene_rate: float
    end_rate: float
    signals: bool = False
    min_bases: int = 0

    def find(self, sequence: DnaSequence) -> DnaSequence:
        """Return the sequence with the genes of the most probable path; of a long one, piece by piece."""
        genes, start = [], 0
        while start < len(sequence.bases):
            end = min(start + PIECE_BASES, len(sequence.bases))
            ids = base_ids(sequence.bases[start:end])
            forward, reverse = self._scores(ids), self._scores((3 - ids)[::-1])[::-1]
            scores = np.concatenate([forward, reverse[:, 1:]], axis=1)
            scores[~self.grammar.allowed(ids)] = -np.inf
            [path] = viterbi(scores[None], self.grammar.transitions, self.grammar.initial, final=self.grammar.final)
            found = self.grammar.genes_of(path, ids)
            following = end
            if end < len(sequence.bases) and found and found[-1].start > PIECE_BASES // 2:
                following = start + found[-1].start
                found = found[:-1]
            genes += [
                dataclasses.replace(gene, exons=tuple((start + first, start + last) for first, last in gene.exons))
                for gene in found
                if sum(last - first for first, last in gene.exons) >= self.min_bases
            ]
            start = following
        return dataclasses.replace(sequence, genes=tuple(genes))

    def _scores(self, ids):
        """Return the scores of the states of one strand, `(T, K)`; those of bases within a scored codon are 0."""
        scores = np.zeros((len(ids), len(self.grammar.names)))
        places = [np.array([codon[place] == letter for letter in BASES for codon in CODONS]) for place in range(3)]
        bases = [table.reshape(4, -1) @ self.codons for table in places]  # of the first, second and third place
        odds = [np.log(frequencies / self.background) for frequencies in bases]
        mean = sum(bases) / 3
        starts = self._codon_scores(ids, self.starts)
        donors, acceptors = np.zeros(len(ids)), np.zeros(len(ids))
        if self.signals:
            starts = _table_scores(ids, START, START.offset, 3, self.background) + _table_scores(ids, START, 3, 4, mean)
            donors = _table_scores(ids, DONOR, 0, 6, self.background) + _table_scores(ids, DONOR, -3, 0, mean)
            donors += np.log(1 / sum(EXON_BASES))
            before = _table_scores(ids, ACCEPTOR, ACCEPTOR.offset, 0, self.background)
            first_exon_base = before + _table_scores(ids, ACCEPTOR, 0, 1, mean)
            acceptors = np.append(first_exon_base[1:], NEVER) + self._branches(ids) + np.log(1 / sum(INTRON_BASES))
        codons = self._codon_scores(ids, dict(zip(CODONS, self.codons, strict=True)))
        stops = self._codon_scores(ids, STOP_FREQUENCIES) + np.log(self.end_rate)
        for column, name in enumerate(self.grammar.names):
            state = scores[:, column]
            if name == "C2":
                state[2:] = codons[:-2]
            elif name == "S0":
                state[:] = starts + np.log(self.gene_rate)
            elif name == "E0":
                state[:] = stops
            elif name[0] == "D":
                state[:] = donors
                for back in range(1, 1 + int(name[1])):  # the bases of the codon that the intron cuts
                    state[back:] += odds[int(name[1]) - back][ids[:-back]]
            elif name[0] == "A":
                state[:] = acceptors
            elif name[0] == "X":
                state[:] = odds[int(name[1])][ids]
        return scores

    def _codon_scores(self, ids, frequencies):
        """Return the log-odds of codons at the bases where they begin, `(T,)`."""
        table = np.full((4, 4, 4), NEVER)
        for codon, frequency in frequencies.items():
            if frequency > 0:
                letters = [BASES.index(letter) for letter in codon]
                table[tuple(letters)] = np.log(frequency / self.background[letters].prod())
        scores = np.full(len(ids), NEVER)
        scores[:-2] = table[ids[:-2], ids[1:-1], ids[2:]]
        return scores

    def _branches(self, ids):
        """Return the log-odds of a branch point some bases before each base, at least -6."""
        found = _table_scores(ids, BRANCH, 0, len(BRANCH), self.background)
        total = np.full(len(ids), NEVER)
        for place in BRANCH_PLACES:
            shifted = np.full(len(ids), NEVER)
            shifted[place - 1 :] = found[: len(ids) - place + 1]
            total = np.logaddexp(total, shifted - np.log(len(BRANCH_PLACES)))
        return np.maximum(total, -6)


def made_model() -> GeneModel:
    """Return the model with the parameters of the generator of made sequences."""
    return GeneModel(
        GeneGrammar(),
        CODON_FREQUENCIES,
        BACKGROUND,
        {"ATG": 1.0},
        gene_rate=1 / 500,
        end_rate=1 / 90,
        signals=True,
        min_bases=MIN_CODING_BASES,
    )


def _table_scores(ids, signal, first, last, background):
    """Return the log-odds of the rows of a signal from `first` to `last` around each base, `(T,)`."""
    with np.errstate(divide="ignore"):
        odds = np.maximum(np.log(signal.rows(first, last) / background), NEVER)
    scores = np.zeros(len(ids))
    for row, offset in enumerate(range(first, last)):
        places = np.arange(len(ids)) + offset
        inside = (places >= 0) & (places < len(ids))
        scores += np.where(inside, odds[row][ids[np.where(inside, places, 0)]], NEVER)
    return scores
