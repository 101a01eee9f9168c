"""Words of sentences: splitting, joining, case and spelling."""

import hypothesis
import hypothesis.strategies as st
import pytest

from dlseq.data.translations import translation_pairs
from dlseq.tasks.translation.words import Speller, detokenize, shown, source_words, target_words, truecase


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’homme n'est pas là.", ["L'", "homme", "n'", "est", "pas", "là", "."]),
        ("Est-ce que Zoé dort ?", ["Est", "-ce", "que", "Zoé", "dort", "?"]),
        ("e\u0301te\u0301", ["été"]),
        (
            "제인은 9월에 아프리카를 방문하고 있어요.",
            ["제인", "은", "9월", "에", "아프리카", "를", "방문", "하고", "있어요", "."],
        ),
        ("학교에서는 존도 자요", ["학교", "에서는", "존", "도", "자요"]),
        ("은", ["은"]),
        ("  \n", []),
    ],
)
def test_sentences_are_split_into_words_and_particles(text, words):
    assert [word.text for word in source_words(text)] == words


def test_each_word_knows_its_place():
    for text in ("Jane visite l'Afrique.", "제인은 아프리카를 방문해요."):
        assert [text[word.start : word.end] for word in source_words(text)] == [w.text for w in source_words(text)]


@pytest.mark.parametrize("language", ["fr", "ko"])
def test_targets_of_the_corpus_can_be_joined_again(language):
    targets = [pair.target for pair in translation_pairs(300, language, seed=3, max_words=40)]
    assert [detokenize(target_words(target)) for target in targets] == targets


@hypothesis.settings(max_examples=100, deadline=None, derandomize=True)
@hypothesis.given(st.text(alphabet="ab'A.,;!?()\" -é", max_size=30))
def test_joining_changes_only_the_first_letter_and_spaces(text):
    expected = " ".join(text.split())
    assert detokenize(target_words(text)) == expected[:1].upper() + expected[1:]


def test_only_the_first_word_of_a_sentence_loses_its_capital():
    known = {"the", "mary", "Mark"}
    assert truecase(["The", "The"], known) == ["the", "The"]
    assert truecase(["Mark", "sleeps"], known) == ["Mark", "sleeps"]
    assert truecase([], known) == []


def test_spellings_without_accents_or_in_another_case_are_found_where_they_are_clear():
    speller = Speller(["été", "côte", "côté", "Jane", "États", "sœur", "나무"])
    for written, known in [("ete", "été"), ("ETATS", "États"), ("JANE", "Jane"), ("soeur", "sœur"), ("나무", "나무")]:
        assert speller(written) == known
    for written in ("cote", "Timbuktu", "나물"):
        assert speller(written) is None


def test_the_mark_of_a_word_without_a_space_is_not_shown():
    assert [shown(word) for word in target_words("No, it isn't.")] == ["No", ",", "it", "isn'", "t", "."]
