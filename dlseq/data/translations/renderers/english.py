"""Renderer of meanings as English sentences."""

from dlseq.data.translations.lexicon import ADJECTIVES, NOUNS, NUMBERS
from dlseq.data.translations.lexicon.places import place
from dlseq.data.translations.lexicon.times import times
from dlseq.data.translations.lexicon.verbs import COMPLEMENT_VERBS, VERBS
from dlseq.data.translations.meanings import (
    Clause,
    Complement,
    Join,
    Meaning,
    NounPhrase,
    Person,
    Place,
    Pronoun,
    Tense,
    Time,
)
from dlseq.data.translations.renderers.rendering import Piece, Rendered, assemble

__all__ = ["render_english"]

OBJECT_PRONOUNS = {"I": "me", "you": "you", "he": "him", "she": "her", "we": "us", "they": "them"}
BEFORE_VERB = ("often", "always", "sometimes", "never")
SAY = {**VERBS, **COMPLEMENT_VERBS}


def render_english(meaning: Meaning) -> Rendered:
    """Render a meaning as an English sentence with its final mark.

    Example:
        >>> from dlseq.data.translations.meanings import Predicate
        >>> visit = Predicate("visit", object=Place("Africa"), time=Time("September", "in"))
        >>> render_english(Clause(Person("Jane"), (visit,), ("present",))).text
        'Jane is visiting Africa in September.'
    """
    mark = "?" if isinstance(meaning, Clause) and meaning.question else "."
    return assemble([*_meaning(meaning, "0"), Piece(mark, frozenset({"mark"}), "left")])


def _piece(text, *keys, glue=""):
    return Piece(text, frozenset(keys), glue)


def _meaning(meaning, key):
    if isinstance(meaning, Join):
        return _join(meaning, key)
    if isinstance(meaning, Complement):
        verb = SAY[meaning.verb].english
        aux, main = _finite(verb, meaning.tense, _agreement(meaning.subject), simple=True)
        return [
            *_subject(meaning.subject, f"{key}.subject"),
            *_words(aux, f"{key}.verb"),
            *_words(main, f"{key}.verb"),
            _piece("that", f"{key}.that"),
            *_meaning(meaning.clause, f"{key}.clause"),
        ]
    return _clause(meaning, key)


def _join(join, key):
    left, right = _meaning(join.left, f"{key}.left"), _meaning(join.right, f"{key}.right")
    if join.word == ";":
        return [*left, _piece(";", f"{key}.join", glue="left"), *right]
    comma = [_piece(",", glue="left")] if join.word in ("and", "but") else []
    return [*left, *comma, _piece(join.word, f"{key}.join"), *right]


def _clause(clause, key):
    agreement = _agreement(clause.subject)
    subject = _subject(clause.subject, f"{key}.subject")
    first = clause.predicates[0]
    if clause.question:
        aux, main = _finite(*_forms(first), clause.tenses[0], agreement, simple=_simple(first), support=True)
        word = [] if clause.question == "yes-no" else [_piece(clause.question, f"{key}.question")]
        pieces = [*word, *_words(aux, f"{key}.0.verb"), *subject]
        return [*pieces, *_after_aux(first, main, agreement, f"{key}.0")]
    fronted = clause.fronted and first.time is not None
    pieces = [*_time(first.time, f"{key}.0.time"), _piece(",", glue="left")] if fronted else []
    pieces += subject
    for index, (predicate, tense) in enumerate(zip(clause.predicates, clause.tenses, strict=True)):
        comma = [_piece(",", glue="left")] if index == 1 else []
        pieces += [*comma, _piece("and", f"{key}.and{index}")] if index else []
        pieces += _predicate(predicate, tense, agreement, f"{key}.{index}", timed=not (fronted and not index))
    return pieces


def _predicate(predicate, tense, agreement, key, timed=True):
    aux, main = _finite(*_forms(predicate), tense, agreement, simple=_simple(predicate), support=predicate.negated)
    return [*_words(aux, f"{key}.verb"), *_after_aux(predicate, main, agreement, key, timed)]


def _after_aux(predicate, main, agreement, key, timed=True):
    """Everything after the auxiliary: "not", the adverb, the main verb, complements and adjuncts."""
    pieces = [_piece("not", f"{key}.not")] if predicate.negated else []
    early = predicate.adverb in BEFORE_VERB
    pieces += [_piece(predicate.adverb, f"{key}.adverb")] if early else []
    pieces += _words(main, f"{key}.verb")
    pieces += _complements(predicate, agreement, key)
    if predicate.place is not None:
        pieces += [_piece("in", f"{key}.in"), *_words(place(predicate.place.name).english, f"{key}.place")]
    pieces += [] if early or not predicate.adverb else _words(predicate.adverb, f"{key}.adverb")
    return pieces + (_time(predicate.time, f"{key}.time") if timed and predicate.time else [])


def _complements(predicate, agreement, key):
    if predicate.verb == "be":
        return [_piece(predicate.adjective, f"{key}.adjective")]
    entry = VERBS[predicate.verb]
    if entry.frame == "rave":
        return [
            *(_piece("raving", f"{key}.rave"), _piece("about", f"{key}.how"), _piece("how", f"{key}.how")),
            _piece(predicate.adjective, f"{key}.adjective"),
            *_noun_phrase(predicate.object, f"{key}.object"),
            _piece("was", f"{key}.was"),
        ]
    if entry.frame == "tempt":
        return [*_object(predicate.object, f"{key}.object"), *_words("to go", f"{key}.go"), _piece("too", f"{key}.too")]
    pieces = _words(entry.preposition, f"{key}.to") if entry.preposition and predicate.object is not None else []
    if predicate.object is not None:
        pieces += _object(predicate.object, f"{key}.object")
    if predicate.infinitive is not None:
        inner = VERBS[predicate.infinitive.verb].english[0]
        marker = [] if predicate.verb == "have_to" else [_piece("to", f"{key}.infinitive.verb")]
        pieces += [*marker, *_after_aux(predicate.infinitive, inner, agreement, f"{key}.infinitive")]
    return pieces


def _forms(predicate):
    return (("be",) if predicate.verb == "be" else VERBS[predicate.verb].english,)


def _simple(predicate):
    """True where the present tense has no progressive form."""
    return predicate.verb == "be" or bool(predicate.adverb) or VERBS[predicate.verb].stative


def _finite(forms, tense: Tense, agreement, *, simple, support=False):
    """Return the auxiliary and the main verb; `support` asks for "do" where there is no auxiliary."""
    be = {"present": {"I": "am", "it": "is"}.get(agreement, "are"), "past": "were"}
    be["past"] = "was" if agreement in ("I", "it") else "were"
    if forms[0] in ("be", "be able"):
        able = forms[0].removeprefix("be").strip()
        return ("will", f"be {able}".strip()) if tense == "future" else (be[tense], able)
    base, past, participle = forms
    if tense == "future":
        return "will", base
    if tense == "present" and not simple:
        return be["present"], participle
    if support:
        return ("did" if tense == "past" else "does" if agreement == "it" else "do"), base
    return "", past if tense == "past" else _third_person(base) if agreement == "it" else base


def _third_person(base):
    first, *rest = base.split()
    if first == "have":
        third = "has"
    elif first.endswith(("s", "sh", "ch", "x", "o")):
        third = first + "es"
    elif first.endswith("y") and first[-2] not in "aeiou":
        third = first[:-1] + "ies"
    else:
        third = first + "s"
    return " ".join([third, *rest])


def _agreement(subject):
    """Return "I", "it" for the third person singular, or "they"."""
    if isinstance(subject, Pronoun):
        return {"I": "I", "he": "it", "she": "it"}.get(subject.form, "they")
    return "they" if isinstance(subject, NounPhrase) and subject.plural else "it"


def _words(text, *keys):
    return [_piece(word, *keys) for word in text.split()]


def _subject(subject, key):
    if isinstance(subject, Pronoun):
        return [_piece(subject.form, f"{key}.name")]
    return _object(subject, key)


def _object(thing, key):
    if isinstance(thing, Pronoun):
        return [_piece(OBJECT_PRONOUNS[thing.form], f"{key}.name")]
    if isinstance(thing, Person):
        return [_piece(thing.name, f"{key}.name")]
    if isinstance(thing, Place):
        return _words(place(thing.name).english, f"{key}.name")
    return _noun_phrase(thing, key)


def _noun_phrase(phrase: NounPhrase, key):
    noun = NOUNS[phrase.noun].english[phrase.plural]
    adjectives = [
        _piece(ADJECTIVES[name].english, f"{key}.adjective{index}") for index, name in enumerate(phrase.adjectives)
    ]
    following = adjectives[0].text if adjectives else noun
    determiner = _determiner(phrase, following)
    pieces = [_piece(determiner, f"{key}.determiner")] if determiner else []
    pieces += [*adjectives, *_words(noun, f"{key}.noun")]
    if phrase.relative is None:
        return pieces
    relative, inner = phrase.relative, f"{key}.relative"
    word = "who" if NOUNS[phrase.noun].kind == "person" else "that"
    pieces.append(_piece(word, f"{inner}.who"))
    if relative.subject is not None:
        pieces += _subject(relative.subject, f"{inner}.subject")
    agreement = _agreement(relative.subject) if relative.subject is not None else "they" if phrase.plural else "it"
    return [*pieces, *_predicate(relative.predicate, relative.tense, agreement, inner)]


def _determiner(phrase, following):
    if phrase.determiner == "number":
        return NUMBERS[phrase.number][0]
    if phrase.determiner == "a":
        return "" if phrase.plural else "an" if following[0] in "aeiou" else "a"
    plural = {"this": "these", "that": "those"}
    return plural.get(phrase.determiner, phrase.determiner) if phrase.plural else phrase.determiner


def _time(time: Time, key):
    entry = times()[time.unit, time.relation]
    relation = "relation" if time.relation in ("last", "next") else "in"
    pieces = [_piece(entry.english[0], f"{key}.{relation}")] if entry.english[0] else []
    return [*pieces, _piece(entry.english[1], f"{key}.unit")]
