"""Features of tokens: word, prefix, suffix and shape, so that a name never seen still looks like one."""

import functools
import unicodedata

__all__ = ["FEATURES", "token_features"]

FEATURES = ("word", "prefix", "suffix", "shape")
AFFIX_LENGTH = 3
MAX_RUN = 4  # equal signs of a shape


@functools.lru_cache(maxsize=200_000)
def token_features(token: str) -> tuple[str, str, str, str]:
    """Return word, prefix, suffix and shape of a token.

    The word is in small letters with 0 for each digit, and the affixes are its first and last three characters. In the
    shape, `X` and `x` are letters of either case, `c` a letter without case, `0` a digit, `@` an e-mail address.

    Example:
        >>> token_features("Lovelace")
        ('lovelace', 'lov', 'ace', 'Xxxxx')
        >>> token_features("a.b@c.org")[3], token_features("2021")[0]
        ('@', '0000')
    """
    composed = unicodedata.normalize("NFC", token)
    word = "".join("0" if sign.isdecimal() else sign for sign in composed.lower().replace("i\u0307", "i"))
    if "@" in token and len(token) > 1:
        return word, word[:AFFIX_LENGTH], word[-AFFIX_LENGTH:], "@"
    return word, word[:AFFIX_LENGTH], word[-AFFIX_LENGTH:], _shape(composed)


def _shape(token):
    signs = []
    for sign in token:
        kind = "0" if sign.isdecimal() else "X" if sign.isupper() else "x" if sign.islower() else sign
        kind = "c" if kind == sign and sign.isalpha() and kind not in "Xxc" else kind
        if signs[-MAX_RUN:] != [kind] * MAX_RUN:
            signs.append(kind)
    return "".join(signs)
