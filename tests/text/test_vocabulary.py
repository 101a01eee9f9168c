"""Vocabulary: encoding, decoding, word splitting and invalid arguments."""

import json
import time

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dlseq.errors import DataError
from dlseq.text.vocabulary import Vocabulary, split_words

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates included


@example(["a\ud800b", "\0", "e\u0301\U0001f600\0"], True)
@given(st.lists(ANY_TEXT, max_size=8), st.booleans())
def test_decode_inverts_encode(texts, eos):
    vocabulary = Vocabulary.from_texts(texts)
    ids = vocabulary.encode_batch(texts, eos=eos)
    assert ids.dtype == np.int32
    assert ids.shape == (len(texts), max((len(text) + eos for text in texts), default=0))
    assert vocabulary.decode_batch(ids) == texts
    assert [vocabulary.decode(vocabulary.encode(text, eos=eos)) for text in texts] == texts


@given(st.lists(ANY_TEXT, min_size=1, max_size=5), ANY_TEXT, st.booleans())
def test_encode_batch_equals_a_loop_over_a_dictionary(texts, symbols, eos):
    symbols = sorted(set(symbols))
    vocabulary = Vocabulary(symbols)
    table = {symbol: 3 + index for index, symbol in enumerate(symbols)}
    width = 25
    expected = []
    for text in texts:
        row = [table.get(letter, 1) for letter in text] + [2] * eos
        expected.append(row + [0] * (width - len(row)))
    np.testing.assert_array_equal(vocabulary.encode_batch(texts, length=width, eos=eos), expected)


def test_special_tokens_come_first_and_symbols_keep_their_order():
    vocabulary = Vocabulary("zay")
    assert (vocabulary.pad_id, vocabulary.unk_id, vocabulary.eos_id) == (0, 1, 2)
    assert vocabulary.encode("zay").tolist() == [3, 4, 5]
    assert len(vocabulary) == 6
    assert "a" in vocabulary
    assert "b" not in vocabulary
    assert vocabulary.symbols == ("z", "a", "y")


@pytest.mark.parametrize("unknown", ["?", "é", "년", "\U0001f600", "\0", "\u0301", "\U0010ffff"])
def test_an_unknown_character_is_one_id(unknown):
    vocabulary = Vocabulary("ab")
    assert vocabulary.encode(f"a{unknown}b").tolist() == [3, 1, 4]
    assert vocabulary.decode([3, 1, 4]) == "a\ufffdb"


def test_astral_and_combining_characters_are_symbols_like_others():
    vocabulary = Vocabulary(["e", "\u0301", "\U0001f600"])
    assert vocabulary.encode("e\u0301\U0001f600").tolist() == [3, 4, 5]
    assert vocabulary.decode([3, 4, 5]) == "e\u0301\U0001f600"


def test_decode_stops_at_the_first_end_and_skips_padding():
    assert Vocabulary("abc").decode_batch([[3, 0, 4, 2, 5, 2], [0, 0, 2, 3, 3, 3], [5, 5, 5, 5, 5, 5]]) == [
        "ab",
        "",
        "cccccc",
    ]


@pytest.mark.parametrize("eos", [False, True])
def test_texts_are_never_cut(eos):
    vocabulary = Vocabulary("abc")
    assert vocabulary.decode_batch(vocabulary.encode_batch(["abc", "a"], length=3 + eos, eos=eos)) == ["abc", "a"]
    with pytest.raises(DataError, match=rf"Text 1 is too long.* at most {2 + eos} characters\. Received: {3 + eos}"):
        vocabulary.encode_batch(["a", "abc"], length=2 + eos, eos=eos)


def test_words_by_frequency_then_alphabet():
    vocabulary = Vocabulary.from_texts(["b a c", "c, b c"], level="word")
    assert vocabulary.symbols == ("c", "b", ",", "a")
    assert vocabulary.encode("a d, c").tolist() == [6, 1, 5, 3]
    assert vocabulary.decode([6, 1, 5, 3, 2, 3]) == "a <unk> , c"


def test_max_size_counts_the_special_tokens_and_keeps_the_frequent():
    assert Vocabulary.from_texts(["zzz", "aab", "y"], max_size=5).symbols == ("a", "z")
    assert len(Vocabulary.from_texts(["c a b b"], level="word", max_size=5)) == 5
    assert Vocabulary.from_texts(["c a b b"], level="word", max_size=5).symbols == ("b", "a")
    assert Vocabulary.from_texts(["abc"], max_size=3).symbols == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  one\ttwo\n", ["one", "two"]),
        ("Is it? (yes)...", ["Is", "it", "?", "(", "yes", ")", ".", ".", "."]),
        ("l'été d’hiver 'tis", ["l'été", "d’hiver", "'", "tis"]),
        ("हिन्दी भाषा।", ["हिन्दी", "भाषा", "।"]),
        ("5$ -- 3", ["5", "$", "-", "-", "3"]),
    ],
)
def test_split_words(text, words):
    assert split_words(text) == words


@pytest.mark.parametrize("vocabulary", [Vocabulary("a\U0001f600\u0301"), Vocabulary(["of", "the"], level="word")])
def test_config_round_trip_through_json(vocabulary):
    again = Vocabulary.from_config(json.loads(json.dumps(vocabulary.to_config())))
    assert again == vocabulary
    assert hash(again) == hash(vocabulary)
    assert again.level == vocabulary.level


def test_vocabularies_of_another_order_or_level_differ():
    assert Vocabulary("ab") != Vocabulary("ba")
    assert Vocabulary("ab") != Vocabulary("ab", level="word")
    assert Vocabulary("ab") != "ab"


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (lambda: Vocabulary("aba"), "'a' more than once"),
        (lambda: Vocabulary(["ab"]), r"single characters as symbols\. Received: 'ab'"),
        (lambda: Vocabulary([""]), "Received: ''"),
        (lambda: Vocabulary(["<eos>"], level="word"), "other than the special tokens"),
        (lambda: Vocabulary("a", level="byte"), "Received: 'byte'"),
        (lambda: Vocabulary.from_texts("ab"), "Expected a list of texts"),
        (lambda: Vocabulary.from_texts(["ab"], max_size=2), "at least 3"),
        (lambda: Vocabulary("ab").encode_batch("ab"), "Expected a list of texts"),
        (lambda: Vocabulary("ab").decode([5]), r"ids from 0 to 4\. Received: 5"),
        (lambda: Vocabulary("ab").decode([-1]), "Received: -1"),
        (lambda: Vocabulary("ab").decode_batch([3, 4]), "shape"),
        (lambda: Vocabulary("ab").decode_batch([[0.5]]), "Expected integers"),
        (lambda: Vocabulary.from_config({"symbols": "ab"}), "level and symbols"),
    ],
)
def test_invalid_arguments_are_refused(action, message):
    with pytest.raises(DataError, match=message):
        action()


@pytest.mark.parametrize("level", ["char", "word"])
def test_empty_texts_and_batches(level):
    vocabulary = Vocabulary("ab", level=level)
    assert vocabulary.encode_batch([]).shape == (0, 0)
    assert vocabulary.encode_batch([], length=4).shape == (0, 4)
    assert vocabulary.encode_batch(["", ""], eos=True).tolist() == [[2], [2]]
    assert vocabulary.decode_batch(np.zeros((0, 4), np.int32)) == []
    assert vocabulary.decode_batch(np.zeros((2, 0), np.int32)) == ["", ""]
    assert vocabulary.decode([]) == ""


def test_10_000_texts_take_milliseconds():
    """About 3 ms each way; a Python loop over the characters takes over 50."""
    texts = [f"wednesday september {index} 2025" for index in range(10_000)]
    vocabulary = Vocabulary.from_texts(texts)
    taken = []
    for _ in range(5):
        start = time.process_time()
        ids = vocabulary.encode_batch(texts, length=30)
        middle = time.process_time()
        assert vocabulary.decode_batch(ids) == texts
        taken.append((middle - start, time.process_time() - middle))
    assert max(np.min(taken, axis=0)) < 0.05
