"""Random meanings: a grammar of clauses, seeded, with a length in words."""

import functools

import numpy as np

from dlseq.data.translations.lexicon import ADJECTIVES, NOUNS, NUMBERS, PEOPLE
from dlseq.data.translations.lexicon.places import CITIES, places
from dlseq.data.translations.lexicon.times import times
from dlseq.data.translations.lexicon.verbs import COMPLEMENT_VERBS, VERBS, objects_of
from dlseq.data.translations.meanings import (
    ADVERBS,
    Clause,
    Complement,
    Join,
    Meaning,
    NounPhrase,
    Person,
    Place,
    Predicate,
    Pronoun,
    Relative,
    Time,
)

__all__ = ["draw_meaning"]

TENSES = ("present", "past", "future")
FEMALE, MALE = ("woman", "girl", "sister", "aunt", "nurse"), ("man", "boy", "brother", "uncle")
DETERMINERS = ("a", "a", "the", "the", "this", "that", "my", "your", "our", "own", "many", "number")
SUBJECT_DETERMINERS = ("the", "the", "a", "my", "your", "our", "this")
WORDS_PER_CLAUSE = 8


def draw_meaning(rng: np.random.Generator, clauses: int = 1) -> Meaning:
    """Draw the meaning of a sentence.

    Args:
        rng: source of randomness.
        clauses: the number of clauses that are joined, at least 1. Each has about 8 words in English.

    Example:
        >>> draw_meaning(np.random.default_rng(0)) == draw_meaning(np.random.default_rng(0))
        True
    """
    if clauses == 1:
        if rng.random() < 0.12:
            return _question(rng)
        return _statement(rng)
    left = int(rng.integers(1, clauses))
    return _join(rng, left, clauses - left)


def _pick(rng, options):
    return options[int(rng.integers(len(options)))]


def _statement(rng):
    if rng.random() < 0.1:
        return Complement(
            _person(rng), _pick(rng, tuple(COMPLEMENT_VERBS)), "present", _clause(rng, _pick(rng, TENSES))
        )
    return _clause(rng, _pick(rng, TENSES))


def _join(rng, left, right):
    """Two parts joined; the cause of "because" and the time of "when" are single clauses."""
    word = _pick(rng, ("and", "and", "but", ";", "because", "when"))
    if word in ("because", "when") and left == 1:
        tense = "past" if word == "when" else _pick(rng, TENSES)
        if right == 1:
            return Join(word, _clause(rng, tense, simple=True), _clause(rng, tense, simple=True))
        first = Join(word, _clause(rng, tense, simple=True), _clause(rng, tense, simple=True))
        return first if right == 2 else Join("and", first, _parts(rng, right - 1))
    word = word if word in ("and", "but", ";") else "and"
    return Join(word, _parts(rng, left), _parts(rng, right))


def _parts(rng, clauses):
    if clauses == 1:
        return _statement(rng)
    left = int(rng.integers(1, clauses))
    return _join(rng, left, clauses - left)


def _question(rng):
    kind = _pick(rng, ("yes-no", "yes-no", "where", "when", "why"))
    subject, tense = _subject(rng), _pick(rng, TENSES)
    predicate = _predicate(rng, subject, tense, simple=True, question=kind)
    return Clause(subject, (predicate,), (tense,), question=kind)


def _clause(rng, tense, simple=False):
    subject = _subject(rng)
    count = 1 if simple or rng.random() < 0.8 else int(rng.integers(2, 4))
    predicates = tuple(_predicate(rng, subject, tense, simple) for _ in range(count))
    fronted = count == 1 and rng.random() < 0.25
    return Clause(subject, predicates, (tense,) * count, fronted=fronted)


def _subject(rng):
    draw = rng.random()
    if draw < 0.45:
        return _person(rng, pronoun=False)
    if draw < 0.75:
        return _person(rng)
    return _noun_phrase(rng, _nouns_of(("person",)), SUBJECT_DETERMINERS, None, relative=rng.random() < 0.15)


def _person(rng, pronoun=True):
    if pronoun and rng.random() < 0.6:
        return Pronoun(_pick(rng, ("I", "you", "he", "she", "we", "they")))
    return Person(_pick(rng, tuple(PEOPLE)))


@functools.cache
def _nouns_of(kinds):
    return tuple(noun for noun, entry in NOUNS.items() if entry.kind in kinds)


@functools.cache
def _verbs_of(*frames):
    return tuple(verb for verb, entry in VERBS.items() if entry.frame in frames)


@functools.cache
def _adjectives_of(noun):
    kind = NOUNS[noun].kind
    return tuple(name for name, entry in ADJECTIVES.items() if kind in entry.kinds)


@functools.cache
def _all_places():
    cities = {city.split("/")[0] for city in CITIES.split()}
    return tuple(places()), tuple(name for name in places() if name in cities)


@functools.cache
def _times_of(tense):
    return tuple(key for key, entry in times().items() if tense in entry.tenses)


def _predicate(rng, subject, tense, simple=False, question=""):
    draw = rng.random()
    if question == "where":
        return Predicate(_pick(rng, ("live", "work", "stay", "sleep", "swim", "dance")))
    if draw < 0.08 and not question:
        return _state(rng, subject)
    if draw < 0.2 and not simple:
        return _with_infinitive(rng, subject, tense)
    if draw < 0.22 and tense == "past" and not question:
        trip = NounPhrase(_pick(rng, ("trip", "party", "lesson", "game")), _own(subject) or "the")
        adjective = _pick(rng, ("wonderful", "strange", "interesting", "beautiful", "difficult"))
        adjective = adjective if adjective in _adjectives_of(trip.noun) else "wonderful"
        return Predicate("rave", object=trip, adjective=adjective)
    if draw < 0.225 and not question and not simple:
        return Predicate("tempt", object=Pronoun(_pick(rng, _others(subject, ("I", "you", "we", "they")))))
    if draw < 0.29:
        verb = _pick(rng, (*_verbs_of("none"),))
        return _adorn(rng, Predicate(verb), tense, question)
    if draw < 0.5:
        verb = _pick(rng, _verbs_of("visit", "goal", "inside"))
        if VERBS[verb].kinds and rng.random() < 0.3:
            thing = _noun_phrase(rng, objects_of(verb), DETERMINERS, subject)
        else:
            thing = Place(_pick(rng, _all_places()[0]))
        return _adorn(rng, Predicate(verb, object=thing), tense, question)
    if draw < 0.62:
        verb = _pick(rng, _verbs_of("person", "to"))
        return _adorn(rng, Predicate(verb, object=_somebody(rng, subject)), tense, question)
    verb = _pick(rng, _verbs_of("object"))
    phrase = _noun_phrase(rng, objects_of(verb), DETERMINERS, subject, relative=not simple and rng.random() < 0.08)
    return _adorn(rng, Predicate(verb, object=phrase), tense, question)


def _state(rng, subject):
    kind = "person"
    adjectives = tuple(name for name, entry in ADJECTIVES.items() if kind in entry.kinds and not entry.before)
    return Predicate("be", adjective=_pick(rng, adjectives), negated=rng.random() < 0.15)


def _with_infinitive(rng, subject, tense):
    verb = _pick(rng, _verbs_of("infinitive"))
    inner = Predicate(_pick(rng, _verbs_of("visit")), object=Place(_pick(rng, _all_places()[0])))
    if rng.random() < 0.7:
        name = _pick(rng, _verbs_of("object"))
        inner = Predicate(name, object=_noun_phrase(rng, objects_of(name), DETERMINERS, subject))
    negated = verb not in ("have_to", "hope", "decide") and rng.random() < 0.1
    return Predicate(verb, infinitive=inner, negated=negated)


def _somebody(rng, subject):
    draw = rng.random()
    if draw < 0.25:
        return Pronoun(_pick(rng, _others(subject, ("I", "you", "we", "they"))))
    if draw < 0.6:
        return Person(_pick(rng, tuple(PEOPLE)))
    return _noun_phrase(rng, _nouns_of(("person",)), DETERMINERS, subject)


def _others(subject, forms):
    """Object pronouns that do not refer to the subject."""
    same = {"I": ("I", "we"), "we": ("I", "we"), "you": ("you",), "they": ("they",)}
    excluded = same.get(subject.form, ()) if isinstance(subject, Pronoun) else ()
    return tuple(form for form in forms if form not in excluded)


def _adorn(rng, predicate, tense, question=""):
    """Add an adverb, a negation, a place and a time."""
    entry = VERBS[predicate.verb]
    draw, adverb, negated, place, time = rng.random(), "", False, None, None
    if draw < 0.14 and question != "when":
        adverb = _pick(rng, ADVERBS)
    elif draw < 0.26:
        negated = isinstance(predicate.object, (Person, Place, Pronoun)) or not _counted(predicate.object)
    if entry.frame in ("object", "person", "none") and rng.random() < 0.12:
        place = Place(_pick(rng, _all_places()[rng.random() < 0.5]))
    if not adverb and question != "when" and rng.random() < 0.4:
        time = Time(*_pick(rng, _times_of(tense)))
    return Predicate(predicate.verb, predicate.object, place=place, time=time, adverb=adverb, negated=negated)


def _counted(thing):
    return isinstance(thing, NounPhrase) and thing.determiner in ("many", "number")


def _own(subject):
    """The possessive determiner that refers to the subject, or ""."""
    if isinstance(subject, Pronoun):
        return {"I": "my", "you": "your", "he": "his", "she": "her", "we": "our", "they": "their"}[subject.form]
    if isinstance(subject, Person):
        return "her" if PEOPLE[subject.name].feminine else "his"
    if isinstance(subject, NounPhrase):
        if subject.plural:
            return "their"
        return "her" if subject.noun in FEMALE else "his" if subject.noun in MALE else ""
    return ""


def _noun_phrase(rng, nouns, determiners, subject, relative=False):
    noun = _pick(rng, nouns)
    determiner = _pick(rng, determiners)
    if determiner == "own":
        determiner = _own(subject) or "the"
    number = _pick(rng, tuple(NUMBERS)) if determiner == "number" else 0
    plural = determiner in ("many", "number") or rng.random() < 0.3
    phrase = NounPhrase(noun, determiner, plural, _attributes(rng, noun, determiner), number)
    if not relative or determiner not in ("the", "this", "a", "my", "your", "our"):
        return phrase
    return NounPhrase(noun, determiner, plural, phrase.adjectives, number, _relative(rng, noun))


def _attributes(rng, noun, determiner):
    """None, one or two adjectives; of two, French puts the first before the noun and the second behind it."""
    if rng.random() < 0.65:
        return ()
    before = [name for name in _adjectives_of(noun) if ADJECTIVES[name].before]
    behind = [name for name in _adjectives_of(noun) if not ADJECTIVES[name].before and determiner != "that"]
    if before and behind and rng.random() < 0.2:
        return _pick(rng, before), _pick(rng, behind)
    choices = before + behind
    return (_pick(rng, choices),) if choices else ()


def _relative(rng, noun):
    tense = _pick(rng, TENSES)
    if NOUNS[noun].kind == "person":
        verb = _pick(rng, _verbs_of("visit", "inside", "goal"))
        return Relative(Predicate(verb, object=Place(_pick(rng, _all_places()[0]))), tense)
    verbs = [verb for verb in _verbs_of("object") if noun in objects_of(verb)]
    return Relative(Predicate(_pick(rng, verbs)), tense, _person(rng))
