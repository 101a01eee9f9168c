"""DNA: made sequences with genes, a bacterial genome, and FASTA, GFF and BED files.

`draw_dna` draws sequences from a seed; `load_genome` has a real one; `read_fasta` and `read_annotated` read files of
any origin; `labels_of` says the part of each base in its gene.
"""

from dlseq.data.dna.annotated import read_annotated, write_annotated
from dlseq.data.dna.bed import read_bed, write_bed
from dlseq.data.dna.fasta import read_fasta, write_fasta
from dlseq.data.dna.generator import draw_dna
from dlseq.data.dna.genome import BACTERIAL_STARTS, load_genome, split_sequence
from dlseq.data.dna.gff import gff_text, read_gff, write_gff
from dlseq.data.dna.labels import FIVE_CLASSES, LABELS, five_classes, labels_of, strands_of, turned_classes
from dlseq.data.dna.reading_frames import longest_reading_frames
from dlseq.data.dna.sequences import DnaSequence, Gene, base_ids, coding_sequence, gene_fault, reverse_complement

__all__ = [
    "BACTERIAL_STARTS",
    "FIVE_CLASSES",
    "LABELS",
    "DnaSequence",
    "Gene",
    "base_ids",
    "coding_sequence",
    "draw_dna",
    "five_classes",
    "gene_fault",
    "gff_text",
    "labels_of",
    "load_genome",
    "longest_reading_frames",
    "read_annotated",
    "read_bed",
    "read_fasta",
    "read_gff",
    "reverse_complement",
    "split_sequence",
    "strands_of",
    "turned_classes",
    "write_annotated",
    "write_bed",
    "write_fasta",
    "write_gff",
]
