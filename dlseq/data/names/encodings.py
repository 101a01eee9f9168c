"""Text encodings of files that are not UTF-8, for error messages."""

import unicodedata

__all__ = ["decode_lines", "guess_encoding"]

BYTE_ORDER_MARKS = {b"\xff\xfe\x00\x00": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}  # the longest first


def decode_lines(content: bytes) -> list[str | None]:
    """Decode the lines of a UTF-8 file without its byte-order mark; `None` for a line of other bytes.

    Example:
        >>> decode_lines(b"Zo\\xc3\\xab\\nJos\\xe9")
        ['Zoë', None]
    """
    lines = []
    for line in content.removeprefix(b"\xef\xbb\xbf").splitlines():
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(None)
    return lines


def guess_encoding(content: bytes) -> str | None:
    """Guess the encoding of a file that is not UTF-8.

    Args:
        content: bytes of the file.

    Returns:
        A name of the encoding; `None` if no guess is likely. UTF-16 without a byte-order mark is recognized by its
        zero bytes, although they are valid UTF-8.

    Example:
        >>> [guess_encoding("Anna\\nJosé".encode(name)) for name in ("utf-16", "utf-16-le", "cp1252", "utf-8")]
        ['UTF-16', 'UTF-16', 'cp1252', None]
    """
    mark = next((mark for mark in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    if mark is not None:
        return BYTE_ORDER_MARKS[mark]
    if b"\0" in content and any(_has_letters(content, name) for name in ("utf-16-le", "utf-16-be")):
        return "UTF-16"
    if None not in decode_lines(content):
        return None
    return next((name for name in ("cp949", "cp1252") if _has_letters(content, name)), None)


def _has_letters(content, encoding):
    """True if the bytes are text in an encoding; in cp949 its characters beyond ASCII are Hangul."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    others = [character for character in text if not character.isascii()]
    if encoding == "cp949" and not all("\uac00" <= character <= "\ud7a3" for character in others):
        return False
    return all(character.isalpha() or character in "’‘“”–\u00a0" for character in others) and not any(
        unicodedata.category(character) == "Cc" for character in text if character not in "\r\n\t"
    )
