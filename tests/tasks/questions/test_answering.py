"""Visual questions: answers, looks and their places, unknown words, files of a user."""

import dataclasses

import numpy as np
import pytest

from dlseq.data.scenes import draw_questions
from dlseq.errors import DataError
from dlseq.tasks.questions.answering import QuestionAnswerer

TINY = {"filters": (4,), "strides": (8,), "units": 6, "embedding_units": 6}
QUESTIONS = draw_questions(60, seed=1, per_scene=4)


@pytest.fixture(scope="module")
def tiny():
    """A model that is not trained."""
    return QuestionAnswerer.build(QUESTIONS, seed=1, **TINY)


def test_encoding_keeps_questions_answers_and_scenes_together(tiny):
    x, y = tiny.encode(QUESTIONS)
    names, relations = tiny.network.answers, ["", *tiny.network.relations]
    symbols = tiny.network.vocabularies["word"].symbols
    found = []
    for image, ids, answers in zip(x["image"], x["question"], y["answer"], strict=True):
        for row, (word, relation) in zip(ids, answers, strict=True):
            assert (word == -1) == (not row.any())
            if word >= 0:
                words = tuple(symbols[index - 3] for index in row[row > 0])
                found.append((words, f"{relations[relation]} the {names[word]}" if relation else names[word], image))
    assert [(words, answer) for words, answer, _ in found] == [(q.words, q.answer) for q in QUESTIONS]
    assert all(np.array_equal(image, q.scene.image) for (_, _, image), q in zip(found, QUESTIONS, strict=True))


def test_looks_are_told_the_places_of_the_boxes(tiny):
    _, y = tiny.encode(QUESTIONS)
    looks = y["looks"][y["answer"][..., 0] >= 0].reshape(-1, 2, 8, 8)
    for told, question in zip(looks, QUESTIONS, strict=True):
        for places, box in zip(told, (question.named_region, question.answer_region), strict=True):
            assert places.any() == (box is not None)
            for row, column in np.argwhere(places):
                left, top = 8 * column, 8 * row
                assert left < box[2] and left + 8 > box[0] and top < box[3] and top + 8 > box[1]


def test_probability_is_that_of_word_and_relation(tiny):
    [answer] = tiny.answer([QUESTIONS[0].scene.image], [QUESTIONS[0].text])
    x, _ = tiny.encode(QUESTIONS[:1])
    logits = np.asarray(tiny.network(x)["answer"], np.float64)[0, 0]
    words, relations = np.split(np.exp(logits), [len(tiny.network.answers)])
    chances = np.outer(words / words.sum(), relations / relations.sum())
    assert answer.probability == pytest.approx(chances.max(), rel=1e-5)
    assert [p for _, p in answer.alternatives] == pytest.approx(np.sort(chances, axis=None)[-3:-1][::-1], rel=1e-5)
    assert answer.looks.shape == (2, 8, 8)
    assert not answer.is_sure


def test_answers_do_not_depend_on_the_batch(tiny):
    images, texts = [q.scene.image for q in QUESTIONS], [q.text for q in QUESTIONS]
    together = tiny.answer(images, texts)
    for index in (0, 7):
        [alone] = tiny.answer([images[index]], [texts[index]])
        assert alone.text == together[index].text
        assert alone.probability == pytest.approx(together[index].probability, rel=1e-4)
    right = np.mean([answer.text == q.answer for answer, q in zip(together, QUESTIONS, strict=True)])
    assert tiny.score(QUESTIONS) == {"exact_match": pytest.approx(right)}


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "Expected 1 to 20 words. Received: 0"),
        ("?", "Expected 1 to 20 words. Received: 0"),
        ("is " * 30, "Expected 1 to 20 words. Received: 30"),
        ("Is there a zebra?", "unknown word: 'zebra'"),
    ],
)
def test_questions_that_cannot_be_read_are_refused(tiny, question, message):
    with pytest.raises(DataError, match=message):
        tiny.answer([QUESTIONS[0].scene.image], [question])


def test_unknown_words_are_scored_and_not_refused(tiny):
    """A small training set does not name all things that a test asks for."""
    unknown = dataclasses.replace(QUESTIONS[0], words=("is", "there", "a", "zebra"))
    assert tiny.score([unknown]).keys() == {"exact_match"}


def test_an_image_of_another_size_is_refused(tiny):
    with pytest.raises(DataError, match=r"Expected pixels of shape \(64, 64, 3\). Received: \(32, 32, 3\)"):
        tiny.answer([np.zeros((32, 32, 3), np.uint8)], [QUESTIONS[0].text])


@pytest.mark.slow
def test_known_questions_are_learned_with_both_looks(trained_answerer):
    """Twenty scenes by heart: the answers are right, and both looks rest where they should."""
    model, before, _ = trained_answerer
    questions = draw_questions(60, seed=1)
    assert model.score(questions)["exact_match"] > before["exact_match"] + 0.4
    _, y = model.encode(questions)
    answers = model.answer([q.scene.image for q in questions], [q.text for q in questions])
    told = y["looks"][y["answer"][..., 0] >= 0]
    weights = np.stack([answer.looks.reshape(2, -1) for answer in answers])
    share = (weights * told).sum(-1)[told.any(-1)]
    assert share.mean() > 2 * told[told.any(-1)].mean()
