"""Helpers of `beam_search`: a decoder made from a tree, n-grams by hand."""

import numpy as np
import pytest

from dlseq.course.given.beam_search import ngrams, tree_decoder

TREE = {
    "": {"a": 0.25, "b": 0.75},
    "b": {"a": 0.5, "<eos>": 0.5},
    "b a": {"b": 1.0},
}


def probability(words, decoder, text):
    """Multiply the probabilities of a text, word by word, in the tables of a decoder."""
    state, product = 0, 1.0
    for word in text.split():
        place = state, words.index(word)
        product, state = product * np.exp(decoder["log_probs"][place]), decoder["next_state"][place]
    return product


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a <eos>", 0.25), ("b <eos>", 0.375), ("b a b <eos>", 0.375), ("b a a <eos>", 0), ("<eos>", 0), ("a a", 0)],
)
def test_a_text_has_the_probability_of_its_branches(text, expected):
    assert probability(*tree_decoder(TREE), text) == pytest.approx(expected)


def test_each_text_is_a_state_and_a_text_without_branches_ends():
    words, decoder = tree_decoder(TREE)
    assert words == ["<eos>", "a", "b"]
    assert decoder["log_probs"].shape == decoder["next_state"].shape == (5, 3)  # "", a, b, b a, b a b
    np.testing.assert_allclose(np.exp(decoder["log_probs"]).sum(axis=1), 1)


def test_the_end_is_word_0_wherever_it_stands_in_the_tree():
    assert tree_decoder({"": {"x": 0.5, "<eos>": 0.5}})[0] == ["<eos>", "x"]


def test_ngrams_of_a_sentence():
    assert ngrams(["a", "b", "a", "b"], 2) == [("a", "b"), ("b", "a"), ("a", "b")]
    assert ngrams(["a", "b"], 1) == [("a",), ("b",)]
    assert ngrams(["a", "b"], 3) == ngrams([], 1) == []
