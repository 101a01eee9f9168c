"""BLEU and chrF: values computed by hand, empty translations, invalid arguments."""

import math

import pytest

from dlseq.errors import DlseqError
from dlseq.metrics import TranslationScore, bleu, chrf

SENTENCE = "Jane is visiting Africa in September."


@pytest.fixture(autouse=True)
def _sacrebleu():
    pytest.importorskip("sacrebleu")


def test_bleu_of_a_short_translation_by_hand():
    """Five tokens with the full stop: precisions 5/5, 3/4, 2/3, 1/2; seven tokens in the reference."""
    expected = 100 * math.exp(1 - 7 / 5) * (1 * 3 / 4 * 2 / 3 * 1 / 2) ** (1 / 4)
    assert bleu(["Jane is visiting Africa."], ["Jane is visiting Africa in May."]).value == pytest.approx(expected)


def test_bleu_clips_repeated_words():
    """Of "a b c d a" against "a b c d e" the second a does not count: 4/5, 3/4, 2/3, 1/2."""
    expected = 100 * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** (1 / 4)
    assert bleu(["a b c d a"], ["a b c d e"]).value == pytest.approx(expected)


def test_bleu_adds_the_counts_of_all_sentences():
    """Precisions (5 + 4)/11, (4 + 2)/9, (3 + 0)/7, (2 + 0)/5: not the mean of 100 and the second sentence's score."""
    score = bleu(["a b c d e", "p q x r s z"], ["a b c d e", "p q y r s w"]).value
    assert score == pytest.approx(100 * (9 / 11 * 6 / 9 * 3 / 7 * 2 / 5) ** (1 / 4))


def test_bleu_takes_the_best_of_several_references():
    """Any number of references for each sentence; an n-gram counts as often as in the reference with most of it."""
    references = [["the cat sat there", "a cat lay down there"], "birds sing in old trees"]
    hypotheses = ["a cat lay down there", "birds sing in old trees"]
    assert bleu(hypotheses, references).value == pytest.approx(100)
    assert bleu(hypotheses, ["the cat sat there", references[1]]).value < 90


@pytest.mark.parametrize("text", ["Jane", "Jane sleeps", "Jane sleeps.", SENTENCE])
def test_a_perfect_translation_of_any_length_scores_100(text):
    """Without sacrebleu's effective order a corpus of sentences of three tokens scored 0."""
    assert bleu([text], [text]).value == pytest.approx(100)
    assert chrf([text], [text]).value == pytest.approx(100)


@pytest.mark.parametrize("empty", ["", "   ", "\n"])
def test_an_empty_translation_scores_0(empty):
    assert bleu([empty], [SENTENCE]).value == 0
    assert chrf([empty], [SENTENCE]).value == 0
    assert bleu([empty], [""]).value == chrf([empty], [""]).value == 0


def test_an_empty_translation_costs_its_part_of_a_corpus():
    """Half of the tokens are missing: all precisions are 1, and the brevity penalty is exp(1 - 14/7)."""
    assert bleu(["", SENTENCE], [SENTENCE, SENTENCE]).value == pytest.approx(100 * math.exp(-1))
    assert 0 < chrf(["", SENTENCE], [SENTENCE, SENTENCE]).value < 100


def test_chrf_by_hand():
    """Of "ab" against "ac" half of the characters match and none of the pairs: precision and recall are 1/4."""
    assert chrf(["ab"], ["ac"]).value == pytest.approx(25)


def test_chrf_weighs_recall_twice():
    """All characters of "aab" stand in "aabcdd": P = 1, R = mean of 3/6, 2/5, 1/4; F2 = 5 P R / (4 P + R)."""
    recall = (3 / 6 + 2 / 5 + 1 / 4) / 3
    assert chrf(["aab"], ["aabcdd"]).value == pytest.approx(100 * 5 * recall / (4 + recall))


def test_case_and_tokenizer_are_settings():
    assert bleu(["JANE IS VISITING AFRICA"], ["Jane is visiting Africa"]).value == 0
    assert bleu(["JANE IS VISITING AFRICA"], ["Jane is visiting Africa"], lowercase=True).value == pytest.approx(100)
    assert chrf(["JANE"], ["Jane"]).value < chrf(["JANE"], ["Jane"], lowercase=True).value
    korean = ["제인은 갑니다."], ["제인은 옵니다."]
    assert bleu(*korean, tokenize="char").value > bleu(*korean).value


def test_the_signature_names_the_settings():
    score = bleu([SENTENCE], [SENTENCE], tokenize="intl", lowercase=True)
    assert score.metric == "BLEU" and {"tok:intl", "case:lc", "nrefs:1"} <= set(score.signature.split("|"))
    assert str(score) == f"BLEU 100.0 ({score.signature})"
    assert str(chrf([SENTENCE], [SENTENCE])).startswith("chrF2 100.0 (nrefs:1|case:mixed|")
    assert bleu([SENTENCE], [SENTENCE], tokenize="char").signature != bleu([SENTENCE], [SENTENCE]).signature


@pytest.mark.parametrize("metric", [bleu, chrf])
@pytest.mark.parametrize(
    ("hypotheses", "references", "message"),
    [
        ([], [], "Received: 0 and 0"),
        (["a"], ["a", "b"], "Received: 1 and 2"),
        ("a", ["a"], "`hypotheses`. Expected a list of texts"),
        (["a"], "a", "`references`. Expected a list of texts"),
        (["a", None], ["a", "b"], "at index 1"),
        (["a"], [[]], "at least one reference"),
        (["a"], [["a", 3]], "at index 0"),
    ],
)
def test_other_arguments_are_refused(metric, hypotheses, references, message):
    with pytest.raises(DlseqError, match=message):
        metric(hypotheses, references)


def test_an_unknown_tokenizer_is_refused():
    with pytest.raises(DlseqError, match="Received: 'mecab'"):
        bleu(["a"], ["a"], tokenize="mecab")


def test_a_missing_package_names_the_extra(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DlseqError, match=r"pip install .*\[translation\]"):
        bleu(["a"], ["a"])


def test_scores_compare_by_value():
    assert TranslationScore(50.0, "BLEU", "x") == TranslationScore(50.0, "BLEU", "x")
