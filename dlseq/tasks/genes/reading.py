"""Genes of a sequence as a model has found them."""

import dataclasses

import numpy as np

from dlseq.data.dna.gff import gff_text
from dlseq.data.dna.sequences import DnaSequence, Gene

__all__ = ["PAGE_TITLE", "FoundGene", "SequenceGenes"]

SURE = 0.5
PAGE_TITLE = "Genes in DNA"
MAX_PAGE_BASES = 20_000  # of a sequence whose bases are shown


@dataclasses.dataclass(frozen=True)
class FoundGene:
    """Gene that a model has found.

    Args:
        gene: its exons and strand.
        probability: of exactly these bounds: the product of the probabilities of start, stop, donors and acceptors at
            their bases, calibrated on held-out sequences.
    """

    gene: Gene
    probability: float

    @property
    def sure(self) -> bool:
        """Return whether the probability is at least one half."""
        return self.probability >= SURE


@dataclasses.dataclass(frozen=True, eq=False)
class SequenceGenes:
    """Sequence with the genes that a model has found.

    Args:
        sequence: the sequence, with the found genes.
        genes: the genes with their probabilities, in order of their first base.
        coding: probabilities of each base of being coding, on the forward and on the reverse strand, float16 `(T, 2)`.
    """

    sequence: DnaSequence
    genes: tuple[FoundGene, ...]
    coding: np.ndarray

    def gff(self) -> str:
        """Return the genes as GFF3, with their probabilities as scores."""
        return gff_text([self.sequence], probabilities={found.gene: found.probability for found in self.genes})

    def marked(self, start: int = 0, end: int | None = None):
        """Return the bases from `start` to `end` with the exons of the genes marked, as a text of a page.

        Args:
            start, end: half-open range. Defaults to the first 20,000 bases.
        """
        from dlseq.plots.pages.span_page import MarkedText, Span  # loads Matplotlib

        end = min(len(self.sequence.bases), start + MAX_PAGE_BASES if end is None else end)
        spans, last = [], start
        for found in self.genes:
            for first, stop in found.gene.exons:
                first = max(first, last)  # where genes overlap, the first one counts
                stop = min(stop, end)
                if first < stop:
                    label = f"{found.gene.name} {found.gene.strand}"
                    spans.append(Span(first - start, stop - start, label, found.probability))
                    last = stop
        bases = self.sequence.bases[start:end]
        whole = "" if len(bases) == len(self.sequence.bases) else f"bases {start + 1:,} to {end:,} of "
        count = f"{len(self.genes)} gene{'s' * (len(self.genes) != 1)}"
        return MarkedText(bases, spans, f"{self.sequence.name}: {whole}{len(self.sequence.bases):,} bases, {count}")

    def _repr_html_(self) -> str:
        """Show a picture of the genes, and the bases with the exons marked, as the output of a notebook cell."""
        from dlseq.tasks.genes.page import genes_page

        return genes_page([self], PAGE_TITLE)._repr_html_()
