"""Words of sentences: splitting, joining, case and spelling."""

import hypothesis
import hypothesis.strategies as st
import pytest

from dlseq.data.translations import translation_pairs
from dlseq.tasks.translation.korean import verb_forms
from dlseq.tasks.translation.words import Speller, detokenize, shown, source_words, target_words, truecase


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’homme n'est pas là.", ["L'", "homme", "n'", "est", "pas", "là", "."]),
        ("Est-ce que Zoé dort ?", ["Est", "-ce", "que", "Zoé", "dort", "?"]),
        ("e\u0301te\u0301", ["été"]),
        (
            "제인은 9월에 아프리카를 방문하고 있어요.",
            ["제인", "은", "9월", "에", "아프리카", "를", "방문하", "고", "있", "요", "."],
        ),
        ("학교에서는 존도 자요", ["학교", "에서는", "존", "도", "자", "요"]),
        ("예쁜 말은 갔다고", ["예쁘", "ㄴ", "말", "은", "가", "ㅆ다고"]),
        ("은", ["은"]),
        ("  \n", []),
    ],
)
def test_sentences_are_split_into_words_and_particles(text, words):
    assert [word.text for word in source_words(text)] == words


def test_each_word_knows_its_place():
    for text in ("Jane visite l'Afrique.", "제인은 아프리카를 보지 말아요."):
        assert [text[word.start : word.end] for word in source_words(text)] == [w.text for w in source_words(text)]


def test_an_ending_within_a_syllable_has_the_place_of_that_syllable():
    text = "제가 가르칠 노래를 배웠어요."
    places = [(word.text, text[word.start : word.end]) for word in source_words(text)]
    assert places[2:4] == [("가르치", "가르칠"), ("ㄹ", "칠")]
    assert places[6:8] == [("배우", "배웠"), ("ㅆ어요", "어요")]


def test_forms_of_a_verb_share_its_stem_and_those_of_two_verbs_are_not_cut():
    """By hand, of regular verbs and of those in ㄷ, ㅂ, ㄹ, 르 and 하."""
    by_verb = {
        "걷": "걷고 걷는 걸어요 걸었다고 걸을 걸은",
        "아름답": "아름답고 아름다운 아름다워요 아름다웠어요 아름다울",
        "고르": "고르고 골라요 골랐을 고를 고른다고",
        "공부하": "공부하고 공부해요 공부했지만 공부할 공부한 공부한다고 공부하려고",
        "울": "울고 우는 울어요 운다고",
    }
    for stem, forms in by_verb.items():
        assert {verb_forms()[form][0] for form in forms.split()} == {stem}
        assert len({verb_forms()[form] for form in forms.split()}) == len(forms.split())
    assert not {"산", "사는"} & set(verb_forms())  # 사다 and 살다


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
