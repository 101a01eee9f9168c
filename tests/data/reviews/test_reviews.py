"""Drawn reviews and CSV files: stars by an independent reader of the text, splits, determinism, errors."""

import collections
import math
import os
import re
import subprocess
import sys

import pytest

from dlseq.data.reviews import SPLITS, doubtful_texts, read_review_csv, reviews, split_reviews
from dlseq.data.reviews.lexicon import OPINION_WORDS
from dlseq.errors import DataError

# The oracle has a lexicon and rules of its own: it reads the text and knows nothing of the grammar.
LEXICON = """
2 wonderful brilliant superb excellent amazing fantastic outstanding magnificent marvelous perfect splendid stunning
2 terrific exceptional gorgeous love loved adore adored treasure treasured
1 good nice pleasant enjoyable decent solid charming fine likable interesting clever funny lovely neat satisfying
1 like liked enjoy enjoyed appreciate appreciated
-1 bad dull weak boring poor bland tedious disappointing clumsy messy silly tiresome annoying sloppy unpleasant
-1 dislike disliked regret regretted resent resented
-2 terrible awful horrible dreadful atrocious disgusting abysmal unbearable appalling horrendous pathetic disastrous
-2 hideous worthless ghastly hate hated loathe loathed despise despised
0 average ordinary okay mediocre passable unremarkable
"""
VALUES = {word: int(line.split()[0]) for line in LEXICON.strip().splitlines() for word in line.split()[1:]}
BOOSTERS = "very really truly extremely remarkably incredibly"
SHIFTED = {2: 0, 1: -1, 0: 0, -1: 1, -2: 0}
TURNED = {2: -2, 1: -2, 0: 0, -1: 1, -2: 1}


def value_of(clause):
    """Return the value of a clause with one opinion word that counts."""
    words = re.findall(r"[\w']+", clause)
    at = [index for index, word in enumerate(words) if word in VALUES][-1]
    value, before = VALUES[words[at]], " ".join(words[:at])
    if re.search(rf"\b({BOOSTERS.replace(' ', '|')})$", before) and not before.endswith("not really"):
        value = 2 if value > 0 else -2
    before = re.sub(r"^not only that", "", before)
    if re.search(r"\b(nothing|anything but|far from|never|in no way|nobody|no one)\b", before):
        return TURNED[value]
    if re.search(r"\b(not|hardly|scarcely)\b|n't\b", before):
        return SHIFTED[value]
    return value


def value_of_sentence(sentence):
    """Return the value of a sentence, or `None` without an opinion."""
    for expectation in (
        r"^i expected an? [^,]*, but ",
        r"^people had told me [^,]*, and yet ",
        r"^it could .*; instead ",
    ):
        sentence = re.sub(expectation, "", sentence)
    contrasts = (
        r"^although (?P<a>.*), (?P<b>.*)$",
        r"^(?P<b>.*), even though (?P<a>.*)$",
        r"^(?P<a>.*), but (?P<b>.*)$",
    )
    for contrast in (*contrasts, r"^(?P<a>.*); however, (?P<b>.*)$"):
        match = re.match(contrast, sentence)
        if match:
            side, main = value_of(match["a"]), value_of(match["b"])
            return math.trunc(main + side / 2 + (0.5 if main > 0 else -0.5))
    return value_of(sentence) if set(re.findall(r"\w+", sentence)) & VALUES.keys() else None


def stars_by_reading(text):
    """Return the stars of a review from its text alone."""
    sentences = re.split(r"(?<=[.!]) (?=[A-Za-z])", re.sub(r"\b(\w)\. (?=\w)", r"\1 ", text).lower())
    values = [value_of_sentence(sentence.strip(".! ")) for sentence in sentences]
    values = [value for value in values if value is not None]
    mean = sum(values) / len(values)
    return 3 + int(math.copysign(math.floor(abs(mean) + 0.5), mean))


@pytest.fixture(scope="module")
def drawn():
    return {split: reviews(800, split, seed=3) for split in SPLITS}


def test_stars_are_those_of_an_independent_reader(drawn):
    wrong = [
        (review.stars, stars_by_reading(review.text), review.text)
        for split in SPLITS
        for review in drawn[split]
        if stars_by_reading(review.text) != review.stars
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("There is nothing to like in this movie.", 1),
        ("The plot is not bad.", 4),
        ("The plot is not good.", 2),
        ("The plot is not terrible.", 3),
        ("The food was awful, but the service was brilliant.", 4),
        ("Although the food was brilliant, the service was bad.", 3),
        ("I expected a dull film, but it was anything but boring.", 4),
    ],
)
def test_the_reader_agrees_with_readings_by_hand(text, stars):
    assert stars_by_reading(text) == stars


def test_no_review_has_two_numbers_of_stars_or_two_splits(drawn):
    seen = {}
    for split, examples in [*drawn.items(), ("train", reviews(800, seed=4))]:
        for review in examples:
            assert seen.setdefault(review.text, (split, review.stars)) == (split, review.stars)


def combinations(text):
    """Return pairs of a negation and the opinion word that follows it within a few words."""
    text = re.sub(r"n't\b", " not", text.lower()).replace("not only that", "")
    cues = r"not really|not exactly|not|hardly|scarcely|nothing|anything but|far from|never|in no way|nobody|no one"
    found = set()
    for clause in re.split(r"[.,;!]", text):
        words = [word for word in re.findall(r"\w+", clause) if word in VALUES]
        cue = re.search(rf"\b({cues})\b", clause)
        if cue and words:
            word = words[-1]
            found.add((cue[0], re.sub(r"d$", "", word) if word.endswith("ed") else word))
    return found


def test_held_out_combinations_are_in_no_other_split(drawn):
    """Each review of the split has at least one negation with a word that never stand together in training."""
    trained = set().union(*(combinations(review.text) for review in reviews(6000, seed=5)))
    assert len(trained) > 300
    news = [combinations(review.text) - trained for review in drawn["combinations"]]
    assert sum(map(bool, news)) / len(news) > 0.97
    single = {word for _, word in trained}
    assert {word for found in news for _, word in found} <= single | VALUES.keys()


def test_all_stars_and_small_letters_are_drawn(drawn):
    counts = collections.Counter(review.stars for review in drawn["train"])
    assert set(counts) == {1, 2, 3, 4, 5}
    assert min(counts.values()) > 50
    assert 0.1 < sum(review.text.islower() for review in drawn["train"]) / 800 < 0.25


def test_doubtful_texts_have_no_opinion():
    for review in doubtful_texts(300, seed=1):
        assert review.stars is None
        assert not set(re.findall(r"\w+", review.text.lower())) & OPINION_WORDS


def test_a_seed_gives_the_same_reviews_in_another_process():
    program = "from dlseq.data.reviews import reviews as r, doubtful_texts as d; print(r(30, seed=4), d(9, seed=4))"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == f"{reviews(30, seed=4)} {doubtful_texts(9, seed=4)}"
    assert reviews(30, seed=5) != reviews(30, seed=4)


def test_an_unknown_split_is_refused():
    with pytest.raises(DataError, match="Expected one of: train, validation, test, combinations"):
        reviews(3, "dev")


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "mine.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def test_rows_of_a_file_are_read(written):
    found = read_review_csv(
        written('\ufefftext,stars\r\n"Good, not great.",4\r\n\r\nBad,1\r\n"Two\nlines", 2\r\nBad,1\r\n')
    )
    assert [tuple(review) for review in found] == [("Good, not great.", 4), ("Bad", 1), ("Two\nlines", 2)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: Expected the header 'text,stars'. Received: an empty file"),
        ("review,stars\nGood,4\n", "line 1: Expected the header"),
        ("text,stars\n", "Expected rows below the header"),
        ("text,stars\nGood,4\nBad\n", "line 3: Expected 2 columns"),
        ("text,stars\nGood, but dull,4\n", "line 2: Expected 2 columns .* Quote a text"),
        ("text,stars\nGood,6\n", "line 2: Expected stars from 1 to 5. Received: '6'"),
        ("text,stars\nGood,four\n", "line 2: .* Received: 'four'"),
        ("text,stars\n ,4\n", "line 2: Expected a text"),
        ("text,stars\nGood,4\n\nGood,5\n", "line 4: Expected one number of stars .* which has 4 on line 2"),
        ('text,stars\n"Good,4\n', "line 2: Expected CSV"),
        (b"text,stars\nGut,4\nSch\xf6n,5\n", "line 3: .* Received: the byte 0xf6"),
    ],
)
def test_an_error_in_a_file_names_the_line(written, content, message):
    with pytest.raises(DataError, match=message):
        read_review_csv(written(content))


def test_a_small_file_is_refused(written):
    found = read_review_csv(written("text,stars\nGood,4\n"))
    with pytest.raises(DataError, match="at least 10 different reviews"):
        split_reviews(found)
