"""Words of sentences as a translator reads and writes them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dlseq.data.translations import split_words
from dlseq.tasks.translation.korean import verb_forms

__all__ = [
    "GLUE",
    "Speller",
    "Word",
    "detokenize",
    "mid_sentence_words",
    "shown",
    "source_words",
    "target_words",
    "truecase",
]

GLUE = "\N{WORD JOINER}"
"""Prefix of a target word that no space separates from the one before it."""

APOSTROPHES = str.maketrans("‘’ʼ＇", "''''")

# The longest particle comes first. A word that only ends like one is split as well: that is the same in all sentences.
KOREAN_WORD = re.compile(
    r"([0-9]*[가-힣]+?)(에서부터|에서는|에게서|으로|에서|에게|까지|부터|하고|처럼|보다|은|는|이|가|을|를|에|로|와|과|의|도|만)"
)

FINAL_LETTERS = "ㄴㄹㅆ"  # with which an ending begins within a syllable


class Word(NamedTuple):
    """A word, particle or punctuation mark, and the place in the text that it was read from."""

    text: str
    start: int
    end: int


def source_words(text: str) -> list[Word]:
    """Split a sentence into the words that a translator reads.

    Typographic apostrophes become "'", letters and accents one character. An elided French word ends with its
    apostrophe; a Korean particle is a word of its own, and so is the ending of a verb that the lexicon knows. Its stem
    is that of the dictionary. An ending that is part of a syllable has the place of that syllable.

    Example:
        >>> [word.text for word in source_words("Jane visite l’Afrique.")]
        ['Jane', 'visite', "l'", 'Afrique', '.']
        >>> [word.text for word in source_words("제인은 아프리카를 방문하고 있어요.")]
        ['제인', '은', '아프리카', '를', '방문하', '고', '있', '요', '.']
    """
    text = unicodedata.normalize("NFC", text).translate(APOSTROPHES)
    words = []
    for start, end in split_words(text):
        if (form := verb_forms().get(text[start:end])) is not None:
            stem, ending = form
            border = end - (len(ending) - (ending[0] in FINAL_LETTERS))  # after the last syllable of the stem
            words += [Word(stem, start, border), Word(ending, min(border, end - 1), end)]
            continue
        particle = KOREAN_WORD.fullmatch(text, start, end)
        places = [(start, end)] if particle is None else [particle.span(1), particle.span(2)]
        words += [Word(text[first:last], first, last) for first, last in places]
    return words


def target_words(text: str) -> list[str]:
    """Split a sentence into the words that a translator writes; `detokenize` joins them again.

    Example:
        >>> [word.replace(GLUE, "_") for word in target_words("Isn't it?")]
        ["Isn'", '_t', 'it', '_?']
    """
    text = unicodedata.normalize("NFC", text).translate(APOSTROPHES)
    spans = split_words(text)
    ends = [-1, *(end for _, end in spans)]
    return [
        (GLUE if start == before else "") + text[start:end] for (start, end), before in zip(spans, ends, strict=False)
    ]


def detokenize(words: Iterable[str]) -> str:
    """Join the words of `target_words`; the first letter becomes a capital.

    Example:
        >>> detokenize(target_words("it is, isn't it?"))
        "It is, isn't it?"
    """
    text = "".join(shown(word) if word.startswith(GLUE) else f" {word}" for word in words).strip()
    return text[:1].upper() + text[1:]


def shown(word: str) -> str:
    """Return a target word as its reader sees it."""
    return word.removeprefix(GLUE)


def mid_sentence_words(sentences: Iterable[Sequence[str]]) -> set[str]:
    """Return all words but the first ones of sentences, which have a capital letter for that reason alone."""
    return {word for words in sentences for word in words[1:]}


def truecase(words: Sequence[str], known) -> list[str]:
    """Write the first word of a sentence in lower case, if it is known in lower case.

    Args:
        words: Words of a sentence.
        known: Container of words as they are written within sentences.

    Example:
        >>> truecase(["The", "cat"], {"the", "cat"}), truecase(["Jane", "sleeps"], {"sleeps", "Jane"})
        (['the', 'cat'], ['Jane', 'sleeps'])
    """
    return [word.lower() if place == 0 and word.lower() in known else word for place, word in enumerate(words)]


class Speller:
    """Finds the spelling of a word that a vocabulary has: other case, or accents that were left out.

    Args:
        known: Words of the vocabulary.

    Example:
        >>> speller = Speller(["été", "Jane", "le"])
        >>> [speller(word) for word in ("ETE", "jane", "Le", "Timbuktu")]
        ['été', 'Jane', 'le', None]
    """

    def __init__(self, known: Iterable[str]):
        self.known = frozenset(known)
        self._by_letters: dict[str, set[str]] = {}
        for word in self.known:
            self._by_letters.setdefault(_letters(word), set()).add(word)

    def __call__(self, word: str) -> str | None:
        """Return the known spelling, or `None` if there is none, or more than one."""
        for spelling in (word, word.lower(), word.capitalize()):
            if spelling in self.known:
                return spelling
        similar = self._by_letters.get(_letters(word), ())
        return next(iter(similar)) if len(similar) == 1 else None


def _letters(word):
    """Return a word in lower case without accents. Hangul syllables keep their letters."""
    parts = unicodedata.normalize("NFD", word.lower())
    kept = "".join(sign for sign in parts if unicodedata.category(sign) != "Mn")
    return unicodedata.normalize("NFC", kept).replace("œ", "oe").replace("æ", "ae")
