"""Captions in English and Korean: statements to words, and words to statements."""

from dlseq.data.scenes.languages import english, korean
from dlseq.data.scenes.statements import Phrase, Statement
from dlseq.data.scenes.words import LANGUAGES
from dlseq.errors import DataError

__all__ = ["caption_text", "check_language", "parse", "render"]

_MODULES = {"en": english, "ko": korean}


def check_language(language: str) -> str:
    """Return the code of a language.

    Raises:
        DataError: There are no captions in it.
    """
    if language not in LANGUAGES:
        raise DataError(
            f"Invalid value for argument `language`. Expected one of: {', '.join(LANGUAGES)}. Received: {language}."
        )
    return language


def render(statement: Statement, language: str = "en") -> list[tuple[str, Phrase | None]]:
    """Return the words of a statement, each with the phrase that it names, or `None`.

    Args:
        statement: what is said.
        language: "en" or "ko".

    Example:
        >>> from dlseq.data.scenes.statements import Group
        >>> words = render(Statement(Group(Phrase("apple", 2), "on", Phrase("bed", size="big"))))
        >>> [word for word, _ in words], words[1][1].name
        (['two', 'apples', 'on', 'a', 'big', 'bed'], 'apple')
    """
    return _MODULES[check_language(language)].render(statement)


def parse(words, language: str = "en") -> Statement | None:
    """Return the statement of the words of a caption, or `None` if they are no caption of the grammar.

    Args:
        words: a sequence of words, in small letters; in Korean a particle is a word of its own.
        language: "en" or "ko".

    Example:
        >>> parse("a cat sitting on a chair".split()).subject.relation
        'sitting on'
        >>> parse("a cat a chair".split()) is None
        True
    """
    return _MODULES[check_language(language)].parse(tuple(words))


def caption_text(words, language: str = "en") -> str:
    """Return a caption as it is written: in Korean without spaces before particles and counters' particles.

    Example:
        >>> caption_text(("고양이", "가", "의자", "위", "에", "앉아", "있다"), "ko")
        '고양이가 의자 위에 앉아 있다'
    """
    if check_language(language) == "en":
        return " ".join(words)
    return korean.join(words)
