"""Generator of reviews with stars, reproducible by seed."""

import random
import zlib
from typing import NamedTuple

from dlseq.data.entities.words import ordinary_words
from dlseq.data.reviews.grammar import ReviewWriter
from dlseq.data.reviews.lexicon import DOMAINS, OPINION_WORDS
from dlseq.data.reviews.meanings import Opinion, stars_of
from dlseq.errors import DataError

__all__ = ["SPLITS", "Review", "doubtful_texts", "is_held_out", "reviews"]

SPLITS = ("train", "validation", "test", "combinations")
COMBINATIONS_PER_HELD_OUT = 7
TEXTS_PER_HELD_OUT = 10
MAX_FRUITLESS_DRAWS = 5_000


class Review(NamedTuple):
    """Text with its stars.

    Args:
        text: the review.
        stars: 1 to 5, or `None` for a text that has no opinion.
    """

    text: str
    stars: int | None


def is_held_out(opinion: Opinion) -> bool:
    """Return whether a negation and a word stand together in the split "combinations" only, by a hash of both.

    Example:
        >>> is_held_out(Opinion("good", 1))
        False
    """
    both = f"{opinion.negation} {opinion.word}"
    return bool(opinion.negation) and zlib.crc32(both.encode("utf-8")) % COMBINATIONS_PER_HELD_OUT == 0


def reviews(n: int, split: str = "train", *, seed: int = 0) -> list[Review]:
    """Draw different reviews.

    A review has one or two statements and up to two sentences without an opinion, with names of people and places. In
    one of six, all is in small letters.

    Args:
        n: number of reviews.
        split: "train", "validation" or "test", among which texts are divided by a hash; or "combinations", in which
            each review has a negation with a word that never stand together in the other splits.
        seed: of the draw; the same seed gives the same reviews on any day.

    Raises:
        DataError: An unknown split, or too few different reviews.

    Example:
        >>> sorted({review.stars for review in reviews(100)})
        [1, 2, 3, 4, 5]
    """
    if split not in SPLITS:
        raise DataError(f"Invalid value for argument `split`. Expected one of: {', '.join(SPLITS)}. Received: {split}.")
    rng = random.Random(f"{seed} {split}")
    writer = ReviewWriter(rng, "test" if split == "combinations" else split)
    found, fruitless = {}, 0
    while len(found) < n:
        text, stars, held_out = _draw(rng, writer)
        fits = held_out if split == "combinations" else not held_out and _split_of(text) == split
        fruitless = 0 if fits and text not in found else fruitless + 1
        if fits:
            found.setdefault(text, stars)
        if fruitless == MAX_FRUITLESS_DRAWS:
            raise DataError(f"Expected {n} different reviews. Received: {len(found)}. Ask for fewer.")
    return [Review(text, stars) for text, stars in found.items()]


def doubtful_texts(n: int, *, seed: int = 0) -> list[Review]:
    """Draw different texts without an opinion: neutral sentences, ordinary words, letters.

    Example:
        >>> {review.stars for review in doubtful_texts(20)}
        {None}
    """
    rng = random.Random(f"{seed} doubt")
    writer = ReviewWriter(rng, "train")
    words = [word for word in ordinary_words("en") if word.lower() not in OPINION_WORDS]
    found = {}
    while len(found) < n:
        form = rng.random()
        if form < 0.4:
            text = _sentence(writer.neutral(rng.choice(sorted(DOMAINS))))
        elif form < 0.7:
            text = _sentence(" ".join(rng.choice(words) for _ in range(rng.randrange(1, 12))))
        else:
            text = " ".join(_letters(rng) for _ in range(rng.randrange(1, 10)))
        found.setdefault(text)
    return [Review(text, None) for text in found]


def _letters(rng):
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyzäéøßжщ漢語한") for _ in range(rng.randrange(2, 9)))


def _draw(rng, writer):
    """Return a text, its stars, and whether it has a held-out combination."""
    domain = rng.choice(sorted(DOMAINS))
    statements = [writer.statement(domain) for _ in range(1 if rng.random() < 0.6 else 2)]
    sentences = [_sentence(statement.text, rng) for statement in statements]
    for _ in range(rng.choice((0, 0, 1, 2))):
        sentences.insert(rng.randrange(len(sentences) + 1), _sentence(writer.neutral(domain)))
    text = " ".join(sentences)
    text = text.lower() if rng.random() < 1 / 6 else text
    opinions = [opinion for statement in statements for opinion in statement.opinions]
    return text, stars_of([statement.value for statement in statements]), any(map(is_held_out, opinions))


def _sentence(text, rng=None):
    end = "!" if rng is not None and rng.random() < 0.1 else "."
    return text[0].upper() + text[1:] + end


def _split_of(text):
    bucket = zlib.crc32(text.lower().encode("utf-8")) % TEXTS_PER_HELD_OUT
    return ("test", "validation")[bucket] if bucket < 2 else "train"
