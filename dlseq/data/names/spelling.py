"""Spelling of names: composed, with single spaces."""

import unicodedata

__all__ = ["compose_name"]


def compose_name(name: str) -> str:
    """Compose a name (Unicode NFC), with single spaces inside and none at the ends.

    Example:
        >>> compose_name(" Bo\\u00a0 Li ")
        'Bo Li'
    """
    return unicodedata.normalize("NFC", " ".join(name.split()))
