"""Translation pairs with gold word alignment, drawn by a seed, and their splits."""

import dataclasses
import functools
import re
import zlib
from collections.abc import Iterator

import numpy as np

from dlseq.data.translations.context import has_contextual_words
from dlseq.data.translations.grammar import WORDS_PER_CLAUSE, draw_meaning
from dlseq.data.translations.meanings import Clause, Complement, Join, Meaning, NounPhrase, Place, Predicate
from dlseq.data.translations.renderers.english import render_english
from dlseq.data.translations.renderers.french import render_french
from dlseq.data.translations.renderers.korean import render_korean
from dlseq.data.translations.renderers.rendering import Rendered
from dlseq.errors import DataError

__all__ = ["LANGUAGES", "SPLITS", "TranslationPair", "compositions_of", "pair_of", "split_words", "translation_pairs"]

RENDERERS = {"fr": render_french, "ko": render_korean}
LANGUAGES = tuple(RENDERERS)
"""Source languages; the target is English."""

SPLITS = ("train", "validation", "test", "compositions")
"""Splits of the corpus: "compositions" holds pairs of words that never stand together in the other three."""

HELD_OUT_SENTENCES = 20  # one source of so many goes to validation, one to test
MAX_FRUITLESS_DRAWS = 5_000
HELD_OUT_COMPOSITIONS = 25  # one pair of words of so many goes to the split "compositions"
WORD = re.compile(r"\w+(?:['’](?=\w))?|-\w+|[^\w\s]")


@dataclasses.dataclass(frozen=True)
class TranslationPair:
    """A sentence and its English translation.

    Attributes:
        source: the sentence in the source language.
        target: the English sentence.
        alignment: pairs (position of a target word, position of a source word) that express the same part of the
            meaning, for words as `split_words` gives them. Articles without a counterpart have no pair.
    """

    source: str
    target: str
    alignment: frozenset[tuple[int, int]] = frozenset()


def split_words(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each word and punctuation mark; an elided French word ends with its apostrophe.

    Example:
        >>> text = "Jane visite l'Afrique."
        >>> [text[start:end] for start, end in split_words(text)]
        ['Jane', 'visite', "l'", 'Afrique', '.']
    """
    return [match.span() for match in WORD.finditer(text)]


def pair_of(meaning: Meaning, language: str = "fr") -> TranslationPair:
    """Return the pair of sentences that express a meaning.

    Args:
        meaning: a meaning of `dlseq.data.translations.meanings`.
        language: "fr" or "ko", the source language.

    Example:
        >>> from dlseq.data.translations.meanings import Person, Time
        >>> visit = Predicate("visit", object=Place("Africa"), time=Time("September", "in"))
        >>> pair = pair_of(Clause(Person("Jane"), (visit,), ("present",)))
        >>> pair.source, pair.target
        ("Jane visite l'Afrique en septembre.", 'Jane is visiting Africa in September.')
    """
    source, target = RENDERERS[language](meaning), render_english(meaning)
    return TranslationPair(source.text, target.text, _alignment(source, target))


def translation_pairs(
    n: int,
    language: str = "fr",
    *,
    split: str = "train",
    seed: int = 0,
    min_words: int = 3,
    max_words: int = 30,
    plain_share: float = 1.0,
) -> list[TranslationPair]:
    """Draw different translation pairs.

    The lengths of the target are spread evenly between `min_words` and `max_words`, as far as the grammar has
    sentences of a length. A source text belongs to one split, whatever the seed.

    Args:
        n: number of pairs, at least 1.
        language: "fr" or "ko", the source language.
        split: one of `SPLITS`.
        seed: of the draw; the same arguments give the same pairs.
        min_words, max_words: bounds on the words of the target, punctuation included.
        plain_share: Share kept of the drawn sentences without words that only their context decides, such as "his" or
            "her", see `has_contextual_words`. Less than 1 gives more sentences with such words. Defaults to `1.0`.

    Raises:
        DataError: an unknown language or split, a share out of range, or bounds within which too few sentences are
            found.

    Example:
        >>> pair = translation_pairs(1, "fr", seed=1, max_words=6)[0]
        >>> len(split_words(pair.target)) <= 6
        True
    """
    if language not in RENDERERS:
        raise DataError(f"Invalid value for argument `language`. Expected one of {LANGUAGES}. Received: {language!r}")
    if split not in SPLITS:
        raise DataError(f"Invalid value for argument `split`. Expected one of {SPLITS}. Received: {split!r}")
    if not 3 <= min_words <= max_words:
        raise DataError(
            "Invalid value for arguments `min_words` and `max_words`. Expected 3 <= min_words <= max_words. "
            f"Received: min_words={min_words}, max_words={max_words}"
        )
    if not 0 < plain_share <= 1:
        raise DataError(
            "Invalid value for argument `plain_share`. Expected a number above 0 and at most 1. Received: "
            f"{plain_share!r}"
        )
    found: dict[str, TranslationPair] = {}
    fruitless = 0
    for pair in _draw(language, split, seed, min_words, max_words, plain_share):
        fruitless = fruitless + 1 if pair is None or pair.source in found else 0
        if pair is not None:
            found.setdefault(pair.source, pair)
        if len(found) == n:
            return list(found.values())
        if fruitless == MAX_FRUITLESS_DRAWS:
            break
    raise DataError(
        f"Found {len(found)} different sentences of {min_words} to {max_words} words in split {split!r}. "
        f"Expected: {n}. Ask for fewer, or widen the bounds."
    )


def _draw(language, split, seed, min_words, max_words, plain_share) -> Iterator[TranslationPair | None]:
    """Draw without end; None stands for a sentence outside of the split or the bounds."""
    rng = np.random.default_rng([seed, SPLITS.index(split)])
    while True:
        words = int(rng.integers(min_words, max_words + 1))
        meaning = draw_meaning(rng, max(1, round(words / WORDS_PER_CLAUSE)))
        if plain_share < 1 and not has_contextual_words(meaning, language) and rng.random() >= plain_share:
            continue
        if (split == "compositions") != any(map(_is_held_out, compositions_of(meaning))):
            yield None
            continue
        target = render_english(meaning)
        spans = split_words(target.text)
        if not min_words <= len(spans) <= max_words:
            yield None
            continue
        source = RENDERERS[language](meaning)
        if split != "compositions" and _split_of(source.text) != split:
            yield None
            continue
        yield TranslationPair(source.text, target.text, _alignment(source, target))


@functools.cache
def _is_held_out(composition):
    return zlib.crc32(" ".join(composition).encode()) % HELD_OUT_COMPOSITIONS == 0


def _split_of(source):
    bucket = zlib.crc32(source.encode()) % HELD_OUT_SENTENCES
    return {0: "test", 1: "validation"}.get(bucket, "train")


def _alignment(source: Rendered, target: Rendered) -> frozenset[tuple[int, int]]:
    words_by_key: dict[str, set[int]] = {}
    for index, keys in enumerate(_keys_of_words(source)):
        for key in keys:
            words_by_key.setdefault(key, set()).add(index)
    return frozenset(
        (row, column)
        for row, keys in enumerate(_keys_of_words(target))
        for key in keys
        for column in words_by_key.get(key, ())
    )


def _keys_of_words(rendered):
    """The parts of the meaning that each word expresses."""
    return [
        frozenset().union(*(keys for first, last, keys in rendered.spans if first < end and start < last))
        for start, end in split_words(rendered.text)
    ]


def compositions_of(meaning) -> set[tuple[str, str]]:
    """Return the pairs of words whose combination can be held out: verb with noun or place, adjective with noun.

    Example:
        >>> from dlseq.data.translations.meanings import Person
        >>> visit = Predicate("visit", object=Place("Africa"))
        >>> compositions_of(Clause(Person("Jane"), (visit,), ("past",)))
        {('visit', 'Africa')}
    """
    if isinstance(meaning, Join):
        return compositions_of(meaning.left) | compositions_of(meaning.right)
    if isinstance(meaning, Complement):
        return compositions_of(meaning.clause)
    if isinstance(meaning, Clause):
        own = _in_noun_phrase(meaning.subject)
        return own.union(*(_in_predicate(predicate) for predicate in meaning.predicates))
    raise DataError(f"Expected a meaning. Received: {meaning!r:.60}")


def _in_predicate(predicate: Predicate):
    thing = predicate.object
    found = _in_noun_phrase(thing)
    if isinstance(thing, NounPhrase):
        found |= {(predicate.verb, thing.noun)}
    if isinstance(thing, Place):
        found |= {(predicate.verb, thing.name)}
    return found | (_in_predicate(predicate.infinitive) if predicate.infinitive is not None else set())


def _in_noun_phrase(thing):
    if not isinstance(thing, NounPhrase):
        return set()
    found = {(adjective, thing.noun) for adjective in thing.adjectives}
    if thing.relative is not None:
        found |= _in_predicate(thing.relative.predicate)
        if thing.relative.subject is not None:
            found |= {(thing.relative.predicate.verb, thing.noun)}
    return found
