"""Grammar of genes: its best paths against all sets of legal genes, by brute force."""

import itertools

import numpy as np
import pytest

from dlseq.data.dna import (
    BACTERIAL_STARTS,
    LABELS,
    DnaSequence,
    Gene,
    base_ids,
    draw_dna,
    gene_fault,
    labels_of,
    load_genome,
    reverse_complement,
)
from dlseq.data.dna.sequences import STOPS
from dlseq.decoding.viterbi import viterbi
from dlseq.tasks.genes.decoding import best_paths, bounds_log_prob, piece_bounds
from dlseq.tasks.genes.grammar import GeneGrammar

WORDS = ["ATG", "TAA", "TGA", "GT", "AG", "CAT", "TTA", "AC", "CT", "A", "C", "G", "T", "N"]


def cuts_are_allowed(gene):
    """Return whether start and stop codons are whole, and no codon is cut twice."""
    lengths = [end - start for start, end in gene.exons]
    lengths = lengths if gene.strand == "+" else lengths[::-1]
    cuts = list(itertools.accumulate(lengths))[:-1]
    total = sum(lengths)
    inside = [cut // 3 for cut in cuts if cut % 3]
    return all(3 <= cut <= total - 3 for cut in cuts) and len(set(inside)) == len(inside)


def legal_genes(bases, introns, starts=("ATG",)):
    """Return all legal genes of a short sequence with at most two introns, on both strands."""
    length, found = len(bases), []
    for strand, text in (("+", bases), ("-", reverse_complement(bases))):
        gaps = [
            (first, last)
            for first in range(length)
            for last in range(first + 4, length)
            if text[first : first + 2] == "GT" and text[last - 2 : last] == "AG"
        ]
        chosen = [(), *((gap,) for gap in gaps), *itertools.combinations(gaps, 2)] if introns else [()]
        for begin, end in itertools.combinations(range(length + 1), 2):
            if text[begin : begin + 3] not in starts:
                continue
            for cut in chosen:
                bounds = [begin, *itertools.chain.from_iterable(cut), end]
                if sorted(set(bounds)) == bounds:
                    gene = Gene(tuple(zip(bounds[::2], bounds[1::2], strict=True)), "+")
                    if not gene_fault(text, gene, starts) and cuts_are_allowed(gene):
                        found.append(gene if strand == "+" else gene.mirrored(length))
    return found


def best_score(bases, scores, genes):
    """Return the greatest sum of scores of labels over all sets of genes that do not overlap."""
    alone = scores[:, 0].sum()
    gains = {}
    for gene in genes:
        labels = labels_of(DnaSequence("", bases, (gene,)))[gene.start : gene.end]
        places = np.arange(gene.start, gene.end)
        gains[gene] = (scores[places, labels] - scores[places, 0]).sum()
    best = np.zeros(len(bases) + 1)
    for end in range(1, len(bases) + 1):
        best[end] = max([best[end - 1], *(best[gene.start] + gains[gene] for gene in genes if gene.end == end)])
    return alone + best[-1]


@pytest.mark.parametrize("introns", [True, False])
def test_the_best_path_is_the_best_set_of_legal_genes(introns):
    grammar, rng, with_genes = GeneGrammar(introns=introns), np.random.default_rng(0), 0
    for _ in range(150):
        bases = "".join(rng.choice(WORDS, 11))
        scores = rng.normal(size=(len(bases), len(LABELS))) + np.where(np.arange(len(LABELS)) > 0, 1.0, 0.0)
        ids = base_ids(bases)
        states = np.where(grammar.allowed(ids), scores[:, grammar.labels], -np.inf)
        [path] = viterbi(states[None], grammar.transitions, grammar.initial, final=grammar.final)
        found = grammar.genes_of(path, ids)
        assert all(gene_fault(bases, gene) == "" for gene in found)
        np.testing.assert_array_equal(labels_of(DnaSequence("", bases, tuple(found))), grammar.labels[path])
        score = scores[np.arange(len(bases)), grammar.labels[path]].sum()
        assert score == pytest.approx(best_score(bases, scores, legal_genes(bases, introns)))
        with_genes += bool(found)
    assert with_genes > 30


def perfect(sequence):
    """Return log-probabilities that say the true labels."""
    labels = labels_of(sequence)
    log_probs = np.full((len(labels), len(LABELS)), -9.0, np.float32)
    log_probs[np.arange(len(labels)), labels] = -0.01
    return log_probs


@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("codon", ["TAA", "TAG", "TGA", "TAC", "TTA", "TGG", "CAA", "TCA", "GTG"])
def test_an_intron_does_not_hide_a_stop_codon(codon, cut):
    """Labels that say a gene, one codon of which an intron cuts: it is found unless the codon is a stop codon."""
    bases = f"CATGCCC{codon[:cut]}GTCCCAG{codon[cut:]}CCCTAAC"
    gene = Gene(((1, 7 + cut), (14 + cut, 23)), "+")
    for sequence in (DnaSequence("", bases, (gene,)), DnaSequence("", bases, (gene,)).mirrored()):
        ids = base_ids(sequence.bases)
        [path] = best_paths([perfect(sequence)], [ids], GeneGrammar())
        found = tuple(GeneGrammar().genes_of(path, ids))
        fault = gene_fault(sequence.bases, sequence.genes[0])
        assert fault == ("a stop codon before its end" if codon in STOPS else "")
        assert (found == sequence.genes) is not bool(fault)
        assert all(gene_fault(sequence.bases, each) == "" for each in found)


def test_drawn_genes_are_found_from_their_labels():
    sequences = draw_dna(30, seed=1)
    grammar = GeneGrammar()
    ids = [base_ids(sequence.bases) for sequence in sequences]
    paths = best_paths([perfect(sequence) for sequence in sequences], ids, grammar)
    for sequence, path, row in zip(sequences, paths, ids, strict=True):
        expected = {(gene.exons, gene.strand) for gene in sequence.genes}
        assert {(gene.exons, gene.strand) for gene in grammar.genes_of(path, row)} == expected


@pytest.mark.parametrize("strands", ["++", "+-", "-+", "--"])
def test_genes_stand_side_by_side_on_any_strands(strands):
    bases = "".join("ATGCCATAA" if strand == "+" else "TTATGGCAT" for strand in strands)
    genes = (Gene(((0, 9),), strands[0]), Gene(((9, 18),), strands[1]))
    ids = base_ids(bases)
    [path] = best_paths([perfect(DnaSequence("", bases, genes))], [ids], GeneGrammar())
    assert tuple(GeneGrammar().genes_of(path, ids)) == genes


def test_a_gene_begins_within_another_unless_a_stop_codon_follows():
    """Oracle: by hand, all starts before a base. V1 and V2 are the second and third base of a codon there."""
    grammar, rng = GeneGrammar(introns=False, overlaps=True), np.random.default_rng(2)
    blocked = 0
    for _ in range(40):
        bases = "".join(rng.choice(["ATG", "TAA", "TGA", "C", "CC", "GGC"], 12))
        allowed = grammar.allowed(base_ids(bases))
        for place, name in itertools.product(range(len(bases)), ("V1", "V2")):
            starts = [
                begin
                for begin in range(place)
                if bases[begin : begin + 3] == "ATG" and (place - begin) % 3 == int(name[1])
            ]
            codons = [[bases[at : at + 3] for at in range(begin + 3, place + 1, 3)] for begin in starts]
            is_open = any(not set(each) & set(STOPS) for each in codons)
            assert allowed[place, grammar.names.index(name)] == is_open
            blocked += bool(starts) and not is_open
    assert blocked > 20


def test_genes_of_the_genome_that_overlap_are_found():
    """Of genes on one strand that overlap in their last 62 bases, the second begins where it does."""
    genome = load_genome().part(0, 60_000)
    grammar = GeneGrammar(BACTERIAL_STARTS, introns=False, overlaps=True)
    ids = base_ids(genome.bases)
    [path] = best_paths([perfect(genome)], [ids], grammar)
    found = {(gene.exons, gene.strand) for gene in grammar.genes_of(path, ids)}
    assert all(gene_fault(genome.bases, Gene(*gene), BACTERIAL_STARTS) == "" for gene in found)
    true = {(gene.exons, gene.strand) for gene in genome.genes[1:]}
    assert len(found & true) >= 0.9 * len(true)
    ordered = sorted(found)
    overlaps = [right for left, right in itertools.pairwise(ordered) if right[0][0][0] < left[0][0][1]]
    assert len(overlaps) >= 3 and len(set(overlaps) & true) >= 2


def test_pieces_are_cut_between_genes():
    genome = load_genome().part(0, 60_000)
    log_probs = perfect(genome)
    bounds = piece_bounds(log_probs[:, 0])
    assert bounds[0] == 0 and bounds[-1] == len(log_probs)
    assert len(bounds) > 5
    assert all(labels_of(genome)[place] == 0 for place in bounds[1:-1])


def test_without_a_place_between_genes_a_sequence_stays_whole():
    assert piece_bounds(np.full(20_000, -9.0)) == [0, 20_000]


def test_the_probability_of_a_gene_is_that_of_its_bounds():
    """By hand: start 1/2, stop 1/4, donor 1/2, acceptor 1/2; other bases do not count."""
    bases = "CATGAGTCCAGAATAAC"
    gene = Gene(((1, 5), (11, 16)), "+")
    assert gene_fault(bases, gene) == ""
    labels = labels_of(DnaSequence("", bases, (gene,)))
    log_probs = np.full((len(bases), len(LABELS)), -5.0)
    for place, probability in ((1, 0.5), (15, 0.25), (5, 0.5), (10, 0.5)):
        log_probs[place, labels[place]] = np.log(probability)
    assert np.exp(bounds_log_prob(gene, labels, log_probs)) == pytest.approx(1 / 32)
