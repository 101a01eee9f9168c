"""Tokens of the entity tagger: words, numbers, signs and e-mail addresses, each with its place in the text."""

import re

__all__ = ["split_tokens"]

HANGUL = re.compile("[\uac00-\ud7a3]")
MARKS = "\u0300-\u036f"
TOKEN = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._+%-]*@[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9-]*)+"  # an e-mail address
    r"|\d+(?:[.,:/-]\d+)*"  # a number, a time, a date of numbers
    r"|[\u3040-\u309f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # kanji, hiragana: one by one
    rf"|[\u30a0-\u30ff]+|[\uac00-\ud7a3]+|(?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])[^\W\d_][{MARKS}]*)+"
    r"|\S"
)
PARTICLES = ("에서", "에게", "까지", "부터", "으로", "라고", "입니다", "이다", *"은는이가을를의에와과로도만")


def split_tokens(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each token of a text.

    A token is a run of letters, a number, an e-mail address or a single sign. Kanji and hiragana are tokens one by one,
    since no spaces separate their words; Korean particles at the end of a word are tokens of their own, so that a
    name before them has tokens of its own too.

    Example:
        >>> [text[start:end] for text in ["Anna (a.b@c.org), 3.5 €"] for start, end in split_tokens(text)]
        ['Anna', '(', 'a.b@c.org', ')', ',', '3.5', '€']
        >>> [text[start:end] for text in ["김영수는 2021년"] for start, end in split_tokens(text)]
        ['김영수', '는', '2021', '년']
    """
    spans = []
    for match in TOKEN.finditer(text):
        start, end = match.span()
        bounds = [end]
        if HANGUL.match(match[0]):
            while (stem := _stem_length(text[start : bounds[-1]])) and start + stem < bounds[-1]:
                bounds.append(start + stem)
        spans += zip([start, *bounds[:0:-1]], bounds[::-1], strict=True)
    return spans


def _stem_length(word):
    """Return the length of a Korean word without the particle at its end, at least one syllable."""
    lengths = (len(word) - len(particle) for particle in PARTICLES if word.endswith(particle))
    return next((length for length in lengths if length > 0), len(word))
