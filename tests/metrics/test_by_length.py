"""BLEU by length: ranges, scores of a corpus each, invalid arguments."""

import pytest

from dlseq.errors import DlseqError
from dlseq.metrics import bleu, bleu_by_length

REFERENCES = ["a b c", "d e f g h", "i j k l m n", "a b c d e f g h i j k"]
HYPOTHESES = ["a b c", "d e f g x", "i j k l m n", "a b c d e f g h i j x"]
LENGTHS = [3, 5, 6, 11]


@pytest.fixture(autouse=True)
def _sacrebleu():
    pytest.importorskip("sacrebleu")


def ranges(scores):
    return [(score.min_length, score.max_length, score.count) for score in scores]


def test_a_range_includes_its_upper_bound_and_begins_after_the_last():
    scores = bleu_by_length(HYPOTHESES, REFERENCES, LENGTHS, [5, 10, 11])
    assert ranges(scores) == [(1, 5, 2), (6, 10, 1), (11, 11, 1)]


def test_each_range_has_the_bleu_of_its_sentences_as_one_corpus():
    scores = bleu_by_length(HYPOTHESES, REFERENCES, LENGTHS, [5, 10, 20], tokenize="none")
    groups = [[0, 1], [2], [3]]
    expected = [bleu([HYPOTHESES[i] for i in g], [REFERENCES[i] for i in g], tokenize="none") for g in groups]
    assert [score.score for score in scores] == expected
    assert scores[1].score.value == pytest.approx(100) and scores[2].score.value < 95


def test_ranges_do_not_depend_on_the_order_of_the_sentences():
    order = [3, 1, 0, 2]
    columns = [[column[i] for i in order] for column in (HYPOTHESES, REFERENCES, LENGTHS)]
    assert bleu_by_length(*columns, [4, 20]) == bleu_by_length(HYPOTHESES, REFERENCES, LENGTHS, [4, 20])


def test_a_range_without_sentences_has_no_score():
    assert ranges(bleu_by_length(HYPOTHESES, REFERENCES, LENGTHS, [2, 6, 8, 12])) == [(3, 6, 3), (9, 12, 1)]


def test_settings_of_bleu_are_passed_on():
    upper = [text.upper() for text in REFERENCES]
    scores = bleu_by_length(upper, REFERENCES, LENGTHS, [20], lowercase=True, tokenize="char")
    assert scores[0].score.value == pytest.approx(100) and "tok:char" in scores[0].score.signature


@pytest.mark.parametrize(
    "lengths, bounds, words",
    [
        ([3, 5, 6, 21], [5, 20], "at most 20, the last upper bound.*Received: 21"),
        ([3, 5, 6], [20], "do not match.*4, 4 and 3"),
        ([3, 5, 6, 0], [20], "`lengths`.*at least 1"),
        ([3, 5, 6, 2.5], [20], "`lengths`.*integers"),
        (LENGTHS, [10, 10, 20], "`upper_bounds`.*increasing"),
        (LENGTHS, [], "`upper_bounds`.*at least one"),
    ],
)
def test_lengths_and_bounds_are_checked(lengths, bounds, words):
    with pytest.raises(DlseqError, match=words):
        bleu_by_length(HYPOTHESES, REFERENCES, lengths, bounds)


def test_no_sentences_are_refused():
    with pytest.raises(DlseqError, match="at least one"):
        bleu_by_length([], [], [], [10])
