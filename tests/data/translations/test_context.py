"""Sentences with words that only the context decides, by hand."""

import pytest

from dlseq.data.translations.context import has_contextual_words
from dlseq.data.translations.meanings import (
    Clause,
    Complement,
    Join,
    NounPhrase,
    Person,
    Place,
    Predicate,
    Pronoun,
    Relative,
)

SLEEP, VISIT = Predicate("sleep"), Predicate("visit", object=Place("Africa"))


def reading(*phrase, **options):
    return Predicate("read", object=NounPhrase(*phrase, **options))


def clause(subject, *predicates, **options):
    return Clause(subject, predicates, ("present",) * len(predicates), **options)


JANE, WE, WOMEN = Person("Jane"), Pronoun("we"), NounPhrase("woman", "the", plural=True)
READING_HERS = clause(JANE, reading("book", "her"))

CONTEXTUAL = {
    "fr": [
        READING_HERS,  # son livre
        Join("and", clause(WE, SLEEP), READING_HERS),
        Complement(WE, "say", "present", READING_HERS),
        clause(JANE, Predicate("want", infinitive=reading("book", "her"))),
        clause(WE, Predicate("drink", object=NounPhrase("juice", "my", plural=True))),  # mes jus
        clause(NounPhrase("friend", "his"), SLEEP),
    ],
    "ko": [
        clause(WE, SLEEP, VISIT),  # 자고 있고: "are sleeping" for these, "is sleeping" for Jane
        clause(WOMEN, SLEEP, VISIT),
        clause(WE, SLEEP, question="yes-no"),  # "Are", before the words that say who
        Join("but", clause(JANE, SLEEP), clause(Pronoun("I"), SLEEP, VISIT)),
    ],
}
PLAIN = {
    "fr": [
        clause(JANE, reading("book", "my")),
        clause(WE, reading("book", "our"), SLEEP),
        clause(WE, reading("book", "a", relative=Relative(SLEEP, "past", JANE))),
        clause(JANE, VISIT, question="yes-no"),
    ],
    "ko": [
        READING_HERS,
        clause(JANE, SLEEP, VISIT),
        clause(Pronoun("he"), SLEEP, question="yes-no"),
        clause(NounPhrase("woman", "the"), SLEEP, VISIT),
        clause(WE, SLEEP),
    ],
}


@pytest.mark.parametrize("language", ["fr", "ko"])
def test_words_that_depend_on_the_context_are_found(language):
    assert [has_contextual_words(meaning, language) for meaning in CONTEXTUAL[language]] == [True] * len(
        CONTEXTUAL[language]
    )
    assert [has_contextual_words(meaning, language) for meaning in PLAIN[language]] == [False] * len(PLAIN[language])
