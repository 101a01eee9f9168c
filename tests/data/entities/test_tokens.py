"""Tokens and tags of texts."""

import itertools
import random

import pytest

from dlseq.data.entities import Entity, TaggedText, spans_of_tags, split_tokens, tags_of
from dlseq.data.entities.features import token_features
from dlseq.errors import DataError


def tokens(text):
    return [text[start:end] for start, end in split_tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O'Neill paid $1,250.00.", ["O", "'", "Neill", "paid", "$", "1,250.00", "."]),
        ("write to <a.b+c@mail.example.org>!", ["write", "to", "<", "a.b+c@mail.example.org", ">", "!"]),
        ("3rd 2021-05-03 10:30", ["3", "rd", "2021-05-03", "10:30"]),
        ("İstanbul'da e\u0301te\u0301", ["İstanbul", "'", "da", "e\u0301te\u0301"]),
        ("山田さんは東京", ["山", "田", "さ", "ん", "は", "東", "京"]),
        ("フランスのABC", ["フランス", "の", "ABC"]),
        ("니우에는 13일에 김이라고", ["니우", "에", "는", "13", "일", "에", "김", "이", "라고"]),
        ("  \n", []),
    ],
)
def test_tokens_by_hand(text, expected):
    assert tokens(text) == expected


def test_tokens_cover_all_characters_but_white_space():
    signs = "aZé1.,@-' \n은에서가東ひカ€😀\u0301"
    draw = random.Random(0)
    for _ in range(500):
        text = "".join(draw.choices(signs, k=draw.randrange(12)))
        spans = split_tokens(text)
        assert all(start < end for start, end in spans)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
        assert "".join(text[start:end] for start, end in spans) == "".join(text.split())


def test_tags_and_spans_invert_each_other():
    text = "Ada King met Bo in York"
    entities = (Entity(0, 8, "person"), Entity(13, 15, "person"), Entity(19, 23, "place"))
    tags = tags_of(TaggedText(text, entities))
    assert tags == ["B-person", "I-person", "O", "B-person", "O", "B-place"]
    assert spans_of_tags(tags) == [(0, 2, "person"), (3, 4, "person"), (5, 6, "place")]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["I-a", "I-a", "O"], [(0, 2, "a")]),  # IOB1
        (["I-a", "B-a", "I-a"], [(0, 1, "a"), (1, 3, "a")]),
        (["B-a", "I-b"], [(0, 1, "a"), (1, 2, "b")]),
        (["S-a", "B-a", "I-a", "E-a", "I-a"], [(0, 1, "a"), (1, 4, "a"), (4, 5, "a")]),  # BIOES
        (["B-x-y", "E-x-y", "E-x-y"], [(0, 2, "x-y"), (2, 3, "x-y")]),
        ([], []),
    ],
)
def test_spans_follow_the_conll_definition(tags, expected):
    assert spans_of_tags(tags) == expected


@pytest.mark.parametrize("entities", [[(0, 2, "a")], [(0, 3, "a"), (0, 3, "b")], [(3, 3, "a")]])
def test_entities_that_are_no_tokens_or_overlap_are_refused(entities):
    with pytest.raises(DataError, match="whole tokens"):
        tags_of(TaggedText("Ada lives", tuple(Entity(*entity) for entity in entities)))


def test_features_hide_case_and_digits_in_the_word():
    assert token_features("PARIS")[:3] == token_features("paris")[:3] == ("paris", "par", "ris")
    assert token_features("PARIS")[3] != token_features("paris")[3]
    assert token_features("1984") == token_features("2021")
    assert token_features("é") == token_features("e\u0301")
    assert [token_features(text)[3] for text in ("Ünal", "서울", "x@y.zz", "€", "3rd", "McX")] == [
        "Xxxx",
        "cc",
        "@",
        "€",
        "0xx",
        "XxX",
    ]
