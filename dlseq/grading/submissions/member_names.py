"""Names of archive members in the encodings of old archives, decided once for a whole archive."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["decode_names"]

BACKSLASH = "\uff3c"  # full width, for one that may be half of a letter
MIN_COMMON_SHARE = 0.8  # of the two-byte letters of an archive


@dataclass(frozen=True)
class _WideEncoding:
    """An encoding of letters in two bytes, of which the second may be that of a backslash.

    Attributes:
        codec: name of Python's codec.
        common: ranges of the codes of common letters.
        second: range of the second byte of common letters.
    """

    codec: str
    common: tuple[tuple[int, int], ...]
    second: tuple[int, int] = (0x40, 0xFC)


WIDE_ENCODINGS = (
    _WideEncoding("cp949", ((0xB0A1, 0xC8FE),), (0xA1, 0xFE)),  # KS X 1001: Hangul
    _WideEncoding("cp932", ((0x815B, 0x815B), (0x829F, 0x8396), (0x889F, 0x9872))),  # kana, and kanji of level 1
    _WideEncoding("gbk", ((0xB0A1, 0xD7F9),), (0xA1, 0xFE)),  # GB 2312: level 1
    _WideEncoding("cp950", ((0xA440, 0xC67E),)),  # Big5: frequently used
)  # by the number of common letters
NARROW_CODECS = ("cp437", "cp850", "cp1252", "cp866", "cp1251", "cp1250", "cp852")


def decode_names(names: Sequence[bytes]) -> list[str]:
    r"""Decode the names of an archive's members that are in no declared encoding.

    Each name in UTF-8 is decoded as that. The others share the encoding in which they make sense: of two bytes, if
    nearly all letters are common ones, or else the first of one byte whose words are each of one script. A
    backslash separates folders only where it cannot be half of a letter.

    Args:
        names: as they stand in the archive.

    Returns:
        A text for each; different names stay different.

    Example:
        >>> decode_names(["ソラ/a.py".encode("cp932"), b"b\\c.py", "é.py".encode()])
        ['ソラ/a.py', 'b\\c.py', 'é.py']
    """
    decoded = [_try_decode(name, "utf-8") for name in names]
    unknown = [name for name, text in zip(names, decoded, strict=True) if text is None]
    if not unknown:
        return decoded
    codec = _wide_codec(unknown) or _narrow_codec(unknown)
    pairs = zip(names, decoded, strict=True)
    return [_decode(name, codec) if text is None else text for name, text in pairs]


def _wide_codec(names):
    """Return the encoding of two bytes in which the names are of common letters, the one with the fewest; or None."""
    fitting = [encoding.codec for encoding in WIDE_ENCODINGS if _common_share(names, encoding) >= MIN_COMMON_SHARE]
    return fitting[0] if fitting else None


def _common_share(names, encoding):
    """Return the share of common letters among those beyond ASCII; 0 if a name has other marks or bytes."""
    common = count = 0
    for name in names:
        text = _try_decode(name, encoding.codec)
        if text is None:
            return 0.0
        for letter in filter(_is_foreign, text):
            code = letter.encode(encoding.codec)
            if len(code) != 2 or unicodedata.category(letter)[0] not in "LMN":
                return 0.0
            first, last = encoding.second
            is_common = any(low <= int.from_bytes(code, "big") <= high for low, high in encoding.common)
            common += is_common and first <= code[1] <= last
            count += 1
    return common / count if count else 0.0


def _narrow_codec(names):
    """Return the encoding of one byte in which most names have words of one script each."""
    counts = {codec: sum(_has_plain_words(name, codec) for name in names) for codec in NARROW_CODECS}
    return max(NARROW_CODECS, key=counts.get)


def _has_plain_words(name, codec):
    text = _try_decode(name, codec)
    if text is None or any(_is_foreign(letter) and not letter.isalpha() for letter in text):
        return False
    words = re.findall(r"[^\W\d_]+", text)
    return all(len({_script(letter) for letter in word}) == 1 for word in words)


def _script(letter):
    return unicodedata.name(letter, "?").split()[0]


def _is_foreign(letter):
    return not letter.isascii()


def _try_decode(name, codec):
    try:
        return name.decode(codec)
    except UnicodeError:
        return None


def _decode(name, codec):
    """Decode a name; bytes that the encoding lacks become surrogates, and an unclear backslash no separator."""
    text = _try_decode(name, codec)
    if codec in NARROW_CODECS:
        text = name.decode(codec, "surrogateescape") if text is None else text
        return re.sub(r"(?<=[^\x00-\x7f])\\", BACKSLASH, text)
    return text
