"""Renderer of meanings as Korean sentences: verb-final order, particles, counters, polite endings."""

from dlseq.data.hangul import attach, with_final
from dlseq.data.translations.lexicon import ADJECTIVES, NOUNS, NUMBERS, PEOPLE
from dlseq.data.translations.lexicon.places import place
from dlseq.data.translations.lexicon.times import times
from dlseq.data.translations.lexicon.verbs import COMPLEMENT_VERBS, VERBS
from dlseq.data.translations.meanings import Clause, Complement, Join, Meaning, NounPhrase, Person, Place, Pronoun, Time
from dlseq.data.translations.renderers.korean_verbs import Ending, KoreanVerb
from dlseq.data.translations.renderers.rendering import Piece, Rendered, assemble

__all__ = ["render_korean"]

PRONOUNS = {"I": "저", "you": "당신", "he": "그", "she": "그녀", "we": "우리", "they": "그들"}
POSSESSIVES = {"my": "제", "your": "당신의", "his": "그의", "her": "그녀의", "our": "우리", "their": "그들의"}
DETERMINERS = {"the": "그", "this": "이", "that": "저", "many": "많은", **POSSESSIVES}
ADVERBS = {
    "often": "자주",
    "always": "항상",
    "sometimes": "가끔",
    "never": "결코",
    "every day": "매일",
    "every week": "매주",
    "every year": "매년",
}
QUESTIONS = {"when": "언제", "why": "왜"}


def render_korean(meaning: Meaning) -> Rendered:
    """Render a meaning as a Korean sentence with its final mark.

    Example:
        >>> from dlseq.data.translations.meanings import Predicate
        >>> visit = Predicate("visit", object=Place("Africa"), time=Time("September", "in"))
        >>> render_korean(Clause(Person("Jane"), (visit,), ("present",))).text
        '제인은 9월에 아프리카를 방문하고 있어요.'
    """
    mark = "?" if isinstance(meaning, Clause) and meaning.question else "."
    return assemble([*_meaning(meaning, "polite", "0"), Piece(mark, frozenset({"mark"}), "left")], capitalize=False)


def _piece(text, *keys, glue=""):
    return Piece(text, frozenset(keys), glue)


def _words(text, *keys):
    return [_piece(word, *keys) for word in text.split()]


def _with_particle(pieces, particle, *keys):
    """Attach a particle to the last word of a phrase."""
    return [*pieces, _piece(attach(pieces[-1].text, particle), *keys, glue="left")]


def _meaning(meaning, ending: Ending, key, topic="는"):
    if isinstance(meaning, Join):
        return _join(meaning, ending, key, topic)
    if isinstance(meaning, Complement):
        verb = COMPLEMENT_VERBS[meaning.verb].korean
        return [
            *_subject(meaning.subject, topic, f"{key}.subject"),
            *_meaning(meaning.clause, "quote", f"{key}.clause", topic="가"),
            *_words(KoreanVerb(*verb).conjugate(meaning.tense, ending), f"{key}.verb"),
        ]
    return _clause(meaning, ending, key, topic)


def _join(join, ending, key, topic):
    left_key, right_key = f"{key}.left", f"{key}.right"
    if join.word == ";":
        left = _meaning(join.left, "polite", left_key, topic)
        return [*left, _piece(";", f"{key}.join", glue="left"), *_meaning(join.right, ending, right_key, topic)]
    if join.word in ("because", "when"):
        cause = _meaning(join.right, join.word, right_key, topic="가")
        cause[-1] = Piece(cause[-1].text, cause[-1].keys | {f"{key}.join"}, cause[-1].glue)
        return [*cause, *_meaning(join.left, ending, left_key, topic)]
    left = _meaning(join.left, join.word, left_key, topic)
    left[-1] = Piece(left[-1].text, left[-1].keys | {f"{key}.join"}, left[-1].glue)
    return [*left, *_meaning(join.right, ending, right_key, topic)]


def _clause(clause, ending, key, topic):
    first = clause.predicates[0]
    fronted = clause.fronted and first.time is not None
    pieces = _time(first.time, f"{key}.0.time") if fronted else []
    pieces += _subject(clause.subject, topic, f"{key}.subject")
    last = len(clause.predicates) - 1
    for index, (predicate, tense) in enumerate(zip(clause.predicates, clause.tenses, strict=True)):
        timed = not (fronted and not index)
        part = _predicate(
            predicate, tense, clause.subject, ending if index == last else "and", f"{key}.{index}", timed,
            clause.question,
        )  # fmt: skip
        if index < last:
            part[-1] = Piece(part[-1].text, part[-1].keys | {f"{key}.and{index + 1}"}, part[-1].glue)
        pieces += part
    return pieces


def _predicate(predicate, tense, subject, ending, key, timed=True, question=""):
    """Time, question word, place, object, adverb, verb."""
    pieces = _time(predicate.time, f"{key}.time") if timed and predicate.time else []
    pieces += _question(predicate, question, key)
    pieces += _arguments(predicate, key)
    verb = _verb(predicate, tense, subject)
    text = verb.conjugate(tense, ending)
    return [*pieces, *_verb_words(text, predicate, key)]


def _question(predicate, question, key):
    key = f"{key.rsplit('.', 1)[0]}.question"
    if question == "where":
        inside = predicate.verb != "be" and VERBS[predicate.verb].frame == "inside"
        particle = VERBS[predicate.verb].particle if inside else "에서"
        return [_piece("어디", key), _piece(particle, key, glue="left")]
    return [_piece(QUESTIONS[question], key)] if question in QUESTIONS else []


def _arguments(predicate, key):
    pieces = []
    if predicate.place is not None:
        name = _words(place(predicate.place.name).korean, f"{key}.place")
        pieces += _with_particle(name, "에서", f"{key}.in")
    frame = "" if predicate.verb == "be" else VERBS[predicate.verb].frame
    if frame == "rave":
        infinitive = ADJECTIVES[predicate.adjective].korean[2]
        return [
            *pieces,
            _piece("돌아와서", f"{key}.verb"),
            *_with_particle(_noun_phrase(predicate.object, f"{key}.object"), "가"),
            _piece("얼마나", f"{key}.how"),
            _piece(with_final(infinitive, "ㅆ") + "는지", f"{key}.adjective", f"{key}.was"),
        ]
    if frame == "tempt":
        name = [_piece(PRONOUNS[predicate.object.form], f"{key}.object.name")]
        return [*pieces, *name, _piece("도", f"{key}.too", glue="left"), *_words("가고 싶게", f"{key}.go")]
    if predicate.object is not None:
        entry = VERBS[predicate.verb]
        keys = (f"{key}.to",) if entry.particle != "를" or entry.preposition else ()
        pieces += _with_particle(_thing(predicate.object, f"{key}.object"), entry.particle, *keys)
    if predicate.adverb:
        pieces += [_piece(ADVERBS[predicate.adverb], f"{key}.adverb")]
    if predicate.infinitive is not None:
        inner, inside = predicate.infinitive, f"{key}.infinitive"
        form = _verb(inner, "present", None, simple=True).before_infinitive(VERBS[predicate.verb].link[1])
        pieces += [*(_time(inner.time, f"{inside}.time") if inner.time else []), *_arguments(inner, inside)]
        pieces += _verb_words(form, inner, inside)
    return pieces


def _verb(predicate, tense, subject, simple=False):
    """The verb of a predicate, progressive and negated as needed."""
    if predicate.verb == "be":
        attribute, stem, infinitive = ADJECTIVES[predicate.adjective].korean
        modified = _modified(attribute, stem)
        verb, progressive = KoreanVerb(stem, infinitive, modified, descriptive=True, attribute=attribute), False
    else:
        entry = VERBS[predicate.verb]
        first_person = isinstance(subject, Pronoun) and subject.form in ("I", "we")
        if predicate.verb == "want" and first_person:
            verb = KoreanVerb("싶", "싶어", descriptive=True)
        else:
            verb = KoreanVerb(*entry.korean, descriptive=entry.korean[0].endswith("있"))
        progressive = tense == "present" and not (simple or entry.stative or predicate.adverb)
    verb = verb.progressive() if progressive else verb
    return verb.negated() if predicate.negated or predicate.adverb == "never" else verb


def _modified(attribute, stem):
    """The stem before 으, read off the adnominal form: 아름다운 gives 아름다우; 재미있는 is regular."""
    return "" if stem.endswith("있") else attribute[:-1] + chr(ord(attribute[-1]) - 4)


def _verb_words(text, predicate, key):
    main = f"{key}.adjective" if predicate.verb == "be" else f"{key}.verb"
    if predicate.verb != "be" and VERBS[predicate.verb].frame == "rave":
        main = f"{key}.rave"
    words = _words(text, main)
    if predicate.negated:
        words[-1] = Piece(words[-1].text, words[-1].keys | {f"{key}.not"}, words[-1].glue)
    return words


def _subject(subject, particle, key):
    if isinstance(subject, Pronoun) and subject.form == "I" and particle == "가":
        return [_piece("제", f"{key}.name"), _piece("가", glue="left")]
    return _with_particle(_thing(subject, key), particle)


def _thing(thing, key):
    if isinstance(thing, Pronoun):
        return [_piece(PRONOUNS[thing.form], f"{key}.name")]
    if isinstance(thing, Person):
        return [_piece(PEOPLE[thing.name].korean, f"{key}.name")]
    if isinstance(thing, Place):
        return _words(place(thing.name).korean, f"{key}.name")
    return _noun_phrase(thing, key)


def _noun_phrase(phrase: NounPhrase, key):
    entry = NOUNS[phrase.noun]
    pieces = []
    if phrase.relative is not None:
        relative, inner = phrase.relative, f"{key}.relative"
        if relative.subject is not None:
            pieces += _subject(relative.subject, "가", f"{inner}.subject")
        clause = _predicate(relative.predicate, relative.tense, relative.subject, "adnominal", inner)
        clause[-1] = Piece(clause[-1].text, clause[-1].keys | {f"{inner}.who"}, clause[-1].glue)
        pieces += clause
    if phrase.determiner in DETERMINERS:
        pieces.append(_piece(DETERMINERS[phrase.determiner], f"{key}.determiner"))
    pieces += [
        _piece(ADJECTIVES[name].korean[0], f"{key}.adjective{index}") for index, name in enumerate(phrase.adjectives)
    ]
    pieces += _words(entry.korean, f"{key}.noun")
    if phrase.determiner == "number":
        return [*pieces, _piece(NUMBERS[phrase.number][2], f"{key}.determiner"), _piece(entry.counter)]
    if phrase.plural and phrase.determiner != "many":
        pieces.append(_piece("들", f"{key}.noun", glue="left"))
    return pieces


def _time(time: Time, key):
    relation, unit = times()[time.unit, time.relation].korean
    if relation:
        return [_piece(relation, f"{key}.relation"), _piece(unit, f"{key}.unit")]
    shared = f"{key}.relation" if time.relation in ("last", "next") else f"{key}.in"
    return [
        _piece(word, f"{key}.unit", shared) if index == len(unit.split()) - 1 else _piece(word, f"{key}.relation")
        for index, word in enumerate(unit.split())
    ]
