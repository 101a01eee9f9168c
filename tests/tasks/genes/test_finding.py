"""Finder of genes: legality, strands, windows, long sequences, files of one's own."""

import numpy as np
import pytest

from dlseq.data.dna import (
    BACTERIAL_STARTS,
    DnaSequence,
    Gene,
    draw_dna,
    gene_fault,
    load_genome,
    read_gff,
    split_sequence,
    write_bed,
    write_fasta,
    write_gff,
)
from dlseq.errors import DataError
from dlseq.tasks.genes import finding
from dlseq.tasks.genes.finding import GeneFinder
from dlseq.tasks.genes.presets import GeneData

pytestmark = pytest.mark.slow  # the small model takes nine seconds of training


@pytest.fixture(scope="module")
def finder(trained_finder):
    return trained_finder[0]


@pytest.fixture(scope="module")
def chromosome():
    """A sequence of 40 drawn ones, with their genes."""
    bases, genes = "", []
    for sequence in draw_dna(40, seed=8):
        genes += [
            Gene(tuple((start + len(bases), end + len(bases)) for start, end in gene.exons), gene.strand)
            for gene in sequence.genes
        ]
        bases += sequence.bases
    return DnaSequence("chromosome", bases, tuple(genes))


def bounds(found):
    return [(each.gene.exons, each.gene.strand) for each in found.genes]


def test_found_genes_are_legal_and_have_probabilities(finder, chromosome):
    [found] = finder.find([chromosome])
    assert len(found.genes) > 20
    assert {gene_fault(chromosome.bases, each.gene) for each in found.genes} == {""}
    assert all(0 <= each.probability <= 1 for each in found.genes)
    assert any(each.gene.introns for each in found.genes)
    assert {each.gene.strand for each in found.genes} == {"+", "-"}
    assert [each.gene.name for each in found.genes][:2] == ["gene-1", "gene-2"]
    assert found.sequence.genes == tuple(each.gene for each in found.genes)


def test_an_untrained_network_finds_no_illegal_gene():
    """The search alone keeps genes legal, whatever the network says."""
    sequences = draw_dna(20, seed=2)
    finder = GeneFinder.build(sequences, filters=4, units=4, seed=1)
    bias = finder.network.between.bias
    bias.assign(bias - 3)  # between genes is improbable
    found = finder.find(sequences)
    faults = {gene_fault(each.sequence.bases, gene.gene) for each in found for gene in each.genes}
    assert faults == {""}
    assert not any(gene.sure for each in found for gene in each.genes)


def test_genes_of_the_reverse_complement_are_mirrored(finder):
    sequences = draw_dna(12, seed=9)
    found = finder.find(sequences)
    turned = finder.find([sequence.mirrored() for sequence in sequences])
    pairs = [
        (bounds(left), [(gene.exons, gene.strand) for gene in right.sequence.mirrored().genes])
        for left, right in zip(found, turned, strict=True)
    ]
    same = [left == right for left, right in pairs]
    assert sum(same) >= 11  # equal scores of two paths may differ in the last digit
    np.testing.assert_allclose(found[0].coding, turned[0].coding[::-1, ::-1], atol=2e-3)


def test_windows_and_parts_change_little(finder, chromosome, monkeypatch):
    """Genes of a sequence that is read whole, in windows, and part by part."""
    monkeypatch.setattr(finding, "WINDOW", 100_000)
    [whole] = finder.find([chromosome])
    monkeypatch.setattr(finding, "WINDOW", 6_144)
    [windows] = finder.find([chromosome])
    monkeypatch.setattr(finding, "PART_BASES", 15_000)
    done = []
    [parts] = finder.find([chromosome], done.append)
    assert sum(done) == len(chromosome.bases)
    for found in (windows, parts):
        assert np.abs(found.coding.astype(float) - whole.coding).max() < 0.05
        assert len(set(bounds(found)) ^ set(bounds(whole))) <= 4
        assert {gene_fault(chromosome.bases, each.gene) for each in found.genes} == {""}


def test_progress_reaches_the_number_of_bases(finder, chromosome):
    done = []
    sequences = [chromosome, *draw_dna(3, seed=1)]
    finder.find(sequences, done.append)
    assert sum(done) == sum(len(sequence.bases) for sequence in sequences)


def test_a_sequence_has_the_same_genes_beside_others(finder):
    sequences = draw_dna(5, seed=4)
    together = finder.find(sequences)
    alone = [finder.find([sequence])[0] for sequence in sequences]
    assert [bounds(found) for found in together] == [bounds(found) for found in alone]


def test_short_sequences_and_unknown_bases_are_read(finder):
    found = finder.find([DnaSequence("a", "A"), DnaSequence("n", "N" * 500), DnaSequence("c", "ATGTAA")])
    assert [len(each.coding) for each in found] == [1, 500, 6]
    assert not found[1].genes
    assert finder.find([]) == []


def test_a_letter_that_is_no_base_is_refused(finder):
    with pytest.raises(DataError, match=r"x: Expected letters of IUPAC bases. Received: 'J'"):
        finder.find([DnaSequence("x", "ACGJ")])
    with pytest.raises(DataError, match=r"'x'. Received: an empty text"):
        finder.find([DnaSequence("x", "")])


def test_the_gff_of_a_reading_has_its_genes(finder, chromosome, tmp_path):
    [found] = finder.find([chromosome])
    (tmp_path / "found.gff3").write_text(found.gff())
    genes = read_gff(tmp_path / "found.gff3")["chromosome"]
    assert [(gene.exons, gene.strand) for gene in genes] == bounds(found)
    scores = [float(line.split("\t")[5]) for line in found.gff().splitlines() if "\tgene\t" in line]
    assert scores == pytest.approx([each.probability for each in found.genes], abs=1e-4)


def test_marked_bases_are_the_exons(finder, chromosome):
    [found] = finder.find([chromosome])
    marked = found.marked(500, 4_000)
    coding = {place for each in found.genes for start, end in each.gene.exons for place in range(start, end)}
    shown = {500 + place for span in marked.spans for place in range(span.start, span.end)}
    assert shown == {place for place in coding if 500 <= place < 4_000}
    assert "bases 501 to 4,000 of" in marked.note


# data


def test_the_rules_of_the_genome_are_learned_from_its_genes():
    train, _, _ = split_sequence(load_genome())
    grammar = GeneFinder.build([train], filters=4, units=4).network.grammar
    assert set(grammar["starts"]) == set(BACTERIAL_STARTS)
    assert grammar["introns"] is False and grammar["overlaps"] is True
    assert GeneFinder.build(draw_dna(5, seed=0), filters=4, units=4).network.grammar == {
        "starts": ["ATG"], "introns": True, "overlaps": False
    }  # fmt: skip


def test_windows_of_training_have_all_bases_once(finder, chromosome):
    x, y = finder.encode([chromosome, *draw_dna(2, seed=1)])
    total = sum(len(sequence.bases) for sequence in [chromosome, *draw_dna(2, seed=1)])
    assert (x > 0).sum() == (y > 0).sum() == total and x.shape[1] <= 3_072


@pytest.mark.parametrize(("count", "write"), [(12, write_gff), (1, write_bed)])
def test_a_file_of_ones_own_is_split(count, write, chromosome, tmp_path):
    """Ten sequences and more by sequence, fewer by region."""
    sequences = draw_dna(12, seed=3) if count > 1 else [chromosome]
    path = write_fasta(tmp_path / "mine.fasta", sequences)
    write(path.with_suffix(".gff3" if write is write_gff else ".bed"), sequences)
    splits = GeneData(file=path).load(0)
    assert sorted(len(part) for part in splits) == ([1, 1, 10] if count > 1 else [1, 1, 1])
    joined = [sequence.bases for part in splits for sequence in part]
    assert sum(map(len, joined)) == sum(len(sequence.bases) for sequence in sequences)


def test_files_without_enough_genes_are_refused(tmp_path):
    path = write_fasta(tmp_path / "mine.fasta", [DnaSequence("a", "ACGT" * 100)])
    write_bed(tmp_path / "mine.bed", [DnaSequence("a", "", (Gene(((5, 20),), "+"),))])
    with pytest.raises(DataError, match="Received: none in the part for validation"):
        GeneData(file=path).load(0)
    with pytest.raises(DataError, match="Received: no gene"):
        GeneFinder.build([DnaSequence("a", "ACGT")])
