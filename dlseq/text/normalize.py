"""What a model reads when a person has typed something."""

import functools
import unicodedata

__all__ = ["as_read", "composed"]


def composed(text: str) -> str:
    """Brings a text into its composed form (NFC), with one space for each run of white space and none at the ends.

    Example:
        >>> composed("  July\\u00a020th   1969 ")
        'July 20th 1969'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def as_read(text: str) -> str:
    """Brings a text into the one form that a model is trained on and sees: composed, in small letters, with
    ASCII digits.

    Decimal digits of other scripts become 0 to 9. A letter whose small form is longer than itself stays as it is. So
    character `t` of what is read is character `t` of `composed(text)`, and attention can be shown on what was typed.

    Args:
        text: as typed.

    Returns:
        The text as a model reads it, as long as `composed(text)`.

    Example:
        >>> as_read("  July\\u00a020th   1969 ")
        'july 20th 1969'
        >>> len(as_read("İ")), len("İ".lower())
        (1, 2)
        >>> as_read("۲۰ ژوئیه ۱۹۶۹")
        '20 ژوئیه 1969'
    """
    text = composed(text)
    if text.isascii():
        return text.lower()
    return "".join(map(_letter_as_read, text))


@functools.cache
def _letter_as_read(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character
