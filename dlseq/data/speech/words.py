"""Words that the speech of this package is made of: ten digits and seventeen commands in each of three languages."""

from dlseq.errors import DataError

__all__ = ["LANGUAGES", "WORDS", "language_words"]

LANGUAGES = {"en": "English", "fr": "French", "ko": "Korean"}

WORDS = {
    "en": {
        "digits": "zero one two three four five six seven eight nine",
        "commands": "yes no up down left right on off stop go open close play pause start back help",
    },
    "fr": {
        "digits": "zéro un deux trois quatre cinq six sept huit neuf",
        "commands": "oui non haut bas gauche droite avant arrière ouvrir fermer marche arrêt plus moins suivant retour "
        "aide",
    },
    "ko": {
        "digits": "영 일 이 삼 사 오 육 칠 팔 구",
        "commands": "네 아니요 위 아래 왼쪽 오른쪽 앞 뒤 열기 닫기 시작 정지 켜 꺼 빨리 천천히 도움",
    },
}
"""Digits, in the order of their values, and commands of each language, with a space between two."""


def language_words(language: str, kind: str) -> list[str]:
    """Return the digits or the commands of a language.

    Raises:
        DataError: There are none.

    Example:
        >>> language_words("ko", "digits")[:3]
        ['영', '일', '이']
    """
    if kind not in WORDS.get(language, {}):
        raise DataError(
            f"Expected a language of {', '.join(WORDS)}, and digits or commands. Received: {language}, {kind}."
        )
    return WORDS[language][kind].split()
