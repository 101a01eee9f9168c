"""Entity recognition: spans, probabilities, doubt, and the shipped model."""

import numpy as np
import pytest

from dlseq.data.entities import LABELS, Entity, TaggedText, tagged_texts
from dlseq.errors import DataError
from dlseq.tasks.entities.presets import EntityData
from dlseq.tasks.entities.recognition import EntityRecognizer
from dlseq.tasks.pretrained import pretrained

SENTENCE = "Maria Rossi joined Acme Systems Inc. in Boston on 3 May 2021 for $1,200 (maria@acme.com)."


@pytest.fixture(scope="module")
def shipped():
    return EntityRecognizer.load(pretrained("entities-world"))


def found(model, text):
    return [(entity.text, entity.label) for entity in model.find([text])[0].entities]


def test_all_kinds_are_found_in_a_sentence(shipped):
    assert found(shipped, SENTENCE) == [
        ("Maria Rossi", "person"),
        ("Acme Systems Inc.", "company"),
        ("Boston", "place"),
        ("3 May 2021", "date"),
        ("$1,200", "amount"),
        ("maria@acme.com", "email"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Herr Jens Weber fährt am 4. Juli 2020 nach Köln.", {"Jens Weber", "4. Juli 2020", "Köln"}),
        ("Claire Dubois habite à Lyon.", {"Claire Dubois", "Lyon"}),
        ("김민수는 서울에서 태어났다.", {"김민수", "서울"}),
        ("山本太郎は東京で働いている。", {"山本太郎", "東京"}),
        ("maria rossi lives in london", {"maria rossi", "london"}),
        ("MARIA ROSSI LIVES IN LONDON", {"MARIA ROSSI", "LONDON"}),
        ("The meeting is over.", set()),
    ],
)
def test_other_languages_and_cases_are_read(shipped, text, expected):
    assert {text for text, _ in found(shipped, text)} == expected


def test_offsets_point_into_the_text_as_given(shipped):
    text = "  Maria\u00a0Rossi\tlives in\u2003Zu\u0308rich 😀. "
    (result,) = shipped.find([text])
    assert [text[entity.start : entity.end] for entity in result.entities] == [
        entity.text for entity in result.entities
    ]
    assert {entity.text for entity in result.entities} == {"Maria\u00a0Rossi", "Zu\u0308rich"}


def test_a_text_is_read_alike_alone_and_among_others(shipped):
    texts = [SENTENCE, "Bo ran.", "Otto and Anna met in Rome. " * 20]
    for text, together in zip(texts, shipped.find(texts), strict=True):
        (alone,) = shipped.find([text])
        assert [entity[:4] for entity in map(fields, alone.entities)] == [e[:4] for e in map(fields, together.entities)]
        np.testing.assert_allclose(
            [entity.probability for entity in alone.entities], [e.probability for e in together.entities], atol=1e-4
        )


def fields(entity):
    return entity.start, entity.end, entity.label, entity.text, entity.probability


def test_a_text_far_from_the_training_shows_doubt(shipped):
    for text in ("สวัสดีชาวโลก ฉันชื่อสมชาย", "ღმერთო ჩემო რა კარგია", "xqzzt wvvk qqxj"):
        (result,) = shipped.find([text])
        assert not result.sure, text
    assert shipped.find([SENTENCE])[0].sure


def test_probabilities_tell_right_from_wrong(shipped):
    """On texts with held-out names and templates, sure entities are right more often than guesses."""
    examples = tagged_texts(300, "both", seed=11)
    right, sure = [], []
    for example, result in zip(examples, shipped.find([example.text for example in examples]), strict=True):
        for entity in result.entities:
            right.append(Entity(entity.start, entity.end, entity.label) in example.entities)
            sure.append(entity.probability > 0.9)
    right, sure = np.array(right), np.array(sure)
    assert right[sure].mean() > 0.9 > right[~sure].mean() + 0.2


def test_held_out_names_are_found_by_the_shipped_model(shipped):
    assert shipped.score(tagged_texts(300, "names", seed=12))["entity_f1"] > 0.96


def test_kinds_of_a_file_are_found_too():
    examples = [
        TaggedText(f"the {word} barks", (Entity(4, 4 + len(word), "animal"),)) for word in ("dog", "cat", "cow")
    ]
    model = EntityRecognizer.build(examples * 4, units=4)
    assert model.labels == ("animal",)
    with pytest.raises(DataError, match="kinds animal"):
        model.encode([TaggedText("Ada", (Entity(0, 3, "person"),))])


@pytest.mark.parametrize(("text", "message"), [(" \n", "empty text"), ("word " * 2001, "at most 2,000 tokens")])
def test_empty_and_overlong_texts_are_refused(shipped, text, message):
    with pytest.raises(DataError, match=message):
        shipped.find([SENTENCE, text])


def test_drawn_splits_are_disjoint_and_follow_the_seed():
    data = EntityData(examples=60, locales=("en_US", "ja_JP"))
    splits = data.load(seed=1)
    assert [len(part) for part in splits] == [60, 60, 60]
    texts = [example.text for part in splits for example in part]
    assert len(set(texts)) == 180
    assert data.load(seed=1) == splits != data.load(seed=2)
    assert {label for example in splits.train for _, _, label in example.entities} == set(LABELS)
