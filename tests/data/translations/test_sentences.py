"""Sentences in three languages, written by hand, for each rule of the renderers."""

import pytest

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
    Time,
)
from dlseq.data.translations.renderers.english import render_english
from dlseq.data.translations.renderers.french import render_french
from dlseq.data.translations.renderers.korean import render_korean

JANE, PAUL, ERIC = Person("Jane"), Person("Paul"), Person("Eric")
I, WE, SHE, HE, THEY, YOU = (Pronoun(form) for form in ("I", "we", "she", "he", "they", "you"))  # noqa: E741


def clause(subject, verb, tense="present", **more):
    return Clause(subject, (Predicate(verb, **more),), (tense,))


def a(noun, *adjectives, plural=False):
    return NounPhrase(noun, "a", plural, adjectives)


def the(noun, *adjectives, plural=False, relative=None):
    return NounPhrase(noun, "the", plural, adjectives, relative=relative)


def of(determiner, noun, *adjectives, plural=False):
    return NounPhrase(noun, determiner, plural, adjectives)


SEED = Join(
    ";",
    Clause(
        JANE,
        (
            Predicate("go", object=Place("Africa"), time=Time("September", "last")),
            Predicate("enjoy", object=the("culture")),
            Predicate("meet", object=NounPhrase("person", "many", True, ("wonderful",))),
        ),
        ("past", "past", "past"),
    ),
    Clause(
        SHE,
        (
            Predicate("rave", object=of("her", "trip"), adjective="wonderful"),
            Predicate("tempt", object=I),
        ),
        ("past", "present"),
    ),
)


def test_the_seed_sentences_of_the_lecture():
    visit = clause(JANE, "visit", object=Place("Africa"), time=Time("September", "in"))
    assert render_french(visit).text == "Jane visite l'Afrique en septembre."
    assert render_english(visit).text == "Jane is visiting Africa in September."
    assert render_english(SEED).text == (
        "Jane went to Africa last September, and enjoyed the culture and met many wonderful people; she came back "
        "raving about how wonderful her trip was, and is tempting me to go too."
    )
    assert render_french(SEED).text == (
        "Jane est allée en Afrique en septembre dernier, et a apprécié la culture et a rencontré beaucoup de "
        "personnes merveilleuses ; elle est revenue en racontant à quel point son voyage était merveilleux, et me "
        "donne envie d'y aller aussi."
    )


FRENCH = {
    "elision": [
        (clause(I, "like", object=the("island")), "J'aime l'île."),
        (clause(WE, "live", negated=True, object=Place("Paris")), "Nous n'habitons pas à Paris."),
        (clause(ERIC, "cross", object=NounPhrase("bridge", "many", True)), "Eric traverse beaucoup de ponts."),
        (clause(PAUL, "eat", object=NounPhrase("egg", "many", True)), "Paul mange beaucoup d'œufs."),
        (Complement(PAUL, "say", "present", clause(HE, "sleep")), "Paul dit qu'il dort."),
    ],
    "prepositions and articles of places": [
        (clause(JANE, "go", object=Place("Africa")), "Jane va en Afrique."),
        (clause(JANE, "go", object=Place("Japan")), "Jane va au Japon."),
        (clause(JANE, "go", object=Place("United States")), "Jane va aux États-Unis."),
        (clause(JANE, "go", object=Place("Iran")), "Jane va en Iran."),
        (clause(JANE, "go", object=Place("Cuba")), "Jane va à Cuba."),
        (clause(JANE, "visit", object=Place("Canada")), "Jane visite le Canada."),
        (clause(JANE, "visit", object=Place("Netherlands")), "Jane visite les Pays-Bas."),
        (clause(JANE, "visit", object=Place("London")), "Jane visite Londres."),
    ],
    "gender, number and place of adjectives": [
        (clause(I, "have", object=a("house", "white")), "J'ai une maison blanche."),
        (clause(I, "have", object=a("car", "old", "red")), "J'ai une vieille voiture rouge."),
        (clause(I, "see", object=a("bridge", "new", plural=True)), "Je vois de nouveaux ponts."),
        (clause(I, "see", object=a("hospital", "new")), "Je vois un nouvel hôpital."),
        (clause(I, "see", object=a("bird", "beautiful", plural=True)), "Je vois de beaux oiseaux."),
        (clause(SHE, "be", adjective="happy"), "Elle est heureuse."),
    ],
    "determiners": [
        (clause(I, "see", object=of("this", "bird")), "Je vois cet oiseau."),
        (clause(I, "see", object=of("this", "church")), "Je vois cette église."),
        (clause(I, "see", object=of("that", "castle", plural=True)), "Je vois ces châteaux-là."),
        (clause(JANE, "lose", "past", object=of("her", "umbrella")), "Jane a perdu son parapluie."),
        (clause(HE, "hide", object=of("his", "watch")), "Il cache sa montre."),
        (clause(I, "wear", object=of("my", "dress")), "Je porte ma robe."),
        (clause(I, "explain", object=of("my", "idea")), "J'explique mon idée."),
    ],
    "tenses": [
        (clause(SHE, "arrive", "past", object=Place("Rome")), "Elle est arrivée à Rome."),
        (clause(WE, "come", "past", object=Place("Spain")), "Nous sommes venus en Espagne."),
        (clause(YOU, "drink", object=a("coffee")), "Vous buvez un café."),
        (clause(THEY, "see", "future", object=the("sheep")), "Ils verront le mouton."),
        (clause(I, "buy", "future", object=a("ticket")), "J'achèterai un billet."),
        (clause(WE, "eat", object=a("cake")), "Nous mangeons un gâteau."),
    ],
    "negation and adverbs": [
        (clause(I, "read", negated=True, object=a("book")), "Je ne lis pas de livre."),
        (clause(I, "read", "past", negated=True, object=the("book")), "Je n'ai pas lu le livre."),
        (clause(SHE, "dance", "past", adverb="never"), "Elle n'a jamais dansé."),
        (clause(SHE, "dance", adverb="often"), "Elle danse souvent."),
        (clause(SHE, "dance", adverb="every day"), "Elle danse chaque jour."),
    ],
    "pronouns and à": [
        (clause(PAUL, "help", object=I), "Paul m'aide."),
        (clause(PAUL, "help", "past", object=THEY), "Paul les a aidés."),
        (clause(PAUL, "speak", object=THEY), "Paul leur parle."),
        (clause(PAUL, "speak", object=the("doctor")), "Paul parle au médecin."),
        (clause(PAUL, "speak", object=the("child")), "Paul parle à l'enfant."),
        (clause(PAUL, "speak", object=the("teacher", plural=True)), "Paul parle aux professeurs."),
        (clause(PAUL, "visit_person", object=the("aunt")), "Paul rend visite à la tante."),
    ],
    "infinitives and subordinate clauses": [
        (
            clause(SHE, "want", infinitive=Predicate("visit", object=Place("China"))),
            "Elle veut visiter la Chine.",
        ),
        (clause(SHE, "try", infinitive=Predicate("help", object=I)), "Elle essaye de m'aider."),
        (clause(SHE, "learn_to", infinitive=Predicate("cut", object=the("cake"))), "Elle apprend à couper le gâteau."),
        (
            Join("because", clause(I, "laugh"), clause(ERIC, "cry")),
            "Je ris parce qu'Eric pleure.",
        ),
        (
            clause(I, "eat", object=the("apple", plural=True, relative=Relative(Predicate("bring"), "past", JANE))),
            "Je mange les pommes que Jane a apportées.",
        ),
        (
            Clause(the("woman", relative=Relative(Predicate("visit", object=Place("Peru")), "past")),
                   (Predicate("sleep"),), ("present",)),
            "La femme qui a visité le Pérou dort.",
        ),
    ],
    "time and questions": [
        (clause(I, "swim", "past", time=Time("summer", "last")), "J'ai nagé l'été dernier."),
        (clause(I, "swim", "future", time=Time("week", "next")), "Je nagerai la semaine prochaine."),
        (clause(I, "swim", time=Time("spring", "in")), "Je nage au printemps."),
        (clause(I, "swim", "past", time=Time("Monday", "in")), "J'ai nagé lundi."),
        (Clause(SHE, (Predicate("work"),), ("present",), question="where"), "Où est-ce qu'elle travaille ?"),
        (Clause(JANE, (Predicate("sleep"),), ("past",), question="yes-no"), "Est-ce que Jane a dormi ?"),
    ],
}  # fmt: skip
KOREAN = {
    "particles by the final consonant": [
        (clause(PAUL, "eat", object=a("apple")), "폴은 사과를 먹고 있어요."),
        (clause(JANE, "read", object=a("book")), "제인은 책을 읽고 있어요."),
        (clause(ERIC, "wear", object=a("coat")), "에릭은 외투를 입고 있어요."),
        (clause(WE, "move", object=Place("Seoul")), "우리는 서울로 이사하고 있어요."),
        (clause(WE, "move", object=Place("China")), "우리는 중국으로 이사하고 있어요."),
        (clause(WE, "move", object=Place("Africa")), "우리는 아프리카로 이사하고 있어요."),
    ],
    "the particle of a place": [
        (clause(I, "live", object=Place("Paris")), "저는 파리에 살아요."),
        (clause(I, "work", object=Place("Paris")), "저는 파리에서 일하고 있어요."),
        (clause(I, "go", "future", object=Place("Paris")), "저는 파리에 갈 거예요."),
    ],
    "irregular stems": [
        (clause(I, "help", "future", object=PAUL), "저는 폴을 도울 거예요."),
        (clause(I, "listen", "past", object=a("song")), "저는 노래를 들었어요."),
        (clause(I, "walk", "future"), "저는 걸을 거예요."),
        (clause(I, "build", "future", object=a("house")), "저는 집을 지을 거예요."),
        (clause(I, "live", "future", object=Place("Busan")), "저는 부산에 살 거예요."),
        (clause(I, "choose", "past", object=a("hat")), "저는 모자를 골랐어요."),
    ],
    "attributes, determiners and counters": [
        (clause(I, "see", object=the("bridge", "beautiful")), "저는 그 아름다운 다리를 보고 있어요."),
        (clause(I, "see", object=of("my", "dog", plural=True)), "저는 제 개들을 보고 있어요."),
        (clause(I, "buy", "past", object=NounPhrase("book", "number", True, (), 3)), "저는 책 세 권을 샀어요."),
        (clause(I, "see", "past", object=NounPhrase("cat", "number", True, (), 12)), "저는 고양이 열두 마리를 봤어요."),
        (clause(SHE, "meet", "past", object=of("many", "person", plural=True)), "그녀는 많은 사람을 만났어요."),
    ],
    "predicative adjectives": [
        (clause(SHE, "be", adjective="happy"), "그녀는 행복해요."),
        (clause(SHE, "be", "past", adjective="sad"), "그녀는 슬펐어요."),
        (clause(SHE, "be", negated=True, adjective="rich"), "그녀는 부유하지 않아요."),
    ],
    "negation and adverbs": [
        (clause(I, "sleep", negated=True), "저는 자고 있지 않아요."),
        (clause(I, "sleep", "past", negated=True), "저는 자지 않았어요."),
        (clause(I, "sleep", "future", adverb="never"), "저는 결코 자지 않을 거예요."),
        (clause(I, "swim", adverb="every day"), "저는 매일 수영해요."),
    ],
    "verbs before verbs": [
        (clause(I, "want", infinitive=Predicate("read", object=a("novel"))), "저는 소설을 읽고 싶어요."),
        (clause(SHE, "want", infinitive=Predicate("read", object=a("novel"))), "그녀는 소설을 읽고 싶어 해요."),
        (clause(I, "be_able", infinitive=Predicate("open", object=a("door"))), "저는 문을 열 수 있어요."),
        (clause(I, "have_to", infinitive=Predicate("clean", object=a("house"))), "저는 집을 청소해야 해요."),
        (clause(I, "try", infinitive=Predicate("eat", object=a("pear"))), "저는 배를 먹으려고 노력하고 있어요."),
    ],
    "connectives and subordinate clauses": [
        (Join("and", clause(I, "laugh"), clause(JANE, "cry")), "저는 웃고 있고 제인은 울고 있어요."),
        (Join("but", clause(I, "laugh", "past"), clause(JANE, "cry", "past")), "저는 웃었지만 제인은 울었어요."),
        (
            Join("because", clause(I, "cry"), clause(ERIC, "be", adjective="sad")),
            "에릭이 슬프기 때문에 저는 울고 있어요.",
        ),
        (Join("when", clause(I, "laugh", "past"), clause(I, "cry", "past")), "제가 울었을 때 저는 웃었어요."),
        (Complement(PAUL, "think", "present", clause(SHE, "sleep")), "폴은 그녀가 자고 있다고 생각해요."),
        (
            Complement(PAUL, "say", "present", clause(SHE, "live", object=Place("Rome"))),
            "폴은 그녀가 로마에 산다고 말해요.",
        ),
        (
            clause(I, "eat", "past", object=the("pear", relative=Relative(Predicate("bring"), "past", JANE))),
            "저는 제인이 가져온 그 배를 먹었어요.",
        ),
    ],
    "time and questions": [
        (clause(I, "swim", "past", time=Time("summer", "last")), "저는 지난 여름에 수영했어요."),
        (clause(I, "swim", "past", time=Time("year", "last")), "저는 작년에 수영했어요."),
        (clause(I, "swim", "future", time=Time("week", "next")), "저는 다음 주에 수영할 거예요."),
        (Clause(SHE, (Predicate("live"),), ("present",), question="where"), "그녀는 어디에 살아요?"),
    ],
}  # fmt: skip
ENGLISH = {
    "articles": [
        (clause(I, "eat", object=a("orange")), "I am eating an orange."),
        (clause(I, "wear", object=a("dress", "expensive")), "I am wearing an expensive dress."),
        (clause(I, "visit", object=Place("Netherlands")), "I am visiting the Netherlands."),
    ],
    "aspect": [
        (clause(SHE, "study", object=the("map")), "She is studying the map."),
        (clause(SHE, "study", adverb="often", object=the("map")), "She often studies the map."),
        (clause(SHE, "have", object=a("car")), "She has a car."),
        (clause(THEY, "watch", adverb="every week", object=a("movie")), "They watch a movie every week."),
    ],
    "negation and questions": [
        (clause(SHE, "like", negated=True, object=the("coffee")), "She does not like the coffee."),
        (clause(SHE, "go", "past", negated=True, object=Place("Peru")), "She did not go to Peru."),
        (Clause(WE, (Predicate("work"),), ("present",), question="why"), "Why are we working?"),
        (Clause(SHE, (Predicate("swim"),), ("past",), question="when"), "When did she swim?"),
    ],
    "infinitives": [
        (clause(I, "be_able", "past", infinitive=Predicate("swim")), "I was able to swim."),
        (clause(SHE, "have_to", infinitive=Predicate("help", object=WE)), "She has to help us."),
        (clause(SHE, "have_to", "past", infinitive=Predicate("help", object=WE)), "She had to help us."),
    ],
}


def cases(table):
    return [pytest.param(meaning, text, id=f"{rule}: {text}") for rule, rows in table.items() for meaning, text in rows]


@pytest.mark.parametrize(("meaning", "text"), cases(FRENCH))
def test_french_is_as_written_by_hand(meaning, text):
    assert render_french(meaning).text == text


@pytest.mark.parametrize(("meaning", "text"), cases(KOREAN))
def test_korean_is_as_written_by_hand(meaning, text):
    assert render_korean(meaning).text == text


@pytest.mark.parametrize(("meaning", "text"), cases(ENGLISH))
def test_english_is_as_written_by_hand(meaning, text):
    assert render_english(meaning).text == text
