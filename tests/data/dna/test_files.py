"""FASTA, GFF and BED files, and the shipped genome."""

import gzip
import lzma
from collections import Counter

import numpy as np
import pytest

from dlseq.data.dna import (
    BACTERIAL_STARTS,
    DnaSequence,
    Gene,
    coding_sequence,
    draw_dna,
    gene_fault,
    gff_text,
    load_genome,
    read_annotated,
    read_bed,
    read_fasta,
    read_gff,
    split_sequence,
    write_annotated,
    write_bed,
    write_fasta,
    write_gff,
)
from dlseq.data.dna.make_genome import read_genbank
from dlseq.data.dna.signals import CODON_FREQUENCIES, CODONS
from dlseq.errors import DataError, DlseqError

DRAWN = draw_dna(12, seed=5)
ROW = "a\tx\tCDS\t1\t9\t.\t+\t0\tID=c"


@pytest.mark.parametrize("write", [write_gff, write_bed])
def test_written_genes_are_read_back(write, tmp_path):
    write_fasta(tmp_path / "drawn.fasta", DRAWN)
    write(tmp_path / ("drawn.gff3" if write is write_gff else "drawn.bed"), DRAWN)
    assert read_annotated(tmp_path / "drawn.fasta") == DRAWN


def test_a_folder_of_sequences_and_genes_is_whole_or_not_there(tmp_path):
    """The FASTA file is written first: without its genes it is of no use."""
    path, table = write_annotated(tmp_path / "new", DRAWN)
    assert read_annotated(path) == DRAWN and table.name == "dna.gff3"
    with pytest.raises(DlseqError, match="new or empty folder"):
        write_annotated(tmp_path / "new", DRAWN)
    with pytest.raises(AttributeError):
        write_annotated(tmp_path / "other", [DnaSequence("a", "ACGT", (None,))])
    assert [file.name for file in tmp_path.iterdir()] == ["new"]


def test_a_table_that_is_named_is_read(tmp_path):
    write_fasta(tmp_path / "a.fasta", DRAWN)
    write_bed(tmp_path / "b.bed", DRAWN[:1])
    found = read_annotated(tmp_path / "a.fasta", tmp_path / "b.bed")
    assert found[0] == DRAWN[0] and not any(sequence.genes for sequence in found[1:])


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_packed_files_are_read(suffix, pack, tmp_path):
    for name in ("mine.fa", "mine.gff3"):
        plain = write_fasta(tmp_path / name, DRAWN) if name.endswith("fa") else write_gff(tmp_path / name, DRAWN)
        (tmp_path / f"{name}{suffix}").write_bytes(pack(plain.read_bytes()))
        plain.unlink()
    assert read_annotated(tmp_path / f"mine.fa{suffix}") == DRAWN
    (tmp_path / f"mine.fa{suffix}").write_bytes(b"no archive")
    with pytest.raises(DataError, match="Cannot read"):
        read_fasta(tmp_path / f"mine.fa{suffix}")


def test_letters_of_a_fasta_file(tmp_path):
    path = tmp_path / "mine.fasta"
    path.write_bytes(b"\xef\xbb\xbf>one two\r\nacgu NR\r\n;comment\r\n\r\nTT\r\n>other\r\nA\r\n")
    assert read_fasta(path) == [DnaSequence("one", "ACGTNRTT"), DnaSequence("other", "A")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b">a\nACGT\nACXT\n", "line 3: Expected bases: .* Received: 'X'"),
        (b">a\nMKV*\n", "line 2: .*A protein has no genes"),
        (b">a\nAC-GT\n", "line 2: .*a gap has to be removed"),
        (b"", "Received: an empty file"),
        (b"ACGT\n", "line 1: Expected a FASTA file"),
        (b">a\nA\n>a\nC\n", "line 3: .*a second sequence 'a'"),
        (b">\nA\n", "line 1: .*without a name"),
        (b">a\nA\n>b\n>c\nC\n", "line 3: Expected bases below '>b'"),
        (b">a\nA\n\xff\xfe", "line 3: .*the byte 0xff, which is no text"),
    ],
)
def test_a_wrong_fasta_file_is_refused_by_its_line(content, message, tmp_path):
    (tmp_path / "mine.fasta").write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_fasta(tmp_path / "mine.fasta")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_fasta(tmp_path / "none.fasta")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a b c\n", "line 1: Expected 9 columns"),
        ("# nothing\n", "Received: none"),
        (ROW.replace("CDS", "gene"), "Received: none"),
        (ROW.replace("\t9\t", "\tnine\t"), "line 1: Expected the numbers of the first and the last base"),
        (ROW.replace("\t1\t", "\t0\t"), "line 1: Expected the numbers"),
        (ROW.replace("+", "?"), r"line 1: Expected a strand, \+ or -"),
        (f"{ROW}\n{ROW}", "line 1: Expected exons that do not overlap. Received: 1-9 and 1-9"),
    ],
)
def test_a_wrong_gff_file_is_refused_by_its_line(content, message, tmp_path):
    (tmp_path / "mine.gff").write_text(content)
    with pytest.raises(DataError, match=message):
        read_gff(tmp_path / "mine.gff")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a 1 9", "line 1: Expected a BED file of at least six columns.* Received: 3 columns"),
        ("track x\n\n", "Received: no rows"),
        ("a 9 1 g 0 +", "line 1: Expected a start before the end"),
        ("a x 1 g 0 +", "line 1: Expected whole numbers"),
        ("a 1 9 g 0 .", r"line 1: Expected a strand, \+ or -"),
        ("a 0 9 g 0 + 0 9 0 2 3,3 0", "line 1: Expected as many positive sizes"),
        ("a 0 9 g 0 + 0 9 0 2 3,3 0,8", "line 1: Expected blocks that end at 9"),
    ],
)
def test_a_wrong_bed_file_is_refused_by_its_line(content, message, tmp_path):
    (tmp_path / "mine.bed").write_text(content)
    with pytest.raises(DataError, match=message):
        read_bed(tmp_path / "mine.bed")


def test_blocks_are_cut_to_the_coding_part(tmp_path):
    """UCSC's rows of transcripts: the blocks are exons with their untranslated ends."""
    (tmp_path / "mine.bed").write_text("a 100 200 g 0 - 120 180 0 3 10,30,40 0,15,60\n")
    assert read_bed(tmp_path / "mine.bed") == {"a": [Gene(((120, 145), (160, 180)), "-", "g")]}


def test_gff_of_others_is_read(tmp_path):
    """GTF, exons of one transcript in reading order, escaped names, and a sequence at the end."""
    rows = [
        'chr%202\tx\tCDS\t21\t29\t.\t-\t0\tgene_id "g1"; transcript_id "t1";',
        'chr%202\tx\tCDS\t1\t9\t.\t-\t0\tgene_id "g1"; transcript_id "t1";',
        "chr1\tx\texon\t1\t9\t.\t+\t0\tID=e",
        "chr1\tx\tCDS\t1\t9\t.\t+\t0\tID=cds1;Name=one%3Btwo",
        "##FASTA",
        ">chr1",
        "ACGT",
    ]
    (tmp_path / "mine.gtf").write_text("\n".join(rows))
    assert read_gff(tmp_path / "mine.gtf") == {
        "chr 2": [Gene(((0, 9), (20, 29)), "-", "g1")],
        "chr1": [Gene(((0, 9),), "+", "one;two")],
    }


def test_the_stop_codon_of_gtf_is_part_of_the_gene(tmp_path):
    """GTF leaves it out of CDS; an intron may cut it; other programs have it in both types of rows."""
    rows = []
    for name, strand, coding, stop in (
        ("a", "+", [(1, 6)], [(7, 9)]),
        ("b", "-", [(14, 19)], [(11, 13)]),
        ("c", "+", [(21, 27)], [(28, 28), (40, 41)]),
        ("d", "+", [(51, 59)], [(57, 59)]),
    ):
        for kind, places in (("CDS", coding), ("stop_codon", stop)):
            rows += [f'chr\tx\t{kind}\t{start}\t{end}\t.\t{strand}\t0\ttranscript_id "{name}"' for start, end in places]
    (tmp_path / "mine.gtf").write_text("\n".join(rows))
    found = read_gff(tmp_path / "mine.gtf")["chr"]
    assert [gene.exons for gene in found] == [((0, 9),), ((10, 19),), ((20, 28), (39, 41)), ((50, 59),)]


def test_genes_of_one_name_stay_apart(tmp_path):
    """Two transcripts of a gene were written with one ID, and not read again."""
    genes = Gene(((0, 9),), "+", "g"), Gene(((0, 3), (12, 18)), "+", "g")
    sequences = [DnaSequence("a", "A" * 30, tuple(sorted(genes, key=lambda gene: gene.exons)))]
    assert read_gff(write_gff(tmp_path / "a.gff3", sequences)) == {"a": list(sequences[0].genes)}


def test_phases_are_the_bases_before_the_first_whole_codon():
    """By hand: exons of 4, 4 and 7 bases in reading direction, so 2 bases of the second exon complete a codon."""
    gene = Gene(((0, 7), (20, 24), (30, 34)), "-", "g")
    rows = [line.split("\t") for line in gff_text([DnaSequence("s", "A" * 40, (gene,))]).splitlines()]
    assert [(row[3], row[7]) for row in rows if row[2:3] == ["CDS"]] == [("1", "1"), ("21", "2"), ("31", "0")]


def test_genes_must_lie_on_the_sequences(tmp_path):
    write_fasta(tmp_path / "mine.fasta", [DnaSequence("a", "ACGT")])
    with pytest.raises(DataError, match=r"such as mine.gff3 or mine.bed. Received: none"):
        read_annotated(tmp_path / "mine.fasta")
    (tmp_path / "mine.gff").write_text(ROW)
    with pytest.raises(DataError, match=r"within the 4 bases of 'a'. Received: 'c', which ends at 9"):
        read_annotated(tmp_path / "mine.fasta")
    (tmp_path / "mine.bed").write_text("b 0 3 g 0 +\n")
    with pytest.raises(DataError, match=r"Received: 2: mine.gff, mine.bed"):
        read_annotated(tmp_path / "mine.fasta")
    with pytest.raises(DataError, match=r"such as 'a'. Received: genes on 'b'"):
        read_annotated(tmp_path / "mine.fasta", tmp_path / "mine.bed")
    with pytest.raises(DataError, match=r"ends in one of .gff3, .gff, .gtf, .bed. Received: '.txt'"):
        read_annotated(tmp_path / "mine.fasta", tmp_path / "mine.txt")


# the genome


def test_the_genome_has_the_genes_of_its_record():
    """Oracle: translations begin and end as genes do, but for the two that the ends of the record cut."""
    genome = load_genome()
    faults = Counter(gene_fault(genome.bases, gene, BACTERIAL_STARTS) for gene in genome.genes)
    assert faults == {"": 892, "GCG in the place of a start codon": 1, "GTA in the place of a stop codon": 1}
    assert Counter(genome.bases) == {"A": 306721, "T": 305162, "G": 215404, "C": 215232}


def test_the_parts_of_the_genome_share_no_base():
    genome = load_genome()
    parts = split_sequence(genome)
    assert "".join(part.bases for part in parts) == genome.bases
    assert sum(len(part.genes) for part in parts) == len(genome.genes)
    assert len(parts[2].bases) == pytest.approx(0.15 * len(genome.bases), rel=0.01)
    for part in parts:
        assert all(gene_fault(part.bases, gene, BACTERIAL_STARTS) == "" for gene in part.genes[1:-1])


def test_a_sequence_without_a_gap_is_not_split():
    with pytest.raises(DataError, match="Expected places between the genes of 's'"):
        split_sequence(DnaSequence("s", "A" * 100, (Gene(((0, 100),), "+"),)))


def test_the_codon_usage_is_that_of_the_training_region():
    genome = load_genome()
    counts = Counter()
    for gene in genome.genes:
        if gene.end <= 0.7 * len(genome.bases):
            codons = coding_sequence(genome.bases, gene)
            counts.update(codons[place : place + 3] for place in range(3, len(codons) - 3, 3))
    found = np.array([counts[codon] for codon in CODONS]) / counts.total()
    np.testing.assert_allclose(found, CODON_FREQUENCIES, atol=1e-4)


def test_a_joined_coding_sequence_of_a_record_is_left_out():
    record = (
        '     CDS             complement(<1..6)\n                     /gene="x"\n'
        "     CDS             join(1..3,3..6)\n     tRNA            1..3\nORIGIN\n        1 acgtac gt\n//\n"
    )
    assert read_genbank(record) == DnaSequence("chlamydia", "ACGTACGT", (Gene(((0, 6),), "-", "x"),))
