"""Helpers of `sentiment`: short reviews, word vectors from counts, and pairs that need word order."""

import numpy as np
import pytest

from dlseq.course.given.sentiment import MAX_LEN, negation_pairs, review_data, swapped_pairs, word_vectors


@pytest.fixture(scope="module")
def data():
    return review_data(300)


def test_reviews_are_short_and_of_all_classes(data):
    X, Y = data
    assert len(X) == len(Y) == 300 and set(Y.tolist()) == {0, 1, 2, 3, 4}
    assert max(len(sentence.split()) for sentence in X) <= MAX_LEN


def test_no_sentence_of_the_test_is_in_training(data):
    assert not {*map(str.lower, data[0])} & {*map(str.lower, review_data(100, "test")[0])}


def test_vectors_are_the_same_on_each_call_and_indices_begin_at_one(data):
    (first, indices), (second, _) = word_vectors(*data, n_e=8), word_vectors(*data, n_e=8)
    assert sorted(indices.values()) == list(range(1, len(first) + 1)) and first.keys() == indices.keys()
    np.testing.assert_allclose(np.stack([*first.values()]), np.stack([*second.values()]))
    assert first["the"].shape == (8,)


def test_words_that_are_used_alike_have_similar_vectors():
    vectors, _ = word_vectors(
        ["a big dog ran", "a big cat ran", "the red car is new", "the red bus is new"] * 3, [0] * 12
    )
    vectors = {word: vector / np.linalg.norm(vector) for word, vector in vectors.items()}
    assert vectors["dog"] @ vectors["cat"] > 0.9 > vectors["dog"] @ vectors["bus"]


def test_a_negated_sentence_has_the_same_words_and_a_negation():
    sentences, classes = negation_pairs()
    assert classes.shape == (len(sentences), 2) and len(sentences) > 30
    for (plain, negated), (before, after) in zip(sentences, classes, strict=True):
        *start, word = plain.split()
        assert negated.split()[: len(start)] == start and negated.split()[-1] == word
        assert abs(before - after) == 2  # "not" moves by two stars


def test_swapped_sentences_have_the_same_words_and_other_stars():
    sentences, classes = swapped_pairs()
    for first, second in sentences:
        assert first != second and sorted(first.split()) == sorted(second.split())
    assert (classes == [1, 3]).all()
