"""Renderer of meanings as French sentences: agreement, elision, contraction, clitics."""

from dlseq.data.translations.lexicon import ADJECTIVES, NOUNS, PEOPLE
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
    Time,
)
from dlseq.data.translations.renderers.french_agreement import adjective, determiner, elide, is_vowel
from dlseq.data.translations.renderers.french_verbs import conjugate, future, participle, uses_etre
from dlseq.data.translations.renderers.rendering import Piece, Rendered, assemble

__all__ = ["render_french"]

SUBJECTS = {"I": "je", "you": "vous", "he": "il", "she": "elle", "we": "nous", "they": "ils"}
DIRECT = {"I": "me", "you": "vous", "we": "nous", "they": "les"}
INDIRECT = {"I": "me", "you": "vous", "we": "nous", "they": "leur"}
ADVERBS = {
    "often": "souvent",
    "always": "toujours",
    "sometimes": "parfois",
    "never": "jamais",
    "every day": "chaque jour",
    "every week": "chaque semaine",
    "every year": "chaque année",
}
JOINS = {"and": "et", "but": "mais", "because": "parce que", "when": "quand"}
QUESTIONS = {"where": "où", "when": "quand", "why": "pourquoi"}
INDIRECT_VERBS = ("rendre visite", "envoyer un message")


def render_french(meaning: Meaning) -> Rendered:
    """Render a meaning as a French sentence with its final mark.

    Example:
        >>> from dlseq.data.translations.meanings import Predicate
        >>> visit = Predicate("visit", object=Place("Africa"), time=Time("September", "in"))
        >>> render_french(Clause(Person("Jane"), (visit,), ("present",))).text
        "Jane visite l'Afrique en septembre."
    """
    question = isinstance(meaning, Clause) and meaning.question
    mark = Piece("?" if question else ".", frozenset({"mark"}), "" if question else "left")
    return assemble(elide([*_meaning(meaning, "0"), mark]))


def _piece(text, *keys, glue=""):
    return Piece(text, frozenset(keys), glue)


def _words(text, *keys):
    return [_piece(word, *keys, glue="right" if word.endswith("'") else "") for word in text.split()]


def _meaning(meaning, key):
    if isinstance(meaning, Join):
        left, right = _meaning(meaning.left, f"{key}.left"), _meaning(meaning.right, f"{key}.right")
        if meaning.word == ";":
            return [*left, _piece(";", f"{key}.join"), *right]
        comma = [_piece(",", glue="left")] if meaning.word in ("and", "but") else []
        return [*left, *comma, _piece(JOINS[meaning.word], f"{key}.join"), *right]
    if isinstance(meaning, Complement):
        verb = COMPLEMENT_VERBS[meaning.verb].french
        return [
            *_subject(meaning.subject, f"{key}.subject"),
            *_verb(verb, meaning.tense, meaning.subject, f"{key}.verb"),
            _piece("que", f"{key}.that"),
            *_meaning(meaning.clause, f"{key}.clause"),
        ]
    return _clause(meaning, key)


def _clause(clause, key):
    first = clause.predicates[0]
    fronted = clause.fronted and first.time is not None
    pieces = []
    if clause.question:
        word = QUESTIONS.get(clause.question)
        pieces += [_piece(word, f"{key}.question")] if word else []
        pieces += [_piece("est-ce", f"{key}.question"), _piece("que", f"{key}.question")]
    if fronted:
        pieces += [*_time(first.time, f"{key}.0.time"), _piece(",", glue="left")]
    pieces += _subject(clause.subject, f"{key}.subject")
    for index, (predicate, tense) in enumerate(zip(clause.predicates, clause.tenses, strict=True)):
        comma = [_piece(",", glue="left")] if index == 1 else []
        pieces += [*comma, _piece("et", f"{key}.and{index}")] if index else []
        pieces += _predicate(predicate, tense, clause.subject, f"{key}.{index}", timed=not (fronted and not index))
    return pieces


def _predicate(predicate, tense, subject, key, timed=True):
    """A finite predicate: ne, clitic, verb, pas or an adverb, participle, complements, adjuncts."""
    never = predicate.adverb == "never"
    clitic = _clitic(predicate, key)
    pieces = (
        [_piece("ne", f"{key}.not" if predicate.negated else f"{key}.adverb")] if predicate.negated or never else []
    )
    pieces += clitic
    infinitive = _infinitive_of(predicate)
    finite = _verb(infinitive, tense, subject, f"{key}.verb", plural_object=_plural_clitic(predicate))
    pieces.append(finite[0])
    pieces += [_piece("pas", f"{key}.not")] if predicate.negated else []
    early = predicate.adverb in ("often", "always", "sometimes", "never")
    pieces += [_piece(ADVERBS[predicate.adverb], f"{key}.adverb")] if early else []
    pieces += finite[1:]
    return [*pieces, *_complements(predicate, subject, key, bool(clitic)), *_adjuncts(predicate, key, early, timed)]


def _infinitive_predicate(predicate, subject, key):
    clitic = _clitic(predicate, key)
    words = [*clitic, _piece(_infinitive_of(predicate), f"{key}.verb")]
    early = predicate.adverb in ("often", "always", "sometimes", "never")
    return [*words, *_complements(predicate, subject, key, bool(clitic)), *_adjuncts(predicate, key, early, True)]


def _infinitive_of(predicate):
    return "être" if predicate.verb == "be" else VERBS[predicate.verb].french.split()[0]


def _verb(infinitive, tense, subject, key, plural_object=False):
    """Pieces of the finite verb; in the passé composé the auxiliary and the participle."""
    person = _person(subject)
    if tense == "present":
        return [_piece(conjugate(infinitive, person), key)]
    if tense == "future":
        return [_piece(future(infinitive, person), key)]
    past = participle(infinitive)
    if uses_etre(infinitive):
        feminine, plural = _features(subject)
        past += ("e" if feminine else "") + ("s" if plural else "")
        return [_piece(conjugate("être", person), key), _piece(past, key)]
    return [_piece(conjugate("avoir", person), key), _piece(past + ("s" if plural_object else ""), key)]


def _clitic(predicate, key):
    if not isinstance(predicate.object, Pronoun):
        return []
    entry = VERBS[predicate.verb]
    indirect = entry.frame in ("to", "tempt") or entry.french in INDIRECT_VERBS
    return [_piece((INDIRECT if indirect else DIRECT)[predicate.object.form], f"{key}.object.name")]


def _plural_clitic(predicate):
    """True for a plural direct object before the verb, with which a participle agrees."""
    if not isinstance(predicate.object, Pronoun) or predicate.object.form not in ("we", "they"):
        return False
    entry = VERBS[predicate.verb]
    return entry.frame == "person" and entry.french not in INDIRECT_VERBS


def _complements(predicate, subject, key, clitic):
    if predicate.verb == "be":
        return [_piece(adjective(predicate.adjective, *_features(subject)), f"{key}.adjective")]
    entry = VERBS[predicate.verb]
    if entry.frame == "rave":
        phrase = predicate.object
        features = NOUNS[phrase.noun].feminine, phrase.plural
        return [
            *_words("en racontant", f"{key}.rave"),
            *_words("à quel point", f"{key}.how"),
            *_noun_phrase(phrase, f"{key}.object"),
            _piece("étaient" if phrase.plural else "était", f"{key}.was"),
            _piece(adjective(predicate.adjective, *features), f"{key}.adjective"),
        ]
    if entry.frame == "tempt":
        return [
            _piece("envie", f"{key}.verb"),
            *_words("d' y aller", f"{key}.go"),
            _piece("aussi", f"{key}.too"),
        ]
    pieces = [_piece(word, f"{key}.verb") for word in entry.french.split()[1:]]
    if predicate.object is not None and not clitic:
        pieces += _object(predicate, entry, key)
    if predicate.infinitive is not None:
        link = [_piece(entry.link[0], f"{key}.infinitive.verb")] if entry.link[0] else []
        pieces += [*link, *_infinitive_predicate(predicate.infinitive, subject, f"{key}.infinitive")]
    return pieces


def _object(predicate, entry, key):
    thing, inner = predicate.object, f"{key}.object"
    if isinstance(thing, Place):
        if entry.frame in ("goal", "inside"):
            return [
                _piece(place(thing.name).preposition, f"{key}.to"),
                *_words(place(thing.name).french, f"{inner}.name"),
            ]
        article = place(thing.name).article
        return [*_words(article, f"{inner}.article"), *_words(place(thing.name).french, f"{inner}.name")]
    indirect = entry.frame == "to" or entry.french in INDIRECT_VERBS
    if isinstance(thing, Person):
        return [*([_piece("à", f"{key}.to")] if indirect else []), _piece(thing.name, f"{inner}.name")]
    pieces = _noun_phrase(thing, inner, negated=predicate.negated or predicate.adverb == "never")
    if not indirect:
        return pieces
    article = pieces[0].text
    vowel = len(pieces) > 1 and is_vowel(pieces[1].text)
    contracted = {"le": "au", "les": "aux"}.get(article) if not vowel or article == "les" else None
    if contracted:
        return [_piece(contracted, f"{key}.to", *pieces[0].keys), *pieces[1:]]
    return [_piece("à", f"{key}.to"), *pieces]


def _adjuncts(predicate, key, early, timed):
    pieces = []
    if predicate.place is not None:
        entry = place(predicate.place.name)
        pieces += [_piece(entry.preposition, f"{key}.in"), *_words(entry.french, f"{key}.place")]
    if predicate.adverb and not early:
        pieces += _words(ADVERBS[predicate.adverb], f"{key}.adverb")
    return pieces + (_time(predicate.time, f"{key}.time") if timed and predicate.time else [])


def _person(subject):
    if isinstance(subject, Pronoun):
        return {"she": "il"}.get(subject.form) or SUBJECTS[subject.form]
    return "ils" if _features(subject)[1] else "il"


def _features(subject):
    """Return whether a subject is feminine and whether it is plural."""
    if isinstance(subject, Pronoun):
        return subject.form == "she", subject.form in ("we", "they")
    if isinstance(subject, Person):
        return PEOPLE[subject.name].feminine, False
    return NOUNS[subject.noun].feminine, subject.plural


def _subject(subject, key):
    if isinstance(subject, Pronoun):
        return [_piece(SUBJECTS[subject.form], f"{key}.name")]
    if isinstance(subject, Person):
        return [_piece(subject.name, f"{key}.name")]
    return _noun_phrase(subject, key)


def _noun_phrase(phrase: NounPhrase, key, negated=False):
    entry = NOUNS[phrase.noun]
    features = entry.feminine, phrase.plural
    noun = entry.french[phrase.plural]
    before, after = [], []
    for index, name in enumerate(phrase.adjectives):
        (before if ADJECTIVES[name].before else after).append((index, name))
    following = noun
    early = []
    for index, name in reversed(before):
        following = adjective(name, *features, following)
        early.insert(0, _piece(following, f"{key}.adjective{index}"))
    pieces = [*determiner(phrase, following, bool(before), negated, f"{key}.determiner"), *early]
    pieces += _words(noun, f"{key}.noun")
    pieces += [_piece(adjective(name, *features), f"{key}.adjective{index}") for index, name in after]
    pieces += [_piece("-là", f"{key}.determiner", glue="left")] if phrase.determiner == "that" else []
    if phrase.relative is None:
        return pieces
    relative, inner = phrase.relative, f"{key}.relative"
    if relative.subject is None:
        return [*pieces, _piece("qui", f"{inner}.who"), *_predicate(relative.predicate, relative.tense, phrase, inner)]
    verb = _predicate(relative.predicate, relative.tense, relative.subject, inner)
    if relative.tense == "past":
        verb = _agree(verb, f"{inner}.verb", *features)
    return [*pieces, _piece("que", f"{inner}.who"), *_subject(relative.subject, f"{inner}.subject"), *verb]


def _agree(pieces, key, feminine, plural):
    """Let the participle after avoir agree with the object before it: les pommes que Jane a mangées."""
    index = max(place for place, piece in enumerate(pieces) if key in piece.keys)
    past = pieces[index].text + ("e" if feminine else "")
    past += "s" if plural and not past.endswith("s") else ""
    return [*pieces[:index], Piece(past, pieces[index].keys), *pieces[index + 1 :]]


def _time(time: Time, key):
    before, unit, after = times()[time.unit, time.relation].french
    pieces = _words(before, f"{key}.in") if before else []
    pieces.append(_piece(unit, f"{key}.unit"))
    return pieces + ([_piece(after, f"{key}.relation")] if after else [])
