"""Hangul syllables: final consonants, and the particles and endings that depend on them.

A syllable is one code point, `0xAC00 + (initial * 21 + vowel) * 28 + final` (Unicode Standard, section 3.12).
"""

__all__ = ["attach", "final_consonant", "with_final"]

FIRST, LAST = 0xAC00, 0xD7A3
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
AFTER_CONSONANT = {
    "는": "은",
    "가": "이",
    "를": "을",
    "와": "과",
    "로": "으로",
    "려고": "으려고",
    "면": "으면",
    "예요": "이에요",
}


def final_consonant(word: str) -> str:
    """Return the final consonant of the last syllable of a word, or "" where it ends in a vowel.

    Args:
        word: a word that ends in a Hangul syllable.

    Raises:
        ValueError: the word does not end in a Hangul syllable.

    Example:
        >>> final_consonant("책"), final_consonant("사과")
        ('ㄱ', '')
    """
    if not word or not FIRST <= ord(word[-1]) <= LAST:
        raise ValueError(f"Expected a word that ends in a Hangul syllable. Received: {word!r}")
    return FINALS[(ord(word[-1]) - FIRST) % 28]


def with_final(word: str, consonant: str) -> str:
    """Return a word with a final consonant added to its last syllable, which must end in a vowel.

    Example:
        >>> with_final("방문하", "ㄹ"), with_final("가", "ㅆ")
        ('방문할', '갔')
    """
    if final_consonant(word):
        raise ValueError(f"Expected a word that ends in a vowel. Received: {word!r}")
    return word[:-1] + chr(ord(word[-1]) + FINALS.index(consonant))


def attach(word: str, particle: str) -> str:
    """Return the form that a particle or ending takes after a word.

    Args:
        word: a word that ends in a Hangul syllable.
        particle: the form after a vowel: 는, 가, 를, 와, 로, 려고, 면 or 예요. Any other particle is returned as it is.

    Returns:
        The particle alone. `로` and the verb endings keep their short form after ㄹ as well.

    Example:
        >>> attach("책", "를"), attach("사과", "를"), attach("서울", "로"), attach("집", "로")
        ('을', '를', '로', '으로')
    """
    if particle not in AFTER_CONSONANT:
        return particle
    final = final_consonant(word)
    short = not final or (final == "ㄹ" and particle in ("로", "려고", "면"))
    return particle if short else AFTER_CONSONANT[particle]
