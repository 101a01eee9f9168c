"""Properties of the drawn corpus: determinism, one translation a source, splits, gold alignment."""

import collections
import itertools
import subprocess
import sys

import pytest

from dlseq.data.translations import LANGUAGES, TranslationPair, split_words, translation_pairs
from dlseq.data.translations.lexicon import ADJECTIVES, NOUNS, PEOPLE
from dlseq.data.translations.lexicon.verbs import VERBS
from dlseq.data.translations.pairs import SPLITS
from dlseq.data.translations.tsv_file import read_translation_tsv
from dlseq.errors import DataError


@pytest.fixture(scope="module", params=LANGUAGES)
def corpus(request):
    """Pairs of each split in one language."""
    sizes = {"train": 1000, "validation": 50, "test": 50, "compositions": 150}
    return {split: translation_pairs(sizes[split], request.param, split=split, seed=3) for split in SPLITS}


def words(text):
    return [text[start:end] for start, end in split_words(text)]


def test_a_seed_gives_the_same_pairs_in_another_process():
    program = "from dlseq.data.translations import translation_pairs as t; print(t(5, 'ko', seed=4))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    pairs = translation_pairs(5, "ko", seed=4)
    assert [pair.source in done.stdout for pair in pairs] == [True] * 5
    assert translation_pairs(5, "ko", seed=5) != pairs


def test_no_source_has_two_translations(corpus):
    targets = collections.defaultdict(set)
    for pair in itertools.chain(*corpus.values()):
        targets[pair.source].add(pair.target)
    assert [source for source, found in targets.items() if len(found) > 1] == []


def test_no_source_stands_in_two_splits(corpus):
    seen = [pair.source for pairs in corpus.values() for pair in pairs]
    assert len(seen) == len(set(seen))


def test_other_splits_are_the_same_for_every_seed(corpus):
    language = "ko" if "가" <= corpus["train"][0].source[0] <= "힣" else "fr"
    again = translation_pairs(300, language, split="train", seed=11)
    held_out = {pair.source for split in ("validation", "test", "compositions") for pair in corpus[split]}
    assert not held_out & {pair.source for pair in again}


@pytest.mark.parametrize("bounds", [(3, 8), (20, 30), (61, 80)])
def test_lengths_lie_within_the_bounds(bounds):
    pairs = translation_pairs(40, "fr", seed=1, min_words=bounds[0], max_words=bounds[1])
    assert all(bounds[0] <= len(words(pair.target)) <= bounds[1] for pair in pairs)


def test_content_words_are_aligned(corpus):
    """Names, numbers and places have a counterpart in every pair; nearly all other content words do."""
    aligned = total = 0
    for pair in corpus["train"][:500]:
        rows = {row for row, _ in pair.alignment}
        for row, word in enumerate(words(pair.target)):
            if word in PEOPLE:
                assert row in rows, pair
            if word.lower() in (*NOUNS, *ADJECTIVES):
                total += 1
                aligned += row in rows
    assert aligned / total > 0.99


def test_a_name_is_aligned_with_itself():
    for pair in translation_pairs(200, "fr", seed=2):
        target, source = words(pair.target), words(pair.source)
        for row, column in pair.alignment:
            if target[row] in PEOPLE:
                assert source[column] == target[row]


def test_the_vocabulary_is_that_of_a_phrase_book():
    seen = collections.defaultdict(set)
    for language in LANGUAGES:
        for pair in translation_pairs(2500, language, seed=1, max_words=20):
            seen[language] |= set(words(pair.source.lower()))
            seen["en"] |= set(words(pair.target.lower()))
    assert all(len(vocabulary) >= 500 for vocabulary in seen.values()), {k: len(v) for k, v in seen.items()}
    assert len(VERBS) >= 60


@pytest.mark.parametrize("table", [NOUNS, ADJECTIVES])
@pytest.mark.parametrize("language", ["french", "korean"])
def test_no_two_entries_share_their_translation(table, language):
    forms = [getattr(entry, language) for entry in table.values()]
    first = [form if isinstance(form, str) else form[0] for form in forms]
    assert [form for form, count in collections.Counter(first).items() if count > 1] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"language": "de"}, "Expected one of .*fr.*Received: 'de'"),
        ({"split": "tests"}, "Expected one of .*compositions"),
        ({"min_words": 9, "max_words": 8}, "min_words <= max_words"),
        ({"plain_share": 0}, r"`plain_share`. Expected a number above 0 and at most 1. Received: 0"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(DataError, match=message):
        translation_pairs(**{"n": 1, **arguments})


def test_fewer_plain_sentences_give_more_with_words_of_the_context():
    def share_of_owners(**options):
        pairs = translation_pairs(400, "fr", seed=6, max_words=12, **options)
        return sum(not {"his", "her"}.isdisjoint(words(pair.target)) for pair in pairs) / len(pairs)

    before, after = share_of_owners(), share_of_owners(plain_share=0.1)
    assert after > 4 * before > 0


def test_bounds_with_too_few_sentences_are_refused(monkeypatch):
    monkeypatch.setattr("dlseq.data.translations.pairs.MAX_FRUITLESS_DRAWS", 20)
    with pytest.raises(DataError, match=r"Found \d+ different sentences of 3 to 3 words.*Expected: 500"):
        translation_pairs(500, max_words=3)


def test_a_tatoeba_file_is_read(tmp_path):
    path = tmp_path / "fra.txt"
    path.write_bytes("\ufeffGo.\tVa !\tCC-BY 2.0 #1\r\n\nHi.\tSalut !\r\nHello.\tSalut !\n".encode())
    assert read_translation_tsv(path) == [TranslationPair("Va !", "Go."), TranslationPair("Salut !", "Hi.")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Go.\tVa !\nHi.\n", r"line 2: expected the English sentence.*Received 1 columns"),
        (b"Go.\t\n", "line 1: expected"),
        (b"a\tb\tc\td\n", "Received 4 columns"),
        (b"Go.\tVa\n\xff\tx\n", "line 2: expected UTF-8. Received the byte 0xff"),
        (b"\n\n", "at least one pair"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path, content, message):
    path = tmp_path / "bad.tsv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_translation_tsv(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"Cannot read .*nothing\.tsv: No such file"):
        read_translation_tsv(tmp_path / "nothing.tsv")
