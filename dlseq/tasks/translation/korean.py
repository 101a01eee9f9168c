"""Forms of Korean verbs and adjectives, cut into stem and ending."""

import functools
import unicodedata

from dlseq.data.translations.lexicon import ADJECTIVES
from dlseq.data.translations.lexicon.verbs import COMPLEMENT_VERBS, VERBS
from dlseq.data.translations.renderers.korean_verbs import KoreanVerb

__all__ = ["verb_forms"]

AUXILIARIES = (("있", "있어", ""), ("없", "없어", ""), ("않", "않아", ""), ("싶", "싶어", ""), ("하", "해", ""))
TENSES = ("present", "past", "future")
ENDINGS = ("polite", "and", "but", "because", "when", "quote", "adnominal")
LINKS = ("고", "지", "기", "기를", "기로", "는 것을", "ㄹ", "야", "려고")
FINALS = str.maketrans({"\u11ab": "ㄴ", "\u11af": "ㄹ", "\u11bb": "ㅆ"})
"""Letters at the end of a syllable, as they are written alone."""


@functools.cache
def verb_forms() -> dict[str, tuple[str, str]]:
    """Return the dictionary stem and the ending of each form of the verbs and adjectives of the lexicon.

    A verb has some twenty forms, and most are rare. With the stem as a word of its own, all of them have one embedding.
    An ending of one letter, or one that begins with a letter, belongs to the last syllable of the form. Forms of two
    verbs, such as 산 of 사다 and of 살다, are left out.

    Example:
        >>> [verb_forms()[form] for form in ("가르치고", "가르칠", "가르쳤다고", "방문해요")]
        [('가르치', '고'), ('가르치', 'ㄹ'), ('가르치', 'ㅆ다고'), ('방문하', '요')]
        >>> "산" in verb_forms()
        False
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for bases, options in _entries():
        verb = KoreanVerb(*bases, **options)
        texts = [verb.conjugate(tense, ending) for tense in TENSES for ending in ENDINGS]
        texts += [verb.before_infinitive(link) for link in LINKS]
        for form in {text.split()[0] for text in texts}:
            found.setdefault(form, set()).add((verb.stem, _ending(form, (verb.stem, verb.infinitive, verb.modified))))
    return {form: next(iter(cuts)) for form, cuts in found.items() if len(cuts) == 1 and next(iter(cuts))[1]}


def _entries():
    """Yield the bases and options of each `KoreanVerb`; of several words, such as 미소 짓다, those of the last."""
    for entry in (*VERBS.values(), *COMPLEMENT_VERBS.values()):
        yield _last_words(entry.korean), {"descriptive": entry.korean[0].endswith("있")}
    for bases in AUXILIARIES:
        yield bases, {"descriptive": True}
    for entry in ADJECTIVES.values():
        attribute, stem, infinitive = entry.korean
        modified = "" if stem.endswith("있") else attribute[:-1] + chr(ord(attribute[-1]) - 4)  # without its final ㄴ
        yield _last_words((stem, infinitive, modified)), {"descriptive": True, "attribute": attribute.split()[-1]}


def _last_words(texts):
    return tuple(text.split()[-1] if text else "" for text in texts)


def _ending(form, bases):
    """Return what follows the longest of the bases that a form begins with."""
    letters = unicodedata.normalize("NFD", form)
    decomposed = [unicodedata.normalize("NFD", base) for base in bases]
    longest = max((len(base) for base in decomposed if letters.startswith(base)), default=len(letters))
    return unicodedata.normalize("NFC", letters[longest:]).translate(FINALS)
