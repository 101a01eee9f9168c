"""Names and messages that came from a submission, made fit for any file: one line, no terminal codes, no overrides."""

import re
import unicodedata

__all__ = ["clean", "points"]

ANSI = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor movements
    "|(?:\x1b[\\]P^_X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"  # titles, links, strings
    "|\x1b[ -/]*[0-~]"
)
PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2018-\u201d]*")
JOINERS = "\u200c\u200d"  # shape the letters beside them
OVERRIDES = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}  # turn the text after them around


def clean(text: str) -> str:
    """A text as one line that shows all there is.

    Terminal codes and invisible marks go; line ends and tabs become spaces; what is left and would do harm (control
    characters, bidirectional overrides, halves of characters) is spelled as a code.

    Args:
        text: any text.

    Returns:
        Text that UTF-8, XML 1.0 and HTML can hold.

    Example:
        >>> clean("\\x1b[31mred\\x1b[0m\\tade\\u202etxt\\udc80\\0")
        'red adeU+202EtxtU+DC80U+0000'
    """
    if PLAIN.fullmatch(text):
        return text
    return "".join(_shown(character) for character in ANSI.sub("", text))


def _shown(character):
    code, category = ord(character), unicodedata.category(character)
    if character.isspace():
        return " "
    if category in ("Cc", "Cs") or code in OVERRIDES or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return f"U+{code:04X}"
    return "" if category == "Cf" and character not in JOINERS else character


def points(number: float) -> str:
    """Points with at most two decimals.

    Example:
        >>> points(100.0), points(33.333333), points(12.5)
        ('100', '33.33', '12.5')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")
