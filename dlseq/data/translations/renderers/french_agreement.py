"""French agreement: determiners, adjectives and elision."""

from collections.abc import Iterable

from dlseq.data.translations.lexicon import ADJECTIVES, NOUNS, NUMBERS
from dlseq.data.translations.lexicon.places import VOWELS
from dlseq.data.translations.meanings import NounPhrase
from dlseq.data.translations.renderers.rendering import Piece

__all__ = ["adjective", "determiner", "elide", "is_vowel"]

POSSESSIVES = {
    "my": ("mon", "ma", "mes"),
    "his": ("son", "sa", "ses"),
    "her": ("son", "sa", "ses"),
    "our": ("notre", "notre", "nos"),
    "your": ("votre", "votre", "vos"),
    "their": ("leur", "leur", "leurs"),
}
ELIDED = {
    "je": "j'",
    "ne": "n'",
    "de": "d'",
    "me": "m'",
    "que": "qu'",
    "parce que": "parce qu'",
    "la": "l'",
    "le": "l'",
}


def is_vowel(text: str) -> bool:
    """Return True if a word begins with a vowel or a mute h, as every h in the lexicon is."""
    return text[:1].lower() in VOWELS


def elide(pieces: Iterable[Piece]) -> list[Piece]:
    """Elide je, ne, de, me, que, le and la before a vowel."""
    pieces = [piece for piece in pieces if piece.text]
    done = []
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        elided = ELIDED.get(piece.text)
        if elided and following is not None and is_vowel(following.text):
            piece = Piece(elided, piece.keys, "right")
        done.append(piece)
    return done


def determiner(phrase: NounPhrase, following: str, adjective_first: bool, negated: bool, key: str) -> list[Piece]:
    """Return the determiner of a noun phrase.

    Args:
        phrase: the noun phrase.
        following: the word after the determiner.
        adjective_first: True if that word is an adjective, before which "des" becomes "de".
        negated: True for the object of a negated verb, where "un" becomes "de".
        key: the part of the meaning that the determiner expresses.
    """
    entry = NOUNS[phrase.noun]
    vowel = is_vowel(following)
    kind = phrase.determiner
    if kind == "number":
        return [Piece(NUMBERS[phrase.number][1], frozenset({key}))]
    if kind == "many":
        return [Piece("beaucoup", frozenset({key})), Piece("de", frozenset({key}))]
    if kind == "a":
        if negated or (phrase.plural and adjective_first):
            return [Piece("de", frozenset({key}))]
        return [Piece("des" if phrase.plural else "une" if entry.feminine else "un", frozenset({key}))]
    if kind == "the":
        return [Piece("les" if phrase.plural else "la" if entry.feminine else "le", frozenset({key}))]
    if kind in ("this", "that"):
        singular = "cette" if entry.feminine else "cet" if vowel else "ce"
        return [Piece("ces" if phrase.plural else singular, frozenset({key}))]
    masculine, feminine, plural = POSSESSIVES[kind]
    return [
        Piece(plural if phrase.plural else feminine if entry.feminine and not vowel else masculine, frozenset({key}))
    ]


def adjective(name: str, feminine: bool, plural: bool, following: str = "") -> str:
    """Return the form of an adjective; `following` is the word after it where it stands before a noun.

    Example:
        >>> adjective("new", False, False, "hôpital"), adjective("beautiful", False, True)
        ('nouvel', 'beaux')
    """
    masculine, form = ADJECTIVES[name].french
    if not feminine:
        special = {"beau": "bel", "nouveau": "nouvel", "vieux": "vieil"}
        form = special.get(masculine, masculine) if following and not plural and is_vowel(following) else masculine
    if not plural or form.endswith(("s", "x")):
        return form
    return form + ("x" if form.endswith("eau") else "s")
