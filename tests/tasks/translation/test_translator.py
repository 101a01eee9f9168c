"""The translator: what it learns, copies and says of its translations."""

import numpy as np
import pytest

from dlseq.data.translations import TranslationPair, translation_pairs
from dlseq.errors import DataError
from dlseq.metrics import exact_match
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.translation.presets import TranslationData
from dlseq.tasks.translation.splits import load_translation_splits
from dlseq.tasks.translation.translator import Translator, copied_words
from dlseq.tasks.translation.words import detokenize
from dlseq.text.vocabulary import Vocabulary

LECTURE = {
    "Jane visite l'Afrique en septembre.": "Jane is visiting Africa in September.",
    "Jane est allée en Afrique en septembre dernier, et a apprécié la culture et a rencontré beaucoup de personnes "
    "merveilleuses ; elle est revenue en racontant à quel point son voyage était merveilleux, et me donne envie d'y "
    "aller aussi.": (
        "Jane went to Africa last September, and enjoyed the culture and met many wonderful people; she came back "
        "raving about how wonderful her trip was, and is tempting me to go too."
    ),
}


LEAST_EXACT_MATCH = {"fr": 0.95, "ko": 0.95}  # of sentences of up to 30 words


@pytest.fixture(scope="module", params=LEAST_EXACT_MATCH)
def shipped(request):
    return request.param, Translator.load(pretrained(f"translation-{request.param}-en"))


@pytest.fixture(scope="module")
def french():
    return Translator.load(pretrained("translation-fr-en"))


# the shipped models


@pytest.mark.slow
def test_shipped_models_translate_held_out_sentences(shipped):
    language, translator = shipped
    pairs = translation_pairs(150, language, split="test", seed=11)
    translations = translator.translate([pair.source for pair in pairs])
    found = exact_match([translation.target for translation in translations], [pair.target for pair in pairs])
    assert found >= LEAST_EXACT_MATCH[language]


def test_the_sentences_of_the_lecture(french):
    for options in ({}, {"beam_width": 4}):
        assert {
            translation.source: translation.target for translation in french.translate(list(LECTURE), **options)
        } == LECTURE


@pytest.mark.slow
def test_a_beam_is_at_least_as_probable_as_greedy_search(shipped):
    language, translator = shipped
    texts = [pair.source for pair in translation_pairs(12, language, split="test", seed=12, max_words=20)]
    greedy, beam = translator.translate(texts), translator.translate(texts, beam_width=4)
    for narrow, wide in zip(greedy, beam, strict=True):
        assert wide.probability >= narrow.probability - 1e-5
        assert wide.target == narrow.target or wide.probability > narrow.probability
        probabilities = [wide.probability, *(value for _, value in wide.alternatives)]
        assert probabilities == sorted(probabilities, reverse=True)
        assert len({wide.target, *(text for text, _ in wide.alternatives)}) == len(probabilities)
        assert sum(probabilities) <= 1 + 1e-5


def test_a_translation_does_not_depend_on_the_others(french):
    texts = [pair.source for pair in translation_pairs(20, "fr", split="test", seed=13)]
    together = french.translate(texts)
    for text, among_others in list(zip(texts, together, strict=True))[:4]:
        (alone,) = french.translate([text])
        assert alone.target == among_others.target
        assert alone.probability == pytest.approx(among_others.probability, abs=1e-4)
        np.testing.assert_allclose(alone.attention, among_others.attention, atol=1e-4)


def test_weights_are_those_of_the_words(shipped):
    language, translator = shipped
    for pair in translation_pairs(5, language, split="test", seed=14):
        (translation,) = translator.translate([pair.source])
        assert translation.attention.shape == (len(translation.target_words), len(translation.source_words))
        np.testing.assert_allclose(translation.attention.sum(axis=1), 1, atol=1e-4)


def test_spelling_and_punctuation_of_strangers(french):
    expected = french.translate(["Jane visite l'Afrique en septembre."])[0].target
    assert expected == "Jane is visiting Africa in September."
    for text in (
        "jane visite l’afrique en septembre.",
        "JANE VISITE L'AFRIQUE EN SEPTEMBRE.",
        "  Jane  visite l'Afrique\nen septembre. ",
    ):
        assert french.translate([text])[0].target == expected
    (open_ended,) = french.translate(["Jane visite l'Afrique en septembre"])
    assert open_ended.target == expected[:-1]
    assert len(open_ended.target_words) == len(open_ended.attention)


@pytest.mark.parametrize("name", ["Gwendoline", "Zébulon"])
def test_an_unknown_name_is_copied_and_named(french, name):
    (translation,) = french.translate([f"{name} visite l'Afrique."])
    assert translation.target == f"{name} is visiting Africa."
    assert "".join(translation.unknown_words) == name


def test_parts_of_an_unknown_word_are_joined_as_in_the_source(french):
    sentence = french._read("Anne-Zoé dort.", "text")
    ids = np.array([Vocabulary.unk_id, Vocabulary.unk_id, Vocabulary.eos_id])
    source = np.array([Vocabulary.unk_id, Vocabulary.unk_id, 5, 6])
    words, is_complete = french._write(sentence, source, ids, np.eye(4))
    assert (detokenize(words), is_complete) == ("Anne-Zoé", True)


def test_two_unknown_names_are_copied_in_their_places(french):
    (translation,) = french.translate(["Gwendoline aime Paris, et Zébulon aime Rome."], beam_width=4)
    assert translation.unknown_words == ("Gwendoline", "Zébulon")
    assert translation.target.index("Gwendoline") < translation.target.index("Zébulon")


# what it is trained on


def test_names_are_copied_where_they_stand_once_on_both_sides():
    pair = TranslationPair("Zoé et Max aiment Max.", "Zoé and Max like Max.")
    assert copied_words(pair) == [(0, 0)]
    assert copied_words(TranslationPair("Il dort.", "He sleeps.")) == []


@pytest.mark.parametrize("language", ["fr", "ko"])
def test_some_training_pairs_have_one_unknown_word_on_both_sides(language):
    pairs = translation_pairs(300, language, seed=1, max_words=12)
    translator = Translator.build(pairs, units=4, recurrent_units=2, decoder_units=4)
    x, y = translator.encode(pairs)
    unknown = [(ids == Vocabulary.unk_id).sum(axis=1) for ids in (x["source"], y)]
    np.testing.assert_array_equal(*unknown)
    assert 10 <= unknown[0].sum() <= 60 and unknown[0].max() == 1
    again, _ = translator.encode(pairs)
    np.testing.assert_array_equal(again["source"], x["source"])


def test_a_share_of_plain_sentences_changes_the_training_part_alone():
    plain, chosen = (
        load_translation_splits(TranslationData("ko", examples=40, plain_share=share), seed=0) for share in (1.0, 0.1)
    )
    assert plain.train != chosen.train
    assert (plain.validation, plain.test) == (chosen.validation, chosen.test)


def test_splits_of_a_file_share_no_target(tmp_path):
    rows = [f"Sentence {number // 3}.\tPhrase {number}." for number in range(120)]
    (tmp_path / "pairs.tsv").write_text("\n".join(rows), encoding="utf-8")
    splits = load_translation_splits(TranslationData(None, file=tmp_path / "pairs.tsv"), seed=0)
    assert sum(map(len, splits)) == 120
    targets = [{pair.target for pair in part} for part in splits]
    assert not targets[0] & targets[1] and not targets[0] & targets[2] and not targets[1] & targets[2]


@pytest.mark.parametrize("count", [10, 11, 25])
def test_ten_different_sentences_are_enough_for_three_parts(tmp_path, count):
    rows = [f"Sentence {number}.\tPhrase {number}.\nSentence {number}.\tMots {number}." for number in range(count)]
    (tmp_path / "pairs.tsv").write_text("\n".join(rows), encoding="utf-8")
    splits = load_translation_splits(TranslationData(None, file=tmp_path / "pairs.tsv"), seed=0)
    assert [len(part) for part in splits] == [2 * (count - 2 * (count // 10)), 2 * (count // 10), 2 * (count // 10)]


def test_a_corpus_that_is_too_small_or_missing_is_refused(tmp_path):
    (tmp_path / "pairs.tsv").write_text("Hello.\tBonjour.\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"at least 10 different English sentences.* Received: 1. Add"):
        load_translation_splits(TranslationData(None, file=tmp_path / "pairs.tsv"), seed=0)
    with pytest.raises(DataError, match="Give one with --data"):
        load_translation_splits(TranslationData(None), seed=0)


def test_empty_and_overlong_sentences_are_refused(french):
    with pytest.raises(DataError, match=r"as text 2\. Received: an empty text"):
        french.translate(["Bonjour.", " "])
    with pytest.raises(DataError, match=r"at most 200 words as text 1\. Received: 300"):
        french.translate(["mot " * 300])
