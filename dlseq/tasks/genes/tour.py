"""Stop of the tour: genes in DNA, many to many of equal lengths."""

import dataclasses

from dlseq.data.dna import draw_dna, labels_of, longest_reading_frames, strands_of
from dlseq.metrics import coding_f1
from dlseq.plots import gene_tracks
from dlseq.plots.pages.html_page import figure_picture
from dlseq.tasks.tour.demonstration import Demonstration

__all__ = ["demonstrate"]

TESTED = 60
MIN_BASES = (90, 150, 210, 300, 450)  # of an open reading frame; the best one on the test is the baseline


def demonstrate(model, seed: int) -> Demonstration:
    """Score a finder of genes on made sequences, beside the longest open reading frames, and draw one sequence."""
    sequences = draw_dna(TESTED, seed + 1, "test")
    truth = [strands_of(labels_of(sequence)) for sequence in sequences]
    frames = [coding_f1([_frames(sequence, size) for sequence in sequences], truth) for size in MIN_BASES]
    shown = max(sequences, key=lambda sequence: sum(len(gene.exons) for gene in sequence.genes))
    [reading] = model.find([shown])
    return Demonstration(
        "base F1",
        model.score(sequences)["coding_f1"],
        max(frames),
        "reading frames",
        TESTED,
        f"{len(shown.bases):,} bases → {len(reading.genes)} genes (made with {len(shown.genes)}, outlined)",
        figure_picture(
            gene_tracks(reading.sequence.genes, reading.coding, expected=shown.genes),
            "Exons and introns of the genes on both strands over the probability of coding",
        ),
    )


def _frames(sequence, min_bases):
    """Return the strands on which each base is in an open reading frame of at least so many bases."""
    found = tuple(longest_reading_frames(sequence.bases, min_bases, ("ATG",)))
    return strands_of(labels_of(dataclasses.replace(sequence, genes=found)))
