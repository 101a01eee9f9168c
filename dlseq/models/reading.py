"""What a model reads when a person has typed something."""

import functools
import unicodedata

__all__ = ["as_read"]


def as_read(text: str) -> str:
    """Brings a text into the one form that a model is trained on and sees.

    Unicode composition (NFC), runs of any white space to one space, ends stripped, small letters. A letter whose
    small form is longer than itself stays as it is, so that one character still stands for one.

    Args:
        text: as typed.

    Returns:
        The text as a model reads it, each of whose characters stands for one of the composed original.

    Example:
        >>> as_read("  July\\u00a020th   1969 ")
        'july 20th 1969'
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(map(_small, text))


@functools.cache
def _small(character: str) -> str:
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character
