"""Word error rate by hand, and against all ways to edit a text."""

import itertools

import pytest

from dlseq.errors import DlseqError
from dlseq.metrics import word_error_rate, word_errors


def edits(predicted, expected):
    """Return the least number of edits by trying all, recursively."""
    if not predicted or not expected:
        return len(predicted) + len(expected)
    return min(
        edits(predicted[1:], expected[1:]) + (predicted[0] != expected[0]),
        edits(predicted[1:], expected) + 1,
        edits(predicted, expected[1:]) + 1,
    )


def test_errors_are_the_fewest_of_all_edits():
    texts = ["".join(text) for size in range(5) for text in itertools.product("ab", repeat=size)]
    for predicted, expected in itertools.product(texts, texts[::3]):
        assert word_errors(predicted, expected) == edits(predicted, expected)


def test_words_of_all_texts_have_the_same_weight():
    """One error of five words and one of one: 2/6, not the mean of 1/5 and 1."""
    assert word_error_rate(["a b c d x", ""], ["a b c d e", "f"]) == pytest.approx(2 / 6)


def test_inserted_words_are_errors_where_nothing_was_said():
    assert word_error_rate(["a b c", "d"], ["", "d"]) == 3


@pytest.mark.parametrize(
    ("predicted", "expected", "message"),
    [
        ("one", ["one"], "Received: one text"),
        (["one"], ["one", "two"], "Received: 1 and 2"),
        ([""], [" "], "at least one word"),
    ],
)
def test_invalid_arguments_are_refused(predicted, expected, message):
    with pytest.raises(DlseqError, match=message):
        word_error_rate(predicted, expected)
