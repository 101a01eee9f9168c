"""Page of sequences with the genes that a model has found: a picture of each, and its bases with the exons marked."""

from collections.abc import Sequence

from dlseq.data.dna.sequences import Gene
from dlseq.plots.gene_tracks import gene_tracks
from dlseq.plots.pages.html_page import escaped, figure_picture, html_page
from dlseq.plots.pages.page import Page
from dlseq.plots.pages.span_page import marked_paragraph

__all__ = ["genes_page"]

HELP = (
    "Above: boxes are exons, areas the probability of coding, the forward strand up, the reverse strand down. Below: "
    "marked bases are exons, with name, strand and probability of their gene."
)
MAX_SEQUENCES = 20


def genes_page(
    readings: Sequence,
    title: str,
    bounds: tuple[int, int] | None = None,
    expected: Sequence[Sequence[Gene]] = (),
) -> Page:
    """Return a page of the first 20 sequences with their genes.

    Args:
        readings: a `SequenceGenes` for each sequence, at least one.
        title: heading of the page.
        bounds: half-open range of bases of the first sequence to show. Defaults to its first 20,000, as of the others.
        expected: true genes of each sequence, drawn as outlines. Defaults to none.
    """
    articles = []
    for number, reading in enumerate(readings[:MAX_SEQUENCES]):
        marked = reading.marked(*(bounds if bounds and not number else (0, None)))
        start = bounds[0] if bounds and not number else 0
        true = expected[number] if expected else ()
        figure = gene_tracks(reading.sequence.genes, reading.coding, start, start + len(marked.text), expected=true)
        outlined = " Outlines are the true genes." if true else ""
        articles.append(
            f'<article>\n<p class="facts">{escaped(marked.note)}.{outlined}</p>\n'
            f"{figure_picture(figure, f'Genes of {marked.note}')}\n{marked_paragraph(marked)}\n</article>"
        )
    left_out = len(readings) - len(articles)
    if left_out:
        articles.append(f'<p class="facts">{left_out:,} more sequences are not shown.</p>')
    return html_page(title, HELP, articles="\n".join(articles))
