"""Grammar of genes: a finite automaton over bases whose paths are the legal genes of both strands."""

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np

from dlseq.data.dna.labels import CODING, PARTS
from dlseq.data.dna.sequences import AMBIGUOUS, BASES, STARTS, STOPS, Gene

__all__ = ["GeneGrammar"]

KINDS = ("0", "1", "1T", "2", "2TA", "2TG")
"""Introns by the bases of the cut codon before them: a codon that they cut must not become a stop codon."""
STOP_AFTER = {"1T": ("AA", "AG", "GA"), "2TA": ("A", "G"), "2TG": ("A",)}
MAX_OVERLAP_CODONS = 20
IMPOSSIBLE = -np.inf


@dataclasses.dataclass(frozen=True)
class GeneGrammar:
    """Automaton of the genes of a sequence.

    A gene begins with a start codon, has no stop codon in frame before its last codon, and its introns begin with GT
    and end with AG; after an intron the reading frame goes on, also within a codon. The genes of the reverse strand
    are those of the reverse complement. No codon is cut twice; start and stop codons are not cut. An ambiguous base is
    part of none of these signals.

    Args:
        starts: possible start codons. Defaults to `("ATG",)`.
        introns: whether genes have introns. Defaults to `True`.
        overlaps: whether a gene may begin in the last 62 bases of the one before it on its strand. Defaults to
            `False`.

    Attributes:
        labels: positions in `LABELS` of the states, `(K,)`.
        transitions: `(K, K)`: 0 where a state may follow, `-inf` elsewhere.
        initial, final: scores of a first and of a last state, `(K,)`: 0 between genes and at the ends of genes.

    Example:
        >>> grammar = GeneGrammar(introns=False)
        >>> len(grammar.labels)
        19
    """

    starts: Sequence[str] = STARTS
    introns: bool = True
    overlaps: bool = False

    def __post_init__(self):
        forward, edges = self._forward()
        names = ["N", *forward]
        count = len(forward)
        labels = np.zeros(1 + 2 * count, np.int64)
        labels[1 : 1 + count] = [1 + PARTS.index(part) for part in forward.values()]
        labels[1 + count :] = labels[1 : 1 + count] + len(PARTS)
        transitions = np.full((len(labels), len(labels)), IMPOSSIBLE)

        def forward_index(name):
            return names.index(name)

        def reverse_index(name):
            return names.index(name) + (count if name != "N" else 0)

        for before, after in edges:
            transitions[forward_index(before), forward_index(after)] = 0
            transitions[reverse_index(after), reverse_index(before)] = 0
        transitions[forward_index("E2"), reverse_index("E2")] = 0  # genes of different strands side by side
        transitions[reverse_index("S0"), forward_index("S0")] = 0
        ends = np.full((2, len(labels)), IMPOSSIBLE)
        ends[:, 0] = ends[0, [forward_index("S0"), reverse_index("E2")]] = 0
        ends[1, [forward_index("E2"), reverse_index("S0")]] = 0
        for name, value in {
            "names": names,
            "labels": labels,
            "transitions": transitions,
            "initial": ends[0],
            "final": ends[1],
        }.items():
            object.__setattr__(self, name, value)

    def _forward(self):
        """Return the part of each state of the forward strand by its name, and the pairs that may follow each other."""
        parts = {f"{letter}{place}": f"codon-{place + 1}" for letter in "SCE" for place in range(3)}
        parts |= {"S0": "start", "E2": "stop"}
        edges = [
            ("N", "N"),
            ("N", "S0"),
            ("E2", "N"),
            ("E2", "S0"),
            ("S2", "C0"),
            ("S2", "E0"),
            ("C2", "C0"),
            ("C2", "E0"),
        ]
        edges += [(f"{letter}{place}", f"{letter}{place + 1}") for letter in "SCE" for place in range(2)]
        if self.overlaps:
            parts |= {"V1": "codon-2", "V2": "codon-3"}
            edges += [("E2", "V1"), ("E2", "V2"), ("V1", "C2"), ("V2", "C0")]
        if not self.introns:
            return parts, edges
        parts |= {"X1": "codon-2", "X1T": "codon-2", "X2": "codon-3", "X2TA": "codon-3", "X2TG": "codon-3"}
        for kind in KINDS:
            steps = [f"{step}{kind}" for step in ("D", "G", "I", "B", "A")]
            parts |= dict(zip(steps, ("donor", "intron", "intron", "intron", "acceptor"), strict=True))
            edges += [*itertools.pairwise(steps), (steps[2], steps[2]), (steps[1], steps[3])]
            before = {"0": ("S2", "C2", "X2", "X2TA", "X2TG"), "1": ("C0",), "2": ("C1",)}[kind[0]]
            after = ("C0", "E0") if kind == "0" else (f"X{kind}",)
            edges += [(name, steps[0]) for name in before] + [(steps[-1], name) for name in after]
        edges += [("X1", "X2"), ("X1T", "X2")]
        edges += [(name, after) for name in ("X2", "X2TA", "X2TG") for after in ("C0", "E0")]
        return parts, edges

    def allowed(self, ids: np.ndarray) -> np.ndarray:
        """Return where each state is possible, from the bases alone, bool `(T, K)`.

        Args:
            ids: ids of the bases, `(T,)`, see `dlseq.data.dna.base_ids`.
        """
        forward = self._forward_allowed(ids)
        return np.concatenate([forward, self._forward_allowed(_complement(ids))[::-1, 1:]], axis=1)

    def _forward_allowed(self, ids):
        length, found = len(ids), {}

        def word(text, offset=0):
            if (text, offset) not in found:
                found[text, offset] = _begins(ids, text, offset)
            return found[text, offset]

        def any_word(texts, offset=0):
            return np.logical_or.reduce([word(text, offset) for text in texts])

        allowed = np.ones((length, len(self.names)), bool)

        def restrict(name, where):
            allowed[:, self.names.index(name)] &= where

        for place in range(3):
            restrict(f"S{place}", any_word(self.starts, -place))
            restrict(f"E{place}", any_word(STOPS, -place))
        restrict("C2", ~any_word(STOPS, -2))
        if self.overlaps:
            for name, where in zip(("V1", "V2"), _overlaps(any_word(self.starts), any_word(STOPS)), strict=True):
                restrict(name, where >= 0)
        for kind in KINDS if self.introns else ():
            for step, text, offset in (("D", "GT", 0), ("G", "GT", -1), ("B", "AG", 0), ("A", "AG", -1)):
                restrict(f"{step}{kind}", word(text, offset))
            prefix = kind[1:]
            if prefix:
                restrict(f"D{kind}", word(prefix, -len(prefix)))
                restrict(f"X{kind}", ~any_word(STOP_AFTER[kind]))
        if self.introns:
            restrict("D1", ~word("T", -1))
            restrict("D2", ~any_word(("TA", "TG"), -2))
        return allowed

    def genes_of(self, path: np.ndarray, ids: np.ndarray) -> list[Gene]:
        """Return the genes of a path of states, in order of their first base.

        Args:
            path: states `(T,)`.
            ids: ids of the bases, `(T,)`.
        """
        genes = self._forward_genes(path, ids, 0)
        mirrored = self._forward_genes(path[::-1], _complement(ids), len(self.names) - 1)
        return sorted([*genes, *(gene.mirrored(len(path)) for gene in mirrored)], key=lambda gene: gene.exons)

    def _forward_genes(self, path, ids, shift):
        """Return the genes of one strand, read in its direction; its states are `shift` behind those of the names."""

        def is_in(*names):
            return np.isin(path, [self.names.index(name) + shift for name in names if name in self.names])

        begins, ends = np.flatnonzero(is_in("S0", "V1", "V2")), np.flatnonzero(is_in("E2"))
        coding, inside = CODING[self.labels[path]], is_in("V1", "V2")
        back = _overlaps(_any(ids, self.starts), _any(ids, STOPS)) if inside.any() else None
        genes = []
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            changes = np.flatnonzero(np.diff(coding[begin : end + 1])) + begin + 1
            bounds = [begin, *changes.tolist(), end + 1]
            if inside[begin]:
                bounds[0] -= int(back[int(is_in("V2")[begin]), begin])
            genes.append(Gene(tuple(zip(bounds[::2], bounds[1::2], strict=True)), "+"))
        return genes


def _complement(ids):
    """Return the ids of the reverse complement."""
    return np.where(ids < AMBIGUOUS, AMBIGUOUS - 1 - ids, ids)[::-1]


def _begins(ids, text, offset=0):
    """Return where a word begins `offset` bases later, bool `(T,)`."""
    matches = np.ones(len(ids), bool)
    for place, letter in enumerate(text, offset):
        shifted, hits = np.zeros(len(ids), bool), ids == BASES.index(letter)
        if place < 0:
            shifted[-place:] = hits[:place]
        else:
            shifted[: max(len(ids) - place, 0)] = hits[place:]
        matches &= shifted
    return matches


def _any(ids, words):
    """Return where one of some words begins, bool `(T,)`."""
    return np.logical_or.reduce([_begins(ids, word) for word in words])


def _overlaps(starts, stops):
    """Return for each base, as second and as third of its codon, how many bases before it a gene can have begun.

    Args:
        starts, stops: where start and stop codons begin, bool `(T,)`.

    Returns:
        Integers `(2, T)`, the least number; -1 for none. The gene has no stop codon up to this base.
    """
    length = len(starts)
    bases, alive = np.full((2, length), -1), starts.copy()
    for codon in range(MAX_OVERLAP_CODONS + 1):
        if codon:
            alive[: max(length - 3 * codon, 0)] &= ~stops[3 * codon :]
            alive[max(length - 3 * codon, 0) :] = False
        for row in range(2):
            back = 3 * codon + row + 1
            hits = np.zeros(length, bool)
            hits[back:] = alive[: max(length - back, 0)]
            bases[row] = np.where((bases[row] < 0) & hits, back, bases[row])
    return bases
