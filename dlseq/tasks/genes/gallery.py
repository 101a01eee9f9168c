"""Page of a finder of genes in the gallery."""

from dlseq.data.dna import draw_dna, load_genome, split_sequence
from dlseq.plots import Page
from dlseq.tasks.genes.page import genes_page

__all__ = ["gallery_page"]

COUNT, SEED, REGION_BASES = 3, 7, 9_000


def gallery_page(model, name: str) -> Page:
    """Return a page of held-out sequences: drawn ones, or the beginning of the region that training did not have."""
    examples = draw_dna(COUNT, SEED, "test")
    if not model.grammar.introns:
        region = split_sequence(load_genome())[2]
        examples = [region.part(0, next(gene.start for gene in region.genes if gene.start > REGION_BASES))]
    expected = [example.genes for example in examples]
    return genes_page(model.find(examples), f"Genes: {name}", expected=expected)
