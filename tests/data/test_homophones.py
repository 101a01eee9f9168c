"""Tests of the toy grammar of homophones."""

import numpy as np
import pytest

from dlseq.data.homophones import HOMOPHONES, homophone_sentences
from dlseq.errors import DataError


@pytest.fixture(scope="module")
def sentences():
    return homophone_sentences(3000, np.random.default_rng(5))


def test_none_of_the_held_out_sentences_is_drawn(sentences):
    """The corpus must not answer the homophone test by heart."""
    assert not {one for pair in HOMOPHONES for one in pair} & set(sentences)


def test_every_word_of_the_homophone_test_is_in_the_corpus(sentences):
    """A word that was never seen would be unknown, and the test would say nothing."""
    seen = {word for sentence in sentences for word in sentence.split()}
    assert {word for pair in HOMOPHONES for one in pair for word in one.split()} <= seen


def test_the_pairs_differ_in_one_word(sentences):
    for wrong, right in HOMOPHONES:
        assert sum(one != other for one, other in zip(wrong.split(), right.split(), strict=True)) == 1


def test_a_generator_decides_alone():
    """The same seed gives the same sentences, another one gives others."""
    first, again, other = (homophone_sentences(50, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_no_fruit_is_mixed_with_itself(sentences):
    assert not any("apple and apple" in sentence or "pear and pear" in sentence for sentence in sentences)


def test_each_template_is_as_likely_as_the_others(sentences):
    """Templates with many sentences must not crowd out the others: a sixth of 3000 each, give or take."""
    for words in ("a pair of", "over the", "son went", "flower grew", "of flour", " and "):
        count = sum(words in one and not (words == " and " and "flour" in one) for one in sentences)
        assert 380 < count < 620


def test_a_negative_number_is_an_error():
    with pytest.raises(DataError, match="not negative"):
        homophone_sentences(-1, np.random.default_rng(0))
