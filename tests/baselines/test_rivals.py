"""Baselines against what can be counted by hand."""

import numpy as np
import pytest

from dlseq.baselines.bag_of_words import BagOfWords
from dlseq.baselines.gazetteer import Gazetteer, MostFrequentTag
from dlseq.baselines.word_by_word import WordByWord
from dlseq.data.entities import Entity, TaggedText
from dlseq.data.reviews import Review
from dlseq.data.translations import TranslationPair, translation_pairs

TEXTS = [
    TaggedText("New York is far.", (Entity(0, 8, "place"),)),
    TaggedText("York is near.", (Entity(0, 4, "person"),)),
    TaggedText("York and York met.", (Entity(0, 4, "place"), Entity(9, 13, "place"))),
]


def test_a_gazetteer_takes_the_longest_phrase_and_its_most_frequent_label():
    gazetteer = Gazetteer(TEXTS)
    assert gazetteer.find("In NEW YORK, not York: a@b.org or @c") == [
        (3, 11, "place"),
        (17, 21, "place"),
        (23, 30, "email"),
    ]


def test_the_most_frequent_tag_of_a_token_forgets_its_neighbors():
    tagger = MostFrequentTag(TEXTS)
    assert tagger.find("York is new York") == [(0, 4, "place"), (8, 11, "place"), (12, 16, "place")]


def test_a_bag_of_words_does_not_know_the_order():
    reviews = [Review("not good", 1), Review("good", 5), Review("not bad", 5), Review("bad", 1)] * 10
    bag = BagOfWords(reviews, reviews, seed=1)
    assert bag.predict(["good not"]).tolist() == bag.predict(["not good"]).tolist()
    assert bag.exact_match(reviews) < 1  # no sum of three weights has all four right


def test_rare_and_unknown_words_count_for_nothing():
    reviews = [Review("good", 5), Review("bad", 1)] * 10 + [Review("rare good", 5)] * 4
    bag = BagOfWords(reviews, reviews)
    assert "rare" not in bag.columns
    np.testing.assert_array_equal(bag.predict(["good rare new"]), bag.predict(["good"]))


def test_a_word_is_translated_by_its_most_frequent_gold_counterpart():
    pairs = [
        TranslationPair("il dort", "he is sleeping", frozenset({(0, 0), (1, 1), (2, 1)})),
        TranslationPair("il dort", "he sleeps", frozenset({(0, 0), (1, 1)})),
        TranslationPair("elle dort", "she is sleeping", frozenset({(0, 0), (1, 1), (2, 1)})),
    ]
    rival = WordByWord(pairs)
    assert rival.translate("Elle dort, Anna.") == "She is sleeping, Anna."
    assert rival.exact_match([TranslationPair("Il dort.", "He is sleeping.")]) == 1


@pytest.mark.parametrize("language", ["fr", "ko"])
def test_words_alone_are_not_a_translation(language):
    pairs = translation_pairs(200, language, seed=1, max_words=12)
    assert WordByWord(pairs).exact_match(pairs) < 0.6
