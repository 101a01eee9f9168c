"""Alignment error rate by hand, and of attention against the gold alignment of translation pairs."""

import numpy as np
import pytest

from dlseq.data.translations import split_words, translation_pairs
from dlseq.errors import DlseqError
from dlseq.metrics import alignment_error_rate, attention_links

SURE = {(0, 0), (1, 2), (2, 1)}


def test_error_rate_by_hand():
    """Of four links two are sure and one is possible: 1 - (2 + 3) / (4 + 3)."""
    predicted = {(0, 0), (1, 2), (3, 0), (4, 4)}
    assert alignment_error_rate([predicted], [SURE], [{(3, 0), (3, 1)}]) == pytest.approx(1 - 5 / 7)


def test_error_rate_without_possible_links_is_one_minus_f():
    """Precision 2/4 and recall 2/3 give F = 4/7."""
    assert alignment_error_rate([{(0, 0), (1, 2), (3, 0), (4, 4)}], [SURE]) == pytest.approx(1 - 4 / 7)


def test_counts_are_summed_over_sentences():
    """Four hits of eight links and none of two: 1 - 4/10, not the mean of 1/2 and 1."""
    first, second = ({(0, 0), (1, 1), (2, 2), (3, 3)}, {(0, 0), (1, 1), (2, 3), (3, 2)}), ({(0, 1)}, {(0, 0)})
    assert alignment_error_rate([first[0], second[0]], [first[1], second[1]]) == pytest.approx(1 - 4 / 10)


def test_missing_links_are_errors():
    assert alignment_error_rate([set()], [SURE]) == 1
    assert alignment_error_rate([{(0, 0)}], [SURE]) == pytest.approx(1 - 2 / 4)


def test_links_are_the_largest_weights_of_the_target_words():
    weights = np.array([[0.1, 0.7, 0.2], [0.5, 0.1, 0.4], [0.0, 0.0, 0.0], [0.2, 0.2, 0.6]])
    assert attention_links(weights) == {(0, 1), (1, 0), (3, 2)}
    assert attention_links(weights, target_length=2) == {(0, 1), (1, 0)}


@pytest.mark.parametrize("language", ["fr", "ko"])
def test_attention_on_a_gold_word_has_no_errors_but_missing_links(language):
    """Attention gives one link a target word. Words with several gold links lose the others, words without any may
    look anywhere: A links at their first source word make 1 - 2 A / (A + S), by the definition.
    """
    predicted, sure, possible = [], [], []
    for pair in translation_pairs(40, language, seed=3):
        rows, columns = len(split_words(pair.target)), len(split_words(pair.source))
        weights = np.full((rows, columns), 0.5 / columns)
        for row in range(rows):
            weights[row, min([column for target, column in pair.alignment if target == row], default=0)] += 0.5
        free = set(range(rows)) - {target for target, _ in pair.alignment}
        predicted.append(attention_links(weights))
        sure.append(pair.alignment)
        possible.append({(row, column) for row in free for column in range(columns)})
    target_words, sure_links = sum(len(links) for links in predicted), sum(map(len, sure))
    aligned_words = sum(len({target for target, _ in links}) for links in sure)
    expected = 1 - (aligned_words + target_words) / (target_words + sure_links)
    assert alignment_error_rate(predicted, sure, possible) == pytest.approx(expected)
    assert alignment_error_rate(predicted, sure) > expected
    assert alignment_error_rate([{(row, 0) for row, _ in links} for links in predicted], sure, possible) > 0.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([SURE], []), "Received: 1, 0 and 0"),
        (([SURE], [SURE], []), "Received: 1, 1 and 0"),
        (([], []), "at least one link"),
        (([set()], [set()]), "at least one link"),
    ],
)
def test_other_links_are_refused(arguments, message):
    with pytest.raises(DlseqError, match=message):
        alignment_error_rate(*arguments)


@pytest.mark.parametrize("weights", [np.ones(3), np.ones((2, 0)), [[0.5, -0.5]], [[np.nan, 1.0]]])
def test_other_weights_are_refused(weights):
    with pytest.raises(DlseqError, match="Expected attention weights"):
        attention_links(weights)
