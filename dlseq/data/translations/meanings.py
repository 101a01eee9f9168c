"""Meanings of sentences, independent of a language: what the grammar draws and each renderer writes."""

import dataclasses
from typing import Literal

__all__ = [
    "ADVERBS",
    "Adjective",
    "Clause",
    "Complement",
    "Join",
    "Meaning",
    "NounPhrase",
    "Person",
    "Place",
    "Predicate",
    "Pronoun",
    "Relative",
    "Time",
]

Tense = Literal["present", "past", "future"]
Determiner = Literal["a", "the", "this", "that", "many", "my", "your", "his", "her", "our", "their", "number"]


@dataclasses.dataclass(frozen=True)
class Person:
    """A person called by the first name, a key of `lexicon.PEOPLE`."""

    name: str


@dataclasses.dataclass(frozen=True)
class Pronoun:
    """A personal pronoun: "I", "you", "he", "she", "we" or "they"."""

    form: str


@dataclasses.dataclass(frozen=True)
class Adjective:
    """An adjective, a key of `lexicon.ADJECTIVES`."""

    name: str


@dataclasses.dataclass(frozen=True)
class NounPhrase:
    """A noun with its determiner and attributes.

    Attributes:
        noun: a key of `lexicon.NOUNS`.
        determiner: "a" of a plural noun is the bare plural; "number" takes `number`.
        plural: True for the plural; with a number or "many" it has to be True.
        adjectives: keys of `lexicon.ADJECTIVES`.
        number: 2 to 12 with the determiner "number".
        relative: a relative clause about the noun.
    """

    noun: str
    determiner: Determiner = "the"
    plural: bool = False
    adjectives: tuple[str, ...] = ()
    number: int = 0
    relative: "Relative | None" = None


@dataclasses.dataclass(frozen=True)
class Place:
    """A country, continent or city, a key of `places.PLACES`."""

    name: str


@dataclasses.dataclass(frozen=True)
class Time:
    """A time phrase.

    Attributes:
        unit: a key of `times.TIMES`, such as "September", "Monday", "summer" or "yesterday".
        relation: "in" (in September, on Monday), "last", "next", or "" for adverbs such as "yesterday".
    """

    unit: str
    relation: str = ""


@dataclasses.dataclass(frozen=True)
class Predicate:
    """A verb with its complements, without a subject.

    Attributes:
        verb: a key of `verbs.VERBS`, or "be" with an adjective.
        object: what the verb's frame asks for: a noun phrase, person, pronoun or place; None without an object.
        adjective: the adjective after "be".
        infinitive: a predicate after a verb such as "want".
        place, time: adjuncts.
        adverb: a key of `ADVERBS`, or "".
        negated: True for the negation.
    """

    verb: str
    object: "NounPhrase | Person | Pronoun | Place | None" = None
    adjective: str = ""
    infinitive: "Predicate | None" = None
    place: Place | None = None
    time: Time | None = None
    adverb: str = ""
    negated: bool = False


@dataclasses.dataclass(frozen=True)
class Relative:
    """A relative clause: "who visited Africa" without a subject, "that Jane is reading" with one."""

    predicate: Predicate
    tense: Tense
    subject: "Person | Pronoun | None" = None


@dataclasses.dataclass(frozen=True)
class Clause:
    """A subject with a tense and one or more predicates, joined by "and".

    Attributes:
        subject: of all predicates.
        predicates: at least one.
        tenses: one for each predicate.
        question: "", "yes-no", "where", "when" or "why".
        fronted: True to begin with the time of the first predicate.
    """

    subject: "Person | Pronoun | NounPhrase"
    predicates: tuple[Predicate, ...]
    tenses: tuple[Tense, ...]
    question: str = ""
    fronted: bool = False


@dataclasses.dataclass(frozen=True)
class Complement:
    """A clause inside of another: "Jane says that Paul is reading"."""

    subject: "Person | Pronoun"
    verb: Literal["say", "think", "know"]
    tense: Tense
    clause: Clause


@dataclasses.dataclass(frozen=True)
class Join:
    """Two sentences joined by "and", "but", "because", "when" or ";"."""

    word: str
    left: "Meaning"
    right: "Meaning"


Meaning = Clause | Complement | Join

ADVERBS = ("often", "always", "sometimes", "never", "every day", "every week", "every year")
"""Adverbs of frequency: with them, the present tense is the habitual one."""
