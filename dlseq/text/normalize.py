"""Normalization of texts: the form in which models read them."""

import functools
import unicodedata

__all__ = ["compose_text", "normalize_text"]


def compose_text(text: str) -> str:
    """Compose a text (Unicode NFC) and squeeze its white space: single spaces inside, none at the ends.

    Example:
        >>> compose_text("  July\\u00a020th   1969 ")
        'July 20th 1969'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def normalize_text(text: str) -> str:
    """Normalize a text for a model: composed (`compose_text`), in lower case, with ASCII digits.

    Decimal digits of other scripts become 0 to 9. A letter whose lower case is longer than itself is kept. Character
    `t` of the result therefore comes from character `t` of `compose_text(text)`, so that attention weights can be
    drawn over the text as typed.

    Args:
        text: as typed.

    Returns:
        The normalized text, as long as `compose_text(text)`.

    Example:
        >>> normalize_text("  July\\u00a020th   1969 ")
        'july 20th 1969'
        >>> len(normalize_text("İ")), len("İ".lower())
        (1, 2)
        >>> normalize_text("۲۰ ژوئیه ۱۹۶۹")
        '20 ژوئیه 1969'
    """
    text = compose_text(text)
    if text.isascii():
        return text.lower()
    return "".join(map(_normalize_character, text))


@functools.cache
def _normalize_character(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character
