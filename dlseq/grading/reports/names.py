"""Comparison of students' names: spellings of one name are equal, names of two people are not."""

import itertools
import unicodedata

__all__ = ["joined_orders", "name_forms", "name_key", "name_words"]

MAX_PERMUTED_WORDS = 5  # of a name; longer names are joined in rotations alone
_JOINERS = str.maketrans("", "", "-'’‘`´ʼʻ‐‑·.")


def name_key(text: str) -> str:
    """Return a text without case, accents, spaces and punctuation.

    Example:
        >>> name_key("Lovelace, Ada"), name_key("zoë_o'brien"), name_key("王 小明")
        ('lovelaceada', 'zoeobrien', '王小明')
    """
    return "".join(name_words(text))


def name_words(text: str) -> list[str]:
    """Split a name into words without case and accents.

    Marks that are letters of their own, such as vowel signs, stay, and so do bytes in an unknown encoding.

    Example:
        >>> name_words("O'Brien, Zoë"), name_words("Ren\\udce9")
        (['o', 'brien', 'zoe'], ['ren\\udce9'])
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = (letter for letter in folded if not "\u0300" <= letter <= "\u036f")
    kept = (letter if _belongs_to_a_word(letter) else " " for letter in letters)
    return [unicodedata.normalize("NFKC", word) for word in "".join(kept).split()]


def name_forms(text: str) -> frozenset[tuple[str, ...]]:
    """Return the words of a name in alphabetical order, with the parts of a compound word apart and together.

    Two names are spellings of one if they share a form: "Jean-Luc Picard", "picard, jean luc" and "Picard JeanLuc".

    Example:
        >>> sorted(name_forms("O'Brien, Zoë"))
        [('brien', 'o', 'zoe'), ('obrien', 'zoe')]
    """
    forms = (tuple(sorted(name_words(spelling))) for spelling in (text, text.translate(_JOINERS)))
    return frozenset(filter(None, forms))


def joined_orders(text: str) -> frozenset[str]:
    """Return the words of a name joined in every order, as in Canvas's "lovelaceada".

    Example:
        >>> sorted(joined_orders("Lovelace, Ada"))
        ['adalovelace', 'lovelaceada']
    """
    words = name_words(text)
    if len(words) > MAX_PERMUTED_WORDS:
        orders = [words[start:] + words[:start] for start in range(len(words))]
    else:
        orders = itertools.permutations(words)
    return frozenset("".join(order) for order in orders) - {""}


def _belongs_to_a_word(letter):
    return unicodedata.category(letter)[0] in "LMN" or letter == "\ufffd" or "\ud800" <= letter <= "\udfff"
