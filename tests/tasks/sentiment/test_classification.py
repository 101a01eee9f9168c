"""Sentiment classification: stars, attention, doubt, and the shipped model."""

import numpy as np
import pytest

from dlseq.data.reviews import Review, reviews
from dlseq.errors import DataError
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.sentiment.classification import SentimentClassifier
from dlseq.tasks.sentiment.informative import informative_words
from dlseq.tasks.sentiment.presets import ReviewData


@pytest.fixture(scope="module")
def shipped():
    return SentimentClassifier.load(pretrained("sentiment-grammar"))


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("There is nothing to like in this movie.", 1),
        ("There is a lot to like in this movie.", 4),
        ("The plot is not bad.", 4),
        ("The plot is not good.", 2),
        ("The plot is very good.", 5),
        ("THE FOOD WAS AWFUL, BUT THE SERVICE WAS BRILLIANT.", 4),
        ("I expected a dull film, but it was brilliant.", 5),
        ("The soup is okay. We were there with Ana.", 3),
    ],
)
def test_negation_intensity_contrast_and_scope_are_read(shipped, text, stars):
    (reading,) = shipped.read([text])
    assert reading.stars == stars
    assert reading.sure


def test_probabilities_and_attention_sum_to_one(shipped):
    for reading in shipped.read([review.text for review in reviews(60, "test", seed=8)]):
        assert sum(reading.probabilities) == pytest.approx(1, abs=1e-4)
        assert sum(word.weight for word in reading.words) == pytest.approx(1, abs=1e-4)
        assert reading.probability == max(reading.probabilities) == reading.probabilities[reading.stars - 1]


def test_words_point_into_the_text(shipped):
    (reading,) = shipped.read(["  The plot, the plot isn’t\tgood!  "])
    assert reading.text == "The plot, the plot isn’t good!"
    assert [reading.text[word.start : word.end] for word in reading.words] == [word.text for word in reading.words]
    assert [word.text for word in reading.words] == ["The", "plot", ",", "the", "plot", "isn’t", "good", "!"]
    assert reading.stars == 2
    assert [word.weight for word in reading.reasons(2)] == sorted(word.weight for word in reading.words)[:-3:-1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("There is nothing to like in this movie.", {"nothing", "like"}),
        ("The plot is not bad.", {"not", "bad"}),
        ("We were there with Ana. I loved the soup!", {"loved"}),
    ],
)
def test_attention_names_the_words_that_decide(shipped, text, words):
    (reading,) = shipped.read([text])
    assert sum(word.weight for word in reading.words if word.text in words) > 0.9
    assert reading.reasons(1)[0].text in words


def test_words_without_information_are_left_out():
    """By hand: 'good' and the like occur with one class alone, 'the' with both alike, 'rare' too seldom to tell."""
    telling = [f"good{index}" for index in range(5)] + [f"bad{index}" for index in range(5)]
    rows = [[word, "the", *(["rare"] if number < 4 else [])] for word in telling for number in range(40)]
    classes = [word[0] for word in telling for _ in range(40)]
    assert informative_words(rows, classes) == set(telling)
    assert informative_words(rows[:20], classes[:20]) == set()


def test_a_text_is_read_alike_alone_and_among_others(shipped):
    texts = ["The plot is not bad.", "We were there with Ana. " * 20 + "I loved it.", "Good."]
    for text, together in zip(texts, shipped.read(texts), strict=True):
        (alone,) = shipped.read([text])
        np.testing.assert_allclose(alone.probabilities, together.probabilities, atol=1e-4)
        np.testing.assert_allclose(
            [word.weight for word in alone.words], [word.weight for word in together.words], atol=1e-4
        )


def test_a_text_far_from_the_training_shows_doubt(shipped):
    for text in ("สวัสดีชาวโลก", "xqzzt wvvk qqxj", "We live in Paraguay.", "Order discussion edge attack the window."):
        assert not shipped.read([text])[0].sure, text


def test_held_out_combinations_are_read_by_the_shipped_model(shipped):
    assert shipped.score(reviews(300, "combinations", seed=12))["exact_match"] > 0.95
    assert shipped.score(reviews(300, "test", seed=12))["exact_match"] > 0.97


def test_the_order_of_words_decides(shipped):
    """The same words give other stars in another order, which no bag of words can tell."""
    first, second = shipped.read(
        ["The food was awful, but the bar was lovely.", "The food was lovely, but the bar was awful."]
    )
    assert (first.stars, second.stars) == (3, 1)


@pytest.mark.parametrize(("text", "message"), [(" \n", "empty text"), ("word " * 501, "at most 500 words")])
def test_empty_and_overlong_texts_are_refused(shipped, text, message):
    with pytest.raises(DataError, match=message):
        shipped.read(["Good.", text])


def test_stars_out_of_range_are_refused(shipped):
    with pytest.raises(DataError, match="from 1 to 5"):
        shipped.encode([Review("Good.", 6)])


def test_drawn_splits_are_disjoint_and_follow_the_seed():
    splits = ReviewData(examples=50).load(seed=1)
    assert [len(part) for part in splits] == [55, 50, 50]
    assert len({review.text for part in splits for review in part}) == 155
    assert {review.stars for review in splits.validation + splits.test} <= {1, 2, 3, 4, 5}
    assert ReviewData(examples=50).load(seed=1) == splits != ReviewData(examples=50).load(seed=2)
