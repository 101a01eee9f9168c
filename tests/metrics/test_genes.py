"""Scores of genes, by hand."""

import numpy as np
import pytest

from dlseq.errors import DlseqError
from dlseq.metrics import coding_f1, exact_genes


def test_coding_bases_count_on_their_strand():
    """Found 4, true 5, right 2."""
    found, true = np.array([1, 1, 0, 0, 2, 2]), np.array([1, 1, 1, 1, 1, 0])
    assert coding_f1([found], [true]) == pytest.approx(2 * 2 / (4 + 5))
    assert coding_f1([found[:2], found[2:]], [true[:2], true[2:]]) == pytest.approx(2 * 2 / (4 + 5))
    assert coding_f1([np.zeros(2)], [np.zeros(2)]) == 1


def test_genes_count_with_all_their_bounds():
    gene, other = (((0, 9), (20, 29)), "+"), (((0, 9), (20, 30)), "+")
    assert exact_genes([[gene], [gene]], [[gene, other], [other]]) == (1 / 3, 1 / 2)
    assert exact_genes([[]], [[]]) == (1, 1)


def test_sequences_must_be_the_same():
    for score in (coding_f1, exact_genes):
        with pytest.raises(DlseqError, match="Received: 1 and 2 sequences"):
            score([[1]], [[1], [1]])
        with pytest.raises(DlseqError, match="at least one"):
            score([], [])
    with pytest.raises(DlseqError, match="Received: 1 and 2 bases"):
        coding_f1([[1], [1, 1]], [[1, 1], [1]])
