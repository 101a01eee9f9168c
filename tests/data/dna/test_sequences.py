"""Sequences, genes, labels, reading frames, and the drawn sequences."""

import itertools

import numpy as np
import pytest

from dlseq.data.dna import (
    LABELS,
    DnaSequence,
    Gene,
    base_ids,
    coding_sequence,
    draw_dna,
    five_classes,
    gene_fault,
    labels_of,
    longest_reading_frames,
    reverse_complement,
    strands_of,
    turned_classes,
)
from dlseq.data.dna.labels import CODING, MIRRORED
from dlseq.data.dna.sequences import STOPS
from dlseq.data.dna.signals import CODON_FREQUENCIES, CODONS
from dlseq.errors import DataError

DRAWN = draw_dna(60, seed=3)


def spelled(sequence):
    """Return a letter for each base: S start, 1 2 3 in a codon, E stop, D i A intron; signs for the reverse strand."""
    letters = ".S123EDiA" + "s!?&e#o@"
    return "".join(letters[label] for label in labels_of(sequence))


def test_labels_of_a_gene_with_an_intron_by_hand():
    bases = "CC" + "ATGA" + "GTCCAG" + "AATAA" + "C"
    gene = Gene(((2, 6), (12, 17)), "+")
    assert gene_fault(bases, gene) == ""
    assert spelled(DnaSequence("s", bases, (gene,))) == "..S231DiiiiA2312E."


def test_labels_of_the_other_strand_are_those_of_the_reverse_complement():
    for sequence in DRAWN:
        expected = MIRRORED[labels_of(sequence)[::-1]]
        np.testing.assert_array_equal(labels_of(sequence.mirrored()), expected)


def test_mirroring_twice_changes_nothing():
    assert sorted(MIRRORED[MIRRORED]) == list(range(len(LABELS)))
    for sequence in DRAWN:
        assert sequence.mirrored().mirrored() == sequence


def test_where_genes_overlap_the_one_that_is_read_first_counts():
    sequence = DnaSequence("s", "A" * 15, (Gene(((0, 9),), "+"), Gene(((5, 14),), "+")))
    assert spelled(sequence) == "S2312312E" + "2312E" + "."
    np.testing.assert_array_equal(labels_of(sequence.mirrored()), MIRRORED[labels_of(sequence)[::-1]])


@pytest.mark.parametrize(
    ("bases", "exons", "fault"),
    [
        ("ATGAAATAA", [(0, 9)], ""),
        ("ATGAAATAA", [(0, 8)], "8 coding bases"),
        ("GTGAAATAA", [(0, 9)], "GTG in the place of a start codon"),
        ("ATGAAATAC", [(0, 9)], "TAC in the place of a stop codon"),
        ("ATGTAGAAATAA", [(0, 12)], "a stop codon before its end"),
        ("ATGAGTCCAGAATAA", [(0, 4), (10, 15)], ""),
        ("ATGAGCCCAGAATAA", [(0, 4), (10, 15)], "an intron GC...AG"),
        ("ATGTGTCCAGAAATAA", [(0, 4), (10, 16)], "10 coding bases"),
        ("ATGTGTCCAGAAAAATAA", [(0, 4), (10, 18)], "a stop codon before its end"),
    ],
)
def test_faults_of_genes(bases, exons, fault):
    assert gene_fault(bases, Gene(tuple(exons), "+")) == fault
    mirrored = Gene(tuple(exons), "+").mirrored(len(bases))
    assert gene_fault(reverse_complement(bases), mirrored) == fault


def test_drawn_genes_are_legal_and_on_both_strands():
    genes = [(sequence.bases, gene) for sequence in DRAWN for gene in sequence.genes]
    assert {gene_fault(bases, gene) for bases, gene in genes} == {""}
    strands = [gene.strand for _, gene in genes]
    assert 0.3 < strands.count("+") / len(strands) < 0.7
    assert {len(gene.introns) for _, gene in genes} == {0, 1, 2, 3}


def test_a_part_of_a_draw_is_the_same_whatever_the_number():
    assert draw_dna(60, seed=3)[:7] == draw_dna(7, seed=3) == DRAWN[:7]
    others = draw_dna(5, seed=4) + draw_dna(5, seed=3, split="test") + draw_dna(5, seed=3, split="validation")
    assert not {sequence.bases for sequence in others} & {sequence.bases for sequence in DRAWN}


def test_sequences_that_cannot_be_drawn_are_refused():
    """A longest sequence below the bases around genes was drawn for ever."""
    with pytest.raises(DataError, match=r"Expected one of: train, validation, test\. Received: names"):
        draw_dna(1, seed=0, split="names")
    with pytest.raises(DataError, match=r"Expected at least 340\. Received: 50"):
        draw_dna(1, seed=0, max_bases=50)
    assert len(draw_dna(1, seed=0, max_bases=340)[0].bases) <= 340


def test_sequences_are_at_most_as_long_as_asked():
    assert max(len(sequence.bases) for sequence in draw_dna(30, seed=0, max_bases=1000)) <= 1000


def test_introns_have_the_consensus_of_their_signals():
    introns, exon_ends = [], []
    for sequence in DRAWN:
        for whole in (sequence, sequence.mirrored()):
            for gene in whole.genes:
                if gene.strand == "+":
                    introns += [whole.bases[start:end] for start, end in gene.introns]
                    exon_ends += [whole.bases[start - 1] for start, _ in gene.introns]
    fifth = [intron[4] for intron in introns]
    tract = "".join(intron[-15:-5] for intron in introns)
    assert fifth.count("G") > 0.9 * len(fifth)
    assert exon_ends.count("G") > 0.8 * len(exon_ends)
    assert sum(tract.count(letter) for letter in "CT") > 0.85 * len(tract)


def test_codons_of_drawn_genes_follow_the_codon_usage():
    counts = dict.fromkeys(CODONS, 0)
    for sequence in DRAWN:
        for gene in sequence.genes:
            codons = coding_sequence(sequence.bases, gene)
            for place in range(6, len(codons) - 3, 3):
                counts[codons[place : place + 3]] += 1
    found = np.array(list(counts.values())) / sum(counts.values())
    assert all(counts[stop] == 0 for stop in STOPS)
    assert np.corrcoef(found, CODON_FREQUENCIES)[0, 1] > 0.97


def test_five_classes_of_a_turned_window():
    labels = np.array([LABELS.index(label) for label in ("between", "start+", "codon-2+", "stop-", "intron-")])
    assert five_classes(labels).tolist() == [0, 1, 2, 4, 0]
    assert five_classes(labels, reverse=True).tolist() == [0, 3, 4, 4, 0]
    assert (five_classes(np.arange(17)) > 0).tolist() == CODING.tolist()


def test_a_window_is_turned_to_the_strand_of_most_of_its_coding_bases():
    """The first window is turned, the second, one base long, is not."""
    names = {".": "between", "1": "codon-1+", "a": "codon-1-", "b": "codon-2-", "c": "codon-3-"}
    true = np.array([LABELS.index(names[sign]) for sign in "abc" * 66 + ".1" + "1"])
    assert turned_classes(true, true).tolist() == [4, 0, *[3, 2, 1] * 66, 1]
    found = np.zeros(len(true), int)
    assert turned_classes(found, true).tolist() == [0] * 201
    assert strands_of(true).tolist() == [2] * 198 + [0, 1, 1]
    mixed = np.array([LABELS.index(names[sign]) for sign in "11a"])
    assert turned_classes(mixed, mixed).tolist() == [1, 1, 4]


def longest(bases):
    """Return the length of the longest open reading frame of both strands, by trying all pairs of codons."""
    found = 0
    for strand in (bases, reverse_complement(bases)):
        for start in range(len(strand)):
            if strand[start : start + 3] == "ATG":
                codons = [strand[place : place + 3] for place in range(start, len(strand) - 2, 3)]
                stop = next((index for index, codon in enumerate(codons) if codon in STOPS), -1)
                found = max(found, 3 * (stop + 1))
    return found


def test_the_longest_frames_do_not_overlap_and_are_legal():
    for sequence in DRAWN[:20]:
        frames = longest_reading_frames(sequence.bases, 60)
        assert all(not gene_fault(sequence.bases, gene) for gene in frames)
        assert all(left.end <= right.start for left, right in itertools.pairwise(frames))
        mirrored = longest_reading_frames(reverse_complement(sequence.bases), 60)
        assert [max(gene.end - gene.start for gene in genes) for genes in (frames, mirrored)] == [
            longest(sequence.bases)
        ] * 2


def test_a_frame_begins_at_its_first_start_codon():
    bases = "CATGAAAATGCCCTAACC"
    assert longest_reading_frames(bases, 9) == [Gene(((1, 16),), "+")]
    assert longest_reading_frames(bases, 18) == []


def test_ids_of_bases_and_letters_that_are_none():
    assert base_ids("ACGTNRY").tolist() == [0, 1, 2, 3, 4, 4, 4]
    for letters in ("AXG", "acgt", "A-G", "AéG"):
        with pytest.raises(DataError, match="Expected letters of IUPAC bases"):
            base_ids(letters)


def test_a_part_of_a_sequence_keeps_its_whole_genes():
    sequence = DnaSequence("s", "ACGTACGTAC", (Gene(((1, 4),), "+", "a"), Gene(((5, 8),), "-", "b")))
    assert sequence.part(2, 9) == DnaSequence("s", "GTACGTA", (Gene(((3, 6),), "-", "b"),))
    assert sequence.part(2, 7).genes == sequence.part(6, 9).genes == ()
