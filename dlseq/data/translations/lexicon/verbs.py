"""Verbs in English, French and Korean: their forms, and the objects that they take."""

import dataclasses
import functools

from dlseq.data.translations.lexicon.nouns import NOUNS, rows_of

__all__ = ["COMPLEMENT_VERBS", "VERBS", "VerbEntry", "objects_of"]


@dataclasses.dataclass(frozen=True)
class VerbEntry:
    """A verb in three languages.

    Attributes:
        english: base form, past tense and present participle. "be able" and "have" are conjugated by the renderer.
        french: the infinitive; its forms stand in `french_verbs`.
        korean: stem, infinitive (아/어 form) and, where it is irregular, the stem before 으: 걷, 걸어, 걸으.
        frame: the kind of complement:
            "object": a direct object, "person": a person as direct object, "to": a person with à and 에게,
            "visit": a place or building as direct object, "goal" and "inside": a place with a preposition,
            "none": no complement, "infinitive": another predicate, "rave" and "tempt": constructions of their own.
        kinds: kinds of noun, or nouns, that the object may be.
        stative: True for a verb without a progressive form.
        preposition: the English preposition before the object, or before the infinitive's "to": "listen to".
        link: the French preposition before an infinitive (à, de), and the Korean ending of the verb before it.
        particle: the Korean particle of the complement.
    """

    english: tuple[str, str, str]
    french: str
    korean: tuple[str, str, str]
    frame: str
    kinds: tuple[str, ...] = ()
    stative: bool = False
    preposition: str = ""
    link: tuple[str, str] = ("", "")
    particle: str = "를"


# English base, past, participle | French | Korean stem, infinitive, modified stem | kinds of the object
_OBJECT = """
    eat ate eating | manger | 먹 먹어 | food
    drink drank drinking | boire | 마시 마셔 | drink
    read read reading | lire | 읽 읽어 | text
    write wrote writing | écrire | 쓰 써 | letter poem story novel postcard report
    buy bought buying | acheter | 사 사 | food clothes thing vehicle book newspaper
    sell sold selling | vendre | 팔 팔아 파 | food clothes vehicle book flower table chair lamp clock watch toy house
    find found finding | trouver | 발견하 발견해 | thing clothes letter island
    lose lost losing | perdre | 잃어버리 잃어버려 | key bag ticket umbrella hat scarf phone camera letter watch
    see saw seeing | voir | 보 봐 | animal building thing vehicle
    watch watched watching | regarder | 관람하 관람해 | show
    draw drew drawing | dessiner | 그리 그려 | animal building flower chair map landscape
    paint painted painting | peindre | 칠하 칠해 | house door window table chair box boat bridge
    clean cleaned cleaning | nettoyer | 청소하 청소해 | house garden restaurant school museum
    wash washed washing | laver | 씻 씻어 | apple pear tomato potato carrot cherry strawberry bottle
    repair repaired repairing | réparer | 고치 고쳐 | vehicle clock watch lamp chair table phone computer camera toy
    open opened opening | ouvrir | 열 열어 여 | door window box bottle bag
    close closed closing | fermer | 닫 닫아 | door window box bag
    cook cooked cooking | cuisiner | 요리하 요리해 | potato carrot egg pizza tomato
    prepare prepared preparing | préparer | 준비하 준비해 | cake salad sandwich coffee tea lesson party trip gift
    order ordered ordering | commander | 주문하 주문해 | food drink
    taste tasted tasting | goûter | 맛보 맛봐 | food drink
    cut cut cutting | couper | 자르 잘라 | food
    choose chose choosing | choisir | 고르 골라 | clothes gift flower book ticket picture toy cake
    bring brought bringing | apporter | 가져오 가져와 | food drink gift flower book chair umbrella camera guitar
    carry carried carrying | transporter | 나르 날라 | box table chair bag piano bottle
    wear wore wearing | porter | 입 입어 | coat dress shirt skirt
    study studied studying | étudier | 공부하 공부해 | language lesson map culture
    learn learned learning | apprendre | 배우 배워 | language song poem
    teach taught teaching | enseigner | 가르치 가르쳐 | language song poem
    understand understood understanding | comprendre | 이해하 이해해 | language idea problem poem plan | stative
    forget forgot forgetting | oublier | 잊 잊어 | dream lesson problem secret story song
    have had having | avoir | 가지고_있 가지고_있어 | thing vehicle animal clothes idea plan dream secret | stative
    like liked liking | aimer | 좋아하 좋아해 | food drink text sound show animal building clothes culture | stative
    hate hated hating | détester | 싫어하 싫어해 | food drink text sound show animal game party | stative
    enjoy enjoyed enjoying | apprécier | 즐기 즐겨 | culture trip concert party game landscape food
    build built building | construire | 짓 지어 지으 | house church castle school hospital library bridge
    cross crossed crossing | traverser | 건너 건너 | bridge river lake town forest
    break broke breaking | casser | 깨뜨리 깨뜨려 | bottle window lamp clock toy chair camera
    hide hid hiding | cacher | 숨기 숨겨 | key gift letter box toy map camera
    collect collected collecting | collectionner | 모으 모아 | postcard photo toy watch map poem
    borrow borrowed borrowing | emprunter | 빌리 빌려 | book bicycle car umbrella camera guitar knife bag
    throw threw throwing | lancer | 던지 던져 | ball
    sing sang singing | chanter | 부르 불러 | song
    listen listened listening | écouter | 듣 들어 들으 | sound | to
    use used using | utiliser | 사용하 사용해 | computer phone camera map knife umbrella bicycle
    explain explained explaining | expliquer | 설명하 설명해 | idea problem plan lesson game poem
    solve solved solving | résoudre | 해결하 해결해 | problem
    describe described describing | décrire | 묘사하 묘사해 | landscape picture trip town castle dream
    translate translated translating | traduire | 번역하 번역해 | text
    publish published publishing | publier | 출판하 출판해 | novel poem magazine report book
    organize organized organizing | organiser | 주최하 주최해 | party concert game match
    cancel canceled canceling | annuler | 취소하 취소해 | party trip concert lesson plan match
    discover discovered discovering | découvrir | 알아내 알아내 | secret problem idea plan culture
    photograph photographed photographing | photographier | 촬영하 촬영해 | animal building landscape flower
"""
_PERSON = """
    help helped helping | aider | 돕 도와 도우
    meet met meeting | rencontrer | 만나 만나
    invite invited inviting | inviter | 초대하 초대해
    follow followed following | suivre | 따라가 따라가
    protect protected protecting | protéger | 보호하 보호해
    admire admired admiring | admirer | 존경하 존경해 | stative
    wait waited waiting | attendre | 기다리 기다려 | for
    look looked looking | chercher | 찾 찾아 | for
    save saved saving | sauver | 구하 구해
    visit_person visited visiting | rendre_visite | 찾아가 찾아가
"""
_TO = """
    speak spoke speaking | parler | 말하 말해 | to
    answer answered answering | répondre | 대답하 대답해
    call called calling | téléphoner | 전화하 전화해
    write_to wrote writing | envoyer_un_message | 편지를_쓰 편지를_써 | to
"""
_PLACES = """
    visit visited visiting | visiter | 방문하 방문해 | visit | 를
    leave left leaving | quitter | 떠나 떠나 | visit | 를
    explore explored exploring | explorer | 탐험하 탐험해 | visit | 를
    go went going | aller | 가 가 | goal | 에 | to
    return returned returning | retourner | 돌아가 돌아가 | goal | 로 | to
    move moved moving | déménager | 이사하 이사해 | goal | 로 | to
    come came coming | venir | 오 와 | goal | 에 | to
    arrive arrived arriving | arriver | 도착하 도착해 | inside | 에 | in
    live lived living | habiter | 살 살아 사 | inside | 에 | in | stative
    stay stayed staying | rester | 머무르 머물러 | inside | 에 | in
    work worked working | travailler | 일하 일해 | inside | 에서 | in
    travel traveled traveling | voyager | 여행하 여행해 | inside | 에서 | in
"""
_NONE = """
    sleep slept sleeping | dormir | 자 자
    run ran running | courir | 달리 달려
    swim swam swimming | nager | 수영하 수영해
    dance danced dancing | danser | 춤추 춤춰
    laugh laughed laughing | rire | 웃 웃어
    cry cried crying | pleurer | 울 울어 우
    walk walked walking | marcher | 걷 걸어 걸으
    smile smiled smiling | sourire | 미소_짓 미소_지어 미소_지으
"""
# ... | French link | ending of the Korean verb before it
_INFINITIVE = """
    want wanted wanting | vouloir | 싶어_하 싶어_해 | - | 고 | stative
    hope hoped hoping | espérer | 바라 바라 | - | 기를 | stative
    like_to liked liking | aimer | 좋아하 좋아해 | - | 는_것을 | stative
    be_able - - | pouvoir | 수_있 수_있어 | - | ㄹ | stative
    have_to had_to having_to | devoir | 하 해 | - | 야 | stative
    try tried trying | essayer | 노력하 노력해 | de | 려고 |
    start started starting | commencer | 시작하 시작해 | à | 기 |
    decide decided deciding | décider | 결정하 결정해 | de | 기로 |
    learn_to learned learning | apprendre | 배우 배워 | à | 는_법을 |
"""
SENSES = {"visit_person": "visit", "write_to": "write", "like_to": "like", "learn_to": "learn", "rave": "come_back"}

COMPLEMENT_VERBS = {
    "say": VerbEntry(("say", "said", "saying"), "dire", ("말하", "말해", ""), "clause", stative=True),
    "think": VerbEntry(("think", "thought", "thinking"), "penser", ("생각하", "생각해", ""), "clause", stative=True),
}
"""Verbs that take a clause with "that", que and -다고."""


def _entry(forms, french, korean, frame, *, notes=(), **more):
    """Return a name and its entry; `notes` holds "stative" and the English preposition."""
    name, *rest = forms.split()
    base = SENSES.get(name, name).replace("_", " ")
    english = (base, *(part.replace("_", " ") for part in rest))
    parts = tuple(part.replace("_", " ") for part in (*korean.split(), "")[:3])
    preposition = "".join(note for note in notes if note != "stative")
    stative = "stative" in notes
    entry = VerbEntry(english, french.replace("_", " "), parts, frame, stative=stative, preposition=preposition, **more)
    return name, entry


def _verbs():
    for forms, french, korean, kinds, *notes in rows_of(_OBJECT):
        yield _entry(forms, french, korean, "object", notes=notes, kinds=tuple(kinds.split()))
    for forms, french, korean, *notes in rows_of(_PERSON):
        yield _entry(forms, french, korean, "person", notes=notes, kinds=("person",))
    for forms, french, korean, *notes in rows_of(_TO):
        yield _entry(forms, french, korean, "to", notes=notes, kinds=("person",), particle="에게")
    for forms, french, korean, frame, particle, *notes in rows_of(_PLACES):
        kinds = ("building",) if frame == "visit" else ()
        yield _entry(forms, french, korean, frame, notes=notes, kinds=kinds, particle=particle)
    for forms, french, korean in rows_of(_NONE):
        yield _entry(forms, french, korean, "none")
    for forms, french, korean, link, ending, aspect in rows_of(_INFINITIVE):
        link = (link.strip("-"), ending.replace("_", " "))
        yield _entry(forms, french, korean, "infinitive", notes=(aspect,), link=link)
    yield _entry("come_back came_back coming_back", "revenir", "돌아오 돌아와", "none")
    yield _entry("rave came_back coming_back", "revenir", "자랑하 자랑해", "rave", kinds=("idea",))
    yield _entry("tempt tempted tempting", "donner_envie", "만들 만들어 만드", "tempt")


VERBS: dict[str, VerbEntry] = dict(_verbs())
"""Verbs by their English base form; a second sense has a suffix, such as "like_to"."""


@functools.cache
def objects_of(verb: str) -> tuple[str, ...]:
    """Return the nouns that a verb takes as its object, keys of `lexicon.NOUNS`.

    Example:
        >>> objects_of("throw"), objects_of("drink")
        (('ball',), ('coffee', 'tea', 'juice', 'beer'))
    """
    kinds = VERBS[verb].kinds
    return tuple(noun for noun, entry in NOUNS.items() if noun in kinds or entry.kind in kinds)
