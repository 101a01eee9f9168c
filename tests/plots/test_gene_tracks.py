"""Tracks of genes: places and sizes of what is drawn."""

import numpy as np
import pytest

from dlseq.data.dna import Gene
from dlseq.errors import DlseqError
from dlseq.plots import gene_tracks, save_figure

GENES = [Gene(((10, 40), (60, 90)), "+", "one"), Gene(((100, 190),), "-", "two")]


def boxes(figure):
    return [(box.get_x(), box.get_width(), box.get_y() > 0) for box in figure.axes[0].patches]


def test_exons_are_boxes_above_and_below_the_line():
    assert boxes(gene_tracks(GENES, np.zeros((200, 2)))) == [(10, 30, True), (60, 30, True), (100, 90, False)]


def test_a_range_cuts_genes_and_leaves_out_others():
    figure = gene_tracks(GENES, np.zeros((200, 2)), 30, 80)
    assert boxes(figure) == [(30, 10, True), (60, 20, True)]
    assert figure.axes[0].get_xlim() == (30, 80)


def test_expected_genes_are_outlines_outside():
    found, true = gene_tracks([], np.zeros((200, 2)), expected=GENES[1:]), gene_tracks(GENES[1:], np.zeros((200, 2)))
    assert found.axes[0].patches[0].get_y() < true.axes[0].patches[0].get_y() < 0


def test_areas_are_the_probabilities_of_both_strands():
    coding = np.stack([np.full(9_000, 0.25), np.full(9_000, 0.75)], axis=1)
    heights = [area.get_paths()[0].vertices[:, 1] for area in gene_tracks([], coding).axes[0].collections]
    assert heights[0].max() == pytest.approx(0.25) and heights[1].min() == pytest.approx(-0.75)
    assert all(len(height) < 9_000 for height in heights)


@pytest.mark.parametrize(("shape", "start", "end"), [((9, 3), 0, 9), ((9, 2), 5, 5), ((9, 2), 0, 10), ((9,), 0, 9)])
def test_ranges_and_shapes_that_do_not_fit_are_refused(shape, start, end):
    with pytest.raises(DlseqError, match="a range of bases within them"):
        gene_tracks([], np.zeros(shape), start, end)


def test_a_name_is_no_markup(tmp_path):
    save_figure(gene_tracks([Gene(((10, 190),), "+", "$<b>한")], np.zeros((200, 2))), tmp_path / "genes.svg")
    assert (tmp_path / "genes.svg").stat().st_size > 1_000
