"""Search for the best legal genes of a sequence, given the log-probabilities of the labels of its bases."""

import itertools

import numpy as np

from dlseq.data.dna.labels import BETWEEN, LABELS
from dlseq.data.dna.sequences import Gene
from dlseq.decoding.viterbi import viterbi
from dlseq.tasks.genes.grammar import GeneGrammar

__all__ = ["best_paths", "bounds_log_prob", "piece_bounds"]

PIECE_BASES, MAX_PIECE_BASES = 3_000, 48_000
BETWEEN_IS_SURE = np.log(0.9)
SIGNAL_WEIGHT = 4.0
"""Weight of the log-probabilities of starts, stops, donors and acceptors. The labels of the bases between them are not
independent of each other, and their product counts the same evidence once for each base."""
WEIGHTS = np.where([label.startswith(("start", "stop", "donor", "acceptor")) for label in LABELS], SIGNAL_WEIGHT, 1.0)
MAX_CELLS = 6_000_000  # bases times states of a batch


def piece_bounds(between: np.ndarray) -> list[int]:
    """Return bounds of pieces that can be searched one by one, since a sequence is between genes where it is cut.

    A piece is cut at the base that is between genes with the greatest probability, among the bases from half its
    length of 3,000 to one and a half; if that is below 0.9, among twice as many, and so on.

    Args:
        between: log-probabilities of being between genes, `(T,)`.

    Returns:
        Bounds, from 0 to T.
    """
    bounds = [0]
    while len(between) - bounds[-1] > 2 * PIECE_BASES:
        first, size = bounds[-1] + PIECE_BASES // 2, PIECE_BASES
        while True:
            candidates = between[first : first + size]
            best = int(candidates.argmax())
            at_end = first + size >= len(between)
            if candidates[best] >= BETWEEN_IS_SURE or size >= MAX_PIECE_BASES or at_end:
                break
            size *= 2
        if at_end and candidates[best] < BETWEEN_IS_SURE:
            break
        bounds.append(first + best)
    return [*bounds, len(between)]


def best_paths(log_probs: list[np.ndarray], ids: list[np.ndarray], grammar: GeneGrammar) -> list[np.ndarray]:
    """Return the paths of states of sequences, each the best one that the grammar allows.

    The score of a path is the sum of the log-probabilities of its labels; those of signals are weighted.

    Args:
        log_probs: for each sequence, log-probabilities of `LABELS`, `(T, 17)`.
        ids: for each sequence, the ids of its bases, `(T,)`.
        grammar: the grammar.

    Returns:
        States of the grammar for each sequence, `(T,)`.
    """
    pieces = []
    for index, sequence in enumerate(log_probs):
        bounds = piece_bounds(sequence[:, BETWEEN])
        pieces += [(index, start, end) for start, end in itertools.pairwise(bounds)]
    paths = [np.zeros(len(sequence), np.int64) for sequence in log_probs]
    pieces.sort(key=lambda piece: piece[2] - piece[1])
    states = len(grammar.labels)
    while pieces:
        longest = pieces[-1][2] - pieces[-1][1]
        count = max(1, MAX_CELLS // (longest * states))
        batch, pieces = pieces[-count:], pieces[:-count]
        scores = np.full((len(batch), longest, states), -np.inf, np.float32)
        for row, (index, start, end) in zip(scores, batch, strict=True):
            allowed = grammar.allowed(ids[index][start:end])
            row[: end - start] = np.where(allowed, (WEIGHTS * log_probs[index][start:end])[:, grammar.labels], -np.inf)
        lengths = [end - start for _, start, end in batch]
        found = viterbi(scores, grammar.transitions, grammar.initial, lengths, grammar.final)
        for path, (index, start, end) in zip(found, batch, strict=True):
            paths[index][start:end] = path[: end - start]
    return paths


def bounds_log_prob(gene: Gene, labels: np.ndarray, log_probs: np.ndarray) -> float:
    """Return the log of the product of the probabilities of a gene's start, stop, donors and acceptors at their bases.

    Args:
        gene: the gene.
        labels: labels of the bases, `(T,)`.
        log_probs: log-probabilities of `LABELS`, `(T, 17)`.
    """
    places = [gene.start, gene.end - 1, *(place for start, end in gene.introns for place in (start, end - 1))]
    return float(log_probs[places, labels[places]].sum(dtype=np.float64))
