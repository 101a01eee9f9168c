"""Homophones: held-out sentences, vocabulary and frequencies of the toy grammar."""

import numpy as np
import pytest

from dlseq.data.homophones import HOMOPHONES, homophone_sentences
from dlseq.errors import DataError


@pytest.fixture(scope="module")
def sentences():
    return homophone_sentences(3000, np.random.default_rng(5))


def test_held_out_sentences_are_not_drawn(sentences):
    """The corpus must not answer the homophone test by heart."""
    assert not {sentence for pair in HOMOPHONES for sentence in pair} & set(sentences)


def test_every_word_of_the_homophone_test_is_in_the_corpus(sentences):
    """A word outside of the corpus would be <unk>, and the homophone test would be void."""
    seen = {word for sentence in sentences for word in sentence.split()}
    assert {word for pair in HOMOPHONES for sentence in pair for word in sentence.split()} <= seen


def test_the_pairs_differ_in_one_word(sentences):
    for wrong, right in HOMOPHONES:
        assert sum(word != other for word, other in zip(wrong.split(), right.split(), strict=True)) == 1


def test_sentences_depend_on_the_generator_alone():
    """The same seed gives the same sentences, another one gives others."""
    first, again, other = (homophone_sentences(50, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_no_fruit_occurs_twice(sentences):
    assert not any("apple and apple" in sentence or "pear and pear" in sentence for sentence in sentences)


def test_templates_are_equally_likely(sentences):
    """Regression guard: a template with many sentences must not be drawn more often. A sixth of 3000 each, roughly."""
    for words in ("a pair of", "over the", "son went", "flower grew", "of flour", " and "):
        count = sum(words in sentence and not (words == " and " and "flour" in sentence) for sentence in sentences)
        assert 380 < count < 620


def test_a_negative_count_is_refused():
    with pytest.raises(DataError, match="Received: -1"):
        homophone_sentences(-1, np.random.default_rng(0))
