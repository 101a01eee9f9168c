"""Modified Kneser-Ney smoothing against arithmetic by hand."""

import pytest

from dlseq.baselines.kneser_ney import KneserNey
from dlseq.baselines.ngram import END


def test_kneser_ney_probabilities_are_those_computed_by_hand():
    """Oracle: by hand. `a` follows the start twice, `b` follows `a` twice, `a` follows `a` once."""
    model = KneserNey(2).fit([["a", "b"], ["a", "a", "b"]])
    once, twice = model.discounts[1][1:3]  # of bigrams: 1 seen once, 3 seen twice
    assert (once, twice) == pytest.approx((1 - 2 * (1 / 7) * 3, 2 - 3 * (1 / 7) * (1 / 3)))
    unigram = model.probability("b", ("unseen",))  # discounts 1/2 each, a uniform distribution over 4 symbols
    assert unigram == pytest.approx((1 - 0.5 + 1.5 / 4) / 4)
    assert model.probability("b", ("a",)) == pytest.approx((2 - twice + (once + twice) * unigram) / 3)


@pytest.mark.parametrize("order", [1, 3, 5])
def test_kneser_ney_probabilities_of_all_symbols_sum_to_one(order):
    names = ["anna", "hanna", "nana", "johanna", "ann", "hans"]
    model = KneserNey(order).fit(names)
    for symbol, history in model.steps("hannas"):
        assert symbol
        total = sum(model.probability(other, history) for other in [*"anhjos", END, "?"])
        assert total == pytest.approx(1)
