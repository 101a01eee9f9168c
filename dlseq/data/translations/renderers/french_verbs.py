"""French conjugation: present, passé composé and simple future."""

import functools

__all__ = ["conjugate", "future", "participle", "uses_etre"]

PERSONS = ("je", "tu", "il", "nous", "vous", "ils")

# present of je, tu, il, nous, vous, ils | past participle | future stem
_IRREGULAR = """
    être    | suis es est sommes êtes sont | été | ser
    avoir   | ai as a avons avez ont | eu | aur
    aller   | vais vas va allons allez vont | allé | ir
    venir   | viens viens vient venons venez viennent | venu | viendr
    revenir | reviens reviens revient revenons revenez reviennent | revenu | reviendr
    vouloir | veux veux veut voulons voulez veulent | voulu | voudr
    pouvoir | peux peux peut pouvons pouvez peuvent | pu | pourr
    devoir  | dois dois doit devons devez doivent | dû | devr
    dire    | dis dis dit disons dites disent | dit | dir
    lire    | lis lis lit lisons lisez lisent | lu | lir
    écrire  | écris écris écrit écrivons écrivez écrivent | écrit | écrir
    décrire | décris décris décrit décrivons décrivez décrivent | décrit | décrir
    boire   | bois bois boit buvons buvez boivent | bu | boir
    voir    | vois vois voit voyons voyez voient | vu | verr
    peindre | peins peins peint peignons peignez peignent | peint | peindr
    ouvrir  | ouvre ouvres ouvre ouvrons ouvrez ouvrent | ouvert | ouvrir
    découvrir | découvre découvres découvre découvrons découvrez découvrent | découvert | découvrir
    apprendre | apprends apprends apprend apprenons apprenez apprennent | appris | apprendr
    comprendre | comprends comprends comprend comprenons comprenez comprennent | compris | comprendr
    construire | construis construis construit construisons construisez construisent | construit | construir
    traduire | traduis traduis traduit traduisons traduisez traduisent | traduit | traduir
    résoudre | résous résous résout résolvons résolvez résolvent | résolu | résoudr
    suivre  | suis suis suit suivons suivez suivent | suivi | suivr
    dormir  | dors dors dort dormons dormez dorment | dormi | dormir
    courir  | cours cours court courons courez courent | couru | courr
    rire    | ris ris rit rions riez rient | ri | rir
    sourire | souris souris sourit sourions souriez sourient | souri | sourir
    envoyer | envoie envoies envoie envoyons envoyez envoient | envoyé | enverr
"""
_ETRE = ("aller", "venir", "revenir", "retourner", "arriver", "rester")


@functools.cache
def _irregular():
    rows = [[field.strip() for field in line.split("|")] for line in _IRREGULAR.strip().splitlines()]
    return {infinitive: (tuple(present.split()), past, stem) for infinitive, present, past, stem in rows}


def conjugate(infinitive: str, person: str) -> str:
    """Return the present tense of a verb.

    Args:
        infinitive: an irregular verb of the table, or a regular one in -er, -ir or -re.
        person: je, tu, il, nous, vous or ils.

    Example:
        >>> conjugate("manger", "nous"), conjugate("acheter", "il"), conjugate("aller", "ils")
        ('mangeons', 'achète', 'vont')
    """
    index = PERSONS.index(person)
    if infinitive in _irregular():
        return _irregular()[infinitive][0][index]
    stem, ending = infinitive[:-2], infinitive[-2:]
    if ending == "ir":
        return stem + ("is", "is", "it", "issons", "issez", "issent")[index]
    if ending == "re":
        return stem + ("s", "s", "", "ons", "ez", "ent")[index]
    if person in ("nous", "vous"):
        soft = {"g": "ge", "c": "ç"}.get(stem[-1]) if person == "nous" else None
        return (stem[:-1] + soft if soft else stem) + ("ons" if person == "nous" else "ez")
    return _stressed(stem) + ("e", "es", "e", "", "", "ent")[index]


def _stressed(stem):
    """The stem of a verb in -er where its ending is silent: achèt-, espèr-, nettoi-."""
    if stem.endswith(("oy", "uy")):
        return stem[:-1] + "i"
    for vowel in ("e", "é"):
        if len(stem) > 2 and stem[-2] == vowel and stem[-1] in "tlmnrg" and not stem.endswith("ett"):
            return stem[:-2] + "è" + stem[-1]
    if stem.endswith("ég"):
        return stem[:-2] + "èg"
    return stem


def participle(infinitive: str) -> str:
    """Return the past participle, masculine singular.

    Example:
        >>> participle("visiter"), participle("choisir"), participle("vendre"), participle("lire")
        ('visité', 'choisi', 'vendu', 'lu')
    """
    if infinitive in _irregular():
        return _irregular()[infinitive][1]
    return infinitive[:-2] + {"er": "é", "ir": "i", "re": "u"}[infinitive[-2:]]


def future(infinitive: str, person: str) -> str:
    """Return the simple future.

    Example:
        >>> future("visiter", "il"), future("aller", "je"), future("vendre", "nous"), future("acheter", "tu")
        ('visitera', 'irai', 'vendrons', 'achèteras')
    """
    if infinitive in _irregular():
        stem = _irregular()[infinitive][2]
    elif infinitive.endswith("re"):
        stem = infinitive[:-1]
    elif infinitive.endswith("er") and "é" not in infinitive[-4:-2]:
        stem = _stressed(infinitive[:-2]) + "er"
    else:
        stem = infinitive  # préférera, espérera and protégera keep their é in the spelling before 1990
    return stem + ("ai", "as", "a", "ons", "ez", "ont")[PERSONS.index(person)]


def uses_etre(infinitive: str) -> bool:
    """Return True for a verb whose passé composé takes être."""
    return infinitive in _ETRE
