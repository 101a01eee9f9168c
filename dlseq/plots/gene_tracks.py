"""Genes of DNA as tracks: exons and introns on both strands, over the probability of coding."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlseq.data.dna.sequences import Gene
from dlseq.errors import DlseqError
from dlseq.plots.fonts import printable
from dlseq.plots.style import GRID_COLOR, MUTED_COLOR, draw_text, figure_style, fit_figure, new_figure

__all__ = ["gene_tracks"]

WIDTH_INCHES, HEIGHT_INCHES = 10.0, 2.6
COLORS = {"+": "#0b6aa2", "-": "#b4541a"}
EXON_HEIGHT, TRACK = 0.22, 1.35
MAX_POINTS = 4_000  # of a curve
MIN_NAME_SHARE = 0.03  # of the width, for a gene whose name is drawn


def gene_tracks(
    genes: Sequence[Gene], coding: np.ndarray, start: int = 0, end: int | None = None, *, expected: Sequence[Gene] = ()
) -> Figure:
    """Draw genes over a stretch of DNA: the forward strand above, the reverse strand below.

    Boxes are exons, lines with arrowheads the introns between them; areas are the probability of coding.

    Args:
        genes: genes of the whole sequence.
        coding: probabilities of coding on the forward and on the reverse strand, `(T, 2)`.
        start, end: half-open range of bases to draw. Defaults to all.
        expected: true genes, drawn as outlines outside of the found ones. Defaults to none.

    Returns:
        A figure for `save_figure`.

    Raises:
        DlseqError: The range is empty or not within the sequence, or `coding` has another shape.

    Example:
        >>> figure = gene_tracks([Gene(((10, 40), (60, 90)), "+", "a")], np.zeros((100, 2)))
        >>> len(figure.axes[0].patches)
        2
    """
    coding = np.asarray(coding, np.float32)
    end = len(coding) if end is None else end
    if coding.ndim != 2 or coding.shape[1] != 2 or not 0 <= start < end <= len(coding):
        raise DlseqError(
            "Expected probabilities (T, 2) and a range of bases within them. "
            f"Received: {coding.shape} and {start} to {end}."
        )
    with figure_style():
        figure, axes = new_figure(WIDTH_INCHES, HEIGHT_INCHES)
        places, shares = _means(coding[start:end], start)
        for column, (strand, color) in enumerate(COLORS.items()):
            side = 1 if strand == "+" else -1
            axes.fill_between(places, 0, side * shares[:, column], color=color, alpha=0.25, linewidth=0)
        axes.axhline(0, color=GRID_COLOR, linewidth=1)
        for gene in genes:
            _draw_gene(axes, gene, start, end, TRACK, named=True)
        for gene in expected:
            _draw_gene(axes, gene, start, end, TRACK + 0.5, outlined=True)
        limit = TRACK + (0.85 if expected else 0.5)
        axes.set(xlim=(start, end), ylim=(-limit, limit), yticks=[-TRACK, -0.5, 0.5, TRACK])
        axes.set_yticklabels(["genes", "coding", "coding", "genes"])
        axes.tick_params(labelsize=9, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
        axes.xaxis.set_major_formatter(lambda place, _: f"{int(place):,}")
        for text, side in (("forward strand", 1), ("reverse strand", -1)):
            color = COLORS["+" if side > 0 else "-"]
            draw_text(axes, text, (start, side * limit), size=10, color=color, va="center")
        fit_figure(figure)
    return figure


def _means(coding, start):
    """Return places and probabilities, means of neighbors if there are too many."""
    size = -(-len(coding) // MAX_POINTS)
    bounds = np.arange(0, len(coding), size)
    means = np.add.reduceat(coding, bounds, axis=0) / np.diff([*bounds, len(coding)])[:, None]
    return start + bounds + size / 2, means


def _draw_gene(axes, gene, start, end, track, *, outlined=False, named=False):
    if gene.end <= start or gene.start >= end:
        return
    color, side = COLORS[gene.strand], 1 if gene.strand == "+" else -1
    place, marker = side * track, ">" if side > 0 else "<"
    axes.plot([gene.start, gene.end], [place, place], color=color, linewidth=1, clip_on=True, zorder=1)
    for first, last in gene.introns:
        if start < (first + last) / 2 < end:
            axes.plot([(first + last) / 2], [place], marker=marker, color=color, markersize=3.5)
    fill = {"facecolor": "white", "edgecolor": color} if outlined else {"color": color}
    for first, last in gene.exons:
        first, last = max(first, start), min(last, end)
        if first < last:
            axes.barh(place, last - first, left=first, height=EXON_HEIGHT, zorder=2, **fill)
    middle = (max(gene.start, start) + min(gene.end, end)) / 2
    if named and gene.name and gene.end - gene.start > MIN_NAME_SHARE * (end - start):
        draw_text(
            axes, printable(gene.name), (middle, place + side * 0.24), size=8, color=color, ha="center", va="center"
        )
