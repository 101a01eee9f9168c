"""Meanings with words that only the context decides."""

from dlseq.data.translations.lexicon import NOUNS
from dlseq.data.translations.meanings import Clause, Complement, Join, Meaning, NounPhrase, Person, Predicate, Pronoun

__all__ = ["has_contextual_words"]


def has_contextual_words(meaning: Meaning, language: str) -> bool:
    """Return whether an English word of the sentence depends on a source word that may be far away.

    In French, "son livre" is "his book" or "her book" by its owner, and "jus" is "juice" or "juices" by its determiner.
    In Korean, which does not mark person and number, the form of a verb in a question, or after "and", depends on the
    subject: only subjects of other forms than "he is" count, as the others are met anyway.

    Example:
        >>> book = Predicate("read", object=NounPhrase("book", "her"))
        >>> meaning = Clause(Person("Jane"), (book,), ("present",))
        >>> has_contextual_words(meaning, "fr"), has_contextual_words(meaning, "ko")
        (True, False)
    """
    if isinstance(meaning, Join):
        return has_contextual_words(meaning.left, language) or has_contextual_words(meaning.right, language)
    if isinstance(meaning, Complement):
        return has_contextual_words(meaning.clause, language)
    if language == "ko":
        return _has_distant_verb(meaning)
    return any(_is_contextual(phrase) for phrase in (meaning.subject, *map(_object, meaning.predicates)))


def _object(predicate: Predicate):
    return predicate.object if predicate.infinitive is None else predicate.infinitive.object


def _is_contextual(phrase) -> bool:
    if not isinstance(phrase, NounPhrase):
        return False
    singular, plural = NOUNS[phrase.noun].french
    return phrase.determiner in ("his", "her") or singular == plural


def _has_distant_verb(clause: Clause) -> bool:
    subject = clause.subject
    if isinstance(subject, Person) or (isinstance(subject, Pronoun) and subject.form in ("he", "she")):
        return False
    if isinstance(subject, NounPhrase) and not subject.plural:
        return False
    return bool(clause.question) or len(clause.predicates) > 1
